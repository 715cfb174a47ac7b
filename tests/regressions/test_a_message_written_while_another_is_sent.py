"""A turn that writes a message while the one before it is being marked as sent: its lane stays due."""

from __future__ import annotations

import asyncio

from app.talk_test.recording import RecordingChannel
from base.clock import SystemClock
from base.db import Database
from bot.lanes import Lanes
from tests.integration.test_pacing import conversation, to_be_sent


class SlowChannel(RecordingChannel):
    """A channel whose platform answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.called, self.answers = asyncio.Event(), asyncio.Event()

    async def send(self, to, message, *, key):  # type: ignore[no-untyped-def]
        self.called.set()
        await self.answers.wait()
        return await super().send(to, message, key=key)


async def somebody_waits(db: Database) -> bool:
    async with db.begin() as tx:
        return bool(await tx.rows("SELECT 1 FROM pg_locks WHERE NOT granted"))


async def waiting(db: Database) -> dict[str, object] | None:
    """What is still to be sent, and whether somebody will look."""
    async with db.begin() as tx:
        return await tx.row(
            """SELECT (SELECT count(*) FROM outbox WHERE status = 'queued') AS waiting, lane_due_at IS NOT NULL AS due
               FROM conversation WHERE id = 'c'"""
        )


async def test_a_message_written_while_the_last_is_marked_is_sent_too(db: Database) -> None:
    channel = SlowChannel()
    lanes = Lanes(db, SystemClock(), {"recording": channel})
    async with db.begin() as tx:
        await conversation(tx, "c", "recording", "script", "1")
        await to_be_sent(tx, "c", ["first"])
    sending = asyncio.create_task(lanes.drain("c"))
    await channel.called.wait()
    async with db.begin() as turn:
        await turn.row("SELECT 1 FROM conversation WHERE id = 'c' FOR UPDATE")
        await to_be_sent(turn, "c", ["second"])
        channel.answers.set()
        while not await somebody_waits(db):
            await asyncio.sleep(0.01)
    await sending
    assert await waiting(db) == {"waiting": 0, "due": False}
