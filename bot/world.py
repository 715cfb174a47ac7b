"""The shop as the conversation sees it: its file, its catalogue of today, and the door for commands."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

from psycopg.types.json import Jsonb

from base.db import Tx
from base.ids import new_id
from bot import ownership
from bot.channel import Limits
from bot.messages import About
from bot.understanding import (
    Lexicon,
    PointWords,
    ProductWords,
    Understanding,
    VariantWords,
    Words,
)
from bot.windows import in_time, polite
from shop.catalogue import Catalogue, CatalogueProduct, load_catalogue, said_in
from shop.commands import AskPolicy, Command, Event, PolicyAnswered, Result
from shop.faq import Faq
from shop.handlers import ShopContext, handle
from shop.history import raise_task
from shop.lexicon import CodeWords
from shop.lexicon import lexicon as shop_words
from shop.posts import Goods, goods_shown
from shop.search import search_of
from shop.shopfile import ShopFile


class World:
    """Everything a turn asks of the shop. One per process; the catalogue is swapped when its version moves."""

    plain_limits = Limits(text=4000)

    def __init__(
        self, shop: ShopFile, faq: Faq, *, public_url: str = "", quiet: bool = True,
        providers: frozenset[str] | None = None,
    ) -> None:  # fmt: skip
        """`quiet`: keep the shop's quiet hours; a demo whose days last a minute has none.

        `providers`: who can collect money for this shop; other ways of paying are not offered. None: all can.
        """
        self.shop = shop
        self.faq = faq
        self.public_url = public_url
        self.quiet = quiet
        self.providers = providers
        self.catalogue = Catalogue(version=-1)

    def polite(self, at: datetime) -> datetime:
        """When something that nobody asked for may be said, at `at` the earliest."""
        return polite(at, self.shop) if self.quiet else at

    def in_time(self, due: datetime, *, now: datetime, closes: datetime | None) -> datetime:
        """The same before the channel `closes`, if there is time enough (None: it never does)."""
        return in_time(due, self.shop, now=now, closes=closes) if self.quiet else due

    def duty(self, at: datetime) -> ownership.Duty:
        """Who is there for a customer that asks for a person; `opens` is the next opening within a week."""
        shop, local = self.shop, self.shop.local(at)
        within = int(shop.figures.get("answer_minutes", 30))
        coming = [shop.hours.on(local.date() + timedelta(days=ahead)) for ahead in range(8)]
        later = [span for ahead, span in enumerate(coming) if span and (ahead or local.time() < span.open)]
        opens = later[0].open.strftime("%H:%M") if later else ""
        return ownership.Duty(present=shop.managers_on_duty(at), opens=opens, within=within)

    async def refresh(self, tx: Tx, understanding: Understanding) -> None:
        """Read the catalogue of today and let understanding learn its words."""
        catalogue = await load_catalogue(tx)
        await asyncio.to_thread(search_of, catalogue, self.shop)
        await asyncio.to_thread(lambda: understanding.learn(lexicon(self.shop, catalogue)))
        self.catalogue = catalogue  # last: whoever sees this version may rely on all that is made of it

    def context(
        self, tx: Tx, *, now: datetime, customer: str, locale: str, actor: str, channel: str, source: str
    ) -> ShopContext:
        return ShopContext(
            tx=tx, now=now, customer=customer, locale=locale, actor=actor, shop=self.shop, catalogue=self.catalogue,
            tell=tell_customer, channel=channel, source=source, public_url=self.public_url, providers=self.providers,
        )  # fmt: skip

    def shown_by(self, about: About) -> tuple[Goods, ...]:
        """The goods that a post or a story shows, where the shop knows it."""
        return goods_shown(about.everything, self.catalogue, self.shop.posts)

    async def handle(self, ctx: ShopContext, command: Command) -> Result:
        """Run a command of the shop, or answer a question of policy."""
        if isinstance(command, AskPolicy):
            return PolicyAnswered(topic=command.topic, text=self.faq.answer(command.topic, ctx.locale))
        return await handle(ctx, command)

    def told_of(self, product: CatalogueProduct, locale: str) -> tuple[str, str]:
        """A product's name, and all that its data tell in this language."""
        facts = [said_in(words, locale) for words in product.facts.values()]
        told = [said_in(product.descriptions, locale), *facts]
        return product.name(locale), " ".join(f"{one.rstrip('.')}." for one in told if one)

    async def new_customer(self, tx: Tx, *, name: str | None, locale: str, now: datetime) -> str:
        customer = new_id()
        await tx.execute(
            "INSERT INTO customer (id, name, locale, segments, created_at) VALUES (%s, %s, %s, %s, %s)",
            customer, name, locale, Jsonb([]), now,
        )  # fmt: skip
        return customer

    async def cart_lines(self, tx: Tx, customer: str) -> tuple[tuple[str, int], ...]:
        """(SKU, quantity) of what lies in the cart, oldest first."""
        row = await tx.row("SELECT lines FROM cart WHERE customer = %s", customer)
        return tuple((line["sku"], line["quantity"]) for line in row["lines"]) if row else ()

    async def add_task(self, tx: Tx, *, kind: str, customer: str, text: str, now: datetime) -> None:
        """Something a person at the desk must look at."""
        await raise_task(tx, kind, text, key=new_id(), now=now, customer=customer)


async def tell_customer(tx: Tx, customer: str, event: Event) -> None:
    """Leave an event of the shop with the customer's conversation: the one he used last."""
    row = await tx.row(
        """SELECT id FROM conversation WHERE customer_id = %s
           ORDER BY reachable DESC, last_inbound_at DESC NULLS LAST, id LIMIT 1""",
        customer,
    )
    if row is not None:
        now = await tx.row("SELECT now() AS at")
        assert now is not None
        await ownership.tell(tx, row["id"], event.model_dump(mode="json"), now=now["at"])


async def writes_from(tx: Tx, customer: str, channel: str, peer: str) -> bool:
    """Whether this customer is the person behind an address of a messenger."""
    found = await tx.row(
        "SELECT 1 FROM conversation WHERE customer_id = %s AND channel = %s AND peer = %s LIMIT 1",
        customer, channel, peer,
    )  # fmt: skip
    return found is not None


def lexicon(shop: ShopFile, catalogue: Catalogue) -> Lexicon:
    """The shop's own words for understanding: goods, attributes, facts, ways to deliver and to pay, places, codes."""
    words = shop_words(catalogue, shop)
    return Lexicon(
        version=words.version,
        locales=words.locales,
        currency=words.currency,
        country=words.country,
        products=tuple(
            ProductWords(
                id=product.id,
                names=product.names,
                variants=tuple(VariantWords(sku=sku, attributes=dict(found)) for sku, found in product.variants),
            )
            for product in words.products
        ),
        attributes=_coded(words.attributes),
        facts=_coded(words.facts),
        deliveries=_coded(words.deliveries),
        payments=_coded(words.payments),
        cities=_coded(words.cities),
        points=tuple(PointWords(code=point.code, city=point.city, words=point.words) for point in words.points),
        codes=words.codes,
        personal_codes=tuple(code for code, promotion in shop.promotions.items() if promotion.personal),
    )


def _coded(words: Iterable[CodeWords]) -> tuple[Words, ...]:
    return tuple(Words(code=one.code, words=one.words) for one in words)
