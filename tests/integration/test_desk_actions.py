"""Taking, answering, noting and handing back: once, by one manager, and written down."""

from __future__ import annotations

import asyncio

import pytest

from base.db import Database, Row
from base.errors import BadInput
from bot.ownership import HeldByAnother, Manager, NoSuchConversation
from desk import actions
from tests.integration.desk_shop import DeskShop


@pytest.fixture
async def shop(db: Database) -> DeskShop:
    shop = DeskShop(db)
    await shop.hire()
    return shop


async def rows(shop: DeskShop, query: str) -> list[Row]:
    async with shop.db.begin() as tx:
        return await tx.rows(query)


async def take(shop: DeskShop, conversation: str, manager: Manager) -> None:
    async with shop.db.begin() as tx:
        await actions.take(tx, conversation, manager, now=shop.clock.now())


async def reply(shop: DeskShop, conversation: str, manager: Manager, text: str, key: str = "key-one-1") -> None:
    async with shop.db.begin() as tx:
        await actions.reply(tx, conversation, manager, text, now=shop.clock.now(), key=key, limits={})


async def test_of_two_managers_who_take_at_once_one_wins_and_the_other_is_told_who(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await shop.asks_for_person(conversation)
    outcomes = await asyncio.gather(
        take(shop, conversation, shop.anna), take(shop, conversation, shop.olga), return_exceptions=True
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, HeldByAnother)]
    assert len(lost) == 1
    assert lost[0].owner == await shop.owner(conversation) in ("Anna", "Olga")
    assert len(await rows(shop, "SELECT 1 FROM audit WHERE action = 'take'")) == 1


async def test_who_simply_answers_has_taken_over(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await reply(shop, conversation, shop.anna, "Hello, this is Anna.")
    assert await shop.owner(conversation) == "Anna"
    assert [row["action"] for row in await rows(shop, "SELECT action FROM audit ORDER BY id")] == ["take", "reply"]
    with pytest.raises(HeldByAnother, match="with Anna now"):
        await reply(shop, conversation, shop.olga, "Me too!")


async def test_a_reply_sent_twice_reaches_the_customer_once(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    for _ in range(2):
        await reply(shop, conversation, shop.anna, "Yes, at 30 degrees.")
    await reply(shop, conversation, shop.anna, "Yes, at 30 degrees.", key="key-two-2")
    sent = await rows(shop, "SELECT author, epoch, status FROM outbox")
    assert sent == [{"author": "manager", "epoch": 1, "status": "queued"}] * 2
    assert len(await rows(shop, "SELECT 1 FROM audit WHERE action = 'reply'")) == 2


async def test_a_note_is_never_sent_and_needs_no_ownership(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await take(shop, conversation, shop.olga)
    async with shop.db.begin() as tx:
        await actions.note(tx, conversation, shop.anna, "He called yesterday.", now=shop.clock.now())
    assert await rows(shop, "SELECT 1 FROM outbox") == []
    assert await rows(shop, "SELECT text, kind FROM note") == [{"text": "He called yesterday.", "kind": "note"}]
    assert await shop.owner(conversation) == "Olga"


@pytest.mark.parametrize("resume", [True, False])
async def test_handing_back_tells_the_bot_whether_to_go_on(shop: DeskShop, resume: bool) -> None:
    conversation = await shop.conversation()
    await take(shop, conversation, shop.anna)
    async with shop.db.begin() as tx:
        await actions.release(tx, conversation, shop.anna, resume=resume, now=shop.clock.now())
    assert await shop.owner(conversation) == "bot"
    told = await rows(shop, "SELECT payload FROM conversation_event")
    assert told == [{"payload": {"kind": "released", "resume": resume}}]
    assert [row["details"] for row in await rows(shop, "SELECT details FROM audit WHERE action = 'release'")] == [
        {"resume": resume}
    ]


async def test_nobody_hands_back_what_a_colleague_holds(shop: DeskShop) -> None:
    conversation = await shop.conversation()
    await take(shop, conversation, shop.olga)
    with pytest.raises(HeldByAnother):
        async with shop.db.begin() as tx:
            await actions.release(tx, conversation, shop.anna, resume=True, now=shop.clock.now())
    assert await shop.owner(conversation) == "Olga"


@pytest.mark.parametrize("text", ["", " \n ", "\0", "x" * 4001])
async def test_an_empty_or_endless_reply_changes_nothing(shop: DeskShop, text: str) -> None:
    conversation = await shop.conversation()
    with pytest.raises(BadInput):
        await reply(shop, conversation, shop.anna, text)
    assert await shop.owner(conversation) == "bot"


async def test_a_conversation_that_never_was_cannot_be_taken(shop: DeskShop) -> None:
    with pytest.raises(NoSuchConversation):
        await take(shop, "0" * 32, shop.anna)
