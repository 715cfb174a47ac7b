"""What the conversation may ask of the shop, what it answers, and what the shop tells by itself.

Commands are plain values; `shop.handlers.handle` runs one inside the turn's transaction and returns one of the results
named in its docstring. Nothing here raises for a customer's wish: "no" is a value.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.money import Money
from shop.views import (
    BestCode,
    CartView,
    DeliveryOption,
    OrderView,
    PointView,
    ProductView,
    RefusedCode,
    VariantView,
    View,
)


class Command(View):
    """Asked of the shop by the conversation."""


class Result(View):
    """Answered by the shop, in the customer's language."""


# ---- catalogue -----------------------------------------------------------------------------------


class FindProducts(Command):
    """Products that fit words, attributes and a price limit; in stock first. -> Found"""

    query: str = ""
    products: tuple[str, ...] = ()  # product ids that were understood; empty: search by `query`
    attributes: dict[str, str] = {}
    budget: Money | None = None
    limit: int = 3
    offset: int = 0


class Found(Result):
    products: tuple[ProductView, ...]
    total: int  # how many there are in all
    variants: tuple[VariantView, ...] = ()  # the exact variants asked for, when attributes were said
    query: str = ""
    budget: Money | None = None


class Suggest(Command):
    """Two or three ready wishes within a budget, from the owner's suggestions and from the catalogue. -> Suggested"""

    budget: Money | None = None
    recipient_kind: str | None = None
    occasion: str | None = None
    skip: tuple[str, ...] = ()  # SKUs that were shown already


class Suggestion(View):
    lines: tuple[tuple[VariantView, int], ...]
    name: str  # "2 × Pine candle"
    total: Money
    reason: str  # one line in the customer's language
    image: str | None = None


class Suggested(Result):
    suggestions: tuple[Suggestion, ...]
    budget: Money | None = None
    recipient_kind: str | None = None


class ShowProduct(Command):
    """One product with its variants. -> ProductShown | NoSuchProduct"""

    product: str | None = None
    sku: str | None = None


class ProductShown(Result):
    product: ProductView
    variant: VariantView | None = None  # the one that was asked for
    alternatives: tuple[VariantView, ...] = ()  # nearest in stock, when the one asked for is sold out
    cheapest_delivery: DeliveryOption | None = None


class NoSuchProduct(Result):
    words: str = ""


class AskFact(Command):
    """A property of a product, only as the catalogue has it. -> FactAnswered | NoSuchProduct"""

    product: str
    fact: str | None = None
    words: str = ""


class FactAnswered(Result):
    product: ProductView
    fact: str | None
    words: str
    value: str | None  # None: not in the product data; never guess


class Compare(Command):
    """-> Compared"""

    skus: tuple[str, ...]


class Compared(Result):
    variants: tuple[VariantView, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]  # (fact, value per variant), only those that differ
    cheapest: str | None = None  # SKU


class WatchStock(Command):
    """Remember the wish to be told when a variant is back. Call only after a yes. -> StockWatched"""

    sku: str
    source: str = "chat"


class StockWatched(Result):
    variant: VariantView
    already: bool = False


# ---- cart ----------------------------------------------------------------------------------------


class LineWish(View):
    sku: str
    quantity: int = 1


class AddLines(Command):
    """Put variants into the cart. What is short is not put in at all and is named. -> CartChanged"""

    lines: tuple[LineWish, ...]


class SetQuantity(Command):
    """Set a line to a quantity (0 removes it). -> CartChanged"""

    sku: str
    quantity: int


class ChangeVariant(Command):
    """Replace a line by another variant of its product, same quantity. -> CartChanged | NoSuchProduct

    Either `to` names it, or `attributes` tell what is to be different: {"size": "L"}.
    """

    sku: str
    to: str | None = None
    attributes: dict[str, str] = {}


class RemoveLines(Command):
    """-> CartChanged"""

    skus: tuple[str, ...]


class ClearCart(Command):
    """-> CartChanged"""


class UndoCart(Command):
    """Take back the last cart change of this conversation that was not taken back. -> CartChanged | NothingToUndo"""


class ChooseDelivery(Command):
    """Remember a delivery method (and a city) with the cart. -> DeliveryChosen"""

    delivery: str | None = None
    city: str | None = None


class DeliveryChosen(Result):
    cart: CartView
    options: tuple[DeliveryOption, ...]
    unavailable: str | None = None  # code that does not go to that city


class ShowCart(Command):
    """-> CartShown"""


class CartShown(Result):
    cart: CartView


class RecheckCart(Command):
    """Bring an old cart up to today's stock and prices. -> CartRechecked"""


class CartRechecked(Result):
    cart: CartView
    before: Money  # total as it was last told
    reduced: tuple[Shortage, ...] = ()  # lines cut to what is free
    repriced: tuple[tuple[str, Money, Money], ...] = ()  # (name, old unit, new unit)


class Change(View):
    kind: Literal["added", "set", "removed", "variant", "cleared", "undone"]
    sku: str
    name: str
    quantity: int  # quantity now (for removed: what was removed)
    before: int = 0


class Shortage(View):
    """Less is free than was wanted. `variant.free` tells how many."""

    variant: VariantView
    wanted: int
    alternatives: tuple[VariantView, ...] = ()  # nearest in stock


class CartChanged(Result):
    cart: CartView
    changes: tuple[Change, ...]
    shortages: tuple[Shortage, ...] = ()
    lost: tuple[RefusedCode, ...] = ()  # coupons that counted before this change and no longer do
    gained: tuple[str, ...] = ()  # coupons that count again
    revised: str | None = None  # number of the unpaid order whose link this change voided


class NothingToUndo(Result):
    cart: CartView


# ---- promotions ----------------------------------------------------------------------------------


class ApplyCode(Command):
    """-> CodeApplied | CodeRefused"""

    code: str
    switch: bool = False  # drop what it does not combine with


class CodeApplied(Result):
    cart: CartView
    code: str
    dropped: tuple[str, ...] = ()


class CodeRefused(Result):
    cart: CartView
    refused: RefusedCode
    tries: int = 0  # wrong codes in a row
    gives: BestCode | None = None  # not_combinable: what it would give instead


class RemoveCode(Command):
    """-> CodeRemoved"""

    code: str | None = None  # None: all


class CodeRemoved(Result):
    cart: CartView
    codes: tuple[str, ...]


class ListPromotions(Command):
    """Codes that may be named unasked, with what they would give for this cart. -> PromotionsListed"""


class PromotionView(View):
    code: str
    text: str  # what it gives and when, in the customer's language
    total: Money | None = None  # this cart's total with it
    counts: bool = False


class PromotionsListed(Result):
    promotions: tuple[PromotionView, ...]
    cart: CartView


class ExplainTotal(Command):
    """-> TotalExplained"""


class TotalExplained(Result):
    cart: CartView
    order: OrderView | None = None  # the order last placed, when the cart is empty


# ---- checkout and payment ------------------------------------------------------------------------


class ListDeliveries(Command):
    """Delivery methods (for a city) with what this cart would pay. -> DeliveriesListed"""

    city: str | None = None


class DeliveriesListed(Result):
    options: tuple[DeliveryOption, ...]
    city: str | None
    cart: CartView


class FindPoints(Command):
    """Pick-up points of a method near words or in a city. -> PointsFound"""

    delivery: str
    near: str | None = None
    city: str | None = None


class PointsFound(Result):
    points: tuple[PointView, ...]
    delivery: str
    near: str | None = None


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


# ---- after the sale ------------------------------------------------------------------------------


class TrackOrder(Command):
    """-> OrderTracked | OrdersOpen (several: ask by content) | NoOrders"""

    order: str | None = None  # id or number; only the customer's own are found
    words: str = ""  # "the mugs": told apart by content
    products: tuple[str, ...] = ()


class OrderTracked(Result):
    order: OrderView


class OrdersOpen(Result):
    orders: tuple[OrderView, ...]


class NoOrders(Result):
    words: str = ""


class AskPolicy(Command):
    """A question answered from data/faq.yml. -> PolicyAnswered"""

    topic: str  # intent name: faq_returns


class PolicyAnswered(Result):
    topic: str
    text: str  # in the customer's language


class SendProof(Command):
    """A photo came: perhaps of a bank transfer that is waited for. -> ProofTaken | NoProofDue"""

    photo: str  # the channel's name for it; never fetched


class ProofTaken(Result):
    number: str


class NoProofDue(Result):
    pass


class PassQuestion(Command):
    """Something only a person can answer: a task at the desk, while the bot goes on. -> QuestionPassed"""

    kind: Literal["question", "promise", "return", "payment"]
    words: str
    product: str | None = None
    order: str | None = None


class QuestionPassed(Result):
    kind: str
    orders: bool = True  # kind "return": the customer has ordered here; without an order no task is made
    promise: PromiseFound | None = None  # kind "promise": what a manager really noted for this customer


class PromiseFound(View):
    name: str
    price: Money
    reason: str
    until: datetime | None = None


class LeaveFeedback(Command):
    """-> FeedbackTaken"""

    order: str | None
    rating: int | None
    words: str = ""


class FeedbackTaken(Result):
    rating: int | None
    words: str
    task: bool  # a manager was told (rating of 3 or less)


class SetConsent(Command):
    """-> ConsentSet"""

    kind: Literal["marketing"]
    on: bool
    source: str


class ConsentSet(Result):
    on: bool
    open_order: bool = False


class KnownCustomer(Command):
    """What the customer may confirm instead of typing it again. -> CustomerKnown"""


class CustomerKnown(Result):
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    addresses: tuple[tuple[str, str], ...] = ()  # (label, address): ("office", …)
    last_delivery: str | None = None
    last_payment: str | None = None
    returning: bool = False  # has ordered before
    cart_age_hours: float | None = None  # None: no cart with lines


# ---- events: the shop tells by itself ------------------------------------------------------------


class ShopEvent(View):
    """Something that happened to an order of this customer; inserted for the conversation in the same transaction."""

    order: str  # order id


class PaymentSettled(ShopEvent):
    kind: Literal["payment_settled"] = "payment_settled"
    payment: str
    number: str
    revived: bool = False  # it came late and the stock was still there


class PaymentDeclined(ShopEvent):
    kind: Literal["payment_declined"] = "payment_declined"
    payment: str
    number: str
    until: datetime | None = None


class PaymentExpired(ShopEvent):
    """The link died with the reservation."""

    kind: Literal["payment_expired"] = "payment_expired"
    payment: str
    number: str


class PaymentRefunded(ShopEvent):
    """Late or double money goes back."""

    kind: Literal["payment_refunded"] = "payment_refunded"
    payment: str
    number: str
    amount: Money
    reason: Literal["late", "double", "other"]
    by: datetime | None = None  # when it should arrive


class ShipmentMoved(ShopEvent):
    kind: Literal["shipment_moved"] = "shipment_moved"
    number: str
    status: str
    at: datetime


class StockBack(View):
    kind: Literal["stock_back"] = "stock_back"
    sku: str
    name: str
    price: Money


CartRechecked.model_rebuild()
QuestionPassed.model_rebuild()
Event = PaymentSettled | PaymentDeclined | PaymentExpired | PaymentRefunded | ShipmentMoved | StockBack
