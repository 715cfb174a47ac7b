"""The rules of the Bot API behind the wire: what each method does to a chat, and what it refuses."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from tests.contracts.botapi_chat import BOT, Chat, Shown
from tests.contracts.botapi_schema import FILE
from tests.contracts.botapi_text import BadMarkup, visible

Params = dict[str, Any]
Files = Mapping[str, str]  # names of uploaded files by their field
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


class Refusal(Exception):
    """An answer with ok = false."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, dict(parameters or {})


def bad(reason: str) -> Refusal:
    """A 400 in the platform's manner."""
    return Refusal(400, f"Bad Request: {reason}")


class Rules:
    """The chats, and every method that acts on them."""

    def __init__(self) -> None:
        self.answered: list[str] = []  # callback queries that were answered
        self.settled: list[Params] = []  # answers to pre-checkout and shipping queries
        self.commands: dict[str, list[Params]] = {}  # by language
        self.inline_mode = self.business_mode = False  # as @BotFather sets them
        self.old_queries: bool = False  # from now on every callback query is too old
        self.chats: dict[int, Chat] = {}
        self.blocked: set[int] = set()
        self.queries: set[str] = set()
        self.webhook: Params = {}
        self.webhook_error = ""
        self.allowed: list[str] | None = None
        self.updates: list[Params] = []  # not yet fetched by getUpdates
        self.numbers = count(1000)
        self._files: dict[str, str] = {}

    def handler(self, method: str) -> Callable[[Params, Files], Params | bool | Awaitable[object]] | None:
        """What carries out `method`, if this server knows it."""
        found = getattr(self, f"on_{method}", None)
        return found if callable(found) else None

    # ---- sending ---------------------------------------------------------------------------------

    def on_sendMessage(self, params: Params, files: Files) -> Params:
        chat = self._open_chat(params)
        shown = Shown(id=next(self.numbers), text=_text(params, "text"), markup=markup_of(params))
        chat.show(shown)
        return chat.message(shown)

    def on_sendPhoto(self, params: Params, files: Files) -> Params:
        chat = self._open_chat(params)
        caption = _text(params, "caption", most=1024)
        file_id, picture = self._picture(params["photo"], files)
        shown = Shown(id=next(self.numbers), text=caption, picture=picture, file_id=file_id, markup=markup_of(params))
        chat.show(shown)
        return chat.message(shown)

    def on_sendMediaGroup(self, params: Params, files: Files) -> list[Params]:
        chat, media = self._open_chat(params), params["media"]
        if not 2 <= len(media) <= 10:
            raise bad("there must be 2-10 items in an album")
        if "reply_markup" in params:
            raise bad("an album has no keyboard")
        group = f"album-{next(self.numbers)}"
        shown = []
        for one in media:
            file_id, picture = self._picture(one["media"], files)
            text = _text(one, "caption", most=1024)
            shown.append(Shown(id=next(self.numbers), text=text, picture=picture, file_id=file_id, album=group))
        for one in shown:
            chat.show(one)
        return [chat.message(one) for one in shown]

    def on_sendChatAction(self, params: Params, files: Files) -> bool:
        self._open_chat(params).typing += 1
        return True

    # ---- changing --------------------------------------------------------------------------------

    def on_editMessageText(self, params: Params, files: Files) -> Params:
        chat, old = self._editable(params)
        if old.picture:
            raise bad("there is no text in the message to edit")
        return self._change(chat, old, text=_text(params, "text"), markup=markup_of(params))

    def on_editMessageCaption(self, params: Params, files: Files) -> Params:
        chat, old = self._editable(params)
        if not old.picture:
            raise bad("there is no caption in the message to edit")
        return self._change(chat, old, text=_text(params, "caption", most=1024), markup=markup_of(params))

    def on_editMessageMedia(self, params: Params, files: Files) -> Params:
        chat, old = self._editable(params)
        media = params["media"]
        file_id, picture = self._picture(media["media"], files)
        text = _text(media, "caption", most=1024)
        return self._change(chat, old, text=text, picture=picture, file_id=file_id, markup=markup_of(params))

    def on_editMessageReplyMarkup(self, params: Params, files: Files) -> Params:
        chat, old = self._editable(params)
        return self._change(chat, old, markup=markup_of(params))

    def on_deleteMessage(self, params: Params, files: Files) -> bool:
        chat = self._open_chat(params)
        if chat.messages.pop(params["message_id"], None) is None:
            raise bad("message to delete not found")
        return True

    # ---- answering and setting up ----------------------------------------------------------------

    def on_answerCallbackQuery(self, params: Params, files: Files) -> bool:
        query = params["callback_query_id"]
        if self.old_queries or query not in self.queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.queries.discard(query)
        self.answered.append(query)
        return True

    def on_answerShippingQuery(self, params: Params, files: Files) -> bool:
        self.settled.append(params)
        return True

    def on_getMe(self, params: Params, files: Files) -> Params:
        can = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": self.inline_mode,
        }
        more = {"can_connect_to_business": self.business_mode, "has_main_web_app": False}
        return BOT | can | more

    def on_setWebhook(self, params: Params, files: Files) -> bool:
        self.webhook = dict(params) if params["url"] else {}
        self._set_allowed(params)
        self.webhook_error = ""
        return True

    def on_deleteWebhook(self, params: Params, files: Files) -> bool:
        self.webhook = {}
        if params.get("drop_pending_updates"):
            self.updates.clear()
        return True

    def on_getWebhookInfo(self, params: Params, files: Files) -> Params:
        info: Params = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self.updates),
        }
        if self.allowed is not None:
            info["allowed_updates"] = self.allowed
        if self.webhook_error:
            info |= {"last_error_date": self.now(), "last_error_message": self.webhook_error}
        return info

    def on_setMyCommands(self, params: Params, files: Files) -> bool:
        self.commands[params.get("language_code", "")] = params["commands"]
        return True

    def on_getMyCommands(self, params: Params, files: Files) -> object:
        return self.commands.get(params.get("language_code", ""), [])

    def now(self) -> int:
        """Unix time in seconds."""
        raise AssertionError("the server tells the time")

    # ---- rules -----------------------------------------------------------------------------------

    def _set_allowed(self, params: Params) -> None:
        if "allowed_updates" in params:
            self.allowed = params["allowed_updates"] or None

    def _open_chat(self, params: Params) -> Chat:
        chat = self.chats.get(int(params["chat_id"])) if str(params["chat_id"]).lstrip("-").isdigit() else None
        if chat is None:
            raise bad("chat not found")
        if chat.id in self.blocked:
            raise Refusal(403, "Forbidden: bot was blocked by the user")
        return chat

    def _editable(self, params: Params) -> tuple[Chat, Shown]:
        if "chat_id" not in params or "message_id" not in params:
            raise bad("message identifier is not specified")
        chat = self._open_chat(params)
        old = chat.messages.get(params["message_id"])
        if old is None:
            raise bad("message to edit not found")
        if "keyboard" in old.markup:
            raise bad("message can't be edited")
        return chat, old

    def _change(self, chat: Chat, old: Shown, **changes: Any) -> Params:
        new = chat.change(old.id, **changes)
        if new == old:
            raise bad(NOT_MODIFIED.removeprefix("Bad Request: "))
        chat.show(new)
        return chat.message(new)

    def _picture(self, photo: object, files: Files) -> tuple[str, str]:
        """The file id and what a person sees. Raises for what the platform could not fetch."""
        if photo is FILE or (isinstance(photo, str) and photo.startswith("attach://")):
            field = "photo" if photo is FILE else str(photo).removeprefix("attach://")
            if field not in files:
                raise bad(f"there is no file {field} in the request")
            return self._keep_file(f"file:{files[field]}")
        if photo in self._files:
            return str(photo), self._files[str(photo)]
        if not isinstance(photo, str) or not photo.startswith(("http://", "https://")):
            raise bad("wrong remote file identifier specified: Wrong padding in the string")
        if not is_reachable(photo):
            raise bad("failed to get HTTP URL content")
        return self._keep_file(photo)

    def _keep_file(self, seen: str) -> tuple[str, str]:
        file_id = f"photo-{next(self.numbers)}"
        self._files[file_id] = seen
        return file_id, seen


def _text(params: Params, name: str, most: int = 4096) -> str:
    """The text a person will see, inside the limits that hold after entity parsing."""
    try:
        text = visible(params.get(name, ""), params.get("parse_mode"))
    except BadMarkup as reason:
        raise bad(f"can't parse entities: {reason}") from None
    if name == "text" and not text:
        raise bad("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > most:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text


def markup_of(params: Params, *, invoice: bool = False) -> Params:
    markup: Params = params.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        if len(row) > 8:
            raise bad("too many buttons in one row")
        for button in row:
            if not button["text"].strip():
                raise bad("text buttons must be non-empty")
            if "pay" in button and not (invoice and button is markup["inline_keyboard"][0][0]):
                raise bad("BUTTON_TYPE_INVALID")
            if "url" in button and not _is_full_address(button["url"]):
                raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if sum(len(row) for row in markup.get("inline_keyboard", [])) > 100:
        raise bad("reply markup is too long")
    return markup


def _is_full_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "tg" or (parts.scheme in {"http", "https"} and "." in (parts.hostname or ""))


def is_reachable(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_private
    except ValueError:
        return "." in host
