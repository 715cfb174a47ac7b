"""The second opinion of the classifier: logistic regression on an encoder's vectors, and what lies near them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from bot.nlu.encoder import Encoder, Floats

WEIGHT = 0.5  # of these scores beside the margins of words and letters; chosen on the development set
_ROUNDS = 30  # more change nothing that can be measured
_FEWEST = 5  # rounds: fewer, and it stopped before it had begun
_GROUP = 20  # examples of an intent that are one group
_SETTLED = 6  # rounds until groups hardly move


@dataclass(frozen=True, slots=True)
class Dense:
    """`weights`: vector length x labels; `bias`: labels, in the order of the linear classifier's labels.
    `groups`: vector length x groups of examples that mean nearly the same, each of length 1.
    """

    encoder: Encoder
    weights: Floats
    bias: Floats
    groups: Floats

    def vector(self, text: str) -> Floats:
        """Of one masked text."""
        found: Floats = self.encoder.encode([natural(text)])[0]
        return found

    def scores(self, vector: Floats) -> Floats:
        found: Floats = np.einsum("i,ij->j", vector, self.weights) + self.bias  # no BLAS, as in the classifier
        return found

    def nearness(self, vector: Floats) -> float:
        """Cosine to the nearest group: how much it is like anything that was learned."""
        return float(np.einsum("i,ij->j", vector, self.groups).max())

    @classmethod
    def train(cls, encoder: Encoder, vectors: Floats, intents: Sequence[str]) -> Dense:
        """Learn from the vectors of texts, a row each, and their intents."""
        from sklearn.linear_model import LogisticRegression

        model = LogisticRegression(C=10, tol=1e-6, max_iter=_ROUNDS)  # a larger tol stops at once on such sizes
        with _quiet():
            model.fit(vectors, list(intents))
        assert int(model.n_iter_.max()) > _FEWEST, "the regression stopped at once: raise its rounds or lower its tol"
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(
            encoder,
            np.ascontiguousarray(weights.T * WEIGHT, dtype=np.float32),
            (bias * WEIGHT).astype(np.float32),
            np.ascontiguousarray(_groups(vectors, intents).T, dtype=np.float32),
        )


def _groups(vectors: Floats, intents: Sequence[str]) -> Floats:
    """The middles of groups of some examples of one intent each: spherical k-means, the same every time."""
    chance = np.random.default_rng(0)
    own: defaultdict[str, list[int]] = defaultdict(list)
    for row, intent in enumerate(intents):
        own[intent].append(row)
    found = []
    for _, rows in sorted(own.items()):
        examples = vectors[rows]
        middles = examples[chance.choice(len(rows), max(1, round(len(rows) / _GROUP)), replace=False)]
        for _ in range(_SETTLED):
            nearest = (examples @ middles.T).argmax(axis=1)
            sums = np.stack([examples[nearest == place].sum(axis=0) for place in range(len(middles))])
            lengths = np.sqrt(np.square(sums).sum(axis=1, keepdims=True))
            middles = np.where(lengths > 0, sums / np.where(lengths > 0, lengths, 1), middles)
        found.append(middles)
    return np.concatenate(found)


def natural(masked: str) -> str:
    """Placeholders as words that an encoder knows: `__product__` is a product."""
    return masked.replace("__", "")


def _quiet() -> AbstractContextManager[object]:
    """No warning that the rounds were few: they are chosen so."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    return warnings.catch_warnings(action="ignore", category=ConvergenceWarning)
