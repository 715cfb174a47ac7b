"""Utterances written by hand, fresh, one or two for each intent: none of them was learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.example_files import read_any
from bot.nlu.training import read_examples, same
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

TESTS = Path(__file__).parents[1]
DATA = TESTS.parent / "data"
LANGUAGES = ("en", "es", "ru", "uk")


@pytest.fixture(scope="module")
def lumo() -> EmbeddedUnderstanding:
    understanding = EmbeddedUnderstanding.load(DATA, MODELS)
    understanding.learn(LUMO)
    return understanding


@pytest.mark.parametrize("language", LANGUAGES)
def test_nine_in_ten_fresh_utterances_are_understood(language: str, lumo: EmbeddedUnderstanding) -> None:
    asked = read_any(TESTS / "utterances" / f"{language}.tsv")
    wrong = []
    for one in asked:
        best = max((clause.ranking[0] for clause in lumo.parse(one.text, prior=language).clauses), key=lambda it: it[1])
        if best[0] != one.intent:
            wrong.append((one.text, one.intent, best))
    assert len(asked) >= 60
    assert len(wrong) <= len(asked) / 10, wrong


def test_no_utterance_is_among_the_examples() -> None:
    learned = {same(one.text) for one in read_examples(DATA / "intents.yml")}
    for language in LANGUAGES:
        fresh = read_any(TESTS / "utterances" / f"{language}.tsv")
        assert not [one.text for one in fresh if same(one.text) in learned]
