"""Builds what is sent to Telegram from a fitted answer. Pure; what `must_fit` cannot know is refused here.

Limits: Bot API 10.3 (2026-08-24), sendMessage, sendPhoto, InlineKeyboardButton.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from base.errors import Refused
from bot.messages import Ask, Choices, Fitted, Image, Link, TextPart
from bot.render_split import measure

TEXT_LIMIT = 4096  # UTF-16 units after parsing
CAPTION_LIMIT = 1024
PAYLOAD_LIMIT = 64  # bytes
ROW_WIDTH = 36  # characters that a phone shows in one row of buttons
MOST_IN_A_ROW = 3
NUMBERS_IN_A_ROW = 8


@dataclass(frozen=True, slots=True)
class Button:
    """One button of an inline keyboard: either a payload that comes back, or an address that opens."""

    title: str
    payload: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call as plain values: `words` are unformatted, `html` the same words for parse mode HTML."""

    words: str
    html: str
    picture: str | None
    rows: tuple[tuple[Button, ...], ...] = ()
    asks: tuple[tuple[Literal["phone", "location"], str], ...] = ()
    silent: bool = False  # it comes without a sound
    typed: tuple[str, ...] = ()  # titles offered on the reply keyboard, where an inline one cannot stand


def build_call(message: Fitted, *, urls_as_buttons: bool = True) -> Call:
    """What one call carries. Raises Refused, before any network, for what Telegram cannot carry."""
    texts: list[str] = []
    picture: str | None = None
    taps: list[Button] = []
    links: list[Button] = []
    asks: list[tuple[Literal["phone", "location"], str]] = []
    for part in message.parts:
        match part:
            case TextPart(text=text):
                texts.append(text.strip())
            case Image(url=url) if picture is None:
                picture = url
            case Choices(choices=choices):
                taps += [Button(choice.title, payload=choice.payload) for choice in choices]
            case Link(title=title, url=url) if urls_as_buttons and opens_from_a_button(url):
                links.append(Button(title, url=url))
            case Link(title=title, url=url):
                texts.append(f"{title}: {url}" if title else url)
            case Ask(what="phone" | "location" as what, title=title):
                asks.append((what, title or what))
            case _:
                raise Refused(f"Telegram cannot show a part of the kind {part.kind!r} in this call.")
    if asks:  # a reply keyboard takes the place of the inline one: addresses and choices become words
        texts += [f"{link.title}: {link.url}" for link in links]
        links = []
    words = "\n\n".join(text for text in texts if text)
    if not words and picture is None and asks:
        words = asks[0][1]
    call = Call(
        words=words,
        html=escape(words, quote=False),
        picture=picture,
        rows=() if asks else (*((link,) for link in links), *rows_of(taps)),
        asks=tuple(asks),
        silent=message.silent,
        typed=tuple(tap.title for tap in taps) if asks else (),
    )
    _refuse_what_cannot_stand(call)
    return _signed(call, message)


def rows_of(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons in rows: numbers up to eight a row, short titles two or three, a long title alone."""
    rows: list[list[Button]] = []
    for button in buttons:
        row = rows[-1] if rows else []
        tiny = all(len(other.title) <= 2 for other in (*row, button))
        most = NUMBERS_IN_A_ROW if tiny else MOST_IN_A_ROW
        longest = max(len(other.title) for other in (*row, button))
        if row and len(row) < most and longest * (len(row) + 1) <= ROW_WIDTH:  # buttons of a row are equally wide
            row.append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)


def opens_from_a_button(url: str) -> bool:
    """Whether Telegram takes `url` on a button: a web address with a full host name or number, so not "localhost"."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "tg":
        return True
    if parts.scheme not in {"http", "https"} or not url.isascii() or any(sign.isspace() for sign in url):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".")
    return True


def _refuse_what_cannot_stand(call: Call) -> None:
    """Words may have grown by addresses that are no buttons; and no message is empty."""
    limit = CAPTION_LIMIT if call.picture else TEXT_LIMIT
    if measure(call.words, "utf16") > limit:
        raise Refused(f"The text is longer than {limit} UTF-16 units.")
    if not call.words and call.picture is None and (call.rows or call.typed):
        raise Refused("Telegram shows no buttons without words.")
    if not call.words and call.picture is None:
        raise Refused("There is nothing to say in this message.")


def _signed(call: Call, message: Fitted) -> Call:
    """A manager's words under his name, so that the person knows who speaks; left out where it would not fit."""
    if message.author != "manager" or not message.name or not call.words:
        return call
    words = f"{message.name}:\n{call.words}"
    if measure(words, "utf16") > (CAPTION_LIMIT if call.picture else TEXT_LIMIT):
        return call
    return Call(
        words=words,
        html=f"<b>{escape(message.name, quote=False)}:</b>\n{call.html}",
        picture=call.picture,
        rows=call.rows,
        asks=call.asks,
        typed=call.typed,
    )
