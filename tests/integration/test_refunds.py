"""Refunds in trouble: those that come back, that cannot be made, that others made, and whose answer got lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from base.errors import BadInput
from base.money import Money
from bot.ownership import Manager
from desk.money import sent_back
from desk.people import add_manager
from shop.ledger import read_ledger
from shop.refunds import MOST_LOOKS, create_refund, left_to_refund, submit_due
from tests.integration import test_paypal, test_stripe
from tests.integration.open_shop import Books
from tests.integration.test_pay import path_of


@pytest_asyncio.fixture
async def stripe(database_url: str, tmp_path: Path) -> AsyncIterator[test_stripe.Counter]:
    async with test_stripe.counter_at(database_url, tmp_path / "data") as opened:
        yield opened


@pytest_asyncio.fixture
async def paypal(database_url: str, tmp_path: Path) -> AsyncIterator[test_paypal.Counter]:
    async with test_paypal.counter_at(database_url, tmp_path / "data") as opened:
        yield opened


async def paid_by_card(counter: test_stripe.Counter) -> str:
    """An order of 18.90 that was paid by card; Stripe's session."""
    page = await counter.page_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.stripe.pay(page)
    await counter.deliver()
    return page


async def paid_by_paypal(counter: test_paypal.Counter) -> str:
    """An order of 18.90 that was paid by PayPal; PayPal's order."""
    page = await counter.page_of(await counter.ordered())
    await counter.paypal.approve(page)
    await counter.deliver()
    await counter.deliver()
    return page


async def to_give_back(books: Books, minor: int) -> None:
    house = books.shop.house
    async with house.db.begin() as tx:
        paid = await tx.row('SELECT id, "order" FROM payment')
        assert paid is not None
        await create_refund(tx, paid["id"], paid["order"], Money(minor, "EUR"), "edit", house.clock.now())


async def sweep(books: Books, minutes: float = 0) -> datetime:
    house = books.shop.house
    later = house.clock.now() + timedelta(minutes=minutes)
    await submit_due(house.db, house.providers, later)
    return later


async def held(books: Books) -> str:
    async with books.shop.house.db.begin() as tx:
        (one,) = await read_ledger(tx)
    return str(one.held)


async def left(books: Books) -> str:
    async with books.shop.house.db.begin() as tx:
        paid = await tx.row("SELECT id FROM payment")
        assert paid is not None
        return str(await left_to_refund(tx, paid["id"], "EUR"))


async def sent_by_hand(books: Books) -> Money:
    house = books.shop.house
    async with house.db.begin() as tx:
        known = await tx.row("SELECT id, name FROM manager WHERE login = 'olga'")
        olga = (
            Manager(known["id"], known["name"])
            if known
            else await add_manager(tx, "Olga", "olga", "a long password", "manager")
        )
        number = await tx.row("SELECT number FROM shop_order")
        assert number is not None
        return await sent_back(tx, number["number"], olga, now=house.clock.now())


OPEN_TASKS = "SELECT text FROM task WHERE state = 'open' AND kind = 'refund_failed'"


# ---- a refund that comes back --------------------------------------------------------------------


async def test_a_refund_that_comes_back_days_later_is_not_in_the_books_as_given(stripe: test_stripe.Counter) -> None:
    await paid_by_card(stripe)
    await to_give_back(stripe, 1890)
    await sweep(stripe)
    await stripe.deliver()
    assert (await stripe.told("SELECT state FROM payment"), await held(stripe)) == (["refunded"], "0.00")
    stripe.stripe.fail(next(iter(stripe.stripe.refunds)))
    await stripe.deliver(times=2)
    assert await stripe.told("SELECT state FROM refund WHERE done_at IS NULL") == ["failed"]
    assert (await stripe.told("SELECT state FROM payment"), await held(stripe)) == (["settled"], "18.90")
    (words,) = await stripe.told(OPEN_TASKS)
    assert "18.90 EUR had gone through and came back: the customer has nothing" in str(words)
    for minutes in (5, 600):
        await sweep(stripe, minutes)
    assert len(stripe.stripe.refunds) == 1  # the same account would send it back again
    assert await sent_by_hand(stripe) == Money(1890, "EUR")
    assert (await stripe.told("SELECT state FROM payment"), await held(stripe)) == (["refunded"], "0.00")
    assert await stripe.told(OPEN_TASKS) == []


# ---- a refund that cannot be made ----------------------------------------------------------------


async def test_a_refund_that_paypal_will_never_make_waits_for_a_person(paypal: test_paypal.Counter) -> None:
    await paid_by_paypal(paypal)
    await to_give_back(paypal, 500)
    paypal.paypal.trouble = [None, (422, '{"details": [{"issue": "REFUND_TIME_LIMIT_EXCEEDED"}]}')]
    await sweep(paypal)
    assert await paypal.told("SELECT state FROM refund") == ["needs_person"]
    assert len(await paypal.told(OPEN_TASKS)) == 1
    await sweep(paypal, 600)
    assert await sent_by_hand(paypal) == Money(500, "EUR")
    assert (len(paypal.paypal.refunds), await paypal.told("SELECT state FROM refund")) == (0, ["done"])


async def test_a_refund_that_is_refused_is_tried_less_and_less_and_then_left_to_a_person(
    paypal: test_paypal.Counter,
) -> None:
    await paid_by_paypal(paypal)
    await to_give_back(paypal, 500)
    house, now, pauses = paypal.shop.house, paypal.shop.house.clock.now(), []
    while len(pauses) < MOST_LOOKS:
        paypal.paypal.trouble = [None, (422, '{"details": [{"issue": "REFUND_FAILED_INSUFFICIENT_FUNDS"}]}')]
        await submit_due(house.db, house.providers, now)
        assert paypal.paypal.trouble == []
        (next_time,) = await paypal.told("SELECT look_at FROM refund")
        assert isinstance(next_time, datetime)
        pauses.append((next_time - now) // timedelta(minutes=1))
        now = next_time
    assert pauses[:7] == [1, 2, 4, 8, 16, 30, 30]
    assert await paypal.told("SELECT state FROM refund") == ["failed"]
    assert len(await paypal.told(OPEN_TASKS)) == 1
    await sweep(paypal, 48 * 60)
    assert await sent_by_hand(paypal) == Money(500, "EUR")
    await sweep(paypal, 48 * 60)
    assert len(paypal.paypal.refunds) == 0
    with pytest.raises(BadInput, match="waits for a person"):
        await sent_by_hand(paypal)


async def test_while_a_try_is_under_way_again_nobody_sends_it_by_hand(paypal: test_paypal.Counter) -> None:
    await paid_by_paypal(paypal)
    await to_give_back(paypal, 500)
    paypal.paypal.trouble = [None, (422, '{"details": [{"issue": "REFUND_FAILED_INSUFFICIENT_FUNDS"}]}')]
    await sweep(paypal)
    assert await paypal.told("SELECT state FROM refund") == ["failed"]
    paypal.paypal.after(1, "cut after")
    await sweep(paypal, 5)
    assert len(paypal.paypal.refunds) == 1  # it was made, and nobody knows yet
    with pytest.raises(BadInput, match="waits for a person"):
        await sent_by_hand(paypal)
    await sweep(paypal, 30)
    assert (await paypal.told("SELECT state FROM refund"), await paypal.told(OPEN_TASKS)) == (["done"], [])


@pytest.mark.parametrize("provider", ["paypal", "stripe"])
async def test_an_amount_that_a_provider_cannot_send_is_for_a_person(
    provider: str, database_url: str, tmp_path: Path
) -> None:
    counters = {"paypal": (test_paypal.counter_at, "HUF", 33333), "stripe": (test_stripe.counter_at, "KWD", 1005)}
    opened, currency, minor = counters[provider]
    async with opened(database_url, tmp_path / "data") as counter:  # type: ignore[operator]
        await (paid_by_paypal(counter) if provider == "paypal" else paid_by_card(counter))
        async with counter.shop.house.db.begin() as tx:
            await tx.execute("UPDATE payment SET currency = %s, amount_minor = 100000", currency)
            paid = await tx.row('SELECT id, "order" FROM payment')
            assert paid is not None
            now = counter.shop.house.clock.now()
            await create_refund(tx, paid["id"], paid["order"], Money(minor, currency), "edit", now)
        await sweep(counter)
        assert await counter.told("SELECT state FROM refund") == ["needs_person"]
        assert len(await counter.told(OPEN_TASKS)) == 1


# ---- a refund that others made -------------------------------------------------------------------


async def test_what_was_given_back_in_the_dashboard_is_in_the_books(stripe: test_stripe.Counter) -> None:
    page = await paid_by_card(stripe)
    first = stripe.stripe.refund_in_the_dashboard(page, 500)
    await stripe.deliver(times=3)
    assert await stripe.told("SELECT state || ' ' || reason || ' ' || amount_minor FROM refund") == [
        "done elsewhere 500"
    ]
    assert (await held(stripe), await left(stripe)) == ("13.90", "13.90")
    (words,) = await stripe.told("SELECT text FROM task WHERE kind = 'refund_elsewhere'")
    assert "5.00 EUR was given back on the site of stripe" in str(words)
    stripe.stripe.refund_in_the_dashboard(page, 1390)
    await stripe.deliver(times=2)
    assert (await held(stripe), await stripe.told("SELECT state FROM payment")) == ("0.00", ["refunded"])
    stripe.stripe.fail(first)
    await stripe.deliver(times=2)
    assert (await held(stripe), await stripe.told("SELECT state FROM payment")) == ("5.00", ["settled"])
    assert await left(stripe) == "5.00"
    assert len(await stripe.told(OPEN_TASKS)) == 1


async def test_what_was_given_back_on_paypals_site_is_in_the_books(paypal: test_paypal.Counter) -> None:
    await paid_by_paypal(paypal)
    (capture,) = paypal.paypal.captures()
    paypal.paypal.refund_on_the_site(capture, "5.00")
    await paypal.deliver(times=2)
    assert await held(paypal) == str(paypal.paypal.money()) == "13.90"


async def test_who_refunds_in_the_dashboard_what_he_was_asked_to_has_done_it(paypal: test_paypal.Counter) -> None:
    await paid_by_paypal(paypal)
    await to_give_back(paypal, 500)
    paypal.paypal.trouble = [None, (422, '{"details": [{"issue": "PARTIAL_REFUND_NOT_ALLOWED"}]}')]
    await sweep(paypal)
    (capture,) = paypal.paypal.captures()
    paypal.paypal.refund_on_the_site(capture, "5.00")
    await paypal.deliver(times=2)
    assert await paypal.told("SELECT state FROM refund") == ["done"]
    assert (await held(paypal), await paypal.told("SELECT 1 FROM task WHERE state = 'open'")) == ("13.90", [])


# ---- a refund whose answer got lost, and a dispute ------------------------------------------------


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("status", ["won", "lost"])
async def test_a_try_of_unknown_outcome_is_looked_up_while_the_payment_is_disputed(
    stripe: test_stripe.Counter, arrived: bool, status: str
) -> None:
    page = await paid_by_card(stripe)
    await to_give_back(stripe, 500)
    stripe.stripe.after(2, "cut after" if arrived else "cut", times=3)
    await sweep(stripe)
    assert await stripe.told("SELECT state FROM refund") == ["created"]
    stripe.stripe.trouble, stripe.stripe.due = [], []  # its webhook is lost too
    dispute = stripe.stripe.dispute(page)
    await stripe.deliver()
    await sweep(stripe, 5)
    assert await stripe.told("SELECT state FROM refund") == ["done" if arrived else "created"]
    stripe.stripe.decide(dispute, status)
    await stripe.deliver()
    await sweep(stripe, 30)
    made = {(True, "won"): 1, (True, "lost"): 1, (False, "won"): 1, (False, "lost"): 0}[arrived, status]
    assert len(stripe.stripe.refunds) == made
    assert await stripe.told("SELECT state FROM refund") == ["done" if made else "voided"]
    assert await held(stripe) == ("13.90" if status == "won" else "0.00")


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_lost_dispute_does_not_void_a_try_that_paypal_has_made(
    paypal: test_paypal.Counter, arrived: bool
) -> None:
    page = await paid_by_paypal(paypal)
    await to_give_back(paypal, 500)
    paypal.paypal.after(1, "cut after" if arrived else "cut")
    await sweep(paypal)
    paypal.paypal.trouble, paypal.paypal.due = [], []
    paypal.paypal.decide(paypal.paypal.dispute(page), "RESOLVED_BUYER_FAVOUR")
    await paypal.deliver()
    assert await paypal.told("SELECT state FROM refund") == ["created"]
    await sweep(paypal, 5)
    assert await paypal.told("SELECT state FROM refund") == ["done" if arrived else "voided"]
    assert len(paypal.paypal.refunds) == (1 if arrived else 0)
    told = await paypal.told("SELECT text FROM task WHERE kind = 'refund_too_much'")
    assert [("5.00 EUR more than was paid went back" in str(words)) for words in told] == [True] * arrived
