"""A parcel whose booking waited for a dispute to be written down was booked all the same: the order is held by then."""

from __future__ import annotations

import asyncio
from pathlib import Path

from shop.delivery import book
from shop.disputes import apply_dispute
from shop.payment_port import DisputeReport
from tests.integration import test_stripe
from tests.integration.test_disputes import paid
from tests.regressions.test_a_message_written_while_another_is_sent import somebody_waits


async def test_a_dispute_that_is_just_being_written_down_is_seen(database_url: str, tmp_path: Path) -> None:
    async with test_stripe.counter_at(database_url, tmp_path / "data") as counter:
        await paid(counter)
        house = counter.shop.house
        [shipment] = await counter.told("SELECT id FROM shipment")
        [key] = await counter.told("SELECT key FROM payment")
        report = DisputeReport("stripe", "d1", "open", house.clock.now(), key=str(key))
        async with house.db.begin() as tx:
            await apply_dispute(tx, report, house.clock.now())
            booking = asyncio.create_task(book(house.db, house.carriers, str(shipment), house.clock.now()))
            while not await somebody_waits(house.db):
                await asyncio.sleep(0.01)
        assert not await booking
        assert await counter.told("SELECT status FROM shipment") == ["pending"]
