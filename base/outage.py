"""A platform that is down is told once, however often it is asked, and once that it is back."""

from __future__ import annotations

import structlog

log = structlog.get_logger("outage")


class Outage:
    """What is known of one platform's line. `name` begins the event's name: `stripe.down`, `stripe.back`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: set[str] = set()

    def down(self, why: str) -> None:
        """It does not answer as it should. Another reason is told, too, each once until it is back."""
        if why not in self._told:
            log.warning(f"{self._name}.down", reason=why)
        self._told.add(why)

    def back(self) -> None:
        """It answers."""
        if self._told:
            log.info(f"{self._name}.back")
        self._told.clear()
