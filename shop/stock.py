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


async def reserve(tx: Tx, order: str, wanted: Mapping[str, int], until: datetime | None) -> None:
    """Keep stock for an order. Call with the variants locked and enough of each free; else the database refuses."""
    skus = sorted(wanted)
    quantities = [wanted[sku] for sku in skus]
    await tx.execute(
        "UPDATE variant v SET reserved = v.reserved + w.quantity"
        " FROM unnest(%(skus)s::text[], %(quantities)s::int[]) AS w(sku, quantity) WHERE v.sku = w.sku",
        skus=skus,
        quantities=quantities,
    )
    await tx.execute(
        'INSERT INTO reservation ("order", sku, quantity, until, state)'
        " SELECT %(order)s, w.sku, w.quantity, %(until)s, 'held'"
        " FROM unnest(%(skus)s::text[], %(quantities)s::int[]) AS w(sku, quantity)"
        ' ON CONFLICT ("order", sku) DO UPDATE'
        " SET quantity = excluded.quantity, until = excluded.until, state = 'held'",
        order=order,
        until=until,
        skus=skus,
        quantities=quantities,
    )


async def release(tx: Tx, order: str) -> dict[str, int]:
    """Give back what is held for an order; a second call gives back nothing. Returns SKU -> pieces."""
    held = await _lock_held(tx, order)
    if held:
        await tx.execute(
            "UPDATE variant v SET reserved = v.reserved - r.quantity FROM reservation r"
            " WHERE r.\"order\" = %(order)s AND r.state = 'held' AND v.sku = r.sku",
            order=order,
        )
        await tx.execute(
            "UPDATE reservation SET state = 'released' WHERE \"order\" = %(order)s AND state = 'held'", order=order
        )
    return held


async def take(tx: Tx, order: str) -> dict[str, int]:
    """What is held for an order leaves the shelf; a second call takes nothing. Returns SKU -> pieces."""
    held = await _lock_held(tx, order)
    if held:
        await tx.execute(
            "UPDATE variant v SET on_hand = v.on_hand - r.quantity, reserved = v.reserved - r.quantity"
            " FROM reservation r WHERE r.\"order\" = %(order)s AND r.state = 'held' AND v.sku = r.sku",
            order=order,
        )
        await tx.execute(
            "UPDATE reservation SET state = 'taken' WHERE \"order\" = %(order)s AND state = 'held'", order=order
        )
    return held


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


async def _lock_held(tx: Tx, order: str) -> dict[str, int]:
    rows = await tx.rows(
        "SELECT r.sku, r.quantity FROM reservation r JOIN variant v ON v.sku = r.sku"
        " WHERE r.\"order\" = %(order)s AND r.state = 'held' ORDER BY r.sku FOR UPDATE OF v, r",
        order=order,
    )
    return {row["sku"]: row["quantity"] for row in rows}
