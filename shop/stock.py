"""Stock: kept for an order for a time, then taken or given back. Rows are locked in the order of their SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from base.db import Tx


async def lock_stock(tx: Tx, skus: Iterable[str]) -> dict[str, int]:
    """Lock these variants and tell how many of each are free; SKUs that are not on sale are left out."""
    rows = await tx.rows(
        "SELECT sku, on_hand - reserved AS free FROM variant WHERE sku = ANY(%(skus)s) AND active"
        " ORDER BY sku FOR UPDATE",
        skus=sorted(set(skus)),
    )
    return {row["sku"]: row["free"] for row in rows}


def missing(wanted: Mapping[str, int], free: Mapping[str, int]) -> dict[str, int]:
    """SKU -> how many are wanted, for those of which there are not enough."""
    return {sku: quantity for sku, quantity in wanted.items() if free.get(sku, 0) < quantity}


async def reserve(tx: Tx, order: str, wanted: Mapping[str, int], until: datetime | None, *, edit: str = "") -> None:
    """Keep stock for an order, or for what an edit adds to it.

    Call with the variants locked and enough of each free; else the database refuses.
    """
    skus = sorted(wanted)
    quantities = [wanted[sku] for sku in skus]
    await tx.execute(
        "UPDATE variant v SET reserved = v.reserved + w.quantity"
        " FROM unnest(%(skus)s::text[], %(quantities)s::int[]) AS w(sku, quantity) WHERE v.sku = w.sku",
        skus=skus,
        quantities=quantities,
    )
    await tx.execute(
        'INSERT INTO reservation ("order", sku, edit, quantity, until, state)'
        " SELECT %(order)s, w.sku, %(edit)s, w.quantity, %(until)s, 'held'"
        " FROM unnest(%(skus)s::text[], %(quantities)s::int[]) AS w(sku, quantity)"
        ' ON CONFLICT ("order", sku, edit) DO UPDATE'
        " SET quantity = excluded.quantity, until = excluded.until, state = 'held'",
        order=order,
        edit=edit,
        until=until,
        skus=skus,
        quantities=quantities,
    )


async def release(tx: Tx, order: str, *, edit: str = "") -> dict[str, int]:
    """Give back what is held for an order (or its edit); a second call gives back nothing. Returns SKU -> pieces."""
    held = await _lock_held(tx, order, edit)
    if held:
        await tx.execute(
            "UPDATE variant v SET reserved = v.reserved - r.quantity FROM reservation r"
            " WHERE r.\"order\" = %(order)s AND r.edit = %(edit)s AND r.state = 'held' AND v.sku = r.sku",
            order=order,
            edit=edit,
        )
        await tx.execute(
            "UPDATE reservation SET state = 'released'"
            " WHERE \"order\" = %(order)s AND edit = %(edit)s AND state = 'held'",
            order=order,
            edit=edit,
        )
    return held


async def take(tx: Tx, order: str, *, edit: str = "") -> dict[str, int]:
    """What is held for an order (or its edit) leaves the shelf; a second call takes nothing. Returns SKU -> pieces."""
    held = await _lock_held(tx, order, edit)
    if held:
        await tx.execute(
            "UPDATE variant v SET on_hand = v.on_hand - r.quantity, reserved = v.reserved - r.quantity"
            " FROM reservation r WHERE r.\"order\" = %(order)s AND r.edit = %(edit)s AND r.state = 'held'"
            " AND v.sku = r.sku",
            order=order,
            edit=edit,
        )
        await tx.execute(
            "UPDATE reservation SET state = 'taken' WHERE \"order\" = %(order)s AND edit = %(edit)s AND state = 'held'",
            order=order,
            edit=edit,
        )
    return held


async def put_back(tx: Tx, pieces: Mapping[str, int]) -> None:
    """What an order had taken and does not want any more lies on the shelf again."""
    for sku in sorted(pieces):
        await tx.execute("UPDATE variant SET on_hand = on_hand + %s WHERE sku = %s", pieces[sku], sku)


async def recount(tx: Tx, order: str, wanted: Mapping[str, int], *, edit: str) -> None:
    """After an edit: what is taken for the order is one row a SKU, as its lines are."""
    await tx.execute('DELETE FROM reservation WHERE "order" = %s AND edit = %s', order, edit)
    await tx.execute(
        "UPDATE reservation SET state = 'released' WHERE \"order\" = %s AND edit = '' AND sku <> ALL(%s)",
        order,
        list(wanted),
    )
    for sku, quantity in sorted(wanted.items()):
        await tx.execute(
            "INSERT INTO reservation (\"order\", sku, edit, quantity, state) VALUES (%s, %s, '', %s, 'taken')"
            ' ON CONFLICT ("order", sku, edit) DO UPDATE SET quantity = excluded.quantity, state = excluded.state',
            order,
            sku,
            quantity,
        )


async def held_until(tx: Tx, sku: str, wanted: int, free: int, customer: str) -> datetime | None:
    """When unpaid links of others will have given back enough, if they are not paid; None: they do not hold enough."""
    rows = await tx.rows(
        'SELECT r.quantity, r.until FROM reservation r JOIN shop_order o ON o.id = r."order"'
        " WHERE r.sku = %(sku)s AND r.state = 'held' AND r.until IS NOT NULL AND o.customer <> %(customer)s"
        " ORDER BY r.until",
        sku=sku,
        customer=customer,
    )
    for row in rows:
        free += row["quantity"]
        if free >= wanted:
            until: datetime = row["until"]
            return until
    return None


async def _lock_held(tx: Tx, order: str, edit: str) -> dict[str, int]:
    rows = await tx.rows(
        "SELECT r.sku, r.quantity FROM reservation r JOIN variant v ON v.sku = r.sku"
        " WHERE r.\"order\" = %(order)s AND r.edit = %(edit)s AND r.state = 'held' ORDER BY r.sku FOR UPDATE OF v, r",
        order=order,
        edit=edit,
    )
    return {row["sku"]: row["quantity"] for row in rows}
