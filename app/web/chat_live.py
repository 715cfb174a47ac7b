"""Pushes the web chat's log to open sockets: one LISTEN for the whole process, one cursor for each socket."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Iterable

import psycopg
from aiohttp import web

from base.db import is_away
from integrations.messenger.webchat import NOTIFICATIONS, Json, WebChat

log = logging.getLogger(__name__)

LOOK_AGAIN = 15.0  # seconds between looks into the log, should a notification get lost
RECONNECT = 1.0  # seconds before the next try after the LISTEN connection broke


class Viewer:
    """One open socket. It sends what lies after its cursor: replay and live are one act, and nothing comes twice."""

    def __init__(self, socket: web.WebSocketResponse, chat: WebChat, peer: str, seq: int) -> None:
        self.peer = peer
        self.seq = seq
        self._socket = socket
        self._chat = chat
        self._wake = asyncio.Event()
        self._wake.set()
        self._typing = False

    def wake(self) -> None:
        """There may be something new in the log."""
        self._wake.set()

    def show_typing(self) -> None:
        self._typing = True
        self._wake.set()

    async def pump(self) -> None:
        """Send what is new until the socket closes or this is cancelled."""
        while not self._socket.closed:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._send_news()
            except (ConnectionError, RuntimeError):
                return  # the client is gone; its next hello brings what it missed
            except Exception as error:
                if is_away(error):
                    log.warning("web chat: a log could not be read, the database is away")
                else:
                    log.exception("web chat: a log could not be read (%s)", type(error).__name__)
                await asyncio.sleep(RECONNECT)
                self._wake.set()

    async def _send_news(self) -> None:
        typing, self._typing = self._typing, False
        while news := await self._chat.read_after(self.peer, self.seq):
            for logged in news:
                await self.tell({"type": "message", "seq": logged.seq, "message": logged.message})
                self.seq = logged.seq
        if typing:
            await self.tell({"type": "typing", "on": True})

    async def tell(self, frame: Json) -> None:
        """Send one frame. Raises ConnectionError when the client is gone."""
        await self._socket.send_str(json.dumps(frame, ensure_ascii=False, separators=(",", ":")))

    async def go_away(self) -> None:
        """Close because this process ends; the client comes back to another one."""
        await self._socket.close(code=1001, message=b"going away")


class Audience:
    """All sockets that are open in this process, by conversation."""

    def __init__(self, chat: WebChat, *, listen_url: str = "") -> None:
        self._chat = chat
        self._listen_url = listen_url
        self._viewers: dict[str, set[Viewer]] = defaultdict(set)

    def __len__(self) -> int:
        return sum(map(len, self._viewers.values()))

    def count(self, peer: str) -> int:
        """How many tabs of this conversation are open here."""
        return len(self._viewers.get(peer, ()))

    def join(self, viewer: Viewer) -> None:
        self._viewers[viewer.peer].add(viewer)

    def leave(self, viewer: Viewer) -> None:
        here = self._viewers.get(viewer.peer, set())
        here.discard(viewer)
        if not here:
            self._viewers.pop(viewer.peer, None)

    def everybody(self) -> list[Viewer]:
        return [viewer for viewers in self._viewers.values() for viewer in viewers]

    async def listen(self) -> None:
        """Wake the right sockets at every notification until cancelled. A broken connection is made anew."""
        broken = False
        while True:
            try:
                async with await self._chat.db.listen_connection(self._listen_url) as connection:
                    await connection.execute(f"LISTEN {NOTIFICATIONS}".encode())
                    if broken:
                        log.info("web chat: notifications are back")
                    broken = False
                    wake(self.everybody())
                    await self._hear(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                if not broken:
                    log.warning("web chat: no notifications (%s), looking into the log instead", type(error).__name__)
                broken = True
            wake(self.everybody())
            await asyncio.sleep(RECONNECT)

    async def _hear(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        while True:
            async for note in connection.notifies(timeout=LOOK_AGAIN):
                what, _, peer = note.payload.partition(" ")
                for viewer in self._viewers.get(peer, ()):
                    if what == "typing":
                        viewer.show_typing()
                    else:
                        viewer.wake()
            await self._look_again(connection)

    async def _look_again(self, connection: psycopg.AsyncConnection[tuple[object, ...]]) -> None:
        """Wake those who are behind; also finds out that the connection is dead."""
        async with asyncio.timeout(10):
            cursor = await connection.execute(
                "SELECT peer, seq FROM web_conversation WHERE peer = ANY(%s)", [list(self._viewers)]
            )
            newest = {str(peer): seq for peer, seq in await cursor.fetchall()}
        wake(viewer for viewer in self.everybody() if newest.get(viewer.peer) != viewer.seq)


def wake(viewers: Iterable[Viewer]) -> None:
    for viewer in viewers:
        viewer.wake()
