"""Pictures that people send in the windows: the newest are kept, each at an address that nobody guesses."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

from app.emulator.rules import GraphError

MOST = 200  # pictures that are kept
LARGEST = 1024 * 1024  # bytes; the window makes a picture smaller before it sends it
JPEG = b"\xff\xd8\xff"
NAME = re.compile(r"[A-Za-z0-9_-]{32}\.jpg")


class Pictures:
    """`folder` None: nothing can be kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def keep(self, picture: bytes) -> str:
        """The name of the picture from now on. Raises GraphError for what is no JPEG, or too large."""
        if self._folder is None or not picture.startswith(JPEG) or len(picture) > LARGEST:
            raise GraphError(100, 2018047, "(#100) Upload attachment failure")
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{secrets.token_urlsafe(24)}.jpg"
        with open(os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(picture)
        for old in sorted(self._folder.glob("*.jpg"), key=lambda one: one.stat().st_mtime)[:-MOST]:
            old.unlink(missing_ok=True)
        return name

    def find(self, name: str) -> Path | None:
        """The file of this name, while it is kept."""
        if self._folder is None or not NAME.fullmatch(name):
            return None
        path = self._folder / name
        return path if path.is_file() else None
