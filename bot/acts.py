"""What was understood: an utterance as acts with entities. The border between understanding and the dialog engine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from base.money import Money
from bot.messages import Value

Mood = Literal["calm", "unsure", "annoyed", "angry"]

NOT_UNDERSTOOD = frozenset(["unknown", "out_of_scope"])  # intents


class Wish(Value):
    """One product somebody spoke of. `candidates` are the variants (SKUs) it may mean, best first, sold out or not."""

    product: str | None = None  # product id, when the product is clear
    candidates: tuple[str, ...] = ()
    quantity: int | None = None
    each: bool = False  # "a box for each": one per piece of the wish before it
    exact: bool = False  # the variant was named (or is the only one): candidates has one entry
    words: str = ""  # the customer's own words for it


def meant_by_it(wishes: Sequence[Wish]) -> Wish:
    """What "it" is where these are shown: the only one, or the product whose variants they all are; else nothing."""
    if len(wishes) == 1:
        return wishes[0]
    products = {wish.product for wish in wishes}
    return Wish(product=products.pop()) if len(products) == 1 else Wish()


class Entities(Value):
    """Everything a clause said, by kind. Absent means: not said."""

    wishes: tuple[Wish, ...] = ()
    quantity: int | None = None  # a bare number of pieces: "two of them"
    change: Literal["set", "more", "less"] = "set"  # "one more" -> more
    ordinal: int | None = None  # 1-based place in the last shown list; -1 is the last one
    pronoun: Literal["it", "them"] | None = None
    attributes: dict[str, str] = Field(default_factory=dict)  # {"color": "black", "size": "L"} in catalogue keys/values
    budget: Money | None = None  # upper limit of a price range
    at_least: Money | None = None
    amount: Money | None = None  # a sum that is quoted: "why 25.10?", "promised me 30 euro"
    percent: int | None = None
    fact: str | None = None  # catalogue key of the property asked for: "burn_time"
    fact_words: str = ""  # the customer's words for it, also when no key is known
    codes: tuple[str, ...] = ()  # promo codes as typed, upper case, near misses included
    order_number: str | None = None
    phone: str | None = None  # E.164
    email: str | None = None
    person: str | None = None
    address: str | None = None
    inside: str | None = None  # where in the house: "entrance 2, flat 8"
    city: str | None = None
    near: str | None = None  # "near Ozas": where a pick-up point is wanted
    at: tuple[float, float] | None = None  # where he is: latitude and longitude in degrees
    point: str | None = None  # code of a pick-up point
    delivery: str | None = None  # code of a delivery method of this shop
    elsewhere: bool = False  # asks about a place that the shop's list does not have
    to: Literal["door", "point"] | None = None  # "a courier", "pick-up": the kind of delivery, no method named
    payment: str | None = None  # code of a payment method of this shop
    recipient_kind: str | None = None  # sister, boss, child…
    occasion: str | None = None
    detail: Literal["recipient", "phone", "delivery", "address", "point", "payment"] | None = None  # what to change
    saved: str | None = None  # "my office", "home": a saved address is meant
    locale: str | None = None  # a language asked for
    rating: int | None = None  # 1-5
    when: date | None = None  # a day that is spoken of
    part: Literal["morning", "day", "evening"] | None = None  # of that day
    placed: bool = False  # of an order that was paid already, not of the cart


NOTHING_SAID = Entities()


def _nothing_said() -> Entities:
    return NOTHING_SAID  # frozen and shared: a default instance would be copied deeply for every act


class Act(Value):
    """One thing the customer did with words (or a button)."""

    intent: str
    entities: Entities = Field(default_factory=_nothing_said)
    text: str = ""  # the clause it came from
    confidence: float = 1.0
    clear: bool = True  # may have side effects; unclear acts are asked about first
    question: bool = False  # asks something: never a slot value
    near: tuple[str, ...] = ()  # it may as well be the second of these intents: worth asking back


class Heard(Value):
    """One turn of the customer: all acts of the burst, in his order."""

    kind: Literal["heard"] = "heard"
    acts: tuple[Act, ...]
    text: str = ""
    locale: str | None = None  # language of this utterance, None when too short to tell
    mood: Mood = "calm"
    repeated: bool = False  # complains of having said it already
