"""What the shop tells by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.money import Money
from shop.views import View


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


class PaymentUnclear(ShopEvent):
    """Other money came than was asked for: a person looks at it, and nothing is guessed."""

    kind: Literal["payment_unclear"] = "payment_unclear"
    payment: str
    number: str
    amount: Money  # that came


class PaymentOnItsWay(ShopEvent):
    """The hold has ended while money that was paid takes its time: the order goes on with it, or it goes back."""

    kind: Literal["payment_on_its_way"] = "payment_on_its_way"
    payment: str
    number: str


class PaymentExpired(ShopEvent):
    """The link died with the reservation."""

    kind: Literal["payment_expired"] = "payment_expired"
    payment: str
    number: str


class PaymentRefunded(ShopEvent):
    """Late or double money goes back, what waited for a person's approval, or what the shop gives back of itself."""

    kind: Literal["payment_refunded"] = "payment_refunded"
    payment: str
    number: str
    amount: Money
    reason: Literal["late", "double", "edit", "other", "approved", "shop"]
    by: datetime | None = None  # when it should arrive


class RefundRefused(ShopEvent):
    """What waited for approval does not go back: a person writes about it."""

    kind: Literal["refund_refused"] = "refund_refused"
    number: str
    amount: Money


class OrderEditPaid(ShopEvent):
    """The difference was paid, and the order is changed."""

    kind: Literal["order_edit_paid"] = "order_edit_paid"
    number: str


class OrderEditEnded(ShopEvent):
    """What waited for its money is not done: the order stays as it was."""

    kind: Literal["order_edit_ended"] = "order_edit_ended"
    number: str
    reason: Literal["expired", "too_late"]  # too_late: the parcel has left


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


Event = (
    PaymentSettled
    | PaymentDeclined
    | PaymentUnclear
    | PaymentOnItsWay
    | PaymentExpired
    | PaymentRefunded
    | RefundRefused
    | OrderEditPaid
    | OrderEditEnded
    | ShipmentMoved
    | StockBack
)
