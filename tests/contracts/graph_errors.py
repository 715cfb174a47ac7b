"""Meta's errors as its page on them tells (Common Error Codes, 2026-06-25), with what each means for the shop.

`stops`: whom it concerns beside the message that was refused. "account": everybody, for a while; "doubted": everybody,
unless others get through meanwhile; "person": all that goes to him; "message": nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from base.errors import (
    AlreadyAnswered,
    Elsewhere,
    Halted,
    Refused,
    ShopkeeperError,
    TryLater,
    Unreachable,
    WindowClosed,
)
from integrations.meta.troubles import Denied, ShutOut, TooFast
from tests.contracts.graph_rules import GraphError

Stops = Literal["account", "doubted", "person", "message"]


@dataclass(frozen=True, slots=True)
class Told:
    """One error. `on`: the only platform that tells it; empty: both."""

    code: int
    subcode: int
    means: type[ShopkeeperError]
    stops: Stops
    status: int = 400
    on: str = ""

    @property
    def error(self) -> GraphError:
        return GraphError(self.code, self.subcode, f"(#{self.code}) as the page has it", self.status)

    def __str__(self) -> str:
        return f"{self.code}/{self.subcode}"


ERRORS = (
    Told(1, 99, TryLater, "message"),
    Told(2, 0, TryLater, "message", status=500),
    Told(4, 0, TooFast, "account"),
    Told(17, 0, TooFast, "account"),
    Told(32, 0, TooFast, "account"),
    Told(613, 0, TooFast, "account"),
    Told(613, 2534040, TooFast, "account", on="instagram"),
    Told(10, 2018278, WindowClosed, "person", on="facebook"),
    Told(10, 2018065, WindowClosed, "person", on="facebook"),
    Told(10, 2534022, WindowClosed, "person", on="instagram"),
    Told(10, 1893063, Halted, "account", on="facebook"),
    Told(10, 2018108, Unreachable, "person"),
    Told(551, 0, Unreachable, "person"),
    Told(551, 1545041, Unreachable, "person"),
    Told(200, 1545041, Unreachable, "person"),
    Told(100, 2018001, Unreachable, "person", on="facebook"),
    Told(100, 2534014, Unreachable, "person", on="instagram"),
    Told(100, 0, Refused, "message"),  # a tag that is retired
    Told(100, 2534015, Refused, "message"),
    Told(100, 2018014, Refused, "message"),
    Told(100, 2534068, Refused, "message", on="instagram"),
    Told(100, 2534037, Elsewhere, "person", on="instagram"),
    Told(100, 2018300, Elsewhere, "person", on="facebook"),
    Told(100, 2018321, Elsewhere, "person", on="facebook"),
    Told(190, 0, Halted, "account", status=401),
    Told(190, 460, Halted, "account", status=401),
    Told(190, 463, Halted, "account", status=401),
    Told(200, 0, Denied, "doubted", status=403),
    Told(200, 2018028, Denied, "doubted", status=403),
    Told(10, 0, Denied, "doubted", status=403),
    Told(200, 2534041, ShutOut, "account", status=403, on="instagram"),
    Told(100, 2534029, ShutOut, "account", on="instagram"),
    Told(2022, 0, ShutOut, "account"),
    Told(10900, 0, AlreadyAnswered, "message"),
)
LOST_PICTURES = (2018008, 2018047, 2018109, 2018294)  # subcodes of 100
UNREADABLE = ((2018218, 0), (2018247, 0), (100, 2018218), (100, 2018247), (100, 33), (10, 0))  # a person's name
