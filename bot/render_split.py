"""Measures and cuts text in a channel's own unit, at the best border there is and never inside a character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal

Unit = Literal["chars", "utf16", "bytes"]

# Borders from best to worst: paragraph, line, sentence, word. A match ends where the next piece may begin.
BORDERS = tuple(re.compile(border) for border in (r"\n[ \t]*\n\s*", r"\n\s*", r"(?<=[.!?…;])[\"»”’)]*\s+", r"\s+"))


def measure(text: str, unit: Unit) -> int:
    """Length of `text` in characters (code points), UTF-16 code units or UTF-8 bytes."""
    if unit == "bytes":
        return len(text.encode(errors="surrogatepass"))
    if unit == "utf16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text)


def split(text: str, limit: int, unit: Unit) -> tuple[str, ...]:
    """Pieces of `text`, each at most `limit` long, without the white space at their borders.

    A single character that is longer than the limit stays whole: half a character is worse than a refused message.
    """
    return tuple(_pieces(text.strip(), limit, unit))


def shorten(title: str, limit: int) -> str:
    """`title` in at most `limit` characters, its end replaced by an ellipsis when it is longer."""
    title = title.strip()
    if len(title) <= limit:
        return title
    return title[: whole_characters(title, max(limit - 1, 0))].rstrip() + "…"


def whole_characters(text: str, cut: int) -> int:
    """The nearest place at or before `cut` that is not inside what a reader sees as one character."""
    while 0 < cut < len(text) and _inside_character(text, cut):
        cut -= 1
    return cut


def _pieces(text: str, limit: int, unit: Unit) -> Iterator[str]:
    while text:
        if measure(text, unit) <= limit:
            yield text
            return
        reach = len(_longest_start(text, limit, unit))
        cut = _best_border(text, reach) or whole_characters(text, reach) or max(reach, 1)
        yield text[:cut].rstrip()
        text = text[cut:].lstrip()


def _longest_start(text: str, limit: int, unit: Unit) -> str:
    if unit == "bytes":
        return text.encode(errors="surrogatepass")[:limit].decode(errors="ignore")
    if unit == "utf16":
        return text.encode("utf-16-le", "surrogatepass")[: limit * 2].decode("utf-16-le", errors="ignore")
    return text[:limit]


def _best_border(text: str, reach: int) -> int:
    """The last border of the best kind in the second half of the reach, else the last border of any kind; 0 if none."""
    last = 0
    for border in BORDERS:
        # One character more than the reach: a border may stand exactly behind the last word that fits.
        starts = [found.start() for found in border.finditer(text, 0, reach + 1) if 0 < found.start() <= reach]
        if starts and starts[-1] * 2 >= reach:
            return starts[-1]
        last = max([last, *starts])
    return last


def _inside_character(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if before == "\u200d" or _joins(after):
        return True
    if _is_flag_letter(before) and _is_flag_letter(after):  # a flag is two regional letters
        start = cut
        while start > 0 and _is_flag_letter(text[start - 1]):
            start -= 1
        return (cut - start) % 2 == 1
    return before == "\r" and after == "\n"


def _joins(character: str) -> bool:
    """Whether this code point changes the one before it: accents, joiners, skin tones, variation selectors, tags."""
    code = ord(character)
    return (
        unicodedata.category(character) in {"Mn", "Me", "Mc"}
        or code == 0x200D
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _is_flag_letter(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF
