"""PayPal's adapter alone: what it sends, how it tells troubles apart, whom it believes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from base.clock import StandingClock
from base.errors import BadInput, BadSignature, OutcomeUnknown, Refused, ShopkeeperError, TryLater
from base.money import Money
from integrations.payments.paypal.adapter import PayPalPayments
from integrations.payments.paypal.build import order_body, paypal_amount
from integrations.payments.paypal.read import our_amount
from shop.payment_port import Captures, DisputeReport, PayByLink, PaymentRequest, RefundRequest
from tests.contracts import paypal_specs
from tests.contracts.paypal_certificates import expired_chain, signer, stranger, trusted_authority
from tests.contracts.paypal_server import TOKEN_LIVES, PayPalServer, paypal_server

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
REQUEST = PaymentRequest(
    payment="p1", number="LU-7K3F-9QXA", amount=Money(1300, "EUR"), description="Order LU-7K3F-9QXA",
    return_url="https://shop.example/pay/token", until=NOW + timedelta(minutes=30),
)  # fmt: skip


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(NOW)


@pytest_asyncio.fixture
async def paypal(clock: StandingClock) -> AsyncIterator[PayPalServer]:
    async with paypal_server(clock.now) as server:
        yield server


@pytest_asyncio.fixture
async def provider(paypal: PayPalServer, clock: StandingClock) -> AsyncIterator[PayPalPayments]:
    made = PayPalPayments(clock, cert_hosts=[paypal.cert_host], **paypal.keys_of_the_shop)
    with trusted_authority():
        yield made
    await made.close()


async def opened(provider: PayPalPayments, request: PaymentRequest = REQUEST, key: str = "k1") -> PayByLink:
    made = await provider.request(request, key=key)
    assert isinstance(made, PayByLink)
    return made


# ---- what is sent --------------------------------------------------------------------------------


async def test_what_is_sent_names_our_key_and_comes_back_to_our_page(
    paypal: PayPalServer, provider: PayPalPayments
) -> None:
    made = await opened(provider, replace(REQUEST, locale="uk", description="x" * 300))
    assert made.url == f"https://www.paypal.com/checkoutnow?token={made.reference}"
    ((_, _, sent),) = paypal.asked
    (unit,) = sent["purchase_units"]
    assert unit["custom_id"] == unit["invoice_id"] == "k1"
    assert unit["amount"] == {"currency_code": "EUR", "value": "13.00"}
    context = sent["payment_source"]["paypal"]["experience_context"]
    assert context["return_url"] == "https://shop.example/pay/token?approved=1"
    assert (context["cancel_url"], "locale" in context) == (REQUEST.return_url, False)
    assert isinstance(provider, Captures)


async def test_every_call_agrees_with_paypals_own_specification(paypal: PayPalServer, provider: PayPalPayments) -> None:
    if not paypal_specs.present():
        pytest.skip(paypal_specs.ABSENT)
    body = order_body(REQUEST, "k1")
    headers = {"Authorization": "Bearer x", "PayPal-Request-Id": "k1-order"}

    def said(body: object) -> str:
        return paypal_specs.complaint("POST", "/v2/checkout/orders", headers, json.dumps(body).encode())

    assert said(body) == ""
    assert said({**body, "intent": "BUY"})  # it does look
    assert said({**body, "purchase_units": []})
    for locale in ("en", "ru", "es", "uk"):
        assert said(order_body(replace(REQUEST, locale=locale), "k1")) == ""
    made = await opened(provider)  # the loopback PayPal holds each of these calls against it as well
    await paypal.approve(made.reference)
    assert (await provider.capture(made.reference, key="k1")).state == "settled"
    refund = RefundRequest("r1", made.reference, "k1", Money(300, "EUR"))
    done = await provider.refund(refund, key="r1")
    assert (await provider.look_up_refund(key="r1", reference=done.reference)).state == "done"
    assert [method for method, _, _ in paypal.asked] == ["POST", "GET", "POST", "GET", "POST", "GET"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(Money(1234, "EUR"), "12.34"), (Money(5, "USD"), "0.05"), (Money(500, "JPY"), "500"),
     (Money(50_000, "HUF"), "500"), (Money(50_000, "TWD"), "500")],
)  # fmt: skip
def test_each_currency_has_the_decimals_that_paypal_gives_it(ours: Money, theirs: str) -> None:
    sent = paypal_amount(ours)
    assert sent == {"currency_code": ours.currency, "value": theirs}
    assert our_amount(sent) == ours


@pytest.mark.parametrize("money", [Money(50_050, "HUF"), Money(100, "RUB"), Money(0, "EUR"), Money(-5, "EUR")])
async def test_what_paypal_cannot_collect_exactly_is_refused_before_it_is_asked(
    paypal: PayPalServer, provider: PayPalPayments, money: Money
) -> None:
    with pytest.raises(BadInput):
        paypal_amount(money)
    with pytest.raises(Refused):
        await provider.request(replace(REQUEST, amount=money), key="k1")
    assert paypal.asked == []


# ---- tokens and troubles -------------------------------------------------------------------------


async def test_one_token_serves_until_shortly_before_its_end(
    paypal: PayPalServer, provider: PayPalPayments, clock: StandingClock
) -> None:
    for seconds, tokens in ((0, 1), (TOKEN_LIVES - 61, 1), (2, 2)):
        clock.move(timedelta(seconds=seconds))
        await provider.look_up(key="k1", reference="ORDER9")
        assert paypal.tokens == tokens
    paypal.forget_token()  # withdrawn before its end
    await opened(provider)
    assert paypal.tokens == 3


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ((429, "slow down"), TryLater),
        ((422, '{"name": "X", "details": [{"issue": "CURRENCY_NOT_SUPPORTED"}]}'), Refused),
        ((403, '{"name": "NOT_AUTHORIZED"}'), Refused),
        ((409, '{"name": "RESOURCE_CONFLICT"}'), OutcomeUnknown),
        ((500, '{"name": "INTERNAL_SERVER_ERROR"}'), OutcomeUnknown),
        ((502, "<html>bad gateway</html>"), OutcomeUnknown),
        ((200, "OK"), OutcomeUnknown),
        ((200, "{}"), OutcomeUnknown),
        ((302, ""), OutcomeUnknown),
        ("cut", OutcomeUnknown),
        ("cut after", OutcomeUnknown),
    ],
)
async def test_troubles_are_told_apart(
    paypal: PayPalServer, provider: PayPalPayments, trouble: tuple[int, str] | str, error: type[Exception]
) -> None:
    paypal.trouble = [trouble]
    with pytest.raises(error):
        await provider.request(REQUEST, key="k1")
    await opened(provider)
    assert len(paypal.orders) == 1


async def test_wrong_keys_and_a_paypal_that_is_gone(paypal: PayPalServer, clock: StandingClock) -> None:
    keys = paypal.keys_of_the_shop
    wrong = PayPalPayments(clock, **{**keys, "client_secret": "other"})
    with pytest.raises(Refused, match="keys"):
        await wrong.request(REQUEST, key="k1")
    gone = PayPalPayments(clock, **{**keys, "api_base": "http://127.0.0.1:9"})
    with pytest.raises(TryLater):  # nothing was sent, so nothing is unknown
        await gone.request(REQUEST, key="k1")
    assert [(await one.check()).state for one in (wrong, gone)] == ["down", "down"]
    await wrong.close()
    await gone.close()
    with pytest.raises(ShopkeeperError, match="CLIENT_SECRET"):
        PayPalPayments(clock, **{**keys, "client_secret": ""})


async def test_doctor_knows_a_webhook_that_is_not_of_this_account(paypal: PayPalServer, clock: StandingClock) -> None:
    for webhook, state, words in (
        (paypal.webhook_id, "ok", "webhook known"),
        ("", "warn", "no webhook id"),
        ("WH-OTHER", "warn", "no webhook of our id"),
    ):
        made = PayPalPayments(clock, **{**paypal.keys_of_the_shop, "webhook_id": webhook})
        health = await made.check()
        assert (health.state, words in health.line) == (state, True)
        await made.close()


# ---- capturing -----------------------------------------------------------------------------------


async def test_an_order_that_is_not_approved_or_not_ours_is_not_captured(
    paypal: PayPalServer, provider: PayPalPayments
) -> None:
    made = await opened(provider)
    assert (await provider.capture(made.reference, key="k1")).state == "pending"
    await paypal.approve(made.reference)
    assert (await provider.capture(made.reference, key="k2")).state == "approved"
    assert (await provider.cancel(made.reference, key="k1")).state == "cancelled"
    assert paypal.money() == 0
    settled = [await provider.capture(made.reference, key="k1") for _ in range(2)]
    assert settled[0] == settled[1]
    assert str(paypal.money()) == "13.00"


async def test_a_capture_under_review_is_not_paid_and_cannot_be_cancelled(
    paypal: PayPalServer, provider: PayPalPayments
) -> None:
    made = await opened(provider)
    await paypal.approve(made.reference)
    await provider.capture(made.reference, key="k1")
    (capture,) = paypal.orders[made.reference]["purchase_units"][0]["payments"]["captures"]
    for status, state in (("PENDING", "on_its_way"), ("COMPLETED", "settled"), ("REFUNDED", "settled"),
                          ("DECLINED", "declined")):  # fmt: skip
        capture["status"] = status
        assert (await provider.look_up(key="k1", reference=made.reference)).state == state
        assert (await provider.cancel(made.reference, key="k1")).state == state


# ---- webhooks ------------------------------------------------------------------------------------


async def test_only_paypals_own_valid_certificate_from_an_allowed_host_is_believed(
    paypal: PayPalServer, provider: PayPalPayments
) -> None:
    def signed(at: datetime = NOW, url: str = paypal.cert_url, webhook: str = paypal.webhook_id) -> dict[str, str]:
        return signer().sign(b"{}", webhook, "s1", at, url)

    for wrong in (
        signed(NOW - timedelta(minutes=61)),
        signed(NOW + timedelta(minutes=6)),
        signed(webhook="WEBHOOK_ID"),  # PayPal's simulator
        signed(url=paypal.cert_url.replace("https", "http")),
        signed(url=f"https://{paypal.cert_host}@localhost/x"),
        signed(url=f"https://user@{paypal.cert_host}/v1/notifications/certs/CERT-1"),
        signed(url="https://api.paypal.com.example.org/v1/notifications/certs/CERT-1"),
        signed(url="https://[x"),
        {**signed(), "PAYPAL-AUTH-ALGO": "MD5withRSA"},
        {**signed(), "PAYPAL-TRANSMISSION-TIME": "2026-11-24T10:00:00"},
        stranger().sign(b"{}", paypal.webhook_id, "s1", NOW, paypal.cert_url),
    ):
        with pytest.raises(BadSignature):
            await provider.authenticate(wrong, b"{}", NOW)
    await provider.authenticate(signed(), b"{}", NOW)
    assert paypal.certificates == 1


async def test_a_chain_that_ends_nowhere_or_is_over_is_not_believed(paypal: PayPalServer, clock: StandingClock) -> None:
    for chain in (stranger().chain, expired_chain(signer().key), b"nonsense", b"-----BEGIN CERTIFICATE-----"):
        paypal.chain = chain
        made = PayPalPayments(clock, cert_hosts=[paypal.cert_host], **paypal.keys_of_the_shop)
        key = stranger() if chain == stranger().chain else signer()
        headers = key.sign(b"{}", paypal.webhook_id, "s1", NOW, paypal.cert_url)
        with trusted_authority(), pytest.raises(BadSignature, match="certificate"):
            await made.authenticate(headers, b"{}", NOW)
        await made.close()


async def test_a_host_that_this_machine_does_not_trust_is_not_asked(paypal: PayPalServer, clock: StandingClock) -> None:
    made = PayPalPayments(clock, cert_hosts=[paypal.cert_host], **paypal.keys_of_the_shop)
    headers = signer().sign(b"{}", paypal.webhook_id, "s1", NOW, paypal.cert_url)
    with pytest.raises(BadSignature, match="host"):
        await made.authenticate(headers, b"{}", NOW)
    closed = PayPalPayments(clock, cert_hosts=[paypal.cert_host], **{**paypal.keys_of_the_shop, "webhook_id": ""})
    with pytest.raises(BadSignature, match="WEBHOOK_ID"):
        await closed.authenticate(headers, b"{}", NOW)
    await made.close()
    await closed.close()
    assert paypal.certificates == 0


CAPTURE = {"id": "C1", "status": "PENDING", "amount": {"currency_code": "EUR", "value": "13.00"}, "custom_id": "k1"}
DISPUTE = {"dispute_id": "PP-D-1", "disputed_transactions": [{"seller_transaction_id": "C1", "custom": "k1"}]}


@pytest.mark.parametrize(
    ("kind", "thing", "told"),
    [
        ("PAYMENT.CAPTURE.PENDING", CAPTURE, ("on_its_way", "k1", None)),
        ("PAYMENT.CAPTURE.DENIED", {**CAPTURE, "status": "DECLINED"}, ("declined", "k1", None)),
        ("PAYMENT.CAPTURE.DECLINED", {**CAPTURE, "status": "DECLINED"}, ("declined", "k1", None)),
        ("PAYMENT.CAPTURE.REVERSED", CAPTURE, ("lost", "k1", "C1:reversed")),
        ("CHECKOUT.PAYMENT-APPROVAL.REVERSED", {"order_id": "O1"}, ("expired", None, "O1")),
        ("CUSTOMER.DISPUTE.CREATED", DISPUTE, ("open", "k1", "PP-D-1")),
        ("PAYMENT.REFUND.PENDING", CAPTURE, ("submitted", "k1", "C1")),
        ("CATALOG.PRODUCT.CREATED", {}, None),
        ("PAYMENT.CAPTURE.COMPLETED", {"id": "C1"}, None),
        ("PAYMENT.CAPTURE.COMPLETED", {**CAPTURE, "amount": {"currency_code": "EUR", "value": "NaN"}}, None),
    ],
)
async def test_each_kind_of_event_says_its_own(
    provider: PayPalPayments, kind: str, thing: object, told: tuple[str, str | None, str | None] | None
) -> None:
    event = {"id": "WH-1", "event_type": kind, "create_time": "2026-11-24T10:00:00Z", "resource": thing}
    reports = provider.read_webhook({}, json.dumps(event).encode(), NOW)
    names = [one.dispute if isinstance(one, DisputeReport) else one.reference for one in reports]
    assert [(one.state, one.key, name) for one, name in zip(reports, names, strict=True)] == ([told] if told else [])
