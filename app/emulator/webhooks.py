"""The webhooks of a play messenger: signed as Meta's, in the order of what one person did, until they are taken."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientSession, ClientTimeout

from app.emulator.rules import GraphError, Json

RETRIES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds between deliveries of one webhook; the last is repeated
PATIENCE = ClientTimeout(total=5)  # Meta waits five seconds for the 200

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery. `taken` is called when the shop has it."""

    update: Json
    taken: Callable[[], None] | None


@dataclass(eq=False)
class _Line:
    """What waits about one person, and who carries it."""

    waiting: asyncio.Queue[Parcel] = field(default_factory=asyncio.Queue)
    courier: asyncio.Task[None] | None = None


class Webhooks:
    """`callback`: the shop's door. What the shop has not subscribed to is told to nobody."""

    def __init__(self, name: str, app_secret: str, verify_token: str) -> None:
        self.subscribed: frozenset[str] = frozenset()
        self.callback = ""
        self._name, self._secret, self._verify_token = name, app_secret, verify_token
        self._lines: dict[str, _Line] = {}
        self._http: ClientSession | None = None

    async def subscribe(self, callback: str) -> None:
        """Ask the shop's door whether it is the right one, as Meta does before it sends anything. Raises GraphError."""
        challenge = str(secrets.randbelow(10**10))
        asked = {"hub.mode": "subscribe", "hub.verify_token": self._verify_token, "hub.challenge": challenge}
        async with self._client().get(callback, params=asked) as answer:
            if answer.status != 200 or await answer.text() != challenge:
                raise GraphError(2200, 0, "(#2200) The callback address could not be verified")
        self.callback = callback

    def send(self, field: str, person: str, update: Json, taken: Callable[[], None] | None = None) -> None:
        """After everything else about this person, where the shop has subscribed to `field`."""
        if field not in self.subscribed:
            return
        line = self._lines.setdefault(person, _Line())
        line.waiting.put_nowait(Parcel(update, taken))
        if line.courier is None or line.courier.done():
            line.courier = asyncio.create_task(self._carry(line))

    async def _carry(self, line: _Line) -> None:
        while not line.waiting.empty():
            parcel = line.waiting.get_nowait()
            body = json.dumps(parcel.update).encode()  # Meta escapes letters, and signs that
            for pause in _pauses():
                if await self._post(body):
                    break
                log.info("%s: the shop did not take a webhook; again in %s s", self._name, pause)
                await asyncio.sleep(pause)
            if parcel.taken is not None:
                parcel.taken()

    async def _post(self, body: bytes) -> bool:
        signature = hmac.new(self._secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        with suppress(ClientError, OSError, TimeoutError):
            async with self._client().post(self.callback, data=body, headers=headers) as answer:
                return answer.status == 200
        return False

    def _client(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(timeout=PATIENCE)
        return self._http

    async def close(self) -> None:
        """What the shop has not taken yet is lost with the process."""
        couriers = [line.courier for line in self._lines.values() if line.courier is not None]
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)
        if self._http is not None:
            await self._http.close()


def _pauses() -> Iterable[float]:
    yield from RETRIES
    while True:
        yield RETRIES[-1]
