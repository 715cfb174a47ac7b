"""One of several processes in which a crowd of customers checks out at the same moment."""

from __future__ import annotations

import asyncio
import multiprocessing.synchronize
from collections import Counter
from collections.abc import Sequence

from base.db import Database, Tx
from shop.catalogue import load_catalogue
from shop.commands import CannotPlace, Event, OrderPlaced, OrderQuoted, PlaceOrder, QuoteOrder, QuoteOutdated
from shop.handlers import ShopContext, handle
from shop.shopfile import load_shop
from tests.integration.lumo import DATA, NOON


def check_out(url: str, customers: Sequence[str], start: multiprocessing.synchronize.Barrier) -> Counter[str]:
    """Let these customers, whose carts are filled, quote and say yes all at once; returns how it ended for them."""
    return asyncio.run(_check_out(url, customers, start))


async def _check_out(url: str, customers: Sequence[str], start: multiprocessing.synchronize.Barrier) -> Counter[str]:
    db, shop = Database(url, pool_size=8), load_shop(DATA / "shop.yml")
    async with db.begin() as tx:
        catalogue = await load_catalogue(tx)

    async def nobody(tx: Tx, customer: str, event: Event) -> None:
        """Nobody listens."""

    async def one(customer: str) -> str:
        def context(tx: Tx) -> ShopContext:
            return ShopContext(
                tx=tx, now=NOON, customer=customer, locale="en", actor=customer, shop=shop, catalogue=catalogue,
                tell=nobody,
            )  # fmt: skip

        quote = QuoteOrder(recipient="A", phone="1", delivery="boxberry", point="KUN-1", payment="card")
        while True:
            quoted = await db.run(lambda tx: handle(context(tx), quote))
            if isinstance(quoted, CannotPlace):
                return quoted.reason
            assert isinstance(quoted, OrderQuoted), quoted
            yes = PlaceOrder(quote=quoted.quote, key=customer)
            placed = await db.run(lambda tx, yes=yes: handle(context(tx), yes))
            if isinstance(placed, CannotPlace):
                return placed.reason
            if isinstance(placed, OrderPlaced):
                return "placed"
            assert isinstance(placed, QuoteOutdated), placed

    await asyncio.to_thread(start.wait, 30)
    ends = await asyncio.gather(*(one(customer) for customer in customers))
    await db.close()
    return Counter(ends)
