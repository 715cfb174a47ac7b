"""Noticed before customers do: a token near its end, a messenger that is down, an account that has to stop sending."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from base.clock import StandingClock
from bot.channel_watch import watch
from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, quiet, tasks


async def looked_at(meta: Meta) -> None:
    house = meta.shop.house
    await watch(house.db, {meta.name: house.channels[meta.name]}, house.clock)


async def figure(meta: Meta, name: str) -> float:
    async with meta.shop.http.get("/metrics") as answer:
        lines = (await answer.text()).splitlines()
    wanted = f'{name}{{channel="{meta.name}"}}'
    return next(float(line.split()[-1]) for line in lines if line.startswith(wanted))


async def test_a_token_near_its_end_is_told_in_time_and_not_every_day(meta: Meta) -> None:
    channel = meta.shop.house.channels[meta.name]
    assert (await channel.check()).ends is None  # zero is never
    ends = datetime.now(UTC) + timedelta(days=20)
    meta.graph.token_ends = {"expires_at": 0, "data_access_expires_at": int(ends.timestamp())}
    health = await channel.check()
    assert (health.state, f"the token ends on {ends:%Y-%m-%d}" in health.line) == ("ok", True)
    await looked_at(meta)
    assert await tasks(meta, "channel") == []
    assert 19 * 86_400 < await figure(meta, "shopkeeper_token_seconds_left") <= 20 * 86_400
    house = meta.shop.house
    for days, told in ((13, 1), (12, 1), (6, 2), (2.5, 3), (0.5, 4), (0.4, 4)):
        await watch(house.db, {meta.name: channel}, StandingClock(ends - timedelta(days=days)))
        assert len(await tasks(meta, "channel")) == told, days
    assert f"the token ends on {ends:%Y-%m-%d}" in (await tasks(meta, "channel"))[0]


async def test_a_token_that_ended_is_down_and_told_once(meta: Meta) -> None:
    await looked_at(meta)
    assert await figure(meta, "shopkeeper_channel_up") == 1
    meta.graph.token = "another"
    await looked_at(meta)
    assert await tasks(meta, "channel") == []  # once may be a hiccup
    for _ in range(3):
        await looked_at(meta)
    [told] = await tasks(meta, "channel")
    assert "is down" in told
    assert "190/463" in told
    assert await figure(meta, "shopkeeper_channel_up") == 0


async def test_a_restricted_account_stops_every_process_and_says_so_once(meta: Meta) -> None:
    meta.graph.troubles.append(GraphError(10, 1893063, "Page temporarily restricted"))
    for person in ("7001", "7002", "7003"):
        await meta.deliver(*meta.graph.says(person, "hi"))
    await asyncio.wait_for(meta.shop.house.turns.drain(), 20)
    sent = [call for call in meta.graph.calls if "message" in call]
    assert len(sent) <= 3  # at most those that were on their way already
    [told] = await tasks(meta, "channel")
    assert "restricted" in told
    assert await figure(meta, "shopkeeper_channel_up") == 0
    house = meta.shop.house
    house.channels[meta.name].graph._closed_until = 0.0  # type: ignore[attr-defined]  # another process knows nothing of it
    calls = len(meta.graph.calls)
    async with house.db.begin() as tx:
        rows = await tx.rows("SELECT id FROM conversation")
        await tx.execute("UPDATE outbox SET due_at = now()")
    for row in rows:
        await house.turns.lanes.drain(row["id"])
    assert len(meta.graph.calls) == calls
    async with house.db.begin() as tx:
        await tx.execute("UPDATE channel_state SET halted_until = now()")
        due = await tx.rows("SELECT lane_due_at > now() AS later FROM conversation")
        attempts = await tx.rows("SELECT max(attempts) AS most FROM outbox")
    assert [row["later"] for row in due] == [True] * 3
    assert attempts == [{"most": 0}]  # a pause of the account is no failed try of a message
    for row in rows:
        await house.turns.lanes.drain(row["id"])
    await quiet(meta)
    assert all("bot" in meta.graph.person(person).words() for person in ("7001", "7002", "7003"))


WINDOWS = (1, 3, 12, 24, 48, 72)
NOBODY = (0, 0, 0, 0, 0, 0)
BUSY = (9, 20, 60, 60, 60, 60)
FEW = (0, 1, 3, 5, 10, 15)  # five a day


@pytest.mark.parametrize(
    ("now", "before", "each", "silent"),
    [
        (NOBODY, [BUSY] * 4, 1, 1),
        ((0, 1, 5, 5, 5, 5), [BUSY] * 4, 1, 1),
        ((1, 1, 1, 1, 1, 1), [BUSY] * 4, 1, 0),
        (NOBODY, [(2, 8, 30, 30, 30, 30)] * 4, 1, 3),  # two an hour may well be none; eight in three hours are not
        (NOBODY, [FEW] * 4, 1, 48),
        (NOBODY, [(0, 0, 1, 2, 4, 6)] * 4, 1, 0),  # two a day: nobody can tell
        (NOBODY, [BUSY, (1,) * 6, (1,) * 6, (1,) * 6], 1, 0),  # one busy week
        (NOBODY, [(1,) * 6] * 4, 30, 0),  # one who talks
    ],
)
async def test_a_silence_that_cannot_be_chance_is_told(
    meta: Meta, now: tuple[int, ...], before: list[tuple[int, ...]], each: int, silent: int
) -> None:
    """`now`, `before`: how many had come in the last so many hours; each of them wrote `each` messages."""
    house = meta.shop.house
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    async with house.db.begin() as tx:
        await tx.execute("DELETE FROM inbound")
        await tx.execute(
            """INSERT INTO conversation (id, channel, account, peer, customer_id, name, source, locale, owner, epoch,
                                         state, reachable, turn_attempts, created_at, updated_at)
               SELECT 'c' || n, channel, account, 'p' || n, customer_id, '', '', locale, owner, 0, state, true, 0,
                      created_at, updated_at
               FROM conversation, generate_series(1, 60) n"""
        )
        for week, counts in enumerate((now, *before)):
            for hours, first, last in zip(WINDOWS, (0, *counts), counts, strict=False):
                await tx.execute(
                    """INSERT INTO inbound (conversation_id, channel, account, event_key, ordering, content, status, at,
                                            received_at)
                       SELECT id, channel, account, %s || id || m, 0, '{}', 'done', %s, %s
                       FROM conversation, generate_series(1, %s) m
                       WHERE substr(id, 2)::int > %s AND substr(id, 2)::int <= %s AND peer <> '7001'""",
                    f"{week}-", house.clock.now(), house.clock.now() - timedelta(weeks=week, hours=hours, minutes=-1),
                    each, first, last,
                )  # fmt: skip
    for _ in range(2):
        await looked_at(meta)
    assert await figure(meta, "shopkeeper_channel_silent_hours") == silent
    assert [f"for {silent} hours" in told for told in await tasks(meta, "channel")] == ([True] if silent else [])


async def test_a_webhook_that_is_not_set_any_more_is_told(meta: Meta) -> None:
    meta.graph.subscribed = []
    for _ in range(3):
        await looked_at(meta)
    [told] = await tasks(meta, "channel")
    mend = "shopkeeper webhook set facebook" if meta.name == "facebook" else "Tick messages, messaging_postbacks"
    assert ("needs a look" in told, mend in told) == (True, True)
