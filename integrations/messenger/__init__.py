"""The messengers: one adapter each, imported only when it is set up (aiogram alone takes seconds and 170 MB)."""

from __future__ import annotations

from importlib import import_module

from base.errors import ShopkeeperError

CHANNELS: dict[str, str] = {
    "facebook": "integrations.messenger.facebook:Facebook",
    "instagram": "integrations.messenger.instagram:Instagram",
    "telegram": "integrations.messenger.telegram.adapter:Telegram",
    "telegram_business": "integrations.messenger.telegram.business:TelegramBusiness",
    "webchat": "integrations.messenger.webchat:WebChat",
    "console": "integrations.messenger.console:Console",
}


def adapter(name: str) -> type:
    """The class of the channel `name`, imported now. Raises ShopkeeperError for a name that is not in CHANNELS."""
    place = CHANNELS.get(name)
    if place is None:
        raise ShopkeeperError(f"There is no channel {name!r}.", f"Known: {', '.join(sorted(CHANNELS))}.")
    module, _, entry = place.partition(":")
    found = getattr(import_module(module), entry)
    if not isinstance(found, type):
        raise ShopkeeperError(f"{place} is no class.")
    return found
