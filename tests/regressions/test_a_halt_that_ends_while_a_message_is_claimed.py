"""A platform let an account write again while a message waited to be claimed: it stayed for the whole of the halt."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from app.talk_test.recording import RecordingChannel
from base.clock import SystemClock
from base.db import Database
from bot.channel_watch import enforce, halt
from bot.lanes import Lanes
from bot.messages import Address, Enforced
from tests.integration.test_pacing import conversation, to_be_sent
from tests.regressions.test_a_message_written_while_another_is_sent import somebody_waits

TO = Address(channel="recording", account="script", peer="1")


async def test_what_is_claimed_when_the_account_may_write_again_goes_at_once(db: Database) -> None:
    lanes, now = Lanes(db, SystemClock(), {"recording": RecordingChannel()}), SystemClock().now()
    async with db.begin() as tx:
        await conversation(tx, "c", TO.channel, TO.account, TO.peer)
        await halt(tx, TO.channel, TO.account, "forbidden", 80_000.0, now=now)
    async with db.begin() as turn:
        await turn.row("SELECT 1 FROM conversation WHERE id = 'c' FOR UPDATE")
        await to_be_sent(turn, "c", ["first"])
        sending = asyncio.create_task(lanes.drain("c"))
        while not await somebody_waits(db):
            await asyncio.sleep(0.01)
        async with db.begin() as word:
            await enforce(word, TO, Enforced(on=False, why=""), at=now + timedelta(seconds=1), now=now)
    await sending
    async with db.begin() as tx:
        left = await tx.row(
            """SELECT (SELECT status FROM outbox) AS status, lane_due_at > now() + interval '1 hour' AS late
               FROM conversation WHERE id = 'c'"""
        )
    assert left == {"status": "sent", "late": None}
