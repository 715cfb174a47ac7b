"""Payment attempts: one row each, with its lasting token and its key written before the first call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from base.db import Row, Tx
from base.ids import new_id, new_token
from base.money import Money
from shop import history
from shop.asking import FIRST_LOOK
from shop.orders import Order, close_payments
from shop.states import PAYMENT

BY_HAND = "manual"  # the provider of money that a person takes with the parcel
BY_TRANSFER = "transfer"  # the provider of money that comes to the shop's account, and that a manager sees there
STARS = "stars"  # the provider for what is digital: in Telegram nothing else may be taken for it
# provider -> the messenger that collects itself, and only from who writes there
IN_CHAT = {"telegram": "telegram", STARS: "telegram"}
LIVE = ("created", "pending", "declined")  # could still collect money


@dataclass(frozen=True, slots=True)
class Attempt:
    """One payment row, as decisions need it."""

    id: str
    token: str
    order: str
    method: str
    provider: str
    key: str
    reference: str | None
    page: str | None
    amount: Money
    state: str
    until: datetime | None
    asked_at: datetime | None
    serial: int
    edit: str | None  # it collects the difference of this edit of a paid order


def read_attempt(row: Row) -> Attempt:
    return Attempt(
        row["id"], row["token"], row["order"], row["method"], row["provider"], row["key"], row["reference"],
        row["page"], Money(row["amount_minor"], row["currency"]), row["state"], row["until"], row["asked_at"],
        row["serial"], row["edit"],
    )  # fmt: skip


async def live_attempt(tx: Tx, order: str, method: str) -> Attempt | None:
    """The attempt of this order and method that waits for its money, if there is one."""
    row = await tx.row(
        "SELECT * FROM payment WHERE \"order\" = %s AND method = %s AND state IN ('created', 'pending') FOR UPDATE",
        order,
        method,
    )
    return read_attempt(row) if row else None


async def begin_attempt(
    tx: Tx, order: Order, method: str, provider: str, until: datetime | None, now: datetime,
    amount: Money | None = None, *, edit: str | None = None,
) -> Attempt:  # fmt: skip
    """A new attempt with its lasting token and its key, before any call; every other one of the order is voided.

    `amount`: what is collected, where that is not the order's total. `edit`: whose difference that is.
    """
    amount = amount or order.total
    await close_payments(tx, order.id, "voided", who="shop", why=f"another attempt: {method}", now=now)
    who = f"customer {order.customer}"
    return await _insert(tx, order.id, method, provider, new_id(), amount, until, now, who, edit=edit)


async def begin_second(tx: Tx, order: Order, first: Attempt, amount: Money, key: str, now: datetime) -> Attempt:
    """Money that came beside `first`, by the same page: a row of its own, so that the books show it.

    It is settled from the start: beside it another attempt of the order may be waiting for its money.
    """
    return await _insert(
        tx, order.id, first.method, first.provider, new_id(), amount, None, now, first.provider, key=key,
        edit=first.edit, state="settled",
    )  # fmt: skip


async def _insert(
    tx: Tx,
    order: str,
    method: str,
    provider: str,
    payment: str,
    amount: Money,
    until: datetime | None,
    now: datetime,
    who: str,
    *,
    key: str = "",
    edit: str | None = None,
    state: str = "created",
) -> Attempt:
    row = await tx.row(
        'INSERT INTO payment (id, token, "order", method, provider, key, amount_minor, currency, state, counts,'
        " cancel_due, looks, created_at, until, asked_at, look_at, edit) VALUES (%(id)s, %(token)s, %(order)s,"
        " %(method)s, %(provider)s, %(key)s, %(amount)s, %(currency)s, %(state)s, false, false, 0, %(now)s, %(until)s,"
        " %(asked)s, %(look)s, %(edit)s) RETURNING *",
        id=payment,
        token=new_token(),
        order=order,
        method=method,
        provider=provider,
        key=key or f"payment-{payment}",
        amount=amount.amount_minor,
        currency=amount.currency,
        state=state,
        asked=now if provider == STARS else None,  # an invoice may be paid from now on, with no call of ours before
        look=now + FIRST_LOOK if provider == STARS else None,
        now=now,
        until=until,
        edit=edit,
    )
    assert row is not None
    await history.begin(tx, PAYMENT, payment, state, who=who, why=method, now=now)
    return read_attempt(row)
