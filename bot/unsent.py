"""What could not be sent: a task at the desk, with the reason and the words, so that nothing vanishes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import ValidationError

from base.db import Row, Tx
from bot import ownership
from bot.messages import Fitted
from shop.history import raise_task

COURTESY = "handoff.back"  # "the bot is back": on nobody's list, or handing back would put it there again


async def bring_to_desk(tx: Tx, conversation: Row, row: Row, why: str, *, now: datetime) -> None:
    """One task for an answer, of however many messages; its conversation waits for a person, and the bot goes on.

    The caller holds the conversation's lock.
    """
    if COURTESY in row["keys"]:
        return
    unsent = await tx.rows(
        """SELECT fitted FROM outbox WHERE conversation_id = %s AND author = %s AND at = %s AND status <> 'sent'
           ORDER BY id""",
        conversation["id"], row["author"], row["at"],
    )  # fmt: skip
    words = "\n".join(words_of(one["fitted"]) for one in unsent)
    key = f"unsent-{conversation['id']}-{row['author']}-{row['at'].timestamp():.6f}"
    await raise_task(
        tx, ownership.UNSENT, f"{why}: {words}", key=key, now=now, customer=conversation["customer_id"],
        actor=conversation["id"],
    )  # fmt: skip
    listed = ownership.Duty(present=False)  # as when nobody is there: the bot need not be silent for this
    await ownership.call_person(tx, conversation, reason=ownership.UNSENT, summary={}, now=now, duty=listed)


def words_of(fitted: dict[str, Any]) -> str:
    """What a message says, for people at the desk."""
    try:
        return Fitted.model_validate(fitted).words()
    except ValidationError:  # written by another version, which may be why it could not be sent
        return "[nothing that can be shown]"
