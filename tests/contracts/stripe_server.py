"""A loopback Stripe for Checkout Sessions and refunds, which keeps Stripe's rules: forms, keys, lives, signatures.

The rules: docs.stripe.com/api, version 2026-10-28; limits and errors as the official package meets them.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import stripe
from aiohttp import web
from aiohttp.typedefs import Middleware

from tests.contracts import stripe_schema
from tests.contracts.payer_page import ask_the_payer

Params = dict[str, Any]
KEYS_LIVE = timedelta(hours=24)
SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
LOCALES = frozenset({"auto", "en", "es", "ru", "lt", "lv", "et", "pl", "de", "fr"})  # among others, but no "uk"
REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})


class Wrong(Exception):
    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error", code: str = "") -> None:
        self.status = status
        self.body = {"error": {"message": message, "type": kind, **({"code": code} if code else {})}}


@dataclass
class StripeServer:
    """`now` tells its time. `trouble` is given to the next requests, one each: status and body, "cut", "cut after"."""

    now: Callable[[], datetime]
    secret_key: str = "sk_test_of_the_tests"
    webhook_secret: str = "whsec_of_the_tests"
    url: str = ""
    pages: str = "https://checkout.stripe.com"  # where its hosted pages are; a browser of the tests finds them at `url`
    sessions: dict[str, Params] = field(default_factory=dict)
    refunds: dict[str, Params] = field(default_factory=dict)
    disputes: dict[str, Params] = field(default_factory=dict)
    trouble: list[tuple[int, str] | str | None] = field(default_factory=list)
    asked: list[tuple[str, str, Params]] = field(default_factory=list)
    due: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    _answers: dict[str, tuple[str, datetime, int, Params]] = field(default_factory=dict)
    _serial: Any = field(default_factory=lambda: count(1))

    # ---- the customer ----------------------------------------------------------------------------

    async def pay(self, reference: str, *, later: bool = False) -> None:
        """The customer pays on the hosted page; `later`: by a way whose money comes after days."""
        session = self.sessions[reference]
        self._age(session)
        if session["status"] != "open":
            raise AssertionError("this page is over")
        session |= {"status": "complete", "url": None, "payment_intent": f"pi_{next(self._serial)}"}
        session["payment_status"] = "unpaid" if later else "paid"
        self.tell("checkout.session.completed", session)

    async def hosted(self, request: web.Request) -> web.Response:
        """The hosted page, as a browser sees it."""
        reference = request.match_info["reference"]
        session = self.sessions[reference]
        if request.method == "GET":
            return ask_the_payer("Stripe", "Pay", f"{session['amount_total']} {session['currency']}")
        await self.pay(reference)
        raise web.HTTPSeeOther(session["success_url"])

    def settle(self, reference: str, *, failed: bool = False) -> None:
        """Money that comes after days has come, or never comes."""
        session = self.sessions[reference]
        session["payment_status"] = "unpaid" if failed else "paid"
        self.tell(f"checkout.session.async_payment_{'failed' if failed else 'succeeded'}", session)

    def dispute(self, reference: str, *, reason: str = "product_not_received", inquiry: bool = False) -> str:
        """The customer's bank contests a payment; Stripe takes the money at once, but for an inquiry."""
        session = self.sessions[reference]
        id = f"dp_{next(self._serial)}"
        self.disputes[id] = {
            "id": id, "object": "dispute", "charge": f"ch_{id}", "payment_intent": session["payment_intent"],
            "amount": session["amount_total"] - self._given_back(session), "currency": session["currency"],
            "reason": reason, "status": "warning_needs_response" if inquiry else "needs_response",
        }  # fmt: skip
        self.tell("charge.dispute.created", self.disputes[id])
        if not inquiry:
            self.tell("charge.dispute.funds_withdrawn", self.disputes[id])
        return id

    def decide(self, dispute: str, status: str) -> None:
        """The bank has decided: won, lost, warning_closed."""
        self.disputes[dispute]["status"] = status
        if status == "won":
            self.tell("charge.dispute.funds_reinstated", self.disputes[dispute])
        self.tell("charge.dispute.closed", self.disputes[dispute])

    def fail(self, refund: str) -> None:
        """The customer's bank sends a refund back, days after it had succeeded."""
        self.refunds[refund]["status"] = "failed"
        self.tell("refund.failed", self.refunds[refund])

    def refund_in_the_dashboard(self, reference: str, amount: int) -> str:
        """Somebody gives money back on Stripe's own site; its id."""
        given = {"payment_intent": self.sessions[reference]["payment_intent"], "amount": str(amount)}
        return str(self._refund(given | {"reason": "requested_by_customer"})["id"])

    def _given_back(self, session: Params) -> int:
        mine = [r for r in self.refunds.values() if r["payment_intent"] == session["payment_intent"]]
        return sum(r["amount"] for r in mine if r["status"] in ("pending", "succeeded"))

    def tell(self, kind: str, thing: Params, *, livemode: bool = False) -> None:
        """Put a signed event up for delivery."""
        event = {
            "id": f"evt_{next(self._serial)}", "object": "event", "type": kind, "livemode": livemode,
            "created": int(self.now().timestamp()), "data": {"object": thing},
        }  # fmt: skip
        body = json.dumps(event)
        header = stripe.WebhookSignature.generate_signature_header(
            body, self.webhook_secret, int(self.now().timestamp())
        )
        self.due.append(({"Stripe-Signature": header}, body.encode()))

    # ---- the server ------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        trouble = self.trouble.pop(0) if self.trouble else None
        if isinstance(trouble, tuple):
            return web.Response(status=trouble[0], text=trouble[1], content_type="application/json")
        if trouble != "cut":
            answer = await self._answer(request)
            if trouble is None:
                return answer
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    def after(self, calls: int, trouble: str, times: int = 1) -> None:
        """So many calls go well, and the next ones meet this."""
        self.trouble = [*[None] * calls, *[trouble] * times]

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            if request.headers.get("Authorization") != f"Bearer {self.secret_key}":
                raise Wrong("Invalid API Key provided", status=401)
            given = decode(await request.text() if request.method == "POST" else request.query_string)
            if said := stripe_schema.complaint(request.method, request.path, given):
                raise Wrong(said, code="parameter_invalid")
            self.asked.append((request.method, request.path, given))
            return web.json_response(self._keyed(request, given))
        except Wrong as wrong:
            return web.json_response(wrong.body, status=wrong.status)

    def _keyed(self, request: web.Request, given: Params) -> Params:
        """The same key gives the same answer for a day, and with other parameters an error."""
        key = request.headers.get("Idempotency-Key", "")
        if request.method != "POST":
            return self._act(request, given)
        if not 0 < len(key) <= 255:
            raise Wrong("a POST without a usable idempotency key")
        asked = json.dumps([request.path, given], sort_keys=True)
        before = self._answers.get(key)
        if before and self.now() - before[1] < KEYS_LIVE:
            if before[0] != asked:
                raise Wrong("Keys for idempotent requests can only be used with the same parameters",
                            kind="idempotency_error")  # fmt: skip
            return before[3]
        answer = self._act(request, given)
        self._answers[key] = (asked, self.now(), 200, json.loads(json.dumps(answer)))
        return answer

    def _act(self, request: web.Request, given: Params) -> Params:
        match (request.method, *request.path.removeprefix("/v1/").split("/")):
            case "POST", "checkout", "sessions":
                return self._begin(given)
            case "GET", "checkout", "sessions":
                return self._page(self.sessions, given)
            case "GET", "checkout", "sessions", reference:
                return self._known(self.sessions, reference)
            case "POST", "checkout", "sessions", reference, "expire":
                session = self._known(self.sessions, reference)
                if session["status"] != "open":
                    raise Wrong(f"Only open sessions can be expired; this one is {session['status']}.")
                session |= {"status": "expired", "url": None}
                self.tell("checkout.session.expired", session)
                return session
            case "POST", "refunds":
                return self._refund(given)
            case "GET", "refunds":
                return self._page(self.refunds, given)
            case "GET", "refunds", reference:
                return self._known(self.refunds, reference)
            case "GET", "disputes", reference:
                return self._known(self.disputes, reference)
            case "GET", "balance":
                return {"object": "balance", "available": [], "livemode": False}
        raise Wrong(f"Unrecognized request URL ({request.method}: {request.path})", status=404)

    def _begin(self, given: Params) -> Params:
        if given.get("mode") != "payment" or not given.get("success_url"):
            raise Wrong("mode and success_url are needed")
        if given.get("locale", "auto") not in LOCALES:
            raise Wrong("Invalid locale")
        items = given.get("line_items") or []
        if not 1 <= len(items) <= 100:
            raise Wrong("line_items: 1 to 100")
        total, currency = 0, ""
        for item in items:
            price = item.get("price_data") or {}
            if currency not in ("", price.get("currency")):
                raise Wrong("all line items must have one currency")
            currency = price.get("currency", "")
            if not re.fullmatch("[a-z]{3}", currency) or not price.get("product_data", {}).get("name"):
                raise Wrong("price_data needs a currency and a product name")
            total += _whole(price.get("unit_amount")) * _whole(item.get("quantity"))
        if total <= 0:
            raise Wrong("nothing to pay", code="amount_too_small")
        ends = self.now() + LONGEST
        if "expires_at" in given:
            ends = datetime.fromtimestamp(_whole(given["expires_at"]), self.now().tzinfo)
            if not SHORTEST <= ends - self.now() <= LONGEST:
                raise Wrong("expires_at must be 30 minutes to 24 hours from now")
        reference = f"cs_test_{next(self._serial)}"
        self.sessions[reference] = {
            "id": reference, "object": "checkout.session", "mode": "payment", "livemode": False, "status": "open",
            "payment_status": "unpaid", "amount_total": total, "currency": currency, "payment_intent": None,
            "client_reference_id": given.get("client_reference_id"), "metadata": given.get("metadata", {}),
            "url": f"{self.pages}/c/pay/{reference}", "expires_at": int(ends.timestamp()),
            "customer_email": given.get("customer_email"), "success_url": given["success_url"],
        }  # fmt: skip
        return self.sessions[reference]

    def _refund(self, given: Params) -> Params:
        paid = next((s for s in self.sessions.values() if s["payment_intent"] == given.get("payment_intent")), None)
        if paid is None or paid["payment_status"] != "paid":
            raise Wrong("No such payment_intent", status=404, code="resource_missing")
        if given.get("reason") not in REASONS:
            raise Wrong("Invalid reason")
        mine = [d for d in self.disputes.values() if d["payment_intent"] == paid["payment_intent"]]
        if any(dispute["status"] not in ("won", "warning_closed") for dispute in mine):
            raise Wrong("This charge has been charged back", code="charge_disputed")
        left = paid["amount_total"] - self._given_back(paid)
        amount = _whole(given["amount"]) if "amount" in given else left
        if not 0 < amount <= left:
            raise Wrong("Refund amount is greater than unrefunded amount on charge", code="charge_already_refunded")
        reference = f"re_{next(self._serial)}"
        self.refunds[reference] = {
            "id": reference, "object": "refund", "amount": amount, "currency": paid["currency"], "status": "succeeded",
            "payment_intent": paid["payment_intent"], "metadata": given.get("metadata", {}),
        }  # fmt: skip
        self.tell("refund.created", self.refunds[reference])
        return self.refunds[reference]

    def _known(self, kept: dict[str, Params], reference: str) -> Params:
        if reference not in kept:
            raise Wrong(f"No such object: {reference}", status=404, code="resource_missing")
        self._age(kept[reference])
        return kept[reference]

    def _age(self, thing: Params) -> None:
        if thing.get("status") == "open" and thing["expires_at"] <= self.now().timestamp():
            thing |= {"status": "expired", "url": None}

    def _page(self, kept: dict[str, Params], given: Params) -> Params:
        rows = [row for row in reversed(kept.values())
                if given.get("payment_intent") in (None, row["payment_intent"])]  # fmt: skip
        if after := given.get("starting_after"):
            rows = rows[next(i for i, row in enumerate(rows) if row["id"] == after) + 1 :]
        limit = _whole(given.get("limit", "10"))
        if not 1 <= limit <= 100:
            raise Wrong("limit: 1 to 100")
        return {"object": "list", "data": rows[:limit], "has_more": len(rows) > limit, "url": "/v1"}


@asynccontextmanager
async def stripe_server(now: Callable[[], datetime], *weather: Middleware) -> AsyncIterator[StripeServer]:
    """A Stripe on a free port of this machine. `weather`: what stands between it and its callers."""
    server = StripeServer(now)
    app = web.Application(middlewares=weather)
    app.router.add_route("*", "/c/pay/{reference}", server.hosted)
    app.router.add_route("*", "/{path:.*}", server.serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


def decode(form: str) -> Params:
    """`a[0][b]=c` as Stripe reads it."""
    found: Params = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        steps = re.findall(r"[^\[\]]+", name)
        place = found
        for step in steps[:-1]:
            place = place.setdefault(step, {})
        place[steps[-1]] = value
    return _listed(found)


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def _whole(text: Any) -> int:
    if not isinstance(text, str) or not text.isdigit():
        raise Wrong(f"Invalid integer: {text}", code="parameter_invalid_integer")
    return int(text)
