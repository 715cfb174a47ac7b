"""A shop that talks on Telegram, and the Bot API at the other end of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from base.db import Row
from tests.contracts.botapi import BotApi
from tests.contracts.botapi_chat import Chat
from tests.integration.open_shop import OpenShop, open_shop


@dataclass
class TelegramShop:
    shop: OpenShop
    api: BotApi

    async def rows(self, query: str) -> list[Row]:
        async with self.shop.house.db.begin() as tx:
            return await tx.rows(query)

    async def quiet(self) -> None:
        """Wait until everything that came was fetched and dealt with, and everything that was said is sent."""
        async with asyncio.timeout(20):
            while self.api.updates or (
                await self.rows(
                    """SELECT 1 FROM inbound WHERE status = 'pending'
                       UNION ALL SELECT 1 FROM outbox WHERE status IN ('queued', 'sending')"""
                )
            ):
                await asyncio.sleep(0.02)

    async def reads(self, chat: Chat, words: str, since: int = 0) -> str:
        """Wait until these words are seen in the chat; all that was shown since the mark."""
        try:
            async with asyncio.timeout(15):
                while words.casefold() not in chat.words(since).casefold():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{words!r} was not said, but: {chat.words(since)}") from None
        return chat.words(since)

    async def until(self, query: str) -> list[Row]:
        """Wait until the query finds something."""
        async with asyncio.timeout(15):
            while not (found := await self.rows(query)):
                await asyncio.sleep(0.02)
        return found


@asynccontextmanager
async def telegram_shop(database_url: str, **given: object) -> AsyncIterator[TelegramShop]:
    """Lumo, fetching its messages from a Bot API of its own."""
    async with (
        BotApi() as api,
        open_shop(database_url, telegram={"token": api.token, "api_base": api.base}, **given) as shop,
    ):
        yield TelegramShop(shop, api)
