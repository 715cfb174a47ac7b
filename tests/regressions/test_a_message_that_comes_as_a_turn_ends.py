"""What came in the very moment in which a turn ended was kicked in vain, and waited for the next sweep."""

from __future__ import annotations

import asyncio

from base.db import Database
from tests.regressions.two_houses import two_houses


async def test_a_kick_between_the_end_of_a_turn_and_its_being_forgotten_counts(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, _):
        turns, settled = house.turns, 0
        turns._closing = False

        async def settle(conversation_id: str) -> None:
            nonlocal settled
            settled += 1
            if settled == 1:
                asyncio.get_running_loop().call_soon(turns.kick, conversation_id)  # runs when this turn is just over

        turns.settle = settle  # type: ignore[method-assign]
        turns.kick("c")
        for _ in range(10):
            await asyncio.sleep(0)
        assert settled == 2
