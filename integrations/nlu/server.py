"""A server whose opinion helps and is never needed: bounded requests, a rest after a failure, told once each way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Literal

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from base.outage import Outage

Outcome = Literal["answered", "failed", "spared"]
Count = Callable[[Outcome], None]
Now = Callable[[], float]


def nobody_counts(outcome: Outcome) -> None:
    """Where no metric is kept."""


class Useless(Exception):
    """No answer came; the words say why, and never what was asked."""


class OpinionServer:
    """`name` begins its lines in the log. `now`: seconds of any clock that only goes on."""

    def __init__(
        self, name: str, base: str, *, patience: float, pause: float, longest: int, count: Count = nobody_counts,
        headers: Mapping[str, str] | None = None, now: Now = time.monotonic,
    ) -> None:  # fmt: skip
        """`patience`: seconds for an answer; `longest`: its bytes; `pause`: seconds of rest after a failure."""
        self.base = URL(base)
        self._pause, self._longest, self._count, self._now = pause, longest, count, now
        self._timeout, self._headers = ClientTimeout(total=patience), dict(headers or {})
        self._http: ClientSession | None = None
        self._line = Outage(name, pause=pause)
        self._rest_until = 0.0

    def rests(self) -> bool:
        """Whether it is left alone now. After its rest one request tries it, and nobody else waits meanwhile."""
        if not self._line.why:
            return False
        if self._now() < self._rest_until:
            self._count("spared")
            return True
        self._rest_until = self._now() + self._pause
        return False

    def failed(self, why: str) -> None:
        self._count("failed")
        self._line.down(why)
        self._rest_until = self._now() + self._pause

    def answered(self) -> None:
        self._line.back()
        self._count("answered")

    async def fetch(self, method: str, path: str, asked: object = None) -> bytes:
        """The body of its answer. Raises Useless, whatever is wrong."""
        if self._http is None or self._http.closed:
            self._http = ClientSession(timeout=self._timeout, headers=self._headers)
        body = bytearray()
        try:
            async with self._http.request(method, self.base / path, json=asked, allow_redirects=False) as answer:
                if answer.status != 200:
                    raise Useless(f"answers {answer.status}")
                async for part in answer.content.iter_any():
                    body += part
                    if len(body) > self._longest:
                        raise Useless("answers without end")
        except TimeoutError:
            raise Useless(f"does not answer within {self._timeout.total:g} s") from None
        except (ClientError, OSError, ValueError) as trouble:
            raise Useless(f"cannot be reached ({type(trouble).__name__})") from None
        return bytes(body)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
