"""Builds what Messenger and Instagram show before the first word, and tells what of it is not there yet. Pure.

Limits: persistent menu 20 entries of 30 characters, Get Started before it (2026-06-17); ice breakers 4, one set of them
`default`; greeting 160 characters, Messenger alone. Instagram has no Get Started.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.render_split import shorten
from bot.welcome import PREFIX, Entry, Welcome
from integrations.meta.build import Json
from integrations.meta.fields import fields, objects

GET_STARTED = "GET_STARTED"
GREETING = 160  # characters
MENU_TITLE = 30
QUESTION = 80
MOST_IN_MENU, MOST_QUESTIONS = 20, 4
LOCALES = {"en": ("en_US", "en_GB"), "ru": ("ru_RU",), "uk": ("uk_UA",), "es": ("es_ES", "es_LA")}  # Meta's names
FIELDS = ("get_started", "greeting", "persistent_menu", "ice_breakers")


def build_profile(welcomes: Sequence[Welcome], *, page: bool) -> Json:
    """All fields of the profile; the first language stands for all that have no texts. `page`: Messenger."""
    profile: Json = {}
    if page:
        profile["get_started"] = {"payload": GET_STARTED}
        profile["greeting"] = [
            {"locale": locale, "text": shorten(one.greeting, GREETING)} for locale, one in _by_locale(welcomes)
        ]
    profile["persistent_menu"] = [
        {
            "locale": locale,
            "composer_input_disabled": False,
            "call_to_actions": [
                {
                    "type": "postback",
                    "title": shorten(entry.title, MENU_TITLE),
                    "payload": _payload(entry, one.locale),
                }
                for entry in one.menu[:MOST_IN_MENU]
            ],
        }
        for locale, one in _by_locale(welcomes)
    ]
    profile["ice_breakers"] = [
        {
            "locale": locale,
            "call_to_actions": [
                {"question": shorten(entry.title, QUESTION), "payload": _payload(entry, one.locale)}
                for entry in one.questions[:MOST_QUESTIONS]
            ],
        }
        for locale, one in _by_locale(welcomes)
    ]
    return profile


def missing(wanted: Json, answer: object) -> Json:
    """The fields of `wanted` that the account does not show as they are. `answer`: what Meta tells of its profile."""
    told: Json = {}
    for part in objects(fields(answer).get("data")):
        told |= part
    return {name: value for name, value in wanted.items() if _plain(told.get(name)) != _plain(value)}


def locale_in(payload: str) -> tuple[str, str | None]:
    """The payload without the language in which its entry was shown, and that language."""
    code, dot, locale = payload.removeprefix(PREFIX).partition(".")
    if payload.startswith(PREFIX) and dot and locale in LOCALES:
        return f"{PREFIX}{code}", locale
    return payload, None


def _payload(entry: Entry, locale: str) -> str:
    """With the language of its title: for a person of whom Meta tells nothing, it is all that we know."""
    return f"{entry.payload}.{locale}" if locale in LOCALES else entry.payload


def _by_locale(welcomes: Sequence[Welcome]) -> Iterable[tuple[str, Welcome]]:
    yield "default", welcomes[0]
    for welcome in welcomes:
        for locale in LOCALES.get(welcome.locale, ()):
            yield locale, welcome


def _plain(value: object) -> object:
    """The same whatever the order of languages, and without what Meta adds by itself."""
    if isinstance(value, list):
        listed = [_plain(item) for item in value]
        return (
            sorted(listed, key=repr) if all(isinstance(fields(item).get("locale"), str) for item in value) else listed
        )
    if isinstance(value, dict):
        return {
            key: _plain(part)
            for key, part in sorted(value.items())
            if part not in (None, False) and key != "disabled_surfaces"
        }
    return value
