"""The window of hours was counted from when we heard of a message, so that late ones and repeats made it longer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.meta_shop import Meta, meta_shop, quiet
from tests.integration.telegram_shop import telegram_shop

MINUTE = timedelta(minutes=1)


async def heard(meta: Meta) -> datetime:
    async with meta.shop.house.db.begin() as tx:
        row = await tx.row("SELECT last_inbound_at FROM conversation")
    assert row is not None
    found: datetime = row["last_inbound_at"]
    return found


@pytest.mark.parametrize("name", ["facebook", "instagram"])
async def test_neither_delay_nor_repeat_nor_correction_opens_the_window(name: str, database_url: str) -> None:
    async with meta_shop(name, database_url) as meta:
        written = datetime.now(UTC) - timedelta(hours=20)
        meta.graph.late = timedelta(hours=-20)
        delivery = meta.graph.says("7001", "hi")
        assert await meta.deliver(*delivery) == 200
        await quiet(meta)
        first = await heard(meta)
        assert abs(first - written) < MINUTE
        meta.graph.late = timedelta()
        other = {"id": meta.graph.account, "time": 1, "messaging": []}
        again = json.loads(delivery[0])
        await meta.deliver(*meta.graph.signed({**again, "entry": [*again["entry"], other]}))
        await meta.deliver(*meta.graph.happens("7001", message_edit={"mid": "m_1", "text": "hello", "num_edit": 1}))
        await quiet(meta)
        assert await heard(meta) == first
        await meta.deliver(*meta.graph.says("7001", "show my cart"))
        await quiet(meta)
        latest = await heard(meta)
        assert datetime.now(UTC) - latest < MINUTE
        await meta.deliver(*meta.graph.signed(again))
        assert await heard(meta) == latest  # what comes out of order closes nothing


async def test_what_telegram_kept_for_us_counts_from_when_it_was_written(database_url: str) -> None:
    async with telegram_shop(database_url) as shop:
        await shop.api.owner_connects()
        written = datetime.now(UTC) - timedelta(hours=23)
        await shop.api.customer_writes(7, "white mug?", date=int(written.timestamp()))
        (row,) = await shop.until("SELECT last_inbound_at AS at FROM conversation")
        assert abs(row["at"] - written) < MINUTE
