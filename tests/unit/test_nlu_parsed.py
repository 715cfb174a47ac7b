"""One message as `shopkeeper nlu parse --json` tells it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.parsed import Guess, understood
from bot.acts import NOT_UNDERSTOOD
from bot.nlu.embedded import EmbeddedUnderstanding
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO


@pytest.fixture(scope="module")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(Path(__file__).parents[2] / "data", MODELS)
    understanding.learn(LUMO)
    return understanding


def test_one_clause_is_told_as_a_whole(lumo: EmbeddedUnderstanding) -> None:
    text = "how much is the white mug?"
    found = understood(lumo.parse(text), lumo)
    assert found.intent.name == found.ranking[0].name == "ask_price"
    assert found.ranking == found.clauses[0].ranking
    assert found.language == "en"
    assert found.milliseconds > 0
    (mug,) = (entity for entity in found.entities if entity.entity == "product")
    assert mug.value == "MUG-white"
    assert "white mug" in text[mug.start : mug.end]
    assert json.loads(json.dumps(found.rows()))["intent"] == {
        "name": "ask_price",
        "confidence": found.intent.confidence,
    }


def test_several_clauses_have_their_own_rankings_and_one_together(lumo: EmbeddedUnderstanding) -> None:
    text = "Hi! Two black mugs please. And how long does delivery to Kaunas take?"
    found = understood(lumo.parse(text), lumo)
    assert found.intent.name == "add_to_cart"
    assert [act["intent"] for act in found.acts][-2:] == ["add_to_cart", "faq_delivery"]
    assert len(found.clauses) == 3
    assert [text[part.start : part.end] for part in found.clauses] == [part.text for part in found.clauses]
    best = {part.ranking[0] for part in found.clauses}
    assert best <= set(found.ranking)
    assert [guess.confidence for guess in found.ranking] == sorted((g.confidence for g in found.ranking), reverse=True)
    (mug,) = (entity for entity in found.entities if entity.entity == "product")
    assert (mug.value, mug.quantity) == ("MUG-black", 2)
    (city,) = (entity for entity in found.entities if entity.entity == "city")
    assert text[city.start : city.end] == "Kaunas"


@pytest.mark.parametrize("text", ["", "🦄", "qwertz asdfgh"])
def test_what_is_nothing_is_not_understood(text: str, lumo: EmbeddedUnderstanding) -> None:
    assert understood(lumo.parse(text), lumo).intent.name in NOT_UNDERSTOOD


def test_a_promo_code_and_a_colour_go_by_their_own_names(lumo: EmbeddedUnderstanding) -> None:
    found = understood(lumo.parse("is there a green one in size L? my mail is ana@example.lt"), lumo)
    said = {entity.entity: entity.value for entity in found.entities}
    assert said.items() >= {"color": "green", "size": "L", "email": "ana@example.lt"}.items()
    assert not said.keys() & {"wishes", "attributes", "strange"}
    assert all(isinstance(guess, Guess) for guess in found.ranking)
