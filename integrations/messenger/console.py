"""The terminal as a messenger: one person, no buttons, choices answered by number or in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, TextIO

from pydantic import AfterValidator, ValidationError
from rich.console import Console as Screen
from rich.text import Text as Styled

from base.clock import Clock, SystemClock
from base.errors import BadSignature, Refused
from base.ids import new_id
from base.text import writable
from bot.channel import Deliver, Health, Limits, Sent
from bot.messages import Address, Author, Fitted, Inbound, Part, Profile, Text, TextPart, Value
from bot.render_fit import must_fit

SPEAKERS: dict[Author, tuple[str, str]] = {  # name shown, style
    "bot": ("Shop", "bold green"),
    "manager": ("Manager", "bold magenta"),
    "customer": ("You", "bold cyan"),
    "system": ("Note", "bold yellow"),
}


class Line(Value):
    """One line that the person typed, as it travels: made by `Console.line`, read by `Console.read_update`."""

    event: str
    at: datetime
    order: int
    peer: Annotated[str, AfterValidator(writable)]
    text: Annotated[str, AfterValidator(writable)]


class Console:
    """A conversation in a terminal. Colours only where `out` is one."""

    name: ClassVar[str] = "console"
    limits: ClassVar[Limits] = Limits(text=100_000, buttons=0, images=False, caption=0, links_as_buttons=False)

    def __init__(
        self,
        account: str = "console",
        peer: str = "terminal",
        locale: str | None = None,
        out: TextIO | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`peer` tells whose conversation this is; `locale` is the person's, where it is known."""
        self._account, self._peer, self._locale = account, peer, locale
        self._screen = Screen(file=out or sys.stdout, highlight=False, markup=False, emoji=False, soft_wrap=True)
        self._clock = clock or SystemClock()
        self._order = 0
        self._shown: dict[str, Sent] = {}

    @property
    def account(self) -> str:
        """The name of this terminal in addresses."""
        return self._account

    @property
    def address(self) -> Address:
        """Where the person at this terminal is reached."""
        return Address(channel=self.name, account=self._account, peer=self._peer)

    def line(self, text: str) -> bytes:
        """What the person typed, as the bytes that are stored; every line is an event of its own."""
        now = self._clock.now()
        self._order = max(self._order + 1, int(now.timestamp() * 1_000_000))  # grows over restarts too
        typed = Line(event=new_id(), at=now, order=self._order, peer=self._peer, text=writable(text))
        return typed.model_dump_json().encode()

    def inbound(self, text: str) -> Inbound:
        """What the person typed, in neutral words."""
        (typed,) = self.read_update(self.line(text))
        return typed

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """No terminal speaks over the web: a closed door."""
        raise BadSignature("The terminal has no webhook.")

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        """The line in `body`, or nothing when it is none of ours; never raises."""
        try:
            typed = Line.model_validate(json.loads(body))
        except (ValueError, ValidationError, RecursionError):
            return ()
        return (
            Inbound(
                address=Address(channel=self.name, account=self._account, peer=typed.peer),
                event_key=typed.event,
                content=Text(text=typed.text),
                at=typed.at,
                order=typed.order,
                profile=Profile(locale=self._locale),
            ),
        )

    async def run(self, deliver: Deliver) -> None:
        """Nothing to fetch: whoever reads the keyboard calls `line`."""

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """Print the message once. Raises Refused for what a terminal has not: buttons, cards."""
        if key in self._shown:
            return self._shown[key]
        must_fit(message, self.limits)
        words = "\n".join(line for part in message.parts for line in _lines(part))
        if not words:
            raise Refused("There is nothing to say in this message.")
        speaker, style = SPEAKERS[message.author]
        self._screen.print(Styled.assemble((f"{message.name or speaker}:", style), " ", words))
        self._shown[key] = Sent(platform_id=str(len(self._shown) + 1))
        return self._shown[key]

    async def typing(self, to: Address) -> None:
        """A terminal shows no typing sign."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """A terminal has no spinner."""

    async def check(self) -> Health:
        """A terminal is always there."""
        return Health("ok", "the terminal")

    async def close(self) -> None:
        """Nothing is held."""


def _lines(part: Part) -> list[str]:
    match part:
        case TextPart(text=text):
            return [text]
        case _:
            return [Fitted(parts=(part,)).words()]
