"""What the shop tells about itself: read-only views in the customer's language, ready for texts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from base.money import Money


class View(BaseModel):
    """A frozen fact that travels as JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class VariantView(View):
    sku: str
    product: str
    name: str  # full name in the customer's language: "Aurora mug, black"
    short: str  # what sets it apart: "black"; the product's name when there is only one variant
    price: Money
    free: int  # on hand less reserved, never negative
    restock: date | None = None
    image: str | None = None  # address of the picture
    attributes: dict[str, str] = {}


class ProductView(View):
    id: str
    name: str
    description: str
    variants: tuple[VariantView, ...]
    facts: dict[str, str] = {}  # fact key -> value in the customer's language
    image: str | None = None
    pictures: tuple[str, ...] = ()  # of the product as such; its variants have their own

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """Every picture once, with what is on it; what is in stock first."""
        variants = sorted(self.variants, key=lambda variant: variant.free == 0)
        named = {variant.image: variant.name for variant in reversed(variants) if variant.image}
        urls = dict.fromkeys((*self.pictures, *(variant.image for variant in variants if variant.image)))
        return tuple((url, named.get(url, self.name)) for url in urls)

    @property
    def in_stock(self) -> tuple[VariantView, ...]:
        return tuple(variant for variant in self.variants if variant.free > 0)


PriceKind = Literal["goods", "manual", "discount", "delivery", "free_delivery"]


class PriceLine(View):
    """One line of an explained price. `amount` is signed; the lines add up to the total."""

    kind: PriceKind
    amount: Money
    name: str = ""  # goods: the variant's name; delivery: the method's name
    quantity: int = 0
    unit: Money | None = None
    code: str | None = None  # the coupon that caused a discount
    reason: str = ""  # text key below `reason.` ("percent_goods", "first_order"…) or a manager's own words (manual)
    percent: int | None = None


class Breakdown(View):
    lines: tuple[PriceLine, ...]
    goods: Money  # before any discount
    discount: Money  # negative or zero, without delivery
    delivery: Money | None  # None: no delivery chosen yet
    total: Money

    @property
    def goods_after_discount(self) -> Money:
        return self.goods + self.discount


class CartLineView(View):
    sku: str
    product: str
    name: str
    quantity: int
    unit: Money
    total: Money
    free: int
    note: str = ""  # a manager's reason for a price of his own
    image: str | None = None


class DeliveryOption(View):
    code: str
    name: str
    price: Money  # list price of the method
    effective: Money  # what this cart would pay (free delivery counted)
    total: Money  # the whole cart with it
    days_min: int
    days_max: int
    same_day_until: str | None = None  # "15:00": same day if paid before, shop time
    first: date | None = None  # promised days if it is paid now; None: no parcel
    last: date | None = None
    to_point: bool = False
    everywhere: bool = True  # False: only to some cities
    digital: bool = False
    chosen: bool = False


class PointView(View):
    code: str
    address: str  # "Ozo 25, Vilnius"
    city: str
    delivery: str
    km: int | None = None  # from where the customer is, at least 1; None: nobody knows


class RefusedCode(View):
    """Why a code does not count (now). `reason` is a text key below `promo.refused.`."""

    code: str
    reason: Literal[
        "unknown", "expired", "not_yet", "personal", "used_up", "already_used", "not_first_order", "goods_below",
        "quantity_below", "not_combinable", "outside_hours", "no_matching_goods", "wrong_channel", "wrong_segment",
        "already_applied", "slow_down",
    ]  # fmt: skip
    needs: Money | None = None  # goods_below: the threshold
    missing: Money | None = None  # goods_below: how much is missing
    quantity: int | None = None  # quantity_below: pieces needed
    since: date | None = None  # expired: the last day; not_yet: the first
    hours: str | None = None  # outside_hours: "18:00–20:00"
    against: str | None = None  # not_combinable: the code it does not go with
    suggestion: str | None = None  # unknown: "did you mean"


class CartView(View):
    id: str
    revision: int
    lines: tuple[CartLineView, ...]
    breakdown: Breakdown
    codes: tuple[str, ...] = ()  # coupons that count now
    dormant: tuple[RefusedCode, ...] = ()  # coupons entered, not counting now, with the reason
    delivery: DeliveryOption | None = None
    destination: str | None = None  # city
    best: BestCode | None = None  # a public code that would make it cheaper

    @property
    def empty(self) -> bool:
        return not self.lines


class BestCode(View):
    """The best other public code: the sum it would give, and whether it replaces the code that counts now."""

    code: str
    total: Money
    saving: Money  # against today's total, positive
    lines: tuple[PriceLine, ...]  # the breakdown with it
    replaces: tuple[str, ...] = ()


class OrderLineView(View):
    sku: str
    product: str
    name: str
    quantity: int
    unit: Money
    total: Money


class TrackingView(View):
    status: (
        str  # created accepted in_transit out_for_delivery ready_for_pickup delivered failed_attempt returned exception
    )
    at: datetime
    place: str = ""


class ShipmentView(View):
    carrier: str
    carrier_name: str
    tracking: str
    status: str
    events: tuple[TrackingView, ...]  # newest first
    track_url: str
    promised_from: date | None = None
    promised_to: date | None = None
    handed_over: bool = False
    late: bool = False


class OrderView(View):
    id: str
    number: str
    status: str
    lines: tuple[OrderLineView, ...]
    breakdown: Breakdown
    placed_at: datetime
    paid_at: datetime | None = None
    delivered_at: datetime | None = None
    payment: str  # method code
    payment_name: str
    delivery_name: str
    recipient: str
    where: str  # address, or the pick-up point in words
    shipment: ShipmentView | None = None
    digital: bool = False  # nothing in it needs a parcel
    content: str = ""  # "2 × Aurora mug, white": how to speak of it without its number
    receipt: str = ""  # the address of its receipt
    contact: str = ""  # whom to ask outside the chat
    vat: Money | None = None  # the tax within the total; None: the shop charges none
    vat_rate: str = ""  # per cent


CartView.model_rebuild()
