"""What the owner decides about the shop in shop.yml: hours, delivery, payment, returns, promotions, words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.numbers import is_currency
from pydantic import Field, field_validator, model_validator

from base.errors import BadInput
from base.money import Money
from shop.words import ANY, Amount, Clock, Days, Span, Text, WordLists
from shop.yamlfile import Entry, Place, YamlFile, did_you_mean

Mistakes = list[tuple[Place, str]]


class Contact(Entry):
    email: str = ""
    phone: str = ""
    address: str = ""


class Seller(Entry):
    """Who sells, as receipts name it; what is left out is taken from the shop's name and contact."""

    name: str = ""
    address: str = ""
    registration: str = ""
    vat_number: str = ""


class Hours(Entry):
    """When managers are there. A day that is named goes before `every_day`; `closed` is a day off."""

    every_day: Span | None = None
    mon: Span | Literal["closed"] | None = None
    tue: Span | Literal["closed"] | None = None
    wed: Span | Literal["closed"] | None = None
    thu: Span | Literal["closed"] | None = None
    fri: Span | Literal["closed"] | None = None
    sat: Span | Literal["closed"] | None = None
    sun: Span | Literal["closed"] | None = None

    def on(self, day: date) -> Span | None:
        """The hours of that day; None: nobody is there."""
        return self.spans[day.weekday()]

    @property
    def spans(self) -> tuple[Span | None, ...]:
        """The hours from Monday to Sunday."""
        by_day = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return tuple(None if span == "closed" else span or self.every_day for span in by_day)


class Delivery(Entry):
    carrier: str = ""  # needed but for `digital`
    digital: bool = False  # no parcel: what has the tag `digital` is sent to the customer in the chat
    name: Text
    price: Amount
    days: Days  # calendar days after payment
    same_day_until: Clock | None = None  # paid before: the same day
    cities: tuple[str, ...] = ()  # only there; empty: everywhere
    to_point: bool = False
    words: WordLists = WordLists({})

    def goes_to(self, city: str | None) -> bool:
        """Whether it delivers there; an unknown city is given the benefit of the doubt."""
        return not self.cities or city is None or city.casefold() in {name.casefold() for name in self.cities}

    def promised(self, paid: datetime) -> tuple[date, date]:
        """First and last promised day, in calendar days after payment. `paid` is shop time."""
        least, most = self.days.least, self.days.most
        if self.same_day_until is not None:
            least = most = least if paid.time() < self.same_day_until else most
        return paid.date() + timedelta(days=least), paid.date() + timedelta(days=most)


class Point(Entry):
    delivery: str
    address: str
    city: str
    at: tuple[Annotated[float, Field(ge=-90, le=90)], Annotated[float, Field(ge=-180, le=180)]] | None = None
    words: tuple[str, ...] = ()


class PaymentWay(Entry):
    provider: str
    name: Text
    limit: Amount | None = None  # only up to this order total, delivery counted
    account: Text | None = None  # provider transfer: where customers send the money
    stars: int | None = Field(default=None, ge=1, le=10_000)  # provider stars: so many for 1.00 of the shop's currency
    hold_hours: int = Field(default=72, ge=1, le=24 * 14)  # provider transfer: how long the goods wait for it
    words: WordLists = WordLists({})


class Returns(Entry):
    days: int = Field(default=14, ge=0)  # change of mind, from delivery
    claim_days: int = Field(default=7, ge=0)  # damaged or wrong item, from delivery
    only_defective: tuple[str, ...] = ()  # products that come back opened only if defective


class Refunds(Entry):
    approve_over: Amount | None = None  # more of one order, asked back by people, waits for a manager; none: no limit


class Gives(Entry):
    """What a promotion does. Exactly one of percent, amount, free_delivery, bundle_price, free_quantity."""

    percent: int | None = Field(default=None, ge=1, le=100)
    amount: Amount | None = None
    free_delivery: bool = False
    bundle_price: Amount | None = None  # the needed quantity of `products` together costs this
    free_quantity: int | None = Field(default=None, ge=1)  # buy the needed quantity, so many of them are free
    products: tuple[str, ...] = ()  # only these; empty: all goods

    @model_validator(mode="after")
    def _exactly_one(self) -> Gives:
        given = [self.percent, self.amount, self.free_delivery or None, self.bundle_price, self.free_quantity]
        if sum(value is not None for value in given) != 1:
            raise ValueError("needs exactly one of percent, amount, free_delivery, bundle_price, free_quantity.")
        return self


class Needs(Entry):
    """What must hold for a promotion to count."""

    goods: Amount | None = None  # goods before any discount
    products: tuple[str, ...] = ()  # which products `quantity` counts; empty: any
    quantity: int | None = Field(default=None, ge=1)
    first_order: bool = False
    segment: str | None = None
    channel: str | None = None
    source: str | None = None


class Promotion(Entry):
    text: Text
    public: bool | Literal["in_hours"] = False  # may be named unasked; in_hours: only while it counts
    gives: Gives
    needs: Needs = Needs()
    never_with: Literal["percent", "any"] | None = None
    first_day: date | None = None
    last_day: date | None = None
    hours: Span | None = None
    uses: int | None = Field(default=None, ge=1)  # in all
    per_customer: int | None = Field(default=None, ge=1)
    personal: str | None = None  # the customer it was issued to; never mentioned to anybody else


class Suggested(Entry):
    """A ready wish that the owner recommends."""

    lines: dict[str, int]  # SKU -> pieces
    reason: Text
    fits: tuple[str, ...] = Field(default=("gift",), alias="for")  # gift, sister, birthday…


class AttributeWords(Entry):
    name: Text
    values: dict[str, WordLists]


class ShopFile(Entry):
    """shop.yml, checked."""

    name: str = Field(min_length=1)
    currency: str
    zone: str
    city: str
    country: str = Field(pattern="^[A-Z]{2}$")
    order_prefix: str = Field(pattern="^[A-Z0-9]{1,6}$")
    languages: tuple[str, ...] = Field(min_length=1)
    tagline: Text = Text({ANY: ""})
    contact: Contact = Contact()
    seller: Seller = Seller()
    vat: Decimal | None = Field(default=None, gt=0, lt=100, max_digits=5)  # per cent within all prices; none: no tax
    hours: Hours
    quiet_hours: Span = Span(open=time(21), close=time(9))
    reservation_minutes: int = Field(default=30, ge=1, le=1440)
    figures: dict[str, int | str] = {}
    deliveries: dict[str, Delivery] = Field(min_length=1)
    points: dict[str, Point] = {}
    cities: dict[str, WordLists] = {}
    payments: dict[str, PaymentWay] = Field(min_length=1)
    returns: Returns = Returns()
    refunds: Refunds = Refunds()
    promotions: dict[str, Promotion] = {}
    suggestions: tuple[Suggested, ...] = ()
    synonyms: tuple[WordLists, ...] = ()
    attributes: dict[str, AttributeWords] = {}
    forms: dict[str, dict[str, Text]] = {}  # product -> "color.black" -> the form that agrees with its name
    facts: dict[str, WordLists] = {}
    posts: dict[str, str] = {}  # id of a post or story, or a part of its address -> the SKU or product it shows

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{value!r} is no time zone. Write it like Europe/Vilnius.") from None
        return value

    @field_validator("currency")
    @classmethod
    def _currency_exists(cls, value: str) -> str:
        try:
            Money.parse(0, value)
        except BadInput as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("languages")
    @classmethod
    def _languages_exist(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for tag in value:
            if tag not in Locale("en").languages:
                raise ValueError(f"{tag!r} is no language code. Use codes such as en, ru, uk, es.")
        return value

    @property
    def tzinfo(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def language(self) -> str:
        """The language spoken when a customer's own is not known."""
        return self.languages[0]

    @property
    def seller_told(self) -> Seller:
        """The seller, completed from the shop's name and contact."""
        given = self.seller
        return given.model_copy(
            update={"name": given.name or self.name, "address": given.address or self.contact.address}
        )

    @property
    def sends_in_chat(self) -> bool:
        """Whether there is a way for what is digital; else everything goes into a parcel."""
        return any(method.digital for method in self.deliveries.values())

    def local(self, moment: datetime) -> datetime:
        """`moment` on the shop's own clock."""
        return moment.astimezone(self.tzinfo)

    def managers_on_duty(self, moment: datetime) -> bool:
        at = self.local(moment)
        span = self.hours.on(at.date())
        return span is not None and span.contains(at.time())

    def money(self, text: str | int) -> Money:
        return Money.parse(text, self.currency)


def load_shop(path: Path) -> ShopFile:
    """Read shop.yml. Raises ShopkeeperError with one line per mistake: file, line, key, and what to do."""
    file = YamlFile(path)
    currency = file.value.get("currency", "EUR") if isinstance(file.value, dict) else "EUR"
    known = isinstance(currency, str) and is_currency(currency)
    shop = file.read(ShopFile, context={"currency": currency if known else "EUR"})
    wrong = [*_strange_references(shop), *_strange_languages(file.value, shop.languages)]
    if wrong:
        raise file.mistakes(wrong)
    return shop


def _strange_references(shop: ShopFile) -> Mistakes:
    wrong: Mistakes = []
    for code, point in shop.points.items():
        if point.delivery not in shop.deliveries:
            told = f"{point.delivery!r} is no delivery of this shop. {did_you_mean(point.delivery, shop.deliveries)}"
            wrong.append((("points", code, "delivery"), told))
    for code, delivery in shop.deliveries.items():
        has_points = any(point.delivery == code for point in shop.points.values())
        if not delivery.carrier and not delivery.digital:
            wrong.append((("deliveries", code, "carrier"), "is missing. Write who brings it, or digital: true."))
        if delivery.to_point and not has_points and delivery.carrier == "sandbox":
            wrong.append((("deliveries", code, "to_point"), "has no pick-up point. Add one below `points`."))
    for code, way in shop.payments.items():
        if way.provider == "transfer" and way.account is None:
            wrong.append((("payments", code, "account"), "is missing. Write the IBAN and whose account it is."))
        if way.provider == "stars" and way.stars is None:
            wrong.append((("payments", code, "stars"), f"is missing. Write how many Stars 1.00 {shop.currency} is."))
    for code in shop.promotions:
        if code != code.upper() or not code.isalnum():
            wrong.append((("promotions", code), "a code is capital letters and digits. Write it like WELCOME10."))
    return wrong


def _strange_languages(value: object, languages: tuple[str, ...]) -> Mistakes:
    """Texts in a language that the shop does not speak are most often a slip of the pen (`ua` for `uk`)."""
    wrong: Mistakes = []

    def look(node: object, place: Place) -> None:
        if isinstance(node, Mapping):
            keys = [str(key) for key in node]
            if any(key in languages for key in keys) and place:
                wrong.extend(
                    ((*place, key), f"{key!r} is not among `languages`. {did_you_mean(key, languages)}")
                    for key in keys
                    if key not in languages and len(key) == 2
                )
            for key, below in node.items():
                look(below, (*place, key))
        elif isinstance(node, list):
            for index, below in enumerate(node):
                look(below, (*place, index))

    look(value, ())
    return wrong
