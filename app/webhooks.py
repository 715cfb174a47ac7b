"""Webhooks of the messengers: told to them, and asked about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from app.settings import Settings
from base.errors import ShopkeeperError
from base.health import Health

if TYPE_CHECKING:
    from integrations.messenger.telegram.adapter import Telegram


async def set_webhook(settings: Settings, name: str) -> str:
    """Returns the line to print. Raises ShopkeeperError when something is missing or the messenger refuses."""
    if not settings.public_url.startswith("https://"):
        raise ShopkeeperError(
            "A webhook needs a public address.", "Set SHOPKEEPER_PUBLIC_URL=https://…, or leave the shop to poll."
        )
    async with _telegram(settings, name) as telegram:
        return f"Telegram sends updates to {await telegram.set_webhook(settings.public_url)}"


async def check_webhook(settings: Settings, name: str) -> Health:
    """What the messenger says about its calls."""
    async with _telegram(settings, name) as telegram:
        return await telegram.check()


@asynccontextmanager
async def _telegram(settings: Settings, name: str) -> AsyncIterator[Telegram]:
    if name != "telegram":
        raise ShopkeeperError(f"{name!r} has no webhook to set here.", "Use: telegram")
    token = settings.telegram.token.get_secret_value()
    if not token:
        raise ShopkeeperError("Telegram is not set up.", "Get a token from @BotFather: SHOPKEEPER_TELEGRAM__TOKEN")
    from integrations.messenger.telegram.adapter import Telegram

    secret = settings.telegram.webhook_secret.get_secret_value()
    telegram = Telegram(token, settings.telegram.api_base, secret, token.partition(":")[0])
    try:
        yield telegram
    finally:
        await telegram.close()
