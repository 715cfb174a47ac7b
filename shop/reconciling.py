"""Asking about all money that is not final at once, instead of at its times: for a person who wants to know now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from base.db import Database
from shop.disputes import look_up_due
from shop.handlers import Tell
from shop.payment_port import PaymentProvider
from shop.payments import OPENED, cancel_due, reconcile
from shop.refunds import submit_due
from shop.shopfile import ShopFile

_NOT_FINAL = f"""
SELECT a.*, o.number FROM (
  SELECT id, "order", provider, 'payment' AS kind, state, created_at FROM payment WHERE ({OPENED}) OR cancel_due
  UNION ALL SELECT r.id, r."order", p.provider, 'refund', r.state, r.created_at FROM refund r
    JOIN payment p ON p.id = r.payment WHERE r.state IN ('created', 'submitted', 'failed')
  UNION ALL SELECT id, "order", provider, 'dispute', state, opened_at FROM dispute WHERE state = 'open'
) a LEFT JOIN shop_order o ON o.id = a."order" WHERE a.provider = ANY(%s) ORDER BY a.created_at, a.id
"""  # noqa: S608 (own words)
_STATES = """
SELECT id, state FROM payment WHERE id = ANY(%(ids)s) UNION ALL SELECT id, state FROM refund WHERE id = ANY(%(ids)s)
UNION ALL SELECT id, state FROM dispute WHERE id = ANY(%(ids)s)
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """A payment, refund or dispute that stands otherwise than before its provider was asked."""

    order: str | None  # its number
    provider: str
    kind: Literal["payment", "refund", "dispute"]
    before: str
    after: str


async def ask_now(
    db: Database, providers: Mapping[str, PaymentProvider], shop: ShopFile, tell: Tell, now: datetime
) -> tuple[int, tuple[Moved, ...]]:
    """Ask about everything that is not final, whenever it would be due, and take the answers in.

    Returns how many there were to ask about, and what has moved. Once each: what no provider answers stays as it is.
    """
    async with db.begin() as tx:
        before = await tx.rows(_NOT_FINAL, list(providers))
        await tx.execute(f"UPDATE payment SET look_at = %s WHERE ({OPENED}) OR cancel_due", now)  # noqa: S608
        await tx.execute("UPDATE refund SET look_at = %s WHERE state IN ('created', 'submitted', 'failed')", now)
        await tx.execute("UPDATE dispute SET look_at = %s WHERE state = 'open'", now)
    most = len(before) + 1
    await reconcile(db, providers, shop, tell, now, limit=most)
    await cancel_due(db, providers, shop, tell, now, limit=most)
    await submit_due(db, providers, now, limit=most)
    await look_up_due(db, providers, now)
    async with db.begin() as tx:
        states = {row["id"]: row["state"] for row in await tx.rows(_STATES, ids=[row["id"] for row in before])}
    moved = [Moved(row["number"], row["provider"], row["kind"], row["state"], states[row["id"]]) for row in before]
    return len(before), tuple(one for one in moved if one.before != one.after)
