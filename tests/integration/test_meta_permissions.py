"""A permission that is missing for one kind of message stops that message alone, and the owner hears of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from base.clock import StandingClock
from bot import ownership
from bot.alarms import claim_untold, open_alarms, told
from bot.channel_watch import watch
from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, quiet, tasks

NOT_PERMITTED = GraphError(10, 0, "(#10) Application does not have permission for this action", status=403)


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


async def retried(meta: Meta) -> dict[str, object]:
    """The message that is not allowed is tried again, as after five minutes; what became of it then."""
    house = meta.shop.house
    async with house.db.begin() as tx:
        await tx.execute("UPDATE channel_state SET halted_until = NULL")
        await tx.execute("UPDATE outbox SET due_at = now() WHERE status = 'queued'")
        await tx.execute("UPDATE conversation SET lane_due_at = now() WHERE peer = '7001'")
        row = await tx.row("SELECT id FROM conversation WHERE peer = '7001'")
    assert row is not None
    await house.turns.lanes.drain(row["id"])
    async with house.db.begin() as tx:
        [last] = await tx.rows(
            """SELECT o.status, o.attempts FROM outbox o JOIN conversation c ON c.id = o.conversation_id
               WHERE c.peer = '7001' ORDER BY o.id DESC LIMIT 1"""
        )
    return dict(last)


async def halted(meta: Meta) -> bool:
    async with meta.shop.house.db.begin() as tx:
        return bool(await tx.rows("SELECT 1 FROM channel_state WHERE halted_until > now()"))


async def test_one_message_that_is_not_allowed_stops_the_others_once_and_becomes_a_task(meta: Meta) -> None:
    meta.graph.disliked.add("cart")
    await meta.deliver(*meta.graph.says("7001", "show my cart"))
    async with asyncio.timeout(20):
        while not await halted(meta):
            await asyncio.sleep(0.02)
    assert await retried(meta) == {"status": "queued", "attempts": 2}  # nobody got through: it may be all of us
    await still_sends(meta)
    await quiet_but_one(meta)
    assert (await retried(meta))["status"] == "refused"
    [task] = await tasks(meta)
    assert "Meta does not allow it" in task
    assert "denied" in await alarmed(meta)
    await still_sends(meta)


async def quiet_but_one(meta: Meta) -> None:
    async with asyncio.timeout(20):
        while True:
            async with meta.shop.house.db.begin() as tx:
                rows = await tx.rows("SELECT status FROM outbox WHERE status IN ('queued', 'sending')")
            if len(rows) == 1:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("closed", [None, (551, 1545041)])
async def test_a_late_reply_goes_under_the_tag_at_once(meta: Meta, closed: tuple[int, int] | None) -> None:
    house = meta.shop.house
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    meta.graph.late, meta.graph.closed = timedelta(hours=25), closed
    async with house.db.begin() as tx:
        row = await tx.row(
            "UPDATE conversation SET last_inbound_at = last_inbound_at - interval '25 hours' RETURNING id"
        )
        assert row is not None
        manager = ownership.Manager("m1", "Olga")
        await ownership.reply(tx, row["id"], manager, "It is on its way.", now=house.clock.now(), key="k1", limits={})
    await house.turns.settle(row["id"])
    await quiet(meta)
    assert meta.graph.refusals == []
    assert "It is on its way." in meta.graph.person("7001").words()
    assert meta.graph.calls[-1]["tag"] == "HUMAN_AGENT"


async def test_nothing_goes_under_the_tag_that_no_signed_in_manager_typed(meta: Meta) -> None:
    house = meta.shop.house
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    meta.graph.late = timedelta(hours=25)  # the platform's clock is ahead of ours
    async with house.db.begin() as tx:
        row = await tx.row("SELECT id FROM conversation")
        assert row is not None
        nobody = ownership.Manager("", "Olga")
        await ownership.reply(tx, row["id"], nobody, "It is on its way.", now=house.clock.now(), key="k1", limits={})
    await house.turns.settle(row["id"])
    await quiet(meta)
    assert "It is on its way." not in meta.graph.person("7001").words()
    assert [call for call in meta.graph.calls if "tag" in call] == []
