"""The port to those who carry parcels. A carrier reports scans, the core decides what they mean for an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Literal, Protocol

from base.health import Health
from base.money import Money

ShipmentStatus = Literal[
    "created", "accepted", "in_transit", "out_for_delivery", "ready_for_pickup", "delivered", "failed_attempt",
    "returned", "exception",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class CarrierFeatures:
    quotes: bool = False
    points: bool = False
    cancels: bool = True
    pushes: bool = False  # sends webhooks; else it is polled


@dataclass(frozen=True, slots=True)
class Parcel:
    weight_grams: int
    worth: Money
    collect: Money | None = None  # cash to collect on delivery


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """As the customer wrote it, and the city where it is known."""

    text: str
    city: str | None = None
    country: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """To the door or to a pick-up point."""

    address: PostalAddress | None = None
    point: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryQuote:
    service: str
    price: Money
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True)
class PickupPoint:
    code: str
    address: str
    city: str
    hours: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentRequest:
    shipment: str  # our id
    number: str  # the order's number
    method: str  # delivery method code
    parcel: Parcel
    to: Destination
    recipient: str
    phone: str
    email: str | None
    booked_at: datetime
    promised_to: date | None = None


@dataclass(frozen=True, slots=True)
class Booking:
    tracking: str
    track_url: str = ""
    label: bytes | None = None


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan. `event` is the carrier's id of it, or one made of its content; the same one twice counts once."""

    tracking: str
    event: str
    status: ShipmentStatus
    at: datetime  # the carrier's time
    place: str = ""
    words: str = ""  # the carrier's own words


class Carrier(Protocol):
    """Somebody who carries parcels. Every call may raise OutcomeUnknown."""

    code: ClassVar[str]
    features: ClassVar[CarrierFeatures]

    async def quote(self, parcel: Parcel, to: Destination) -> Sequence[DeliveryQuote]: ...

    async def pickup_points(self, near: PostalAddress, limit: int = 5) -> Sequence[PickupPoint]: ...

    async def book(self, shipment: ShipmentRequest, *, key: str) -> Booking:
        """Announce a parcel. The same key again gives the same booking and never a second parcel."""
        ...

    async def find(self, *, key: str) -> Booking | None:
        """The booking made with this key, if there is one: asked before every second try."""
        ...

    async def cancel(self, tracking: str, *, key: str) -> None: ...

    async def track(self, tracking: str) -> Sequence[TrackingEvent]:
        """All scans so far, in any order."""
        ...

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Raise BadSignature unless the raw bytes come from the carrier. An unset secret is a closed door."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[TrackingEvent]:
        """What the carrier says, in neutral words. Pure."""
        ...

    async def check(self) -> Health: ...

    async def close(self) -> None:
        """Give back connections."""
        ...
