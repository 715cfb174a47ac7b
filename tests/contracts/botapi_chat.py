"""What people see and do in their chats with the bot on the loopback Bot API."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

BOT = {"id": 4242, "is_bot": True, "first_name": "Lumo", "username": "lumo_test_bot"}
NUMBERED = re.compile(r"^\s*(\d+)\.\s*")


@dataclass(frozen=True)
class Button:
    """A button as a person sees it; `raw` is how it came."""

    title: str
    payload: str = ""
    url: str = ""
    asks: str = ""  # contact or location, on the reply keyboard
    inline: bool = True


@dataclass(frozen=True)
class Shown:
    """One message of the bot in its present form."""

    id: int
    text: str
    picture: str = ""  # address, or file:NAME of an upload; empty for a text
    file_id: str = ""
    markup: dict[str, Any] = field(default_factory=dict)
    deleted: bool = False
    invoice: dict[str, Any] = field(default_factory=dict)  # as it was sent
    album: str = ""  # the mark of pictures that stand together

    @property
    def rows(self) -> list[list[Button]]:
        """The keyboard, row by row."""
        inline, reply = self.markup.get("inline_keyboard"), self.markup.get("keyboard")
        if self.invoice and not inline:
            return [[Button(title=f"Pay {self.invoice['currency']} {self.due}")]]
        return [[_button(raw, inline=inline is not None) for raw in row] for row in inline or reply or []]

    @property
    def due(self) -> int:
        """What an invoice comes to, in the smallest units."""
        return sum(price["amount"] for price in self.invoice["prices"])

    @property
    def buttons(self) -> list[Button]:
        """All buttons, in reading order."""
        return [button for row in self.rows for button in row]

    def words(self) -> str:
        """Everything a person reads in this message: text, then titles of buttons with their addresses."""
        said = [self.text, self.invoice.get("title", ""), self.invoice.get("description", "")]
        said += [f"{price['label']} {price['amount']}" for price in self.invoice.get("prices", ())]
        for button in self.buttons:
            said += [button.title, button.url]
        return "\n".join(word for word in said if word)


@dataclass
class Chat:
    """One private chat: the messages of the bot as they stand now, and the order in which they were shown."""

    id: int
    first_name: str = "Ana"
    locale: str = "en"
    messages: dict[int, Shown] = field(default_factory=dict)
    history: list[Shown] = field(default_factory=list)  # every sending and every edit, as it looked then
    typing: int = 0
    said: dict[int, str] = field(default_factory=dict)  # the person's own messages by id

    def mark(self) -> int:
        """A place in the history, for `words(since=mark)`."""
        return len(self.history)

    def words(self, since: int | None = None) -> str:
        """All words visible now, or all words sent and edited since `mark()`."""
        if since is None:
            return "\n".join(shown.words() for shown in self.messages.values())
        return "\n".join(shown.words() for shown in self.history[since:])

    def show(self, shown: Shown) -> None:
        """A message appears or changes."""
        self.messages[shown.id] = shown
        self.history.append(shown)

    @property
    def last(self) -> Shown:
        """The newest message of the bot."""
        return self.messages[max(self.messages)]

    def buttons(self) -> Iterator[tuple[Shown, Button]]:
        """Every button that can be pressed, newest message first."""
        for number in sorted(self.messages, reverse=True):
            for button in self.messages[number].buttons:
                yield self.messages[number], button

    def find(self, title: str) -> tuple[Shown, Button]:
        """The button a person means by `title`: its whole title, its title without number, or its line's number."""
        wanted = title.casefold().strip()
        every = list(self.buttons())
        for reads in (_whole_title, _without_number, _line_of):
            for shown, button in every:
                if reads(shown, button).casefold().strip() == wanted:
                    return shown, button
        raise AssertionError(f"no button {title!r}; there are {[button.title for _, button in every]}")

    def person(self) -> dict[str, Any]:
        """The person as the platform describes him."""
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.locale}

    def described(self) -> dict[str, Any]:
        """The chat as the platform describes it."""
        return {"id": self.id, "type": "private", "first_name": self.first_name}

    def message(self, shown: Shown) -> dict[str, Any]:
        """A message of the bot as the platform describes it."""
        whole: dict[str, Any] = {
            "message_id": shown.id,
            "date": int(time.time()),
            "chat": self.described(),
            "from": BOT,
        }
        if shown.picture:
            size = {"file_id": shown.file_id, "file_unique_id": f"u{shown.file_id}", "width": 640, "height": 640}
            whole |= {"photo": [size], "caption": shown.text} if shown.text else {"photo": [size]}
        elif shown.invoice:
            bill = {name: shown.invoice[name] for name in ("title", "description", "currency")}
            parameter = shown.invoice.get("start_parameter", "")
            whole["invoice"] = bill | {"start_parameter": parameter, "total_amount": shown.due}
        else:
            whole["text"] = shown.text
        if shown.album:
            whole["media_group_id"] = shown.album
        if "inline_keyboard" in shown.markup:
            whole["reply_markup"] = shown.markup
        return whole

    def change(self, number: int, **changes: Any) -> Shown:
        """The message with some things changed, not yet shown."""
        return replace(self.messages[number], **changes)


def _button(raw: dict[str, Any] | str, *, inline: bool) -> Button:
    if isinstance(raw, str):
        return Button(title=raw, inline=False)
    asks = "contact" if raw.get("request_contact") else "location" if raw.get("request_location") else ""
    return Button(
        title=raw["text"],
        payload=raw.get("callback_data", ""),
        url=raw.get("url", ""),
        asks=asks,
        inline=inline,
    )


def _whole_title(shown: Shown, button: Button) -> str:
    return button.title


def _without_number(shown: Shown, button: Button) -> str:
    return NUMBERED.sub("", button.title)


def _line_of(shown: Shown, button: Button) -> str:
    """The title of the numbered line that the button belongs to: "2. Black mug — 12.00" is "Black mug"."""
    number = re.match(r"(\d+)(?:\.|$)", button.title)
    for line in shown.text.splitlines() if number else ():
        found = NUMBERED.match(line)
        if found and number and found[1] == number[1]:
            return NUMBERED.sub("", line).split(" — ")[0]
    return button.title
