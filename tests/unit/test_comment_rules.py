"""Which comments are answered in private: questions about goods and wishes for them, in four languages."""

from __future__ import annotations

import pytest

from app.settings import shipped_data
from bot.comment_rules import judged
from bot.hearing import Pending, hear
from bot.messages import About, Text
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.state import State
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

ABOUT = About(post="1")
MUG = (("MUG", None),)


@pytest.fixture(scope="module")
def understanding() -> EmbeddedUnderstanding:
    found = EmbeddedUnderstanding.load(shipped_data(), MODELS)
    found.learn(LUMO)
    return found


def way(understanding: EmbeddedUnderstanding, words: str, goods: tuple[tuple[str, str | None], ...] = MUG) -> str:
    asked = Pending(Text(text=words, about=ABOUT), understanding.parse(words))
    heard = hear(State(), [asked], understanding, (), lambda about: goods)
    verdict, answered = judged(words, heard, goods)
    if verdict.way == "answer":
        assert answered is not None
        assert "add_to_cart" not in {act.intent for act in answered.acts}
    return verdict.way


ASKED = """
    price? | how much is this? | цена? | сколько стоит? | Почём? | ціна? | скільки коштує? | precio? | ¿cuánto cuesta? |
    available? | is it in stock? | есть в наличии? | do you have it in black? | what size is it? | цену в лс |
    do you deliver to Vilnius? | а доставка есть? | ¿hacéis envíos? | is this dishwasher safe? | more info please |
    so nice! how much? | how much is the candle? | can I pay cash? | @lumo price?
"""
WANTED = "I want it! | хочу! | хочу такую | беру | I need this one | мені треба такий | lo quiero | +"
LEFT = """
    ❤️❤️ | so beautiful | красота какая | wow | @anna look at this | Thanks! | nice mug | The candle smells great |
    Как же мило | 👍 | Happy birthday! | giveaway when? | good morning | хочу спать и не могу уснуть после этой недели |
    ... | https://spam.example/win | first! | @petro хочу
"""
TROUBLE = "my order never came | where is my parcel? | the mug arrived broken | верните деньги за заказ"


def each(words: str) -> list[str]:
    return [one.strip() for one in words.split("|")]


@pytest.mark.parametrize("words", [*each(ASKED), *each(WANTED)])
def test_questions_and_wishes_are_answered(understanding: EmbeddedUnderstanding, words: str) -> None:
    assert way(understanding, words) == "answer"


@pytest.mark.parametrize("words", each(LEFT))
def test_hearts_friends_and_praise_are_left_alone(understanding: EmbeddedUnderstanding, words: str) -> None:
    assert way(understanding, words) == "left"


@pytest.mark.parametrize("words", each(TROUBLE))
def test_trouble_goes_to_a_person(understanding: EmbeddedUnderstanding, words: str) -> None:
    assert way(understanding, words) == "person"


def test_a_bare_wish_under_a_post_that_nobody_knows_is_left_alone(understanding: EmbeddedUnderstanding) -> None:
    assert way(understanding, "+", goods=()) == "left"
    assert way(understanding, "price?", goods=()) == "answer"
