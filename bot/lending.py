"""Accounts that people lend to the bot: whose they are, and whether the bot may write in them at the moment."""

from __future__ import annotations

from datetime import datetime

from base.db import Tx
from bot.messages import Address, Lent

MAY_WRITE = """NOT EXISTS (SELECT 1 FROM lent_account l
    WHERE l.channel = %s AND l.account = %s AND NOT l.may_write)"""  # true of an account of our own


async def keep(tx: Tx, address: Address, lent: Lent, *, now: datetime) -> None:
    """Remember what the owner allows. Without it nobody is reached there: what still waits becomes a task."""
    await tx.execute(
        """INSERT INTO lent_account (channel, account, owner, may_write, changed_at) VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (channel, account) DO UPDATE
           SET owner = excluded.owner, may_write = excluded.may_write, changed_at = excluded.changed_at""",
        address.channel, address.account, address.peer, lent.on, now,
    )  # fmt: skip
    await tx.execute(
        """UPDATE conversation SET reachable = %(on)s,
                  lane_due_at = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.conversation_id = conversation.id
                      AND o.status = 'queued') THEN now() ELSE lane_due_at END
           WHERE channel = %(channel)s AND account = %(account)s AND reachable <> %(on)s""",
        on=lent.on, channel=address.channel, account=address.account,
    )  # fmt: skip


async def is_owner(tx: Tx, address: Address) -> bool:
    """Whether this is a chat of the owner with himself."""
    row = await tx.row(
        "SELECT owner FROM lent_account WHERE channel = %s AND account = %s", address.channel, address.account
    )
    return row is not None and row["owner"] == address.peer
