"""Speaking of a story or a post: "how much is this?" is answered where the shop knows it, else asked back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.meta_shop import Meta, quiet

STORY = "17900000000000001"


async def said(meta: Meta, person: str, text: str, **more: Any) -> str:
    """What the person is told now."""
    before = len(meta.graph.person(person).seen)
    await meta.deliver(*meta.graph.says(person, text, **more))
    await quiet(meta)
    return "\n".join(meta.graph.words_of(message) for message in meta.graph.person(person).seen[before:])


def story(id: str = STORY) -> dict[str, Any]:
    return {"reply_to": {"story": {"id": id, "url": "https://cdn.example/story.jpg"}}}


async def test_a_caption_that_names_a_sku_says_what_this_is(meta: Meta) -> None:
    meta.graph.posts[STORY] = {
        "caption": "For long evenings. #CAN",
        "permalink": "https://instagram.com/stories/lumo/1",
    }
    for words in ("how much is this?", "price?"):
        assert "9.50" in await said(meta, "7001", words, **story())
    assert "9.50" in await said(meta, "7001", "is it in stock?")  # and the talk goes on from there
    asked = [call for call in meta.graph.calls if call["path"].endswith(STORY)]
    assert len(asked) == 1
    await said(meta, "7001", "add it to my cart", **story())
    assert "9.50" in await said(meta, "7001", "show my cart")


async def test_the_owners_list_needs_no_caption(meta: Meta) -> None:
    meta.shop.house.world.shop = meta.shop.house.shop.model_copy(update={"posts": {STORY: "THR"}})
    assert "45,00" in await said(meta, "7001", "скільки це коштує?", **story())  # the lookup is refused, and not missed


@pytest.mark.parametrize("words", ["how much is this?", "is it still available?", "price?", "I'll take it"])
async def test_a_story_that_nobody_knows_is_asked_about_and_nothing_older_is_meant(meta: Meta, words: str) -> None:
    await said(meta, "7001", "tell me about the candle")
    told = await said(meta, "7001", words, **story("17900000000000009"))
    assert "cannot tell which of our goods" in told
    assert "9.50" not in told
    assert "12.00" in await said(meta, "7001", "the white mug")


async def test_a_link_that_nobody_knows_leaves_what_is_spoken_of(meta: Meta) -> None:
    def link(url: str) -> dict[str, Any]:
        return {"attachments": [{"type": "fallback", "title": "News", "payload": {"url": url, "title": "News"}}]}

    await said(meta, "7001", "tell me about the candle")
    address = "https://news.example/a"
    assert "9.50" in await said(meta, "7001", f"how much is it? I saw it at {address}", **link(address))
    assert "12.00" in await said(meta, "7001", "how much is this?", **link("https://shop.example/#MUGwhite"))


async def test_words_that_name_the_goods_need_no_story(meta: Meta) -> None:
    assert "9.50" in await said(meta, "7001", "how much is the candle?", **story("17900000000000009"))


async def test_a_post_that_is_passed_on_shows_its_goods_or_is_asked_about(meta: Meta) -> None:
    def post(title: str) -> dict[str, Any]:
        return {"type": "ig_post", "payload": {"url": "https://cdn.example/p.jpg", "title": title}}

    async def passed_on(*attachments: dict[str, Any]) -> str:
        before = len(meta.graph.person("7001").seen)
        message = {"mid": meta.graph.mid(), "attachments": list(attachments)}
        await meta.deliver(*meta.graph.happens("7001", message=message))
        await quiet(meta)
        return "\n".join(meta.graph.words_of(one) for one in meta.graph.person("7001").seen[before:])

    assert "9.50" in await passed_on(post("Light! #CAN"))
    several = await passed_on(post("A pair of gifts: #CAN and #MUGwhite"))
    assert ("9.50" in several, "12.00" in several) == (True, True)
    assert "cannot tell which of our goods" in await passed_on(post("Good morning, Kaunas!"))
    assert "mentioning us" in await passed_on(
        {"type": "story_mention", "payload": {"url": "https://cdn.example/m.jpg"}}
    )
    shown = await passed_on({"type": "story_mention", "payload": {"url": "https://cdn.example/m.jpg", "title": "#CAN"}})
    assert ("mentioning us" in shown, "9.50" in shown) == (True, True)


async def test_an_ad_shows_its_product_and_is_what_the_next_order_is_owed_to(meta: Meta) -> None:
    async def source() -> str:
        async with meta.shop.house.db.begin() as tx:
            row = await tx.row("SELECT source FROM conversation")
        assert row is not None
        return str(row["source"])

    async def happens(**event: Any) -> str:
        before = len(meta.graph.person("7001").seen)
        await meta.deliver(*meta.graph.happens("7001", **event))
        await quiet(meta)
        return "\n".join(meta.graph.words_of(one) for one in meta.graph.person("7001").seen[before:])

    ad = {"ad_id": "77", "source": "ADS", "ads_context_data": {"product_id": "CAN"}}
    assert "9.50" in await happens(postback={"mid": "p1", "payload": "GET_STARTED", "title": "Start", "referral": ad})
    assert await source() == "ad:77"
    await happens(postback={"mid": "p2", "payload": "GET_STARTED", "title": "Start"})
    assert await source() == "ad:77"  # that way he came by no link
    back = {"ref": "spring", "source": "SHORTLINK", "ads_context_data": {"product_id": "MUG-white"}}
    assert "12.00" in await happens(referral=back)
    assert await source() == "spring"
