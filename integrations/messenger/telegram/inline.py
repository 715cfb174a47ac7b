"""Goods in other chats: the answer to somebody who types the bot's name and what he looks for. Pure.

Limits: Bot API 10.3, answerInlineQuery, InlineQueryResultArticle; deep links of core.telegram.org/bots/features.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

from aiogram.methods import AnswerInlineQuery
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultUnion,
    InputTextMessageContent,
    LinkPreviewOptions,
)

from bot.messages import Search
from bot.render_split import shorten
from bot.showcase import Good
from integrations.messenger.telegram.pictures import is_near
from integrations.messenger.telegram.read import SHARED

MOST_RESULTS = 50
PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
CACHED_SECONDS = 60  # prices and stock move
TITLE, DESCRIPTION, WORDS = 100, 200, 900  # characters: what phones show, and what a preview leaves room for


def build_results(search: Search, goods: Sequence[Good], *, bot: str, more: str) -> AnswerInlineQuery:
    """`bot`: its name in links. What comes depends on the language of who asks, so Telegram keeps it for him alone."""
    results: list[InlineQueryResultUnion] = [_result(good, bot) for good in goods[:MOST_RESULTS]]
    return AnswerInlineQuery(
        inline_query_id=search.id, results=results, cache_time=CACHED_SECONDS, is_personal=True, next_offset=more
    )


def link_to(bot: str, product: str) -> str:
    """Where a talk about this product begins. An id of other signs cannot stand in a link: the shop opens without."""
    named = f"{SHARED}{product}"
    return f"https://t.me/{bot}?start={named if PARAMETER.fullmatch(named) else SHARED.rstrip('_')}"


def _result(good: Good, bot: str) -> InlineQueryResultArticle:
    picture = good.image if _is_public(good.image) else None
    head = f"<b>{escape(good.title, quote=False)}</b> — {escape(good.price, quote=False)}"
    words = escape(shorten(good.description, WORDS), quote=False) if good.description else ""
    preview = (
        LinkPreviewOptions(url=picture, prefer_large_media=True, show_above_text=True)
        if picture
        else LinkPreviewOptions(is_disabled=True)
    )
    return InlineQueryResultArticle(
        id=hashlib.sha256(good.product.encode()).hexdigest()[:32],
        title=shorten(good.title, TITLE),
        description=shorten(" · ".join(part for part in (good.price, good.description) if part), DESCRIPTION),
        thumbnail_url=picture,
        input_message_content=InputTextMessageContent(
            message_text="\n\n".join(part for part in (head, words) if part),
            parse_mode="HTML",
            link_preview_options=preview,
        ),
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text=good.open, url=link_to(bot, good.product))]]
        ),
    )


def _is_public(url: str) -> bool:
    """Whether Telegram's servers can fetch it."""
    try:
        address = urlsplit(url)
        return address.scheme == "https" and not is_near(address.hostname or "")
    except ValueError:
        return False
