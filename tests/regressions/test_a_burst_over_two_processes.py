"""A burst whose messages came to two processes was answered by the first one before the second had heard the rest."""

from __future__ import annotations

import asyncio

from app.main import House, build
from app.settings import read_settings
from base.db import Database
from shop.seed import seed_demo
from tests.integration.lumo import DATA
from tests.integration.open_shop import HOME
from tests.regressions.two_houses import newcomer, said, write

WINDOW = 1.0  # seconds that an unfinished message is waited upon


async def _house(url: str) -> House:
    house = await build(read_settings(env_file=None, home=HOME, burst=WINDOW), url)
    async with house.db.begin() as tx:
        await house.world.refresh(tx, house.understanding)
    return house


async def test_a_burst_over_two_processes_is_answered_once(db: Database, database_url: str) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DATA)
    one, other = await _house(database_url), await _house(database_url)
    try:
        peer, conversation = await newcomer(one)
        greeted = len(await said(one, conversation))
        await write(one, peer, "black mug")
        await asyncio.sleep(WINDOW * 0.7)
        await write(other, peer, "2 of them")
        await asyncio.sleep(WINDOW * 0.5)  # the first process looks, and leaves the burst alone
        assert len(await said(one, conversation)) == greeted
        async with asyncio.timeout(15):
            while len(await said(one, conversation)) == greeted:
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
        (answer,) = (await said(one, conversation))[greeted:]
        assert "2 ×" in answer
    finally:
        await one.close()
        await other.close()


async def test_a_burst_ends_after_five_seconds_wherever_its_messages_come(db: Database, database_url: str) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DATA)
    house = await _house(database_url)
    try:
        peer, conversation = await newcomer(house)
        await write(house, peer, "black mug")
        async with db.begin() as tx:
            await tx.execute(
                "UPDATE inbound SET received_at = received_at - interval '4.9 seconds' WHERE status = 'pending'"
            )
        await write(house, peer, "two")
        async with db.begin() as tx:
            row = await tx.row(
                "SELECT extract(epoch FROM turn_due_at - now())::float8 AS left FROM conversation WHERE id = %s",
                conversation,
            )
        assert row is not None
        assert row["left"] is None or row["left"] < 0.2
    finally:
        await house.close()
