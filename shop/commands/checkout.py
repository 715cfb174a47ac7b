"""From the cart to the money: quote, order, pay link."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.money import Money
from shop.commands.base import Command, Result
from shop.commands.cart import Shortage
from shop.views import CartView, DeliveryOption, OrderView, PointView, VariantView, View


class ListDeliveries(Command):
    """Delivery methods (for a city) with what this cart would pay. -> DeliveriesListed"""

    city: str | None = None


class DeliveriesListed(Result):
    options: tuple[DeliveryOption, ...]
    city: str | None
    cart: CartView


class FindPoints(Command):
    """Pick-up points of a method near a place on the map, near words, or in a city. -> PointsFound"""

    delivery: str
    at: tuple[float, float] | None = None  # latitude and longitude in degrees
    near: str | None = None
    city: str | None = None


class PointsFound(Result):
    points: tuple[PointView, ...]
    delivery: str
    near: str | None = None
    on_the_map: bool = False  # the shop knows where such points are


class ListPayments(Command):
    """Ways to pay that are possible for this cart. -> PaymentsListed"""


class PaymentOption(View):
    code: str
    name: str
    available: bool = True
    limit: Money | None = None  # cash on delivery: only up to this total
    at_once: bool = True  # on a page; False: with the parcel, or by a transfer


class PaymentsListed(Result):
    options: tuple[PaymentOption, ...]


class QuoteOrder(Command):
    """The full breakdown that the customer says yes to. -> OrderQuoted | CannotPlace"""

    recipient: str
    phone: str
    delivery: str
    address: str | None = None
    point: str | None = None
    payment: str
    email: str | None = None


class OrderQuoted(Result):
    quote: str  # id; placing with it fails when the cart, a price or stock has moved since
    cart: CartView
    option: DeliveryOption
    payment: PaymentOption
    where: str


class PlaceOrder(Command):
    """Turn the agreed quote into an order, with stock and promo uses reserved. Idempotent by `key`.

    -> OrderPlaced | CannotPlace | QuoteOutdated
    """

    quote: str
    key: str


class OrderPlaced(Result):
    order: OrderView
    reserved_until: datetime | None  # None: until packed (cash on delivery)


class HeldVariant(View):
    """Somebody else's unpaid link holds the last ones."""

    variant: VariantView
    until: datetime
    alternatives: tuple[VariantView, ...] = ()


class CannotPlace(Result):
    reason: Literal[
        "empty_cart", "short", "held", "payment_not_available", "delivery_not_available", "price_expired", "mixed"
    ]  # fmt: skip
    cart: CartView
    shortages: tuple[Shortage, ...] = ()
    held: tuple[HeldVariant, ...] = ()
    payment: PaymentOption | None = None


class QuoteOutdated(Result):
    """Something moved between the quote and the yes: quote again and say what changed."""

    cart: CartView


class CheckCart(Command):
    """Can this cart be ordered right now? Asked before the first question of a checkout.

    -> CartShown | CannotPlace | PaymentRequested (the cart is empty, and an order with a live link waits for its money)
    """


class RequestPayment(Command):
    """One attempt to collect an order's money: our own lasting link, an invoice, or the word that it is paid by hand.

    -> PaymentRequested | NothingToPay | CannotPlace (the hold has ended, and stock or price did not stay)
    """

    order: str
    method: str | None = None  # None: the order's own


class InvoiceDue(View):
    """What the messenger itself is to collect; `payload` names the attempt when the money comes."""

    payload: str
    amount: Money


class PaymentRequested(Result):
    order: OrderView
    payment: str  # id of the attempt
    method: str
    link: str | None  # None: cash on delivery, a transfer, or an invoice
    until: datetime | None
    account: str | None = None  # a transfer: where the money goes
    amount: Money | None = None  # what is collected, where it is not the order's total: the difference of an edit
    invoice: InvoiceDue | None = None  # paid in the chat itself


class NothingToPay(Result):
    order: OrderView


class ReviseOrder(Command):
    """Void the live link, cancel the unpaid order, give back stock and promo uses, and put the lines back in the cart.

    -> OrderRevised | CannotRevise
    """

    order: str


class OrderRevised(Result):
    order: OrderView
    cart: CartView


class CannotRevise(Result):
    order: OrderView  # already paid or gone


class CancelOrder(Command):
    """Cancel an order that nobody paid for: its links are void, stock and promo uses go back. Asked about first.

    -> MayCancel (until `sure`) | OrderCancelled | CannotCancel | NoOrders
    """

    order: str | None = None  # id or number; None: the newest one that is open
    sure: bool = False


class MayCancel(Result):
    order: OrderView


class OrderCancelled(Result):
    order: OrderView


class CannotCancel(Result):
    order: OrderView  # paid, or on its way: a person decides
