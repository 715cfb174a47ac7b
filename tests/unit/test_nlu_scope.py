"""What understanding thinks of itself: a confidence is what it says, and what nobody taught is not believed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.classifier import LinearClassifier
from bot.nlu.embedded import EmbeddedUnderstanding, train
from bot.nlu.encoder import Kept, encoder_name, load_encoder
from bot.nlu.example_files import held_out
from bot.nlu.masking import mask_example
from bot.nlu.readers import plain_mentions
from bot.nlu.training import Example, read_examples
from bot.understanding import Context
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

DATA = Path(__file__).parents[2] / "data"
FOREIGN = (Path(__file__).parents[1] / "utterances" / "foreign.txt").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def taught() -> tuple[LinearClassifier, list[Example]]:
    """The shop's examples without every fifth, and those."""
    learned, asked = held_out(read_examples(DATA / "intents.yml"))
    encoder = load_encoder("", MODELS)
    assert encoder is not None
    return train(learned, encoder, Kept(encoder, MODELS / f"held-out-{encoder_name('')}.npz")), asked


def _masked(example: Example) -> str:
    return mask_example(example, plain_mentions(example.text))


def test_a_confidence_is_how_often_it_is_right(taught: tuple[LinearClassifier, list[Example]]) -> None:
    """Within some points, and never bolder: of what letters find strange it says less than it could."""
    model, asked = taught
    told = [(*model.judge(_masked(one)).ranking[0], one.intent) for one in asked]
    sure = np.array([confidence for _, confidence, _ in told])
    right = np.array([intent == meant for intent, _, meant in told])
    for least, most in ((0.2, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 1.01)):
        these = (sure >= least) & (sure < most)
        assert these.sum() > 30
        assert sure[these].mean() - right[these].mean() < 0.1, (least, most)
        assert least < 0.5 or right[these].mean() - sure[these].mean() < 0.1, (least, most)


def test_most_of_what_was_not_learned_word_by_word_is_known(taught: tuple[LinearClassifier, list[Example]]) -> None:
    model, asked = taught
    assert 0.92 < np.mean([model.judge(_masked(one)).known for one in asked]) < 0.98


def test_what_nobody_taught_is_not_believed() -> None:
    """Of talk of other things at most one message in five leads to more than an honest word."""
    lumo = EmbeddedUnderstanding.load(DATA, MODELS)
    lumo.learn(LUMO)
    assert len({clause.known for text in FOREIGN for clause in lumo.parse(text).clauses}) == 2
    believed = [
        text
        for text in FOREIGN
        if any(
            act.intent not in ("unknown", "out_of_scope", "smalltalk", "bot_challenge")
            for act in lumo.interpret([lumo.parse(text)], Context()).acts
        )
    ]
    assert len(believed) <= len(FOREIGN) / 5, believed
