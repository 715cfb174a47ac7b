"""Who marks a message whose claim an echo has ended, while a turn writes the next one: its lane stays due."""

from __future__ import annotations

import asyncio

from base.clock import SystemClock
from base.db import Database
from bot.lanes import Lanes
from tests.integration.test_pacing import conversation, to_be_sent
from tests.regressions.test_a_message_written_while_another_is_sent import SlowChannel, somebody_waits, waiting


async def test_what_a_turn_writes_while_a_lost_claim_is_marked_is_sent_too(db: Database) -> None:
    channel = SlowChannel()
    lanes = Lanes(db, SystemClock(), {"recording": channel})
    async with db.begin() as tx:
        await conversation(tx, "c", "recording", "script", "1")
        await to_be_sent(tx, "c", ["first"])
    sending = asyncio.create_task(lanes.drain("c"))
    await channel.called.wait()
    async with db.begin() as echo:
        await echo.row("SELECT 1 FROM conversation WHERE id = 'c' FOR UPDATE")
        await echo.execute("UPDATE outbox SET status = 'sent', token = NULL, lease_until = NULL")
    async with db.begin() as turn:
        await turn.row("SELECT 1 FROM conversation WHERE id = 'c' FOR UPDATE")
        await to_be_sent(turn, "c", ["second"])
        channel.answers.set()
        while not await somebody_waits(db):
            await asyncio.sleep(0.01)
    await sending
    assert await waiting(db) == {"waiting": 0, "due": False}
