"""Disputes: a contested payment freezes its order until the provider says who won. Nothing is shipped or given back."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from base.db import Database, Row, Tx
from base.errors import BadInput, OutcomeUnknown, Refused, TryLater
from base.ids import new_id
from base.money import Money
from shop import history
from shop.approvals import task_of
from shop.asking import side_by_side
from shop.edits import close_edit
from shop.orders import lock_order
from shop.payment_port import DisputeReport, PaymentProvider, TellsDisputes
from shop.recalls import call_back
from shop.refunds import task_of_failed
from shop.states import DISPUTE, ORDER, REFUND

log = logging.getLogger(__name__)

ASK_EVERY = timedelta(hours=1)  # banks take weeks
PARCEL = {
    None: "No parcel was made yet, and none is.",
    "pending": "Its parcel is not booked and stays so.",
    "created": "Its parcel was booked: the booking is called back, keep it in the house.",
    "cancelled": "It has no parcel.",
}
UNDER_WAY = "Its parcel has left the house: keep the carrier's proof."


async def apply_dispute(tx: Tx, report: DisputeReport, now: datetime) -> str:
    """Take in what a provider says of a dispute; the same twice changes nothing. Returns the decision.

    A dispute that ended stays ended, for a later word that it is open is an old one; only an appeal may win it yet.
    """
    paid = await _payment_of(tx, report)
    order = await lock_order(tx, paid["order"]) if paid else None
    row = await tx.row(
        'INSERT INTO dispute (id, provider, reference, receipt, payment, "order", amount_minor, currency, reason,'
        " state, opened_at, look_at, let_go) VALUES (%(id)s, %(provider)s, %(reference)s, %(receipt)s, %(payment)s,"
        " %(order)s, %(minor)s, %(currency)s, %(reason)s, 'open', %(now)s, %(later)s, false)"
        " ON CONFLICT (provider, reference) DO UPDATE SET receipt = coalesce(dispute.receipt, excluded.receipt),"
        " amount_minor = coalesce(excluded.amount_minor, dispute.amount_minor),"
        " currency = coalesce(excluded.currency, dispute.currency) RETURNING *, (xmax = 0) AS new",
        id=new_id(),
        provider=report.provider,
        reference=report.dispute,
        receipt=report.receipt,
        payment=paid["id"] if paid else None,
        order=order.id if order else None,
        minor=report.amount.amount_minor if report.amount else None,
        currency=report.amount.currency if report.amount else None,
        reason=report.reason,
        now=now,
        later=now + ASK_EVERY,
    )
    assert row is not None
    if row["new"]:
        await history.begin(tx, DISPUTE, row["id"], "open", who=report.provider, why=report.reason, now=now)
        await _tell_opened(tx, row, now)
    elif paid and row["payment"] is None:
        row = await _belongs(tx, row, paid["id"], paid["order"], now)
    if not DISPUTE.allows(row["state"], report.state):
        return "disputed" if row["new"] else "already"
    who, why = report.provider, report.reason
    await history.advance(tx, DISPUTE, row["id"], row["state"], report.state, who=who, why=why, now=now)
    await tx.execute("UPDATE dispute SET closed_at = %s WHERE id = %s", now, row["id"])
    await _tell_closed(tx, {**row, "state": report.state}, now)
    return report.state


async def adopt(tx: Tx, now: datetime, *, payment: str | None = None) -> None:
    """Disputes that were heard of before the payment (or before any that has settled by now) belong to it."""
    rows = await tx.rows(
        'SELECT d.*, false AS new, p.id AS paid, p."order" AS bought FROM dispute d JOIN payment p'
        " ON p.provider = d.provider AND p.receipt = d.receipt WHERE d.payment IS NULL"
        " AND (%(payment)s::text IS NULL OR p.id = %(payment)s) ORDER BY d.id FOR UPDATE OF d",
        payment=payment,
    )
    for row in rows:
        await _belongs(tx, row, row["paid"], row["bought"], now)


async def let_go(tx: Tx, number: str, who: str, now: datetime) -> None:
    """Send order `number` although its money is lost. Raises BadInput when that is not what it is held for."""
    known = await tx.row("SELECT id FROM shop_order WHERE number = %s", number.strip().upper())
    order = await lock_order(tx, known["id"]) if known else None
    rows = await tx.rows(
        "UPDATE dispute SET let_go = true WHERE \"order\" = %s AND state = 'lost' AND NOT let_go RETURNING id",
        order.id if order else None,
    )
    if order is None or not rows:
        raise BadInput(f"Order {number} is not held by a lost dispute.", "See: shopkeeper orders show NUMBER")
    await history.note(tx, ORDER, order.id, order.status, who=who, why="sent although the dispute is lost", now=now)
    keys = [f"dispute-{row['id']}-lost" for row in rows]
    await tx.execute("UPDATE task SET state = 'done', done_at = %s WHERE key = ANY(%s)", now, keys)


async def look_up_due(db: Database, providers: Mapping[str, PaymentProvider], now: datetime) -> int:
    """Ask how open disputes stand, each now and then; returns how many answers there were."""
    asked = {name: one for name, one in providers.items() if isinstance(one, TellsDisputes)}
    async with db.begin() as tx:
        rows = await tx.rows(
            "UPDATE dispute SET look_at = %s WHERE id IN (SELECT id FROM dispute WHERE state = 'open'"
            " AND look_at <= %s AND provider = ANY(%s) ORDER BY look_at LIMIT 50 FOR UPDATE SKIP LOCKED)"
            " RETURNING provider, reference",
            now + ASK_EVERY,
            now,
            list(asked),
        )

    async def ask(row: Row) -> bool:
        try:
            report = await asked[row["provider"]].look_up_dispute(row["reference"])
        except (OutcomeUnknown, TryLater):
            return False
        except Refused as error:
            log.warning("%s does not tell how a dispute stands: %s", row["provider"], error.what)
            return True
        if report is not None:
            told = report
            await db.run(lambda tx: apply_dispute(tx, told, now))
        return True

    answered, _ = await side_by_side(rows, of=lambda row: str(row["provider"]), ask=ask)
    return answered


async def _belongs(tx: Tx, row: Row, payment: str, order: str, now: datetime) -> Row:
    await tx.execute('UPDATE dispute SET payment = %s, "order" = %s WHERE id = %s', payment, order, row["id"])
    row = {**row, "payment": payment, "order": order}
    await _tell_opened(tx, row, now)
    if row["state"] != "open":
        await _tell_closed(tx, row, now)
    return row


async def _payment_of(tx: Tx, report: DisputeReport) -> Row | None:
    """The attempt that is contested: by the money's own name, by our key, or by the dispute's earlier reports."""
    return await tx.row(
        'SELECT p.id, p."order" FROM payment p WHERE p.provider = %(provider)s AND (p.receipt = %(receipt)s'
        " OR p.key = %(key)s OR p.id = (SELECT d.payment FROM dispute d WHERE d.provider = %(provider)s"
        " AND d.reference = %(dispute)s)) LIMIT 1",
        provider=report.provider,
        receipt=report.receipt,
        key=report.key,
        dispute=report.dispute,
    )


async def _tell_opened(tx: Tx, row: Row, now: datetime) -> None:
    named = await _named(tx, row)
    if named is None:
        await history.raise_task(
            tx, "dispute", f"{row['provider']} tells of a dispute about a payment that is not known here:"
            f" {row['receipt'] or row['reference']}", key=f"dispute-{row['id']}", now=now,
        )  # fmt: skip
        return
    money = f"{_amount(row)} of " if row["amount_minor"] else ""
    words = (
        f"{named['number']}: {money}the payment is disputed at {row['provider']} ({plain(row['reason'])})."
        f" The order is held: nothing is sent or given back until it is decided."
        f" {PARCEL.get(named['parcel'], UNDER_WAY)} Answer at {row['provider']}."
    )
    await history.raise_task(
        tx, "dispute", words, key=f"dispute-{row['id']}-{named['number']}", now=now, customer=named["customer"],
        order=row["order"],
    )  # fmt: skip
    await tx.execute("UPDATE task SET state = 'done' WHERE key = %s AND state = 'open'", f"dispute-{row['id']}")
    if row["state"] == "open":
        await _freeze(tx, row["order"], row["provider"], now)


async def _freeze(tx: Tx, order: str, provider: str, now: datetime) -> None:
    """Nothing leaves the house, and nothing of the order is changed for money: it goes on once the dispute is won."""
    await lock_order(tx, order)
    await close_edit(tx, order, "voided", who=provider, why="the payment is disputed", now=now)
    await call_back(tx, order, who=provider, why="the payment is disputed", now=now)


async def _tell_closed(tx: Tx, row: Row, now: datetime) -> None:
    named = await _named(tx, row)
    if named is None:
        return
    await tx.execute(
        "UPDATE task SET state = 'done' WHERE key = %s AND state = 'open'", f"dispute-{row['id']}-{named['number']}"
    )
    if row["state"] == "won":
        words = f"{named['number']}: the dispute at {row['provider']} is won. The order goes on as before."
    else:
        gone = f"{_amount(row)} is gone" if row["amount_minor"] else "the money is gone"
        held = (
            f"{PARCEL.get(named['parcel'], UNDER_WAY)} Decide what becomes of the order;"
            f" to send it all the same: shopkeeper orders release {named['number']}"
        )
        words = (
            f"{named['number']}: the dispute at {row['provider']} is lost, {gone}."
            f" {held if named['counts'] else 'The order was paid by another payment and goes on.'}"
        )
        await _void_refunds(tx, row["payment"], now)
    await history.raise_task(
        tx, f"dispute_{row['state']}", words, key=f"dispute-{row['id']}-{row['state']}", now=now,
        customer=named["customer"], order=row["order"],
    )  # fmt: skip


async def _void_refunds(tx: Tx, payment: str, now: datetime) -> None:
    """What the bank has taken cannot be given back once more: tries that were not made yet will not be.

    A try whose outcome is not known is looked up first (shop.refunds): it may have gone through.
    """
    rows = await tx.rows(
        "SELECT r.id, r.state FROM refund r WHERE r.payment = %s AND (r.state IN ('awaiting_approval', 'failed')"
        " OR (r.reference IS NULL AND (r.state = 'needs_person' OR (r.state = 'created' AND r.asked_at IS NULL))))"
        " ORDER BY r.id FOR UPDATE",
        payment,
    )
    for row in rows:
        await history.advance(
            tx, REFUND, row["id"], row["state"], "voided", who="shop", why="the dispute was lost", now=now
        )
        keys = [task_of(row["id"]), task_of_failed(row["id"])]
        await tx.execute("UPDATE task SET state = 'done', done_at = %s WHERE key = ANY(%s)", now, keys)


async def _named(tx: Tx, row: Row) -> Row | None:
    if row["order"] is None:
        return None
    return await tx.row(
        'SELECT o.number, o.customer, (SELECT s.status FROM shipment s WHERE s."order" = o.id) AS parcel,'
        " EXISTS (SELECT 1 FROM payment p WHERE p.id = %s AND p.counts) AS counts FROM shop_order o WHERE o.id = %s",
        row["payment"], row["order"],
    )  # fmt: skip


def _amount(row: Row) -> str:
    money = Money(row["amount_minor"], row["currency"])
    return f"{money} {money.currency}"


def plain(reason: str) -> str:
    """`MERCHANDISE_OR_SERVICE_NOT_RECEIVED` as a person reads it."""
    return reason.replace("_", " ").lower() or "no reason given"
