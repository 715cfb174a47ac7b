"""A word costs about the same in a shop of twenty thousand variants, and names the same goods there."""

from __future__ import annotations

import random

import pytest

from bot.acts import Wish
from bot.nlu.products import ProductReader
from bot.nlu.text import tokens
from bot.understanding import Lexicon, Mention, ProductWords, VariantWords
from tests.unit.lumo_lexicon import LUMO

_KINDS = (
    ("lamp", "лампа", "лампа", "lámpara"), ("bowl", "миска", "миска", "cuenco"), ("vase", "ваза", "ваза", "jarrón"),
    ("chair", "стул", "стілець", "silla"), ("teapot", "чайник", "чайник", "tetera"), ("hat", "шапка", "шапка", "gorro"),
)  # fmt: skip
_COLOURS = ("white", "black", "blue", "green")
_CYRILLIC = str.maketrans("abdefgiklmnoprstuvz", "абдефгиклмнопрстувз")


@pytest.fixture(scope="module")
def great() -> ProductReader:
    """The goods of Lumo among five thousand others, in four colours each."""
    chance = random.Random(1)
    others = []
    for n in range(5000):
        name = "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3 + n % 2))
        en, ru, uk, es = chance.choice(_KINDS)
        cyrillic = name.translate(_CYRILLIC)
        names = {
            "en": (f"{name} {en}",),
            "ru": (f"{ru} {cyrillic}",),
            "uk": (f"{uk} {cyrillic}",),
            "es": (f"{es} {name}",),
        }
        variants = tuple(VariantWords(sku=f"P{n}-{colour}", attributes={"color": colour}) for colour in _COLOURS)
        others.append(ProductWords(id=f"P{n}", names=names, variants=variants))
    return ProductReader(Lexicon(products=(*others, *LUMO.products), attributes=LUMO.attributes))


def read(reader: ProductReader, text: str) -> list[Mention]:
    return reader.read(text, tokens(text), lambda start, end: True)


@pytest.mark.parametrize(
    ("text", "product", "quantity"),
    [
        ("two pine candels", "CAN", 2), ("3 headphons", "HP", 3), ("5 forest tees", "TEE", 5),
        ("две кружки аврора", "MUG", 2), ("наушникми", "HP", None), ("3 kruzhki avrora", "MUG", 3),
        ("дві свічки сосна", "CAN", 2), ("навушниками", "HP", None), ("dos velas de pino", "CAN", 2),
        ("auriculres onda", "HP", None), ("нушаникr", "HP", None),
    ],
)  # fmt: skip
def test_goods_are_found_among_many(text: str, product: str, quantity: int | None, great: ProductReader) -> None:
    (wish,) = (Wish.model_validate_json(m.value) for m in read(great, text) if m.kind == "wishes")
    assert (wish.product, wish.quantity) == (product, quantity)


def test_a_word_that_thousands_share_names_none_of_them(great: ProductReader) -> None:
    (wish,) = (Wish.model_validate_json(m.value) for m in read(great, "a green lamp") if m.kind == "wishes")
    assert wish.product is None
    assert len(wish.candidates) == 24
    assert all(sku.endswith("-green") for sku in wish.candidates)
