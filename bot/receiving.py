"""What came in is committed, once, with its raw body and the conversation it belongs to; then its turn is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from psycopg.types.json import Jsonb

from base.clock import Clock
from base.db import Database, Tx
from base.ids import new_id
from bot import bursts, comments, lending, noticed, optins, ownership, routing
from bot.bursts import patience
from bot.channel import Raw
from bot.channel_watch import enforce
from bot.following import SOURCE, Following, follow
from bot.messages import (
    Answered,
    Blocked,
    Comment,
    Content,
    Delete,
    Edit,
    Enforced,
    Fitted,
    Handed,
    Inbound,
    Lent,
    Noticed,
    OptedIn,
    Photo,
    Reacted,
    Search,
    Start,
    TextPart,
)
from bot.state import Sentence, State
from bot.talk import TO_BE_SENT
from bot.texts import Texts
from bot.world import World

NO_MOMENT = datetime.fromtimestamp(0, UTC)  # what the adapters say where the platform tells no time


@dataclass(frozen=True, slots=True)
class Stored:
    """One inbound that was committed. `patience`: seconds that its turn waits for more; `locale`: spoken so far."""

    conversation: str
    inbound: int
    text: str | None
    patience: float
    locale: str


@dataclass(frozen=True, slots=True)
class _Conversation:
    id: str
    patience: float
    locale: str
    queued: bool = False  # nobody of ours has it, and not the bot


@dataclass(frozen=True, slots=True)
class Receiving:
    """`burst`: seconds that an unfinished message is waited upon, at most; see bursts.patience."""

    db: Database
    clock: Clock
    texts: Texts
    world: World
    burst: float
    following: Following | None = None

    async def store(self, raw: Raw) -> list[Stored]:
        """Commit everything `raw` brought, and return what is new of it. Return means: safe to say 200."""
        return await self.db.run(lambda tx: self._store(tx, raw))

    async def _store(self, tx: Tx, raw: Raw) -> list[Stored]:
        now = self.clock.now()
        fresh = await tx.row(
            """INSERT INTO raw_update (channel, account, event_key, body, received_at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT DO NOTHING RETURNING id""",
            raw.channel, raw.account, raw.event_key, raw.body, now,
        )  # fmt: skip
        if fresh is None:
            return []
        due: list[Stored] = []
        for inbound in raw.inbounds:
            if stored := await self._store_one(tx, inbound, now):
                due.append(stored)
        return due

    async def _store_one(self, tx: Tx, inbound: Inbound, now: datetime) -> Stored | None:
        match inbound.content:
            case Answered() as answer:  # nothing that the person did: no turn, and no new window
                if answer.by == "person" and not await lending.is_owner(tx, inbound.address):
                    await self._make(tx, inbound, now, wait=None)  # who writes first himself has that talk
                await ownership.answered_elsewhere(tx, inbound, answer, now=now)
                return None
            case Handed() as handed:
                if not handed.ours:  # of somebody new: his words, which come next, are not for the bot
                    await self._make(tx, inbound, now, wait=None)
                await routing.handed(tx, inbound, handed, now=now)
                return None
            case Enforced() as enforced:
                await enforce(tx, inbound.address, enforced, at=inbound.at, now=now)
                return None
            case OptedIn() as opted:  # opens no window (Marketing messages)
                await optins.keep(tx, inbound.address, opted, at=inbound.at, now=now)
                return None
            case Noticed() as told:
                await noticed.keep(tx, inbound.address, told, inbound.message, now=now)
                return None
            case Reacted():
                await self._opened(tx, inbound, now)
                return None
            case Comment() as comment:
                await comments.keep(tx, inbound, comment, now=now)
                return None
            case Lent() as lent:
                await lending.keep(tx, inbound.address, lent, now=now)
                return None
            case Search():
                return None
        order = self._followed(inbound.content)
        if order:
            inbound = inbound.model_copy(update={"content": Start(source=SOURCE)})
        talk = await self._conversation(tx, inbound, now)
        if talk is None:
            return None
        if talk.queued and _heard_at(inbound, now) and not inbound.overheard:
            await routing.let_go(tx, talk.id, inbound.at, now=now)
            await ownership.back_after_silence(tx, talk.id, now=now)
        if isinstance(inbound.content, Photo) and (place := await _in_album(tx, talk.id, inbound.content)):
            return Stored(talk.id, place, None, talk.patience, talk.locale)
        stored = await tx.row(
            """INSERT INTO inbound (conversation_id, channel, account, event_key, message, ordering, content, status,
                                    at, received_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
            talk.id, inbound.address.channel, inbound.address.account, inbound.event_key, inbound.message,
            inbound.order, Jsonb(inbound.content.model_dump(mode="json")),
            "seen" if inbound.overheard else "pending", inbound.at, now,
        )  # fmt: skip
        if inbound.overheard:
            return None
        if stored and order and await follow(tx, order, talk.id, now=now):
            await self._say(tx, talk, "follow.done", now)
        text = getattr(inbound.content, "text", None)
        return Stored(talk.id, stored["id"], text, talk.patience, talk.locale) if stored else None

    def _followed(self, content: Content) -> str | None:
        """The order whose link was opened."""
        return self.following.order_in(content.source) if self.following and isinstance(content, Start) else None

    async def _say(self, tx: Tx, talk: _Conversation, key: str, now: datetime) -> None:
        said = TextPart(text=self.texts.say(Sentence(key=key), talk.locale))
        fitted = Fitted(parts=(said,), author="system").model_dump(mode="json")
        row = await tx.row("UPDATE conversation SET lane_due_at = now() WHERE id = %s RETURNING epoch", talk.id)
        await tx.rows(
            TO_BE_SENT, conversation=talk.id, author="system", epoch=row["epoch"] if row else 0, keys=Jsonb([key]),
            claim=False, lease=0, now=now, messages=Jsonb([{"key": new_id(), "fitted": fitted}]),
        )  # fmt: skip

    async def _opened(self, tx: Tx, inbound: Inbound, now: datetime) -> None:
        """A sign of life without words: the channel's window counts from it, and nobody answers."""
        to = inbound.address
        await tx.execute(
            """UPDATE conversation SET last_inbound_at = greatest(last_inbound_at, least(%s::timestamptz, %s))
               WHERE channel = %s AND account = %s AND peer = %s""",
            inbound.at, now, to.channel, to.account, to.peer,
        )  # fmt: skip

    async def _conversation(self, tx: Tx, inbound: Inbound, now: datetime) -> _Conversation | None:
        """The conversation that `inbound` belongs to, and how long its turn waits for more; None where it has none.

        Words and taps open the channel's window of hours from the moment they were written (`_heard_at`).
        """
        address, content = inbound.address, inbound.content
        answering, free = (patience(content, asked=asked, window=self.burst) for asked in (True, False))
        here = not (isinstance(content, Blocked) and content.on)
        found = await tx.row(
            f"""UPDATE conversation SET last_inbound_at = greatest(last_inbound_at, %s),
                      source = coalesce(%s, source), updated_at = %s, reachable = %s AND {lending.MAY_WRITE},
                      turn_due_at = CASE WHEN turn_due_at <= now() THEN turn_due_at
                          ELSE now() + least(make_interval(secs => CASE WHEN state ? 'question' THEN %s ELSE %s END),
                            (SELECT make_interval(secs => %s) - (%s::timestamptz - min(received_at)) FROM inbound i
                               WHERE i.conversation_id = conversation.id AND i.status = 'pending')) END
               WHERE channel = %s AND account = %s AND peer = %s
               RETURNING id, locale, owner, state ? 'question' AS asked""",  # noqa: S608 - a constant
            _heard_at(inbound, now), _came_by(content), now, here, address.channel, address.account, answering, free,
            bursts.LONGEST, now,
            address.channel, address.account, address.peer,
        )  # fmt: skip
        if found:
            wait = answering if found["asked"] else free
            return _Conversation(str(found["id"]), wait, found["locale"], found["owner"] == ownership.QUEUE)
        if isinstance(content, Delete) or await lending.is_owner(tx, address):
            return None
        return await self._make(tx, inbound, now, wait=free)

    async def _make(self, tx: Tx, inbound: Inbound, now: datetime, *, wait: float | None) -> _Conversation:
        """A new conversation with a new customer, unless there is one. `wait` None: nothing that he did began it."""
        address, content = inbound.address, inbound.content
        locale = self.texts.locale_for(inbound.profile.locale or self.world.shop.language)
        place = address.channel, address.account, address.peer
        if wait is None:
            known = await tx.row(
                "SELECT id, locale FROM conversation WHERE channel = %s AND account = %s AND peer = %s", *place
            )
            if known:
                return _Conversation(str(known["id"]), 0.0, known["locale"])
        customer = await self.world.new_customer(tx, name=inbound.profile.name, locale=locale, now=now)
        made = await tx.row(
            f"""INSERT INTO conversation (id, channel, account, peer, customer_id, name, source, locale, owner, epoch,
                   state, reachable, turn_due_at, turn_attempts, created_at, last_inbound_at, updated_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'bot', 0, %s, {lending.MAY_WRITE},
                       now() + make_interval(secs => %s), 0, %s, %s, %s)
               ON CONFLICT (channel, account, peer) DO UPDATE
               SET turn_due_at = coalesce(excluded.turn_due_at, conversation.turn_due_at) RETURNING id, locale""",  # noqa: S608 - a constant
            new_id(), *place, customer, inbound.profile.name or "",
            content.source if isinstance(content, Start) else "", locale,
            Jsonb(State(locale=locale).model_dump(mode="json")), address.channel, address.account, wait, now,
            None if wait is None else _heard_at(inbound, now), now,
        )  # fmt: skip
        assert made is not None
        return _Conversation(str(made["id"]), wait or 0.0, made["locale"])


def _came_by(content: Content) -> str | None:
    """Where a customer comes from who is back by another way: what he orders now is owed to that. None: by no link."""
    return content.source if isinstance(content, Start) and content.source not in ("", SOURCE) else None


def _heard_at(inbound: Inbound, now: datetime) -> datetime | None:
    """When the platform's window was opened; None by what opens none: a correction, words taken back, a farewell.

    An update that waited at the platform, or is repeated, counts from the platform's moment and not from its coming.
    """
    content = inbound.content
    if isinstance(content, Edit | Delete) or (isinstance(content, Blocked) and content.on):
        return None
    return min(inbound.at, now) if inbound.at > NO_MOMENT else now


async def _in_album(tx: Tx, conversation: str, photo: Photo) -> int | None:
    """Put a picture to the others of its album, which are one message; None where it is the first, or has new words.

    Its row is answered already when the picture comes late: then it is kept there, and not answered once more.
    """
    if not photo.album:
        return None
    row = await tx.row(
        """UPDATE inbound SET content = jsonb_set(jsonb_set(content, '{more}',
                      coalesce(content->'more', '[]') || to_jsonb(%(reference)s::text)), '{caption}',
                      CASE WHEN content->>'caption' = '' THEN to_jsonb(%(caption)s::text) ELSE content->'caption' END)
           WHERE id = (SELECT id FROM inbound WHERE conversation_id = %(id)s AND content->>'album' = %(album)s
                         AND (status = 'pending' OR %(caption)s = '') ORDER BY id LIMIT 1)
           RETURNING id""",
        reference=photo.reference, caption=photo.caption, id=conversation, album=photo.album,
    )  # fmt: skip
    return None if row is None else int(row["id"])
