"""The payment link: looked at as often as one likes, paid once, and kind when there is nothing to pay."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.world import tell_customer
from integrations.payments.sandbox import SandboxPayments
from shop.orders import expire_due
from tests.integration.open_shop import OpenShop, open_shop

HOUR = timedelta(hours=1)


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    async with open_shop(database_url) as opened:
        yield opened


async def page(shop: OpenShop, path: str) -> tuple[int, str]:
    async with shop.http.get(path) as answer:
        return answer.status, re.sub(r"\s+", " ", await answer.text())


def path_of(link: str | None) -> str:
    assert link is not None
    return "/pay/" + link.rpartition("/")[2]


async def count(shop: OpenShop, query: str) -> int:
    async with shop.house.db.begin() as tx:
        row = await tx.row(query)
    assert row is not None
    return int(row["count"])


async def on_the_sandbox_page(shop: OpenShop, path: str) -> str:
    """Press Pay; returns the path of the provider's page."""
    async with shop.http.post(path, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"].removeprefix(shop.url)


async def say(shop: OpenShop, sandbox: str, button: str) -> str:
    async with shop.http.post(sandbox, data={"say": button}, allow_redirects=False) as answer:
        assert answer.status == 303
        return answer.headers["Location"].removeprefix(shop.url)


async def test_a_look_at_the_link_shows_the_order_and_calls_nobody(shop: OpenShop) -> None:
    requested = await shop.placed(await shop.buyer())
    path = path_of(requested.link)
    for _ in range(3):  # link previews look too
        status, words = await page(shop, path)
        assert status == 200
        assert "1 × Aurora mug, white" in words
        assert "DHL courier" in words
        assert "Pay €18.90" in words
        assert requested.order.number in words
    assert await count(shop, "SELECT count(*) FROM sandbox_payment") == 0


async def test_paying_on_the_sandbox_page_is_heard_through_our_own_door(shop: OpenShop) -> None:
    requested = await shop.placed(await shop.buyer())
    path = path_of(requested.link)
    sandbox = await on_the_sandbox_page(shop, path)
    assert "Approve" in (await page(shop, sandbox))[1]
    back = await say(shop, sandbox, "approve")
    assert back == path
    assert "Paid. Thank you!" in (await page(shop, path))[1]
    assert await count(shop, "SELECT count(*) FROM shop_order WHERE status = 'paid'") == 1
    assert await count(shop, "SELECT count(*) FROM payment_report WHERE decision = 'settled'") == 1


async def test_pressing_pay_many_times_makes_one_page(shop: OpenShop) -> None:
    path = path_of((await shop.placed(await shop.buyer())).link)
    pages = await asyncio.gather(*(on_the_sandbox_page(shop, path) for _ in range(5)))
    assert len(set(pages)) == 1
    assert await count(shop, "SELECT count(*) FROM sandbox_payment") == 1


async def test_a_declined_payment_may_be_tried_again(shop: OpenShop) -> None:
    path = path_of((await shop.placed(await shop.buyer())).link)
    sandbox = await on_the_sandbox_page(shop, path)
    await say(shop, sandbox, "decline")
    words = (await page(shop, path))[1]
    assert "was declined and nothing was charged" in words
    assert "Pay €18.90" in words
    await say(shop, await on_the_sandbox_page(shop, path), "approve")
    assert "Paid. Thank you!" in (await page(shop, path))[1]


async def test_a_link_that_died_says_so_kindly_and_cannot_be_paid(shop: OpenShop) -> None:
    path = path_of((await shop.placed(await shop.buyer())).link)
    async with shop.house.db.begin() as tx:
        await tx.execute("UPDATE payment SET until = now() - interval '1 minute'")
    assert "This link has expired" in (await page(shop, path))[1]
    async with shop.http.post(path, allow_redirects=False) as answer:
        assert answer.status == 200
        assert "Nothing was charged" in await answer.text()
    assert await count(shop, "SELECT count(*) FROM sandbox_payment") == 0


async def test_a_link_whose_hold_is_over_leads_to_a_new_one(shop: OpenShop) -> None:
    path = path_of((await shop.placed(await shop.buyer(), sku="THR")).link)
    async with shop.house.db.begin() as tx:
        await tx.execute("UPDATE payment SET until = now() - interval '1 minute'")
        await tx.execute("UPDATE shop_order SET reserved_until = now() - interval '1 minute'")
    assert await expire_due(shop.house.db, shop.house.clock.now(), tell_customer) == 1
    assert "Get a new link" in (await page(shop, path))[1]
    async with shop.http.post(path, allow_redirects=False) as answer:
        assert answer.status == 303
        fresh = answer.headers["Location"]
    assert fresh.startswith("/pay/")
    assert fresh != path
    await say(shop, await on_the_sandbox_page(shop, fresh), "approve")
    assert "Paid. Thank you!" in (await page(shop, fresh))[1]
    assert await count(shop, "SELECT count(*) FROM shop_order WHERE status = 'paid'") == 1


async def test_a_link_is_not_renewed_when_the_goods_are_gone(shop: OpenShop) -> None:
    path = path_of((await shop.placed(await shop.buyer(), sku="THR")).link)
    async with shop.house.db.begin() as tx:
        await tx.execute("UPDATE shop_order SET reserved_until = now() - interval '1 minute'")
    assert await expire_due(shop.house.db, shop.house.clock.now(), tell_customer) == 1
    async with shop.house.db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE sku = 'THR'")
    async with shop.http.post(path, allow_redirects=False) as answer:
        assert (answer.status, "Get a new link" in await answer.text()) == (200, False)


async def test_an_unknown_link_is_a_kind_page_in_the_visitors_language(shop: OpenShop) -> None:
    for path in ("/pay/nothing", "/pay/" + "x" * 500, "/pay/%00", "/pay/%F0%9F%8E%81"):
        async with shop.http.get(path, headers={"Accept-Language": "en"}) as answer:
            assert answer.status == 404
            assert "We do not know this link" in await answer.text()
        async with shop.http.post(path) as answer:
            assert answer.status == 404


async def test_the_link_stays_out_of_caches_referrers_and_frames(shop: OpenShop) -> None:
    path = path_of((await shop.placed(await shop.buyer())).link)
    async with shop.http.get(path) as answer:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


async def test_money_that_comes_after_the_hold_revives_the_order_while_the_stock_is_there(shop: OpenShop) -> None:
    requested = await shop.placed(await shop.buyer())
    path = path_of(requested.link)
    await say(shop, await on_the_sandbox_page(shop, path), "late")
    async with shop.house.db.begin() as tx:  # half an hour and a quarter go by
        for table, column in (
            ("sandbox_payment", "changed_at"),
            ("shop_order", "reserved_until"),
            ("payment", "until"),
        ):
            await tx.execute(f"UPDATE {table} SET {column} = {column} - %s", timedelta(hours=1))

    assert await expire_due(shop.house.db, shop.house.clock.now(), tell_customer) == 1
    sandbox = shop.house.providers["sandbox"]
    assert isinstance(sandbox, SandboxPayments)
    assert await sandbox.send_webhooks() == 1
    assert await count(shop, "SELECT count(*) FROM payment_report WHERE decision = 'revived'") == 1


@pytest.mark.slow
async def test_a_paid_parcel_reaches_its_customer_by_itself_when_the_day_is_short(database_url: str) -> None:
    async with open_shop(database_url, worker=True, parcel_day=2) as shop:
        path = path_of((await shop.placed(await shop.buyer())).link)
        await say(shop, await on_the_sandbox_page(shop, path), "approve")
        async with asyncio.timeout(60):
            while not await count(shop, "SELECT count(*) FROM shop_order WHERE status = 'delivered'"):
                await asyncio.sleep(0.2)
        async with shop.house.db.begin() as tx:
            rows = await tx.rows("SELECT status FROM tracking_event ORDER BY at")
            tracking = await tx.row("SELECT tracking FROM shipment")
        assert [row["status"] for row in rows] == [
            "created", "accepted", "in_transit", "out_for_delivery", "delivered",
        ]  # fmt: skip
        assert tracking is not None
        status, words = await page(shop, f"/sandbox/track/{tracking['tracking']}")
        assert status == 200
        assert "delivered" in words
