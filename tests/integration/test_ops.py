"""What those who run the shop look at: alive, ready, figures; and a clean end."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator

import aiohttp
import psycopg
import pytest_asyncio
from aiohttp import web

from app.metrics import Metrics
from app.web.ops import Pulse, add_ops_routes
from base.db import Database
from integrations.messenger.webchat import WebChat
from integrations.messenger.webchat.frames import TextFrame
from tests.integration.open_shop import OpenShop, open_shop


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    async with open_shop(database_url) as opened:
        yield opened


async def get(http: aiohttp.ClientSession, path: str) -> tuple[int, str]:
    async with http.get(path) as answer:
        return answer.status, await answer.text()


async def talk(shop: OpenShop, *said: str) -> str:
    """Write these things into the web chat; returns the conversation's peer."""
    chat = shop.house.channels["webchat"]
    assert isinstance(chat, WebChat)
    peer = (await chat.open()).peer
    for words in said:
        _, raw = await chat.receive(peer, TextFrame(type="text", id=uuid.uuid4(), text=words))
        await shop.house.turns.receive(raw)
        async with shop.house.db.begin() as tx:
            row = await tx.row("SELECT id FROM conversation WHERE peer = %s", peer)
        assert row is not None
        await shop.house.turns.settle(row["id"])
    return peer


async def test_a_running_shop_is_alive_and_ready(shop: OpenShop) -> None:
    assert await get(shop.http, "/healthz") == (200, '{"status": "ok"}')
    status, body = await get(shop.http, "/readyz")
    assert (status, json.loads(body)["ready"]) == (200, True)


async def test_figures_count_turns_and_never_name_a_customer(shop: OpenShop) -> None:
    await talk(shop, "hello, I am Ana Petraite, +37060000001", "I want to talk to a person")
    status, figures = await get(shop.http, "/metrics")
    assert status == 200
    assert 'shopkeeper_inbound_total{channel="webchat"} 2.0' in figures
    assert 'shopkeeper_turns_total{kind="text"} ' in figures
    assert "shopkeeper_turn_seconds_bucket" in figures
    assert "shopkeeper_queue_length 1.0" in figures
    assert "shopkeeper_nlu_misses_total" in figures
    for private in ("Petraite", "37060000001", "Ana"):
        assert private not in figures


async def test_a_shop_without_its_schema_is_alive_but_not_ready(shop: OpenShop, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    status, body = await get(shop.http, "/readyz")
    assert status == 503
    assert "shopkeeper db upgrade" in json.loads(body)["checks"]["schema"]
    assert (await get(shop.http, "/healthz"))[0] == 200


async def test_a_shop_without_its_database_is_alive_but_not_ready() -> None:
    db = Database("postgresql://nobody@127.0.0.1:1/nothing")
    app = web.Application()
    add_ops_routes(app, db, Metrics(), Pulse(schema="0001", loop_alive=lambda: False))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as http:
        assert (await get(http, "/healthz"))[0] == 200
        status, body = await get(http, "/readyz")
        assert status == 503
        assert json.loads(body)["checks"] == {"database": "no answer", "schema": "unknown", "loop": "not running"}
        assert (await get(http, "/metrics"))[0] == 503
    await runner.cleanup()
    await db.close()


async def test_what_was_said_before_the_doors_closed_is_answered(database_url: str) -> None:
    async with open_shop(database_url) as shop:
        chat = shop.house.channels["webchat"]
        assert isinstance(chat, WebChat)
        peer = (await chat.open()).peer
        _, raw = await chat.receive(peer, TextFrame(type="text", id=uuid.uuid4(), text="hello"))
        await shop.house.turns.receive(raw)
    with psycopg.connect(database_url) as connection:  # the shop is closed now
        row = connection.execute(
            "SELECT count(*) FILTER (WHERE status = 'sent'), count(*) FILTER (WHERE status <> 'sent') FROM outbox"
        ).fetchone()
        pending = connection.execute("SELECT count(*) FROM inbound WHERE status = 'pending'").fetchone()
    assert row is not None
    assert row[0] >= 1
    assert row[1] == 0
    assert pending == (0,)
