"""Who asked to be told hears it once, when it is back; and examples that nobody handles are refused at the start."""

from __future__ import annotations

from app.jobs import tell_who_waits
from base.db import Database
from shop.commands import WatchStock
from tests.integration.open_shop import open_shop


async def test_who_asked_is_told_once_when_it_is_back(db: Database, database_url: str) -> None:
    async with open_shop(database_url) as shop:
        customer = await shop.buyer()
        await shop.ask(customer, WatchStock(sku="MUG-blue"))
        assert await tell_who_waits(shop.house) == 0
        async with db.begin() as tx:
            await tx.execute("UPDATE variant SET on_hand = 5 WHERE sku = 'MUG-blue'")
        assert await tell_who_waits(shop.house) == 1
        assert await tell_who_waits(shop.house) == 0
