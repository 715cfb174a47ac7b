"""One turn, one transaction: what came in is understood, stepped through the engine, and answered into the outbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import structlog
from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from base.clock import Clock
from base.db import Database, Row, Tx, is_away
from base.ids import new_id
from bot import comments, ownership
from bot.acts import NOT_UNDERSTOOD
from bot.bursts import Bursts
from bot.card_numbers import without_cards
from bot.channel import Channel, Raw
from bot.engine import Elapsed, Event, Happened, Released
from bot.following import Following
from bot.hearing import Pending, hear, page_of, without_sense
from bot.introductions import Introductions
from bot.lanes import Lanes
from bot.messages import Comment, Content, Fitted, Search, TextPart
from bot.model import Proposals, Wording
from bot.posts import Posts
from bot.reading import Reading
from bot.receiving import Receiving
from bot.replies import with_goods
from bot.showcase import Showcase
from bot.state import Sentence, State
from bot.steps import Registry
from bot.talk import TO_BE_SENT, RunsInCircles, Setting, Talk
from bot.texts import Texts
from bot.typing_sign import TypingSign
from bot.understanding import Parsed, Ranker, Understanding
from bot.windows import PROACTIVE, path_of
from bot.world import World
from shop.commands import Event as ShopEvent

log = structlog.get_logger("turns")
CONTENT: TypeAdapter[Content] = TypeAdapter(Content)
SHOP_EVENT: TypeAdapter[ShopEvent] = TypeAdapter(ShopEvent)
NEWS = frozenset({"shipment_moved"})  # what of that tells of an order
TRIES = 5
AND_BACK = 1.0  # seconds beyond a language model's patience after which its words are not waited for
# Locked first and read after: a snapshot taken before the lock would show what another process has answered meanwhile.
LOCKED = "SELECT * FROM conversation WHERE id = %s FOR UPDATE SKIP LOCKED"
EVERYTHING_DUE = """
SELECT
  (SELECT jsonb_agg(jsonb_build_object('id', i.id, 'content', i.content) ORDER BY i.ordering, i.at, i.id)
     FROM inbound i WHERE i.conversation_id = %(id)s AND i.status = 'pending') AS inbounds,
  (SELECT jsonb_agg(jsonb_build_object('id', e.id, 'payload', e.payload) ORDER BY e.id)
     FROM conversation_event e WHERE e.conversation_id = %(id)s AND e.status = 'pending'
       AND (e.due_at IS NULL OR e.due_at <= %(now)s)) AS events,
  (SELECT jsonb_agg(jsonb_build_object('id', t.id, 'frame', t.frame, 'step', t.step) ORDER BY t.due_at, t.id)
     FROM timer t WHERE t.conversation_id = %(id)s AND t.status = 'set' AND t.due_at <= %(now)s) AS timers,
  (SELECT version FROM catalogue_meta) AS catalogue_version,
  (SELECT lines FROM cart WHERE customer = %(customer)s) AS cart_lines,
  (SELECT (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) ORDER BY l.position)
             FROM order_line l WHERE l."order" = o.id)
     FROM shop_order o WHERE o.customer = %(customer)s AND o.status IN ('paid', 'confirmed', 'shipped')
     ORDER BY o.status <> 'shipped' DESC, o.placed_at DESC LIMIT 1) AS order_lines,
  (SELECT s.halted_until FROM channel_state s JOIN conversation c ON c.channel = s.channel AND c.account = s.account
     WHERE c.id = %(id)s AND s.halted_until > now()) AS halted,
  (SELECT turn_due_at > clock_timestamp() AND turn_attempts = 0 FROM conversation WHERE id = %(id)s) AS early,
  (SELECT extract(epoch FROM paced_until - clock_timestamp())::float8 FROM conversation WHERE id = %(id)s) AS ahead,
  EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = %(id)s AND o.status IN ('queued', 'sending')) AS lane_busy
"""


class Observer(Protocol):
    """Told about turns, for metrics."""

    def turn(self, seconds: float, *, kind: str) -> None: ...

    def missed(self) -> None: ...

    def inbound(self, channel: str) -> None: ...

    def degraded(self, channel: str, note: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What a turn did: its kind ("" when there was nothing), whether more waits, and the message it claimed."""

    kind: str = ""
    more: bool = False
    claimed: Row | None = None
    wording: Wording | None = None  # an answer that waits for a language model's words


class NoObserver:
    def turn(self, seconds: float, *, kind: str) -> None:
        """Nobody looks."""

    def missed(self) -> None:
        """Nobody looks."""

    def inbound(self, channel: str) -> None:
        """Nobody looks."""

    def degraded(self, channel: str, note: str) -> None:
        """Nobody looks."""


@dataclass
class Turns:
    """The way round of every message, and the loop that guarantees it after a crash."""

    db: Database
    clock: Clock
    registry: Registry
    understanding: Understanding
    world: World
    texts: Texts
    channels: Mapping[str, Channel]
    observer: Observer = field(default_factory=NoObserver)
    public_url: str = ""
    burst: float = 0.0  # seconds that an unfinished message is waited upon, at most; see bursts.patience
    ranker: Ranker | None = None  # none: the understanding ranks the intents itself
    following: Following | None = None  # of orders in another messenger; none: their links open nothing
    proposals: Proposals | None = None  # of a language model; none: there is none

    def __post_init__(self) -> None:
        waits = self.proposals.patience + AND_BACK if self.proposals else 0.0
        self.setting = Setting(self.registry, self.world, self.texts, self.channels, waits)
        self.lanes = Lanes(self.db, self.clock, self.channels, self.observer.degraded)
        self.introductions = Introductions(self.db, self.channels)
        self.posts = Posts(self.channels)
        self.showcase = Showcase(self.db, self.clock, self.world, self.texts, self.understanding, self.channels)
        self.comments = comments.Comments(self.db, self.clock, self.setting, self.understanding)
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closing = False
        self._bursts = Bursts(lambda conversation_id: self.kick(conversation_id))
        self._receiving = Receiving(self.db, self.clock, self.texts, self.world, self.burst, self.following)
        self._reading = Reading(self.db, self.understanding, self.ranker, self.proposals)
        self._typing = TypingSign(self.db, self.clock, self.channels)
        self._asides: set[asyncio.Task[None]] = set()

    # ---- coming in -------------------------------------------------------------------------------

    async def receive(self, raw: Raw) -> None:
        """Commit what came, once; then the turn starts by itself. Return means: safe to say 200.

        A search is answered at once or never: of somebody who talks to nobody nothing is kept.
        """
        if raw.inbounds and all(isinstance(inbound.content, Search) for inbound in raw.inbounds):
            for inbound in raw.inbounds:
                self._aside(self.showcase.answer(inbound))
            return
        raw = await self.introductions.introduced(without_cards(await self.posts.looked_up(raw)))
        stored = await self._receiving.store(raw)
        for inbound in raw.inbounds:
            self.observer.inbound(inbound.address.channel)
            if channel := self.channels.get(inbound.address.channel):
                self._aside(channel.acknowledge(inbound))
            if stored and not isinstance(inbound.content, Comment):
                self._aside(self.introductions.meet(inbound))
        for conversation_id in dict.fromkeys(one.conversation for one in stored):
            own = [one for one in stored if one.conversation == conversation_id]
            texts = {one.inbound: (one.text, one.locale) for one in own if one.text is not None}
            self._reading.expect(conversation_id, texts)
            self._bursts.hold(conversation_id, min(one.patience for one in own))

    # ---- taking turns ----------------------------------------------------------------------------

    def kick(self, conversation_id: str) -> None:
        """Try this conversation at once, in this process; what is not done now is swept later."""
        if self._closing:
            return
        if conversation_id in self._under_way:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id))
        self._under_way[conversation_id] = task
        task.add_done_callback(lambda _: self._worked(conversation_id))

    def _worked(self, conversation_id: str) -> None:
        self._under_way.pop(conversation_id, None)
        if conversation_id in self._again:  # kicked when the work was over and not yet taken note of
            self.kick(conversation_id)

    def typing(self, conversation_id: str, manager: str) -> None:
        """A manager writes at the desk: the customer may see it, beside everything else."""
        if not self._closing:
            self._aside(self._typing.by_hand(conversation_id, manager))

    async def _work(self, conversation_id: str) -> None:
        try:
            while True:
                self._again.discard(conversation_id)
                await self.settle(conversation_id)
                if conversation_id not in self._again:
                    return
        except Exception as error:
            log.error("turn left for the sweep", conversation=conversation_id, error=type(error).__name__)

    async def settle(self, conversation_id: str) -> None:
        """Take turns and send until this conversation is quiet."""
        while True:
            taken = await self.take(conversation_id)
            if taken.wording and self.proposals:
                async with self._typing.shown(conversation_id):
                    await self.proposals.word(conversation_id, taken.wording)
            await self.lanes.drain(conversation_id, taken.claimed)
            if not taken.more:
                return

    async def _read(self, conversation_id: str) -> dict[int, Parsed]:
        """What waits, understood; who waits for somebody outside to understand it sees that he is answered."""
        if self.proposals is None and self.ranker is None:
            return await self._reading.waiting(conversation_id)
        async with self._typing.shown(conversation_id):
            return await self._reading.waiting(conversation_id)

    async def take(self, conversation_id: str) -> Taken:
        """One turn. What it wrote first is claimed in its own transaction and only has to be sent."""
        started = time.perf_counter()
        try:
            words_of = self.world.catalogue.version
            parsed = await self._read(conversation_id)
            try:
                taken = await self.db.run(lambda tx: self._take(tx, conversation_id, parsed, words_of))
            except RunsInCircles:
                log.error("a dialog runs in circles: a person is called", conversation=conversation_id)
                taken = await self.db.run(lambda tx: self._take(tx, conversation_id, parsed, words_of, leave=True))
        except Exception as error:
            await self._failed(conversation_id, error)
            return Taken()
        if taken.kind:
            self.observer.turn(time.perf_counter() - started, kind=taken.kind)
        return taken

    async def _take(
        self, tx: Tx, conversation_id: str, parsed: dict[int, Parsed], words_of: int, *, leave: bool = False
    ) -> Taken:
        """`words_of`: the version of the catalogue with whose words `parsed` was understood.

        `leave`: do nothing of what is due, but leave the dialog and call a person.
        """
        now = self.clock.now()
        locked = await tx.row(LOCKED, conversation_id)
        if locked is None:
            return Taken()
        due = await tx.row(EVERYTHING_DUE, id=conversation_id, customer=locked["customer_id"], now=now)
        row = {**locked, **(due or {})}
        inbounds, events, timers = row["inbounds"] or [], row["events"] or [], row["timers"] or []
        if row["early"] and not (events or timers or self._closing):
            return Taken()  # of a burst that goes on at another process: who received the last message answers it
        if not (inbounds or events or timers):
            if row["turn_due_at"] is not None:
                await tx.execute("UPDATE conversation SET turn_due_at = NULL WHERE id = %s", conversation_id)
            return Taken()
        if row["catalogue_version"] != self.world.catalogue.version:
            await self.world.refresh(tx, self.understanding)
        if row["catalogue_version"] != words_of:
            parsed = {}  # understood with yesterday's words: read again below
        pending = [
            Pending(CONTENT.validate_python(item["content"]), self._parsed(item, parsed, row["locale"]))
            for item in inbounds
        ]
        talk = Talk(self.setting, tx, row, State.model_validate(row["state"]), now)
        by_bot = row["owner"] == ownership.BOT
        talk.silent = not inbounds and self._cannot_wait(row, events, now)
        events = await self._without_those_that_wait(tx, events, now, PROACTIVE - NEWS if talk.silent else PROACTIVE)
        if leave:
            await talk.leave()
        for item in events if not leave else ():
            await talk.step(_event(item["payload"]))
        closes = talk.closes()
        for item in timers if not leave else ():
            closed = closes is not None and closes < now
            await talk.step(Elapsed(frame=item["frame"], step=item["step"], unsaid=closed))
        understood = {item["id"]: found.parsed for item, found in zip(inbounds, pending, strict=True) if found.parsed}
        missed: list[int] = []
        if by_bot and pending and not leave:
            pending = await with_goods(tx, conversation_id, pending, self.understanding)
            heard = hear(talk.state, pending, self.understanding, _lines(row["cart_lines"]), self.world.shown_by,
                         _lines(row["order_lines"]), self.world.shop.local(now).date())  # fmt: skip
            if heard is not None:
                if any(act.intent in NOT_UNDERSTOOD for act in heard.acts):
                    self.observer.missed()
                    understood = {key: without_sense(parsed, heard) for key, parsed in understood.items()}
                    missed = [key for key, each in understood.items() if any(one.missed for one in each.clauses)]
                    missed = missed or [item["id"] for item in inbounds]
                talk.page = page_of(pending, heard)
                if all(item.content.kind == "text" for item in pending):
                    talk.asked = tuple(item.parsed for item in pending if item.parsed)
                await talk.step(heard)
        more = await talk.finish(
            done=[item["id"] for item in inbounds], status="done" if by_bot else "seen", missed=missed,
            understood={str(key): _folded(parsed) for key, parsed in understood.items()},
            events=[item["id"] for item in events], timers=[item["id"] for item in timers],
        )  # fmt: skip
        taps = all(item.content.kind == "tap" for item in pending)
        return Taken("event" if not pending else "button" if taps else "text", more, talk.claimed, talk.wording)

    def _parsed(self, item: dict[str, Any], parsed: dict[int, Parsed], locale: str) -> Parsed | None:
        if "text" not in item["content"]:
            return None
        return parsed.get(item["id"]) or self.understanding.parse(item["content"]["text"] or "", prior=locale)

    def _cannot_wait(self, row: Row, events: list[Row], now: datetime) -> bool:
        """Whether news of an order may go now and, by the channel's rules, no more when the quiet hours end.

        It comes without a sound where the channel can do that. Where it cannot (Instagram), one sound at night about
        his own parcel is the smaller evil: he wrote within the last day himself, and a telephone that is to be quiet
        is; in the morning only a manager could tell him, with a permission that not every account has.
        """
        channel, last, due = self.channels.get(row["channel"]), row["last_inbound_at"], self.world.polite(now)
        news = any(item["payload"].get("kind") in NEWS for item in events)
        if not news or due <= now or last is None or channel is None:
            return False
        return (path_of(channel, "news", now - last).way, path_of(channel, "news", due - last).way) == ("send", "none")

    async def _without_those_that_wait(self, tx: Tx, events: list[Row], now: datetime, waits: Set[str]) -> list[Row]:
        """News that nobody asked for is put off to the end of the quiet hours."""
        due = self.world.polite(now)
        waiting = [item["id"] for item in events if item["payload"].get("kind") in waits] if due > now else []
        if waiting:
            await tx.execute("UPDATE conversation_event SET due_at = %s WHERE id = ANY(%s)", due, waiting)
        return [item for item in events if item["id"] not in waiting]

    async def _failed(self, conversation_id: str, error: Exception) -> None:
        """Count the try outside the turn's transaction; after five the inbound is set aside and a person is told."""
        if is_away(error):
            log.warning("turn put off: the database is away", conversation=conversation_id)
            return
        log.error("turn failed", conversation=conversation_id, error=type(error).__name__, exc_info=error)
        async with self.db.begin() as tx:
            row = await tx.row(
                """UPDATE conversation SET turn_attempts = turn_attempts + 1,
                          turn_due_at = now() + make_interval(secs => least(60, 0.5 * 2 ^ turn_attempts))
                   WHERE id = %s RETURNING turn_attempts, customer_id, epoch, locale""",
                conversation_id,
            )
            if row is None or row["turn_attempts"] < TRIES:
                return
            await tx.execute(
                "UPDATE inbound SET status = 'failed' WHERE conversation_id = %s AND status = 'pending'",
                conversation_id,
            )
            await tx.execute(
                """UPDATE conversation_event SET status = 'failed'
                   WHERE conversation_id = %s AND status = 'pending' AND (due_at IS NULL OR due_at <= %s)""",
                conversation_id, self.clock.now(),
            )  # fmt: skip
            await tx.execute(
                "UPDATE timer SET status = 'done' WHERE conversation_id = %s AND status = 'set' AND due_at <= %s",
                conversation_id, self.clock.now(),
            )  # fmt: skip
            sorry = TextPart(text=self.texts.say(Sentence(key="repair.failed"), row["locale"]))
            fitted = Fitted(parts=(sorry,), author="system").model_dump(mode="json")
            await tx.rows(
                TO_BE_SENT, conversation=conversation_id, author="system", epoch=row["epoch"], now=self.clock.now(),
                keys=Jsonb(["repair.failed"]), claim=False, lease=0,
                messages=Jsonb([{"key": new_id(), "fitted": fitted}]),
            )  # fmt: skip
            await tx.execute(
                "UPDATE conversation SET turn_due_at = NULL, turn_attempts = 0, lane_due_at = now() WHERE id = %s",
                conversation_id,
            )
            await self.world.add_task(
                tx, kind="failed_turn", customer=row["customer_id"], text=f"conversation {conversation_id}",
                now=self.clock.now(),
            )  # fmt: skip

    # ---- the loop --------------------------------------------------------------------------------

    async def run(self, *, every: float = 0.5) -> None:
        """Sweep what is due until cancelled: turns, lanes and timers of conversations that nobody has at hand."""
        broken = ""  # told once when it breaks and once when it works again, not twice a second
        while True:
            try:
                await self.sweep()
            except Exception as error:
                if broken != (broken := type(error).__name__):
                    log.error("sweep failed, tried again until it works", error=broken)
            else:
                if broken:
                    log.info("sweeps are back")
                broken = ""
            await asyncio.sleep(every)

    async def sweep(self) -> list[str]:
        """Find due conversations of our channels and kick them; a terminal's are its own's. Returns their ids."""
        async with self.db.begin() as tx:
            await tx.execute(
                """UPDATE conversation SET turn_due_at = now() WHERE id IN
                   (SELECT id FROM conversation WHERE turn_due_at IS NULL AND channel = ANY(%(channels)s) AND id IN
                     (SELECT conversation_id FROM timer WHERE status = 'set' AND due_at <= %(now)s
                      UNION ALL
                      SELECT conversation_id FROM conversation_event WHERE status = 'pending' AND due_at <= %(now)s)
                    LIMIT 200 FOR UPDATE SKIP LOCKED)""",
                now=self.clock.now(), channels=list(self.channels),
            )  # fmt: skip
            rows = await tx.rows(
                """SELECT id FROM conversation
                   WHERE (turn_due_at <= now() OR lane_due_at <= now()) AND channel = ANY(%s)
                   ORDER BY least(turn_due_at, lane_due_at) LIMIT 200 FOR UPDATE SKIP LOCKED""",
                list(self.channels),
            )
        due = [row["id"] for row in rows]
        for conversation_id in due:
            self.kick(conversation_id)
        return due

    async def drain(self, *, within: float = 10.0) -> None:
        """Finish what is under way, bursts too: for a clean shutdown. Nothing new is started.

        What needs longer than `within` seconds is given up; it is due in the database, and another process goes on.
        """
        self._bursts.end()
        self._closing = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self._under_way:
                    await asyncio.wait(self._under_way.values())
        for task in self._under_way.values():
            task.cancel()
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _aside(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that may happen beside the turn and is not missed when it does not."""
        task = asyncio.create_task(work)
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)


def _folded(parsed: Parsed) -> dict[str, Any]:
    """What was understood, as it is kept with the inbound for the desk: the three likeliest intents of each clause."""
    clauses = tuple(clause.model_copy(update={"ranking": clause.ranking[:3]}) for clause in parsed.clauses)
    return parsed.model_copy(update={"clauses": clauses}).model_dump(mode="json")


def _lines(rows: list[dict[str, Any]] | None) -> tuple[tuple[str, int], ...]:
    """(SKU, quantity) of what lies in a cart or an order, oldest first."""
    return tuple((line["sku"], line["quantity"]) for line in rows or ())


def _event(payload: dict[str, Any]) -> Event | None:
    if payload.get("kind") == "released":
        return Released(resume=bool(payload.get("resume")))
    with suppress(ValueError):
        return Happened(event=SHOP_EVENT.validate_python(payload))
    log.error("an event of an unknown kind was dropped", kind=str(payload.get("kind")))
    return None
