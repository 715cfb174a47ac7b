"""Inline mode behind the loopback Bot API: a person types the bot's name in any chat, and sends what he chose.

Rules: Bot API 10.3, answerInlineQuery: at most 50 results with ids of their own, an offset of at most 64 bytes.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.contracts.botapi_business import Lending
from tests.contracts.botapi_chat import BOT
from tests.contracts.botapi_rules import Files, Params, bad, is_reachable, markup_of
from tests.contracts.botapi_text import BadMarkup, visible


class Inline(Lending):
    """Queries and what was answered to them."""

    def __init__(self) -> None:
        super().__init__()
        self._searches: dict[str, asyncio.Future[Params]] = {}

    async def user_looks_for(self, person: int, words: str, offset: str = "", locale: str = "en") -> Params:
        """A person types `@bot words` in some chat of his; the answer to it."""
        query = f"{next(self.numbers)}77"
        self._searches[query] = asyncio.get_running_loop().create_future()
        sender = {"id": person, "is_bot": False, "first_name": "Ana", "language_code": locale}
        asked = {"id": query, "from": sender, "query": words, "offset": offset, "chat_type": "private"}
        await self.update("inline_query", asked)
        async with asyncio.timeout(10):
            return await self._searches[query]

    async def user_opens(self, person: int, link: str) -> int | None:
        """A person opens a link to the bot and presses Start."""
        address = urlsplit(link)
        assert (address.hostname, address.path) == ("t.me", f"/{BOT['username']}"), link
        (parameter,) = parse_qs(address.query)["start"]
        return await self.user_says(person, f"/start {parameter}")

    async def user_says(self, chat: int, text: str) -> int | None:
        raise AssertionError("the server delivers")

    def on_answerInlineQuery(self, params: Params, files: Files) -> bool:
        waits = self._searches.get(params["inline_query_id"])
        if waits is None or waits.done():
            raise bad("query is too old and response timeout expired or query ID is invalid")
        results = params["results"]
        if len(results) > 50:
            raise bad("too many inline query results specified")
        if len({one["id"] for one in results}) < len(results):
            raise bad("RESULT_ID_DUPLICATE")
        if len(params.get("next_offset", "").encode()) > 64:
            raise bad("next offset is too long")
        for one in results:
            _check(one)
        waits.set_result(params)
        return True


def _check(one: dict[str, Any]) -> None:
    markup_of(one)
    content = one["input_message_content"]
    try:
        words = visible(content["message_text"], content.get("parse_mode"))
    except BadMarkup as reason:
        raise bad(f"can't parse entities: {reason}") from None
    if not words or len(words.encode("utf-16-le")) // 2 > 4096:
        raise bad("MESSAGE_EMPTY")
    for url in (one.get("thumbnail_url"), content.get("link_preview_options", {}).get("url")):
        if url and not is_reachable(url):
            raise bad("WEBDOCUMENT_URL_INVALID")
