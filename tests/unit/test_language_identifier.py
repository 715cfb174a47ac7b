"""The slim identifier of languages says what py3langid says when it is asked about the same languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.nlu.language import _identify

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
