"""The HTTP side of the bot: aiogram's connections, and what can be made of an answer that it cannot read."""

from __future__ import annotations

from aiogram.client.session.aiohttp import AiohttpSession


class Connections(AiohttpSession):
    """aiogram's connections, closed without its pause of 250 ms: aiohttp waits for TLS by itself since 3.12."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()


def number_in(answer: object) -> str | None:
    """The id of a message whose answer could not be read in full."""
    result = answer.get("result") if isinstance(answer, dict) else None
    number = result.get("message_id") if isinstance(result, dict) else None
    return str(number) if isinstance(number, int) else None
