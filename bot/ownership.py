"""Who owns a conversation: the bot, the queue or one manager. Every change of owner grows its epoch, atomically."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from base.db import Row, Tx
from base.errors import ShopkeeperError
from base.ids import new_id
from bot import echoes
from bot.channel import Limits
from bot.messages import Answered, Fitted, Inbound, Outbound, TextPart
from bot.render_fit import fit
from bot.render_split import measure
from bot.repair import PersonCalled

BOT, QUEUE = "bot", "queue"
UNSENT = "unsent"  # the reason of a handoff that no customer waits for: a message to him could not be sent
ELSEWHERE = "answered_elsewhere"  # the reason of one that nobody asked for: the talk goes on past us
SILENCE = timedelta(hours=24)  # of who answered elsewhere; so long Meta, too, leaves a talk to another app


class NoSuchConversation(ShopkeeperError):
    def __init__(self, conversation_id: str) -> None:
        super().__init__(f"There is no conversation {conversation_id}.", "See: shopkeeper conversations list")


class HeldByAnother(ShopkeeperError):
    """The compare-and-set was lost: somebody else has the conversation."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"This conversation is with {owner} now.")
        self.owner = owner


@dataclass(frozen=True, slots=True)
class Manager:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Duty:
    """Whether managers are there now; else when they open, and how soon after that an answer is promised (minutes)."""

    present: bool
    opens: str = ""
    within: int = 30


async def lock(tx: Tx, conversation_id: str) -> Row:
    """Lock the conversation's row: everything about who owns it is decided under this lock."""
    row = await tx.row("SELECT * FROM conversation WHERE id = %s FOR UPDATE", conversation_id)
    if row is None:
        raise NoSuchConversation(conversation_id)
    return row


async def call_person(
    tx: Tx, conversation: Row, *, reason: str, summary: dict[str, Any], now: datetime, duty: Duty
) -> PersonCalled:
    """Give the conversation to the queue. The caller holds its lock. Asking twice keeps the place in the queue.

    When nobody is there it is put on the list, and the bot goes on helping meanwhile.
    """
    waiting = await tx.row(
        """SELECT count(*) AS ahead FROM handoff
           WHERE released_at IS NULL AND taken_at IS NULL AND conversation_id <> %s AND reason <> %s""",
        conversation["id"], UNSENT,
    )  # fmt: skip
    usual = await tx.row(
        """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM taken_at - asked_at)) AS seconds,
                  count(*) AS seen
           FROM (SELECT taken_at, asked_at FROM handoff
                 WHERE taken_at IS NOT NULL AND asked_at > %s - interval '14 days' AND reason <> %s
                 ORDER BY asked_at DESC LIMIT 50) AS recent""",
        now, UNSENT,
    )  # fmt: skip
    seconds = usual["seconds"] if usual and usual["seen"] else None
    if conversation["owner"] == BOT:
        if duty.present:
            await _hand_to(tx, conversation, QUEUE)
        await tx.execute(
            """INSERT INTO handoff (id, conversation_id, reason, summary, asked_at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (conversation_id) WHERE released_at IS NULL
               DO UPDATE SET reason = excluded.reason, summary = excluded.summary, asked_at = excluded.asked_at
               WHERE handoff.taken_at IS NULL AND handoff.reason = %s AND excluded.reason <> handoff.reason""",
            new_id(), conversation["id"], reason, Jsonb(summary), now, UNSENT,
        )  # fmt: skip
    return PersonCalled(
        ahead=waiting["ahead"] if waiting else 0,
        minutes=max(1, round(seconds / 60)) if seconds is not None else None,
        on_duty=duty.present,
        opens=duty.opens,
        within=duty.within,
    )


async def take(tx: Tx, conversation_id: str, manager: Manager, *, now: datetime, epoch: int | None = None) -> Row:
    """The manager takes over. Raises HeldByAnother when a colleague was faster, or the epoch seen is not today's."""
    row = await lock(tx, conversation_id)
    if row["owner"] == manager.id:
        return row
    if row["owner"] not in (BOT, QUEUE) or (epoch is not None and row["epoch"] != epoch and row["owner"] != QUEUE):
        raise HeldByAnother(await owner_name(tx, row["owner"]))
    await _hand_to(tx, row, manager.id)
    opened = await tx.execute(
        """UPDATE handoff SET taken_at = %s, taken_by = %s
           WHERE conversation_id = %s AND released_at IS NULL AND taken_at IS NULL""",
        now, manager.id, conversation_id,
    )  # fmt: skip
    if not opened:
        await tx.execute(
            """INSERT INTO handoff (id, conversation_id, reason, summary, asked_at, taken_at, taken_by)
               VALUES (%s, %s, 'taken', '{}', %s, %s, %s)""",
            new_id(), conversation_id, now, now, manager.id,
        )  # fmt: skip
    return row


async def reply(
    tx: Tx,
    conversation_id: str,
    manager: Manager,
    text: str,
    *,
    now: datetime,
    key: str,
    limits: Mapping[str, Limits],
) -> None:
    """A manager's words to the customer, in as many messages as his channel needs for them (`limits` of each).

    Whoever simply answers has taken over. `key` makes it happen once.
    """
    if not text.strip():
        raise ShopkeeperError("The reply is empty.", "Write something, or release the conversation.")
    row = await take(tx, conversation_id, manager, now=now)
    for place, said in enumerate(_in_messages(text, manager.name, limits.get(row["channel"]))):
        await tx.execute(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                   attempts, error, at)
               VALUES (%s, %s, 'manager', %s, %s, %s, '[]', 'queued', now(), 0, '', %s)
               ON CONFLICT (key) DO NOTHING""",
            f"{key}:{place}" if place else key, conversation_id, manager.id, row["epoch"],
            Jsonb(said.model_dump(mode="json")), now,
        )  # fmt: skip
    await tx.execute("UPDATE conversation SET lane_due_at = now(), updated_at = %s WHERE id = %s", now, conversation_id)


async def answered_elsewhere(tx: Tx, inbound: Inbound, answer: Answered, *, now: datetime) -> None:
    """Someone answered in the messenger's own app: his words join the thread, and the bot is silent until released
    or, where the customer writes again, until that someone has been silent for a day.

    Nobody here is known to have them, so the conversation goes to the queue. Our own messages that come back are no
    answer of somebody's; see `echoes`. Where the platform tells who wrote it there is nothing to tell apart.
    """
    to, words = inbound.address, answer.text
    if answer.by == "us" and not await echoes.is_awaited(tx, to):
        return
    row = await tx.row(
        "SELECT * FROM conversation WHERE channel = %s AND account = %s AND peer = %s FOR UPDATE",
        to.channel, to.account, to.peer,
    )  # fmt: skip
    if row is None:
        return
    is_echo = answer.by in ("somebody", "us", "other") and (words or inbound.message)
    if is_echo and await echoes.recognised(tx, row, answer, inbound.message, now=now):
        return
    if words:
        author = "system" if answer.by == "machine" else "manager"
        name = to.channel.partition("_")[0].capitalize()
        said = Fitted(parts=(TextPart(text=words),), author="manager", name=name)
        fresh = await tx.execute(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                   attempts, error, at, sent_at, platform_id)
               VALUES (%s, %s, %s, '', %s, %s, '[]', 'sent', now(), 0, '', %s, %s, %s)
               ON CONFLICT (key) DO NOTHING""",
            f"{to.channel}:{inbound.event_key}", row["id"], author, row["epoch"],
            Jsonb(said.model_dump(mode="json")), now, now, inbound.message,
        )  # fmt: skip
        if not fresh:
            return
    if answer.by != "machine" and await is_newest(tx, row, inbound.at, fresh=bool(words)):
        await lose(tx, row, now=now, by=answer.by)


async def is_newest(tx: Tx, conversation: Row, at: datetime, *, fresh: bool = False) -> bool:
    """Whether the platform has said nothing later than `at` (its moment) of who has this conversation; remembered.

    What it says comes repeated and in any order, so the same moment again is a repetition, unless it is known to be
    `fresh`. The caller holds the lock.
    """
    newest = conversation["control_at"]
    if newest is not None and (at < newest or (at == newest and not fresh)):
        return False
    await tx.execute("UPDATE conversation SET control_at = %s WHERE id = %s", at, conversation["id"])
    return True


async def lose(tx: Tx, conversation: Row, *, now: datetime, by: str = "") -> None:
    """The bot gives a conversation that goes on elsewhere to the queue. The caller holds its lock.

    Where it has gone there already, it has from now on been silent there no longer. `by`: who has told.
    """
    told = Jsonb({"by": by} if by else {})
    if conversation["owner"] not in (BOT, QUEUE):
        return
    if conversation["owner"] == BOT:
        await _hand_to(tx, conversation, QUEUE)
        await tx.execute(
            """INSERT INTO handoff (id, conversation_id, reason, summary, asked_at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT (conversation_id) WHERE released_at IS NULL
               DO UPDATE SET reason = excluded.reason, summary = excluded.summary, asked_at = excluded.asked_at
               WHERE handoff.taken_at IS NULL AND handoff.reason = %s""",
            new_id(), conversation["id"], ELSEWHERE, told, now, UNSENT,
        )  # fmt: skip
    else:
        await tx.execute(
            """UPDATE handoff SET asked_at = %s, summary = summary || %s
               WHERE conversation_id = %s AND released_at IS NULL AND taken_at IS NULL AND reason = %s""",
            now, told, conversation["id"], ELSEWHERE,
        )  # fmt: skip


async def back_after_silence(tx: Tx, conversation_id: str, *, now: datetime) -> None:
    """The customer writes again, and who answered him elsewhere has been silent for a day: the bot goes on.

    What a person of ours has, or the customer waits for, stays where it is; so does a talk in somebody's own account,
    where surely a person wrote: it may be with a friend of his.
    """
    silent = await tx.row(
        """SELECT 1 FROM conversation c JOIN handoff h ON h.conversation_id = c.id AND h.released_at IS NULL
           WHERE c.id = %s AND c.owner = %s AND h.taken_at IS NULL AND h.reason = %s AND h.asked_at <= %s
             AND h.summary->>'by' IS DISTINCT FROM 'person'""",
        conversation_id, QUEUE, ELSEWHERE, now - SILENCE,
    )  # fmt: skip
    if silent:
        await release(tx, conversation_id, Manager("silence", "nobody"), resume=True, now=now)
        words = "Nobody has answered outside the desk for a day, so the bot has this conversation again."
        await note(tx, conversation_id, "bot", words, now=now, kind="event")


async def release(tx: Tx, conversation_id: str, manager: Manager, *, resume: bool, now: datetime) -> None:
    """Hand back to the bot: `resume` the dialog that was open, or drop it. Raises HeldByAnother."""
    row = await lock(tx, conversation_id)
    if row["owner"] == BOT:
        return
    if row["owner"] not in (QUEUE, manager.id):
        raise HeldByAnother(await owner_name(tx, row["owner"]))
    await _hand_to(tx, row, BOT)
    await tx.execute(
        "UPDATE handoff SET released_at = %s, resumed = %s WHERE conversation_id = %s AND released_at IS NULL",
        now, resume, conversation_id,
    )  # fmt: skip
    await tell(tx, conversation_id, {"kind": "released", "resume": resume}, now=now)


async def strike_off(tx: Tx, conversation_id: str, *, now: datetime) -> None:
    """A conversation that only stood on the list because something could not be sent leaves it; the bot had it."""
    await tx.execute(
        """UPDATE handoff SET released_at = %s, resumed = true
           WHERE conversation_id = %s AND released_at IS NULL AND taken_at IS NULL AND reason = %s
             AND EXISTS (SELECT 1 FROM conversation c WHERE c.id = conversation_id AND c.owner = %s)""",
        now, conversation_id, UNSENT, BOT,
    )  # fmt: skip


async def note(tx: Tx, conversation_id: str, author: str, text: str, *, now: datetime, kind: str = "note") -> None:
    """Private words at the desk, never sent to the customer."""
    await tx.execute(
        "INSERT INTO note (conversation_id, author, kind, text, at) VALUES (%s, %s, %s, %s, %s)",
        conversation_id, author, kind, text, now,
    )  # fmt: skip


async def tell(tx: Tx, conversation_id: str, payload: dict[str, Any], *, now: datetime) -> None:
    """Leave an event for the conversation's next turn, and make that turn due."""
    await tx.execute(
        "INSERT INTO conversation_event (conversation_id, payload, status, at) VALUES (%s, %s, 'pending', %s)",
        conversation_id, Jsonb(payload), now,
    )  # fmt: skip
    await tx.execute(
        "UPDATE conversation SET turn_due_at = least(coalesce(turn_due_at, now()), now()) WHERE id = %s",
        conversation_id,
    )


async def owner_name(tx: Tx, owner: str) -> str:
    """The manager's name; the id itself where there is none."""
    if owner in (BOT, QUEUE):
        return owner
    row = await tx.row("SELECT name FROM manager WHERE id = %s", owner)
    return str(row["name"]) if row else owner


def _in_messages(text: str, name: str, limits: Limits | None) -> tuple[Fitted, ...]:
    """A manager's words, each message with room for his name above it. Without limits nobody here can send them."""
    said = Outbound(parts=(TextPart(text=text.strip()),), author="manager", name=name)
    if limits is None:
        return (Fitted(parts=said.parts, author=said.author, name=name),)
    room = measure(f"{name}:\n", limits.text_unit) if name else 0
    return fit(said, replace(limits, text=max(limits.text - room, limits.text // 2)))


async def _hand_to(tx: Tx, row: Row, owner: str) -> None:
    row["owner"] = owner
    row["epoch"] += 1
    await tx.execute("UPDATE conversation SET owner = %s, epoch = %s WHERE id = %s", owner, row["epoch"], row["id"])
