"""Forgetting a person: his conversations with their raw bytes, comments, and what the shop knows of him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from base.db import Row, Tx
from bot.messages import Address
from shop.erasure import erase_customer

WORDS = ("inbound", "note")  # what was said; what is still to be sent stays while an order is under way
ALL = ("follower", "opt_in", "inbound", "outbox", "note", "timer", "conversation_event", "handoff")


@dataclass(frozen=True, slots=True)
class Erased:
    """`whole`: nothing is left. `addresses`: where he talked, for channels that keep a log of their own."""

    whole: bool
    addresses: tuple[Address, ...]


async def erase(tx: Tx, customer: str, now: datetime) -> Erased:
    """Erase a customer with all that he said. Safe to do again: what an open order still needs goes next time."""
    conversations = await tx.rows(
        "SELECT id, channel, account, peer FROM conversation WHERE customer_id = %s ORDER BY id FOR UPDATE", customer
    )
    await tx.execute("DELETE FROM follower WHERE customer = %s", customer)
    whole = await erase_customer(tx, customer, now)
    for row in conversations:
        await _blank_raw(tx, row)
        await _forget_comments(tx, row)
        if whole:
            for table in ALL:
                await tx.execute(f"DELETE FROM {table} WHERE conversation_id = %s", row["id"])  # noqa: S608 - fixed
            await tx.execute("DELETE FROM conversation WHERE id = %s", row["id"])
        else:
            for table in WORDS:
                await tx.execute(f"DELETE FROM {table} WHERE conversation_id = %s", row["id"])  # noqa: S608 - fixed
            await tx.execute(
                "DELETE FROM outbox WHERE conversation_id = %s AND status NOT IN ('queued', 'sending')", row["id"]
            )
            await tx.execute("UPDATE conversation SET name = '' WHERE id = %s", row["id"])
    places = tuple(Address(channel=row["channel"], account=row["account"], peer=row["peer"]) for row in conversations)
    return Erased(whole, places)


async def forget_writer(tx: Tx, at: Address) -> bool:
    """The comments of somebody who never wrote to the shop itself, and what brought them; whether there were any."""
    found = await tx.execute(
        "DELETE FROM comment WHERE channel = %s AND account = %s AND author = %s", at.channel, at.account, at.peer
    )
    if found:
        await tx.execute(
            "UPDATE raw_update SET body = '' WHERE channel = %s AND account = %s AND position(%s IN body) > 0",
            at.channel, at.account, at.peer.encode(),
        )  # fmt: skip
    return bool(found)


async def _blank_raw(tx: Tx, row: Row) -> None:
    """The bytes go, the keys stay: the same delivery that comes again is still known.

    A delivery names the person, or has the key of what he said; one that others share is blanked for all of them,
    and nothing is lost by it: what it held was taken when it came.
    """
    await tx.execute(
        """UPDATE raw_update SET body = '' WHERE channel = %s AND account = %s AND body <> ''
           AND (position(%s IN body) > 0 OR event_key IN (SELECT event_key FROM inbound WHERE conversation_id = %s))""",
        row["channel"], row["account"], str(row["peer"]).encode(), row["id"],
    )  # fmt: skip


async def _forget_comments(tx: Tx, row: Row) -> None:
    await tx.execute(
        "DELETE FROM comment WHERE conversation_id = %s OR (channel = %s AND account = %s AND author = %s)",
        row["id"], row["channel"], row["account"], row["peer"],
    )  # fmt: skip
