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
from shop.asking import growing, side_by_side
from shop.orders import Order, lock_order
from shop.payment_port import PaymentProvider, RefundReport, RefundRequest
from shop.states import PAYMENT, REFUND

ARRIVES_AFTER = timedelta(days=5)  # what a customer is told; cards take up to so long
PATIENCE = timedelta(minutes=1)  # before a try is looked at again; then 2, 4, 8… minutes
MOST_LOOKS = 24  # half a day: a try that is refused so often is left to a person
ELSEWHERE = "elsewhere"  # the reason of a refund that was made on the provider's own site
DISPUTED = "EXISTS (SELECT 1 FROM dispute d WHERE d.payment = r.payment AND d.state = 'open')"
LOST = (  # the bank took the money meanwhile: what was to go back is not made any more
    "EXISTS (SELECT 1 FROM dispute d WHERE d.payment = r.payment AND d.state = 'lost' AND d.closed_at >= r.created_at)"
)
# A call was made, and nobody knows what came of it
ASKED = "(r.asked_at IS NOT NULL AND r.state IN ('created', 'submitted'))"
# It is there at the provider and has failed there: the same key would only find it again
FAILED_THERE = "(r.state = 'failed' AND r.reference IS NOT NULL)"


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
        " wished_by, looks) VALUES (%s, %s, %s, %s, %s, %s, 'created', %s, %s, %s, %s, 0)",
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
    """Make the calls of refunds that wait for it, at growing intervals; returns how many were answered.

    While a payment is disputed nothing new goes back, but what was already asked for is looked up.
    """
    async with db.begin() as tx:
        rows = await tx.rows(
            "SELECT r.id, p.provider FROM refund r JOIN payment p ON p.id = r.payment"  # noqa: S608 (own words)
            " WHERE r.state IN ('created', 'submitted', 'failed') AND p.provider = ANY(%s)"
            " AND (r.look_at IS NULL OR r.look_at <= %s) AND (r.state <> 'failed' OR r.looks < %s)"
            f" AND NOT {FAILED_THERE} AND ({ASKED} OR NOT {DISPUTED})"
            " ORDER BY r.look_at NULLS FIRST, r.created_at LIMIT %s",
            list(providers),
            now,
            MOST_LOOKS,
            limit,
        )
    answered, _ = await side_by_side(
        rows, of=lambda row: str(row["provider"]), ask=lambda row: submit(db, providers, row["id"], now)
    )
    return answered


async def submit(db: Database, providers: Mapping[str, PaymentProvider], refund: str, now: datetime) -> bool:
    """Make one try at its provider, or look up what an earlier call did. Safe to run again."""
    async with db.begin() as tx:
        row = await _begin_look(tx, refund, now)
    if row is None or row["provider"] not in providers:
        return False
    provider = providers[row["provider"]]
    try:
        report = await _look_up(provider, row) if row["asked"] else None
        if report is None and row["disputed"]:
            return True  # once that is decided it is asked again
        if report is None and row["lost"]:
            await db.run(lambda tx: _not_made(tx, refund, now))
            return True
        answer = report or await _make(provider, row, now)
    except (OutcomeUnknown, TryLater):
        return False
    await db.run(lambda tx: apply_refund_report(tx, answer, now))
    return True


async def _begin_look(tx: Tx, refund: str, now: datetime) -> Row | None:
    """Write down that it is asked about now; None when there is nothing to ask.

    A try that was refused is under way again: as long as nobody knows what comes of it, no person sends it by hand.
    """
    row = await tx.row(
        "SELECT r.*, p.provider, p.reference AS paid_reference, p.key AS paid_key, p.receipt,"  # noqa: S608
        f" {ASKED} AS asked, {DISPUTED} AS disputed, {LOST} AS lost"
        " FROM refund r JOIN payment p ON p.id = r.payment WHERE r.id = %s"
        f" AND r.state IN ('created', 'submitted', 'failed') AND NOT {FAILED_THERE} AND ({ASKED} OR NOT {DISPUTED})"
        " FOR UPDATE OF r",
        refund,
    )
    if row is None:
        return None
    await tx.execute(
        "UPDATE refund SET asked_at = %s, look_at = %s, looks = looks + 1 WHERE id = %s",
        now, now + growing(PATIENCE, row["looks"]), refund,
    )  # fmt: skip
    if row["state"] == "failed":
        await history.advance(tx, REFUND, refund, "failed", "submitted", who="shop", why="tried again", now=now)
    return row


async def _look_up(provider: PaymentProvider, row: Row) -> RefundReport | None:
    """What an earlier call did; None: the provider knows of none. Raises OutcomeUnknown, TryLater."""
    try:
        report = await provider.look_up_refund(
            key=row["key"], reference=row["reference"], payment=row["paid_reference"]
        )
    except Refused as refused:  # it does not say, so nothing is known
        raise OutcomeUnknown(refused.what) from None
    return report if report.state != "unknown" else None


async def _make(provider: PaymentProvider, row: Row, now: datetime) -> RefundReport:
    request = RefundRequest(
        refund=row["id"],
        payment_reference=row["paid_reference"] or "",
        payment_key=row["paid_key"],
        amount=Money(row["amount_minor"], row["currency"]),
        reason=row["reason"],
        payment_receipt=row["receipt"],
    )
    try:
        return await provider.refund(request, key=row["key"])
    except Refused:  # a person is told, and the try is made again
        return RefundReport(provider.code, f"{row['key']}:refused", "failed", now, key=row["key"])


async def _not_made(tx: Tx, refund: str, now: datetime) -> None:
    """The call never reached the provider, and a lost dispute has taken the money since."""
    row = await tx.row(f"SELECT r.state FROM refund r WHERE r.id = %s AND {ASKED} FOR UPDATE", refund)  # noqa: S608
    if row is not None:
        await history.advance(
            tx, REFUND, refund, row["state"], "voided", who="shop", why="the dispute was lost", now=now
        )


async def apply_refund_report(tx: Tx, report: RefundReport, now: datetime) -> str:
    """Judge what a provider says about a refund; the same report twice changes nothing. Returns the decision."""
    bought = await tx.row(
        'SELECT r."order" FROM refund r JOIN payment p ON p.id = r.payment WHERE p.provider = %s'
        " AND (r.key = %s OR r.reference = %s)",
        report.provider, report.key, report.reference,
    ) or await tx.row(
        'SELECT "order" FROM payment WHERE provider = %s AND receipt = %s', report.provider, report.receipt
    )  # fmt: skip
    order = await lock_order(tx, bought["order"]) if bought else None
    if order is None:
        return "nobodys"
    row = await _told_of(tx, report) or await _made_elsewhere(tx, report, order, now)
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
        await tx.execute(
            "UPDATE task SET state = 'done', done_at = %s WHERE key = %s AND state = 'open'",
            now,
            task_of_failed(row["id"]),
        )
        await _close_payment(tx, row["payment"], now)
        await _look_for_too_much(tx, row, order, now)
    elif row["state"] == "done":
        await _came_back(tx, row, order, now)
    elif report.state in ("failed", "needs_person"):
        where = f" The provider calls the payment {row['receipt']}." if row["receipt"] else ""
        await _refund_task(tx, row, order, f"did not go through and needs a person.{where}", now)
    return str(report.state)


async def _told_of(tx: Tx, report: RefundReport) -> Row | None:
    return await tx.row(
        "SELECT r.*, p.receipt FROM refund r JOIN payment p ON p.id = r.payment WHERE p.provider = %s"
        " AND (r.key = %s OR r.reference = %s) ORDER BY r.key = %s DESC FOR UPDATE OF p, r",
        report.provider, report.key, report.reference, report.key or "",
    )  # fmt: skip


async def _made_elsewhere(tx: Tx, report: RefundReport, order: Order, now: datetime) -> Row | None:
    """A refund that somebody made on the provider's own site is money gone: it gets a row, and a person hears of it."""
    paid = await tx.row(
        "SELECT id FROM payment WHERE provider = %s AND receipt = %s FOR UPDATE", report.provider, report.receipt
    )
    amount = report.amount
    if paid is None or amount is None or not report.reference or report.state not in ("submitted", "done"):
        return None
    if await _as_asked(tx, paid["id"], amount, report.reference):
        return await _told_of(tx, report)
    refund = new_id()
    await tx.execute(
        'INSERT INTO refund (id, payment, "order", key, reference, amount_minor, currency, state, reason, created_at,'
        " asked_at, wished_by, looks) VALUES (%s, %s, %s, %s, %s, %s, %s, 'created', %s, %s, %s, %s, 0)",
        refund, paid["id"], order.id, f"{report.provider}-{report.reference}", report.reference, amount.amount_minor,
        amount.currency, ELSEWHERE, now, now, report.provider,
    )  # fmt: skip
    await history.begin(tx, REFUND, refund, "created", who=report.provider, why="made on the provider's site", now=now)
    words = (
        f"{order.number}: {amount} {amount.currency} was given back on the site of {report.provider}, not from here."
        " It is in the books now; the customer was told nothing."
    )
    await history.raise_task(
        tx, "refund_elsewhere", words, key=f"refund-elsewhere-{refund}", now=now, customer=order.customer,
        order=order.id,
    )  # fmt: skip
    return await _told_of(tx, report)


async def _as_asked(tx: Tx, payment: str, amount: Money, reference: str) -> bool:
    """Whether this is what a person was asked to do: a refund of that sum could not be made from here."""
    changed = await tx.execute(
        "UPDATE refund SET reference = %s WHERE id = (SELECT id FROM refund WHERE payment = %s AND amount_minor = %s"
        " AND currency = %s AND state IN ('failed', 'needs_person') ORDER BY created_at, id LIMIT 1)",
        reference, payment, amount.amount_minor, amount.currency,
    )  # fmt: skip
    return bool(changed)


async def _came_back(tx: Tx, row: Row, order: Order, now: datetime) -> None:
    """It had gone through, and the customer's bank sent it back: he has nothing, and the shop holds the money again."""
    await tx.execute("UPDATE refund SET done_at = NULL WHERE id = %s", row["id"])
    paid = await tx.row("SELECT state FROM payment WHERE id = %s", row["payment"])
    if paid is not None and paid["state"] == "refunded":
        await history.advance(
            tx, PAYMENT, row["payment"], "refunded", "settled", who="shop", why="a refund came back", now=now
        )
    if row["reason"] == ELSEWHERE:  # nobody here had promised it
        await history.advance(tx, REFUND, row["id"], "failed", "voided", who="shop", why="it came back", now=now)
    await _refund_task(
        tx, row, order, "had gone through and came back: the customer has nothing. Send it in another way.", now
    )


def task_of_failed(refund: str) -> str:
    """The key of the task that asks a person to send it back by hand."""
    return f"refund-failed-{refund}"


async def _refund_task(tx: Tx, row: Row, order: Order, what: str, now: datetime) -> None:
    """One open task for each refund in trouble: an earlier one that was done is opened anew."""
    key, amount = task_of_failed(row["id"]), Money(row["amount_minor"], row["currency"])
    words = f"{order.number}: a refund of {amount} {amount.currency} {what}"
    await history.raise_task(tx, "refund_failed", words, key=key, now=now, customer=order.customer, order=order.id)
    await tx.execute(
        "UPDATE task SET state = 'open', done_at = NULL, by = NULL, text = %s WHERE key = %s AND text <> %s",
        words, key, words,
    )  # fmt: skip


async def _look_for_too_much(tx: Tx, row: Row, order: Order, now: datetime) -> None:
    """A refund and a dispute, or a refund from here and one made elsewhere, may both have taken the same money."""
    sums = await tx.row(
        "SELECT coalesce(p.came_minor, p.amount_minor) AS paid, p.provider,"
        " (SELECT sum(r.amount_minor) FROM refund r WHERE r.payment = p.id AND r.state = 'done')"
        " + (SELECT least(p.amount_minor, coalesce(sum(coalesce(d.amount_minor, p.amount_minor)), 0)) FROM dispute d"
        " WHERE d.payment = p.id AND d.state = 'lost') AS gone FROM payment p WHERE p.id = %s",
        row["payment"],
    )
    if sums is not None and sums["gone"] > sums["paid"]:
        too_much = Money(int(sums["gone"] - sums["paid"]), row["currency"])
        words = (
            f"{order.number}: {too_much} {too_much.currency} more than was paid went back. Tell {sums['provider']}:"
            " a refund and a dispute, or two refunds, took the same money."
        )
        await history.raise_task(
            tx, "refund_too_much", words, key=f"refund-too-much-{row['payment']}", now=now, customer=order.customer,
            order=order.id,
        )  # fmt: skip


async def _close_payment(tx: Tx, payment: str, now: datetime) -> None:
    """A payment that went back whole is refunded."""
    row = await tx.row(
        "SELECT p.id, p.state FROM payment p WHERE p.id = %s AND p.state = 'settled'"
        " AND coalesce(p.came_minor, p.amount_minor) <="
        " (SELECT sum(r.amount_minor) FROM refund r WHERE r.payment = p.id AND r.state = 'done')",
        payment,
    )
    if row is not None:
        await history.advance(
            tx, PAYMENT, payment, row["state"], "refunded", who="shop", why="all of it went back", now=now
        )
