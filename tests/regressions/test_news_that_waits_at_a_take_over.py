"""The news that an order is paid waited while its account rested; a person answered meanwhile, and it was gone."""

from __future__ import annotations

import pytest

from bot import ownership
from bot.world import tell_customer
from shop.commands import OrderEditPaid
from tests.integration.meta_shop import Meta, meta_shop, quiet, rows, tasks

PAID = "the difference is paid"


async def waiting(meta: Meta) -> str:
    """News of an order lies in the outbox, and Messenger wants to hear nothing for an hour; the conversation's id."""
    house = meta.shop.house
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    await house.turns.drain()
    [found] = await rows(meta, "SELECT id, customer_id FROM conversation")
    async with house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO channel_state (channel, account, state, line, waiting, silent_hours, halted_until,
                                          halted_why)
               SELECT channel, account, 'ok', '', 0, 0, now() + interval '1 hour', '' FROM conversation"""
        )
        await tell_customer(tx, found["customer_id"], OrderEditPaid(order="o1", number="A-7"))
    await house.turns.settle(found["id"])
    return str(found["id"])


async def goes_on(meta: Meta, conversation: str) -> None:
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE channel_state SET halted_until = NULL")
    await meta.shop.house.turns.settle(conversation)
    await quiet(meta)


@pytest.mark.parametrize("handed_back", [False, True])
async def test_news_is_a_note_at_a_take_over_and_goes_when_the_bot_is_back(
    database_url: str, handed_back: bool
) -> None:
    async with meta_shop("facebook", database_url) as meta:
        conversation = await waiting(meta)
        now, olga = meta.shop.house.clock.now(), ownership.Manager("m1", "Olga")
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "I am the owner, one moment"))
        if handed_back:
            async with meta.shop.house.db.begin() as tx:
                await ownership.release(tx, conversation, olga, resume=True, now=now)
        await goes_on(meta, conversation)
        notes = await rows(meta, "SELECT text FROM note WHERE kind = 'unsaid'")
        assert [PAID in note["text"] for note in notes] == ([] if handed_back else [True])
        assert (PAID in meta.graph.person("7001").words(), await tasks(meta)) == (handed_back, [])
