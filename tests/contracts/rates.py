"""How fast a loopback platform lets itself be called: so many at once, then one now and then."""

from __future__ import annotations

import math
import time
from collections.abc import Callable


class Rate:
    """`burst` calls at once, and one more each `every` seconds; counted for each key apart.

    `now`: seconds of any clock that only goes on.
    """

    def __init__(self, every: float, burst: int, now: Callable[[], float] = time.monotonic) -> None:
        self.every, self.burst, self._now = every, burst, now
        self._free_at: dict[object, float] = {}  # when all of it is free again

    def wait(self, key: object = None) -> int:
        """0, and the call counts; else it is one too many, and these are the seconds until the next may come."""
        now = self._now()
        free_at = max(self._free_at.get(key, 0.0), now) + self.every
        too_early = free_at - now - self.every * self.burst
        if too_early > 1e-6:
            return math.ceil(too_early)
        self._free_at[key] = free_at
        return 0
