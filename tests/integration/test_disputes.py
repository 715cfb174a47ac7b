"""A contested payment holds its order until it is decided; what is lost is gone from the books as from the account."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from base.errors import ShopkeeperError
from base.money import Money
from bot.world import tell_customer
from shop.delivery import book_due
from shop.disputes import look_up_due
from shop.ledger import read_ledger
from shop.payments import take_in
from shop.refunds import create_refund, submit_due
from tests.integration import test_paypal, test_stripe
from tests.integration.test_pay import path_of


@pytest_asyncio.fixture
async def stripe(database_url: str, tmp_path: Path) -> AsyncIterator[test_stripe.Counter]:
    async with test_stripe.counter_at(database_url, tmp_path / "data") as opened:
        yield opened


async def paid(counter: test_stripe.Counter) -> str:
    """An order that was paid by card; Stripe's session."""
    page = await counter.page_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.stripe.pay(page)
    await counter.deliver()
    return page


async def parcels_booked(counter: test_stripe.Counter) -> int:
    house = counter.shop.house
    return await book_due(house.db, house.carriers, house.clock.now())


async def books(counter: test_stripe.Counter) -> list[tuple[str, str, str, str]]:
    async with counter.shop.house.db.begin() as tx:
        return [
            (one.provider, str(one.held), str(one.lost), str(one.contested))
            for one in await read_ledger(tx)
        ]  # fmt: skip


async def test_a_disputed_order_is_not_sent_until_it_is_won(stripe: test_stripe.Counter) -> None:
    dispute = stripe.stripe.dispute(await paid(stripe))
    await stripe.deliver(times=2)
    assert await parcels_booked(stripe) == 0
    (number,) = await stripe.told("SELECT number FROM shop_order")
    assert await stripe.told("SELECT text FROM task") == [
        f"{number}: 18.90 EUR of the payment is disputed at stripe (product not received). The order is held: nothing"
        " is sent or given back until it is decided. Its parcel is not booked and stays so. Answer at stripe."
    ]
    assert await books(stripe) == [("stripe", "18.90", "0.00", "18.90")]
    stripe.stripe.decide(dispute, "won")
    await stripe.deliver(times=2)
    assert await parcels_booked(stripe) == 1
    assert await stripe.told("SELECT kind || ' ' || state FROM task ORDER BY kind") == [
        "dispute done", "dispute_won open",
    ]  # fmt: skip
    assert await books(stripe) == [("stripe", "18.90", "0.00", "0.00")]


async def test_no_money_goes_back_while_a_dispute_is_open(stripe: test_stripe.Counter) -> None:
    page = await paid(stripe)
    house = stripe.shop.house
    async with house.db.begin() as tx:
        payment = await tx.row('SELECT id, "order" FROM payment')
        assert payment is not None
        await create_refund(tx, payment["id"], payment["order"], Money(500, "EUR"), "other", house.clock.now())
    dispute = stripe.stripe.dispute(page)
    await stripe.deliver()
    for minutes in (0, 5):
        await submit_due(house.db, house.providers, house.clock.now() + timedelta(minutes=minutes))
    assert stripe.stripe.refunds == {}
    stripe.stripe.decide(dispute, "won")
    await stripe.deliver()
    await submit_due(house.db, house.providers, house.clock.now())
    assert [refund["amount"] for refund in stripe.stripe.refunds.values()] == [500]


async def test_a_lost_dispute_takes_the_money_and_voids_what_was_to_go_back(stripe: test_stripe.Counter) -> None:
    page = await paid(stripe)
    house = stripe.shop.house
    async with house.db.begin() as tx:
        payment = await tx.row('SELECT id, "order" FROM payment')
        assert payment is not None
        await create_refund(tx, payment["id"], payment["order"], Money(500, "EUR"), "other", house.clock.now())
    dispute = stripe.stripe.dispute(page)
    stripe.stripe.decide(dispute, "lost")
    stripe.stripe.due.reverse()  # closed is heard of before created
    await stripe.deliver(times=2)
    assert await stripe.told("SELECT state FROM dispute") == ["lost"]
    assert await stripe.told("SELECT state FROM refund") == ["voided"]
    assert await books(stripe) == [("stripe", "0.00", "18.90", "0.00")]
    await submit_due(house.db, house.providers, house.clock.now())
    assert stripe.stripe.refunds == {}
    with pytest.raises(ShopkeeperError, match="More would be given back"):
        async with house.db.begin() as tx:
            await create_refund(tx, payment["id"], payment["order"], Money(1, "EUR"), "other", house.clock.now())
    texts = await stripe.told("SELECT text FROM task WHERE kind = 'dispute_lost'")
    assert ["18.90 EUR is gone" in str(text) for text in texts] == [True]


async def test_an_appeal_may_bring_the_money_back(stripe: test_stripe.Counter) -> None:
    dispute = stripe.stripe.dispute(await paid(stripe))
    for status in ("lost", "won"):
        stripe.stripe.decide(dispute, status)
        await stripe.deliver()
    assert await books(stripe) == [("stripe", "18.90", "0.00", "0.00")]


async def test_a_dispute_that_is_heard_of_before_its_payment_finds_it(stripe: test_stripe.Counter) -> None:
    page = await stripe.page_of(path_of((await stripe.shop.placed(await stripe.shop.buyer())).link))
    await stripe.stripe.pay(page)
    paid_words = stripe.stripe.due.pop()
    stripe.stripe.dispute(page)
    await stripe.deliver()
    assert await stripe.told('SELECT "order" FROM dispute') == [None]
    assert len(await stripe.told("SELECT 1 FROM task WHERE state = 'open'")) == 1
    stripe.stripe.due.append(paid_words)
    await stripe.deliver(times=2)
    assert await stripe.told('SELECT d."order" = o.id FROM dispute d, shop_order o') == [True]
    assert await stripe.told("SELECT text LIKE '%is held%' FROM task WHERE state = 'open'") == [True]
    assert await parcels_booked(stripe) == 0


async def test_an_order_is_not_held_for_ever_when_the_last_word_was_lost(stripe: test_stripe.Counter) -> None:
    dispute = stripe.stripe.dispute(await paid(stripe))
    await stripe.deliver()
    stripe.stripe.decide(dispute, "won")
    stripe.stripe.due.clear()
    house = stripe.shop.house
    assert await look_up_due(house.db, house.providers, house.clock.now()) == 0
    later = house.clock.now() + timedelta(hours=2)
    assert await look_up_due(house.db, house.providers, later) == 1
    assert await stripe.told("SELECT state FROM dispute") == ["won"]
    assert await look_up_due(house.db, house.providers, later + timedelta(hours=2)) == 0


async def test_twenty_reports_of_one_dispute_at_once_make_one_task(stripe: test_stripe.Counter) -> None:
    dispute = stripe.stripe.dispute(await paid(stripe))
    stripe.stripe.decide(dispute, "won")
    house = stripe.shop.house
    stripe_ = house.providers["stripe"]
    now = house.clock.now()
    reports = [one for headers, body in stripe.stripe.due * 5 for one in stripe_.read_webhook(headers, body, now)]
    await asyncio.gather(
        *(take_in(house.db, one, house.shop, tell_customer, now, house.providers) for one in reversed(reports))
    )
    assert await stripe.told("SELECT state FROM dispute") == ["won"]
    assert len(await stripe.told("SELECT 1 FROM task")) == 2


# ---- PayPal --------------------------------------------------------------------------------------


@asynccontextmanager
async def paypal_order(database_url: str, folder: Path) -> AsyncIterator[tuple[test_paypal.Counter, str]]:
    async with test_paypal.counter_at(database_url, folder) as counter:
        page = await counter.page_of(await counter.ordered())
        await counter.paypal.approve(page)
        await counter.deliver()
        await counter.deliver()
        yield counter, page


@pytest.mark.parametrize(
    ("outcome", "state", "held"),
    [
        ("RESOLVED_SELLER_FAVOUR", "won", "18.90"),
        ("RESOLVED_BUYER_FAVOUR", "lost", "0.00"),
        ("CANCELED_BY_BUYER", "won", "18.90"),
        ("A_WORD_OF_TOMORROW", "open", "18.90"),
    ],
)
async def test_a_case_at_paypal_freezes_and_ends_as_paypal_decides(
    database_url: str, tmp_path: Path, outcome: str, state: str, held: str
) -> None:
    async with paypal_order(database_url, tmp_path / "data") as (counter, page):
        case = counter.paypal.dispute(page)
        await counter.deliver(times=2)
        house = counter.shop.house
        assert await book_due(house.db, house.carriers, house.clock.now()) == 0
        counter.paypal.decide(case, outcome)
        await counter.deliver(times=2)
        assert await counter.told("SELECT state FROM dispute") == [state]
        async with house.db.begin() as tx:
            (account,) = await read_ledger(tx)
        assert (str(account.held), str(counter.paypal.money())) == (held, held)
        assert await book_due(house.db, house.carriers, house.clock.now()) == (1 if state == "won" else 0)


async def test_money_that_paypal_reverses_and_a_lost_case_about_it_are_gone_once(
    database_url: str, tmp_path: Path
) -> None:
    async with paypal_order(database_url, tmp_path / "data") as (counter, page):
        case = counter.paypal.dispute(page)
        counter.paypal.decide(case, "RESOLVED_BUYER_FAVOUR")
        counter.paypal.tell(
            "PAYMENT.CAPTURE.REVERSED", counter.paypal.orders[page]["purchase_units"][0]["payments"]["captures"][0]
        )
        await counter.deliver()
        async with counter.shop.house.db.begin() as tx:
            (account,) = await read_ledger(tx)
        assert (str(account.held), str(account.lost)) == ("0.00", "18.90")
