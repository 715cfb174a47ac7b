"""A customer of Messenger opens the link of his order in Telegram: news of his parcel finds him there, and no more."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from base.clock import StandingClock
from bot.erasure import erase
from bot.following import Following
from bot.world import tell_customer
from shop.commands import ShipmentMoved
from shop.customers import record_consent
from tests.contracts.botapi import BotApi
from tests.integration.meta_shop import Meta, meta_shop, quiet, tasks

ANA, FRIEND = 77, 78


@dataclass
class Two:
    """Ana has ordered in Messenger; the shop has a bot in Telegram, too."""

    meta: Meta
    telegram: BotApi
    customer: str
    order: str
    page: str

    async def link(self) -> str:
        """What Ana finds on the page of her paid order."""
        async with self.meta.shop.http.get(self.page) as answer:
            found = re.search(r"https://t\.me/(\w+)\?start=([\w-]+)", await answer.text())
        return found[2] if found else ""

    async def opens(self, chat: int, payload: str) -> None:
        self.telegram.chat(chat)
        await self.telegram.user_says(chat, f"/start {payload}")
        await quiet(self.meta)

    async def news(self, *, kind: str = "shipment_moved", number: str = "A-7") -> None:
        """Thirty hours later, at noon, the parcel moves."""
        house = self.meta.shop.house
        noon = house.shop.local(house.clock.now()).replace(hour=12, minute=0) + timedelta(days=2)
        house.turns.clock = house.turns.lanes.clock = StandingClock(noon)
        self.meta.graph.late = timedelta(hours=30)
        event = ShipmentMoved(order=self.order, number=number, status="delivered", at=noon)
        async with house.db.begin() as tx:
            await tx.execute("UPDATE conversation SET last_inbound_at = %s", noon - timedelta(hours=30))
            await tell_customer(tx, self.customer, event)
            [row] = await tx.rows("SELECT id FROM conversation WHERE channel = 'facebook'")
        for _ in range(2):
            await house.turns.settle(row["id"])
        await house.turns.sweep()
        await quiet(self.meta)

    def reads(self, chat: int) -> str:
        return self.telegram.chat(chat).words()


@pytest_asyncio.fixture
async def two(database_url: str) -> AsyncIterator[Two]:
    async with BotApi() as telegram:
        given = {"token": telegram.token, "api_base": telegram.base, "webhook_secret": telegram.secret}
        async with meta_shop("facebook", database_url, telegram=given) as meta:
            await meta.deliver(*meta.graph.says("7001", "hi"))
            await quiet(meta)
            shop = meta.shop
            telegram.webhook.update(url=f"{shop.url}/webhooks/telegram", secret_token=telegram.secret)
            async with shop.house.db.begin() as tx:
                [row] = await tx.rows("SELECT customer_id FROM conversation WHERE channel = 'facebook'")
            requested = await shop.placed(row["customer_id"])
            async with shop.house.db.begin() as tx:
                [order] = await tx.rows(
                    "UPDATE shop_order SET status = 'paid', channel = 'facebook' RETURNING id, customer"
                )
                await tx.execute("UPDATE payment SET state = 'settled'")
            assert requested.link
            yield Two(meta, telegram, order["customer"], order["id"], "/pay/" + requested.link.rpartition("/")[2])


async def test_news_of_a_parcel_finds_who_opened_the_link(two: Two) -> None:
    payload = await two.link()
    assert 0 < len(payload) <= 64
    await two.opens(ANA, payload)
    assert "I shall tell you here where your parcel is" in two.reads(ANA)
    assert await two.link() == ""  # offered once
    await two.news()
    assert "A-7" in two.reads(ANA)
    assert "A-7" not in two.meta.graph.person("7001").words()
    assert await tasks(two.meta) == []


async def test_two_customers_stay_two(two: Two) -> None:
    await two.opens(ANA, await two.link())
    async with two.meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT channel, customer_id, source FROM conversation ORDER BY channel")
    assert len({row["customer_id"] for row in rows}) == 2
    assert [row["source"] for row in rows] == ["", "order-news"]
    await two.telegram.user_says(ANA, "where is my order?")
    await quiet(two.meta)
    async with two.meta.shop.house.db.begin() as tx:
        [order] = await tx.rows("SELECT number FROM shop_order")
    assert order["number"] not in two.reads(ANA)


async def test_the_first_who_opens_it_stays_and_a_friend_is_told_nothing(two: Two) -> None:
    payload = await two.link()
    await two.opens(ANA, payload)
    await two.opens(FRIEND, payload)
    assert "where your parcel is, when the other messenger" not in two.reads(FRIEND)
    await two.news()
    assert "A-7" in two.reads(ANA)
    assert "A-7" not in two.reads(FRIEND)


@pytest.mark.parametrize("forged", ["other secret", "other order", "no mark", "nothing"])
async def test_a_link_that_is_not_ours_opens_nothing(two: Two, forged: str) -> None:
    payload = await two.link()
    wrong = {
        "other secret": Following(b"guessed").payload(two.order),
        "other order": payload.replace(two.order, "0" * 32),
        "no mark": f"n-{two.order}" + "A" * 22,
        "nothing": "n-",
    }[forged]
    await two.opens(FRIEND, wrong)
    await two.news()
    assert "A-7" not in two.reads(FRIEND)
    assert len(await tasks(two.meta)) == 1  # as without any other way: the desk hears of it


async def test_an_old_link_opens_nothing(two: Two) -> None:
    payload = await two.link()
    async with two.meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE shop_order SET placed_at = placed_at - interval '31 days'")
    await two.opens(ANA, payload)
    await two.news()
    assert "A-7" not in two.reads(ANA)


async def test_who_has_had_enough_is_left_alone(two: Two) -> None:
    await two.opens(ANA, await two.link())
    house = two.meta.shop.house
    async with house.db.begin() as tx:
        [row] = await tx.rows("SELECT customer_id FROM conversation WHERE channel = 'telegram'")
    await two.telegram.user_says(ANA, "unsubscribe")
    await quiet(two.meta)
    async with house.db.begin() as tx:
        [no] = await tx.rows("SELECT granted FROM consent WHERE customer = %s", row["customer_id"])
    assert no["granted"] is False
    await two.news()
    assert "A-7" not in two.reads(ANA)


async def test_who_is_forgotten_is_followed_by_nobody(two: Two) -> None:
    await two.opens(ANA, await two.link())
    house = two.meta.shop.house
    async with house.db.begin() as tx:
        [row] = await tx.rows("SELECT customer_id FROM conversation WHERE channel = 'telegram'")
        await erase(tx, row["customer_id"], datetime.now(house.shop.tzinfo))
        assert await tx.rows("SELECT 1 FROM follower") == []
    await two.opens(ANA, await two.link())
    async with house.db.begin() as tx:
        await record_consent(tx, two.customer, "marketing", "chat", datetime.now(house.shop.tzinfo), granted=True)
        await erase(tx, two.customer, datetime.now(house.shop.tzinfo))
        assert await tx.rows("SELECT 1 FROM follower") == []
