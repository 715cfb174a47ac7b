"""Compares what a text promises with the facts of the turn. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from bot.guard.facts import DELIVERY, Fact, Facts, speaks_of_delivery
from bot.guard.reading import Claim, claims, plain
from bot.guard.words import TOTAL_WORDS
from bot.nlu.text import stem

_CODE = re.compile(r"(?<!\w)[A-Z][A-Z0-9]{4,}(?!\w)")
_END = re.compile(r"[.!?;]+(?=\s|$)|\n")


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that is no fact: the words, and why."""

    words: str
    why: str


def broken(text: str, facts: Facts) -> tuple[Broken, ...]:
    """Every promise of `text` that the engine did not give. Empty: it may go out."""
    read = plain(text, facts.literal)
    found = claims(read)
    subjects = facts.subjects
    told = [Broken(code, "no code of this turn") for code in _strange_codes(text, facts)]
    last: frozenset[str] = frozenset()
    for start, end in _sentences(read):
        here = [one for one in found if start <= one.start < end]
        own = [one for one in here if one.unit != "all"]
        told += _too_wide(read, here, facts) if own else []
        first = own[0].start if own else end
        leads = bool(_named(read[start:first], subjects))
        for i, one in enumerate(own):
            left = read[own[i - 1].end if i else start : one.start]
            right = read[one.end : own[i + 1].start if i + 1 < len(own) else end]
            window = left if leads else right if _named(right, subjects) else left
            own_names = _named(window, subjects)
            named = own_names or (last if one.kind != "day" else frozenset())
            if not any(_same(one, fact, facts.today) for fact in facts.facts):
                told.append(Broken(read[one.start : one.end], f"{one.kind} is no fact of this turn"))
            elif not any(
                _same(one, f, facts.today) and _fits(f, own_names, named, read[start:end]) for f in facts.facts
            ):
                told.append(Broken(read[one.start : one.end], f"said of {', '.join(sorted(named))}"))
            last = named or last
        last = _named(read[start:end], subjects) or last
    return tuple(told)


def left_out(said: str, words: str, literal: tuple[str, ...]) -> list[str]:
    """What the shop said and other words for it do not: prices, dates, times, and that a thing is sold out."""
    told = {(one.kind, one.value) for one in claims(plain(words, literal))}
    return [
        str(one.value)
        for one in claims(plain(said, literal))
        if (one.kind in ("money", "date", "clock", "percent") or one.unit == "sold_out")
        and (one.kind, one.value) not in told
    ]


def _strange_codes(text: str, facts: Facts) -> list[str]:
    """Words that look like promo codes and were not given."""
    known = " ".join([*facts.literal, *(name for names in facts.goods for name in names)]).upper()
    return [code for code in _CODE.findall(unicodedata.normalize("NFKC", text)) if code not in known]


def _too_wide(read: str, here: list[Claim], facts: Facts) -> list[Broken]:
    """Words that say a figure of more things than it was given for ("both", "every colour"), if the shop did not."""
    if any(fact.unit == "all" for fact in facts.facts):
        return []
    return [
        Broken(read[one.start : one.end], "said of more than it was given for") for one in here if one.unit == "all"
    ]


def _sentences(read: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _END.finditer(read)), len(read)]
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _named(window: str, subjects: frozenset[str]) -> frozenset[str]:
    """Which things a piece of text names."""
    words = {stem(word) for word in re.findall(r"[^\W\d_]+", window)} & subjects
    sizes = {f"size {m}" for m in re.findall(r"(?<![\w'])(?:xs|s|m|l|xl|xxl)(?![\w'])", window)} & subjects
    delivery = {DELIVERY} & subjects if speaks_of_delivery(window) else set()
    return frozenset(words | sizes | delivery)


def _fits(fact: Fact, own: frozenset[str], named: frozenset[str], sentence: str) -> bool:
    """Whether a fact may be said of what is named. `own`: named beside the figure itself, not carried over to it."""
    if fact.about == {DELIVERY} and not own:  # of the parcel, whatever was spoken of before
        return True
    if fact.about:
        return named <= fact.about
    return not own or fact.kind not in ("money", "number") or TOTAL_WORDS.search(sentence) is not None


def _same(claim: Claim, fact: Fact, today: date | None) -> bool:
    """Whether a fact says what a claim says."""
    if claim.kind == "odd":  # of a policy: "write to hello@lumo.example"
        return fact.kind == "odd" and fact.value == claim.value
    if claim.kind == "claim":
        return (fact.kind == "claim" and fact.unit == claim.unit) or _follows(claim.unit, fact)
    if claim.kind == "day":
        return (fact.kind == "day" and fact.unit == claim.unit) or _is_day(claim.unit, fact, today)
    if claim.kind == "date":
        if str(claim.value).startswith("?"):
            return fact.kind == "date" and str(fact.value).split("-")[1] == str(claim.value).split("-")[1]
        return fact.kind == "date" and fact.value == claim.value
    if claim.kind == "clock":
        return fact.kind == "clock" and fact.value == claim.value
    if not isinstance(fact.value, Decimal) or not isinstance(claim.value, Decimal) or fact.value != claim.value:
        return claim.kind == fact.kind == "span" and _length(claim) == _length(fact) is not None
    if claim.kind == "money":
        return fact.kind == "money" and claim.unit in ("", fact.unit)
    if claim.kind == "span":
        return fact.kind == "span" and claim.unit == fact.unit
    if claim.kind == "measure":
        return fact.kind == "measure" and claim.unit == fact.unit
    if claim.kind == "number":  # a bare one may be a price or a day, but no length and no weight
        return (fact.kind == "number" and fact.unit == claim.unit) if claim.unit else fact.kind != "measure"
    return fact.kind == claim.kind


def _follows(claim: str, fact: Fact) -> bool:
    """Claims that figures prove: a price of nothing is free, what is counted is in stock."""
    if claim == "free":
        return fact.kind == "money" and fact.value == 0
    if claim == "half":
        return fact.kind == "percent" and fact.value == 50
    if claim == "discount":
        return fact.kind == "percent"
    if claim == "stock":
        return fact.kind == "number" and fact.unit == "pieces" and fact.value != 0
    if claim == "last":
        return fact.kind == "number" and fact.unit == "pieces" and fact.value == 1
    return False


def _is_day(unit: str, fact: Fact, today: date | None) -> bool:
    if fact.kind != "date" or today is None or not fact.unit:
        return False
    day = date.fromisoformat(fact.unit)
    if unit.startswith("+"):
        return day == today + timedelta(days=int(unit))
    return unit == f"weekday {day.weekday()}" and today <= day <= today + timedelta(days=7)


def _length(span: Claim | Fact) -> Decimal | None:
    """In minutes where it can be told exactly; a day of a carrier is no 24 hours."""
    assert isinstance(span.value, Decimal)
    per = {"minute": 1, "hour": 60}.get(span.unit)
    days = {"day": 1, "week": 7}.get(span.unit)
    return span.value * per if per else -span.value * days if days else None
