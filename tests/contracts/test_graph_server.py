"""The loopback Graph server refuses what Meta would: what is sent too fast, and where another app has the talk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from base.errors import Elsewhere, Halted
from bot.messages import Address
from integrations.messenger.facebook import Facebook
from integrations.meta.graph import Graph
from tests.contracts.graph_server import GraphServer
from tests.contracts.rates import Rate

TEXT = {"text": "hi"}
PICTURE = {"attachment": {"type": "image", "payload": {"url": "https://shop.example/m.jpg", "is_reusable": True}}}


@pytest.mark.parametrize("kind", ["facebook", "instagram"])
@pytest.mark.parametrize(("message", "most"), [(TEXT, 300), (PICTURE, 10)])
async def test_texts_and_pictures_have_their_rates(kind: str, message: dict[str, Any], most: int) -> None:
    async with GraphServer(kind) as server:
        server.texts = Rate(3600 / 300, burst=300)  # nothing comes free while the test runs
        server.pictures = Rate(3600 / 10, burst=10)
        graph = Graph(kind, server.base, server.token, server.app_secret.encode())
        server.says("7001", "hi")
        said = {"recipient": {"id": "7001"}, "messaging_type": "RESPONSE", "message": message}
        for _ in range(most):
            await graph.post("me/messages", said)
        with pytest.raises(Halted):
            await graph.post("me/messages", said)
        assert len(server.person("7001").seen) == most
        await graph.close()


async def test_a_template_does_not_go_where_another_app_has_the_conversation() -> None:
    async with GraphServer("facebook") as server:
        page = server.account, server.token, server.app_secret, server.verify_token, server.base
        channel = Facebook(*page, template="news")
        server.templates["news/en"] = "News: {{1}}"
        to = Address(channel="facebook", account=server.account, peer="7001")
        server.passes("7001", "999")
        server.person("7001")
        with pytest.raises(Elsewhere):
            await channel.send_template(to, "It is there.", "en", key="k1")
        server.passes("7001", server.app_id)
        await channel.send_template(to, "It is there.", "en", key="k1")
        assert server.person("7001").words() == "News: It is there."
        await channel.close()


async def test_private_replies_have_a_rate_of_an_hour() -> None:
    async with GraphServer("facebook", now=lambda: datetime(2026, 11, 1, 12, tzinfo=UTC)) as server:
        graph = Graph("facebook", server.base, server.token, server.app_secret.encode())

        async def reply() -> None:
            server.comments_on("1", "7001", "price?")
            comment = list(server.comments)[-1]
            await graph.post("me/messages", {"recipient": {"comment_id": comment}, "message": TEXT})

        for _ in range(750):
            await reply()
        with pytest.raises(Halted):
            await reply()
        await graph.close()
