"""Teaches a classifier. What is needed for that alone, scikit-learn above all, is imported here and not at run time."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.svm import LinearSVC

from bot.nlu.classifier import EDGES, LinearClassifier, blocks
from bot.nlu.concepts import concepts
from bot.nlu.dense import Dense, natural, regression
from bot.nlu.encoder import Encoder
from bot.nlu.russian import russian

KEPT = 0.95  # of held-out messages in scope: the threshold lets so many through
_HELD_OUT = 5  # every fifth example of an intent is held out to find it
_SCALE = 4.8  # of margins to odds: the likeliest for held-out examples of the shop
_FUSED_SCALE = 2.4  # the same with an encoder
_FLUENT = 0.6  # of what is learned is words with a concept: then concepts weigh as much as words and letters
_JOINTS = re.compile(r"[\W_]+|(?<=[a-z])(?=[A-Z])")


def teach(
    texts: Sequence[str], intents: Sequence[str], encoder: Encoder | None = None, kept: Encoder | None = None
) -> LinearClassifier:
    """Learn masked texts and their intents. Takes seconds. `kept`: gives the vectors, in place of `encoder`.

    Learned twice: without every fifth example, whose scores then tell what is out of scope, and with all. The name of
    an intent is one more example of it.
    """
    names = sorted(set(intents))
    lesson = _Lesson([*texts, *map(spoken, names)], [*intents, *names])
    learned, asked = _split(intents)
    every = list(range(len(lesson.intents)))
    part = [*learned, *every[len(texts) :]]
    with ThreadPoolExecutor(2) as beside:  # they hold the interpreter only now and then: each takes a core
        trial = beside.submit(lesson.margins, part) if asked else None
        whole = beside.submit(lesson.margins, every)
        if encoder is None:
            vectors = before = dense = None
        else:
            vectors = (kept or encoder).encode([natural(text) for text in lesson.texts])
            opinion = regression()
            before = Dense.train(encoder, vectors[part], lesson.of(part), opinion)
            dense = Dense.train(encoder, vectors, lesson.intents, opinion)
    model = whole.result()(dense)
    if trial:
        tried = trial.result()(before)
        scopes = [tried.scored(texts[row], None if vectors is None else vectors[row])[2] for row in asked]
        model.threshold = float(np.quantile(scopes, 1 - KEPT))
    return model


class _Lesson:
    """Texts and their intents, taken apart once for all that is learned from them."""

    def __init__(self, texts: Sequence[str], intents: Sequence[str]) -> None:
        self.texts, self.intents = [russian(text) for text in texts], intents
        views = zip(*map(blocks, self.texts), strict=True)
        self._counters = [CountVectorizer(analyzer=list, dtype=np.float64) for _ in range(4)]
        self._counts = [counter.fit_transform(view) for counter, view in zip(self._counters, views, strict=True)]

    def of(self, rows: Sequence[int]) -> list[str]:
        """The intents of these rows."""
        return [self.intents[row] for row in rows]

    def margins(self, rows: Sequence[int]) -> Callable[[Dense | None], LinearClassifier]:
        """Learn what words and letters say of these rows, as if there were no others; what is returned adds the
        encoder's opinion.
        """
        share = _fluency([self.texts[row] for row in rows])
        views, grams, idf, heavy = [], [], [], []
        for counter, counts, weight in zip(self._counters, self._counts, (1.0, 1.0, share, share), strict=True):
            own = counts[rows]
            there = np.flatnonzero(own.getnnz(axis=0))
            weigher = TfidfTransformer(sublinear_tf=True)
            views.append(weigher.fit_transform(own[:, there]) * weight)
            grams.append(counter.get_feature_names_out()[there])
            idf.append(weigher.idf_)
            heavy.append(np.full(len(there), weight))
        model = LinearSVC(C=1, loss="hinge", tol=0.1, max_iter=3000, random_state=0)
        model.fit(hstack(views).tocsr(), self.of(rows))
        weights, bias = model.coef_ * np.concatenate(heavy), model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        labels = [str(label) for label in model.classes_]
        vocabulary = [str(gram) for own in grams for gram in own]
        rates, small = np.concatenate(idf).astype(np.float32), np.ascontiguousarray(weights.T, dtype=np.float16)

        def with_opinion(dense: Dense | None) -> LinearClassifier:
            scale = _SCALE if dense is None else _FUSED_SCALE
            return LinearClassifier(labels, vocabulary, rates, small, bias.astype(np.float32), scale, dense, share)

        return with_opinion


def spoken(name: str) -> str:
    """An intent's name as words: `add_to_cart`, `faq/delivery`, `bookFlight`."""
    return " ".join(_JOINTS.sub(" ", name).lower().split())


def _fluency(texts: Sequence[str]) -> float:
    """How much the concepts are at home in these texts, 0..1: they are a shop's words."""
    words = [word.strip(EDGES) for text in texts for word in text.split() if word.strip(EDGES)]
    known = len(concepts(words)) / max(1, len(words))
    return min(1.0, known / _FLUENT)


def _split(intents: Sequence[str]) -> tuple[list[int], list[int]]:
    """Rows to learn, and every fifth row of an intent that is held out. The same every time."""
    rows = list(range(len(intents)))
    random.Random(1).shuffle(rows)  # noqa: S311  (no secret: the same seed gives the same part)
    learned: list[int] = []
    asked: list[int] = []
    counted: Counter[str] = Counter()
    for row in rows:
        counted[intents[row]] += 1
        (asked if counted[intents[row]] % _HELD_OUT == 0 else learned).append(row)
    return learned, asked
