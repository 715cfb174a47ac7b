"""How somebody feels, in four languages, and what follows: anger and "I already said" count as two misses."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.understanding import Context
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

ROOT = Path(__file__).parents[1]
LINES = [
    pytest.param(path.stem, *line.split("\t"), id=f"{path.stem}: {line}")
    for path in sorted((ROOT / "moods").glob("*.tsv"))
    for line in path.read_text("utf-8").splitlines()
]


@pytest.fixture(scope="module")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(ROOT.parent / "data", MODELS)
    understanding.learn(LUMO)
    return understanding


def test_every_language_has_its_lines() -> None:
    assert len(LINES) >= 4 * 32


@pytest.mark.parametrize(("locale", "words", "mood"), LINES)
def test_a_mood_is_heard(locale: str, words: str, mood: str, lumo: EmbeddedUnderstanding) -> None:
    parsed = lumo.parse(words, prior=locale)
    assert lumo.interpret([parsed], Context(locale=locale)).mood == mood
