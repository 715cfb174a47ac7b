"""A customer who had written seventy things while the shop was away was never answered: it looked like a circle."""

from __future__ import annotations

from base.db import Database
from tests.regressions.two_houses import newcomer, said, two_houses, write


async def test_everything_that_was_written_meanwhile_is_one_turn(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, _):
        peer, conversation = await newcomer(house)
        greeted = len(await said(house, conversation))
        for _ in range(70):
            await write(house, peer, "a candle")
        await house.turns.settle(conversation)
        async with house.db.begin() as tx:
            row = await tx.row("SELECT count(*) AS waiting FROM inbound WHERE status <> 'done'")
        assert row == {"waiting": 0}
        assert len(await said(house, conversation)) > greeted
