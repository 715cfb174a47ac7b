"""A terminal's messages are shown in its terminal, also when a server without one took the turn."""

from __future__ import annotations

import asyncio
import io

from app.main import build, running
from bot.channel import Raw
from integrations.messenger.console import Console
from tests.integration.open_shop import open_shop


async def test_a_server_leaves_the_terminals_messages_to_the_terminal(database_url: str) -> None:
    out = io.StringIO()
    terminal = Console(peer="ana", out=out)
    body = terminal.line("hello")
    inbounds = tuple(terminal.read_update(body))
    async with open_shop(database_url) as server:
        await server.house.turns.receive(Raw("console", terminal.account, inbounds[0].event_key, body, inbounds))
        await server.house.turns.drain()
        house = await build(
            server.house.settings,
            database_url,
            understanding=server.house.understanding,
            more_channels={"console": terminal},
        )
        try:
            async with running(house, sock=None, worker=False), asyncio.timeout(20):
                while "Shop:" not in out.getvalue():
                    await asyncio.sleep(0.05)
        finally:
            await house.close()
