"""One bot's calls of the Bot API: troubles are told in our words, and that Telegram is down is told once."""

from __future__ import annotations

from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramBadRequest, TelegramMigrateToChat
from aiogram.methods import GetMe, TelegramMethod
from aiogram.types import User
from aiogram.utils.token import TokenValidationError

from base.errors import ShopkeeperError, TryLater
from base.outage import Outage
from integrations.messenger.telegram.troubles import is_down, told

CALL_SECONDS = 15  # shorter than the lease of a message that is being sent

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")


class Calls:
    """The connections of one bot, opened with the first call."""

    def __init__(self, token: str, api_base: str) -> None:
        """Raises ShopkeeperError when the token has not the form of a Telegram token."""
        self.session = _Connections(api=TelegramAPIServer.from_base(api_base))
        try:
            self.bot = Bot(token, session=self.session)
        except TokenValidationError:
            raise ShopkeeperError(
                "The Telegram token has not the form 123456:ABC….",
                "Copy it from @BotFather into SHOPKEEPER_TELEGRAM__TOKEN.",
            ) from None
        self.line = Outage("telegram")  # it does not answer, or does not know us
        self.polling = Outage("telegram.polling")  # it does, but gives no updates
        self.moved: dict[str, int] = {}  # chats that have another number now
        self._me: User | None = None

    async def call(self, method: TelegramMethod[Answer]) -> Answer:
        """One call. 400 and an unreadable success stay aiogram's own errors; all else is told in ours.

        A group that has become a supergroup is called by its new number, which Telegram tells each time.
        """
        try:
            return await self._call(method)
        except TelegramMigrateToChat as moved:
            self.moved[str(getattr(method, "chat_id", ""))] = moved.migrate_to_chat_id
            return await self._call(method.model_copy(update={"chat_id": moved.migrate_to_chat_id}), again=True)

    async def _call(self, method: TelegramMethod[Answer], *, again: bool = False) -> Answer:
        try:
            answer = await self.bot(method, request_timeout=CALL_SECONDS)
        except TelegramBadRequest:
            self.line.back()
            raise
        except TelegramMigrateToChat as moved:
            self.line.back()
            raise (told(moved) if again else moved) from None
        except ClientDecodeError as unread:
            if isinstance(unread.data, dict) and unread.data.get("ok") is True:
                raise
            raise TryLater("Telegram's answer could not be read.", after=2) from None
        except (AiogramError, OSError, TypeError) as trouble:  # TypeError: aiogram on an error without description
            error = told(trouble)
            if is_down(trouble):
                self.line.down(error.what)
            else:
                self.line.back()
            raise error from None
        self.line.back()
        return answer

    async def or_tell(self, method: TelegramMethod[bool]) -> None:
        """One call for the owner; a refusal is told in one line. Raises ShopkeeperError."""
        try:
            await self.call(method)
        except AiogramError as trouble:
            raise ShopkeeperError(f"Telegram refused: {self.hushed(trouble)}") from None

    async def quietly(self, method: TelegramMethod[bool]) -> None:
        """One call that is not missed when it fails."""
        try:
            await self.call(method)
        except (AiogramError, ShopkeeperError) as trouble:
            log.debug("telegram.courtesy_failed", reason=self.hushed(trouble))

    async def me(self) -> User:
        """Who we are, asked now. Raises ShopkeeperError, or aiogram's own error for an answer of a strange form."""
        self._me = await self.call(GetMe())
        return self._me

    async def username(self) -> str:
        """The bot's name in links, asked once. Raises as `me` does."""
        return (self._me or await self.me()).username or ""

    def hushed(self, trouble: Exception) -> str:
        """The words of an error without our token, which stands in every address."""
        return str(trouble).replace(self.bot.token, "…")


class _Connections(AiohttpSession):
    """aiogram's connections, closed without its pause of 250 ms: aiohttp waits for TLS by itself since 3.12."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()
