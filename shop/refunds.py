"""Refunds: one row per try, written before the call, never more than was paid, never the same money twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from base.db import Database, Row, Tx
from base.errors import OutcomeUnknown, Refused, ShopkeeperError, TryLater
from base.ids import new_id
from base.money import Money
from shop import history
from shop.asking import side_by_side
from shop.payment_port import PaymentProvider, RefundReport, RefundRequest
from shop.states import PAYMENT, REFUND

ARRIVES_AFTER = timedelta(days=5)  # what a customer is told; cards take up to so long
PATIENCE = timedelta(minutes=1)  # before a try whose outcome is unknown is looked at again
DISPUTED = "EXISTS (SELECT 1 FROM dispute d WHERE d.payment = r.payment AND d.state = 'open')"


@dataclass(frozen=True, slots=True)
class MadeRefund:
    id: str
    by: datetime


async def create_refund(
    tx: Tx, payment: str, order: str, amount: Money, reason: str, now: datetime, *, key: str | None = None,
    wished_by: str | None = None,
) -> MadeRefund:  # fmt: skip
    """Write down that money goes back; a worker makes the call. The payment row is locked by the caller.

    `wished_by`: who asked for it; None: it was never the shop's to keep (late, double, too much), and goes at once.
    Raises ShopkeeperError when all refunds together would be more than was paid.
    """
    sums = await _sums(tx, payment)
    if sums is not None and sums["currency"] != amount.currency:
        paid_in = sums["currency"]
        raise ShopkeeperError(f"This was paid in {paid_in}, not in {amount.currency}.", "Give back what came.")
    if sums is None or sums["given"] + sums["lost"] + amount.amount_minor > sums["paid"]:
        raise ShopkeeperError("More would be given back than was paid.", "Look at the refunds of this payment.")
    refund, by = new_id(), now + ARRIVES_AFTER
    await tx.execute(
        'INSERT INTO refund (id, payment, "order", key, amount_minor, currency, state, reason, created_at, expected_by,'
        " wished_by) VALUES (%s, %s, %s, %s, %s, %s, 'created', %s, %s, %s, %s)",
        refund,
        payment,
        order,
        key or f"refund-{refund}",
        amount.amount_minor,
        amount.currency,
        reason,
        now,
        by,
        wished_by,
    )
    await history.begin(tx, REFUND, refund, "created", who=wished_by or "shop", why=reason, now=now)
    return MadeRefund(refund, by)


async def left_to_refund(tx: Tx, payment: str, currency: str) -> Money:
    """What of this payment could still go back in that currency. Its row is locked by the caller."""
    sums = await _sums(tx, payment)
    if sums is None or sums["currency"] != currency:
        return Money.zero(currency)
    return Money(max(0, int(sums["paid"] - sums["given"] - sums["lost"])), currency)


async def _sums(tx: Tx, payment: str) -> Row | None:
    return await tx.row(
        "SELECT coalesce(p.came_minor, p.amount_minor) AS paid, coalesce(p.came_currency, p.currency) AS currency,"
        " (SELECT coalesce(sum(r.amount_minor), 0) FROM refund r"
        " WHERE r.payment = p.id AND r.state NOT IN ('voided', 'refused')) AS given,"
        " (SELECT coalesce(sum(coalesce(d.amount_minor, p.amount_minor)), 0) FROM dispute d"
        " WHERE d.payment = p.id AND d.state = 'lost') AS lost FROM payment p WHERE p.id = %s",
        payment,
    )


async def submit_due(db: Database, providers: Mapping[str, PaymentProvider], now: datetime, *, limit: int = 50) -> int:
    """Make the calls of refunds that wait for it; returns how many were answered."""
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT r.id, p.provider FROM refund r JOIN payment p ON p.id = r.payment"  # noqa: S608 (own words)
            " WHERE r.state IN ('created', 'submitted', 'failed') AND p.provider = ANY(%s)"
            f" AND (r.asked_at IS NULL OR r.asked_at < %s) AND NOT {DISPUTED}"
            " ORDER BY r.asked_at NULLS FIRST, r.created_at LIMIT %s",
            list(providers),
            now - PATIENCE,
            limit,
        )
    answered, _ = await side_by_side(
        rows, of=lambda row: str(row["provider"]), ask=lambda row: submit(db, providers, row["id"], now)
    )
    return answered


async def submit(db: Database, providers: Mapping[str, PaymentProvider], refund: str, now: datetime) -> bool:
    """Make one try at its provider, or look up what an earlier call did. Safe to run again."""
    async with db.begin() as tx:
        row = await tx.row(
            "SELECT r.*, p.provider, p.reference AS paid_reference, p.key AS paid_key, p.receipt FROM refund r"  # noqa: S608
            f" JOIN payment p ON p.id = r.payment WHERE r.id = %s AND NOT {DISPUTED} FOR UPDATE OF r",
            refund,
        )
        if row is None or row["state"] not in ("created", "submitted", "failed") or row["provider"] not in providers:
            return False
        await tx.execute("UPDATE refund SET asked_at = %s WHERE id = %s", now, refund)
    provider = providers[row["provider"]]
    request = RefundRequest(
        refund=refund,
        payment_reference=row["paid_reference"] or "",
        payment_key=row["paid_key"],
        amount=Money(row["amount_minor"], row["currency"]),
        reason=row["reason"],
        payment_receipt=row["receipt"],
    )
    try:
        report = None
        if row["asked_at"] is not None:
            report = await provider.look_up_refund(key=row["key"], reference=row["reference"])
        if report is None or report.state == "unknown":
            report = await provider.refund(request, key=row["key"])
    except (OutcomeUnknown, TryLater):
        return False
    except Refused:  # a person is told, and the try is made again
        report = RefundReport(provider.code, f"{row['key']}:refused", "failed", now, key=row["key"])
    answer = report
    await db.run(lambda tx: apply_refund_report(tx, answer, now))
    return True


async def apply_refund_report(tx: Tx, report: RefundReport, now: datetime) -> str:
    """Judge what a provider says about a refund; the same report twice changes nothing. Returns the decision."""
    row = await tx.row(
        "SELECT r.*, p.receipt FROM refund r JOIN payment p ON p.id = r.payment WHERE p.provider = %s"
        " AND (r.key = %s OR r.reference = %s) FOR UPDATE OF p, r",
        report.provider,
        report.key,
        report.reference,
    )
    if row is None:
        return "nobodys"
    if report.reference and not row["reference"]:
        await tx.execute("UPDATE refund SET reference = %s WHERE id = %s", report.reference, row["id"])
    if report.state == row["state"] or not REFUND.allows(row["state"], report.state):
        return "already"
    await history.advance(
        tx, REFUND, row["id"], row["state"], report.state, who=report.provider, why="reported", now=now
    )
    if report.state == "done":
        await tx.execute("UPDATE refund SET done_at = %s WHERE id = %s", now, row["id"])
        await _close_payment(tx, row["payment"], now)
    elif report.state in ("failed", "needs_person"):
        where = f" The provider calls the payment {row['receipt']}." if row["receipt"] else ""
        await history.raise_task(
            tx, "refund_failed", f"A refund did not go through and needs a person.{where}",
            key=f"refund-failed-{row['id']}", now=now, order=row["order"],
        )  # fmt: skip
    return str(report.state)


async def _close_payment(tx: Tx, payment: str, now: datetime) -> None:
    """A payment that went back whole is refunded."""
    row = await tx.row(
        "SELECT p.id, p.state FROM payment p WHERE p.id = %s AND p.state = 'settled' AND p.amount_minor ="
        " (SELECT sum(r.amount_minor) FROM refund r WHERE r.payment = p.id AND r.state = 'done')",
        payment,
    )
    if row is not None:
        await history.advance(
            tx, PAYMENT, payment, row["state"], "refunded", who="shop", why="all of it went back", now=now
        )
