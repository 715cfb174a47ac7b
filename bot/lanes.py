"""Sending: a conversation's outbox in its order, each message claimed under the conversation's lock first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from base.clock import Clock
from base.db import Database, Row, Tx
from base.errors import (
    Disallowed,
    Elsewhere,
    Enough,
    Flooded,
    Halted,
    NotPermitted,
    Refused,
    TryLater,
    Unreachable,
    WindowClosed,
)
from base.ids import new_id
from bot import optins, ownership, pacing, routing
from bot.channel import Channel
from bot.channel_watch import denied, halt
from bot.elsewhere import agreed_to_offers, move
from bot.messages import Address, Fitted
from bot.optins import OptIn
from bot.together import say_in_one
from bot.unsent import bring_to_desk, words_of
from bot.windows import Kind, Path, is_courtesy, kind_of, path_of

log = structlog.get_logger("lanes")
LEASE = 30.0  # seconds a claim holds; the network gets less
SHORT_LEASE = 2.0  # where sending twice shows one message, so that nobody waits for a claimer who died
SEND_WITHIN = 20.0
MOST_TRIES = 12
LATELY, LONGEST_OUTAGE = timedelta(minutes=5), timedelta(days=1)
LANE_DUE = """
UPDATE conversation SET lane_due_at =
  (SELECT CASE status WHEN 'sending' THEN coalesce(lease_until, now()) ELSE due_at END FROM outbox
   WHERE conversation_id = %(id)s AND status IN ('queued', 'sending') ORDER BY id LIMIT 1),
  paced_until = coalesce(greatest(paced_until, clock_timestamp() - make_interval(secs => %(back)s::float8))
                         + make_interval(secs => %(every)s::float8), paced_until)
WHERE id = %(id)s RETURNING lane_due_at <= now() AS due
"""
# Where it marks one, the conversation is locked by then: the next statement looks at its lane, and sees what a turn
# wrote meanwhile.
MARK = """
UPDATE outbox SET status = %s, error = %s, platform_id = %s, sent_at = %s, lease_until = NULL
FROM (SELECT id FROM conversation WHERE id = %s FOR UPDATE) held WHERE outbox.id = %s AND outbox.token = %s
"""
TAKEN = ("dropped", "a person took over")
FLOODED = "the platform asks for patience in this chat"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message on its way: sent, queued (again, in `after` seconds), refused, or why not here.

    `status`: sent | queued | refused | closed (its window) | unreachable (the person) | elsewhere (another program's).
    """

    status: str
    error: str = ""
    after: float = 0.0
    halted: bool = False  # the whole account has to stop
    doubted: bool = False  # or this message alone is to blame
    flooded: bool = False  # this chat has to rest, and where it is not alone in that, the account
    denied: bool = False  # the account may not send messages of this kind
    enough: bool = False  # this person has had one of this kind not long ago
    away: bool = False  # the platform is, or it does not like this message
    rest: float = 0.0  # seconds for which the account has to rest after a message that was sent
    at: datetime | None = None  # when the platform was called: no moment that it tells of the message is earlier
    platform_id: str | None = None
    plainer: tuple[str, ...] = ()  # what of a message that was sent is plainer than it was meant

    @property
    def innocent(self) -> bool:
        """Whether the try says nothing about the message, so that it is not counted."""
        return self.flooded or (self.halted and not self.doubted)

    @property
    def puts_off(self) -> float:
        """Seconds for which this message waits by itself; with its whole account it waits as long as that has to."""
        return 0.0 if self.halted and not self.doubted else self.after


class Lanes:
    """Sends what is in the outbox, one message of a conversation at a time."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        channels: Mapping[str, Channel],
        degraded: Callable[[str, str], None] = lambda channel, note: None,
    ) -> None:
        """`degraded(channel, note)` is told of everything that went out plainer than it was meant."""
        self.db, self.clock, self.channels, self.degraded = db, clock, channels, degraded

    async def drain(self, conversation_id: str, claimed: Row | None = None) -> None:
        """Send until nothing of this conversation is due. What cannot be sent now stays, with its time.

        `claimed`: a message that the turn itself claimed, in the transaction that wrote it.
        """
        row = claimed or await self.db.run(lambda tx: self._claim(tx, conversation_id))
        while row is not None:
            outcome = await self._send(row)
            more = await self.db.run(partial(self._mark, conversation_id=conversation_id, row=row, outcome=outcome))
            for note in outcome.plainer:
                self.degraded(row["channel"], note)
            row = await self.db.run(lambda tx: self._claim(tx, conversation_id)) if more else None

    async def _send(self, row: Row) -> Outcome:
        channel = self.channels[row["channel"]]
        to = Address(channel=row["channel"], account=row["account"], peer=row["peer"])
        await asyncio.sleep(row["wait"])  # for its moment by the rate of the account
        began = self.clock.now()
        try:
            async with asyncio.timeout(SEND_WITHIN):
                message = Fitted.model_validate(row["fitted"])
                sent = await routing.send(channel, to, message, row)
            plainer = message.degraded
            return Outcome("sent", platform_id=sent.platform_id, rest=sent.rest, at=began, plainer=plainer)
        except Halted as halted:
            doubted = isinstance(halted, Disallowed)
            return Outcome("queued", halted.what, after=max(halted.after, 0.05), halted=True, doubted=doubted)
        except Flooded as flood:
            return Outcome("queued", FLOODED, after=max(flood.after, 0.05), flooded=True)
        except TryLater as later:
            return Outcome("queued", str(later), after=max(later.after, _pause(0.05, row["attempts"])), away=True)
        except TimeoutError:
            return Outcome("queued", "no answer in time", after=2.0)
        except Unreachable as gone:
            return Outcome("unreachable", str(gone))
        except Elsewhere as elsewhere:
            by_hand = row["author"] == "manager"  # his words are never only a note
            return Outcome("refused" if by_hand else "elsewhere", elsewhere.what)
        except WindowClosed as closed:
            return Outcome("closed", closed.what)
        except Refused as refused:
            log.warning("message refused", channel=row["channel"], outbox=row["id"], why=refused.what)
            status = "closed" if row["way"] in ("template", "opt_in") else "refused"
            denied, enough = isinstance(refused, NotPermitted), isinstance(refused, Enough)
            return Outcome(status, refused.what, denied=denied, enough=enough)
        except Exception as error:
            log.error("sending failed", channel=row["channel"], outbox=row["id"], error=type(error).__name__)
            if row["attempts"] >= MOST_TRIES:
                return Outcome("refused", type(error).__name__)
            return Outcome("queued", type(error).__name__, after=_pause(0.5, row["attempts"]))

    async def _claim(self, tx: Tx, conversation_id: str) -> Row | None:
        """Under the conversation's lock, claim the next message that may go; drop those that may not."""
        conversation = await tx.row(
            """SELECT id, channel, account, peer, locale, customer_id, owner, epoch, reachable, last_inbound_at,
                      extract(epoch FROM paced_until - clock_timestamp())::float8 AS ahead
               FROM conversation WHERE id = %s FOR UPDATE""",
            conversation_id,
        )
        channel = self.channels.get(conversation["channel"]) if conversation else None
        if conversation is None or channel is None:
            return None  # a process that has this channel sends it: a terminal's messages are its own
        halted = await tx.row(  # read when the lock is there: a halt may have ended meanwhile
            "SELECT halted_until FROM channel_state WHERE channel = %s AND account = %s AND halted_until > now()",
            conversation["channel"], conversation["account"],
        )  # fmt: skip
        if halted is not None:
            await tx.execute(
                "UPDATE conversation SET lane_due_at = %s WHERE id = %s", halted["halted_until"], conversation_id
            )
            return None
        while True:
            row = await tx.row(
                """SELECT id, key, author, author_id, epoch, keys, fitted, at, expires_at,
                          extract(epoch FROM slot_at - clock_timestamp())::float8 AS slot,
                          CASE status WHEN 'sending' THEN coalesce(lease_until, now()) ELSE due_at END <= now() AS due
                   FROM outbox WHERE conversation_id = %s AND status IN ('queued', 'sending') ORDER BY id LIMIT 1""",
                conversation_id,
            )
            if row is None or not row["due"]:
                break
            now, kind = self.clock.now(), kind_of(row["author"], row["keys"])
            agreed = kind != "marketing" or await agreed_to_offers(tx, conversation["customer_id"])
            opted = await optins.valid(tx, conversation_id, now) if kind == "marketing" and agreed else None
            path = way(channel, row, conversation["last_inbound_at"], now, agreed=agreed, opt_in=opted)
            if why := _must_not_go(row, conversation, path, kind, now):
                if why == TAKEN and kind == "news":
                    await ownership.note(tx, conversation_id, "bot", words_of(row["fitted"]), now=now, kind="unsaid")
                if why[0] == "refused":
                    why = await self._not_here(tx, conversation, row, kind, why[1], agreed=agreed)
                await tx.execute("UPDATE outbox SET status = %s, error = %s WHERE id = %s", *why, row["id"])
                continue
            offer = kind == "marketing"
            moment = await pacing.moment_for(tx, channel, conversation, row["slot"], row["fitted"], offer=offer)
            if moment.due is not None:
                await pacing.put_off(tx, row["id"], moment)
                break
            if path.way in ("template", "opt_in"):
                await say_in_one(tx, conversation_id, row, channel.limits)
            claimed = await tx.row(
                """UPDATE outbox SET status = 'sending', token = %s, attempts = attempts + 1, slot_at = NULL,
                          lease_until = now() + make_interval(secs => %s) WHERE id = %s RETURNING *""",
                new_id(), lease_of(channel) + moment.wait, row["id"],
            )  # fmt: skip
            await self._lane_due(tx, conversation_id, pacing.chat_pace(channel, conversation["peer"]))
            place = {**place_of(conversation, path), "opt_in": opted.token if opted else ""}
            return {**claimed, **place, "wait": moment.wait} if claimed else None
        await self._lane_due(tx, conversation_id)
        return None

    async def _not_here(
        self, tx: Tx, conversation: Row, row: Row, kind: Kind, why: str, *, agreed: bool
    ) -> tuple[str, str]:
        """What becomes of a message that this channel is closed to: its status and the reason. Nothing vanishes."""
        now = self.clock.now()
        if is_courtesy(row["keys"]):
            return "dropped", why
        if agreed and (moved := await move(tx, self.channels, conversation, row, kind, now=now)):
            return "dropped", f"sent on {moved} instead: {why}"
        await bring_to_desk(tx, conversation, row, why, now=now)
        return "refused", why

    async def _lane_due(self, tx: Tx, conversation_id: str, sent: pacing.Pace | None = None) -> bool:
        """When the lane has to be looked at next; true: at once. `sent`: a message was claimed in a chat so fast."""
        row = await tx.row(
            LANE_DUE, id=conversation_id, back=sent.back if sent else None, every=sent.every if sent else None
        )
        return bool(row and row["due"])

    async def _mark(self, tx: Tx, *, conversation_id: str, row: Row, outcome: Outcome) -> bool:
        """Write down what became of a message. True when another one is due at once."""
        now = self.clock.now()
        if outcome.away and row["attempts"] >= MOST_TRIES and await self._is_to_blame(tx, row, now - LATELY):
            outcome = Outcome("refused", f"given up after {row['attempts']} tries")
        if outcome.doubted and row["attempts"] > 1:  # now the others are let try, before it halts them again
            to_blame = await self._is_to_blame(tx, row, now - timedelta(seconds=outcome.after))
            outcome = Outcome("refused", outcome.error, denied=True) if to_blame else replace(outcome, halted=False)
        if outcome.status == "queued":
            # an echo that is about to prove the message sent is waited for, as it passes by a locked message
            await ownership.lock(tx, conversation_id)
            await tx.execute(
                """UPDATE outbox SET status = 'queued', error = %s, lease_until = NULL, attempts = attempts - %s,
                          due_at = now() + make_interval(secs => %s) WHERE id = %s AND token = %s""",
                outcome.error, int(outcome.innocent), outcome.puts_off, row["id"], row["token"],
            )  # fmt: skip
            if outcome.halted or (outcome.flooded and await self._others_rest(tx, row)):
                await halt(tx, row["channel"], row["account"], outcome.error, outcome.after, now=now)
        else:
            closed = outcome.status in ("closed", "unreachable")
            status = {"closed": "refused", "unreachable": "refused", "elsewhere": "dropped"}.get(
                outcome.status, outcome.status
            )
            conversation = await ownership.lock(tx, conversation_id) if status != "sent" else None
            ours = await tx.execute(
                MARK, status, outcome.error, outcome.platform_id, outcome.at or now, conversation_id, row["id"],
                row["token"],
            )  # fmt: skip
            if not ours:  # an echo has ended the claim: then nothing was locked
                await tx.row("SELECT 1 FROM conversation WHERE id = %s FOR UPDATE", conversation_id)
            if row["way"] == "opt_in" and (outcome.status == "sent" or outcome.enough):
                await optins.used(tx, conversation_id, now)
            if outcome.rest:
                why = "the platform asks for patience"
                await halt(tx, row["channel"], row["account"], why, outcome.rest, now=self.clock.now())
            if outcome.denied:
                await denied(tx, row["channel"], row["account"], outcome.error, now=self.clock.now())
            if ours and conversation is not None and closed:
                kind = kind_of(row["author"], row["keys"])
                agreed = kind != "marketing" or await agreed_to_offers(tx, conversation["customer_id"])
                became = await self._not_here(tx, conversation, row, kind, outcome.error, agreed=agreed)
                await tx.execute("UPDATE outbox SET status = %s, error = %s WHERE id = %s", *became, row["id"])
            elif ours and conversation is not None and outcome.status == "elsewhere":
                await routing.lost(tx, conversation, row, now=self.clock.now())
            elif ours and conversation is not None:
                await bring_to_desk(tx, conversation, row, outcome.error, now=self.clock.now())
        if outcome.status == "unreachable":
            await tx.execute("UPDATE conversation SET reachable = false WHERE id = %s", conversation_id)
        return await self._lane_due(tx, conversation_id)

    async def _is_to_blame(self, tx: Tx, row: Row, since: datetime) -> bool:
        """Whether others got through `since` then and this message did not; where nobody does, it waits for a day."""
        found = await tx.row(
            """SELECT 1 FROM (SELECT * FROM outbox ORDER BY id DESC LIMIT 1000) o
               JOIN conversation c ON c.id = o.conversation_id
               WHERE o.status = 'sent' AND o.sent_at > %s
                 AND c.channel = %s AND c.account = %s AND c.id <> %s LIMIT 1""",
            since, row["channel"], row["account"], row["conversation_id"],
        )  # fmt: skip
        return found is not None or row["at"] < self.clock.now() - LONGEST_OUTAGE

    async def _others_rest(self, tx: Tx, row: Row) -> bool:
        """Whether another chat of the account was told to rest as well: then it is the account that is too fast."""
        found = await tx.row(
            """SELECT 1 FROM outbox o JOIN conversation c ON c.id = o.conversation_id
               WHERE o.status = 'queued' AND o.due_at > now() AND o.error = %s
                 AND c.channel = %s AND c.account = %s AND c.id <> %s LIMIT 1""",
            FLOODED, row["channel"], row["account"], row["conversation_id"],
        )  # fmt: skip
        return found is not None


def _pause(first: float, tries: int) -> float:
    """Seconds until a message is tried again."""
    return min(60.0, first * 2.0 ** min(tries, 12))


def lease_of(channel: Channel | None) -> float:
    """How long nobody else sends what has been claimed for this channel, in seconds."""
    return SHORT_LEASE if channel is not None and channel.limits.shown_once else LEASE


def way(
    channel: Channel,
    message: Row,
    last_inbound: datetime | None,
    now: datetime,
    *,
    agreed: bool = False,
    opt_in: OptIn | None = None,
) -> Path:
    """How this message (`author`, `author_id`, `keys`) may go on this channel now. `agreed`: to offers."""
    typed_by = message["author_id"] if message["author"] == "manager" else ""
    silence = None if last_inbound is None else now - last_inbound
    kind = kind_of(message["author"], message["keys"])
    return path_of(channel, kind, silence, typed_by=typed_by, agreed=agreed, opt_in=opt_in)


def place_of(conversation: Row, path: Path) -> Row:
    """What sending has to know of the conversation beside the message."""
    return {name: conversation[name] for name in ("channel", "account", "peer", "locale")} | {"way": path.way}


def _must_not_go(row: Row, conversation: Row, path: Path, kind: Kind, now: datetime) -> tuple[str, str] | None:
    """Why a message is dropped instead of sent: the status and the reason for the desk.

    News of an order is as true after a take-over as before it, so it still goes when the bot has the talk again.
    """
    if row["expires_at"] is not None and row["expires_at"] <= now:
        return "expired", "its time was over"
    stale = row["epoch"] != conversation["epoch"] and kind != "news"
    if row["author"] == "bot" and (stale or conversation["owner"] != ownership.BOT):
        return TAKEN
    if not conversation["reachable"]:
        return "refused", "the customer cannot be reached on this channel"
    return ("refused", path.reason) if path.way == "none" else None
