"""A word that the examples do not have is misspelt only where nobody else knows it as a word."""

from __future__ import annotations

import pytest

from bot.nlu.spelling import Spelling
from bot.nlu.training import Example

EXAMPLES = [
    Example("where is my delivery", "track_order", "en"),
    Example("show me the socks", "find_product", "en"),
    Example("кружки есть в наличии", "ask_stock", "ru"),
]


@pytest.fixture
def spelling() -> Spelling:
    return Spelling(EXAMPLES, frozenset(["stocks", "close"]).__contains__)


@pytest.mark.parametrize(
    ("said", "meant"), [("delivary", "delivery"), ("delivvery", "delivery"), ("наличиии", "наличии")]
)
def test_what_nobody_knows_is_put_right(said: str, meant: str, spelling: Spelling) -> None:
    assert spelling.mend(f"{said} ?") == f"{meant} ?"


@pytest.mark.parametrize("said", ["stocks", "deliveries", "кружку"])
def test_other_words_and_other_forms_stay_as_they_are(said: str, spelling: Spelling) -> None:
    assert spelling.mend(said) == said


def test_without_anybody_else_a_word_beside_a_known_one_is_taken_for_it() -> None:
    assert Spelling(EXAMPLES).mend("stocks") == "socks"
