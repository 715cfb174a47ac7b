"""Money through WebMoney: from the pay link over a form, a question and a notification to a paid order."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
import pytest_asyncio

from base.clock import StandingClock
from base.errors import BadInput, BadSignature, Refused, ShopkeeperError
from base.money import Money
from bot.world import tell_customer
from desk.money import sent_back
from desk.people import add_manager
from integrations.payments.webmoney import WebMoneyPayments, form_fields, hash2
from shop.ledger import read_ledger
from shop.payment_port import PaymentQuestion, PaymentRequest
from shop.payments import reconcile
from shop.refunds import submit_due
from tests.contracts.webmoney_server import EUROS, PURSE, WebMoneyServer, post, signature, webmoney_server
from tests.integration.open_shop import Books, data_with, open_shop
from tests.integration.test_pay import path_of

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CHANGED = "The order has changed since then, and nothing was charged. Please pay by the newest message in the chat."
SECRET = "AD15BDAF-864A-4909-81E7-F034FFD0625C"
REQUEST = PaymentRequest(
    payment="p1", number="LU-7K3F-9QXA", amount=Money(1300, "EUR"), description="LU-7K3F-9QXA",
    return_url="https://shop.example/pay/token", serial=7,
)  # fmt: skip
VECTOR = {  # a notification whose signature is known from elsewhere
    "LMI_PAYEE_PURSE": PURSE, "LMI_PAYMENT_AMOUNT": "0.05", "LMI_PAYMENT_NO": "3", "LMI_MODE": "1",
    "LMI_SYS_INVS_NO": "821", "LMI_SYS_TRANS_NO": "458", "LMI_SYS_TRANS_DATE": "20170221 20:25:01",
    "LMI_PAYER_PURSE": PURSE, "LMI_PAYER_WM": "059551878952",
    "LMI_HASH2": "8394AB2B012536D8535D3E1CB5917AB31E91EE891898B3AADD1FA887C9B2A0C2",
}  # fmt: skip


@dataclass
class Counter(Books):
    """A shop that takes WebMoney."""

    webmoney: WebMoneyServer

    async def form_of(self, path: str) -> dict[str, str]:
        """Press Pay and let the browser post the form; what it posted."""
        async with self.shop.http.post(path, allow_redirects=False) as answer:
            assert answer.status == 200
            page = await answer.text()
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        action = re.search(r'action="([^"]*)"', page)
        assert action is not None
        assert html.unescape(action[1]) == self.webmoney.url
        fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
        form = {html.unescape(name): html.unescape(value) for name, value in fields}
        async with self.shop.http.post(self.webmoney.url, data=form) as answer:
            assert answer.status == 200, await answer.text()
        return form


@asynccontextmanager
async def counter_at(database_url: str, folder: Path) -> AsyncIterator[Counter]:
    data_with(folder, "provider: sandbox ", "provider: webmoney ")
    async with webmoney_server() as webmoney:
        keys = {"purse": webmoney.purse, "secret_key": webmoney.secret_key, "merchant_url": webmoney.url}
        async with open_shop(database_url, data=folder, webmoney=keys) as shop:
            webmoney.result_url = f"{shop.url}/webhooks/webmoney"
            yield Counter(shop, webmoney)


@pytest_asyncio.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter_at(database_url, tmp_path / "data") as opened:
        yield opened


# ---- the whole way -------------------------------------------------------------------------------


async def test_money_comes_once_whatever_is_told_how_often(counter: Counter) -> None:
    path = path_of((await counter.shop.placed(await counter.shop.buyer())).link)
    forms = [await counter.form_of(path) for _ in range(3)]
    assert forms[0] == forms[1] == forms[2]
    assert forms[0]["LMI_PAYMENT_AMOUNT"] == "18.90"
    assert await counter.webmoney.pay(forms[0])
    assert await counter.webmoney.tell(times=3) == [200, 200, 200]
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]
    assert await counter.told("SELECT state FROM payment") == ["settled"]
    assert await counter.told("SELECT decision FROM payment_report") == ["settled"]
    async with counter.shop.http.get(path) as answer:
        assert "Paid. Thank you!" in await answer.text()
    assert not await counter.webmoney.pay(forms[0])
    assert counter.webmoney.refusals == ["NO: This order is paid already; nothing more was charged. Thank you!"]


async def test_a_forged_notification_is_refused_at_the_door(counter: Counter) -> None:
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.webmoney.pay(form)
    (genuine,) = counter.webmoney.due
    told = dict(parse_qsl(genuine.decode()))
    forged = [
        told | {"LMI_SYS_TRANS_NO": "999"},
        told | {"LMI_HASH2": "0" * 64},
        told | {"LMI_HASH2": "é"},
        told | {"LMI_SECRET_KEY": SECRET, "LMI_HASH2": ""},
        {name: value for name, value in told.items() if name != "LMI_HASH2"} | {"LMI_HASH": told["LMI_HASH2"]},
        told | {"LMI_HASH2": signature(told, "another key")},
    ]
    bodies = [urlencode(each).encode() for each in forged]
    bodies += [genuine + b"&LMI_PAYMENT_AMOUNT=18.90", genuine[:-3], b"\xff", b"LMI_HASH2", b"a=" + b"%" * 999]
    for body in bodies:
        assert (await post(counter.webmoney.result_url, body))[0] == 401, body
    assert await counter.told("SELECT status FROM shop_order") == ["awaiting_payment"]


async def test_an_amount_off_by_a_cent_is_refused_before_and_becomes_a_task_after(counter: Counter) -> None:
    path = path_of((await counter.shop.placed(await counter.shop.buyer())).link)
    form = await counter.form_of(path)
    assert not await counter.webmoney.pay(form, LMI_PAYMENT_AMOUNT="18.89")
    assert counter.webmoney.refusals == [f"NO: {CHANGED}"]
    await counter.webmoney.pay(form, asked=False, LMI_PAYMENT_AMOUNT="18.89")
    assert await counter.webmoney.tell() == [200]
    assert await counter.told("SELECT status FROM shop_order") == ["awaiting_payment"]
    assert await counter.told("SELECT kind FROM task") == ["wrong_amount"]
    async with counter.shop.http.get(path) as page:
        assert "We look at the payment" in await page.text()


async def test_a_notification_that_is_lost_is_shown_to_a_person(counter: Counter) -> None:
    """WebMoney cannot be asked: it was told yes, the money may have moved, and nobody heard of it."""
    house = counter.shop.house
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    assert await counter.webmoney.pay(form)  # and its notification never comes
    await reconcile(house.db, house.providers, house.shop, tell_customer, house.clock.now())
    assert await counter.told("SELECT kind FROM task") == []  # it may still come
    await counter.let_the_hold_end()
    for _ in range(2):
        await reconcile(house.db, house.providers, house.shop, tell_customer, house.clock.now())
    (words,) = await counter.told("SELECT text FROM task")
    assert "webmoney asked whether it may collect 18.90 EUR, was told yes, and never said" in str(words)


async def test_another_purse_and_another_number_pay_for_nothing(counter: Counter) -> None:
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    strange = [{"LMI_PAYEE_PURSE": "E000000000001"}, {"LMI_PAYMENT_NO": "4711"}, {"LMI_PAYMENT_NO": "x"}]
    for changed in strange:
        assert not await counter.webmoney.pay(form, **changed)
        await counter.webmoney.pay(form, asked=False, **changed)
    assert len(counter.webmoney.refusals) == 3
    assert await counter.webmoney.tell() == [200, 200, 200]
    assert await counter.told("SELECT status FROM shop_order") == ["awaiting_payment"]
    assert await counter.told("SELECT kind FROM task") == ["unknown_payment"]  # real money in our purse, of nobody


async def test_late_money_is_given_back_by_a_person_who_says_so(counter: Counter) -> None:
    house = counter.shop.house
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer(), sku="THR")).link))
    await counter.let_the_hold_end()
    assert not await counter.webmoney.pay(form)
    async with house.db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE sku = 'THR'")
    await counter.webmoney.pay(form, asked=False)  # its YES had come in time
    await counter.webmoney.tell(times=2)
    await submit_due(house.db, house.providers, house.clock.now())
    assert await counter.told("SELECT state FROM refund") == ["needs_person"]
    assert await counter.told("SELECT kind FROM task WHERE state = 'open' ORDER BY kind") == [
        "refund_failed", "refund_late",
    ]  # fmt: skip
    (number,) = await counter.told("SELECT number FROM shop_order")
    async with house.db.begin() as tx:
        olga = await add_manager(tx, "Olga", "olga", "a long password", "manager")
        assert await sent_back(tx, str(number), olga, now=house.clock.now()) == Money(5190, "EUR")
        with pytest.raises(BadInput):
            await sent_back(tx, str(number), olga, now=house.clock.now())
    assert await counter.told("SELECT state FROM refund") == ["done"]
    assert await counter.told("SELECT state FROM payment") == ["refunded"]
    assert await counter.told("SELECT count(*) FROM task WHERE state = 'open'") == [0]
    assert await counter.told("SELECT action FROM audit") == ["refund"]


async def test_late_money_revives_an_order_whose_stock_is_there(counter: Counter) -> None:
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.let_the_hold_end()
    await counter.webmoney.pay(form, asked=False)
    await counter.webmoney.tell()
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]


async def test_two_transfers_for_one_payment_are_both_in_the_books_and_one_goes_back(counter: Counter) -> None:
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    for _ in range(2):  # two windows, both asked before either had paid
        await counter.webmoney.pay(form, asked=False)
    await counter.webmoney.tell(times=2)
    assert await counter.told("SELECT decision FROM payment_report ORDER BY id") == ["settled", "double"]
    assert await counter.told("SELECT kind FROM task") == ["refund_double"]
    assert await held(counter) == "37.80"
    house = counter.shop.house
    await submit_due(house.db, house.providers, house.clock.now())
    assert await counter.told("SELECT state FROM refund") == ["needs_person"]
    (number,) = await counter.told("SELECT number FROM shop_order")
    async with house.db.begin() as tx:
        olga = await add_manager(tx, "Olga", "olga", "a-long-password", "admin")
        assert await sent_back(tx, str(number), olga, now=house.clock.now()) == Money(1890, "EUR")
    assert await held(counter) == "18.90"


async def held(counter: Counter) -> str:
    """What our books say that the purse holds."""
    async with counter.shop.house.db.begin() as tx:
        (account,) = await read_ledger(tx)
    return str(account.held)


async def test_another_amount_than_was_asked_for_stands_in_the_books_as_it_came(counter: Counter) -> None:
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.webmoney.pay(form, asked=False, LMI_PAYMENT_AMOUNT="18.89")
    await counter.webmoney.tell(times=2)
    assert await counter.told("SELECT status FROM shop_order") == ["awaiting_payment"]
    assert await counter.told("SELECT kind FROM task") == ["wrong_amount"]
    assert await held(counter) == "18.89"


async def test_a_payment_that_nobody_told_about_is_neither_asked_for_nor_guessed(counter: Counter) -> None:
    house = counter.shop.house
    form = await counter.form_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.webmoney.pay(form)
    await reconcile(house.db, house.providers, house.shop, tell_customer, house.clock.now())
    assert await counter.told("SELECT state FROM payment") == ["pending"]
    await counter.webmoney.tell()
    assert await counter.told("SELECT state FROM payment") == ["settled"]


async def test_the_site_check_is_answered(counter: Counter) -> None:
    assert await post(counter.webmoney.result_url, b"") == (200, "YES")
    assert (await post(counter.webmoney.result_url, b"LMI_PREREQUEST=1"))[1].startswith("NO: ")


# ---- the adapter alone ---------------------------------------------------------------------------


def made(**changed: object) -> WebMoneyPayments:
    given: dict[str, object] = {"purse": EUROS, "secret_key": SECRET} | changed
    return WebMoneyPayments(StandingClock(NOW), **given)  # type: ignore[arg-type]  # each test names what it changes


def notification(**changed: str) -> bytes:
    form = VECTOR | {"LMI_PAYEE_PURSE": EUROS, "LMI_MODE": "0"} | changed
    return urlencode(form | {"LMI_HASH2": signature(form, SECRET)}).encode()


async def test_the_known_signature_is_the_one_we_make() -> None:
    assert hash2(VECTOR, SECRET) == VECTOR["LMI_HASH2"]
    provider = made(purse=PURSE, test_money=True)
    body = urlencode(VECTOR).encode()
    await provider.authenticate({}, body, NOW)
    (report,) = provider.read_webhook({}, body, NOW)
    assert (report.reference, report.amount, report.event) == ("3", Money(5, "USD"), "458:settled")
    held = VECTOR | {"LMI_HOLD": "5"}
    assert hash2(held, SECRET) == signature(held, SECRET) != VECTOR["LMI_HASH2"]


async def test_test_money_is_refused_in_production_though_its_signature_is_good() -> None:
    async def may_collect(question: PaymentQuestion) -> str:
        return ""

    body = notification(LMI_MODE="1")
    asks = urlencode(VECTOR | {"LMI_PAYEE_PURSE": EUROS, "LMI_PREREQUEST": "1"}).encode()
    live, demo = made(), made(test_money=True)
    await live.authenticate({}, body, NOW)
    assert list(live.read_webhook({}, body, NOW)) == []
    assert len(demo.read_webhook({}, body, NOW)) == 1
    assert await live.answer(asks, may_collect) == "NO: test mode is not taken here"
    assert await demo.answer(asks, may_collect) == "YES"
    assert len(live.read_webhook({}, notification(), NOW)) == 1
    fields = dict(form_fields(REQUEST, EUROS, test_money=False))
    assert "LMI_SIM_MODE" not in fields


def test_a_purse_is_offered_to_shops_of_its_own_money_alone() -> None:
    assert made().features.currencies == {"EUR"}
    assert made(purse="Z123456789012").features.currencies == {"USD"}


async def test_without_a_secret_key_the_door_is_closed() -> None:
    async def may_collect(question: PaymentQuestion) -> str:
        return ""

    asks = urlencode(VECTOR | {"LMI_PAYEE_PURSE": EUROS, "LMI_PREREQUEST": "1"}).encode()
    assert await made(secret_key="").answer(asks, may_collect) == "NO: the shop cannot take payments now"
    with pytest.raises(Refused, match="SECRET_KEY"):
        await made(secret_key="").request(REQUEST, key="k1")
    form = VECTOR | {"LMI_HASH2": signature(VECTOR, "")}
    with pytest.raises(BadSignature, match="SECRET_KEY"):
        await made(secret_key="").authenticate({}, urlencode(form).encode(), NOW)
    assert (await made(secret_key="").check()).state == "down"
    assert (await made(test_money=True).check()).state == "warn"
    assert (await made().check()).state == "ok"


@pytest.mark.parametrize("amount", ["", "-18.90", "18,90", "1e3", "18.900", "NaN", "Infinity", "٣"])
def test_what_is_no_amount_says_nothing(amount: str) -> None:
    assert list(made().read_webhook({}, notification(LMI_PAYMENT_AMOUNT=amount), NOW)) == []


async def test_an_order_in_another_currency_is_not_converted() -> None:
    with pytest.raises(Refused, match="holds EUR"):
        await made().request(replace(REQUEST, amount=Money(1300, "RUB")), key="k")


@pytest.mark.parametrize(
    "wrong",
    [{"purse": "R945718891756"}, {"purse": "E1"}, {"secret_key": "x" * 51}, {"merchant_url": "javascript:alert(1)"}],
)
def test_settings_that_cannot_be_right_are_told(wrong: dict[str, str]) -> None:
    with pytest.raises(ShopkeeperError, match="SHOPKEEPER_WEBMONEY__"):
        made(**wrong)
