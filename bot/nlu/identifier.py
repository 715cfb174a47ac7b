"""py3langid for some languages alone: whole, its tables of 142 would be a third of the program and a second of work."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, cast
from uuid import uuid4
from zipfile import BadZipFile

import numpy as np
import structlog

log = structlog.get_logger(__name__)


class Identifier(Protocol):
    def classify(self, text: str) -> tuple[str, float]: ...


@lru_cache(maxsize=4)
def identifier(locales: tuple[str, ...], kept: Path | None = None) -> Identifier:
    """Made anew this takes most of a second; from what was kept in the folder `kept`, some hundredths."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE

    version = (MODEL_DIR / MODEL_FILE).stat().st_size
    name = f"languages-{'-'.join(locales)}-{version}"
    if kept is not None:
        try:
            return _read(kept, name)
        except (OSError, ValueError, KeyError, BadZipFile):  # none yet, or broken
            pass
        try:
            kept.mkdir(parents=True, exist_ok=True)
            _write(kept, name, locales)
            return _read(kept, name)
        except OSError as error:  # a home that cannot be written: made anew at every start
            log.warning("the languages are not kept", folder=str(kept), why=type(error).__name__)
    with TemporaryDirectory() as folder:
        _write(Path(folder), name, locales)
        return _read(Path(folder), name)


def _write(folder: Path, name: str, locales: Sequence[str]) -> None:
    """The tables of these languages, at once or not at all; the great one by itself, so that it can be mapped."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    weights, priors, languages, moves, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    ours = [index for index, language in enumerate(languages) if language in locales]
    draft = folder / f".{name}.{uuid4().hex}"
    try:
        with draft.open("wb") as out:
            out.write(memoryview(moves))
        os.replace(draft, folder / f"{name}.moves")
        with draft.open("wb") as out:
            np.savez(
                out, weights=weights[:, ours], priors=priors[ours], languages=[languages[index] for index in ours],
                rows=np.asarray(rows, dtype=np.uint32), features=np.asarray(features, dtype=np.int32),
                moves=[moves.typecode, str(len(moves))],
            )  # fmt: skip
        os.replace(draft, folder / f"{name}.npz")
    finally:
        draft.unlink(missing_ok=True)


def _read(folder: Path, name: str) -> Identifier:
    """Of the great table only the few pages that are looked at come into memory."""
    from py3langid.langid import LanguageIdentifier

    with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
        typecode, length = stored["moves"].tolist()
        with (folder / f"{name}.moves").open("rb") as file:
            moves = memoryview(mmap(file.fileno(), 0, access=ACCESS_READ)).cast(typecode)
        if len(moves) != int(length):
            raise ValueError(f"{name}.moves was cut off")
        return cast(
            Identifier,
            LanguageIdentifier(
                stored["weights"], stored["priors"], stored["languages"].tolist(), moves,
                memoryview(stored["features"]), norm_probs=True, tk_row=memoryview(stored["rows"]),
            ),
        )  # fmt: skip
