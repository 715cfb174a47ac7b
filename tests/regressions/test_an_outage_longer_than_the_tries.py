"""A message was given up after a dozen tries, some twenty seconds of an outage: the customer never had his answer."""

from __future__ import annotations

from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA, BOB = 7, 8
TRIED_OFTEN = "UPDATE outbox SET attempts = 40, due_at = now() WHERE status = 'queued' RETURNING id"


async def _waits(shop: TelegramShop) -> None:
    """Its answer to Ana has been tried very often, and is tried once more."""
    before = len(shop.api.called("sendMessage"))
    await shop.until("SELECT 1 FROM outbox WHERE status = 'queued' AND error <> ''")
    await shop.until(TRIED_OFTEN)
    await shop.rows("UPDATE conversation SET lane_due_at = now() RETURNING id")
    async with shop.shop.house.db.begin() as tx:
        (row,) = await tx.rows("SELECT DISTINCT conversation_id AS id FROM outbox WHERE status = 'queued'")
    await shop.shop.house.turns.lanes.drain(row["id"])
    assert len(shop.api.called("sendMessage")) > before


async def test_a_message_waits_as_long_as_nobody_gets_through(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        shop.api.fail(502, "Bad Gateway", method="sendMessage", times=2)
        await shop.api.user_says(ANA, "are you a bot?")
        await _waits(shop)
        assert await shop.rows("SELECT 1 FROM task") == []
        await shop.rows("UPDATE outbox SET due_at = now() RETURNING id")
        await shop.rows("UPDATE conversation SET lane_due_at = now() RETURNING id")
        await shop.reads(shop.api.chat(ANA), "bot")
        assert await shop.rows("SELECT 1 FROM task") == []


async def test_where_others_get_through_it_is_a_task(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        await shop.api.user_says(BOB, "are you a bot?")
        await shop.reads(shop.api.chat(BOB), "bot")
        await shop.quiet()
        shop.api.fail(502, "Bad Gateway", method="sendMessage", times=2)
        await shop.api.user_says(ANA, "are you a bot?")
        await _waits(shop)
        (task,) = await shop.until("SELECT kind FROM task WHERE state = 'open'")
        assert task["kind"] == "unsent"
