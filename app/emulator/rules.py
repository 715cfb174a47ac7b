"""What Meta's platforms allow in one call, and the errors with which they refuse. Pure.

Sources: Meta's pages on the Send API (2026-05-05), Quick Replies, Button, Generic and Receipt Template (2026-04-22),
Instagram's Send API (2026-06-24), Common Error Codes (2026-06-25).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

Json = dict[str, Any]
WINDOW, HUMAN_WINDOW = timedelta(hours=24), timedelta(days=7)
COMMENT_WINDOW = timedelta(days=7)
ACTIONS = frozenset({"typing_on", "typing_off", "mark_seen", "react", "unreact"})
KINDS = frozenset({"RESPONSE", "UPDATE", "MESSAGE_TAG"})  # UTILITY needs a template that Meta has approved
WEB_ADDRESS = re.compile(r"https?://[^\s/:]+\.[^\s/:]+\S*")
MOST_CARDS, MOST_BUTTONS, MOST_QUICK_REPLIES, MOST_LINES = 10, 3, 13, 100
RECEIPT = {
    "template_type", "sharable", "recipient_name", "merchant_name", "order_number", "currency", "payment_method",
    "order_url", "timestamp", "elements", "address", "summary", "adjustments",
}  # fmt: skip
SUMMARY = {"subtotal", "shipping_cost", "total_tax", "total_cost"}
TITLE, CARD_WORDS, BUTTON_TEXT, PAYLOAD = 20, 80, 640, 1000


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the two platforms, and what they differ in."""

    name: str  # of the shop's channel
    object: str  # what its webhooks are called
    longest: int  # of a text
    in_bytes: bool
    asks: frozenset[str]  # kinds of quick replies that share something
    delivered: bool  # whether the shop hears that a message has arrived
    window_closed: int  # subcode
    stranger: int  # subcode: nobody is known by this id
    receipts: bool  # whether there is a template for them
    stories: bool  # whether people can answer them
    heart_opens: bool  # whether a reaction opens the window anew (Send API, 2026-05-05)


FACEBOOK = Kind(
    "facebook",
    "page",
    2000,
    False,
    frozenset({"user_phone_number", "user_email"}),
    True,
    window_closed=2018278,
    stranger=2018001,
    receipts=True,
    stories=False,
    heart_opens=True,
)
INSTAGRAM = Kind(
    "instagram",
    "instagram",
    1000,
    True,
    frozenset(),
    False,
    window_closed=2534022,
    stranger=2534014,
    receipts=False,
    stories=True,
    heart_opens=False,
)


class GraphError(Exception):
    """A refusal, as Meta words it."""

    def __init__(self, code: int, subcode: int = 0, message: str = "", *, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.subcode, self.status = code, subcode, status

    def body(self, trace: str) -> Json:
        error: Json = {
            "message": str(self), "type": "OAuthException", "code": self.code, "fbtrace_id": trace,
        }  # fmt: skip
        return {"error": error | ({"error_subcode": self.subcode} if self.subcode else {})}


def check_window(body: Json, kind: Kind, silence: timedelta | None) -> None:
    """Whether the shop may write now. `silence`: since the person's last act; None: there was none.

    Raises GraphError: 24 hours have passed, or seven days under the tag of a human.
    """
    said, tag = body.get("messaging_type", "RESPONSE"), body.get("tag")
    if said not in KINDS or (said == "MESSAGE_TAG") != (tag == "HUMAN_AGENT") or tag not in (None, "HUMAN_AGENT"):
        raise GraphError(100, 0, "(#100) Invalid messaging type or tag")
    if silence is None or silence > (HUMAN_WINDOW if tag else WINDOW):
        raise GraphError(10, kind.window_closed, "(#10) This message is sent outside of allowed window.")


def check_comment(kind: Kind, age: timedelta, *, answered: bool) -> None:
    """Whether a comment of this age may be answered in private: once, within seven days (Private Replies, 2026-06-24).

    Raises GraphError.
    """
    if age > COMMENT_WINDOW:
        raise GraphError(10, kind.window_closed, "(#10) The comment is too old to be answered in private")
    if answered:
        raise GraphError(10900, 0, "(#10900) Activity already replied to")


def check_message(message: object, kind: Kind) -> None:
    """Whether one call can carry this. Raises GraphError."""
    whole = _object(message, "message", {"text", "attachment", "quick_replies", "metadata", "reply_to"})
    if ("text" in whole) == ("attachment" in whole):
        raise GraphError(100, 2534015, "(#100) A message has either a text or an attachment")
    if "text" in whole:
        _words(whole["text"], kind.longest, "message[text]", in_bytes=kind.in_bytes)
    else:
        _check_attachment(_object(whole["attachment"], "attachment", {"type", "payload"}), kind)
    if "metadata" in whole:
        if kind is INSTAGRAM:
            raise GraphError(100, 0, "(#100) metadata is not supported")
        _words(whole["metadata"], 1000, "metadata")
    for reply in _list(whole.get("quick_replies", []), MOST_QUICK_REPLIES, "quick_replies"):
        if reply.get("content_type") in kind.asks:
            continue
        if reply.get("content_type") != "text":
            raise GraphError(100, 0, "(#100) quick_replies[content_type] is not supported")
        _words(reply.get("title"), TITLE, "quick_replies[title]")
        _words(reply.get("payload"), PAYLOAD, "quick_replies[payload]")


def _check_attachment(attachment: Json, platform: Kind) -> None:
    kind = attachment.get("type")
    if kind == "image":
        _check_address(_object(attachment.get("payload"), "payload", {"url", "is_reusable"}).get("url"))
        return
    payload = attachment.get("payload")
    if kind == "template" and isinstance(payload, dict) and payload.get("template_type") == "receipt":
        _check_receipt(payload, platform)
        return
    payload = _object(payload, "payload", {"template_type", "text", "buttons", "elements"})
    match kind, payload.get("template_type"):
        case "template", "button":
            _words(payload.get("text"), BUTTON_TEXT, "payload[text]")
            _check_buttons(payload.get("buttons"))
        case "template", "generic":
            elements = _list(payload.get("elements"), MOST_CARDS, "elements")
            if not elements:
                raise GraphError(100, 0, "(#100) elements is empty")
            for element in elements:
                _check_element(element)
        case _:
            raise GraphError(100, 2534015, "(#100) This kind of attachment is not supported")


def _check_receipt(payload: Json, platform: Kind) -> None:
    if not platform.receipts:
        raise GraphError(100, 2534015, "(#100) This kind of attachment is not supported")
    _object(payload, "payload", RECEIPT)
    for name in ("recipient_name", "order_number", "currency", "payment_method"):
        _words(payload.get(name), BUTTON_TEXT, f"payload[{name}]")
    _amount(_object(payload.get("summary"), "summary", SUMMARY).get("total_cost"), "summary[total_cost]")
    for element in _list(payload.get("elements", []), MOST_LINES, "elements"):
        _words(element.get("title"), BUTTON_TEXT, "element[title]")
        _amount(element.get("price"), "element[price]")
    for taken_off in _list(payload.get("adjustments", []), MOST_LINES, "adjustments"):
        _words(taken_off.get("name"), BUTTON_TEXT, "adjustments[name]")
        _amount(taken_off.get("amount"), "adjustments[amount]")


def _amount(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise GraphError(100, 0, f"(#100) {name} must be a number")


def _check_element(element: Json) -> None:
    _object(element, "element", {"title", "subtitle", "image_url", "default_action", "buttons"})
    _words(element.get("title"), CARD_WORDS, "element[title]")
    if len(element) == 1:
        raise GraphError(100, 0, "(#100) An element needs one property beside its title")
    if "subtitle" in element:
        _words(element["subtitle"], CARD_WORDS, "element[subtitle]")
    if "image_url" in element:
        _check_address(element["image_url"])
    if "buttons" in element:
        _check_buttons(element["buttons"])


def _check_buttons(value: object) -> None:
    buttons = _list(value, MOST_BUTTONS, "buttons")
    if not buttons:
        raise GraphError(100, 0, "(#100) buttons is empty")
    for button in buttons:
        _words(button.get("title"), TITLE, "buttons[title]")
        if button.get("type") == "web_url":
            _check_address(button.get("url"))
        elif button.get("type") == "postback":
            _words(button.get("payload"), PAYLOAD, "buttons[payload]")
        else:
            raise GraphError(100, 0, "(#100) buttons[type] is not supported")


def _check_address(value: object) -> None:
    if not isinstance(value, str) or not WEB_ADDRESS.fullmatch(value):
        raise GraphError(100, 0, f"(#100) {str(value)[:100]} should represent a valid URL")


def _words(value: object, longest: int, name: str, *, in_bytes: bool = False) -> None:
    if not isinstance(value, str) or not value.strip():
        raise GraphError(100, 0, f"(#100) {name} must be a non-empty string")
    if (size := len(value.encode()) if in_bytes else len(value)) > longest:
        unit = "bytes" if in_bytes else "characters"
        raise GraphError(100, 0, f"(#100) Length of param {name} must be at most {longest} {unit}, not {size}")


def _object(value: object, name: str, known: set[str]) -> Json:
    if not isinstance(value, dict) or not known.issuperset(value):
        raise GraphError(100, 2534015, f"(#100) Invalid message data: {name}")
    return value


def _list(value: object, most: int, name: str) -> list[Json]:
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value) or len(value) > most:
        raise GraphError(100, 0, f"(#100) {name} must be a list of at most {most}")
    return value
