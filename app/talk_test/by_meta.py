"""Messenger and Instagram: the real adapters against a Graph server on loopback that keeps Meta's rules.

The server comes with the tests alone.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from aiohttp import ClientSession, web

from app.talk_test.by_console import typed
from app.talk_test.seats import Received, Seat, Together, Venue
from app.web.door import read_raw
from base.clock import Clock
from base.errors import BadSignature, ShopkeeperError
from bot.channel import Deliver
from bot.messages import (
    About,
    Address,
    Blocked,
    Content,
    Delete,
    Edit,
    Inbound,
    Location,
    Other,
    Photo,
    Profile,
    Tap,
    Text,
)
from integrations.messenger import adapter
from integrations.meta.messenger import MetaMessenger

Delivery = tuple[bytes, dict[str, str]]


class _Person(Protocol):
    seen: list[dict[str, Any]]


class GraphServer(Protocol):
    """What is used of tests.contracts.graph_server.GraphServer."""

    account: str
    token: str
    app_secret: str
    verify_token: str
    base: str
    refusals: list[str]

    async def __aenter__(self) -> GraphServer: ...
    async def __aexit__(self, *_: object) -> None: ...
    def mid(self) -> str: ...
    def person(self, id: str) -> _Person: ...
    def words_of(self, message: dict[str, Any]) -> str: ...
    def button(self, id: str, title: str) -> str | None: ...
    def happens(self, id: str, **event: Any) -> Delivery: ...
    def taps(self, id: str, title: str) -> Delivery: ...


async def loopback(name: str, clock: Clock, *, deliveries: int = 1) -> MetaVenue:
    """Raises ShopkeeperError where the loopback Graph server is not at hand (an installed program has no tests)."""
    try:
        made: Callable[[str, Callable[[], datetime]], GraphServer] = importlib.import_module(
            "tests.contracts.graph_server"
        ).GraphServer
    except ImportError as error:
        raise ShopkeeperError(
            f"Scripts run on {name} only in a checkout of the source ({error.name} is missing).",
            "Choose another channel: recording, webchat or console.",
        ) from None
    server = made(name, clock.now)
    await server.__aenter__()
    channel: MetaMessenger = adapter(name)(
        server.account, server.token, server.app_secret, server.verify_token, server.base, "https://shop.example"
    )
    return MetaVenue(server, channel, deliveries)


class MetaVenue(Venue):
    """Deliveries are posted, signed, to a small door of our own; messages leave over the adapter's connections."""

    channel: MetaMessenger

    def __init__(self, server: GraphServer, channel: MetaMessenger, deliveries: int) -> None:
        self.server, self.channel, self.deliveries = server, channel, deliveries
        self.profiles: dict[str, Profile] = {}
        self.openings: set[str] = set()  # messages by which a seat is opened
        self._seats = 0
        self._runner: web.AppRunner | None = None
        self._http: ClientSession | None = None

    async def start(self, deliver: Deliver, together: Together) -> None:
        self.deliver, self.together = deliver, together
        app = web.Application()
        app.router.add_post("/webhooks/meta", self._door)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._http = ClientSession(f"http://127.0.0.1:{self._runner.addresses[0][1]}")

    async def stop(self) -> None:
        await self.channel.close()
        if self._http is not None:
            await self._http.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.server.__aexit__(None, None, None)

    async def post(self, delivery: Delivery) -> None:
        """Deliver as often as the venue does. Raises ShopkeeperError when the door does not take it."""
        body, headers = delivery
        assert self._http is not None
        for _ in range(self.deliveries):
            async with self._http.post("/webhooks/meta", data=body, headers=headers) as answer:
                if answer.status != 200:
                    raise ShopkeeperError(f"Our webhook answered {answer.status}.")

    async def _door(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            self.channel.authenticate(request.headers, body)
        except BadSignature:
            return web.Response(status=403)
        raw = read_raw(self.channel, body)
        await self.deliver(replace(raw, inbounds=tuple(self._known(inbound) for inbound in raw.inbounds)))
        return web.Response()

    def _known(self, inbound: Inbound) -> Inbound:
        """With its sender's name; what opens a seat is somebody who is there and says nothing."""
        profile, content = self.profiles.get(inbound.address.peer, Profile()), inbound.content
        if isinstance(content, Delete) and content.of in self.openings:
            content = Blocked(on=False)
        return inbound.model_copy(update={"profile": profile, "content": content})

    def seat(self, profile: Profile) -> Seat:
        self._seats += 1
        peer = str(7000 + self._seats)
        self.profiles[peer] = profile
        return MetaSeat(self, peer, profile)


class MetaSeat(Seat):
    def __init__(self, venue: MetaVenue, peer: str, profile: Profile) -> None:
        super().__init__(profile)
        self._venue, self._peer = venue, peer
        venue.server.person(peer)

    @property
    def address(self) -> Address:
        return Address(channel=self._venue.channel.name, account=self._venue.server.account, peer=self._peer)

    @property
    def received(self) -> Sequence[Received]:
        server = self._venue.server
        return [Received(server.words_of(message)) for message in server.person(self._peer).seen]

    async def open(self) -> None:
        """A receipt of something that never was: nobody wrote, but the window is open."""
        mid = self._venue.server.mid()
        self._venue.openings.add(mid)
        await self._venue.post(self._venue.server.happens(self._peer, message={"mid": mid, "is_deleted": True}))

    async def do(self, *contents: Content) -> None:
        async with self._venue.together():
            for content in contents:
                if (delivery := self._delivery(content)) is not None:
                    await self._venue.post(delivery)

    def _delivery(self, content: Content) -> Delivery | None:
        server, peer = self._venue.server, self._peer
        match content:
            case Tap(title=title) if server.button(peer, title):
                return server.taps(peer, title)
            case Edit(of=of, text=text):
                return server.happens(peer, message_edit={"mid": of, "text": text, "num_edit": 1})
            case Delete(of=of):
                return server.happens(peer, message={"mid": of, "is_deleted": True})
            case Location(lat=lat, lon=lon):
                place = {"coordinates": {"lat": lat, "long": lon}}
                return self._message(attachments=[{"type": "location", "payload": place}])
            case Photo(reference=reference):
                return self._message(attachments=[{"type": "image", "payload": {"url": reference}}])
            case Other(what="voice"):
                return self._message(attachments=[{"type": "audio", "payload": {"url": "https://cdn.example/1.mp4"}}])
            case Other(what="sticker"):
                return self._message(attachments=[{"type": "sticker", "payload": {"sticker_id": 369239263222822}}])
            case Text(text=text, about=About(clues=(shows, *_))):
                story = {"id": "17900000000000001", "url": f"https://cdn.example/story.jpg?of={shows}"}
                return self._message(text=text, reply_to={"story": story})
            case Text() | Tap() | Other():
                return self._message(text=typed(content))
            case _:
                return None

    def _message(self, **told: object) -> Delivery:
        mid = self._venue.server.mid()
        self.messages.append(mid)
        return self._venue.server.happens(self._peer, message={"mid": mid, **told})

    async def catch_up(self) -> None:
        """A call is carried out before the adapter's `send` returns; here every one has to be taken."""
        if refused := self._venue.server.refusals:
            raise ShopkeeperError(f"Meta refused a call: {refused[0]}")

    def press(self, title: str) -> Content | None:
        payload = self._venue.server.button(self._peer, title)
        if payload is None:
            return None
        return Tap(payload=payload, title=title) if payload else Text(text="")
