"""The Telegram adapter: one bot, one HTTP connection pool, webhook or long polling."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, TypeVar

import structlog
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramBadRequest
from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteWebhook,
    EditMessageMedia,
    EditMessageText,
    GetMe,
    GetWebhookInfo,
    SendChatAction,
    SendMessage,
    SendPhoto,
    SetMyCommands,
    SetWebhook,
    TelegramMethod,
)
from aiogram.types import (
    BotCommand,
    FSInputFile,
    InputMediaPhoto,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardRemove,
)
from aiogram.utils.token import TokenValidationError

from base.errors import BadSignature, Refused, ShopkeeperError, TryLater
from bot.channel import Deliver, Health, Limits, Raw, Sent
from bot.knocks import Knock
from bot.messages import Address, Fitted, Inbound, Invoice, Tap
from bot.pacing import Pace, Paces
from bot.render_fit import must_fit
from bot.welcome import Welcome
from integrations.messenger.telegram import read
from integrations.messenger.telegram.build import (
    CAPTION_LIMIT,
    PAYLOAD_LIMIT,
    TEXT_LIMIT,
    Call,
    build_call,
)
from integrations.messenger.telegram.hook import ALLOWED_UPDATES, wrong_with
from integrations.messenger.telegram.invoice import build_invoice, invoice_of
from integrations.messenger.telegram.keyboards import inline_keyboard, reply_keyboard
from integrations.messenger.telegram.pictures import local_picture
from integrations.messenger.telegram.poll import Poller
from integrations.messenger.telegram.session import Connections, number_in
from integrations.messenger.telegram.troubles import is_told, told

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
PER_SECOND = 25.0  # messages; about 30 pass (Bot FAQ), and other calls of the bot count too
CHAT = Pace(1.0, burst=5)  # one a second to one chat; short bursts pass
GROUP = Pace(3.5, burst=2)  # 20 a minute to one group
CALL_SECONDS = 15  # shorter than the lease of a message that is being sent
REMEMBERED = 1000  # keys of sent messages, pictures and open keyboards kept in this process

log = structlog.get_logger(__name__)
Answer = TypeVar("Answer")
Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Telegram:
    """A Telegram bot. `account` names it in addresses; `media_root` is where local pictures may lie.

    `provider_token` is what invoices are sent with; without it, none can be.
    """

    name: ClassVar[str] = "telegram"
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
    )

    def __init__(
        self, token: str, api_base: str, webhook_secret: str, account: str, media_root: Path | None = None,
        provider_token: str = "", per_second: float = PER_SECOND, public_url: str = "",
    ) -> None:  # fmt: skip
        """Opens nothing yet. Raises ShopkeeperError when the token has not the form of a Telegram token."""
        self._session = Connections(api=TelegramAPIServer.from_base(api_base))
        try:
            self._bot = Bot(token, session=self._session)
        except TokenValidationError:
            raise ShopkeeperError(
                "The Telegram token has not the form 123456:ABC….",
                "Copy it from @BotFather into SHOPKEEPER_TELEGRAM__TOKEN.",
            ) from None
        self._secret = webhook_secret.encode()
        self._account, self._provider_token, self._public_url = account, provider_token, public_url
        self.paces = Paces(Pace(1 / per_second), CHAT, GROUP)
        self._media_root = media_root.resolve() if media_root else None
        self._username = ""  # not asked yet
        self._sent: OrderedDict[str, Sent] = OrderedDict()
        self._uploaded: OrderedDict[Path, str] = OrderedDict()
        self._asking: OrderedDict[str, None] = OrderedDict()  # chats where we opened a reply keyboard

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
        """One inbound or none; never raises."""
        return read.read_update(body, self._account)

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
        await Poller(self._session, self._bot.token, ALLOWED_UPDATES).run(self.read_raw, deliver)

    # ---- going out -------------------------------------------------------------------------------

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """One call of the Bot API. It has no idempotency key: `key` protects within this process alone."""
        if key in self._sent:
            return self._sent[key]
        must_fit(message, self.limits)
        invoice = invoice_of(message)
        sent = await (self._send_invoice(to.peer, message, invoice) if invoice else self._send_words(to.peer, message))
        _remember(self._sent, key, sent)
        return sent

    async def _send_words(self, peer: str, message: Fitted) -> Sent:
        call = build_call(message)
        if message.edits and not call.asks:
            sent = await self._edit(peer, message.edits, call)
        else:
            sent = None
        return sent or await self._send_new(peer, call, message)

    async def _send_invoice(self, peer: str, message: Fitted, invoice: Invoice) -> Sent:
        method = build_invoice(peer, message, invoice, self._provider_token)
        try:
            shown = await self._call(method)
        except TelegramBadRequest as refusal:
            raise told(refusal) from None
        except ClientDecodeError as unread:
            return Sent(platform_id=number_in(unread.data))
        return Sent(platform_id=str(shown.message_id))

    async def typing(self, to: Address) -> None:
        """Show "typing…" for up to five seconds."""
        await self._quietly(SendChatAction(chat_id=to.peer, action="typing"))

    async def acknowledge(self, inbound: Inbound) -> None:
        """Stop the spinner on a pressed button; too late is as good as done."""
        if isinstance(inbound.content, Tap) and inbound.content.receipt:
            await self._quietly(AnswerCallbackQuery(callback_query_id=inbound.content.receipt))

    async def _edit(self, peer: str, edits: str, call: Call) -> Sent | None:
        """Change an earlier message; None when Telegram cannot, so that a new message is sent."""
        if not edits.isdigit():
            return None
        number, keyboard = int(edits), inline_keyboard(call.rows)
        picture = self._picture(call.picture)
        method: TelegramMethod[Message | bool]
        if call.picture and picture is not None:
            media = InputMediaPhoto(media=picture, caption=call.html or None, parse_mode="HTML")
            method = EditMessageMedia(chat_id=peer, message_id=number, media=media, reply_markup=keyboard)
        else:
            method = EditMessageText(
                chat_id=peer,
                message_id=number,
                text=call.html,
                parse_mode="HTML",
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=keyboard,
            )
        try:
            changed = await self._call(method)
        except TelegramBadRequest as refusal:
            return Sent(platform_id=edits) if is_told(refusal, "message is not modified") else None
        except ClientDecodeError:  # changed, only the answer has a form that we do not know
            return Sent(platform_id=edits)
        self._keep_upload(call.picture, changed)
        return Sent(platform_id=edits)

    async def _send_new(self, peer: str, call: Call, message: Fitted) -> Sent:
        try:
            return await self._try_new(peer, call, parse_mode="HTML")
        except TelegramBadRequest as refusal:
            if is_told(refusal, "can't parse entities", "can't parse caption entities"):
                again, mode = call, None
            elif call.picture and is_told(
                refusal, "http url", "file identifier", "photo", "wrong type of the web page"
            ):
                log.warning("telegram.picture_refused", reason=refusal.message)
                again, mode = replace(call, picture=None), "HTML"
            elif is_told(refusal, "button url", "url host", "button_url_invalid"):
                again, mode = build_call(message, urls_as_buttons=False), "HTML"
            else:
                raise told(refusal) from None
        try:
            return await self._try_new(peer, again, parse_mode=mode)
        except TelegramBadRequest as refusal:
            raise told(refusal) from None

    async def _try_new(self, peer: str, call: Call, *, parse_mode: str | None) -> Sent:
        words = call.html if parse_mode else call.words
        picture = self._picture(call.picture)
        keyboard = reply_keyboard(call) if call.asks else inline_keyboard(call.rows)
        closing = None if keyboard or peer not in self._asking else ReplyKeyboardRemove(remove_keyboard=True)
        method: TelegramMethod[Message]
        if picture is not None:
            method = SendPhoto(
                chat_id=peer,
                photo=picture,
                caption=words or None,
                parse_mode=parse_mode,
                reply_markup=keyboard or closing,
            )
        elif not words:
            raise Refused("The picture of a message without words is missing.")
        else:
            method = SendMessage(
                chat_id=peer,
                text=words,
                parse_mode=parse_mode,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=keyboard or closing,
            )
        try:
            message = await self._call(method)
        except ClientDecodeError as unread:  # it was sent, only the answer has a form that we do not know
            return Sent(platform_id=number_in(unread.data))
        if call.asks:
            _remember(self._asking, peer, None)
        elif closing:
            self._asking.pop(peer, None)
        self._keep_upload(call.picture, message)
        return Sent(platform_id=str(message.message_id))

    # ---- looking after it ------------------------------------------------------------------------

    async def check(self) -> Health:
        """Ask who we are and how updates come."""
        try:
            me = await self._call(GetMe())
            hook = await self._call(GetWebhookInfo())
        except ShopkeeperError as trouble:
            return Health("down", trouble.what, "Look at SHOPKEEPER_TELEGRAM__TOKEN and the network.")
        except AiogramError as trouble:
            return Health("down", f"Telegram answers oddly: {self._hushed(trouble)}", "Look at the network.")
        way = f"webhook {hook.url}" if hook.url else "long polling"
        line = f"@{me.username}, {way}, {hook.pending_update_count} updates waiting"
        ours = self._door(self._public_url) if self._public_url else ""
        wrong, mend = wrong_with(hook, ours=ours, secret=bool(self._secret), sells=bool(self._provider_token))
        return Health("warn" if wrong else "ok", line + wrong, mend, waiting=hook.pending_update_count)

    def _door(self, public_url: str) -> str:
        return f"{public_url.rstrip('/')}/webhooks/{self.name}"

    async def reaches(self, peer: str) -> Health:
        """Whether the bot may write to `peer`; that somebody writes is all that is seen of it."""
        try:
            await self._call(SendChatAction(chat_id=peer, action="typing"))
        except (ShopkeeperError, AiogramError) as trouble:
            mend = "Write to the bot from that chat once, and look at SHOPKEEPER_TELEGRAM__OWNER_CHAT."
            return Health("down", f"the bot cannot write there: {self._hushed(trouble)}", mend)
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

    async def set_webhook(self, public_url: str) -> str:
        """Let Telegram send updates to `public_url`; returns the full address. Raises ShopkeeperError."""
        if not self._secret:
            raise ShopkeeperError("There is no webhook secret.", "Set SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET first.")
        address = self._door(public_url)
        await self._or_tell(
            SetWebhook(url=address, secret_token=self._secret.decode(), allowed_updates=ALLOWED_UPDATES)
        )
        return address

    async def delete_webhook(self) -> None:
        """Go back to long polling; updates that wait are kept. Raises ShopkeeperError."""
        await self._or_tell(DeleteWebhook(drop_pending_updates=False))

    async def show_welcome(self, welcomes: Sequence[Welcome]) -> Sequence[str]:
        """Fill the menu of commands beside the text field, for each language and for all others."""
        for locale, welcome in (("", welcomes[0]), *((one.locale, one) for one in welcomes)):
            commands = [BotCommand(command=entry.code, description=entry.title) for entry in welcome.commands]
            await self._or_tell(SetMyCommands(commands=commands, language_code=locale.partition("-")[0] or None))
        return ("commands",)

    async def link(self, payload: str) -> str:
        """An address that opens the bot with `payload`, 64 of `A-Za-z0-9_-` at most. Raises ShopkeeperError."""
        if not self._username:
            self._username = (await self._call(GetMe())).username or ""
        return f"https://t.me/{self._username}?start={payload}"

    async def close(self) -> None:
        """Give back the connections."""
        await self._session.close()

    # ---- the network -----------------------------------------------------------------------------

    async def _call(self, method: TelegramMethod[Answer]) -> Answer:
        """One call. 400 and an unreadable success stay aiogram's own errors; all else is told in ours."""
        try:
            return await self._bot(method, request_timeout=CALL_SECONDS)
        except TelegramBadRequest:
            raise
        except ClientDecodeError as unread:
            if isinstance(unread.data, dict) and unread.data.get("ok") is True:
                raise
            raise TryLater("Telegram's answer could not be read.", after=2) from None
        except (AiogramError, OSError, TypeError) as trouble:  # TypeError: aiogram on an error without description
            raise told(trouble) from None

    async def _or_tell(self, method: TelegramMethod[bool]) -> None:
        try:
            await self._call(method)
        except AiogramError as trouble:
            raise ShopkeeperError(f"Telegram refused: {self._hushed(trouble)}") from None

    async def _quietly(self, method: TelegramMethod[bool]) -> None:
        try:
            await self._call(method)
        except (AiogramError, ShopkeeperError) as trouble:
            log.debug("telegram.courtesy_failed", reason=self._hushed(trouble))

    def _hushed(self, trouble: Exception) -> str:
        """The words of an error without our token, which stands in every address."""
        return str(trouble).replace(self._bot.token, "…")

    # ---- pictures --------------------------------------------------------------------------------

    def _picture(self, url: str | None) -> str | FSInputFile | None:
        """What to send for a picture: an address, the file id of an earlier upload, or the file itself."""
        if not url:
            return None
        path = local_picture(url, self._media_root)
        if path is not None:
            return self._uploaded.get(path) or FSInputFile(path)
        return url if url.startswith(("http://", "https://")) else None

    def _keep_upload(self, url: str | None, message: Message | bool) -> None:
        path = local_picture(url, self._media_root) if url else None
        if path is not None and isinstance(message, Message) and message.photo:
            _remember(self._uploaded, path, message.photo[-1].file_id)


def _remember(memory: OrderedDict[Key, Kept], key: Key, kept: Kept) -> None:
    memory[key] = kept
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)
