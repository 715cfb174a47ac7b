"""What a manager does with a conversation. Ownership decides; here it is also written down who did what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from psycopg.types.json import Jsonb

from base.cards import masked
from base.db import Tx
from base.errors import BadInput
from base.text import readable
from bot import ownership
from bot.channel import Limits
from bot.ownership import Manager

LONGEST_REPLY = 4000  # characters; one message of Telegram, four to eight of Instagram
LONGEST_NOTE = 10_000


async def take(tx: Tx, conversation_id: str, manager: Manager, *, now: datetime) -> None:
    """The manager takes over. Raises HeldByAnother when a colleague was faster, NoSuchConversation."""
    before = await ownership.lock(tx, conversation_id)
    if before["owner"] == manager.id:
        return
    taken_from = before["owner"]
    await ownership.take(tx, conversation_id, manager, now=now)
    await _audit(tx, manager, "take", conversation_id, {"from": taken_from}, now)


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
    """Words to the customer; also takes over. Sent once for each `key`. Raises HeldByAnother, BadInput.

    `limits` of each channel say how many messages that makes.
    """
    text = _written(text, LONGEST_REPLY, "reply")
    await take(tx, conversation_id, manager, now=now)
    whole_key = f"desk:{conversation_id}:{key}"
    if await tx.row("SELECT 1 FROM outbox WHERE key = %s", whole_key):
        return
    await ownership.reply(tx, conversation_id, manager, text, now=now, key=whole_key, limits=limits)
    await _audit(tx, manager, "reply", conversation_id, {"key": whole_key}, now)


async def release(tx: Tx, conversation_id: str, manager: Manager, *, resume: bool, now: datetime) -> None:
    """Hand back to the bot: `resume` its dialog, or drop it. Raises HeldByAnother."""
    before = await ownership.lock(tx, conversation_id)
    if before["owner"] == ownership.BOT:
        return
    await ownership.release(tx, conversation_id, manager, resume=resume, now=now)
    await _audit(tx, manager, "release", conversation_id, {"resume": resume}, now)


async def note(tx: Tx, conversation_id: str, manager: Manager, text: str, *, now: datetime) -> None:
    """Private words, whoever owns the conversation; the customer never sees them. Raises BadInput."""
    text = _written(text, LONGEST_NOTE, "note")
    await ownership.lock(tx, conversation_id)
    await ownership.note(tx, conversation_id, manager.id, text, now=now)
    await _audit(tx, manager, "note", conversation_id, {}, now)


def _written(text: str, longest: int, what: str) -> str:
    text = masked(readable(text)).strip()
    if not text:
        raise BadInput(f"The {what} is empty.", "Write something first.")
    if len(text) > longest:
        raise BadInput(f"The {what} has {len(text)} characters, {longest} fit.", "Make it shorter or send it in parts.")
    return text


async def _audit(
    tx: Tx, manager: Manager, action: str, conversation_id: str, details: dict[str, str | bool], now: datetime
) -> None:
    await tx.execute(
        "INSERT INTO audit (manager_id, action, conversation_id, details, at) VALUES (%s, %s, %s, %s, %s)",
        manager.id, action, conversation_id, Jsonb(details), now,
    )  # fmt: skip
