"""The whole shop on a test database, open on a free port of this machine."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import aiohttp

from app.main import House, build, running
from app.settings import read_settings, shipped_data
from app.sockets import listen_at
from base.db import Tx
from base.ids import new_id
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.world import tell_customer
from shop.commands import (
    AddLines,
    CartChanged,
    Command,
    LineWish,
    OrderPlaced,
    OrderQuoted,
    PaymentRequested,
    PlaceOrder,
    QuoteOrder,
    RequestPayment,
    Result,
)
from shop.orders import expire_due
from shop.seed import seed_demo
from tests.integration.lumo import DATA
from tests.models import MODELS

HOME = Path(tempfile.gettempdir()) / f"shopkeeper-tests-{os.getuid() if hasattr(os, 'getuid') else 0}-home"


@dataclass
class OpenShop:
    """A running shop and a client for it."""

    house: House
    http: aiohttp.ClientSession

    @property
    def url(self) -> str:
        return self.house.settings.local_url

    async def ask(self, customer: str, command: Command, *, channel: str = "webchat") -> Result:
        """Run a command of the shop as a turn would."""
        house = self.house

        async def work(tx: Tx) -> Result:
            ctx = house.world.context(
                tx, now=house.clock.now(), customer=customer, locale="en", actor=customer, channel=channel, source=""
            )
            return await house.world.handle(ctx, command)

        return await house.db.run(work)

    async def buyer(self) -> str:
        async with self.house.db.begin() as tx:
            return await self.house.world.new_customer(tx, name="Ana", locale="en", now=self.house.clock.now())

    async def placed(self, customer: str, sku: str = "MUG-white", payment: str = "card") -> PaymentRequested:
        """An order of one piece with its payment link."""
        changed = await self.ask(customer, AddLines(lines=(LineWish(sku=sku),)))
        assert isinstance(changed, CartChanged)
        quoted = await self.ask(
            customer,
            QuoteOrder(
                recipient="Ana P.", phone="+37060000001", delivery="dhl", address="Gedimino 5, Vilnius", payment=payment
            ),
        )
        assert isinstance(quoted, OrderQuoted), quoted
        order = await self.ask(customer, PlaceOrder(quote=quoted.quote, key=new_id()))
        assert isinstance(order, OrderPlaced)
        requested = await self.ask(customer, RequestPayment(order=order.order.id))
        assert isinstance(requested, PaymentRequested)
        return requested


@dataclass
class Books:
    """A shop that takes money by some provider, and what its books say."""

    shop: OpenShop

    async def told(self, query: str) -> list[object]:
        """The first column of every row."""
        async with self.shop.house.db.begin() as tx:
            return [next(iter(row.values())) for row in await tx.rows(query)]

    async def let_the_hold_end(self) -> None:
        """An hour passes for the one order that waits for its money."""
        house = self.shop.house
        async with house.db.begin() as tx:
            for table, column in (("shop_order", "reserved_until"), ("payment", "until")):
                await tx.execute(f"UPDATE {table} SET {column} = {column} - interval '1 hour'")
        assert await expire_due(house.db, house.clock.now(), tell_customer) == 1


def data_with(folder: Path, old: str, new: str) -> Path:
    """A copy of the owner's data, with other words in Lumo's shop.yml at the first place of `old`."""
    shutil.copytree(DATA.parent, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("demo"))
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    own = folder / "shop.yml"
    words = own.read_text(encoding="utf-8")
    assert old in words
    own.write_text(words.replace(old, new, 1), encoding="utf-8")
    return folder


@asynccontextmanager
async def open_shop(url: str, *, worker: bool = False, **given: object) -> AsyncIterator[OpenShop]:
    """Lumo, freshly filled, with its pages and doors open."""
    sock = listen_at("127.0.0.1", 0, command="serve")
    settings = read_settings(env_file=None, home=HOME, port=sock.getsockname()[1], **given)
    house = await build(settings, url, understanding=_understanding(settings.data_folder))
    async with house.db.begin() as tx:
        await seed_demo(tx, settings.shop_folder)
        await house.world.refresh(tx, house.understanding)
    try:
        async with (
            running(house, sock=sock, worker=worker),
            aiohttp.ClientSession(settings.local_url, timeout=aiohttp.ClientTimeout(total=20)) as http,
        ):
            yield OpenShop(house, http)
    finally:
        await house.close()


def _understanding(data: Path) -> EmbeddedUnderstanding:
    """Read once in this process, also where a test has a copy of the data with other settings."""
    shipped = shipped_data()
    same = filecmp.cmp(data / "intents.yml", shipped / "intents.yml", shallow=False)
    return _learned(shipped if same else data)


@cache
def _learned(data: Path) -> EmbeddedUnderstanding:
    """Trained once on this machine."""
    return EmbeddedUnderstanding.load(data, MODELS)
