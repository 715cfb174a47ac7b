"""Our Stripe adapter before somebody else's idea of Stripe: localstripe, a process of its own on loopback.

It has PaymentIntents, refunds and webhooks with true signatures. It has no Checkout Sessions, takes no `reason` with a
refund, forgets idempotency keys and tells nothing of refunds or disputes: what needs those is shown against our own
server (tests/contracts/stripe_server.py), whose rules come from Stripe's package and documentation.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from base.clock import SystemClock
from base.errors import BadSignature, OutcomeUnknown, Refused
from base.money import Money
from integrations.payments.stripe.adapter import StripePayments
from shop.payment_port import PaymentRequest, RefundRequest

pytest.importorskip("localstripe", reason="localstripe is not installed: it comes with requirements/dev.txt")

KEY, SECRET = "sk_test_localstripe", "whsec_localstripe"
SERVE = "from aiohttp import web; from localstripe.server import app; web.run_app(app, host='127.0.0.1', port={port})"
START_SECONDS = 20.0


@asynccontextmanager
async def localstripe(port: int) -> AsyncIterator[str]:
    """The address of a fresh one."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVE.format(port=port),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(START_SECONDS):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    assert process.returncode is None, "localstripe did not start"
                    await asyncio.sleep(0.1)
                else:
                    writer.close()
                    break
        yield f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest_asyncio.fixture
async def address(unused_tcp_port: int) -> AsyncIterator[str]:
    async with localstripe(unused_tcp_port) as url:
        yield url


@pytest_asyncio.fixture
async def adapter(address: str) -> AsyncIterator[StripePayments]:
    stripe = at(address)
    yield stripe
    await stripe.close()


def at(address: str, secret: str = SECRET) -> StripePayments:
    return StripePayments(SystemClock(), secret_key=KEY, webhook_secret=secret, api_base=address)


async def charged(adapter: StripePayments, amount: int) -> str:
    """The id of a PaymentIntent that was paid by card."""
    client = adapter._client.v1
    card: Any = {"number": "4242424242424242", "exp_month": 12, "exp_year": datetime.now(UTC).year + 1, "cvc": "123"}
    method = await client.payment_methods.create_async({"type": "card", "card": card})
    intent = await client.payment_intents.create_async(
        {"amount": amount, "currency": "eur", "payment_method": method.id, "confirm": True}
    )
    assert intent.status == "succeeded"
    return intent.id


async def test_it_answers_the_doctor(adapter: StripePayments) -> None:
    health = await adapter.check()
    assert (health.state, "test key" in health.line) == ("warn", True)


async def test_what_it_does_not_have_is_an_error_of_ours(adapter: StripePayments) -> None:
    request = PaymentRequest(
        payment="p1", number="LU-1", amount=Money(1300, "EUR"), description="LU-1",
        return_url="https://shop.example/pay/t", until=datetime.now(UTC) + timedelta(minutes=40),
    )  # fmt: skip
    for call in (adapter.request(request, key="payment-p1"), adapter.cancel("cs_1", key="payment-p1")):
        with pytest.raises((Refused, OutcomeUnknown)):
            await call


async def test_a_refund_is_found_by_our_key_and_not_made_twice(adapter: StripePayments) -> None:
    intent = await charged(adapter, 5000)

    class Session:
        payment_intent = intent

    async def session(reference: str) -> Session:
        return Session()

    adapter._session = session  # type: ignore[method-assign, assignment]  # the one thing that localstripe lacks
    request = RefundRequest("r1", "cs_1", "payment-p1", Money(2000, "EUR"), "edit", None)
    refused = await adapter.refund(request, key="refund-r1")
    assert refused.state == "failed"  # it takes no `reason`, and so nothing was moved
    params: Any = {"payment_intent": intent, "amount": 2000, "metadata": {"key": "refund-r1"}}
    made = await adapter._client.v1.refunds.create_async(params)
    again = await adapter.refund(request, key="refund-r1")
    assert (again.state, again.reference, again.amount) == ("done", made.id, Money(2000, "EUR"))
    assert len((await adapter._client.v1.refunds.list_async()).data) == 1
    for reference in (None, made.id):
        found = await adapter.look_up_refund(key="refund-r1", reference=reference)
        assert (found.state, found.key, found.amount) == ("done", "refund-r1", Money(2000, "EUR"))
    assert (await adapter.look_up_refund(key="another", reference=None)).state == "unknown"


async def test_its_signature_opens_our_door_once_it_is_ours_fresh_and_untouched(
    adapter: StripePayments, address: str, unused_tcp_port_factory: Any
) -> None:
    came: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        await came.put((dict(request.headers), await request.read()))
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/stripe", take)
    runner = web.AppRunner(app)
    await runner.setup()
    port = unused_tcp_port_factory()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        hook = {"url": f"http://127.0.0.1:{port}/webhooks/stripe", "secret": SECRET}
        async with aiohttp.ClientSession() as http, http.post(f"{address}/_config/webhooks/main", json=hook) as answer:
            assert answer.status == 200
        await charged(adapter, 1300)
        async with asyncio.timeout(10):
            headers, body = await came.get()
            while b"payment_intent.succeeded" not in body:
                headers, body = await came.get()
    finally:
        await runner.cleanup()
    now = datetime.now(UTC)
    await adapter.authenticate(headers, body, now)
    assert adapter.read_webhook(headers, body, now) == ()  # no attempt of ours: those are told by their session
    stranger = at(address, "whsec_another")
    for who, said, when in (
        (adapter, body.replace(b"1300", b"1301"), now),
        (adapter, body, now + timedelta(minutes=6)),
        (adapter, body, now - timedelta(minutes=6)),
        (stranger, body, now),
    ):
        with pytest.raises(BadSignature):
            await who.authenticate(headers, said, when)
    await stranger.close()
