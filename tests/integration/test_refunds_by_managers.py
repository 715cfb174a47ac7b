"""A manager gives money back of himself, or sends it by hand: at the desk and in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from base.db import Database
from base.errors import BadInput, ShopkeeperError
from base.money import Money
from desk import money
from shop.commands import PaymentRefunded
from shop.disputes import apply_dispute
from shop.payment_port import DisputeReport, PaymentReport, RefundReport
from shop.payments import take_in
from shop.refunds import apply_refund_report
from tests.integration import test_approvals
from tests.integration.desk_shop import DeskShop
from tests.integration.test_approvals import ANNA, Counter
from tests.integration.test_cli import Shopkeeper, refused
from tests.integration.test_payments import link_for

counter = test_approvals.counter  # over 20.00 a refund waits for approval


async def give(counter: Counter, amount: str, why: str = "A scratch.") -> tuple[str, bool]:
    lumo = counter.lumo
    number = str(await lumo.one("SELECT number FROM shop_order"))
    due, waits = await lumo.db.run(
        lambda tx: money.give_back(tx, number.lower(), amount, why, ANNA, lumo.shop, lumo.tell, now=lumo.now)
    )
    return str(due), waits


async def test_what_a_manager_gives_back_goes_once_and_the_customer_is_told(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    assert await give(counter, "5.00") == ("5.00", False)
    ((customer, event),) = counter.lumo.told
    assert isinstance(event, PaymentRefunded)
    assert (customer, event.reason, str(event.amount), event.by is not None) == ("ana", "shop", "5.00", True)
    for minutes in (0, 5):
        assert await counter.sweep(minutes) == 1
    assert await counter.books() == ("46.50", "5.00", "0.00")
    assert await counter.lumo.one("SELECT wished_by || ' ' || reason FROM refund") == "Anna shop"
    assert await counter.lumo.one("SELECT details->>'why' FROM audit WHERE action = 'refund_given'") == "A scratch."


async def test_over_the_limit_a_managers_refund_waits_too(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    assert await give(counter, "20.00") == ("20.00", False)
    assert await give(counter, "0.01") == ("0.01", True)
    assert len(counter.lumo.told) == 1  # the other is told of when it is approved
    (task,) = await counter.tasks()
    assert "0.01 EUR to give back, asked for by Anna (A scratch.)" in task.text
    assert await counter.sweep() == 1
    await counter.approve(task.refund)
    assert await counter.sweep(5) == 2
    assert len(counter.lumo.told) == 2


@pytest.mark.parametrize(
    ("amount", "why", "complaint"),
    [
        ("0", "A scratch.", "more than nothing"),
        ("-5.00", "A scratch.", "more than nothing"),
        ("five", "A scratch.", "is not an amount"),
        ("5.001", "A scratch.", "whole minor units"),
        ("51.51", "A scratch.", "More would be given back than was paid"),
        ("5.00", " \n", "needs its reason"),
    ],
)
async def test_what_cannot_be_given_back_is_refused(counter: Counter, amount: str, why: str, complaint: str) -> None:
    await counter.paid({"MUG-white": 4})
    with pytest.raises(ShopkeeperError, match=complaint):
        await give(counter, amount, why)
    assert await counter.lumo.one("SELECT count(*) FROM refund") == 0
    assert counter.lumo.told == []


async def test_another_sum_than_was_due_can_be_given_back(counter: Counter) -> None:
    lumo = counter.lumo
    link = await link_for(lumo, {"CAN": 1})
    key = str(await lumo.one("SELECT key FROM payment WHERE id = %s", link.payment))
    came = PaymentReport("sandbox", "e1", "settled", lumo.now, key=key, amount=Money(100, "EUR"))
    assert await take_in(lumo.db, came, lumo.shop, lumo.tell, lumo.now) == "wrong_amount"
    with pytest.raises(ShopkeeperError, match="More would be given back than was paid"):
        await give(counter, "1.01")
    assert await give(counter, "1.00") == ("1.00", False)
    assert await lumo.one("SELECT amount_minor FROM refund") == 100


async def test_what_is_disputed_or_was_never_paid_is_not_given_back(counter: Counter) -> None:
    lumo = counter.lumo
    await counter.paid({"MUG-white": 4})
    key = str(await lumo.one("SELECT key FROM payment"))
    opened = DisputeReport("sandbox", "d1", "open", lumo.now, reason="fraud", key=key)
    await lumo.db.run(lambda tx: apply_dispute(tx, opened, lumo.now))
    with pytest.raises(BadInput, match="disputed"):
        await give(counter, "5.00")
    await lumo.change("UPDATE payment SET counts = false")
    with pytest.raises(BadInput, match="Nothing was paid"):
        await give(counter, "5.00")


async def test_a_refund_that_a_person_sent_is_confirmed_at_the_desk_once(counter: Counter, db: Database) -> None:
    lumo = counter.lumo
    await counter.paid({"MUG-white": 4})
    await give(counter, "5.00")
    key, refund = str(await lumo.one("SELECT key FROM refund")), str(await lumo.one("SELECT id FROM refund"))
    said = RefundReport("sandbox", "e1", "needs_person", lumo.now, key=key)
    await lumo.db.run(lambda tx: apply_refund_report(tx, said, lumo.now))
    await lumo.change("DELETE FROM audit")
    await lumo.change("DELETE FROM manager")
    shop = DeskShop(db)
    await shop.start()
    anna, olga, stranger = await shop.signed_in("anna"), await shop.signed_in("olga"), shop.browser()
    try:
        _, page = await anna.get("/desk/tasks")
        assert f'action="/desk/refunds/{refund}/sent"' in page
        await olga.get("/desk/tasks")
        assert (await stranger.post(f"/desk/refunds/{refund}/sent", csrf="guessed")).status in (401, 403)
        answer = await anna.post(f"/desk/refunds/{refund}/sent")
        assert (answer.status, "There is nothing to look at." in await answer.text()) == (200, True)
        late = await olga.post(f"/desk/refunds/{refund}/sent")
        assert (late.status, "does not wait for a person any more" in await late.text()) == (409, True)
        assert (await olga.post("/desk/refunds/nothing/sent")).status == 409
        assert await counter.state() == "done"
        assert await counter.books() == ("46.50", "5.00", "0.00")
    finally:
        for browser in (anna, olga, stranger):
            await browser.close()
        await shop.close()


async def test_in_a_terminal_a_manager_gives_money_back(counter: Counter, tmp_path: Path, database_url: str) -> None:
    shopkeeper = Shopkeeper(tmp_path, database_url)
    await counter.paid({"MUG-white": 4})
    number = str(await counter.lumo.one("SELECT number FROM shop_order"))
    given = ("payments", "refund", number, "--amount", "5.00", "--reason", "A scratch.")
    refused(shopkeeper(*given), "There are several managers.")
    assert shopkeeper.read(*given, "--by", "olga") == {
        "order": number, "amount": "5.00 EUR", "state": "goes back", "manager": "Olga",
    }  # fmt: skip
    assert shopkeeper(*given, "--as", "anna").stdout == f"5.00 EUR of order {number}: goes back.\n"
    refused(shopkeeper("payments", "refund", "LU-0", "--amount", "5", "--reason", "x", "--by", "olga"), "no order LU-0")
    assert await counter.sweep() == 2
    refused(shopkeeper("payments", "returned", number, "--as", "olga"), "No refund of order")
    refused(shopkeeper("orders", "release", number, "--as", "olga"), "is not held by a lost dispute.")
