"""A permission that is missing for one kind of message stops that message alone, and the owner hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from base.clock import StandingClock
from bot import ownership
from bot.alarms import claim_untold, open_alarms, told
from bot.channel_watch import watch
from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, meta_shop, quiet, tasks

NOT_PERMITTED = GraphError(10, 0, "(#10) Application does not have permission for this action", status=403)


@pytest_asyncio.fixture(params=["facebook", "instagram"])
async def meta(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Meta]:
    async with meta_shop(request.param, database_url) as opened:
        yield opened


async def alarmed(meta: Meta) -> list[str]:
    async with meta.shop.house.db.begin() as tx:
        return [row["kind"] for row in await open_alarms(tx)]


async def still_sends(meta: Meta) -> None:
    """Another customer is answered, and nothing rests."""
    await meta.deliver(*meta.graph.says("7002", "hi"))
    await meta.answered("7002", "bot")
    async with meta.shop.house.db.begin() as tx:
        assert await tx.rows("SELECT 1 FROM channel_state WHERE halted_until > now()") == []


async def test_a_late_reply_without_human_agent_is_one_task_and_stops_nobody(meta: Meta) -> None:
    meta.graph.human_agent = False
    house = meta.shop.house
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    meta.graph.late = timedelta(hours=25)
    async with house.db.begin() as tx:
        row = await tx.row(
            "UPDATE conversation SET last_inbound_at = last_inbound_at - interval '25 hours' RETURNING id"
        )
        assert row is not None
        manager = ownership.Manager("m1", "Olga")
        await ownership.reply(tx, row["id"], manager, "It is on its way.", now=house.clock.now(), key="k1", limits={})
    await house.turns.settle(row["id"])
    await quiet(meta)
    [task] = await tasks(meta)
    assert "Meta does not allow it" in task
    assert "It is on its way." in task
    assert await alarmed(meta) == ["denied"]
    await still_sends(meta)


async def test_a_comment_that_may_not_be_answered_is_a_task_and_stops_nobody(meta: Meta) -> None:
    meta.graph.posts["123"] = {"caption": "#CAN"}
    meta.graph.troubles.append(NOT_PERMITTED)
    await meta.deliver(*meta.graph.comments_on("123", "7001", "price?"))
    await meta.shop.house.turns.comments.answer_due()
    async with meta.shop.house.db.begin() as tx:
        assert await tx.rows("SELECT status, attempts FROM comment") == [{"status": "refused", "attempts": 1}]
    assert await alarmed(meta) == ["denied"]
    await still_sends(meta)


async def test_the_owner_is_told_again_after_a_day_and_never_that_it_is_well(meta: Meta) -> None:
    await test_a_comment_that_may_not_be_answered_is_a_task_and_stops_nobody(meta)
    house, channel = meta.shop.house, meta.shop.house.channels[meta.name]
    now = house.clock.now()
    async with house.db.begin() as tx:
        await told(tx, [row["id"] for row in await claim_untold(tx, now, 0)], now)
    await watch(house.db, {meta.name: channel}, StandingClock(now + timedelta(hours=23)))
    assert await alarmed(meta) == ["denied"]
    later = now + timedelta(hours=25)
    await watch(house.db, {meta.name: channel}, StandingClock(later))
    assert await alarmed(meta) == []
    async with house.db.begin() as tx:
        assert await claim_untold(tx, later + timedelta(hours=1), 0) == []
