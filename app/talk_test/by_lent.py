"""Telegram Business: customers write to somebody's own account, which he lends to the bot; else as by_telegram."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, cast

from app.talk_test import by_telegram
from app.talk_test.by_telegram import ACCOUNT, Chat, TelegramSeat, TelegramVenue
from app.talk_test.seats import Seat, Together
from base.clock import Clock
from bot.channel import Deliver, Raw
from bot.messages import Address, Blocked, Profile
from integrations.messenger.telegram.business import TelegramBusiness

CONNECTION = "bc1"


class Lending(by_telegram.BotApi, Protocol):
    """What is used beside of tests.contracts.botapi_business.Lending."""

    clock: Callable[[], float]
    business_mode: bool

    async def owner_connects(self, id: str) -> int | None: ...
    def lent_chat(self, chat: int, through: str) -> Chat: ...
    async def customer_sends(self, chat: int, through: str, **content: object) -> int | None: ...
    async def customer_writes(self, chat: int, text: str, through: str, *, edits: int) -> int | None: ...
    async def customer_taps(self, chat: int, title: str, through: str) -> int | None: ...


async def loopback(clock: Clock, *, deliveries: int = 1) -> LentVenue:
    """Raises ShopkeeperError where the loopback Bot API is not at hand."""
    server = cast(Lending, by_telegram.loopback())
    server.business_mode, server.clock = True, lambda: clock.now().timestamp()
    venue = LentVenue(server, deliveries)
    await venue.open_api()
    return venue


class LentVenue(TelegramVenue):
    """The bot's own door takes in what happens in the lent account; the messages leave through the connection."""

    server: Lending

    async def open_api(self) -> None:
        await super().open_api()
        server = self.server
        self.channel = TelegramBusiness(server.token, server.base, server.secret, ACCOUNT)
        self.openings: set[str] = set()  # keys of messages that only open a conversation

    async def start(self, deliver: Deliver, together: Together) -> None:
        async def without_openings(raw: Raw) -> None:
            quiet = tuple(
                one.model_copy(update={"content": Blocked(on=False)}) if one.address.peer in self.openings else one
                for one in raw.inbounds
            )
            if quiet:  # what comes back of our own words is nobody's
                await deliver(replace(raw, inbounds=quiet))

        await super().start(without_openings, together)
        await self.server.owner_connects(CONNECTION)

    async def stop(self) -> None:
        await self.door.close()
        await super().stop()

    def seat(self, profile: Profile) -> Seat:
        self._seats += 1
        return LentSeat(self, 7000 + self._seats, profile)


class LentSeat(TelegramSeat):
    _venue: LentVenue

    @property
    def chat(self) -> Chat:
        return self._venue.server.lent_chat(self._number, CONNECTION)

    @property
    def address(self) -> Address:
        return Address(channel="telegram_business", account=CONNECTION, peer=str(self._number))

    async def open(self) -> None:
        """Nobody is greeted who has not written: the first words are taken for none."""
        peer = str(self._number)
        self._venue.openings.add(peer)
        await self.send(text="…")
        self._venue.openings.discard(peer)
        self.chat.said.clear()

    async def send(self, **content: object) -> None:
        await self._venue.server.customer_sends(self._number, CONNECTION, **content)

    async def edit(self, number: int, text: str) -> None:
        await self._venue.server.customer_writes(self._number, text, CONNECTION, edits=number)

    async def tap(self, title: str) -> None:
        await self._venue.server.customer_taps(self._number, title, CONNECTION)
