"""Telegram Business: the bot answers the private chats of accounts that people lend to it.

Everything comes through the door of the bot itself; what belongs to a lent account has an address of this channel,
whose `account` is the business connection. Rules: Bot API 10.3, BusinessBotRights, sendMessage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from aiogram.exceptions import AiogramError

from base.errors import BadSignature, ShopkeeperError
from bot.channel import Deliver, Health, Limits
from bot.knocks import Knock
from integrations.messenger.telegram.adapter import Telegram


class TelegramBusiness(Telegram):
    """The same bot, in chats that are not its own: no keyboards that ask, no invoices, and a window of 24 hours."""

    name: ClassVar[str] = "telegram_business"
    lent: ClassVar[bool] = True
    limits: ClassVar[Limits] = replace(
        Telegram.limits, asks=frozenset(), invoices=False, reply_window=timedelta(hours=24)
    )

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """A door that is always closed."""
        raise BadSignature("Telegram Business comes through /webhooks/telegram.")

    def knocks(self) -> Sequence[Knock]:
        """There is nothing to knock at."""
        return ()

    async def run(self, deliver: Deliver) -> None:
        """The bot itself fetches everything."""

    async def check(self) -> Health:
        """Whether people can lend their accounts to the bot."""
        try:
            me = await self._calls.me()
        except ShopkeeperError as trouble:
            return Health("down", trouble.what, "Look at SHOPKEEPER_TELEGRAM__TOKEN and the network.")
        except AiogramError as trouble:
            return Health("down", f"Telegram answers oddly: {self._calls.hushed(trouble)}", "Look at the network.")
        if not me.can_connect_to_business:
            return Health("ok", f"off: business mode of @{me.username} is off at @BotFather")
        return Health("ok", f"on: people can connect @{me.username} to their own accounts")
