"""Measures a classifier on examples that it did not learn: what `shopkeeper nlu test` and the bench print.

It is asked as a shop is: a new process reads the kept model, and hears each message for the first time.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from base.errors import ShopkeeperError
from bot.nlu.classifier import LinearClassifier
from bot.nlu.embedded import spelling
from bot.nlu.embedded import train as learn
from bot.nlu.encoder import Kept, encoder_name, load_encoder
from bot.nlu.masking import mask_example
from bot.nlu.readers import plain_mentions
from bot.nlu.spelling import Spelling
from bot.nlu.training import Example

_SAID = 15  # pairs of confused intents
_WARM = 20  # messages before those that are timed, so that they do not pay for what is loaded once


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares are 0..1. Figures of messages out of scope are None when none were given."""

    encoder: str
    trained_on: int
    tested_on: int
    accuracy: float
    macro_f1: float
    by_language: dict[str, float]
    not_learned: tuple[str, ...]  # intents that are asked for and not learned: each of their messages counts as wrong
    oos_tested_on: int
    oos_auroc: float | None
    oos_recall: float | None  # of messages out of scope, at the threshold that keeps 95 % of those in scope
    in_scope_kept: float | None  # of the test messages, at that threshold
    confused: tuple[tuple[str, str, int], ...]  # (meant, taken for, times)
    train_seconds: float
    p50_ms: float
    p99_ms: float
    memory_mb: float  # of a process that has the model and nothing else of the shop

    def rows(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Answers:
    """Of one process, in the order of what was asked: the likeliest intent and the scope of each."""

    intents: tuple[str, ...]
    scores: tuple[float, ...]
    times: tuple[float, ...]  # seconds, of each text's first time
    memory_mb: float


def measure(
    train: Sequence[Example],
    test: Sequence[Example],
    *,
    encoder: str,
    models: Path | None = None,
    valid: Sequence[Example] = (),
    oos: Sequence[str] = (),
    vectors: Path | None = None,
) -> Measured:
    """Learn `train` and ask `test`. `encoder`, `models`: see encoder.load_encoder.

    The out-of-scope threshold is what keeps 95 % of `valid`; without any it is the model's own, found on examples of
    `train` that it held out. `vectors`: a file of vectors that are known already, and save their part of the training.
    Raises ShopkeeperError when there is nothing to learn or to ask.
    """
    if not train or not test:
        raise ShopkeeperError("There is nothing to measure.", "Give examples to learn and examples to ask.")
    if len(names := {one.intent for one in train}) < 2:
        raise ShopkeeperError(f"The examples to learn have one intent alone, {names.pop()}.", "Two or more are needed.")
    from bot.nlu.teaching import KEPT

    opinion = load_encoder(encoder, models)
    _load_trainers()
    with tempfile.TemporaryDirectory(prefix="shopkeeper-measure-") as folder:
        kept = None if opinion is None else Kept(opinion, vectors or Path(folder) / "vectors.npz")
        began = time.perf_counter()
        model = learn(train, opinion, kept)
        seconds = time.perf_counter() - began
        stored = Path(folder) / "model.npz"
        model.save(stored)
        questions = [*test, *(Example(text, "", None) for text in oos), *(valid if oos else ())]
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
            answers = apart.submit(_ask_afresh, stored, encoder, models, tuple(train), questions).result()
    meant = [one.intent for one in test]
    taken = answers.intents[: len(test)]
    within, outside = np.array(answers.scores[: len(test)]), np.array(answers.scores[len(test) :][: len(oos)])
    known = answers.scores[len(test) + len(oos) :]
    threshold = float(np.quantile(known, 1 - KEPT)) if known else model.threshold
    wrong = Counter((a, b) for a, b in zip(meant, taken, strict=True) if a != b)
    times = np.array(answers.times) * 1000
    return Measured(
        encoder=encoder_name(encoder),
        trained_on=len(train),
        tested_on=len(test),
        accuracy=round(1 - wrong.total() / len(test), 4),
        macro_f1=round(_macro_f1(meant, taken), 4),
        by_language=_by_language(test, taken),
        not_learned=tuple(sorted(set(meant) - names)),
        oos_tested_on=len(outside),
        oos_auroc=None if not oos else round(auroc(within, outside), 4),
        oos_recall=None if not oos else round(float((outside < threshold).mean()), 4),
        in_scope_kept=None if not oos else round(float((within >= threshold).mean()), 4),
        confused=tuple((a, b, n) for (a, b), n in wrong.most_common(_SAID)),
        train_seconds=round(seconds, 2),
        p50_ms=round(float(np.quantile(times, 0.5)), 2),
        p99_ms=round(float(np.quantile(times, 0.99)), 2),
        memory_mb=round(answers.memory_mb, 1),
    )


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """How often a message in scope has the higher score of the two, 0..1."""
    from sklearn.metrics import roc_auc_score

    labels = np.concatenate([np.ones(len(inside)), np.zeros(len(outside))])
    return float(roc_auc_score(labels, np.concatenate([inside, outside])))


def _ask_afresh(
    stored: Path, encoder: str, models: Path | None, train: Sequence[Example], asked: Sequence[Example]
) -> _Answers:
    """In a process of its own, which has learned nothing and heard nothing."""
    opinion = load_encoder(encoder, models)
    model = LinearClassifier.load(stored, opinion)
    assert model is not None
    spelt = spelling(train, opinion)
    _ask(model, spelt, train[:_WARM])
    return _ask(model, spelt, asked)


def _ask(model: LinearClassifier, spelt: Spelling, examples: Sequence[Example]) -> _Answers:
    """A message is read, masked, mended and scored, as a clause of a shop's customer is.

    Annotations stand for what the readers find in a shop whose goods they know.
    """
    intents, scores, times = [], [], []
    heard: set[str] = set()
    for one in examples:
        began = time.perf_counter()
        intent, scope = model.best(spelt.mend(mask_example(one, plain_mentions(one.text))))
        spent = time.perf_counter() - began
        intents.append(intent)
        scores.append(scope)
        if one.text not in heard:
            heard.add(one.text)
            times.append(spent)
    return _Answers(tuple(intents), tuple(scores), tuple(times), _memory())


def _load_trainers() -> None:
    """So that the time of a training is that of learning, and not of starting a program."""

    import bot.nlu.teaching  # noqa: F401


def _macro_f1(meant: Sequence[str], taken: Sequence[str]) -> float:
    from sklearn.metrics import f1_score

    return float(f1_score(meant, taken, average="macro", zero_division=0))


def _by_language(test: Sequence[Example], taken: Sequence[str]) -> dict[str, float]:
    groups: defaultdict[str, list[bool]] = defaultdict(list)
    for one, intent in zip(test, taken, strict=True):
        if one.language:
            groups[one.language].append(one.intent == intent)
    return {language: round(sum(each) / len(each), 4) for language, each in sorted(groups.items())}


def _memory() -> float:
    """Of this process, in MB."""
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**20
