"""The answer to a cancelled link said that it had been paid, and was forgotten by the process that died over it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import StandingClock
from base.db import Database, Tx
from integrations.payments.sandbox import SandboxPayments
from shop.commands import Event, PaymentRefunded
from shop.orders import expire_due
from shop.payments import cancel_due, open_payment_page
from tests.integration.lumo import PUBLIC, open_lumo
from tests.integration.test_payments import link_for, report, token


async def test_money_found_while_a_link_dies_is_found_again_by_the_next_process(db: Database) -> None:
    lumo = await open_lumo(db)
    sandbox = SandboxPayments(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    link = await link_for(lumo, {"THR": 1})
    await open_payment_page(db, {"sandbox": sandbox}, token(link), lumo.now, public_url=PUBLIC)
    await sandbox.approve(str(await lumo.one("SELECT reference FROM payment")))  # and its webhook is lost
    lumo.wait(30)
    await expire_due(db, lumo.now, lumo.tell)
    other = await link_for(lumo, {"THR": 1}, "bob")
    await report(lumo, other.payment)

    async def dies(tx: Tx, customer: str, event: Event) -> None:
        raise ConnectionError("killed")

    with pytest.raises(ConnectionError):
        await cancel_due(db, {"sandbox": sandbox}, lumo.shop, dies, lumo.now)
    lumo.now += timedelta(minutes=5)
    await cancel_due(db, {"sandbox": sandbox}, lumo.shop, lumo.tell, lumo.now)
    assert [event.reason for who, event in lumo.told if isinstance(event, PaymentRefunded) and who == "ana"] == ["late"]
    assert await lumo.one("SELECT count(*) FROM refund") == 1
    assert await cancel_due(db, {"sandbox": sandbox}, lumo.shop, lumo.tell, lumo.now + timedelta(hours=1)) == 0
