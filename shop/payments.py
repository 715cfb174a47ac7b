"""Money: what is asked of providers between turns, and the front of all rooms that deal with attempts."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from base.db import Database, Tx
from base.errors import OutcomeUnknown, Refused, TryLater
from base.money import Money
from shop.asking import FIRST_CANCEL, FIRST_LOOK, growing, side_by_side
from shop.attempts import BY_HAND, LIVE, Attempt, begin_attempt, live_attempt, read_attempt
from shop.disputes import apply_dispute
from shop.handlers import Tell
from shop.history import advance, raise_task
from shop.pay_links import (
    MAY_COLLECT,
    GoByForm,
    GoToPage,
    PayLink,
    open_payment_page,
    read_pay_link,
    still_open,
    why_not_collect,
)
from shop.payment_port import Captures, DisputeReport, PaymentProvider, PaymentReport, RefundReport, Report
from shop.payment_reports import Decision, apply_report, hold_again, settle_without_money
from shop.refunds import apply_refund_report
from shop.shopfile import ShopFile
from shop.states import PAYMENT

log = logging.getLogger(__name__)

OPENED = "state IN ('created', 'pending', 'declined') AND asked_at IS NOT NULL"
UNHEARD_FOR = timedelta(days=7)  # so old an attempt may be, to be shown to a person
NO_ANSWER = (OutcomeUnknown, TryLater, Refused)  # asked again with the next sweep


async def take_in(
    db: Database,
    report: Report,
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
    if isinstance(report, DisputeReport):
        dispute_report = report
        return await db.run(lambda tx: apply_dispute(tx, dispute_report, now))
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
        log.info("%s: a capture was not answered clearly and is looked up: %s", provider.code, error.what)
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
            await advance(
                tx, PAYMENT, row["id"], "declined", "pending", who="customer", why="came back from the provider",
                now=now,
            )  # fmt: skip
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
    limit: int = 100,
) -> int:
    """Look up attempts that were opened and not heard of since, at growing intervals; returns how many answered."""
    asked = [name for name, one in providers.items() if one.features.looks_up and not one.features.by_hand]
    attempts = await _due(db, OPENED, asked, now, limit, again=2 * FIRST_LOOK)

    async def look(attempt: Attempt) -> bool:
        try:
            report = await providers[attempt.provider].look_up(key=attempt.key, reference=attempt.reference)
        except NO_ANSWER as error:
            return isinstance(error, Refused)
        await take_in(db, report, shop, tell, now, providers)
        return True

    heard = await _ask(db, attempts, look, now)
    silent = [name for name, one in providers.items() if not one.features.looks_up]
    await db.run(lambda tx: _show_the_unheard(tx, silent, now))
    return heard


async def _show_the_unheard(tx: Tx, providers: list[str], now: datetime) -> None:
    """Attempts that died after their provider was told to go on, and that it cannot be asked about: a person looks."""
    rows = await tx.rows(
        'SELECT p.id, p.provider, p.amount_minor, p.currency, p."order", o.number, o.customer FROM payment p'
        " JOIN shop_order o ON o.id = p.\"order\" WHERE p.provider = ANY(%s) AND p.state IN ('expired', 'voided')"
        " AND p.created_at > %s AND EXISTS (SELECT 1 FROM history h WHERE h.entity = 'payment' AND h.entity_id = p.id"
        " AND h.why = %s) AND NOT EXISTS (SELECT 1 FROM task t WHERE t.key = 'unheard-' || p.id)",
        providers,
        now - UNHEARD_FOR,
        MAY_COLLECT,
    )
    for row in rows:
        amount = Money(row["amount_minor"], row["currency"])
        words = (
            f"{row['number']}: {row['provider']} asked whether it may collect {amount} {amount.currency}, was told yes,"
            " and never said what came of it. Look there: if the money came, send it back or write to the customer."
        )
        await raise_task(
            tx, "payment_unheard", words, key=f"unheard-{row['id']}", now=now, customer=row["customer"],
            order=row["order"],
        )  # fmt: skip


async def cancel_due(
    db: Database,
    providers: Mapping[str, PaymentProvider],
    shop: ShopFile,
    tell: Tell,
    now: datetime,
    *,
    limit: int = 100,
) -> int:
    """Tell providers about links that died here; money that came in the same moment is judged. Returns how many."""
    attempts = await _due(db, "cancel_due AND reference IS NOT NULL", list(providers), now, limit, again=FIRST_CANCEL)

    async def cancel(attempt: Attempt) -> bool:
        try:
            report = await providers[attempt.provider].cancel(attempt.reference or "", key=attempt.key)
        except NO_ANSWER as error:
            return isinstance(error, Refused)
        await take_in(
            db, report, shop, tell, now
        )  # first: whoever dies in between asks again, and no money is forgotten
        if report.state in ("pending", "on_its_way"):  # it cannot be stopped: ask again, ever more seldom
            return True
        async with db.begin() as tx:
            await tx.execute("UPDATE payment SET cancel_due = false WHERE id = %s", attempt.id)
        return True

    return await _ask(db, attempts, cancel, now)


async def _due(
    db: Database, what: str, providers: list[str], now: datetime, limit: int, *, again: timedelta
) -> list[Attempt]:
    """Attempts to be asked about now, the longest due first. Each is due again after `again`, and then after longer,
    whatever becomes of this look.
    """
    async with db.begin() as tx:
        rows = await tx.rows(
            f"SELECT * FROM payment WHERE {what} AND coalesce(look_at, asked_at, created_at) <= %s"  # noqa: S608
            " AND provider = ANY(%s) ORDER BY coalesce(look_at, asked_at, created_at), id LIMIT %s"
            " FOR UPDATE SKIP LOCKED",
            now,
            providers,
            limit,
        )
        for row in rows:
            await tx.execute(
                "UPDATE payment SET look_at = %s, looks = looks + 1 WHERE id = %s",
                now + growing(again, row["looks"]),
                row["id"],
            )
    return [read_attempt(row) for row in rows]


async def _ask(db: Database, attempts: list[Attempt], ask: Callable[[Attempt], Awaitable[bool]], now: datetime) -> int:
    answered, left = await side_by_side(attempts, of=lambda attempt: attempt.provider, ask=ask)
    if left:  # not their fault: they are next
        async with db.begin() as tx:
            await tx.execute(
                "UPDATE payment SET look_at = %s, looks = looks - 1 WHERE id = ANY(%s)",
                now + FIRST_LOOK,
                [attempt.id for attempt in left],
            )
    return answered


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
