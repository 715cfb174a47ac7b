"""What everybody begins with, as a measure for the rest: TF-IDF of words and letters under scikit-learn's LinearSVC."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from bot.nlu.measure import auroc
from bot.nlu.training import Example


@dataclass(frozen=True, slots=True)
class Plain:
    """As bot.nlu.measure.Measured."""

    accuracy: float
    train_seconds: float
    p50_ms: float
    p99_ms: float
    oos_auroc: float | None
    oos_recall: float | None


def measure(
    train: Sequence[Example], test: Sequence[Example], *, valid: Sequence[Example] = (), oos: Sequence[str] = ()
) -> Plain:
    views = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
    )
    model = make_pipeline(views, LinearSVC())
    began = time.perf_counter()
    model.fit([one.text for one in train], [one.intent for one in train])
    seconds = time.perf_counter() - began
    model.predict([one.text for one in train[:20]])
    times = []
    for one in test:
        began = time.perf_counter()
        model.predict([one.text])
        times.append((time.perf_counter() - began) * 1000)
    right = model.predict([one.text for one in test]) == [one.intent for one in test]

    def scores(texts: Sequence[str]) -> np.ndarray:
        found: np.ndarray = model.decision_function(list(texts))
        return found.max(axis=1)

    outside = scores(oos) if oos else np.zeros(0)
    told = outside < np.quantile(scores([one.text for one in valid]), 0.05) if oos and valid else None
    return Plain(
        accuracy=float(np.mean(right)),
        train_seconds=seconds,
        p50_ms=float(np.quantile(times, 0.5)),
        p99_ms=float(np.quantile(times, 0.99)),
        oos_auroc=auroc(scores([one.text for one in test]), outside) if oos else None,
        oos_recall=None if told is None else float(told.mean()),
    )
