"""What understanding thinks of itself: a confidence is what it says, and what nobody taught is not believed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.classifier import Judged
from bot.nlu.embedded import EmbeddedUnderstanding, train
from bot.nlu.encoder import Kept, encoder_name, load_encoder
from bot.nlu.example_files import held_out
from bot.nlu.masking import mask_example
from bot.nlu.readers import plain_mentions
from bot.nlu.training import read_examples
from bot.understanding import Context
from tests.models import MODELS
from tests.unit.lumo_lexicon import LUMO

DATA = Path(__file__).parents[2] / "data"
FOREIGN = (Path(__file__).parents[1] / "utterances" / "foreign.txt").read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Asked:
    """An example that was not learned: what it means, and what it was taken for."""

    meant: str
    taken: Judged


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    """Of two languages, one that the encoder knows and one that it does not: every fifth example of an intent."""
    examples = [one for one in read_examples(DATA / "intents.yml") if one.language in ("en", "uk")]
    learned, held = held_out(examples)
    encoder = load_encoder("", MODELS)
    assert encoder is not None
    model = train(learned, encoder, Kept(encoder, MODELS / f"held-out-{encoder_name('')}.npz"))
    return [Asked(one.intent, model.judge(mask_example(one, plain_mentions(one.text)))) for one in held]


def test_a_confidence_is_how_often_it_is_right(asked: list[Asked]) -> None:
    """Within some points, and never bolder: of what letters find strange it says less than it could."""
    sure = np.array([one.taken.ranking[0][1] for one in asked])
    right = np.array([one.taken.ranking[0][0] == one.meant for one in asked])
    for least, most in ((0.2, 0.6), (0.6, 0.95), (0.95, 1.01)):
        these = (sure >= least) & (sure < most)
        assert these.sum() > 20
        assert sure[these].mean() - right[these].mean() < 0.12, (least, most)
        assert least < 0.6 or right[these].mean() - sure[these].mean() < 0.12, (least, most)


def test_most_of_what_was_not_learned_word_by_word_is_known(asked: list[Asked]) -> None:
    assert 0.9 < np.mean([one.taken.known for one in asked]) < 0.99


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
