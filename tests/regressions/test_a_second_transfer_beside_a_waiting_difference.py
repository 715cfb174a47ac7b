"""Money comes a second time while the difference of a change waits for its own: both stand in the books."""

from __future__ import annotations

from base.db import Database
from shop.payment_port import PaymentReport
from shop.payments import take_in
from tests.integration.lumo import open_lumo
from tests.integration.test_order_edits import paid, propose, to_pay


async def test_a_second_transfer_is_taken_in_and_the_difference_can_still_be_paid(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    key = str(await lumo.one("SELECT key FROM payment"))
    link = await to_pay(lumo, await propose(lumo, "add", ("CAN", 1)))
    again = PaymentReport("sandbox", "second", "settled", lumo.now, key=key, receipt="r2", transfer="t2")
    assert await take_in(lumo.db, again, lumo.shop, lumo.tell, lumo.now) == "double"
    assert await lumo.one("SELECT string_agg(state, ' ' ORDER BY state) FROM payment") == "created settled settled"
    assert await lumo.one("SELECT state FROM payment WHERE id = %s", link.payment) == "created"
    assert await lumo.one("SELECT reason FROM refund") == "double"
