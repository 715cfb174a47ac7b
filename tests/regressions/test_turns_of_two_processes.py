"""Two processes took one conversation in the same moment: the later one worked on what it had read before its lock."""

from __future__ import annotations

import asyncio

from base.db import Database
from tests.regressions.two_houses import newcomer, said, two_houses, write


async def test_a_message_is_answered_once_though_two_processes_take_it_together(
    db: Database, database_url: str
) -> None:
    async with two_houses(db, database_url) as (quick, slow):
        peer, conversation = await newcomer(quick)
        greeted = len(await said(quick, conversation))
        await write(quick, peer, "two white mugs")
        begun = asyncio.create_task(slow.turns.settle(conversation))
        await asyncio.sleep(0.2)
        await quick.turns.settle(conversation)
        await begun
        assert len(await said(quick, conversation)) == greeted + 1


async def test_a_message_that_comes_while_another_process_looks_is_not_forgotten(
    db: Database, database_url: str
) -> None:
    async with two_houses(db, database_url) as (quick, slow):
        peer, conversation = await newcomer(quick)
        async with quick.db.begin() as tx:
            await tx.execute("UPDATE conversation SET turn_due_at = now() WHERE id = %s", conversation)
        begun = asyncio.create_task(slow.turns.settle(conversation))
        await asyncio.sleep(0.2)
        await write(quick, peer, "two white mugs")
        await begun
        async with quick.db.begin() as tx:
            row = await tx.row(
                """SELECT c.turn_due_at IS NOT NULL AS due
                   FROM conversation c JOIN inbound i ON i.conversation_id = c.id
                   WHERE c.id = %s AND i.status = 'pending'""",
                conversation,
            )
        assert row is None or row["due"], "a message waits, and nobody will look at it"
