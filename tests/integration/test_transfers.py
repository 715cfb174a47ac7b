"""A bank transfer: told in the chat, shown by a photo, and true only by a manager's word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.db import Database
from base.errors import BadInput
from base.money import Money
from bot.ownership import Manager
from desk import money
from desk.people import add_manager
from shop.commands import NoProofDue, PaymentDeclined, PaymentRequested, PaymentSettled, ProofTaken, SendProof
from shop.orders import expire_due
from tests.integration.lumo import Lumo, open_lumo


async def asked(lumo: Lumo) -> tuple[PaymentRequested, Manager]:
    """An order that waits for its transfer, and a manager."""
    await lumo.fill({"CAN": 1})
    placed = await lumo.place(payment="transfer")
    async with lumo.db.begin() as tx:
        olga = await add_manager(tx, "Olga", "olga", "a long password", "manager")
    return await lumo.link(placed.order.id), olga


async def judge(lumo: Lumo, number: str, olga: Manager, *, came: bool) -> Money:
    async with lumo.db.begin() as tx:
        what = money.came if came else money.not_found
        return await what(tx, number.lower(), olga, lumo.shop, lumo.tell, now=lumo.now)


async def test_the_goods_wait_for_days_and_there_is_no_link(db: Database) -> None:
    lumo = await open_lumo(db)
    requested, _ = await asked(lumo)
    assert requested.link is None
    assert "IBAN LT12" in str(requested.account)
    assert requested.until == lumo.now + timedelta(hours=72)
    lumo.wait(60 * 71)
    assert await expire_due(db, lumo.now, lumo.tell) == 0
    lumo.wait(61)
    assert await expire_due(db, lumo.now, lumo.tell) == 1
    assert await lumo.stock("CAN") == (40, 0)


async def test_changing_from_card_to_transfer_holds_the_goods_longer(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    placed = await lumo.place()
    requested = await lumo.link(placed.order.id, method="transfer")
    assert requested.until == lumo.now + timedelta(hours=72)
    assert await lumo.one("SELECT until FROM reservation") == requested.until
    lumo.wait(60)
    assert await expire_due(db, lumo.now, lumo.tell) == 0


async def test_photos_make_one_task_and_change_nothing_else(db: Database) -> None:
    lumo = await open_lumo(db)
    requested, olga = await asked(lumo)
    for photo in ("a", "b"):
        assert await lumo.ask(SendProof(photo=photo)) == ProofTaken(number=requested.order.number)
    assert await lumo.ask(SendProof(photo="c"), "bob") == NoProofDue()
    assert await lumo.one("SELECT count(*) FROM task WHERE kind = 'transfer_proof' AND state = 'open'") == 1
    assert await lumo.one("SELECT status FROM shop_order") == "awaiting_payment"
    await judge(lumo, requested.order.number, olga, came=False)
    assert isinstance(lumo.told[-1][1], PaymentDeclined)
    assert await lumo.one("SELECT count(*) FROM task WHERE state = 'open'") == 0
    assert isinstance(await lumo.ask(SendProof(photo="d")), ProofTaken)
    assert await lumo.one("SELECT count(*) FROM task WHERE state = 'open'") == 1


async def test_a_managers_word_pays_the_order_once(db: Database) -> None:
    lumo = await open_lumo(db)
    requested, olga = await asked(lumo)
    await lumo.ask(SendProof(photo="a"))
    assert await judge(lumo, requested.order.number, olga, came=True) == requested.order.breakdown.total
    assert await lumo.one("SELECT status FROM shop_order") == "paid"
    assert await lumo.one("SELECT count(*) FROM task WHERE state = 'open'") == 0
    assert await lumo.one("SELECT action FROM audit") == "transfer_came"
    told = [event for _, event in lumo.told if isinstance(event, PaymentSettled)]
    assert len(told) == 1
    for came in (True, False):
        with pytest.raises(BadInput, match="No transfer is waited for"):
            await judge(lumo, requested.order.number, olga, came=came)
    assert await lumo.ask(SendProof(photo="b")) == NoProofDue()


async def test_money_that_comes_after_the_hold_revives_the_order(db: Database) -> None:
    lumo = await open_lumo(db)
    requested, olga = await asked(lumo)
    lumo.wait(60 * 73)
    await expire_due(db, lumo.now, lumo.tell)
    await judge(lumo, requested.order.number, olga, came=True)
    assert await lumo.one("SELECT decision FROM payment_report") == "revived"
    assert await lumo.one("SELECT status FROM shop_order") == "paid"


async def test_an_order_paid_by_card_knows_no_transfer(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    placed = await lumo.place()
    await lumo.link(placed.order.id)
    async with db.begin() as tx:
        manager = await add_manager(tx, "Olga", "olga", "a long password", "manager")
    with pytest.raises(BadInput):
        await judge(lumo, placed.order.number, manager, came=True)
    with pytest.raises(BadInput):
        await judge(lumo, "nothing'; --", manager, came=True)
