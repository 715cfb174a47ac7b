"""A carrier took a called-back booking just after it had said that it knows none: the booking was never cancelled."""

from __future__ import annotations

from datetime import timedelta

from base.clock import StandingClock
from base.db import Database
from integrations.delivery.sandbox import SandboxCarrier
from shop.carrier_port import Booking
from shop.delivery import book_due, cancel_due
from shop.recalls import booked_after_all
from tests.integration.lumo import open_lumo
from tests.integration.test_order_edits import agree, paid, propose, sandbox_carrier


async def test_a_booking_whose_answer_comes_while_it_is_looked_for_is_cancelled(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2})
    await book_due(db, sandbox_carrier(lumo), lumo.now)
    tracking = str(await lumo.one("SELECT tracking FROM shipment"))
    await agree(lumo, await propose(lumo, "set", ("MUG-white", 1)))
    await lumo.change("UPDATE recall SET tracking = NULL")  # the call is still under way

    class Late(SandboxCarrier):
        async def find(self, *, key: str) -> Booking | None:
            async with db.begin() as tx:  # it is answered in this moment
                await booked_after_all(tx, key, tracking)
            return None

    later = lumo.now + timedelta(minutes=5)
    for _ in range(2):
        await cancel_due(db, {"sandbox": Late(db, StandingClock(later), env="demo")}, later)
    assert await lumo.one("SELECT tracking FROM recall") == tracking
    assert await lumo.one("SELECT cancelled FROM sandbox_parcel WHERE tracking = %s", tracking) is True
