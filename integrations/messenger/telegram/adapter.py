"""The Telegram adapter: one bot, one HTTP connection pool, webhook or long polling."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from aiogram.exceptions import AiogramError
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    GetWebhookInfo,
    SendChatAction,
    SetMyCommands,
    SetWebhook,
)
from aiogram.types import BotCommand, User, WebhookInfo

from base.errors import BadSignature, ShopkeeperError
from bot.channel import Deliver, Health, Limits, Raw, Sent
from bot.messages import Address, Fitted, Inbound, Search, Tap
from bot.render_fit import must_fit
from bot.showcase import Good
from bot.welcome import Welcome
from integrations.messenger.telegram import read
from integrations.messenger.telegram.build import CAPTION_LIMIT, PAYLOAD_LIMIT, TEXT_LIMIT
from integrations.messenger.telegram.calls import Calls
from integrations.messenger.telegram.inline import build_results
from integrations.messenger.telegram.poll import Poller
from integrations.messenger.telegram.sending import Sending, remember

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
QUESTION = "pre_checkout_query"
ASKED_ELSEWHERE = "inline_query"
BUSINESS_UPDATES = ["business_connection", "business_message", "edited_business_message", "deleted_business_messages"]
ALLOWED_UPDATES = [
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    *BUSINESS_UPDATES,
    ASKED_ELSEWHERE,
    QUESTION,
    "shipping_query",
]
FRESH_ERROR = timedelta(hours=1)


class Telegram:
    """A Telegram bot. `account` names it in addresses; `media_root` is where local pictures may lie.

    `provider_token` is what invoices are sent with; without it, none can be.
    """

    name: ClassVar[str] = "telegram"
    lent: ClassVar[bool] = False  # whether messages go through accounts that people lend us
    limits: ClassVar[Limits] = Limits(
        text=TEXT_LIMIT,
        text_unit="utf16",
        buttons=30,
        button_title=40,
        payload=PAYLOAD_LIMIT,
        cards=0,
        caption=CAPTION_LIMIT,
        asks=frozenset({"phone", "location"}),
        edits=True,
        invoices=True,
        album=10,
    )

    def __init__(
        self, token: str, api_base: str, webhook_secret: str, account: str, media_root: Path | None = None,
        provider_token: str = "",
    ) -> None:  # fmt: skip
        """Opens nothing yet. Raises ShopkeeperError when the token has not the form of a Telegram token."""
        self._calls = Calls(token, api_base)
        self._sending = Sending(self._calls, media_root, provider_token, lent=self.lent)
        self._secret = webhook_secret.encode()
        self._account, self._provider_token = account, provider_token
        self._sent: OrderedDict[str, Sent] = OrderedDict()

    @property
    def account(self) -> str:
        """The name of the bot in addresses and event keys."""
        return self._account

    # ---- coming in -------------------------------------------------------------------------------

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Compare the secret of setWebhook with the header, as bytes and in constant time."""
        if not self._secret:
            raise BadSignature("SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET is not set: the webhook is closed.")
        given = next((value for name, value in headers.items() if name.lower() == SECRET_HEADER), "")
        if not hmac.compare_digest(given.encode("utf-8", "backslashreplace"), self._secret):
            raise BadSignature("The Telegram secret header is missing or wrong.")

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        """What happened, in private chats with the bot and in those of accounts that are lent to it; never raises."""
        return read.read_update(body, self._account, self._calls.bot.id)

    def read_raw(self, body: bytes) -> Raw:
        """The update with the key under which it is stored, also when it holds nothing that we read."""
        return Raw(
            channel=self.name,
            account=self._account,
            event_key=read.update_key(body),
            body=body,
            inbounds=tuple(self.read_update(body)),
        )

    async def run(self, deliver: Deliver) -> None:
        """Long polling until cancelled. An update is confirmed to Telegram only after `deliver` has returned."""
        await Poller(self._calls, ALLOWED_UPDATES).run(self.read_raw, deliver)

    # ---- going out -------------------------------------------------------------------------------

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """One call of the Bot API. It has no idempotency key: `key` protects within this process alone."""
        if key in self._sent:
            return self._sent[key]
        must_fit(message, self.limits)
        sent = await self._sending.show(to, message)
        remember(self._sent, key, sent)
        return sent

    async def typing(self, to: Address) -> None:
        """Show "typing…" for up to five seconds."""
        through = self._sending.through(to)
        await self._calls.quietly(SendChatAction(business_connection_id=through, chat_id=to.peer, action="typing"))

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the spinner on a pressed button; too late is as good as done."""
        if isinstance(inbound.content, Tap) and inbound.content.receipt:
            await self._calls.quietly(AnswerCallbackQuery(callback_query_id=inbound.content.receipt))

    async def show_goods(self, search: Search, goods: Sequence[Good], *, more: str) -> None:
        """Answer who looks for goods from another chat; too late is as good as done."""
        try:
            bot = await self._calls.username()
        except (AiogramError, ShopkeeperError):
            return
        await self._calls.quietly(build_results(search, goods, bot=bot, more=more))

    # ---- looking after it ------------------------------------------------------------------------

    async def check(self) -> Health:
        """Ask who we are and how updates come."""
        try:
            me = await self._calls.me()
            hook = await self._calls.call(GetWebhookInfo())
        except ShopkeeperError as trouble:
            return Health("down", trouble.what, "Look at SHOPKEEPER_TELEGRAM__TOKEN and the network.")
        except AiogramError as trouble:
            return Health("down", f"Telegram answers oddly: {self._calls.hushed(trouble)}", "Look at the network.")
        way = f"webhook {hook.url}" if hook.url else "long polling"
        inline = "on" if me.supports_inline_queries else "off"
        line = f"@{me.username}, {way}, {hook.pending_update_count} updates waiting, inline mode {inline}"
        wrong, mend = self._wrong_with(hook, me)
        return Health("warn", f"{line}; {wrong}", mend) if wrong else Health("ok", line)

    def _wrong_with(self, hook: WebhookInfo, me: User) -> tuple[str, str]:
        """What is wrong with how updates come, and what mends it; empty when nothing is."""
        again = "shopkeeper webhook set telegram"
        if self._secret and not hook.url:
            return "nobody fetches: a webhook secret is set", again
        if not hook.url:
            return "", ""
        failed = hook.last_error_date
        if failed and datetime.now(UTC) - _in_utc(failed) < FRESH_ERROR:
            return f"last delivery failed: {hook.last_error_message}", "shopkeeper webhook check telegram"
        missing = set(ALLOWED_UPDATES).difference(hook.allowed_updates or ALLOWED_UPDATES)
        if self._provider_token and QUESTION in missing:
            return f"{QUESTION} does not come, so nobody can pay", again
        if me.can_connect_to_business and missing.intersection(BUSINESS_UPDATES):
            return "messages of connected accounts do not come", again
        if me.supports_inline_queries and ASKED_ELSEWHERE in missing:
            return f"{ASKED_ELSEWHERE} does not come, so nobody finds goods by the bot's name", again
        return ("", "") if self._secret else ("no secret is set, so it is refused", again)

    async def set_webhook(self, public_url: str) -> str:
        """Let Telegram send updates to `public_url`; returns the full address. Raises ShopkeeperError."""
        if not self._secret:
            raise ShopkeeperError("There is no webhook secret.", "Set SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET first.")
        address = f"{public_url.rstrip('/')}/webhooks/telegram"
        await self._calls.or_tell(
            SetWebhook(url=address, secret_token=self._secret.decode(), allowed_updates=ALLOWED_UPDATES)
        )
        return address

    async def delete_webhook(self) -> None:
        """Go back to long polling; updates that wait are kept. Raises ShopkeeperError."""
        await self._calls.or_tell(DeleteWebhook(drop_pending_updates=False))

    async def show_welcome(self, welcomes: Sequence[Welcome]) -> Sequence[str]:
        """Fill the menu of commands beside the text field, for each language and for all others."""
        for locale, welcome in (("", welcomes[0]), *((one.locale, one) for one in welcomes)):
            commands = [BotCommand(command=entry.code, description=entry.title) for entry in welcome.commands]
            await self._calls.or_tell(SetMyCommands(commands=commands, language_code=locale.partition("-")[0] or None))
        return ("commands",)

    async def close(self) -> None:
        """Give back the connections."""
        await self._calls.session.close()


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
