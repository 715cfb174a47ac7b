"""The demo's play platforms keep Meta's rules; the tests' own Graph server, written apart, judges the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.emulator import rules
from app.emulator.rules import FACEBOOK, INSTAGRAM, Kind
from tests.contracts import graph_rules

Json = dict[str, Any]
BUTTON = {"type": "postback", "title": "Add", "payload": "p"}
LINK = {"type": "web_url", "title": "Pay now", "url": "https://shop.example/pay/1"}


def reply(**more: object) -> Json:
    return {"content_type": "text", "title": "Yes", "payload": "y", **more}


def template(**payload: object) -> Json:
    return {"attachment": {"type": "template", "payload": payload}}


def cards(*elements: Json) -> Json:
    return template(template_type="generic", elements=list(elements))


def buttons(text: str, *given: Json) -> Json:
    return template(template_type="button", text=text, buttons=list(given))


def receipt(**more: object) -> Json:
    bill: Json = {"recipient_name": "Ana", "order_number": "LU-1", "currency": "EUR", "payment_method": "card"}
    bill |= {"elements": [{"title": "Mug", "price": 12}], "summary": {"total_cost": 12}}
    return template(template_type="receipt", **(bill | more))


def image(url: str) -> Json:
    return {"attachment": {"type": "image", "payload": {"url": url, "is_reusable": True}}}


def verdict(judge: Callable[[], None], error: type[rules.GraphError] | type[graph_rules.GraphError]) -> bool:
    try:
        judge()
    except (error, KeyError, TypeError, AttributeError):  # the tests' server answers those with a refusal as well
        return False
    return True


TAKEN: list[tuple[Json, Kind | None, bool]] = [  # (message, on which platform; None: both, whether it is taken)
    ({"text": "hello"}, None, True),
    ({"text": ""}, None, False),
    ({}, None, False),
    ({"text": "hello", **image("https://a.example/b.jpg")}, None, False),
    ({"text": "hello", "surprise": 1}, None, False),
    ({"text": "m" * 2000}, FACEBOOK, True),
    ({"text": "m" * 2001}, FACEBOOK, False),
    ({"text": "ж" * 2000}, FACEBOOK, True),
    ({"text": "m" * 1000}, INSTAGRAM, True),
    ({"text": "ж" * 500}, INSTAGRAM, True),
    ({"text": "ж" * 500 + "m"}, INSTAGRAM, False),
    ({"text": "hello", "metadata": "key"}, FACEBOOK, True),
    (receipt(), FACEBOOK, True),
    (receipt(), INSTAGRAM, False),
    (receipt(adjustments=[{"name": "CODE", "amount": 2.5}], summary={"total_cost": 9.5}), FACEBOOK, True),
    (receipt(recipient_name=""), FACEBOOK, False),
    (receipt(summary={}), FACEBOOK, False),
    (receipt(elements=[{"title": "Mug", "price": 0}] * 100, summary={"total_cost": 0}), FACEBOOK, True),
    (receipt(elements=[{"title": "Mug", "price": 0}] * 101, summary={"total_cost": 0}), FACEBOOK, False),
    ({"text": "hello", "metadata": "key"}, INSTAGRAM, False),
    ({"text": "hello", "quick_replies": [reply()] * 13}, None, True),
    ({"text": "hello", "quick_replies": [reply()] * 14}, None, False),
    ({"text": "hello", "quick_replies": [reply(title="t" * 20)]}, None, True),
    ({"text": "hello", "quick_replies": [reply(title="t" * 21)]}, None, False),
    ({"text": "hello", "quick_replies": [reply(payload="p" * 1001)]}, None, False),
    ({"text": "hello", "quick_replies": [{"content_type": "user_email"}]}, FACEBOOK, True),
    ({"text": "hello", "quick_replies": [{"content_type": "user_email"}]}, INSTAGRAM, False),
    ({"text": "hello", "quick_replies": [{"content_type": "location"}]}, None, False),
    (image("https://a.example/b.jpg"), None, True),
    (image("http://localhost/b.jpg"), None, False),
    (image("javascript:alert(1)"), None, False),
    ({"attachment": {"type": "video", "payload": {"url": "https://a.example/b.mp4"}}}, None, False),
    (buttons("Pay here", LINK), None, True),
    (buttons("m" * 640, BUTTON, BUTTON, LINK), None, True),
    (buttons("m" * 641, BUTTON), None, False),
    (buttons("four", BUTTON, BUTTON, BUTTON, BUTTON), None, False),
    (buttons("none"), None, False),
    (buttons("strange", {**BUTTON, "type": "phone"}), None, False),
    (buttons("long", {**BUTTON, "title": "t" * 21}), None, False),
    (buttons("nowhere", {**LINK, "url": "shop.example"}), None, False),
    (cards({"title": "Mug", "subtitle": "€12.00", "buttons": [BUTTON]}), None, True),
    (cards(*[{"title": "Mug", "subtitle": "s"}] * 10), None, True),
    (cards(*[{"title": "Mug", "subtitle": "s"}] * 11), None, False),
    (cards(), None, False),
    (cards({"title": "Mug"}), None, False),
    (cards({"title": "t" * 81, "subtitle": "s"}), None, False),
    (cards({"title": "Mug", "subtitle": "s" * 81}), None, False),
    (cards({"title": "Mug", "image_url": "/pictures/mug.jpg"}), None, False),
    (template(template_type="receipt", elements=[]), None, False),
]


@pytest.mark.parametrize(
    ("message", "kind", "taken"),
    [(message, kind, taken) for message, on, taken in TAKEN for kind in (FACEBOOK, INSTAGRAM) if on in (None, kind)],
)
def test_a_message_is_taken_or_refused_as_on_the_real_platform(message: Json, kind: Kind, taken: bool) -> None:
    assert verdict(lambda: rules.check_message(message, kind), rules.GraphError) is taken
    instagram = kind is INSTAGRAM
    assert verdict(lambda: graph_rules.check_message(message, instagram=instagram), graph_rules.GraphError) is taken


@pytest.mark.parametrize("kind", [FACEBOOK, INSTAGRAM])
@pytest.mark.parametrize(
    ("body", "hours", "taken"),
    [
        ({}, 23.9, True),
        ({}, 24.1, False),
        ({}, None, False),
        ({"messaging_type": "RESPONSE"}, 1, True),
        ({"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 100, True),
        ({"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}, 24 * 7 + 1, False),
        ({"messaging_type": "MESSAGE_TAG", "tag": "POST_PURCHASE_UPDATE"}, 1, False),
        ({"messaging_type": "MESSAGE_TAG"}, 1, False),
        ({"tag": "HUMAN_AGENT"}, 1, False),
        ({"messaging_type": "SHOUT"}, 1, False),
    ],
)
def test_the_windows_close_as_on_the_real_platform(kind: Kind, body: Json, hours: float | None, taken: bool) -> None:
    silence = None if hours is None else timedelta(hours=hours)
    assert verdict(lambda: rules.check_window(body, kind, silence), rules.GraphError) is taken
    instagram = kind is INSTAGRAM
    assert verdict(lambda: graph_rules.check_kind(body, silence, instagram=instagram), graph_rules.GraphError) is taken


@pytest.mark.parametrize(("kind", "subcode"), [(FACEBOOK, 2018278), (INSTAGRAM, 2534022)])
def test_a_closed_window_is_told_by_its_code(kind: Kind, subcode: int) -> None:
    with pytest.raises(rules.GraphError) as refusal:
        rules.check_window({}, kind, timedelta(hours=25))
    error = refusal.value.body("trace")["error"]
    assert (error["code"], error["error_subcode"], error["fbtrace_id"]) == (10, subcode, "trace")


@pytest.mark.parametrize(
    "message", [None, 7, [], "text", {"text": 7}, {"attachment": []}, {"text": "a", "quick_replies": 7}]
)
def test_nonsense_is_refused_and_breaks_nothing(message: object) -> None:
    with pytest.raises(rules.GraphError):
        rules.check_message(message, FACEBOOK)
