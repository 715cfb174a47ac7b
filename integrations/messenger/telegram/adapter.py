"""The Telegram adapter: one bot, one HTTP connection pool, webhook or long polling."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Mapping, Sequence
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
from aiogram.types import BotCommand

from base.errors import BadSignature, ShopkeeperError
from bot.channel import Deliver, Health, Limits, Raw, Sent
from bot.knocks import Knock
from bot.messages import Address, Fitted, Inbound, Search, Tap
from bot.pacing import Pace, Paces
from bot.render_fit import must_fit
from bot.showcase import Good
from bot.welcome import Welcome
from integrations.messenger.telegram import read
from integrations.messenger.telegram.build import CAPTION_LIMIT, PAYLOAD_LIMIT, TEXT_LIMIT
from integrations.messenger.telegram.calls import Calls
from integrations.messenger.telegram.hook import ALLOWED_UPDATES, wrong_with
from integrations.messenger.telegram.inline import build_results
from integrations.messenger.telegram.poll import Poller
from integrations.messenger.telegram.sending import Sending, remember

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
DOOR = "/webhooks/telegram"
PER_SECOND = 25.0  # messages; about 30 pass (Bot FAQ), and other calls of the bot count too
CHAT = Pace(1.0, burst=5)  # one a second to one chat; short bursts pass
GROUP = Pace(3.5, burst=2)  # 20 a minute to one group


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
        silent=True,
    )

    def __init__(
        self, token: str, api_base: str, webhook_secret: str, account: str, media_root: Path | None = None,
        provider_token: str = "", per_second: float = PER_SECOND, public_url: str = "",
    ) -> None:  # fmt: skip
        """Opens nothing yet. Raises ShopkeeperError when the token has not the form of a Telegram token."""
        self._calls = Calls(token, api_base)
        self._sending = Sending(self._calls, media_root, provider_token, lent=self.lent)
        self._secret = webhook_secret.encode()
        self._account, self._provider_token, self._public_url = account, provider_token, public_url
        self.paces = Paces(Pace(1 / per_second), CHAT, GROUP)
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
        sent = await self._sending.show(to, message, key=key)
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
        ours = self._door(self._public_url) if self._public_url else ""
        wrong, mend = wrong_with(hook, me, ours=ours, secret=bool(self._secret), sells=bool(self._provider_token))
        line = f"{line}; {wrong}" if wrong else line
        return Health("warn" if wrong else "ok", line, mend, waiting=hook.pending_update_count)

    async def reaches(self, peer: str) -> Health:
        """Whether the bot may write to `peer`; that somebody writes is all that is seen of it."""
        try:
            await self._calls.call(SendChatAction(chat_id=peer, action="typing"))
        except (ShopkeeperError, AiogramError) as trouble:
            mend = "Write to the bot from that chat once, and look at SHOPKEEPER_TELEGRAM__OWNER_CHAT."
            return Health("down", f"the bot cannot write there: {self._calls.hushed(trouble)}", mend)
        if number := self._calls.moved.get(peer):
            line = "the bot may write there; the group has become a supergroup and has a new number"
            return Health("warn", line, f"Set SHOPKEEPER_TELEGRAM__OWNER_CHAT={number}.")
        return Health("ok", "the bot may write there")

    def knocks(self) -> Sequence[Knock]:
        """What proves that our door is open to Telegram, and to nobody else. Nothing where we fetch ourselves."""
        if not self._secret:
            return ()
        nothing = b'{"update_id": 0}'
        right, wrong = {SECRET_HEADER: self._secret.decode()}, {SECRET_HEADER: "wrong"}
        return (
            Knock("an update", 200, body=nothing, headers=right),
            Knock("a forgery", 401, body=nothing, headers=wrong),
        )

    def _door(self, public_url: str) -> str:
        return public_url.rstrip("/") + DOOR

    async def set_webhook(self, public_url: str) -> str:
        """Let Telegram send updates to `public_url`; returns the full address. Raises ShopkeeperError."""
        if not self._secret:
            raise ShopkeeperError("There is no webhook secret.", "Set SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET first.")
        address = self._door(public_url)
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

    async def link(self, payload: str) -> str:
        """An address that opens the bot with `payload`, 64 of `A-Za-z0-9_-` at most. Raises ShopkeeperError."""
        return f"https://t.me/{await self._calls.username()}?start={payload}"

    async def close(self) -> None:
        """Give back the connections."""
        await self._calls.session.close()
