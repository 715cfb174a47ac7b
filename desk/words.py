"""Plain words at the desk for what came in and what went out, of whatever kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.messages import (
    Answered,
    Blocked,
    Comment,
    Contact,
    Content,
    Delete,
    Edit,
    Enforced,
    Fitted,
    Handed,
    Lent,
    Location,
    Noticed,
    OptedIn,
    Other,
    Photo,
    Reacted,
    Search,
    Shared,
    Start,
    Tap,
    Text,
)

CONTENT: TypeAdapter[Content] = TypeAdapter(Content)

REASONS = {
    "asked": "asked for a person",
    "misunderstood": "not understood",
    "payment": "payment problem",
    "return": "return",
    "angry": "angry",
    "promise": "promise to check",
    "taken": "taken over",
    "answered_elsewhere": "answered outside the desk",
    "unsent": "could not be sent",
}

TASKS = {
    "unsent": "could not be sent",
    "channel": "a messenger needs a look",
    "comment": "a comment to answer",
    "delivery": "a parcel needs a look",
    "digital": "digital goods to send",
    "dispute": "money is disputed",
    "failed_turn": "the bot got stuck",
    "feedback": "unhappy customer",
    "payment": "payment problem",
    "payment_refused": "payment refused",
    "payment_unheard": "payment not heard of",
    "privacy": "asks to be forgotten",
    "promise": "promise to check",
    "question": "a question to answer",
    "refund": "money to send back",
    "refund_approval": "money to give back: approve or refuse",
    "refund_failed": "money could not be sent back",
    "refund_refused": "tell why nothing is given back",
    "return": "return",
    "transfer": "bank transfer to check",
    "unknown_payment": "money nobody expected",
}

CHANNELS = {
    "webchat": "Web",
    "telegram": "Telegram",
    "telegram_business": "Telegram, own account",
    "facebook": "Messenger",
    "instagram": "Instagram",
    "console": "Terminal",
}
ALARMS = {
    "down": "is down",
    "look": "needs a look",
    "token": "needs a new token soon",
    "silent": "is unusually silent",
    "piling": "keeps messages that do not reach us",
    "probe": "cannot reach us from outside",
    "halted": "lets us send nothing for a while",
    "denied": "does not allow some messages: a permission is missing",
}
PLAINER = {  # the notes of bot.render_fit
    "choices: numbered text": "choices numbered in the words",
    "title: shortened": "a button in fewer words",
    "cards: text": "cards as a list",
    "card: shortened": "a card in fewer words",
    "image: text": "a picture as words",
    "album: one by one": "pictures one by one",
    "link: text": "a link as an address",
    "receipt: text": "the receipt as words",
    "invoice: text": "the bill as words",
    "ask phone: typed": "the phone number to be typed",
    "ask email: typed": "the e-mail address to be typed",
    "ask location: typed": "the place to be typed",
    "text: split": "long words in parts",
}


def plainer_words(degraded: Sequence[str]) -> str:
    """What of a message its messenger cannot show as it was meant, and shows plainer."""
    return ", ".join(PLAINER.get(note) or note for note in degraded)


def reason_words(reason: str) -> str:
    """Why a person is needed; an unknown reason is shown as it is, without its underscores."""
    return REASONS.get(reason) or reason.replace("_", " ")


def task_words(kind: str) -> str:
    """What a task is about; an unknown kind is shown as it is, without its underscores."""
    return TASKS.get(kind) or kind.replace("_", " ")


def alarm_words(kind: str) -> str:
    """What is wrong with a messenger; the kinds are those of bot.alarms."""
    return ALARMS.get(kind) or kind.replace("_", " ")


def channel_words(channel: str) -> str:
    return CHANNELS.get(channel) or channel.capitalize()


def called(name: str, channel: str, conversation_id: str) -> str:
    """The customer's name; where nobody knows it, something that tells him from the others."""
    return name.strip() or f"{channel_words(channel)} guest {conversation_id[:4]}"


def read_content(stored: dict[str, Any]) -> Content:
    """What came in. A kind this version does not know becomes `Other`."""
    try:
        return CONTENT.validate_python(stored)
    except ValidationError:
        return Other(what=str(stored.get("kind") or "message"))


def read_fitted(stored: dict[str, Any]) -> Fitted:
    try:
        return Fitted.model_validate(stored)
    except ValidationError:
        return Fitted(parts=())


def content_words(content: Content) -> str:
    """One inbound as a manager reads it; brackets mark what was no text."""
    match content:
        case Text(text=text, about=about):
            return f"[about a post] {text}" if about else text
        case Tap(title=title):
            return title or "[button]"
        case Enforced() | OptedIn() | Noticed():
            return ""  # no words of anybody
        case Photo(caption=caption, more=more):
            return f"[{len(more) + 1} photos] {caption}".strip() if more else f"[photo] {caption}".strip()
        case Location(lat=lat, lon=lon):
            return f"[location] {lat:.5f}, {lon:.5f}"
        case Contact(phone=phone, name=name):
            return f"[contact] {name} {phone}".replace("  ", " ")
        case Edit(text=text):
            return f"[changed to] {text}"
        case Delete():
            return "[deleted a message]"
        case Start(source=source):
            return f"[opened the conversation from {source}]" if source else "[opened the conversation]"
        case Blocked(on=on):
            return "[blocked the shop]" if on else "[came back]"
        case Comment(text=text):
            return f"[comment] {text}"
        case Lent(on=on):
            return "[lends his account]" if on else "[lends his account no more]"
        case Search(words=words):
            return f"[looked for] {words}"
        case Answered(text=text):
            return text or "[answered elsewhere]"
        case Handed(ours=ours):
            return "[given back by another app]" if ours else "[another app has it]"
        case Reacted():
            return "[reacted to a message]"
        case Shared(what=what) | Other(what=what):
            return f"[{what}]"


def short(words: str, longest: int = 90) -> str:
    """One line of at most `longest` characters."""
    line = " ".join(words.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def span(time: timedelta) -> str:
    """How long somebody has waited, in the largest unit that says enough: `now`, `4 min`, `2 h`, `3 d`."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} d"


def plain(name: str) -> str:
    """A name of the program as a person reads it: `awaiting_payment` -> `awaiting payment`."""
    return name.replace("_", " ")
