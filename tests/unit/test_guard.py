"""The promise guard against some 340 written texts in four languages, and the readings it must not be cheated by."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from bot.guard import broken
from tests.guard.given import ATTACKS, LOCALES, facts

WRITTEN = [
    pytest.param(locale, one["given"], one.get("drop") or one["pass"], "drop" in one, id=f"{locale}-{number}")
    for locale in LOCALES
    for number, one in enumerate(ATTACKS[locale]["texts"], 1)
]


def test_there_are_two_hundred_attacks_and_fifty_honest_texts() -> None:
    dropped = {locale: sum("drop" in one for one in ATTACKS[locale]["texts"]) for locale in LOCALES}
    passed = {locale: sum("pass" in one for one in ATTACKS[locale]["texts"]) for locale in LOCALES}
    assert sum(dropped.values()) >= 200
    assert min(dropped.values()) >= 50
    assert min(passed.values()) >= 15


@pytest.mark.parametrize(("locale", "given", "text", "drop"), WRITTEN)
def test_a_text_goes_out_only_when_all_it_promises_is_true(
    locale: str, given: list[str], text: str, drop: bool
) -> None:
    assert bool(found := broken(text, facts(locale, given))) is drop, (text, found)


@pytest.mark.parametrize(
    "text",
    [
        "It is XII euros.", "It is Ⅹ euros.", "t\u200ben euros", "t e n euros for you", "十 euros", "1\ufe0f\u20e3 €",
        "The mug is frее.", "€12.00, and I take a euro off.", "There are hundreds left.", "Use the code FRIENDS.",
        "Pay at https://cheap.example/mug instead.", "Write to bob@cheap.example.", "12.00 each, so three are 36.00.",
    ],
)  # fmt: skip
def test_no_way_of_writing_hides_a_promise(text: str) -> None:
    assert broken(text, facts("en", ["white"])), text


def test_tomorrow_is_right_when_it_is() -> None:
    known = facts("en", ["blue"])
    assert broken("The blue mug is back tomorrow.", known)
    assert not broken("The blue mug is back tomorrow.", dataclasses.replace(known, today=date(2026, 12, 4)))
    assert not broken("The blue mug is back on Saturday.", dataclasses.replace(known, today=date(2026, 12, 1)))
    assert broken("The blue mug is back on Saturday.", known)  # that is in four days, and it comes in eleven
