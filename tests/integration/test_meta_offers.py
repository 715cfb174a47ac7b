"""Offers on Messenger after the window: only by the customer's yes to the shop and to Meta, one in 48 hours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from bot.world import tell_customer
from shop.commands import StockBack
from tests.integration.meta_shop import Meta, meta_shop, quiet, rows

ANA = "7001"


@pytest_asyncio.fixture
async def meta(database_url: str) -> AsyncIterator[Meta]:
    async with meta_shop("facebook", database_url, page={"offers": "true"}) as opened:
        opened.shop.house.world.quiet = False  # the hour of the test is no matter
        await opened.deliver(*opened.graph.says(ANA, "hi."))
        await quiet(opened)
        yield opened


async def two_days_pass(meta: Meta) -> None:
    """For the window, the rule of 48 hours and the platform's clock alike."""
    gone = timedelta(hours=49)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE conversation SET last_inbound_at = last_inbound_at - %s", gone)
        await tx.execute("UPDATE opt_in SET used_at = used_at - %s", gone)
    person = meta.graph.person(ANA)
    assert person.last_inbound is not None
    person.last_inbound -= gone
    for opted in meta.graph.opted.values():
        opted.last = opted.last - gone if opted.last else None


async def candle_is_back(meta: Meta) -> None:
    """Something that the customer may only hear with a yes to offers."""
    house = meta.shop.house
    variant = house.world.catalogue.by_sku["CAN"]
    (row,) = await rows(meta, "SELECT customer_id FROM conversation")
    async with house.db.begin() as tx:
        event = StockBack(sku="CAN", name="Pine candle", price=variant.price)
        await tell_customer(tx, row["customer_id"], event)
    (talk,) = await rows(meta, "SELECT id FROM conversation")
    house.turns.kick(talk["id"])
    async with asyncio.timeout(15):
        while await rows(meta, "SELECT 1 FROM conversation_event WHERE status = 'pending'"):
            await asyncio.sleep(0.05)
    await quiet(meta)


def offers(meta: Meta) -> int:
    return sum("offer" in message for message in meta.graph.person(ANA).seen)


async def test_an_offer_goes_to_who_opted_in_and_not_twice_in_two_days(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says(ANA, "send me your offers please."))
    await quiet(meta)
    asked = [one for one in meta.graph.person(ANA).seen if "notification_messages" in str(one)]
    assert len(asked) == 1, "Meta's own question comes with the shop's word"
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert offers(meta) == 1
    await candle_is_back(meta)
    assert offers(meta) == 1, "the next one waits two days; it is a task instead"
    assert len(await rows(meta, "SELECT 1 FROM task WHERE kind = 'unsent'")) == 1
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert offers(meta) == 2


async def test_who_stops_at_meta_hears_no_more_offers(meta: Meta) -> None:
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    await meta.deliver(*meta.graph.opts_out("TOKEN-1"))
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert offers(meta) == 0
    (newest,) = await rows(meta, "SELECT granted FROM consent WHERE kind = 'marketing' ORDER BY id DESC LIMIT 1")
    assert newest["granted"] is False


async def test_stop_in_the_chat_counts_more_than_a_token(meta: Meta) -> None:
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    await meta.deliver(*meta.graph.says(ANA, "STOP"))
    await quiet(meta)
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert offers(meta) == 0


async def test_an_old_yes_that_comes_late_undoes_no_stop(meta: Meta) -> None:
    late = meta.graph.opts_in(ANA, "TOKEN-1")
    stop = meta.graph.opts_out("TOKEN-1")
    await meta.deliver(*stop)
    await meta.deliver(*late)
    assert [row["stopped"] for row in await rows(meta, "SELECT stopped FROM opt_in")] == [True]


async def test_a_stop_in_the_chat_ends_the_token_for_good(meta: Meta) -> None:
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    for words in ("STOP", "START"):
        await meta.deliver(*meta.graph.says(ANA, words))
        await quiet(meta)
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert offers(meta) == 0
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-2"))
    await candle_is_back(meta)
    assert offers(meta) == 1


async def test_who_lets_them_come_again_at_meta_hears_offers_again(meta: Meta) -> None:
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-2"))
    await meta.deliver(*meta.graph.opts_out("TOKEN-1"))  # an older one
    assert [row["stopped"] for row in await rows(meta, "SELECT stopped FROM opt_in")] == [False]
    await meta.deliver(*meta.graph.opts_out("TOKEN-2"))
    await meta.deliver(*meta.graph.opts_in_again("TOKEN-2"))
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert offers(meta) == 1


async def test_meta_asks_once_a_week_and_nobody_who_has_said_yes(meta: Meta) -> None:
    def asked() -> int:
        return sum("notification_messages" in str(one) for one in meta.graph.person(ANA).seen)

    for _ in range(2):
        await meta.deliver(*meta.graph.says(ANA, "START"))
        await quiet(meta)
    assert (asked(), meta.graph.refusals) == (1, [])
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    week = timedelta(days=8)
    meta.graph.asked = {who: at - week for who, at in meta.graph.asked.items()}
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE outbox SET at = at - %s", week)
    await meta.deliver(*meta.graph.says(ANA, "START"))
    await quiet(meta)
    assert asked() == 1
    await meta.deliver(*meta.graph.opts_out("TOKEN-1"))
    await meta.deliver(*meta.graph.says(ANA, "START"))
    await quiet(meta)
    assert (asked(), meta.graph.refusals) == (2, [])


async def test_who_waits_for_goods_is_asked_by_meta_too(meta: Meta) -> None:
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE sku = 'CAN'")
    for words in ("add a candle.", "tell me when it is back."):
        await meta.deliver(*meta.graph.says(ANA, words))
        await quiet(meta)
    assert "as soon as" in meta.graph.person(ANA).words()
    assert sum("notification_messages" in str(one) for one in meta.graph.person(ANA).seen) == 1


async def test_an_offer_too_soon_after_one_that_we_know_nothing_of_is_a_task_and_stops_nobody_else(meta: Meta) -> None:
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    await two_days_pass(meta)
    meta.graph.opted["TOKEN-1"].last = meta.graph.now()  # of another app of the shop
    for _ in range(2):
        await candle_is_back(meta)
    assert meta.graph.refusals == ["Calls to this api have exceeded the rate limit."], "and it is not tried again"
    assert (offers(meta), len(await rows(meta, "SELECT 1 FROM task WHERE kind = 'unsent'"))) == (0, 2)
    assert await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now()") == []
    await meta.deliver(*meta.graph.says("7002", "hi."))
    await meta.answered("7002", "Hello")


async def test_an_offer_that_meta_refuses_after_all_is_a_task(meta: Meta) -> None:
    await meta.deliver(*meta.graph.opts_in(ANA, "TOKEN-1"))
    meta.graph.opted.clear()  # of another Page
    await two_days_pass(meta)
    await candle_is_back(meta)
    assert (offers(meta), len(await rows(meta, "SELECT 1 FROM task WHERE kind = 'unsent'"))) == (0, 1)
