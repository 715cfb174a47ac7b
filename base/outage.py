"""A platform that is down is told once, however often it is asked, and once that it is back."""

from __future__ import annotations

import structlog

log = structlog.get_logger("outage")


class Outage:
    """What is known of one platform's line. `name` begins the event's name: `stripe.down`, `stripe.back`.

    `about`: what else the log tells of it.
    """

    def __init__(self, name: str, **about: object) -> None:
        self._name, self._about = name, about
        self._told: set[str] = set()
        self.why = ""  # it is down for now; empty when it is not

    def down(self, why: str) -> None:
        """It does not answer as it should. Another reason is told, too, each once until it is back."""
        if why not in self._told:
            log.warning(f"{self._name}.down", reason=why, **self._about)
        self._told.add(why)
        self.why = why

    def back(self) -> None:
        """It answers."""
        if self.why:
            log.info(f"{self._name}.back", **self._about)
        self._told.clear()
        self.why = ""
