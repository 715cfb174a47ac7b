"""Instagram: messages of a professional account, by either login (graph.instagram.com, or graph.facebook.com)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import structlog

from base.errors import ShopkeeperError
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

ANY_OF_PAGE = "feed"
COMMENTS = "comments", "live_comments"
WANTED = (
    "messages", "messaging_postbacks", "messaging_referral", "message_edit", "message_echoes",
    "messaging_seen", "messaging_handover", "standby",
)  # fmt: skip

log = structlog.get_logger(__name__)


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
        typing=20,
        unseen_by_some=True,
    )
    rules: ClassVar[Rules] = INSTAGRAM
    object: ClassVar[str] = "instagram"
    wanted: ClassVar[tuple[str, ...]] = WANTED
    comments: ClassVar[tuple[str, ...]] = COMMENTS
    prefix: ClassVar[str] = "SHOPKEEPER_INSTAGRAM__"
    edge: ClassVar[str] = "me/messages"
    login: ClassVar[str] = "graph.instagram.com"  # its tokens are not of the app whose secret signs the webhooks
    token: ClassVar[str] = "TOKEN"  # noqa: S105 - the name of a setting
    per_second: ClassVar[float] = 250  # 300 texts and 10 pictures are allowed (Rate limits, 2026-03-23)
    picture: ClassVar[int] = 30

    async def look(self) -> tuple[str, str]:
        """The account's name, and which webhook fields are missing, as far as its login tells."""
        account = await self.graph.get(self.account, fields="id,username")
        line = f"@{one_line(text(account, 'username'), 60) or '?'} ({self.account})"
        try:
            fields = await self.subscribed("me")
        except ShopkeeperError as trouble:
            log.debug("meta.no_subscriptions", channel=self.name, reason=trouble.what)
            return line, ""
        if self.of_page:
            return (line, "") if fields else (f"{line}, whose Page calls nobody", "shopkeeper webhook set instagram")
        if missing := [field for field in WANTED if field not in fields]:
            return f"{line}, not subscribed to {', '.join(missing)}", "shopkeeper webhook set instagram"
        return line, ""

    @property
    def of_page(self) -> bool:
        """Whether the token is a Page's (Facebook login). Then Instagram's fields are ticked in the dashboard alone."""
        return self._asks_with_proof

    def lacking(self, fields: frozenset[str]) -> str:
        """The fields to tick in the dashboard, where nothing else subscribes to them."""
        missing = [field for field in self.wanted if field not in fields]
        return f"Tick {', '.join(missing)} of Instagram in the dashboard of the app." if missing else ""

    async def subscribe(self) -> None:
        """To the account's own fields; of a Page, to any field, which opens Instagram's way (Meta asks for no more)."""
        if not self.of_page:
            await super().subscribe()
            return
        fields = await self.subscribed("me") | {ANY_OF_PAGE}  # what Messenger is subscribed to stays
        await self.graph.set("me/subscribed_apps", {"subscribed_fields": ",".join(sorted(fields))})
