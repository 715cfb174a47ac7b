"""The demo with its play messengers, and browsers for them: what the tests of the windows have in common."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from app.emulator.opening import Play, play_messengers
from app.emulator.platform import Platform
from app.main import House, build, running
from app.settings import read_settings
from app.sockets import listen_at
from bot.nlu.embedded import EmbeddedUnderstanding
from shop.seed import seed_demo
from tests.integration.lumo import DATA
from tests.models import MODELS


@dataclass
class Demo:
    """The shop with its play messengers, and browsers for them."""

    house: House
    play: Play

    def platform(self, name: str) -> Platform:
        return self.play.platforms[name]

    async def rows(self, query: str) -> list[dict[str, Any]]:
        async with self.house.db.begin() as tx:
            return [dict(row) for row in await tx.rows(query)]

    async def row(self, query: str) -> dict[str, Any]:
        async with self.house.db.begin() as tx:
            row = await tx.row(query)
        assert row is not None
        return dict(row)

    async def all_echoes_are_back(self) -> None:
        """Wait until every message of the shop was sent, and has come back as one that was."""
        query = """SELECT count(*) FILTER (WHERE status <> 'sent') AS open, count(*)
                     - (SELECT count(*) FROM raw_update WHERE position('is_echo'::bytea IN body) > 0) AS missing
                   FROM outbox"""
        async with asyncio.timeout(20):
            while await self.row(query) != {"open": 0, "missing": 0}:
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[aiohttp.ClientSession]:
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address in numbers
        timeout = aiohttp.ClientTimeout(total=20)
        async with aiohttp.ClientSession(self.house.settings.local_url, cookie_jar=jar, timeout=timeout) as http:
            yield http


@asynccontextmanager
async def demo(url: str, home: Path) -> AsyncIterator[Demo]:
    sock = listen_at("127.0.0.1", 0, command="serve")
    settings = read_settings(env_file=None, home=home, port=sock.getsockname()[1])
    async with play_messengers(settings) as play:
        house = await build(play.settings, url, understanding=EmbeddedUnderstanding.load(settings.data_folder, MODELS))
        async with house.db.begin() as tx:
            await seed_demo(tx, DATA)
        try:
            async with running(house, sock=sock, worker=False, more=play.add_to):
                await play.connect(house)
                yield Demo(house, play)
        finally:
            await house.close()


@asynccontextmanager
async def thread(http: aiohttp.ClientSession, window: str, after: int = 0) -> AsyncIterator[asyncio.Queue[Any]]:
    """What the window's page hears."""
    news: asyncio.Queue[Any] = asyncio.Queue()
    async with http.get(f"/try/{window}/events", headers={"Last-Event-ID": str(after)}) as stream:
        assert stream.status == 200

        async def listen() -> None:
            async for line in stream.content:
                if line.startswith(b"data: "):
                    news.put_nowait(json.loads(line[6:]))

        task = asyncio.create_task(listen())
        try:
            yield news
        finally:
            task.cancel()


async def until(news: asyncio.Queue[Any], words: str) -> dict[str, Any]:
    """The next entry of the shop with these words."""
    async with asyncio.timeout(20):
        while True:
            event = await news.get()
            if event["type"] == "entry" and event["from"] == "shop" and words in json.dumps(event, ensure_ascii=False):
                return dict(event)


async def act(http: aiohttp.ClientSession, window: str, **what: str) -> int:
    async with http.post(f"/try/{window}/act", json=what) as answer:
        return answer.status
