"""A payment platform in trouble: told once and once that it is back, and never with a secret of ours."""

from __future__ import annotations

import base64
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
import stripe
from aiohttp import web
from structlog.testing import capture_logs

from app.logs import QUIET
from base.clock import StandingClock
from base.errors import BadSignature, ShopkeeperError
from base.money import Money
from integrations.payments.paypal.adapter import PayPalPayments
from integrations.payments.stripe.adapter import StripePayments
from integrations.payments.telegram.goods import TelegramPayments
from integrations.payments.telegram.stars import TelegramStars
from integrations.payments.webmoney import WebMoneyPayments
from shop.payment_port import AsksFirst, PaymentProvider, PaymentQuestion, PaymentRequest, RefundRequest, TellsDisputes

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
CLOCK = StandingClock(NOW)
A, B = "AAH-secret-alpha-4c1f", "beta-secret-77d0"  # two secrets of each
BASIC = base64.b64encode(f"id:{A}".encode()).decode()  # as PayPal is signed in to
BOT = f"123456:{A}"
REQUEST = PaymentRequest(
    payment="p1", number="LU-7K3F-9QXA", amount=Money(1300, "EUR"), description="LU-7K3F-9QXA",
    return_url="https://shop.example/pay/token", until=NOW + timedelta(minutes=30), serial=1,
)  # fmt: skip
MAKERS: dict[str, Callable[[str], PaymentProvider]] = {
    "stripe": lambda url: StripePayments(CLOCK, secret_key=f"sk_test_{A}", webhook_secret=f"whsec_{B}", api_base=url),
    "paypal": lambda url: PayPalPayments(CLOCK, client_id="id", client_secret=A, webhook_id=B, api_base=url),
    "webmoney": lambda url: WebMoneyPayments(CLOCK, purse="E123456789012", secret_key=A, merchant_url=f"{url}/pay"),
    "telegram": lambda url: TelegramPayments(
        CLOCK, token=BOT, provider_token=f"284685063:TEST:{B}", api_base=url, test_money=True
    ),
    "stars": lambda url: TelegramStars(CLOCK, token=BOT, api_base=url),
}
CALLERS = ("stripe", "paypal", "stars")  # who asks the platform by itself, outside of a customer's question


@dataclass
class Gateway:
    """A platform's gateway in its worst moods: whatever came stands in its answer, our keys among it."""

    url: str = ""
    mood: str = "html"
    asked: int = 0
    moods: tuple[str, ...] = field(default=("html", "cut", "refuses", "not_us", "odd", "text"))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        echo = f"{request.path_qs} {dict(request.headers)} {(await request.read()).decode('utf-8', 'replace')}"
        match self.mood:
            case "html":
                return web.Response(status=502, text=f"<html>Bad gateway: {echo}</html>", content_type="text/html")
            case "cut":
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case "refuses":
                said: dict[str, Any] = {"error": {"type": "invalid_request_error", "message": echo}}
                said |= {"name": "INVALID_REQUEST", "ok": False, "error_code": 400, "description": "Bad Request"}
                return web.json_response(said, status=400)
            case "not_us":
                return web.json_response({"error": echo, "ok": False}, status=401)
            case "odd":
                return web.json_response({"error": echo}, status=500)
            case _:
                return web.Response(text=echo)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stripe's package waits before it tries again."""
    monkeypatch.setattr(stripe.HTTPClient, "_sleep_time_seconds", lambda *_, **__: 0.0)


@pytest_asyncio.fixture
async def gateway() -> AsyncIterator[Gateway]:
    made = Gateway()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


async def may_collect(question: PaymentQuestion) -> str:
    return ""


def calls(provider: PaymentProvider) -> list[Callable[[], Awaitable[object]]]:
    """Everything that may be asked of a provider."""
    amount = Money(1300, "XTR") if provider.code == "stars" else REQUEST.amount
    request = replace(REQUEST, amount=amount)
    refund = RefundRequest("r1", "ref", "payment-p1", amount, "late", "receipt")
    found: list[Callable[[], Awaitable[object]]] = [
        provider.check,
        lambda: provider.request(request, key="payment-p1"),
        lambda: provider.look_up(key="payment-p1", reference=None),
        lambda: provider.look_up(key="payment-p1", reference="ref"),
        lambda: provider.cancel("ref", key="payment-p1"),
        lambda: provider.refund(refund, key="refund-r1"),
        lambda: provider.look_up_refund(key="refund-r1", reference="ref"),
        lambda: provider.authenticate({"Stripe-Signature": "t=1,v1=00", "PAYPAL-CERT-URL": "https://x"}, b"{}", NOW),
    ]
    if isinstance(provider, TellsDisputes):
        found.append(lambda: provider.look_up_dispute("dp_1"))
    if isinstance(provider, AsksFirst):
        person = {"id": 7, "is_bot": False, "first_name": "Ana"}
        query = {"id": "q", "from": person, "currency": "EUR", "total_amount": 1300, "invoice_payload": "payment-p1"}
        body = json.dumps({"update_id": 1, "pre_checkout_query": query}).encode()
        found.append(lambda: provider.answer(body, may_collect))
    return found


@pytest.mark.parametrize("name", sorted(MAKERS))
async def test_no_trouble_tells_a_secret(name: str, gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)  # as in production, where chatty packages are asked for less
    for chatty in QUIET:
        caplog.set_level(logging.WARNING, logger=chatty)
    provider = MAKERS[name](gateway.url)
    away = MAKERS[name]("http://127.0.0.1:9")
    told: list[str] = [repr(provider), str(provider)]
    with capture_logs() as lines:
        for mood in gateway.moods:
            gateway.mood = mood
            for call in (*calls(provider), *(calls(away) if mood == gateway.moods[0] else ())):
                try:
                    told.append(repr(await call()))
                except (ShopkeeperError, BadSignature) as error:
                    told += [str(error), repr(error), repr(error.__cause__)]
    for one in (provider, away):
        await one.close()
    everything = "\n".join([*told, *(str(line) for line in lines), caplog.text])
    fields = {"LMI_PAYEE_PURSE"} if name == "webmoney" else set()  # the form that the customer's browser posts
    assert all(field in everything for field in fields)
    assert not [secret for secret in (A, B, BASIC) if secret in everything]
    assert len(told) > 20


@pytest.mark.parametrize("name", CALLERS)
async def test_a_platform_that_is_down_is_told_once_and_once_that_it_is_back(
    name: str, gateway: Gateway, caplog: pytest.LogCaptureFixture
) -> None:
    provider = MAKERS[name](gateway.url)
    with capture_logs() as lines:
        for _ in range(4):
            with contextlib.suppress(ShopkeeperError):
                await provider.look_up(key="payment-p1", reference="ref")
        gateway.mood = "refuses"  # it answers again, whatever it says
        for _ in range(2):
            with contextlib.suppress(ShopkeeperError):
                await provider.look_up(key="payment-p1", reference="ref")
    await provider.close()
    events = [line["event"] for line in lines]
    assert [event.rpartition(".")[2] for event in events] == ["down", "back"], lines
    assert len({event.rpartition(".")[0] for event in events}) == 1
    assert gateway.asked >= 6
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
