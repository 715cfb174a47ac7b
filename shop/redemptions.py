"""The ledger of promotions: a use is reserved with the order, committed by its payment, released with its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from base.db import Tx
from base.ids import new_id


async def lock_uses(tx: Tx, promotions: Sequence[str], customer: str, order: str = "") -> tuple[str, ...]:
    """Lock these promotions (by id) and tell which of them have no use left for this customer, besides `order`."""
    if not promotions:
        return ()
    rows = await tx.rows(
        "SELECT id, uses, total_limit, per_customer_limit FROM promotion WHERE id = ANY(%(ids)s) AND active"
        " ORDER BY id FOR UPDATE",
        ids=sorted(set(promotions)),
    )
    own = await tx.rows(
        "SELECT promotion, count(*) AS uses FROM redemption WHERE customer = %(customer)s"
        " AND promotion = ANY(%(ids)s) AND state <> 'released' AND \"order\" <> %(order)s GROUP BY promotion",
        customer=customer,
        ids=sorted(set(promotions)),
        order=order,
    )
    used = {row["promotion"]: row["uses"] for row in own}
    left = {
        row["id"]
        for row in rows
        if (row["total_limit"] is None or row["uses"] < row["total_limit"])
        and (row["per_customer_limit"] is None or used.get(row["id"], 0) < row["per_customer_limit"])
    }
    return tuple(promotion for promotion in promotions if promotion not in left)


async def reserve_uses(tx: Tx, order: str, customer: str, promotions: Sequence[str], now: datetime) -> None:
    """Count one use of each for an order. Call with the promotions locked; the database refuses one too many."""
    for promotion in sorted(set(promotions)):
        await tx.execute("UPDATE promotion SET uses = uses + 1 WHERE id = %s", promotion)
        await tx.execute(
            'INSERT INTO redemption (id, promotion, customer, "order", state, at)'
            " VALUES (%s, %s, %s, %s, 'reserved', %s)"
            " ON CONFLICT (promotion, \"order\") DO UPDATE SET state = 'reserved', at = excluded.at",
            new_id(),
            promotion,
            customer,
            order,
            now,
        )


async def release_uses(tx: Tx, order: str) -> None:
    """Give back the uses that an unpaid order reserved; a second call gives back nothing."""
    rows = await tx.rows(
        "SELECT r.promotion FROM redemption r JOIN promotion p ON p.id = r.promotion"
        " WHERE r.\"order\" = %(order)s AND r.state = 'reserved' ORDER BY p.id FOR UPDATE OF p, r",
        order=order,
    )
    if rows:
        await tx.execute(
            "UPDATE promotion SET uses = uses - 1 WHERE id = ANY(%(ids)s)", ids=[row["promotion"] for row in rows]
        )
        await tx.execute(
            "UPDATE redemption SET state = 'released' WHERE \"order\" = %(order)s AND state = 'reserved'", order=order
        )


async def commit_uses(tx: Tx, order: str) -> None:
    """The order is paid (or agreed, for cash on delivery): its uses are final."""
    await tx.execute(
        "UPDATE redemption SET state = 'committed' WHERE \"order\" = %(order)s AND state = 'reserved'", order=order
    )
