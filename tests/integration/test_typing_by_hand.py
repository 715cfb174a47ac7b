"""A manager writes at the desk, and the customer sees the messenger's own sign of it, as far as its rules allow."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.ownership import Manager
from tests.contracts.graph_rules import GraphError
from tests.integration.meta_shop import Meta, quiet, rows
from tests.integration.telegram_shop import telegram_shop

ANNA = Manager("a" * 32, "Anna")


async def says(meta: Meta, words: str) -> str:
    await meta.deliver(*meta.graph.says("7001", words))
    await quiet(meta)
    return str((await rows(meta, "SELECT id FROM conversation"))[0]["id"])


async def change(meta: Meta, query: str) -> None:
    async with meta.shop.house.db.begin() as tx:
        await tx.execute(query)


async def signs(meta: Meta, conversation: str, manager: str = ANNA.id) -> int:
    """How many signs the platform was asked for when this manager writes."""
    meta.graph.calls.clear()
    await meta.shop.house.turns._typing.by_hand(conversation, manager)
    return sum("sender_action" in call for call in meta.graph.calls)


async def test_the_sign_is_shown_and_not_repeated_as_long_as_it_stays(meta: Meta) -> None:
    conversation = await says(meta, "hi")
    await asyncio.sleep(0.1)  # the account has sent a moment ago
    assert await signs(meta, conversation) == 1
    assert meta.graph.person("7001").typing
    assert await signs(meta, conversation) == 0
    await says(meta, "show me mugs")
    await asyncio.sleep(0.1)
    assert not meta.graph.person("7001").typing
    assert await signs(meta, conversation) == 1, "a message has ended the first one"


@pytest.mark.parametrize(
    "why",
    [
        "UPDATE conversation SET reachable = false",
        "UPDATE conversation SET owner = 'somebody else'",
        "UPDATE conversation SET last_inbound_at = now() - interval '25 hours'",
        "UPDATE conversation SET last_inbound_at = NULL",
        "UPDATE conversation SET lane_due_at = now() + interval '1 hour'",
        "UPDATE channel_pace SET next_at = now() + interval '1 minute'",
        "INSERT INTO channel_state (channel, account, state, line, waiting, silent_hours, halted_until, halted_why)"
        " SELECT channel, account, 'ok', '', 0, 0, now() + interval '1 hour', '' FROM conversation",
    ],
)
async def test_no_sign_where_no_message_could_go_now(meta: Meta, why: str) -> None:
    conversation = await says(meta, "hi")
    await asyncio.sleep(0.1)
    await change(meta, why)
    assert await signs(meta, conversation) == 0


@pytest.mark.parametrize("meta", ["facebook"], indirect=True)
async def test_a_sign_that_fails_is_no_trouble_and_delays_nothing(meta: Meta) -> None:
    conversation = await says(meta, "hi")
    await asyncio.sleep(0.1)
    meta.graph.troubles.append(GraphError(1, 99, "An unknown error occurred", status=500))
    before = asyncio.get_running_loop().time()
    meta.shop.house.turns.typing(conversation, ANNA.id)
    assert asyncio.get_running_loop().time() - before < 0.05
    meta.shop.house.turns.typing("no such conversation", ANNA.id)
    await asyncio.sleep(0.3)
    assert meta.graph.troubles == []
    said = len(meta.graph.person("7001").seen)
    await says(meta, "show me mugs")
    assert len(meta.graph.person("7001").seen) > said


async def test_telegram_shows_it_for_five_seconds(database_url: str) -> None:
    async with telegram_shop(database_url) as telegram:
        chat = telegram.api.chat(7)
        await telegram.api.user_says(7, "hi")
        await telegram.quiet()
        [row] = await telegram.until("SELECT id FROM conversation WHERE lane_due_at IS NULL")
        house = telegram.shop.house
        await asyncio.sleep(0.1)
        before = chat.typing
        for _ in range(3):
            await house.turns._typing.by_hand(row["id"], ANNA.id)
        assert chat.typing == before + 1
        assert house.channels["telegram"].limits.typing == timedelta(seconds=5).total_seconds()
