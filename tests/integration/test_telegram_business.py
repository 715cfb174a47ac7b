"""Telegram Business: the bot answers in the owner's own chats, as long as he lets it, and is silent where he writes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.channel_watch import watch
from bot.ownership import Manager, release
from tests.integration.telegram_shop import TelegramShop, telegram_shop

ANA, BOB, OLGA = 7, 8, 81
OWNERS = "SELECT owner, account, peer, name, reachable, epoch FROM conversation ORDER BY created_at"


@pytest_asyncio.fixture
async def lent(database_url: str) -> AsyncIterator[TelegramShop]:
    async with telegram_shop(database_url) as shop:
        await shop.api.owner_connects()
        yield shop


async def test_the_bot_answers_in_the_owners_chat_through_his_connection(lent: TelegramShop) -> None:
    await lent.api.customer_writes(ANA, "white mug?")
    chat = lent.api.lent_chat(ANA)
    await lent.reads(chat, "Aurora mug, white")
    await lent.api.customer_taps(ANA, "Add to cart")
    await lent.reads(chat, "Added")
    await lent.quiet()
    assert lent.api.refusals == []
    assert {call["business_connection_id"] for call in lent.api.called("sendMessage")} == {"bc1"}
    assert len(lent.api.answered) == 1
    rows = await lent.rows("SELECT channel, account, peer, owner FROM conversation")
    assert [tuple(row.values()) for row in rows] == [("telegram_business", "bc1", "7", "bot")]
    said = await lent.rows("SELECT author FROM outbox")
    assert {row["author"] for row in said} == {"bot"}  # what comes back of the bot's own words changes nothing


@pytest.mark.parametrize("method", ["sendMessage", "sendPhoto"])
async def test_what_comes_back_of_a_message_without_an_answer_proves_it_sent(lent: TelegramShop, method: str) -> None:
    lent.api.cut(method)
    await lent.api.customer_writes(ANA, "show me the white mug" if method == "sendPhoto" else "hello!")
    await lent.until("SELECT 1 FROM outbox WHERE status = 'sent'")
    await lent.quiet()
    said = [call.get("text") or call.get("caption") for call in lent.api.called(method)]
    assert said
    assert len(said) == len(set(said))
    rows = await lent.rows("SELECT status, platform_id IS NOT NULL AS known, owner FROM outbox, conversation")
    assert {tuple(row.values()) for row in rows} == {("sent", True, "bot")}


async def test_the_same_person_with_the_bot_and_with_two_owners_has_three_talks(lent: TelegramShop) -> None:
    await lent.api.owner_connects("bc2", 82)
    await lent.api.user_says(ANA, "hello!")
    await lent.api.customer_writes(ANA, "hello!")
    await lent.api.customer_writes(ANA, "hello!", "bc2")
    for chat in (lent.api.chat(ANA), lent.api.lent_chat(ANA), lent.api.lent_chat(ANA, "bc2")):
        await lent.reads(chat, "shop's assistant")
    rows = await lent.rows("SELECT channel, account FROM conversation ORDER BY channel, account")
    assert [row["channel"] for row in rows] == ["telegram", "telegram_business", "telegram_business"]
    assert [row["account"] for row in rows][1:] == ["bc1", "bc2"]


async def test_a_phone_is_asked_in_words_and_no_invoice_is_offered(lent: TelegramShop) -> None:
    """Keyboards that ask do not exist in the chats of a business account; the loopback refuses them."""
    chat = lent.api.lent_chat(ANA)
    for words, answer in (("two white mugs!", "Added"), ("checkout.", "name"), ("Ana.", "phone")):
        mark = chat.mark()
        await lent.api.customer_writes(ANA, words)
        await lent.reads(chat, answer, mark)
    assert lent.api.refusals == []


async def test_the_owners_own_words_take_over_and_stand_in_the_thread(lent: TelegramShop) -> None:
    await lent.api.customer_writes(ANA, "white mug?")
    chat = lent.api.lent_chat(ANA)
    await lent.reads(chat, "Aurora mug, white")
    await lent.quiet()
    await lent.api.owner_writes(ANA, "Hi Ana, Olga herself. I keep one for you.")
    await lent.until("SELECT 1 FROM conversation WHERE owner = 'queue'")
    mark = chat.mark()
    await lent.api.customer_writes(ANA, "thank you! how much is it?")
    await lent.until("SELECT 1 FROM note WHERE kind = 'unsaid' UNION ALL SELECT 1 FROM inbound WHERE status = 'seen'")
    await lent.quiet()
    assert chat.words(mark) == ""
    (said,) = await lent.rows("SELECT fitted, status FROM outbox WHERE author = 'manager'")
    assert said["fitted"]["parts"][0]["text"] == "Hi Ana, Olga herself. I keep one for you."
    assert (said["status"], said["fitted"]["name"]) == ("sent", "Telegram")
    (handoff,) = await lent.rows("SELECT reason, conversation_id FROM handoff")
    assert handoff["reason"] == "answered_elsewhere"
    async with lent.shop.house.db.begin() as tx:
        await release(
            tx, handoff["conversation_id"], Manager("m1", "Olga"), resume=False, now=lent.shop.house.clock.now()
        )
    lent.shop.house.turns.kick(handoff["conversation_id"])
    await lent.api.customer_writes(ANA, "show me the cart")
    await lent.reads(chat, "cart", mark)


async def test_who_was_written_to_by_the_owner_first_is_left_to_him(lent: TelegramShop) -> None:
    await lent.api.owner_writes(BOB, "Bob, dinner at eight?")
    await lent.api.owner_writes(BOB, "Or nine.")
    await lent.api.customer_writes(BOB, "eight, do you have a mug?")
    await lent.until("SELECT 1 FROM inbound WHERE status = 'seen'")
    assert lent.api.called("sendMessage") == []
    (row,) = await lent.rows(OWNERS)
    assert (row["owner"], row["name"], row["epoch"]) == ("queue", "Ana", 1)  # all people are called Ana there
    async with lent.shop.house.db.begin() as tx:
        await tx.execute("UPDATE handoff SET asked_at = asked_at - interval '2 days'")
    await lent.api.customer_writes(BOB, "sorry, I was ill")  # no day of silence gives the bot a friend of his
    await lent.until("SELECT 1 FROM (SELECT 1 FROM inbound WHERE status = 'seen') AS seen HAVING count(*) = 2")
    assert lent.api.called("sendMessage") == []
    said = await lent.rows("SELECT fitted FROM outbox ORDER BY id")
    assert [one["fitted"]["parts"][0]["text"] for one in said] == ["Bob, dinner at eight?", "Or nine."]


async def test_an_away_notice_takes_nothing_over_and_opens_nothing(lent: TelegramShop) -> None:
    await lent.api.owner_writes(BOB, "I am on holiday", is_from_offline=True)
    await lent.api.customer_writes(ANA, "white mug?")
    await lent.reads(lent.api.lent_chat(ANA), "Aurora mug, white")
    await lent.api.owner_writes(ANA, "I am on holiday", is_from_offline=True)
    await lent.until("SELECT 1 FROM outbox WHERE author = 'system'")
    (row,) = await lent.rows(OWNERS)
    assert (row["peer"], row["owner"]) == ("7", "bot")


async def test_another_program_in_his_name_takes_over(lent: TelegramShop) -> None:
    await lent.api.customer_writes(ANA, "white mug?")
    await lent.reads(lent.api.lent_chat(ANA), "Aurora mug, white")
    other = {"id": 99, "is_bot": True, "first_name": "Other"}
    await lent.api.owner_writes(ANA, "Our robot says hello", sender_business_bot=other)
    await lent.until("SELECT 1 FROM conversation WHERE owner = 'queue'")


async def test_nothing_goes_through_a_connection_that_was_taken_back(lent: TelegramShop) -> None:
    await lent.api.customer_writes(ANA, "white mug?")
    chat = lent.api.lent_chat(ANA)
    await lent.reads(chat, "Aurora mug, white")
    await lent.quiet()
    lent.api.flood(ANA, 2)  # the next answer has to wait, and meanwhile the owner takes his account back
    mark, sent = chat.mark(), len(lent.api.calls)
    await lent.api.customer_writes(ANA, "and the black one?")
    await lent.until("SELECT 1 FROM outbox WHERE status = 'queued' AND error <> ''")
    await lent.api.owner_connects(on=False)
    (task,) = await lent.until("SELECT kind, text FROM task WHERE state = 'open'")
    assert task["kind"] == "unsent"
    assert "cannot be reached" in task["text"]
    assert chat.words(mark) == ""
    assert [call.method for call in lent.api.calls[sent:] if call.method.startswith("send")] == ["sendPhoto"]
    (row,) = await lent.rows(OWNERS)
    assert row["reachable"] is False
    await lent.api.owner_connects(on=True)
    await lent.until("SELECT 1 FROM conversation WHERE reachable")
    await lent.api.customer_writes(ANA, "a candle!")
    await lent.reads(chat, "candle", mark)


async def test_without_the_right_to_answer_nothing_is_tried(lent: TelegramShop) -> None:
    await lent.api.owner_connects(may_reply=False)
    await lent.api.customer_writes(BOB, "white mug?")
    await lent.until("SELECT 1 FROM task WHERE kind = 'unsent'")
    assert lent.api.called("sendMessage") == []
    (row,) = await lent.rows(OWNERS)
    assert row["reachable"] is False


async def test_a_connection_that_ended_unheard_is_told_by_the_refusal(lent: TelegramShop) -> None:
    await lent.api.customer_writes(ANA, "white mug?")
    await lent.reads(lent.api.lent_chat(ANA), "Aurora mug, white")
    lent.api.connections["bc1"].on = False
    await lent.api.customer_writes(ANA, "and the black one?")
    await lent.until("SELECT 1 FROM task WHERE kind = 'unsent'")
    (row,) = await lent.rows(OWNERS)
    assert row["reachable"] is False


async def test_the_owner_who_writes_to_himself_is_nobodys_customer(lent: TelegramShop) -> None:
    await lent.api.customer_writes(OLGA, "buy milk")
    await lent.api.customer_writes(ANA, "white mug?")
    await lent.reads(lent.api.lent_chat(ANA), "Aurora mug, white")
    assert [row["peer"] for row in await lent.rows(OWNERS)] == ["7"]


async def test_an_edit_corrects_and_a_deletion_cancels_nothing(lent: TelegramShop) -> None:
    chat = lent.api.lent_chat(ANA)
    await lent.api.customer_writes(ANA, "two white mugs!")
    await lent.reads(chat, "Added: 2")
    number = max(chat.said)
    mark = chat.mark()
    await lent.api.customer_writes(ANA, "three white mugs!", edits=number)
    await lent.reads(chat, "3", mark)
    await lent.api.customer_deletes(ANA, number)
    await lent.api.customer_deletes(BOB, 1, 2)  # of a talk that never was
    await lent.until("SELECT 1 FROM inbound WHERE content->>'kind' = 'delete' AND status = 'done'")
    (cart,) = await lent.rows("SELECT lines FROM cart WHERE lines <> '[]'")
    assert [(line["sku"], line["quantity"]) for line in cart["lines"]] == [("MUG-white", 3)]
    assert len(await lent.rows(OWNERS)) == 1


async def test_a_silence_of_the_lent_accounts_is_told_as_long_as_they_are_lent(lent: TelegramShop) -> None:
    for person in range(ANA, ANA + 8):
        await lent.api.customer_writes(person, "hello!")
    await lent.until("SELECT 1 FROM inbound WHERE status = 'done' HAVING count(*) = 8")
    house = lent.shop.house
    channel = {"telegram_business": house.channels["telegram_business"]}
    async with house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO inbound (conversation_id, channel, account, event_key, ordering, content, status, at,
                                    received_at)
               SELECT conversation_id, channel, account, week || '-' || id, 0, '{}', 'done', at,
                      received_at - make_interval(weeks => week, mins => 10)
               FROM inbound, generate_series(1, 4) week"""
        )
        await tx.execute("DELETE FROM inbound WHERE content <> '{}'")
    await watch(house.db, channel, house.clock)
    silent = "SELECT silent_hours AS hours FROM channel_state WHERE channel = 'telegram_business'"
    assert [row["hours"] for row in await lent.rows(silent)] == [1]
    await lent.api.owner_connects(on=False)
    await lent.until("SELECT 1 FROM lent_account WHERE NOT may_write")
    await watch(house.db, channel, house.clock)
    assert [row["hours"] for row in await lent.rows(silent)] == [0]
