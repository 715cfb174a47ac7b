"""The database goes away in the midst of talks and comes back: everybody is told to wait, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import uuid
from pathlib import Path

import aiohttp

from base.db import Database
from tests.integration.server_process import Cable, Server, ask, fill_shop, servers
from tests.integration.shopping import caught_up, check_thread, quiet
from tests.integration.stubborn_client import stubborn

TELEGRAM = {
    "SHOPKEEPER_TELEGRAM__TOKEN": "123456:for-tests-alone-0123456789-abcdefghi",
    "SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET": "letmein",
    "SHOPKEEPER_TELEGRAM__API_BASE": "http://127.0.0.1:9",
}
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "letmein"}


async def ready(http: aiohttp.ClientSession, server: Server) -> int:
    async with http.get(f"{server.url}/readyz") as answer:
        return answer.status


async def jobs_go_on(url: str) -> None:
    """Sweeps are done again, and their worker's heart beats."""
    (before,) = ask(url, "SELECT max(id) FROM procrastinate_jobs")
    async with asyncio.timeout(60):  # a limit for hanging; the pool tries again at growing intervals
        while ask(url, "SELECT max(id) FROM procrastinate_jobs") == [before] or not ask(
            url, "SELECT id FROM procrastinate_workers WHERE last_heartbeat > now() - interval '3 seconds'"
        ):
            await asyncio.sleep(0.2)


async def test_a_shop_without_its_database_asks_for_patience_and_goes_on_when_it_is_back(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    await fill_shop(db)
    cable = Cable(database_url)
    await cable.plug_in()
    server = Server(cable.url, tmp_path, settings=TELEGRAM)
    async with (
        servers(server),
        stubborn(server.url) as ana,
        stubborn(server.url) as bob,
        aiohttp.ClientSession() as http,
    ):
        await asyncio.gather(ana.start(), bob.start())
        await ana.say("two white mugs", "€24.00")
        assert await ready(http, server) == 200

        await cable.pull()
        assert await ready(http, server) == 503
        async with http.post(f"{server.url}/webhooks/telegram", data=b'{"update_id": 1}', headers=SECRET) as answer:
            assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        async with http.post(f"{server.url}/chat/start", json={}) as answer:
            assert answer.status == 503
            assert json.loads(await answer.text())["code"] == "unavailable"
        async with http.get(f"{server.url}/healthz") as answer:
            assert answer.status == 200
        waiting = [asyncio.create_task(client.say("checkout")) for client in (ana, bob)]
        async with asyncio.timeout(20):
            while not all(any(error["code"] == "unavailable" for error in one.errors) for one in (ana, bob)):
                await asyncio.sleep(0.05)
        await asyncio.sleep(2.0)
        assert not any(task.done() for task in waiting)

        await cable.plug_in()
        async with asyncio.timeout(20):
            while await ready(http, server) != 200:
                await asyncio.sleep(0.1)
        for answered in await asyncio.gather(*waiting):
            assert answered
        await ana.say("Ana Petraite", "phone")
        async with http.post(f"{server.url}/webhooks/telegram", data=b'{"update_id": 1}', headers=SECRET) as answer:
            assert answer.status == 200
        await quiet(database_url)
        for client in (ana, bob):
            await caught_up(database_url, client)
            check_thread(database_url, client)
        await jobs_go_on(database_url)
        assert ask(database_url, "SELECT kind FROM task") == []
        assert "Traceback" not in server.log, [line for line in server.log.splitlines() if "Traceback" in line]
        await cable.pull()


async def test_a_flickering_database_sets_no_message_aside(db: Database, database_url: str, tmp_path: Path) -> None:
    """More breaks than a message has tries: a lost connection is not the message's fault."""
    await fill_shop(db)
    cable = Cable(database_url)
    await cable.plug_in()
    server = Server(cable.url, tmp_path)
    async with servers(server), stubborn(server.url) as ana:
        await ana.start()

        async def talk() -> None:
            for number in range(12):
                await ana.send({"type": "text", "id": str(uuid.uuid4()), "text": f"{number + 1} candles"})

        talking = asyncio.create_task(talk())
        for _ in range(8):
            await asyncio.sleep(0.25)
            await cable.pull()
            await cable.plug_in()
        await talking
        await quiet(database_url)
        await caught_up(database_url, ana)
        check_thread(database_url, ana)
        assert ask(database_url, "SELECT kind FROM task") == []
        await cable.pull()
