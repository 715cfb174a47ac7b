"""Refunds over the shop's limit wait for a manager: nothing is sent before, it goes once, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from base.clock import StandingClock
from base.db import Database, Tx
from base.errors import BadInput, ShopkeeperError
from base.money import Money
from bot.ownership import Manager
from desk import money, tasks
from integrations.payments.sandbox import SandboxPayments
from shop.approvals import DecidedAlready
from shop.commands import OrderEdited, PaymentRefunded, RefundRefused
from shop.disputes import apply_dispute
from shop.ledger import read_ledger
from shop.payment_port import DisputeReport
from shop.payments import open_payment_page, take_in
from shop.receipts import read_receipt
from shop.refunds import left_to_refund, submit_due
from shop.shopfile import Refunds
from tests.integration.desk_shop import DeskShop
from tests.integration.lumo import PUBLIC, Lumo, open_lumo
from tests.integration.test_cli import Shopkeeper, refused
from tests.integration.test_order_edits import adds_up, agree, propose, to_pay
from tests.integration.test_payments import link_for, report, token

ANNA, OLGA = Manager("a" * 32, "Anna"), Manager("b" * 32, "Olga")


class Counter:
    """A shop with a limit, and the sandbox that holds its money."""

    def __init__(self, lumo: Lumo) -> None:
        self.lumo = lumo
        clock = StandingClock(lumo.now)
        self.sandbox = SandboxPayments(lumo.db, clock, env="demo", public_url=PUBLIC, secret="s")

    async def paid(self, lines: Mapping[str, int]) -> str:
        """An order whose money really is at the sandbox; its id."""
        lumo = self.lumo
        link = await link_for(lumo, dict(lines))
        await self._pay(token(link), link.payment)
        return link.order.id

    async def _pay(self, link: str, payment: str) -> None:
        lumo = self.lumo
        await open_payment_page(lumo.db, {"sandbox": self.sandbox}, link, lumo.now, public_url=PUBLIC)
        reference = str(await lumo.one("SELECT reference FROM payment WHERE id = %s", payment))
        await self.sandbox.approve(reference)
        key = str(await lumo.one("SELECT key FROM payment WHERE id = %s", payment))
        said = await self.sandbox.look_up(key=key, reference=reference)
        assert await take_in(lumo.db, said, lumo.shop, lumo.tell, lumo.now) == "settled"
        lumo.told.clear()

    async def fewer(self, left: int) -> OrderEdited:
        """The customer wants fewer white mugs; each is 12.00."""
        edited = await agree(self.lumo, await propose(self.lumo, "set", ("MUG-white", left)))
        assert isinstance(edited, OrderEdited)
        return edited

    async def sweep(self, minutes: float = 0) -> int:
        """What a worker does; returns how many refunds the sandbox has made in all."""
        later = self.lumo.now + timedelta(minutes=minutes)
        await submit_due(self.lumo.db, {"sandbox": self.sandbox}, later)
        return int(str(await self.lumo.one("SELECT count(*) FROM sandbox_refund")))

    async def refund(self) -> str:
        return str(await self.lumo.one("SELECT id FROM refund WHERE state = 'awaiting_approval'"))

    async def state(self) -> str:
        return str(await self.lumo.one("SELECT string_agg(state, ' ' ORDER BY state) FROM refund"))

    async def approve(self, refund: str, by: Manager = ANNA) -> Money:
        return await self.lumo.db.run(lambda tx: money.approve(tx, refund, by, self.lumo.tell, now=self.lumo.now))

    async def refuse(self, refund: str, why: str = "Sold as seen.", by: Manager = ANNA) -> Money:
        return await self.lumo.db.run(lambda tx: money.refuse(tx, refund, why, by, self.lumo.tell, now=self.lumo.now))

    async def books(self) -> tuple[str, str, str]:
        """(held, given back, waiting)"""
        async with self.lumo.db.begin() as tx:
            (one,) = await read_ledger(tx)
        return str(one.held), str(one.given_back), str(one.waiting)

    async def tasks(self) -> list[tasks.OpenTask]:
        async with self.lumo.db.begin() as tx:
            return await tasks.open_tasks(tx)


@pytest.fixture
async def counter(db: Database) -> Counter:
    lumo = await open_lumo(db)
    lumo.shop = lumo.shop.model_copy(update={"refunds": Refunds(approve_over=Money(2000, "EUR"))})
    await lumo.change(
        "INSERT INTO manager (id, name, login, password_hash, role, active, created_at) VALUES"
        " (%s, 'Anna', 'anna', '', 'manager', true, now()), (%s, 'Olga', 'olga', '', 'manager', true, now())",
        ANNA.id,
        OLGA.id,
    )
    return Counter(lumo)


async def test_up_to_the_limit_it_goes_back_without_a_person(counter: Counter) -> None:
    limit = Refunds(approve_over=Money(2400, "EUR"))
    counter.lumo.shop = counter.lumo.shop.model_copy(update={"refunds": limit})
    await counter.paid({"MUG-white": 4})
    edited = await counter.fewer(2)  # 24.00, and not a cent more
    assert (edited.waits, edited.by is not None) == (False, True)
    assert await counter.sweep() == 1
    assert await counter.state() == "done"
    assert await counter.tasks() == []
    with pytest.raises(DecidedAlready, match="needs no approval"):
        await counter.approve(str(await counter.lumo.one("SELECT id FROM refund")))


async def test_over_the_limit_nothing_is_sent_before_a_person_has_said_so(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    proposed = await propose(counter.lumo, "set", ("MUG-white", 2))
    assert proposed.waits
    edited = await agree(counter.lumo, proposed)
    assert isinstance(edited, OrderEdited)
    assert (edited.waits, edited.by) == (True, None)
    again = await agree(counter.lumo, proposed)  # said twice
    assert isinstance(again, OrderEdited)
    assert again.waits
    for minutes in (0, 5, 600):
        assert await counter.sweep(minutes) == 0
    assert await counter.state() == "awaiting_approval"
    assert await counter.books() == ("51.50", "0.00", "24.00")
    await adds_up(counter.lumo)
    (task,) = await counter.tasks()
    number = edited.order.number
    assert task.kind == "refund_approval"
    assert task.text == (
        f"{number}: 24.00 EUR to give back, asked for by the customer (changed: MUG-white 4 -> 2; 51.50 -> 27.50 EUR)"
    )
    assert (task.order, task.refund, task.name) == (number, await counter.refund(), "Ana")

    assert str(await counter.approve(task.refund)) == "24.00"
    (event,) = (event for _, event in counter.lumo.told)
    assert isinstance(event, PaymentRefunded)
    assert (event.reason, str(event.amount), event.by) == ("approved", "24.00", counter.lumo.now + timedelta(days=5))
    assert await counter.tasks() == []
    for minutes in (0, 5):
        assert await counter.sweep(minutes) == 1
    assert await counter.state() == "done"
    assert await counter.books() == ("27.50", "24.00", "0.00")
    with pytest.raises(DecidedAlready, match="Anna approved this refund already"):
        await counter.refuse(task.refund, by=OLGA)
    assert len(counter.lumo.told) == 1
    moves = "SELECT string_agg(to_state || ' ' || who, ', ' ORDER BY id) FROM history WHERE entity = 'refund'"
    assert await counter.lumo.one(moves) == ("created customer ana, awaiting_approval shop, created Anna, done sandbox")
    audit = "SELECT manager_id || ' ' || action || ' ' || (details->>'amount') FROM audit"
    assert await counter.lumo.one(audit) == f"{ANNA.id} refund_approved 24.00 EUR"


async def test_many_small_wishes_are_one_big_one(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    assert not (await counter.fewer(3)).waits
    assert await counter.sweep() == 1
    assert (await counter.fewer(2)).waits
    assert await counter.sweep() == 1
    assert await counter.state() == "awaiting_approval done"


async def test_what_comes_out_of_two_payments_waits_whole(counter: Counter) -> None:
    order = await counter.paid({"MUG-white": 3})
    link = await to_pay(counter.lumo, await propose(counter.lumo, "add", ("CAN", 1)))
    counter.lumo.wait(1)
    await report(counter.lumo, link.payment)
    await counter.fewer(1)  # 24.00: the 9.50 of the candle and 14.50 of the first payment
    assert await counter.state() == "awaiting_approval awaiting_approval"
    assert sorted(task.text.split(": ")[1].split(" to")[0] for task in await counter.tasks()) == [
        "14.50 EUR", "9.50 EUR",
    ]  # fmt: skip
    assert await counter.sweep(5) == 0
    assert await counter.lumo.one('SELECT count(DISTINCT payment) FROM refund WHERE "order" = %s', order) == 2


async def test_a_refusal_keeps_the_money_and_calls_a_person_to_write(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    await counter.fewer(2)
    refund = await counter.refund()
    for nothing in ("", "  \n", "x" * 501):
        with pytest.raises(BadInput, match="needs its reason"):
            await counter.refuse(refund, nothing)
    assert await counter.state() == "awaiting_approval"
    await counter.refuse(refund, "Sold as seen.")
    ((customer, event),) = counter.lumo.told
    assert isinstance(event, RefundRefused)
    assert (customer, str(event.amount)) == ("ana", "24.00")
    for minutes in (0, 5, 600):
        assert await counter.sweep(minutes) == 0
    assert await counter.state() == "refused"
    assert await counter.books() == ("51.50", "0.00", "0.00")
    (task,) = await counter.tasks()
    assert (task.kind, task.refund) == ("refund_refused", "")
    assert "Anna does not give back 24.00 EUR (Sold as seen.). Write to the customer" in task.text
    with pytest.raises(DecidedAlready, match="Anna refused this refund already"):
        await counter.approve(refund, by=OLGA)
    async with counter.lumo.db.begin() as tx:
        row = await tx.row('SELECT p.id, o.token FROM payment p JOIN shop_order o ON o.id = p."order"')
        assert row is not None
        assert str(await left_to_refund(tx, row["id"], "EUR")) == "51.50"
        receipt = await read_receipt(tx, row["token"], counter.lumo.shop)
    assert receipt is not None
    assert receipt.given_back == ()


async def test_the_receipt_says_that_it_is_looked_at(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    await counter.fewer(2)
    async with counter.lumo.db.begin() as tx:
        row = await tx.row("SELECT token FROM shop_order")
        assert row is not None
        receipt = await read_receipt(tx, row["token"], counter.lumo.shop)
    assert receipt is not None
    assert [(str(one.amount), one.at, one.waits) for one in receipt.given_back] == [("24.00", None, True)]
    assert receipt.kept == receipt.total


async def test_two_managers_at_once_are_one_decision(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    await counter.fewer(2)
    refund = await counter.refund()
    tries = [counter.approve(refund, by) for by in (ANNA, OLGA) * 3] + [counter.refuse(refund, by=OLGA)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert len([one for one in answers if isinstance(one, Money)]) == 1
    assert all(isinstance(one, Money | DecidedAlready) for one in answers)
    assert len(counter.lumo.told) == 1
    refused = await counter.state() == "refused"
    await asyncio.gather(*(counter.sweep() for _ in range(4)))
    assert await counter.sweep(5) == (0 if refused else 1)
    assert await counter.lumo.one("SELECT count(*) FROM audit") == 1


async def test_who_dies_while_deciding_has_decided_nothing(counter: Counter) -> None:
    await counter.paid({"MUG-white": 4})
    await counter.fewer(2)
    refund = await counter.refund()

    async def dies(tx: Tx) -> None:
        await money.approve(tx, refund, ANNA, counter.lumo.tell, now=counter.lumo.now)
        raise ShopkeeperError("killed before the commit")

    with pytest.raises(ShopkeeperError, match="killed"):
        await counter.lumo.db.run(dies)
    assert await counter.sweep(5) == 0
    assert await counter.state() == "awaiting_approval"
    assert len(await counter.tasks()) == 1


async def test_money_that_was_never_the_shops_goes_back_at_once(counter: Counter) -> None:
    lumo = counter.lumo
    lumo.shop = lumo.shop.model_copy(update={"refunds": Refunds(approve_over=Money(0, "EUR"))})
    order = await counter.paid({"MUG-white": 4})
    first = str(await lumo.one('SELECT key FROM payment WHERE "order" = %s', order))
    await lumo.change(
        'INSERT INTO payment (id, token, "order", method, provider, key, amount_minor, currency, state, counts,'
        " cancel_due, looks, created_at, asked_at, serial) SELECT 'twin', 'twin', \"order\", method, provider,"
        " 'twin', amount_minor, currency, 'pending', false, false, 0, created_at, asked_at, serial + 1 FROM payment"
        " WHERE key = %s",
        first,
    )
    assert await report(lumo, "twin") == "double"
    assert await counter.state() == "created"
    assert [task.kind for task in await counter.tasks()] == ["refund_double"]
    assert (await counter.fewer(3)).waits  # and does not count as a wish


async def test_a_disputed_payment_is_not_given_back_by_approval(counter: Counter) -> None:
    lumo = counter.lumo
    await counter.paid({"MUG-white": 4})
    await counter.fewer(2)
    refund, key = await counter.refund(), str(await lumo.one("SELECT key FROM payment"))
    opened = DisputeReport("sandbox", "d1", "open", lumo.now, reason="fraud", key=key)
    await lumo.db.run(lambda tx: apply_dispute(tx, opened, lumo.now))
    with pytest.raises(BadInput, match="disputed"):
        await counter.approve(refund)
    lost = DisputeReport("sandbox", "d1", "lost", lumo.now, reason="fraud", key=key)
    await lumo.db.run(lambda tx: apply_dispute(tx, lost, lumo.now))
    assert await counter.state() == "voided"
    assert "refund_approval" not in [task.kind for task in await counter.tasks()]
    with pytest.raises(DecidedAlready, match="shop closed this refund already"):
        await counter.approve(refund)


async def test_at_the_desk_signed_in_managers_approve_and_refuse(counter: Counter, db: Database) -> None:
    await counter.lumo.change("DELETE FROM manager")
    shop = DeskShop(db)
    await shop.start()
    anna, olga, stranger = await shop.signed_in("anna"), await shop.signed_in("olga"), shop.browser()
    try:
        await counter.paid({"MUG-white": 5})
        await counter.fewer(3)
        first = await counter.refund()
        _, page = await anna.get("/desk/tasks")
        assert f'action="/desk/refunds/{first}/approve"' in page
        assert "money to give back: approve or refuse" in page
        assert "24.00 EUR to give back" in page
        (task,) = await counter.tasks()
        assert (await anna.post(f"/desk/tasks/{task.id}/done")).status == 400  # a look is not a decision
        assert (await stranger.post(f"/desk/refunds/{first}/approve", csrf="guessed")).status in (401, 403)
        assert (await anna.post(f"/desk/refunds/{first}/approve", csrf="forged")).status == 403
        missing = await anna.post(f"/desk/refunds/{first}/refuse", why=" ")
        assert (missing.status, "needs its reason" in await missing.text()) == (400, True)
        assert await counter.state() == "awaiting_approval"
        assert (await anna.post("/desk/refunds/nothing/approve")).status == 400

        await olga.get("/desk/tasks")
        assert (await anna.post(f"/desk/refunds/{first}/approve")).url.path == "/desk/tasks"
        late = await olga.post(f"/desk/refunds/{first}/refuse", why="no")
        assert (late.status, "Anna approved this refund already." in await late.text()) == (409, True)
        await counter.fewer(1)
        second = await counter.refund()
        answer = await olga.post(f"/desk/refunds/{second}/refuse", why="<b>No</b>")
        assert "Olga does not give back 24.00 EUR (&lt;b&gt;No&lt;/b&gt;)" in await answer.text()
        assert await counter.sweep() == 1
        who: list[Any] = []
        async with db.begin() as tx:
            who = await tx.rows(
                "SELECT a.action, m.name FROM audit a JOIN manager m ON m.id = a.manager_id ORDER BY a.id"
            )
        assert [(row["action"], row["name"]) for row in who if row["action"].startswith("refund")] == [
            ("refund_approved", "Anna"), ("refund_refused", "Olga"),
        ]  # fmt: skip
    finally:
        for browser in (anna, olga, stranger):
            await browser.close()
        await shop.close()


async def test_in_a_terminal_refunds_are_listed_approved_and_refused(
    counter: Counter, tmp_path: Path, database_url: str
) -> None:
    shopkeeper = Shopkeeper(tmp_path, database_url)
    assert shopkeeper.read("payments", "refunds") == []
    await counter.paid({"MUG-white": 5})
    edited = await counter.fewer(3)
    (waiting,) = shopkeeper.read("payments", "refunds", "--waiting")  # type: ignore[misc]
    assert (waiting["order"], waiting["amount"], waiting["state"], waiting["reason"], waiting["asked_by"]) == (
        edited.order.number, "24.00 EUR", "awaiting_approval", "edit", "Ana",
    )  # fmt: skip
    (held,) = shopkeeper.read("payments", "held")  # type: ignore[misc]
    assert (held["held"], held["waiting"]) == ("63.50", "24.00")
    first = waiting["id"]
    refused(shopkeeper("payments", "approve", first), "There are several managers. Say which: --as LOGIN")
    refused(shopkeeper("payments", "refuse", first, "--as", "olga", "--why", " "), "A refusal needs its reason.")
    refused(shopkeeper("payments", "approve", "nothing", "--as", "olga"), "There is no refund nothing.")
    said = shopkeeper("payments", "approve", first[:12], "--as", "olga")
    assert said.stdout == "24.00 EUR approved by Olga.\n"
    refused(shopkeeper("payments", "approve", first, "--as", "anna"), "Olga approved this refund already.")
    assert await counter.sweep() == 1
    await counter.fewer(1)
    second = await counter.refund()
    done = shopkeeper.read("payments", "refuse", second, "--as", "anna", "--why", "Sold as seen.")
    assert done == {"refund": second, "amount": "24.00 EUR", "manager": "Anna", "decision": "refused"}
    assert await counter.sweep(5) == 1
    assert shopkeeper.read("payments", "refunds", "--waiting") == []
    states = {row["id"]: row["state"] for row in shopkeeper.read("payments", "refunds")}  # type: ignore[attr-defined]
    assert states == {first: "done", second: "refused"}
