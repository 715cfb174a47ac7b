"""Money through Stripe: from the pay link over a loopback Checkout and our own door to a paid order, and back."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from base.clock import StandingClock, SystemClock
from base.errors import BadInput, BadSignature, OutcomeUnknown, Refused, ShopkeeperError, TryLater
from base.money import Money
from bot.world import tell_customer
from integrations.payments.stripe.adapter import StripePayments
from integrations.payments.stripe.build import line_items, our_amount, session_params, stripe_amount
from shop.commands import AddLines, ApplyCode, LineWish
from shop.payment_port import DisputeReport, PaidLine, PayByLink, PaymentRequest
from shop.payments import cancel_due, reconcile
from shop.refunds import submit_due
from tests.contracts import stripe_schema
from tests.contracts.stripe_server import StripeServer, decode, stripe_server
from tests.integration.open_shop import Books, data_with, open_shop
from tests.integration.test_pay import path_of

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REQUEST = PaymentRequest(
    payment="p1", number="LU-7K3F-9QXA", amount=Money(1300, "EUR"), description="Order LU-7K3F-9QXA",
    return_url="https://shop.example/pay/token", until=NOW + timedelta(minutes=30),
)  # fmt: skip


@dataclass
class Counter(Books):
    """A shop that takes cards by Stripe."""

    stripe: StripeServer

    async def page_of(self, path: str) -> str:
        """Press Pay; the reference of Stripe's page."""
        async with self.shop.http.post(path, allow_redirects=False) as answer:
            assert answer.status == 303, await answer.text()
            return answer.headers["Location"].rpartition("/")[2]

    async def deliver(self, *, times: int = 1) -> None:
        """Bring Stripe's webhooks to our door."""
        due, self.stripe.due = self.stripe.due, []
        for headers, body in due * times:
            async with self.shop.http.post("/webhooks/stripe", data=body, headers=headers) as answer:
                assert answer.status == 200


@asynccontextmanager
async def counter_at(database_url: str, folder: Path) -> AsyncIterator[Counter]:
    data_with(folder, "provider: sandbox ", "provider: stripe ")
    async with stripe_server(lambda: datetime.now(UTC)) as stripe:
        keys = {"secret_key": stripe.secret_key, "webhook_secret": stripe.webhook_secret, "api_base": stripe.url}
        async with open_shop(database_url, data=folder, stripe=keys) as shop:
            yield Counter(shop, stripe)


@pytest_asyncio.fixture
async def counter(database_url: str, tmp_path: Path) -> AsyncIterator[Counter]:
    async with counter_at(database_url, tmp_path / "data") as opened:
        yield opened


# ---- the whole way -------------------------------------------------------------------------------


async def test_a_card_is_charged_once_whatever_is_delivered_how_often(counter: Counter) -> None:
    path = path_of((await counter.shop.placed(await counter.shop.buyer())).link)
    pages = {await counter.page_of(path) for _ in range(3)}
    assert len(pages) == len(counter.stripe.sessions) == 1
    await counter.stripe.pay(pages.pop())
    await counter.deliver(times=3)
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]
    assert await counter.told("SELECT state FROM payment") == ["settled"]
    async with counter.shop.http.get(path) as answer:
        assert "Paid. Thank you!" in await answer.text()


async def test_stripe_shows_the_lines_of_the_order_and_they_add_up(counter: Counter) -> None:
    ana = await counter.shop.buyer()
    await counter.shop.ask(ana, AddLines(lines=(LineWish(sku="CAN", quantity=2), LineWish(sku="BOX"))))
    await counter.shop.ask(ana, ApplyCode(code="WELCOME10"))
    await counter.page_of(path_of((await counter.shop.placed(ana)).link))
    ((_, _, sent),) = [one for one in counter.stripe.asked if one[:2] == ("POST", "/v1/checkout/sessions")]
    shown = [(item["quantity"], item["price_data"]["product_data"]["name"], item["price_data"]["unit_amount"])
             for item in sent["line_items"]]  # fmt: skip
    assert shown == [
        ("2", "Pine candle", "855"), ("1", "Gift box", "360"), ("1", "Aurora mug, white", "1080"),
        ("1", "DHL courier", "690"),
    ]  # fmt: skip
    (session,) = counter.stripe.sessions.values()
    assert await counter.told("SELECT amount_minor FROM payment") == [session["amount_total"]]


async def test_a_webhook_that_is_lost_is_asked_for(counter: Counter) -> None:
    path = path_of((await counter.shop.placed(await counter.shop.buyer())).link)
    await counter.stripe.pay(await counter.page_of(path))
    house = counter.shop.house
    later = house.clock.now() + timedelta(minutes=3)
    await reconcile(house.db, house.providers, house.shop, tell_customer, later)
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]
    await counter.deliver()
    assert await counter.told("SELECT decision FROM payment_report ORDER BY id") == ["settled"]


async def test_money_that_comes_after_the_stock_is_gone_goes_back_once(counter: Counter) -> None:
    house = counter.shop.house
    path = path_of((await counter.shop.placed(await counter.shop.buyer(), sku="THR")).link)
    page = await counter.page_of(path)
    await counter.let_the_hold_end()
    async with house.db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE sku = 'THR'")
    await counter.stripe.pay(page)
    await counter.deliver(times=2)
    for minutes in (0, 2, 4):
        await submit_due(house.db, house.providers, house.clock.now() + timedelta(minutes=minutes))
        await counter.deliver(times=2)
    assert [refund["amount"] for refund in counter.stripe.refunds.values()] == [5190]
    assert await counter.told("SELECT state FROM refund") == ["done"]
    assert await counter.told("SELECT status FROM shop_order") == ["cancelled"]


async def test_money_that_takes_days_is_still_asked_for_after_the_hold(counter: Counter) -> None:
    """A way whose money cannot be called back, and a webhook that never comes."""
    house = counter.shop.house
    page = await counter.page_of(path_of((await counter.shop.placed(await counter.shop.buyer())).link))
    await counter.stripe.pay(page, later=True)
    await counter.deliver()
    await counter.let_the_hold_end()
    now = house.clock.now()
    for minutes in (1, 3, 40, 80):
        if minutes == 80:
            counter.stripe.settle(page)
            counter.stripe.due.clear()
        await cancel_due(house.db, house.providers, house.shop, tell_customer, now + timedelta(minutes=minutes))
    assert await counter.told("SELECT decision FROM payment_report WHERE state = 'settled'") == ["revived"]
    assert await counter.told("SELECT status FROM shop_order") == ["paid"]
    assert await counter.told("SELECT cancel_due FROM payment") == [False]


async def test_a_stripe_that_is_away_is_a_kind_page_and_then_one_session(counter: Counter) -> None:
    path = path_of((await counter.shop.placed(await counter.shop.buyer())).link)
    counter.stripe.trouble = [(500, '{"error": "upstream"}')] * 3  # a gateway's body, which the package cannot read
    async with counter.shop.http.post(path, allow_redirects=False) as answer:
        assert answer.status in (200, 503)
        assert "Traceback" not in await answer.text()
    await counter.page_of(path)
    assert len(counter.stripe.sessions) == 1


async def test_a_forged_webhook_is_refused_at_the_door(counter: Counter) -> None:
    body = b'{"type": "checkout.session.completed"}'
    for headers in ({}, {"Stripe-Signature": "t=1,v1=00"}, {"Stripe-Signature": "t=é,v1=ü"}, {"Stripe-Signature": ""}):
        async with counter.shop.http.post("/webhooks/stripe", data=body, headers=headers) as answer:
            assert answer.status == 401


# ---- the adapter alone ---------------------------------------------------------------------------


@pytest_asyncio.fixture
async def stripe() -> AsyncIterator[StripeServer]:
    async with stripe_server(lambda: NOW) as server:
        yield server


@pytest_asyncio.fixture
async def provider(stripe: StripeServer) -> AsyncIterator[StripePayments]:
    made = StripePayments(
        StandingClock(NOW), secret_key=stripe.secret_key, webhook_secret=stripe.webhook_secret, api_base=stripe.url
    )
    yield made
    await made.close()


async def test_what_is_sent_is_what_this_version_of_stripe_knows(
    stripe: StripeServer, provider: StripePayments
) -> None:
    await provider.request(replace(REQUEST, locale="uk", email="ana@example.org"), key="k1")
    ((_, _, sent),) = stripe.asked
    assert "payment_method_types" not in sent
    assert sent["adaptive_pricing"] == {"enabled": "false"}
    assert sent["locale"] == "auto"
    assert sent["line_items"] == [
        {
            "quantity": "1",
            "price_data": {
                "currency": "eur", "unit_amount": "1300", "product_data": {"name": "Order LU-7K3F-9QXA"},
            },
        }
    ]  # fmt: skip
    assert sent["client_reference_id"] == sent["payment_intent_data"]["metadata"]["key"] == "k1"
    assert session_params(REQUEST, "k1") == session_params(REQUEST, "k1")


@given(
    lines=st.lists(st.tuples(st.integers(1, 40), st.integers(0, 10**6), st.text(max_size=300)), max_size=8),
    currency=st.sampled_from(["EUR", "JPY", "KWD", "ISK", "MGA"]),
    off=st.sampled_from([0, 0, 0, 1]),
)
def test_the_lines_that_stripe_shows_are_the_amount_to_the_last_cent(
    lines: list[tuple[int, int, str]], currency: str, off: int
) -> None:
    step = 10 if currency == "KWD" else 1
    paid = tuple(PaidLine(name, count, Money(minor * step, currency)) for count, minor, name in lines)
    amount = Money(sum(line.amount.amount_minor for line in paid) + off * step, currency)
    items = line_items(replace(REQUEST, amount=amount, lines=paid))
    prices = [(int(str(item["quantity"])), item["price_data"]) for item in items]
    assert all(isinstance(price, dict) for _, price in prices)
    assert sum(count * price["unit_amount"] for count, price in prices) == stripe_amount(amount)  # type: ignore[index]
    assert all(1 <= len(price["product_data"]["name"]) <= 250 for _, price in prices)  # type: ignore[index]
    assert len(items) == (1 if off or not paid else len(paid))


def test_what_stripe_cannot_show_line_by_line_is_one_line() -> None:
    crooked = (
        PaidLine("Mug", 1, Money(1005, "KWD")),
        PaidLine("Mug", 1, Money(1005, "KWD")),
    )  # the last digit must be 0
    assert len(line_items(replace(REQUEST, amount=Money(2010, "KWD"), lines=crooked))) == 1
    many = tuple(PaidLine("Mug", 1, Money(10, "EUR")) for _ in range(101))
    assert len(line_items(replace(REQUEST, amount=Money(1010, "EUR"), lines=many))) == 1
    three = (PaidLine("Mug", 3, Money(1000, "EUR")),)
    (item,) = line_items(replace(REQUEST, amount=Money(1000, "EUR"), lines=three))
    assert item == {
        "quantity": 1,
        "price_data": {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "3 × Mug"}},
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, ""),
        ({"payment_method_types": ["card"]}, "unknown parameter: payment_method_types"),
        ({"ui_mode": "hosted"}, "Invalid ui_mode"),
        ({"mode": "buy"}, "Invalid mode"),
        ({"expires_at": "soon"}, "Invalid integer: expires_at"),
        ({"adaptive_pricing": {"enabled": "no"}}, "Invalid boolean"),
        ({"adaptive_pricing": {"on": "true"}}, r"unknown parameter: adaptive_pricing\[on\]"),
        ({"line_items": [{"quantity": "1", "price_data": {"currency": "eur", "unit_amount": "19.99"}}]}, "integer"),
        ({"line_items": [{"quantity": "1", "price_data": {"unit_amount": "1999"}}]}, "Missing required param"),
        ({"line_items": [{"price_data": {"currency": "eur", "product_data": {"image": "x"}}}]}, "Missing required"),
        ({"metadata": {"a": ["b"]}}, "Invalid value"),
    ],
)
def test_the_loopback_stripe_knows_types_and_not_only_names(change: dict[str, object], complaint: str) -> None:
    good = decode(urlencode(list(_flat(session_params(REQUEST, "k1")))))
    said = stripe_schema.complaint("POST", "/v1/checkout/sessions", good | change)
    assert re.search(complaint, said) if complaint else said == ""


def _flat(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as the form that the package makes of them."""
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(inner, f"{at}[{name}]" if at else str(name))
    else:
        yield at, str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ([(401, '{"error": {"message": "no", "type": "invalid_request_error"}}')], Refused),
        ([(429, '{"error": {"message": "slow down", "type": "rate_limit_error"}}')], TryLater),
        ([(400, '{"error": {"message": "no", "type": "invalid_request_error", "code": "x"}}')], Refused),
        ([(500, '{"error": "text"}')] * 3, OutcomeUnknown),
        ([(502, "<html>bad gateway</html>")] * 3, OutcomeUnknown),
        (["cut"] * 3, OutcomeUnknown),
    ],
)
async def test_troubles_are_told_apart(
    stripe: StripeServer, provider: StripePayments, trouble: list[tuple[int, str] | str], error: type[Exception]
) -> None:
    stripe.trouble = list(trouble)
    with pytest.raises(error):
        await provider.request(REQUEST, key="k1")


async def test_a_page_that_was_made_although_nobody_heard_is_found_by_our_key(
    stripe: StripeServer, provider: StripePayments
) -> None:
    made = await provider.request(REQUEST, key="k1")
    assert isinstance(made, PayByLink)
    for number in range(120):  # others came after it
        stripe.sessions[f"cs_{number}"] = {**stripe.sessions[made.reference], "id": f"cs_{number}",
                                           "client_reference_id": f"other-{number}"}  # fmt: skip
    report = await provider.look_up(key="k1", reference=None)
    assert (report.reference, report.page, report.state) == (made.reference, made.url, "pending")


async def test_money_that_takes_days_is_settled_when_it_has_come(
    stripe: StripeServer, provider: StripePayments
) -> None:
    made = await provider.request(REQUEST, key="k1")
    assert isinstance(made, PayByLink)
    await stripe.pay(made.reference, later=True)
    stripe.settle(made.reference)
    states = [report.state for _, body in stripe.due for report in provider.read_webhook({}, body, NOW)]
    assert states == ["on_its_way", "settled"]
    stripe.due.clear()
    stripe.settle(made.reference, failed=True)
    ((_, body),) = stripe.due
    (report,) = provider.read_webhook({}, body, NOW)
    assert report.state == "declined"


async def test_signatures_from_the_future_and_an_unset_secret_are_refused(stripe: StripeServer) -> None:
    stripe.tell("checkout.session.expired", {})
    ((headers, body),) = stripe.due
    made = StripePayments(StandingClock(NOW), secret_key="sk_test_x", webhook_secret=stripe.webhook_secret)
    await made.authenticate(headers, body, NOW)
    for wrong in (NOW - timedelta(minutes=6), NOW + timedelta(minutes=6)):
        with pytest.raises(BadSignature):
            await made.authenticate(headers, body, wrong)
    with pytest.raises(BadSignature):
        await made.authenticate(headers, b"\xff" + body, NOW)
    closed = StripePayments(StandingClock(NOW), secret_key="sk_test_x", webhook_secret="")
    with pytest.raises(BadSignature, match="WEBHOOK_SECRET"):
        await closed.authenticate(headers, body, NOW)
    await made.close()
    await closed.close()


async def test_test_money_says_nothing_to_a_live_shop(stripe: StripeServer, provider: StripePayments) -> None:
    made = await provider.request(REQUEST, key="k1")
    assert isinstance(made, PayByLink)
    await stripe.pay(made.reference)
    ((_, body),) = stripe.due
    live = StripePayments(StandingClock(NOW), secret_key="sk_live_x", webhook_secret="whsec")
    assert list(live.read_webhook({}, body, NOW)) == []
    assert len(list(provider.read_webhook({}, body, NOW))) == 1
    await live.close()


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("needs_response", "open"), ("under_review", "open"), ("warning_needs_response", "open"), ("won", "won"),
        ("warning_closed", "won"), ("lost", "lost"), ("prevented", "lost"), ("appeal_under_review", "open"),
        ("a word of tomorrow", "open"),
    ],
)  # fmt: skip
async def test_a_dispute_is_told_with_stripes_own_payment(provider: StripePayments, status: str, state: str) -> None:
    dispute = {"id": "dp_1", "payment_intent": "pi_9", "charge": "ch_9", "amount": 1300, "currency": "eur",
               "status": status, "reason": "fraudulent"}  # fmt: skip
    event = {"type": "charge.dispute.updated", "livemode": False, "data": {"object": dispute}}
    (report,) = provider.read_webhook({}, json.dumps(event).encode(), NOW)
    assert isinstance(report, DisputeReport)
    assert (report.state, report.receipt, report.amount) == (state, "pi_9", Money(1300, "EUR"))
    assert (report.dispute, report.reason) == ("dp_1", "fraudulent")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Money(1234, "EUR"), 1234),
        (Money(500, "JPY"), 500),
        (Money(500, "ISK"), 50_000),
        (Money(12_340, "KWD"), 12_340),
        (Money(500, "UGX"), 50_000),
    ],
)
def test_each_currency_has_the_decimals_that_stripe_gives_it(ours: Money, theirs: int) -> None:
    assert stripe_amount(ours) == theirs
    assert our_amount(theirs, ours.currency.lower()) == ours


def test_what_stripe_cannot_collect_exactly_is_refused() -> None:
    with pytest.raises(BadInput):
        stripe_amount(Money(12_345, "KWD"))
    with pytest.raises(BadInput):
        our_amount(50, "isk")


def test_a_publishable_key_is_told_from_a_secret_one() -> None:
    with pytest.raises(ShopkeeperError, match="pk_"):
        StripePayments(SystemClock(), secret_key="pk_test_x", webhook_secret="")


async def test_doctor_tells_test_from_live_and_a_missing_secret(stripe: StripeServer) -> None:
    for secret, words in (("whsec", "test key"), ("", "no webhook secret")):
        made = StripePayments(
            StandingClock(NOW), secret_key=stripe.secret_key, webhook_secret=secret, api_base=stripe.url
        )
        health = await made.check()
        assert (health.state, words in health.line) == ("warn", True)
        await made.close()
    wrong = StripePayments(StandingClock(NOW), secret_key="sk_test_other", webhook_secret="x", api_base=stripe.url)
    assert (await wrong.check()).state == "down"
    await wrong.close()
