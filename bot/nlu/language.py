"""Tells the language of a message: letters only one language has, small words, then py3langid among the shop's languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from bot.nlu.identifier import identifier
from bot.nlu.text import is_cyrillic, spelled
from bot.nlu.training import Example

_LETTERS = (("uk", re.compile(r"[іїєґ]")), ("ru", re.compile(r"[ыэъё]")), ("es", re.compile(r"[ñ¿¡]")))
_SMALL = {
    "en": "the is are do you i a an and to my for in of it what how please can want with this that not have yes no need "
    "where when much me more one add take your any hello hi thanks it's i'd don't does would like",
    "es": "el la los las un una de que en y no es por para con mi lo me se su tienen hola gracias quiero cuanto como donde "
    "si vale favor mejor entonces pero tengo hay esta cual dos persona hablar puedo tambien mas esto buenas",
    "ru": "и не что на я как это есть мне а у по да нет сколько можно пожалуйста привет спасибо где хочу мой еще или вас "
    "так здрасьте скока ой какой нужен нужна дайте давайте только лучше тогда меня вы до для доброго дня",
    "uk": "і не що на я як це є мені а у по так ні скільки можна будь ласка привіт дякую де хочу мій ще або вас добрий "
    "який потрібен потрібна дайте давайте тільки краще тоді мене ви до для та чи з й ой оформлюйте день доброго дня ранку "
    "вечора",
}
_SPELLED = spelled(
    "privet skolko mozhno est hochu spasibo dostavka kruzhka kruzhku nuzhno nado gde kak zakaz zdravstvuite dobryi skidka "
    "poka davai pozhaluista chernaya belaya svecha futbolka naushniki otmena menya tovar tsena eto mne zovut"
)
_SPELLED_SO_IN_BOTH = spelled("hochu dostavka de")
_SPELLED_UK = spelled(
    "dvi odyn svichka svichku svichky chashka chashku chashky vizmu dayte tse yak buty hochete shche potribno koly "
    "pryvit skilky mozhna dyakuyu diakuyu bud laska meni zamovlennya zamovlennia treba dobryi koshyk tsina"
)
_KIN = ("ru", "uk")
_SHORT = 40  # letters
TOLD_APART = (  # in files: the shop's languages and their neighbours
    "be", "bg", "cs", "de", "en", "es", "fr", "it", "lt", "nl", "pl", "pt", "ro", "ru", "sr", "tr", "uk",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")


class Languages:
    """Knows the shop's languages. `tell` is quick and thread-safe."""

    def __init__(self, examples: Iterable[Example], locales: Sequence[str], kept: Path | None = None) -> None:
        """Words that the training examples have in one language only speak for it too.

        `kept`: the folder where the identifier of these languages is kept from start to start.
        """
        self._locales = tuple(locales)
        self._kept = kept
        where: dict[str, set[str]] = {}
        for example in examples:
            if example.language:
                for word in _WORD.findall(example.text.lower()):
                    where.setdefault(word, set()).add(example.language)
        self._only = {word: next(iter(own)) for word, own in where.items() if len(own) == 1 and len(word) > 2}
        self._small: dict[str, set[str]] = {}
        for locale, listed in _SMALL.items():
            for word in listed.split():
                self._small.setdefault(word, set()).add(locale)

    def load(self) -> None:
        """Get ready for texts that only the identifier can tell; else the first of them would wait for it."""
        identifier(self._locales, self._kept)

    def tell(self, text: str, *, prior: str | None = None) -> tuple[str | None, float]:
        """(locale, confidence), or (None, 0.0) when the text is too short to tell. `text`: without codes and names."""
        low = text.lower().replace("’", "'").replace("ʼ", "'")
        found = _WORD.findall(low)
        if not found:
            return None, 0.0
        votes = self._votes(low, found, prior)
        if not votes:
            return self._guess(low, found, prior)
        if prior in votes:
            votes[prior] += 0.4
        best = max(votes, key=lambda locale: votes[locale])
        second = max((score for locale, score in votes.items() if locale != best), default=0.0)
        if votes[best] < 1.0 or votes[best] - second < 0.3:
            if prior in votes and votes[prior] >= votes[best] - 0.5:
                return None, 0.0
            return self._guess(low, found, prior, likely=best)
        return best, round(min(0.99, 0.5 + 0.5 * (votes[best] - second) / votes[best]), 3)

    def _votes(self, low: str, found: Sequence[str], prior: str | None) -> dict[str, float]:
        votes: dict[str, float] = {}

        def vote(locale: str, weight: float) -> None:
            if locale in self._locales:
                votes[locale] = votes.get(locale, 0.0) + weight

        for locale, letters in _LETTERS:
            if letters.search(low):
                vote(locale, 2.0)
        for word in found:
            for locale in self._small.get(word, ()):
                vote(locale, 1.0 / len(self._small[word]) if len(word) > 1 else 0.3)
            own = None if word in self._small else self._only.get(word)
            if own and (own in _KIN) == is_cyrillic(word):
                weight = 1.0 if len(word) > 3 else 0.6
                if prior in _KIN and own in _KIN and own != prior:
                    weight = 0.5  # a word or a name that only one of the two has among the examples is no proof
                vote(own, weight)
            if word in _SPELLED:
                vote("uk" if prior == "uk" and word in _SPELLED_SO_IN_BOTH else "ru", 1.2)
            if word in _SPELLED_UK:
                vote("uk", 1.2)
        cyrillic = sum(is_cyrillic(word) for word in found) > len(found) / 2
        for locale in ("ru", "uk") if not cyrillic else ("en", "es"):
            if locale in votes and cyrillic:
                votes[locale] *= 0.2
        return votes

    def _guess(
        self, low: str, found: Sequence[str], prior: str | None, likely: str | None = None
    ) -> tuple[str | None, float]:
        if sum(map(len, found)) < 12 or len(found) < 3:
            script = "cyrillic" if is_cyrillic(low) else "latin"
            if prior and (prior in ("ru", "uk")) == (script == "cyrillic"):
                return None, 0.0
            if script == "cyrillic" and len(low) > 3:
                kin = [locale for locale in self._locales if locale in ("ru", "uk")]
                return (kin[0], 0.4) if kin else (None, 0.0)
            return None, 0.0
        locale, sure = _identify(low, self._locales, self._kept)
        if prior in _KIN and locale in _KIN and locale not in (prior, likely) and len(low) < _SHORT:
            return None, 0.0  # no letter and no word in it is of one of the two alone
        return (locale, sure) if sure >= 0.6 else (None, 0.0)


def identify(text: str) -> tuple[str, float]:
    """(language, confidence) of a written text, among TOLD_APART: for files, whose languages are not known before."""
    return _identify(text.lower(), TOLD_APART)


@lru_cache(maxsize=512)
def _identify(text: str, locales: tuple[str, ...], kept: Path | None = None) -> tuple[str, float]:
    locale, sure = identifier(locales, kept).classify(text)
    return str(locale), round(float(sure), 3)
