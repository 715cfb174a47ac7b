"""A process that had just started answered a second customer before it knew the shop's words."""

from __future__ import annotations

import asyncio
import time

import pytest

from base.db import Database
from bot import world
from shop.catalogue import Catalogue
from shop.search import search_of
from shop.shopfile import ShopFile
from tests.regressions.two_houses import newcomer, said, two_houses, write


async def test_a_second_customer_does_not_overtake_the_learning_of_words(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def takes_its_time(catalogue: Catalogue, shop: ShopFile) -> object:
        time.sleep(0.5)  # in a thread
        return search_of(catalogue, shop)

    async with two_houses(db, database_url) as (new, house):
        (first, one), (second, two) = await newcomer(house), await newcomer(house)
        await write(house, first, "two white mugs")
        await write(house, second, "two white mugs")
        monkeypatch.setattr(world, "search_of", takes_its_time)
        learning = asyncio.create_task(new.turns.settle(one))
        await asyncio.sleep(0.2)
        await new.turns.settle(two)
        await learning
        for conversation in (one, two):
            assert "24.00" in (await said(house, conversation))[-1]


async def test_what_was_read_before_the_words_were_known_is_read_again(db: Database, database_url: str) -> None:
    async with two_houses(db, database_url) as (house, new):
        peer, conversation = await newcomer(house)
        await write(house, peer, "two white mugs")
        unread = asyncio.create_task(new.turns.settle(conversation))  # read at once, and slow to take
        await asyncio.sleep(0.2)
        async with house.db.begin() as tx:
            await new.world.refresh(tx, new.understanding)
        await unread
        assert "24.00" in (await said(house, conversation))[-1]
