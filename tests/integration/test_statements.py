"""Every statement costs: a button turn keeps to a dozen, from the door to the channel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest

from base.clock import SystemClock
from base.db import Database
from bot.dialogs import all_dialogs
from bot.messages import Text
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.texts import Texts
from bot.turns import Turns
from bot.world import World
from shop.faq import load_faq
from shop.seed import seed_demo
from tests.bench.turns import Customer, Nowhere, still
from tests.models import MODELS

DATA = Path(__file__).resolve().parents[2] / "data"
DOZEN = 12


async def test_a_button_turn_keeps_to_a_dozen_statements(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []
    execute = psycopg.AsyncCursor.execute

    async def counted(self: Any, query: Any, *args: Any, **named: Any) -> Any:
        statements.append(str(query))
        return await execute(self, query, *args, **named)

    async with db.begin() as tx:
        shop = await seed_demo(tx, DATA / "demo")
    texts = Texts.load(DATA / "texts", zone=shop.tzinfo)
    channel = Nowhere()
    turns = Turns(
        db=db, clock=SystemClock(), registry=all_dialogs(),
        understanding=EmbeddedUnderstanding.load(DATA, MODELS),
        world=World(shop, load_faq(DATA / "faq.yml", shop, money=texts.money)), texts=texts,
        channels={"nowhere": channel},
    )  # fmt: skip
    customer = Customer(turns, channel, "p")
    await customer.say(Text(text="add a candle"))
    await customer.say(Text(text="no, two of them"))
    await still(turns)
    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    await customer.tap()
    await still(turns)
    monkeypatch.undo()
    assert 0 < len(statements) <= DOZEN, "\n".join(statements)
