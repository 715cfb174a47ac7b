"""Forgetting a customer: what the books need stays without him, everything else goes."""

from __future__ import annotations

from datetime import datetime

from base.db import Tx
from shop.customers import record_consent

UNDER_WAY = ["awaiting_payment", "confirmed", "paid", "shipped"]
GOES = ("customer_address", "stock_watch", "quote")


async def erase_customer(tx: Tx, customer: str, now: datetime) -> bool:
    """Erase what is known of the customer; False while an order under way still needs his name and address.

    Orders keep number, goods, amounts and dates: the law wants books. Safe to do again.
    """
    open_orders = await tx.rows(
        "SELECT id FROM shop_order WHERE customer = %s AND status = ANY(%s) FOR UPDATE", customer, UNDER_WAY
    )
    await tx.execute(
        """UPDATE shop_order SET recipient = '', phone = '', email = NULL, address = NULL, city = NULL
           WHERE customer = %s AND status <> ALL(%s)""",
        customer, UNDER_WAY,
    )  # fmt: skip
    for table in GOES:
        await tx.execute(f"DELETE FROM {table} WHERE customer = %s", customer)  # noqa: S608 - fixed names
    await tx.execute("DELETE FROM cart_event WHERE cart IN (SELECT id FROM cart WHERE customer = %s)", customer)
    await tx.execute("DELETE FROM cart WHERE customer = %s", customer)
    await tx.execute("UPDATE feedback SET words = '' WHERE customer = %s", customer)
    await tx.execute("UPDATE return_request SET reason = '' WHERE customer = %s", customer)
    open_ids = [row["id"] for row in open_orders]
    await tx.execute(
        """UPDATE task SET text = '[erased]', state = 'done'
           WHERE customer = %s AND text <> '[erased]' AND ("order" IS NULL OR "order" <> ALL(%s))""",
        customer, open_ids,
    )  # fmt: skip
    await tx.execute(
        "UPDATE customer SET name = NULL, phone = NULL, email = NULL, zone = NULL, segments = '[]' WHERE id = %s",
        customer,
    )
    await record_consent(tx, customer, "marketing", "erasure", now, granted=False)
    return not open_orders
