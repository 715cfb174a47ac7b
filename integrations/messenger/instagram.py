"""Instagram: messages of a professional account, by either login (graph.instagram.com, or graph.facebook.com)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from base.text import one_line
from bot.channel import Limits
from integrations.meta.build import (
    CARD_TITLE,
    INSTAGRAM,
    MOST_BUTTONS,
    MOST_CARDS,
    MOST_QUICK_REPLIES,
    PAYLOAD,
    TITLE,
    Rules,
)
from integrations.meta.fields import text
from integrations.meta.messenger import MetaMessenger

WANTED = (
    "messages", "messaging_postbacks", "messaging_referral", "message_edit", "message_echoes",
    "messaging_handover", "standby",
)  # fmt: skip


class Instagram(MetaMessenger):
    """A professional account. `account` is its id as webhooks name it; the token says whose messages `me` are."""

    name: ClassVar[str] = "instagram"
    limits: ClassVar[Limits] = Limits(
        text=INSTAGRAM.text,
        text_unit="bytes",
        buttons=MOST_QUICK_REPLIES,
        button_title=TITLE,
        payload=PAYLOAD,
        cards=MOST_CARDS,
        card_title=CARD_TITLE,
        card_buttons=MOST_BUTTONS,
        caption=0,
        links_as_buttons=False,  # an address in the words opens everywhere, a button not on a computer
        reply_window=timedelta(hours=24),
        human_window=timedelta(days=7),
        unseen_by_some=True,
    )
    rules: ClassVar[Rules] = INSTAGRAM
    object: ClassVar[str] = "instagram"
    wanted: ClassVar[tuple[str, ...]] = WANTED
    comments: ClassVar[str] = "comments"
    prefix: ClassVar[str] = "SHOPKEEPER_INSTAGRAM__"
    edge: ClassVar[str] = "me/messages"
    login: ClassVar[str] = "graph.instagram.com"  # its tokens are not of the app whose secret signs the webhooks
    token: ClassVar[str] = "TOKEN"  # noqa: S105 - the name of a setting
    per_second: ClassVar[float] = 250  # 300 texts and 10 pictures are allowed (Rate limits, 2026-03-23)
    picture: ClassVar[int] = 30

    async def look(self) -> tuple[str, str]:
        """The account's name."""
        account = await self.graph.get(self.account, fields="id,username")
        return f"@{one_line(text(account, 'username'), 60) or '?'} ({self.account})", ""
