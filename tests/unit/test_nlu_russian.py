"""Ukrainian and words in Latin letters, as Russian words."""

from __future__ import annotations

import pytest

from bot.nlu.russian import russian
from bot.nlu.teaching import teach


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("скільки коштує", "сколько стоит"),
        ("де моє замовлення?", "где мое заказ?"),
        ("скасуйте, будь ласка", "отмените, будьте пожалуйста"),
        ("невідоме слівце", "невидоме сливце"),
        ("skolko stoit", "сколько стоит"),
        ("skilky koshtuye", "сколько стоит"),
        ("приберіть __product__", "уберите __product__"),
        ("dodaite __product__", "добавьте __product__"),
    ],
)
def test_ukrainian_and_latin_letters_become_russian(said: str, read: str) -> None:
    assert russian(said) == read


@pytest.mark.parametrize(
    "said",
    [
        "сколько стоит доставка в другой город", "how much is shipping to my address", "take care, skip it",
        "cuánto cuesta la garantia", "__product__ in __city__", "my __product__", "", "?", "12",
    ],
)  # fmt: skip
def test_everything_else_stays_as_it_is(said: str) -> None:
    assert russian(said) == said


def test_what_was_learned_in_russian_is_understood_in_ukrainian() -> None:
    learned = [("сколько стоит", "price"), ("какая цена", "price"), ("отмените заказ", "cancel"), ("отмена", "cancel")]
    model = teach([text for text, _ in learned], [intent for _, intent in learned])
    assert [model.best(text)[0] for text in ("скільки коштує", "скасуйте", "skasuyte")] == ["price", "cancel", "cancel"]
