"""Who added "one more" while his money came got all pieces of the paid order into his cart a second time."""

from __future__ import annotations

import asyncio

from base.db import Database
from shop.commands import AddLines, CartChanged, LineWish
from shop.payment_port import PaymentReport
from shop.payments import apply_report
from tests.integration.lumo import open_lumo
from tests.integration.test_payments import link_for
from tests.regressions.test_a_message_written_while_another_is_sent import somebody_waits


async def test_one_more_while_the_money_comes_is_one(db: Database) -> None:
    lumo = await open_lumo(db)
    await link_for(lumo, {"CAN": 2})
    key = str(await lumo.one("SELECT key FROM payment"))
    async with db.begin() as tx:
        report = PaymentReport("sandbox", "e", "settled", lumo.now, key=key)
        assert await apply_report(tx, report, lumo.shop, lumo.tell, lumo.now) == "settled"
        adding = asyncio.create_task(lumo.ask(AddLines(lines=(LineWish(sku="CAN"),))))
        while not await somebody_waits(db):
            await asyncio.sleep(0.01)
    changed = await adding
    assert isinstance(changed, CartChanged)
    assert [(line.sku, line.quantity) for line in changed.cart.lines] == [("CAN", 1)]
