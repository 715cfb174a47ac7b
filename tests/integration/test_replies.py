"""Somebody answers an older message of ours: "it" and "the second one" are what that message showed."""

from __future__ import annotations

from base.db import Database
from tests.integration.meta_shop import meta_shop
from tests.integration.meta_shop import quiet as all_quiet
from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA = 7


async def _says(shop: TelegramShop, words: str, to: int | None = None) -> tuple[int, str]:
    """(id of the first message of the answer, all its words)."""
    chat = shop.api.chat(ANA)
    mark = chat.mark()
    reply = {"reply_to_message": {"message_id": to, "date": 1, "chat": chat.described()}} if to else {}
    await shop.api.user_sends(ANA, text=words, **reply)
    await shop.quiet()
    return chat.history[mark].id, chat.words(mark)


async def test_it_is_what_the_answered_message_showed(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        candle, shown = await _says(shop, "tell me about the candle.")
        assert "9.50" in shown
        await _says(shop, "and the pillow?")
        _, answer = await _says(shop, "how much is it?", to=candle)
        assert "9.50" in answer
        _, added = await _says(shop, "I'll take it.")
        assert "andle" in added, "what was answered is what is talked about"


async def test_a_place_is_one_in_the_answered_list(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        mugs, shown = await _says(shop, "which mugs do you have?")
        assert shown.index("white") < shown.index("black")
        await _says(shop, "tell me about the candle.")
        _, added = await _says(shop, "add the second one.", to=mugs)
        assert "black" in added
        assert "andle" not in added


async def test_an_answer_to_what_shows_no_goods_is_a_message_like_any_other(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        hours, _ = await _says(shop, "when are you open?")
        await _says(shop, "tell me about the candle.")
        _, answer = await _says(shop, "how much is it?", to=hours)
        assert "9.50" in answer
        _, answer = await _says(shop, "how much is it?", to=99999)
        assert "9.50" in answer


async def test_messenger_tells_the_answered_message_too(db: Database) -> None:
    async with meta_shop("facebook", db.url) as meta:

        async def says(words: str, **more: object) -> tuple[str, str]:
            person = meta.graph.person("77")
            mark = len(person.seen)
            await meta.deliver(*meta.graph.says("77", words, **more))
            await all_quiet(meta)
            told = person.seen[mark:]
            return told[0]["mid"], "\n".join(meta.graph.words_of(message) for message in told)

        candle, _ = await says("tell me about the candle.")
        await says("and the pillow?")
        _, answer = await says("how much is it?", reply_to={"mid": candle})
        assert "9.50" in answer


async def test_it_is_the_product_whose_variants_the_answered_message_showed(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        mugs, _ = await _says(shop, "which mugs do you have?")
        await _says(shop, "tell me about the candle.")
        _, answer = await _says(shop, "is it in stock?", to=mugs)
        assert "Aurora mug" in answer
        assert "12.00" in answer
