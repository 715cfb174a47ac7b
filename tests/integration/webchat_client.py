"""A running web chat and a client of its protocol, for the tests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from app.web.chat import Rate, add_chat_routes
from base.db import Database
from bot.channel import Raw
from bot.messages import Choice, Choices, Fitted, Noticed, Start, Text, TextPart
from integrations.messenger.webchat import WebChat

SHOP = "https://shop.example"
FRAMES = Rate(burst=30, per_second=5)
STARTS = Rate(burst=60, per_second=1)
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
                case Noticed():
                    continue
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


@contextlib.asynccontextmanager
async def web_chats(db: Database) -> AsyncIterator[Serve]:
    """Starts web chats on one database, as several processes would."""
    async with contextlib.AsyncExitStack() as stack:

        async def start(*, frames: Rate = FRAMES, starts: Rate = STARTS) -> Shop:
            chat = WebChat(db, "https://lumo.example")
            bot = Bot(chat)
            app = web.Application()
            add_chat_routes(app, chat, bot.deliver, origins=(SHOP,), frames=frames, starts=starts)
            server = await stack.enter_async_context(TestServer(app))
            http = await stack.enter_async_context(aiohttp.ClientSession())
            return Shop(str(server.make_url("")).rstrip("/"), chat, bot, http)

        yield start
