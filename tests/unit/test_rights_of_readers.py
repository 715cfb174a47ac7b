"""Whose figure it is: of a house or a rating, a count that is proposed, of which country a telephone, of which code."""

from __future__ import annotations

import pytest

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context, OpenQuestion
from tests.unit.test_nlu_cases import lumo

__all__ = ["lumo"]  # a fixture

CANDLE = Context(cart=(("CAN", 1),), last_line="CAN", product="CAN", sku="CAN")


def mentions(understanding: EmbeddedUnderstanding, text: str, prior: str | None = None) -> list[tuple[str, str]]:
    found = [m for clause in understanding.parse(text, prior=prior).clauses for m in clause.mentions]
    return [(m.kind, m.value) for m in found if m.kind in ("address", "rating", "number", "phone", "codes", "budget")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("вул. Франка 4/10", "вул. Франка 4/10"), ("ул. Садовая 9/10, Вильнюс", "ул. Садовая 9/10, Вильнюс"),
        ("вул. Лесі Українки 5 г", "вул. Лесі Українки 5 г"), ("вул. Соборна 14-А", "вул. Соборна 14-А"),
        ("ул. Ленина 5 а ещё свеча", "ул. Ленина 5"), ("calle Mayor 5 y una vela", "calle Mayor 5"),
        ("ул. Садовая 12 корп. 2 кв. 7, Каунас", "ул. Садовая 12 корп. 2 кв. 7, Каунас"),
        ("ул. Садовая 12 кв. 7 и 2 свечи", "ул. Садовая 12 кв. 7"),
    ],
)  # fmt: skip
def test_a_street_keeps_its_house(text: str, address: str, lumo: EmbeddedUnderstanding) -> None:
    assert mentions(lumo, text) == [("address", address)]


@pytest.mark.parametrize(("text", "stars"), [("сервис 4/5", "4"), ("9/10 great", "5"), ("4/5", "4"), ("5 из 5", "5")])
def test_stars_are_no_house(text: str, stars: str, lumo: EmbeddedUnderstanding) -> None:
    assert mentions(lumo, text) == [("rating", stars)]


@pytest.mark.parametrize(
    "text", ["how about 2?", "what about two", "а если 2?", "а как насчёт 2?", "як щодо 2?", "¿qué tal 2?", "¿y si 2?"]
)
@pytest.mark.parametrize("asked", [None, OpenQuestion(id="q", expects="quantity")])
def test_a_number_that_is_proposed_counts_pieces(
    text: str, asked: OpenQuestion | None, lumo: EmbeddedUnderstanding
) -> None:
    (act,) = lumo.interpret([lumo.parse(text)], CANDLE.model_copy(update={"question": asked})).acts
    assert (act.intent, act.entities.quantity or act.entities.wishes[0].quantity) in (
        ("change_quantity", 2), ("inform", 2),
    )  # fmt: skip
    assert act.entities.budget is None


@pytest.mark.parametrize(
    ("text", "prior", "number"),
    [
        ("612 345 678", None, "+34612345678"), ("612 345 678", "es", "+34612345678"),
        ("mi teléfono es 612 345 678", "es", "+34612345678"), ("612345678", "uk", "+34612345678"),
        ("671234567", "uk", "+380671234567"), ("мій номер 0671234567", None, "+380671234567"),
        ("0671234567", "es", "+380671234567"), ("8 916 123-45-67", "ru", "+79161234567"),
        ("860012345", "es", "+37060012345"), ("61234567 2 mugs", None, "+37061234567"),
        ("+37061234567 2 mugs", None, "+37061234567"),
    ],
)  # fmt: skip
def test_a_number_is_of_a_country_whose_plan_it_fits(
    text: str, prior: str | None, number: str, lumo: EmbeddedUnderstanding
) -> None:
    assert ("phone", number) in mentions(lumo, text, prior)


@pytest.mark.parametrize("text", ["9161234567", "712345", "512345678", "86001234567"])
def test_no_country_is_invented(text: str, lumo: EmbeddedUnderstanding) -> None:
    assert not any(kind == "phone" for kind, _ in mentions(lumo, text, "en"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("WЕLСОМЕ10", "WELCOME10"), ("у меня код wеlсоме10", "WELCOME10"), ("WELCOME1O", "WELCOME10"),
        ("WELCOME 10", "WELCOME10"), ("welcome-10", "WELCOME10"), ("промокод welcome 10", "WELCOME10"),
        ("code: W E L C O M E 10", "WELCOME10"), ("use FLASH-20 please", "FLASH20"), ("VIР7Х", "VIP7X"),
        ("промокод free ship", "FREESHIP"), ("промокод вэлком10", "WELCOME10"), ("флеш20 работает?", "FLASH20"),
        ("код флэш 20", "FLASH20"), ("фришип промокод", "FREESHIP"), ("велком10", "WELCOME10"), ("муг5", "MUG5"),
    ],
)  # fmt: skip
def test_what_looks_like_a_code_is_that_code(text: str, code: str, lumo: EmbeddedUnderstanding) -> None:
    assert [value for kind, value in mentions(lumo, text) if kind == "codes"] == [code]


@pytest.mark.parametrize("text", ["apply MUG 5 and welcome 10", "MUG5, welcome 10", "промокоды муг5 и вэлком10"])
def test_two_codes_are_two_codes(text: str, lumo: EmbeddedUnderstanding) -> None:
    assert [value for kind, value in mentions(lumo, text) if kind == "codes"] == ["MUG5", "WELCOME10"]
    assert not lumo.interpret([lumo.parse(text)], CANDLE).acts[0].entities.wishes


@pytest.mark.parametrize(
    "text",
    [
        "hello, you are welcome 10 mugs",
        "MUG 5",
        "I want a mug 5 please",
        "FREE SHIP",
        "flash 20 candles",
        "кружка 5",
        "флеш 20 свечей",
    ],
)
def test_goods_and_talk_are_no_code(text: str, lumo: EmbeddedUnderstanding) -> None:
    assert not any(kind == "codes" for kind, _ in mentions(lumo, text))
