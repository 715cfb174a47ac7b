"""A loopback PayPal: Orders v2, Payments v2, tokens, and webhooks signed with a certificate made in the test.

The rules: developer.paypal.com/docs/api/orders/v2 and payments/v2; requests are held against PayPal's own
specifications where these lie beside the project.
"""

from __future__ import annotations

import base64
import json
import re
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.contracts import paypal_specs
from tests.contracts.payer_page import ask_the_payer
from tests.contracts.paypal_certificates import served_at_home, signer

Thing = dict[str, Any]
KEYS_LIVE = {"orders": timedelta(hours=6), "captures": timedelta(days=45)}
TOKEN_LIVES = 32_400  # seconds
PLAIN = frozenset({"HUF", "JPY", "TWD"})
CURRENCIES = PLAIN | frozenset({"EUR", "USD", "GBP", "PLN", "CZK"})  # among others, but no RUB


class Wrong(Exception):
    def __init__(self, issue: str, *, status: int = 422, name: str = "UNPROCESSABLE_ENTITY") -> None:
        self.status = status
        self.body = {"name": name, "details": [{"issue": issue}], "debug_id": "f00d", "message": "no"}


@dataclass
class PayPalServer:
    """`now` tells its time. `trouble` meets the next calls, one each: an answer, "cut" (nothing done), "cut after"."""

    now: Callable[[], datetime]
    client_id: str = "client-of-the-tests"
    client_secret: str = "secret-of-the-tests"
    webhook_id: str = "WH-OF-THE-TESTS"
    url: str = ""
    cert_host: str = ""
    pages: str = "https://www.paypal.com"  # where customers agree; a browser of the tests finds it at `url`
    chain: bytes = b""
    orders: dict[str, Thing] = field(default_factory=dict)
    refunds: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[str, Thing] = field(default_factory=dict)
    trouble: list[tuple[int, str] | str | None] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)  # orders that PayPal does not tell of any more
    decline: list[str] = field(default_factory=list)  # issues that the next captures meet
    asked: list[tuple[str, str, Thing]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    tokens: int = 0
    certificates: int = 0  # how often one was fetched
    due: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    _token: tuple[str, datetime] | None = None
    _answers: dict[str, tuple[str, datetime, Thing]] = field(default_factory=dict)
    _serial: Any = field(default_factory=lambda: count(1))

    @property
    def cert_url(self) -> str:
        return f"https://{self.cert_host}/v1/notifications/certs/CERT-1"

    @property
    def keys_of_the_shop(self) -> dict[str, str]:
        return {"client_id": self.client_id, "client_secret": self.client_secret, "webhook_id": self.webhook_id,
                "api_base": self.url}  # fmt: skip

    def forget_token(self) -> None:
        self._token = None

    def keys_are_forgotten(self) -> None:
        """As after 45 days."""
        self._answers.clear()

    def after(self, calls: int, trouble: str) -> None:
        """So many calls go well, and the next one meets this."""
        self.trouble = [*[None] * calls, trouble]

    # ---- the customer ----------------------------------------------------------------------------

    def refund_on_the_site(self, capture: str, value: str, currency: str = "EUR") -> None:
        """Somebody gives money back on PayPal's own site."""
        self._refund(capture, {"amount": {"currency_code": currency, "value": value}})

    async def approve(self, reference: str) -> None:
        """The customer agrees on PayPal's page. No money moves."""
        order = self.orders[reference]
        if order["status"] not in ("PAYER_ACTION_REQUIRED", "APPROVED"):
            raise AssertionError("this page is over")
        order |= {"status": "APPROVED", "update_time": f"{self._stamp()[:-1]}.{next(self._serial):06d}Z"}
        self.tell("CHECKOUT.ORDER.APPROVED", order)

    async def hosted(self, request: web.Request) -> web.Response:
        """PayPal's own page, as a browser sees it."""
        reference = request.query["token"]
        if request.method == "GET":
            return ask_the_payer("PayPal", "Agree", self.orders[reference]["purchase_units"][0]["amount"]["value"])
        await self.approve(reference)
        back = self.orders[reference]["payment_source"]["paypal"]["experience_context"]["return_url"]
        raise web.HTTPSeeOther(f"{back}&token={reference}&PayerID=X")

    def reverse(self, reference: str) -> None:
        """An approval that nobody captured ends by itself."""
        self.orders[reference]["status"] = "VOIDED"
        self.tell("CHECKOUT.PAYMENT-APPROVAL.REVERSED", {"order_id": reference, "id": "x"})

    def dispute(self, reference: str, *, reason: str = "MERCHANDISE_OR_SERVICE_NOT_RECEIVED") -> str:
        """The customer opens a case about a captured order."""
        (capture,) = _captures(self.orders[reference])
        id = f"PP-R-{next(self._serial)}"
        transaction = {"seller_transaction_id": capture["id"], "custom": capture["custom_id"],
                       "invoice_number": capture["invoice_id"]}  # fmt: skip
        self.disputes[id] = {
            "dispute_id": id, "create_time": self._stamp(), "disputed_transactions": [transaction], "reason": reason,
            "status": "WAITING_FOR_SELLER_RESPONSE", "dispute_amount": capture["amount"],
        }  # fmt: skip
        self.tell("CUSTOMER.DISPUTE.CREATED", self.disputes[id])
        return id

    def decide(self, dispute: str, outcome: str) -> None:
        """PayPal has decided: RESOLVED_SELLER_FAVOUR, RESOLVED_BUYER_FAVOUR, CANCELED_BY_BUYER…"""
        case = self.disputes[dispute]
        case |= {"status": "RESOLVED", "dispute_outcome": {"outcome_code": outcome}}
        if outcome == "RESOLVED_BUYER_FAVOUR":
            case["dispute_outcome"]["amount_refunded"] = case["dispute_amount"]
        self.tell("CUSTOMER.DISPUTE.RESOLVED", case)

    def tell(self, kind: str, thing: Thing) -> None:
        """Put a signed event up for delivery."""
        sent = f"{next(self._serial)}"
        event = {"id": f"WH-{sent}", "event_type": kind, "create_time": self._stamp(), "resource": thing}
        body = json.dumps(event).encode()
        self.due.append((signer().sign(body, self.webhook_id, f"sent-{sent}", self.now(), self.cert_url), body))

    def captures(self) -> list[str]:
        return [capture["id"] for order in self.orders.values() for capture in _captures(order)]

    def money(self) -> Decimal:
        """What this shop has: captured, less what went back and what disputes took."""
        took = [Decimal(c["amount"]["value"]) for o in self.orders.values() for c in _captures(o)
                if c["status"] == "COMPLETED"]  # fmt: skip
        given = [Decimal(r["amount"]["value"]) for r in self.refunds.values()]
        return sum(took, Decimal(0)) - sum(given, Decimal(0)) - sum(self.lost().values(), Decimal(0))

    def lost(self) -> dict[str, Decimal]:
        """What disputes took, by capture."""
        cases = [case for case in self.disputes.values() if "amount_refunded" in case.get("dispute_outcome", {})]
        return {case["disputed_transactions"][0]["seller_transaction_id"]:
                Decimal(case["dispute_outcome"]["amount_refunded"]["value"]) for case in cases}  # fmt: skip

    def _stamp(self) -> str:
        return self.now().strftime("%Y-%m-%dT%H:%M:%SZ")

    # ---- the server ------------------------------------------------------------------------------

    async def certificate(self, request: web.Request) -> web.Response:
        if not request.secure or request.match_info["name"] != "CERT-1":
            return web.Response(status=404)
        self.certificates += 1
        return web.Response(body=self.chain or signer().chain)

    async def token(self, request: web.Request) -> web.Response:
        pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {pair}":
            return web.json_response({"error": "invalid_client"}, status=401)
        if await request.text() != "grant_type=client_credentials":
            return web.json_response({"error": "unsupported_grant_type"}, status=400)
        self.tokens += 1
        if self._token is None or self._token[1] <= self.now():  # while one is good, every process gets the same
            self._token = (f"A21-{self.tokens}", self.now() + timedelta(seconds=TOKEN_LIVES))
        return web.json_response({"access_token": self._token[0], "token_type": "Bearer", "expires_in": TOKEN_LIVES})

    async def serve(self, request: web.Request) -> web.StreamResponse:
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, tuple):
            return web.Response(status=trouble[0], text=trouble[1], content_type="text/html")
        if trouble != "cut":
            answer = await self._answer(request)
            if trouble is None:
                return answer
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            if self._token is None or self._token[1] <= self.now():
                raise Wrong("TOKEN", status=401, name="AUTHENTICATION_FAILURE")
            if request.headers.get("Authorization") != f"Bearer {self._token[0]}":
                raise Wrong("TOKEN", status=401, name="AUTHENTICATION_FAILURE")
            body = await request.read()
            if said := paypal_specs.complaint(request.method, request.path, dict(request.headers), body):
                raise Wrong(f"SPECIFICATION: {said}", status=400, name="INVALID_REQUEST")
            given = json.loads(body) if body else {}
            self.asked.append((request.method, request.path, given))
            if request.method != "POST":
                return web.json_response(self._look(request.path))
            return web.json_response(self._keyed(request, given), status=201)
        except Wrong as wrong:
            return web.json_response(wrong.body, status=wrong.status)

    def _keyed(self, request: web.Request, given: Thing) -> Thing:
        """The same PayPal-Request-Id gives the same answer while PayPal remembers it."""
        key = request.headers.get("PayPal-Request-Id", "")
        if not 0 < len(key) <= 108:
            raise Wrong("a POST without a usable PayPal-Request-Id", status=400)
        self.keys.append(key)
        lives = KEYS_LIVE["captures" if "/captures/" in request.path else "orders"]
        before = self._answers.get(key)
        if before and self.now() - before[1] < lives:
            if before[0] != request.path:
                raise Wrong("INVALID_REQUEST_ID", status=400)
            return before[2]
        answer = self._act(request.path, given)
        self._answers[key] = (request.path, self.now(), json.loads(json.dumps(answer)))
        return answer

    def _look(self, path: str) -> Thing:
        match path.strip("/").split("/"):
            case "v2", "checkout", "orders", reference:
                return self._known(self.orders, reference)
            case "v2", "payments", "refunds", reference:
                return self._known(self.refunds, reference)
            case "v1", "customer", "disputes", reference:
                return self._known(self.disputes, reference)
            case "v1", "notifications", "webhooks", webhook if webhook == self.webhook_id:
                return {"id": webhook, "url": "https://shop.example/webhooks/paypal"}
        raise Wrong("INVALID_RESOURCE_ID", status=404, name="RESOURCE_NOT_FOUND")

    def _act(self, path: str, given: Thing) -> Thing:
        match path.strip("/").split("/"):
            case "v2", "checkout", "orders":
                return self._create(given)
            case "v2", "checkout", "orders", reference, "capture":
                return self._capture(self._known(self.orders, reference))
            case "v2", "payments", "captures", capture, "refund":
                return self._refund(capture, given)
        raise Wrong("INVALID_RESOURCE_ID", status=404, name="RESOURCE_NOT_FOUND")

    def _known(self, kept: dict[str, Thing], reference: str) -> Thing:
        if reference not in kept or reference in self.gone:
            raise Wrong("INVALID_RESOURCE_ID", status=404, name="RESOURCE_NOT_FOUND")
        return kept[reference]

    def _create(self, given: Thing) -> Thing:
        (unit,) = given["purchase_units"]
        _check_amount(unit["amount"])
        reference = f"ORDER{next(self._serial)}"
        self.orders[reference] = {
            "id": reference, "intent": given["intent"], "status": "PAYER_ACTION_REQUIRED",
            "purchase_units": [unit], "create_time": self._stamp(), "payment_source": given["payment_source"],
            "links": [
                {"href": f"{self.url}/v2/checkout/orders/{reference}", "rel": "self", "method": "GET"},
                {"href": f"{self.pages}/checkoutnow?token={reference}", "rel": "payer-action"},
            ],
        }  # fmt: skip
        return self.orders[reference]

    def _capture(self, order: Thing) -> Thing:
        if order["status"] == "COMPLETED":
            raise Wrong("ORDER_ALREADY_CAPTURED")
        if order["status"] != "APPROVED":
            raise Wrong("ORDER_NOT_APPROVED")
        unit = order["purchase_units"][0]
        paid = {o["purchase_units"][0]["invoice_id"] for o in self.orders.values() if o["status"] == "COMPLETED"}
        if unit["invoice_id"] in paid:
            raise Wrong("DUPLICATE_INVOICE_ID")
        if self.decline:
            raise Wrong(self.decline.pop(0))
        capture = {
            "id": f"CAPTURE{next(self._serial)}", "status": "COMPLETED", "amount": unit["amount"],
            "custom_id": unit["custom_id"], "invoice_id": unit["invoice_id"], "create_time": self._stamp(),
            "supplementary_data": {"related_ids": {"order_id": order["id"]}},
        }  # fmt: skip
        order |= {"status": "COMPLETED", "purchase_units": [{**unit, "payments": {"captures": [capture]}}]}
        self.tell("PAYMENT.CAPTURE.COMPLETED", capture)
        return order

    def _refund(self, capture: str, given: Thing) -> Thing:
        order = next((o for o in self.orders.values() for c in _captures(o) if c["id"] == capture), None)
        if order is None:
            raise Wrong("INVALID_RESOURCE_ID", status=404, name="RESOURCE_NOT_FOUND")
        (taken,) = _captures(order)
        payments = order["purchase_units"][0]["payments"]
        if any(case["disputed_transactions"][0]["seller_transaction_id"] == capture and case["status"] != "RESOLVED"
               for case in self.disputes.values()):  # fmt: skip
            raise Wrong("TRANSACTION_DISPUTED")
        _check_amount(given["amount"])
        if given["amount"]["currency_code"] != taken["amount"]["currency_code"]:
            raise Wrong("REFUND_CAPTURE_CURRENCY_MISMATCH")
        given_back = sum(Decimal(one["amount"]["value"]) for one in payments.get("refunds", ()))
        if given_back + Decimal(given["amount"]["value"]) > Decimal(taken["amount"]["value"]):
            raise Wrong("REFUND_AMOUNT_EXCEEDED")
        reference = f"REFUND{next(self._serial)}"
        up = {"rel": "up", "method": "GET", "href": f"{self.url}/v2/payments/captures/{capture}"}
        refund = {**given, "id": reference, "status": "COMPLETED", "create_time": self._stamp(), "links": [up]}
        self.refunds[reference] = refund
        payments.setdefault("refunds", []).append(refund)
        self.tell("PAYMENT.CAPTURE.REFUNDED", refund)
        return refund


def _captures(order: Thing) -> list[Thing]:
    return list(order["purchase_units"][0].get("payments", {}).get("captures", ()))


def _check_amount(amount: Thing) -> None:
    if amount["currency_code"] not in CURRENCIES:
        raise Wrong("CURRENCY_NOT_SUPPORTED")
    if amount["currency_code"] in PLAIN and "." in amount["value"]:
        raise Wrong("DECIMALS_NOT_SUPPORTED")
    if not re.fullmatch(r"\d+(\.\d{1,2})?", amount["value"]):
        raise Wrong("DECIMAL_PRECISION")
    if Decimal(amount["value"]) <= 0:
        raise Wrong("CANNOT_BE_ZERO_OR_NEGATIVE")


@asynccontextmanager
async def paypal_server(now: Callable[[], datetime], *weather: Middleware) -> AsyncIterator[PayPalServer]:
    """A PayPal on free ports of this machine: its API over http, its certificates over https.

    `weather`: what stands between it and its callers.
    """
    server = PayPalServer(now)
    app = web.Application(middlewares=weather)
    app.router.add_get("/v1/notifications/certs/{name}", server.certificate)
    app.router.add_post("/v1/oauth2/token", server.token)
    app.router.add_route("*", "/checkoutnow", server.hosted)
    app.router.add_route("*", "/{path:.*}", server.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    with tempfile.TemporaryDirectory() as folder:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=served_at_home(Path(folder))).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    server.cert_host = f"127.0.0.1:{runner.addresses[1][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()
