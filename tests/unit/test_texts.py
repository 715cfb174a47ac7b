"""Every key in every language, every text inside every channel's limits, no figure that the shop did not give."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from base.errors import ShopkeeperError
from base.money import Money
from bot.channel import Limits
from bot.dialogs import all_dialogs
from bot.messages import Choice, Choices, Outbound, TextPart
from bot.render_fit import fit
from bot.repair import REPAIRS
from bot.state import Arg, Lines, Moment, Sentence
from bot.texts import Texts
from bot.welcome import INTENTS, welcomes
from shop.shopfile import load_shop

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "texts"
LOCALES = ("en", "ru", "uk", "es")
TEXTS = Texts.load(FOLDER, zone=ZoneInfo("Europe/Vilnius"))

NAME = "Nordic throw with long fringes, dark forest green"
PRICE = Money(1_234_567, "EUR")
LINE = Sentence(key="bill.goods", args={"quantity": 12, "name": NAME, "amount": PRICE})
LONGEST: dict[str, Arg] = {  # each variable with the longest sample it must carry
    "ahead": 12, "count": 10, "quantity": 999, "free": 99, "wanted": 99, "missing": 99, "before": PRICE, "n": 10,
    "minutes": 120, "within": 30, "min": 10, "max": 14, "percent": 100, "name": NAME, "other": NAME,
    "variants": Lines(lines=(LINE,) * 8),
    "lines": Lines(lines=(LINE,) * 6), "bill": Lines(lines=(LINE,) * 10), "options": Lines(lines=(LINE,) * 4),
    "points": Lines(lines=(LINE,) * 5), "line": Lines(lines=(LINE,)), "content": f"2 × {NAME} / 3 × {NAME}",
    "description": "A description of the kind that owners like to write, with several warm words. " * 4,
    "text": "An answer of policy in two or three sentences, as owners write it. " * 5,
    "account": "Lumo UAB, IBAN LT12 1000 0111 0100 1000, BIC LUMOLT22, Lumo Bank, Laisvės alėja 1, Kaunas",
    "contact": "hello.and.welcome@lumo.example, +370 600 00000",
    "number": "LU-7K3F-9QXA", "code": "WELCOME10", "against": "BLOGGER15", "hours": "18:00–20:00", "opens": "09:00",
    "until": "15:00", "city": "Klaipėda", "near": "Ozas", "address": "Karaliaus Mindaugo prospektas 49-12, Kaunas",
    "where": "Karaliaus Mindaugo prospektas 49-12, Kaunas", "recipient": "Aleksandra Wojciechowska-Petrauskienė",
    "delivery": "Boxberry pick-up point", "payment": "Cash on delivery", "carrier": "Boxberry", "place": "Vilnius hub",
    "fact": "how long does it burn in the evening", "value": "about 40 hours with a trimmed wick",
    "values": "cotton / wool", "reason": "Olga promised it", "street": "Karaliaus Mindaugo", "digits": "01",
    "items": f"3 × {NAME} + 1 × {NAME}", "kinds": 12, "names": "Card, PayPal, Cash on delivery",
    "channel": "Messenger", "query": "something warm for the winter evenings", "saved": "office",
    "stock": "low", "when": "days", "status": "in_transit", "what": "voice", "words": NAME,
    "km": 250, "rate": "21.5 %", "phone": "+370 600 00001",
    "shop": "Lumo, warm things for the north",
    "day": "5 December", "first": "26 November", "last": "28 November", "at": "23 November, 16:40",
    **dict.fromkeys(
        ("price", "total", "goods", "amount", "unit", "saving", "needs", "missing", "budget",
         "limit", "old", "new"), PRICE,
    ),
}  # fmt: skip


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.names.add(node.id.name)


def messages(locale: str) -> dict[str, ast.Message]:
    parsed = FluentParser().parse((FOLDER / f"{locale}.ftl").read_text("utf-8"))
    return {entry.id.name: entry for entry in parsed.body if isinstance(entry, ast.Message)}


def variables(message: ast.Message) -> set[str]:
    found = Variables()
    found.visit(message)
    return found.names


def channel_limits() -> dict[str, Limits]:
    from integrations.messenger import CHANNELS

    found = {}
    for name, place in CHANNELS.items():
        module, _, cls = place.partition(":")
        found[name] = getattr(importlib.import_module(module), cls).limits
    found["instagram-like"] = Limits(text=1000, text_unit="bytes", buttons=13, button_title=20)
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_key_is_there_in_every_language_with_the_same_facts(locale: str) -> None:
    english, other = messages("en"), messages(locale)
    assert set(english) == set(other)
    for key, message in english.items():
        assert variables(other[key]) == variables(message), key


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_fits_every_channel_in_one_call(locale: str) -> None:
    for key, message in messages(locale).items():
        if key.startswith("button-"):
            continue
        args = {name: LONGEST[name] for name in variables(message)}
        said = TEXTS.say(Sentence(key=key.replace("-", "."), args=args), locale)
        assert said, key
        for name, limits in channel_limits().items():
            if "LINES" in key or any(isinstance(arg, Lines) for arg in args.values()):
                continue  # lists may take a second message; fit() splits them between lines
            calls = fit(Outbound(parts=(TextPart(text=said),)), limits)
            assert len(calls) == 1, f"{key} in {locale} does not fit {name}: {len(said)} characters"


@pytest.mark.parametrize("locale", LOCALES)
def test_buttons_stay_short_enough_to_be_read(locale: str) -> None:
    for key, message in messages(locale).items():
        if key.startswith("button-") and not variables(message):
            title = TEXTS.say(Sentence(key=key.replace("-", ".")), locale)
            assert len(title) <= 26, f"{key} in {locale}: {title}"
            shown = fit(
                Outbound(parts=(TextPart(text="?"), Choices(choices=(Choice(title=title, payload="x"),)))),
                Limits(text=500, buttons=3),
            )
            assert shown


@pytest.mark.parametrize("locale", LOCALES)
def test_texts_carry_no_price_of_their_own(locale: str) -> None:
    for key, message in messages(locale).items():
        words = "".join(
            element.value
            for element in (message.value.elements if message.value else [])
            if isinstance(element, ast.TextElement)
        )
        assert not re.search(r"\d+[.,]\d\d|[€$]\s?\d|\d\s?%", words.replace("0.00", "").replace("0,00", "")), key


def used_keys() -> set[str]:
    """Keys written out in the dialogs' code."""
    found: set[str] = set()
    for path in (ROOT / "bot").rglob("*.py"):
        source = path.read_text("utf-8")
        found |= set(re.findall(r'(?:tell|sentence)\(\s*"([a-z_.]+)"', source))
        found |= {f"button.{name}" for name in re.findall(r'\bbutton\("([a-z_]+)"', source)}
    return {key.replace("_", ".") for key in found}


def keys_of_forms() -> set[str]:
    """Keys that follow from the steps of the forms."""
    found: set[str] = set()
    for form in all_dialogs().forms.values():
        found.add(f"{form.name}.cannot_change")
        for step in form.steps:
            if step.kind in ("ask", "confirm"):
                found |= {f"{form.name}.{step.name}.{how}" for how in ("ask", "again", "retry")}
            elif step.kind == "say" and step.show is None:
                found.add(f"{form.name}.{step.name}")
    return {key.replace("_", ".") for key in found if not key.endswith("feedback.cannot_change")}


def test_every_step_of_a_form_has_its_texts() -> None:
    assert keys_of_forms() <= TEXTS.keys["en"]


def test_the_dialogs_use_no_key_that_nobody_wrote() -> None:
    assert used_keys() <= TEXTS.keys["en"]


def test_a_missing_key_is_told_with_what_to_do() -> None:
    with pytest.raises(ShopkeeperError, match=r"data/texts/en\.ftl"):
        TEXTS.say(Sentence(key="no.such.key"), "en")


def test_a_broken_file_is_told_with_its_line() -> None:
    with pytest.raises(ShopkeeperError, match=r"en\.ftl, line 2"):
        Texts({"en": "good = Good\nbroken text here\n"}, zone=ZoneInfo("UTC"))


def test_money_and_moments_are_written_as_the_language_writes_them() -> None:
    from datetime import UTC, datetime

    assert TEXTS.money(Money(2510, "EUR"), "en") == "€25.10"
    assert TEXTS.money(Money(2510, "EUR"), "ru") == "25,10 €"
    moment = Moment(at=datetime(2026, 11, 24, 12, 32, tzinfo=UTC))
    assert TEXTS.moment(moment, "en") == "14:32"


@pytest.mark.parametrize("locale", LOCALES)
def test_the_menu_fits_the_narrowest_messenger_and_no_language_stays_behind(locale: str) -> None:
    shop = load_shop(ROOT / "data" / "demo" / "shop.yml")
    said = next(one for one in welcomes(TEXTS, shop) if one.locale == locale)
    assert len(said.greeting) <= 160
    assert [entry for entry in said.menu if len(entry.title) > 30] == []
    assert [entry for entry in said.questions if len(entry.title) > 80] == []
    intents = {*all_dialogs().handlers, *all_dialogs().starts, *REPAIRS}
    assert {INTENTS[entry.code] for entry in (*said.menu, *said.questions, *said.commands)} <= intents
