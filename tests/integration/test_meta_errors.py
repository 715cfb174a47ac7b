"""What the shop does with Meta's errors: one person who is gone or a message refused stops nobody else, a restricted
account stops everybody, and nothing is lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.contracts.graph_errors import ERRORS, Told
from tests.contracts.graph_server import GraphError
from tests.contracts.rates import Rate
from tests.integration.meta_shop import Meta, quiet, rows, tasks

HALTED = "SELECT 1 FROM channel_state WHERE halted_until > now()"


def named(*names: str) -> list[Told]:
    return [told for told in ERRORS if str(told) in names]


async def said(meta: Meta, person: str, words: str) -> None:
    assert await meta.deliver(*meta.graph.says(person, words)) == 200


@pytest.mark.parametrize("told", named("551/1545041", "200/1545041", "10/2018108"), ids=str)
async def test_who_is_gone_stops_nobody_else_and_is_served_when_he_is_back(meta: Meta, told: Told) -> None:
    await said(meta, "7001", "hi")
    await quiet(meta)
    meta.graph.person("7001").lasting = told.error
    await said(meta, "7001", "tell me about the candle")
    await quiet(meta)
    assert [row["peer"] for row in await rows(meta, "SELECT peer FROM conversation WHERE NOT reachable")] == ["7001"]
    [task] = await tasks(meta)
    assert "cannot be reached" in task
    await said(meta, "7002", "tell me about the candle")
    await meta.answered("7002", "9.50")
    assert await rows(meta, HALTED) == []
    meta.graph.person("7001").lasting = None
    await said(meta, "7001", "and the throw?")
    await meta.answered("7001", "45.00")


@pytest.mark.parametrize("told", named("4/0", "190/460", "2022/0"), ids=str)
async def test_an_account_that_may_not_write_loses_nothing(meta: Meta, told: Told) -> None:
    meta.graph.lasting = told.error
    for person in ("7001", "7002", "7003"):
        await said(meta, person, "tell me about the candle")
    async with asyncio.timeout(20):
        while len(await rows(meta, "SELECT 1 FROM outbox WHERE status = 'queued'")) < 3 or not await rows(meta, HALTED):
            await asyncio.sleep(0.02)
    calls = len(meta.graph.calls)
    await asyncio.sleep(0.7)  # more than a sweep
    assert len(meta.graph.calls) == calls
    meta.graph.lasting = None
    meta.shop.house.channels[meta.name].graph._closed_until = 0.0  # type: ignore[attr-defined]  # the time is over
    await rows(meta, "UPDATE channel_state SET halted_until = now() RETURNING 1")
    await rows(meta, "UPDATE outbox SET due_at = now() RETURNING 1")
    await rows(meta, "UPDATE conversation SET lane_due_at = now() RETURNING 1")
    for person in ("7001", "7002", "7003"):
        await meta.answered(person, "9.50")
    await quiet(meta)
    assert await tasks(meta) == []
    assert {row["attempts"] for row in await rows(meta, "SELECT attempts FROM outbox")} == {1}


async def test_hiccups_delay_one_message_and_double_none(meta: Meta) -> None:
    meta.graph.troubles += [GraphError(1, 99), GraphError(2, 0, status=500)]
    await said(meta, "7001", "tell me about the candle")
    await meta.answered("7001", "9.50")
    await quiet(meta)
    seen = [meta.graph.words_of(message) for message in meta.graph.person("7001").seen]
    assert len(seen) == len(set(seen))
    assert await rows(meta, HALTED) == []


async def test_too_many_private_replies_wait_and_the_talks_go_on(meta: Meta) -> None:
    meta.graph.posts["123"] = {"caption": "#CAN"}
    meta.graph.private_replies = Rate(3600, burst=1, now=lambda: (meta.graph.now() + meta.graph.late).timestamp())
    for person in ("7001", "7002"):
        await meta.deliver(*meta.graph.comments_on("123", person, "price?"))
    comments = meta.shop.house.turns.comments
    await comments.answer_due()
    assert await rows(meta, "SELECT status, attempts FROM comment ORDER BY id") == [
        {"status": "answered", "attempts": 1},
        {"status": "sending", "attempts": 0},
    ]
    await said(meta, "7003", "tell me about the candle")
    await meta.answered("7003", "9.50")
    assert await rows(meta, HALTED) == []
    meta.graph.late = timedelta(hours=1)
    await rows(meta, "UPDATE comment SET due_at = now() RETURNING 1")
    await comments.answer_due()
    assert "9.50" in meta.graph.person("7002").words()
    assert await tasks(meta, "comment") == []
