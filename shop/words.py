"""Small values of an owner's file: words in several languages, hours, days, amounts."""

from __future__ import annotations

from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field, RootModel, ValidationInfo, model_validator

from base.errors import BadInput
from base.money import Money
from shop.yamlfile import Entry

ANY = "*"  # the language of words that are the same in all of them


class Text(RootModel[dict[str, str]]):
    """Words in each language, or the same words for all."""

    @model_validator(mode="before")
    @classmethod
    def _one_for_all(cls, value: object) -> object:
        return {ANY: value} if isinstance(value, str) else value

    def said_in(self, locale: str) -> str:
        """The words in `locale`; else those for all languages; else the first there are."""
        words = self.root
        return words.get(locale) or words.get(ANY) or next(iter(words.values()), "")


class WordLists(RootModel[dict[str, tuple[str, ...]]]):
    """Lists of words by language, most usual first."""

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, value: object) -> object:
        if isinstance(value, list):
            value = {ANY: value}
        if isinstance(value, dict):
            return {locale: [words] if isinstance(words, str) else words for locale, words in value.items()}
        return value

    def said_in(self, locale: str) -> str:
        """The usual word in `locale`."""
        words = self.root
        best = words.get(locale) or words.get(ANY) or next(iter(words.values()), ())
        return best[0] if best else ""

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(word for words in self.root.values() for word in words))


class Span(Entry):
    """Hours of a day, shop time; `close` may be past midnight. Written `09:00-19:00`."""

    open: time
    close: time

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        first, _, last = value.replace("–", "-").partition("-")
        try:
            return {"open": time.fromisoformat(first.strip()), "close": time.fromisoformat(last.strip())}
        except ValueError:
            raise ValueError(f"{value!r} are no hours. Write them like 09:00-19:00.") from None

    def contains(self, at: time) -> bool:
        """Whether `at` (shop time) lies inside; the end does not."""
        if self.open <= self.close:
            return self.open <= at < self.close
        return at >= self.open or at < self.close

    def __str__(self) -> str:
        return f"{self.open:%H:%M}–{self.close:%H:%M}"


class Days(Entry):
    """From so many days to so many. Written `3-5`."""

    least: int = Field(ge=0)
    most: int = Field(ge=0)

    @model_validator(mode="before")
    @classmethod
    def _written(cls, value: object) -> object:
        if not isinstance(value, (str, int)):
            return value
        first, _, last = str(value).replace("–", "-").partition("-")
        if not first.strip().isdigit() or not (last or first).strip().isdigit() or int(last or first) < int(first):
            raise ValueError(f"{value!r} are no days. Write them like 3-5.")
        return {"least": int(first), "most": int(last or first)}

    def __str__(self) -> str:
        return str(self.least) if self.least == self.most else f"{self.least}–{self.most}"


def _amount(value: object, info: ValidationInfo) -> object:
    if isinstance(value, Money):
        return value
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise ValueError("must be an amount, such as 12.00.")
    try:
        amount = Money.parse(value, (info.context or {}).get("currency", "EUR"))
    except BadInput as error:
        raise ValueError(str(error)) from None
    if amount.amount_minor < 0:
        raise ValueError("must not be below zero.")
    return amount


def _clock(value: object) -> object:
    if isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is no time of day. Write it like 15:00.") from None
    return value


Amount = Annotated[Money, BeforeValidator(_amount)]
Clock = Annotated[time, BeforeValidator(_clock)]
