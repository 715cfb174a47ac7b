"""kill -9 of the server at ten points of a purchase: everything is later, nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from pathlib import Path

import pytest

from base.db import Database
from tests.integration.server_process import Server, fill_shop, servers
from tests.integration.shopping import buy_two_mugs, caught_up, check_books, check_thread, quiet, white_mugs
from tests.integration.stubborn_client import Frame, StubbornClient, stubborn

KILLS = 10
SEEDS = range(int(os.environ.get("CHAOS_ROUNDS", "1")))


class Reaper:
    """Kills a server a random moment after some of the frames that are sent to it, and starts it again."""

    def __init__(self, server: Server, seed: int) -> None:
        self.server, self.random = server, random.Random(seed)
        self.kills = 0
        self.moments: list[str] = []
        self._strike: asyncio.Task[None] | None = None

    def watch(self, client: StubbornClient) -> None:
        client.on_frame = self._frame

    def _frame(self, frame: Frame) -> None:
        if self.kills < KILLS and (self._strike is None or self._strike.done()) and self.random.random() < 0.9:
            self.kills += 1
            delay = self.random.choice((0.0, 0.01, 0.02, 0.03, 0.05, 0.1, 0.3))
            self.moments.append(f"{delay} s after {frame.get('text') or frame['type']}")
            self._strike = asyncio.create_task(self._kill(delay))

    async def _kill(self, delay: float) -> None:
        await asyncio.sleep(delay)
        await self.server.kill()
        await self.server.open()

    async def rest(self) -> None:
        if self._strike is not None:
            await self._strike


@pytest.mark.parametrize("seed", SEEDS)
async def test_ten_deaths_during_purchases_delay_them_and_change_nothing(
    db: Database, database_url: str, tmp_path: Path, seed: int
) -> None:
    await fill_shop(db)
    before, _ = white_mugs(database_url)
    server = Server(database_url, tmp_path)
    reaper = Reaper(server, seed)
    clients: list[StubbornClient] = []

    async def buy(name: str) -> None:
        client = await open_.enter_async_context(stubborn(server.url))
        clients.append(client)
        await client.start()
        reaper.watch(client)
        await buy_two_mugs(client, name)

    async with contextlib.AsyncExitStack() as open_:
        await open_.enter_async_context(servers(server))
        try:
            await asyncio.gather(buy("Ana Petraite"), buy("Bob Stone"))
            while reaper.kills < KILLS:
                await buy("Cleo Stone")
            await reaper.rest()
            await quiet(database_url)
        except BaseException:
            print(*reaper.moments, server.log, sep="\n")
            raise
        for client in clients:
            await caught_up(database_url, client)
            check_thread(database_url, client)
        check_books(database_url, len(clients), before)
        assert "Traceback" not in server.log
