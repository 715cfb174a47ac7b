"""The rules of Meta's Send API that the loopback Graph server keeps. Written from Meta's pages, not from our builder.

Sources: Send API (2026-05-05), Quick replies, Button and Generic template (2026-04-22), Instagram Send API
(2026-06-24), Common Error Codes (2026-06-25).
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

Params = dict[str, Any]
DAY, WEEK = timedelta(hours=24), timedelta(days=7)
PAGE_ONLY = {"greeting", "get_started"}  # fields of a profile that Instagram has not
ACTIONS = {"typing_on", "typing_off", "mark_seen", "react", "unreact"}
TYPES = {"RESPONSE", "UPDATE", "MESSAGE_TAG", "UTILITY"}
PUSHES = {"REGULAR", "SILENT_PUSH", "NO_PUSH"}
FIELDS = {"text", "attachment", "quick_replies", "metadata", "reply_to"}
PAGE_FIELDS = {  # of webhooks
    "feed", "messages", "messaging_postbacks", "messaging_referrals", "messaging_optins", "message_deliveries",
    "message_reads", "message_echoes", "message_reactions", "message_edits", "messaging_handovers", "standby",
    "messaging_policy_enforcement",
}  # fmt: skip
INSTAGRAM_FIELDS = {
    "messages", "messaging_postbacks", "message_reactions", "messaging_seen", "messaging_referral",
    "messaging_handover", "standby", "message_edit", "message_echoes", "comments", "live_comments", "mentions",
}  # fmt: skip
ADDRESS = re.compile(r"https?://[^\s/:]+\.[^\s/:]+\S*")


class GraphError(Exception):
    """An error as Meta writes it."""

    def __init__(self, code: int, subcode: int = 0, message: str = "", status: int = 400) -> None:
        super().__init__(message)
        self.status = status
        error = {"message": message or f"(#{code})", "type": "OAuthException", "code": code, "fbtrace_id": "AbCdEf12"}
        self.body = {"error": error | ({"error_subcode": subcode} if subcode else {})}


def check_kind(
    body: Params, since_inbound: timedelta | None, *, instagram: bool, closed: tuple[int, int] | None = None
) -> None:
    """The windows: 24 hours after the person's last message, seven days for a human agent.

    `closed`: the error that tells it; the page on the Send API names 551/1545041, that on errors another.
    """
    code, subcode = closed or (10, 2534022 if instagram else 2018278)
    kind, tag = body.get("messaging_type", "RESPONSE"), body.get("tag")
    if kind not in TYPES or (tag is not None and tag != "HUMAN_AGENT") or (kind == "MESSAGE_TAG") != (tag is not None):
        raise GraphError(100, 0, "(#100) Invalid messaging type or tag")
    if body.get("notification_type", "REGULAR") not in ({"REGULAR"} if instagram else PUSHES):
        raise GraphError(100, 0, "(#100) notification_type")
    if since_inbound is None or since_inbound > (WEEK if tag else DAY):
        raise GraphError(code, subcode, "This message is sent outside of allowed window.")


def check_message(message: object, *, instagram: bool) -> None:
    """The form and the limits of one message."""
    if not isinstance(message, dict) or set(message) - FIELDS:
        raise GraphError(100, 2534015, "Invalid message data")
    if ("text" in message) == ("attachment" in message):
        raise GraphError(100, 2534015, "A message has a text or an attachment")
    if "text" in message:
        said = message["text"]
        size = len(said.encode()) if instagram else len(said)
        limit(0 < size <= (1000 if instagram else 2000), "Length of param message[text]")
    else:
        check_attachment(message["attachment"], instagram=instagram)
    if "metadata" in message:
        limit(not instagram and 0 < len(message["metadata"]) <= 1000, "metadata")
    if "quick_replies" in message:
        check_quick_replies(message["quick_replies"], instagram=instagram)


def check_template(message: Params, *, instagram: bool) -> Params:
    """A utility message (2026-03-13), here with one place for words, in one line."""
    limit(not instagram and set(message) <= {"template", "metadata"}, "message")
    template: Params = message["template"]
    limit(set(template) == {"name", "language", "components"} and set(template["language"]) == {"code"}, "template")
    [body] = template["components"]
    [parameter] = body["parameters"]
    limit(body["type"] == "body" and parameter["type"] == "text", "components")
    limit(bool(parameter["text"].strip()) and "\n" not in parameter["text"], "text of a parameter")
    return template


def check_quick_replies(replies: list[Params], *, instagram: bool) -> None:
    limit(0 < len(replies) <= 13, "quick_replies")
    for reply in replies:
        kind = reply.get("content_type")
        if kind in {"user_phone_number", "user_email"} and not instagram:
            continue
        limit(kind == "text", "content_type")
        limit(0 < len(reply["title"]) <= 20, "Quick reply title")
        limit(0 < len(reply["payload"]) <= 1000, "Quick reply payload")


def check_attachment(attachment: Params, *, instagram: bool) -> None:
    payload = attachment.get("payload", {})
    if attachment.get("type") == "image":
        limit(set(payload) <= {"url", "is_reusable"}, "payload")
        check_address(payload["url"])
        return
    limit(attachment.get("type") == "template", "attachment type")
    if payload.get("template_type") == "button":
        limit(set(payload) == {"template_type", "text", "buttons"}, "payload")
        limit(0 < len(payload["text"]) <= 640, "text of a button template")
        check_buttons(payload["buttons"])
    elif payload.get("template_type") == "notification_messages":
        limit(not instagram and set(payload) == {"template_type", "title", "payload"}, "payload")
        limit(0 < len(payload["title"]) <= 65 and 0 < len(payload["payload"].encode()) <= 1000, "title")
    elif payload.get("template_type") == "receipt":
        check_receipt(payload, instagram=instagram)
    else:
        limit(payload.get("template_type") == "generic", "template_type")
        limit(0 < len(payload["elements"]) <= 10, "elements")
        for element in payload["elements"]:
            check_element(element)


def check_receipt(payload: Params, *, instagram: bool) -> None:
    """Receipt template (2026-04-22). That it adds up is asked by people, not by Meta; here it is."""
    limit(not instagram, "template_type")
    for name in ("recipient_name", "order_number", "currency", "payment_method"):
        limit(isinstance(payload[name], str) and bool(payload[name]), name)
    limit(len(payload.get("elements", ())) <= 100, "elements")
    cents = [round(Decimal(str(element["price"])), 2) for element in payload["elements"]]
    taken = [round(Decimal(str(one["amount"])), 2) for one in payload.get("adjustments", ())]
    limit(sum(cents) - sum(taken) == Decimal(str(payload["summary"]["total_cost"])), "the sum of a receipt")


def check_element(element: Params) -> None:
    limit(set(element) <= {"title", "subtitle", "image_url", "default_action", "buttons"}, "element")
    limit(0 < len(element["title"]) <= 80 and len(element) > 1, "element title, and one property beside it")
    limit(0 < len(element.get("subtitle", "x")) <= 80, "element subtitle")
    if "image_url" in element:
        check_address(element["image_url"])
    if "buttons" in element:
        check_buttons(element["buttons"])


def check_buttons(buttons: list[Params]) -> None:
    limit(0 < len(buttons) <= 3, "buttons")
    for button in buttons:
        limit(0 < len(button["title"]) <= 20, "button title")
        if button["type"] == "web_url":
            check_address(button["url"])
        else:
            limit(button["type"] == "postback" and 0 < len(button["payload"]) <= 1000, "button payload")


def check_profile(profile: Params, *, instagram: bool) -> None:
    """Greeting, Get Started, persistent menu, ice breakers (2026-06-17): each list of languages needs a `default`."""
    limit(set(profile) <= {"persistent_menu", "ice_breakers"} | (set() if instagram else PAGE_ONLY), "profile field")
    for name in ("greeting", "persistent_menu", "ice_breakers"):
        if name in profile:
            locales = [part["locale"] for part in profile[name]]
            limit(len(set(locales)) == len(locales) and "default" in locales, f"{name}: locale default is required")
    for part in profile.get("greeting", ()):
        limit(0 < len(part["text"]) <= 160, "greeting")
    for part in profile.get("persistent_menu", ()):
        limit(instagram or bool(profile.get("get_started")), "persistent_menu needs get_started")
        limit(0 < len(part["call_to_actions"]) <= 20, "call_to_actions")
        for entry in part["call_to_actions"]:
            limit(entry["type"] == "postback" and 0 < len(entry["title"]) <= 30, "title of the menu")
            limit(0 < len(entry["payload"]) <= 1000, "payload of the menu")
    for part in profile.get("ice_breakers", ()):
        limit(0 < len(part["call_to_actions"]) <= 4, "ice_breakers")
        for entry in part["call_to_actions"]:
            limit(set(entry) == {"question", "payload"} and 0 < len(entry["question"]) <= 80, "question")


def check_address(url: str) -> None:
    if not ADDRESS.fullmatch(url):
        raise GraphError(100, 0, f"(#100) param must be a valid URL: {url}")


def limit(kept: bool, what: str) -> None:
    if not kept:
        raise GraphError(100, 0, f"(#100) {what} is outside its limits")


def words_of(message: Params) -> str:
    """Everything that a person reads in a message."""
    said = [message.get("text", "")]
    payload = message.get("attachment", {}).get("payload", {})
    said.append(payload.get("text", ""))
    if payload.get("template_type") == "receipt":
        bill = [(one["title"], one["price"]) for one in payload["elements"]]
        bill += [(one["name"], -one["amount"]) for one in payload.get("adjustments", ())]
        bill += [(payload["order_number"], payload["summary"]["total_cost"])]
        return "\n".join(f"{title} {amount:.2f}" for title, amount in bill)
    for element in payload.get("elements", ()):
        said += [element["title"], element.get("subtitle", ""), *labels(element)]
    said += [*labels(payload), *(reply.get("title", "") for reply in message.get("quick_replies", ()))]
    return "\n".join(line for line in said if line)


def labels(holder: Params) -> list[str]:
    return [word for button in holder.get("buttons", ()) for word in (button["title"], button.get("url", "")) if word]
