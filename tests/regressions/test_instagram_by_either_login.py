"""`webhook set instagram` asked a Page's login for what only Instagram's own knows, and nobody looked afterwards.

Nor was anybody told that a token of Instagram's own login ends after 60 days.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from base.db import Database
from integrations.messenger import adapter
from integrations.meta.seen_tokens import SeenTokens
from tests.contracts.graph_server import OWN_LOGIN, GraphServer
from tests.integration.meta_shop import settings_of
from tests.integration.open_shop import open_shop


class ClockBefore:
    """This machine's clock, some time ago."""

    def __init__(self) -> None:
        self.ago = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) - self.ago


@pytest_asyncio.fixture
async def graph() -> AsyncIterator[GraphServer]:
    async with GraphServer("instagram") as server:
        yield server


def instagram(graph: GraphServer, host: str, seen: SeenTokens | None = None) -> Any:
    secrets = graph.app_secret, "v"
    address = graph.base + host, "https://shop.example"
    return adapter("instagram")(graph.account, graph.token, *secrets, *address, graph.app_id, seen=seen)


async def test_the_page_is_subscribed_and_the_dashboard_is_looked_at(graph: GraphServer) -> None:
    channel = instagram(graph, "")
    graph.of_page = []
    health = await channel.check()
    assert (health.state, health.mend) == ("warn", "shopkeeper webhook set instagram")
    await channel.set_webhook("https://shop.example")
    assert (graph.of_page, (await channel.check()).state) == (["feed"], "ok")
    graph.subscribed.remove("messages")
    health = await channel.check()
    assert (health.state, "Tick messages of Instagram" in health.mend) == ("warn", True)
    await channel.close()


async def test_the_account_itself_is_subscribed_by_its_own_login(graph: GraphServer) -> None:
    channel = instagram(graph, OWN_LOGIN)
    graph.subscribed = ["messages"]
    health = await channel.check()
    assert (health.state, "messaging_postbacks" in health.line) == ("warn", True)
    await channel.set_webhook("https://shop.example")
    assert {"messages", "messaging_postbacks", "comments"} <= set(graph.subscribed)
    assert (await channel.check()).state == "ok"
    await channel.close()


@pytest.mark.parametrize(("days", "state"), [(0, "ok"), (45, "ok"), (47, "warn")])
async def test_the_end_of_a_token_is_counted_from_when_it_was_first_seen(
    graph: GraphServer, database_url: str, days: int, state: str
) -> None:
    db, clock = Database(database_url, pool_size=1), ClockBefore()
    channel = instagram(graph, OWN_LOGIN, SeenTokens(db, clock))
    clock.ago = timedelta(days=days)
    await channel.check()
    clock.ago = timedelta()
    health = await channel.check()
    ends = datetime.now(UTC) + timedelta(days=60 - days)
    assert health.ends is not None
    assert abs(health.ends - ends) < timedelta(minutes=1)
    assert (health.state, "at the latest" in health.line) == (state, True)
    assert ("SHOPKEEPER_INSTAGRAM__TOKEN" in health.mend) == (state == "warn")
    graph.token = "IG-new"
    await channel.close()
    renewed = instagram(graph, OWN_LOGIN, SeenTokens(db, clock))
    assert (await renewed.check()).state == "ok"
    await renewed.close()
    await db.close()


async def test_the_shop_counts_the_days_of_its_token(database_url: str) -> None:
    async with GraphServer("instagram") as graph:
        settings = settings_of(graph) | {"api_base": graph.base + OWN_LOGIN}
        async with open_shop(database_url, instagram=settings) as shop:
            assert (await shop.house.channels["instagram"].check()).ends is not None
