"""Our own lasting pay link: shown on GET, leads to the provider's page on POST, because link previews GET."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from base.db import Database, Row, Tx
from base.errors import Refused, TryLater
from base.money import Money, total
from shop import history
from shop.asking import FIRST_LOOK
from shop.attempts import IN_CHAT, LIVE, Attempt, read_attempt
from shop.orders import hold_until, lock_order
from shop.payment_port import (
    Belongs,
    Declined,
    PaidLine,
    PayByForm,
    PayByLink,
    PaymentProvider,
    PaymentQuestion,
    PaymentRequest,
)
from shop.states import PAYMENT

ON_ITS_WAY = timedelta(minutes=2)  # how long money takes that was allowed to be collected


MAY_COLLECT = "asked whether it may collect: yes"  # as the history of the payment tells it


@dataclass(frozen=True, slots=True)
class PayLink:
    """What /pay/{token} shows (GET). `open`: it can still be paid."""

    number: str
    amount: Money
    method: str
    provider: str
    state: str
    counts: bool  # it is what the order was paid with
    order_status: str
    open: bool
    until: datetime | None
    locale: str


@dataclass(frozen=True, slots=True)
class GoToPage:
    """The provider's page, made on POST: link previews only GET."""

    url: str


@dataclass(frozen=True, slots=True)
class GoByForm:
    """The provider's page begins with a form that the browser posts there."""

    url: str
    fields: tuple[tuple[str, str], ...]


async def read_pay_link(tx: Tx, token: str, now: datetime) -> PayLink | None:
    """What a pay link stands for; None for a token that was never given."""
    row = await tx.row(
        "SELECT p.*, o.number, o.status AS order_status, o.locale FROM payment p JOIN shop_order o"
        ' ON o.id = p."order" WHERE p.token = %s',
        token,
    )
    if row is None:
        return None
    return PayLink(
        number=row["number"], amount=Money(row["amount_minor"], row["currency"]), method=row["method"],
        provider=row["provider"], state=row["state"],
        counts=row["counts"], order_status=row["order_status"], open=still_open(row, now),
        until=row["until"], locale=row["locale"],
    )  # fmt: skip


async def open_payment_page(
    db: Database, providers: Mapping[str, PaymentProvider], token: str, now: datetime, *, public_url: str
) -> GoToPage | GoByForm | PayLink | None:
    """POST /pay/{token}: make the provider's page, once, and tell where it is.

    Returns the link's state when there is nothing to pay (any more), None for an unknown token. Raises OutcomeUnknown
    or TryLater when the provider cannot be asked now: the same POST may simply be sent again.
    """
    async with db.begin() as tx:
        row = await tx.row(
            "SELECT p.*, o.number, o.email, o.locale, o.status AS order_status, o.breakdown, o.delivery_minor"
            ' FROM payment p JOIN shop_order o ON o.id = p."order" WHERE p.token = %s FOR UPDATE OF p',
            token,
        )
        link = await read_pay_link(tx, token, now)
        if row is None or link is None or not link.open or row["provider"] not in providers:
            return link
        if row["provider"] in IN_CHAT:
            return link
        if row["page"]:
            return GoToPage(row["page"])
        await tx.execute(
            "UPDATE payment SET asked_at = coalesce(asked_at, %s), look_at = coalesce(look_at, %s) WHERE id = %s",
            now,
            now + FIRST_LOOK,
            row["id"],
        )
        lines = await _paid_lines(tx, row)
    attempt, provider = read_attempt(row), providers[row["provider"]]
    request = PaymentRequest(
        payment=attempt.id,
        number=row["number"],
        amount=attempt.amount,
        description=row["number"],
        return_url=f"{public_url}/pay/{token}",
        locale=row["locale"],
        email=row["email"],
        until=attempt.until,
        since=row["asked_at"] or now,
        serial=attempt.serial,
        lines=lines,
    )
    try:
        page = await _known_page(provider, attempt) or await provider.request(request, key=attempt.key)
    except Refused as error:
        words = f"{row['number']}: {provider.code} refuses to make a payment page: {error.what}"
        async with db.begin() as tx:
            await history.raise_task(
                tx, "payment_refused", words, key=f"page-{attempt.id}", now=now, order=attempt.order
            )
        raise TryLater("The payment page cannot be made now.", 60.0) from error
    async with db.begin() as tx:
        current = await tx.row("SELECT * FROM payment WHERE id = %s FOR UPDATE", attempt.id)
        assert current is not None
        if isinstance(page, Declined):
            if PAYMENT.allows(current["state"], "declined"):
                await history.advance(
                    tx, PAYMENT, attempt.id, current["state"], "declined", who=provider.code, why=page.reason, now=now
                )
            return await read_pay_link(tx, token, now)
        await tx.execute(
            "UPDATE payment SET reference = %s, page = %s, cancel_due = (state IN ('voided', 'expired')),"
            " look_at = CASE WHEN state IN ('voided', 'expired') THEN %s ELSE look_at END WHERE id = %s",
            page.reference,
            page.url if isinstance(page, PayByLink) else None,
            now,
            attempt.id,
        )
        if current["state"] == "created":
            await history.advance(
                tx, PAYMENT, attempt.id, "created", "pending", who=provider.code, why="page made", now=now
            )
        if current["state"] in LIVE and isinstance(page, PayByForm):
            return GoByForm(page.url, page.fields)
        if current["state"] not in LIVE or not isinstance(page, PayByLink):
            return await read_pay_link(tx, token, now)
        return GoToPage(page.url)


async def _paid_lines(tx: Tx, row: Row) -> tuple[PaidLine, ...]:
    """What the attempt `row` pays for, discounts within the lines; nothing where that is another sum."""
    rows = await tx.rows(
        "SELECT name, quantity, total_minor + discount_minor AS minor, currency FROM order_line"
        ' WHERE "order" = %s ORDER BY position',
        row["order"],
    )
    lines = [PaidLine(line["name"], line["quantity"], Money(line["minor"], line["currency"])) for line in rows]
    if row["delivery_minor"]:
        told = (row["breakdown"] or {}).get("lines") or ()
        name = next((line["name"] for line in told if line["kind"] == "delivery" and line["name"]), row["number"])
        lines.append(PaidLine(name[:1].upper() + name[1:], 1, Money(row["delivery_minor"], row["currency"])))
    due = Money(row["amount_minor"], row["currency"])
    same = all(line.amount.currency == due.currency for line in lines)
    return tuple(lines) if same and total((line.amount for line in lines), due.currency) == due else ()


@dataclass(frozen=True, slots=True)
class NotCollected:
    """Why a provider must not collect, and the customer's language. `reason` is a text key below `payment.refused.`."""

    reason: Literal["unknown", "paid", "over", "amount", "payer"]
    locale: str | None


async def why_not_collect(tx: Tx, question: PaymentQuestion, belongs: Belongs, now: datetime) -> NotCollected | None:
    """Whether a provider that asks first may collect: None, or why not.

    After a yes the hold lasts until the money has had time to come, so that it is not late by seconds.
    """
    found = await tx.row(
        'SELECT id, "order" FROM payment WHERE provider = %s AND (reference = %s OR key = %s)',
        question.provider,
        question.reference,
        question.key,
    )
    order = await lock_order(tx, found["order"]) if found else None  # locked first, read after
    if found is None or order is None:
        return NotCollected("unknown", question.locale)
    row = await tx.row(
        "SELECT p.*, o.status AS order_status, o.customer, o.locale FROM payment p"
        ' JOIN shop_order o ON o.id = p."order" WHERE p.id = %s',
        found["id"],
    )
    assert row is not None
    if question.payer is not None and not await belongs(tx, row["customer"], question.payer):
        return NotCollected("payer", question.locale)
    paid = row["order_status"] in ("paid", "shipped", "delivered", "returned") and not row["edit"]
    if row["state"] in ("settled", "refunded") or paid:
        return NotCollected("paid", row["locale"])
    if not still_open(row, now):
        return NotCollected("over", row["locale"])
    due = Money(row["amount_minor"], row["currency"])
    if question.amount != due:
        return NotCollected("amount", row["locale"])
    if row["until"] is not None and row["until"] < now + ON_ITS_WAY:
        await hold_until(tx, order.id, now + ON_ITS_WAY)
    await history.note(tx, PAYMENT, row["id"], row["state"], who=question.provider, why=MAY_COLLECT, now=now)
    return None


async def _known_page(provider: PaymentProvider, attempt: Attempt) -> PayByLink | None:
    """After a first call whose outcome is not known: the page that it made, if it made one."""
    if attempt.asked_at is None or not provider.features.looks_up:
        return None
    report = await provider.look_up(key=attempt.key, reference=attempt.reference)
    return PayByLink(report.page, report.reference) if report.page and report.reference else None


def still_open(row: Row, now: datetime) -> bool:
    """Whether this attempt may still collect money. `row`: of payment, with the state of its order."""
    in_time = row["until"] is None or row["until"] > now
    waits = ("paid",) if row["edit"] else ("awaiting_payment", "confirmed")  # the difference of an edit, or all of it
    return row["state"] in LIVE and row["order_status"] in waits and in_time
