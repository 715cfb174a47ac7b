"""Texts from Fluent files: a key and facts become a sentence in the customer's language, money and dates included."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_symbol
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser
from fluent.syntax.ast import Junk, Message, Resource, VariableReference
from fluent.syntax.visitor import Visitor

from base.errors import ShopkeeperError
from base.money import STARS, Money
from bot.state import Arg, Day, Lines, Moment, Sentence

FALLBACK = "en"


@lru_cache(maxsize=32)
def _parsed(source: str) -> Resource:
    """A file's messages. Parsing takes a quarter of a second, and nothing changes what was parsed."""
    return FluentParser().parse(source)


def _checked(source: str, path: Path) -> Resource:
    """The messages of a file. Raises ShopkeeperError for a line that is none: it would be left out in silence."""
    parsed = _parsed(source)
    for entry in parsed.body:
        if isinstance(entry, Junk):
            line = source[: entry.span.start if entry.span else 0].count("\n") + 1
            raise ShopkeeperError(
                f"{path}, line {line}: this is not a Fluent message.", "Write: key = Text with { $name }"
            )
    return parsed


def _facts(message: Message) -> dict[str, int]:
    """The variables of a message, and where in the file each stands first."""
    found: dict[str, int] = {}

    class Seeker(Visitor):
        def visit_VariableReference(self, node: VariableReference) -> None:
            found.setdefault(node.id.name, node.span.start if node.span else 0)

    Seeker().visit(message)
    return found


def _refuse_unknown_facts(changed: Resource, shipped: Resource, source: str, path: Path) -> None:
    """A customer would read `{$nmae}`. Raises ShopkeeperError with the line."""
    known = {entry.id.name: _facts(entry).keys() for entry in shipped.body if isinstance(entry, Message)}
    for entry in changed.body:
        if not isinstance(entry, Message) or entry.id.name not in known:
            continue
        for name, place in _facts(entry).items():
            if name not in known[entry.id.name]:
                has = ", ".join(f"${one}" for one in sorted(known[entry.id.name])) or "no facts at all"
                line = source[:place].count("\n") + 1
                raise ShopkeeperError(f"{path}, line {line}: {entry.id.name} does not know ${name}.", f"It has {has}.")


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")  # some editors put a mark before the first letter
    except UnicodeDecodeError:
        raise ShopkeeperError(f"{path} is not UTF-8 text.", "Save it again as UTF-8.") from None
    except OSError as error:
        raise ShopkeeperError(f"{path} cannot be read: {error.strerror}.") from None


class Texts:
    """All sentences of the bot. Keys in code are dotted (`cart.added`); in the files they are dashed (`cart-added`)."""

    def __init__(self, sources: Mapping[str, str], *, zone: ZoneInfo, folder: Path = Path("data/texts")) -> None:
        """`sources`: locale -> Fluent source, of files in `folder`. Raises ShopkeeperError where one does not parse."""
        self.zone = zone
        self._bundles: dict[str, FluentBundle] = {}
        self.keys: dict[str, frozenset[str]] = {}
        for locale, source in sources.items():
            parsed = _checked(source, folder / f"{locale}.ftl")
            bundle = FluentBundle([locale], use_isolating=False)  # isolation marks would break pay links
            bundle.add_resource(parsed)
            self._bundles[locale] = bundle
            self.keys[locale] = frozenset(
                entry.id.name.replace("-", ".") for entry in parsed.body if isinstance(entry, Message)
            )
        if FALLBACK not in self._bundles:
            raise ShopkeeperError(f"{folder / 'en.ftl'} is missing.", "Every shop needs the English texts.")

    @classmethod
    def load(cls, folder: Path, *, zone: ZoneInfo, own: Path | None = None) -> Texts:
        """Read `<locale>.ftl` from `folder`; files of the same name in `own` (the shop's) override single texts."""
        sources: dict[str, str] = {}
        for path in sorted(folder.glob("*.ftl")):
            sources[path.stem] = _read(path)
        if not sources:
            raise ShopkeeperError(f"No texts in {folder}.", "Expected en.ftl and its sisters.")
        texts = cls(sources, zone=zone, folder=folder)
        for path in sorted(own.glob("*.ftl")) if own and own.is_dir() else ():
            if bundle := texts._bundles.get(path.stem):
                source = _read(path)
                changed = _checked(source, path)
                _refuse_unknown_facts(changed, _parsed(sources[path.stem]), source, path)
                bundle.add_resource(changed, allow_overrides=True)
        return texts

    @cached_property
    def locales(self) -> tuple[str, ...]:
        return tuple(self._bundles)

    def locale_for(self, tag: str | None) -> str:
        """The nearest language that has texts: `pt-BR` -> en, `es-MX` -> es."""
        base = (tag or "").replace("_", "-").split("-")[0].lower()
        return base if base in self._bundles else FALLBACK

    def has(self, key: str) -> bool:
        return self._bundles[FALLBACK].has_message(_file_key(key))

    def say(self, said: Sentence, locale: str) -> str:
        """The sentence in words. A text missing in a language is said in English; a key that nobody has is a bug."""
        for choice in (self.locale_for(locale), FALLBACK):
            bundle = self._bundles[choice]
            if not bundle.has_message(_file_key(said.key)):
                continue
            pattern = bundle.get_message(_file_key(said.key)).value
            if pattern is None:
                continue
            args = {name: self._arg(value, choice) for name, value in said.args.items()}
            words, _ = bundle.format_pattern(pattern, args)
            return str(words).strip()
        raise ShopkeeperError(f"There is no text {said.key!r}.", "Add it to data/texts/en.ftl.")

    def money(self, amount: Money, locale: str) -> str:
        """`12.00` euro as the language writes it: €12.00, 12,00 €; Stars by their sign."""
        if amount.currency == STARS:
            return f"{amount} ⭐"
        written = format_currency(amount.decimal, amount.currency, locale=_babel(locale), currency_digits=True)
        sign = get_currency_symbol(amount.currency, FALLBACK)  # some locales write EUR where people write €
        return written.replace(amount.currency, sign).replace("\u00a0", " ").replace("\u202f", " ")

    def moment(self, value: Moment, locale: str) -> str:
        at = value.at.astimezone(self.zone)
        if value.form == "time":
            return format_time(at, "HH:mm", locale=_babel(locale))
        day = self.day(at.date(), locale)
        return day if value.form == "day" else f"{day}, {format_time(at, 'HH:mm', locale=_babel(locale))}"

    def day(self, value: date | datetime, locale: str) -> str:
        pattern = {"en": "d MMM", "es": "d 'de' MMMM"}.get(locale, "d MMMM")
        return str(format_date(value, pattern, locale=_babel(locale)))

    def _arg(self, value: Arg, locale: str) -> str | int:
        match value:
            case Money():
                return self.money(value, locale)
            case Moment():
                return self.moment(value, locale)
            case Day():
                return self.day(value.day, locale)
            case Lines():
                return "\n".join(self.say(line, locale) for line in value.lines)
            case _:
                return value


def _file_key(key: str) -> str:
    return key.replace(".", "-").replace("_", "-")


def _babel(locale: str) -> str:
    return locale.replace("-", "_")
