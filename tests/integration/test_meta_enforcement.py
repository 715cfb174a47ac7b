"""Meta forbids a Page to write, and allows it again: nothing is sent in between, nothing is lost, the owner knows."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, meta_shop, rows

NOW = int(time.time() * 1000)
A_DAY = 24 * 3600 * 1000


def enforced(meta: Meta, action: str, at: int, *, batch: int = 0) -> tuple[bytes, dict[str, str]]:
    """`batch`: the moment of the delivery, where it is another."""
    item = {
        "recipient": {"id": meta.graph.account},
        "timestamp": at,
        "policy_enforcement": {"action": action, "reason": "The bot violated our Platform Policies"},
    }
    entry = {"id": meta.graph.account, "time": batch or at, "messaging": [item]}
    return meta.graph.signed({"object": "page", "entry": [entry]})


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


async def test_when_it_is_allowed_again_no_earlier_refusal_is_remembered(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.meta.graph.BRIEF", 0.2)
    async with meta_shop("facebook", database_url) as meta:
        meta.graph.troubles.append(GraphError(10, 1893063, "Page temporarily restricted"))
        await meta.deliver(*meta.graph.says("7001", "hi."))
        async with asyncio.timeout(20):
            while not await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now() + interval '50 min'"):
                await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
        await meta.deliver(*enforced(meta, "unblock", NOW + 1000))
        await meta.answered("7001", "Hello")


async def test_yesterdays_word_that_is_repeated_stops_nothing(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        assert await meta.deliver(*enforced(meta, "block", NOW - A_DAY - 60_000)) == 200
        assert not await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now()")


@pytest.mark.parametrize("order", ["repeated", "swapped"])
async def test_an_older_word_stops_nothing_after_the_end(database_url: str, order: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        block, again = enforced(meta, "block", NOW - 3_600_000), enforced(meta, "block", NOW - 3_600_000, batch=NOW)
        unblock = enforced(meta, "unblock", NOW - 60_000)
        for delivery in (block, unblock, again) if order == "repeated" else (unblock, block):
            assert await meta.deliver(*delivery) == 200
        assert not await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now()")
        assert not await rows(meta, "SELECT 1 FROM alarm WHERE over_at IS NULL")
        await meta.deliver(*meta.graph.says("7001", "hi."))
        await meta.answered("7001", "Hello")
        await meta.deliver(*enforced(meta, "block", NOW))
        assert await rows(meta, "SELECT 1 FROM channel_state WHERE halted_until > now()"), "a new one does"


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
