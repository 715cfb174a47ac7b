"""How far a customer has got and read what was sent to him: told by Meta, in any order and more than once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from desk.thread import read_thread
from tests.integration.meta_shop import Meta, quiet, rows


async def says(meta: Meta, words: str) -> None:
    await meta.deliver(*meta.graph.says("7001", words))
    await quiet(meta)


async def ticks(meta: Meta) -> list[str | None]:
    """What the desk shows under each message of the shop, oldest first."""
    [row] = await rows(meta, "SELECT id FROM conversation")
    async with meta.shop.house.db.begin() as tx:
        thread = await read_thread(tx, row["id"])
    return [entry.delivery for entry in thread.entries if entry.delivery]


async def noticed(meta: Meta, how: str, ago: float = 0.0) -> None:
    at = datetime.now(UTC) - timedelta(seconds=ago)
    assert await meta.deliver(*meta.graph.notices("7001", how, at)) == 200


@pytest.mark.parametrize("meta", ["facebook"], indirect=True)
async def test_a_message_is_sent_then_delivered_then_read(meta: Meta) -> None:
    await says(meta, "hi")
    assert set(await ticks(meta)) == {"sent"}
    await noticed(meta, "delivery")
    assert set(await ticks(meta)) == {"delivered"}
    await noticed(meta, "read")
    known = await ticks(meta)
    assert set(known) == {"read"}
    await says(meta, "show me mugs")
    assert (await ticks(meta))[: len(known)] == known
    assert set((await ticks(meta))[len(known) :]) == {"sent"}, "what he has not seen yet"


@pytest.mark.parametrize("meta", ["facebook"], indirect=True)
async def test_what_is_told_again_or_late_takes_nothing_back(meta: Meta) -> None:
    await says(meta, "hi")
    told = meta.graph.notices("7001", "read", datetime.now(UTC))
    for _ in range(2):
        assert await meta.deliver(*told) == 200
    before = await rows(meta, "SELECT read_until, delivered_until FROM conversation")
    await noticed(meta, "read", ago=3600)
    assert await rows(meta, "SELECT read_until, delivered_until FROM conversation") == before
    await noticed(meta, "delivery", ago=3600)
    assert set(await ticks(meta)) == {"read"}, "who has read it has got it"


@pytest.mark.parametrize("meta", ["facebook"], indirect=True)
async def test_a_moment_that_has_not_come_yet_says_nothing_of_later_messages(meta: Meta) -> None:
    await says(meta, "hi")
    await noticed(meta, "read", ago=-3600)
    first = len(await ticks(meta))
    await says(meta, "show me mugs")
    assert set((await ticks(meta))[first:]) == {"sent"}


@pytest.mark.parametrize("meta", ["instagram"], indirect=True)
async def test_instagram_names_the_newest_message_that_was_read(meta: Meta) -> None:
    await says(meta, "hi")
    first, seen = len(await ticks(meta)), meta.graph.person("7001").seen[-1]
    await says(meta, "show me mugs")
    assert await meta.deliver(*meta.graph.notices("7001", "read", seen)) == 200
    assert set((await ticks(meta))[:first]) == {"read"}
    assert set((await ticks(meta))[first:]) == {"sent"}
    await meta.deliver(*meta.graph.notices("7001", "read", {"mid": "of somebody else"}))
    assert set(await ticks(meta)) == {"read"}, "it is younger than all of ours"


async def test_a_receipt_is_no_message_and_opens_nothing(meta: Meta) -> None:
    await noticed(meta, "read")
    assert await rows(meta, "SELECT id FROM conversation") == []
    await says(meta, "hi")
    before = await rows(meta, "SELECT last_inbound_at, owner, epoch FROM conversation")
    await noticed(meta, "read")
    await quiet(meta)
    assert await rows(meta, "SELECT last_inbound_at, owner, epoch FROM conversation") == before
    assert await rows(meta, "SELECT count(*) AS n FROM inbound") == [{"n": 1}]
