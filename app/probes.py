"""Tries every way into the shop from outside: does the platform get in, and a stranger not? Nobody is greeted by it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from base.db import Database
from bot.channel import Channel
from bot.knocks import Knock, Knocks
from integrations.messenger.webchat import WebChat, forget

HEADER = "X-Shopkeeper-Probe"  # with the right value it is us: nobody is greeted, and a forgery is no news for the log
PAUSES = (2.0, 8.0)  # seconds between tries; a deploy or a hiccup of the network is no alarm
PATIENCE = ClientTimeout(total=10)  # seconds


def mark(secret_key: str) -> str:
    """What tells our own calls from those of strangers."""
    return hmac.new(secret_key.encode(), b"a probe of our own", hashlib.sha256).hexdigest()


def is_ours(secret_key: str, headers: Mapping[str, str]) -> bool:
    given = headers.get(HEADER, "").encode("utf-8", "backslashreplace")
    return hmac.compare_digest(given, mark(secret_key).encode())


@dataclass(frozen=True, slots=True)
class Probe:
    """`public_url`: as customers and platforms reach the shop."""

    public_url: str
    secret_key: str
    db: Database
    channels: Mapping[str, Channel]

    async def look(self, pauses: tuple[float, ...] = PAUSES) -> dict[str, str]:
        """What is wrong with each way in; nothing where it is open. Ways that cannot be tried are left out."""
        async with ClientSession(timeout=PATIENCE, headers={HEADER: mark(self.secret_key)}) as http:
            tried = {name: await self._tried(http, name, pauses) for name in self.channels}
        return {name: wrong for name, wrong in tried.items() if wrong is not None}

    async def _tried(self, http: ClientSession, name: str, pauses: tuple[float, ...]) -> str | None:
        wrong: str | None = ""
        for pause in (*pauses, None):
            try:
                wrong = await self._try(http, name)
            except (ClientError, OSError, TimeoutError, ValueError, TypeError) as trouble:
                wrong = f"{self.public_url} cannot be reached ({type(trouble).__name__})."
            if not wrong or pause is None:
                break
            await asyncio.sleep(pause)
        return wrong

    async def _try(self, http: ClientSession, name: str) -> str | None:
        channel = self.channels[name]
        if isinstance(channel, WebChat):
            return await self._hello(http)
        knocks = channel.knocks() if isinstance(channel, Knocks) else ()
        for knock in knocks:
            if wrong := await self._knock(http, f"{self.public_url}/webhooks/{name}", knock):
                return wrong
        return "" if knocks else None

    async def _knock(self, http: ClientSession, address: str, knock: Knock) -> str:
        method = "GET" if knock.body is None else "POST"
        async with http.request(
            method, address, params=knock.query, data=knock.body, headers=knock.headers, allow_redirects=False
        ) as answer:
            said = await answer.text(errors="replace")
            if answer.status != knock.status or knock.answer not in (None, said):
                return f"{address} answers {knock.what} with {answer.status}, not as it must ({knock.status})."
        return ""

    async def _hello(self, http: ClientSession) -> str:
        """A conversation is opened, greeted by nobody, asked whether it lives, and forgotten."""
        peer = ""
        try:
            async with http.post(f"{self.public_url}/chat/start", allow_redirects=False) as answer:
                if answer.status != 200:
                    return f"{self.public_url}/chat/start answers {answer.status}."
                opened: dict[str, Any] = await answer.json()
            peer = str(opened["conversation"])
            async with http.ws_connect(f"{self.public_url}/chat/ws") as socket:
                await socket.send_json({"type": "hello", "token": opened["token"], "last_seq": 0})
                await socket.send_json({"type": "ping"})
                heard = await socket.receive_json(timeout=10)
            return "" if heard == {"type": "pong"} else f"{self.public_url}/chat/ws does not answer as it must."
        except KeyError:
            return f"{self.public_url}/chat/start does not answer as it must."
        finally:
            if peer:
                await self.db.run(lambda tx: forget(tx, peer))
