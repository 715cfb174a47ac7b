"""Days in the words of four languages; figures that are none are left to those they belong to."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.dates import read, resolve
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.text import fold
from bot.understanding import Context
from tests.unit.test_nlu_cases import lumo

__all__ = ["lumo"]  # a fixture

TUESDAY = date(2026, 11, 24)


def days(text: str, today: date = TUESDAY) -> list[tuple[str, str]]:
    """(words, day) of each day that is named."""
    found = read(text, fold(text))
    return [
        (text[m.start : m.end], " ".join(str(each) for each in resolve(m.value, today) if each is not None))
        for m in found
    ]


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("can you deliver by Friday?", "by Friday", "2026-11-27"),
        ("I ordered last Tuesday", "last Tuesday", "2026-11-17"),
        ("I need it before 24 December", "before 24 December", "2026-12-23"),
        ("remind me tomorrow", "tomorrow", "2026-11-25"),
        ("a mug by 24.12 please", "by 24.12", "2026-12-24"),
        ("will it come before Christmas?", "before Christmas", "2026-12-24"),
        ("by the weekend", "by the weekend", "2026-11-28"),
        ("on Dec 24th", "on Dec 24th", "2026-12-24"),
        ("by the fifth of december", "by the fifth of december", "2026-12-05"),
        ("2 mugs on 24 december 2027", "on 24 december 2027", "2027-12-24"),
        ("next Monday", "next Monday", "2026-11-30"),
        ("next Friday", "next Friday", "2026-12-04"),
        ("in a week", "in a week", "2026-12-01"),
        ("by the end of the month", "by the end of the month", "2026-11-30"),
        ("by the 5th", "by the 5th", "2026-12-05"),
        ("can it be here tonight?", "tonight", "2026-11-24 evening"),
        ("через два дня", "через два дня", "2026-11-26"),
        ("приедет в пятницу?", "в пятницу", "2026-11-27"),
        ("завтра утром", "завтра утром", "2026-11-25 morning"),
        ("нужно к 24 декабря", "к 24 декабря", "2026-12-24"),
        ("двадцать четвёртого декабря", "двадцать четвёртого декабря", "2026-12-24"),
        ("до нового года", "до нового года", "2026-12-31"),
        ("успеете до 15-го?", "до 15-го", "2026-12-15"),
        ("заказал три дня назад", "три дня назад", "2026-11-21"),
        ("післязавтра", "післязавтра", "2026-11-26"),
        ("до п'ятниці", "до п'ятниці", "2026-11-27"),
        ("завтра ввечері", "завтра ввечері", "2026-11-25 evening"),
        ("минулого вівторка", "минулого вівторка", "2026-11-17"),
        ("на наступному тижні", "на наступному тижні", "2026-12-06"),
        ("до Різдва", "до Різдва", "2026-12-24"),
        ("pasado mañana", "pasado mañana", "2026-11-26"),
        ("llega el viernes?", "el viernes", "2026-11-27"),
        ("dentro de tres días", "dentro de tres días", "2026-11-27"),
        ("antes del 24 de diciembre", "antes del 24 de diciembre", "2026-12-23"),
        ("para el 24/12", "para el 24/12", "2026-12-24"),
        ("mañana por la mañana", "mañana por la mañana", "2026-11-25 morning"),
        ("el lunes que viene", "el lunes que viene", "2026-11-30"),
        ("hace dos días", "hace dos días", "2026-11-22"),
    ],
)  # fmt: skip
def test_a_day_is_read_with_its_words(text: str, words: str, day: str) -> None:
    assert days(text) == [(words, day)]


@pytest.mark.parametrize(
    "text",
    ["under $50", "2 mugs for 24.12", "why 24.12?", "+370 612 24 12 7", "LU-24AB-12CD", "вул. Франка 4/10",
     "ул. 8 Марта 12, Киев", "8 Марта 12", "calle Domingo 5", "black friday deals?", "с пятницей вас", "4/5", "size 24",
     "I may need 2 mugs", "за 24 евро", "http://lumo.example/2026-12-24", "до завтрака", "по пятницам"],
)  # fmt: skip
def test_what_is_no_day_is_left_alone(text: str) -> None:
    assert days(text) == []


def test_the_nearest_day_of_that_name_is_meant() -> None:
    told = ("24 December", "5 January", "29.02.2028", "on Monday")
    meant = ["2026-12-24", "2027-01-05", "2028-02-29", "2027-01-04"]
    assert [days(text, date(2026, 12, 28))[0][1] for text in told] == meant


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("2 black mugs by 24.12, call 61234567 24 December", "phone", "+37061234567"),
        ("my order 123456 of 24 November", "order_number", "123456"),
        ("2 candles before 24 December", "wishes", '"quantity":2'),
        ("по 5 свечей к 24 декабря", "wishes", '"quantity":5'),
    ],
)  # fmt: skip
def test_a_day_beside_other_figures(text: str, kind: str, value: str, lumo: EmbeddedUnderstanding) -> None:
    mentions = [m for clause in lumo.parse(text).clauses for m in clause.mentions]
    assert any(m.kind == "when" for m in mentions)
    assert any(m.kind == kind and value in m.value for m in mentions)


@pytest.mark.parametrize(
    ("text", "intent", "day"),
    [
        ("I need it by Friday", "faq_delivery", "2026-11-27"),
        ("успеете до пятницы?", "faq_delivery", "2026-11-27"),
        ("¿llegará antes de Navidad?", "faq_delivery", "2026-12-24"),
        ("замовила минулого вівторка", "track_order", "2026-11-17"),
        ("are you open tomorrow?", "faq_hours", "2026-11-25"),
        ("hasta mañana!", "goodbye", "2026-11-25"),
    ],
)  # fmt: skip
def test_by_when_it_comes_is_a_question_of_delivery(
    text: str, intent: str, day: str, lumo: EmbeddedUnderstanding
) -> None:
    (act,) = lumo.interpret([lumo.parse(text)], Context(today=TUESDAY)).acts
    assert (act.intent, str(act.entities.when)) == (intent, day)
