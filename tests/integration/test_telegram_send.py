"""Sending to Telegram over a real socket, against a Bot API that checks every call with the official schema."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from base.errors import Refused, TryLater, Unreachable
from bot.messages import (
    Address,
    Ask,
    Card,
    Cards,
    Choice,
    Choices,
    Fitted,
    Image,
    Link,
    Outbound,
    Part,
    TextPart,
)
from bot.render_fit import fit
from integrations.messenger.telegram.adapter import Telegram
from tests.contracts.botapi import BotApi

ANA = Address(channel="telegram", account="lumo", peer="7")
PICTURE = bytes.fromhex("89504e470d0a1a0a")


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.chat(7)
        yield server


@pytest_asyncio.fixture
async def telegram(server: BotApi, tmp_path: Path) -> AsyncIterator[Telegram]:
    (tmp_path / "mug.png").write_bytes(PICTURE)
    adapter = Telegram(server.token, server.base, server.secret, "lumo", media_root=tmp_path)
    yield adapter
    await adapter.close()


def say(*parts: Part) -> Fitted:
    (call,) = fit(Outbound(parts=parts), Telegram.limits)
    return call


def text(words: str) -> TextPart:
    return TextPart(text=words)


def choices(*titles: str) -> Choices:
    return Choices(choices=tuple(Choice(title=title, payload=f"p{place}") for place, title in enumerate(titles)))


async def test_a_person_reads_exactly_what_was_said_signs_included(server: BotApi, telegram: Telegram) -> None:
    words = "Mugs < 15 € & candles > 5 €: <b>not bold</b> &amp; 😀"
    sent = await telegram.send(ANA, say(text(words), choices("Yes", "No")), key="1")
    assert server.chat(7).words() == f"{words}\nYes\nNo"
    assert sent.platform_id == str(server.chat(7).last.id)


async def test_buttons_stand_in_rows_and_links_open(server: BotApi, telegram: Telegram) -> None:
    link = Link(title="Pay 25.10 €", url="https://shop.example/pay/abc")
    await telegram.send(ANA, say(text("Pay?"), choices("S", "M", "L", "Something much longer", "Back"), link), key="1")
    rows = [[button.title for button in row] for row in server.chat(7).last.rows]
    assert rows == [["Pay 25.10 €"], ["S", "M", "L"], ["Something much longer"], ["Back"]]
    assert await server.user_taps(7, "Pay 25.10 €") == "https://shop.example/pay/abc"


async def test_an_address_that_telegram_puts_on_no_button_becomes_words(server: BotApi, telegram: Telegram) -> None:
    await telegram.send(ANA, say(text("Pay?"), Link(title="Pay", url="http://localhost:8080/pay/abc")), key="1")
    assert server.chat(7).words() == "Pay?\n\nPay: http://localhost:8080/pay/abc"
    assert server.refusals == []


async def test_a_picture_is_uploaded_once_and_reused(server: BotApi, telegram: Telegram) -> None:
    for key in ("1", "2"):
        await telegram.send(ANA, say(Image(url="/media/mug.png"), text("A mug"), choices("Add")), key=key)
    first, second = server.called("sendPhoto")
    assert second["photo"].startswith("photo-")
    assert first["photo"].startswith("attach://")
    assert [shown.picture for shown in server.chat(7).history] == ["file:mug.png", "file:mug.png"]
    assert server.chat(7).last.words() == "A mug\nAdd"


async def test_a_public_picture_is_named_by_its_address(server: BotApi, telegram: Telegram) -> None:
    await telegram.send(ANA, say(Image(url="https://shop.example/mug.jpg"), text("A mug")), key="1")
    assert server.chat(7).last.picture == "https://shop.example/mug.jpg"


@pytest.mark.parametrize("url", ["../../etc/passwd", "/etc/passwd", "missing.png", "http://127.0.0.1:1/no.png"])
async def test_a_picture_that_cannot_be_had_never_costs_the_words(server: BotApi, telegram: Telegram, url: str) -> None:
    await telegram.send(ANA, say(Image(url=url), text("A mug"), choices("Add")), key="1")
    assert server.chat(7).words() == "A mug\nAdd"
    assert server.chat(7).last.picture == ""


async def test_several_cards_can_be_tapped_by_number_or_name(server: BotApi, telegram: Telegram) -> None:
    cards = tuple(
        Card(title=title, price=price, buttons=(Choice(title="Add", payload=title),))
        for title, price in (("White mug", "12.00"), ("Black mug", "12.00"))
    )
    await telegram.send(ANA, say(text("Which?"), Cards(cards=cards)), key="1")
    chat = server.chat(7)
    assert chat.find("Black mug")[1].payload == "Black mug"
    assert chat.find("2. Add")[1].payload == "Black mug"
    assert chat.find("Add")[1].payload == "White mug"


async def test_a_phone_is_asked_by_the_keyboard_which_goes_away_afterwards(server: BotApi, telegram: Telegram) -> None:
    ask = Ask(what="phone", title="Share my phone")
    await telegram.send(ANA, say(text("Your phone?"), ask, choices("Skip")), key="1")
    shown = server.chat(7).last
    assert [(button.title, button.asks) for button in shown.buttons] == [("Share my phone", "contact"), ("Skip", "")]
    await telegram.send(ANA, say(text("Thanks")), key="2")
    assert server.called("sendMessage")[-1]["reply_markup"] == {"remove_keyboard": True}


async def test_a_page_is_turned_by_editing(server: BotApi, telegram: Telegram) -> None:
    sent = await telegram.send(ANA, say(text("1/3"), choices("▶")), key="1")
    turned = say(text("2/3"), choices("◀", "▶")).model_copy(update={"edits": sent.platform_id})
    again = await telegram.send(ANA, turned, key="2")
    assert again.platform_id == sent.platform_id
    assert server.chat(7).words() == "2/3\n◀\n▶"
    same = await telegram.send(ANA, turned, key="3")  # message is not modified
    assert same.platform_id == sent.platform_id
    assert len(server.chat(7).messages) == 1


async def test_a_picture_page_is_turned_by_editing_and_text_cannot_take_its_place(
    server: BotApi, telegram: Telegram
) -> None:
    sent = await telegram.send(ANA, say(Image(url="https://shop.example/1.jpg"), text("1/2")), key="1")
    turned = say(Image(url="https://shop.example/2.jpg"), text("2/2")).model_copy(update={"edits": sent.platform_id})
    await telegram.send(ANA, turned, key="2")
    assert server.chat(7).last.picture == "https://shop.example/2.jpg"
    plain = say(text("No more pictures")).model_copy(update={"edits": sent.platform_id})
    new = await telegram.send(ANA, plain, key="3")
    assert new.platform_id != sent.platform_id
    assert server.chat(7).last.words() == "No more pictures"


@pytest.mark.parametrize("edits", ["999999", "not a number"])
async def test_a_message_that_is_gone_is_sent_anew(server: BotApi, telegram: Telegram, edits: str) -> None:
    await telegram.send(ANA, say(text("2/3")).model_copy(update={"edits": edits}), key="1")
    assert server.chat(7).words() == "2/3"


async def test_a_manager_is_named(server: BotApi, telegram: Telegram) -> None:
    await telegram.send(ANA, Fitted(parts=(text("Hi <Ana>"),), author="manager", name="O<l>ga"), key="1")
    assert server.chat(7).words() == "O<l>ga:\nHi <Ana>"


async def test_the_longest_text_and_the_most_buttons_go_through(server: BotApi, telegram: Telegram) -> None:
    calls = fit(Outbound(parts=(text("😀" * 4096), choices(*(f"Choice {n}" for n in range(30))))), Telegram.limits)
    for number, call in enumerate(calls):
        await telegram.send(ANA, call, key=str(number))
    assert len(calls) == 2
    assert len(server.chat(7).last.buttons) == 30
    assert server.refusals == []


async def test_patience_is_passed_on_with_its_seconds(server: BotApi, telegram: Telegram) -> None:
    server.flood(7, 17)
    with pytest.raises(TryLater) as asked:
        await telegram.send(ANA, say(text("hi")), key="1")
    assert asked.value.after == 17
    await telegram.send(ANA, say(text("hi")), key="1")
    assert server.chat(7).words() == "hi"


async def test_who_blocked_us_or_is_unknown_is_unreachable(server: BotApi, telegram: Telegram) -> None:
    await server.user_blocks(7)
    with pytest.raises(Unreachable):
        await telegram.send(ANA, say(text("hi")), key="1")
    with pytest.raises(Unreachable):
        await telegram.send(ANA.model_copy(update={"peer": "8"}), say(text("hi")), key="2")


async def test_bad_markup_is_sent_again_as_plain_words(server: BotApi, telegram: Telegram) -> None:
    server.fail(400, "Bad Request: can't parse entities: Unsupported start tag", method="sendMessage")
    await telegram.send(ANA, say(text("a < b")), key="1")
    assert server.chat(7).words() == "a < b"
    assert "parse_mode" not in server.called("sendMessage")[-1]


@pytest.mark.parametrize(
    ("code", "description", "error"),
    [
        (400, "Bad Request: message is too long", Refused),
        (413, "Request Entity Too Large", Refused),
        (500, "Internal Server Error", TryLater),
        (502, "Bad Gateway", TryLater),
        (401, "Unauthorized", TryLater),
        (404, "Not Found", TryLater),
        (403, "Forbidden: user is deactivated", Unreachable),
        (400, "Bad Request: PEER_ID_INVALID", Unreachable),
        (429, "Too Many Requests", TryLater),
    ],
)
async def test_each_refusal_has_its_meaning(
    server: BotApi, telegram: Telegram, code: int, description: str, error: type[Exception]
) -> None:
    server.fail(code, description, times=5)
    with pytest.raises(error) as told:
        await telegram.send(ANA, say(text("hi")), key="1")
    assert server.token not in str(told.value)


async def test_a_lost_answer_is_tried_later_and_a_dead_server_too(server: BotApi, telegram: Telegram) -> None:
    server.cut("sendMessage")
    with pytest.raises(TryLater):
        await telegram.send(ANA, say(text("hi")), key="1")
    dead = Telegram(server.token, "http://127.0.0.1:9", "", "lumo")
    with pytest.raises(TryLater) as told:
        await dead.send(ANA, say(text("hi")), key="1")
    assert server.token not in str(told.value)
    await dead.typing(ANA)
    assert (await dead.check()).state == "down"
    await dead.close()


@pytest.mark.parametrize("trouble", [(502, "Bad Gateway"), (401, "Unauthorized")])
async def test_the_log_tells_once_that_telegram_is_down_and_once_that_it_is_back(
    server: BotApi, telegram: Telegram, trouble: tuple[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    server.fail(*trouble, times=3)
    for key in ("1", "2", "3"):
        with pytest.raises(TryLater):
            await telegram.send(ANA, say(text("hi")), key=key)
    for key in ("1", "2"):
        await telegram.send(ANA, say(text("hi")), key=key)
    server.fail(400, "Bad Request: something new")  # is about one message, and Telegram is well
    with pytest.raises(Refused):
        await telegram.send(ANA, say(text("hi")), key="4")
    server.flood(7, 3)
    with pytest.raises(TryLater):
        await telegram.send(ANA, say(text("hi")), key="5")
    told = capsys.readouterr().out
    assert (told.count("telegram.down"), told.count("telegram.back")) == (1, 1)
    assert server.token not in told


async def test_the_same_key_is_shown_once(server: BotApi, telegram: Telegram) -> None:
    first = await telegram.send(ANA, say(text("hi")), key="1")
    assert await telegram.send(ANA, say(text("hi")), key="1") == first
    assert server.chat(7).words() == "hi"


async def test_what_telegram_cannot_carry_never_reaches_the_network(server: BotApi, telegram: Telegram) -> None:
    long = Choices(choices=(Choice(title="Yes", payload="й" * 33),))
    for parts in ((text("?"), long), (text("x" * 4097),), (choices("Yes"),), (), (Cards(cards=()),)):
        with pytest.raises(Refused):
            await telegram.send(ANA, Fitted(parts=parts), key="1")
    assert server.calls == []
