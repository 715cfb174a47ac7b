"""How an adapter says how it is, in one line for doctor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class Health:
    """`mend` is the command or step that helps."""

    state: Literal["ok", "warn", "down"]
    line: str
    mend: str = ""
    ends: datetime | None = None  # when its token or its right to read ends, where the platform tells it
    ending: bool = False  # nothing but that this end is near is wrong
    waiting: int = 0  # updates that the platform keeps for us, where it tells how many
