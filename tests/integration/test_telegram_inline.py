"""Goods in any chat: found by the bot's name, shared with a price and a picture, and led back to the shop."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.messages import Search
from bot.showcase import Good
from integrations.messenger.telegram.inline import build_results, link_to
from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA, STRANGER = 7, 900
KEPT = """SELECT (SELECT count(*) FROM customer) AS customers, (SELECT count(*) FROM conversation) AS talks,
                 (SELECT count(*) FROM raw_update) AS updates"""


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[TelegramShop]:
    async with telegram_shop(database_url, public_url="https://lumo.example") as shop:
        shop.api.inline_mode = True
        yield shop


async def test_goods_are_found_with_price_picture_and_a_way_to_the_shop(shop: TelegramShop) -> None:
    before = await shop.rows(KEPT)
    answer = await shop.api.user_looks_for(STRANGER, "mug")
    first = answer["results"][0]
    assert (first["type"], first["title"]) == ("article", "Aurora mug")
    assert first["description"].startswith("€12.00 · A stoneware mug")
    assert first["thumbnail_url"] == "https://lumo.example/pictures/mug-white.jpg"
    words = first["input_message_content"]
    assert words["message_text"].startswith("<b>Aurora mug</b> — €12.00\n\nA stoneware mug")
    assert words["link_preview_options"]["url"] == first["thumbnail_url"]
    ((button,),) = first["reply_markup"]["inline_keyboard"]
    assert button == {"text": "See it in the shop", "url": "https://t.me/lumo_test_bot?start=inline_MUG"}
    assert (answer["is_personal"], answer.get("next_offset", "")) == (True, "")
    assert await shop.rows(KEPT) == before  # nobody talked to the shop
    assert shop.api.refusals == []


@pytest.mark.parametrize(
    ("words", "locale", "title"),
    [("кружка", "ru", "Кружка Aurora"), ("чашка", "uk", "Чашка Aurora"), ("taza", "es-MX", "Taza Aurora"),
     ("mgu aurora", "pt", "Aurora mug")],
)  # fmt: skip
async def test_goods_are_found_in_the_language_of_who_looks(
    shop: TelegramShop, words: str, locale: str, title: str
) -> None:
    answer = await shop.api.user_looks_for(STRANGER, words, locale=locale)
    assert answer["results"][0]["title"] == title


async def test_without_words_the_first_goods_are_shown_and_without_a_find_nothing(shop: TelegramShop) -> None:
    every = await shop.api.user_looks_for(STRANGER, "")
    assert len(every["results"]) >= 6
    assert every["results"][0]["title"] == "Aurora mug"
    nothing = await shop.api.user_looks_for(STRANGER, "zeppelin")
    assert nothing["results"] == []
    for strange in ("-5", "99999999", "½", "drop"):
        assert (await shop.api.user_looks_for(STRANGER, "", strange))["is_personal"]


async def test_a_long_list_comes_in_pages(shop: TelegramShop) -> None:
    async with shop.shop.house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO product (id, position, names, descriptions, synonyms, facts, pictures, tags, active)
               SELECT 'POT' || n, 100 + n, jsonb_build_object('en', 'Pot ' || n), '{}', '{}', '{}', '[]', '[]', true
               FROM generate_series(1, 70) n"""
        )
        await tx.execute(
            """INSERT INTO variant
                   (sku, product, position, attributes, price_minor, currency, on_hand, reserved, active)
               SELECT 'POT' || n, 'POT' || n, 0, '{}', 100, 'EUR', 5, 0, true FROM generate_series(1, 70) n"""
        )
        await tx.execute("UPDATE catalogue_meta SET version = version + 1")
    seen: list[str] = []
    offset = ""
    for _ in range(5):
        answer = await shop.api.user_looks_for(STRANGER, "", offset)
        seen += [one["title"] for one in answer["results"]]
        if not (offset := answer.get("next_offset")):
            break
    assert len(seen) == len(set(seen)) >= 76
    assert {f"Pot {n}" for n in range(1, 71)} <= set(seen)


async def test_the_link_opens_the_talk_at_that_product_and_tells_where_it_came_from(shop: TelegramShop) -> None:
    answer = await shop.api.user_looks_for(STRANGER, "candle")
    ((button,),) = answer["results"][0]["reply_markup"]["inline_keyboard"]
    await shop.api.user_opens(ANA, button["url"])
    said = await shop.reads(shop.api.chat(ANA), "Pine candle")
    assert "Add to cart" in said
    (talk,) = await shop.rows("SELECT source FROM conversation")
    assert talk["source"] == "inline"
    await shop.api.user_says(ANA, "add two of them!")
    await shop.reads(shop.api.chat(ANA), "Added: 2")


async def test_a_link_to_what_is_not_sold_any_more_still_opens_the_shop(shop: TelegramShop) -> None:
    await shop.api.user_opens(ANA, "https://t.me/lumo_test_bot?start=inline_GONE")
    await shop.reads(shop.api.chat(ANA), "What are you looking for?")


def test_an_id_that_no_link_can_carry_leads_to_the_shop() -> None:
    assert link_to("b", "MUG-1_x") == "https://t.me/b?start=inline_MUG-1_x"
    for product in ("MUG.1", "кружка", "x" * 58):
        assert link_to("b", product) == "https://t.me/b?start=inline"


def test_a_picture_that_telegram_cannot_fetch_is_left_out_and_signs_are_escaped() -> None:
    good = Good(product="A", title="<Mug>", price="1 & 2", description="", image="http://127.0.0.1/a.jpg", open="Go")
    (one,) = build_results(Search(id="1"), [good], bot="b", more="").results
    told = one.model_dump(exclude_none=True)
    assert "thumbnail_url" not in told
    assert told["input_message_content"]["message_text"] == "<b>&lt;Mug&gt;</b> — 1 &amp; 2"
