"""The whole shop for the length of one case: real turns, real lanes, a clock that stands still, jobs done at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from app.settings import Settings, shipped_data
from app.talk_test.grammar import DEFAULT_SHOP, PaymentWord
from base.clock import StandingClock
from base.db import Database, Row, Tx
from base.errors import ShopkeeperError
from bot.channel import Channel, Raw
from bot.dialogs import all_dialogs
from bot.messages import Address
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.steps import Registry
from bot.texts import Texts
from bot.turns import Turns
from bot.understanding import Understanding
from bot.world import World, tell_customer
from integrations.delivery.sandbox import SandboxCarrier
from integrations.payments.manual import BankTransfers, ManualPayments
from integrations.payments.sandbox import SandboxPayments
from shop.attempts import Attempt
from shop.carrier_port import Carrier
from shop.commands import Command, Event, Result
from shop.delivery import book_due, cancel_due, poll_due
from shop.edits import expire_edits
from shop.faq import Faq, load_faq
from shop.handlers import Tell
from shop.orders import expire_due
from shop.payment_port import PaymentProvider
from shop.refunds import submit_due
from shop.shopfile import ShopFile, load_shop

PATIENCE = 30.0  # seconds until a conversation must have come to rest
NEVER_AGAIN = timedelta(days=36_500)
PUBLIC_URL = "https://shop.example"  # where pay links of scripts begin


Cashier = Callable[[Attempt, PaymentWord], Awaitable[None]]
"""(attempt, what becomes of it): lets it happen at the provider, and what the provider says come to the shop."""


@dataclass(frozen=True, slots=True)
class Props:
    """What all cases on one data set share: nothing in it changes during a talk."""

    folder: Path
    shop: ShopFile
    faq: Faq
    texts: Texts
    registry: Registry


def shop_folder(shop: str, beside: Path) -> Path:
    """`lumo` is the demo shop; anything else is a folder with shop.yml and catalogue.csv. Raises ShopkeeperError."""
    if shop == DEFAULT_SHOP:
        return shipped_data() / "demo"
    folder = beside / shop
    if not (folder / "shop.yml").is_file():
        raise ShopkeeperError(
            f"There is no data set {shop!r}.", f"Known: {DEFAULT_SHOP}, or a folder with shop.yml and catalogue.csv."
        )
    return folder


@cache
def props(folder: Path) -> Props:
    """Read a data set, once per process."""
    shop = load_shop(folder / "shop.yml")
    texts = Texts.load(shipped_data() / "texts", zone=shop.tzinfo, own=folder / "texts")
    return Props(folder, shop, load_faq(shipped_data() / "faq.yml", shop, money=texts.money), texts, all_dialogs())


@cache
def understanding() -> Understanding:
    """Trained once, kept where every shop of this account finds it, and shared by all cases of this process."""
    return EmbeddedUnderstanding.load(shipped_data(), Settings().models_folder)


class Stage:
    """One shop on one fresh database."""

    def __init__(
        self, db: Database, props: Props, understanding: Understanding, clock: StandingClock,
        channels: Mapping[str, Channel],
    ) -> None:  # fmt: skip
        self.db, self.props, self.clock = db, props, clock
        self.world = World(props.shop, props.faq, public_url=PUBLIC_URL)
        self.understanding, self.channels = understanding, channels
        self.turns = self._turns(props.registry, props.texts)
        self.sandbox = SandboxPayments(db, clock, env="demo", public_url=PUBLIC_URL, secret="")
        self.providers: Mapping[str, PaymentProvider] = {
            one.code: one for one in (self.sandbox, ManualPayments(clock), BankTransfers(clock))
        }
        self.cashiers: dict[str, Cashier] = {}  # how customers of a provider really pay; else it is only reported
        self.carriers: Mapping[str, Carrier] = {"sandbox": SandboxCarrier(db, clock, env="demo", public_url=PUBLIC_URL)}
        self._held: list[Raw] | None = None

    def deploy(self, registry: Registry, texts: Texts) -> None:
        """The process ends and another one begins, with other dialogs and texts: what people talk about goes on."""
        self.turns = self._turns(registry, texts)

    def _turns(self, registry: Registry, texts: Texts) -> Turns:
        return Turns(
            db=self.db, clock=self.clock, registry=registry, understanding=self.understanding, world=self.world,
            texts=texts, channels=self.channels, public_url=PUBLIC_URL,
        )  # fmt: skip

    @property
    def now(self) -> datetime:
        return self.clock.now()

    # ---- messages --------------------------------------------------------------------------------

    async def deliver(self, raw: Raw) -> None:
        """What a channel hands over. Within `together` it waits for the rest of its burst."""
        if self._held is not None:
            self._held.append(raw)
        else:
            await self.turns.receive(raw)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Everything delivered inside is one burst: received at once, answered in one turn."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
        for raw in burst(held):
            await self.turns.receive(raw)

    async def rest(self) -> None:
        """Take turns, send and do the outside work until every conversation of the shop is quiet."""
        async with asyncio.timeout(PATIENCE):
            while True:
                busy = await self._busy()
                for conversation in busy:
                    await self.turns.settle(conversation)
                if not busy and not await self._outside():
                    return
                if busy:
                    await asyncio.sleep(0.002)

    async def _busy(self) -> list[str]:
        async with self.db.begin() as tx:
            rows = await tx.rows(
                """SELECT id FROM conversation c WHERE turn_due_at IS NOT NULL
                   OR EXISTS (SELECT FROM inbound WHERE conversation_id = c.id AND status = 'pending')
                   OR EXISTS (SELECT FROM conversation_event WHERE conversation_id = c.id AND status = 'pending')
                   OR EXISTS (SELECT FROM timer WHERE conversation_id = c.id AND status = 'set' AND due_at <= %s)
                   OR EXISTS (SELECT FROM outbox WHERE conversation_id = c.id AND status IN ('queued', 'sending'))
                """,
                self.now,
            )
        return [row["id"] for row in rows]

    async def _outside(self) -> int:
        """Calls to the sandbox provider and carrier that are due; how many were made."""
        booked = await book_due(self.db, self.carriers, self.now)
        if booked:  # the first scan comes with the label; further ones are told by the script
            await poll_due(self.db, self.carriers, tell_customer, self.now, every=NEVER_AGAIN)
        called_back = await cancel_due(self.db, self.carriers, self.now)
        return booked + called_back + await submit_due(self.db, self.providers, self.now)

    # ---- time ------------------------------------------------------------------------------------

    async def pass_time(self, by: timedelta) -> None:
        """Let time pass, stopping at every moment at which something is due."""
        until = self.now + by
        while (due := await self._next_due()) is not None and due <= until:
            self.clock.move(max(due - self.now, timedelta(0)))
            await self._ring()
        self.clock.move(until - self.now)
        await self._ring()

    async def _next_due(self) -> datetime | None:
        async with self.db.begin() as tx:
            row = await tx.row(
                """SELECT least((SELECT min(due_at) FROM timer WHERE status = 'set'),
                                (SELECT min(reserved_until) FROM shop_order WHERE status = 'awaiting_payment'),
                                (SELECT min(until) FROM order_edit WHERE state = 'awaiting_payment')) AS at"""
            )
        return row["at"] if row else None

    async def _ring(self) -> None:
        await expire_due(self.db, self.now, tell_customer)
        await expire_edits(self.db, self.now, tell_customer)
        await self.rest()

    # ---- the shop's own commands -----------------------------------------------------------------

    async def ask(self, customer: str, actor: str, command: Command, *, tell: Tell = tell_customer) -> Result:
        """Run a command as a turn of this customer would."""
        async with self.db.begin() as tx:
            await self.learn(tx)
            row = await tx.row("SELECT locale FROM customer WHERE id = %s", customer)
            ctx = self.world.context(
                tx, now=self.now, customer=customer, locale=(row["locale"] if row else None) or "en", actor=actor,
                channel="", source="",
            )  # fmt: skip
            return await self.world.handle(ctx, command)

    async def learn(self, tx: Tx) -> None:
        """Know the catalogue of today."""
        version = await tx.row("SELECT version FROM catalogue_meta")
        if version is None or version["version"] != self.world.catalogue.version:
            await self.world.refresh(tx, self.understanding)

    async def conversation(self, address: Address) -> Row:
        """The row of a conversation that has been opened."""
        async with self.db.begin() as tx:
            row = await tx.row(
                "SELECT * FROM conversation WHERE channel = %s AND account = %s AND peer = %s",
                address.channel, address.account, address.peer,
            )  # fmt: skip
        if row is None:
            raise ShopkeeperError(f"The conversation of {address.peer} was never opened.")
        return row


async def quiet(tx: Tx, customer: str, event: Event) -> None:
    """Set-up is no news: what it does is not told to the customer."""


def burst(held: list[Raw]) -> list[Raw]:
    """One raw update for all that came of a channel within a burst, in the order in which it came."""
    if len(held) < 2:
        return held
    first = held[0]
    return [
        Raw(
            channel=first.channel,
            account=first.account,
            event_key="+".join(raw.event_key for raw in held)[:500],
            body=b"\n".join(raw.body for raw in held),
            inbounds=tuple(inbound for raw in held for inbound in raw.inbounds),
        )
    ]
