"""Letters and words: folding, tokens with their places, light stems, and one sound for two alphabets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 2000  # characters of one message that are read
_APOSTROPHES = dict.fromkeys(map(ord, "’‘ʼ`´′"), "'")
_LETTERS = str.maketrans("ёґ", "ег") | _APOSTROPHES | dict.fromkeys(map(ord, "‐‑–—−"), "-")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['-][^\W\d_]+)*")
_CYRILLIC = re.compile(r"[а-яіїєґ]", re.IGNORECASE)
_UNSEEN = ("Cc", "Cs", "Cf", "Co")
_VOWELS = frozenset("aeiouyаеиоуыэюяіїє")
_ENDINGS = (
    *("ами", "ями", "ого", "его", "ому", "ему", "ыми", "ими", "ою", "ею", "ая", "яя", "ую", "юю", "ой", "ей", "ій"),
    *("ої", "ое", "ее", "ый", "ий", "ым", "им", "ом", "ем", "ых", "их", "ые", "ие", "ам", "ям", "ах", "ях", "ов", "ев"),
    *("ів", "їв", "ья", "ью", "ьи", "а", "я", "у", "ю", "о", "е", "и", "ы", "ь", "й", "ї", "і", "є"),
)
_FLEETING = re.compile(r"([^аеиоуыэюяіїє])[оеі]к$")
_TO_LATIN = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
        "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "і": "i", "ї": "i", "є": "e",
    }
)  # fmt: skip
_SOUNDS = (
    ("shch", "sh"), ("sch", "sh"), ("kh", "h"), ("ph", "f"), ("ck", "k"), ("qu", "k"), ("yu", "iu"), ("ju", "iu"),
    ("ya", "ia"), ("ja", "ia"), ("yo", "e"), ("ye", "e"), ("ee", "i"), ("oo", "u"), ("w", "v"), ("x", "ks"),
    ("q", "k"), ("y", "i"), ("'", ""), ("-", ""),
)  # fmt: skip
_HARD_C = re.compile(r"c(?!h)")
_DOUBLE = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a number, folded, with its place in the text it came from."""

    word: str
    raw: str
    start: int
    end: int

    @property
    def digits(self) -> bool:
        return self.word.isdecimal()


def tidy(text: str) -> str:
    """What was typed, composed (NFC), cut to LONGEST, without control characters: safe to store and to read."""
    shown = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Cf", "Co") and c != "\n" else c for c in text[:LONGEST]
    )
    return unicodedata.normalize("NFC", shown)[:LONGEST]


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    low = letter.lower()
    if len(low) != 1:
        return letter
    low = low.translate(_LETTERS)
    if "À" <= letter <= "ɏ":
        base = unicodedata.normalize("NFD", low)[0]
        return base if base.isascii() else low
    return low


def fold(text: str) -> str:
    """Lower case, Latin accents off, one apostrophe, one hyphen. As long as `text`, so places stay true."""
    if text.isascii():
        return text.lower()
    return "".join(map(_fold_letter, text))


def tokens(text: str, folded: str | None = None) -> list[Token]:
    """Words and numbers of `text` in order."""
    folded = fold(text) if folded is None else folded
    return [Token(m.group(), text[m.start() : m.end()], m.start(), m.end()) for m in _WORD.finditer(folded)]


def words(text: str) -> list[str]:
    """The folded words and numbers alone."""
    return _WORD.findall(fold(text))


def is_cyrillic(text: str) -> bool:
    return _CYRILLIC.search(text) is not None


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A folded word without its ending: `кружку` -> `кружк`, `tazas` -> `taz`, `candles` -> `candl`."""
    if is_cyrillic(word):
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return _FLEETING.sub(r"\1к", word[: -len(ending)])
        return _FLEETING.sub(r"\1к", word)
    if len(word) > 4 and word.endswith("es"):
        word = word[:-2]
    elif len(word) > 3 and word.endswith("s") and word[-2] not in "ius":
        word = word[:-1]
    if len(word) > 3 and word[-1] in "aoe":
        word = word[:-1]
    return word


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A folded word in one spelling for Latin and Cyrillic: `кружку` and `kruzhku` meet here."""
    if is_cyrillic(word):
        word = word.translate(_TO_LATIN)
    for spelled, heard in _SOUNDS:
        if spelled in word:
            word = word.replace(spelled, heard)
    return _DOUBLE.sub(r"\1", _HARD_C.sub("k", word))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """The consonants of a word's sound, an opening vowel as `a`: `oroura` and `aurora` meet here."""
    heard = sound(word)
    if not heard:
        return ""
    return ("a" if heard[0] in _VOWELS else "") + "".join(c for c in heard if c not in _VOWELS)


def spelled(listed: str) -> frozenset[str]:
    """A table of words written as one text."""
    return frozenset(listed.split())
