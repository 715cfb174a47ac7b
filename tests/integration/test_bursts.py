"""A burst over real sockets: several messages, one turn, one answer; a tap or a finished phrase does not wait."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import ClientWebSocketResponse

from base.db import Database
from tests.integration.open_shop import OpenShop, open_shop


@pytest_asyncio.fixture
async def shop(db: Database) -> AsyncIterator[OpenShop]:
    async with open_shop(db.url, burst=0.6) as opened:
        yield opened


async def _chat(shop: OpenShop) -> ClientWebSocketResponse:
    async with shop.http.post("/chat/start", json={}) as answer:
        token = (await answer.json())["token"]
    socket = await shop.http.ws_connect("/chat/ws")
    await socket.send_json({"type": "hello", "token": token, "last_seq": 0})
    await _heard(socket, "bot")
    return socket


async def _say(socket: ClientWebSocketResponse, words: str) -> None:
    await socket.send_json({"type": "text", "id": str(uuid.uuid4()), "text": words})


async def _heard(socket: ClientWebSocketResponse, who: str) -> dict[str, object]:
    while True:
        frame = await socket.receive_json(timeout=15)
        if frame["type"] == "message" and frame["message"]["from"] == who:
            return dict(frame["message"])


async def test_three_messages_are_one_turn_and_one_answer(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop.house.turns, "burst", 60.0)
    monkeypatch.setattr("bot.bursts.LONGEST", 60.0)
    socket = await _chat(shop)
    kinds: list[str] = []
    monkeypatch.setattr(shop.house.turns.observer, "turn", lambda seconds, kind: kinds.append(kind))
    for words in ("hi", "black mug", "2 of them."):
        await _say(socket, words)
    answer = str(await _heard(socket, "bot"))
    assert "2 ×" in answer
    assert "Checkout" in answer
    async with shop.house.db.begin() as tx:
        row = await tx.row("SELECT count(*) AS left FROM inbound WHERE status = 'pending'")
    assert row == {"left": 0}
    assert kinds == ["text"]
    await socket.close()


async def test_a_finished_phrase_cuts_the_wait(shop: OpenShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shop.house.turns, "burst", 60.0)
    monkeypatch.setattr("bot.bursts.LONGEST", 60.0)
    socket = await _chat(shop)
    await _say(socket, "hi")
    await _say(socket, "is the black mug in stock?")
    assert "mug" in str(await _heard(socket, "bot")).lower()
    await socket.close()


async def test_a_burst_that_this_process_forgot_is_answered_by_the_sweep(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    socket = await _chat(shop)
    monkeypatch.setattr(shop.house.turns._bursts, "hold", lambda conversation, seconds: None)
    await _say(socket, "black mug")
    assert "mug" in str(await _heard(socket, "bot")).lower()
    await socket.close()
