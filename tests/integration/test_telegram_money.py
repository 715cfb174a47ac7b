"""Money in a Telegram chat: from the talk over an invoice, a question and a notice to a paid order, by real sockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from sqlalchemy.exc import OperationalError

from app import collecting as collecting_money
from app.adapters import collecting, make_providers, unknown_names
from app.settings import read_settings
from base.clock import StandingClock
from base.errors import ShopkeeperError, TryLater
from base.money import Money
from bot.world import tell_customer
from desk.money import sent_back
from desk.people import add_manager
from integrations.messenger.telegram.adapter import Telegram
from integrations.payments.telegram.goods import TelegramPayments
from shop.catalogue import bump_catalogue
from shop.commands import AddLines, CannotPlace, CartShown, CheckCart, LineWish, ListPayments, PaymentsListed
from shop.orders import expire_due
from shop.payments import reconcile, take_in
from shop.refunds import submit_due
from tests.contracts.botapi import BotApi
from tests.contracts.botapi_money import Charge
from tests.integration.open_shop import Books, OpenShop, data_with, open_shop

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ANA, BOB = 7, 8
WAY = """payments:
  telegram:
    provider: telegram
    name: {en: Telegram, ru: Telegram, uk: Telegram, es: Telegram}
"""


@dataclass
class Counter(Books):
    """A shop that lets Telegram collect its money, and the people who write there."""

    api: BotApi

    async def says(self, words: str, *, until: str, who: int = ANA) -> str:
        """Write, and wait until the answer holds these words; all of the answer."""
        chat = self.api.chat(who)
        mark = chat.mark()
        await self.api.user_says(who, words)
        return await self.hears(until, mark, who=who)

    async def hears(self, words: str, since: int, *, who: int = ANA) -> str:
        chat = self.api.chat(who)
        try:
            async with asyncio.timeout(15):
                while words.casefold() not in chat.words(since).casefold():
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{words!r} was not said, but: {chat.words(since)}") from None
        return chat.words(since)

    async def orders(
        self, *, who: int = ANA, until: str = "Pay EUR", first: str = "two white mugs", last: str = "yes"
    ) -> str:
        """From hello to the invoice; what was said last."""
        await self.says(first, until="Added", who=who)
        await self.says("checkout", until="name", who=who)
        await self.says("Ana", until="phone", who=who)
        await self.says("+370 600 00001", until="deliver", who=who)
        await self.says("Boxberry", until="Ozo 25", who=who)
        if not last:
            return await self.says("Ozo 25", until=until, who=who)
        await self.says("Ozo 25", until="place the order", who=who)
        return await self.says(last, until=until, who=who)

    async def states(self) -> tuple[list[object], list[object]]:
        return await self.told("SELECT status FROM shop_order"), await self.told("SELECT state FROM payment")


PAID = (["paid"], ["settled"])


DIGITAL = """deliveries:
  chat:
    digital: true
    name: {en: here in the chat, ru: в этот чат, uk: у цей чат, es: en este chat}
    price: 0.00
    days: 0-0
"""
STARS = """
  stars:
    provider: stars
    name: {en: Telegram Stars, ru: Telegram Stars, uk: Telegram Stars, es: Telegram Stars}
    stars: 55                 # for 1.00 euro
"""


@asynccontextmanager
async def counter_at(database_url: str, folder: Path, *, webhook: bool = True) -> AsyncIterator[Counter]:
    data_with(folder, "payments:\n", WAY.rstrip("\n") + STARS)
    own = folder / "shop.yml"
    own.write_text(own.read_text(encoding="utf-8").replace("deliveries:\n", DIGITAL, 1), encoding="utf-8")
    async with BotApi() as api:
        api.chat(ANA)
        settings = {
            "token": api.token, "api_base": api.base, "webhook_secret": api.secret if webhook else "",
            "provider_token": api.provider_token,
        }  # fmt: skip
        async with open_shop(database_url, data=folder, burst=0, telegram=settings) as shop:
            telegram = shop.house.channels["telegram"]
            assert isinstance(telegram, Telegram)
            if webhook:
                await telegram.set_webhook(shop.url)
            yield Counter(shop, api)


@pytest_asyncio.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter_at(database_url, tmp_path / "data") as opened:
        yield opened


# ---- the whole way -------------------------------------------------------------------------------


async def test_a_customer_pays_in_the_chat_and_is_thanked(counter: Counter) -> None:
    said = await counter.orders()
    assert "Please pay €27.50 right here" in said
    assert "held for you until" in said
    assert "/pay/" not in counter.api.chat(ANA).words()
    (sent,) = counter.api.called("sendInvoice")
    assert [(price["label"], price["amount"]) for price in sent["prices"]] == [
        ("2 × Aurora mug, white", 2400), ("Boxberry pick-up point", 350),
    ]  # fmt: skip
    assert (sent["currency"], sent["provider_token"]) == ("EUR", counter.api.provider_token)
    assert sent["description"] == "2 × Aurora mug, white"
    assert sent["start_parameter"]
    (number,) = await counter.told("SELECT number FROM shop_order")
    assert sent["title"] == f"Order {number}"
    mark = counter.api.chat(ANA).mark()
    paying = await counter.api.user_pays(ANA)
    assert paying.charge
    assert "is paid and confirmed" in await counter.hears("Thank you", mark)
    assert await counter.states() == PAID
    assert await counter.told("SELECT reference FROM payment") == [paying.charge]
    assert await counter.told("SELECT receipt FROM payment") == [f"prov_{paying.charge}"]
    assert await counter.told("SELECT on_hand FROM variant WHERE sku = 'MUG-white'") == [8]
    assert await counter.told('SELECT count(*) FROM outbox WHERE fitted @> \'{"parts": [{"kind": "invoice"}]}\'') == [1]
    assert counter.api.provider_token not in str(await counter.told("SELECT fitted FROM outbox"))


async def test_the_invoice_lists_discounts_and_adds_up(counter: Counter) -> None:
    await counter.says("two white mugs", until="Added")
    await counter.says("WELCOME10", until="€21.60")
    await counter.orders(first="one candle")
    (sent,) = counter.api.called("sendInvoice")
    amounts = [price["amount"] for price in sent["prices"]]
    assert min(amounts) < 0
    assert [sum(amounts)] == await counter.told("SELECT amount_minor FROM payment")
    assert (await counter.api.user_pays(ANA)).charge


async def test_the_same_works_by_long_polling(database_url: str, tmp_path: Path) -> None:
    async with counter_at(database_url, tmp_path / "data", webhook=False) as counter:
        await counter.orders()
        mark = counter.api.chat(ANA).mark()
        assert (await counter.api.user_pays(ANA)).charge
        await counter.hears("Thank you", mark)
        assert await counter.states() == PAID
        assert not counter.api.webhook


# ---- told twice, late, wrong ---------------------------------------------------------------------


async def test_a_payment_that_is_told_again_and_again_counts_once(counter: Counter) -> None:
    await counter.orders()
    paying = await counter.api.user_pays(ANA)
    assert await counter.api.repeat() == 200  # byte for byte
    assert await counter.api.tell(paying.charge) == 200  # by an update of its own
    assert await counter.states() == PAID
    assert await counter.told("SELECT decision FROM payment_report") == ["settled"]
    assert await counter.told("SELECT count(*) FROM task") == [0]
    again = await counter.api.user_pays(ANA)
    assert again.words == "This order is paid already; nothing more was charged. Thank you!"


async def test_a_second_charge_for_one_invoice_is_shown_to_a_person(counter: Counter) -> None:
    """Two windows, both allowed before either had paid."""
    await counter.orders()

    async def another() -> None:
        assert (await counter.api.user_pays(ANA)).charge

    assert (await counter.api.user_pays(ANA, meanwhile=another)).charge
    assert await counter.told("SELECT decision FROM payment_report ORDER BY id") == ["settled", "double"]
    assert await counter.told("SELECT kind FROM task") == ["refund_double"]


async def test_who_has_a_forwarded_invoice_cannot_pay_it(counter: Counter) -> None:
    await counter.orders()
    shown = counter.api.invoice(ANA)
    button = counter.api.forwarded(shown)
    assert button["url"].endswith("?start=invoice")
    await counter.says("/start invoice", until="hello", who=BOB)
    refused = await counter.api.user_pays(ANA, by=BOB)
    assert "meant for somebody else" in refused.words
    counter.api.chat(9).locale = "uk"  # never wrote here
    assert (await counter.api.user_pays(ANA, by=9)).words.startswith("Цей рахунок виставлено іншому покупцеві")
    assert counter.api.charges == {}
    assert await counter.states() == (["awaiting_payment"], ["created"])
    assert (await counter.api.user_pays(ANA)).charge


async def test_nothing_is_charged_when_the_hold_has_ended(counter: Counter) -> None:
    await counter.orders()
    old = counter.api.invoice(ANA)
    mark = counter.api.chat(ANA).mark()
    await counter.let_the_hold_end()
    refused = await counter.api.user_pays(ANA, old)
    assert "has ended, and nothing was charged" in refused.words
    assert counter.api.charges == {}
    await counter.shop.house.turns.sweep()
    await counter.hears("Shall I make a new one?", mark)
    await counter.says("yes", until="Pay now")
    assert "has ended" in (await counter.api.user_pays(ANA, old)).words
    assert (await counter.api.user_pays(ANA)).charge
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]


async def test_who_may_pay_in_the_last_second_is_not_late(counter: Counter) -> None:
    await counter.orders()
    house = counter.shop.house

    async def the_clock_goes_on() -> None:
        """The hold would have ended by now; the yes has made it longer."""
        assert await expire_due(house.db, house.clock.now() + timedelta(seconds=60), tell_customer) == 0

    for table, column in (("shop_order", "reserved_until"), ("payment", "until"), ("reservation", "until")):
        await counter.told(f"UPDATE {table} SET {column} = now() + interval '5 seconds' RETURNING 1")
    paying = await counter.api.user_pays(ANA, meanwhile=the_clock_goes_on)
    assert paying.charge
    assert await counter.told("SELECT decision FROM payment_report") == ["settled"]


async def test_the_question_is_answered_while_the_conversation_is_busy(counter: Counter) -> None:
    """Ten seconds are not much: nothing that a talk is doing may stand before the answer."""
    await counter.orders()
    counter.api.patience = 3
    async with counter.shop.house.db.begin() as tx:
        await tx.rows("SELECT 1 FROM conversation FOR UPDATE")
        assert (await counter.api.user_pays(ANA, tell=False)).charge


async def test_a_webhook_that_lets_no_questions_through_is_named_by_doctor(counter: Counter) -> None:
    telegram = counter.shop.house.channels["telegram"]
    assert (await telegram.check()).state == "ok"
    counter.api.allowed = ["message"]
    health = await telegram.check()
    assert (health.state, health.mend) == ("warn", "shopkeeper webhook set telegram")
    assert "nobody can pay" in health.line


async def test_an_order_that_is_cancelled_while_the_money_moves_is_given_back_by_a_person(counter: Counter) -> None:
    await counter.orders()
    house = counter.shop.house

    async def cancels() -> None:
        await counter.says("I want to pay another way", until="place the order")

    mark = counter.api.chat(ANA).mark()
    paying = await counter.api.user_pays(ANA, meanwhile=cancels)
    assert paying.charge
    assert await counter.api.tell(paying.charge) == 200
    await counter.hears("goes back to you in full", mark)
    assert await counter.states() == (["cancelled"], ["settled"])
    await submit_due(house.db, house.providers, house.clock.now())
    assert await counter.told("SELECT state FROM refund") == ["needs_person"]
    (words,) = await counter.told("SELECT text FROM task WHERE kind = 'refund_failed'")
    assert f"prov_{paying.charge}" in str(words)
    (number,) = await counter.told("SELECT number FROM shop_order")
    async with house.db.begin() as tx:
        olga = await add_manager(tx, "Olga", "olga", "a long password", "manager")
        assert await sent_back(tx, str(number), olga, now=house.clock.now()) == Money(2750, "EUR")
    assert await counter.told("SELECT state FROM payment") == ["refunded"]
    assert await counter.told("SELECT count(*) FROM task WHERE state = 'open'") == [0]


async def test_late_money_revives_the_order_while_everything_is_there(counter: Counter) -> None:
    await counter.orders()
    paying = await counter.api.user_pays(ANA, meanwhile=counter.let_the_hold_end)
    assert paying.charge
    assert await counter.told("SELECT decision FROM payment_report") == ["revived"]
    assert await counter.states() == PAID


async def test_another_sum_or_currency_is_refused_before_and_a_task_after(counter: Counter) -> None:
    await counter.orders()
    for changed in ({"total_amount": 2749}, {"currency": "USD"}, {"currency": "ZZZ"}):
        assert "has changed since then" in (await counter.api.user_pays(ANA, **changed)).words
    assert "do not know this payment" in (await counter.api.user_pays(ANA, currency="XTR")).words  # no order in Stars
    paying = await counter.api.user_pays(ANA, tell=False)
    assert await counter.api.tell(paying.charge, currency="ZZZ") == 200
    assert await counter.states() == (["awaiting_payment"], ["settled"])
    assert await counter.told("SELECT kind FROM task") == ["wrong_amount"]


async def test_a_payload_that_nobody_knows_is_refused_and_its_money_is_a_task(counter: Counter) -> None:
    await counter.orders()
    refused = await counter.api.user_pays(ANA, invoice_payload="payment-of-another-shop")
    assert "do not know this payment" in refused.words
    paying = await counter.api.user_pays(ANA, tell=False)
    for _ in range(2):
        assert await counter.api.tell(paying.charge, invoice_payload="payment-of-another-shop") == 200
    assert await counter.states() == (["awaiting_payment"], ["created"])
    assert await counter.told("SELECT kind FROM task") == ["unknown_payment"]


async def test_an_answer_that_telegram_did_not_hear_is_given_again(counter: Counter) -> None:
    await counter.orders()
    counter.api.fail(502, "Bad Gateway", method="answerPreCheckoutQuery")
    assert (await counter.api.user_pays(ANA)).charge
    assert 503 in counter.api.statuses
    assert await counter.states() == PAID
    counter.api.cut("answerPreCheckoutQuery")  # heard, but we do not know it: told again, and refused as too late
    assert "paid already" in (await counter.api.user_pays(ANA)).words
    assert counter.api.statuses[-1] == 200


@pytest.mark.parametrize(
    "update",
    [
        {"pre_checkout_query": {"id": "1"}},
        {"pre_checkout_query": {"id": 1, "from": {"id": "7"}, "currency": "EUR", "total_amount": "1"}},
        {"pre_checkout_query": None, "message": {"successful_payment": {"currency": "EUR"}}},
        {"message": {"date": -5, "successful_payment": []}},
        {"message": {"date": 10**30, "successful_payment": {"total_amount": 10**40}}},
    ],
)
async def test_what_is_no_payment_is_kept_and_answered_by_nobody(counter: Counter, update: dict[str, object]) -> None:
    body = json.dumps({"update_id": 9_000_000, **update}).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": counter.api.secret}
    async with counter.shop.http.post("/webhooks/telegram", data=body, headers=headers) as answer:
        assert answer.status == 200
    assert counter.api.called("answerPreCheckoutQuery") == []
    assert await counter.told("SELECT count(*) FROM payment_report") == [0]
    assert await counter.told("SELECT event_key FROM raw_update") == ["9000000"]


async def test_an_update_that_cannot_be_taken_in_holds_nobody_up_and_is_shown_to_a_person(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.orders()
    provider = counter.shop.house.providers["telegram"]

    def broken(*_: object) -> object:
        raise ValueError("a mistake of the program")

    monkeypatch.setattr(provider, "read_webhook", broken)
    mark = counter.api.chat(ANA).mark()
    assert (await counter.api.user_pays(ANA)).charge
    assert counter.api.statuses[-1] == 200
    assert await counter.told("SELECT kind FROM task") == ["unknown_payment"]
    await counter.api.user_says(ANA, "hello?")
    await counter.hears("Hello, Ana", mark)


async def test_a_payment_that_comes_while_the_database_is_away_is_taken_in_afterwards(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counter.orders()
    times = iter(range(10))

    async def away(*given: object) -> object:
        if next(times) == 0:
            raise OperationalError("", {}, psycopg.OperationalError("the connection is lost"))
        return await take_in(*given)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(collecting_money, "take_in", away)
    assert (await counter.api.user_pays(ANA)).charge
    assert counter.api.statuses[-2:] == [503, 200]
    assert await counter.states() == PAID


async def test_a_stranger_at_the_door_pays_for_nothing(counter: Counter) -> None:
    await counter.orders()
    paying = await counter.api.user_pays(ANA, tell=False)
    notice = counter.api.notice(paying.charge)
    body = json.dumps({"update_id": 9_000_001, "message": notice}).encode()
    for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "guessed"}):
        async with counter.shop.http.post("/webhooks/telegram", data=body, headers=headers) as answer:
            assert answer.status == 401
    assert await counter.states() == (["awaiting_payment"], ["created"])


# ---- Stars for what is digital -------------------------------------------------------------------


async def candles_are_digital(counter: Counter) -> None:
    """Nine and a half euros each."""
    house = counter.shop.house
    async with house.db.begin() as tx:
        await tx.execute("UPDATE product SET tags = tags || '[\"digital\"]' WHERE id = 'CAN'")
        await bump_catalogue(tx)
    async with house.db.begin() as tx:
        await house.world.refresh(tx, house.understanding)


async def orders_a_download(counter: Counter) -> str:
    await candles_are_digital(counter)
    await counter.says("one candle", until="Added")
    await counter.says("checkout", until="name")
    await counter.says("Ana", until="phone")
    said = await counter.says("+370 600 00001", until="place the order")
    assert "Telegram Stars: 523 ⭐" in said  # 522.5: part of a Star cannot be paid
    return await counter.says("yes", until="Pay XTR")


async def test_what_is_digital_needs_no_address_and_is_paid_in_stars(counter: Counter) -> None:
    said = await orders_a_download(counter)
    assert "Please pay 523 ⭐ right here" in said
    (sent,) = counter.api.called("sendInvoice")
    assert [price["amount"] for price in sent["prices"]] == [523]
    assert (sent["currency"], sent.get("provider_token", "")) == ("XTR", "")
    mark = counter.api.chat(ANA).mark()
    paying = await counter.api.user_pays(ANA)
    assert paying.charge, paying.words
    assert "A manager sends you 1 × Pine candle here in the chat" in await counter.hears("Thank you", mark)
    assert await counter.states() == PAID
    assert await counter.told("SELECT count(*) FROM shipment") == [0]
    (task,) = await counter.told("SELECT text FROM task WHERE kind = 'digital'")
    assert "send 1 × Pine candle in the chat" in str(task)
    assert "a manager sends it here" in await counter.says("where is my order?", until="is paid")


async def test_stars_that_came_too_late_go_back_by_themselves_and_once(counter: Counter) -> None:
    await orders_a_download(counter)
    house = counter.shop.house

    async def cancels() -> None:
        await counter.says("I want to pay another way", until="Shall I place the order")

    paying = await counter.api.user_pays(ANA, meanwhile=cancels)
    assert await counter.told("SELECT decision FROM payment_report") == ["late"]
    counter.api.cut("refundStarPayment")  # given back, and nobody heard
    for minutes in (0, 2, 4):
        await submit_due(house.db, house.providers, house.clock.now() + timedelta(minutes=minutes))
    assert await counter.told("SELECT state FROM refund") == ["done"]
    assert await counter.told("SELECT state FROM payment") == ["refunded"]
    assert counter.api.charges[paying.charge].refunded
    assert [one["amount"] for one in counter.api.transactions] == [523, 523]
    assert [bool(one.get("receiver")) for one in counter.api.transactions] == [False, True]


async def test_a_second_charge_in_stars_goes_back_by_itself(counter: Counter) -> None:
    """Two windows, both allowed before either had paid."""
    await orders_a_download(counter)

    async def another() -> None:
        assert (await counter.api.user_pays(ANA)).charge

    second = await counter.api.user_pays(ANA, meanwhile=another)
    assert await counter.told("SELECT decision FROM payment_report ORDER BY id") == ["settled", "double"]
    house = counter.shop.house
    await submit_due(house.db, house.providers, house.clock.now())
    assert await counter.told("SELECT state FROM refund") == ["done"]
    assert [charge for charge, one in counter.api.charges.items() if one.refunded] == [second.charge]
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]


async def test_stars_of_which_nobody_told_are_found(counter: Counter) -> None:
    await orders_a_download(counter)
    assert (await counter.api.user_pays(ANA, tell=False)).charge
    house = counter.shop.house
    later = house.clock.now() + timedelta(minutes=3)
    await reconcile(house.db, house.providers, house.shop, tell_customer, later)
    assert await counter.states() == PAID


async def test_a_long_list_of_transactions_is_read_once(counter: Counter) -> None:
    stars, api = counter.shop.house.providers["stars"], counter.api
    for number in range(250):
        charge = api.charges[f"c{number}"] = Charge(f"c{number}", ANA, "XTR", 1, f"payment-{number}")
        api.transactions.append(api.transaction(charge, "source"))
    assert (await stars.look_up(key="payment-249", reference=None)).amount == Money(1, "XTR")
    assert (await stars.look_up(key="payment-0", reference=None)).state == "settled"
    assert (await stars.look_up(key="payment-250", reference=None)).state == "unknown"
    assert [asked["offset"] for asked in api.called("getStarTransactions")] == [0, 100, 200, 250, 250]
    api.fail(502, "Bad Gateway", method="getStarTransactions")
    with pytest.raises(TryLater):
        await stars.look_up(key="payment-250", reference=None)
    assert (await stars.check()).state == "ok"


async def test_what_is_digital_is_offered_for_stars_alone_in_telegram_and_never_for_cash(counter: Counter) -> None:
    shop, customer = counter.shop, await counter.shop.buyer()
    await candles_are_digital(counter)
    await shop.ask(customer, AddLines(lines=(LineWish(sku="CAN"),)))
    assert await ways(shop, customer, "telegram") == ["stars"]
    elsewhere = await ways(shop, customer, "webchat")
    assert "card" in elsewhere
    assert not {"stars", "cod", "telegram"} & set(elsewhere)
    await shop.ask(customer, AddLines(lines=(LineWish(sku="MUG-white"),)))
    assert "stars" not in await ways(shop, customer, "telegram")
    refused = await shop.ask(customer, CheckCart(), channel="telegram")
    assert isinstance(refused, CannotPlace)
    assert refused.reason == "mixed"
    assert isinstance(await shop.ask(customer, CheckCart()), CartShown)


# ---- where it is offered, and what is set up wrong -----------------------------------------------


async def ways(shop: OpenShop, customer: str, channel: str) -> list[str]:
    listed = await shop.ask(customer, ListPayments(), channel=channel)
    assert isinstance(listed, PaymentsListed)
    return [option.code for option in listed.options if option.available]


async def test_telegram_is_offered_in_telegram_alone(counter: Counter) -> None:
    shop = counter.shop
    customer = await shop.buyer()
    assert "telegram" in await ways(shop, customer, "telegram")
    assert "telegram" not in await ways(shop, customer, "webchat")
    with pytest.raises(AssertionError, match="payment_not_available"):
        await shop.placed(customer, payment="telegram")


async def test_telegram_is_not_offered_without_its_token_or_in_a_currency_it_does_not_take(
    database_url: str, tmp_path: Path
) -> None:
    settings = {"token": "4242:loopback-token", "api_base": "http://127.0.0.1:9"}
    async with open_shop(database_url, data=data_with(tmp_path, "payments:\n", WAY), telegram=settings) as shop:
        assert "telegram" not in await ways(shop, await shop.buyer(), "telegram")
        assert "payments.telegram: the provider telegram is not set up" in str(
            unknown_names(shop.house.shop, shop.house.providers, shop.house.carriers)
        )
    provider = made()
    assert collecting({"telegram": provider}, "EUR") == {"telegram"}
    assert collecting({"telegram": provider}, "XAF") == frozenset()


async def test_a_shop_that_nobody_can_pay_calls_a_person(counter: Counter) -> None:
    counter.shop.house.world.providers = frozenset()
    await counter.orders(until="paying is not possible", last="")
    assert await counter.told("SELECT reason FROM handoff") == ["payment"]
    assert await counter.told("SELECT count(*) FROM shop_order") == [0]


def made(**changed: object) -> TelegramPayments:
    given: dict[str, object] = {"token": "1:x", "provider_token": "1:TEST:x", "api_base": "http://127.0.0.1:9"}
    given |= {"test_money": True} | changed
    return TelegramPayments(StandingClock(NOW), **given)  # type: ignore[arg-type]  # each test names what it changes


@pytest.mark.parametrize("token", ["x", "1:LIVE:a b", "\n"])
def test_a_provider_token_that_cannot_be_one_is_told(token: str) -> None:
    with pytest.raises(ShopkeeperError, match="SHOPKEEPER_TELEGRAM__PROVIDER_TOKEN"):
        made(provider_token=token)


async def test_play_money_is_refused_in_production_and_named_by_doctor_elsewhere() -> None:
    with pytest.raises(ShopkeeperError, match="no money moves"):
        made(test_money=False)
    assert (await made().check()).state == "warn"
    live = await made(provider_token="1:LIVE:x", test_money=False).check()
    assert (live.state, live.line) == ("ok", "Telegram Payments: provider token live")
    with pytest.raises(ShopkeeperError, match="no money moves"):
        make_providers(
            read_settings(env_file=None, env="production", telegram={"token": "1:x", "provider_token": "1:TEST:x"}),
            None, StandingClock(NOW), "key",  # type: ignore[arg-type]  # no database is touched
        )  # fmt: skip


async def test_our_own_link_of_an_invoice_leads_back_to_the_chat(counter: Counter) -> None:
    await counter.orders()
    (token,) = await counter.told("SELECT token FROM payment")
    for press in (counter.shop.http.get, counter.shop.http.post):
        async with press(f"/pay/{token}", allow_redirects=False) as answer:
            assert answer.status == 200
            assert "You pay in the chat" in await answer.text()
    assert await counter.told("SELECT asked_at FROM payment") == [None]
