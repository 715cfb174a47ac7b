"""The acceptance cases in other words: the customer's lines of a script replaced, its figures and its end kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from app.settings import shipped_data
from app.talk_test.files import Script, read_scripts
from app.talk_test.grammar import Bot, Given, GivenCustomer, Line, Other
from bot.state import Sentence
from bot.texts import Texts

HERE = Path(__file__).parent
CONVERSATIONS = HERE.parent / "conversations"
MISSED = HERE / "missed.txt"
LOCALES = ("en", "ru", "uk", "es")
WORDINGS = 5
# What a `bot` line may ask for in every language: sums and figures, codes and names, and that something was asked.
_SUM = re.compile(r"\d+\.\d\d")
_EVERYWHERE = re.compile(
    r"//pay//|/\\b\d+\\b/|\d\d:\d\d|(?!START)[A-Z]{4,}\d*|DHL|Boxberry|PayPal|Aurora|\?|/LU-[^/]*/"
)


@dataclass(frozen=True, slots=True)
class Variation:
    """One case in one language with the n-th wording (1-5) of every turn."""

    case: str
    locale: str
    wording: int
    script: Script

    @property
    def name(self) -> str:
        return f"{self.case} {self.locale} {self.wording}"


def variations() -> Iterator[Variation]:
    """All of them: case by case, language by language."""
    scripts = {script.name: script for script in read_scripts([CONVERSATIONS])}
    for path in ("discovery.yml", "cart.yml", "order.yml"):
        for case, worded in _read(path).items():
            ends = worded.get("locale", {})
            for locale in LOCALES:
                for wording in range(WORDINGS):
                    turns = [_turn(turn, locale)[wording] for turn in worded[locale]]
                    script = in_other_words(scripts[case], turns, locale, ends.get(locale, locale))
                    yield Variation(case, locale, wording + 1, script)


def missed() -> frozenset[str]:
    """Names of the variations that are known to go wrong."""
    return frozenset(line for line in MISSED.read_text("utf-8").splitlines() if line and not line.startswith("#"))


def in_other_words(script: Script, turns: Sequence[str], locale: str, end: str) -> Script:
    """The script with these words for the customer's lines, in their order. `end`: the language at the end."""
    left = list(turns)
    case = script.case
    talk = tuple(_line(line, left, locale) for line in case.talk)
    assert not left, f"{script.name}: too many turns"
    who = Given(customer=GivenCustomer(locale=locale))
    kept = case.end.model_copy(update={"locale": end} if case.end.locale else {}) if case.end else case.end
    told = case.model_copy(update={"talk": talk, "given": (*case.given, who), "end": kept})
    return replace(script, case=told, given_lines=(*script.given_lines, script.line))


def _line(line: Line, left: list[str], locale: str) -> Line:
    if line.user is not None:
        return Line(user=tuple(left.pop(0).split(" / ")))
    if line.other is not None and line.other.user is not None:
        return Line(other=Other(name=line.other.name, user=(left.pop(0),)))
    if line.tap is not None:
        return Line(tap=tuple(_button(title, locale) for title in line.tap))
    if line.bot is not None:
        return Line(bot=Bot(has=_facts(line.bot.has), **{"not": _facts(line.bot.not_)}))
    return line


def _facts(entries: Sequence[str]) -> tuple[str, ...]:
    sums = (re.escape(entry).replace(r"\.", "[.,]") for entry in entries if _SUM.fullmatch(entry))
    return (*(f"/{one}/" for one in sums), *(entry for entry in entries if _EVERYWHERE.fullmatch(entry)))


@cache
def _texts() -> Texts:
    return Texts.load(shipped_data() / "texts", zone=ZoneInfo("Europe/Vilnius"))


def _button(title: str, locale: str) -> str:
    """The button of this English title, as this language writes it."""
    texts = _texts()
    for key in sorted(texts.keys["en"]):
        if key.startswith("button.") and "$" not in key:
            said = Sentence(key=key)
            if texts.say(said, "en") == title:
                return texts.say(said, locale)
    return title


@cache
def _read(name: str) -> Mapping[str, Mapping[str, object]]:
    found: Mapping[str, Mapping[str, object]] = yaml.safe_load((HERE / name).read_text("utf-8"))
    return found


def _turn(turn: object, locale: str) -> Sequence[str]:
    """The five wordings of a turn, or those that `=name` shares."""
    shared: object = _read("shared.yml")[turn[1:]][locale] if isinstance(turn, str) else turn
    assert isinstance(shared, list)
    assert len(shared) == WORDINGS
    return shared
