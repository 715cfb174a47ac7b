"""Turns a second and their latency: from the bytes at the door to the answer at the channel, on real PostgreSQL."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import psycopg

from app.settings import Settings
from base.clock import SystemClock
from base.db import Database
from bot.channel import Deliver, Health, Limits, Raw, Sent
from bot.dialogs import all_dialogs
from bot.messages import Address, Choices, Content, Fitted, Inbound, Tap, Text
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.texts import Texts
from bot.turns import Turns
from bot.world import World
from shop.faq import load_faq
from shop.seed import seed_demo
from tests.bench.figures import fresh_database, memory, milliseconds

DATA = Path(__file__).resolve().parents[2] / "data"
SECONDS = 6.0
WORDS = ("what is in my cart?", "how much is the candle", "do you deliver to Vilnius?", "add a candle", "undo")


class Nowhere:
    """A channel that takes everything at once: what is measured is ours."""

    name: ClassVar[str] = "nowhere"
    limits: ClassVar[Limits] = Limits(text=4000, buttons=20, button_title=60, payload=200, cards=10, mixed=True)
    account = "bench"

    def __init__(self) -> None:
        self.answers: dict[str, asyncio.Queue[Fitted]] = {}

    def expect(self, peer: str) -> None:
        """Somebody waits for answers."""
        self.answers[peer] = asyncio.Queue()

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Nobody comes through a door."""

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        return ()

    async def run(self, deliver: Deliver) -> None:
        """Nothing to fetch."""

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        self.answers[to.peer].put_nowait(message)
        return Sent(key)

    async def typing(self, to: Address) -> None:
        """Nobody looks."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """Nothing spins."""

    async def check(self) -> Health:
        return Health("ok", "nowhere")

    async def close(self) -> None:
        """Nothing is open."""


class Customer:
    """One conversation that writes as soon as it is answered."""

    def __init__(self, turns: Turns, channel: Nowhere, peer: str) -> None:
        self.turns, self.channel, self.peer, self.count = turns, channel, peer, 0
        channel.expect(peer)
        self.shown: Fitted | None = None

    async def say(self, content: Content) -> float:
        self.count += 1
        key = f"{self.peer}-{self.count}"
        address = Address(channel="nowhere", account="bench", peer=self.peer)
        inbound = Inbound(address=address, event_key=key, content=content, at=SystemClock().now(), order=self.count)
        began = time.perf_counter()
        await self.turns.receive(Raw("nowhere", "bench", key, b"{}", (inbound,)))
        self.shown = await asyncio.wait_for(self.channel.answers[self.peer].get(), 30)
        return time.perf_counter() - began

    async def tap(self) -> float:
        parts = self.shown.parts if self.shown else ()
        titles = [choice for part in parts if isinstance(part, Choices) for choice in part.choices]
        cart = next((choice for choice in titles if "cart" in choice.title.lower()), None)
        return await self.say(Tap(payload=cart.payload, title=cart.title) if cart else Text(text="show my cart"))


async def still(turns: Turns) -> None:
    """Wait until nothing is under way in this process."""
    while turns._under_way:
        await asyncio.gather(*turns._under_way.values())


async def measure(home: Path) -> None:
    url = fresh_database(home / "db")
    db = Database(url, pool_size=16)
    async with db.begin() as tx:
        shop = await seed_demo(tx, DATA / "demo")
    texts = Texts.load(DATA / "texts", zone=shop.tzinfo)
    understanding = EmbeddedUnderstanding.load(DATA, Settings().models_folder)
    channel = Nowhere()
    world = World(shop, load_faq(DATA / "faq.yml", shop, money=texts.money), public_url="http://127.0.0.1")
    turns = Turns(
        db=db, clock=SystemClock(), registry=all_dialogs(), understanding=understanding, world=world, texts=texts,
        channels={"nowhere": channel},
    )  # fmt: skip
    before = memory()
    print("\nTurns, from the door to the channel (one process, embedded PostgreSQL)")
    bare = await bare_commits(url)
    print(f"  to compare: a bare psycopg turn of four commits   {bare:7.0f} /s")
    for kind in ("button", "text"):
        for count in (1, 64):
            customers = [Customer(turns, channel, f"{kind}{count}-{n}") for n in range(count)]
            for customer in customers:
                await customer.say(Text(text="add a candle"))
            times: list[float] = []
            began = time.perf_counter()
            await asyncio.gather(*(chat(customer, kind, began + SECONDS, times) for customer in customers))
            rate = len(times) / (time.perf_counter() - began)
            ratio = f"{rate / bare:.2f} of bare"
            print(f"  {kind:6} turns, {count:2} conversations {rate:7.0f} /s ({ratio})  {milliseconds(times)}")
    print(f"  memory of the process: {memory()} ({before} before the first turn)")
    await turns.drain()
    await db.close()


async def chat(customer: Customer, kind: str, until: float, times: list[float]) -> None:
    turn = 0
    while time.perf_counter() < until:
        if kind == "button":
            times.append(await customer.tap())
        else:
            times.append(await customer.say(Text(text=WORDS[turn % len(WORDS)])))
        turn += 1


async def bare_commits(url: str) -> float:
    """The same number of commits with nothing of ours around them: receive, turn, claim, mark."""
    connection = await psycopg.AsyncConnection.connect(url)
    await connection.execute("CREATE TABLE IF NOT EXISTS bare (id int PRIMARY KEY, n int, words text)")
    await connection.execute("INSERT INTO bare VALUES (1, 0, '') ON CONFLICT DO NOTHING")
    await connection.commit()
    done, began = 0, time.perf_counter()
    while time.perf_counter() < began + 2:
        for _ in range(4):
            await connection.execute("SELECT * FROM bare WHERE id = 1 FOR UPDATE")
            await connection.execute("UPDATE bare SET n = n + 1, words = 'a turn' WHERE id = 1")
            await connection.commit()
        done += 1
    await connection.close()
    return done / (time.perf_counter() - began)
