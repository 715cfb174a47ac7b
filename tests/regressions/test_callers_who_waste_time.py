"""Messages that cost seconds to read, bodies that never end, and addresses without number held everybody else up."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from yarl import URL

from app.web import chat
from app.web.caller import caller_behind
from app.web.door import add_door_routes
from base.db import Database
from bot.nlu.clauses import split
from tests.integration.test_door import Listening
from tests.integration.webchat_client import web_chats


@pytest.mark.parametrize("padding", [" ", "\t ", "\u00a0"])
def test_a_message_of_nothing_but_spaces_is_read_at_once(padding: str) -> None:
    began = time.process_time()
    split("a" + padding * (30_000 // len(padding)) + "x", ())
    assert time.process_time() - began < 1.0  # at quadratic cost: minutes


async def test_a_body_that_never_ends_is_given_up() -> None:
    async def deliver(raw: object) -> None:
        raise AssertionError("nothing whole has come")

    app = web.Application()
    add_door_routes(app, {"facebook": Listening()}, deliver, {}, body_within=0.2)  # type: ignore[dict-item]
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", runner.addresses[0][1])
        writer.write(b"POST /webhooks/facebook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
        async with asyncio.timeout(10):
            assert (await reader.readline()).split()[1] == b"408"
        writer.close()
    finally:
        await runner.cleanup()


async def test_a_start_that_never_ends_is_given_up(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "START_WITHIN", 0.2)
    async with web_chats(db) as start:
        url = URL((await start()).url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(b"POST /chat/start HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        async with asyncio.timeout(10):
            assert (await reader.readline()).split()[1] == b"408"
        writer.close()


def test_a_household_of_addresses_is_one_caller() -> None:
    caller = caller_behind(["127.0.0.1"])

    def asked_by(address: str) -> str:
        request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": f"8.8.8.8, {address}"})
        return caller(request.clone(remote="127.0.0.1"))

    assert asked_by("2001:db8:1:2::5") == asked_by("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert asked_by("2001:db8:1:3::5") != asked_by("2001:db8:1:2::5")
    assert asked_by("203.0.113.9") == "203.0.113.9"
