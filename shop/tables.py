"""The shop's tables, first half: what is sold, to whom, what lies in the cart, and what makes it cheaper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from base.tables import document, moment
from shop.order_tables import (
    Feedback,
    History,
    Order,
    OrderLine,
    Payment,
    PaymentReportRow,
    Refund,
    Reservation,
    ReturnRequest,
    Shipment,
    Task,
    TrackingEventRow,
)

Words = dict[str, str]  # locale -> text

# ---- what is sold --------------------------------------------------------------------------------


class CatalogueMeta(SQLModel, table=True):
    """One row. Every change of the catalogue adds one to `version`; each process then reads the catalogue anew."""

    __tablename__ = "catalogue_meta"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    version: int = Field(default=0, sa_type=BigInteger)


class Product(SQLModel, table=True):
    """Something with a name; what is bought is one of its variants."""

    __tablename__ = "product"

    id: str = Field(primary_key=True)  # short and readable: MUG
    position: int = Field(default=0)
    names: Words = document(dict)
    descriptions: Words = document(dict)
    synonyms: dict[str, list[str]] = document(dict)  # locale -> the owner's other words for it
    facts: dict[str, Words] = document(dict)  # fact key -> locale -> value; "" as locale: the same in every language
    pictures: list[str] = document(list)
    tags: list[str] = document(list)
    active: bool = Field(default=True)


class Variant(SQLModel, table=True):
    """One thing that can be bought. Free stock = on_hand - reserved; the database refuses to let it go below zero."""

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price"),
        CheckConstraint("reserved >= 0", name="reserved"),
        CheckConstraint("on_hand >= reserved", name="stock"),
        CheckConstraint("weight_grams IS NULL OR weight_grams >= 0", name="weight"),
    )

    sku: str = Field(primary_key=True)  # TEE-green-M
    product: str = Field(foreign_key="product.id", index=True)
    position: int = Field(default=0)
    attributes: dict[str, str] = document(dict)  # {"color": "black", "size": "L"}
    price_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    on_hand: int = Field(default=0)
    reserved: int = Field(default=0)
    restock: date | None = Field(default=None)
    weight_grams: int | None = Field(default=None)
    picture: str | None = Field(default=None)
    active: bool = Field(default=True)


# ---- to whom -------------------------------------------------------------------------------------


class Customer(SQLModel, table=True):
    """A person who buys. Orders know customers, never conversations."""

    __tablename__ = "customer"

    id: str = Field(primary_key=True)
    name: str | None = Field(default=None)
    phone: str | None = Field(default=None, index=True)
    email: str | None = Field(default=None, index=True)
    locale: str | None = Field(default=None)
    zone: str | None = Field(default=None)  # IANA name, when the customer told or the platform gave it
    segments: list[str] = document(list)
    created_at: datetime = moment()


class CustomerAddress(SQLModel, table=True):
    """An address under a label of the customer's own ("office"); the empty label is the last one used."""

    __tablename__ = "customer_address"
    __table_args__ = (UniqueConstraint("customer", "label"),)

    id: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(),))
    customer: str = Field(foreign_key="customer.id")
    label: str = Field(default="")
    address: str
    used_at: datetime = moment()


class Consent(SQLModel, table=True):
    """Append-only: what a customer agreed to or took back. The newest row of a kind is what counts."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "customer", "kind", "id"),)

    id: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(),))
    customer: str = Field(foreign_key="customer.id")
    kind: str  # marketing, stock_alert
    granted: bool
    source: str  # where it was said: chat, button, import
    at: datetime = moment()


class StockWatch(SQLModel, table=True):
    """A customer who said yes to being told when a variant is back."""

    __tablename__ = "stock_watch"
    __table_args__ = (
        Index("uq_stock_watch_open", "customer", "sku", unique=True, postgresql_where=text("told_at IS NULL")),
        Index("ix_stock_watch_sku_open", "sku", postgresql_where=text("told_at IS NULL")),
    )

    id: str = Field(primary_key=True)
    customer: str = Field(foreign_key="customer.id")
    sku: str = Field(foreign_key="variant.sku")
    source: str
    at: datetime = moment()
    told_at: datetime | None = moment(default=None)


# ---- the cart ------------------------------------------------------------------------------------


class Cart(SQLModel, table=True):
    """A customer's cart. `lines` is what its events add up to; `revision` grows with everything that moves a price."""

    __tablename__ = "cart"
    __table_args__ = (CheckConstraint("revision >= 0", name="revision"),)

    id: str = Field(primary_key=True)
    customer: str = Field(foreign_key="customer.id", unique=True)
    revision: int = Field(default=0, sa_type=BigInteger)
    lines: list[dict[str, Any]] = document(list)  # [{"sku": "CAN", "quantity": 2}], in the order they were added
    codes: list[str] = document(list)  # coupons entered, also those that do not count now
    delivery: str | None = Field(default=None)  # method code
    city: str | None = Field(default=None)
    wrong_codes: int = Field(default=0)  # in a row
    told_total_minor: int | None = Field(default=None, sa_type=BigInteger)  # as the customer last heard it
    told_units: dict[str, int] = document(dict)  # SKU -> unit price (minor) as last told
    updated_at: datetime = moment(index=True)


class CartEvent(SQLModel, table=True):
    """Append-only: one typed operation on a cart and the operation that takes it back."""

    __tablename__ = "cart_event"
    __table_args__ = (Index(None, "cart", "id"),)

    id: int | None = Field(default=None, sa_type=BigInteger, primary_key=True, sa_column_args=(Identity(),))
    cart: str = Field(foreign_key="cart.id")
    actor: str  # whose undo it answers to: the conversation's key
    kind: str  # added set removed variant cleared undone placed restored rechecked
    operation: list[dict[str, Any]] = document(list)  # [{"sku", "quantity", "position"}]: set these lines to this
    inverse: list[dict[str, Any]] = document(list)  # the same form
    undoable: bool = Field(default=True)
    undone_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="cart_event.id")
    at: datetime = moment()


# ---- what makes it cheaper -----------------------------------------------------------------------


class Promotion(SQLModel, table=True):
    """A rule: conditions and actions. `uses` counts reserved and committed redemptions, under this row's lock."""

    __tablename__ = "promotion"
    __table_args__ = (
        CheckConstraint("uses >= 0", name="uses"),
        CheckConstraint("total_limit IS NULL OR uses <= total_limit", name="total_limit"),
        CheckConstraint("code IS NULL OR code = upper(code)", name="code"),
    )

    id: str = Field(primary_key=True)
    code: str | None = Field(default=None, unique=True)  # the coupon; None: counts by itself
    texts: Words = document(dict)  # locale -> what it gives and when
    conditions: list[dict[str, Any]] = document(list)
    actions: list[dict[str, Any]] = document(list)
    public: bool = Field(default=False)  # may be named unasked
    combinable: bool = Field(default=True)  # False: never beside another code
    not_with: list[str] = document(list)  # kinds of promotions it never stands beside: percent amount delivery bundle
    per_customer_limit: int | None = Field(default=None)
    total_limit: int | None = Field(default=None)
    starts_at: datetime | None = moment(default=None)
    ends_at: datetime | None = moment(default=None)
    hours_from: str | None = Field(default=None)  # "18:00", shop time
    hours_to: str | None = Field(default=None)
    customer: str | None = Field(default=None, foreign_key="customer.id")  # a personal code
    personal: bool = Field(default=False)  # a personal code, also while its customer is not known here
    active: bool = Field(default=True)
    uses: int = Field(default=0)


class Redemption(SQLModel, table=True):
    """One use of a promotion: reserved when the order is placed, committed when it is paid, released when it dies."""

    __tablename__ = "redemption"
    __table_args__ = (UniqueConstraint("promotion", "order"), Index(None, "customer", "promotion"))

    id: str = Field(primary_key=True)
    promotion: str = Field(foreign_key="promotion.id")
    customer: str = Field(foreign_key="customer.id")
    order: str = Field(foreign_key="shop_order.id", index=True)
    state: str = Field(default="reserved")  # reserved committed released
    at: datetime = moment()


class ManualPrice(SQLModel, table=True):
    """A manager's own price for one customer, with his reason and its deadline."""

    __tablename__ = "manual_price"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount"),
        Index("ix_manual_price_live", "customer", "sku", postgresql_where=text("revoked_at IS NULL")),
    )

    id: str = Field(primary_key=True)
    customer: str = Field(foreign_key="customer.id")
    sku: str = Field(foreign_key="variant.sku")
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    reason: str = Field(sa_type=Text)
    by: str
    until: datetime | None = moment(default=None)
    created_at: datetime = moment()
    revoked_at: datetime | None = moment(default=None)


class Quote(SQLModel, table=True):
    """What the customer was shown before his yes; placing with it fails when anything in `fingerprint` has moved."""

    __tablename__ = "quote"

    id: str = Field(primary_key=True)
    customer: str = Field(foreign_key="customer.id", index=True)
    fingerprint: str
    terms: dict[str, Any] = document(dict)  # recipient, phone, email, delivery, address, point, city, payment
    total_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    created_at: datetime = moment()


__all__ = [
    "Cart",
    "CartEvent",
    "CatalogueMeta",
    "Consent",
    "Customer",
    "CustomerAddress",
    "Feedback",
    "History",
    "ManualPrice",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentReportRow",
    "Product",
    "Promotion",
    "Quote",
    "Redemption",
    "Refund",
    "Reservation",
    "ReturnRequest",
    "Shipment",
    "StockWatch",
    "Task",
    "TrackingEventRow",
    "Variant",
]
