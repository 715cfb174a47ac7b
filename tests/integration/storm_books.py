"""The books after a storm: what the providers hold, what our tables say, and what each order is owed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field

from base.db import Tx
from base.ids import new_id
from desk.money import sent_back
from desk.people import add_manager
from shop.ledger import read_ledger
from shop.orders import OPEN
from tests.integration.shopping import under_way
from tests.integration.storm import PLENTY, SCARCE, Storm, now
from tests.integration.storm_customers import end_hold

UNFINISHED = {
    "attempts": "SELECT id, provider, state, cancel_due FROM payment"
    " WHERE state IN ('created', 'pending', 'declined') OR cancel_due",
    "refunds": "SELECT id, state FROM refund WHERE state NOT IN ('done', 'voided')",
    "disputes": "SELECT id, provider FROM dispute WHERE state = 'open' OR payment IS NULL",
    "edits": "SELECT id, state FROM order_edit WHERE state = 'awaiting_payment'",
    "orders": "SELECT id, status FROM shop_order WHERE status = 'awaiting_payment'",
}


@dataclass
class Books:
    """Sums in minor units, by provider. `wrong` is empty when everything adds up."""

    ours: Counter[str] = field(default_factory=Counter)
    theirs: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)  # by status
    decisions: Counter[str] = field(default_factory=Counter)
    refunds: int = 0
    lost: int = 0  # to disputes
    kept_twice: int = 0  # orders for which the providers hold other money than is owed
    untold: int = 0  # paid orders whose customer was not told
    told_twice: int = 0
    unfinished: int = 0  # attempts and refunds without a final state
    stock_off: int = 0
    edits: int = 0  # paid changes of paid orders

    @property
    def wrong(self) -> dict[str, object]:
        sums = {name: (self.ours[name], self.theirs[name]) for name in {*self.ours, *self.theirs}}
        found: dict[str, object] = {name: both for name, both in sums.items() if both[0] != both[1]}
        for name in ("kept_twice", "untold", "told_twice", "unfinished", "stock_off"):
            if value := getattr(self, name):
                found[name] = value
        return found


async def settle_down(storm: Storm, url: str, *, within: float, hurry: float) -> dict[str, object]:
    """Wait until nothing moves any more; returns what did not come to rest.

    After `hurry` seconds the holds of all orders that nobody pays end. A manager sends back what goes by hand.
    """
    began = time.monotonic()
    async with storm.db.begin() as tx:
        manager = await add_manager(tx, "Olga", f"olga-{new_id()}", "a-long-password", "admin")
    left: dict[str, object] = {}
    while time.monotonic() < began + within:
        if time.monotonic() > began + hurry:
            async with storm.db.begin() as tx:
                waiting = "SELECT id FROM shop_order WHERE status = 'awaiting_payment' OR id IN (SELECT \"order\""
                waiting += " FROM order_edit WHERE state = 'awaiting_payment') ORDER BY id"
                for row in await tx.rows(waiting):
                    await end_hold(tx, row["id"])
        async with storm.db.begin() as tx:
            by_hand = await tx.rows(
                'SELECT DISTINCT o.number FROM refund r JOIN shop_order o ON o.id = r."order"'
                " WHERE r.state = 'needs_person'"
            )
            for row in by_hand:
                money = await sent_back(tx, row["number"], manager, now=now())
                storm.given_back += money.amount_minor
            left = {kind: rows for kind, query in UNFINISHED.items() if (rows := await tx.rows(query))}
        left |= under_way(url)
        if storm.delivering:
            left["webhooks on their way"] = len(storm.delivering)
        if not left and not storm.stripe.due and not storm.paypal.due and not storm.webmoney.due:
            return {}
        await asyncio.sleep(0.5)
    return left


async def read_books(storm: Storm) -> Books:
    async with storm.db.begin() as tx:
        books = Books()
        await _sums(tx, storm, books)
        rows = await tx.rows("SELECT status, count(*) AS n FROM shop_order GROUP BY status")
        books.orders = Counter({row["status"]: row["n"] for row in rows})
        rows = await tx.rows("SELECT decision, count(*) AS n FROM payment_report GROUP BY decision")
        books.decisions = Counter({row["decision"]: row["n"] for row in rows})
        books.refunds = await _count(tx, "SELECT count(*) FROM refund")
        for kind in ("attempts", "refunds", "disputes", "edits"):
            books.unfinished += len(await tx.rows(UNFINISHED[kind]))
        await _messages(tx, books)
        books.stock_off = await _count(
            tx,
            "SELECT count(*) FROM variant v WHERE v.reserved <> 0 OR v.on_hand <> (CASE WHEN v.sku = %s THEN v.on_hand"
            " ELSE %s END) - CASE WHEN v.sku = %s THEN 0 ELSE (SELECT coalesce(sum(l.quantity), 0) FROM order_line l"
            ' JOIN shop_order o ON o.id = l."order" WHERE l.sku = v.sku AND o.status = ANY(%s)) END',
            SCARCE, PLENTY, SCARCE, list(OPEN),
        )  # fmt: skip
    return books


async def _sums(tx: Tx, storm: Storm, books: Books) -> None:
    held: Counter[str] = Counter()  # key of the attempt -> what the provider holds
    for session in storm.stripe.sessions.values():
        if session["payment_status"] == "paid":
            held[session["client_reference_id"]] += session["amount_total"]
            books.theirs["stripe"] += session["amount_total"]
    intents = {one["payment_intent"]: one["client_reference_id"] for one in storm.stripe.sessions.values()}
    for refund in storm.stripe.refunds.values():
        held[intents[refund["payment_intent"]]] -= refund["amount"]
        books.theirs["stripe"] -= refund["amount"]
    for dispute in storm.stripe.disputes.values():
        if dispute["status"] == "lost":
            books.theirs["stripe"] -= dispute["amount"]
            held[intents[dispute["payment_intent"]]] -= dispute["amount"]
    lost = {capture: _minor(str(amount)) for capture, amount in storm.paypal.lost().items()}
    books.theirs["paypal"] -= sum(lost.values())
    for order in storm.paypal.orders.values():
        unit = order["purchase_units"][0]
        payments = unit.get("payments", {})
        took = sum(_minor(one["amount"]["value"]) for one in payments.get("captures", ()))
        held[unit["custom_id"]] -= sum(lost.get(one["id"], 0) for one in payments.get("captures", ()))
        took -= sum(_minor(one["amount"]["value"]) for one in payments.get("refunds", ()))
        held[unit["custom_id"]] += took
        books.theirs["paypal"] += took
    serials = {str(row["serial"]): row["key"] for row in await tx.rows("SELECT serial, key FROM payment")}
    for number, amount in storm.webmoney.taken:
        held[serials[number]] += _minor(amount)
        books.theirs["webmoney"] += _minor(amount)
    books.theirs["webmoney"] -= storm.given_back
    rows = await tx.rows(
        "SELECT s.key, s.amount_minor - coalesce((SELECT sum(r.amount_minor) FROM sandbox_refund r"
        " WHERE r.payment = s.reference), 0) AS amount FROM sandbox_payment s WHERE s.state = 'paid'"
    )
    for row in rows:
        held[row["key"]] += row["amount"]
        books.theirs["sandbox"] += row["amount"]
    for account in await read_ledger(tx):
        books.ours[account.provider] += account.held.amount_minor
        books.lost += account.lost.amount_minor
    by_hand = await tx.rows(
        "SELECT p.key, sum(r.amount_minor) AS amount FROM refund r JOIN payment p ON p.id = r.payment"
        " WHERE p.provider = 'webmoney' AND r.state = 'done' GROUP BY p.key"
    )
    for row in by_hand:
        held[row["key"]] -= int(row["amount"])
    rows = await tx.rows(
        'SELECT o.id, o.status, o.total_minor, (SELECT array_agg(p.key) FROM payment p WHERE p."order" = o.id) AS keys,'
        ' EXISTS (SELECT 1 FROM dispute d JOIN payment p ON p.id = d.payment WHERE p."order" = o.id AND p.counts'
        " AND d.state = 'lost') AS lost FROM shop_order o"
    )
    for row in rows:
        owed = row["total_minor"] if row["status"] in OPEN and not row["lost"] else 0
        books.kept_twice += owed != sum(held[key] for key in row["keys"] or ())


async def _messages(tx: Tx, books: Books) -> None:
    rows = await tx.rows(
        "SELECT o.id, (SELECT count(*) FROM outbox b JOIN conversation c ON c.id = b.conversation_id"
        "  WHERE c.customer_id = o.customer AND b.status = 'sent'"
        "  AND b.keys ?| array['payment.settled', 'payment.revived']) AS told"
        " FROM shop_order o WHERE o.paid_at IS NOT NULL"
    )
    books.untold = sum(row["told"] == 0 for row in rows)
    books.told_twice = sum(row["told"] > 1 for row in rows)
    rows = await tx.rows(
        "SELECT count(DISTINCT e.id) AS paid, (SELECT count(*) FROM outbox b JOIN conversation c"
        " ON c.id = b.conversation_id WHERE c.customer_id = o.customer AND b.status = 'sent'"
        " AND b.keys ? 'edit.paid') AS told FROM order_edit e JOIN shop_order o ON o.id = e.\"order\""
        " WHERE e.state = 'done' AND e.difference_minor > 0 GROUP BY o.customer"
    )
    books.edits = sum(row["paid"] for row in rows)
    books.untold += sum(row["told"] < row["paid"] for row in rows)
    books.told_twice += sum(row["told"] > row["paid"] for row in rows)


async def _count(tx: Tx, query: str, *args: object) -> int:
    row = await tx.row(query, *args)
    assert row is not None
    return int(row["count"])


def _minor(value: str) -> int:
    whole, _, part = value.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)
