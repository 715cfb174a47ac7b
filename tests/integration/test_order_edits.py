"""A paid order is changed before it is packed: agreed first, then paid or given back, and always one truth."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from base.clock import StandingClock
from base.db import Database
from base.money import Money
from desk.customer import _orders
from integrations.delivery.sandbox import SandboxCarrier
from integrations.payments.sandbox import SandboxPayments
from shop.commands import (
    AgreeToEdit,
    ApplyCode,
    CannotEditOrder,
    EditOrder,
    KeepOrder,
    NothingToPay,
    OrderEdited,
    OrderEditEnded,
    OrderEditPaid,
    OrderEditProposed,
    OrderEditToPay,
    OrderKept,
    OrderWish,
    PaymentRefunded,
    PaymentRequested,
    RequestPayment,
    Result,
)
from shop.delivery import TrackingEvent, apply_tracking, book_due, cancel_due
from shop.disputes import apply_dispute
from shop.edits import expire_edits
from shop.payment_port import DisputeReport
from shop.payments import read_pay_link
from shop.refunds import submit_due
from tests.integration.lumo import PUBLIC, Lumo, open_lumo
from tests.integration.test_payments import link_for, report, token

SHELF = {"MUG-white": 10, "MUG-black": 2, "CAN": 40, "THR": 1, "PIL": 6}


async def paid(lumo: Lumo, lines: Mapping[str, int], *codes: str, customer: str = "ana") -> str:
    """A paid order; its id."""
    await lumo.fill(lines, customer)
    for code in codes:
        await lumo.ask(ApplyCode(code=code), customer)
    link = await link_for(lumo, {}, customer)
    assert await report(lumo, link.payment) == "settled"
    lumo.told.clear()
    return link.order.id


async def propose(lumo: Lumo, kind: str, *wishes: tuple[str, int | None], **more: object) -> OrderEditProposed:
    found = await asked(lumo, kind, *wishes, **more)
    assert isinstance(found, OrderEditProposed), found
    return found


async def asked(lumo: Lumo, kind: str, *wishes: tuple[str, int | None], **more: object) -> Result:
    said = [OrderWish(skus=(sku,), quantity=quantity) for sku, quantity in wishes]
    return await lumo.ask(EditOrder.model_validate({"kind": kind, "wishes": said, **more}))


async def agree(lumo: Lumo, proposed: OrderEditProposed) -> Result:
    return await lumo.ask(AgreeToEdit(edit=proposed.edit))


async def to_pay(lumo: Lumo, proposed: OrderEditProposed) -> PaymentRequested:
    """The yes, and the link for the difference."""
    assert isinstance(await agree(lumo, proposed), OrderEditToPay)
    return await lumo.link(proposed.order.id)


async def adds_up(lumo: Lumo) -> None:
    """What the order says, what lies in it, what left the shelf and what was paid less what goes back are the same."""
    async with lumo.db.begin() as tx:
        orders = await tx.rows(
            'SELECT o.*, (SELECT sum(total_minor) FROM order_line l WHERE l."order" = o.id) AS goods,'
            ' (SELECT sum(discount_minor) FROM order_line l WHERE l."order" = o.id) AS off,'
            ' (SELECT coalesce(sum(amount_minor), 0) FROM payment p WHERE p."order" = o.id AND p.state IN'
            " ('settled', 'refunded')) AS came, (SELECT coalesce(sum(amount_minor), 0) FROM refund r"
            " WHERE r.\"order\" = o.id AND r.state <> 'voided') AS back,"
            " (SELECT sum((line->'amount'->>'amount_minor')::int) FROM jsonb_array_elements(o.breakdown->'lines')"
            " AS line) AS told FROM shop_order o WHERE o.status IN ('paid', 'shipped')"
        )
        for order in orders:
            assert (order["goods"], order["off"]) == (order["goods_minor"], order["discount_minor"])
            assert order["came"] - order["back"] == order["total_minor"] == order["told"]
        off = await tx.rows(
            'SELECT l.sku FROM (SELECT "order", sku, sum(quantity) AS q FROM order_line GROUP BY 1, 2) l'
            " FULL JOIN (SELECT * FROM reservation WHERE state = 'taken') r USING (\"order\", sku)"
            " WHERE l.q IS DISTINCT FROM r.quantity OR r.edit <> ''"
        )
        assert off == []
        for sku, there in SHELF.items():
            row = await tx.row(
                "SELECT v.on_hand, v.reserved, (SELECT coalesce(sum(quantity), 0) FROM order_line WHERE sku = v.sku)"
                " AS sold, (SELECT coalesce(sum(quantity), 0) FROM reservation WHERE sku = v.sku AND state = 'held')"
                " AS held FROM variant v WHERE sku = %s",
                sku,
            )
            assert row is not None
            assert (row["on_hand"] + row["sold"], row["reserved"]) == (there, row["held"]), sku


async def lines(lumo: Lumo) -> str:
    return str(await lumo.one("SELECT string_agg(quantity || ' ' || sku, ', ' ORDER BY position) FROM order_line"))


# ---- the three ways ----------------------------------------------------------------------------------


async def test_what_is_added_is_paid_alone_and_kept_meanwhile(db: Database) -> None:
    lumo = await open_lumo(db)
    order = await paid(lumo, {"MUG-white": 2})
    proposed = await propose(lumo, "add", ("CAN", 1))
    assert (str(proposed.difference), str(proposed.breakdown.total)) == ("9.50", "37.00")
    assert await lumo.stock("CAN") == (40, 0)  # only asked
    link = await to_pay(lumo, proposed)
    assert link.amount == Money(950, "EUR")
    async with db.begin() as tx:
        (seen,) = await _orders(tx, "ana")  # as the desk shows it
    assert seen.payment.endswith("a change waits for 9.50 EUR")
    assert await lumo.stock("CAN") == (40, 1)
    assert await lines(lumo) == "2 MUG-white"
    assert await report(lumo, link.payment, amount=Money(950, "EUR")) == "settled"
    assert await lines(lumo) == "2 MUG-white, 1 CAN"
    assert [type(event) for _, event in lumo.told] == [OrderEditPaid]
    assert await report(lumo, link.payment, event="told anew") == "already"
    assert isinstance(await lumo.ask(RequestPayment(order=order)), NothingToPay)
    await adds_up(lumo)
    told = await lumo.one("SELECT why FROM history WHERE entity = 'order' AND from_state = to_state")
    assert told == "changed: CAN 0 -> 1; 27.50 -> 37.00 EUR"


async def test_what_leaves_takes_its_share_of_the_discount_with_it(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2, "CAN": 1}, "WELCOME10")
    proposed = await propose(lumo, "set", ("MUG-white", 1))
    assert str(proposed.difference) == "-10.80"
    edited = await agree(lumo, proposed)
    assert isinstance(edited, OrderEdited)
    assert await lines(lumo) == "1 MUG-white, 1 CAN"
    refund = "SELECT amount_minor || ' ' || reason || ' ' || state FROM refund"
    assert await lumo.one(refund) == "1080 edit created"
    await adds_up(lumo)


async def test_a_fixed_sum_off_leaves_piece_by_piece_to_the_cent(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 3}, "MUG5")
    before = await lumo.one("SELECT total_minor FROM shop_order")
    backs = []
    for left in (2, 1):
        proposed = await propose(lumo, "set", ("MUG-white", left))
        assert isinstance(await agree(lumo, proposed), OrderEdited)
        backs.append(-proposed.difference.amount_minor)
        await adds_up(lumo)
    rest = await lumo.one("SELECT goods_minor + discount_minor FROM shop_order")
    assert isinstance(before, int)
    assert isinstance(rest, int)
    assert sorted([*backs, rest]) == [1033, 1033, 1034]  # 36.00 - 5.00 over three pieces
    assert before == sum(backs) + rest + 350


async def test_another_colour_at_the_same_price_is_done_at_once(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2}, "WELCOME10")
    proposed = await propose(lumo, "variant", attributes={"color": "black"})
    assert str(proposed.difference) == "0.00"
    assert isinstance(await agree(lumo, proposed), OrderEdited)
    assert await lines(lumo) == "2 MUG-black"
    assert (await lumo.stock("MUG-white"), await lumo.stock("MUG-black")) == ((10, 0), (0, 0))
    assert await lumo.one("SELECT count(*) FROM refund") == 0
    await adds_up(lumo)


async def test_a_percentage_counts_for_what_is_added(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2}, "WELCOME10")
    proposed = await propose(lumo, "add", ("CAN", 2))
    assert str(proposed.difference) == "17.10"
    link = await to_pay(lumo, proposed)
    await report(lumo, link.payment)
    await adds_up(lumo)


async def test_a_refund_is_taken_from_the_newest_money_first_and_reaches_the_provider(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2})
    first = await to_pay(lumo, await propose(lumo, "add", ("CAN", 1)))
    lumo.wait(1)
    await report(lumo, first.payment)
    assert isinstance(await agree(lumo, await propose(lumo, "set", ("MUG-white", 1))), OrderEdited)
    parts = await lumo.one(
        "SELECT array_agg(r.amount_minor || ' of ' || p.amount_minor ORDER BY r.amount_minor) FROM refund r"
        " JOIN payment p ON p.id = r.payment"
    )
    assert parts == ["250 of 2750", "950 of 950"]
    await adds_up(lumo)
    sandbox = SandboxPayments(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    await submit_due(db, {"sandbox": sandbox}, lumo.now)
    await submit_due(db, {"sandbox": sandbox}, lumo.now)
    assert await lumo.one("SELECT count(*) FROM refund") == 2


# ---- time --------------------------------------------------------------------------------------------


async def test_a_difference_that_nobody_pays_leaves_the_order_as_it_was(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2})
    link = await to_pay(lumo, await propose(lumo, "add", ("THR", 1)))
    lumo.wait(29)
    assert await expire_edits(db, lumo.now, lumo.tell) == 0
    lumo.wait(1)
    assert await expire_edits(db, lumo.now, lumo.tell) == 1
    assert await expire_edits(db, lumo.now, lumo.tell) == 0
    (event,) = (event for _, event in lumo.told)
    assert isinstance(event, OrderEditEnded)
    assert event.reason == "expired"
    assert await lumo.stock("THR") == (1, 0)
    async with db.begin() as tx:
        page = await read_pay_link(tx, token(link), lumo.now)
    assert page is not None
    assert not page.open
    await adds_up(lumo)


async def test_a_late_difference_still_counts_while_all_is_there(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    link = await to_pay(lumo, await propose(lumo, "add", ("THR", 1)))
    lumo.wait(30)
    await expire_edits(db, lumo.now, lumo.tell)
    assert await report(lumo, link.payment) == "revived"
    assert await lines(lumo) == "1 MUG-white, 1 THR"
    await adds_up(lumo)


async def test_a_late_difference_goes_back_when_the_goods_are_gone(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    link = await to_pay(lumo, await propose(lumo, "add", ("THR", 1)))
    lumo.wait(30)
    await expire_edits(db, lumo.now, lumo.tell)
    await paid(lumo, {"THR": 1}, customer="bob")
    assert await report(lumo, link.payment) == "late"
    (event,) = (event for who, event in lumo.told if who == "ana")
    assert isinstance(event, PaymentRefunded)
    assert (event.reason, str(event.amount)) == ("edit", "45.00")
    await adds_up(lumo)


async def test_a_late_difference_of_a_change_that_another_replaced_goes_back(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    first = await to_pay(lumo, await propose(lumo, "add", ("CAN", 1)))
    second = await to_pay(lumo, await propose(lumo, "add", ("PIL", 1)))
    assert second.amount == Money(2750, "EUR")  # on top of what was agreed before
    assert await report(lumo, first.payment) == "late"
    assert await report(lumo, second.payment) == "settled"
    assert await lines(lumo) == "1 MUG-white, 1 CAN, 1 PIL"
    await adds_up(lumo)


async def test_the_customer_keeps_the_order_after_all(db: Database) -> None:
    lumo = await open_lumo(db)
    order = await paid(lumo, {"MUG-white": 1})
    await to_pay(lumo, await propose(lumo, "add", ("CAN", 1)))
    kept = await lumo.ask(KeepOrder())
    assert isinstance(kept, OrderKept)
    assert kept.order is not None
    assert kept.order.id == order
    assert await lumo.stock("CAN") == (40, 0)
    again = await lumo.ask(KeepOrder())
    assert again == OrderKept(order=None)
    await adds_up(lumo)


async def test_a_price_that_moved_since_is_asked_about_again(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    proposed = await propose(lumo, "add", ("CAN", 1))
    await lumo.change("UPDATE variant SET price_minor = 1100 WHERE sku = 'CAN'")
    again = await agree(lumo, proposed)
    assert isinstance(again, OrderEditProposed)
    assert (again.moved, str(again.difference)) == (True, "11.00")
    assert isinstance(await agree(lumo, again), OrderEditToPay)


async def test_what_stays_keeps_the_price_that_was_paid(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    await lumo.change("UPDATE variant SET price_minor = 1500 WHERE sku = 'MUG-white'")
    proposed = await propose(lumo, "set", ("MUG-white", 3))
    assert str(proposed.difference) == "30.00"
    await report(lumo, (await to_pay(lumo, proposed)).payment)
    assert await lines(lumo) == "1 MUG-white, 2 MUG-white"
    assert str((await propose(lumo, "set", ("MUG-white", 2))).difference) == "-15.00"


# ---- what is refused -----------------------------------------------------------------------------------


async def scan(lumo: Lumo, status: str) -> None:
    tracking = str(await lumo.one("SELECT tracking FROM shipment"))
    event = TrackingEvent(tracking, status, status, lumo.now)  # type: ignore[arg-type]
    await db_run(lumo, event)


async def db_run(lumo: Lumo, event: TrackingEvent) -> None:
    await lumo.db.run(lambda tx: apply_tracking(tx, "sandbox", [event], lumo.tell, lumo.now))


def sandbox_carrier(lumo: Lumo) -> dict[str, SandboxCarrier]:
    return {"sandbox": SandboxCarrier(lumo.db, StandingClock(lumo.now), env="demo")}


async def test_a_packed_order_is_not_changed_and_a_difference_paid_meanwhile_goes_back(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    link = await to_pay(lumo, await propose(lumo, "add", ("CAN", 1)))
    late = await propose(lumo, "add", ("PIL", 1))
    await book_due(db, sandbox_carrier(lumo), lumo.now)
    await scan(lumo, "accepted")
    assert [type(event) for _, event in lumo.told][:1] == [OrderEditEnded]
    assert await lumo.stock("CAN") == (40, 0)
    refused = await agree(lumo, late)
    assert isinstance(refused, CannotEditOrder)
    assert refused.reason == "packed"
    refused = await asked(lumo, "remove", ("MUG-white", None))
    assert isinstance(refused, CannotEditOrder)
    assert refused.reason == "packed"
    assert await report(lumo, link.payment) == "late"
    await adds_up(lumo)


@pytest.mark.parametrize(
    ("kind", "sku", "reason"),
    [
        ("remove", "THR", "not_in_it"),
        ("remove", "MUG-white", "only"),
        ("set", "MUG-white", "same"),
        ("add", "MUG-blue", "short"),
        ("add", "NOTHING", "short"),
    ],
)
async def test_what_cannot_be_is_named(db: Database, kind: str, sku: str, reason: str) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    refused = await asked(lumo, kind, (sku, 1 if kind in ("set", "add") else None))
    assert isinstance(refused, CannotEditOrder)
    assert refused.reason == reason
    assert await lumo.one("SELECT count(*) FROM order_edit") == 0


async def test_nobody_edits_an_order_of_somebody_else(db: Database) -> None:
    lumo = await open_lumo(db)
    order = await paid(lumo, {"MUG-white": 1})
    proposed = await propose(lumo, "add", ("CAN", 1))
    refused = await lumo.ask(EditOrder(kind="add", wishes=(OrderWish(skus=("CAN",)),), order=order), "bob")
    assert isinstance(refused, CannotEditOrder)
    assert refused.reason == "no_order"
    with pytest.raises(Exception, match="not asked"):
        await lumo.ask(AgreeToEdit(edit=proposed.edit), "bob")


async def test_a_disputed_order_is_frozen_its_booking_called_back_and_its_change_void(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    carriers = sandbox_carrier(lumo)
    await book_due(db, carriers, lumo.now)
    tracking = await lumo.one("SELECT tracking FROM shipment")
    link = await to_pay(lumo, await propose(lumo, "add", ("CAN", 1)))
    key = str(await lumo.one("SELECT key FROM payment WHERE counts"))
    said = DisputeReport("sandbox", "dp_1", "open", lumo.now, key=key)
    await db.run(lambda tx: apply_dispute(tx, said, lumo.now))
    refused = await asked(lumo, "add", ("PIL", 1))
    assert isinstance(refused, CannotEditOrder)
    assert refused.reason == "disputed"
    assert await report(lumo, link.payment) == "late"
    assert await lumo.stock("CAN") == (40, 0)
    assert await lumo.one("SELECT status FROM shipment") == "pending"
    assert await book_due(db, carriers, lumo.now) == 0
    assert await cancel_due(db, carriers, lumo.now) == 1
    assert await lumo.one("SELECT cancelled FROM sandbox_parcel WHERE tracking = %s", tracking) is True
    won = DisputeReport("sandbox", "dp_1", "won", lumo.now, key=key)
    await db.run(lambda tx: apply_dispute(tx, won, lumo.now))
    assert await book_due(db, carriers, lumo.now) == 1
    assert await lumo.one("SELECT tracking FROM shipment") != tracking


# ---- the parcel ----------------------------------------------------------------------------------------


async def test_a_booked_parcel_is_called_back_and_booked_anew_with_its_new_content(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2})
    carriers = sandbox_carrier(lumo)
    await book_due(db, carriers, lumo.now)
    old = str(await lumo.one("SELECT tracking FROM shipment"))
    await agree(lumo, await propose(lumo, "set", ("MUG-white", 1)))
    assert await book_due(db, carriers, lumo.now) == 1
    assert await cancel_due(db, carriers, lumo.now) == 1
    assert await cancel_due(db, carriers, lumo.now) == 0
    assert await lumo.one("SELECT array_agg(cancelled ORDER BY cancelled) FROM sandbox_parcel") == [False, True]
    assert await lumo.one("SELECT tracking FROM shipment") != old
    await db_run(lumo, TrackingEvent(old, "x", "in_transit", lumo.now))  # the old label was used all the same
    assert await lumo.one("SELECT status FROM shop_order") == "paid"
    assert old in str(await lumo.one("SELECT text FROM task WHERE kind = 'delivery'"))


async def test_a_booking_under_way_during_the_change_is_called_back_when_its_answer_comes(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2})
    edit = await propose(lumo, "set", ("MUG-white", 1))

    class Slow(SandboxCarrier):
        async def book(self, shipment: object, *, key: str) -> object:  # type: ignore[override]
            booked = await super().book(shipment, key=key)  # type: ignore[arg-type]
            await agree(lumo, edit)
            return booked

    slow = {"sandbox": Slow(lumo.db, StandingClock(lumo.now), env="demo")}
    assert await book_due(db, slow, lumo.now) == 0  # type: ignore[arg-type]
    carriers = sandbox_carrier(lumo)
    assert await cancel_due(db, carriers, lumo.now) == 1
    assert await book_due(db, carriers, lumo.now) == 1
    assert await lumo.one("SELECT count(*) FROM sandbox_parcel WHERE NOT cancelled") == 1


async def test_a_carrier_that_takes_nothing_back_is_told_to_a_person(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2})
    await book_due(db, sandbox_carrier(lumo), lumo.now)
    await agree(lumo, await propose(lumo, "set", ("MUG-white", 1)))

    class Stubborn(SandboxCarrier):
        from shop.carrier_port import CarrierFeatures

        features = CarrierFeatures(cancels=False)

    await cancel_due(db, {"sandbox": Stubborn(lumo.db, StandingClock(lumo.now), env="demo")}, lumo.now)
    assert "does not take back" in str(await lumo.one("SELECT text FROM task WHERE kind = 'delivery'"))
    assert await lumo.one("SELECT bool_or(cancelled) FROM sandbox_parcel") is False


# ---- at once -------------------------------------------------------------------------------------------


async def test_ten_times_yes_is_one_yes(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 3})
    proposed = await propose(lumo, "set", ("MUG-white", 1))
    answers = await asyncio.gather(*(agree(lumo, proposed) for _ in range(10)))
    assert {type(answer) for answer in answers} == {OrderEdited}
    assert await lumo.one("SELECT count(*) FROM refund") == 1
    await adds_up(lumo)


async def test_two_changes_at_once_are_done_one_after_the_other(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 2, "CAN": 2})
    one, other = await propose(lumo, "remove", ("CAN", None)), await propose(lumo, "set", ("MUG-white", 1))
    answers = await asyncio.gather(agree(lumo, one), agree(lumo, other))
    assert sorted(type(answer).__name__ for answer in answers) == ["OrderEditProposed", "OrderEdited"]
    await adds_up(lumo)


async def test_a_change_and_packing_at_once_end_in_one_truth(db: Database) -> None:
    lumo = await open_lumo(db)
    for turn in range(6):
        await lumo.change("DELETE FROM reservation WHERE state = 'released'")
        order = await paid(lumo, {"CAN": 2})
        carriers = sandbox_carrier(lumo)
        await book_due(db, carriers, lumo.now)
        tracking = str(await lumo.one('SELECT tracking FROM shipment WHERE "order" = %s', order))
        proposed = await propose(lumo, "set", ("CAN", 1), order=order)
        packing = db_run(lumo, TrackingEvent(tracking, f"a{turn}", "accepted", lumo.now))
        both = (agree(lumo, proposed), packing)
        answers = await asyncio.gather(*(both if turn % 2 else reversed(both)))
        answer = next(one for one in answers if isinstance(one, Result))
        status = await lumo.one("SELECT status FROM shop_order WHERE id = %s", order)
        if isinstance(answer, OrderEdited):
            assert status == "paid"
            assert "was called back" in str(await lumo.one("SELECT text FROM task WHERE key LIKE %s", f"%{tracking}"))
        else:
            assert status == "shipped"
        await adds_up(lumo)


async def test_the_difference_paid_and_expired_at_once_is_one_of_both(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    link = await to_pay(lumo, await propose(lumo, "add", ("THR", 1)))
    lumo.wait(30)
    decision, _ = await asyncio.gather(report(lumo, link.payment), expire_edits(db, lumo.now, lumo.tell))
    assert decision in ("settled", "revived")
    assert await lines(lumo) == "1 MUG-white, 1 THR"
    await adds_up(lumo)


async def test_the_last_piece_goes_to_one_of_two_changes(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid(lumo, {"MUG-white": 1})
    await paid(lumo, {"CAN": 1}, customer="bob")
    wish = EditOrder(kind="add", wishes=(OrderWish(skus=("THR",)),))
    asked_ = [await lumo.ask(wish, who) for who in ("ana", "bob")]
    edits = [one.edit for one in asked_ if isinstance(one, OrderEditProposed)]
    answers = await asyncio.gather(
        *(lumo.ask(AgreeToEdit(edit=edit), who) for edit, who in zip(edits, ("ana", "bob"), strict=True))
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["CannotEditOrder", "OrderEditToPay"]
    await adds_up(lumo)
