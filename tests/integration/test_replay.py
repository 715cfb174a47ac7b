"""Webhooks of three platforms, shuffled and repeated, against two servers: nothing lost, nothing doubled, in order.

The long one of ten thousand is `make bench ONLY=replay`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from base.db import Database
from tests.integration.replaying import PER_TALK, Outside, replay
from tests.integration.server_process import Server, fill_shop, servers

TALKS, AT_ONCE = 24, 12


@pytest.mark.skipif("CHAOS_ROUNDS" not in os.environ, reason="half a minute: make chaos, or make bench ONLY=replay")
async def test_hundreds_of_webhooks_in_any_order_and_again_have_their_effect_once_and_in_order(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    await fill_shop(db)
    async with db.begin() as tx:
        await tx.execute("UPDATE variant SET on_hand = 1000000 WHERE sku = 'CAN'")
    outside = Outside(seed=5)
    async with outside.open() as settings:
        given = settings | {"SHOPKEEPER_BURST": "1.2"}
        one, two = (Server(database_url, tmp_path, with_worker=False, settings=given) for _ in range(2))
        async with servers(one, two):
            outside.urls = (one.url, two.url)
            figures = await replay(outside, database_url, talks=TALKS, at_once=AT_ONCE)
        assert "Traceback" not in one.log + two.log
    told = "\n".join(figures.lines())
    assert figures.right, told
    assert (figures.webhooks, figures.lost, figures.doubled) == (TALKS * PER_TALK, 0, 0), told
    assert figures.deliveries > figures.webhooks * 3 // 2, told
