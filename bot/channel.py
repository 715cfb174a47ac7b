"""The port to a messenger. One adapter is one module in integrations/messenger/ and a green contract suite."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Literal, Protocol, runtime_checkable

from base.health import Health
from bot.messages import Address, Fitted, Inbound


@dataclass(frozen=True, slots=True)
class Limits:
    """What one platform call can carry. A number of 0 means: not available, render.fit() makes it plainer."""

    text: int  # longest text of one message, counted in `text_unit`
    text_unit: Literal["chars", "utf16", "bytes"] = "chars"
    buttons: int = 0  # most buttons under one message
    button_title: int = 20  # longest title of a button, characters
    payload: int = 64  # longest payload of a button, bytes
    cards: int = 0  # most cards in one message; 0: cards become numbered text with buttons
    card_title: int = 80
    card_buttons: int = 10  # most buttons on one card
    images: bool = True
    album: int = 0  # most pictures in one message; 0: each is a message of its own
    mixed: bool = False  # one call can carry words, pictures and cards together, in any order
    caption: int = 1024  # longest text beside an image, characters; longer goes separately
    links_as_buttons: bool = True
    links: int = 0  # most links that are buttons of one message; 0: as many as there are buttons
    link_text: int = 0  # longest text above such links, characters; in a longer one they are addresses; 0: any
    receipts: bool = False  # has a receipt of its own; else receipts become text
    invoices: bool = False  # collects money itself; else invoices become text, and are offered nowhere
    opt_in: bool = False  # the platform itself asks whether offers may come after the window
    asks: frozenset[str] = frozenset()  # which of phone, email, location can be asked natively
    edits: bool = False
    reply_window: timedelta | None = None  # how long after the last inbound we may write; None: always
    human_window: timedelta | None = None  # and how long a manager may by hand, under the platform's tag of a human
    typing: float = 5.0  # seconds for which its sign that somebody is writing stays, unless a message ends it
    silent: bool = False  # a message can come without a sound
    unseen_by_some: bool = False  # some of its apps show no buttons and cards: they are numbered in the words as well
    shown_once: bool = False  # the same key sent twice shows one message: after a crash it is simply sent again


@dataclass(frozen=True, slots=True)
class Sent:
    """A message reached the platform. `platform_id` is its id there, where the platform gives one."""

    platform_id: str | None = None
    rest: float = 0.0  # seconds for which the platform wants to hear nothing more from this account


@dataclass(frozen=True, slots=True)
class Raw:
    """The bytes as they came, kept before anything is understood. `inbounds` may be empty: nothing is thrown away."""

    channel: str
    account: str
    event_key: str
    body: bytes
    inbounds: tuple[Inbound, ...]


@runtime_checkable
class SendsTemplates(Protocol):
    """A channel that takes news of an order at any time, in a template that its platform has approved."""

    template: str  # its name; empty: the shop has none

    async def send_template(self, to: Address, words: str, locale: str, *, key: str) -> Sent:
        """`words` in one line. Raises as `Channel.send` does."""
        ...


@runtime_checkable
class SendsByHand(Protocol):
    """A channel that takes a person's own words for longer than a program's."""

    async def send_by_hand(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """What a signed-in manager typed, under the platform's tag of a human. Raises as `Channel.send` does."""
        ...


Deliver = Callable[[Raw], Awaitable[None]]


class Channel(Protocol):
    """A messenger. `read_update` is pure; only `run`, `send` and `check` touch the network."""

    name: ClassVar[str]
    limits: ClassVar[Limits]

    @property
    def account(self) -> str:
        """Our account on this channel: part of every address and event key."""
        ...

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raise BadSignature unless the raw bytes come from the platform. An unset secret is a closed door."""
        ...

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        """What happened, in neutral words. Never raises: unknown kinds give nothing or `Other`."""
        ...

    async def run(self, deliver: Deliver) -> None:
        """Fetch updates until cancelled (polling); returns at once where a webhook brings them."""
        ...

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """One platform call. `key` is the same on every try of this message.

        Raises TryLater (with seconds), Unreachable (blocked), or Refused (sending again would not help).
        """
        ...

    async def typing(self, to: Address) -> None:
        """Show that an answer is being written, where the platform can. Never raises."""
        ...

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the platform's spinner after a tap, where it has one. Never raises."""
        ...

    async def check(self) -> Health:
        """Look whether the channel works, for doctor."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


__all__ = ["Channel", "Deliver", "Health", "Limits", "Raw", "SendsByHand", "SendsTemplates", "Sent"]
