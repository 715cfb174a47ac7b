"""The border to understanding: what it is told of the shop (Lexicon) and of the talk (Context), and what it gives back.

`bot.nlu` implements `Understanding`: `parse` is slow-ish, context-free and done outside any lock; its result is stored
with the inbound. `interpret` is fast and pure, and sees the context of the locked conversation.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Literal, Protocol

from pydantic import Field

from base.money import Money
from bot.acts import Act, Heard
from bot.messages import Value

Expects = Literal[
    "yes_no", "choice", "quantity", "variant", "product", "person", "phone", "email", "address", "city", "delivery",
    "point", "payment", "code", "rating", "order", "photo", "text", "budget",
]  # fmt: skip


class Words(Value):
    """A thing with a code and the words for it in each language, the customer's spellings and synonyms included."""

    code: str
    words: dict[str, tuple[str, ...]]  # locale -> words


class VariantWords(Value):
    sku: str
    attributes: dict[str, str]  # {"color": "black", "size": "L"}, in catalogue keys and values


class ProductWords(Value):
    id: str
    names: dict[str, tuple[str, ...]]  # locale -> name first, then synonyms ("mug", "cup")
    variants: tuple[VariantWords, ...]


class PointWords(Value):
    code: str
    city: str
    words: str  # "Ozo 25 Vilnius Ozas"


class Lexicon(Value):
    """The shop's own words. Built anew when `catalogue.version` moves."""

    version: int = 0
    locales: tuple[str, ...] = ("en", "ru", "uk", "es")
    currency: str = "EUR"
    country: str = "LT"  # for phone numbers without a country code
    products: tuple[ProductWords, ...] = ()
    attributes: tuple[Words, ...] = ()  # code "color.black", "size.L": words for each attribute value
    facts: tuple[Words, ...] = ()  # code "burn_time"
    deliveries: tuple[Words, ...] = ()
    payments: tuple[Words, ...] = ()
    cities: tuple[Words, ...] = ()
    points: tuple[PointWords, ...] = ()
    codes: tuple[str, ...] = ()  # promo codes that may be named, also for near misses
    personal_codes: tuple[str, ...] = ()  # read when typed exactly; never suggested


class Offered(Value):
    """One choice of an open question: its title as shown, and the act that choosing it means."""

    title: str
    act: Act
    answer: Literal["yes", "no"] | None = None  # a plain yes or no means this one
    price: Money | None = None


class OpenQuestion(Value):
    id: str
    expects: Expects
    offered: tuple[Offered, ...] = ()


class Shown(Value):
    """One entry of the last shown list. A product id, a SKU, or a ready-made wish of several."""

    product: str | None = None
    sku: str | None = None
    quantity: int | None = None
    price: Money | None = None
    name: str = ""  # as it was shown


class Context(Value):
    """What the talk is about right now."""

    locale: str = "en"
    today: date | None = None  # in the shop; None: days are not resolved
    question: OpenQuestion | None = None
    shown: tuple[Shown, ...] = ()  # last shown list, in order
    product: str | None = None  # last named product ("it")
    sku: str | None = None  # last named variant
    cart: tuple[tuple[str, int], ...] = ()  # (sku, quantity), oldest first
    placed: tuple[tuple[str, int], ...] = ()  # (sku, quantity) of the newest order, paid or to be paid on delivery
    last_line: str | None = None  # SKU of the cart line changed last
    offered: str | None = None  # SKU that the last answer told about, with nothing asked: a yes may mean it
    added: str | None = None  # SKU that the last answer told to be in the cart now: "yes, add it" means no second one
    orders: tuple[str, ...] = ()  # numbers of the customer's open orders
    destination: str | None = None
    house: int | None = None  # of the address that was given in the open checkout
    before: str = ""  # what the customer wrote in the turn before


class Mention(Value):
    """Something a reader found in the text, context-free: `kind` names the Entities field it feeds."""

    kind: str
    value: str
    start: int
    end: int
    score: float = 1.0


class Clause(Value):
    text: str
    start: int
    end: int
    ranking: tuple[tuple[str, float], ...]  # (intent, confidence), best first
    known: bool = True  # it is like something that was learned; False: out of scope
    mentions: tuple[Mention, ...] = ()
    question: bool = False
    missed: bool = False  # told after the turn: in its talk, too, nobody understood it


class Parsed(Value):
    """One message, understood without context. Travels as JSON with the inbound."""

    text: str
    locale: str | None = None
    locale_confidence: float = 0.0
    clauses: tuple[Clause, ...] = ()
    milliseconds: float = Field(default=0.0)


class Understanding(Protocol):
    @property
    def intents(self) -> Collection[str]:
        """Names of all intents it may give."""
        ...

    def learn(self, lexicon: Lexicon) -> None:
        """Take the shop's words of today; cheap enough to be called whenever the catalogue changes."""
        ...

    def parse(self, text: str, *, prior: str | None = None) -> Parsed:
        """Understand one message on its own. Never raises; thread-safe. `prior`: the customer's language so far."""
        ...

    def interpret(self, parsed: Sequence[Parsed], context: Context) -> Heard:
        """Understand a turn (one message or a burst, in order) in its context. Pure, never raises."""
        ...


class Ranker(Protocol):
    """Somebody else's opinion of what a parsed message means; what it contains and its language stay as they are."""

    async def rank(self, parsed: Parsed) -> Parsed:
        """The same message, its clauses with another ranking where there is one. Outside any lock; never raises."""
        ...
