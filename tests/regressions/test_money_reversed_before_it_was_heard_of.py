"""A report that cannot be worked with is one report: PayPal took late money back before it had told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from base.errors import ShopkeeperError
from shop.asking import side_by_side
from tests.integration import test_paypal


@pytest_asyncio.fixture
async def paypal(database_url: str, tmp_path: Path) -> AsyncIterator[test_paypal.Counter]:
    async with test_paypal.counter_at(database_url, tmp_path / "data") as opened:
        yield opened


async def test_one_thing_that_cannot_be_worked_with_stops_nobody_elses_money() -> None:
    asked = []

    async def ask(name: str) -> bool:
        asked.append(name)
        if name == "bad":
            raise ShopkeeperError("More would be given back than was paid.")
        return True

    things = ["bad", "good", "bad", "bad", "good"]
    assert await side_by_side(things, of=lambda thing: "one provider", ask=ask) == (2, [])
    assert asked == things


async def test_late_money_that_was_reversed_before_we_heard_of_it_is_settled_all_the_same(
    paypal: test_paypal.Counter,
) -> None:
    page = await paypal.page_of(await paypal.ordered(sku="THR"))
    await paypal.paypal.approve(page)
    paypal.paypal.due.clear()
    house = paypal.shop.house
    (key,) = await paypal.told("SELECT key FROM payment")
    said = await house.providers["paypal"].capture(page, key=str(key))  # type: ignore[attr-defined]
    assert said.state == "settled"
    completed, paypal.paypal.due = paypal.paypal.due, []
    capture = paypal.paypal.orders[page]["purchase_units"][0]["payments"]["captures"][0]
    paypal.paypal.tell("PAYMENT.CAPTURE.REVERSED", capture)
    await paypal.deliver()
    await paypal.let_the_hold_end()
    async with house.db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE sku = 'THR'")
    paypal.paypal.due = completed
    await paypal.deliver(times=2)
    assert await paypal.states() == (["cancelled"], ["settled"])
    assert await paypal.told("SELECT 1 FROM refund") == []
    assert await paypal.told("SELECT 1 FROM payment_report WHERE decision = 'late'") == [1]
