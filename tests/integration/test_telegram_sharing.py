"""What people share on Telegram: whose number it is, and where they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.integration.open_shop import data_with
from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA = 7
IN_KAUNAS, IN_KLAIPEDA = {"latitude": 54.9, "longitude": 23.9}, {"latitude": 55.7, "longitude": 21.14}
OZO, GEDIMINO = "Ozo 25, Vilnius", "Gedimino 9, Vilnius"
SLOTS = "SELECT state->'stack'->-1->'slots' AS slots FROM conversation"


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[TelegramShop]:
    async with telegram_shop(database_url) as shop:
        yield shop


async def says(shop: TelegramShop, words: str, answer: str) -> str:
    mark = shop.api.chat(ANA).mark()
    await shop.api.user_says(ANA, words)
    return await shop.reads(shop.api.chat(ANA), answer, mark)


async def to_the_phone(shop: TelegramShop) -> None:
    await says(shop, "two white mugs!", "Added")
    await says(shop, "checkout.", "name")
    await says(shop, "Ana.", "phone")


async def to_the_points(shop: TelegramShop) -> str:
    await to_the_phone(shop)
    await says(shop, "+370 600 00001", "deliver")
    return await says(shop, "Boxberry.", "pick-up point suits you")


async def slots(shop: TelegramShop) -> dict[str, object]:
    await shop.quiet()
    (row,) = await shop.rows(SLOTS)
    found: dict[str, object] = row["slots"]
    return found


async def test_ones_own_number_is_one_press_away(shop: TelegramShop) -> None:
    await to_the_phone(shop)
    chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
    await shop.api.user_taps(ANA, "Share my phone number")
    await shop.reads(chat, "deliver", mark)
    assert (await slots(shop))["phone"] == "+37060000001"


async def test_somebody_elses_number_is_taken_only_after_a_yes(shop: TelegramShop) -> None:
    await to_the_phone(shop)
    chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
    bob = {"phone_number": "+37060000002", "first_name": "Bob", "user_id": 8}
    await shop.api.user_sends(ANA, contact=bob)
    said = await shop.reads(chat, "May the courier call it", mark)
    assert "the number of Bob, +37060000002" in said
    assert (await slots(shop)).get("phone") is None
    await says(shop, "no", "which phone number")
    assert (await slots(shop)).get("phone") is None
    mark = chat.mark()
    await shop.api.user_sends(ANA, contact=bob)
    await shop.reads(chat, "May the courier call it", mark)
    mark = chat.mark()
    await shop.api.user_taps(ANA, "Yes, call this number")
    await shop.reads(chat, "deliver", mark)
    known = await slots(shop)
    assert (known["phone"], known["recipient"]) == ("+37060000002", "Ana")


async def test_a_contact_out_of_the_blue_orders_nothing(shop: TelegramShop) -> None:
    await shop.api.user_sends(ANA, contact={"phone_number": "+37060000002", "first_name": "Bob"})
    await shop.reads(shop.api.chat(ANA), "ask for a phone number when you order")


async def test_where_one_is_picks_the_nearest_point(shop: TelegramShop) -> None:
    said = await to_the_points(shop)
    assert "Share my location" in said
    chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
    await shop.api.user_taps(ANA, "Share my location")  # at Gedimino avenue
    said = await shop.reads(chat, "Shall I place the order", mark)
    assert f"The nearest pick-up point is {GEDIMINO}, about 1 km from you." in said
    assert shop.api.called("sendMessage")[-1].get("reply_markup", {}).keys() <= {"inline_keyboard", "remove_keyboard"}
    await shop.api.user_sends(ANA, location=IN_KAUNAS)  # and again, from elsewhere
    await shop.reads(chat, "The nearest pick-up point is Karaliaus Mindaugo 49, Kaunas, about 1 km", mark)
    assert (await slots(shop))["point"] == "KUN-1"
    assert shop.api.refusals == []


async def test_a_point_far_away_is_not_chosen_for_anybody(shop: TelegramShop) -> None:
    await to_the_points(shop)
    chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
    await shop.api.user_sends(ANA, location=IN_KLAIPEDA)
    said = await shop.reads(chat, "pick-up point suits you", mark)
    assert "about 197 km from you" in said
    assert said.index("Karaliaus Mindaugo") < said.index("Ozo 25")
    assert (await slots(shop)).get("point") is None
    await says(shop, OZO, "Shall I place the order")
    assert (await slots(shop))["point"] == "VNO-OZAS-1"


async def test_a_point_is_chosen_by_its_button_as_well(shop: TelegramShop) -> None:
    await to_the_points(shop)
    chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
    await shop.api.user_taps(ANA, OZO)
    await shop.reads(chat, "Shall I place the order", mark)
    assert (await slots(shop))["point"] == "VNO-OZAS-1"


async def test_a_parcel_to_the_door_needs_an_address_in_words(shop: TelegramShop) -> None:
    await to_the_phone(shop)
    await says(shop, "+370 600 00001", "deliver")
    await says(shop, "DHL.", "address")
    chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
    await shop.api.user_sends(ANA, location=IN_KAUNAS)
    await shop.reads(chat, "address in words", mark)


async def test_a_shop_that_knows_no_places_says_so_kindly(database_url: str, tmp_path: Path) -> None:
    folder = data_with(tmp_path, "points:", "points:")
    own = folder / "shop.yml"
    lines = own.read_text("utf-8").splitlines(keepends=True)
    own.write_text("".join(line.split(", at: [")[0] + ", " + line.split("], ", 1)[1] if ", at: [" in line else line
                           for line in lines), encoding="utf-8")  # fmt: skip
    async with telegram_shop(database_url, data=folder) as shop:
        said = await to_the_points(shop)
        assert "Share my location" not in said
        chat, mark = shop.api.chat(ANA), shop.api.chat(ANA).mark()
        await shop.api.user_sends(ANA, location=IN_KAUNAS)
        said = await shop.reads(chat, "pick-up point suits you", mark)
        assert "I cannot tell which of our pick-up points is nearest to you" in said
