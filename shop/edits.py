"""Edits of paid orders as they are kept: at most one of an order waits for its money, and only for a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from base.db import Database, Row, Tx
from base.money import Money
from shop import history, stock
from shop.commands import OrderEditEnded
from shop.handlers import Tell
from shop.orders import Order, close_payments, lock_order
from shop.states import EDIT


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit. `wanted`: SKU -> pieces of the whole order; `difference`: above zero it is paid, below it goes back."""

    id: str
    order: str
    state: str
    revision: int
    wanted: Mapping[str, int]
    lines: list[dict[str, Any]]
    breakdown: dict[str, Any]
    total: Money
    difference: Money
    until: datetime | None
    created_at: datetime


def read_edit(row: Row) -> Edit:
    return Edit(
        row["id"], row["order"], row["state"], row["revision"], row["wanted"], row["lines"], row["breakdown"],
        Money(row["total_minor"], row["currency"]), Money(row["difference_minor"], row["currency"]), row["until"],
        row["created_at"],
    )  # fmt: skip


async def lock_edit(tx: Tx, edit: str) -> Edit | None:
    """Call with its order locked."""
    row = await tx.row("SELECT * FROM order_edit WHERE id = %s FOR UPDATE", edit)
    return read_edit(row) if row else None


async def open_edit(tx: Tx, order: str) -> Edit | None:
    """The edit of this order that waits for its money."""
    row = await tx.row("SELECT * FROM order_edit WHERE \"order\" = %s AND state = 'awaiting_payment'", order)
    return read_edit(row) if row else None


async def revision_of(tx: Tx, order: str) -> int:
    """How many edits of this order were done."""
    row = await tx.row("SELECT count(*) AS done FROM order_edit WHERE \"order\" = %s AND state = 'done'", order)
    return int(row["done"]) if row else 0


async def close_edit(tx: Tx, order: str, to: str, *, who: str, why: str, now: datetime) -> Edit | None:
    """End the edit that waits for its money: its link dies, what was kept for it is free again. The order is locked."""
    edit = await open_edit(tx, order)
    if edit is None:
        return None
    await history.advance(tx, EDIT, edit.id, edit.state, to, who=who, why=why, now=now)
    await close_payments(tx, order, "expired" if to == "expired" else "voided", who=who, why=why, now=now)
    await stock.release(tx, order, edit=edit.id)
    return edit


async def expire_edits(db: Database, now: datetime, tell: Tell, *, limit: int = 100) -> int:
    """Differences that nobody paid in time: each order stays as it was. Returns how many."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT DISTINCT \"order\" FROM order_edit WHERE state = 'awaiting_payment' AND until <= %s LIMIT %s",
            now,
            limit,
        )

    async def expire(tx: Tx, order_id: str) -> bool:
        order = await lock_order(tx, order_id)
        edit = await open_edit(tx, order_id)
        if order is None or edit is None or edit.until is None or edit.until > now:
            return False
        await end_edit(tx, order, "expired", why="the difference was not paid in time", tell=tell, now=now)
        return True

    ended = 0
    for row in rows:
        found = str(row["order"])
        ended += await db.run(lambda tx, found=found: expire(tx, found))  # type: ignore[misc]
    return ended


async def end_edit(tx: Tx, order: Order, to: str, *, why: str, tell: Tell, now: datetime) -> None:
    """End what waits for its money, if anything does, and tell the customer that the order stays as it was."""
    edit = await close_edit(tx, order.id, to, who="shop", why=why, now=now)
    if edit is not None:
        reason = "expired" if to == "expired" else "too_late"
        await tell(tx, order.customer, OrderEditEnded(order=order.id, number=order.number, reason=reason))
