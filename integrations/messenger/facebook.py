"""Facebook Messenger: a Page's messages through the Send API (Graph v26.0) and a signed webhook."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import ClassVar

from base.errors import Refused, ShopkeeperError
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
    approved_for,
    build_message,
    build_offer,
    language_of,
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
    _approved: tuple[str, ...] | None = None  # in which languages the template is, as far as this process has seen
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
        return await self._with_template(line) if self.template else (line, "")

    async def _with_template(self, line: str) -> tuple[str, str]:
        """The line with the languages in which news may go, and what is wrong with the template in others."""
        only = "news of orders go out within the window alone"
        try:
            states = await self._look_at_template()
        except ShopkeeperError as trouble:
            return line, f"The template {self.template} is not to be looked at ({trouble.what}): {only}."
        if not states:
            return line, f"The template {self.template} is none of the Page's: {only}."
        approved = self._approved or ()
        known = {language_of(one) for one in states}
        wrong = [f"{state.lower()} in {one}" for one, state in states.items() if one not in approved]
        wrong += [f"not there in {one}" for one in self.languages if language_of(one) not in known]
        there = f"{line}, news in {', '.join(approved)}" if approved else line
        return there, f"The template {self.template} is {', '.join(wrong)}: there {only}." if wrong else ""

    async def _look_at_template(self) -> dict[str, str]:
        """By language, what the template for news is there (message_templates). Raises as `get`."""
        told = await self.graph.get(f"{self.account}/message_templates", fields="name,status,language", limit="200")
        own = [one for one in objects(told.get("data")) if text(one, "name") == self.template]
        states = {text(one, "language")[:20]: text(one, "status")[:30] for one in own}
        self._approved = tuple(sorted(language for language, state in states.items() if state == "APPROVED"))
        return dict(sorted(states.items()))

    async def send_template(self, to: Address, words: str, locale: str, *, key: str) -> Sent:
        """In the customer's language, as it was approved: made as `en_US`, Meta refuses it for `en`."""
        if self._approved is None:
            with suppress(ShopkeeperError):
                await self._look_at_template()
        try:
            return await super().send_template(to, words, approved_for(locale, self._approved or ()), key=key)
        except Refused:
            self._approved = None  # it may have been withdrawn
            raise


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
