"""News of an order waits for the morning, unless the platform takes it no more by then: it comes without a sound."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import StandingClock
from base.money import Money
from bot.world import tell_customer
from shop.commands import ShipmentMoved, StockBack
from tests.integration.meta_shop import meta_shop, quiet
from tests.integration.telegram_shop import telegram_shop


@pytest.mark.parametrize(
    ("name", "hours", "approved", "at_night"),
    [
        ("facebook", 20, "", True),  # the window ends at three
        ("facebook", 1, "", False),
        ("facebook", 20, "order_news", False),  # goes in the morning too
        ("facebook", 30, "", False),  # neither now nor then
        ("instagram", 20, "", True),  # which can only be heard
        ("instagram", 1, "", False),
    ],
)
async def test_the_last_legal_moment_decides(
    database_url: str, name: str, hours: int, approved: str, at_night: bool
) -> None:
    page = {"news_template": approved} if approved else None
    async with meta_shop(name, database_url, page=page) as meta:
        house = meta.shop.house
        await meta.deliver(*meta.graph.says("7001", "hi"))
        await quiet(meta)
        calls = len(meta.graph.calls)
        night = house.world.shop.local(house.clock.now()).replace(hour=23, minute=0) + timedelta(days=2)
        house.turns.clock = house.turns.lanes.clock = StandingClock(night)
        meta.graph.late = timedelta(hours=hours)
        async with house.db.begin() as tx:
            row = await tx.row(
                "UPDATE conversation SET last_inbound_at = %s RETURNING id, customer_id", night - timedelta(hours=hours)
            )
            assert row is not None
            await tell_customer(
                tx, row["customer_id"], StockBack(sku="MUG-blue", name="Aurora mug", price=Money(1200, "EUR"))
            )
            await tell_customer(
                tx, row["customer_id"], ShipmentMoved(order="o1", number="A-7", status="delivered", at=night)
            )
        await house.turns.settle(row["id"])
        await quiet(meta)
        said = [call for call in meta.graph.calls[calls:] if "message" in call]
        assert ["A-7" in str(call) for call in said] == ([True] if at_night else [])
        assert all(call.get("notification_type") == ("NO_PUSH" if name == "facebook" else None) for call in said)
        async with house.db.begin() as tx:
            waiting = await tx.rows("SELECT payload FROM conversation_event WHERE status = 'pending' ORDER BY id")
        kinds = [one["payload"]["kind"] for one in waiting]
        assert kinds == (["stock_back"] if at_night else ["stock_back", "shipment_moved"])


async def test_in_a_lent_account_of_telegram_it_comes_without_a_sound(database_url: str) -> None:
    async with telegram_shop(database_url) as lent:
        await lent.api.owner_connects()
        await lent.api.customer_writes(7, "hi!")
        await lent.reads(lent.api.lent_chat(7), "shop's assistant")
        await lent.quiet()
        house, chat = lent.shop.house, lent.api.lent_chat(7)
        mark, calls = chat.mark(), len(lent.api.called("sendMessage"))
        night = house.world.shop.local(house.clock.now()).replace(hour=23, minute=0) + timedelta(days=2)
        house.turns.clock = house.turns.lanes.clock = StandingClock(night)
        async with house.db.begin() as tx:
            row = await tx.row(
                "UPDATE conversation SET last_inbound_at = %s RETURNING customer_id", night - timedelta(hours=20)
            )
            assert row is not None
            await tell_customer(
                tx, row["customer_id"], ShipmentMoved(order="o1", number="A-7", status="delivered", at=night)
            )
        await lent.reads(chat, "A-7", mark)
        assert [call["disable_notification"] for call in lent.api.called("sendMessage")[calls:]] == [True]
        assert lent.api.refusals == []
