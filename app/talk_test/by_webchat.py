"""The web chat over its real door: a server on loopback, and a client that speaks the protocol of docs/webchat.md."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import Callable, Sequence

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from app.talk_test.by_console import typed
from app.talk_test.seats import Received, Seat, Together, Venue, press, silently
from app.web.chat import Rate, add_chat_routes
from base.clock import StandingClock
from base.db import Database
from base.errors import ShopkeeperError
from bot.channel import Deliver, Raw
from bot.messages import Address, Content, Fitted, Location, Photo, Profile, Tap
from integrations.messenger.webchat import Json, WebChat

PATIENCE = 10.0  # seconds
HURRIED = Rate(burst=10_000, per_second=10_000)  # a script writes faster than people do


class WebChatVenue(Venue):
    def __init__(self, db: Database, clock: StandingClock) -> None:
        self.db = db
        self.chat = WebChat(db, "https://shop.example", clock=clock)
        self.channel = self.chat
        self._open = contextlib.AsyncExitStack()

    async def start(self, deliver: Deliver, together: Together) -> None:
        self.together = together
        app = web.Application()

        async def without_greeting(raw: Raw) -> None:
            await deliver(silently(raw))

        add_chat_routes(app, self.chat, without_greeting, frames=HURRIED, starts=HURRIED)
        runner = web.AppRunner(app, shutdown_timeout=1.0)
        await runner.setup()
        self._open.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        self.client = await self._open.enter_async_context(ClientSession(headers={"Origin": self.base}))

    async def stop(self) -> None:
        await self._open.aclose()

    def seat(self, profile: Profile) -> Seat:
        return WebChatSeat(self, profile, self._open)


class WebChatSeat(Seat):
    def __init__(self, venue: WebChatVenue, profile: Profile, open_: contextlib.AsyncExitStack) -> None:
        super().__init__(profile)
        self._venue, self._open = venue, open_
        self._peer = ""
        self._seq = 0
        self._messages: list[Fitted] = []
        self._acks: dict[str, Json] = {}
        self._news = asyncio.Event()

    @property
    def address(self) -> Address:
        return self._venue.chat.address(self._peer)

    @property
    def received(self) -> Sequence[Received]:
        return [Received(message.words(), message.author, message.name) for message in self._messages]

    async def open(self) -> None:
        """Open the page. The shop would greet by itself; a script begins with the customer's own first words."""
        wish = {"locale": self.profile.locale} if self.profile.locale else {}
        async with self._venue.client.post(f"{self._venue.base}/chat/start", json=wish) as response:
            if response.status != 200:
                raise ShopkeeperError(f"The web chat did not open: {await response.text()}")
            started = await response.json()
        self._peer = started["conversation"]
        self._socket = await self._open.enter_async_context(
            self._venue.client.ws_connect(f"{self._venue.base}/chat/ws")
        )
        await self._socket.send_json({"type": "hello", "token": started["token"], "last_seq": 0})
        reader = asyncio.create_task(self._read(self._socket))
        self._open.callback(reader.cancel)

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            told = frame.json()
            if told["type"] == "message":
                self._seq = told["seq"]
                if told["message"]["from"] != "customer":
                    self._messages.append(read_message(told["message"]))
            elif told["type"] in ("ack", "error"):
                self._acks[str(told.get("id"))] = told
            self._news.set()

    async def do(self, *contents: Content) -> None:
        async with self._venue.together():
            for content in contents:
                if frame := _frame(content):
                    await self._send({**frame, "id": str(uuid.uuid4())})

    async def _send(self, frame: Json) -> None:
        await self._socket.send_json(frame)
        id = str(frame["id"])
        await self._until(lambda: id in self._acks)
        if self._acks[id]["type"] == "error" and self._acks[id].get("code") != "empty":
            raise ShopkeeperError(f"The web chat refused a frame: {self._acks[id].get('text')}")
        self.messages.append(id)

    async def catch_up(self) -> None:
        async with self._venue.db.begin() as tx:
            row = await tx.row("SELECT seq FROM web_conversation WHERE peer = %s", self._peer)
        newest = int(row["seq"]) if row else 0
        await self._until(lambda: self._seq >= newest)

    async def _until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not there():
                self._news.clear()
                await self._news.wait()

    def press(self, title: str) -> Content | None:
        return press(self._messages, title)


def read_message(message: Json) -> Fitted:
    """A message of the protocol in neutral words again."""
    parts = message["parts"]
    assert isinstance(parts, list)
    return Fitted.model_validate(
        {
            "parts": [{**part, "kind": part["type"]} for part in parts],
            "author": message["from"],
            "name": message.get("name") or "",
        }
    )


def _frame(content: Content) -> Json | None:
    match content:
        case Tap(payload=payload):
            return {"type": "tap", "payload": payload}
        case Location(lat=lat, lon=lon):
            return {"type": "location", "lat": lat, "lon": lon}
        case Photo(reference=reference):
            return {"type": "photo", "url": f"https://pictures.example/{reference}"}
        case _:
            words = typed(content)
            return {"type": "text", "text": words} if words else None
