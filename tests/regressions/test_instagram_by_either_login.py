"""`webhook set instagram` asked a Page's login for what only Instagram's own knows, and nobody looked afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from integrations.messenger import adapter
from tests.contracts.graph_server import OWN_LOGIN, GraphServer


@pytest_asyncio.fixture
async def graph() -> AsyncIterator[GraphServer]:
    async with GraphServer("instagram") as server:
        yield server


def instagram(graph: GraphServer, host: str) -> Any:
    made = adapter("instagram")
    return made(
        graph.account, graph.token, graph.app_secret, "v", graph.base + host, "https://shop.example", graph.app_id
    )


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
