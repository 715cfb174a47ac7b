"""Figures of a flat, a floor, an age or a bed count no pieces, and what is inside a house belongs to its address."""

from __future__ import annotations

import pytest

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.homes import moved_in
from bot.understanding import Context, OpenQuestion
from tests.unit.test_nlu_cases import lumo

__all__ = ["lumo"]  # a fixture

CART = Context(cart=(("CAN", 1),), last_line="CAN", product="CAN", sku="CAN")
ADDRESS = CART.model_copy(update={"question": OpenQuestion(id="q", expects="address")})


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Озо 14, 3 этаж, квартира 8, Вильнюс", "Озо 14, 3 этаж, квартира 8, Вильнюс"),
        ("вул. Озо 14, 5 поверх, кв 3, Вільнюс", "вул. Озо 14, 5 поверх, кв 3, Вільнюс"),
        ("Ozo 14, 2º izquierda, Vilnius", "Ozo 14, 2º izquierda, Vilnius"),
        ("a calle Gedimino 5, 3o B, Vilnius con dhl contra reembolso", "calle Gedimino 5, 3o B, Vilnius"),
        ("Gedimino prospect 12 flat 8", "Gedimino prospect 12 flat 8"),
        ("Gedimino pr 12-8, door code 1234", "Gedimino pr 12-8, door code 1234"),
        ("Ozo g. 14, 3rd floor, Vilnius", "Ozo g. 14, 3rd floor, Vilnius"),
        ("вулиця Озо 14, під'їзд 2, домофон 5", "вулиця Озо 14, під'їзд 2, домофон 5"),
        ("озо 14 кв 3", "озо 14 кв 3"),
    ],
)
def test_an_address_is_read_to_its_end(text: str, address: str, lumo: EmbeddedUnderstanding) -> None:
    (act,) = lumo.interpret([lumo.parse(text)], ADDRESS).acts
    assert (act.intent, act.entities.address) == ("inform", address)
    assert not act.entities.wishes


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("my flat is 12", "flat 12"), ("квартира 12", "квартира 12"), ("vivo en el piso 3", "piso 3"),
        ("5 поверх", "5 поверх"), ("third floor", "third floor"), ("подъезд 2, домофон 14", "подъезд 2, домофон 14"),
        ("door code 1234", "door code 1234"), ("intercom 12", "intercom 12"), ("під'їзд 3", "під'їзд 3"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("context", [CART, ADDRESS])
def test_a_part_of_a_house_is_told_apart(text: str, inside: str, context: Context, lumo: EmbeddedUnderstanding) -> None:
    (act,) = lumo.interpret([lumo.parse(text)], context).acts
    assert (act.intent, act.entities.inside, act.entities.address) == ("inform", inside, None)


@pytest.mark.parametrize(
    "text",
    [
        "i'm 25", "I am 25 and tall", "мне 36 лет", "мне 36", "мені 40", "my son is 5", "tengo 30 años", "рост 180",
        "зріст 175", "mido 1,80", "i'm 180", "дом 5",
        "mi casa es el 5", "код 1234", "the bed is 160x200", "кровать 160 на 200", "ліжко 160×200",
        "la cama es 90x190",
    ],
)  # fmt: skip
def test_an_age_and_a_size_count_no_pieces(text: str, lumo: EmbeddedUnderstanding) -> None:
    acts = lumo.interpret([lumo.parse(text)], CART).acts
    assert all(act.entities.quantity is None and act.intent not in ("change_quantity", "add_to_cart") for act in acts)


def test_a_house_is_changed_and_not_counted(lumo: EmbeddedUnderstanding) -> None:
    (act,) = lumo.interpret([lumo.parse("мой дом 12")], CART).acts
    assert (act.intent, act.entities.address) == ("change_details", "12")


@pytest.mark.parametrize(
    ("text", "pieces"), [("мне 2", 2), ("мне 20, пожалуйста", 20), ("2 x candle", 2), ("another 2", 2), ("no, 12", 12)]
)
def test_pieces_are_still_counted(text: str, pieces: int, lumo: EmbeddedUnderstanding) -> None:
    acts = lumo.interpret([lumo.parse(text)], CART).acts
    assert [w.quantity for act in acts for w in act.entities.wishes] == [pieces]


@pytest.mark.parametrize(
    ("address", "parts", "whole"),
    [
        ("Озо 14, Вильнюс", "подъезд 2, домофон 14", "Озо 14, подъезд 2, домофон 14, Вильнюс"),
        ("Ozo 14", "flat 8", "Ozo 14, flat 8"),
        ("Ozo 14, flat 8, Vilnius", "apartment 12", "Ozo 14, apartment 12, Vilnius"),
    ],
)
def test_a_part_moves_into_its_address(address: str, parts: str, whole: str) -> None:
    assert moved_in(address, parts) == whole
