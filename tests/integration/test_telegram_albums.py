"""Several pictures at once: a product's as an album, and a customer's album as one message."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from base.errors import Refused, TryLater
from bot.messages import Address, Album, Card, Cards, Choice, Choices, Fitted, Image, Outbound, TextPart
from bot.render_fit import fit, must_fit
from integrations.messenger.facebook import Facebook
from integrations.messenger.telegram.adapter import Telegram
from integrations.messenger.webchat.adapter import WebChat
from tests.contracts.botapi import BotApi
from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA = 7
TO = Address(channel="telegram", account="lumo", peer="7")


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[TelegramShop]:
    async with telegram_shop(database_url) as shop:
        yield shop


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.chat(7)
        yield server


@pytest_asyncio.fixture
async def telegram(server: BotApi, tmp_path: Path) -> AsyncIterator[Telegram]:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8")
    adapter = Telegram(server.token, server.base, server.secret, "lumo", media_root=tmp_path)
    yield adapter
    await adapter.close()


def album(*urls: str) -> Album:
    return Album(images=tuple(Image(url=url, alt=url) for url in urls))


# ---- ours ----------------------------------------------------------------------------------------


async def test_who_asks_for_photos_sees_all_of_them_side_by_side(shop: TelegramShop) -> None:
    await shop.api.user_says(ANA, "show me a photo of the mug, please!")
    chat = shop.api.chat(ANA)
    await shop.reads(chat, "Aurora mug, white")
    await shop.quiet()
    pictures = [shown for shown in chat.messages.values() if shown.album]
    assert [shown.picture for shown in pictures] == ["file:mug-white.jpg", "file:mug-black.jpg", "file:mug-blue.jpg"]
    assert len({shown.album for shown in pictures}) == 1
    assert not any(shown.buttons for shown in pictures)
    assert chat.last.buttons  # what one can do stands under the words
    assert shop.api.refusals == []


async def test_one_variant_has_one_picture_beside_its_words(shop: TelegramShop) -> None:
    await shop.api.user_says(ANA, "show me a photo of the black mug, please!")
    chat = shop.api.chat(ANA)
    await shop.reads(chat, "Aurora mug, black")
    await shop.quiet()
    assert shop.api.called("sendMediaGroup") == []
    assert [shown.picture for shown in chat.messages.values() if shown.picture] == ["file:mug-black.jpg"]


async def test_pictures_of_an_album_are_uploaded_once(server: BotApi, telegram: Telegram) -> None:
    for key in ("1", "2"):
        await telegram.send(TO, Fitted(parts=(album("a.jpg", "b.jpg"),)), key=key)
    first, second = server.called("sendMediaGroup")
    assert all(one["media"].startswith("attach://") for one in first["media"])
    assert all(one["media"].startswith("photo-") for one in second["media"])


async def test_a_picture_that_telegram_cannot_have_costs_no_other(server: BotApi, telegram: Telegram) -> None:
    server.fail(400, "Bad Request: WEBPAGE_MEDIA_EMPTY", method="sendMediaGroup")
    server.fail(400, "Bad Request: wrong type of the web page content", method="sendPhoto")
    sent = await telegram.send(TO, Fitted(parts=(album("https://x.example/no.jpg", "b.jpg"),)), key="1")
    assert [shown.picture for shown in server.chat(7).messages.values()] == ["file:b.jpg"]
    assert sent.platform_id == str(server.chat(7).last.id)
    with pytest.raises(Refused):
        await telegram.send(TO, Fitted(parts=(album("gone.jpg", "also.jpg"),)), key="2")


async def test_on_another_try_no_picture_comes_twice(server: BotApi, telegram: Telegram) -> None:
    message = Fitted(parts=(album("a.jpg", "b.jpg", "c.jpg"),))
    server.fail(400, "Bad Request: WEBPAGE_MEDIA_EMPTY", method="sendMediaGroup")
    server.fail(429, "Too Many Requests: retry after 1", method="sendPhoto", after=1)
    with pytest.raises(TryLater):
        await telegram.send(TO, message, key="1")
    await telegram.send(TO, message, key="1")
    shown = [one.picture for one in server.chat(7).messages.values()]
    assert shown == ["file:a.jpg", "file:b.jpg", "file:c.jpg"]


def test_an_album_is_cut_to_what_one_message_holds_and_buttons_stand_below() -> None:
    many = album(*(f"https://x.example/{n}.jpg" for n in range(21)))
    buttons = Choices(choices=(Choice(title="Add", payload="t1"),))
    calls = fit(Outbound(parts=(many, buttons)), Telegram.limits)
    sizes = [len(part.images) if isinstance(part, Album) else part.kind for part in (c.parts[0] for c in calls)]
    assert sizes == [10, 10, "image"]
    assert calls[-1].parts[-1] == buttons
    even = fit(Outbound(parts=(album("https://x.example/1.jpg", "https://x.example/2.jpg"), buttons)), Telegram.limits)
    assert [part.kind for part in even[-1].parts] == ["text", "choices"]
    with pytest.raises(Refused):
        must_fit(Fitted(parts=(many,)), Telegram.limits)


def test_other_messengers_show_them_one_by_one_or_on_their_cards() -> None:
    two = album("/a.jpg", "/b.jpg")
    calls = fit(Outbound(parts=(two, TextPart(text="Mugs"))), Facebook.limits)
    assert [part.url for call in calls for part in call.parts if isinstance(part, Image)] == ["/a.jpg", "/b.jpg"]
    cards = Cards(cards=tuple(Card(title=url, image=url) for url in two.urls))
    for limits in (Facebook.limits, WebChat.limits):
        shown = fit(Outbound(parts=(two, TextPart(text="Mugs"), cards)), limits)
        assert not [part for call in shown for part in call.parts if isinstance(part, Image | Album)]


# ---- the customer's ------------------------------------------------------------------------------


async def test_an_album_of_the_customer_is_one_message_and_gets_one_answer(shop: TelegramShop) -> None:
    await shop.api.user_sends_album(ANA, "f1", "f2", "f3", caption="my mug came broken")
    chat = shop.api.chat(ANA)
    await shop.until("SELECT 1 FROM outbox WHERE status = 'sent'")
    await shop.quiet()
    await asyncio.sleep(0.3)
    (came,) = await shop.rows("SELECT content FROM inbound")
    assert [came["content"]["reference"], *came["content"]["more"]] == ["f1", "f2", "f3"]
    assert came["content"]["caption"] == "my mug came broken"
    answers = await shop.rows("SELECT DISTINCT at FROM outbox")
    assert len(answers) == 1
    assert chat.words().count("sorry") <= 1


async def test_a_picture_that_comes_late_joins_its_album_and_is_not_answered_again(shop: TelegramShop) -> None:
    size = {"file_id": "f1", "file_unique_id": "u", "width": 9, "height": 9}
    await shop.api.user_sends(ANA, photo=[size], media_group_id="g1")
    await shop.until("SELECT 1 FROM outbox WHERE status = 'sent'")
    await shop.quiet()
    mark = shop.api.chat(ANA).mark()
    await shop.api.user_sends(ANA, photo=[size | {"file_id": "f2"}], media_group_id="g1")
    await shop.until("SELECT 1 FROM inbound WHERE jsonb_array_length(content->'more') = 1")
    await asyncio.sleep(1.3)
    assert shop.api.chat(ANA).words(mark) == ""
    await shop.api.user_sends(ANA, photo=[size | {"file_id": "f3"}], media_group_id="g2")  # another album
    await shop.until("SELECT 1 FROM inbound WHERE content->>'album' = 'g2' AND status <> 'pending'")


async def test_pictures_of_one_album_may_come_in_any_order_and_twice(shop: TelegramShop) -> None:
    await shop.api.user_sends_album(ANA, "f1", "f2", "f3", "f4", caption="a question: do you sell this?")
    await shop.until("SELECT 1 FROM inbound WHERE jsonb_array_length(content->'more') = 3")
    bodies = [bytes(row["body"]) for row in await shop.rows("SELECT body FROM raw_update")]
    random.Random(5).shuffle(bodies)
    channel = shop.shop.house.channels["telegram"]
    assert isinstance(channel, Telegram)
    for body in bodies * 2:
        await shop.shop.house.turns.receive(channel.read_raw(body))
    (came,) = await shop.rows("SELECT content FROM inbound")
    assert sorted([came["content"]["reference"], *came["content"]["more"]]) == ["f1", "f2", "f3", "f4"]
