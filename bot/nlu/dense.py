"""What an encoder's vectors say of intents: a regression's opinion, the nearest example's, and how near anything is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import Encoder, Floats

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

WEIGHT = 0.7  # of the regression's logits beside the margins of words and letters, where an intent has ten examples:
# with more of them words and letters know more; chosen on the development set
_ROUNDS = 30  # more change nothing that can be measured
_MORE = 12  # for a model that has learned most of it
_FEWEST = 5  # rounds: fewer, and it stopped before it had begun
NEAREST = 2.0  # of the cosine to an intent's nearest example, for each power of ten of them: the more there are, the
# more the nearest says; chosen on the development set
_AXES = 64  # of the vectors' 512: most of what tells examples apart, at an eighth of the work
_GROUP = 20  # examples of an intent that are one group
_SETTLED = 6  # rounds until groups hardly move


@dataclass(frozen=True, slots=True)
class Dense:
    """`weights`: vector length x labels; `bias`: labels, in the order of the linear classifier's labels.
    `groups`: vector length x groups of examples that mean nearly the same, each of length 1.
    `axes`: vector length x axes; `examples`: axes x examples, each of length 1, those of a label together;
    `first`: the place of each label's first example.
    """

    encoder: Encoder
    weights: Floats
    bias: Floats
    groups: Floats
    axes: Floats
    examples: Floats
    first: NDArray[np.intp]

    def vector(self, text: str) -> Floats:
        """Of one masked text."""
        found: Floats = self.encoder.encode([natural(text)])[0]
        return found

    def scores(self, vector: Floats) -> Floats:
        """What the regression says of each label, and how near its nearest example is."""
        seen = np.einsum("i,ij->j", vector, self.axes)  # no BLAS, as in the classifier
        seen /= max(float(np.sqrt(np.square(seen).sum())), 1e-9)
        nearest = np.maximum.reduceat(np.einsum("i,ij->j", seen, self.examples), self.first)
        trust = np.float32(NEAREST * _tens(len(self.examples[0]), len(self.first)))
        found: Floats = np.einsum("i,ij->j", vector, self.weights) + self.bias + trust * nearest
        return found

    def nearness(self, vector: Floats) -> float:
        """Cosine to the nearest group: how much it is like anything that was learned."""
        return float(np.einsum("i,ij->j", vector, self.groups).max())

    def arrays(self) -> dict[str, Any]:
        """All but the encoder, by name, as small as they can be kept."""
        small = {name: getattr(self, name).astype(np.float16) for name in ("weights", "groups", "axes", "examples")}
        return {**small, "bias": self.bias, "first": self.first}

    @classmethod
    def of(cls, encoder: Encoder, arrays: Mapping[str, NDArray[Any]]) -> Dense:
        """From what `arrays` gave. Raises KeyError when something is missing."""
        read = (arrays[name].astype(np.float32) for name in ("weights", "bias", "groups", "axes", "examples"))
        weights, bias, groups, axes, examples = read
        return cls(encoder, weights, bias, groups, axes, examples, arrays["first"].astype(np.intp))

    @classmethod
    def train(
        cls, encoder: Encoder, vectors: Floats, intents: Sequence[str], model: LogisticRegression | None = None
    ) -> Dense:
        """Learn from the vectors of texts, a row each, and their intents. `model`: goes on where it was."""
        model = regression() if model is None else model
        before = getattr(model, "coef_", None) is not None
        model.max_iter = _MORE if before else _ROUNDS
        with _quiet():
            model.fit(vectors, list(intents))
        few = not before and int(model.n_iter_.max()) <= _FEWEST
        assert not few, "the regression stopped at once: raise its rounds or lower its tol"
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        weight = WEIGHT / _tens(len(intents), len(model.classes_))
        learned = cls(
            encoder,
            np.ascontiguousarray(weights.T * weight, dtype=np.float32),
            (bias * weight).astype(np.float32),
            np.ascontiguousarray(_groups(vectors, intents).T, dtype=np.float32),
            *_told_apart(vectors, intents),
        )
        return cls.of(encoder, learned.arrays())  # what was learned and what was kept judge alike, to the last digit


def regression() -> LogisticRegression:
    """One that has learned nothing yet."""
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10, tol=1e-6, warm_start=True)  # a larger tol stops at once on such sizes


def _tens(examples: int, intents: int) -> float:
    """The power of ten of an intent's examples, on average: 1 for ten, 2 for a hundred; for few it is as for four."""
    return math.log10(max(4.0, examples / intents))


def _told_apart(vectors: Floats, intents: Sequence[str]) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """The axes on which the vectors differ most, the examples on them, and where each intent's begin."""
    axes = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :_AXES]
    order = np.argsort(np.array(intents), kind="stable")
    seen = vectors[order] @ axes
    seen /= np.maximum(np.sqrt(np.square(seen).sum(axis=1, keepdims=True)), 1e-9)
    first = np.unique(np.array(intents)[order], return_index=True)[1]
    return np.ascontiguousarray(axes, dtype=np.float32), np.ascontiguousarray(seen.T, dtype=np.float32), first


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
