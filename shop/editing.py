"""A paid order becomes another: lines, stock, parcel and money, in the one transaction of the caller."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from psycopg.types.json import Jsonb

from base.db import Tx
from base.money import Money
from shop import history, stock
from shop.approvals import give_back
from shop.edits import Edit, read_edit, revision_of
from shop.orders import Order, held, order_lines, wanted_of, write_lines
from shop.recalls import call_back
from shop.shopfile import ShopFile
from shop.states import EDIT, ORDER

Refusal = Literal["packed", "disputed", "over"]


async def why_not_edit(tx: Tx, order: Order) -> Refusal | None:
    """Why an order, which is locked, cannot be changed any more; None when it can."""
    if order.status in ("shipped", "delivered", "returned"):
        return "packed"
    if order.status != "paid":
        return "over"
    row = await tx.row(
        'SELECT (SELECT s.status FROM shipment s WHERE s."order" = %(order)s FOR UPDATE) AS parcel,'  # noqa: S608
        f" {held('%(order)s')} AS disputed",
        order=order.id,
    )
    assert row is not None
    if row["disputed"]:
        return "disputed"
    return None if row["parcel"] in (None, "pending", "created") else "packed"


async def more_of(tx: Tx, edit: Edit) -> dict[str, int]:
    """SKU -> pieces that the edit adds to its order as it is now."""
    had = wanted_of(await order_lines(tx, edit.order))
    return {sku: count - had.get(sku, 0) for sku, count in edit.wanted.items() if count > had.get(sku, 0)}


async def hold_more(tx: Tx, edit: Edit, until: datetime | None) -> dict[str, int]:
    """Keep what the edit adds. Returns what is short (SKU -> pieces); then nothing is kept."""
    more = await more_of(tx, edit)
    short = stock.missing(more, await stock.lock_stock(tx, more))
    if not short and more:
        await stock.reserve(tx, edit.order, more, until, edit=edit.id)
    return short


async def still_possible(tx: Tx, order: Order, edit: Edit) -> bool:
    """Whether an edit whose money has come can be done: nothing may have happened to the order since."""
    same = await revision_of(tx, order.id) == edit.revision
    return same and await why_not_edit(tx, order) is None


async def do_edit(tx: Tx, order: Order, edit: Edit, *, who: str, why: str, shop: ShopFile, now: datetime) -> None:
    """Do an edit; what it adds is held. The order is locked and may be changed."""
    had = wanted_of(await order_lines(tx, order.id))
    await stock.lock_stock(tx, {*had, *edit.wanted})
    await call_back(tx, order.id, who=who, why="the order was changed", now=now)
    await stock.take(tx, order.id, edit=edit.id)
    await stock.put_back(tx, _less(had, edit.wanted))
    await stock.recount(tx, order.id, edit.wanted, edit=edit.id)
    await tx.execute('DELETE FROM order_line WHERE "order" = %s', order.id)
    await write_lines(tx, order.id, edit.lines)
    await tx.execute(
        "UPDATE shop_order o SET goods_minor = e.goods_minor, discount_minor = e.discount_minor, total_minor ="
        ' e.total_minor, breakdown = e.breakdown FROM order_edit e WHERE e.id = %s AND o.id = e."order"',
        edit.id,
    )
    await history.advance(tx, EDIT, edit.id, edit.state, "done", who=who, why=why, now=now)
    await tx.execute("UPDATE order_edit SET done_at = %s WHERE id = %s", now, edit.id)
    words = f"changed: {told(had, edit.wanted)}; {order.total} -> {edit.total} {edit.total.currency}"
    await history.note(tx, ORDER, order.id, order.status, who=who, why=words, now=now)
    if edit.difference.amount_minor < 0:
        await give_back(
            tx, order, -edit.difference, "edit", key=edit_key(edit.id), who=who, what=words, shop=shop, now=now
        )


def edit_key(edit: str) -> str:
    """How the keys of the refunds of this edit begin."""
    return f"edit-{edit}"


def told(had: Mapping[str, int], wanted: Mapping[str, int]) -> str:
    """`MUG-white 2 -> 1, CAN 0 -> 1`: for the history."""
    moved = sorted(sku for sku in {*had, *wanted} if had.get(sku, 0) != wanted.get(sku, 0))
    return ", ".join(f"{sku} {had.get(sku, 0)} -> {wanted.get(sku, 0)}" for sku in moved)


def _less(had: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    return {sku: count - wanted.get(sku, 0) for sku, count in had.items() if count > wanted.get(sku, 0)}


async def write_proposal(
    tx: Tx, edit: str, order: Order, wanted: Mapping[str, int], lines: list[dict[str, object]],
    breakdown: dict[str, object], sums: Mapping[str, Money], now: datetime,
) -> Edit:  # fmt: skip
    """Remember what the customer is asked about. `sums`: goods, discount, delivery, total, difference."""
    row = await tx.row(
        'INSERT INTO order_edit (id, "order", state, revision, wanted, lines, breakdown, currency, goods_minor,'
        " discount_minor, delivery_minor, total_minor, difference_minor, created_at) VALUES (%(id)s, %(order)s,"
        " 'proposed', %(revision)s, %(wanted)s, %(lines)s, %(breakdown)s, %(currency)s, %(goods)s, %(discount)s,"
        " %(delivery)s, %(total)s, %(difference)s, %(now)s) RETURNING *",
        id=edit,
        order=order.id,
        revision=await revision_of(tx, order.id),
        wanted=Jsonb(dict(wanted)),
        lines=Jsonb(lines),
        breakdown=Jsonb(breakdown),
        currency=order.total.currency,
        now=now,
        **{name: amount.amount_minor for name, amount in sums.items()},
    )
    assert row is not None
    return read_edit(row)
