"""Whatever a customer sends through the real socket is answered, with a way on, and leaves no trace in the log."""

from __future__ import annotations

import asyncio
import json
import shutil
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from base.db import Database
from tests.integration.lumo import DATA
from tests.integration.server_process import Server, ask, fill_shop, servers
from tests.integration.shopping import caught_up, check_thread, quiet
from tests.integration.stubborn_client import StubbornClient, buttons, stubborn, words

ODD_TEXTS = (
    "add 99999999999999999999 candles", "-3 mugs", "0 mugs", "1.5 candles", "½ a mug", "1e309 mugs", "٣ mugs",
    "{ $name }", "{ -brand } {", "%s %(name)s %", "{0} {name!r} {{", "<script>alert('zzsecretzz')</script>",
    "'; drop table product; --", "\\",
    "\u202eevitanretla na", "مرحبا، أريد كوبا", "שלום, ספל לבן", "😀🎉🦄", "👩‍👩‍👧‍👦" * 50,
    "\x00\x01\x02", "a\x00b", "\ud800", "mug \udfff", "\u200b\u200b", "?", "...", "0", "-", "x" * 3_999, "mug " * 990,
    "1 2 3 4 5 6 7 8 9 10 " * 100, "first " * 300, "+" * 200, "[button](t1)", "/start", "/nothing", "null", "true",
    "undo " * 200, "add a white mug and " * 150, "zzprivatezz@example.lt +370 611 22333 zzkeepthisquietzz",
)  # fmt: skip
REFUSED = (
    ('{"type": "text", "id": "%s", "text": ""}', "empty"),
    ('{"type": "text", "id": "%s", "text": "   "}', "empty"),
    ('{"type": "text", "id": "%s", "text": "' + "y" * 10_000 + '"}', "too_long"),
    ('{"type": "text", "id": "%s", "text": 7}', "bad_frame"),
    ('{"type": "text", "id": "%s"}', "bad_frame"),
    ('{"type": "text", "text": "no id"}', "bad_frame"),
    (r'{"type": "text", "id": "\ud800", "text": "zzsecretzz"}', "bad_frame"),
    ('{"type": "text", "id": {"a": [1]}, "text": "zzsecretzz"}', "bad_frame"),
    ('{"type": "tap", "id": "%s", "payload": "' + "z" * 300 + '"}', "bad_frame"),
    ('{"type": "location", "id": "%s", "lat": 1e400, "lon": 0}', "bad_frame"),
    ('{"type": "location", "id": "%s", "lat": NaN, "lon": 0}', "bad_frame"),
    ('{"type": "photo", "id": "%s", "url": "javascript:alert(1)"}', "bad_frame"),
    ('{"type": "photo", "id": "%s", "url": "http://[broken"}', "bad_frame"),
    ('{"type": ["text"], "id": "%s"}', "unknown_type"),
    ('{"type": "wish", "id": "%s"}', "unknown_type"),
    ('{"type": "hello", "token": "zzsecretzz"}', "unknown_type"),
    ("[1, 2]", "bad_json"),
    ("not json", "bad_json"),
    ("", "bad_json"),
    ("[" * 50_000, "bad_json"),
    ('{"n": ' + "9" * 10_000 + "}", "bad_json"),
)
PRIVATE = ("zzsecretzz", "zzprivatezz", "zzkeepthisquietzz", "611 22333", "61122333", "candles", "drop table", "кружк")


async def raw(http: aiohttp.ClientSession, server: Server, token: str, frame: str) -> dict[str, object]:
    """The answer to one frame, whatever it is, on a socket of its own."""
    async with http.ws_connect(f"{server.url}/chat/ws") as socket:
        await socket.send_json({"type": "hello", "token": token, "last_seq": 2**40})
        await socket.send_str(frame)
        while True:
            answer: dict[str, object] = json.loads(await asyncio.wait_for(socket.receive_str(), 5))
            if answer["type"] in ("error", "ack"):
                return answer


def way_on(client: StubbornClient, before: int) -> bool:
    """Whether what was said last asks something or offers something to press."""
    said = [message for _, message in client.messages[before:] if message["from"] != "customer"]
    return any(buttons(message) or "?" in words(message) for message in said)


async def answered(client: StubbornClient, frame: dict[str, object]) -> str:
    before = len(client.messages)
    id = await client.send(frame)
    said = await client.hear(before, id, ())
    assert way_on(client, before), f"a dead end after {str(frame)[:80]}: {said}"
    return said


@pytest.fixture
async def server(db: Database, database_url: str, tmp_path: Path) -> Server:
    await fill_shop(db)
    return Server(database_url, tmp_path)


def nobody_at_the_desk(folder: Path) -> dict[str, str]:
    """A Lumo whose managers are away at this time of day: the bot goes on helping, also after three misses."""
    shutil.copytree(DATA.parent, folder, ignore=shutil.ignore_patterns("demo"))
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    away = (datetime.now(UTC) + timedelta(hours=11)).hour  # of the shop's noon or midnight; never within an hour
    own = folder / "shop.yml"
    words_ = own.read_text(encoding="utf-8")
    own.write_text(words_.replace("every_day: 09:00-19:00", f"every_day: {away:02}:00-{away:02}:30"), encoding="utf-8")
    return {"SHOPKEEPER_DATA": str(folder)}


async def test_odd_words_are_answered_with_a_way_on(server: Server, tmp_path: Path) -> None:
    server.settings = nobody_at_the_desk(tmp_path / "data")
    async with servers(server), stubborn(server.url) as ana, stubborn(server.url) as bob:
        await asyncio.gather(ana.start(), bob.start())
        await bob.say("two white mugs", "€24.00")
        await bob.say("checkout", "name")  # an open question, which must not swallow everything as an answer

        async def talk(client: StubbornClient) -> None:
            for text in ODD_TEXTS:
                if text.strip("\x00\x01\x02\ud800\u200b \n"):
                    await answered(client, {"type": "text", "text": text})

        await asyncio.gather(talk(ana), talk(bob))
        await quiet(server.url_of_database)
        assert ask(server.url_of_database, "SELECT kind FROM task WHERE kind = 'failed_turn'") == []
        assert ask(server.url_of_database, "SELECT count(*) FROM product") != [(0,)]
        ((lines,),) = ask(
            server.url_of_database,
            "SELECT max((line->>'quantity')::numeric) FROM cart, jsonb_array_elements(lines) AS line",
        )
        assert lines is None or 0 < int(str(lines)) <= 10_000
    leaves_no_trace(server)


async def test_forged_and_stale_taps_places_and_pictures_are_answered(server: Server) -> None:
    async with servers(server), stubborn(server.url) as ana:
        await ana.start()
        stale = ana.payload("Find a gift")
        await ana.say("two white mugs", "€24.00")
        old = ana.payload("Checkout")
        await ana.say("checkout", "name")
        await ana.say("cancel")
        for payload in (
            stale,
            old,
            old,
            "t999999",
            "q1:gifts",
            "",
            "'; --",
            "{ $name }",
            "🦄",
            "../../etc/passwd",
            "null",
        ):
            await answered(ana, {"type": "tap", "payload": payload})
        await answered(ana, {"type": "location", "lat": 90, "lon": -180})
        await answered(ana, {"type": "photo", "url": "https://nowhere.example/zzsecretzz.jpg"})
        await quiet(server.url_of_database)
        await caught_up(server.url_of_database, ana)
        check_thread(server.url_of_database, ana)
    leaves_no_trace(server)


async def test_who_knocks_too_fast_is_asked_to_slow_down(server: Server) -> None:
    async with servers(server), stubborn(server.url) as ana, aiohttp.ClientSession() as http:
        await ana.start()
        async with http.ws_connect(f"{server.url}/chat/ws") as socket:
            await socket.send_json({"type": "hello", "token": ana.token, "last_seq": 2**40})
            for _ in range(300):
                await socket.send_json({"type": "ping"})
            while json.loads(await asyncio.wait_for(socket.receive_str(), 10)).get("code") != "slow_down":
                pass
        assert (await ana.say("hello")) != ""


async def test_fifty_times_the_same_message_is_no_flood_of_answers(server: Server) -> None:
    async with servers(server), stubborn(server.url) as ana, aiohttp.ClientSession() as http:
        await ana.start()
        async with http.ws_connect(f"{server.url}/chat/ws") as socket:
            await socket.send_json({"type": "hello", "token": ana.token, "last_seq": 2**40})
            for _ in range(50):
                await socket.send_json({"type": "text", "id": str(uuid.uuid4()), "text": "two white mugs"})
            answers: list[str] = []
            while len(answers) < 50:
                frame = json.loads(await asyncio.wait_for(socket.receive_str(), 10))
                if frame["type"] in ("ack", "error"):
                    answers.append(str(frame.get("code", "ack")))
        assert set(answers) <= {"ack", "slow_down"}
        await quiet(server.url_of_database)
        await ana.say("hello")
        said = [message for _, message in ana.messages if message["from"] == "bot"]
        assert len(said) <= answers.count("ack") + 2
        assert way_on(ana, len(ana.messages) - 1)
    leaves_no_trace(server)


async def test_broken_frames_and_broken_requests_are_refused_and_the_talk_goes_on(server: Server) -> None:
    async with servers(server), stubborn(server.url) as ana, aiohttp.ClientSession() as http:
        await ana.start()
        for frame, code in REFUSED:
            answer = await raw(http, server, ana.token, frame.replace("%s", str(uuid.uuid4())))
            assert (answer["type"], answer.get("code")) == ("error", code), frame[:80]
            assert "zzsecretzz" not in str(answer)
        for path, body in (
            ("/chat/start", b"\xff\xfe"), ("/chat/start", b'{"locale": 7}'), ("/chat/start", b"[" * 4_000),
            ("/webhooks/telegram", b"\x00"), ("/webhooks/sandbox", b"{"), ("/webhooks/../../x", b""),
            ("/webhooks/%00", b""), ("/pay/x", b""), ("/pay/" + "a" * 90, b""), ("/sandbox/pay/zzsecretzz", b"say=x"),
        ):  # fmt: skip
            async with http.post(f"{server.url}{path}", data=body) as response:
                assert response.status < 500, path
        for path in ("/pay/" + "b" * 64, "/%00", "/pictures/..%2f..%2fetc%2fpasswd", "/pictures/%00.jpg", "/chat/ws"):
            async with http.get(f"{server.url}{path}") as response:
                assert 400 <= response.status < 500, path
        await ana.say("hello")
    leaves_no_trace(server)


def leaves_no_trace(server: Server) -> None:
    log = server.log
    assert "is open at" in log
    assert "Traceback" not in log, log[-3000:]
    for private in PRIVATE:
        assert private not in log
