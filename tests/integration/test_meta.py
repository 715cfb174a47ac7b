"""The shop in Messenger and Instagram: signed webhooks come in through the door, answers go out to a Graph server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from app.settings import read_settings
from app.webhooks import check_webhook, set_webhook
from base.clock import StandingClock
from base.errors import Refused, ShopkeeperError, TryLater
from base.money import Money
from bot import ownership
from bot.lanes import MOST_TRIES
from bot.messages import Address, Fitted, Image, Receipt, ReceiptLine, TextPart
from bot.world import tell_customer
from desk.queue import list_conversations
from integrations.messenger import adapter
from integrations.meta.graph import BRIEF, Graph
from shop.commands import ShipmentMoved
from tests.contracts.graph_server import GraphError, GraphServer
from tests.integration.meta_shop import Meta, quiet, tasks
from tests.integration.open_shop import open_shop

HELLO = Fitted(parts=(TextPart(text="hello"),))


async def test_a_customer_is_answered_and_a_delivery_that_comes_again_changes_nothing(meta: Meta) -> None:
    delivery = meta.graph.says("7001", "add a white mug")
    for _ in range(3):
        assert await meta.deliver(*delivery) == 200
    await meta.answered("7001", "12.00")
    await meta.deliver(*meta.graph.says("7001", "show my cart"))
    await meta.answered("7001", "12.00")
    async with meta.shop.house.db.begin() as tx:
        carts = await tx.rows("SELECT lines FROM cart")
    assert [[line["quantity"] for line in cart["lines"]] for cart in carts] == [[1]]
    assert meta.graph.refusals == []


async def test_metas_question_is_answered_and_strangers_are_told_403(meta: Meta) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": meta.graph.verify_token, "hub.challenge": "1158201444"}
    async with meta.shop.http.get(f"/webhooks/{meta.name}", params=asked) as answer:
        assert (answer.status, await answer.text()) == (200, "1158201444")
    async with meta.shop.http.get(f"/webhooks/{meta.name}", params=asked | {"hub.verify_token": "x"}) as answer:
        assert answer.status == 403
    async with meta.shop.http.get("/webhooks/webchat") as answer:
        assert answer.status == 405
    body, headers = meta.graph.says("7001", "hi")
    assert await meta.deliver(body, {}) == 403
    assert await meta.deliver(body + b" ", headers) == 403


async def test_letters_are_signed_as_meta_writes_them(meta: Meta) -> None:
    body, headers = meta.graph.says("7001", "белая кружка ä")
    assert b"\\u" in body
    assert await meta.deliver(body, headers) == 200
    assert await meta.deliver(body.decode("unicode_escape").encode(), headers) == 403


@pytest.mark.parametrize("body", [b"", b"null", b'{"object":"page"}', b'{"object":"page","entry":[{"messaging":[7]}]}'])
async def test_what_cannot_be_read_is_kept_and_taken(meta: Meta, body: bytes) -> None:
    headers = {"X-Hub-Signature-256": f"sha256={meta.graph.signature(body)}"}
    assert await meta.deliver(body, headers) == 200
    async with meta.shop.house.db.begin() as tx:
        kept = await tx.rows("SELECT body FROM raw_update")
    assert [bytes(row["body"]) for row in kept] == [body]


async def one(meta: Meta, column: str) -> Any:
    async with meta.shop.house.db.begin() as tx:
        row = await tx.row("SELECT owner, last_inbound_at FROM conversation")
    assert row is not None
    return row[column]


async def parcel_delivered(meta: Meta, number: str) -> str:
    """News of a parcel for the only customer, at noon, 30 hours after his last words. Returns his conversation."""
    house = meta.shop.house
    noon = house.world.shop.local(house.clock.now()).replace(hour=12) + timedelta(days=2)
    house.turns.clock = house.turns.lanes.clock = StandingClock(noon)
    meta.graph.late = timedelta(hours=30)
    async with house.db.begin() as tx:
        conversation = await tx.row(
            "UPDATE conversation SET last_inbound_at = %s RETURNING id, customer_id", noon - timedelta(hours=30)
        )
        assert conversation is not None
        await tell_customer(
            tx, conversation["customer_id"], ShipmentMoved(order="o1", number=number, status="delivered", at=noon)
        )
    for _ in range(2):
        await house.turns.settle(conversation["id"])
    await quiet(meta)
    return str(conversation["id"])


async def test_news_with_no_legal_path_is_one_task_at_the_desk_and_is_not_sent(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    calls = len(meta.graph.calls)
    conversation = await parcel_delivered(meta, "A-7")
    assert [call for call in meta.graph.calls[calls:] if "message" in call] == []
    told = await tasks(meta)
    assert len(told) == 1
    assert "wrote more than 24 hours ago, and this channel is closed to news of an order" in told[0]
    assert "A-7" in told[0]
    async with meta.shop.house.db.begin() as tx:
        waiting = await list_conversations(tx, "waiting")
        said = await tx.rows("SELECT status FROM outbox ORDER BY id DESC LIMIT 1")
    assert [(row.id, row.reason, row.owner) for row in waiting] == [(conversation, "unsent", "bot")]
    assert said == [{"status": "refused"}]
    manager = ownership.Manager("m1", "Olga")
    async with meta.shop.house.db.begin() as tx:
        now = meta.shop.house.turns.clock.now()
        await ownership.reply(tx, conversation, manager, "Your parcel is there.", now=now, key="k1", limits={})
    await meta.shop.house.turns.settle(conversation)
    await quiet(meta)
    assert "Your parcel is there." in meta.graph.person("7001").words()
    async with meta.shop.house.db.begin() as tx:
        await ownership.release(tx, conversation, manager, resume=False, now=now)
    await meta.shop.house.turns.settle(conversation)
    await quiet(meta)
    async with meta.shop.house.db.begin() as tx:
        assert await list_conversations(tx, "waiting") == []  # that the bot is back is worth nobody's time


async def test_what_meta_refuses_and_who_is_gone_are_tasks_too(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    meta.graph.troubles.append(GraphError(551, 1545041, "This person isn't available right now."))
    await meta.deliver(*meta.graph.says("7001", "show my cart"))
    await quiet(meta)
    [gone] = await tasks(meta)
    assert "cannot be reached" in gone
    await parcel_delivered(meta, "A-8")
    told = await tasks(meta)
    assert ["A-8" in text for text in told] == [False, True]
    await meta.deliver(*meta.graph.says("7001", "I want to talk to a human"))
    await quiet(meta)
    async with meta.shop.house.db.begin() as tx:
        waiting = await list_conversations(tx, "waiting")
    assert [row.reason for row in waiting] == ["asked"]  # who asks for a person counts for more than what was not sent


async def test_what_cannot_be_read_back_is_a_task_as_well(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    async with meta.shop.house.db.begin() as tx:
        row = await tx.row(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                   attempts, error, at)
               SELECT 'old', id, 'bot', '', epoch, '{"parts": 7}', '[]', 'queued', now(), %s, '', now()
               FROM conversation RETURNING conversation_id""",
            MOST_TRIES,
        )
    assert row is not None
    await meta.shop.house.turns.lanes.drain(row["conversation_id"])
    assert await tasks(meta) == ["ValidationError: [nothing that can be shown]"]


async def test_after_a_day_only_a_manager_may_write(database_url: str, meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await asyncio.wait_for(meta.shop.house.turns.drain(), 20)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE conversation SET last_inbound_at = last_inbound_at - interval '25 hours'")
        conversation = await tx.row("SELECT id, epoch FROM conversation")
        assert conversation is not None
        for author in ("bot", "manager"):
            said = Fitted(parts=(TextPart(text=f"by {author}"),), author=author)
            await tx.execute(
                """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                       attempts, error, at)
                   VALUES (%s, %s, %s, %s, %s, %s, '[]', 'queued', now(), 0, '', now())""",
                author, conversation["id"], author, "m1" if author == "manager" else "", conversation["epoch"],
                said.model_dump_json(),
            )  # fmt: skip
    meta.graph.late = timedelta(hours=25)
    calls = len(meta.graph.calls)
    await meta.shop.house.turns.lanes.drain(conversation["id"])
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT author, status FROM outbox WHERE key IN ('bot', 'manager') ORDER BY id")
    assert [(row["author"], row["status"]) for row in rows] == [("bot", "refused"), ("manager", "sent")]
    tags = [call.get("tag") for call in meta.graph.calls[calls:]]
    assert tags == ["HUMAN_AGENT"]
    assert meta.graph.refusals == []
    assert len(await tasks(meta)) == 1
    assert "by manager" in meta.graph.person("7001").words()


async def test_the_persons_name_is_asked_for_once_and_missed_by_nobody(meta: Meta) -> None:
    meta.graph.person("7001").name = "Ana Petraitė"
    for person, words in (("7001", "hi"), ("7002", "hi"), ("7001", "show my cart")):
        await meta.deliver(*meta.graph.says(person, words))
        await quiet(meta)
    async with asyncio.timeout(20):
        while True:
            async with meta.shop.house.db.begin() as tx:
                rows = await tx.rows(
                    """SELECT v.name, c.name AS customer FROM conversation v JOIN customer c ON c.id = v.customer_id
                       ORDER BY v.peer"""
                )
            if rows[0]["customer"]:
                break
            await asyncio.sleep(0.02)
    assert [(row["name"], row["customer"]) for row in rows] == [("Ana Petraitė", "Ana Petraitė"), ("", None)]
    asked = [call["path"].rpartition("/")[2] for call in meta.graph.calls if call["path"].rpartition("/")[2].isdigit()]
    assert asked.count("7001") == 1
    refused = 2 if meta.name == "facebook" else 1  # without the language, too, which may be all that Meta hides
    assert asked.count("7002") == refused


async def test_who_answers_in_metas_own_app_has_taken_over(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    for sent in list(meta.graph.person("7001").seen):  # our own words come back: by their id, and nothing happens
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "whatever Meta makes of it", sent["mid"]))
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "", sent["mid"]))  # of a card, it may make nothing
    assert await one(meta, "owner") == "bot"
    opened = await one(meta, "last_inbound_at")
    delivery = meta.graph.answers_elsewhere("7001", "Hello, Olga here.", app_id=26390203743090)
    for _ in range(2):
        assert await meta.deliver(*delivery) == 200
    assert await one(meta, "owner") == "queue"
    assert await one(meta, "last_inbound_at") == opened  # it was not the person who wrote
    said = len(meta.graph.person("7001").seen)
    await meta.deliver(*meta.graph.says("7001", "add a white mug"))
    await quiet(meta)
    assert len(meta.graph.person("7001").seen) == said
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT fitted, status FROM outbox WHERE author = 'manager'")
    assert [(row["fitted"]["parts"][0]["text"], row["status"]) for row in rows] == [("Hello, Olga here.", "sent")]


async def test_who_has_no_name_on_instagram_is_called_as_his_account(database_url: str) -> None:
    async with GraphServer("instagram") as graph:
        channel = adapter("instagram")(graph.account, graph.token, graph.app_secret, "v", graph.base)
        graph.person("7001").name, graph.person("7002").name = "@ana.k", "Ana Petraitė"
        assert [(await channel.profile(peer)).name for peer in ("7001", "7002")] == ["ana.k", "Ana Petraitė"]
        await channel.close()


# ---- the adapter alone ---------------------------------------------------------------------------


@dataclass
class Alone:
    channel: Any
    graph: GraphServer

    async def send(self, message: Fitted = HELLO, key: str = "k", person: str = "7001") -> None:
        to = Address(channel=self.channel.name, account=self.graph.account, peer=person)
        await self.channel.send(to, message, key=key)


@pytest_asyncio.fixture(params=["facebook", "instagram"])
async def alone(request: pytest.FixtureRequest) -> AsyncIterator[Alone]:
    async with GraphServer(request.param) as graph:
        graph.says("7001", "hi")
        made = adapter(request.param)
        channel = made(
            graph.account, graph.token, graph.app_secret, graph.verify_token, graph.base, "https://shop.example"
        )
        yield Alone(channel, graph)
        await channel.close()


async def test_a_rate_limit_stops_what_was_claimed_before_it_without_asking_again(alone: Alone) -> None:
    alone.graph.usage = 2
    alone.graph.troubles.append(GraphError(613))
    with pytest.raises(TryLater) as first:
        await alone.send()
    calls = len(alone.graph.calls)
    with pytest.raises(TryLater) as second:
        await alone.send(key="k2")
    assert first.value.after == 120.0
    assert 0 < second.value.after <= BRIEF  # and how long it is in all, the database knows
    assert len(alone.graph.calls) == calls


async def test_an_answer_that_went_through_may_ask_for_rest_too(alone: Alone) -> None:
    alone.graph.usage = 1
    await alone.send()
    with pytest.raises(TryLater):
        await alone.send(key="k2")
    assert alone.graph.person("7001").words() == "hello"


async def test_the_rest_of_another_kind_of_call_stops_no_message(alone: Alone) -> None:
    alone.graph.usage = 60
    await alone.channel.graph.get(alone.graph.account)  # of questions, not of messages
    await alone.send()
    assert alone.channel.graph.rest == 3600
    other = Graph(alone.graph.kind, alone.graph.base, alone.graph.token, alone.graph.app_secret.encode())
    alone.graph.usage_of = "ads_management"
    for _ in range(2):
        await other.post("me/messages", {"recipient": {"id": "7001"}, "sender_action": "typing_on"})
    assert other.rest == 0
    await other.close()


async def test_the_log_tells_once_that_meta_is_down_and_once_that_it_is_back(alone: Alone) -> None:
    server, clock = alone.graph, [0.0]
    graph = Graph(server.kind, server.base, server.token, server.app_secret.encode(), now=lambda: clock[0])
    to = {"recipient": {"id": "7001"}}
    server.troubles += ["cut", "cut", GraphError(190, 463, status=401), GraphError(190, 463, status=401)]
    with capture_logs() as lines:
        for _ in range(4):
            with pytest.raises(TryLater):
                await graph.post("me/messages", {**to, "sender_action": "typing_on"})
            clock[0] += 301
            await graph.get(server.account)  # a question that is answered says nothing about sending
        for _ in range(2):
            await graph.post("me/messages", {**to, "sender_action": "typing_on"})
    await graph.close()
    assert [line["event"] for line in lines] == ["meta.down", "meta.down", "meta.back"]
    assert ["reached" in line["reason"] for line in lines[:2]] == [True, False]


async def test_a_picture_that_is_lost_does_not_lose_the_message(alone: Alone) -> None:
    alone.graph.lost_pictures.add("https://shop.example/m.jpg")
    await alone.send(Fitted(parts=(Image(url="/m.jpg", alt="A white mug"),)))
    assert alone.graph.person("7001").words() == "A white mug"


async def test_a_receipt_whose_number_was_used_is_said_in_words(alone: Alone) -> None:
    line = ReceiptLine(title="Mug", money=Money(1200, "EUR"), amount="€12.00")
    paid = Receipt(number="LU-1", recipient="Ana", payment="Card", money=line.money, lines=(line,), total="€12.00")
    for key in ("k1", "k2"):
        await alone.send(Fitted(parts=(paid,)), key=key)
    kinds = [message.get("attachment", {}).get("type") for message in alone.graph.person("7001").seen]
    assert kinds == (["template", None] if alone.graph.kind == "facebook" else [None, None])
    assert alone.graph.person("7001").words().count("12.00") >= 2


async def test_the_graph_server_refuses_what_is_late_and_the_bot_never_takes_the_human_tag(alone: Alone) -> None:
    alone.graph.late = timedelta(hours=24, minutes=1)
    with pytest.raises(Refused):
        await alone.send()
    assert all(call.get("messaging_type") == "RESPONSE" for call in alone.graph.calls)
    alone.graph.late = timedelta(days=8)
    with pytest.raises(Refused):
        await alone.send(Fitted(parts=(TextPart(text="sorry"),), author="manager"), key="k2")


async def test_the_doctor_is_told_what_is_wrong(alone: Alone) -> None:
    assert (await alone.channel.check()).state == "ok"
    (alone.graph.subscribed if alone.graph.kind == "facebook" else alone.graph.of_page).clear()
    health = await alone.channel.check()
    assert (health.state, health.mend) == ("warn", f"shopkeeper webhook set {alone.graph.kind}")
    alone.graph.token = "another"
    health = await alone.channel.check()
    assert health.state == "down"
    assert "190/463" in health.line
    closed = type(alone.channel)(alone.graph.account, "another", alone.graph.app_secret, "", alone.graph.base)
    health = await closed.check()
    assert (health.state, "webhook is closed" in health.line) == ("warn", True)
    await closed.close()


async def test_the_webhook_is_subscribed_to_what_is_read_and_never_without_a_secret(alone: Alone) -> None:
    alone.graph.subscribed, alone.graph.of_page = [], ["messages"]
    address = await alone.channel.set_webhook("https://shop.example/")
    assert address == f"https://shop.example/webhooks/{alone.channel.name}"
    if alone.graph.kind == "facebook":
        assert {"messages", "messaging_postbacks", "message_echoes"} <= set(alone.graph.subscribed)
    else:  # by Facebook's login: any field of the Page, and what Messenger has of it stays
        assert alone.graph.of_page == ["feed", "messages"]
    closed = type(alone.channel)(alone.graph.account, alone.graph.token, "", "", alone.graph.base)
    with pytest.raises(ShopkeeperError, match=r"__APP_SECRET and VERIFY_TOKEN"):
        await closed.set_webhook("https://shop.example")
    await closed.close()


async def test_the_commands_set_and_check_the_webhook() -> None:
    async with GraphServer("facebook") as graph:
        page = {
            "page_id": graph.account,
            "page_token": graph.token,
            "app_secret": graph.app_secret,
            "verify_token": "v",
        }
        given = read_settings(
            env_file=None, public_url="https://shop.example", facebook={**page, "api_base": graph.base}
        )
        graph.subscribed = []
        assert (await check_webhook(given, "facebook")).mend == "shopkeeper webhook set facebook"
        assert "https://shop.example/webhooks/facebook" in await set_webhook(given, "facebook")
        assert (await check_webhook(given, "facebook")).state == "ok"
        for name, told in (("instagram", "not set up"), ("telegram", "not set up"), ("pigeon", "no webhook")):
            with pytest.raises(ShopkeeperError, match=told):
                await set_webhook(given, name)


async def test_a_messenger_that_is_set_up_by_half_is_told(database_url: str) -> None:
    for half, missing in (
        ({"facebook": {"page_id": "1"}}, "PAGE_TOKEN"),
        ({"instagram": {"token": "t"}}, "ACCOUNT_ID"),
    ):
        with pytest.raises(ShopkeeperError, match=missing):
            async with open_shop(database_url, **half):
                pass
