"""What was due in conversations that nobody can take kept the sweep from all the others: their timers never rang."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from base.db import Database, Tx
from tests.integration.test_pacing import conversation
from tests.regressions.two_houses import newcomer, two_houses

MANY = 250  # more than one sweep looks at


async def timer(tx: Tx, conversation_id: str, ago: timedelta) -> None:
    await tx.execute(
        """INSERT INTO timer (conversation_id, frame, step, due_at, status)
           VALUES (%s, 'gone', 'gone', now() - %s::interval, 'set')""",
        conversation_id, ago,
    )  # fmt: skip


async def test_timers_of_a_channel_that_was_taken_away_hold_up_nobody(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, _):
        _, ours = await newcomer(house)
        async with house.db.begin() as tx:
            for number in range(MANY):
                await conversation(tx, f"old-{number}", "taken_away", "a", str(number))
                await timer(tx, f"old-{number}", timedelta(hours=1))
            await timer(tx, ours, timedelta(minutes=1))
        found = [await house.turns.sweep() for _ in range(2)]
        assert any(ours in due for due in found)


async def test_a_conversation_that_is_locked_holds_up_nobody(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, other):
        _, busy = await newcomer(house)
        _, ours = await newcomer(house)
        async with house.db.begin() as tx:
            for one in (busy, ours):
                await timer(tx, one, timedelta(minutes=1))
        async with other.db.begin() as frozen:
            await frozen.row("SELECT 1 FROM conversation WHERE id = %s FOR UPDATE", busy)
            async with asyncio.timeout(5):
                assert await house.turns.sweep() == [ours]
