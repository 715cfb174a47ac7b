"""A receipt: what was bought, what it came to, how it was paid, what went back, and the tax within."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from base.db import Tx
from base.money import Money, total
from shop.order_views import vat_within, where_to
from shop.shopfile import ShopFile
from shop.views import Breakdown, PriceLine


@dataclass(frozen=True, slots=True)
class Paid:
    """Money that came. `provider` is its code."""

    provider: str
    method: str  # the way to pay, in the customer's language
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True)
class GivenBack:
    """`at` is None while it is under way, or `waits` for a person to approve it."""

    amount: Money
    at: datetime | None
    waits: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything that /receipt/{token} shows. `vat` is the tax within what the shop keeps; None: it charges none."""

    number: str
    status: str
    locale: str
    channel: str
    placed_at: datetime
    lines: tuple[PriceLine, ...]
    total: Money
    paid: tuple[Paid, ...]
    given_back: tuple[GivenBack, ...]
    method: str  # how it is to be paid, while nothing has come
    recipient: str
    delivery: str
    where: str
    rate: Decimal | None
    vat: Money | None

    @property
    def kept(self) -> Money:
        """What the customer has paid in the end."""
        back = total((one.amount for one in self.given_back), self.total.currency)
        return total((one.amount for one in self.paid), self.total.currency) - back


async def read_receipt(tx: Tx, token: str, shop: ShopFile) -> Receipt | None:
    """The receipt of the order with this token; None for a token that was never given."""
    order = await tx.row("SELECT * FROM shop_order WHERE token = %s", token)
    if order is None:
        return None
    locale, currency = order["locale"], order["currency"]
    payments = await tx.rows(
        "SELECT provider, method, coalesce(came_minor, amount_minor) AS minor,"
        " coalesce(came_currency, currency) AS currency, settled_at FROM payment"
        " WHERE \"order\" = %s AND state IN ('settled', 'refunded') ORDER BY settled_at, id",
        order["id"],
    )
    refunds = await tx.rows(
        "SELECT amount_minor, currency, done_at, state FROM refund"
        " WHERE \"order\" = %s AND state NOT IN ('voided', 'refused') ORDER BY created_at, id",
        order["id"],
    )

    def method(code: str) -> str:
        way = shop.payments.get(code)
        return way.name.said_in(locale) if way else code

    came = tuple(
        Paid(row["provider"], method(row["method"]), Money(row["minor"], row["currency"]), row["settled_at"])
        for row in payments
    )
    back = tuple(
        GivenBack(
            Money(row["amount_minor"], row["currency"]),
            row["done_at"] if row["state"] == "done" else None,
            waits=row["state"] == "awaiting_approval",
        )
        for row in refunds
    )
    way = shop.deliveries.get(order["delivery"])
    receipt = Receipt(
        number=order["number"],
        status=order["status"],
        locale=locale,
        channel=order["channel"],
        placed_at=order["placed_at"],
        lines=Breakdown.model_validate(order["breakdown"]).lines if order["breakdown"] else (),
        total=Money(order["total_minor"], currency),
        paid=tuple(one for one in came if one.amount.currency == currency),
        given_back=tuple(one for one in back if one.amount.currency == currency),
        method=method(order["payment"]),
        recipient=order["recipient"],
        delivery=way.name.said_in(locale) if way else order["delivery"],
        where=where_to(shop, order["address"], order["point"], order["city"]),
        rate=shop.vat,
        vat=None,
    )
    if shop.vat is None:
        return receipt
    taxed = receipt.kept if receipt.paid else receipt.total
    return replace(receipt, vat=vat_within(taxed, shop.vat))
