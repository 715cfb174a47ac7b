"""Where a customer of a script sits: he writes, presses buttons and reads, whatever the messenger is."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace

from app.talk_test.recording import RecordingChannel
from base.clock import Clock
from base.errors import ShopkeeperError
from bot.channel import Channel, Deliver, Raw
from bot.messages import (
    Address,
    Author,
    Blocked,
    Cards,
    Choices,
    Content,
    Edit,
    Fitted,
    Inbound,
    Link,
    Profile,
    Start,
    Tap,
    Text,
)

Together = Callable[[], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Received:
    """One message as the customer saw it."""

    words: str
    author: Author = "bot"
    name: str = ""


class Seat(ABC):
    """One customer at one channel address."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.messages: list[str] = []  # platform ids of what the customer wrote

    @property
    @abstractmethod
    def address(self) -> Address:
        """Where the conversation lives."""

    @property
    @abstractmethod
    def received(self) -> Sequence[Received]:
        """All that this customer was sent, in order."""

    @abstractmethod
    async def open(self) -> None:
        """Make the conversation exist; where the platform allows it, without a word."""

    @abstractmethod
    async def do(self, *contents: Content) -> None:
        """What the customer does, as the platform tells it."""

    @abstractmethod
    def press(self, title: str) -> Content | None:
        """What pressing the newest button of this title sends; None when there is none.

        A link gives an empty text: it opens a page, and the talk hears nothing of it.
        """

    @abstractmethod
    async def catch_up(self) -> None:
        """Wait until everything that left the shop has arrived here."""

    def message_id(self, of: int) -> str:
        """The id of an earlier message of the customer: -1 is the last one. Raises ShopkeeperError."""
        try:
            return self.messages[of]
        except IndexError:
            raise ShopkeeperError(
                f"The customer has no message {of} to change; he wrote {len(self.messages)}."
            ) from None


class Venue(ABC):
    """A messenger for the length of one case: its channel, and seats for customers."""

    channel: Channel

    @abstractmethod
    def seat(self, profile: Profile) -> Seat:
        """A place for one more customer."""

    @abstractmethod
    async def start(self, deliver: Deliver, together: Together) -> None:
        """Open doors. What comes in is handed to `deliver`; within `together()` it is one burst."""

    @abstractmethod
    async def stop(self) -> None:
        """Close doors."""


# ---- in memory -----------------------------------------------------------------------------------


class RecordingVenue(Venue):
    def __init__(self, channel: RecordingChannel, clock: Clock, *, deliveries: int = 1) -> None:
        """`deliveries`: how often the platform delivers each update; more than once is what platforms do."""
        self.channel: RecordingChannel = channel
        self.clock, self.deliveries = clock, deliveries
        self.updates = 0
        self._seats = 0

    async def start(self, deliver: Deliver, together: Together) -> None:
        self.deliver = deliver

    async def stop(self) -> None:
        """No door was open."""

    def seat(self, profile: Profile) -> Seat:
        self._seats += 1
        peer = f"customer-{self._seats}"
        return RecordingSeat(self, Address(channel=self.channel.name, account=self.channel.account, peer=peer), profile)


class RecordingSeat(Seat):
    def __init__(self, venue: RecordingVenue, address: Address, profile: Profile) -> None:
        super().__init__(profile)
        self._venue, self._address = venue, address

    @property
    def address(self) -> Address:
        return self._address

    @property
    def received(self) -> Sequence[Received]:
        return [
            Received(recorded.message.words(), recorded.message.author, recorded.message.name)
            for recorded in self._venue.channel.sent
            if recorded.to == self._address
        ]

    async def open(self) -> None:
        await self.do(Blocked(on=False))

    async def do(self, *contents: Content) -> None:
        venue = self._venue
        inbounds = []
        for content in contents:
            venue.updates += 1
            number = venue.updates
            inbounds.append(
                Inbound(
                    address=self._address, event_key=f"update-{number}", content=content, at=venue.clock.now(),
                    order=number, message=f"said-{number}", profile=self.profile,
                )
            )  # fmt: skip
            if not isinstance(content, Blocked | Tap | Edit):
                self.messages.append(f"said-{number}")
        body = "\n".join(inbound.model_dump_json() for inbound in inbounds).encode()
        raw = Raw(self._address.channel, self._address.account, f"raw-{inbounds[0].event_key}", body, tuple(inbounds))
        for _ in range(venue.deliveries):
            await venue.deliver(raw)

    async def catch_up(self) -> None:
        """What is sent is here at once."""

    def press(self, title: str) -> Content | None:
        sent = [recorded.message for recorded in self._venue.channel.sent if recorded.to == self._address]
        return press(sent, title)


def silently(raw: Raw) -> Raw:
    """The same update, opening the conversation without a word where it would have brought a greeting."""
    quiet = tuple(
        inbound.model_copy(update={"content": Blocked(on=False)}) if isinstance(inbound.content, Start) else inbound
        for inbound in raw.inbounds
    )
    return replace(raw, inbounds=quiet)


def press(sent: Sequence[Fitted], title: str) -> Content | None:
    """What the newest button of this title sends. Whole titles go before titles that only contain the words."""
    wanted = _plain(title)
    buttons = [button for message in reversed(sent) for button in _buttons(message)]
    for same in (wanted.__eq__, lambda shown: shown.startswith(wanted), lambda shown: wanted in shown):
        for shown, content in buttons:
            if same(_plain(shown)):
                return content
    links = [part.title for message in sent for part in message.parts if isinstance(part, Link)]
    return Text(text="") if any(wanted in _plain(link) for link in links) else None


def _plain(title: str) -> str:
    """A title without the pictures and signs around it."""
    return re.sub(r"^\W+|\W+$", "", title.casefold())


def _buttons(message: Fitted) -> Iterable[tuple[str, Content]]:
    for part in message.parts:
        if isinstance(part, Choices):
            yield from ((choice.title, Tap(payload=choice.payload, title=choice.title)) for choice in part.choices)
        elif isinstance(part, Cards):
            for card in part.cards:
                yield from ((choice.title, Tap(payload=choice.payload, title=choice.title)) for choice in card.buttons)
