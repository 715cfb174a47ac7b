"""Guesses intents: TF-IDF of words and letters under a linear classifier, and an encoder's opinion added to it."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from bot.nlu.concepts import concepts
from bot.nlu.dense import Dense
from bot.nlu.encoder import Encoder
from bot.nlu.russian import russian
from bot.nlu.text import stem

Ranking = tuple[tuple[str, float], ...]
Floats = NDArray[np.float32]

FORMAT = 10  # raise it when blocks() or the numbers stored change
_STRANGE = -1.0  # what letters say of an intent that a text has nothing in common with
_KNOWN = 0.4  # above it: from here on the text is known to them
_LEAST = 0.25  # of its confidence is left to what is strange to them
_PLACES = 6  # of a ranking
_MOST_CONCEPTS = 14  # of one clause: pairs grow with the square
EDGES = ".,;:!?¿¡()\"'«»…"
_NEARNESS = 8  # of a cosine beside the scores' energy; chosen on the development set, as the others
_DENSE = "dense_"  # what the names of the second opinion's arrays begin with in the file


class Judged(NamedTuple):
    """`ranking`: best first, confidences in 0..1. `known`: it is like something that was learned."""

    ranking: Ranking
    known: bool


class Classifier(Protocol):
    """Anything that tells the intent of a masked clause (see masking.mask)."""

    def judge(self, text: str) -> Judged: ...


def blocks(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
    """Four views of a masked clause: its words, letters inside them, concepts in order, concepts that stand together.

    A placeholder is a word and has no letters. Each view weighs the same, however long the clause is.
    """
    cut = [part if part.startswith("__") else part.strip(EDGES) for part in text.split()]
    words = [word for word in cut if word]
    meant = concepts(words)
    if "?" in text:
        meant.append(("?",))
    return _words(words, "?" in text), _letters(words), _ordered(meant), _together(meant)


def _words(words: Sequence[str], question: bool) -> list[str]:
    found = [f"w {word}" for word in words]
    found += [f"w {a} {b}" for a, b in pairwise(words)]
    stems = [word if word.startswith("__") else stem(word) for word in words]
    found += [f"s {word}" for word in stems]
    found += [f"s {a} {b}" for a, b in pairwise(stems)]
    if words:
        found += [f"b {words[0]}", f"e {words[-1]}"]
    if question:
        found.append("q ?")
    return found


def _letters(words: Sequence[str]) -> list[str]:
    found: list[str] = []
    for word in words:
        if word.startswith("__"):
            continue
        padded = f"^{word}$"
        for size in (2, 3, 4, 5):
            if len(padded) <= size:
                found.append(padded)
                break
            found += [padded[i : i + size] for i in range(len(padded) - size + 1)]
    return found


def _ordered(meant: Sequence[tuple[str, ...]]) -> list[str]:
    found = [f"c {concept}" for own in meant for concept in own]
    return found + [f"c {a} {b}" for left, right in pairwise(meant) for a in left for b in right]


def _together(meant: Sequence[tuple[str, ...]]) -> list[str]:
    flat = sorted({concept for own in meant for concept in own})[:_MOST_CONCEPTS]
    return [f"t {concept}" for concept in flat] + [f"t {a} {b}" for a, b in combinations(flat, 2)]


class LinearClassifier:
    """One row of weights per gram; a clause's score is the sum of its grams' rows. No scikit-learn at run time."""

    def __init__(
        self,
        labels: Sequence[str],
        vocabulary: Sequence[str],
        idf: Floats,
        weights: NDArray[np.float16],
        bias: Floats,
        scale: float,
        dense: Dense | None = None,
        share: float = 1.0,
        threshold: float = -math.inf,
    ) -> None:
        self.labels = tuple(labels)
        self.threshold = threshold  # of `scope`
        self._place = {gram: i for i, gram in enumerate(vocabulary)}
        self._idf = idf
        self._weights = weights  # grams x labels: the larger part of a model's memory
        self._bias = bias
        self._scale = scale  # turns margins into something like probabilities
        self._dense = dense
        self._share = share  # what letters and concepts know of strangeness: much where the words are a shop's

    def judge(self, text: str) -> Judged:
        letters, scores, scope = self.scored(text)
        odds = np.exp((scores - scores.max()) * self._scale)
        odds /= odds.sum()
        if self._dense is not None:  # an encoder has an opinion of nonsense, too
            odds *= min(1.0, max(_LEAST, (float(letters[scores.argmax()]) - _STRANGE) / _KNOWN))
        best = np.argsort(-odds)[:_PLACES]
        return Judged(tuple((self.labels[i], round(float(odds[i]), 4)) for i in best), scope >= self.threshold)

    def best(self, text: str) -> tuple[str, float]:
        """The likeliest intent, and its scope: how much the text is like anything that was learned."""
        _, scores, scope = self.scored(text)
        return self.labels[int(scores.argmax())], scope

    def scored(self, text: str, vector: Floats | None = None) -> tuple[Floats, Floats, float]:
        """The margins of words and letters, those with the encoder's opinion, and the scope.

        The scope is the energy of the scores, the nearness to examples, and what the letters say of the winner: the
        highest score alone takes much for known that nobody taught (figures: docs/adr/0011).
        """
        text = russian(text)
        letters = self._letters(text)
        if self._dense is None:
            return letters, letters, float(letters.max())
        if vector is None:
            vector = self._dense.vector(text)
        scores = letters + self._dense.scores(vector)
        top = float(scores.max())
        energy = top + math.log(float(np.exp((scores - top) * self._scale).sum())) / self._scale
        familiar = self._share * float(letters[scores.argmax()])
        return letters, scores, energy + _NEARNESS * self._dense.nearness(vector) + familiar

    def _letters(self, text: str) -> Floats:
        scores = self._bias.copy()
        for block in blocks(text):
            counted = Counter(self._place[gram] for gram in block if gram in self._place)
            if not counted:
                continue
            places = np.fromiter(counted, dtype=np.int64, count=len(counted))
            times = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
            values = (1 + np.log(times)) * self._idf[places]
            values /= np.sqrt(np.square(values).sum())
            rows = self._weights[places].astype(np.float32)
            scores += np.einsum("i,ij->j", values, rows)  # no BLAS: its threads would wait for each other
        return scores

    def save(self, path: Path) -> None:
        """Write at once or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{uuid4().hex}")
        dense = self._dense
        opinion = {} if dense is None else {_DENSE + name: each for name, each in dense.arrays().items()}
        about = json.dumps({
            "labels": self.labels, "vocabulary": list(self._place), "scale": self._scale, "share": self._share,
            "threshold": self.threshold, "encoder": dense and dense.encoder.name,
        })  # fmt: skip
        try:
            with draft.open("wb") as out:
                np.savez(
                    out,
                    about=np.frombuffer(about.encode(), dtype=np.uint8),
                    idf=self._idf,
                    weights=self._weights,
                    bias=self._bias,
                    **opinion,
                )
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, encoder: Encoder | None = None) -> LinearClassifier | None:
        """The stored model, or None when there is none, it is broken, or of another encoder: then train anew."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                about = json.loads(stored["about"].tobytes())
                idf, bias = stored["idf"], stored["bias"]
                weights = stored["weights"]
                if about["encoder"] != (encoder and encoder.name):
                    return None
                own = {name.removeprefix(_DENSE): stored[name] for name in stored if name.startswith(_DENSE)}
            dense = None if encoder is None else Dense.of(encoder, own)
            labels, vocabulary = about["labels"], about["vocabulary"]
            if weights.shape != (len(vocabulary), len(labels)) or len(idf) != len(vocabulary):
                return None
            scale, share, threshold = (float(about[name]) for name in ("scale", "share", "threshold"))
            return cls(labels, vocabulary, idf, weights, bias, scale, dense, share, threshold)
        except Exception:  # whatever is wrong with a cache file, training mends it
            return None


def digest(*parts: bytes) -> str:
    """A name for a model: the same data and the same code give the same name."""
    mix = hashlib.sha256(str(FORMAT).encode())
    for part in parts:
        mix.update(hashlib.sha256(part).digest())
    return mix.hexdigest()[:24]
