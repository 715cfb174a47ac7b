"""Goods shown to somebody who looks for them from elsewhere in the messenger: no customer, no talk, no record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

import structlog

from base.clock import Clock
from base.db import Database
from bot.channel import Channel
from bot.messages import Inbound, Search, Value
from bot.state import Sentence
from bot.texts import Texts
from bot.understanding import Understanding
from bot.world import World
from shop.commands import FindProducts, Found
from shop.views import ProductView

PAGE = 50  # goods; Telegram takes no more in one answer
FARTHEST = 5000  # goods down the list
LONGEST = 200  # letters of a search

log = structlog.get_logger("showcase")


class Good(Value):
    """One product as it is offered, in the language of who looks."""

    product: str
    title: str
    price: str
    description: str
    image: str = ""  # an absolute address
    open: str  # title of the button that leads to the shop


@runtime_checkable
class ShowsGoods(Protocol):
    """A channel in which goods can be looked for without talking to the shop."""

    async def show_goods(self, search: Search, goods: Sequence[Good], *, more: str) -> None:
        """Answer a search. `more`: what comes back as `page` when more is wanted; empty: that was all. Never raises."""
        ...


class Showcase:
    def __init__(
        self, db: Database, clock: Clock, world: World, texts: Texts, understanding: Understanding,
        channels: Mapping[str, Channel],
    ) -> None:  # fmt: skip
        self._db, self._clock, self._world, self._texts = db, clock, world, texts
        self._understanding, self._channels = understanding, channels

    async def answer(self, inbound: Inbound) -> None:
        """Show what fits the words; without words, the shop's first goods. Never raises: he types on and asks again."""
        channel, search = self._channels.get(inbound.address.channel), inbound.content
        if not isinstance(search, Search) or not isinstance(channel, ShowsGoods):
            return
        locale = self._texts.locale_for(inbound.profile.locale or self._world.shop.language)
        try:
            page = search.page
            begin = min(int(page), FARTHEST) if page.isascii() and page.isdigit() and len(page) < 6 else 0
            found = await self._found(search.words[:LONGEST], begin, locale)
            end = begin + len(found.products)
            more = str(end) if found.products and end < found.total else ""
            await channel.show_goods(search, [self._good(product, locale) for product in found.products], more=more)
        except Exception as error:
            log.warning("a search was not answered", channel=inbound.address.channel, error=type(error).__name__)

    async def _found(self, words: str, begin: int, locale: str) -> Found:
        world = self._world
        async with self._db.begin() as tx:
            version = await tx.row("SELECT version FROM catalogue_meta")
            if version is not None and version["version"] != world.catalogue.version:
                await world.refresh(tx, self._understanding)
            nobody = world.context(
                tx, now=self._clock.now(), customer="", locale=locale, actor="", channel="", source=""
            )
            found = await world.handle(nobody, FindProducts(query=words, offset=begin, limit=PAGE))
        assert isinstance(found, Found)
        return found

    def _good(self, product: ProductView, locale: str) -> Good:
        def said(key: str, **args: str) -> str:
            return self._texts.say(Sentence(key=key, args=dict(args)), locale)

        prices = [variant.price for variant in product.in_stock or product.variants]
        least = min(prices, key=lambda price: price.amount_minor)
        price = self._texts.money(least, locale)
        if any(one != least for one in prices):
            price = said("showcase.from", price=price)
        if not product.in_stock:
            price = said("showcase.sold_out", price=price)
        image = product.image or ""
        if image.startswith("/"):
            image = f"{self._world.public_url.rstrip('/')}{image}" if self._world.public_url else ""
        return Good(
            product=product.id, title=product.name, price=price, description=product.description, image=image,
            open=said("button.to_the_shop"),
        )  # fmt: skip
