"""Knows the words people use in a shop's talk: mends a misspelt one, and tells a strange one from a familiar one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.text import stem, tokens, words
from bot.nlu.training import Example
from bot.nlu.vocabulary import SMALL_WORDS

_OTHER_TALK = frozenset(["out_of_scope", "smalltalk", "find_product", "find_gift"])  # whose nouns are anything at all
_SHORTEST = 4  # letters from which on a word may be misspelt
_SURE = 6  # letters from which on a word that is nearly a known one is that one
_LONG = 8  # letters from which on two slips are one word still
_RUN = re.compile(r"(.)\1+")
_WORDS = re.compile(r"(?<![\w_])[^\W\d_]+(?:'[^\W\d_]+)*(?![\w_])")


class Spelling:
    """Made of the training examples; thread-safe, its only state is a cache."""

    def __init__(self, examples: Iterable[Example], is_word: Callable[[str], bool] = lambda word: False) -> None:
        """`is_word`: whether somebody who has read more than the examples knows a folded word."""
        known, shop = set(SMALL_WORDS), set(SMALL_WORDS)
        for example in examples:
            known.update(words(example.text))
            if example.intent not in _OTHER_TALK:
                spans = example.spans
                shop.update(
                    t.word for t in tokens(example.text) if not any(s.start < t.end and t.start < s.end for s in spans)
                )
        self._known = frozenset(known)
        self._is_word = is_word
        self._stems = frozenset(map(stem, shop))
        self._all_stems = frozenset(map(stem, known))
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(known):
            if len(word) >= _SHORTEST - 1:
                self._by_first.setdefault(word[0], []).append(word)
        self._mended = lru_cache(maxsize=20_000)(self._mend)

    def mend(self, text: str) -> str:
        """Folded words with those that nobody knows put right where a known word is one slip away."""
        return _WORDS.sub(lambda match: self._mended(match.group()), text)

    def strange(self, word: str) -> bool:
        """Whether a folded word has no place in talk about buying: a noun of another world, a row of letters."""
        if stem(word) in self._stems:
            return False
        return len(word) < _SURE or stem(self._mended(word)) not in self._stems

    def _mend(self, word: str) -> str:
        if word in self._known or self._is_word(word) or stem(word) in self._all_stems:
            return word  # a word that no example has is not misspelt for that
        single = _RUN.sub(r"\1", word)
        if len(single) > 1 and single in self._known:
            return single
        if len(word) < _SHORTEST:
            return word
        slips = 2 if len(word) >= _LONG else 1
        alike = self._by_first.get(word[0], ())
        for near, _, _ in process.extract(word, alike, scorer=OSA.distance, score_cutoff=slips, limit=4):
            if len(word) >= _SURE or len(near) != len(word) or sorted(near) == sorted(word):
                return near  # in a short word another letter makes another word: "dogs" are no "does"
        return word
