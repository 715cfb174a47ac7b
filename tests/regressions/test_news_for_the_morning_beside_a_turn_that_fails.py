"""A message at night that could not be worked with took the news along that waited for the morning."""

from __future__ import annotations

from base.db import Database
from bot.ownership import tell
from bot.turns import TRIES
from tests.regressions.two_houses import newcomer, two_houses, write

PAID = {"kind": "order_edit_paid", "order": "o1", "number": "A-7"}


async def test_news_that_waits_for_the_morning_is_not_given_up_with_a_message(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, _):
        peer, conversation = await newcomer(house)
        async with house.db.begin() as tx:
            await tell(tx, conversation, PAID, now=house.clock.now())
            await tx.execute("UPDATE conversation_event SET due_at = now() + interval '8 hours'")
            await tell(tx, conversation, PAID, now=house.clock.now())
            await tx.execute('UPDATE conversation SET state = \'{"stack": "broken"}\'')
        await write(house, peer, "a candle please")
        for _ in range(TRIES):
            await house.turns.take(conversation)
        async with house.db.begin() as tx:
            rows = await tx.rows("SELECT status, due_at IS NOT NULL AS waits FROM conversation_event ORDER BY id")
        assert rows == [{"status": "pending", "waits": True}, {"status": "failed", "waits": False}]
