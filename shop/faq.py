"""Answers to questions of policy, from faq.yml. Figures come from shop.yml alone: no answer contradicts it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from babel.numbers import format_currency

from base.errors import ShopkeeperError
from base.money import Money
from shop.shopfile import ShopFile
from shop.words import ANY, Text
from shop.yamlfile import Entry, Place, YamlFile, did_you_mean

WriteMoney = Callable[[Money, str], str]
"""(amount, locale) -> the amount in words of that language."""

_VARIABLE = re.compile(r"\{([a-z0-9_]*)\}")
_IN_PHRASES = {
    "delivery": {"name", "price", "days"},
    "delivery_same_day": {"name", "price", "until"},
    "delivery_only": {"delivery", "cities"},
    "payment_limit": {"name", "limit"},
}


class Phrases(Entry):
    """How a delivery or a payment is told in a list."""

    delivery: Text  # {name} {price} {days}
    delivery_same_day: Text  # {name} {price} {until}
    delivery_only: Text  # {delivery} {cities}: only there
    payment_limit: Text  # {name} {limit}


class FaqFile(Entry):
    """faq.yml, checked."""

    phrases: Phrases
    answers: dict[str, Text]


class Faq:
    """The answers of one shop, by intent."""

    def __init__(self, file: FaqFile, shop: ShopFile, money: WriteMoney) -> None:
        self._answers = file.answers
        self._variables = {
            locale: dict(_variables(shop, file.phrases, locale, money)) for locale in _locales(file, shop)
        }

    @property
    def intents(self) -> tuple[str, ...]:
        return tuple(self._answers)

    @property
    def variables(self) -> tuple[str, ...]:
        """What may stand in {braces} in an answer."""
        return tuple(next(iter(self._variables.values())))

    def has(self, intent: str) -> bool:
        return intent in self._answers

    def answer(self, intent: str, locale: str) -> str:
        """The answer in `locale`, or in its first language. Raises ShopkeeperError for an intent without one."""
        if intent not in self._answers:
            told = f"faq.yml has no answer for {intent!r}."
            raise ShopkeeperError(told, did_you_mean(intent, self._answers))
        text = self._answers[intent]
        spoken = locale if locale in text.root else next(iter(text.root))
        values = self._variables.get(locale if spoken == ANY else spoken) or next(iter(self._variables.values()))
        return _VARIABLE.sub(lambda found: values[found[1]], text.root[spoken]).strip()


def load_faq(path: Path, shop: ShopFile, *, money: WriteMoney | None = None) -> Faq:
    """Read faq.yml. Raises ShopkeeperError with a line for each figure written out and each variable that is not known.

    `money` writes amounts; without it they are written as the language does (€3.50, 3,50 €).
    """
    file = YamlFile(path)
    content = file.read(FaqFile)
    faq = Faq(content, shop, money or _written)
    wrong: list[tuple[Place, str]] = []
    for intent, text in content.answers.items():
        for locale, words in text.root.items():
            place = ("answers", intent) if locale == ANY else ("answers", intent, locale)
            wrong.extend((place, told) for told in _mistakes(words, faq.variables))
    for phrase, known in _IN_PHRASES.items():
        for locale, words in getattr(content.phrases, phrase).root.items():
            wrong.extend((("phrases", phrase, locale), told) for told in _mistakes(words, known))
    if wrong:
        raise file.mistakes(wrong)
    return faq


def _mistakes(words: str, known: Mapping[str, object] | tuple[str, ...] | set[str]) -> Iterator[str]:
    for name in _VARIABLE.findall(words):
        if name not in known:
            yield f"{{{name}}} is no figure of shop.yml. {did_you_mean(name, known)}"
    rest = _VARIABLE.sub("", words)
    if found := re.search(r"\d+(?:[.,:]\d+)*", rest):
        told = f"the figure {found.group()} is written out."
        yield f"{told} Put it into shop.yml and write a variable such as {{returns_days}}."
    if "{" in rest or "}" in rest:
        yield "a brace is not closed. Write a variable like {returns_days}."


def _locales(file: FaqFile, shop: ShopFile) -> list[str]:
    spoken = dict.fromkeys(shop.languages)
    for text in file.answers.values():
        spoken |= dict.fromkeys(locale for locale in text.root if locale != ANY)
    return list(spoken)


def _variables(shop: ShopFile, phrases: Phrases, locale: str, money: WriteMoney) -> Iterator[tuple[str, str]]:
    write = partial(_in, locale)
    yield "name", shop.name
    yield "city", shop.city
    yield "email", shop.contact.email
    yield "phone", shop.contact.phone
    yield "address", shop.contact.address
    hours = shop.hours.every_day or next((span for span in shop.hours.spans if span), None)
    yield "hours", str(hours) if hours else "—"
    yield "hours_open", f"{hours.open:%H:%M}" if hours else "—"
    yield "hours_close", f"{hours.close:%H:%M}" if hours else "—"
    yield "reservation_minutes", str(shop.reservation_minutes)
    yield "returns_days", str(shop.returns.days)
    yield "claim_days", str(shop.returns.claim_days)
    for code, delivery in shop.deliveries.items():
        yield f"delivery_{code}_name", delivery.name.said_in(locale)
        yield f"delivery_{code}_price", money(delivery.price, locale)
        yield f"delivery_{code}_days", str(delivery.days)
        if delivery.same_day_until:
            yield f"delivery_{code}_until", f"{delivery.same_day_until:%H:%M}"
    for code, payment in shop.payments.items():
        yield f"payment_{code}_name", payment.name.said_in(locale)
        if payment.limit:
            yield f"payment_{code}_limit", money(payment.limit, locale)
    for name, figure in shop.figures.items():
        yield name, str(figure)
    yield "deliveries", "; ".join(_deliveries(shop, phrases, locale, money))
    limits = {code: money(one.limit, locale) for code, one in shop.payments.items() if one.limit}
    yield (
        "payments",
        ", ".join(
            write(phrases.payment_limit, name=one.name.said_in(locale), limit=limits[code])
            if code in limits
            else one.name.said_in(locale)
            for code, one in shop.payments.items()
        ),
    )


def _deliveries(shop: ShopFile, phrases: Phrases, locale: str, money: WriteMoney) -> Iterator[str]:
    for one in shop.deliveries.values():
        price, name = money(one.price, locale), one.name.said_in(locale)
        if one.same_day_until:
            until = f"{one.same_day_until:%H:%M}"
            told = _in(locale, phrases.delivery_same_day, name=name, price=price, until=until)
        else:
            told = _in(locale, phrases.delivery, name=name, price=price, days=str(one.days))
        yield _in(locale, phrases.delivery_only, delivery=told, cities=", ".join(one.cities)) if one.cities else told


def _in(locale: str, text: Text, **values: str) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text.said_in(locale))


def _written(amount: Money, locale: str) -> str:
    written = format_currency(amount.decimal, amount.currency, locale=locale.replace("-", "_"), currency_digits=True)
    return written.replace("\u00a0", " ").replace("\u202f", " ")
