"""Which words name countries, in the shop's languages: the names of CLDR, in any case of declension."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from babel import Locale

from bot.nlu.text import Token, fold, stem
from bot.understanding import Mention

_LOCALES = ("en", "ru", "uk", "es")
_SHORTEST = 4  # letters of a stem: "Перу" is no "перу", and "Mali" no "mal"


def read(row: Sequence[Token], home: str) -> list[Mention]:
    """Every country but `home` (ISO 3166, two letters), with its code; names of several words are left out."""
    found = []
    for token in row:
        code = _named().get(stem(token.word))
        if code is not None and code != home:
            found.append(Mention(kind="country", value=code, start=token.start, end=token.end))
    return found


@lru_cache(maxsize=1)
def _named() -> dict[str, str]:
    named: dict[str, str] = {}
    for locale in _LOCALES:
        for code, name in Locale(locale).territories.items():
            root = stem(fold(name))
            if len(code) == 2 and code.isalpha() and name.isalpha() and len(root) >= _SHORTEST:
                named.setdefault(root, code)
    return named
