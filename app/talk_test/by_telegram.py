"""Telegram: the real adapter against a Bot API on loopback that checks every call. It comes with the tests alone."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Protocol

from aiohttp import web

from app.talk_test.by_console import typed
from app.talk_test.seats import Received, Seat, Together, Venue
from base.errors import BadSignature, ShopkeeperError
from bot.channel import Deliver
from bot.messages import Address, Content, Edit, Location, Other, Photo, Profile, Tap, Text
from integrations.messenger.telegram.adapter import Telegram

ACCOUNT = "script"


class _Button(Protocol):
    title: str
    payload: str
    url: str


class _Shown(Protocol):
    id: int

    def words(self) -> str: ...


class Chat(Protocol):
    first_name: str
    locale: str
    history: Sequence[_Shown]
    said: dict[int, str]

    def find(self, title: str) -> tuple[_Shown, _Button]: ...


class BotApi(Protocol):
    """What is used of tests.contracts.botapi.BotApi."""

    token: str
    base: str
    secret: str
    provider_token: str
    refusals: list[str]
    statuses: list[int]

    async def __aenter__(self) -> BotApi: ...
    async def __aexit__(self, *_: object) -> None: ...
    def chat(self, number: int) -> Chat: ...
    async def user_sends(self, chat: int, **content: object) -> int | None: ...
    async def user_edits(self, chat: int, number: int, text: str) -> int | None: ...
    async def user_taps(self, chat: int, title: str) -> str | None: ...
    async def user_unblocks(self, chat: int) -> int | None: ...
    async def repeat(self) -> int | None: ...


def loopback() -> BotApi:
    """Raises ShopkeeperError where the loopback Bot API is not at hand (an installed program has no tests)."""
    try:
        server: BotApi = importlib.import_module("tests.contracts.botapi").BotApi()
    except ImportError as error:
        raise ShopkeeperError(
            f"Scripts run on Telegram only in a checkout of the source ({error.name} is missing).",
            "Choose another channel: recording, webchat or console.",
        ) from None
    return server


class TelegramVenue(Venue):
    """Updates come by webhook through a small door of our own; messages leave over the adapter's connections."""

    channel: Telegram
    door: Telegram  # the adapter that reads what comes in

    def __init__(self, server: BotApi, deliveries: int) -> None:
        self.server, self.deliveries = server, deliveries
        self._seats = 0
        self._runner: web.AppRunner | None = None

    async def start(self, deliver: Deliver, together: Together) -> None:
        self.deliver, self.together = deliver, together
        app = web.Application()
        app.router.add_post("/webhooks/telegram", self._door)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        await self.door.set_webhook(f"http://127.0.0.1:{self._runner.addresses[0][1]}")

    async def open_api(self) -> None:
        await self.server.__aenter__()
        server = self.server
        self.channel = Telegram(server.token, server.base, server.secret, ACCOUNT, provider_token=server.provider_token)
        self.door = self.channel

    async def stop(self) -> None:
        await self.channel.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.server.__aexit__(None, None, None)

    async def _door(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            self.door.authenticate(request.headers, body)
        except BadSignature:
            return web.Response(status=403)
        await self.deliver(self.door.read_raw(body))
        return web.Response()

    def seat(self, profile: Profile) -> Seat:
        self._seats += 1
        return TelegramSeat(self, 7000 + self._seats, profile)


class TelegramSeat(Seat):
    def __init__(self, venue: TelegramVenue, number: int, profile: Profile) -> None:
        super().__init__(profile)
        self._venue, self._number = venue, number
        chat = self.chat
        chat.first_name, chat.locale = profile.name or "Kim", profile.locale or "en"

    @property
    def chat(self) -> Chat:
        """What this customer sees."""
        return self._venue.server.chat(self._number)

    @property
    def address(self) -> Address:
        return Address(channel="telegram", account=ACCOUNT, peer=str(self._number))

    @property
    def received(self) -> Sequence[Received]:
        return [Received(shown.words()) for shown in self.chat.history]

    async def open(self) -> None:
        await self._venue.server.user_unblocks(self._number)

    async def do(self, *contents: Content) -> None:
        async with self._venue.together():
            for content in contents:
                await self._do(content)
                for _ in range(self._venue.deliveries - 1):
                    await self._venue.server.repeat()
        if bad := [status for status in self._venue.server.statuses if status != 200]:
            raise ShopkeeperError(f"Our webhook answered {bad[0]}.")

    async def _do(self, content: Content) -> None:
        match content:
            case Tap(title=title):
                await self.tap(title)
            case Edit(of=of, text=text):
                await self.edit(int(of), text)
            case Location(lat=lat, lon=lon):
                await self.send(location={"latitude": lat, "longitude": lon})
            case Photo(reference=reference):
                size = {"file_id": reference, "file_unique_id": reference, "width": 640, "height": 640}
                await self.send(photo=[size])
            case Other(what="voice"):
                await self.send(voice={"file_id": "v1", "file_unique_id": "v1", "duration": 2})
            case Other(what="sticker"):
                await self.send(sticker=STICKER)
            case Text() | Other():
                await self.send(text=typed(content))
            case _:
                return
        self.messages = [str(id) for id in sorted(self.chat.said)]

    async def send(self, **content: object) -> None:
        """Anything, as the platform describes it."""
        await self._venue.server.user_sends(self._number, **content)

    async def edit(self, number: int, text: str) -> None:
        """Change an earlier message."""
        await self._venue.server.user_edits(self._number, number, text)

    async def tap(self, title: str) -> None:
        """Press the newest button of this title."""
        await self._venue.server.user_taps(self._number, title)

    async def catch_up(self) -> None:
        """A call is carried out before the adapter's `send` returns."""

    def press(self, title: str) -> Content | None:
        try:
            _, button = self.chat.find(title)
        except AssertionError:
            return None
        return Text(text="") if button.url else Tap(payload=button.payload, title=title)


STICKER = {
    "file_id": "s1", "file_unique_id": "s1", "type": "regular", "width": 512, "height": 512, "is_animated": False,
    "is_video": False,
}  # fmt: skip
