"""Webhooks of the messengers: told to them, and asked about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol, runtime_checkable

from app.adapters import make_meta
from app.settings import Settings
from base.errors import ShopkeeperError
from base.health import Health
from bot.texts import Texts
from bot.welcome import ShowsWelcome, welcomes
from shop.shopfile import load_shop

KNOWN = ("telegram", "facebook", "instagram")


@runtime_checkable
class Hooked(ShowsWelcome, Protocol):
    """A messenger that can be told where its updates go, and what to show before the first word."""

    async def set_webhook(self, public_url: str) -> str: ...
    async def check(self) -> Health: ...
    async def close(self) -> None: ...


@runtime_checkable
class Unhooked(Protocol):
    """A messenger whose updates can be fetched as well."""

    async def delete_webhook(self) -> None: ...


async def set_webhook(settings: Settings, name: str) -> str:
    """Returns the line to print. Raises ShopkeeperError when something is missing or the messenger refuses."""
    if not settings.public_url.startswith("https://"):
        raise ShopkeeperError(
            "A webhook needs a public address.", "Set SHOPKEEPER_PUBLIC_URL=https://…, or leave the shop to poll."
        )
    async with _messenger(settings, name) as messenger:
        address = await messenger.set_webhook(settings.public_url)
        shown = await _show_welcome(settings, messenger)
    if name == "telegram":
        return f"Telegram sends updates to {address}\n{shown}"
    return f"Subscribed. In the dashboard of your app, the callback address is {address}\n{shown}"


async def remove_webhook(settings: Settings, name: str) -> str:
    """Back to fetching, where a messenger can be fetched from; returns the line to print. Raises ShopkeeperError."""
    async with _messenger(settings, name) as messenger:
        if not isinstance(messenger, Unhooked):
            raise ShopkeeperError(
                f"{name.capitalize()} brings its updates by webhook alone.", "Unsubscribe in the dashboard of your app."
            )
        await messenger.delete_webhook()
    return f"{name.capitalize()} calls nobody any more. Take its webhook secret out, and the shop fetches its updates."


async def set_profile(settings: Settings, name: str) -> str:
    """Show greeting, menu and first questions in all languages of the shop; returns the line to print."""
    async with _messenger(settings, name) as messenger:
        return await _show_welcome(settings, messenger)


async def _show_welcome(settings: Settings, messenger: ShowsWelcome) -> str:
    shop = load_shop(settings.shop_folder / "shop.yml")
    texts = Texts.load(settings.data_folder / "texts", zone=shop.tzinfo, own=settings.shop_folder / "texts")
    changed = await messenger.show_welcome(said := welcomes(texts, shop))
    languages = ", ".join(one.locale for one in said)
    return f"Shown in {languages}: {', '.join(changed)}" if changed else f"Shown in {languages} already."


async def check_webhook(settings: Settings, name: str) -> Health:
    """What the messenger says about its calls."""
    async with _messenger(settings, name) as messenger:
        return await messenger.check()


@asynccontextmanager
async def _messenger(settings: Settings, name: str) -> AsyncIterator[Hooked]:
    if name not in KNOWN:
        raise ShopkeeperError(f"{name!r} has no webhook to set here.", f"Use: {', '.join(KNOWN)}")
    messenger = _telegram(settings) if name == "telegram" else _meta(settings, name)
    try:
        yield messenger
    finally:
        await messenger.close()


def _telegram(settings: Settings) -> Hooked:
    token = settings.telegram.token.get_secret_value()
    if not token:
        raise ShopkeeperError("Telegram is not set up.", "Get a token from @BotFather: SHOPKEEPER_TELEGRAM__TOKEN")
    from integrations.messenger.telegram.adapter import Telegram

    secret = settings.telegram.webhook_secret.get_secret_value()
    return Telegram(token, settings.telegram.api_base, secret, token.partition(":")[0])


def _meta(settings: Settings, name: str) -> Hooked:
    from integrations.meta.messenger import MetaMessenger

    messenger = make_meta(settings).get(name)
    if not isinstance(messenger, MetaMessenger):
        raise ShopkeeperError(f"{name.capitalize()} is not set up.", f"See docs/channels/{name}.md")
    return messenger
