"""What may be sent when: channel, kind of message, hours since the customer's last words, who typed it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from bot.channel import Limits
from bot.optins import OptIn
from bot.windows import Kind, in_time, kind_of, legal_path
from integrations.messenger import CHANNELS, adapter
from shop.shopfile import load_shop

DEMO = Path(__file__).parents[2] / "data" / "demo"
META = {"facebook", "instagram"}
WINDOWED = META | {"telegram_business"}  # whose tag of a human only Meta's have
WINDOW = timedelta(hours=24)
# hours since the last words -> what is left, of Meta's channels, to everybody and to a signed-in manager
TABLE = {0: ("send", "send"), 24: ("send", "send"), 24.01: ("none", "human_tag"), 30: ("none", "human_tag"),
         168: ("none", "human_tag"), 168.01: ("none", "none"), 9000: ("none", "none")}  # fmt: skip


@pytest.mark.parametrize("channel", sorted(CHANNELS))
@pytest.mark.parametrize("hours", TABLE)
def test_the_table(channel: str, hours: float) -> None:
    limits = adapter(channel).limits
    anybody, by_hand = TABLE[hours] if channel in WINDOWED else ("send", "send")
    by_hand = by_hand if channel in META else anybody
    for kind in get_args(Kind):
        for typed_by in ("", "m1"):
            for agreed in (True, False):
                path = legal_path(limits, kind, timedelta(hours=hours), typed_by=typed_by, agreed=agreed)
                expected = by_hand if kind == "words" and typed_by else anybody
                if kind == "marketing" and not agreed:
                    expected = "none"
                assert path.way == expected, (kind, typed_by, agreed)
                assert bool(path.reason) == (path.way == "none")
                longest = {"send": 24, "human_tag": 168}.get(path.way) if channel in WINDOWED else None
                left = None if longest is None else timedelta(hours=longest) - timedelta(hours=hours)
                assert path.left == left


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("hours", [None, 1, 24.01, 9000])
def test_a_template_is_for_news_of_an_order_and_for_who_has_written_once(kind: Kind, hours: float | None) -> None:
    silence = None if hours is None else timedelta(hours=hours)
    limits = adapter("facebook").limits
    path, without = (legal_path(limits, kind, silence, template=template) for template in (True, False))
    if kind == "news" and hours is not None and hours > 24:
        assert (path.way, path.left) == ("template", None)
    else:
        assert path == without


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("hours", [1, 24.01, 9000])
@pytest.mark.parametrize("agreed", [True, False])
def test_an_opt_in_is_for_offers_with_a_yes_after_the_window(kind: Kind, hours: float, agreed: bool) -> None:
    silence, limits = timedelta(hours=hours), adapter("facebook").limits
    opted = OptIn("token", timedelta(days=30))
    path, without = (legal_path(limits, kind, silence, agreed=agreed, opt_in=one) for one in (opted, None))
    if kind == "marketing" and agreed and hours > 24:
        assert (path.way, path.left) == ("opt_in", timedelta(days=30))
    else:
        assert path == without


@pytest.mark.parametrize("kind", get_args(Kind))
def test_who_never_wrote_is_written_to_only_where_no_window_is(kind: Kind) -> None:
    assert legal_path(Limits(text=9), kind, None, typed_by="m1").way == "send"
    never = legal_path(adapter("facebook").limits, kind, None, typed_by="m1")
    assert (never.way, "has not written here yet" in never.reason) == ("none", True)


def test_a_channel_without_the_tag_is_closed_to_managers_too() -> None:
    path = legal_path(Limits(text=9, reply_window=WINDOW), "words", timedelta(hours=25), typed_by="m1")
    assert path.way == "none"
    assert path.reason == (
        "the customer wrote more than 24 hours ago, and this channel is closed to a manager's words; "
        "it opens when the customer writes"
    )


def test_the_reason_tells_what_is_left() -> None:
    limits = adapter("instagram").limits
    assert "a signed-in manager may still write" in legal_path(limits, "news", timedelta(hours=30)).reason
    assert "more than 7 days ago" in legal_path(limits, "words", timedelta(days=8), typed_by="m1").reason


@pytest.mark.parametrize(
    ("author", "keys", "kind"),
    [
        ("bot", ["cart.shown"], "reply"),
        ("bot", ["tracking.moved.delivered", "feedback.ask"], "news"),
        ("bot", ["payment.expired"], "news"),
        ("bot", ["payment.expired", "payment.new_link"], "news"),
        ("bot", ["payment.refunded.late", "payment.refund_by"], "news"),
        ("bot", ["payment.try_again"], "reply"),
        ("bot", ["payment.here"], "reply"),
        ("bot", ["payment.nothing_open"], "reply"),
        ("bot", ["edit.packed", "payment.refund_by"], "reply"),
        ("bot", ["checkout.thanks_late"], "news"),
        ("bot", ["edit.paid"], "news"),
        ("bot", ["edit.too_late"], "news"),
        ("bot", ["edit.packed"], "reply"),
        ("bot", ["discovery.back_in_stock"], "marketing"),
        ("system", ["repair.failed"], "reply"),
        ("manager", [], "words"),
    ],
)
def test_the_kind_is_told_by_author_and_texts(author: str, keys: list[str], kind: str) -> None:
    assert kind_of(author, keys) == kind


@pytest.mark.parametrize(
    ("due", "closes", "planned"),
    [
        (36, None, 36),  # noon tomorrow; midnight is 0
        (36, 40, 36),
        (36, 36.25, 35.75),  # half an hour before it closes
        (36, 33.2, 21),  # it would be in the night: when that begins
        (36, 22, 21),
        (36, 20, 36),  # in the first third of the wait
        (36, 2, 36),  # closed already
        (46, None, 57),  # late in the evening: in the morning
        (46, 50, 45),
    ],
)
def test_what_nobody_asked_for_is_said_before_the_channel_closes(
    due: float, closes: float | None, planned: float
) -> None:
    shop = load_shop(DEMO / "shop.yml")
    midnight = shop.local(datetime(2026, 11, 26, 12, tzinfo=UTC)).replace(hour=0)
    end = None if closes is None else midnight + timedelta(hours=closes)
    now = midnight + timedelta(hours=12)
    found = in_time(midnight + timedelta(hours=due), shop, now=now, closes=end)
    assert (found - midnight) / timedelta(hours=1) == planned
