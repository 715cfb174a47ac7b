"""Money: one row per attempt, the provider's reports judged, late and double money given back. The port is beside."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from base.db import Database, Row, Tx
from base.errors import OutcomeUnknown, Refused, TryLater
from shop import history, stock
from shop.attempts import BY_HAND, LIVE, Attempt, begin_attempt, live_attempt, read_attempt
from shop.cart import Line, Lines
from shop.commands import PaymentDeclined, PaymentExpired, PaymentRefunded, PaymentSettled
from shop.delivery import create_shipment, send_digital
from shop.handlers import Tell
from shop.orders import Order, close_payments, lock_order, order_lines, wanted_of
from shop.pay_links import GoByForm, GoToPage, PayLink, open_payment_page, read_pay_link, still_open, why_not_collect
from shop.payment_port import Captures, PaymentProvider, PaymentReport, RefundReport
from shop.redemptions import commit_uses, lock_uses, reserve_uses
from shop.refunds import apply_refund_report, create_refund
from shop.shopfile import ShopFile
from shop.states import ORDER, PAYMENT

log = logging.getLogger(__name__)

NO_ANSWER = (OutcomeUnknown, TryLater, Refused)  # asked again with the next sweep
SAME_APPROVAL = timedelta(minutes=1)  # an approval told so soon after a decline is the one that was declined

Decision = Literal[
    "settled", "revived", "declined", "expired", "pending", "approved", "late", "double", "wrong_amount", "disputed",
    "already", "duplicate", "nobodys", "nothing",
]  # fmt: skip


# ---- what a report means -------------------------------------------------------------------------


async def apply_report(tx: Tx, report: PaymentReport, shop: ShopFile, tell: Tell, now: datetime) -> Decision:
    """Judge one report of a provider; the same one twice changes nothing. Contradictory money becomes a task."""
    found = await tx.row(
        'SELECT id, "order" FROM payment WHERE provider = %s AND (key = %s OR reference = %s)',
        report.provider,
        report.key,
        report.reference,
    )
    order = await lock_order(tx, found["order"]) if found else None
    kept = await tx.row(
        "INSERT INTO payment_report (provider, event, payment, state, amount_minor, currency, decision, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, '', %s) ON CONFLICT (provider, event) DO NOTHING RETURNING id",
        report.provider,
        report.event,
        found["id"] if found else None,
        report.state,
        report.amount.amount_minor if report.amount else None,
        report.amount.currency if report.amount else None,
        now,
    )
    if kept is None:
        return "duplicate"
    if found is None or order is None:
        decision = await _nobodys(tx, report, now)
    else:
        row = await tx.row("SELECT * FROM payment WHERE id = %s FOR UPDATE", found["id"])
        assert row is not None
        decision = await _judge(tx, order, row, report, shop, tell, now)
    await tx.execute("UPDATE payment_report SET decision = %s WHERE id = %s", decision, kept["id"])
    return decision


async def _judge(
    tx: Tx, order: Order, row: Row, report: PaymentReport, shop: ShopFile, tell: Tell, now: datetime
) -> Decision:
    if report.reference and not row["reference"]:
        await tx.execute("UPDATE payment SET reference = %s WHERE id = %s", report.reference, row["id"])
    match report.state:
        case "settled":
            return await _settled(tx, order, row, report, shop, tell, now)
        case "declined":
            return await _declined(tx, order, row, report, tell, now)
        case "expired" | "cancelled":
            return await _expired(tx, order, row, report, tell, now)
        case "pending" if row["state"] == "created":
            await _advance(tx, row, "pending", who=report.provider, why="reported", now=now)
            return "pending"
        case "approved":
            return await _approved(tx, order, row, report, now)
        case "disputed":
            await _task(tx, order, row, "dispute", "the payment is disputed", now)
            return "disputed"
        case _:
            return "nothing"


async def _settled(
    tx: Tx, order: Order, row: Row, report: PaymentReport, shop: ShopFile, tell: Tell, now: datetime
) -> Decision:
    if row["state"] in ("settled", "refunded"):
        return await _already(tx, order, row, report, now)
    attempt = read_attempt(row)
    await _advance(tx, row, "settled", who=report.provider, why="reported", now=now)
    settled = "UPDATE payment SET settled_at = %s, receipt = %s, cancel_due = false WHERE id = %s"
    await tx.execute(settled, report.at, report.receipt, attempt.id)
    if report.amount is not None and report.amount != attempt.amount:
        words = f"{report.amount} {report.amount.currency} came instead of {attempt.amount} {attempt.amount.currency}"
        await _task(tx, order, row, "wrong_amount", words, now)
        return "wrong_amount"
    if order.status in ("awaiting_payment", "confirmed"):
        await _pay(tx, order, attempt, shop, now, why="paid")
        await tell(tx, order.customer, PaymentSettled(order=order.id, payment=attempt.id, number=order.number))
        return "settled"
    if order.status == "expired" and await _hold_again(tx, order, now):
        await _pay(tx, order, attempt, shop, now, why="paid late, the stock was still there")
        await tell(
            tx,
            order.customer,
            PaymentSettled(order=order.id, payment=attempt.id, number=order.number, revived=True),
        )
        return "revived"
    paid_before = order.status not in ("expired", "cancelled")
    if order.status == "expired":
        await history.advance(
            tx, ORDER, order.id, "expired", "cancelled", who="shop", why="paid late, the stock was gone", now=now
        )
        await tx.execute("UPDATE shop_order SET cancelled_at = %s WHERE id = %s", now, order.id)
    await _give_back(tx, order, attempt, "double" if paid_before else "late", tell, now)
    return "double" if paid_before else "late"


async def _already(tx: Tx, order: Order, row: Row, report: PaymentReport, now: datetime) -> Decision:
    """Settled before. Another transfer for the same attempt is other money, and a person gives it back."""
    others = report.transfer and await tx.row(
        "SELECT 1 FROM payment_report WHERE payment = %s AND state = 'settled' AND event <> %s LIMIT 1",
        row["id"],
        report.event,
    )
    if not others:
        return "already"
    await _task(tx, order, row, "paid_twice", f"paid a second time by transfer {report.transfer}", now)
    return "double"


async def _pay(tx: Tx, order: Order, attempt: Attempt, shop: ShopFile, now: datetime, *, why: str) -> None:
    """The order is paid by this attempt: stock leaves the shelf, promo uses are final, the parcel is to be booked."""
    await tx.execute("UPDATE payment SET counts = true WHERE id = %s", attempt.id)
    await history.advance(tx, ORDER, order.id, order.status, "paid", who=attempt.provider, why=why, now=now)
    await tx.execute("UPDATE shop_order SET paid_at = %s, payment = %s WHERE id = %s", now, attempt.method, order.id)
    await close_payments(tx, order.id, "voided", who="shop", why="the order was paid by another attempt", now=now)
    await stock.take(tx, order.id)
    await commit_uses(tx, order.id)
    await create_shipment(tx, order, shop, now)
    await send_digital(tx, order, shop, now)


async def settle_without_money(tx: Tx, order: Order, shop: ShopFile, now: datetime) -> None:
    """An order that costs nothing is paid as soon as it is placed."""
    await history.advance(tx, ORDER, order.id, order.status, "paid", who="shop", why="nothing to pay", now=now)
    await tx.execute("UPDATE shop_order SET paid_at = %s WHERE id = %s", now, order.id)
    await stock.take(tx, order.id)
    await commit_uses(tx, order.id)
    await create_shipment(tx, order, shop, now)
    await send_digital(tx, order, shop, now)


async def hold_again(tx: Tx, order: Order, until: datetime | None, now: datetime) -> Lines:
    """Keep stock and promo uses anew for an order whose hold had ended. Returns what is short; then nothing is kept."""
    wanted = wanted_of(await order_lines(tx, order.id))
    short = stock.missing(wanted, await stock.lock_stock(tx, wanted))
    if short:
        return tuple(Line(sku, quantity) for sku, quantity in short.items())
    rows = await tx.rows("SELECT promotion FROM redemption WHERE \"order\" = %s AND state = 'released'", order.id)
    uses = [row["promotion"] for row in rows]
    if await lock_uses(tx, uses, order.customer, order.id):
        return await order_lines(tx, order.id)
    await stock.reserve(tx, order.id, wanted, until)
    await reserve_uses(tx, order.id, order.customer, uses, now)
    return ()


async def _hold_again(tx: Tx, order: Order, now: datetime) -> bool:
    return not await hold_again(tx, order, None, now)


async def _give_back(
    tx: Tx, order: Order, attempt: Attempt, reason: Literal["late", "double"], tell: Tell, now: datetime
) -> None:
    refund = await create_refund(tx, attempt.id, order.id, attempt.amount, reason, now)
    words = f"{order.number}: money came {'a second time' if reason == 'double' else 'too late'} and goes back"
    await history.raise_task(
        tx, f"refund_{reason}", words, key=f"refund-{attempt.id}", now=now, customer=order.customer, order=order.id
    )
    await tell(
        tx,
        order.customer,
        PaymentRefunded(
            order=order.id,
            payment=attempt.id,
            number=order.number,
            amount=attempt.amount,
            by=refund.by,
            reason="other" if order.status == "cancelled" and reason == "late" else reason,  # cancelled before it came
        ),
    )


async def _approved(tx: Tx, order: Order, row: Row, report: PaymentReport, now: datetime) -> Decision:
    """The customer has agreed; no money has moved. Whether it is taken is decided right before it would be."""
    if row["state"] not in LIVE:
        return "nothing"
    if report.amount is not None and report.amount != read_attempt(row).amount:
        words = f"{report.amount} {report.amount.currency} was approved, which is not what was asked for; none is taken"
        await _task(tx, order, row, "wrong_amount", words, now)
        return "wrong_amount"
    if row["state"] == "declined":
        last = await tx.row(
            "SELECT max(at) AS at FROM payment_report WHERE payment = %s AND state = 'declined'", row["id"]
        )
        if last is not None and last["at"] is not None and report.at <= last["at"] + SAME_APPROVAL:
            return "already"
    if row["state"] in ("created", "declined"):
        await _advance(tx, row, "pending", who=report.provider, why="approved by the customer", now=now)
    return "approved"


async def _declined(tx: Tx, order: Order, row: Row, report: PaymentReport, tell: Tell, now: datetime) -> Decision:
    if not PAYMENT.allows(row["state"], "declined"):
        return "nothing"
    await _advance(tx, row, "declined", who=report.provider, why="reported", now=now)
    if order.status == "awaiting_payment":
        await tell(
            tx,
            order.customer,
            PaymentDeclined(order=order.id, payment=row["id"], number=order.number, until=order.reserved_until),
        )
    return "declined"


async def _expired(tx: Tx, order: Order, row: Row, report: PaymentReport, tell: Tell, now: datetime) -> Decision:
    if not PAYMENT.allows(row["state"], "expired"):
        return "nothing"
    await _advance(tx, row, "expired", who=report.provider, why=f"{report.state} at the provider", now=now)
    if order.status == "awaiting_payment":
        await tell(tx, order.customer, PaymentExpired(order=order.id, payment=row["id"], number=order.number))
    return "expired"


async def _nobodys(tx: Tx, report: PaymentReport, now: datetime) -> Decision:
    """Money that belongs to no attempt of ours is shown to a person; other reports about strangers are only kept."""
    if report.state in ("settled", "disputed"):
        await history.raise_task(
            tx, "unknown_payment", f"{report.provider} reports a payment that is not known here: {report.reference}",
            key=f"nobodys-{report.provider}-{report.event}", now=now,
        )  # fmt: skip
    return "nobodys"


async def _advance(tx: Tx, row: Row, to: str, *, who: str, why: str, now: datetime) -> None:
    await history.advance(tx, PAYMENT, row["id"], row["state"], to, who=who, why=why, now=now)


async def _task(tx: Tx, order: Order, row: Row, kind: str, words: str, now: datetime) -> None:
    await history.raise_task(
        tx, kind, f"{order.number}: {words}", key=f"{kind}-{row['id']}", now=now, customer=order.customer,
        order=order.id,
    )  # fmt: skip


# ---- asked again: the truth lies with the provider -------------------------------------------------


async def take_in(
    db: Database,
    report: PaymentReport | RefundReport,
    shop: ShopFile,
    tell: Tell,
    now: datetime,
    providers: Mapping[str, PaymentProvider] | None = None,
) -> str:
    """Take in one report of a webhook in a transaction of its own; returns the decision.

    With `providers`, an approved payment is captured while its order still waits for it; where the answer stays away,
    the next look at the attempt captures it.
    """
    if isinstance(report, RefundReport):
        refund_report = report
        return await db.run(lambda tx: apply_refund_report(tx, refund_report, now))
    payment_report = report
    decision = await db.run(lambda tx: apply_report(tx, payment_report, shop, tell, now))
    provider = (providers or {}).get(payment_report.provider)
    if payment_report.state != "approved" or not isinstance(provider, Captures):
        return decision
    wanted = await db.run(lambda tx: _wanted(tx, payment_report, now))
    if wanted is None or payment_report.reference is None:
        return decision
    try:
        captured = await provider.capture(payment_report.reference, key=wanted.key)
    except NO_ANSWER as error:
        log.warning("%s: a capture was not answered clearly and is looked up: %s", provider.code, error.what)
        return decision
    return await take_in(db, captured, shop, tell, now)


async def _wanted(tx: Tx, report: PaymentReport, now: datetime) -> Attempt | None:
    """The attempt whose approved money is to be taken; None once it is declined, dead, late or of another amount."""
    row = await tx.row(
        'SELECT p.*, o.status AS order_status FROM payment p JOIN shop_order o ON o.id = p."order"'
        " WHERE p.provider = %s AND (p.key = %s OR p.reference = %s)",
        report.provider,
        report.key,
        report.reference,
    )
    if row is None or row["state"] == "declined" or not still_open(row, now):
        return None
    attempt = read_attempt(row)
    return attempt if report.amount == attempt.amount else None


async def came_back(
    db: Database, providers: Mapping[str, PaymentProvider], token: str, shop: ShopFile, tell: Tell, now: datetime
) -> None:
    """A customer comes back from the provider and may have agreed there: ask it now. The word itself proves nothing."""
    async with db.begin() as tx:
        row = await tx.row(
            "SELECT * FROM payment WHERE token = %s AND state IN ('pending', 'declined') FOR UPDATE", token
        )
        provider = providers.get(row["provider"]) if row else None
        if row is None or not isinstance(provider, Captures):
            return
        if row["state"] == "declined":  # another way of paying was chosen there
            await _advance(tx, row, "pending", who="customer", why="came back from the provider", now=now)
    attempt = read_attempt(row)
    try:
        report = await provider.look_up(key=attempt.key, reference=attempt.reference)
    except NO_ANSWER:
        return
    await take_in(db, report, shop, tell, now, providers)


async def reconcile(
    db: Database,
    providers: Mapping[str, PaymentProvider],
    shop: ShopFile,
    tell: Tell,
    now: datetime,
    *,
    older_than: timedelta = timedelta(minutes=2),
    limit: int = 50,
) -> int:
    """Look up attempts that were opened and not heard of since; returns how many were asked about."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT * FROM payment WHERE state IN ('created', 'pending', 'declined') AND asked_at <= %s"
            " ORDER BY asked_at LIMIT %s",
            now - older_than,
            limit,
        )
    for attempt in map(read_attempt, rows):
        provider = providers.get(attempt.provider)
        if provider is None or provider.features.by_hand or not provider.features.looks_up:
            continue
        try:
            report = await provider.look_up(key=attempt.key, reference=attempt.reference)
        except NO_ANSWER:
            continue
        await take_in(db, report, shop, tell, now, providers)
    return len(rows)


async def cancel_due(
    db: Database, providers: Mapping[str, PaymentProvider], shop: ShopFile, tell: Tell, now: datetime
) -> int:
    """Tell providers about links that died here; money that came in the same moment is judged. Returns how many."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT * FROM payment WHERE cancel_due AND reference IS NOT NULL ORDER BY created_at LIMIT 50"
        )
    told = 0
    for attempt in map(read_attempt, rows):
        provider = providers.get(attempt.provider)
        if provider is None or attempt.reference is None:
            continue
        try:
            report = await provider.cancel(attempt.reference, key=attempt.key)
        except NO_ANSWER:
            continue
        async with db.begin() as tx:
            told += await tx.execute("UPDATE payment SET cancel_due = false WHERE id = %s", attempt.id)
        await take_in(db, report, shop, tell, now)
    return told


__all__ = [
    "BY_HAND",
    "LIVE",
    "Attempt",
    "Decision",
    "GoByForm",
    "GoToPage",
    "PayLink",
    "PaymentProvider",
    "PaymentReport",
    "apply_report",
    "begin_attempt",
    "came_back",
    "cancel_due",
    "hold_again",
    "live_attempt",
    "open_payment_page",
    "read_attempt",
    "read_pay_link",
    "reconcile",
    "settle_without_money",
    "take_in",
    "why_not_collect",
]
