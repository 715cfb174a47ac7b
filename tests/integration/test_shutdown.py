"""SIGTERM in the midst of a stream of messages: everything that was acknowledged is answered, exactly once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from base.db import Database
from tests.integration.server_process import Server, ask, fill_shop, servers
from tests.integration.shopping import caught_up, check_thread, quiet
from tests.integration.stubborn_client import StubbornClient, stubborn

CUSTOMERS = 10
MESSAGES = 12
ENDS_WITHIN = 25.0  # seconds


@contextlib.asynccontextmanager
async def customers(server: Server) -> AsyncIterator[list[StubbornClient]]:
    async with contextlib.AsyncExitStack() as open_:
        clients = [await open_.enter_async_context(stubborn(server.url)) for _ in range(CUSTOMERS)]
        await asyncio.gather(*(client.start() for client in clients))
        yield clients


async def test_a_stop_in_the_midst_of_ten_talks_loses_and_doubles_nothing(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    await fill_shop(db)
    server = Server(database_url, tmp_path)

    async def talk(client: StubbornClient) -> None:
        for number in range(MESSAGES):
            await client.send({"type": "text", "text": ("hello", "what is in my cart?", "two candles")[number % 3]})

    async with servers(server), customers(server) as clients:
        talks = asyncio.gather(*(talk(client) for client in clients))
        while sum(len(client.acks) for client in clients) < CUSTOMERS * MESSAGES // 3:
            await asyncio.sleep(0.02)
        server.terminate()
        assert await server.ended(ENDS_WITHIN) == 0
        assert "Traceback" not in server.log
        acknowledged = sum(len(client.acks) for client in clients)
        assert acknowledged < CUSTOMERS * MESSAGES, "it was not in the midst"
        waiting = ask(database_url, "SELECT count(*) FROM outbox WHERE status <> 'sent'")
        assert waiting == [(0,)], "a clean stop leaves nothing half-sent"

        await server.open()
        await talks
        await quiet(database_url)
        await asyncio.sleep(0.5)
        for client in clients:
            await caught_up(database_url, client)
            check_thread(database_url, client)
            check_turns(database_url, client)


def check_turns(url: str, client: StubbornClient) -> None:
    """No inbound was taken by two turns: each turn that heard something said one thing."""
    ((said, heard),) = ask(
        url,
        """SELECT (SELECT count(*) FROM outbox o WHERE o.conversation_id = c.id),
                  (SELECT count(*) FROM inbound i WHERE i.conversation_id = c.id)
           FROM conversation c WHERE c.peer = %s""",
        client.peer,
    )
    assert isinstance(said, int)
    assert isinstance(heard, int)
    assert said <= heard


async def test_clients_that_do_not_let_go_do_not_hold_up_the_stop(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    """A client whose machine sleeps answers no closing; a page that hangs reads no answer."""
    await fill_shop(db)
    server = Server(database_url, tmp_path)
    async with servers(server):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            b"GET /chat/ws HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        assert b"101" in await reader.readline()
        half, slow = await asyncio.open_connection("127.0.0.1", server.port)
        slow.write(b"POST /chat/start HTTP/1.1\r\nHost: shop\r\nContent-Length: 100\r\n\r\n{")
        await asyncio.sleep(0.3)
        server.terminate()
        assert await server.ended(ENDS_WITHIN) == 0
        writer.close()
        slow.close()
        del half
