"""Our own lasting payment link: GET shows, POST goes to the provider's page (link previews only GET)."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import jinja2
from aiohttp import web

from app.order_news import OrderNews
from app.renewing import Renewal
from app.web import pay_words
from base.clock import Clock
from base.db import Database, Row, Tx
from base.errors import OutcomeUnknown, TryLater
from base.money import Money
from bot.state import Moment
from bot.texts import Texts
from bot.world import tell_customer
from shop.attempts import IN_CHAT
from shop.payment_port import PaymentProvider
from shop.payments import BY_HAND, GoByForm, GoToPage, PayLink, came_back, open_payment_page, read_pay_link
from shop.shopfile import ShopFile

HERE = Path(__file__).parent
POLICY = "; ".join(
    ("default-src 'none'", "style-src 'self'", "img-src 'self'", "base-uri 'none'", "frame-ancestors 'none'")
)  # no form-action: browsers apply it to the redirect to the provider's page as well
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address is the key to this page
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")
APPROVED = "approved"  # a mark on the address to which a provider sends a customer who has agreed
BACK = {"webchat": "/#chat"}  # where the chat of a channel is; elsewhere the customer knows the way

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PayLine:
    title: str
    amount: str


def add_pay_routes(
    app: web.Application,
    db: Database,
    providers: Mapping[str, PaymentProvider],
    shop: ShopFile,
    texts: Texts,
    *,
    clock: Clock,
    public_url: str,
    news: OrderNews | None = None,
    renewal: Renewal | None = None,
) -> None:
    """Serve /pay/{token}. `news`: makes the link to news of a paid order in another messenger."""
    pages = PayPages(db, providers, shop, texts, clock, public_url.rstrip("/"), news, renewal)
    app.router.add_get("/pay/{token}", pages.show)
    app.router.add_post("/pay/{token}", pages.pay)
    app.router.add_static("/static/pay/", HERE / "static" / "pay")


class PayPages:
    def __init__(
        self,
        db: Database,
        providers: Mapping[str, PaymentProvider],
        shop: ShopFile,
        texts: Texts,
        clock: Clock,
        public_url: str,
        news: OrderNews | None = None,
        renewal: Renewal | None = None,
    ) -> None:
        self._news, self._renewal = news, renewal
        self._db, self._providers, self._shop, self._texts = db, providers, shop, texts
        self._clock, self._public_url = clock, public_url

    async def show(self, request: web.Request) -> web.Response:
        """What is to be paid. Calls a provider only for a customer who comes back from its page: previews do not."""
        token = request.match_info["token"]
        if APPROVED in request.query and TOKEN.fullmatch(token):
            await came_back(self._db, self._providers, token, self._shop, tell_customer, self._clock.now())
            raise web.HTTPSeeOther(request.path)  # shown again, or loaded again, it asks nobody
        return await self._page(request, token)

    async def pay(self, request: web.Request) -> web.StreamResponse:
        """On to the provider's page, made now and once."""
        token = request.match_info["token"]
        if not TOKEN.fullmatch(token):
            return await self._page(request, token)
        try:
            opened = await open_payment_page(
                self._db, self._providers, token, self._clock.now(), public_url=self._public_url
            )
        except (OutcomeUnknown, TryLater) as error:
            log.info("a payment page could not be made: %s", error.what)  # the adapter tells of the outage, once
            return await self._page(request, token, later=True)
        if isinstance(opened, GoToPage):
            raise web.HTTPSeeOther(opened.url)
        if isinstance(opened, GoByForm):
            return await self._form(token, opened)
        if self._renewal and opened and _told(opened) == "expired" and (fresh := await self._renewal.link(token)):
            raise web.HTTPSeeOther(urlsplit(fresh).path)
        return await self._page(request, token, tried=True)

    async def _form(self, token: str, form: GoByForm) -> web.Response:
        """A page that posts itself, with a button for browsers without scripts."""
        async with self._db.begin() as tx:
            link = await read_pay_link(tx, token, self._clock.now())
        locale = self._texts.locale_for(link.locale if link else self._shop.language)
        number = link.number if link else ""
        rendered = self._rendered("form.html", locale, 200, form=form, number=number, back="")
        rendered.headers["Content-Security-Policy"] = f"{POLICY}; script-src 'self'"
        return rendered

    async def _page(
        self, request: web.Request, token: str, *, later: bool = False, tried: bool = False
    ) -> web.Response:
        async with self._db.begin() as tx:
            link = await read_pay_link(tx, token, self._clock.now()) if TOKEN.fullmatch(token) else None
            order = await _order(tx, link.number) if link else None
        if link is None or order is None:
            locale = self._locale_of(request)
            return self._rendered("told.html", locale, 404, key="unknown", number="", back="/#chat")
        locale = self._texts.locale_for(link.locale)
        back = BACK.get(order["channel"], "")
        if later:
            return self._rendered("told.html", locale, 503, key="later", number=link.number, back=back, again="again")
        key = _told(link)
        if key != "open":
            news = await self._news.link(link.number) if self._news and key in ("paid", "cash") else ""
            again = {"again": "renew"} if key == "expired" and self._renewal and not tried else {}
            return self._rendered("told.html", locale, 200, key=key, number=link.number, back=back, news=news, **again)
        return self._rendered(
            "open.html",
            locale,
            200,
            number=link.number,
            lines=self._lines(order, locale),
            total=self._texts.money(link.amount, locale),
            until=self._texts.moment(Moment(at=link.until), locale) if link.until else "",
            state=link.state,
            back=back,
        )

    def _lines(self, order: Row, locale: str) -> list[PayLine]:
        currency = order["currency"]

        def amount(minor: int) -> str:
            return self._texts.money(Money(minor, currency), locale)

        lines = [PayLine(f"{one['quantity']} × {one['name']}", amount(one["total"])) for one in order["lines"] or ()]
        if order["discount_minor"]:
            title = ", ".join([pay_words.say("discount", locale), *(order["codes"] or ())])
            lines.append(PayLine(title, amount(order["discount_minor"])))
        method = self._shop.deliveries.get(order["delivery"])
        name = method.name.said_in(locale) if method else pay_words.say("delivery", locale)
        return [*lines, PayLine(name[:1].upper() + name[1:], amount(order["delivery_minor"]))]

    def _locale_of(self, request: web.Request) -> str:
        """The visitor's language, as far as the browser tells."""
        wished = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
        return self._texts.locale_for(wished or self._shop.language)

    def _rendered(self, template: str, locale: str, status: int, **facts: object) -> web.Response:
        html = (
            templates()
            .get_template(template)
            .render(locale=locale, shop=self._shop.name, say=functools.partial(pay_words.say, locale=locale), **facts)
        )
        return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)


def _told(link: PayLink) -> str:
    """Which page a link has: `open`, or the reason why there is nothing to pay."""
    if link.open and link.provider == BY_HAND:
        return "cash"
    if link.open and link.provider in IN_CHAT:
        return "in_chat"
    if link.open:
        return "open"
    if link.state == "refunded":
        return "refunded"
    if link.counts or link.order_status in ("paid", "shipped", "delivered"):
        return "paid"
    if link.state == "settled":  # too late, or another sum: it goes back, or a person decides
        return "looked_at"
    if link.order_status == "confirmed":
        return "cash"
    return "voided" if link.state == "voided" else "expired"


async def _order(tx: Tx, number: str) -> Row | None:
    return await tx.row(
        """SELECT o.channel, o.currency, o.delivery, o.delivery_minor, o.discount_minor,
             (SELECT jsonb_agg(DISTINCT line ->> 'code') FROM jsonb_array_elements(o.breakdown -> 'lines') line
              WHERE line ->> 'kind' = 'discount' AND line ->> 'code' IS NOT NULL) AS codes,
             (SELECT jsonb_agg(jsonb_build_object('quantity', l.quantity, 'name', l.name, 'total', l.total_minor)
                               ORDER BY l.position) FROM order_line l WHERE l."order" = o.id) AS lines
           FROM shop_order o WHERE o.number = %s""",
        number,
    )


@functools.cache
def templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates" / "pay"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
