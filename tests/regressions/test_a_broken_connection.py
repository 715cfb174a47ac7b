"""After a restart of PostgreSQL every idle connection failed one customer more, and counted against his message."""

from __future__ import annotations

import asyncio

import psycopg
from sqlalchemy.exc import DBAPIError

from base.db import Database
from tests.integration.server_process import Cable
from tests.regressions.two_houses import newcomer, said, two_houses, write


async def test_one_failure_is_enough_to_know_that_all_connections_broke(database_url: str) -> None:
    cable = Cable(database_url)
    await cable.plug_in()
    db = Database(cable.url)

    async def ask() -> bool:
        try:
            async with db.begin() as tx:
                await tx.rows("SELECT pg_sleep(0.05)")
        except (psycopg.OperationalError, DBAPIError):
            return False
        return True

    assert all(await asyncio.gather(*(ask() for _ in range(5))))
    await cable.pull()
    await cable.plug_in()
    assert [await ask() for _ in range(5)] == [False, True, True, True, True]
    await db.close()
    await cable.pull()


async def test_a_connection_that_breaks_in_the_midst_of_a_turn_is_no_try_of_the_message(
    db: Database, database_url: str
) -> None:
    async with two_houses(db, database_url) as (quick, slow):
        peer, conversation = await newcomer(quick)
        await write(quick, peer, "two white mugs")
        begun = asyncio.create_task(slow.turns.take(conversation))
        await asyncio.sleep(0.2)
        with psycopg.connect(database_url, autocommit=True) as admin:
            admin.execute(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE application_name = 'slow' AND datname = current_database()"""
            )
        assert (await begun).kind == ""
        async with quick.db.begin() as tx:
            row = await tx.row(
                "SELECT turn_attempts, turn_due_at <= now() AS due FROM conversation WHERE id = %s", conversation
            )
        assert row == {"turn_attempts": 0, "due": True}
        await slow.turns.settle(conversation)
        assert "24.00" in (await said(quick, conversation))[-1]
