"""Customers: what they may confirm instead of typing it again, what they agreed to, and what they wait for."""

from __future__ import annotations

from datetime import datetime

from base.db import Tx
from base.ids import new_id


async def remember_contact(
    tx: Tx, customer: str, *, name: str, phone: str, email: str | None, address: str | None, now: datetime
) -> None:
    """Keep what an order was placed with; the newest address goes under the empty label unless it has one already."""
    await tx.execute(
        "UPDATE customer SET name = %s, phone = %s, email = coalesce(%s, email) WHERE id = %s",
        name,
        phone,
        email,
        customer,
    )
    if address:
        used = await tx.execute(
            "UPDATE customer_address SET used_at = %s WHERE customer = %s AND address = %s AND label <> ''",
            now,
            customer,
            address,
        )
        if not used:
            await save_address(tx, customer, "", address, now)


async def save_address(tx: Tx, customer: str, label: str, address: str, now: datetime) -> None:
    """Keep an address under a label of the customer's ("office"); a new one replaces it."""
    await tx.execute(
        "INSERT INTO customer_address (customer, label, address, used_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (customer, label) DO UPDATE SET address = excluded.address, used_at = excluded.used_at",
        customer,
        label,
        address,
        now,
    )


async def record_consent(tx: Tx, customer: str, kind: str, source: str, now: datetime, *, granted: bool) -> None:
    """Append to the ledger what a customer agreed to or took back."""
    await tx.execute(
        "INSERT INTO consent (customer, kind, granted, source, at) VALUES (%s, %s, %s, %s, %s)",
        customer,
        kind,
        granted,
        source,
        now,
    )


async def has_consent(tx: Tx, customer: str, kind: str) -> bool:
    """What the newest row says; no row means no."""
    row = await tx.row(
        "SELECT granted FROM consent WHERE customer = %s AND kind = %s ORDER BY id DESC LIMIT 1", customer, kind
    )
    return bool(row and row["granted"])


async def watch_stock(tx: Tx, customer: str, sku: str, source: str, now: datetime) -> bool:
    """Remember a customer's yes to being told when a variant is back; False when it was remembered already."""
    made = await tx.execute(
        "INSERT INTO stock_watch (id, customer, sku, source, at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (customer, sku) WHERE told_at IS NULL DO NOTHING",
        new_id(),
        customer,
        sku,
        source,
        now,
    )
    if made:
        await record_consent(tx, customer, f"stock_alert:{sku}", source, now, granted=True)
    return bool(made)
