"""Manners on Telegram: edits correct, who left is not written to, groups are left alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.meta_shop import meta_shop, quiet
from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA = 7
GROUP = {"id": -100, "type": "supergroup", "title": "Friends of mugs"}
CART = "SELECT l->>'sku' AS sku, l->>'quantity' AS n FROM cart, jsonb_array_elements(lines) l"


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[TelegramShop]:
    async with telegram_shop(database_url) as shop:
        yield shop


async def test_an_edit_is_a_correction(shop: TelegramShop) -> None:
    chat = shop.api.chat(ANA)
    await shop.api.user_says(ANA, "two white mugs!")
    await shop.reads(chat, "Added: 2")
    mark = chat.mark()
    await shop.api.user_edits(ANA, max(chat.said), "three white mugs!")
    await shop.reads(chat, "3 pieces", mark)
    assert [tuple(row.values()) for row in await shop.rows(CART)] == [("MUG-white", "3")]


@pytest.mark.parametrize("name", ["facebook", "instagram"])
async def test_it_is_the_same_on_metas_messengers_and_a_deletion_cancels_nothing(name: str, database_url: str) -> None:
    async with meta_shop(name, database_url) as meta:
        await meta.deliver(*meta.graph.says("7001", "two white mugs!", mid="m_1"))
        await meta.answered("7001", "Added: 2")
        edit = {"mid": "m_1", "text": "three white mugs!", "num_edit": 1}
        await meta.deliver(*meta.graph.happens("7001", message_edit=edit))
        await meta.answered("7001", "3 pieces")
        async with meta.shop.house.db.begin() as tx:
            before = await tx.row("SELECT last_inbound_at FROM conversation")
        await meta.deliver(*meta.graph.happens("7001", message={"mid": "m_1", "is_deleted": True}))
        await meta.deliver(*meta.graph.happens("7002", message={"mid": "m_9", "is_deleted": True}))
        await quiet(meta)
        async with meta.shop.house.db.begin() as tx:
            assert [tuple(row.values()) for row in await tx.rows(CART)] == [("MUG-white", "3")]
            assert await tx.row("SELECT last_inbound_at FROM conversation") == before  # no window opens by it
            assert await tx.row("SELECT count(*) AS n FROM conversation") == {"n": 1}  # and no talk with a stranger


async def test_what_telegram_cannot_show_is_counted_when_it_is_sent(shop: TelegramShop) -> None:
    chat = shop.api.chat(ANA)
    await shop.api.user_says(ANA, "show me mugs")
    await shop.reads(chat, "Aurora mug")
    await shop.quiet()
    async with shop.shop.http.get("/metrics") as answer:
        figures = await answer.text()
    assert 'shopkeeper_degraded_total{channel="telegram",kind="cards: text"} 1.0' in figures


async def test_who_blocked_the_bot_is_not_written_to_until_he_is_back(shop: TelegramShop) -> None:
    chat = shop.api.chat(ANA)
    await shop.api.user_says(ANA, "white mug!")
    await shop.reads(chat, "Aurora mug, white")
    await shop.quiet()
    shop.api.flood(ANA, 2)
    mark, called = chat.mark(), len(shop.api.calls)
    await shop.api.user_says(ANA, "and the black one!")
    await shop.until("SELECT 1 FROM outbox WHERE status = 'queued' AND error <> ''")
    await shop.api.user_blocks(ANA)
    await shop.until("SELECT 1 FROM conversation WHERE NOT reachable")
    (task,) = await shop.until("SELECT kind FROM task WHERE state = 'open'")
    assert task["kind"] == "unsent"
    tried = [call.method for call in shop.api.calls[called:] if call.method in ("sendMessage", "sendPhoto")]
    assert len(tried) == 1
    await shop.api.user_unblocks(ANA)
    await shop.until("SELECT 1 FROM conversation WHERE reachable")
    assert chat.words(mark) == ""  # he only came back, and said nothing yet
    await shop.api.user_says(ANA, "a candle!")
    await shop.reads(chat, "candle", mark)


async def test_the_bot_is_silent_in_groups_and_channels(shop: TelegramShop) -> None:
    """Whatever is said there, to the bot or not: customers are talked to in private alone."""
    person = shop.api.chat(ANA).person()
    for words in ("white mug?", "/start", "/start@lumo_test_bot spring", "@lumo_test_bot two mugs"):
        whole = {"message_id": 1, "date": shop.api.now(), "chat": GROUP, "from": person, "text": words}
        await shop.api.update("message", whole)
        await shop.api.update("edited_message", whole | {"edit_date": shop.api.now()})
    tap = {"id": "1", "from": person, "chat_instance": "g", "data": "menu.cart"}
    await shop.api.update("callback_query", tap | {"message": {"message_id": 1, "date": 1, "chat": GROUP}})
    member = {"user": {"id": 4242, "is_bot": True, "first_name": "Lumo"}, "status": "member"}
    change = {"chat": GROUP, "from": person, "date": 1, "old_chat_member": member | {"status": "left"}}
    await shop.api.update("my_chat_member", change | {"new_chat_member": member})
    await shop.until("SELECT 1 FROM raw_update HAVING count(*) = 10")
    await asyncio.sleep(0.2)
    assert await shop.rows("SELECT id FROM conversation") == []
    assert [call.method for call in shop.api.calls if call.method.startswith(("send", "answer"))] == []
