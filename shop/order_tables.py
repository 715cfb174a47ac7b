"""The shop's tables, second half: orders, their money, their parcels, and what people must look at."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from base.tables import document, moment


class Order(SQLModel, table=True):
    """What a customer said yes to, at the prices he said yes to."""

    __tablename__ = "shop_order"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total"),
        CheckConstraint("goods_minor >= 0", name="goods"),
        CheckConstraint("discount_minor <= 0", name="discount"),
        CheckConstraint("delivery_minor >= 0", name="delivery"),
        CheckConstraint("goods_minor + discount_minor + delivery_minor = total_minor", name="adds_up"),
        Index(None, "customer", "placed_at"),
        Index("ix_shop_order_open_until", "reserved_until", postgresql_where=text("status = 'awaiting_payment'")),
    )

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    token: str = Field(unique=True)  # of its receipt /receipt/{token}
    customer: str = Field(foreign_key="customer.id")
    key: str = Field(unique=True)  # placing again with the same key finds this order
    status: str
    currency: str = Field(max_length=3)
    goods_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(sa_type=BigInteger)
    delivery_minor: int = Field(sa_type=BigInteger)
    total_minor: int = Field(sa_type=BigInteger)
    breakdown: dict[str, Any] = document(dict)  # shop.views.Breakdown as it was agreed
    codes: list[str] = document(list)
    recipient: str
    phone: str
    email: str | None = Field(default=None)
    delivery: str  # method code
    address: str | None = Field(default=None)
    point: str | None = Field(default=None)
    city: str | None = Field(default=None)
    payment: str  # method code
    locale: str = Field(default="en")
    channel: str = Field(default="")
    source: str = Field(default="")
    placed_at: datetime = moment()
    reserved_until: datetime | None = moment(default=None)
    paid_at: datetime | None = moment(default=None)
    delivered_at: datetime | None = moment(default=None)
    cancelled_at: datetime | None = moment(default=None)


class OrderLine(SQLModel, table=True):
    """One line of an order. `discount_minor` is its share of the goods discount, for returns of single units."""

    __tablename__ = "order_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("unit_minor >= 0 AND total_minor >= 0", name="money"),
        CheckConstraint("discount_minor <= 0 AND total_minor + discount_minor >= 0", name="discount"),
    )

    order: str = Field(foreign_key="shop_order.id", primary_key=True)
    position: int = Field(primary_key=True)
    sku: str = Field(foreign_key="variant.sku")
    product: str = Field(foreign_key="product.id")
    name: str
    quantity: int
    unit_minor: int = Field(sa_type=BigInteger)
    total_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(default=0, sa_type=BigInteger)
    currency: str = Field(max_length=3)
    note: str = Field(default="")


class Reservation(SQLModel, table=True):
    """Stock kept for an order: held until `until` (None: until packed), then taken or released."""

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_reservation_held", "sku", postgresql_where=text("state = 'held'")),
    )

    order: str = Field(foreign_key="shop_order.id", primary_key=True)
    sku: str = Field(foreign_key="variant.sku", primary_key=True)
    edit: str = Field(default="", primary_key=True)  # what an edit of the order adds, until it is paid for
    quantity: int
    until: datetime | None = moment(default=None)
    state: str = Field(default="held")  # held taken released


class OrderEdit(SQLModel, table=True):
    """A change of a paid order: asked about first, then done at once or when its difference is paid."""

    __tablename__ = "order_edit"
    __table_args__ = (
        CheckConstraint("goods_minor + discount_minor + delivery_minor = total_minor", name="adds_up"),
        Index("uq_order_edit_open", "order", unique=True, postgresql_where=text("state = 'awaiting_payment'")),
        Index("ix_order_edit_open_until", "until", postgresql_where=text("state = 'awaiting_payment'")),
    )

    id: str = Field(primary_key=True)
    order: str = Field(foreign_key="shop_order.id", index=True)
    state: str = Field(default="proposed")  # proposed awaiting_payment done expired voided
    revision: int  # how many edits of the order were done before: another one in between makes it void
    wanted: dict[str, int] = document(dict)  # SKU -> pieces, of the whole order
    lines: list[dict[str, Any]] = document(list)  # the order's lines as they will be
    breakdown: dict[str, Any] = document(dict)
    currency: str = Field(max_length=3)
    goods_minor: int = Field(sa_type=BigInteger)
    discount_minor: int = Field(sa_type=BigInteger)
    delivery_minor: int = Field(sa_type=BigInteger)
    total_minor: int = Field(sa_type=BigInteger)
    difference_minor: int = Field(sa_type=BigInteger)  # above zero: to be paid; below: goes back
    until: datetime | None = moment(default=None)
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None)


class Payment(SQLModel, table=True):
    """One attempt to collect an order's money. `counts` marks the one that paid for the order."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("NOT counts OR state IN ('settled', 'refunded')", name="counts"),
        Index("uq_payment_settled_slot", "order", unique=True, postgresql_where=text("counts AND edit IS NULL")),
        Index("uq_payment_settled_edit", "edit", unique=True, postgresql_where=text("counts")),
        Index("uq_payment_live", "order", unique=True, postgresql_where=text("state IN ('created', 'pending')")),
        UniqueConstraint("provider", "reference"),
        Index("ix_payment_cancel_due", "created_at", postgresql_where=text("cancel_due")),
        Index("ix_payment_open", "asked_at", postgresql_where=text("state IN ('created', 'pending', 'declined')")),
    )

    id: str = Field(primary_key=True)
    token: str = Field(unique=True)  # of our own lasting link /pay/{token}
    order: str = Field(foreign_key="shop_order.id", index=True)
    edit: str | None = Field(default=None, foreign_key="order_edit.id")  # it collects the difference of this edit
    method: str
    provider: str
    key: str = Field(unique=True)  # idempotency key, stored before the first call
    reference: str | None = Field(default=None)  # the provider's own name for it
    page: str | None = Field(default=None, sa_type=Text)  # the provider's page
    receipt: str | None = Field(default=None)  # the provider's own name for the money that came
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    state: str = Field(default="created")
    counts: bool = Field(default=False)
    cancel_due: bool = Field(default=False)  # dead here, and the provider has yet to be told
    asked_at: datetime | None = moment(default=None)  # the first call; its outcome is looked up before another
    look_at: datetime | None = moment(default=None)  # when its provider is asked again, while it is open
    looks: int = Field(default=0)  # how often it was asked
    created_at: datetime = moment()
    until: datetime | None = moment(default=None)
    settled_at: datetime | None = moment(default=None)
    came_minor: int | None = Field(default=None, sa_type=BigInteger)  # what really came, where that is another sum
    came_currency: str | None = Field(default=None, max_length=3)
    serial: int = Field(
        sa_type=BigInteger, sa_column_args=(Identity(),), unique=True
    )  # for providers that want numbers


class PaymentReportRow(SQLModel, table=True):
    """Every report of a provider, once, with what the core made of it."""

    __tablename__ = "payment_report"
    __table_args__ = (UniqueConstraint("provider", "event"),)

    id: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(),))
    provider: str
    event: str  # the provider's id of the report
    payment: str | None = Field(default=None, foreign_key="payment.id", index=True)
    state: str
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str | None = Field(default=None, max_length=3)
    decision: str = Field(default="")
    at: datetime = moment()


class Refund(SQLModel, table=True):
    """One try to give money back."""

    __tablename__ = "refund"
    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount"),)

    id: str = Field(primary_key=True)
    payment: str = Field(foreign_key="payment.id", index=True)
    order: str = Field(foreign_key="shop_order.id", index=True)
    key: str = Field(unique=True)
    reference: str | None = Field(default=None)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    state: str = Field(default="created")
    reason: str  # late double edit shop elsewhere other
    created_at: datetime = moment()
    asked_at: datetime | None = moment(default=None)
    look_at: datetime | None = moment(default=None)  # when its provider is asked again
    looks: int = Field(default=0)  # how often it was asked
    expected_by: datetime | None = moment(default=None)
    done_at: datetime | None = moment(default=None)
    wished_by: str | None = Field(default=None)  # who asked for it; none: it was never the shop's to keep


class Dispute(SQLModel, table=True):
    """A payment that the customer contests with his bank or at the provider. While it is open, the order is frozen."""

    __tablename__ = "dispute"
    __table_args__ = (UniqueConstraint("provider", "reference"),)

    id: str = Field(primary_key=True)
    provider: str
    reference: str  # the provider's own name for it
    receipt: str | None = Field(default=None, index=True)  # the provider's name for the money it is about
    payment: str | None = Field(default=None, foreign_key="payment.id", index=True)  # none: not known here (yet)
    order: str | None = Field(default=None, foreign_key="shop_order.id", index=True)
    amount_minor: int | None = Field(default=None, sa_type=BigInteger)  # contested; once lost: gone
    currency: str | None = Field(default=None, max_length=3)
    reason: str = Field(default="")  # in the provider's words
    state: str  # open won lost
    opened_at: datetime = moment()
    closed_at: datetime | None = moment(default=None)
    look_at: datetime = moment()  # when its provider is asked again, while it is open
    let_go: bool = Field(default=False)  # lost, and a person sends the order all the same


class Shipment(SQLModel, table=True):
    """The parcel of an order."""

    __tablename__ = "shipment"
    __table_args__ = (
        UniqueConstraint("carrier", "tracking"),
        Index("ix_shipment_under_way", "polled_at", postgresql_where=text("tracking IS NOT NULL AND NOT done")),
    )

    id: str = Field(primary_key=True)
    order: str = Field(foreign_key="shop_order.id", unique=True)
    carrier: str
    method: str  # delivery method code
    key: str = Field(unique=True)  # idempotency key of the booking
    tracking: str | None = Field(default=None)
    track_url: str = Field(default="")
    status: str = Field(default="pending")
    promised_from: date | None = Field(default=None)
    promised_to: date | None = Field(default=None)
    created_at: datetime = moment()
    booked_at: datetime | None = moment(default=None)
    handed_over_at: datetime | None = moment(default=None)
    delivered_at: datetime | None = moment(default=None)
    last_event_at: datetime | None = moment(default=None)
    polled_at: datetime | None = moment(default=None)
    done: bool = Field(default=False)  # nothing more is expected of the carrier
    cancel_due: bool = Field(default=False)  # cancelled here, and the carrier has yet to be told
    asked_at: datetime | None = moment(default=None)  # the first call to book


class Recall(SQLModel, table=True):
    """A booking that is no more: its carrier is told, and its label must not be used."""

    __tablename__ = "recall"
    __table_args__ = (Index("ix_recall_due", "at", postgresql_where=text("NOT told")),)

    key: str = Field(primary_key=True)  # of the booking
    shipment: str = Field(foreign_key="shipment.id", index=True)
    carrier: str
    tracking: str | None = Field(default=None, index=True)  # none: whether it was booked is not known yet
    at: datetime = moment()
    told: bool = Field(default=False)


class TrackingEventRow(SQLModel, table=True):
    """One scan of a parcel, once."""

    __tablename__ = "tracking_event"

    shipment: str = Field(foreign_key="shipment.id", primary_key=True)
    event: str = Field(primary_key=True)  # the carrier's id, or one made of its content
    status: str
    at: datetime = moment()  # the carrier's time
    place: str = Field(default="")
    words: str = Field(default="")


class ReturnRequest(SQLModel, table=True):
    """A claim or a return, with its own number."""

    __tablename__ = "return_request"

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    order: str = Field(foreign_key="shop_order.id", index=True)
    customer: str = Field(foreign_key="customer.id", index=True)
    state: str
    reason: str = Field(default="")
    lines: list[dict[str, Any]] = document(list)
    created_at: datetime = moment()


class Feedback(SQLModel, table=True):
    """What a customer thought of an order."""

    __tablename__ = "feedback"

    id: str = Field(primary_key=True)
    customer: str = Field(foreign_key="customer.id", index=True)
    order: str | None = Field(default=None, foreign_key="shop_order.id", index=True)
    rating: int | None = Field(default=None)
    words: str = Field(default="", sa_type=Text)
    at: datetime = moment()


class History(SQLModel, table=True):
    """Append-only: every move of every state, who, when and why."""

    __tablename__ = "history"
    __table_args__ = (Index(None, "entity", "entity_id", "id"),)

    id: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(),))
    entity: str  # order payment refund shipment return
    entity_id: str
    from_state: str | None = Field(default=None)
    to_state: str
    at: datetime = moment()
    who: str
    why: str = Field(default="")


class Task(SQLModel, table=True):
    """Something a person at the desk must look at."""

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_open", "created_at", postgresql_where=text("state = 'open'")),
        Index("uq_task_key", "key", unique=True),
    )

    id: str = Field(primary_key=True)
    key: str  # one task per reason: raising it again finds this one
    kind: str
    customer: str | None = Field(default=None, foreign_key="customer.id", index=True)
    order: str | None = Field(default=None, foreign_key="shop_order.id", index=True)
    actor: str | None = Field(default=None)  # the conversation's key, when one is concerned
    text: str = Field(sa_type=Text)
    state: str = Field(default="open")  # open done
    created_at: datetime = moment()
    done_at: datetime | None = moment(default=None)
    by: str | None = Field(default=None)
