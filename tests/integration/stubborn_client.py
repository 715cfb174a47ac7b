"""A client of the web chat that never gives up: it comes back to a server that died, with what it had not been told."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import aiohttp

Frame = dict[str, Any]
PATIENCE = 40.0  # seconds
TROUBLE = (aiohttp.ClientError, ConnectionError, asyncio.TimeoutError, OSError)


class StubbornClient:
    """One customer. Frames are repeated under the same id until they are acknowledged, also over another server.

    Each frame goes to the next of `urls` in turn.
    """

    def __init__(self, http: aiohttp.ClientSession, *urls: str, locale: str = "en") -> None:
        self._http, self._urls, self._locale = http, urls, locale
        self.token = self.peer = ""
        self.sent: dict[str, Frame] = {}  # by id, in the order of sending
        self.acks: dict[str, int] = {}  # id -> seq
        self.errors: list[Frame] = []
        self.messages: list[tuple[int, Frame]] = []
        self.written = 0  # frames put on a socket, repetitions among them
        self.on_frame: Callable[[Frame], None] = lambda frame: None
        self._sockets: dict[str, aiohttp.ClientWebSocketResponse] = {}
        self._news = asyncio.Event()
        self._readers: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Open the page; again until the shop answers."""
        async with asyncio.timeout(PATIENCE):
            while not self.token:
                with contextlib.suppress(*TROUBLE):
                    async with self._http.post(f"{self._urls[0]}/chat/start", json={"locale": self._locale}) as answer:
                        if answer.status == 200:
                            started = await answer.json()
                            self.token, self.peer = started["token"], started["conversation"]
                            break
                await asyncio.sleep(0.1)
        self._readers = [asyncio.create_task(self._stay_connected(url)) for url in self._urls]
        await self._until(lambda: bool(self.messages), PATIENCE)  # the greeting

    async def leave(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    # ---- what a customer does ----------------------------------------------------------------------

    async def send(self, frame: Frame, *, by: int = 0) -> str:
        """Send until it is acknowledged; returns the id."""
        id = str(uuid.uuid4())
        self.sent[id] = {**frame, "id": id}
        url = self._urls[by % len(self._urls)]
        async with asyncio.timeout(PATIENCE):
            while id not in self.acks:
                socket = self._sockets.get(url)
                if socket is None:
                    await self._something(0.2)
                    continue
                if await self._refused(socket, url, id):
                    await asyncio.sleep(0.3)
        return id

    async def _refused(self, socket: aiohttp.ClientWebSocketResponse, url: str, id: str) -> bool:
        """Put the frame on the socket once, and wait for what becomes of it; True when it must come later."""
        errors = len(self.errors)
        with contextlib.suppress(*TROUBLE):
            self.written += 1
            await socket.send_json(self.sent[id])
            self.on_frame(self.sent[id])
            await self._until(
                lambda: id in self.acks or len(self.errors) > errors or self._sockets.get(url) is not socket, 5
            )
        return len(self.errors) > errors

    async def say(self, text: str, *has: str, by: int = 0) -> str:
        """Write something and wait until all of `has` stands in what is answered; returns the answer's words."""
        before = len(self.messages)
        id = await self.send({"type": "text", "text": text}, by=by)
        return await self.hear(before, id, has)

    async def tap(self, title: str, *has: str, by: int = 0) -> str:
        before = len(self.messages)
        id = await self.send({"type": "tap", "payload": self.payload(title)}, by=by)
        return await self.hear(before, id, has)

    async def hear(self, before: int, id: str, has: Sequence[str]) -> str:
        """What was answered to the frame `id`, as soon as all of `has` is in it."""

        def answer() -> str:
            own = self.acks[id]
            return "\n".join(words(message) for seq, message in self.messages if seq > own and is_answer(message))

        try:
            await self._until(lambda: bool(answer()) and all(one.lower() in answer().lower() for one in has), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{self.sent[id]} was answered {answer()!r}, without {has}") from None
        return answer()

    async def until_said(self, what: str, before: int) -> None:
        """Wait for words of the shop after the first `before` messages."""
        await self._until(
            lambda: any(what in words(message) and is_answer(message) for _, message in self.messages[before:]),
            PATIENCE,
        )

    async def post(self, url: str, **form: str) -> str:
        """Press a button of a page, again until it works; returns where it leads, or nothing."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with contextlib.suppress(*TROUBLE):
                    self.on_frame({"type": "page"})
                    async with self._http.post(url, data=form, allow_redirects=False) as answer:
                        if answer.status < 500:
                            return str(answer.headers.get("Location") or "")
                await asyncio.sleep(0.2)

    def payload(self, title: str) -> str:
        """Of the newest button with this title (or a title that begins so)."""
        for _, message in reversed(self.messages):
            for button in buttons(message):
                if button["title"].lower().startswith(title.lower()):
                    return str(button["payload"])
        raise AssertionError(f"there is no button {title!r}")

    def links(self) -> list[str]:
        return [part["url"] for _, message in self.messages for part in message["parts"] if part["type"] == "link"]

    # ---- the sockets ---------------------------------------------------------------------------------

    async def _stay_connected(self, url: str) -> None:
        while True:
            with contextlib.suppress(*TROUBLE):
                async with self._http.ws_connect(
                    f"{url}/chat/ws", timeout=aiohttp.ClientWSTimeout(ws_close=1)
                ) as socket:
                    last = self.messages[-1][0] if self.messages else 0
                    await socket.send_json({"type": "hello", "token": self.token, "last_seq": last})
                    self._sockets[url] = socket
                    self._news.set()
                    async for frame in socket:
                        if frame.type is aiohttp.WSMsgType.TEXT:
                            self._take(json.loads(frame.data))
            self._sockets.pop(url, None)
            self._news.set()
            await asyncio.sleep(0.1)

    def _take(self, frame: Frame) -> None:
        match frame["type"]:
            case "ack":
                self.acks[frame["id"]] = frame["seq"]
            case "error":
                self.errors.append(frame)
            case "message":
                newest = self.messages[-1][0] if self.messages else 0
                if len(self._urls) > 1 and frame["seq"] <= newest:
                    return  # the other server was quicker
                assert frame["seq"] == newest + 1, f"message {frame['seq']} came after {newest}"
                self.messages.append((frame["seq"], frame["message"]))
        self._news.set()

    async def _until(self, done: Callable[[], bool], within: float) -> None:
        async with asyncio.timeout(within):
            while not done():
                self._news.clear()
                await self._news.wait()

    async def _something(self, within: float) -> None:
        with contextlib.suppress(TimeoutError):
            self._news.clear()
            async with asyncio.timeout(within):
                await self._news.wait()


def is_answer(message: Frame) -> bool:
    return bool(message["from"] != "customer")


def buttons(message: Frame) -> list[Frame]:
    found: list[Frame] = []
    for part in message["parts"]:
        found += part.get("choices", [])
        for card in part.get("cards", []):
            found += card.get("buttons", [])
    return found


def words(message: Frame) -> str:
    """All words of a message, addresses of links among them."""
    said: list[str] = []

    def collect(thing: object) -> None:
        if isinstance(thing, dict):
            for name, value in thing.items():
                if isinstance(value, str):
                    if name not in ("type", "payload", "image"):
                        said.append(value)
                else:
                    collect(value)
        elif isinstance(thing, list):
            for value in thing:
                collect(value)

    collect(message["parts"])
    return "\n".join(said)


@contextlib.asynccontextmanager
async def stubborn(*urls: str) -> AsyncIterator[StubbornClient]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        client = StubbornClient(http, *urls)
        try:
            yield client
        finally:
            await client.leave()
