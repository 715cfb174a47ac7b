"""The second opinion of the classifier: logistic regression on an encoder's vectors."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np

from bot.nlu.encoder import Encoder, Floats

WEIGHT = 0.55  # of these scores beside the margins of words and letters; chosen on the development set
_ROUNDS = 60  # more change nothing that can be measured


@dataclass(frozen=True, slots=True)
class Dense:
    """`weights`: vector length x labels; `bias`: labels. In the order of the linear classifier's labels."""

    encoder: Encoder
    weights: Floats
    bias: Floats

    def scores(self, text: str) -> Floats:
        vector = self.encoder.encode([natural(text)])[0]
        found: Floats = np.einsum("i,ij->j", vector, self.weights) + self.bias  # no BLAS, as in the classifier
        return found * np.float32(self.encoder.trust(text))

    @classmethod
    def train(
        cls, encoder: Encoder, texts: Sequence[str], intents: Sequence[str], kept: Encoder | None = None
    ) -> Dense:
        """Learn from masked texts; about a millisecond for each that `kept` has no vector of."""
        from sklearn.linear_model import LogisticRegression

        vectors = (kept or encoder).encode([natural(text) for text in texts])
        model = LogisticRegression(C=10, tol=1e-6, max_iter=_ROUNDS)  # a larger tol stops at once on such sizes
        with _quiet():
            model.fit(vectors, list(intents))
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(
            encoder,
            np.ascontiguousarray(weights.T * WEIGHT, dtype=np.float32),
            (bias * WEIGHT).astype(np.float32),
        )


def natural(masked: str) -> str:
    """Placeholders as words that an encoder knows: `__product__` is a product."""
    return masked.replace("__", "")


def _quiet() -> AbstractContextManager[object]:
    """No warning that the rounds were few: they are chosen so."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning

    return warnings.catch_warnings(action="ignore", category=ConvergenceWarning)
