"""Builds what is sent to Messenger and Instagram from a fitted answer. Pure; what no call can carry is refused here.

Limits: Meta's pages on Quick Replies, Button and Generic Template (2026-04-22) and Instagram's Send API (2026-06-24).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from base.errors import Refused
from bot.messages import Ask, Card, Cards, Choice, Choices, Fitted, Image, Link, OptInRequest, Receipt, TextPart
from bot.render_fit import receipt_lines
from bot.render_split import Unit, measure, shorten
from integrations.meta.receipts import build_receipt

Json = dict[str, Any]
MOST_QUICK_REPLIES = 13
MOST_BUTTONS = 3  # of a template
MOST_CARDS = 10
TITLE = 20  # characters of a button
CARD_TITLE = 80
OPT_IN_TITLE = 65  # characters of what a yes is asked for
BUTTON_TEXT = 640  # characters of the words of a button template
PAYLOAD = 1000  # bytes
LONGEST_METADATA = 1000
ASKED: dict[str, str] = {"phone": "user_phone_number", "email": "user_email"}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the two messengers differ in."""

    channel: str
    text: int
    unit: Unit
    links_as_buttons: bool
    personas: bool  # whether a person of the shop can be shown with his own name and picture
    templates: bool  # whether news may go at any time in a template
    metadata: bool  # whether a message can carry a mark of ours that comes back with its echo


FACEBOOK = Rules("Messenger", 2000, "chars", links_as_buttons=True, personas=True, templates=True, metadata=True)
INSTAGRAM = Rules("Instagram", 1000, "bytes", links_as_buttons=False, personas=False, templates=False, metadata=False)


def build_message(
    message: Fitted, rules: Rules, *, public_url: str = "", pictures: bool = True, receipts: bool = True
) -> Json:
    """The `message` of one call. `pictures`, `receipts` False: said in words, as Meta refused them. Raises Refused."""
    words = "\n\n".join(part.text.strip() for part in message.parts if isinstance(part, TextPart))
    links = [part for part in message.parts if isinstance(part, Link)]
    cards = [card for part in message.parts if isinstance(part, Cards) for card in part.cards]
    images = [part for part in message.parts if isinstance(part, Image)]
    bills = [part for part in message.parts if isinstance(part, Receipt)]
    buttons = [_web_button(link) for link in links if rules.links_as_buttons and opens_from_a_button(link.url)]
    written = [
        f"{link.title}: {link.url}" for link in links if not (rules.links_as_buttons and opens_from_a_button(link.url))
    ]
    receipt = (
        build_receipt(bills[0]) if len(bills) == 1 and receipts and not (words or links or cards or images) else None
    )
    if bills and receipt is None:
        words = "\n\n".join([words, *("\n".join(receipt_lines(bill)) for bill in bills)]).strip()
    wanted = [part for part in message.parts if isinstance(part, OptInRequest)]
    if wanted and len(message.parts) == 1 and rules.templates:
        title = shorten(wanted[0].title, OPT_IN_TITLE)
        return _template({"template_type": "notification_messages", "title": title, "payload": "offers"})
    known = sum(len(kind) for kind in (links, images, bills)) + sum(
        isinstance(part, TextPart | Cards | Choices | Ask) for part in message.parts
    )
    if known != len(message.parts) or len(images) > 1 or (cards and images):
        raise Refused(f"{rules.channel} cannot show these parts in one call.")
    picture = _picture(images[0].url, public_url) if images and pictures else None
    if images and not picture:
        words = "\n\n".join(said for said in (images[0].alt, words) if said)
    built: Json
    if receipt:
        built = _template(receipt)
    elif cards:
        elements = [_element(card, public_url if pictures else None) for card in cards]
        built = _template({"template_type": "generic", "elements": elements + _link_elements(buttons, links)})
    elif picture and buttons:
        title = shorten(images[0].alt or links[0].title, CARD_TITLE)
        built = _template(
            {
                "template_type": "generic",
                "elements": [{"title": title, "image_url": picture, "buttons": buttons[:MOST_BUTTONS]}],
            }
        )
    elif picture:
        built = {"attachment": {"type": "image", "payload": {"url": picture, "is_reusable": True}}}
    else:
        built = _words(words, buttons, links, written, message, rules)
    if (cards or picture) and (words or written):
        raise Refused(f"{rules.channel} shows no words beside a picture or cards.")
    replies = _quick_replies(message)
    return built | ({"quick_replies": replies} if replies else {})


def build_call(
    peer: str, message: Json, *, key: str = "", human: bool = False, persona: str = "", silent: bool = False
) -> Json:
    """The body of one call. `human`: a manager typed it, and the window of 24 hours is over; `persona`: who he is.

    `silent`: it comes without a notification.
    """
    kind = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"} if human else {"messaging_type": "RESPONSE"}
    more = ({"persona_id": persona} if persona else {}) | ({"notification_type": "NO_PUSH"} if silent else {})
    return {"recipient": {"id": peer}, **kind, "message": _marked(message, key)} | more


def build_template(peer: str, name: str, words: str, locale: str, *, key: str = "") -> Json:
    """A template with one place for words, which may go at any time (Utility messages, 2026-03-13)."""
    body = {"type": "body", "parameters": [{"type": "text", "text": words}]}
    template = {"name": name, "language": {"code": locale}, "components": [body]}
    return {"recipient": {"id": peer}, "messaging_type": "UTILITY", "message": _marked({"template": template}, key)}


def approved_for(locale: str, approved: Collection[str]) -> str:
    """The code of a template for who speaks `locale`: its own, or of those `approved` another of the same language.

    Never of another language: it would frame words that he reads by words that he does not.
    """
    own = locale.replace("-", "_")
    same = sorted(code for code in approved if language_of(code) == language_of(own))
    return own if own in same or not same else same[0]


def language_of(code: str) -> str:
    """`en` of `en`, `en_US` and `en-GB`."""
    return code.replace("-", "_").partition("_")[0]


def build_offer(token: str, message: Json, *, key: str = "") -> Json:
    """An offer to who has opted in, at any time (Marketing messages). It goes to the token, not to the person."""
    return {"recipient": {"notification_messages_token": token}, "message": _marked(message, key)}


def build_private_reply(comment: str, message: Json, *, key: str = "") -> Json:
    """The one message that answers a comment, within seven days (Private Replies, 2026-06-24)."""
    return {"recipient": {"comment_id": comment}, "message": _marked(message, key)}


def _marked(message: Json, key: str) -> Json:
    """With our own key, which comes back with the echo."""
    return {**message, "metadata": key[:LONGEST_METADATA]} if key else message


def build_action(peer: str, action: Literal["typing_on", "typing_off", "mark_seen"]) -> Json:
    """A sign without words; Meta takes it in a call of its own only."""
    return {"recipient": {"id": peer}, "sender_action": action}


def opens_from_a_button(url: str) -> bool:
    """Whether Meta takes `url` on a button: a web address with a full host name, so not "localhost"."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in host.strip(".") and not any(sign.isspace() for sign in url)


# ---- words, with what belongs to them ------------------------------------------------------------


def _words(
    words: str, buttons: Sequence[Json], links: Sequence[Link], written: Sequence[str], message: Fitted, rules: Rules
) -> Json:
    """Text, or a button template where links have their buttons and the words fit beside them."""
    name = f"{message.name}:\n" if message.author == "manager" and message.name else ""
    if buttons and len(buttons) <= MOST_BUTTONS and not written:
        for said in (name + words, words):
            if said and measure(said, "chars") <= BUTTON_TEXT:
                return _template({"template_type": "button", "text": said, "buttons": list(buttons)})
    lines = [f"{link.title}: {link.url}" if link.title else link.url for link in links]
    whole = "\n\n".join(said for said in (words, "\n".join(lines)) if said)
    if not whole.strip():
        asks = [part.title for part in message.parts if isinstance(part, Ask)]
        whole = asks[0] if asks else ""
    if not whole.strip():
        raise Refused("There is nothing to say in this message.")
    for said in (name + whole, whole):
        if measure(said, rules.unit) <= rules.text:
            return {"text": said}
    raise Refused(f"The text is longer than {rules.text} {rules.unit}.")


def _quick_replies(message: Fitted) -> list[Json]:
    replies: list[Json] = []
    for part in dict.fromkeys(message.parts):  # a phone is asked for once, however often it was meant
        if isinstance(part, Choices):
            replies += [
                {"content_type": "text", "title": choice.title, "payload": choice.payload} for choice in part.choices
            ]
        elif isinstance(part, Ask):
            if part.what not in ASKED:
                raise Refused(f"Meta's messengers cannot ask for the {part.what}.")
            replies.append({"content_type": ASKED[part.what]})
    if len(replies) > MOST_QUICK_REPLIES:
        raise Refused(f"One call shows at most {MOST_QUICK_REPLIES} quick replies, not {len(replies)}.")
    return replies


# ---- templates -----------------------------------------------------------------------------------


def _template(payload: Json) -> Json:
    return {"attachment": {"type": "template", "payload": payload}}


def _element(card: Card, public_url: str | None) -> Json:
    """One card. Meta wants something beside the title: the price, a picture or a button."""
    subtitle = " · ".join(said for said in (card.price.strip(), card.subtitle.strip()) if said)
    built: Json = {"title": shorten(card.title, CARD_TITLE) or "·"}
    if subtitle:
        built["subtitle"] = shorten(subtitle, CARD_TITLE)
    if card.image and public_url is not None and (picture := _picture(card.image, public_url)):
        built["image_url"] = picture
    if card.buttons:
        built["buttons"] = [_tap_button(choice) for choice in card.buttons[:MOST_BUTTONS]]
    if len(built) == 1:
        built["subtitle"] = "·"
    return built


def _link_elements(buttons: Sequence[Json], links: Sequence[Link]) -> list[Json]:
    """Links beside cards stand on a card of their own at the end."""
    return [{"title": shorten(links[0].title, CARD_TITLE), "buttons": list(buttons[:MOST_BUTTONS])}] if buttons else []


def _tap_button(choice: Choice) -> Json:
    return {"type": "postback", "title": choice.title, "payload": choice.payload}


def _web_button(link: Link) -> Json:
    return {"type": "web_url", "title": shorten(link.title, TITLE), "url": link.url}


def _picture(url: str, public_url: str) -> str | None:
    """The address from which Meta fetches a picture; None for one that it cannot reach."""
    whole = f"{public_url.rstrip('/')}{url}" if url.startswith("/") and not url.startswith("//") else url
    return whole if opens_from_a_button(whole) else None
