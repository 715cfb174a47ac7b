"""The printable receipt /receipt/{token}: for whoever has its address, in the language of the order."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from aiohttp import web
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from app.web import receipt_words
from app.web.pay import BACK, HEADERS, TOKEN, templates
from base.db import Database
from bot.texts import Texts
from shop.receipts import Paid, Receipt, read_receipt
from shop.shopfile import ShopFile
from shop.views import PriceLine

# how providers call themselves; money by hand has none beside the way to pay
PROVIDERS = {
    "stripe": "Stripe",
    "paypal": "PayPal",
    "webmoney": "WebMoney",
    "telegram": "Telegram",
    "sandbox": "Sandbox",
}
REASONS = ("first_order", "percent_of_goods", "percent_of")


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    amount: str
    note: str = ""
    strong: bool = False


def add_receipt_routes(app: web.Application, db: Database, shop: ShopFile, texts: Texts) -> None:
    """Serve /receipt/{token}."""
    app.router.add_get("/receipt/{token}", ReceiptPages(db, shop, texts).show)


class ReceiptPages:
    def __init__(self, db: Database, shop: ShopFile, texts: Texts) -> None:
        self._db, self._shop, self._texts = db, shop, texts

    async def show(self, request: web.Request) -> web.Response:
        """The receipt as it is now: refunds stand in it as soon as there are any."""
        token, receipt = request.match_info["token"], None
        if TOKEN.fullmatch(token):
            async with self._db.begin() as tx:
                receipt = await read_receipt(tx, token, self._shop)
        if receipt is None:
            wished = request.headers.get("Accept-Language", "").split(",")[0].split(";")[0].strip()
            locale = self._texts.locale_for(wished or self._shop.language)
            return self._rendered("receipt_unknown.html", locale, 404, back="/#chat")
        locale = self._texts.locale_for(receipt.locale)
        say = functools.partial(receipt_words.say, locale=locale)
        contact = ", ".join(word for word in (self._shop.contact.email, self._shop.contact.phone) if word)
        return self._rendered(
            "receipt.html",
            locale,
            200,
            heading=say("cancelled" if receipt.status == "cancelled" else "receipt" if receipt.paid else "order"),
            receipt=receipt,
            placed=self._at(receipt.placed_at, locale),
            rows=[self._line(line, locale) for line in receipt.lines],
            sums=self._sums(receipt, locale),
            seller=self._shop.seller_told,
            ask=say("ask", contact=contact) if contact else say("ask_chat"),
            back=BACK.get(receipt.channel, ""),
        )

    def _line(self, line: PriceLine, locale: str) -> Row:
        say = functools.partial(receipt_words.say, locale=locale)
        amount = self._texts.money(line.amount, locale)
        discount = " ".join(word for word in (say("discount"), line.code) if word)
        match line.kind:
            case "goods" | "manual":
                several = line.unit is not None and line.quantity > 1
                each = say("unit", amount=self._texts.money(line.unit, locale)) if line.unit and several else ""
                note = line.reason if line.kind == "manual" else ""
                return Row(f"{line.quantity} × {line.name}", amount, "; ".join(word for word in (each, note) if word))
            case "discount":
                why = say(line.reason, percent=str(line.percent or "")) if line.reason in REASONS else ""
                return Row(discount, amount, why)
            case "free_delivery":
                return Row(discount, amount, say("free_delivery"))
            case _:
                return Row(line.name[:1].upper() + line.name[1:] or say("delivery"), amount)

    def _sums(self, receipt: Receipt, locale: str) -> list[Row]:
        """Total, tax, what came, what went back: from top to bottom as one reads it."""
        say = functools.partial(receipt_words.say, locale=locale)
        money = functools.partial(self._texts.money, locale=locale)
        rows = [Row(say("total"), money(receipt.total), strong=True)]
        vat = Row(say("vat", rate=_rate(receipt.rate, locale)), money(receipt.vat)) if receipt.vat is not None else None
        if vat and not receipt.given_back:
            rows.append(vat)
        rows += [Row(self._paid(one, locale), money(one.amount)) for one in receipt.paid]
        if not receipt.paid and receipt.total and receipt.status != "cancelled":
            rows.append(Row(say("unpaid", method=receipt.method), ""))
        for back in receipt.given_back:
            waits = say("back_waits" if back.waits else "back_soon")
            title = say("back", at=self._at(back.at, locale)) if back.at else waits
            rows.append(Row(title, money(-back.amount)))
        if receipt.given_back:
            rows += [Row(say("kept"), money(receipt.kept), strong=True), *([vat] if vat else [])]
        return rows

    def _paid(self, paid: Paid, locale: str) -> str:
        facts, provider = {"method": paid.method, "at": self._at(paid.at, locale)}, PROVIDERS.get(paid.provider, "")
        if not provider or provider.casefold() == paid.method.casefold():
            return receipt_words.say("paid", locale, **facts)
        return receipt_words.say("paid_at", locale, provider=provider, **facts)

    def _at(self, at: datetime, locale: str) -> str:
        """A date and a time on the shop's clock."""
        local = self._shop.local(at)
        return f"{format_date(local, 'long', locale=locale)}, {format_time(local, 'short', locale=locale)}"

    def _rendered(self, template: str, locale: str, status: int, **facts: object) -> web.Response:
        say = functools.partial(receipt_words.say, locale=locale)
        html = templates().get_template(template).render(locale=locale, shop=self._shop.name, say=say, **facts)
        return web.Response(text=html, content_type="text/html", status=status, headers=HEADERS)


def _rate(rate: Decimal | None, locale: str) -> str:
    return str(format_decimal(rate or 0, locale=locale))
