"""Telegram Business behind the loopback Bot API: accounts that people connect to the bot, and their private chats.

Rules: Bot API 10.3, BusinessBotRights (can_reply holds for chats with incoming messages in the last 24 hours),
sendMessage (no reply keyboards on behalf of a business account), Message.sender_business_bot.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.botapi_chat import BOT, Chat
from tests.contracts.botapi_rules import Params, Rules, bad

DAY = 24 * 3600


@dataclass
class Connection:
    """An account that somebody has connected to the bot."""

    id: str
    owner: int
    on: bool = True
    may_reply: bool = True
    chats: dict[int, Chat] = field(default_factory=dict)
    heard: dict[int, float] = field(default_factory=dict)  # when each person wrote last, Unix time

    def person(self) -> Params:
        """The owner as the platform describes him."""
        return {"id": self.owner, "is_bot": False, "first_name": "Olga", "language_code": "en"}

    def described(self) -> Params:
        """As the bot is told of it."""
        rights = {"can_reply": True} if self.may_reply else {}
        return {
            "id": self.id, "user": self.person(), "user_chat_id": self.owner, "date": int(time.time()),
            "is_enabled": self.on, "rights": rights,
        }  # fmt: skip


class Lending(Rules):
    """Calls with a business_connection_id act on the chats of that connection."""

    def __init__(self) -> None:
        super().__init__()
        self.business_mode = False
        self.connections: dict[str, Connection] = {}
        self.clock: Callable[[], float] = time.time  # Unix time

    async def update(self, kind: str, content: Params) -> int | None:
        """Deliver an update."""
        raise AssertionError("the server delivers")

    def on_getBusinessConnection(self, params: Params, files: object) -> Params:
        return self._connection(params).described()

    def _connection(self, params: Params) -> Connection:
        found = self.connections.get(params["business_connection_id"])
        if found is None:
            raise bad("business connection not found")
        return found

    def _open_chat(self, params: Params) -> Chat:
        if "business_connection_id" not in params:
            return super()._open_chat(params)
        connection = self._connection(params)
        person = int(params["chat_id"])
        if not connection.on:
            raise bad("BUSINESS_CONNECTION_INVALID")
        if not connection.may_reply:
            raise bad("not enough rights")
        if self.clock() - connection.heard.get(person, 0) > DAY:
            raise bad("BUSINESS_PEER_INVALID")
        markup = params.get("reply_markup") or {}
        if not set(markup) <= {"inline_keyboard"}:
            raise bad("reply markup of this kind can't be sent on behalf of a business account")
        return connection.chats[person]

    def echo_of(self, params: Params, result: Any) -> Params | None:
        """The bot's own message as it comes back to it; None where nothing was sent through a connection."""
        if "business_connection_id" not in params or not isinstance(result, dict) or "message_id" not in result:
            return None
        connection = self._connection(params)
        own = {"business_connection_id": connection.id, "sender_business_bot": BOT, "from": connection.person()}
        return {name: value for name, value in result.items() if name != "reply_markup"} | own

    # ---- what owners and customers do -------------------------------------------------------------

    async def owner_connects(self, id: str = "bc1", owner: int = 81, **changes: bool) -> int | None:
        """Somebody connects his account to the bot, or changes what the bot may do in it (on=, may_reply=)."""
        connection = self.connections.setdefault(id, Connection(id, owner))
        for name, value in changes.items():
            setattr(connection, name, value)
        return await self.update("business_connection", connection.described())

    def lent_chat(self, chat: int, through: str = "bc1") -> Chat:
        """The private chat of person `chat` with the owner of a connection."""
        return self.connections[through].chats.setdefault(chat, Chat(id=chat))

    async def customer_writes(
        self, chat: int, text: str, through: str = "bc1", *, edits: int | None = None, **more: Any
    ) -> int | None:
        """A person writes to the owner, or changes one of his messages."""
        return await self.customer_sends(chat, through, edits=edits, text=text, **more)

    async def customer_sends(
        self, chat: int, through: str = "bc1", *, edits: int | None = None, **content: Any
    ) -> int | None:
        """A person sends the owner anything: text=, photo=, location=, voice=, sticker=…"""
        self.connections[through].heard[chat] = self.clock()
        return await self._written(chat, through, self.lent_chat(chat, through).person(), edits, content)

    async def owner_writes(self, chat: int, text: str, through: str = "bc1", **more: Any) -> int | None:
        """The owner writes to a person with his own hands."""
        self.lent_chat(chat, through)
        return await self._written(chat, through, self.connections[through].person(), None, {"text": text, **more})

    async def customer_taps(self, chat: int, title: str, through: str = "bc1") -> int | None:
        """A person presses a button under a message of the bot in the owner's chat."""
        person = self.lent_chat(chat, through)
        shown, button = person.find(title)
        query = f"{next(self.numbers)}99"
        self.queries.add(query)
        message = person.message(shown) | {"business_connection_id": through}
        tap = {"id": query, "from": person.person(), "message": message, "chat_instance": f"c{chat}"}
        return await self.update("callback_query", tap | {"data": button.payload})

    async def customer_deletes(self, chat: int, *numbers: int, through: str = "bc1") -> int | None:
        """Messages of a chat of the owner are deleted."""
        gone = {"business_connection_id": through, "chat": self.lent_chat(chat, through).described()}
        return await self.update("deleted_business_messages", gone | {"message_ids": list(numbers)})

    async def _written(self, chat: int, through: str, sender: Params, edits: int | None, content: Params) -> int | None:
        person, now = self.lent_chat(chat, through), self.now()
        number = edits or next(self.numbers)
        person.said[number] = str(content.get("text", content.get("caption", "")))
        whole = {"message_id": number, "date": now, "chat": person.described(), "from": sender}
        whole |= {"business_connection_id": through} | content | ({"edit_date": now} if edits else {})
        return await self.update("edited_business_message" if edits else "business_message", whole)
