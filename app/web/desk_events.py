"""The desk's live wire: one LISTEN for the process, one stream of server-sent events for each browser.

A stream only says "changed" with a conversation's id; pages read anew what they show. Every message has an id, made of
this process's own word and a number, so that a browser that comes back is told what it missed; where that cannot be
known (another process, too long ago) it is told to read everything anew.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
from aiohttp import web

from base.db import Database
from desk.triggers import CHANNEL

log = logging.getLogger(__name__)

HEARTBEAT = 15.0  # seconds; proxies drop silent connections after 30 to 60
LOOK_AGAIN = 30.0  # seconds after which a silent LISTEN connection is tried
RECONNECT = 1.0
REMEMBERED = 1000  # changes that a returning browser can be told of
EVERYTHING = "*"  # instead of a conversation's id: read all anew

Change = tuple[int, str]  # (number, conversation id)


class DeskEvents:
    """What has changed, remembered for a while and told to every stream of this process."""

    def __init__(self, db: Database, *, listen_url: str = "", heartbeat: float = HEARTBEAT) -> None:
        self._db = db
        self._listen_url = listen_url
        self.heartbeat = heartbeat
        self._word = secrets.token_hex(4)
        self._number = 0
        self._changes: deque[Change] = deque(maxlen=REMEMBERED)
        self._streams: set[asyncio.Event] = set()
        self._closing = False
        self._listening = asyncio.Event()

    @property
    def position(self) -> str:
        """Where a page that is read now begins to listen. Take it before reading the page's contents."""
        return f"{self._word}-{self._number}"

    def __len__(self) -> int:
        return len(self._streams)

    async def ready(self) -> None:
        """Wait until changes are heard."""
        await self._listening.wait()

    def changed(self, conversation_id: str) -> None:
        """Tell every stream."""
        self._number += 1
        self._changes.append((self._number, conversation_id))
        for stream in self._streams:
            stream.set()

    async def run(self, app: web.Application) -> AsyncIterator[None]:
        """For `cleanup_ctx`: listen as long as the application lives."""
        task = asyncio.create_task(self._listen())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def close(self, app: web.Application) -> None:
        """For `on_shutdown`: end the streams, so that a stopping server need not wait for them."""
        self._closing = True
        for stream in self._streams:
            stream.set()

    async def stream(self, request: web.Request, *, still_welcome: Callable[[], Awaitable[bool]]) -> web.StreamResponse:
        """Serve one browser until it leaves, the server stops, or `still_welcome` (asked at each heartbeat) says no."""
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream; charset=utf-8",
                "Cache-Control": "no-store",
                "X-Accel-Buffering": "no",
            }
        )
        await response.prepare(request)
        news = asyncio.Event()
        news.set()
        self._streams.add(news)
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        try:
            number, missed = self._since(after)
            await response.write(b"retry: 2000\n\n")
            await self._tell(response, missed)
            while not self._closing:
                try:
                    async with asyncio.timeout(self.heartbeat):
                        await news.wait()
                except TimeoutError:
                    if not await still_welcome():
                        break
                    await response.write(b": still here\n\n")
                    continue
                news.clear()
                fresh = [change for change in self._changes if change[0] > number]
                number = self._number
                await self._tell(response, fresh)
        except ConnectionError:
            pass  # the browser has left
        finally:
            self._streams.discard(news)
        return response

    def _since(self, position: str) -> tuple[int, list[Change]]:
        """The present number, and what changed after `position`; everything, when nobody can know."""
        word, _, number = position.partition("-")
        now = self._number
        if not position:
            return now, []
        oldest = self._changes[0][0] if self._changes else now + 1
        if word != self._word or not re.fullmatch(r"[0-9]{1,18}", number) or int(number) < oldest - 1:
            return now, [(now, EVERYTHING)]
        return now, [change for change in self._changes if change[0] > int(number)]

    async def _tell(self, response: web.StreamResponse, changes: list[Change]) -> None:
        """One message for each conversation, the newest number last."""
        newest = {conversation_id: number for number, conversation_id in changes}
        lines = [
            f"id: {self._word}-{number}\nevent: changed\ndata: {conversation_id}\n\n"
            for conversation_id, number in sorted(newest.items(), key=lambda item: item[1])
        ]
        if lines:
            await response.write("".join(lines).encode())

    async def _listen(self) -> None:
        broken = False
        while True:
            try:
                async with await self._db.listen_connection(self._listen_url) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}".encode())
                    if broken:
                        log.info("desk: notifications are back")
                    self.changed(EVERYTHING)  # also at the first time: a page may have been read before
                    broken = False
                    self._listening.set()
                    await self._hear(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                if not broken:
                    log.warning("desk: no notifications (%s), trying again", type(error).__name__)
                broken = True
            self._listening.clear()
            await asyncio.sleep(RECONNECT)

    async def _hear(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        while True:
            async for told in connection.notifies(timeout=LOOK_AGAIN):
                self.changed(told.payload)
            async with asyncio.timeout(10):
                await connection.execute("SELECT 1")
