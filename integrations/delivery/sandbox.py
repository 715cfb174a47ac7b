"""A carrier for the demo and for tests: its parcels move with the clock, and a day may last a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from base.clock import Clock
from base.db import Database
from base.errors import BadSignature, ShopkeeperError
from base.health import Health
from base.ids import new_number
from shop.carrier_port import (
    Booking,
    CarrierFeatures,
    DeliveryQuote,
    Destination,
    Parcel,
    PickupPoint,
    PostalAddress,
    ShipmentRequest,
    ShipmentStatus,
    TrackingEvent,
)

LEAST_DAYS = 0.5  # the fastest parcel, in days


@dataclass(frozen=True, slots=True)
class Journey:
    """All that decides where a parcel is. `days`: from booking to delivery, in days of the sandbox."""

    booked_at: datetime
    days: float
    to_point: bool
    city: str = ""


def journey(trip: Journey, day: timedelta) -> tuple[tuple[ShipmentStatus, datetime, str], ...]:
    """The whole way of a parcel: (status, moment, place), in order. Pure."""
    length = trip.days * day
    there = trip.city or "destination"
    last: tuple[tuple[ShipmentStatus, float, str], ...]
    last = (
        (("ready_for_pickup", 0.8, there), ("delivered", 1.0, there))
        if trip.to_point
        else (("out_for_delivery", 0.85, there), ("delivered", 1.0, there))
    )
    stops: tuple[tuple[ShipmentStatus, float, str], ...] = (
        ("created", 0.0, ""),
        ("accepted", 0.2, "depot"),
        ("in_transit", 0.45, "sorting centre"),
        *last,
    )
    return tuple((status, trip.booked_at + share * length, place) for status, share, place in stops)


def scans(tracking: str, trip: Journey, day: timedelta, now: datetime) -> tuple[TrackingEvent, ...]:
    """What was scanned until `now`. Pure."""
    return tuple(
        TrackingEvent(tracking, status, status, at, place, status.replace("_", " "))
        for status, at, place in journey(trip, day)
        if at <= now
    )


def days_of(shipment: ShipmentRequest) -> float:
    """How long the way takes: half a day before the end of the promised window."""
    if shipment.promised_to is None:
        return 2.0
    return max(LEAST_DAYS, (shipment.promised_to - shipment.booked_at.date()).days - 0.5)


class SandboxCarrier:
    """Delivers everything, always. Refuses to work in production."""

    code: ClassVar[str] = "sandbox"
    features: ClassVar[CarrierFeatures] = CarrierFeatures()

    def __init__(
        self, db: Database, clock: Clock, *, env: str, public_url: str = "", day: timedelta = timedelta(days=1)
    ):
        """`day`: how long a day of the sandbox lasts on the shop's clock."""
        if env == "production":
            raise ShopkeeperError("The sandbox carries no real parcels.", "Name a real carrier in shop.yml.")
        self._db, self._clock, self._day = db, clock, day
        self._public_url = public_url.rstrip("/")

    async def quote(self, parcel: Parcel, to: Destination) -> Sequence[DeliveryQuote]:
        """Prices are the shop's own (shop.yml)."""
        return ()

    async def pickup_points(self, near: PostalAddress, limit: int = 5) -> Sequence[PickupPoint]:
        """Points are the shop's own (shop.yml)."""
        return ()

    async def book(self, shipment: ShipmentRequest, *, key: str) -> Booking:
        async with self._db.begin() as tx:
            row = await tx.row(
                "INSERT INTO sandbox_parcel (tracking, key, days, to_point, city, booked_at, cancelled)"
                " VALUES (%s, %s, %s, %s, %s, %s, false)"
                " ON CONFLICT (key) DO UPDATE SET key = excluded.key RETURNING tracking",
                new_number("SBX"),
                key,
                days_of(shipment),
                shipment.to.point is not None,
                (shipment.to.address.city or "") if shipment.to.address else "",
                shipment.booked_at,
            )
        assert row is not None
        return self._booking(row["tracking"])

    async def find(self, *, key: str) -> Booking | None:
        async with self._db.begin() as tx:
            row = await tx.row("SELECT tracking FROM sandbox_parcel WHERE key = %s AND NOT cancelled", key)
        return self._booking(row["tracking"]) if row else None

    async def cancel(self, tracking: str, *, key: str) -> None:
        async with self._db.begin() as tx:
            await tx.execute("UPDATE sandbox_parcel SET cancelled = true WHERE tracking = %s", tracking)

    async def track(self, tracking: str) -> Sequence[TrackingEvent]:
        async with self._db.begin() as tx:
            row = await tx.row("SELECT * FROM sandbox_parcel WHERE tracking = %s AND NOT cancelled", tracking)
        if row is None:
            return ()
        trip = Journey(row["booked_at"], row["days"], row["to_point"], row["city"])
        return scans(tracking, trip, self._day, self._clock.now())

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        raise BadSignature("The sandbox carrier is asked; it never calls.")

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[TrackingEvent]:
        return ()

    async def check(self) -> Health:
        return Health("warn", "the sandbox carries no real parcels", "Name a real carrier in shop.yml before you sell.")

    async def close(self) -> None:
        """Nothing stays open."""

    def _booking(self, tracking: str) -> Booking:
        url = f"{self._public_url}/sandbox/track/{tracking}" if self._public_url else ""
        return Booking(tracking, url)
