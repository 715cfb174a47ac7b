"""Reads Telegram updates as they came, without trusting a single field. Pure; knows nothing of the network.

Only private chats are conversations with a customer; groups, channels and business accounts give nothing here.
Field names and limits: Bot API 10.3 (2026-08-24).
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from base.text import writable
from bot.messages import (
    Address,
    Blocked,
    Contact,
    Content,
    Edit,
    Inbound,
    Location,
    Other,
    Photo,
    Profile,
    Start,
    Tap,
    Text,
)
from bot.welcome import COMMANDS, PREFIX

CHANNEL = "telegram"
Json = Mapping[str, object]

COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?", re.DOTALL)

# Parts of a message that are no content of their own, and notices that nobody wrote. All else must not meet silence.
SILENT_NAMES = """
    message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot
    sender_tag receiver_user ephemeral_message_id date guest_query_id business_connection_id chat forward_origin
    forward_from forward_from_chat forward_date forward_sender_name is_topic_message is_automatic_forward
    reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id reply_to_poll_option_id via_bot
    guest_bot_caller_user guest_bot_caller_chat edit_date has_protected_content is_from_offline is_paid_post
    media_group_id author_signature paid_star_count entities link_preview_options suggested_post_info effect_id
    caption_entities show_caption_above_media has_media_spoiler reply_markup text caption
    new_chat_members new_chat_member new_chat_participant left_chat_member left_chat_participant chat_owner_left
    chat_owner_changed new_chat_title new_chat_photo delete_chat_photo group_chat_created supergroup_chat_created
    channel_chat_created message_auto_delete_timer_changed migrate_to_chat_id migrate_from_chat_id pinned_message
    invoice successful_payment refunded_payment users_shared user_shared chat_shared gift unique_gift gift_upgrade_sent
    connected_website write_access_allowed passport_data proximity_alert_triggered boost_added chat_background_set
    checklist_tasks_done checklist_tasks_added community_chat_added community_chat_joined community_chat_removed
    direct_message_price_changed forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened
    general_forum_topic_hidden general_forum_topic_unhidden giveaway_created giveaway giveaway_winners
    giveaway_completed managed_bot_created paid_message_price_changed poll_option_added poll_option_deleted
    suggested_post_approved suggested_post_approval_failed suggested_post_declined suggested_post_paid
    suggested_post_refunded video_chat_scheduled video_chat_started video_chat_ended video_chat_participants_invited
"""
SILENT = frozenset(re.findall(r"\w+", SILENT_NAMES))


def read_update(body: bytes, account: str) -> Sequence[Inbound]:
    """What happened, in neutral words: one inbound or none. Never raises.

    `order` is the update's own number, not the message's: a tap or an edit carries the number of an old message.
    """
    update = _parsed(body)
    number = _whole(update, "update_id")
    if number is None:
        return ()
    for kind, read in READERS.items():
        happened = _object(update.get(kind))
        if not happened:
            continue
        content = read(happened)
        message = happened if "chat" in happened else _object(happened.get("message"))
        chat = _object(message.get("chat"))
        sender = _object(happened.get("from"))
        if content is None or not _is_private(chat, sender) or sender.get("is_bot") is True:
            return ()
        person = _whole(chat, "id")
        peer = person if person is not None else _whole(sender, "id")
        if peer is None:
            return ()
        platform_id = _whole(message, "message_id")
        return (
            Inbound(
                address=Address(channel=CHANNEL, account=account, peer=str(peer)),
                event_key=str(number),
                content=content,
                at=_moment(message, "edit_date") or _moment(message, "date") or datetime.fromtimestamp(0, UTC),
                order=number,
                message=None if platform_id is None else str(platform_id),
                profile=_profile(sender or chat),
            ),
        )
    return ()


def update_key(body: bytes) -> str:
    """The key under which this update is stored once: its number, or its fingerprint where it has none."""
    number = _whole(_parsed(body), "update_id")
    return str(number) if number is not None else f"sha256:{hashlib.sha256(body).hexdigest()}"


# ---- kinds of updates ----------------------------------------------------------------------------


def _read_message(message: Json) -> Content | None:
    text, caption = _text(message, "text"), _text(message, "caption")
    reply = _whole(_object(message.get("reply_to_message")), "message_id")
    if text:
        return _read_text(text, None if reply is None else str(reply))
    if photo := _largest(message.get("photo")):
        return Photo(reference=photo, caption=caption)
    document = _object(message.get("document"))
    if _text(document, "mime_type").startswith("image/") and _text(document, "file_id"):
        return Photo(reference=_text(document, "file_id"), caption=caption)
    place = _object(message.get("location")) or _object(_object(message.get("venue")).get("location"))
    if place:
        return _read_place(place)
    contact = _object(message.get("contact"))
    if contact:
        return _read_contact(contact, _whole(_object(message.get("from")), "id"))
    if caption:  # a video or a file with words: the words are read
        return Text(text=caption, reply_to=None if reply is None else str(reply))
    spoken = [kind for kind in message if kind not in SILENT and message[kind] is not None]
    return Other(what=writable(spoken[0])) if spoken else None


def _read_text(text: str, reply: str | None) -> Content:
    command = COMMAND.fullmatch(text.strip())
    if command is None:
        return Text(text=text, reply_to=reply)
    name, rest = command[1].lower(), (command[2] or "").strip()
    if name == "start":
        return Start(source=rest)
    if name in COMMANDS and not rest:
        return Tap(payload=f"{PREFIX}{name}", title=text.strip())
    return Text(text=f"{name.replace('_', ' ')} {rest}".strip() or text, reply_to=reply)


def _read_place(place: Json) -> Content:
    lat, lon = _degrees(place, "latitude", 90), _degrees(place, "longitude", 180)
    if lat is None or lon is None:
        return Other(what="location")
    return Location(lat=lat, lon=lon)


def _read_contact(contact: Json, sender: int | None) -> Content:
    phone = _text(contact, "phone_number")
    if not phone:
        return Other(what="contact")
    owner = _whole(contact, "user_id")
    return Contact(phone=phone, name=_full_name(contact), own=owner is not None and owner == sender)


def _read_edit(message: Json) -> Content | None:
    number = _whole(message, "message_id")
    words = _text(message, "text") or _text(message, "caption")
    return Edit(of=str(number), text=words) if words and number is not None else None


def _read_tap(query: Json) -> Content | None:
    payload, receipt = _text(query, "data"), _text(query, "id")
    if not payload:
        return None
    message = _object(query.get("message"))
    number = _whole(message, "message_id")
    return Tap(
        payload=payload,
        title=_title_of(payload, _object(message.get("reply_markup"))),
        receipt=receipt or None,
        message=None if number is None else str(number),
    )


def _read_membership(change: Json) -> Content | None:
    status = _text(_object(change.get("new_chat_member")), "status")
    if status in {"kicked", "left"}:
        return Blocked(on=True)
    return Blocked(on=False) if status == "member" else None


READERS = {
    "message": _read_message,
    "edited_message": _read_edit,
    "callback_query": _read_tap,
    "my_chat_member": _read_membership,
}


# ---- parts of updates ----------------------------------------------------------------------------


def _is_private(chat: Json, sender: Json) -> bool:
    """Old or shortened updates may lack the type; a private chat has the number of the person in it."""
    kind = chat.get("type")
    if kind is not None:
        return kind == "private"
    return not chat or _whole(chat, "id") == _whole(sender, "id")


def _profile(person: Json) -> Profile:
    return Profile(name=_full_name(person) or None, locale=_text(person, "language_code") or None)


def _full_name(person: Json) -> str:
    return f"{_text(person, 'first_name')} {_text(person, 'last_name')}".strip()


def _largest(sizes: object) -> str:
    """The file of the biggest picture; the platform sends small previews beside it."""
    pictures = [_object(size) for size in sizes] if isinstance(sizes, list) else []
    known = [picture for picture in pictures if _text(picture, "file_id")]
    if not known:
        return ""
    return _text(max(known, key=lambda p: (_whole(p, "width") or 0) * (_whole(p, "height") or 0)), "file_id")


def _title_of(payload: str, keyboard: Json) -> str:
    rows = keyboard.get("inline_keyboard")
    for row in rows if isinstance(rows, list) else []:
        for button in row if isinstance(row, list) else []:
            if _text(_object(button), "callback_data") == payload:
                return _text(_object(button), "text")
    return ""


# ---- careful reading of JSON ---------------------------------------------------------------------


def _parsed(body: bytes) -> Json:
    try:
        return _object(json.loads(body))
    except (ValueError, RecursionError):  # not JSON, not UTF-8, or nested to exhaust us
        return {}


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _text(fields: Json, name: str) -> str:
    value = fields.get(name)
    return writable(value) if isinstance(value, str) else ""


def _whole(fields: Json, name: str) -> int | None:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        return None
    return value


def _degrees(fields: Json, name: str, most: float) -> float | None:
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        degrees = float(value)
    except (ValueError, OverflowError):
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None


def _moment(fields: Json, name: str) -> datetime | None:
    seconds = _whole(fields, name)
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
