"""The web chat and those who mean no good, or write programs with mistakes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.web.chat import Rate, add_chat_routes
from base.db import Database
from bot.messages import Text
from integrations.messenger.webchat import WebChat
from tests.integration.webchat_client import SHOP, Bot, Client, Serve, Shop, text_frame, web_chats


@pytest_asyncio.fixture
async def serve(db: Database) -> AsyncIterator[Serve]:
    async with web_chats(db) as start:
        yield start


@pytest_asyncio.fixture
async def shop(serve: Serve) -> Shop:
    return await serve()


# ---- strangers and nonsense ----------------------------------------------------------------------


async def test_a_forged_token_opens_nothing(shop: Shop) -> None:
    token, _ = await shop.start()
    for forged in ("", "x", token[:-1] + ("A" if token[-1] != "A" else "B"), "\ud800", "%s'; --"):
        async with shop.connect(forged) as client:
            assert await client.next() == {"type": "reset"}
            assert (await asyncio.wait_for(client.socket.receive(), 5)).type is aiohttp.WSMsgType.CLOSE
            assert client.socket.close_code == 4401


async def test_the_token_is_kept_by_nobody(shop: Shop, db: Database) -> None:
    token, peer = await shop.start()
    async with db.begin() as tx:
        row = await tx.row("SELECT * FROM web_conversation WHERE peer = %s", peer)
    assert row is not None
    assert token not in str(row)
    assert len(token) >= 43


@pytest.mark.parametrize("origin", ["https://thief.example", "null", "https://shop.example.thief.example", "http://["])
async def test_a_foreign_site_can_neither_start_nor_listen(shop: Shop, origin: str) -> None:
    async with shop.http.post(f"{shop.url}/chat/start", headers={"Origin": origin}) as response:
        assert response.status == 403
        assert "Access-Control-Allow-Origin" not in response.headers
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await shop.http.ws_connect(f"{shop.url}/chat/ws", headers={"Origin": origin})
    assert refused.value.status == 403
    assert not shop.bot.heard


async def test_a_site_on_the_list_may_embed_the_chat(shop: Shop) -> None:
    async with shop.http.options(f"{shop.url}/chat/start", headers={"Origin": SHOP}) as response:
        assert response.status == 204
        assert response.headers["Access-Control-Allow-Origin"] == SHOP
    async with shop.http.post(f"{shop.url}/chat/start", headers={"Origin": SHOP}) as response:
        assert response.status == 200
        assert response.headers["Access-Control-Allow-Origin"] == SHOP
    for origin in (SHOP, shop.url):
        async with shop.http.ws_connect(f"{shop.url}/chat/ws", headers={"Origin": origin}) as socket:
            assert not socket.closed


GARBAGE = {
    "nonsense": ("}{", "bad_json"),
    "empty": ("", "bad_json"),
    "a list": ("[1]", "bad_json"),
    "deep": ("[" * 100_000, "bad_json"),
    "a huge number": ('{"type":' + "9" * 10_000 + "}", "bad_json"),
    "no type": ("{}", "unknown_type"),
    "odd type": ('{"type":{"a":1}}', "unknown_type"),
    "a server's frame": ('{"type":"message"}', "unknown_type"),
    "a start of the client's own": ('{"type":"start","id":"start"}', "unknown_type"),
    "second hello": ('{"type":"hello","token":"x"}', "unknown_type"),
    "no id": ('{"type":"text","text":"hi"}', "bad_frame"),
    "an id that is no UUID": ('{"type":"text","id":"1","text":"hi"}', "bad_frame"),
    "no text": (f'{{"type":"text","id":"{uuid.uuid4()}"}}', "bad_frame"),
    "text of another kind": (f'{{"type":"text","id":"{uuid.uuid4()}","text":["hi"]}}', "bad_frame"),
    "spaces": (f'{{"type":"text","id":"{uuid.uuid4()}","text":" \\n "}}', "empty"),
    "only NUL": (f'{{"type":"text","id":"{uuid.uuid4()}","text":"\\u0000"}}', "empty"),
    "a long payload": (f'{{"type":"tap","id":"{uuid.uuid4()}","payload":"{"ж" * 101}"}}', "bad_frame"),
    "off the earth": (f'{{"type":"location","id":"{uuid.uuid4()}","lat":91,"lon":0}}', "bad_frame"),
    "not a number": (f'{{"type":"location","id":"{uuid.uuid4()}","lat":NaN,"lon":0}}', "bad_frame"),
    "a photo from the disk": (f'{{"type":"photo","id":"{uuid.uuid4()}","url":"file:///etc/passwd"}}', "bad_frame"),
    "a photo that is a script": (f'{{"type":"photo","id":"{uuid.uuid4()}","url":"javascript:alert(1)"}}', "bad_frame"),
}


async def test_garbage_is_answered_with_an_error_and_the_talk_goes_on(serve: Serve) -> None:
    shop = await serve(frames=Rate(burst=100, per_second=100))
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        await client.count(1)
        for name, (garbage, code) in GARBAGE.items():
            await client.socket.send_str(garbage)
            answer = await client.next()
            assert (answer["type"], answer.get("code")) == ("error", code), name
        await client.socket.send_bytes(b"\xff\x00")
        assert (await client.next())["code"] == "bad_json"
        assert (await client.answer_to(text_frame("still here")))["type"] == "ack"
    assert shop.bot.contents()[1:] == [Text(text="still here")]


async def test_garbage_before_the_hello_is_answered_too(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.http.ws_connect(f"{shop.url}/chat/ws") as socket:
        client = Client(socket)
        for garbage, code in (
            ("?", "bad_json"),
            (json.dumps(text_frame("hi")), "hello_first"),
            ('{"type":"hello"}', "bad_frame"),
            (json.dumps({"type": "hello", "token": token, "last_seq": -1}), "bad_frame"),
            (json.dumps({"type": "hello", "token": token, "last_seq": "1"}), "bad_frame"),
        ):
            await socket.send_str(garbage)
            assert (await client.next())["code"] == code
        await client.send({"type": "hello", "token": token, "last_seq": 0})
        assert await client.count(1) == ["Hello!"]


async def test_a_bad_start_is_refused_politely(shop: Shop) -> None:
    for body, status in ((b"{", 400), (b"[]", 400), (b'{"source":1}', 400), (b"\xff", 400), (b" " * 10_000, 400)):
        async with shop.http.post(f"{shop.url}/chat/start", data=body) as response:
            assert response.status == status
            assert (await response.json())["type"] == "error"
    for body in (b"", b"{}", b'{"source":"a\\u0000b","locale":"../../etc"}'):
        async with shop.http.post(f"{shop.url}/chat/start", data=body) as response:
            assert response.status == 200


async def test_a_message_of_ten_thousand_characters_is_refused_and_the_longest_is_taken(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        for letter in ("a", "ж", "🕯"):
            refused = await client.answer_to(text_frame(letter * 10_000))
            assert refused["code"] == "too_long"
            assert (await client.answer_to(text_frame(letter * 4_000)))["type"] == "ack"
    assert [len(content.text) for content in shop.bot.contents()[1:]] == [4_000] * 3  # type: ignore[attr-defined]


async def test_letters_that_no_database_keeps_are_left_out(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        id = uuid.uuid4()
        await client.socket.send_str(f'{{"type":"text","id":"{id}","text":"a\\u0000b\\ud800c\\u001b[31m\\nd"}}')
        assert (await client.count(3))[1] == "abc[31m\nd"


async def test_a_flood_is_slowed_down_and_then_shut_out(serve: Serve) -> None:
    shop = await serve(frames=Rate(burst=3, per_second=0.001))
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        answers = [await client.answer_to(text_frame(f"{n}")) for n in range(4)]
        assert [answer["type"] for answer in answers] == ["ack", "ack", "ack", "error"]
        assert answers[3]["code"] == "slow_down"
        for _ in range(200):
            if client.socket.closed:
                break
            with contextlib.suppress(ConnectionError):
                await client.send(text_frame("again"))
        while (await client.socket.receive()).type is aiohttp.WSMsgType.TEXT:
            pass
    assert client.socket.close_code == 4429
    assert len(shop.bot.heard) == 4


async def test_new_conversations_are_limited_for_each_address(serve: Serve) -> None:
    shop = await serve(starts=Rate(burst=2, per_second=0.001))
    await shop.start()
    await shop.start()
    async with shop.http.post(f"{shop.url}/chat/start") as response:
        assert response.status == 429


async def test_a_stopping_process_sends_its_clients_away_at_once(db: Database) -> None:
    chat = WebChat(db, "")
    bot = Bot(chat)
    app = web.Application()
    add_chat_routes(app, chat, bot.deliver)
    server = TestServer(app)
    await server.start_server()
    async with aiohttp.ClientSession() as http:
        shop = Shop(str(server.make_url("")).rstrip("/"), chat, bot, http)
        token, _ = await shop.start()
        async with shop.connect(token) as client:
            await client.count(1)
            stopping = asyncio.create_task(server.close())
            closing = await asyncio.wait_for(client.socket.receive(), 5)
            assert (closing.type, closing.data) == (aiohttp.WSMsgType.CLOSE, 1001)
            await asyncio.wait_for(stopping, 5)
