"""The one webhook door: raw bytes are proved genuine, kept, and only then understood. It never answers 500."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, runtime_checkable

import psycopg
from aiohttp import web
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from base.errors import BadSignature, ShopkeeperError, TryLater
from bot.channel import Channel, Deliver, Raw

BODY_LIMIT = 1024 * 1024  # bytes; the largest single update of any platform we know is a tenth of it
BATCH_LIMIT = 16 * BODY_LIMIT  # Meta puts up to 1000 updates into one call (Webhooks, Getting started)
BATCHES = frozenset({"facebook", "instagram"})
BODY_WITHIN = 20.0  # seconds; who dribbles holds a connection, and there are not many
RETRY_AFTER = "5"  # seconds
FORBIDDEN_IS_403 = frozenset({"facebook", "instagram"})  # Meta's own examples answer 403 to a wrong signature

log = logging.getLogger(__name__)

Headers = Mapping[str, str]
Caller = Callable[[Headers, bytes], Awaitable[str | None]]
"""(headers, body): take in the webhook of a provider or carrier. Raises BadSignature; returns once it is committed.

What it returns are the words to reply with; None where nobody reads them.
"""
Count = Callable[[str, int], None]


@runtime_checkable
class ReadsRaw(Protocol):
    """A channel that chooses the key of a whole update itself."""

    def read_raw(self, body: bytes) -> Raw: ...


@runtime_checkable
class Challenged(Protocol):
    """A channel whose platform asks by GET whether the address is ours before it sends anything."""

    def challenge(self, query: Mapping[str, str]) -> str:
        """What to answer. Raises BadSignature."""
        ...


def add_door_routes(
    app: web.Application,
    channels: Mapping[str, Channel],
    deliver: Deliver,
    callers: Mapping[str, Caller],
    *,
    count: Count = lambda name, status: None,
    body_within: float = BODY_WITHIN,
    is_probe: Callable[[web.Request], bool] = lambda request: False,
) -> None:
    """Serve /webhooks/{name}: POST for `channels` (messengers) and `callers` (providers, carriers); GET for Meta.

    A refusal of what `is_probe` is no news for the log.
    """
    door = Door(channels, deliver, callers, count, body_within, is_probe)
    app.router.add_post("/webhooks/{name}", door.serve)
    app.router.add_get("/webhooks/{name}", door.verify, allow_head=False)


class Door:
    def __init__(
        self,
        channels: Mapping[str, Channel],
        deliver: Deliver,
        callers: Mapping[str, Caller],
        count: Count,
        body_within: float,
        is_probe: Callable[[web.Request], bool],
    ) -> None:
        self._channels, self._deliver, self._callers, self._count = channels, deliver, callers, count
        self._body_within, self._is_probe = body_within, is_probe
        self._one_batch = asyncio.Lock()  # strangers cannot fill the memory with what is not proved yet

    async def serve(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        response = await self._serve(name, request)
        known = name in self._channels or name in self._callers
        self._count(name if known else "unknown", response.status)
        return response

    async def verify(self, request: web.Request) -> web.Response:
        """Answer the platform's question whether this address is ours."""
        channel = self._channels.get(request.match_info["name"])
        if channel is None:
            return web.Response(status=404, text="Nobody of that name is set up here.\n")
        if not isinstance(channel, Challenged):
            return web.Response(status=405, text="Only POST.\n", headers={"Allow": "POST"})
        try:
            return web.Response(text=channel.challenge(request.query))
        except BadSignature as refusal:
            log.log(self._loud(request), "webhook of %s not verified: %s", channel.name, refusal.what)
            return web.Response(status=403, text="The verify token is wrong.\n")

    async def _serve(self, name: str, request: web.Request) -> web.Response:
        if name not in self._channels and name not in self._callers:
            return web.Response(status=404, text="Nobody of that name is set up here.\n")
        try:
            async with asyncio.timeout(self._body_within):
                body = await self._read(name, request)
        except TimeoutError:
            return web.Response(status=408, text="That took too long.\n")
        if body is None:
            return web.Response(status=413, text="That is too much.\n")
        reply = None
        try:
            if name in self._channels:
                await self._from_messenger(self._channels[name], request.headers, body)
            else:
                reply = await self._callers[name](request.headers, body)
        except BadSignature as refusal:
            log.log(self._loud(request), "webhook of %s refused: %s", name, refusal.what)
            return web.Response(status=403 if name in FORBIDDEN_IS_403 else 401, text="The signature is wrong.\n")
        except (TryLater, DBAPIError, PoolTimeout, psycopg.Error, OSError, TimeoutError) as error:
            log.warning("webhook of %s cannot be taken now: %s", name, type(error).__name__)
            return _later()
        except ShopkeeperError as error:
            log.error("webhook of %s cannot be taken: %s", name, error.what)
            return _later()
        except Exception as error:  # the platform keeps it and sends it again, so nothing is lost
            log.exception("webhook of %s failed: %s", name, type(error).__name__)
            return _later()
        return web.Response(text="ok\n" if reply is None else reply)

    async def _read(self, name: str, request: web.Request) -> bytes | None:
        """The raw bytes, None when there are too many. A large batch, whose length must be told, waits for its turn."""
        length = request.content_length or 0
        if name not in BATCHES or length <= BODY_LIMIT:
            return await read_body(request)
        async with self._one_batch:
            return await read_body(request, BATCH_LIMIT)

    def _loud(self, request: web.Request) -> int:
        return logging.DEBUG if self._is_probe(request) else logging.WARNING

    async def _from_messenger(self, channel: Channel, headers: Headers, body: bytes) -> None:
        channel.authenticate(headers, body)
        await self._deliver(read_raw(channel, body))


def read_raw(channel: Channel, body: bytes) -> Raw:
    """The update with the key under which it is kept. What cannot be read is kept too, and answered by nobody."""
    try:
        if isinstance(channel, ReadsRaw):
            return channel.read_raw(body)
        inbounds = tuple(channel.read_update(body))
    except Exception as error:
        log.exception("%s: an update could not be read (%s); it is kept as it came", channel.name, type(error).__name__)
        inbounds = ()
    key = inbounds[0].event_key if len(inbounds) == 1 else f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Raw(channel=channel.name, account=channel.account, event_key=key, body=body, inbounds=inbounds)


async def read_body(request: web.Request, most: int = BODY_LIMIT) -> bytes | None:
    """The raw bytes, or None when there are more than `most`."""
    if (request.content_length or 0) > most:
        return None
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


def _later() -> web.Response:
    return web.Response(status=503, text="Not now; send it again.\n", headers={"Retry-After": RETRY_AFTER})
