"""The web chat on real sockets: what a client sees, over lost connections, several tabs and several processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.web.chat import Rate, add_chat_routes
from base.db import Database
from base.errors import BadSignature, Unreachable
from base.tables import datetime
from bot.channel import Raw
from bot.messages import (
    Card,
    Cards,
    Choice,
    Choices,
    Fitted,
    Image,
    Link,
    Location,
    Photo,
    Start,
    Tap,
    Text,
    TextPart,
)
from integrations.messenger.webchat import WebChat, forget

SHOP = "https://shop.example"
Frame = dict[str, object]


def say(text: str) -> Fitted:
    return Fitted(parts=(TextPart(text=text),))


def text_frame(text: str, id: str | None = None) -> Frame:
    return {"type": "text", "id": id or str(uuid.uuid4()), "text": text}


@dataclass
class Bot:
    """Stands for the shop: takes each event once, greets, and repeats what it hears."""

    chat: WebChat
    heard: list[Raw] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    failing: bool = False

    async def deliver(self, raw: Raw) -> None:
        if self.failing:
            raise ConnectionError("the database is away")
        if raw.event_key in self.keys:
            return
        self.keys.add(raw.event_key)
        self.heard.append(raw)
        for inbound in raw.inbounds:
            match inbound.content:
                case Start():
                    answer = Fitted(
                        parts=(
                            TextPart(text="Hello!"),
                            Choices(choices=(Choice(title="Gifts", payload="q1:gifts"),)),
                        )
                    )
                case Text(text=text):
                    answer = say(f"You said: {text[:50]}")
                case other:
                    answer = say(f"You did: {other.kind}")
            await self.chat.send(inbound.address, answer, key=f"answer-{raw.event_key}")

    def contents(self) -> list[object]:
        return [inbound.content for raw in self.heard for inbound in raw.inbounds]


class Client:
    """A client of the protocol, as docs/webchat.md tells to write one."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.messages: list[tuple[int, Frame]] = []
        self.others: list[Frame] = []

    async def send(self, frame: Frame) -> None:
        await self.socket.send_json(frame)

    async def next(self) -> Frame:
        frame = json.loads(await asyncio.wait_for(self.socket.receive_str(), 5))
        if frame["type"] == "message":
            self.messages.append((frame["seq"], frame["message"]))
        else:
            self.others.append(frame)
        return frame

    async def until(self, done: Callable[[], bool]) -> None:
        while not done():
            await self.next()

    async def answer_to(self, frame: Frame) -> Frame:
        """Send a frame and wait for its ack or error; other frames are kept."""
        await self.send(frame)
        before = len(self.others)
        await self.until(lambda: any(other["type"] in ("ack", "error") for other in self.others[before:]))
        return self.others[-1]

    async def count(self, number: int) -> list[str]:
        await self.until(lambda: len(self.messages) >= number)
        return self.texts()

    async def silence(self) -> None:
        """Nothing may come in the next moment."""
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self.socket.receive(), 0.3)

    def texts(self) -> list[str]:
        return [str(message["parts"][0].get("text")) for _, message in self.messages]  # type: ignore[index]

    def last_seq(self) -> int:
        return self.messages[-1][0] if self.messages else 0


@dataclass
class Shop:
    """A running web chat."""

    url: str
    chat: WebChat
    bot: Bot
    http: aiohttp.ClientSession

    async def start(self, **wish: str) -> tuple[str, str]:
        async with self.http.post(f"{self.url}/chat/start", json=wish) as response:
            assert response.status == 200
            started = await response.json()
        return started["token"], started["conversation"]

    @contextlib.asynccontextmanager
    async def connect(self, token: str, last_seq: int = 0) -> AsyncIterator[Client]:
        async with self.http.ws_connect(f"{self.url}/chat/ws") as socket:
            client = Client(socket)
            await client.send({"type": "hello", "token": token, "last_seq": last_seq})
            yield client


Serve = Callable[..., Awaitable[Shop]]


@pytest_asyncio.fixture
async def serve(db: Database) -> AsyncIterator[Serve]:
    """Starts web chats on one database, as several processes would."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(**options: object) -> Shop:
            chat = WebChat(db, "https://lumo.example")
            bot = Bot(chat)
            app = web.Application()
            add_chat_routes(app, chat, bot.deliver, origins=(SHOP,), **options)  # type: ignore[arg-type]
            server = await stack.enter_async_context(TestServer(app))
            http = await stack.enter_async_context(aiohttp.ClientSession())
            return Shop(str(server.make_url("")).rstrip("/"), chat, bot, http)

        yield start


@pytest_asyncio.fixture
async def shop(serve: Serve) -> Shop:
    return await serve()


# ---- a conversation ------------------------------------------------------------------------------


async def test_a_newcomer_is_greeted_at_once_with_real_choices(shop: Shop) -> None:
    token, peer = await shop.start(source="instagram-ad", locale="pt_BR")
    async with shop.connect(token) as client:
        await client.count(1)
    seq, message = client.messages[0]
    assert seq == 1
    assert message["from"] == "bot"
    assert message["parts"] == [
        {"type": "text", "text": "Hello!"},
        {"type": "choices", "choices": [{"title": "Gifts", "payload": "q1:gifts"}]},
    ]
    inbound = shop.bot.heard[0].inbounds[0]
    assert inbound.address.peer == peer
    assert inbound.content == Start(source="instagram-ad")
    assert inbound.profile.locale == "pt-BR"


async def test_a_message_is_acknowledged_logged_and_answered_in_this_order(shop: Shop) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        frame = text_frame("Is the black mug in stock? 🕯️ ñ")
        ack = await client.answer_to(frame)
        await client.count(3)
    assert ack == {"type": "ack", "id": frame["id"], "seq": 2}
    assert [(seq, m["from"]) for seq, m in client.messages] == [(1, "bot"), (2, "customer"), (3, "bot")]
    assert client.messages[1][1]["id"] == frame["id"]
    assert client.texts()[1:] == ["Is the black mug in stock? 🕯️ ñ", "You said: Is the black mug in stock? 🕯️ ñ"]
    inbound = shop.bot.heard[1].inbounds[0]
    assert (inbound.event_key, inbound.order) == (f"{peer}:{frame['id']}", 2)


async def test_a_tap_carries_the_title_of_its_button(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        await client.answer_to({"type": "tap", "id": str(uuid.uuid4()), "payload": "q1:gifts"})
        await client.answer_to({"type": "tap", "id": str(uuid.uuid4()), "payload": "forged"})
        await client.count(5)
    assert shop.bot.contents()[1:] == [Tap(payload="q1:gifts", title="Gifts"), Tap(payload="forged", title="")]
    assert [m["parts"][0]["text"] for _, m in client.messages if m["from"] == "customer"] == ["Gifts", "…"]  # type: ignore[index]


async def test_a_place_and_a_photo_reach_the_bot(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        await client.answer_to({"type": "location", "id": str(uuid.uuid4()), "lat": 54.68, "lon": 25.28})
        await client.answer_to({"type": "photo", "id": str(uuid.uuid4()), "url": "https://pictures.example/mug.jpg"})
    assert shop.bot.contents()[1:] == [
        Location(lat=54.68, lon=25.28),
        Photo(reference="https://pictures.example/mug.jpg"),
    ]


async def test_pictures_and_links_of_the_shop_get_a_full_address(shop: Shop) -> None:
    token, peer = await shop.start()
    card = Card(title="Mug", image="/media/MUG.svg", price="12.00", buttons=(Choice(title="Add", payload="add:MUG"),))
    message = Fitted(
        parts=(
            Cards(cards=(card,)),
            Image(url="https://elsewhere.example/a.png", alt="A"),
            Link(title="Pay", url="/pay/x"),
        )
    )
    await shop.chat.send(shop.chat.address(peer), message, key="m1")
    async with shop.connect(token, last_seq=1) as client:
        await client.next()
    cards, image, link = client.messages[0][1]["parts"]  # type: ignore[misc]
    assert cards["cards"][0]["image"] == "https://lumo.example/media/MUG.svg"  # type: ignore[has-type]
    assert cards["cards"][0]["buttons"] == [{"title": "Add", "payload": "add:MUG"}]  # type: ignore[has-type]
    assert image["url"] == "https://elsewhere.example/a.png"  # type: ignore[has-type]
    assert link == {"type": "link", "title": "Pay", "url": "https://lumo.example/pay/x"}  # type: ignore[has-type]


async def test_the_typing_sign_reaches_open_sockets(shop: Shop) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        await client.count(1)
        await shop.chat.typing(shop.chat.address(peer))
        assert await client.next() == {"type": "typing", "on": True}


# ---- nothing lost, nothing twice -----------------------------------------------------------------


async def test_over_many_reconnects_each_message_comes_exactly_once(shop: Shop) -> None:
    token, peer = await shop.start()
    to = shop.chat.address(peer)
    seen: list[tuple[int, str]] = []
    sending = asyncio.create_task(_send_all(shop.chat, peer, 60))
    while len(seen) < 61:
        async with shop.connect(token, last_seq=seen[-1][0] if seen else 0) as client:
            for _ in range(7):
                if len(seen) + len(client.messages) == 61:
                    break
                await client.next()
        seen += [(seq, text) for (seq, _), text in zip(client.messages, client.texts(), strict=True)]
    await sending
    assert seen == [(1, "Hello!")] + [(n + 2, f"message {n}") for n in range(60)]
    async with shop.connect(token, last_seq=61) as client:
        await client.silence()
    assert to.peer == peer


async def _send_all(chat: WebChat, peer: str, number: int) -> None:
    for n in range(number):
        await chat.send(chat.address(peer), say(f"message {n}"), key=f"k{n}")


async def test_two_tabs_show_the_same_thread(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as first, shop.connect(token) as second:
        await first.answer_to(text_frame("from the first"))
        await second.answer_to(text_frame("from the second"))
        await first.count(5)
        await second.count(5)
    assert first.messages == second.messages


async def test_the_same_frame_twice_has_one_effect_and_the_same_ack(shop: Shop) -> None:
    token, _ = await shop.start()
    frame = text_frame("two mugs")
    async with shop.connect(token) as client:
        first = await client.answer_to(frame)
    async with shop.connect(token) as client, shop.connect(token) as other:
        again = await client.answer_to(frame)
        third = await other.answer_to({**frame, "id": str(frame["id"]).upper()})
        await client.count(3)
        await client.silence()
    assert first == again == {"type": "ack", "id": frame["id"], "seq": 2}
    assert third["seq"] == 2
    assert shop.bot.contents()[1:] == [Text(text="two mugs")]


async def test_a_frame_that_could_not_be_delivered_is_refused_and_can_be_sent_again(shop: Shop) -> None:
    token, _ = await shop.start()
    frame = text_frame("two mugs")
    async with shop.connect(token) as client:
        shop.bot.failing = True
        refused = await client.answer_to(frame)
        shop.bot.failing = False
        taken = await client.answer_to(frame)
        await client.count(3)
    assert (refused["type"], refused["code"], refused["id"]) == ("error", "unavailable", frame["id"])
    assert taken == {"type": "ack", "id": frame["id"], "seq": 2}
    assert client.texts() == ["Hello!", "two mugs", "You said: two mugs"]


async def test_a_sending_that_is_tried_again_is_shown_once(shop: Shop) -> None:
    token, peer = await shop.start()
    receipts = {(await shop.chat.send(shop.chat.address(peer), say("once"), key="row-7")).platform_id for _ in range(3)}
    async with shop.connect(token) as client:
        assert await client.count(2) == ["Hello!", "once"]
        await client.silence()
    assert receipts == {client.messages[1][1]["id"]}


async def test_a_message_sent_by_another_process_is_pushed(serve: Serve) -> None:
    here, there = await serve(), await serve()
    token, peer = await here.start()
    async with here.connect(token) as client:
        await client.count(1)
        await there.chat.send(there.chat.address(peer), say("from the worker"), key="w1")
        assert await client.count(2) == ["Hello!", "from the worker"]


async def test_a_lost_listening_connection_comes_back(shop: Shop, db: Database) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        await client.count(1)
        async with db.begin() as tx:
            killed = await tx.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
            )
        assert killed
        await shop.chat.send(shop.chat.address(peer), say("while deaf"), key="d1")
        assert (await client.count(2))[-1] == "while deaf"
        await shop.chat.send(shop.chat.address(peer), say("hearing again"), key="d2")
        assert (await client.count(3))[-1] == "hearing again"


SENDER = """
import asyncio, sys
from base.db import Database
from bot.messages import Fitted, TextPart
from integrations.messenger.webchat import WebChat

async def main(url, peer, name):
    db = Database(url)
    chat = WebChat(db, "")
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(
        chat.send(chat.address(peer), Fitted(parts=(TextPart(text=f"{name} {n}"),)), key=f"{name}-{n}")
        for n in range(100)
    ))
    await db.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_sending_at_once_leave_no_gap_and_no_late_number(shop: Shop, database_url: str) -> None:
    token, peer = await shop.start()
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, database_url, peer, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for sender in senders:
        assert sender.stdout is not None
        await asyncio.to_thread(sender.stdout.readline)
    async with shop.connect(token) as client:
        for sender in senders:
            assert sender.stdin is not None
            sender.stdin.write("\n")
            sender.stdin.flush()
        await client.count(201)
        assert [await asyncio.to_thread(sender.wait, 10) for sender in senders] == [0, 0]
        await client.silence()
    for sender in senders:
        sender.communicate()
    assert [seq for seq, _ in client.messages] == list(range(1, 202))
    assert set(client.texts()[1:]) == {f"{name} {n}" for name in ("left", "right") for n in range(100)}


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


# ---- the port ------------------------------------------------------------------------------------


async def test_an_erased_conversation_is_gone_and_cannot_be_written_to(shop: Shop, db: Database) -> None:
    token, peer = await shop.start()
    async with db.begin() as tx:
        await forget(tx, peer)
    with pytest.raises(Unreachable):
        await shop.chat.send(shop.chat.address(peer), say("anyone?"), key="k")
    async with shop.connect(token) as client:
        assert await client.next() == {"type": "reset"}


async def test_reading_an_update_never_raises(shop: Shop) -> None:
    good = json.dumps(
        {"peer": "p", "type": "text", "id": str(uuid.uuid4()), "text": "hi", "at": "2026-11-24T12:00:00Z"}
    )
    (inbound,) = shop.chat.read_update(good.encode())
    assert inbound.at == datetime.fromisoformat("2026-11-24T12:00:00+00:00")
    for garbage in (
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"peer":"p","type":"text","id":7}',
        b'{"peer":"p","id":"x","type":"v"}',
    ):
        assert list(shop.chat.read_update(garbage)) == []


async def test_there_is_no_webhook_for_the_web_chat(shop: Shop) -> None:
    with pytest.raises(BadSignature):
        shop.chat.authenticate({}, b"{}")


async def test_doctor_sees_the_web_chat(shop: Shop) -> None:
    await shop.start()
    assert (await shop.chat.check()).line == "web chat: 1 conversations seen in the last day"
