"""The slim identifier of languages says what py3langid says when it is asked about the same languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.nlu.embedded import EmbeddedUnderstanding
from bot.nlu.identifier import identifier
from bot.nlu.language import _identify
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

DATA = Path(__file__).parents[2] / "data"
UTTERANCES = Path(__file__).parents[1] / "utterances"


@pytest.mark.parametrize("locales", [("en", "es", "ru", "uk"), ("es", "uk")])
def test_it_agrees_with_the_whole_library(locales: tuple[str, ...]) -> None:
    whole = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    whole.set_languages(list(locales))
    texts = [line.split("\t")[0] for path in UTTERANCES.glob("*.tsv") for line in path.read_text().splitlines()]
    assert len(texts) > 200
    for text in texts:
        language, sure = whole.classify(text)
        assert _identify(text, locales) == (language, pytest.approx(sure, abs=0.002)), text


def test_no_customer_waits_for_it_and_nobody_loads_it_for_nothing() -> None:
    identifier.cache_clear()
    understanding = EmbeddedUnderstanding.load(DATA, MODELS)
    assert identifier.cache_info().misses == 0  # learning examples needs none
    understanding.learn(LUMO)
    assert identifier.cache_info().misses == 1
    assert understanding.parse("estimado caballero, muchisimas felicidades").locale == "es"
    understanding.parse("guten tag mein herr wie geht es ihnen heute")
    assert identifier.cache_info().misses == 1


def test_what_is_kept_is_the_same_and_what_is_broken_is_made_anew(tmp_path: Path) -> None:
    text, locales = "estimado caballero, muchisimas felicidades", ("en", "es")
    made = identifier(locales).classify(text)
    for broken in (None, ".npz", ".moves"):
        identifier.cache_clear()
        if broken is not None:
            (file,) = tmp_path.glob(f"*{broken}")
            file.write_bytes(file.read_bytes()[:1000])
        assert identifier(locales, tmp_path).classify(text) == made
    assert len(list(tmp_path.iterdir())) == 2
