"""Paging in Telegram: "show more" changes the message that carries the button."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from base.clock import SystemClock
from base.db import Database
from bot.dialogs import all_dialogs
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.texts import Texts
from bot.turns import Turns
from bot.world import World
from integrations.messenger.telegram.adapter import Telegram
from shop.faq import load_faq
from shop.seed import seed_demo
from tests.contracts.botapi import BotApi
from tests.models import MODELS

DATA = Path(__file__).resolve().parents[2] / "data"


async def test_show_more_changes_the_message_instead_of_sending_another(db: Database) -> None:
    async with db.begin() as tx:
        shop = await seed_demo(tx, DATA / "demo")
    texts = Texts.load(DATA / "texts", zone=shop.tzinfo)
    async with BotApi() as server:
        telegram = Telegram(server.token, server.base, server.secret, "lumo_bot", media_root=DATA / "demo")
        turns = Turns(
            db=db, clock=SystemClock(), registry=all_dialogs(),
            understanding=EmbeddedUnderstanding.load(DATA, MODELS),
            world=World(shop, load_faq(DATA / "faq.yml", shop, money=texts.money)), texts=texts,
            channels={"telegram": telegram},
        )  # fmt: skip

        polling = asyncio.create_task(telegram.run(turns.receive))
        await server.user_says(7, "what do you sell?")
        await until(lambda: "Aurora mug" in server.chat(7).words())
        before = [call.method for call in server.calls if call.method.startswith("send")]
        await server.user_taps(7, "Show more")
        await until(lambda: any(call.method.startswith("editMessage") for call in server.calls))
        await turns.drain()
        assert [call.method for call in server.calls if call.method.startswith("send")] == before
        assert "Wave headphones" in server.chat(7).words()
        polling.cancel()
        await turns.drain()
        await telegram.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.02)
