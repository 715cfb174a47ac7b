"""The grammar of conversation scripts, as docs/talk-test.md explains it: what may stand in a file of cases."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    TypeAdapter,
    model_validator,
)

from base.errors import BadInput
from base.money import Money
from shop.yamlfile import Entry

DEFAULT_SHOP = "lumo"
DEFAULT_CLOCK = "2026-11-24T12:00:00+02:00"  # the Tuesday on which Lumo's acceptance cases play

PaymentWord = Literal["settled", "declined", "expired"]
ShipmentWord = Literal[
    "created", "accepted", "in_transit", "out_for_delivery", "ready_for_pickup", "delivered", "failed_attempt",
    "returned", "exception",
]  # fmt: skip


# ---- values --------------------------------------------------------------------------------------


def _word(value: object) -> object:
    """A number or a `true` that stands where words belong is taken as it was written."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def _many(value: object) -> object:
    return value if isinstance(value, list | tuple) else (value,)


def _sum(text: str) -> str:
    try:
        Money.parse(text, "EUR")
    except BadInput:
        raise ValueError(f"{text!r} is not a sum of money; write it like '24.00'.") from None
    return text


def _span(text: str) -> timedelta:
    parts = re.findall(r"(\d+)\s*([smhdw])[a-z]*", text)
    rest = re.sub(r"\d+\s*[smhdw][a-z]*", "", text)
    if not parts or rest.strip(" ,"):
        raise ValueError(f"{text!r} is not a length of time; write it like 31m, 2h or 3d.")
    unit = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
    return sum((timedelta(**{unit[letter]: int(number)}) for number, letter in parts), timedelta())


Word = Annotated[str, BeforeValidator(_word)]
Words = Annotated[tuple[Word, ...], BeforeValidator(_many)]
Sum = Annotated[str, BeforeValidator(_word), AfterValidator(_sum)]
Count = Annotated[int, Field(ge=0)]
Pieces = dict[str, Annotated[int, Field(ge=1)]]
Stock = dict[str, Count]


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of `has` or `not`: plain words, or `/a regular expression/`. Case never matters."""

    written: str

    def stands_in(self, words: str) -> bool:
        if self.pattern is not None:
            return re.search(self.pattern, words, re.IGNORECASE) is not None
        return self.written.casefold() in words.casefold()

    @property
    def pattern(self) -> str | None:
        framed = len(self.written) > 2 and self.written.startswith("/") and self.written.endswith("/")
        return self.written[1:-1] if framed else None


def _facts(entries: tuple[str, ...]) -> tuple[str, ...]:
    for entry in entries:
        if not entry.strip():
            raise ValueError("an empty entry says nothing; name a fact.")
        pattern = Fact(entry).pattern
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"{entry!r} is not a regular expression: {error}.") from None
    return entries


Facts = Annotated[tuple[Word, ...], BeforeValidator(_many), AfterValidator(_facts)]


# ---- given ---------------------------------------------------------------------------------------


class GivenCustomer(Entry):
    """Who writes, and what the shop knows of him. A second one is the person of the `other` lines."""

    name: Word | None = None
    locale: str | None = None
    phone: Word | None = None
    email: str | None = None
    address: Word | None = None
    addresses: dict[str, Word] = {}  # label -> address
    consent: Words = ()


class GivenOrder(Entry):
    """An order placed before the talk. Its goods are already deducted from the stock of the data set."""

    lines: Pieces = Field(min_length=1)
    delivery: str | None = None
    payment: str | None = None
    promo: Words = ()
    placed: AwareDatetime | None = None
    paid: bool = False
    status: Literal["pending"] | ShipmentWord | None = None
    delivered: AwareDatetime | None = None
    address: Word | None = None
    point: str | None = None


class GivenScan(Entry):
    """One tracking event of the newest order's parcel."""

    status: ShipmentWord
    at: AwareDatetime | None = None
    place: Word = ""


def _scans(value: object) -> object:
    """`created` · `[created, accepted]` · `{status: created, at: …}` · a list of those."""
    return [
        {"status": scan} if isinstance(scan, str) else scan for scan in (value if isinstance(value, list) else [value])
    ]


class PriceNote(Entry):
    """`{THR: "42.00", reason: "…", until: …}`: with a reason it is a manager's own price for this customer."""

    prices: dict[str, Sum]
    reason: Word | None = None
    until: AwareDatetime | None = None

    @model_validator(mode="before")
    @classmethod
    def _sort_out(cls, value: object) -> object:
        if not isinstance(value, dict) or "prices" in value:
            return value
        prices = {key: price for key, price in value.items() if key not in ("reason", "until")}
        if not prices:
            raise ValueError("no price is named; write one like THR: '42.00'.")
        return {"prices": prices, **{key: value[key] for key in ("reason", "until") if key in value}}


class Given(Entry):
    """One entry of the set-up."""

    customer: GivenCustomer | None = None
    cart: Pieces | None = None
    order: GivenOrder | None = None
    stock: Stock | None = None
    price: PriceNote | None = None
    promo_uses: dict[str, Count] | None = None
    tracking: Annotated[tuple[GivenScan, ...], BeforeValidator(_scans)] | None = None
    hours: Word | dict[str, Word] | None = None
    approve_over: Sum | None = None
    shown: Words | None = None
    said: Words | None = None

    @model_validator(mode="after")
    def _something(self) -> Given:
        if not self.model_fields_set:
            raise ValueError(f"names nothing. Known: {', '.join(type(self).model_fields)}.")
        return self


# ---- talk ----------------------------------------------------------------------------------------


class Bot(Entry):
    """What must and must not have been said since the line before."""

    has: Facts = ()
    not_: Facts = Field(default=(), alias="not")
    key: Words = ()


class GeoPoint(Entry):
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]


class EditOf(Entry):
    of: int = -1  # -1: the customer's last message
    to: Word


class DeleteOf(Entry):
    of: int = -1


class Story(Entry):
    """An answer to a story that shows a product."""

    shows: str
    user: Word = ""


class Event(Entry):
    """Something that happens outside the talk."""

    payment: PaymentWord | None = None
    shipment: ShipmentWord | None = None
    stock: Stock | None = None
    price: dict[str, Sum] | None = None


class ManagerDoes(Entry):
    """What a manager does at the desk; several things in one line happen in this order."""

    take: Word | None = None
    note: Word | None = None
    price: PriceNote | None = None
    promise: Word | dict[str, Word] | None = None
    say: Word | None = None
    refund: Literal["approve", "refuse"] | None = None
    release: Literal["resume", "drop"] | None = None


Places = Annotated[tuple[GeoPoint, ...], BeforeValidator(_many)]
Anything = Annotated[Words, BeforeValidator(lambda value: "" if value is None else value)]


class Spoken(Entry):
    """What a customer can do in a messenger."""

    user: Words | None = None
    tap: Words | None = None
    photo: Words | None = None
    location: GeoPoint | None = None
    voice: Anything | None = None
    sticker: Anything | None = None
    edit: EditOf | None = None
    delete: DeleteOf | None = None
    story: Story | None = None


SPOKEN = tuple(Spoken.model_fields)


class Other(Spoken):
    """A second customer does something."""

    name: Word

    @model_validator(mode="after")
    def _one_thing(self) -> Other:
        _exactly_one(self, SPOKEN)
        return self


class Line(Spoken):
    """One line of the talk: exactly one of these."""

    bot: Bot | None = None
    wait: Annotated[timedelta, BeforeValidator(lambda value: _span(str(value)))] | None = None
    event: Event | None = None
    manager: ManagerDoes | None = None
    other: Other | None = None
    silence: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Line:
        _exactly_one(self, tuple(type(self).model_fields))
        if isinstance(self.event, Event) and not self.event.model_fields_set:
            raise ValueError(f"event names nothing. Known: {', '.join(Event.model_fields)}.")
        if isinstance(self.manager, ManagerDoes) and not self.manager.model_fields_set:
            raise ValueError(f"manager names nothing. Known: {', '.join(ManagerDoes.model_fields)}.")
        return self

    @property
    def word(self) -> str:
        """Which kind of line this is."""
        return next(name for name in type(self).model_fields if name in self.model_fields_set)


def _exactly_one(entry: Entry, names: Sequence[str]) -> None:
    said = [name for name in names if name in entry.model_fields_set]
    if len(said) != 1:
        what = f"this one says {' and '.join(said)}" if said else "this one says nothing"
        raise ValueError(f"one line is one of {', '.join(names)}; {what}.")


# ---- end, case, file -----------------------------------------------------------------------------


class End(Entry):
    """What must be true at the end; what is not named is not looked at."""

    cart: Pieces | None = None
    orders: Count | None = None
    owner: Word | None = None
    locale: str | None = None
    total: Sum | None = None
    stock: Stock | None = None
    promo: Words | None = None
    consent: Words | None = None
    returns: Count | None = None
    tasks: Count | None = None
    waitlist: Words | None = None  # SKUs that are watched for the customer


class Case(Entry):
    case: Word = Field(min_length=1)
    shop: str = DEFAULT_SHOP
    clock: AwareDatetime = TypeAdapter(datetime).validate_python(DEFAULT_CLOCK)
    channel: str | None = None
    given: tuple[Given, ...] = ()
    talk: tuple[Line, ...] = ()
    end: End = End()

    @model_validator(mode="after")
    def _something(self) -> Case:
        if not self.talk:
            raise ValueError("talk has no lines; write at least one `- user: …`.")
        return self
