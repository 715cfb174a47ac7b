"""Every way in is tried from outside, over real HTTP: the platform gets in, a stranger does not, nobody is greeted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest_asyncio
from aiohttp import web

from app.probes import HEADER, Probe, mark
from tests.contracts.botapi import BotApi
from tests.contracts.graph_server import GraphServer
from tests.integration.meta_shop import settings_of
from tests.integration.open_shop import OpenShop, open_shop
from tests.integration.server_process import free_port

ROWS = """SELECT (SELECT count(*) FROM customer) + (SELECT count(*) FROM conversation) + (SELECT count(*) FROM inbound)
               + (SELECT count(*) FROM web_conversation) AS n, (SELECT count(*) FROM raw_update) AS raw"""


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    async with BotApi() as telegram, GraphServer("facebook") as facebook, GraphServer("instagram") as instagram:
        given = {
            "telegram": {
                "token": telegram.token,
                "api_base": telegram.base,
                "webhook_secret": telegram.secret,
            },
            "facebook": settings_of(facebook),
            "instagram": settings_of(instagram),
        }
        async with open_shop(database_url, **given) as opened:
            yield opened


def probe(shop: OpenShop, url: str = "") -> Probe:
    house = shop.house
    return Probe(url or shop.url, house.secret_key, house.db, house.channels)


async def rows(shop: OpenShop) -> tuple[int, int]:
    async with shop.house.db.begin() as tx:
        [row] = await tx.rows(ROWS)
    return row["n"], row["raw"]


async def test_an_open_shop_is_open_on_every_way_and_nobody_is_greeted(shop: OpenShop) -> None:
    before, _ = await rows(shop)
    for _ in range(3):
        assert await probe(shop).look(pauses=()) == dict.fromkeys(("webchat", "telegram", "facebook", "instagram"), "")
    await shop.house.turns.drain()
    assert await rows(shop) == (before, 3)  # three deliveries of nothing, each kept once


async def test_a_stranger_with_a_guessed_mark_is_greeted_like_everybody(shop: OpenShop) -> None:
    before, _ = await rows(shop)
    async with shop.http.post("/chat/start", headers={HEADER: mark("guessed")}) as answer:
        assert answer.status == 200
    assert (await rows(shop))[0] > before


async def test_a_shop_that_cannot_be_reached_says_so(shop: OpenShop) -> None:
    found = await probe(shop, f"http://127.0.0.1:{free_port()}").look(pauses=(0.01,))
    assert all("cannot be reached" in wrong for wrong in found.values())
    assert len(found) == 4


async def test_a_proxy_that_spoils_a_body_or_lets_nobody_in_or_everybody_is_found_out(shop: OpenShop) -> None:
    rule = {"how": "spoil"}

    async def between(request: web.Request) -> web.Response:
        body = await request.read()
        if rule["how"] == "everybody":
            return web.Response(text=request.query.get("hub.challenge", "ok"))
        headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
        sent = body + b" " if rule["how"] == "spoil" else body
        headers.pop("Content-Length", None)
        if rule["how"] == "no header":
            headers = {name: value for name, value in headers.items() if "ecret" not in name and "Hub" not in name}
        async with aiohttp.ClientSession() as http:
            address = f"{shop.url}{request.path_qs}"
            async with http.request(request.method, address, data=sent or None, headers=headers) as answer:
                return web.Response(status=answer.status, body=await answer.read())

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", between)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        url = f"http://127.0.0.1:{port}"
        spoilt = await probe(shop, url).look(pauses=())
        assert "a delivery with 403" in spoilt["facebook"]
        assert "a delivery with 403" in spoilt["instagram"]
        rule["how"] = "no header"
        bare = await probe(shop, url).look(pauses=())
        assert "an update with 401" in bare["telegram"]
        rule["how"] = "everybody"
        everybody = await probe(shop, url).look(pauses=())
        assert "a forgery with 200" in everybody["telegram"]
        assert "a wrong question with 200" in everybody["facebook"]
        assert everybody["webchat"]
    finally:
        await runner.cleanup()


async def test_a_channel_that_nobody_calls_is_not_tried(shop: OpenShop) -> None:
    telegram = shop.house.channels["telegram"]
    telegram._secret = b""  # type: ignore[attr-defined]  # the shop fetches by itself
    found = await replace(probe(shop), channels={"telegram": telegram}).look(pauses=())
    assert found == {}
