"""What a provider's report means for an attempt and its order: judged once, late and double money given back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from base.db import Row, Tx
from shop import history, stock
from shop.attempts import LIVE, Attempt, begin_second, read_attempt
from shop.cart import Line, Lines
from shop.commands import (
    OrderEditPaid,
    PaymentDeclined,
    PaymentExpired,
    PaymentRefunded,
    PaymentSettled,
    PaymentUnclear,
)
from shop.delivery import create_shipment, send_digital
from shop.disputes import adopt
from shop.editing import do_edit, hold_more, still_possible
from shop.edits import close_edit, lock_edit, open_edit
from shop.handlers import Tell
from shop.orders import Order, close_payments, lock_order, order_lines, wanted_of
from shop.payment_port import PaymentReport
from shop.redemptions import commit_uses, lock_uses, reserve_uses
from shop.refunds import create_refund, left_to_refund
from shop.shopfile import ShopFile
from shop.states import ORDER, PAYMENT

SAME_APPROVAL = timedelta(minutes=1)  # an approval told so soon after a decline is the one that was declined

Decision = Literal[
    "settled", "revived", "declined", "expired", "pending", "approved", "late", "double", "wrong_amount", "already",
    "duplicate", "nobodys", "nothing",
]  # fmt: skip


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
        case "pending" | "on_its_way" if row["state"] == "created":
            await _advance(tx, row, "pending", who=report.provider, why="reported", now=now)
            return "pending"
        case "approved":
            return await _approved(tx, order, row, report, now)
        case _:
            return "nothing"


async def _settled(
    tx: Tx, order: Order, row: Row, report: PaymentReport, shop: ShopFile, tell: Tell, now: datetime
) -> Decision:
    if row["state"] in ("settled", "refunded"):
        return await _already(tx, order, row, report, tell, now)
    attempt = read_attempt(row)
    await _advance(tx, row, "settled", who=report.provider, why="reported", now=now)
    settled = "UPDATE payment SET settled_at = %s, receipt = %s, cancel_due = false WHERE id = %s"
    await tx.execute(settled, report.at, report.receipt, attempt.id)
    await adopt(tx, now, payment=attempt.id)
    if report.amount is not None and report.amount != attempt.amount:
        came = "UPDATE payment SET came_minor = %s, came_currency = %s WHERE id = %s"
        await tx.execute(came, report.amount.amount_minor, report.amount.currency, attempt.id)
        words = f"{report.amount} {report.amount.currency} came instead of {attempt.amount} {attempt.amount.currency}"
        words += ". The customer knows that a person looks at it. Give it back: shopkeeper payments refund"
        await _task(tx, order, row, "wrong_amount", words, now)
        unclear = PaymentUnclear(order=order.id, payment=attempt.id, number=order.number, amount=report.amount)
        await tell(tx, order.customer, unclear)
        return "wrong_amount"
    if attempt.edit is not None:
        return await _difference_paid(tx, order, attempt, attempt.edit, shop, tell, now)
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


async def _difference_paid(
    tx: Tx, order: Order, attempt: Attempt, of: str, shop: ShopFile, tell: Tell, now: datetime
) -> Decision:
    """The difference of an edit has come: it is done, late too, unless the order or the stock has moved meanwhile."""
    edit = await lock_edit(tx, of)
    assert edit is not None
    waits = edit.state == "awaiting_payment"
    late = edit.state == "expired" and await open_edit(tx, order.id) is None
    if (waits or late) and await still_possible(tx, order, edit) and (waits or not await hold_more(tx, edit, None)):
        why = "the difference was paid" if waits else "the difference was paid late, all was still there"
        await tx.execute("UPDATE payment SET counts = true WHERE id = %s", attempt.id)
        await do_edit(tx, order, edit, who=attempt.provider, why=why, shop=shop, now=now)
        await close_payments(tx, order.id, "voided", who="shop", why="the difference was paid", now=now)
        await tell(tx, order.customer, OrderEditPaid(order=order.id, number=order.number))
        return "settled" if waits else "revived"
    if waits:
        await close_edit(tx, order.id, "voided", who="shop", why="the order could not be changed", now=now)
    await _give_back(tx, order, attempt, "double" if edit.state == "done" else "edit", tell, now)
    return "double" if edit.state == "done" else "late"


async def _already(tx: Tx, order: Order, row: Row, report: PaymentReport, tell: Tell, now: datetime) -> Decision:
    """Settled before. Another transfer for the same attempt is other money: it gets a row of its own, and goes back."""
    if report.receipt and not row["receipt"]:
        await tx.execute("UPDATE payment SET receipt = %s WHERE id = %s", report.receipt, row["id"])
        await adopt(tx, now, payment=row["id"])
    others = report.transfer and await tx.row(
        "SELECT 1 FROM payment_report WHERE payment = %s AND state = 'settled' AND event <> %s LIMIT 1",
        row["id"],
        report.event,
    )
    if not others:
        return "already"
    first = read_attempt(row)
    second = await begin_second(tx, order, first, report.amount or first.amount, f"{first.key}-{report.transfer}", now)
    # where the transfer is all that the provider knows (a charge in Stars), it is what goes back
    own = report.transfer if report.transfer == report.reference else None
    settled = "UPDATE payment SET settled_at = %s, receipt = %s, reference = %s WHERE id = %s"
    await tx.execute(settled, report.at, report.receipt or report.transfer, own, second.id)
    await _give_back(tx, order, second, "double", tell, now)
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
    tx: Tx, order: Order, attempt: Attempt, reason: Literal["late", "double", "edit"], tell: Tell, now: datetime
) -> None:
    amount = min(attempt.amount, await left_to_refund(tx, attempt.id, attempt.amount.currency))
    if not amount:  # a dispute that was lost before we heard of the money has taken it back
        return
    refund = await create_refund(tx, attempt.id, order.id, amount, reason, now)
    came = {"double": "a second time", "late": "too late", "edit": "for a change that could not be made"}
    words = f"{order.number}: money came {came[reason]} and goes back"
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
            amount=amount,
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
    if order.status == "awaiting_payment" or row["edit"]:
        until = row["until"] if row["edit"] else order.reserved_until
        await tell(
            tx,
            order.customer,
            PaymentDeclined(order=order.id, payment=row["id"], number=order.number, until=until),
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
    if report.state == "settled":
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
