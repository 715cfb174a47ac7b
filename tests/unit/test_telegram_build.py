"""What is sent to Telegram, built without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
import telegram as second

from base.errors import Refused
from bot.messages import Ask, Cards, Choice, Choices, Fitted, Image, Link, Part, TextPart
from integrations.messenger.telegram.build import Button, build_call, opens_from_a_button, rows_of
from integrations.messenger.telegram.keyboards import inline_keyboard
from integrations.messenger.telegram.pictures import local_picture


def fitted(*parts: Part) -> Fitted:
    return Fitted(parts=parts)


def choices(*titles: str) -> Choices:
    return Choices(choices=tuple(Choice(title=title, payload=title) for title in titles))


def laid(*titles: str) -> list[list[str]]:
    return [[button.title for button in row] for row in rows_of([Button(title, payload="p") for title in titles])]


@pytest.mark.parametrize(
    ("titles", "rows"),
    [
        (tuple("123456789"), [list("12345678"), ["9"]]),
        (("S", "M", "L", "XL"), [["S", "M", "L", "XL"]]),
        (("Yes", "No", "Later", "Never"), [["Yes", "No", "Later"], ["Never"]]),
        (("White mug, 12.00", "Black mug, 12.00", "Blue"), [["White mug, 12.00", "Black mug, 12.00"], ["Blue"]]),
        (("Boxberry, Ozo 25, Vilnius", "DHL"), [["Boxberry, Ozo 25, Vilnius"], ["DHL"]]),
    ],
)
def test_buttons_share_a_row_while_their_titles_can_be_read(titles: tuple[str, ...], rows: list[list[str]]) -> None:
    assert laid(*titles) == rows


def test_a_second_library_reads_the_same_keyboard() -> None:
    call = build_call(fitted(TextPart(text="?"), Link(title="Pay", url="https://a.example/1"), choices("Yes", "No")))
    keyboard = inline_keyboard(call.rows)
    assert keyboard is not None
    ours = keyboard.model_dump(exclude_none=True)
    theirs = second.InlineKeyboardMarkup.de_json(ours, second.Bot("1:a"))
    assert theirs.to_dict() == ours
    assert not theirs.api_kwargs


def test_only_the_three_signs_are_escaped() -> None:
    call = build_call(fitted(TextPart(text="a < b & c > \"d\" 'e'")))
    assert call.html == "a &lt; b &amp; c &gt; \"d\" 'e'"


@pytest.mark.parametrize(
    ("url", "opens"),
    [
        ("https://shop.example/pay", True),
        ("http://127.0.0.1:8080/pay", True),
        ("tg://resolve?domain=lumo", True),
        ("http://localhost:8080/pay", False),
        ("https://shop.example/a b", False),
        ("javascript:alert(1)", False),
        ("http://[bad/", False),
        ("/pay/abc", False),
    ],
)
def test_only_addresses_that_telegram_takes_stand_on_buttons(url: str, opens: bool) -> None:
    assert opens_from_a_button(url) is opens
    call = build_call(fitted(TextPart(text="Pay?"), Link(title="Pay", url=url)))
    assert bool(call.rows) is opens
    assert (url in call.words) is not opens


def test_while_a_phone_is_asked_choices_and_addresses_stay_within_reach() -> None:
    link = Link(title="Terms", url="https://shop.example/terms")
    call = build_call(fitted(TextPart(text="Phone?"), link, choices("Skip"), Ask(what="phone", title="Share")))
    assert call.words == "Phone?\n\nTerms: https://shop.example/terms"
    assert (call.asks, call.typed, call.rows) == ((("phone", "Share"),), ("Skip",), ())


def test_a_managers_name_is_left_out_where_it_would_not_fit() -> None:
    long = Fitted(parts=(TextPart(text="x" * 4090),), author="manager", name="Olga of the first floor")
    assert build_call(long).words == "x" * 4090


@pytest.mark.parametrize(
    "parts",
    [(), (choices("Yes"),), (Cards(cards=()),), (TextPart(text=" "),), (Image(url="a"), Image(url="b"))],
)
def test_what_telegram_cannot_show_in_one_call_is_refused(parts: tuple[Part, ...]) -> None:
    with pytest.raises(Refused):
        build_call(Fitted(parts=parts))


def test_pictures_are_found_below_their_root_and_nowhere_else(tmp_path: Path) -> None:
    root = (tmp_path / "media").resolve()
    (root / "mugs").mkdir(parents=True)
    for path in (root / "mugs" / "white mug.jpg", root / "can.jpg", tmp_path / "secret.jpg"):
        path.write_bytes(b"x")
    (root / "way-out.jpg").symlink_to(tmp_path / "secret.jpg")
    assert local_picture("/media/mugs/white%20mug.jpg", root) == root / "mugs" / "white mug.jpg"
    assert local_picture("http://127.0.0.1:8080/media/can.jpg?v=2", root) == root / "can.jpg"
    assert local_picture(str(root / "can.jpg"), root) == root / "can.jpg"
    for url in (
        "../secret.jpg",
        "/secret.jpg",
        "way-out.jpg",
        "%2e%2e/secret.jpg",
        "a\x00b",
        "",
        "https://x.example/can.jpg",
    ):
        assert local_picture(url, root) is None
    assert local_picture("can.jpg", None) is None
