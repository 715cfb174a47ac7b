"""Shows one fitted answer in a chat: a new message, a changed one, an album, or an invoice."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest
from aiogram.methods import EditMessageMedia, EditMessageText, SendMediaGroup, SendMessage, SendPhoto, TelegramMethod
from aiogram.types import FSInputFile, InputMediaPhoto, LinkPreviewOptions, MediaUnion, Message, ReplyKeyboardRemove

from base.errors import Refused
from bot.channel import Sent
from bot.messages import Address, Album, Fitted, Invoice
from integrations.messenger.telegram.build import Call, build_call
from integrations.messenger.telegram.calls import Calls
from integrations.messenger.telegram.invoice import build_invoice, invoice_of
from integrations.messenger.telegram.keyboards import inline_keyboard, reply_keyboard
from integrations.messenger.telegram.pictures import local_picture
from integrations.messenger.telegram.troubles import is_told, told

REMEMBERED = 1000  # keys of sent messages, pictures and open keyboards kept in this process
PICTURE_TROUBLES = (
    "http url", "file identifier", "photo", "wrong type of the web page", "webpage_media_empty", "media_empty",
)  # fmt: skip

log = structlog.get_logger(__name__)
Key = TypeVar("Key")
Kept = TypeVar("Kept")


class Sending:
    """`lent`: the account of an address is a business connection, through which everything is sent."""

    def __init__(self, calls: Calls, media_root: Path | None, provider_token: str, *, lent: bool = False) -> None:
        self._calls, self._provider_token, self._lent = calls, provider_token, lent
        self._media_root = media_root.resolve() if media_root else None
        self._uploaded: OrderedDict[Path, str] = OrderedDict()
        self._apart: OrderedDict[str, dict[str, Sent | None]] = OrderedDict()  # albums that had to go one by one
        self._asking: OrderedDict[str, None] = OrderedDict()  # chats where we opened a reply keyboard

    async def show(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """`key`: the same on every try. Raises TryLater, Unreachable or Refused."""
        if invoice := invoice_of(message):
            return await self._send_invoice(to.peer, message, invoice)
        if album := next((part for part in message.parts if isinstance(part, Album)), None):
            return await self._send_album(to, album, key, silent=message.silent)
        call = build_call(message)
        sent = await self._edit(to, message.edits, call) if message.edits and not call.asks else None
        return sent or await self._send_new(to, call, message)

    def through(self, to: Address) -> str | None:
        """The business connection that messages to this address go through."""
        return to.account if self._lent else None

    async def _send_invoice(self, peer: str, message: Fitted, invoice: Invoice) -> Sent:
        method = build_invoice(peer, message, invoice, self._provider_token)
        try:
            shown = await self._calls.call(method)
        except TelegramBadRequest as refusal:
            raise told(refusal) from None
        except ClientDecodeError as unread:
            return Sent(platform_id=_number_in(unread.data))
        return Sent(platform_id=str(shown.message_id))

    # ---- pictures side by side -------------------------------------------------------------------

    async def _send_album(self, to: Address, album: Album, key: str, *, silent: bool) -> Sent:
        """All pictures in one message; where Telegram cannot have one of them, the others go one by one.

        On another try no picture comes twice, as far as this process remembers.
        """
        shown = [(url, picture) for url in album.urls if (picture := self._picture(url)) is not None]
        apart = self._apart.get(key)
        if len(shown) > 1 and apart is None:
            media: list[MediaUnion] = [InputMediaPhoto(media=picture) for _, picture in shown]
            group = SendMediaGroup(
                business_connection_id=self.through(to),
                chat_id=to.peer,
                media=media,
                disable_notification=silent or None,
            )
            try:
                messages = await self._calls.call(group)
            except TelegramBadRequest as refusal:
                if not is_told(refusal, *PICTURE_TROUBLES):
                    raise told(refusal) from None
                log.warning("telegram.album_refused", reason=refusal.message)
            except ClientDecodeError:  # it was sent, only the answer has a form that we do not know
                return Sent()
            else:
                for (url, _), message in zip(shown, messages, strict=False):
                    self._keep_upload(url, message)
                return Sent(platform_id=str(messages[0].message_id) if messages else None)
        apart = apart or {}
        remember(self._apart, key, apart)
        for url in dict.fromkeys(url for url, _ in shown):
            if url not in apart:
                apart[url] = await self._send_picture(to, url, silent=silent)
        sent = next((one for one in apart.values() if one is not None), None)
        if sent is None:
            raise Refused("None of the pictures can be shown.")
        return sent

    async def _send_picture(self, to: Address, url: str, *, silent: bool) -> Sent | None:
        call = Call(words="", html="", picture=url, silent=silent)
        try:
            return await self._try_new(to, call, parse_mode=None)
        except TelegramBadRequest as refusal:
            if is_told(refusal, *PICTURE_TROUBLES):
                return None
            raise told(refusal) from None

    # ---- one message -----------------------------------------------------------------------------

    async def _edit(self, to: Address, edits: str, call: Call) -> Sent | None:
        """Change an earlier message; None when Telegram cannot, so that a new message is sent."""
        if not edits.isdigit():
            return None
        number, keyboard, through = int(edits), inline_keyboard(call.rows), self.through(to)
        picture = self._picture(call.picture)
        method: TelegramMethod[Message | bool]
        if call.picture and picture is not None:
            media = InputMediaPhoto(media=picture, caption=call.html or None, parse_mode="HTML")
            method = EditMessageMedia(
                business_connection_id=through, chat_id=to.peer, message_id=number, media=media, reply_markup=keyboard
            )
        else:
            method = EditMessageText(
                business_connection_id=through,
                chat_id=to.peer,
                message_id=number,
                text=call.html,
                parse_mode="HTML",
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=call.silent or None,
                reply_markup=keyboard,
            )
        try:
            changed = await self._calls.call(method)
        except TelegramBadRequest as refusal:
            return Sent(platform_id=edits) if is_told(refusal, "message is not modified") else None
        except ClientDecodeError:  # changed, only the answer has a form that we do not know
            return Sent(platform_id=edits)
        self._keep_upload(call.picture, changed)
        return Sent(platform_id=edits)

    async def _send_new(self, to: Address, call: Call, message: Fitted) -> Sent:
        try:
            return await self._try_new(to, call, parse_mode="HTML")
        except TelegramBadRequest as refusal:
            if is_told(refusal, "can't parse entities", "can't parse caption entities"):
                again, mode = call, None
            elif call.picture and is_told(refusal, *PICTURE_TROUBLES):
                log.warning("telegram.picture_refused", reason=refusal.message)
                again, mode = replace(call, picture=None), "HTML"
            elif is_told(refusal, "button url", "url host", "button_url_invalid"):
                again, mode = build_call(message, urls_as_buttons=False), "HTML"
            else:
                raise told(refusal) from None
        try:
            return await self._try_new(to, again, parse_mode=mode)
        except TelegramBadRequest as refusal:
            raise told(refusal) from None

    async def _try_new(self, to: Address, call: Call, *, parse_mode: str | None) -> Sent:
        peer, through = to.peer, self.through(to)
        words = call.html if parse_mode else call.words
        picture = self._picture(call.picture)
        keyboard = reply_keyboard(call) if call.asks else inline_keyboard(call.rows)
        closing = None if keyboard or peer not in self._asking else ReplyKeyboardRemove(remove_keyboard=True)
        method: TelegramMethod[Message]
        if picture is not None:
            method = SendPhoto(
                business_connection_id=through,
                chat_id=peer,
                photo=picture,
                caption=words or None,
                parse_mode=parse_mode,
                disable_notification=call.silent or None,
                reply_markup=keyboard or closing,
            )
        elif not words:
            raise Refused("The picture of a message without words is missing.")
        else:
            method = SendMessage(
                business_connection_id=through,
                chat_id=peer,
                text=words,
                parse_mode=parse_mode,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                disable_notification=call.silent or None,
                reply_markup=keyboard or closing,
            )
        try:
            message = await self._calls.call(method)
        except ClientDecodeError as unread:  # it was sent, only the answer has a form that we do not know
            return Sent(platform_id=_number_in(unread.data))
        if call.asks:
            remember(self._asking, peer, None)
        elif closing:
            self._asking.pop(peer, None)
        self._keep_upload(call.picture, message)
        return Sent(platform_id=str(message.message_id))

    # ---- files of pictures -----------------------------------------------------------------------

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
            remember(self._uploaded, path, message.photo[-1].file_id)


def remember(memory: OrderedDict[Key, Kept], key: Key, kept: Kept) -> None:
    """Keep it; what was kept longest ago makes room."""
    memory[key] = kept
    memory.move_to_end(key)
    while len(memory) > REMEMBERED:
        memory.popitem(last=False)


def _number_in(answer: object) -> str | None:
    """The id of a message whose answer could not be read in full."""
    result = answer.get("result") if isinstance(answer, dict) else None
    number = result.get("message_id") if isinstance(result, dict) else None
    return str(number) if isinstance(number, int) else None
