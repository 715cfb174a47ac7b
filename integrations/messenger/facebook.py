"""Facebook Messenger: a Page's messages through the Send API (Graph v26.0) and a signed webhook."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import ClassVar

from base.errors import ShopkeeperError
from base.text import one_line
from bot.channel import Limits, Sent
from bot.messages import Address, Fitted
from bot.render_fit import must_fit
from integrations.meta.build import (
    BUTTON_TEXT,
    CARD_TITLE,
    FACEBOOK,
    MOST_BUTTONS,
    MOST_CARDS,
    MOST_QUICK_REPLIES,
    PAYLOAD,
    TITLE,
    Rules,
    build_message,
    build_offer,
)
from integrations.meta.fields import objects, text
from integrations.meta.messenger import MetaMessenger

WANTED = (
    "messages", "messaging_postbacks", "messaging_referrals", "message_edits", "message_echoes",
    "message_reactions", "message_deliveries", "message_reads", "messaging_handovers", "standby",
    "messaging_policy_enforcement",
)  # fmt: skip


class Facebook(MetaMessenger):
    """A Page. `account` is its id."""

    name: ClassVar[str] = "facebook"
    limits: ClassVar[Limits] = Limits(
        text=FACEBOOK.text,
        buttons=MOST_QUICK_REPLIES - 2,  # two are kept for asking after phone and e-mail
        button_title=TITLE,
        payload=PAYLOAD,
        cards=MOST_CARDS - 1,  # one place is kept for links, which stand on a card of their own
        card_title=CARD_TITLE,
        card_buttons=MOST_BUTTONS,
        caption=0,
        links=MOST_BUTTONS,
        link_text=BUTTON_TEXT,
        receipts=True,
        asks=frozenset({"phone", "email"}),
        reply_window=timedelta(hours=24),
        human_window=timedelta(days=7),
        typing=20,
        silent=True,
    )
    rules: ClassVar[Rules] = FACEBOOK
    object: ClassVar[str] = "page"
    wanted: ClassVar[tuple[str, ...]] = WANTED
    comments: ClassVar[tuple[str, ...]] = ("feed",)
    prefix: ClassVar[str] = "SHOPKEEPER_FACEBOOK__"
    edge: ClassVar[str] = "{account}/messages"
    token: ClassVar[str] = "PAGE_TOKEN"  # noqa: S105 - the name of a setting
    per_second: ClassVar[float] = 36  # 300 are allowed (Rate limits, 2026-03-23); above 40 the Page's own inbox stops

    async def look(self) -> tuple[str, str]:
        """The Page's name, and which webhook fields it is not subscribed to."""
        page = await self.graph.get(self.account, fields="id,name")
        fields = await self.subscribed(self.account)
        missing = [field for field in self.wanted if field not in fields]
        line = f"{one_line(text(page, 'name'), 60) or 'a page'} ({self.account})"
        if missing:
            return (
                f"{line}, not subscribed to {', '.join(missing)}",
                "shopkeeper webhook set facebook",
            )
        if not self.template:
            return line, ""
        approved, others = await self._look_at_template()
        if not approved:
            why = f"is {', '.join(others)}" if others else "is none of the Page's"
            return line, f"The template {self.template} {why}: news of orders go out within the window alone."
        return f"{line}, news in {', '.join(approved)}", f"The template is {', '.join(others)}." if others else ""

    async def _look_at_template(self) -> tuple[list[str], list[str]]:
        """The languages in which the template for news is approved, and what it is in others (message_templates)."""
        try:
            told = await self.graph.get(f"{self.account}/message_templates", fields="name,status,language", limit="200")
        except ShopkeeperError as trouble:
            return [], [f"not to be looked at ({trouble.what})"]
        own = [one for one in objects(told.get("data")) if text(one, "name") == self.template]
        states = {text(one, "language")[:20]: text(one, "status")[:30] for one in own}
        approved = sorted(language for language, status in states.items() if status == "APPROVED")
        return approved, [f"{states[one].lower()} in {one}" for one in sorted(states) if one not in approved]


class FacebookWithOffers(Facebook):
    """A Page that Meta lets send offers after the window, to who has opted in: paid, and by a permission of its own."""

    limits: ClassVar[Limits] = replace(Facebook.limits, opt_in=True)
    wanted: ClassVar[tuple[str, ...]] = (*WANTED, "messaging_optins")

    async def send_offer(self, to: Address, message: Fitted, token: str, *, key: str) -> Sent:
        """An offer to who has opted in at Meta; needs a permission of its own, and Meta may charge for it."""
        must_fit(message, self.limits)
        built = build_message(message, self.rules, public_url=self._public_url)
        call = build_offer(token, built, key=key)
        return await self._once(key, partial(self._call, call, special=True, capped=True))
