"""A message that fails five times is set aside, a person is told, and so is the customer; the talk goes on."""

from __future__ import annotations

from pathlib import Path

from base.clock import SystemClock
from base.db import Database
from bot.channel import Raw
from bot.dialogs import all_dialogs
from bot.messages import Address, Inbound, Text
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.texts import Texts
from bot.turns import TRIES, Turns
from bot.world import World
from shop.faq import load_faq
from shop.seed import seed_demo
from tests.bench.turns import Nowhere, still
from tests.models import MODELS

DATA = Path(__file__).resolve().parents[2] / "data"


async def test_a_message_that_cannot_be_worked_with_is_told_to_both_sides(db: Database) -> None:
    async with db.begin() as tx:
        shop = await seed_demo(tx, DATA / "demo")
    texts = Texts.load(DATA / "texts", zone=shop.tzinfo)
    channel = Nowhere()
    channel.expect("p")
    turns = Turns(
        db=db, clock=SystemClock(), registry=all_dialogs(),
        understanding=EmbeddedUnderstanding.load(DATA, MODELS),
        world=World(shop, load_faq(DATA / "faq.yml", shop, money=texts.money)), texts=texts,
        channels={"nowhere": channel},
    )  # fmt: skip

    def wrote(number: int, text: str) -> Raw:
        address = Address(channel="nowhere", account="bench", peer="p")
        inbound = Inbound(
            address=address, event_key=str(number), content=Text(text=text), at=SystemClock().now(), order=number
        )
        return Raw("nowhere", "bench", str(number), b"{}", (inbound,))

    await turns.receive(wrote(1, "hello"))
    await still(turns)
    async with db.begin() as tx:
        await tx.execute('UPDATE conversation SET state = \'{"stack": "broken"}\'')
        conversation = await tx.row("SELECT id FROM conversation")
    assert conversation is not None
    await turns.receive(wrote(2, "a candle please"))
    await still(turns)
    for _ in range(TRIES):
        await turns.take(conversation["id"])
    await turns.settle(conversation["id"])
    said = [channel.answers["p"].get_nowait().words() for _ in range(channel.answers["p"].qsize())]
    assert any("went wrong on our side" in words for words in said)
    async with db.begin() as tx:
        tasks = await tx.rows("SELECT kind FROM task")
        failed = await tx.rows("SELECT 1 FROM inbound WHERE status = 'failed'")
    assert [task["kind"] for task in tasks] == ["failed_turn"]
    assert len(failed) == 1
