"""Facts of a turn as attacks.yml writes them: each a text key with its arguments, turned into what a dialog says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from base.money import Money
from bot.guard import Facts, of_turn
from bot.state import Arg, Day, Moment, Sentence
from bot.steps import Say
from bot.texts import Texts

TEXTS = Texts.load(Path(__file__).resolve().parents[2] / "data" / "texts", zone=ZoneInfo("Europe/Vilnius"))
ATTACKS = yaml.safe_load((Path(__file__).parent / "attacks.yml").read_text("utf-8"))
LOCALES = ("en", "ru", "uk", "es")


def arg(value: object) -> Arg:
    if isinstance(value, datetime):
        return Moment(at=value, form="day_time")
    if isinstance(value, date):
        return Day(day=value)
    if isinstance(value, str) and (money := re.fullmatch(r"(-?\d+\.\d\d) ([A-Z]{3})", value)):
        return Money(int(Decimal(money[1]) * 100), money[2])
    assert isinstance(value, str | int), value
    return value


def facts(locale: str, given: Sequence[str]) -> Facts:
    told: Mapping[str, Sequence[Mapping[str, object]]] = ATTACKS[locale]["facts"]
    said = [
        Say(sentence=Sentence(key=str(one["key"]), args={k: arg(v) for k, v in one.items() if k != "key"}))
        for name in given
        for one in told[name]
    ]
    return of_turn(said, TEXTS, locale, today=ATTACKS["today"], goods=ATTACKS[locale]["goods"])
