"""A messenger in memory: it takes everything, and keeps what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from base.errors import BadSignature, TryLater
from bot.channel import Deliver, Health, Limits, Sent
from bot.messages import Address, Fitted, Inbound


@dataclass(frozen=True, slots=True)
class Recorded:
    """One platform call as it would have left the shop."""

    to: Address
    message: Fitted
    platform_id: str


class RecordingChannel:
    """Generous limits and buttons; `sent` keeps every call in order, also one that came twice."""

    name: ClassVar[str] = "recording"
    limits: ClassVar[Limits] = Limits(
        mixed=True,
        text=4000,
        buttons=20,
        button_title=60,
        payload=200,
        cards=10,
        receipts=True,
        asks=frozenset({"phone", "email"}),
    )

    def __init__(self) -> None:
        self.sent: list[Recorded] = []
        self.busy = 0  # so many of the next messages are put off, as a messenger does that is asked too often

    @property
    def account(self) -> str:
        return "script"

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        raise BadSignature("A script has no webhook.")

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        """Nothing: a script hands over neutral inbounds."""
        return ()

    async def run(self, deliver: Deliver) -> None:
        """Nothing to fetch."""

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        if self.busy:
            self.busy -= 1
            raise TryLater("The messenger is busy.", after=0.05)
        recorded = Recorded(to, message, platform_id=f"m{len(self.sent) + 1}")
        self.sent.append(recorded)
        return Sent(platform_id=recorded.platform_id)

    async def typing(self, to: Address) -> None:
        """Nobody looks."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """No spinner to stop."""

    async def check(self) -> Health:
        return Health("ok", "a channel for scripts")

    async def close(self) -> None:
        """Nothing is held."""
