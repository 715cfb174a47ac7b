"""A customer who had said eighty things in one message was never answered: the turn looked like a circle."""

from __future__ import annotations

from base.db import Database
from tests.regressions.two_houses import newcomer, said, two_houses, write


async def test_a_message_with_eighty_wishes_is_answered(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, _):
        peer, conversation = await newcomer(house)
        greeted = len(await said(house, conversation))
        await write(house, peer, "add a white mug and " * 80)
        await house.turns.settle(conversation)
        async with house.db.begin() as tx:
            row = await tx.row("SELECT count(*) AS waiting FROM inbound WHERE status NOT IN ('done', 'unknown')")
        assert row == {"waiting": 0}
        assert len(await said(house, conversation)) > greeted
