"""Who writes for the first time: in Messenger his language is asked for before he is answered, and beside his name."""

from __future__ import annotations

import asyncio

import pytest

from bot import introductions
from bot.messages import Profile
from integrations.messenger.facebook import Facebook
from tests.integration.meta_shop import Meta, meta_shop, quiet, rows


async def one(meta: Meta, column: str) -> str:
    """What the conversation says; there is one."""
    [row] = await rows(meta, f"SELECT {column} FROM conversation")
    return str(row[column])


async def test_a_newcomer_is_greeted_in_the_language_of_his_messenger(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        ana = meta.graph.person("7001")
        ana.name, ana.locale = "Ana Petraitė", "uk_UA"
        await meta.deliver(*meta.graph.happens("7001", postback={"mid": "p1", "payload": "GET_STARTED"}))
        await quiet(meta)
        assert "бот" in ana.words()
        assert (await one(meta, "locale"), await one(meta, "name")) == ("uk", "Ana Petraitė")
        await meta.deliver(*meta.graph.says("7001", "¡Hola! Quiero dos tazas blancas, por favor"))
        await quiet(meta)
        assert await one(meta, "locale") == "es", "it is no more than the first guess"
        asked = [call for call in meta.graph.calls if call["path"].endswith("/7001")]
        assert len(asked) == 1


async def test_a_page_that_may_not_know_the_language_still_knows_the_name(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        meta.graph.tells_language = False
        meta.graph.person("7001").name, meta.graph.person("7001").locale = "Ana Petraitė", "uk_UA"
        await meta.deliver(*meta.graph.says("7001", "hi"))
        await quiet(meta)
        assert (await one(meta, "locale"), await one(meta, "name")) == ("en", "Ana Petraitė")
        facebook = meta.shop.house.channels["facebook"]
        assert isinstance(facebook, Facebook)
        assert not facebook.tells_language, "and nobody is asked, or waits, for it again"
        await meta.deliver(*meta.graph.says("7002", "hi"))
        await quiet(meta)
        assert len([call for call in meta.graph.calls if call["path"].endswith("/7002")]) == 1


async def test_one_person_who_cannot_be_asked_about_says_nothing_of_others(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        facebook = meta.shop.house.channels["facebook"]
        assert isinstance(facebook, Facebook)
        assert await facebook.profile("nobody of ours") == Profile()
        assert facebook.tells_language


async def test_who_is_not_introduced_in_time_is_answered_all_the_same(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with meta_shop("facebook", database_url) as meta:
        facebook, asked = meta.shop.house.channels["facebook"], []

        async def profile(peer: str) -> Profile:
            asked.append(peer)
            await asyncio.sleep(0.5)
            return Profile(name="Ana", locale="uk")

        monkeypatch.setattr(facebook, "profile", profile)
        both = [meta.deliver(*meta.graph.says("7001", words)) for words in ("hi", "show me mugs")]
        assert await asyncio.gather(*both) == [200, 200]
        assert asked == ["7001"], "two messages of one newcomer wait for one answer"
        await quiet(meta)
        assert await one(meta, "name") == "Ana"
        monkeypatch.setattr(introductions, "PATIENCE", 0.1)
        await meta.deliver(*meta.graph.says("7002", "hi"))
        await quiet(meta)
        assert meta.graph.person("7002").seen
        async with asyncio.timeout(5):  # his name comes beside the turn
            while (await rows(meta, "SELECT name FROM conversation WHERE peer = '7002'")) != [{"name": "Ana"}]:
                await asyncio.sleep(0.05)
