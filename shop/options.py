"""What can be chosen at checkout: delivery methods, pick-up points near words, ways to pay with their limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

from base.money import STARS as CURRENCY_OF_STARS
from base.money import Money
from shop.attempts import BY_HAND, BY_TRANSFER, IN_CHAT, STARS
from shop.cart_handlers import open_cart, remember_told
from shop.commands import (
    DeliveriesListed,
    FindPoints,
    ListDeliveries,
    ListPayments,
    PaymentOption,
    PaymentsListed,
    PointsFound,
)
from shop.handlers import ShopContext, handles
from shop.shopfile import PaymentWay, Point, ShopFile
from shop.valuation import tell_cart, tell_deliveries
from shop.views import PointView

ALIKE = 80  # of 100: a spelling of the same place
MOST_NEAR = 5  # points that are listed
EARTH_KM = 6371.0  # mean radius
STEM, ENDING = 4, 2  # letters: Kaun-as, Kaun-e; Вільнюс, Вільнюс-а


@handles(ListDeliveries)
async def list_deliveries(ctx: ShopContext, command: ListDeliveries) -> DeliveriesListed:
    opened = await open_cart(ctx)
    await remember_told(ctx, opened.valued)
    city = city_of(ctx.shop, command.city) or command.city or opened.valued.cart.city
    shown = ctx.shop.cities[city].root.get(ctx.locale, (city,))[0] if city in ctx.shop.cities else city
    return DeliveriesListed(
        options=tell_deliveries(ctx, opened.valued, city), city=shown, cart=tell_cart(ctx, opened.valued)
    )


@handles(FindPoints)
async def find_points(ctx: ShopContext, command: FindPoints) -> PointsFound:
    points = {code: point for code, point in ctx.shop.points.items() if point.delivery == command.delivery}
    on_the_map = any(point.at for point in points.values())
    if command.at and on_the_map:
        return PointsFound(points=_nearest(points, command.at), delivery=command.delivery, on_the_map=True)
    city = city_of(ctx.shop, command.city) or city_of(ctx.shop, command.near)
    there = {code: point for code, point in points.items() if city is None or point.city == city} or points
    alike = {code: _alike(point, command.near or "") for code, point in there.items()}
    near = {code: there[code] for code, words in alike.items() if words and words == max(alike.values())}
    return PointsFound(
        points=tuple(_tell_point(code, point) for code, point in (near or there).items()),
        delivery=command.delivery,
        near=command.near,
        on_the_map=on_the_map,
    )


def _nearest(points: Mapping[str, Point], at: tuple[float, float]) -> tuple[PointView, ...]:
    """Those of which the shop knows where they are, the nearest first."""
    placed = [(_kilometres(at, point.at), code, point) for code, point in points.items() if point.at]
    return tuple(
        _tell_point(code, point).model_copy(update={"km": max(1, round(far))})
        for far, code, point in sorted(placed, key=lambda one: one[:2])[:MOST_NEAR]
    )


def _kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface of the earth, by the haversine formula."""
    (lat, lon), (there, beyond) = ((math.radians(degrees) for degrees in place) for place in (one, other))
    half = math.sin((there - lat) / 2) ** 2 + math.cos(lat) * math.cos(there) * math.sin((beyond - lon) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))


@handles(ListPayments)
async def list_payments(ctx: ShopContext, command: ListPayments) -> PaymentsListed:
    opened = await open_cart(ctx)
    total, digital = opened.valued.total, opened.valued.digital
    return PaymentsListed(
        options=tuple(
            payment_option(ctx, code, total, digital=digital)
            for code, way in ctx.shop.payments.items()
            if _is_here(ctx, way, digital)
        )
    )


def payment_option(ctx: ShopContext, code: str, total: Money, *, digital: bool) -> PaymentOption:
    """A way to pay for that total; a way that this customer does not have is told as not available.

    `digital`: nothing that is bought needs a parcel.
    """
    way = ctx.shop.payments.get(code)
    if way is None:
        return PaymentOption(code=code, name=code, available=False)
    name, at_once = way.name.said_in(ctx.locale), way.provider not in (BY_HAND, BY_TRANSFER)
    if way.stars:
        name = f"{name}: {in_stars(way, total)} ⭐"
    if not _is_here(ctx, way, digital):
        return PaymentOption(code=code, name=name, available=False, at_once=at_once)
    available = way.limit is None or total <= way.limit
    return PaymentOption(code=code, name=name, available=available, limit=way.limit, at_once=at_once)


def in_stars(way: PaymentWay, total: Money) -> Money:
    """What that total comes to in Telegram Stars, rounded up: part of one cannot be paid."""
    return Money(math.ceil(total.decimal * (way.stars or 0)), CURRENCY_OF_STARS)


def _is_here(ctx: ShopContext, way: PaymentWay, digital: bool) -> bool:
    """Whether somebody can collect it: a provider that is set up; a messenger only from who writes there.

    Telegram's rule: what is digital is paid in Stars there, and nothing else is.
    """
    set_up = ctx.providers is None or way.provider in ctx.providers
    if digital and way.provider == BY_HAND:  # nobody comes to the door
        return False
    only_stars = digital and ctx.channel == IN_CHAT[STARS]
    if (way.provider == STARS) != only_stars:
        return False
    return set_up and IN_CHAT.get(way.provider, ctx.channel) == ctx.channel


def city_of(shop: ShopFile, words: str | None) -> str | None:
    """The city of shop.yml that is named in these words, in any of its spellings and most of its endings."""
    if not words:
        return None
    said = _words(words)
    for city, spellings in shop.cities.items():
        for name in (city, *spellings.all):
            if any(_same_place(word, name.casefold()) for word in said):
                return city
    return None


def _alike(point: Point, words: str) -> int:
    """How many of these words belong to the point: "Ozo 25" is nearer to Ozo 25 than to Ozo 14."""
    names = [name for text in (point.address, *point.words) for name in _words(text)]
    return sum(any(_same_place(word, name) for name in names) for word in _words(words))


def _same_place(said: str, name: str) -> bool:
    """The same word, but for its ending or one slip. Short words (house numbers) must be the very same."""
    if len(said) < 3 or len(name) < 3:
        return said == name
    return fuzz.ratio(said, name) >= ALIKE or said.startswith(name[: max(STEM, len(name) - ENDING)])


def _words(text: str) -> Iterable[str]:
    return [word.strip(".,;:!?()") for word in text.casefold().split() if word.strip(".,;:!?()")]


def _tell_point(code: str, point: Point) -> PointView:
    return PointView(code=code, address=f"{point.address}, {point.city}", city=point.city, delivery=point.delivery)
