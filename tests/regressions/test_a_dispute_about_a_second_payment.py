"""A lost dispute holds an order only when it took the money that had paid for it; a person may send it all the same."""

from __future__ import annotations

import pytest
import pytest_asyncio

from base.db import Database
from base.errors import BadInput
from bot.ownership import Manager
from desk.money import release
from shop.delivery import book_due
from shop.disputes import apply_dispute
from shop.editing import why_not_edit
from shop.orders import lock_order
from shop.payment_port import DisputeReport
from tests.integration.lumo import Lumo, open_lumo
from tests.integration.test_order_edits import paid, sandbox_carrier
from tests.integration.test_payments import report

ANNA = Manager("a" * 32, "Anna")


@pytest_asyncio.fixture
async def lumo(db: Database) -> Lumo:
    return await open_lumo(db)


async def disputed(lumo: Lumo, key: str, state: str) -> None:
    said = DisputeReport("sandbox", "dp_1", state, lumo.now, key=key)  # type: ignore[arg-type]
    await lumo.db.run(lambda tx: apply_dispute(tx, said, lumo.now))


async def held(lumo: Lumo, order: str) -> bool:
    async with lumo.db.begin() as tx:
        locked = await lock_order(tx, order)
        assert locked is not None
        return await why_not_edit(tx, locked) == "disputed"


async def test_who_paid_twice_and_got_the_second_back_from_his_bank_gets_his_parcel(lumo: Lumo) -> None:
    order = await paid(lumo, {"MUG-white": 1})
    await lumo.change(
        'INSERT INTO payment (id, token, "order", method, provider, key, amount_minor, currency, state, counts,'
        " cancel_due, looks, created_at, asked_at, serial) SELECT 'twin', 'twin', \"order\", method, provider,"
        " 'twin', amount_minor, currency, 'pending', false, false, 0, created_at, asked_at, serial + 1 FROM payment"
    )
    assert await report(lumo, "twin") == "double"
    await disputed(lumo, "twin", "open")
    assert await held(lumo, order)
    await disputed(lumo, "twin", "lost")
    assert not await held(lumo, order)
    words = str(await lumo.one("SELECT text FROM task WHERE kind = 'dispute_lost'"))
    assert "The order was paid by another payment and goes on." in words
    assert await book_due(lumo.db, sandbox_carrier(lumo), lumo.now) == 1


async def test_an_order_whose_money_is_lost_is_sent_when_a_person_says_so(lumo: Lumo) -> None:
    order = await paid(lumo, {"MUG-white": 1})
    key = str(await lumo.one("SELECT key FROM payment"))
    number = str(await lumo.one("SELECT number FROM shop_order"))
    await lumo.change(
        "INSERT INTO manager (id, name, login, password_hash, role, active, created_at)"
        " VALUES (%s, 'Anna', 'anna', '', 'manager', true, now())", ANNA.id,
    )  # fmt: skip
    await disputed(lumo, key, "open")
    with pytest.raises(BadInput, match="not held by a lost dispute"):
        await lumo.db.run(lambda tx: release(tx, number, ANNA, now=lumo.now))
    await disputed(lumo, key, "lost")
    assert await held(lumo, order)
    assert f"orders release {number}" in str(await lumo.one("SELECT text FROM task WHERE kind = 'dispute_lost'"))
    assert await book_due(lumo.db, sandbox_carrier(lumo), lumo.now) == 0
    await lumo.db.run(lambda tx: release(tx, number.lower(), ANNA, now=lumo.now))
    assert await lumo.one("SELECT count(*) FROM task WHERE state = 'open'") == 0
    assert await book_due(lumo.db, sandbox_carrier(lumo), lumo.now) == 1
