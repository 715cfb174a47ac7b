"""A card number typed into a chat is in no table afterwards, whichever way it came."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator

import pytest_asyncio

from desk.actions import note
from desk.people import add_manager
from integrations.messenger.webchat.adapter import WebChat
from integrations.messenger.webchat.frames import read_frame
from tests.integration.open_shop import OpenShop, open_shop
from tests.integration.test_door import SECRET, TOKEN, UPDATE, post

CARD = "4111 1111 1111 1111"


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    telegram = {"token": TOKEN, "webhook_secret": SECRET, "api_base": "http://127.0.0.1:9"}
    async with open_shop(database_url, telegram=telegram) as opened:
        yield opened


async def refused(shop: OpenShop) -> None:
    """Wait until the refusal has been said (and so the turn is over)."""
    async with asyncio.timeout(60):
        while True:
            async with shop.house.db.begin() as tx:
                rows = await tx.rows("SELECT id FROM outbox WHERE fitted::text LIKE %s", "%card numbers%")
            if rows:
                return
            await asyncio.sleep(0.05)


async def holding(shop: OpenShop, words: str) -> list[str]:
    """The tables in which `words` stand, as text or as bytes."""
    found = []
    async with shop.house.db.begin() as tx:
        tables = await tx.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for table in (row["tablename"] for row in tables):
            row = await tx.row(
                f'SELECT 1 FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s LIMIT 1',
                f"%{words}%",
                f"%{words.encode().hex()}%",
            )
            found += [table] if row else []
    return sorted(found)


async def test_a_card_number_by_webhook_is_stored_nowhere(shop: OpenShop) -> None:
    body = json.dumps(UPDATE).replace('"hello"', f'"hello, here it is: {CARD}"')
    assert await post(shop, "telegram", body.encode()) == 200
    await refused(shop)
    assert await holding(shop, "here it is: ") == ["inbound", "raw_update"]  # the look finds what is there
    assert await holding(shop, CARD) == []


async def test_a_card_number_on_the_page_is_stored_nowhere_and_the_desk_hides_it_too(shop: OpenShop) -> None:
    chat = shop.house.channels["webchat"]
    assert isinstance(chat, WebChat)
    peer = (await chat.open()).peer
    _, raw = await chat.receive(peer, read_frame({"type": "text", "id": str(uuid.uuid4()), "text": CARD}))
    await shop.house.turns.receive(raw)
    await refused(shop)
    async with shop.house.db.begin() as tx:
        row = await tx.row("SELECT id FROM conversation")
        olga = await add_manager(tx, "Olga", "olga", "a long password", "manager")
        assert row is not None
        await note(tx, row["id"], olga, f"he said {CARD}", now=shop.house.clock.now())
    assert "note" in await holding(shop, "he said ")
    assert await holding(shop, CARD) == []
