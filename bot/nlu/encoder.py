"""Turns texts into vectors whose nearness is nearness in meaning. The weights come with an installed package."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from base.errors import ShopkeeperError
from bot.nlu.universal import NAME as DEFAULT
from bot.nlu.universal import UniversalSentenceEncoder

Floats = NDArray[np.float32]

NONE = "none"
_KEPT = 4096  # vectors of short, common messages; 2 kB each


class Encoder(Protocol):
    """`name` tells models trained with different encoders apart."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row of length 1 for each text. Thread-safe."""
        ...

    def is_word(self, word: str) -> bool:
        """Whether it knows a folded word as one: then it is spelt right. False where that cannot be told."""
        ...


class NamedEncoder:
    """A model2vec or sentence-transformers model, fetched by that library from its hub the first time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._encode = _model2vec(name) or _sentence_transformers(name)
        if self._encode is None:
            raise ShopkeeperError(
                f"SHOPKEEPER_NLU__ENCODER={name}: no library for it is installed.",
                "Install model2vec or sentence-transformers, or set the encoder to none or leave it empty.",
            )

    def encode(self, texts: Sequence[str]) -> Floats:
        assert self._encode is not None
        rows = np.asarray(self._encode(list(texts)), dtype=np.float32)
        lengths = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
        unit: Floats = (rows / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        return unit

    def is_word(self, word: str) -> bool:
        return False


class Remembering:
    """An encoder that keeps the vectors of the latest texts it was asked for one by one."""

    def __init__(self, encoder: Encoder) -> None:
        self.name = encoder.name
        self._encoder = encoder
        self._one = lru_cache(maxsize=_KEPT)(lambda text: encoder.encode([text]))

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._one(texts[0]) if len(texts) == 1 else self._encoder.encode(texts)

    def is_word(self, word: str) -> bool:
        return self._encoder.is_word(word)


class Kept:
    """An encoder for training that reads the vectors of known texts from a file: only new examples cost time."""

    def __init__(self, encoder: Encoder, path: Path) -> None:
        self.name = encoder.name
        self._encoder, self._path = encoder, path

    def encode(self, texts: Sequence[str]) -> Floats:
        known = self._read()
        if new := [text for text in dict.fromkeys(texts) if text not in known]:
            known |= dict(zip(new, self._encoder.encode(new).astype(np.float16), strict=True))  # as they are kept
            self._write({text: known[text] for text in dict.fromkeys(texts)})
        return np.stack([known[text] for text in texts]).astype(np.float32)

    def is_word(self, word: str) -> bool:
        return self._encoder.is_word(word)

    def _read(self) -> dict[str, Floats]:
        try:
            with np.load(self._path, allow_pickle=False) as stored:
                texts = json.loads(stored["texts"].tobytes())
                return dict(zip(texts, stored["vectors"].astype(np.float32), strict=True))
        except Exception:  # whatever is wrong with a cache file, reading the texts anew mends it
            return {}

    def _write(self, known: Mapping[str, Floats]) -> None:
        """At once or not at all; a folder that cannot be written costs time at the next training, nothing else."""
        draft = self._path.with_name(f".{self._path.name}.{uuid4().hex}")
        texts = np.frombuffer(json.dumps(list(known)).encode(), dtype=np.uint8)
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as out:
                np.savez(out, texts=texts, vectors=np.stack(list(known.values())).astype(np.float16))
            draft.replace(self._path)


@lru_cache(maxsize=2)
def load_encoder(name: str, models: Path | None = None) -> Encoder | None:
    """The encoder of the setting `name`: empty is the default one, `none` is none.

    `models`: the folder of models; without one the default encoder takes a second or two to unpack. Raises
    ShopkeeperError when it is not installed.
    """
    if name == NONE:
        return None
    return UniversalSentenceEncoder(models) if name in ("", DEFAULT) else NamedEncoder(name)


def encoder_name(name: str) -> str:
    """What `load_encoder(name).name` would be, without loading it."""
    return name or DEFAULT


class _Encode(Protocol):
    def __call__(self, texts: list[str], /) -> object: ...


def _model2vec(name: str) -> _Encode | None:
    try:
        from model2vec import StaticModel
    except ImportError:
        return None
    try:
        encode: _Encode = StaticModel.from_pretrained(name).encode
    except Exception:  # not a static model, or the hub is away: the other library may know it
        return None
    return encode


def _sentence_transformers(name: str) -> _Encode | None:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        return None
    try:
        encode: _Encode = SentenceTransformer(name, device="cpu").encode
    except Exception as error:
        raise ShopkeeperError(
            f"SHOPKEEPER_NLU__ENCODER={name} cannot be loaded ({type(error).__name__}).",
            "Check the name and the network, or set the encoder to none or leave it empty.",
        ) from error
    return encode
