"""The pages of the sandbox: where play money is paid, and where a play parcel is. Never served in production."""

from __future__ import annotations

import functools
import logging
from datetime import UTC
from pathlib import Path

import jinja2
from aiohttp import web
from babel.numbers import format_currency

from app.web.forms import read_form
from app.web.pay import HEADERS
from integrations.delivery.sandbox import SandboxCarrier
from integrations.payments.sandbox import SandboxPayments

HERE = Path(__file__).parent

log = logging.getLogger(__name__)


def add_sandbox_routes(app: web.Application, payments: SandboxPayments, carrier: SandboxCarrier, shop: str) -> None:
    """Serve /sandbox/pay/{reference} and /sandbox/track/{tracking}."""
    pages = SandboxPages(payments, carrier, shop)
    app.router.add_get(r"/sandbox/pay/{reference:[\w-]{1,100}}", pages.show)
    app.router.add_post(r"/sandbox/pay/{reference:[\w-]{1,100}}", pages.decide)
    app.router.add_get(r"/sandbox/track/{tracking:[\w-]{1,100}}", pages.track)


class SandboxPages:
    def __init__(self, payments: SandboxPayments, carrier: SandboxCarrier, shop: str) -> None:
        self._payments, self._carrier, self._shop = payments, carrier, shop

    async def show(self, request: web.Request) -> web.Response:
        page = await self._payments.page(request.match_info["reference"])
        if page is None:
            return self._rendered("sandbox_unknown.html", status=404, back="")
        back = page.return_url if not page.open else ""
        amount = format_currency(page.amount.decimal, page.amount.currency, locale="en")
        return self._rendered("sandbox_pay.html", page=page, amount=amount, back=back)

    async def decide(self, request: web.Request) -> web.StreamResponse:
        """One of the three buttons; the shop hears of it by a signed webhook, and the customer goes back to it."""
        reference = request.match_info["reference"]
        page = await self._payments.page(reference)
        if page is None:
            return self._rendered("sandbox_unknown.html", status=404, back="")
        match (await read_form(request)).get("say"):
            case "approve":
                await self._payments.approve(reference)
            case "decline":
                await self._payments.decline(reference)
            case "late":
                await self._payments.pay_late(reference)
            case _:
                return await self.show(request)
        await self._payments.send_webhooks(reference)  # what cannot be delivered now is sent again by the sweep
        raise web.HTTPSeeOther(page.return_url)

    async def track(self, request: web.Request) -> web.Response:
        tracking = request.match_info["tracking"]
        scans = await self._carrier.track(tracking)
        if not scans:
            return self._rendered("sandbox_unknown.html", status=404, back="")
        lines = [
            (scan.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"), scan.words, scan.place)
            for scan in reversed(scans)
        ]
        return self._rendered("sandbox_track.html", tracking=tracking, lines=lines, back="")

    def _rendered(self, template: str, *, status: int = 200, **facts: object) -> web.Response:
        html = (
            _templates()
            .get_template(template)
            .render(locale="en", shop=self._shop, say=lambda key: {"chat": "Back to the shop"}[key], **facts)
        )
        return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates" / "pay"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
