"""What came from a messenger, without card numbers: the very first thing that happens to it. Pure."""

from __future__ import annotations

import json
from dataclasses import replace

from base.cards import MARK, has_card, masked
from bot.channel import Raw
from bot.messages import Comment, Content, Edit, Inbound, Photo, Text

WORDS = frozenset({"text", "caption", "title", "description", "body", "message"})  # where platforms put what is typed


def without_cards(raw: Raw) -> Raw:
    """The same update with every card number hidden, in what was understood of it and in its raw bytes."""
    inbounds = tuple(_hidden(inbound) for inbound in raw.inbounds)
    if inbounds == raw.inbounds and not has_card(raw.body.decode("utf-8", "replace")):
        return raw
    return replace(raw, body=_body(raw.body, hide_all=inbounds != raw.inbounds), inbounds=inbounds)


def _hidden(inbound: Inbound) -> Inbound:
    content = inbound.content
    changed: Content = content
    match content:
        case Text(text=text) | Edit(text=text) | Comment(text=text):
            changed = content.model_copy(update={"text": masked(text)})
        case Photo(caption=caption):
            changed = content.model_copy(update={"caption": masked(caption)})
        case _:
            return inbound
    return inbound if changed == content else inbound.model_copy(update={"content": changed})


def _body(body: bytes, *, hide_all: bool) -> bytes:
    """JSON with its typed words masked; numbers and ids stay. What is no JSON is not kept where a card is in it."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return MARK.encode() if hide_all else body
    return json.dumps(_walked(read, ""), ensure_ascii=False).encode("utf-8", "surrogatepass")


def _walked(value: object, name: str) -> object:
    if isinstance(value, dict):
        return {key: _walked(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_walked(inner, name) for inner in value]
    return masked(value) if isinstance(value, str) and name.rpartition("_")[2] in WORDS else value
