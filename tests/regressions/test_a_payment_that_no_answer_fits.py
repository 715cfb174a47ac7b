"""One payment whose answer nobody had foreseen kept all that were due after it from being asked about, each time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import StandingClock
from base.db import Database
from integrations.payments.sandbox import SandboxPayments
from shop.payment_port import PaymentReport
from shop.payments import open_payment_page, reconcile
from tests.integration.lumo import PUBLIC, open_lumo
from tests.integration.test_payments import link_for, token


async def test_what_cannot_be_read_holds_up_no_other_payment(db: Database) -> None:
    lumo = await open_lumo(db)
    links = [await link_for(lumo, {"CAN": 1}, customer) for customer in ("ana", "bob")]
    first = str(await lumo.one("SELECT key FROM payment WHERE id = %s", links[0].payment))

    class Odd(SandboxPayments):
        async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
            if key == first:
                raise KeyError("a form that nobody knows")
            return await super().look_up(key=key, reference=reference)

    odd = Odd(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    for link in links:
        await open_payment_page(db, {"sandbox": odd}, token(link), lumo.now, public_url=PUBLIC)
        lumo.wait(0.1)
    await odd.approve(str(await lumo.one("SELECT reference FROM payment WHERE id = %s", links[1].payment)))
    later = lumo.now + timedelta(minutes=2)
    with pytest.raises(KeyError):  # told to whoever runs the shop, when the others have been asked about
        await reconcile(db, {"sandbox": odd}, lumo.shop, lumo.tell, later)
    assert await lumo.one("SELECT state FROM payment WHERE id = %s", links[1].payment) == "settled"
