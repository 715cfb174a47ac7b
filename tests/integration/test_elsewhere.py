"""News with no legal path on one channel reaches the same customer on another; offers only with his yes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from psycopg.types.json import Jsonb

from base.clock import StandingClock
from base.money import Money
from bot.messages import Part, Receipt, ReceiptLine, TextPart
from bot.talk import TO_BE_SENT
from bot.world import tell_customer
from integrations.messenger.webchat import WebChat, read_frame
from shop.commands import OrderEditPaid, PaymentExpired, ShipmentMoved, StockBack
from shop.customers import record_consent, watch_stock
from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, meta_shop, quiet, tasks

NEWS = ShipmentMoved(order="o1", number="A-7", status="delivered", at=datetime.fromisoformat("2026-11-26T12:00+02:00"))


@pytest_asyncio.fixture
async def meta(database_url: str) -> AsyncIterator[Meta]:
    async with meta_shop("facebook", database_url) as opened:
        yield opened


async def with_a_web_chat(meta: Meta) -> tuple[str, str, str]:
    """A customer who wrote in Messenger 30 hours ago and in the web chat 40: conversation, customer, peer there."""
    house = meta.shop.house
    await meta.deliver(*meta.graph.says("7001", "hi"))
    chat = house.channels["webchat"]
    assert isinstance(chat, WebChat)
    peer = (await chat.open()).peer
    frame = {"type": "text", "id": "00000000-0000-4000-8000-000000000001", "text": "hi"}
    _, raw = await chat.receive(peer, read_frame(frame))
    await house.turns.receive(raw)
    await quiet(meta)
    noon = house.world.shop.local(house.clock.now()).replace(hour=12, minute=0) + timedelta(days=2)
    house.turns.clock = house.turns.lanes.clock = StandingClock(noon)
    meta.graph.late = timedelta(hours=30)
    async with house.db.begin() as tx:
        row = await tx.row("SELECT id, customer_id FROM conversation WHERE channel = 'facebook'")
        assert row is not None
        await tx.execute(
            """UPDATE conversation SET customer_id = %s, last_inbound_at = %s
                      - CASE channel WHEN 'facebook' THEN interval '30 hours' ELSE interval '40 hours' END""",
            row["customer_id"], noon,
        )  # fmt: skip
    return row["id"], row["customer_id"], peer


async def told(meta: Meta, customer: str, conversation: str, event: Any) -> None:
    """The shop tells something; what comes of it is sent."""
    async with meta.shop.house.db.begin() as tx:
        await tell_customer(tx, customer, event)
    for _ in range(2):
        await meta.shop.house.turns.settle(conversation)
    await meta.shop.house.turns.sweep()
    await quiet(meta)


async def chat_words(meta: Meta, peer: str) -> str:
    chat = meta.shop.house.channels["webchat"]
    assert isinstance(chat, WebChat)
    return str([logged.message for logged in await chat.read_after(peer, 0)])


async def test_news_of_an_order_goes_where_the_customer_talks_as_well(meta: Meta) -> None:
    conversation, customer, peer = await with_a_web_chat(meta)
    calls = len(meta.graph.calls)
    await told(meta, customer, conversation, NEWS)
    assert "A-7" in await chat_words(meta, peer)
    assert [call for call in meta.graph.calls[calls:] if "message" in call] == []
    assert await tasks(meta) == []
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT status, error FROM outbox WHERE error <> ''")
    assert all(row["status"] == "dropped" and "sent on webchat instead" in row["error"] for row in rows)
    assert rows


PAID_LATE = OrderEditPaid(order="o1", number="A-7")


async def test_what_is_said_when_money_comes_days_later_goes_there_too(meta: Meta) -> None:
    conversation, customer, peer = await with_a_web_chat(meta)
    await told(meta, customer, conversation, PAID_LATE)
    assert "the difference is paid" in await chat_words(meta, peer)
    assert await tasks(meta) == []


async def test_a_question_stays_where_its_answer_is_understood(meta: Meta) -> None:
    conversation, customer, peer = await with_a_web_chat(meta)
    await told(meta, customer, conversation, PaymentExpired(payment="p1", order="o1", number="A-7"))
    words = await chat_words(meta, peer)
    assert ("link of order A-7 has ended" in words, "Shall I make a new one" in words) == (True, False)
    assert await tasks(meta) == []


@pytest.mark.parametrize("trouble", [GraphError(551, 1545041, "This person isn't available"), GraphError(10, 2018278)])
async def test_what_the_platform_closes_at_the_last_moment_goes_there_too(meta: Meta, trouble: GraphError) -> None:
    conversation, customer, peer = await with_a_web_chat(meta)
    async with meta.shop.house.db.begin() as tx:  # as far as we know it is open
        now = meta.shop.house.turns.clock.now()
        await tx.execute("UPDATE conversation SET last_inbound_at = %s WHERE channel = 'facebook'", now)
    meta.graph.troubles.append(trouble)
    await told(meta, customer, conversation, NEWS)
    assert "A-7" in await chat_words(meta, peer)
    assert await tasks(meta) == []
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT status FROM outbox WHERE error LIKE 'sent on webchat instead%%'")
    assert [row["status"] for row in rows] == ["dropped"]


async def test_how_it_was_is_not_asked_where_nobody_can_be_asked(meta: Meta) -> None:
    conversation, _, _ = await with_a_web_chat(meta)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                   attempts, error, at)
               VALUES ('stars', %s, 'bot', '', 0, '{"parts": [{"kind": "text", "text": "How was it?"}]}',
                       '["feedback.rating.ask"]', 'queued', now(), 0, '', now())""",
            conversation,
        )
    await meta.shop.house.turns.lanes.drain(conversation)
    async with meta.shop.house.db.begin() as tx:
        [row] = await tx.rows("SELECT status, error FROM outbox WHERE key = 'stars'")
    assert (row["status"], "closed to answers of the bot" in row["error"]) == ("dropped", True)
    assert await tasks(meta) == []


async def ring(meta: Meta, conversation: str) -> tuple[timedelta, str]:
    """Let the timer ring; how long it waited, and what was in the chat then."""
    house = meta.shop.house
    started = house.turns.clock.now()
    async with house.db.begin() as tx:
        [row] = await tx.rows("SELECT due_at FROM timer WHERE status = 'set' AND conversation_id = %s", conversation)
    house.turns.clock = house.turns.lanes.clock = StandingClock(row["due_at"])
    await house.turns.settle(conversation)
    await quiet(meta)
    return row["due_at"] - started, str(meta.graph.person("7001").seen)


async def asks_how_it_was(meta: Meta) -> tuple[bool, int]:
    """Whether the stars are an open question, and how many dialogs wait in the background."""
    async with meta.shop.house.db.begin() as tx:
        [row] = await tx.rows("SELECT state FROM conversation WHERE channel = 'facebook'")
    return (row["state"].get("question") or {}).get("step") == "rating", len(row["state"].get("background", []))


async def test_how_it_was_is_asked_before_messenger_closes(meta: Meta) -> None:
    conversation, customer, _ = await with_a_web_chat(meta)
    meta.graph.late = timedelta()
    async with meta.shop.house.db.begin() as tx:  # he wrote at 10, the parcel comes at noon
        now = meta.shop.house.turns.clock.now()
        wrote = now - timedelta(hours=2)
        await tx.execute("UPDATE conversation SET last_inbound_at = %s WHERE id = %s", wrote, conversation)
    await told(meta, customer, conversation, NEWS)
    waited, words = await ring(meta, conversation)
    assert waited == timedelta(hours=21, minutes=30), "at 9:30, when the night is over and the window is not"
    assert "★" in words
    assert await asks_how_it_was(meta) == (True, 0)


async def test_stars_that_nobody_sees_are_no_open_question(meta: Meta) -> None:
    conversation, customer, _ = await with_a_web_chat(meta)
    await told(meta, customer, conversation, NEWS)
    assert await asks_how_it_was(meta) == (False, 1)
    waited, words = await ring(meta, conversation)
    assert waited == timedelta(days=1)
    assert "★" not in words
    assert await asks_how_it_was(meta) == (False, 0)


@pytest.mark.parametrize("languages", [("en",), ("en_US",), ("uk",), ()])
async def test_a_template_comes_before_another_channel_and_a_missing_one_after(
    database_url: str, languages: tuple[str, ...]
) -> None:
    graph_settings = {"news_template": "order_news"}
    async with meta_shop("facebook", database_url, page=graph_settings) as meta:
        meta.graph.templates = {f"order_news/{code}": "From Lumo: {{1}}" for code in languages}
        conversation, customer, peer = await with_a_web_chat(meta)
        await told(meta, customer, conversation, NEWS)
        there = languages in (("en",), ("en_US",))  # a template of another language frames no English words
        by_template = [one["text"] for one in meta.graph.person("7001").seen if "From Lumo" in one.get("text", "")]
        assert ["A-7" in words for words in by_template] == [True] * there
        assert ("A-7" in await chat_words(meta, peer)) == (not there)
        assert await tasks(meta) == []
        await told(meta, customer, conversation, StockBack(sku="MUG-blue", name="Mug", price=Money(1200, "EUR")))
        assert len([one for one in meta.graph.calls if one.get("messaging_type") == "UTILITY"]) == 1  # never for offers


async def test_news_goes_by_the_template_of_the_other_talk_as_well(database_url: str) -> None:
    async with meta_shop("facebook", database_url, page={"news_template": "order_news"}) as meta:
        meta.graph.templates = {"order_news/en": "From Lumo: {{1}}"}
        conversation, customer, peer = await with_a_web_chat(meta)
        await meta.deliver(*meta.graph.says("7002", "hi"))
        await quiet(meta)
        async with meta.shop.house.db.begin() as tx:  # the same customer, who has blocked one of the two
            await tx.execute(
                """UPDATE conversation SET customer_id = %s, last_inbound_at = %s
                     - CASE peer WHEN '7001' THEN interval '0' ELSE interval '26 hours' END
                   WHERE channel = 'facebook'""",
                customer, meta.shop.house.turns.clock.now(),
            )  # fmt: skip
        meta.graph.troubles.append(GraphError(551, 1545041, "This person isn't available"))
        await told(meta, customer, conversation, NEWS)
        assert "A-7" in str([one for one in meta.graph.person("7002").seen if "From Lumo" in one.get("text", "")])
        assert "A-7" not in await chat_words(meta, peer) + str(await tasks(meta))


async def test_news_of_several_messages_is_one_template(database_url: str) -> None:
    async with meta_shop("facebook", database_url, page={"news_template": "order_news"}) as meta:
        meta.graph.templates = {"order_news/en": "From Lumo: {{1}}"}
        conversation, _, _ = await with_a_web_chat(meta)
        lines = (ReceiptLine(title="Mug", amount="12.00"),)
        parts: tuple[Part, ...] = (TextPart(text="It is paid."), Receipt(lines=lines, total="12.00"))
        messages = [{"key": key, "fitted": {"parts": [part.model_dump(mode="json")]}}
                    for key, part in zip("ab", parts, strict=True)]  # fmt: skip
        async with meta.shop.house.db.begin() as tx:
            await tx.rows(
                TO_BE_SENT, conversation=conversation, author="bot", epoch=0, keys=Jsonb(["checkout.thanks"]),
                claim=False, lease=0, now=meta.shop.house.turns.clock.now(), messages=Jsonb(messages),
            )  # fmt: skip
        await meta.shop.house.turns.lanes.drain(conversation)
        await quiet(meta)
        said = [one["text"] for one in meta.graph.person("7001").seen if "From Lumo" in one.get("text", "")]
        assert len(said) == 1
        assert all(words in said[0] for words in ("It is paid.", "Mug", "12.00"))
        assert (await tasks(meta), meta.graph.refusals) == ([], [])


@pytest.mark.parametrize("closed", ["owner = 'queue'", "reachable = false", "customer_id = 'somebody else'"])
async def test_a_talk_that_is_not_open_to_it_gets_nothing_and_the_desk_hears_of_it(meta: Meta, closed: str) -> None:
    conversation, customer, peer = await with_a_web_chat(meta)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute(f"UPDATE conversation SET {closed} WHERE channel = 'webchat'")
    await told(meta, customer, conversation, NEWS)
    assert "A-7" not in await chat_words(meta, peer)
    assert len(await tasks(meta)) == 1


async def test_offers_go_nowhere_without_a_yes(meta: Meta) -> None:
    conversation, customer, peer = await with_a_web_chat(meta)
    house = meta.shop.house
    back = StockBack(sku="MUG-blue", name="Aurora mug, blue", price=Money(1200, "EUR"))
    await told(meta, customer, conversation, back)
    assert "Aurora mug, blue" not in await chat_words(meta, peer)
    assert "has not agreed to offers" in (await tasks(meta))[0]
    async with house.db.begin() as tx:
        await watch_stock(tx, customer, "MUG-blue", "chat", house.clock.now())
    await told(meta, customer, conversation, back)
    assert "Aurora mug, blue" in await chat_words(meta, peer)
    async with house.db.begin() as tx:
        await record_consent(tx, customer, "marketing", "chat", house.clock.now(), granted=False)
    before = len(await tasks(meta))
    clock = house.turns.clock
    assert isinstance(clock, StandingClock)
    clock.move(timedelta(minutes=1))
    await told(meta, customer, conversation, back.model_copy(update={"name": "Aurora mug, black"}))
    assert "Aurora mug, black" not in await chat_words(meta, peer)
    assert len(await tasks(meta)) == before + 1
