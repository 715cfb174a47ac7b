"""Money that comes once, twice, late, wrong or never, and parcels that move, on real PostgreSQL and real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta

import pytest
from aiohttp import web

from app.adapters import make_providers
from app.settings import read_settings
from base.clock import StandingClock
from base.db import Database
from base.errors import BadSignature, ShopkeeperError
from base.money import Money
from integrations.delivery.sandbox import SandboxCarrier
from integrations.payments.manual import ManualPayments
from integrations.payments.sandbox import SandboxPayments
from shop.commands import (
    ApplyCode,
    OrderRevised,
    OrderTracked,
    PaymentDeclined,
    PaymentExpired,
    PaymentOnItsWay,
    PaymentRefunded,
    PaymentRequested,
    PaymentSettled,
    PaymentUnclear,
    ReviseOrder,
    ShipmentMoved,
    TrackOrder,
)
from shop.delivery import book, book_due, poll_due
from shop.delivery import cancel_due as cancel_parcels
from shop.orders import expire_due
from shop.payment_port import PaymentReport, PaymentState
from shop.payments import GoToPage, PayLink, cancel_due, open_payment_page, read_pay_link, reconcile, take_in
from shop.refunds import submit_due
from tests.integration.lumo import NOON, PUBLIC, Lumo, open_lumo


async def link_for(lumo: Lumo, lines: dict[str, int], customer: str = "ana") -> PaymentRequested:
    await lumo.fill(lines, customer)
    placed = await lumo.place(customer)
    return await lumo.link(placed.order.id, customer)


def token(link: PaymentRequested) -> str:
    assert link.link is not None
    return link.link.rpartition("/")[2]


async def report(
    lumo: Lumo, payment: str, state: PaymentState = "settled", *, event: str = "", amount: Money | None = None
) -> str:
    key = str(await lumo.one("SELECT key FROM payment WHERE id = %s", payment))
    said = PaymentReport("sandbox", event or f"{state}-{payment}", state, lumo.now, key=key, amount=amount)
    return await take_in(lumo.db, said, lumo.shop, lumo.tell, lumo.now)


async def test_money_makes_the_order_paid_once(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"CAN": 2})
    assert await report(lumo, link.payment, amount=Money(2250, "EUR")) == "settled"
    assert await report(lumo, link.payment) == "duplicate"
    assert await report(lumo, link.payment, event="the same fact told anew") == "already"
    assert await lumo.stock("CAN") == (38, 0)
    assert [type(event) for _, event in lumo.told] == [PaymentSettled]
    assert await lumo.one("SELECT status FROM shop_order") == "paid"
    assert await lumo.one("SELECT count(*) FROM shipment") == 1
    moves = await lumo.one("SELECT string_agg(to_state, ' ' ORDER BY id) FROM history WHERE entity = 'order'")
    assert moves == "awaiting_payment paid"


async def test_twenty_reports_at_once_settle_once(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"CAN": 1})
    decisions = await asyncio.gather(*(report(lumo, link.payment, event=f"e{i % 7}") for i in range(20)))
    assert sorted(set(decisions)) == ["already", "duplicate", "settled"]
    assert decisions.count("settled") == 1
    assert await lumo.stock("CAN") == (39, 0)


async def test_a_declined_payment_charges_nothing_and_another_try_may_settle(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"CAN": 1})
    assert await report(lumo, link.payment, "declined") == "declined"
    assert await lumo.stock("CAN") == (40, 1)
    (event,) = (event for _, event in lumo.told)
    assert isinstance(event, PaymentDeclined)
    assert event.until == NOON + timedelta(minutes=30)
    assert await report(lumo, link.payment) == "settled"


async def test_late_money_revives_the_order_while_the_stock_is_there(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"THR": 1})
    lumo.wait(30)
    await expire_due(db, lumo.now, lumo.tell)
    lumo.wait(15)
    assert await report(lumo, link.payment) == "revived"
    assert await report(lumo, link.payment) == "duplicate"
    assert await lumo.stock("THR") == (0, 0)
    assert [type(event) for _, event in lumo.told] == [PaymentExpired, PaymentSettled]
    assert await lumo.one("SELECT status FROM shop_order") == "paid"


async def test_late_money_for_stock_that_was_sold_goes_back_once(db: Database) -> None:
    lumo = await open_lumo(db)
    clock = StandingClock(lumo.now)
    sandbox = SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="s")
    link = await link_for(lumo, {"THR": 1})
    await open_payment_page(db, {"sandbox": sandbox}, token(link), lumo.now, public_url=PUBLIC)
    reference = str(await lumo.one("SELECT reference FROM payment"))
    await sandbox.approve(reference)
    lumo.wait(30)
    await expire_due(db, lumo.now, lumo.tell)
    other = await link_for(lumo, {"THR": 1}, "bob")
    assert await report(lumo, other.payment) == "settled"
    lumo.wait(15)
    assert await report(lumo, link.payment) == "late"
    assert await report(lumo, link.payment, event="again") == "already"
    assert await lumo.stock("THR") == (0, 0)
    assert await lumo.one("SELECT count(*) FROM refund WHERE amount_minor = 4850") == 1
    assert await lumo.one("SELECT count(*) FROM task WHERE kind = 'refund_late'") == 1
    assert await lumo.one("SELECT status FROM shop_order WHERE customer = 'ana'") == "cancelled"
    told = lumo.told[-1][1]
    assert isinstance(told, PaymentRefunded)
    assert (str(told.amount), told.reason, told.by) == ("48.50", "late", lumo.now + timedelta(days=5))
    for _ in range(2):
        await submit_due(db, {"sandbox": sandbox}, lumo.now + timedelta(minutes=5))
    assert await lumo.one("SELECT count(*) FROM sandbox_refund") == 1
    assert await lumo.one("SELECT state FROM refund") == "done"
    assert await lumo.one("SELECT state FROM payment WHERE id = %s", link.payment) == "refunded"


async def test_money_that_comes_twice_goes_back_and_a_manager_knows(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"CAN": 1})
    second = await lumo.link(link.order.id, method="paypal")
    assert await report(lumo, second.payment) == "settled"
    assert await report(lumo, link.payment) == "double"
    assert await lumo.one("SELECT reason FROM refund") == "double"
    assert await lumo.one("SELECT count(*) FROM payment WHERE counts") == 1
    assert await lumo.stock("CAN") == (39, 0)


async def test_a_wrong_amount_is_never_guessed_about(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"CAN": 1})
    assert await report(lumo, link.payment, amount=Money(100, "EUR")) == "wrong_amount"
    assert await lumo.one("SELECT status FROM shop_order") == "awaiting_payment"
    words = str(await lumo.one("SELECT text FROM task"))
    assert words.startswith(f"{link.order.number}: 1.00 EUR came instead of 13.00 EUR.")
    unclear = lumo.told[-1][1]
    assert isinstance(unclear, PaymentUnclear)
    assert unclear.amount == Money(100, "EUR")
    lumo.wait(31)
    await expire_due(db, lumo.now, lumo.tell)
    assert await lumo.one("SELECT status FROM shop_order") == "expired"
    assert lumo.told[-1][1] == unclear, "nobody is told that nothing was charged"


async def test_money_on_its_way_is_not_called_nothing_when_the_hold_ends(db: Database) -> None:
    lumo = await open_lumo(db)
    link = await link_for(lumo, {"CAN": 1})
    assert await report(lumo, link.payment, "on_its_way") == "pending"
    lumo.wait(31)
    await expire_due(db, lumo.now, lumo.tell)
    assert isinstance(lumo.told[-1][1], PaymentOnItsWay)


async def test_money_of_nobody_becomes_a_task(db: Database) -> None:
    lumo = await open_lumo(db)
    stray = PaymentReport("sandbox", "e", "settled", lumo.now, key="strange")
    assert await take_in(db, stray, lumo.shop, lumo.tell, lumo.now) == "nobodys"
    assert await lumo.one("SELECT kind FROM task") == "unknown_payment"


async def test_a_promo_use_is_reserved_committed_and_released(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 3})
    await lumo.ask(ApplyCode(code="WELCOME10"))
    placed = await lumo.place()
    assert await lumo.one("SELECT state FROM redemption") == "reserved"
    lumo.wait(31)
    await expire_due(db, lumo.now, lumo.tell)
    assert await lumo.one("SELECT state FROM redemption") == "released"
    assert await lumo.one("SELECT uses FROM promotion WHERE id = 'WELCOME10'") == 0
    link = await lumo.link(placed.order.id)
    await report(lumo, link.payment)
    assert await lumo.one("SELECT state FROM redemption") == "committed"
    assert await lumo.one("SELECT uses FROM promotion WHERE id = 'WELCOME10'") == 1


# ---- our own link and the sandbox's page -----------------------------------------------------------


@asynccontextmanager
async def door(lumo: Lumo, sandbox: SandboxPayments) -> AsyncIterator[str]:
    """Our webhook door on a real socket."""

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            await sandbox.authenticate(request.headers, body, lumo.now)
        except BadSignature:
            return web.Response(status=403)
        for one in sandbox.read_webhook(request.headers, body, lumo.now):
            await take_in(lumo.db, one, lumo.shop, lumo.tell, lumo.now)
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/sandbox", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server = site._server
    assert isinstance(server, asyncio.Server)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhooks/sandbox"
    await runner.cleanup()


async def test_looking_at_the_link_calls_nobody_and_posting_makes_one_page(db: Database) -> None:
    lumo = await open_lumo(db)
    sandbox = SandboxPayments(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    link = await link_for(lumo, {"CAN": 1})
    async with db.begin() as tx:
        shown = await read_pay_link(tx, token(link), lumo.now)
        assert await read_pay_link(tx, "guessed", lumo.now) is None
    assert shown is not None
    assert (shown.open, str(shown.amount), shown.number) == (True, "13.00", link.order.number)
    assert await lumo.one("SELECT count(*) FROM sandbox_payment") == 0
    providers = {"sandbox": sandbox}
    pages = [await open_payment_page(db, providers, token(link), lumo.now, public_url=PUBLIC) for _ in range(2)]
    assert isinstance(pages[0], GoToPage)
    assert pages[0] == pages[1]
    assert await lumo.one("SELECT count(*) FROM sandbox_payment") == 1
    lumo.wait(31)
    dead = await open_payment_page(db, providers, token(link), lumo.now, public_url=PUBLIC)
    assert isinstance(dead, PayLink)
    assert not dead.open


async def test_approving_on_the_page_settles_by_a_signed_webhook(db: Database) -> None:
    lumo = await open_lumo(db)
    clock = StandingClock(lumo.now)
    async with door(lumo, SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="s")) as url:
        sandbox = SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="s", webhook_url=url)
        forger = SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="x", webhook_url=url)
        link = await link_for(lumo, {"CAN": 1})
        await open_payment_page(db, {"sandbox": sandbox}, token(link), lumo.now, public_url=PUBLIC)
        reference = str(await lumo.one("SELECT reference FROM payment"))
        page = await sandbox.page(reference)
        assert page is not None
        assert page.open
        await sandbox.decline(reference)
        assert await forger.send_webhooks() == 0
        assert await sandbox.send_webhooks() == 1
        await sandbox.approve(reference)
        assert await sandbox.send_webhooks() == 1
        assert await sandbox.send_webhooks() == 0
    assert [type(event) for _, event in lumo.told] == [PaymentDeclined, PaymentSettled]
    closed = SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="")
    with pytest.raises(BadSignature, match="door is closed"):
        await closed.authenticate({"Sandbox-Signature": "t=1,v1=00"}, b"{}", lumo.now)


async def test_a_webhook_that_was_lost_is_asked_for(db: Database) -> None:
    lumo = await open_lumo(db)
    sandbox = SandboxPayments(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    link = await link_for(lumo, {"CAN": 1})
    providers = {"sandbox": sandbox, "manual": ManualPayments(StandingClock(lumo.now))}
    await open_payment_page(db, providers, token(link), lumo.now, public_url=PUBLIC)
    await sandbox.approve(str(await lumo.one("SELECT reference FROM payment")))
    lumo.wait(3)
    assert await reconcile(db, providers, lumo.shop, lumo.tell, lumo.now) == 1
    assert await lumo.one("SELECT status FROM shop_order") == "paid"


async def test_an_attempt_is_asked_about_at_growing_intervals(db: Database) -> None:
    lumo = await open_lumo(db)
    sandbox = SandboxPayments(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    link = await link_for(lumo, {"CAN": 1})
    providers = {"sandbox": sandbox}
    await open_payment_page(db, providers, token(link), lumo.now, public_url=PUBLIC)
    asked = []
    for minute in range(20):
        asked += [minute] * await reconcile(db, providers, lumo.shop, lumo.tell, lumo.now)
        lumo.wait(1)
    assert asked == [1, 3, 7, 15]


async def test_a_hundred_attempts_of_others_keep_nobody_waiting(db: Database) -> None:
    """Attempts that stay open came first in every sweep, and those behind them were never asked about."""
    lumo = await open_lumo(db)
    sandbox = SandboxPayments(db, StandingClock(lumo.now), env="demo", public_url=PUBLIC, secret="s")
    providers = {"sandbox": sandbox}
    await lumo.customer("cleo")
    for customer in ("ana", "bob", "cleo"):
        link = await link_for(lumo, {"CAN": 1}, customer)
        await open_payment_page(db, providers, token(link), lumo.now, public_url=PUBLIC)
        lumo.wait(0.1)
    last = str(await lumo.one("SELECT reference FROM payment ORDER BY created_at DESC LIMIT 1"))
    await sandbox.approve(last)
    for _ in range(2):
        lumo.wait(2)
        await reconcile(db, providers, lumo.shop, lumo.tell, lumo.now, limit=2)
    assert await lumo.one("SELECT count(*) FROM shop_order WHERE status = 'paid'") == 1


async def test_a_dead_link_is_closed_at_the_provider_and_money_of_that_moment_is_kept(db: Database) -> None:
    lumo = await open_lumo(db)
    clock = StandingClock(lumo.now)
    sandbox = SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="s")
    providers = {"sandbox": sandbox}
    link = await link_for(lumo, {"CAN": 1})
    await open_payment_page(db, providers, token(link), lumo.now, public_url=PUBLIC)
    reference = str(await lumo.one("SELECT reference FROM payment"))
    await sandbox.approve(reference)
    lumo.wait(31)
    await expire_due(db, lumo.now, lumo.tell)
    assert await cancel_due(db, providers, lumo.shop, lumo.tell, lumo.now) == 1
    assert await lumo.one("SELECT status FROM shop_order") == "paid"
    assert await cancel_due(db, providers, lumo.shop, lumo.tell, lumo.now) == 0


async def test_paying_late_brings_the_money_after_the_link_has_died(db: Database) -> None:
    lumo = await open_lumo(db)
    clock = StandingClock(lumo.now)
    async with door(lumo, SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="s")) as url:
        sandbox = SandboxPayments(db, clock, env="demo", public_url=PUBLIC, secret="s", webhook_url=url)
        link = await link_for(lumo, {"CAN": 1})
        await open_payment_page(db, {"sandbox": sandbox}, token(link), lumo.now, public_url=PUBLIC)
        await sandbox.pay_late(str(await lumo.one("SELECT reference FROM payment")))
        lumo.wait(31)
        clock.move(timedelta(minutes=31))
        await expire_due(db, lumo.now, lumo.tell)
        await cancel_due(db, {"sandbox": sandbox}, lumo.shop, lumo.tell, lumo.now)
        assert await sandbox.send_webhooks() == 0
        lumo.wait(14)
        clock.move(timedelta(minutes=14))
        assert await sandbox.send_webhooks() == 1
    assert [type(event) for _, event in lumo.told] == [PaymentExpired, PaymentSettled]


# ---- the parcel ----------------------------------------------------------------------------------


async def test_a_parcel_is_booked_once_and_moves_with_the_clock(db: Database) -> None:
    lumo = await open_lumo(db)
    clock = StandingClock(lumo.now)
    day = timedelta(seconds=60)
    carriers = {"sandbox": SandboxCarrier(db, clock, env="demo", public_url=PUBLIC, day=day)}
    link = await link_for(lumo, {"CAN": 1})
    await report(lumo, link.payment)
    assert await book_due(db, carriers, lumo.now) == 1
    shipment = str(await lumo.one("SELECT id FROM shipment"))
    assert not await book(db, carriers, shipment, lumo.now)
    assert await lumo.one("SELECT count(*) FROM sandbox_parcel") == 1
    lumo.told.clear()
    for _ in range(30):
        clock.move(timedelta(seconds=10))
        lumo.wait(1 / 6)
        await poll_due(db, carriers, lumo.tell, lumo.now, every=timedelta(seconds=1))
    told = [event.status for _, event in lumo.told if isinstance(event, ShipmentMoved)]
    assert told == ["accepted", "in_transit", "ready_for_pickup", "delivered"]
    tracked = await lumo.ask(TrackOrder())
    assert isinstance(tracked, OrderTracked)
    assert tracked.order.status == "delivered"
    assert await poll_due(db, carriers, lumo.tell, lumo.now + day, every=timedelta(seconds=1)) == 0


async def test_a_booking_whose_answer_was_lost_is_found_again(db: Database) -> None:
    lumo = await open_lumo(db)
    clock = StandingClock(lumo.now)
    carrier = SandboxCarrier(db, clock, env="demo")
    link = await link_for(lumo, {"CAN": 1})
    await report(lumo, link.payment)
    await book_due(db, {"sandbox": carrier}, lumo.now)
    tracking = await lumo.one("SELECT tracking FROM shipment")
    await lumo.change("UPDATE shipment SET tracking = NULL, status = 'pending'")
    lumo.wait(2)
    assert await book_due(db, {"sandbox": carrier}, lumo.now) == 1
    assert await lumo.one("SELECT tracking FROM shipment") == tracking


async def test_a_revised_cash_order_takes_its_parcel_back(db: Database) -> None:
    lumo = await open_lumo(db)
    carriers = {"sandbox": SandboxCarrier(db, StandingClock(lumo.now), env="demo")}
    await lumo.fill({"CAN": 1})
    placed = await lumo.place(payment="cod")
    await book_due(db, carriers, lumo.now)
    assert isinstance(await lumo.ask(ReviseOrder(order=placed.order.id)), OrderRevised)
    assert await cancel_parcels(db, carriers, lumo.now) == 1
    assert await lumo.one("SELECT cancelled FROM sandbox_parcel")
    assert await lumo.stock("CAN") == (40, 0)


def test_the_sandbox_refuses_to_work_in_production() -> None:
    clock, db = StandingClock(NOON), Database("postgresql://nowhere/none")
    with pytest.raises(ShopkeeperError, match="no real money"):
        SandboxPayments(db, clock, env="production", public_url=PUBLIC, secret="s")
    with pytest.raises(ShopkeeperError, match="no real parcels"):
        SandboxCarrier(db, clock, env="production")


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"stripe": {"secret_key": "sk_test_1"}}, "STRIPE__SECRET_KEY is for tests"),
        ({"paypal": {"client_id": "a", "client_secret": "b", "api_base": "https://api-m.sandbox.paypal.com"}},
         "PAYPAL__API_BASE is PayPal's sandbox"),
    ],
)  # fmt: skip
def test_test_money_is_refused_in_production(given: dict[str, dict[str, str]], complaint: str) -> None:
    for env in ("demo", "production"):
        settings = read_settings(env_file=None, env=env, **given)
        told = pytest.raises(ShopkeeperError, match=complaint) if env == "production" else nullcontext()
        with told:
            make_providers(settings, Database("postgresql:///nobody"), StandingClock(NOON), "key")
