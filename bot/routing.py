"""Platforms that give a conversation to one program at a time: it is lost to another, given back, or taken."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol, runtime_checkable

from base.db import Row, Tx
from base.errors import Elsewhere, WindowClosed
from bot import ownership
from bot.channel import Channel, SendsByHand, SendsTemplates, Sent
from bot.messages import Address, Fitted, Handed, Inbound
from bot.optins import SendsOffers
from bot.template_words import template_words
from bot.unsent import words_of

BACK = "handoff.back"  # the first that the bot says when a manager has handed back
PLATFORM = ownership.Manager("platform", "the messenger")  # who hands back when another program does
BY_PLATFORM = "platform"  # has told that the talk goes on elsewhere: no words of anybody there


@runtime_checkable
class TakesControl(Protocol):
    """A channel on which another program may have a conversation, and we may take it."""

    async def take_control(self, to: Address) -> None:
        """Raises Elsewhere where that is not allowed, TryLater."""
        ...


async def send(channel: Channel, to: Address, message: Fitted, row: Row) -> Sent:
    """As `Channel.send`, by the way that the planner found.

    What a manager writes or has decided takes the conversation; what the bot says never does.
    """
    if row["way"] == "template" and isinstance(channel, SendsTemplates):
        return await channel.send_template(to, template_words(message), row["locale"], key=row["key"])
    if row["way"] == "opt_in" and isinstance(channel, SendsOffers):
        return await channel.send_offer(to, message, row["opt_in"], key=row["key"])
    try:
        return await _as_written(channel, to, message, row)
    except Elsewhere:
        if not isinstance(channel, TakesControl) or not (row["author"] == "manager" or BACK in row["keys"]):
            raise
        await channel.take_control(to)
        return await _as_written(channel, to, message, row)


async def _as_written(channel: Channel, to: Address, message: Fitted, row: Row) -> Sent:
    """Under the tag of a human where the window is over, and a signed-in manager typed it; nothing else ever.

    The platform's clock may be ahead of ours: then it is the first to tell that the window is over.
    """
    typed = row["author"] == "manager" and bool(row["author_id"])
    if not typed or not isinstance(channel, SendsByHand):
        return await channel.send(to, message, key=row["key"])
    if row["way"] == "human_tag":
        return await channel.send_by_hand(to, message, key=row["key"])
    try:
        return await channel.send(to, message, key=row["key"])
    except WindowClosed:
        return await channel.send_by_hand(to, message, key=row["key"])


async def lost(tx: Tx, conversation: Row, row: Row, *, now: datetime) -> None:
    """Another program has the talk, so the bot is silent; what it would have said is at the desk, as a note."""
    await ownership.note(tx, conversation["id"], "bot", words_of(row["fitted"]), now=now, kind="unsaid")
    await ownership.lose(tx, conversation, now=now)


async def handed(tx: Tx, inbound: Inbound, told: Handed, *, now: datetime) -> None:
    """The platform has given the talk to us or to another program; only a newer word of it than all before counts."""
    to = inbound.address
    row = await tx.row(
        "SELECT * FROM conversation WHERE channel = %s AND account = %s AND peer = %s FOR UPDATE",
        to.channel, to.account, to.peer,
    )  # fmt: skip
    if row is None or not await ownership.is_newest(tx, row, inbound.at):
        return
    if told.ours:
        await _given_back(tx, row["id"], now=now)
    else:
        await ownership.lose(tx, row, now=now, by=BY_PLATFORM)


async def let_go(tx: Tx, conversation_id: str, at: datetime, *, now: datetime) -> None:
    """Words came to us as to who has the talk: the other program that had it has let it go, and the bot goes on.

    Not where somebody's own words are the last that is known of there: he may answer without having it.
    """
    ours = await tx.row(
        """SELECT 1 FROM conversation c JOIN handoff h ON h.conversation_id = c.id AND h.released_at IS NULL
           WHERE c.id = %s AND c.control_at < %s AND h.taken_at IS NULL AND h.summary->>'by' = %s""",
        conversation_id, at, BY_PLATFORM,
    )  # fmt: skip
    if ours and await _given_back(tx, conversation_id, now=now):
        words = "The other app has let this conversation go, so the bot has it again."
        await ownership.note(tx, conversation_id, "bot", words, now=now, kind="event")


async def _given_back(tx: Tx, conversation_id: str, *, now: datetime) -> bool:
    """The bot goes on where the other program alone had the talk; what a person of ours has or waits for, stays."""
    alone = await tx.row(
        """SELECT 1 FROM conversation c JOIN handoff h ON h.conversation_id = c.id AND h.released_at IS NULL
           WHERE c.id = %s AND c.owner = %s AND h.reason = %s""",
        conversation_id, ownership.QUEUE, ownership.ELSEWHERE,
    )  # fmt: skip
    if alone:
        await ownership.release(tx, conversation_id, PLATFORM, resume=True, now=now)
    return alone is not None
