"""A parcel that came back brings no cash: its payment is over too."""

from __future__ import annotations

from base.db import Database
from shop.carrier_port import TrackingEvent
from shop.delivery import apply_tracking
from tests.integration.lumo import open_lumo


async def test_cash_that_never_comes_because_the_parcel_came_back_is_waited_for_no_more(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    await lumo.link((await lumo.place(payment="cod")).order.id)
    await lumo.change("UPDATE shipment SET tracking = 'T1', status = 'created'")
    for state in ("in_transit", "returned"):
        async with lumo.db.begin() as tx:
            event = TrackingEvent("T1", state, state, lumo.now)  # type: ignore[arg-type]
            await apply_tracking(tx, "sandbox", [event], lumo.tell, lumo.now)
    assert await lumo.one("SELECT status FROM shop_order") == "returned"
    assert await lumo.one("SELECT state FROM payment") == "voided"
