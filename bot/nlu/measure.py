"""Measures a classifier on examples that it did not learn: what `shopkeeper nlu test` and the bench print."""

from __future__ import annotations

import random
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from base.errors import ShopkeeperError
from bot.nlu.classifier import KEPT, LinearClassifier
from bot.nlu.encoder import Encoder
from bot.nlu.masking import mask_example
from bot.nlu.readers import plain_mentions
from bot.nlu.training import Example, read_examples

_HELD_OUT = 5  # every fifth example of an intent in a language
_SAID = 15  # pairs of confused intents


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares are 0..1. Figures of messages out of scope are None when none were given."""

    encoder: str
    trained_on: int
    tested_on: int
    accuracy: float
    macro_f1: float
    by_language: dict[str, float]
    oos_auroc: float | None
    oos_recall: float | None  # of messages out of scope, at the threshold that keeps 95 % of those in scope
    in_scope_kept: float | None  # of the test messages, at that threshold
    confused: tuple[tuple[str, str, int], ...]  # (meant, taken for, times)
    train_seconds: float
    p50_ms: float
    p99_ms: float
    memory_mb: float

    def rows(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


def read_any(path: Path) -> tuple[Example, ...]:
    """Examples of a file in Rasa's format (.yml), or of lines `text<TAB>intent`.

    Raises ShopkeeperError that names the line.
    """
    if path.suffix in (".yml", ".yaml"):
        return read_examples(path)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ShopkeeperError(
            f"{path} cannot be read ({type(error).__name__}).", "Name a .yml file of examples, or text<TAB>intent."
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        text, tab, intent = line.rpartition("\t")
        if not tab or not text.strip() or not intent.strip():
            raise ShopkeeperError(f"{path}, line {number}: no text<TAB>intent.", "Write a text, a tab and its intent.")
        found.append(Example(text.strip(), intent.strip(), None))
    return tuple(found)


def read_texts(path: Path) -> tuple[str, ...]:
    """Texts out of scope: one a line; what follows a tab is not read. A .yml file is read as examples."""
    if path.suffix in (".yml", ".yaml"):
        return tuple(example.text for example in read_examples(path))
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ShopkeeperError(f"{path} cannot be read ({type(error).__name__}).", "Name a file of texts.") from error
    return tuple(text for line in lines if (text := line.partition("\t")[0].strip()))


def held_out(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """A shuffled four fifths, and the fifth of each intent in each language that is asked. The same every time."""
    learned: list[Example] = []
    asked: list[Example] = []
    counted: defaultdict[tuple[str, str], int] = defaultdict(int)
    shuffled = list(examples)
    random.Random(1).shuffle(shuffled)  # noqa: S311  (no secret: the same seed gives the same part)
    for one in shuffled:
        counted[one.intent, (one.language or "?")] += 1
        (asked if counted[one.intent, (one.language or "?")] % _HELD_OUT == 0 else learned).append(one)
    return learned, asked


def measure(
    train: Sequence[Example],
    test: Sequence[Example],
    *,
    encoder: Encoder | None,
    valid: Sequence[Example] = (),
    oos: Sequence[str] = (),
) -> Measured:
    """Learn `train` and ask `test`.

    The out-of-scope threshold comes from `valid`, or from a held-out part of `train`. Raises ShopkeeperError when there
    is nothing to learn or to ask.
    """
    if not train or not test:
        raise ShopkeeperError("There is nothing to measure.", "Give examples to learn and examples to ask.")
    if len({one.intent for one in train}) < 2:
        raise ShopkeeperError("The examples to learn have one intent alone.", "Two or more are needed.")
    began = time.perf_counter()
    model = _trained(train, encoder)
    seconds = time.perf_counter() - began
    _ask(model, test[:20])  # so that the first ones do not pay for what is loaded once
    answers = _ask(model, test)
    meant = [one.intent for one in test]
    taken = [intent for intent, _, _ in answers]
    times = np.array([spent for *_, spent in answers]) * 1000
    wrong = Counter((a, b) for a, b in zip(meant, taken, strict=True) if a != b)
    auroc = recall = kept = None
    if oos:
        inside = np.array([score for _, score, _ in answers])
        outside = np.array([score for _, score, _ in _ask(model, [Example(text, "", None) for text in oos])])
        threshold = (
            model.threshold if not valid else np.quantile([score for _, score, _ in _ask(model, valid)], 1 - KEPT)
        )
        auroc, recall = _auroc(inside, outside), float((outside < threshold).mean())
        kept = float((inside >= threshold).mean())
    return Measured(
        encoder=encoder.name if encoder else "none",
        trained_on=len(train),
        tested_on=len(test),
        accuracy=round(1 - wrong.total() / len(test), 4),
        macro_f1=round(_macro_f1(meant, taken), 4),
        by_language=_by_language(test, taken),
        oos_auroc=None if auroc is None else round(auroc, 4),
        oos_recall=None if recall is None else round(recall, 4),
        in_scope_kept=None if kept is None else round(kept, 4),
        confused=tuple((a, b, n) for (a, b), n in wrong.most_common(_SAID)),
        train_seconds=round(seconds, 2),
        p50_ms=round(float(np.quantile(times, 0.5)), 2),
        p99_ms=round(float(np.quantile(times, 0.99)), 2),
        memory_mb=round(_memory(), 1),
    )


def _trained(examples: Sequence[Example], encoder: Encoder | None) -> LinearClassifier:
    texts = [mask_example(one, plain_mentions(one.text)) for one in examples]
    return LinearClassifier.train(texts, [one.intent for one in examples], encoder=encoder)


def _ask(model: LinearClassifier, examples: Sequence[Example]) -> list[tuple[str, float, float]]:
    """For each: the best label, the scope, and the seconds that masking and scoring took.

    Annotations stand for what the readers find in a shop whose goods they know.
    """
    answers = []
    for one in examples:
        began = time.perf_counter()
        intent, scope = model.best(mask_example(one, plain_mentions(one.text)))
        answers.append((intent, scope, time.perf_counter() - began))
    return answers


def _auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    labels = np.concatenate([np.ones(len(inside)), np.zeros(len(outside))])
    return float(roc_auc_score(labels, np.concatenate([inside, outside])))


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
