"""Placing, revising, expiring, following an order, on real PostgreSQL."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from base.db import Database
from shop.alerts import tell_stock_back
from shop.carrier_port import ShipmentStatus, TrackingEvent
from shop.commands import (
    AddLines,
    ApplyCode,
    CannotPlace,
    CannotRevise,
    CartChanged,
    CartShown,
    ChooseDelivery,
    CodeApplied,
    CustomerKnown,
    FeedbackTaken,
    FindPoints,
    KnownCustomer,
    LeaveFeedback,
    LineWish,
    ListPayments,
    NoOrders,
    NothingToPay,
    NothingToUndo,
    OrderPlaced,
    OrderQuoted,
    OrderRevised,
    OrdersOpen,
    OrderTracked,
    PaymentExpired,
    PaymentRequested,
    PaymentsListed,
    PlaceOrder,
    PointsFound,
    QuoteOrder,
    QuoteOutdated,
    RequestPayment,
    ReviseOrder,
    SetConsent,
    ShipmentMoved,
    ShowCart,
    StockBack,
    StockWatched,
    TrackOrder,
    UndoCart,
    WatchStock,
)
from shop.delivery import apply_tracking
from shop.orders import expire_due
from shop.payment_port import PaymentReport
from shop.payments import apply_report
from shop.shopfile import load_shop
from tests.integration.lumo import DATA, NOON, Lumo, open_lumo


async def settle(lumo: Lumo, payment: str) -> str:
    """The provider says that the money is there."""
    async with lumo.db.begin() as tx:
        row = await tx.row("SELECT * FROM payment WHERE id = %s", payment)
        assert row is not None
        report = PaymentReport(row["provider"], f"settled-{payment}", "settled", lumo.now, key=row["key"])
        return await apply_report(tx, report, lumo.shop, lumo.tell, lumo.now)


async def test_placing_twice_makes_one_order_one_hold_and_one_link(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    quoted = await lumo.quote()
    assert isinstance(quoted, OrderQuoted)
    assert (str(quoted.cart.breakdown.total), quoted.where) == ("13.00", "Ozo 25, Vilnius")
    first = await lumo.ask(PlaceOrder(quote=quoted.quote, key="tap"))
    second = await lumo.ask(PlaceOrder(quote=quoted.quote, key="tap"))
    assert isinstance(first, OrderPlaced)
    assert isinstance(second, OrderPlaced)
    assert first.order.number == second.order.number
    assert first.reserved_until == NOON + timedelta(minutes=30)
    links = [await lumo.link(first.order.id), await lumo.link(first.order.id)]
    assert links[0].link == links[1].link
    assert await lumo.one("SELECT count(*) FROM shop_order") == 1
    assert await lumo.one("SELECT count(*) FROM reservation") == 1
    assert await lumo.stock("CAN") == (40, 1)
    cart = await lumo.ask(ShowCart())
    assert isinstance(cart, CartShown)
    assert cart.cart.empty


async def test_a_price_that_moved_between_quote_and_yes_is_asked_again(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    quoted = await lumo.quote()
    assert isinstance(quoted, OrderQuoted)
    await lumo.change("UPDATE variant SET price_minor = 1000 WHERE sku = 'CAN'")
    outdated = await lumo.ask(PlaceOrder(quote=quoted.quote, key="k"))
    assert isinstance(outdated, QuoteOutdated)
    assert str(outdated.cart.breakdown.total) == "13.50"
    assert await lumo.one("SELECT count(*) FROM shop_order") == 0


async def test_the_last_throw_is_held_for_the_first_and_the_second_hears_until_when(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"THR": 1}, "bob")
    await lumo.fill({"THR": 1})
    placed = await lumo.place()
    lumo.wait(3)
    refused = await lumo.quote("bob")
    assert isinstance(refused, CannotPlace)
    assert refused.reason == "held"
    (held,) = refused.held
    assert (held.variant.sku, held.until) == ("THR", placed.reserved_until)
    assert held.alternatives[0].sku == "PIL"
    assert [line.sku for line in refused.cart.lines] == ["THR"]


async def test_a_change_of_mind_voids_the_link_and_brings_everything_back(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"MUG-white": 2})
    await lumo.ask(ApplyCode(code="WELCOME10"))
    placed = await lumo.place()
    await lumo.link(placed.order.id)
    assert await lumo.one("SELECT uses FROM promotion WHERE id = 'WELCOME10'") == 1
    changed = await lumo.ask(AddLines(lines=(LineWish(sku="CAN"),)))
    assert isinstance(changed, CartChanged)
    assert changed.revised == placed.order.number
    assert [(line.sku, line.quantity) for line in changed.cart.lines] == [("MUG-white", 2), ("CAN", 1)]
    assert changed.cart.codes == ("WELCOME10",)
    assert str(changed.cart.breakdown.goods_after_discount) == "30.15"
    assert await lumo.stock("MUG-white") == (10, 0)
    assert await lumo.one("SELECT uses FROM promotion WHERE id = 'WELCOME10'") == 0
    assert await lumo.one("SELECT state FROM payment") == "voided"
    assert await lumo.one("SELECT status FROM shop_order") == "cancelled"
    again = await lumo.place()
    await lumo.link(again.order.id)
    assert await lumo.one("SELECT count(*) FROM payment WHERE state IN ('created', 'pending')") == 1
    assert again.order.breakdown.discount.amount_minor == -335


async def test_what_is_wanted_more_counts_what_the_own_unpaid_order_holds(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"MUG-black": 1})
    await lumo.place()
    changed = await lumo.ask(AddLines(lines=(LineWish(sku="MUG-black", quantity=2),)))
    assert isinstance(changed, CartChanged)
    assert changed.shortages[0].variant.free == 2
    assert changed.revised is None
    changed = await lumo.ask(AddLines(lines=(LineWish(sku="MUG-black"),)))
    assert isinstance(changed, CartChanged)
    assert [(line.sku, line.quantity) for line in changed.cart.lines] == [("MUG-black", 2)]


async def test_an_order_can_be_revised_until_it_is_paid(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    placed = await lumo.place()
    revised = await lumo.ask(ReviseOrder(order=placed.order.id))
    assert isinstance(revised, OrderRevised)
    assert [(line.sku, line.quantity) for line in revised.cart.lines] == [("CAN", 1)]
    placed = await lumo.place()
    link = await lumo.link(placed.order.id)
    assert await settle(lumo, link.payment) == "settled"
    assert isinstance(await lumo.ask(ReviseOrder(order=placed.order.id)), CannotRevise)
    assert isinstance(await lumo.ask(RequestPayment(order=placed.order.id)), NothingToPay)
    assert isinstance(await lumo.ask(UndoCart()), NothingToUndo)


async def test_the_hold_ends_with_its_time_and_can_be_had_again(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"THR": 1})
    placed = await lumo.place()
    await lumo.link(placed.order.id)
    assert await expire_due(db, lumo.now, lumo.tell) == 0
    lumo.wait(30)
    assert await expire_due(db, lumo.now, lumo.tell) == 1
    assert await lumo.stock("THR") == (1, 0)
    ((customer, event),) = lumo.told
    assert customer == "ana"
    assert isinstance(event, PaymentExpired)
    assert event.number == placed.order.number
    again = await lumo.link(placed.order.id)
    assert again.until == lumo.now + timedelta(minutes=30)
    assert await lumo.stock("THR") == (1, 1)
    lumo.wait(31)
    await expire_due(db, lumo.now, lumo.tell)
    await lumo.change("UPDATE variant SET on_hand = 0 WHERE sku = 'THR'")
    gone = await lumo.ask(RequestPayment(order=placed.order.id))
    assert isinstance(gone, CannotPlace)
    assert gone.shortages[0].variant.sku == "THR"


async def test_cash_on_delivery_up_to_its_limit_is_kept_until_packed(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"HP-black": 1})
    placed = await lumo.place(payment="cod")
    assert (placed.order.status, placed.reserved_until) == ("confirmed", None)
    asked = await lumo.link(placed.order.id)
    assert (asked.link, asked.until) == (None, None)
    assert await lumo.stock("HP-black") == (3, 1)
    await lumo.fill({"HP-black": 2}, "bob")
    refused = await lumo.quote("bob", payment="cod")
    assert isinstance(refused, CannotPlace)
    assert (refused.reason, str(refused.payment and refused.payment.limit)) == ("payment_not_available", "100.00")
    ways = await lumo.ask(ListPayments(), "bob")
    assert isinstance(ways, PaymentsListed)
    assert [(way.code, way.available) for way in ways.options] == [
        ("card", True),
        ("paypal", True),
        ("cod", False),
        ("transfer", True),
    ]


async def test_another_way_to_pay_voids_the_first_link(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    placed = await lumo.place()
    card = await lumo.link(placed.order.id)
    paypal = await lumo.link(placed.order.id, method="paypal")
    assert card.link != paypal.link
    assert await lumo.one("SELECT state FROM payment WHERE id = %s", card.payment) == "voided"
    cash = await lumo.ask(RequestPayment(order=placed.order.id, method="cod"))
    assert isinstance(cash, PaymentRequested)
    assert cash.order.status == "confirmed"
    assert await lumo.one("SELECT count(*) FROM shipment") == 1


async def test_the_city_courier_is_refused_for_an_address_in_another_city(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 2})

    async def to(address: str) -> object:
        return await lumo.ask(
            QuoteOrder(recipient="Ana", phone="1", delivery="city_courier", address=address, payment="card")
        )

    refused = await to("Gedimino 5, Vilnius")
    assert isinstance(refused, CannotPlace)
    assert refused.reason == "delivery_not_available"
    assert isinstance(await to("Laisvės 7, Kaune"), OrderQuoted)


async def test_points_near_words(db: Database) -> None:
    lumo = await open_lumo(db)
    found = await lumo.ask(FindPoints(delivery="boxberry", near="Ozas"))
    assert isinstance(found, PointsFound)
    assert [(p.code, p.address) for p in found.points] == [
        ("VNO-OZAS-1", "Ozo 25, Vilnius"),
        ("VNO-OZAS-2", "Ozo 14, Vilnius"),
    ]
    kaunas = await lumo.ask(FindPoints(delivery="boxberry", city="Каунасе"))
    assert isinstance(kaunas, PointsFound)
    assert [point.code for point in kaunas.points] == ["KUN-1"]


async def paid_parcel(lumo: Lumo, lines: dict[str, int]) -> OrderPlaced:
    await lumo.fill(lines)
    placed = await lumo.place()
    link = await lumo.link(placed.order.id)
    await settle(lumo, link.payment)
    await lumo.change(
        "UPDATE shipment SET tracking = 'T' || substr(id, 1, 6), status = 'created' WHERE tracking IS NULL"
    )
    return placed


async def test_a_paid_order_has_a_parcel_with_its_promised_days(db: Database) -> None:
    lumo = await open_lumo(db)
    lumo.now -= timedelta(days=1)
    placed = await paid_parcel(lumo, {"MUG-white": 2})
    lumo.now += timedelta(days=1)
    tracked = await lumo.ask(TrackOrder())
    assert isinstance(tracked, OrderTracked)
    parcel = tracked.order.shipment
    assert parcel is not None
    assert (tracked.order.number, parcel.status, parcel.handed_over) == (placed.order.number, "created", False)
    assert (parcel.promised_from, parcel.promised_to) == (date(2026, 11, 26), date(2026, 11, 28))
    assert tracked.order.content == "2 × Aurora mug, white"


async def test_two_parcels_are_told_apart_by_content_and_strangers_find_none(db: Database) -> None:
    lumo = await open_lumo(db)
    first = await paid_parcel(lumo, {"MUG-white": 2})
    await paid_parcel(lumo, {"HP-black": 1})
    both = await lumo.ask(TrackOrder())
    assert isinstance(both, OrdersOpen)
    assert [order.content for order in both.orders] == ["1 × Wave headphones, black", "2 × Aurora mug, white"]
    mugs = await lumo.ask(TrackOrder(products=("MUG",)))
    assert isinstance(mugs, OrderTracked)
    assert mugs.order.number == first.order.number
    by_word = await lumo.ask(TrackOrder(words="the headphones"))
    assert isinstance(by_word, OrderTracked)
    stranger = await lumo.ask(TrackOrder(order=first.order.number), "bob")
    assert isinstance(stranger, NoOrders)
    assert await lumo.one("SELECT who FROM history WHERE why = 'asked for by somebody else'") == "customer bob"


async def test_scans_count_by_the_carriers_time_and_nothing_is_told_backwards(db: Database) -> None:
    lumo = await open_lumo(db)
    await paid_parcel(lumo, {"CAN": 1})
    tracking = str(await lumo.one("SELECT tracking FROM shipment"))

    def scan(status: ShipmentStatus, hours: int) -> TrackingEvent:
        return TrackingEvent(tracking, status, status, NOON + timedelta(hours=hours))

    async def take(*events: TrackingEvent) -> int:
        async with db.begin() as tx:
            return await apply_tracking(tx, "sandbox", events, lumo.tell, lumo.now)

    lumo.told.clear()
    assert await take(scan("in_transit", 5), scan("accepted", 2)) == 2
    assert await take(scan("in_transit", 5)) == 0
    assert await take(scan("ready_for_pickup", 4)) == 1
    assert await take(scan("delivered", 9)) == 1
    assert [event.status for _, event in lumo.told if isinstance(event, ShipmentMoved)] == ["in_transit", "delivered"]
    tracked = await lumo.ask(TrackOrder())
    assert isinstance(tracked, OrderTracked)
    assert (tracked.order.status, tracked.order.delivered_at) == ("delivered", NOON + timedelta(hours=9))


async def test_cash_is_settled_by_its_delivery(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 1})
    placed = await lumo.place(payment="cod")
    await lumo.link(placed.order.id)
    await lumo.change("UPDATE shipment SET tracking = 'T1', status = 'created'")
    async with db.begin() as tx:
        scan = TrackingEvent("T1", "d", "delivered", lumo.now + timedelta(days=3))
        await apply_tracking(tx, "sandbox", [scan], lumo.tell, lumo.now)
    assert await lumo.one("SELECT state FROM payment") == "settled"
    assert await lumo.one("SELECT status FROM shop_order") == "delivered"
    assert await lumo.stock("CAN") == (39, 0)


def test_the_city_courier_comes_the_same_day_only_before_three() -> None:
    courier = load_shop(DATA / "shop.yml").deliveries["city_courier"]
    today = datetime(2026, 11, 24, 14, 59, tzinfo=UTC)
    assert courier.promised(today) == (today.date(), today.date())
    tomorrow = date(2026, 11, 25)
    assert courier.promised(today.replace(hour=15, minute=0)) == (tomorrow, tomorrow)


async def test_what_is_known_of_a_customer_can_be_confirmed(db: Database) -> None:
    lumo = await open_lumo(db)
    nothing = await lumo.ask(KnownCustomer())
    assert isinstance(nothing, CustomerKnown)
    assert (nothing.phone, nothing.returning, nothing.cart_age_hours) == (None, False, None)
    await lumo.fill({"CAN": 1})
    await lumo.place()
    await lumo.fill({"PIL": 1})
    await lumo.ask(ChooseDelivery(delivery="dhl"))
    lumo.wait(90)
    known = await lumo.ask(KnownCustomer())
    assert isinstance(known, CustomerKnown)
    assert (known.name, known.phone, known.last_payment) == ("Ana", "+37060000001", None)
    assert known.cart_age_hours == pytest.approx(1.5)


async def test_an_unhappy_word_goes_to_a_manager_and_consent_is_a_ledger(db: Database) -> None:
    lumo = await open_lumo(db)
    taken = await lumo.ask(LeaveFeedback(order=None, rating=2, words="late"))
    assert isinstance(taken, FeedbackTaken)
    assert taken.task
    assert await lumo.one("SELECT count(*) FROM task WHERE kind = 'feedback'") == 1
    await lumo.ask(SetConsent(kind="marketing", on=True, source="chat"))
    await lumo.ask(SetConsent(kind="marketing", on=False, source="chat"))
    assert await lumo.one("SELECT count(*) FROM consent") == 2
    first = await lumo.ask(WatchStock(sku="MUG-blue"))
    second = await lumo.ask(WatchStock(sku="MUG-blue"))
    assert isinstance(first, StockWatched)
    assert isinstance(second, StockWatched)
    assert (first.already, second.already) == (False, True)


async def test_the_database_itself_refuses_to_oversell(db: Database) -> None:
    lumo = await open_lumo(db)
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_variant_stock"):
        await lumo.change("UPDATE variant SET reserved = 2 WHERE sku = 'THR'")
    with pytest.raises(psycopg.errors.CheckViolation, match="ck_promotion_total_limit"):
        await lumo.change("UPDATE promotion SET uses = 51 WHERE id = 'FLASH20'")


async def test_who_waits_for_a_variant_is_told_once_when_it_is_back(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.ask(WatchStock(sku="MUG-blue"))
    assert await tell_stock_back(db, lumo.catalogue, lumo.shop, lumo.tell, lumo.now) == 0
    await lumo.change("UPDATE variant SET on_hand = 5 WHERE sku = 'MUG-blue'")
    assert await tell_stock_back(db, lumo.catalogue, lumo.shop, lumo.tell, lumo.now) == 1
    assert await tell_stock_back(db, lumo.catalogue, lumo.shop, lumo.tell, lumo.now) == 0
    ((customer, event),) = lumo.told
    assert isinstance(event, StockBack)
    assert (customer, event.name, str(event.price)) == ("ana", "Aurora mug, blue", "13.00")


async def test_a_flash_price_lives_as_long_as_the_hold_of_its_link(db: Database) -> None:
    lumo = await open_lumo(db)
    lumo.now = NOON + timedelta(hours=7, minutes=40)  # 19:40 in the shop
    await lumo.fill({"TEE-black-L": 1})
    assert isinstance(await lumo.ask(ApplyCode(code="FLASH20")), CodeApplied)
    placed = await lumo.place()
    assert str(placed.order.breakdown.total) == "19.50"
    lumo.wait(25)
    again = await lumo.link(placed.order.id)
    assert again.until == placed.reserved_until
    lumo.wait(6)
    await expire_due(db, lumo.now, lumo.tell)
    refused = await lumo.ask(RequestPayment(order=placed.order.id))
    assert isinstance(refused, CannotPlace)
    assert refused.reason == "price_expired"
    revised = await lumo.ask(ReviseOrder(order=placed.order.id))
    assert isinstance(revised, OrderRevised)
    assert str(revised.cart.breakdown.total) == "23.50"
    assert [refused.reason for refused in revised.cart.dormant] == ["outside_hours"]
