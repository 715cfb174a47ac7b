"""Money through PayPal: approved on a loopback PayPal, captured when the core says so, reported through our door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from base.money import Money
from bot.world import tell_customer
from shop.payments import cancel_due, reconcile
from shop.refunds import create_refund, submit_due
from tests.contracts.paypal_certificates import stranger, trusted_authority
from tests.contracts.paypal_server import PayPalServer, paypal_server
from tests.integration.open_shop import Books, data_with, open_shop
from tests.integration.test_pay import path_of


@dataclass
class Counter(Books):
    """A shop that takes PayPal."""

    paypal: PayPalServer

    async def ordered(self, sku: str = "MUG-white") -> str:
        """The path of the pay link of a new order."""
        return path_of((await self.shop.placed(await self.shop.buyer(), sku=sku, payment="paypal")).link)

    async def page_of(self, path: str) -> str:
        """Press Pay; PayPal's id of the order."""
        async with self.shop.http.post(path, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            return answer.headers["Location"].rpartition("=")[2]

    async def come_back(self, path: str) -> str:
        """PayPal sends the customer back after the approval; the words of the page."""
        async with self.shop.http.get(f"{path}?approved=1&token=HINT&PayerID=X") as answer:
            assert (answer.status, answer.url.query_string) == (200, "")
            return await answer.text()

    async def deliver(self, *, times: int = 1, only: Callable[[bytes], bool] = lambda body: True) -> None:
        """Bring PayPal's webhooks to our door."""
        due, self.paypal.due = self.paypal.due, []
        for headers, body in [one for one in due if only(one[1])] * times:
            assert await self.knock(headers, body) == 200

    async def knock(self, headers: dict[str, str], body: bytes) -> int:
        async with self.shop.http.post("/webhooks/paypal", data=body, headers=headers) as answer:
            return answer.status

    async def sweep(self, minutes: int = 3) -> None:
        """What a worker does some minutes later."""
        house = self.shop.house
        later = house.clock.now() + timedelta(minutes=minutes)
        await reconcile(house.db, house.providers, house.shop, tell_customer, later)

    async def states(self) -> tuple[list[object], list[object]]:
        return await self.told("SELECT status FROM shop_order"), await self.told("SELECT state FROM payment")


@asynccontextmanager
async def counter_at(database_url: str, folder: Path) -> AsyncIterator[Counter]:
    data_with(folder, "provider: sandbox         # your shop: paypal", "provider: paypal")
    with trusted_authority():
        async with paypal_server(lambda: datetime.now(UTC)) as paypal:
            keys = {**paypal.keys_of_the_shop, "cert_hosts": paypal.cert_host}
            async with open_shop(database_url, data=folder, paypal=keys) as shop:
                yield Counter(shop, paypal)


@pytest_asyncio.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter_at(database_url, tmp_path / "data") as opened:
        yield opened


PAID = (["paid"], ["settled"])


async def test_an_approved_order_is_captured_once_whatever_is_delivered_how_often(counter: Counter) -> None:
    path = await counter.ordered()
    pages = {await counter.page_of(path) for _ in range(3)}
    assert len(pages) == len(counter.paypal.orders) == 1
    await counter.paypal.approve(pages.pop())
    assert await counter.states() == (["awaiting_payment"], ["pending"])
    await counter.deliver(times=3)  # the approval: it is captured now
    assert await counter.states() == PAID
    await counter.deliver(times=3)  # the capture
    assert "Paid. Thank you!" in await counter.come_back(path)
    assert str(counter.paypal.money()) == "18.90"
    assert (await counter.told("SELECT decision FROM payment_report ORDER BY id")) == ["approved", "settled"]


async def test_a_customer_who_comes_back_sees_the_paid_order_before_any_webhook(counter: Counter) -> None:
    path = await counter.ordered()
    page = await counter.page_of(path)
    assert "Pay €18.90" in await counter.come_back(path)  # nothing was approved: the mark alone pays nothing
    await counter.paypal.approve(page)
    words = await asyncio.gather(*(counter.come_back(path) for _ in range(4)))
    assert any("Paid. Thank you!" in one for one in words)
    await counter.deliver()
    await counter.deliver()
    assert await counter.states() == PAID
    assert str(counter.paypal.money()) == "18.90"


async def test_an_approval_whose_webhook_is_lost_is_found_and_captured(counter: Counter) -> None:
    await counter.paypal.approve(await counter.page_of(await counter.ordered()))
    counter.paypal.due.clear()
    await counter.sweep()
    assert await counter.states() == PAID


async def test_a_decline_charges_nothing_and_a_new_approval_pays(counter: Counter) -> None:
    path = await counter.ordered()
    page = await counter.page_of(path)
    counter.paypal.decline = ["INSTRUMENT_DECLINED"]
    await counter.paypal.approve(page)
    await counter.come_back(path)
    assert await counter.states() == (["awaiting_payment"], ["declined"])
    await counter.deliver()  # the approval that was declined, told late: it is not tried a second time
    await counter.sweep()
    await counter.sweep(4)
    assert await counter.states() == (["awaiting_payment"], ["declined"])
    assert counter.paypal.money() == 0
    assert await counter.page_of(path) == page
    await counter.paypal.approve(page)  # another card
    assert "Paid. Thank you!" in await counter.come_back(path)
    assert await counter.states() == PAID


@pytest.mark.parametrize("way", ["webhook", "return page", "sweep"])
async def test_who_approves_when_the_hold_is_over_is_not_charged(counter: Counter, way: str) -> None:
    path = await counter.ordered()
    page = await counter.page_of(path)
    await counter.let_the_hold_end()
    await counter.paypal.approve(page)
    match way:
        case "webhook":
            await counter.deliver()
        case "return page":
            await counter.come_back(path)
        case "sweep":
            await counter.sweep()
    house = counter.shop.house
    await cancel_due(house.db, house.providers, house.shop, tell_customer, house.clock.now())
    counter.paypal.reverse(page)
    await counter.deliver()
    assert await counter.states() == (["expired"], ["expired"])
    assert counter.paypal.money() == 0


async def test_money_captured_in_the_moment_the_hold_ends_goes_back_once(counter: Counter) -> None:
    page = await counter.page_of(await counter.ordered("THR"))
    await counter.paypal.approve(page)
    counter.paypal.after(1, "cut after")  # the capture was made, and nobody heard
    await counter.deliver()
    house = counter.shop.house
    await counter.let_the_hold_end()
    async with house.db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE sku = 'THR'")
    await counter.deliver(times=2, only=lambda body: b"PAYMENT.CAPTURE" in body)
    for minutes in (0, 2, 4):
        await submit_due(house.db, house.providers, house.clock.now() + timedelta(minutes=minutes))
        await counter.deliver(times=2)
    assert await counter.told("SELECT state FROM refund") == ["done"]
    assert await counter.told("SELECT status FROM shop_order") == ["cancelled"]
    assert (counter.paypal.money(), len(counter.paypal.refunds)) == (0, 1)


async def test_a_capture_that_was_made_although_nobody_heard_is_found(counter: Counter) -> None:
    page = await counter.page_of(await counter.ordered())
    await counter.paypal.approve(page)
    counter.paypal.after(1, "cut after")
    await counter.deliver()
    assert str(counter.paypal.money()) == "18.90"
    assert await counter.states() == (["awaiting_payment"], ["pending"])
    counter.paypal.due.clear()
    await counter.sweep()
    assert await counter.states() == PAID
    assert str(counter.paypal.money()) == "18.90"


async def test_another_amount_than_was_asked_for_is_not_taken_and_shown_to_a_person(counter: Counter) -> None:
    page = await counter.page_of(await counter.ordered())
    counter.paypal.orders[page]["purchase_units"][0]["amount"]["value"] = "18.89"
    await counter.paypal.approve(page)
    await counter.deliver(times=2)
    await counter.sweep()
    assert counter.paypal.money() == 0
    assert await counter.states() == (["awaiting_payment"], ["pending"])
    assert await counter.told("SELECT kind FROM task WHERE kind = 'wrong_amount'") == ["wrong_amount"]


async def test_two_attempts_of_one_order_never_both_take_money(counter: Counter) -> None:
    path = await counter.ordered()
    page = await counter.page_of(path)
    await counter.paypal.approve(page)
    first = list(counter.paypal.due)
    await counter.deliver()
    counter.paypal.orders["STRAY"] = {**counter.paypal.orders[page], "id": "STRAY", "status": "PAYER_ACTION_REQUIRED",
                                      "purchase_units": [counter.paypal.asked[0][2]["purchase_units"][0]]}  # fmt: skip
    await counter.paypal.approve("STRAY")  # a second order under the same key, as after 6 hours
    await counter.deliver()
    counter.paypal.due = first
    await counter.deliver()
    assert await counter.states() == PAID
    assert str(counter.paypal.money()) == "18.90"


async def test_a_part_goes_back_once_also_when_the_answer_was_lost(counter: Counter) -> None:
    page = await counter.page_of(await counter.ordered())
    await counter.paypal.approve(page)
    await counter.deliver()
    house = counter.shop.house
    async with house.db.begin() as tx:
        row = await tx.row('SELECT id, "order" FROM payment')
        assert row is not None
        await create_refund(tx, row["id"], row["order"], Money(500, "EUR"), "return", house.clock.now())
    assert await counter.told("SELECT receipt FROM payment") == [next(iter(counter.paypal.captures()))]
    counter.paypal.after(1, "cut after")
    assert await submit_due(house.db, house.providers, house.clock.now()) == 0
    assert len(counter.paypal.refunds) == 1
    counter.paypal.keys_are_forgotten()
    assert await submit_due(house.db, house.providers, house.clock.now() + timedelta(minutes=2)) == 1
    assert await counter.told("SELECT state FROM refund") == ["done"]
    await counter.deliver(times=2)
    assert (str(counter.paypal.money()), len(counter.paypal.refunds)) == ("13.90", 1)
    assert await counter.told("SELECT state FROM payment") == ["settled"]


async def test_money_goes_back_although_paypal_has_forgotten_the_order(counter: Counter) -> None:
    page = await counter.page_of(await counter.ordered())
    await counter.paypal.approve(page)
    await counter.deliver()
    counter.paypal.gone.add(page)
    house = counter.shop.house
    async with house.db.begin() as tx:
        row = await tx.row('SELECT id, "order" FROM payment')
        assert row is not None
        await create_refund(tx, row["id"], row["order"], Money(1890, "EUR"), "return", house.clock.now())
    assert await submit_due(house.db, house.providers, house.clock.now()) == 1
    assert await counter.told("SELECT state FROM payment") == ["refunded"]
    assert counter.paypal.money() == 0


async def test_a_paypal_that_is_away_is_a_kind_page_and_then_one_order(counter: Counter) -> None:
    path = await counter.ordered()
    for trouble in ((503, "<html>away</html>"), (422, '{"name": "X", "details": [{"issue": "CURRENCY"}]}'), "cut"):
        counter.paypal.trouble = [trouble]
        async with counter.shop.http.post(path, allow_redirects=False) as answer:
            assert answer.status == 503
            assert "Traceback" not in await answer.text()
    await counter.page_of(path)
    assert len(counter.paypal.orders) == 1


async def test_forged_changed_and_foreign_webhooks_are_refused_at_the_door(counter: Counter) -> None:
    page = await counter.page_of(await counter.ordered())
    await counter.paypal.approve(page)
    ((headers, body),) = counter.paypal.due
    now = datetime.now(UTC)
    assert await counter.knock({}, body) == 401
    assert await counter.knock(headers, body[:-1]) == 401
    assert await counter.knock({**headers, "PAYPAL-TRANSMISSION-SIG": "é"}, body) == 401
    own = stranger().sign(body, counter.paypal.webhook_id, "s", now, counter.paypal.cert_url)
    assert await counter.knock(own, body) == 401
    elsewhere = counter.paypal.cert_url.replace("127.0.0.1", "localhost")
    assert await counter.knock({**headers, "PAYPAL-CERT-URL": elsewhere}, body) == 401
    assert await counter.states() == (["awaiting_payment"], ["pending"])
    assert counter.paypal.money() == 0
    await counter.deliver()
    assert await counter.states() == PAID
    assert counter.paypal.certificates == 1
