"""Meta forbids a Page to write, and allows it again: nothing is sent in between, nothing is lost, the owner knows."""

from __future__ import annotations

import asyncio
import time

from tests.integration.meta_shop import Meta, meta_shop, rows

NOW = int(time.time() * 1000)
A_DAY = 24 * 3600 * 1000


def enforced(meta: Meta, action: str, at: int) -> tuple[bytes, dict[str, str]]:
    item = {
        "recipient": {"id": meta.graph.account},
        "timestamp": at,
        "policy_enforcement": {"action": action, "reason": "The bot violated our Platform Policies"},
    }
    return meta.graph.signed({"object": "page", "entry": [{"id": meta.graph.account, "time": at, "messaging": [item]}]})


async def test_what_is_said_while_writing_is_forbidden_goes_out_when_it_is_allowed(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        await meta.deliver(*meta.graph.says("7001", "hi."))
        await meta.answered("7001", "Hello")
        assert await meta.deliver(*enforced(meta, "block", NOW)) == 200
        assert await meta.deliver(*enforced(meta, "block", NOW)) == 200, "told twice"
        (alarm,) = await rows(meta, "SELECT kind, line FROM alarm WHERE over_at IS NULL")
        assert alarm["kind"] == "halted"
        assert "violated our Platform Policies" in alarm["line"]
        assert len(await rows(meta, "SELECT 1 FROM task WHERE kind = 'channel'")) == 1

        seen = len(meta.graph.person("7001").seen)
        await meta.deliver(*meta.graph.says("7001", "tell me about the candle."))
        async with asyncio.timeout(10):
            while not await rows(meta, "SELECT 1 FROM outbox WHERE status = 'queued'"):
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.7)
        assert len(meta.graph.person("7001").seen) == seen, "nothing is sent in between"

        assert await meta.deliver(*enforced(meta, "unblock", NOW + 1000)) == 200
        await meta.answered("7001", "9.50")
        assert not await rows(meta, "SELECT 1 FROM alarm WHERE over_at IS NULL")


async def test_yesterdays_word_that_is_repeated_stops_nothing(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        assert await meta.deliver(*enforced(meta, "block", NOW - A_DAY - 60_000)) == 200
        assert not await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now()")


async def test_of_another_page_it_is_not_believed(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        item = {"recipient": {"id": "999"}, "timestamp": 1, "policy_enforcement": {"action": "block", "reason": "x"}}
        body = {"object": "page", "entry": [{"id": "999", "time": 1, "messaging": [item]}]}
        assert await meta.deliver(*meta.graph.signed(body)) == 200
        assert not await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now()")


async def test_the_template_for_news_is_looked_at(database_url: str) -> None:
    async with meta_shop("facebook", database_url, page={"news_template": "order_news"}) as meta:
        channel = meta.shop.house.channels["facebook"]
        missing = await channel.check()
        assert "order_news is none of the Page's" in missing.mend, missing
        meta.graph.templates["order_news/en"] = "News: {{1}}"
        meta.graph.unapproved["order_news/uk"] = "REJECTED"
        half = await channel.check()
        assert "news in en" in half.line
        assert "rejected in uk, not there in ru, not there in es" in half.mend
        meta.graph.unapproved.clear()
        meta.graph.templates |= dict.fromkeys(("order_news/es_ES", "order_news/ru", "order_news/uk"), "News: {{1}}")
        whole = await channel.check()
        assert (whole.state, "news in en, es_ES, ru, uk" in whole.line) == ("ok", True), whole
