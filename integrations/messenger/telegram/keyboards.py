"""Turns buttons into the keyboards of the Bot API."""

from __future__ import annotations

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from integrations.messenger.telegram.build import Button, Call


def inline_keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The keyboard under a message; None where it has no buttons."""
    if not rows:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_inline(button) for button in row] for row in rows])


def reply_keyboard(call: Call) -> ReplyKeyboardMarkup:
    """The keyboard in place of the letters: share a phone or a place, and choices that are sent as words."""
    asked = [
        KeyboardButton(text=title, request_contact=what == "phone" or None, request_location=what == "location" or None)
        for what, title in call.asks
    ]
    rows = [[button] for button in (*asked, *(KeyboardButton(text=title) for title in call.typed))]
    return ReplyKeyboardMarkup(keyboard=rows, resize_keyboard=True, one_time_keyboard=True)


def _inline(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(text=button.title, url=button.url)
    return InlineKeyboardButton(text=button.title, callback_data=button.payload)
