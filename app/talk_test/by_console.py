"""The terminal: words only, choices by number or by their title."""

from __future__ import annotations

import io
from collections.abc import Sequence

from app.talk_test.seats import Received, Seat, Together, Venue
from base.clock import StandingClock
from bot.channel import Deliver, Raw, Sent
from bot.messages import Address, Blocked, Content, Edit, Fitted, Other, Photo, Profile, Tap, Text
from integrations.messenger.console import Console


class _Terminal(Console):
    """The real terminal of all customers of a case; what it printed is kept, message by message."""

    def __init__(self, clock: StandingClock) -> None:
        self.printed = io.StringIO()
        super().__init__(out=self.printed, clock=clock)
        self.kept: list[tuple[str, Received]] = []

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        begin = self.printed.tell()
        sent = await super().send(to, message, key=key)
        self.printed.seek(begin)
        words = self.printed.read()
        self.kept.append((to.peer, Received(words, message.author, message.name)))
        return sent


class ConsoleVenue(Venue):
    def __init__(self, clock: StandingClock) -> None:
        self.terminal = _Terminal(clock)
        self.channel = self.terminal
        self._seats = 0

    async def start(self, deliver: Deliver, together: Together) -> None:
        self.deliver, self.together = deliver, together

    async def stop(self) -> None:
        await self.terminal.close()

    def seat(self, profile: Profile) -> Seat:
        self._seats += 1
        return ConsoleSeat(self, f"terminal-{self._seats}", profile)


class ConsoleSeat(Seat):
    def __init__(self, venue: ConsoleVenue, peer: str, profile: Profile) -> None:
        super().__init__(profile)
        self._venue, self._peer = venue, peer

    @property
    def address(self) -> Address:
        return Address(channel="console", account=self._venue.terminal.account, peer=self._peer)

    @property
    def received(self) -> Sequence[Received]:
        return [received for peer, received in self._venue.terminal.kept if peer == self._peer]

    async def open(self) -> None:
        """Somebody sits down at the terminal, and waits."""
        await self._deliver(Blocked(on=False), "start")

    async def do(self, *contents: Content) -> None:
        async with self._venue.together():
            for content in contents:
                if words := typed(content):
                    await self._deliver(Text(text=words), words)

    async def _deliver(self, content: Content, words: str) -> None:
        terminal = self._venue.terminal
        inbound = terminal.inbound(words).model_copy(
            update={"address": self.address, "content": content, "profile": self.profile}
        )
        if isinstance(content, Text):
            self.messages.append(inbound.event_key)
        raw = Raw("console", terminal.account, inbound.event_key, inbound.model_dump_json().encode(), (inbound,))
        await self._venue.deliver(raw)

    async def catch_up(self) -> None:
        """A terminal prints at once."""

    def press(self, title: str) -> Content | None:
        return None  # nothing to press: people type


def typed(content: Content) -> str:
    """What somebody types where he cannot do this; empty for what leaves no trace."""
    match content:
        case Text(text=text) | Edit(text=text):
            return text
        case Tap(title=title):
            return title
        case Photo(reference=reference):
            return f"📷 {reference}"
        case Other(what=what):
            return {"voice": "🎤", "sticker": "🙂"}.get(what, what)
        case _:
            return ""
