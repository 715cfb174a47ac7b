"""Reads the webhooks of Messenger and Instagram as they came, without trusting a single field. Pure.

`event_key`: the id of the message (`mid`) where there is one, with a mark in front for what repeats it (an edit, a
deletion) and a number behind for the second and later things in one message. Events without a `mid` (referrals, old
postbacks) are known by the fingerprint of the whole item, which stays when Meta delivers it again.

Not ours to answer, so that they give nothing: other opt-ins, likes, and everything about another account. The raw body
is kept all the same. What somebody else sent from our account (an echo) is `Answered`. Who has the thread is `Handed`:
of a handover, and before what a person writes while another app has it (`standby`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.messages import (
    About,
    Address,
    Answered,
    Comment,
    Contact,
    Content,
    Delete,
    Edit,
    Enforced,
    Handed,
    Inbound,
    Location,
    Noticed,
    OptedIn,
    Other,
    Photo,
    Profile,
    Reacted,
    Shared,
    Start,
    Tap,
    Text,
)
from integrations.meta.fields import Json, degrees, fields, identity, milliseconds, moment, objects, parsed, text, whole
from integrations.meta.profile import GET_STARTED, locale_in

PHONE = re.compile(r"\+?[0-9][0-9 ()-]{5,18}[0-9]")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]+")
LONGEST_KEY = 300  # characters; an index takes no more than some thousand bytes
LONGEST_SOURCE = 250
LONGEST_CLUE = 2200  # characters; the longest caption of Instagram
POST = re.compile(r"[0-9]{1,40}(?:_[0-9]{1,40})?")
LINK = "fallback"  # the preview of an address in the words
POSTS = frozenset({"share", "post", "ig_post", "reel", "ig_reel", "story_mention", LINK})  # that pass something on
INBOXES = frozenset({"263902037430900", "26390203743090", "1217981644879628"})  # apps of Meta, in which people write
NAMES = {
    "audio": "voice",
    "file": "document",
    LINK: "link",
    "story_mention": "mention",
}  # ours for Meta's kinds of attachments

NOTICED: dict[str, Literal["delivered", "read"]] = {"delivery": "delivered", "read": "read"}


@dataclass(frozen=True, slots=True)
class Source:
    """Whose webhook is read: our channel, what Meta calls it, and our account on it."""

    channel: str
    object: str  # "page" or "instagram"
    account: str
    app: str = ""  # the id of our app, by which Meta marks what we sent ourselves; empty where it is not set


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that an item says, with its key and the message it belongs to."""

    key: str
    content: Content
    message: str | None = None
    locale: str | None = None  # the language of the entry that was pressed


def read_update(body: bytes, source: Source) -> Sequence[Inbound]:
    """What happened, in neutral words and in the order of the batch. Never raises."""
    update = parsed(body)
    if update.get("object") != source.object:
        return ()
    found: list[Inbound] = []
    for entry in objects(update.get("entry")):
        at = milliseconds(entry, "time") or 0
        for item in objects(entry.get("messaging")):
            found += [*_read_item(item, at, source), *_read_enforced(item, at, source)]
        for item in objects(entry.get("standby")):
            found += _in_standby([*_read_item(item, at, source)])
        for change in objects(entry.get("changes")) if identity(entry) == source.account else ():
            found += _read_change(change, at, source)
    return tuple(found)


def update_key(body: bytes) -> str:
    """The key under which a delivery is kept once. The things in it have keys of their own."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _read_item(item: Json, sent_at: int, source: Source) -> Iterable[Inbound]:
    person, ours = identity(fields(item.get("sender"))), identity(fields(item.get("recipient")))
    if fields(item.get("message")).get("is_echo") is True:
        person, ours = ours, person
    if not person or ours != source.account:
        return
    at = milliseconds(item, "timestamp") or sent_at
    seen: set[str] = set()
    for found in _found(item, source, at):
        key = found.key if len(found.key) <= LONGEST_KEY else _fingerprint(found.key)
        if key in seen:
            continue
        seen.add(key)
        yield Inbound(
            address=Address(channel=source.channel, account=source.account, peer=person),
            event_key=key,
            content=found.content,
            at=moment(at),
            order=at,
            message=found.message,
            profile=Profile(locale=found.locale),
        )


def _read_enforced(item: Json, sent_at: int, source: Source) -> Iterable[Inbound]:
    """Meta forbids the page to write, or allows it again: an item without a sender (2026-05-05)."""
    told = fields(item.get("policy_enforcement")) or fields(item.get("policy-enforcement"))
    action = text(told, "action")
    if identity(fields(item.get("recipient"))) != source.account or action not in ("block", "unblock"):
        return
    at = milliseconds(item, "timestamp") or sent_at
    yield Inbound(
        address=Address(channel=source.channel, account=source.account, peer=""),
        event_key=f"enforced:{_fingerprint(item)}",
        content=Enforced(on=action == "block", why=text(told, "reason")[:LONGEST_CLUE]),
        at=moment(at),
        order=at,
    )


def _in_standby(heard: Sequence[Inbound]) -> Iterable[Inbound]:
    """Another app has the thread: a take-over comes before the person's words, so the bot has no part in them."""
    words = [one for one in heard if not isinstance(one.content, Answered | Handed | Reacted | Noticed)]
    if words:
        key = f"standby:{_fingerprint(words[0].event_key)}"
        yield words[0].model_copy(update={"event_key": key, "content": Handed(ours=False), "message": None})
    yield from (one.model_copy(update={"overheard": True}) for one in heard)


def _read_change(change: Json, sent_at: int, source: Source) -> Iterable[Inbound]:
    """A comment under a post of ours; likes, posts, deletions and our own words there are nobody's question."""
    value, author = fields(change.get("value")), fields(fields(change.get("value")).get("from"))
    page = source.object == "page"
    if change.get("field") not in (("feed",) if page else ("comments", "live_comments")):
        return
    if page and (value.get("item") != "comment" or value.get("verb") != "add"):
        return
    id, person = _post(value, "comment_id" if page else "id"), identity(author)
    words = text(value, "message" if page else "text").strip()
    if not id or not person or person == source.account or not words:
        return
    media = fields(value.get("media"))
    about = About(post=_post(value, "post_id") if page else _post(media, "id"))
    about = about.model_copy(update={"clues": _clues(fields(value.get("post")), "permalink_url")}) if page else about
    at = milliseconds(value, "created_time") or sent_at
    yield Inbound(
        address=Address(channel=source.channel, account=source.account, peer=person),
        event_key=f"comment:{id}",
        content=Comment(id=id, text=words[:LONGEST_CLUE], about=about),
        at=moment(at),
        order=at,
        profile=Profile(name=text(author, "name") or text(author, "username") or None),
    )


def _found(item: Json, source: Source, at: int) -> Iterable[Found]:
    message, postback = fields(item.get("message")), fields(item.get("postback"))
    edit, referral = fields(item.get("message_edit")), fields(item.get("referral"))
    if message.get("is_echo") is True:
        yield from _in_echo(message, item, source.app)
    elif message:
        yield from _in_message(message, item)
    elif postback:
        yield from _in_postback(postback, item)
    elif edit:
        yield from _in_edit(edit)
    elif opted := _opted_in(fields(item.get("optin"))):
        yield Found(f"optin:{_fingerprint(item)}", opted)
    elif came_from := _source(referral):
        yield Found(f"referral:{_fingerprint(item)}", Start(source=came_from, about=_about_ad(referral)))
    elif noticed := _noticed(item, at):
        yield noticed
    elif source.object == "page" and text(fields(item.get("reaction")), "action") == "react":
        yield Found(f"reaction:{_fingerprint(item)}", Reacted())
    else:
        yield from _in_control(item, source.app)


# ---- kinds of items ------------------------------------------------------------------------------


def _in_message(message: Json, item: Json) -> Iterable[Found]:
    mid = text(message, "mid")
    if message.get("is_deleted") is True:
        if mid:
            yield Found(f"deleted:{mid}", Delete(of=mid), mid)
        return
    key = mid or f"message:{_fingerprint(item)}"
    contents = list(_contents(message))
    referral = fields(message.get("referral"))
    if source := _source(referral):
        spoken_of = any(isinstance(content, Text) and content.about for content in contents)
        about = None if spoken_of else _about_ad(referral)  # the words beside it say what is asked about it
        yield Found(f"referral:{key}", Start(source=source, about=about), mid or None)
    for place, content in enumerate(contents):
        yield Found(f"{key}:{place}" if place else key, content, mid or None)


def _in_echo(message: Json, item: Json, app: str) -> Iterable[Found]:
    """What was sent from our account: by us, or by a manager in Meta's own app, or by another program."""
    mid, sender = text(message, "mid"), str(whole(message, "app_id") or "")
    if message.get("is_deleted") is True:
        return
    by: Literal["somebody", "us", "other"] = "somebody"  # another app than ours may be ours, named wrong in a setting
    if sender:
        by = "us" if sender == app else "other" if sender in INBOXES else "somebody"
    mark = "" if by == "other" else text(message, "metadata")
    shown = [text(attachment, "type")[:50] or "attachment" for attachment in objects(message.get("attachments"))]
    words = text(message, "text")
    told = words or " ".join(f"[{kind}]" for kind in shown)
    answered = Answered(text=told, by=by, mark=mark, wordless=not words, shown=tuple(shown))
    yield Found(f"echo:{mid or _fingerprint(item)}", answered, mid or None)


def _opted_in(optin: Json) -> OptedIn | None:
    """A yes to offers, or its end (messaging_optins, 2023-06-20). Other kinds of opt-ins are retired."""
    token = text(optin, "notification_messages_token")
    if text(optin, "type") != "notification_messages" or not 0 < len(token) <= LONGEST_KEY:
        return None
    ends = text(optin, "token_expiry_timestamp") or str(whole(optin, "token_expiry_timestamp") or "")
    seconds = int(ends[:13]) if ends.isdecimal() else 0
    until = moment(seconds if len(ends) > 10 else seconds * 1000) if seconds else None
    return OptedIn(token=token, until=until, on="STOP" not in text(optin, "notification_messages_status").upper())


def _noticed(item: Json, at: int) -> Found | None:
    """What we sent was delivered, or read: Messenger tells up to when, Instagram the newest message (2026-05-05)."""
    for name, how in NOTICED.items():
        told = fields(item.get(name))
        mid, until = text(told, "mid"), milliseconds(told, "watermark") or (at if "mid" in told else 0)
        if until:
            return Found(f"{name}:{_fingerprint(item)}", Noticed(how=how, until=moment(until)), mid or None)
    return None


def _in_control(item: Json, app: str) -> Iterable[Found]:
    """Who has the thread now (Conversation Routing, 2025-09-24). Without our app's id only Meta's own are known."""
    taken, passed = fields(item.get("take_thread_control")), fields(item.get("pass_thread_control"))
    new = str(whole(taken or passed, "new_owner_app_id") or "")
    if passed and app and new == app:
        yield Found(f"control:{_fingerprint(item)}", Handed())
    elif new and new != app and (app or new in INBOXES):
        yield Found(f"control:{_fingerprint(item)}", Handed(ours=False))


def _contents(message: Json) -> Iterable[Content]:
    words = text(message, "text")
    reply_to = text(fields(message.get("reply_to")), "mid") or None
    about = _about_story(fields(message.get("reply_to"))) or _about_ad(fields(message.get("referral")))
    payload = text(fields(message.get("quick_reply")), "payload")
    attachments = list(objects(message.get("attachments")))
    if payload:
        yield _chosen(payload, words, reply_to)
        return
    others = []
    for attachment in attachments:
        content = _attached(attachment)
        if isinstance(content, Photo) and words:
            content, words = content.model_copy(update={"caption": words}), ""
        if isinstance(content, Shared) and words:
            about = content.about
        elif isinstance(content, Other):
            others.append(content)
        else:
            yield content
    if words.strip():  # a video or a link with words: the words are read
        yield Text(text=words, reply_to=reply_to, about=about)
    elif others:
        yield others[0]  # three stickers get one answer
    elif message.get("is_unsupported") is True:
        yield Other(what="unsupported")


def _chosen(payload: str, words: str, reply_to: str | None) -> Content:
    """A quick reply. Those that share a phone or an e-mail address bring it as their payload."""
    if payload == words and PHONE.fullmatch(payload):
        return Contact(phone=payload)
    if payload == words and EMAIL.fullmatch(payload):
        return Text(text=payload, reply_to=reply_to)
    return Tap(payload=payload, title=words, message=reply_to)


def _attached(attachment: Json) -> Content:
    kind, payload = text(attachment, "type"), fields(attachment.get("payload"))
    url = text(payload, "url")
    if kind == "image" and whole(payload, "sticker_id") is not None:
        return Other(what="sticker")
    if kind == "image" and url:
        return Photo(reference=url)
    if kind == "location":
        place = fields(payload.get("coordinates"))
        lat, lon = degrees(place, "lat", 90), degrees(place, "long", 180)
        if lat is not None and lon is not None:
            return Location(lat=lat, lon=lon)
    if kind in POSTS:
        about = _about_post(payload, attachment).model_copy(update={"link": kind == LINK})
        return Shared(about=about, what=NAMES.get(kind, "post"))
    return Other(what=NAMES.get(kind, kind[:50]) or "attachment")


def _in_postback(postback: Json, item: Json) -> Iterable[Found]:
    payload, mid = text(postback, "payload"), text(postback, "mid")
    key = mid or f"postback:{_fingerprint(item)}"
    referral = fields(postback.get("referral"))
    source = _source(referral)
    if payload == GET_STARTED or source:
        yield Found(f"start:{key}", Start(source=source, about=_about_ad(referral)))
    if payload and payload != GET_STARTED:
        pressed, locale = locale_in(payload)
        yield Found(key, Tap(payload=pressed, title=text(postback, "title")), locale=locale)
    elif not payload and text(postback, "title").strip():  # in standby: of another app's button only its title is told
        yield Found(key, Tap(payload="", title=text(postback, "title")))


def _in_edit(edit: Json) -> Iterable[Found]:
    mid, words = text(edit, "mid"), text(edit, "text")
    if mid and words.strip():
        number = whole(edit, "num_edit")
        mark = number if number is not None else _fingerprint(words)
        yield Found(f"edit:{mark}:{mid}", Edit(of=mid, text=words), mid)


# ---- parts of items ------------------------------------------------------------------------------


def _about_story(reply_to: Json) -> About | None:
    """The story of ours that a message answers."""
    story = fields(reply_to.get("story"))
    return About(post=_post(story, "id"), clues=_clues(story, "url")) if story else None


def _about_ad(referral: Json) -> About | None:
    """What an ad or a product page showed to who wrote from it."""
    context, product = fields(referral.get("ads_context_data")), identity(fields(referral.get("product")))
    clues = (product, *_clues(context, "product_id", "ad_title"))
    post = _post(context, "post_id")
    return About(post=post, clues=tuple(filter(None, clues))) if post or any(clues) else None


def _about_post(payload: Json, attachment: Json) -> About:
    """A post or reel that was passed on; links have their title beside the payload."""
    post = _post(payload, "ig_post_media_id") or _post(payload, "reel_video_id") or _post(payload, "id")
    return About(post=post, clues=(*_clues(payload, "url", "title"), *_clues(attachment, "url", "title")))


def _post(of: Json, name: str) -> str:
    """The id of a post, which becomes a part of an address: nothing but digits and the mark between two ids."""
    found = of.get(name)
    found = str(found) if isinstance(found, int) and not isinstance(found, bool) else found
    return found if isinstance(found, str) and POST.fullmatch(found) else ""


def _clues(of: Json, *names: str) -> tuple[str, ...]:
    return tuple(clue[:LONGEST_CLUE] for name in names if (clue := text(of, name)))


def _source(referral: Json) -> str:
    """Where the person came from: the reference of our link, else the ad, the product, or the place in the app."""
    product = identity(fields(referral.get("product")))
    ad = text(referral, "ad_id")
    found = text(referral, "ref") or (f"ad:{ad}" if ad else "") or (f"product:{product}" if product else "")
    return (found or text(referral, "source").lower())[:LONGEST_SOURCE]


def _fingerprint(value: object) -> str:
    try:
        spelled = json.dumps(value, sort_keys=True).encode()
    except (ValueError, RecursionError):  # numbers or depths that no message has
        spelled = repr(type(value)).encode()
    return hashlib.sha256(spelled).hexdigest()
