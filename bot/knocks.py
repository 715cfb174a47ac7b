"""What is asked of our own door from outside, to see whether a platform would get in, and a stranger not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Knock:
    """One call at the door of a channel, as its platform or a stranger would make it, and what it must answer.

    A body makes it a POST, a query a GET. It says nothing that belongs to a conversation.
    """

    what: str
    status: int
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    answer: str | None = None  # None: whatever it says


@runtime_checkable
class Knocks(Protocol):
    """A channel whose platform calls us."""

    def knocks(self) -> Sequence[Knock]:
        """Nothing where the platform does not call. Pure."""
        ...
