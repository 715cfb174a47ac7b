"""The fixture shop in a fresh database, and customers who talk to it by commands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from psycopg.types.json import Jsonb

from base.db import Database, Tx
from shop.catalogue import Catalogue, load_catalogue
from shop.commands import (
    AddLines,
    Command,
    Event,
    LineWish,
    OrderPlaced,
    OrderQuoted,
    PaymentRequested,
    PlaceOrder,
    QuoteOrder,
    RequestPayment,
    Result,
)
from shop.handlers import ShopContext, handle
from shop.seed import seed_demo
from shop.shopfile import ShopFile

DATA = Path(__file__).parents[2] / "data" / "demo"
NOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # 12:00 in the shop
PUBLIC = "https://shop.example"


@dataclass
class Lumo:
    """The shop as a test sees it. `told`: (customer, event) in the order in which they happened."""

    db: Database
    shop: ShopFile
    catalogue: Catalogue
    now: datetime = NOON
    told: list[tuple[str, Event]] = field(default_factory=list)

    async def tell(self, tx: Tx, customer: str, event: Event) -> None:
        self.told.append((customer, event))

    @asynccontextmanager
    async def context(self, customer: str = "ana", *, actor: str = "") -> AsyncIterator[ShopContext]:
        async with self.db.begin() as tx:
            yield ShopContext(
                tx=tx,
                now=self.now,
                customer=customer,
                locale="en",
                actor=actor or f"talk-{customer}",
                shop=self.shop,
                catalogue=self.catalogue,
                tell=self.tell,
                public_url=PUBLIC,
            )

    async def ask(self, command: Command, customer: str = "ana", *, actor: str = "") -> Result:
        async with self.context(customer, actor=actor) as ctx:
            return await handle(ctx, command)

    def wait(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    async def customer(self, *ids: str) -> None:
        async with self.db.begin() as tx:
            for one in ids:
                await tx.execute(
                    "INSERT INTO customer (id, name, segments, created_at) VALUES (%s, %s, %s, %s)",
                    one,
                    one.title(),
                    Jsonb([]),
                    self.now,
                )

    async def fill(self, lines: Mapping[str, int], customer: str = "ana") -> None:
        await self.ask(AddLines(lines=tuple(LineWish(sku=sku, quantity=q) for sku, q in lines.items())), customer)

    async def quote(self, customer: str = "ana", *, payment: str = "card") -> Result:
        return await self.ask(
            QuoteOrder(
                recipient=customer.title(),
                phone="+37060000001",
                delivery="boxberry",
                point="VNO-OZAS-1",
                payment=payment,
            ),
            customer,
        )

    async def place(self, customer: str = "ana", *, payment: str = "card", key: str = "") -> OrderPlaced:
        quoted = await self.quote(customer, payment=payment)
        assert isinstance(quoted, OrderQuoted), quoted
        placed = await self.ask(PlaceOrder(quote=quoted.quote, key=key or quoted.quote), customer)
        assert isinstance(placed, OrderPlaced), placed
        return placed

    async def link(self, order: str, customer: str = "ana", method: str | None = None) -> PaymentRequested:
        asked = await self.ask(RequestPayment(order=order, method=method), customer)
        assert isinstance(asked, PaymentRequested), asked
        return asked

    async def stock(self, sku: str) -> tuple[int, int]:
        """(on hand, reserved)"""
        async with self.db.begin() as tx:
            row = await tx.row("SELECT on_hand, reserved FROM variant WHERE sku = %s", sku)
        assert row is not None
        return row["on_hand"], row["reserved"]

    async def one(self, query: str, *args: object) -> object:
        async with self.db.begin() as tx:
            row = await tx.row(query, *args)
        assert row is not None
        return next(iter(row.values()))

    async def change(self, query: str, *args: object) -> None:
        async with self.db.begin() as tx:
            await tx.execute(query, *args)


async def open_lumo(db: Database) -> Lumo:
    async with db.begin() as tx:
        shop = await seed_demo(tx, DATA)
    async with db.begin() as tx:
        catalogue = await load_catalogue(tx)
    lumo = Lumo(db, shop, catalogue)
    await lumo.customer("ana", "bob")
    return lumo
