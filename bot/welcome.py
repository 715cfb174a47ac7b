"""What a messenger shows of the shop before a word was said: greeting, menu, first questions, commands. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.acts import Act
from bot.state import Sentence
from bot.texts import Texts
from shop.shopfile import ShopFile

INTENTS = {  # what an entry means, by its code: the same dialogs as if it had been said
    "catalogue": "browse",
    "gift": "find_gift",
    "cart": "show_cart",
    "checkout": "checkout",
    "orders": "track_order",
    "delivery": "faq_delivery",
    "human": "human",
    "help": "help",
    "cancel": "cancel",
}
MENU = ("catalogue", "gift", "cart", "orders", "human")
QUESTIONS = ("gift", "catalogue", "delivery", "human")  # Meta shows four at most; who writes first has no order yet
COMMANDS = ("catalogue", "cart", "checkout", "orders", "human", "help", "cancel")
PREFIX = "menu."  # of the payload of such an entry; payloads of the bot's own buttons have no dot


@dataclass(frozen=True, slots=True)
class Entry:
    """One line that can be pressed."""

    code: str
    title: str

    @property
    def payload(self) -> str:
        return f"{PREFIX}{self.code}"


@dataclass(frozen=True, slots=True)
class Welcome:
    """All of it in one language."""

    locale: str
    greeting: str
    menu: tuple[Entry, ...]
    questions: tuple[Entry, ...]
    commands: tuple[Entry, ...]


@runtime_checkable
class ShowsWelcome(Protocol):
    """A channel that has a place for some of it."""

    async def show_welcome(self, welcomes: Sequence[Welcome]) -> Sequence[str]:
        """Show it, each language to those who have it and the first to all others; safe to do again.

        Returns what was changed, in the messenger's own words. Raises ShopkeeperError.
        """
        ...


def welcomes(texts: Texts, shop: ShopFile) -> tuple[Welcome, ...]:
    """One for each language of the shop, the shop's own first."""
    spoken = dict.fromkeys(locale for locale in shop.languages if locale in texts.locales)
    return tuple(_welcome(texts, shop.name, locale) for locale in spoken or (texts.locale_for(shop.language),))


def _welcome(texts: Texts, shop: str, locale: str) -> Welcome:
    def entries(kind: str, codes: Sequence[str]) -> tuple[Entry, ...]:
        return tuple(Entry(code, texts.say(Sentence(key=f"{kind}.{code}"), locale)) for code in codes)

    greeting = texts.say(Sentence(key="menu.greeting", args={"shop": shop}), locale)
    return Welcome(
        locale, greeting, entries("menu", MENU), entries("menu.ask", QUESTIONS), entries("menu.command", COMMANDS)
    )


def act_of(payload: str) -> Act | None:
    """What pressing an entry means; None for the payload of any other button."""
    intent = INTENTS.get(payload.removeprefix(PREFIX)) if payload.startswith(PREFIX) else None
    return Act(intent=intent) if intent else None
