"""What is sent to Messenger, built again by an independent client that knows Meta's templates and their limits.

`fbmessenger` refuses what is too many or of an unknown kind, and logs what Meta would cut. Of its time (2019) are at
most 11 quick replies, where 13 are allowed today, and names of Python 3.9.
"""

from __future__ import annotations

import collections
import collections.abc
import logging
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from base.money import Money
from bot.messages import Outbound, Part, Receipt, ReceiptLine
from bot.render_fit import fit
from integrations.messenger.facebook import Facebook
from integrations.meta.build import FACEBOOK, Json, build_message
from tests.unit.test_meta_build import PART

collections.Iterable = collections.abc.Iterable  # type: ignore[attr-defined]  # where the client looks for it

from fbmessenger import attachments, elements, quick_replies, templates  # type: ignore[import-untyped]  # noqa: E402

OF_ITS_TIME = 11  # quick replies


def receipt(titles: list[str]) -> Receipt:
    lines = tuple(ReceiptLine(title=title, money=Money(100, "EUR"), amount="1.00") for title in titles)
    due = Money(100 * len(lines), "EUR")
    return Receipt(number="LU-1", recipient="Ana", payment="card", money=due, lines=lines, total=str(due))


RECEIPT = st.lists(st.text(min_size=1, max_size=100), min_size=1, max_size=5).map(receipt)


def rebuilt(message: Json) -> Json:
    """The same message by the other client. Raises ValueError where it knows that Meta refuses."""
    replies = quick_replies.QuickReplies(
        [
            quick_replies.QuickReply(one.get("title"), one.get("payload"), one.get("image_url"), one["content_type"])
            for one in message.get("quick_replies", ())[:OF_ITS_TIME]
        ]
    )
    if "text" in message:
        return dict(elements.Text(message["text"], replies).to_dict())
    attachment = message["attachment"]
    payload = attachment["payload"]
    if attachment["type"] == "image":
        return dict(attachments.Image(payload["url"], payload.get("is_reusable"), replies).to_dict())
    made: Any
    match payload["template_type"]:
        case "generic":
            made = templates.GenericTemplate([_element(one) for one in payload["elements"]], replies)
        case "button":
            made = templates.ButtonTemplate(payload["text"], _buttons(payload), replies)
        case _:
            made = templates.ReceiptTemplate(
                payload["recipient_name"], payload["order_number"], payload["currency"], payload["payment_method"],
                [elements.Element(one["title"], price=one["price"]) for one in payload["elements"]],
                elements.Summary(**payload["summary"]),
                adjustments=[elements.Adjustment(**one) for one in payload.get("adjustments", ())],
                quick_replies=replies,
            )  # fmt: skip
    return dict(made.to_dict())


def _element(element: Json) -> Any:
    rest = {name: element.get(name) for name in ("image_url", "subtitle")}
    return elements.Element(element["title"], buttons=_buttons(element), **rest)


def _buttons(holder: Json) -> list[Any]:
    return [
        elements.Button(one["type"], one["title"], one.get("url"), one.get("payload"))
        for one in holder.get("buttons", ())
    ]


def plain(message: Json) -> Json:
    """Without what only one of the two writes down: nothing said, and flags that are off or words."""
    match message:
        case dict():
            kept = {key: plain(value) for key, value in message.items()}
            return {key: value for key, value in kept.items() if value not in (None, [], False, "true", True, 0)}
        case list():
            return [plain(one) for one in message]  # type: ignore[return-value]
        case _:
            return message


@settings(max_examples=200)
@given(st.lists(PART | RECEIPT, min_size=1, max_size=4))
def test_another_client_builds_the_same_and_finds_nothing_too_long(parts: list[Part]) -> None:
    seen: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("fbmessenger")
    logger.addHandler(handler)
    try:
        for call in fit(Outbound(parts=tuple(parts)), Facebook.limits):
            ours = build_message(call, FACEBOOK, public_url="https://shop.example")
            theirs = rebuilt(ours)
            ours["quick_replies"] = ours.get("quick_replies", [])[:OF_ITS_TIME]
            assert plain(theirs) == plain(ours)
    finally:
        logger.removeHandler(handler)
    assert seen == []


def test_the_other_client_does_look() -> None:
    button = {"type": "surprise", "title": "x", "payload": "y"}
    with pytest.raises(ValueError, match="button_type"):
        rebuilt(
            {
                "attachment": {
                    "type": "template",
                    "payload": {"template_type": "button", "text": "x", "buttons": [button]},
                }
            }
        )
    cards = [{"title": "x"}] * 11
    with pytest.raises(ValueError, match="more than 10"):
        rebuilt({"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": cards}}})
