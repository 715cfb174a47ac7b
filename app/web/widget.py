"""Puts the widget's sources together into the one file that a page embeds."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).parent / "static" / "widget"
SCRIPTS = (
    "texts.js",
    "store.js",
    "connection.js",
    "parts.js",
    "thread.js",
    "element.js",
)  # each may use those before it


@dataclass(frozen=True, slots=True)
class Widget:
    """The file as it is sent."""

    plain: bytes
    gzipped: bytes
    etag: str


def read_widget() -> Widget:
    """All sources in one closure. Raises OSError when one is missing."""
    style = (SOURCES / "style.css").read_text(encoding="utf-8")
    scripts = [(SOURCES / name).read_text(encoding="utf-8") for name in SCRIPTS]
    whole = "\n".join(
        ["(() => {", '"use strict";', f"const STYLE = {json.dumps(style, ensure_ascii=False)};", *scripts, "})();", ""]
    ).encode()
    return Widget(whole, gzip.compress(whole, 9, mtime=0), f'"{hashlib.sha256(whole).hexdigest()[:20]}"')
