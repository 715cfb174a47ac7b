"""How many pieces, in the words that people use; and what looks like a number of pieces or of money, and is none."""

from __future__ import annotations

import pytest

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context
from tests.unit.test_nlu_cases import hear, lumo

__all__ = ["lumo"]  # a fixture


def quantities(understanding: EmbeddedUnderstanding, text: str) -> list[int | None]:
    heard = hear(understanding, text, Context())
    return [wish.quantity for act in heard.acts for wish in act.entities.wishes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("half a dozen candles", 6), ("media docena de velas", 6), ("пів дюжини свічок", 6), ("a dozen candles", 12),
        ("add twenty-five candles", 25), ("twenty five candles", 25), ("treinta y cinco velas", 35),
        ("veinticinco velas", 25), ("сто двадцать свечей", 120), ("add two hundred candles", 200),
        ("двое наушников", 2), ("двоє навушників", 2), ("once tazas negras", 11), ("двадцать две свечи", 22),
        ("I want to try the black mug", None), ("I want the black mug at once", None), ("black mug by 24.12", None),
        ("нужна чёрная кружка до 24.12", None), ("I'd like to order 100 mugs", 100), ("хочу заказать 150 кружек", 150),
    ],
)  # fmt: skip
def test_pieces(lumo: EmbeddedUnderstanding, text: str, expected: int | None) -> None:
    assert quantities(lumo, text) == [expected]


@pytest.mark.parametrize("text", ["black mug by 24.12", "нужна кружка до 24.12", "delivery at 18.30?"])
def test_a_day_and_an_hour_are_no_money(lumo: EmbeddedUnderstanding, text: str) -> None:
    (act,) = hear(lumo, text, Context()).acts
    assert (act.entities.budget, act.entities.amount) == (None, None)


@pytest.mark.parametrize(("text", "place"), [("а другого цвета?", None), ("подарок другу", None), ("візьму другу", 2)])
def test_another_and_a_friend_are_no_second_one(lumo: EmbeddedUnderstanding, text: str, place: int | None) -> None:
    (act,) = hear(lumo, text, Context()).acts
    assert act.entities.ordinal == place
