"""Reads Telegram updates as they came, without trusting a single field. Pure; knows nothing of the network.

Only private chats are conversations with a customer: those with the bot, and those of accounts that people lend to it
(Telegram Business). Groups and channels give nothing here.
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
    About,
    Address,
    Answered,
    Blocked,
    Contact,
    Content,
    Delete,
    Edit,
    Inbound,
    Lent,
    Location,
    Other,
    Photo,
    Profile,
    Search,
    Start,
    Tap,
    Text,
)
from bot.welcome import COMMANDS, PREFIX

CHANNEL = "telegram"
BUSINESS = "telegram_business"
SHARED = "inline_"  # how the parameter of a link begins that stands under a product, before the product's id
MOST_DELETED = 100  # messages that one update names; more are cut off
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


def read_update(body: bytes, account: str, bot: int = 0) -> Sequence[Inbound]:
    """What happened, in neutral words: one inbound or none, or one for each deleted message. Never raises.

    `bot`: our own id. `order` is the update's own number, not the message's: a tap or an edit carries the number of an
    old message.
    """
    update = _parsed(body)
    number = _whole(update, "update_id")
    if number is None:
        return ()
    if lent := _object(update.get("business_connection")):
        return _read_lent(lent, number)
    if gone := _object(update.get("deleted_business_messages")):
        return _read_deleted(gone, number)
    if query := _object(update.get("inline_query")):
        return _read_search(query, number, account)
    for kind, read in READERS.items():
        happened = _object(update.get(kind))
        if not happened:
            continue
        content = read(happened)
        message = happened if "chat" in happened else _object(happened.get("message"))
        chat, sender = _object(message.get("chat")), _object(happened.get("from"))
        through = _text(message, "business_connection_id")
        if content is None or not _is_private(chat, sender) or sender.get("is_bot") is True:
            return ()
        person = _whole(chat, "id")
        peer = person if person is not None else _whole(sender, "id")
        if peer is None or (kind in BUSINESS_KINDS) != bool(through and kind != "callback_query"):
            return ()
        if through and _whole(sender, "id") != peer:  # not the customer: the owner, or somebody in his name
            if kind != "business_message":
                return ()
            ours = _whole(_object(message.get("sender_business_bot")), "id") == bot
            content, sender = _of_ours(message) if ours else _in_his_name(content, message), chat
        platform_id = _whole(message, "message_id")
        return (
            Inbound(
                address=Address(channel=BUSINESS if through else CHANNEL, account=through or account, peer=str(peer)),
                event_key=str(number),
                content=content,
                at=_when(message, tapped=kind == "callback_query") or datetime.fromtimestamp(0, UTC),
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


def _when(message: Json, *, tapped: bool) -> datetime | None:
    """A tap has the moment of the message above its button: good enough only where no window may be opened too long."""
    if tapped and not _text(message, "business_connection_id"):
        return None
    return _moment(message, "edit_date") or _moment(message, "date")


# ---- kinds of updates ----------------------------------------------------------------------------


def _read_message(message: Json) -> Content | None:
    text, caption = _text(message, "text"), _text(message, "caption")
    reply = _whole(_object(message.get("reply_to_message")), "message_id")
    if text:
        return _read_text(text, None if reply is None else str(reply))
    if photo := _largest(message.get("photo")):
        return Photo(reference=photo, caption=caption, album=_text(message, "media_group_id"))
    document = _object(message.get("document"))
    if _text(document, "mime_type").startswith("image/") and _text(document, "file_id"):
        return Photo(reference=_text(document, "file_id"), caption=caption, album=_text(message, "media_group_id"))
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
        return _opened_by(rest)
    if name in COMMANDS and not rest:
        return Tap(payload=f"{PREFIX}{name}", title=text.strip())
    return Text(text=f"{name.replace('_', ' ')} {rest}".strip() or text, reply_to=reply)


def _opened_by(payload: str) -> Start:
    """A link names where it stood; one of a product that was shared in some chat names the product as well."""
    if not payload.startswith(SHARED):
        return Start(source=payload)
    product = payload.removeprefix(SHARED)
    return Start(source=SHARED.rstrip("_"), about=About(clues=(product,)))


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


BUSINESS_KINDS = frozenset(["business_message", "edited_business_message"])
READERS = {
    "message": _read_message,
    "edited_message": _read_edit,
    "business_message": _read_message,
    "edited_business_message": _read_edit,
    "callback_query": _read_tap,
    "my_chat_member": _read_membership,
}


# ---- accounts that are lent to the bot, and goods that are looked for ------------------------------


def _read_lent(lent: Json, number: int) -> Sequence[Inbound]:
    """Older updates have the right to answer beside the connection, newer ones among its rights."""
    id, owner = _text(lent, "id"), _object(lent.get("user"))
    person = _whole(owner, "id")
    if not id or person is None:
        return ()
    may_write = _object(lent.get("rights")).get("can_reply") is True or lent.get("can_reply") is True
    on = lent.get("is_enabled") is True and may_write
    return (
        Inbound(
            address=Address(channel=BUSINESS, account=id, peer=str(person)),
            event_key=str(number),
            content=Lent(on=on),
            at=_moment(lent, "date") or datetime.fromtimestamp(0, UTC),
            order=number,
            profile=_profile(owner),
        ),
    )


def _read_deleted(gone: Json, number: int) -> Sequence[Inbound]:
    id, person, messages = (
        _text(gone, "business_connection_id"), _whole(_object(gone.get("chat")), "id"), gone.get("message_ids"),
    )  # fmt: skip
    if not id or person is None or not isinstance(messages, list):
        return ()
    numbers = [one for one in messages if isinstance(one, int) and not isinstance(one, bool)]
    return tuple(
        Inbound(
            address=Address(channel=BUSINESS, account=id, peer=str(person)),
            event_key=f"{number}:{message}",
            content=Delete(of=str(message)),
            at=datetime.fromtimestamp(0, UTC),
            order=number,
            message=str(message),
        )
        for message in dict.fromkeys(numbers[:MOST_DELETED])
    )


def _in_his_name(content: Content, message: Json) -> Answered:
    """What the owner of a lent account wrote, or what his account sends by itself while he is away."""
    match content:
        case Text(text=words) | Photo(caption=words) if words:
            pass
        case Tap(title=words) | Start(source=words):  # a command: its words are enough
            words = _text(message, "text")
        case _:
            words = f"[{content.kind if content.kind != 'other' else content.what}]"
    return Answered(text=words, by="machine" if message.get("is_from_offline") is True else "person")


def _of_ours(message: Json) -> Answered:
    """What we have sent ourselves: the proof that it has arrived, where the answer to the call was lost."""
    words = _text(message, "text") or _text(message, "caption")
    return Answered(text=words, by="us", wordless=not words, shown=("image",) if message.get("photo") else ())


def _read_search(query: Json, number: int, account: str) -> Sequence[Inbound]:
    id, sender = _text(query, "id"), _object(query.get("from"))
    person = _whole(sender, "id")
    if not id or person is None:
        return ()
    return (
        Inbound(
            address=Address(channel=CHANNEL, account=account, peer=str(person)),
            event_key=str(number),
            content=Search(id=id, words=_text(query, "query").strip(), page=_text(query, "offset")),
            at=datetime.fromtimestamp(0, UTC),
            order=number,
            profile=_profile(sender),
        ),
    )


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
