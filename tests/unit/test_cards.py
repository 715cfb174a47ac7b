"""Card numbers are found in every way people type them, and nothing else is taken for one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from app.logs import scrubbed
from base.cards import MARK, has_card, masked
from bot.card_numbers import without_cards
from bot.channel import Raw
from bot.messages import Address, Edit, Inbound, Photo, Text

CARDS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "4111\u00a01111\u00a01111\u00a01111",
    "4111 – 1111 – 1111 – 1111".replace(" – ", "–"),
    "4111\n1111\n1111\n1111",
    "3782 822463 10005",
    "5555555555554444",
    "2223003122003222",
    "6011 1111 1111 1117",
    "4222222222222",
    "my card: 4111 1111 1111 1111 12/27 123",
    "4111 1111 1111 1111 12 27",
    "2 mugs 4111 1111 1111 1111",
    "(4111111111111111)",
    "４１１１１１１１１１１１１１１１",
]
OTHERS = [
    "4111 1111 1111 1112",
    "1234567890123456",
    "+370 600 00001",
    "+4111111111111111",
    "370 600 00000, 370 600 00001, 370 600 00002",
    "LU-7K3F-9QXA",
    "LU4111111111111111",
    "1764072000000",
    "2026-11-24 12:00",
    "JD014600003RU",
    "00000000000000",
    "two mugs",
    "",
]


@pytest.mark.parametrize("text", CARDS)
def test_a_card_is_found_and_hidden_with_its_date_and_code(text: str) -> None:
    assert has_card(text)
    hidden = masked(text)
    assert MARK in hidden
    assert not any(sign.isdigit() for sign in hidden)
    assert masked(hidden) == hidden


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_stay_as_they_are(text: str) -> None:
    assert masked(text) == text


def test_long_text_is_looked_through_quickly() -> None:
    assert not has_card("1 " * 20_000 + "x")
    assert not has_card("9" * 40_000)


def raw(content: Text | Edit | Photo, body: bytes) -> Raw:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    inbound = Inbound(address=Address(channel="c", account="a", peer="p"), event_key="k", content=content, at=at)
    return Raw("c", "a", "k", body, (inbound,))


@pytest.mark.parametrize("ascii_only", [True, False])
def test_neither_bytes_nor_words_of_an_update_keep_the_card(ascii_only: bool) -> None:
    text = "pay 4111\u00a01111 1111 1111 ok"
    update = {"chat": {"id": 4111111111111111}, "mid": "m_5555555555554444", "message": {"text": text, "date": 1}}
    kept = without_cards(raw(Text(text=text), json.dumps(update, ensure_ascii=ascii_only).encode()))
    assert kept.inbounds[0].content == Text(text=f"pay {MARK} ok")
    assert json.loads(kept.body) == update | {"message": {"text": f"pay {MARK} ok", "date": 1}}


def test_captions_edits_and_bodies_of_other_forms_are_hidden_too() -> None:
    photo = without_cards(raw(Photo(reference="f", caption="4111111111111111"), b'{"caption": "4111111111111111"}'))
    assert photo.inbounds[0].content == Photo(reference="f", caption=MARK)
    assert json.loads(photo.body) == {"caption": MARK}
    edit = without_cards(raw(Edit(of="1", text="4111111111111111"), b"text=4111111111111111"))
    assert b"4111" not in edit.body
    unread = without_cards(Raw("c", "a", "k", b'{"edited_channel_post": {"text": "4111111111111111"}}', ()))
    assert b"4111" not in unread.body


def test_an_update_without_a_card_stays_as_it_came() -> None:
    same = raw(Text(text="hello"), b'{"id": 4111111111111112,  "text": "hello"}')
    assert without_cards(same) is same


def test_the_log_shows_no_card() -> None:
    assert "1111" not in scrubbed("could not read 'card 4111 1111 1111 1111'")
