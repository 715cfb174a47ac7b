"""How the desk's pages show moments, money, names and pictures: the filters of its templates."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import jinja2
from aiohttp import web
from aiohttp_jinja2 import setup
from babel.core import Locale, UnknownLocaleError
from babel.numbers import format_currency

from app.web.chat import origin_of
from base.clock import Clock
from base.money import Money
from desk.words import alarm_words, channel_words, plain, reason_words, span, task_words

TEMPLATES = Path(__file__).parent / "templates" / "desk"


def add_templates(app: web.Application, *, clock: Clock, zone: str, public_url: str, shop_name: str) -> None:
    """Templates for `app`. Moments are shown in `zone`, the shop's own, so that all managers speak of the same hour."""
    here = ZoneInfo(zone)
    own = origin_of(public_url)

    def hour(at: datetime) -> str:
        return f"{at.astimezone(here):%H:%M}"

    def day(at: datetime) -> str:
        local = at.astimezone(here)
        days = (clock.now().astimezone(here).date() - local.date()).days
        return {0: "Today", 1: "Yesterday"}.get(days) or f"{local:%A} {local.day} {local:%B %Y}"

    def moment(at: datetime) -> str:
        return hour(at) if day(at) == "Today" else f"{day(at)}, {hour(at)}"

    def waited(since: datetime) -> str:
        return span(clock.now() - since)

    def own_picture(url: str | None) -> str:
        """The path of a picture that this shop serves itself; empty for one that lies elsewhere."""
        if not url:
            return ""
        if url.startswith("/") and not url.startswith("//"):
            return url
        return urlsplit(url).path if origin_of(url) == own else ""

    environment = setup(
        app,
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        hour=hour, day=day, moment=moment, waited=waited, money=money, language=language, own_picture=own_picture,
        alarm=alarm_words, channel=channel_words, reason=reason_words, task=task_words, plain=plain,
        span=span,
    )  # fmt: skip
    environment.globals.update(shop_name=shop_name)


def money(amount: Money) -> str:
    """`€45.00`."""
    return format_currency(amount.decimal, amount.currency, locale="en")


def language(tag: str) -> str:
    """`ru` -> `Russian`; the tag itself when nobody knows it."""
    try:
        return Locale.parse(tag, sep="-").get_language_name("en") or tag
    except (UnknownLocaleError, ValueError, TypeError):
        return tag
