"""One suite over every carrier in CARRIERS. A new adapter adds its own `Subject` below and must pass all of it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
import pytest_asyncio

from base.clock import StandingClock
from base.db import Database
from base.errors import BadSignature
from base.money import Money
from integrations.delivery import CARRIERS, adapter
from integrations.delivery.sandbox import SandboxCarrier
from shop.carrier_port import Carrier, Destination, Parcel, PostalAddress, ShipmentRequest
from shop.states import SHIPMENT

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REQUEST = ShipmentRequest(
    shipment="s1", number="LU-7K3F-9QXA", method="dhl", parcel=Parcel(400, Money(1900, "EUR")),
    to=Destination(PostalAddress("Gedimino 5, Vilnius", "Vilnius")), recipient="Ana", phone="+37060000001", email=None,
    booked_at=NOW, promised_to=date(2026, 11, 27),
)  # fmt: skip


@dataclass
class Subject:
    """One carrier made ready, on a clock that can be moved."""

    carrier: Carrier
    clock: StandingClock


async def sandbox(db: Database) -> Subject:
    clock = StandingClock(NOW)
    return Subject(SandboxCarrier(db, clock, env="demo", public_url="https://shop.example"), clock)


SUBJECTS = {"sandbox": sandbox}


@pytest_asyncio.fixture(params=sorted(CARRIERS))
async def subject(request: pytest.FixtureRequest, db: Database) -> AsyncIterator[Subject]:
    made = await SUBJECTS[request.param](db)
    yield made
    await made.carrier.close()


def test_every_carrier_is_tried_here_and_answers_to_its_name() -> None:
    assert set(SUBJECTS) == set(CARRIERS)
    assert {adapter(name).code for name in CARRIERS} == set(CARRIERS)


async def test_the_same_key_books_one_parcel_and_finds_it_again(subject: Subject) -> None:
    assert await subject.carrier.find(key="k1") is None
    first = await subject.carrier.book(REQUEST, key="k1")
    assert first.tracking
    assert await subject.carrier.book(REQUEST, key="k1") == first
    assert await subject.carrier.find(key="k1") == first
    other = await subject.carrier.book(replace(REQUEST, shipment="s2"), key="k2")
    assert other.tracking != first.tracking


@pytest.mark.parametrize("to", [REQUEST.to, Destination(point="VNO-OZAS-1")], ids=["door", "point"])
async def test_a_parcel_moves_forward_only_and_arrives_within_its_promise(subject: Subject, to: Destination) -> None:
    booking = await subject.carrier.book(replace(REQUEST, to=to), key="k1")
    seen: list[str] = []
    for _ in range(4 * 24):
        events = sorted(await subject.carrier.track(booking.tracking), key=lambda event: event.at)
        assert all(event.at <= subject.clock.now() for event in events)
        assert len({event.event for event in events}) == len(events)
        assert [event.status for event in events][: len(seen)] == seen
        seen = [event.status for event in events]
        subject.clock.move(timedelta(hours=1))
    assert seen[0] == "created"
    assert seen[-1] == "delivered"
    assert all(SHIPMENT.allows(one, after) for one, after in itertools.pairwise(seen))
    assert events[-1].at.date() <= date(2026, 11, 27)


async def test_a_cancelled_parcel_is_not_found_again(subject: Subject) -> None:
    booking = await subject.carrier.book(REQUEST, key="k1")
    await subject.carrier.cancel(booking.tracking, key="k1")
    assert await subject.carrier.find(key="k1") is None


async def test_an_unknown_parcel_has_no_scans(subject: Subject) -> None:
    assert list(await subject.carrier.track("nothing")) == []


async def test_an_unsigned_webhook_is_refused(subject: Subject) -> None:
    with pytest.raises(BadSignature):
        await subject.carrier.authenticate({}, b"{}", NOW)


async def test_doctor_gets_one_line(subject: Subject) -> None:
    health = await subject.carrier.check()
    assert health.line
    assert "\n" not in health.line
