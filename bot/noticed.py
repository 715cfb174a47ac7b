"""How far a customer has got and read what was sent to him, where his messenger tells it: one moment of each."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.db import Tx
from bot.messages import Address, Noticed

COLUMNS = {"delivered": "delivered_until", "read": "read_until"}


async def keep(tx: Tx, to: Address, told: Noticed, message: str | None, *, now: datetime) -> None:
    """Move the moment on, never back: what is told again, or late, changes nothing.

    A message that the platform names counts by the moment at which we sent it. One of somebody else's, or of which
    nobody has written down yet that it is sent, is younger than what was sent before it was noticed.
    """
    column = COLUMNS[told.how]
    await tx.execute(
        f"""UPDATE conversation c SET {column} = told.until FROM
              (SELECT id, coalesce((SELECT max(o.sent_at) FROM outbox o
                                    WHERE o.conversation_id = k.id AND o.platform_id = %s),
                                   least(%s::timestamptz, %s)) AS until
               FROM conversation k WHERE channel = %s AND account = %s AND peer = %s) told
            WHERE c.id = told.id AND (c.{column} IS NULL OR c.{column} < told.until)""",  # noqa: S608 - two fixed names
        message, told.until, now, to.channel, to.account, to.peer,
    )  # fmt: skip


def noticed(
    sent_at: datetime | None, delivered_until: datetime | None, read_until: datetime | None
) -> Literal["sent", "delivered", "read"]:
    """What is known of a message that was sent at `sent_at`. Who has read it has got it."""
    if sent_at is not None and read_until is not None and sent_at <= read_until:
        return "read"
    return "delivered" if sent_at is not None and delivered_until is not None and sent_at <= delivered_until else "sent"
