"""Long polling: fetches raw updates and confirms each to Telegram only after it was stored."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from http import HTTPStatus

import structlog
from aiohttp import ClientError, ClientTimeout

from base.errors import TryLater
from bot.channel import Deliver, Raw
from integrations.messenger.telegram.calls import Calls

HOLD_SECONDS = 25  # how long Telegram holds an empty answer back
FIRST_WAIT = 1.0
LONGEST_WAIT = 30.0

log = structlog.get_logger(__name__)


class Unstored(TryLater):
    """The trouble is ours: Telegram is well, and gives the same update again."""


class Poller:
    """One getUpdates loop. Telegram allows one at a time per bot; a second one is told so and waits."""

    def __init__(self, calls: Calls, allowed_updates: Sequence[str]) -> None:
        self._calls, self._session, self._token = calls, calls.session, calls.bot.token
        self._allowed = list(allowed_updates)
        self._offset: int | None = None
        self._wait = FIRST_WAIT

    async def run(self, read_raw: Callable[[bytes], Raw], deliver: Deliver) -> None:
        """Fetch until cancelled. What `deliver` could not store is fetched again."""
        while True:
            try:
                for body, number in await self._fetch():
                    await self._store(read_raw(body), deliver)
                    self._offset = number + 1
                self._wait = FIRST_WAIT
                self._calls.line.back()
                self._calls.polling.back()
            except Unstored as trouble:
                await self._rest(trouble)
            except TryLater as trouble:
                self._calls.polling.down(trouble.what)
                await self._rest(trouble)

    async def _fetch(self) -> list[tuple[bytes, int]]:
        """Updates as bytes with their numbers, oldest first. Raises TryLater."""
        address = self._session.api.api_url(token=self._token, method="getUpdates")
        wish = {"timeout": HOLD_SECONDS, "allowed_updates": self._allowed}
        if self._offset is not None:
            wish["offset"] = self._offset
        try:
            web = await self._session.create_session()
            async with web.post(address, json=wish, timeout=ClientTimeout(total=HOLD_SECONDS + 10)) as response:
                status, answer = response.status, await response.json(content_type=None)
        except (ClientError, OSError, ValueError, RecursionError) as trouble:
            raise TryLater(f"Telegram cannot be reached ({type(trouble).__name__}).", after=0) from None
        fields = answer if isinstance(answer, dict) else {}
        updates = fields.get("result")
        if status != HTTPStatus.OK or not isinstance(updates, list):
            raise _refusal(status, fields)
        numbered = [
            (json.dumps(update).encode(), update["update_id"])
            for update in updates
            if isinstance(update, dict) and isinstance(update.get("update_id"), int)
        ]
        if updates and not numbered:
            raise TryLater("Telegram sends updates without numbers.", after=LONGEST_WAIT)
        return numbered

    async def _store(self, raw: Raw, deliver: Deliver) -> None:
        try:
            await deliver(raw)
        except Exception as trouble:  # whatever it was, the update is not stored and must come again
            log.warning("telegram.update_not_stored", event_key=raw.event_key, error=type(trouble).__name__)
            raise Unstored("An update could not be stored.", after=0) from trouble

    async def _rest(self, trouble: TryLater) -> None:
        await asyncio.sleep(max(trouble.after, self._wait))
        self._wait = min(self._wait * 2, LONGEST_WAIT)


def _refusal(status: int, answer: dict[str, object]) -> TryLater:
    parameters = answer.get("parameters")
    asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
    after = float(asked) if isinstance(asked, int | float) else 0.0
    if status == HTTPStatus.CONFLICT:
        return TryLater(
            "Another process polls this bot, or a webhook is set. Stop the other, or run: shopkeeper webhook check.",
            after=after,
        )
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        return TryLater("Telegram does not know this token. Set SHOPKEEPER_TELEGRAM__TOKEN anew.", after=LONGEST_WAIT)
    return TryLater(f"Telegram answers {status} to getUpdates.", after=after)
