"""A shop with one of Meta's messengers, and a Graph server at the other end of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.contracts.graph_server import GraphServer
from tests.integration.open_shop import OpenShop, open_shop


@dataclass
class Meta:
    """A shop with one of Meta's messengers, and the Graph server at the other end."""

    name: str
    shop: OpenShop
    graph: GraphServer

    async def deliver(self, body: bytes, headers: dict[str, str]) -> int:
        async with self.shop.http.post(f"/webhooks/{self.name}", data=body, headers=headers) as answer:
            return answer.status

    async def answered(self, person: str, words: str) -> None:
        async with asyncio.timeout(20):
            while words not in self.graph.person(person).words():
                await asyncio.sleep(0.02)


@asynccontextmanager
async def meta_shop(
    name: str, database_url: str, *, page: Mapping[str, str] | None = None, **given: object
) -> AsyncIterator[Meta]:
    """`name`: facebook or instagram. `page`: more settings of the account. `given`: more settings of the shop."""
    async with (
        GraphServer(name) as graph,
        open_shop(database_url, **{name: {**settings_of(graph), **(page or {})}}, **given) as shop,
    ):
        yield Meta(name, shop, graph)


def settings_of(graph: GraphServer) -> dict[str, str]:
    """What the owner sets to reach `graph`."""
    ids = {"page_id": graph.account, "page_token": graph.token}
    if graph.kind == "instagram":
        ids = {"account_id": graph.account, "token": graph.token}
    return {
        **ids,
        "app_id": graph.app_id,
        "app_secret": graph.app_secret,
        "verify_token": graph.verify_token,
        "api_base": graph.base,
    }


async def quiet(meta: Meta) -> None:
    """Wait until everything that came was dealt with, and everything that was said is sent."""
    async with asyncio.timeout(20):
        while True:
            async with meta.shop.house.db.begin() as tx:
                row = await tx.row(
                    """SELECT (SELECT count(*) FROM inbound WHERE status = 'pending')
                            + (SELECT count(*) FROM outbox WHERE status IN ('queued', 'sending')) AS open"""
                )
            if row is not None and not row["open"]:
                return
            await asyncio.sleep(0.02)


async def rows(meta: Meta, query: str) -> list[dict[str, Any]]:
    """What the shop's database answers."""
    async with meta.shop.house.db.begin() as tx:
        return [dict(row) for row in await tx.rows(query)]


async def owner(meta: Meta) -> str:
    """Who has the conversation of person 7001."""
    [row] = await rows(meta, "SELECT owner FROM conversation WHERE peer = '7001'")
    return str(row["owner"])


async def tasks(meta: Meta, kind: str = "unsent") -> list[str]:
    """The open tasks of this kind at the desk, oldest first."""
    found = await rows(meta, "SELECT kind, text FROM task WHERE state = 'open' ORDER BY created_at, key")
    return [row["text"] for row in found if row["kind"] == kind]
