"""The web chat on real sockets: what a client sees, over lost connections, several tabs and several processes."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from base.db import Database
from base.errors import BadSignature, Unreachable
from base.tables import datetime
from bot.messages import Card, Cards, Choice, Fitted, Image, Link, Location, Noticed, Photo, Start, Tap, Text
from integrations.messenger.webchat import WebChat, forget
from tests.integration.webchat_client import Serve, Shop, say, text_frame, web_chats


@pytest_asyncio.fixture
async def serve(db: Database) -> AsyncIterator[Serve]:
    async with web_chats(db) as start:
        yield start


@pytest_asyncio.fixture
async def shop(serve: Serve) -> Shop:
    return await serve()


# ---- a conversation ------------------------------------------------------------------------------


async def test_a_newcomer_is_greeted_at_once_with_real_choices(shop: Shop) -> None:
    token, peer = await shop.start(source="instagram-ad", locale="pt_BR")
    async with shop.connect(token) as client:
        await client.count(1)
    seq, message = client.messages[0]
    assert seq == 1
    assert message["from"] == "bot"
    assert message["parts"] == [
        {"type": "text", "text": "Hello!"},
        {"type": "choices", "choices": [{"title": "Gifts", "payload": "q1:gifts"}]},
    ]
    inbound = shop.bot.heard[0].inbounds[0]
    assert inbound.address.peer == peer
    assert inbound.content == Start(source="instagram-ad")
    assert inbound.profile.locale == "pt-BR"


async def test_a_message_is_acknowledged_logged_and_answered_in_this_order(shop: Shop) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        frame = text_frame("Is the black mug in stock? 🕯️ ñ")
        ack = await client.answer_to(frame)
        await client.count(3)
    assert ack == {"type": "ack", "id": frame["id"], "seq": 2}
    assert [(seq, m["from"]) for seq, m in client.messages] == [(1, "bot"), (2, "customer"), (3, "bot")]
    assert client.messages[1][1]["id"] == frame["id"]
    assert client.texts()[1:] == ["Is the black mug in stock? 🕯️ ñ", "You said: Is the black mug in stock? 🕯️ ñ"]
    inbound = shop.bot.heard[1].inbounds[0]
    assert (inbound.event_key, inbound.order) == (f"{peer}:{frame['id']}", 2)


async def test_a_tap_carries_the_title_of_its_button(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        await client.answer_to({"type": "tap", "id": str(uuid.uuid4()), "payload": "q1:gifts"})
        await client.answer_to({"type": "tap", "id": str(uuid.uuid4()), "payload": "forged"})
        await client.count(5)
    assert shop.bot.contents()[1:] == [Tap(payload="q1:gifts", title="Gifts"), Tap(payload="forged", title="")]
    assert [m["parts"][0]["text"] for _, m in client.messages if m["from"] == "customer"] == ["Gifts", "…"]  # type: ignore[index]


async def test_a_place_and_a_photo_reach_the_bot(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as client:
        await client.answer_to({"type": "location", "id": str(uuid.uuid4()), "lat": 54.68, "lon": 25.28})
        await client.answer_to({"type": "photo", "id": str(uuid.uuid4()), "url": "https://pictures.example/mug.jpg"})
    assert shop.bot.contents()[1:] == [
        Location(lat=54.68, lon=25.28),
        Photo(reference="https://pictures.example/mug.jpg"),
    ]


async def test_pictures_and_links_of_the_shop_get_a_full_address(shop: Shop) -> None:
    token, peer = await shop.start()
    card = Card(title="Mug", image="/media/MUG.svg", price="12.00", buttons=(Choice(title="Add", payload="add:MUG"),))
    message = Fitted(
        parts=(
            Cards(cards=(card,)),
            Image(url="https://elsewhere.example/a.png", alt="A"),
            Link(title="Pay", url="/pay/x"),
        )
    )
    await shop.chat.send(shop.chat.address(peer), message, key="m1")
    async with shop.connect(token, last_seq=1) as client:
        await client.next()
    cards, image, link = client.messages[0][1]["parts"]  # type: ignore[misc]
    assert cards["cards"][0]["image"] == "https://lumo.example/media/MUG.svg"  # type: ignore[has-type]
    assert cards["cards"][0]["buttons"] == [{"title": "Add", "payload": "add:MUG"}]  # type: ignore[has-type]
    assert image["url"] == "https://elsewhere.example/a.png"  # type: ignore[has-type]
    assert link == {"type": "link", "title": "Pay", "url": "https://lumo.example/pay/x"}  # type: ignore[has-type]


async def test_the_typing_sign_reaches_open_sockets(shop: Shop) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        await client.count(1)
        await shop.chat.typing(shop.chat.address(peer))
        assert await client.next() == {"type": "typing", "on": True}


async def test_what_was_seen_is_told_once_and_of_messages_that_are_there(shop: Shop) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        await client.count(1)
        for _ in range(2):
            await client.send({"type": "seen", "seq": 1})
        await client.send({"type": "seen", "seq": 7})
        refused = await client.answer_to({"type": "seen", "seq": "all"})
        assert refused["code"] == "bad_frame"
    (message,) = [message for _, message in client.messages if message["from"] == "bot"][:1]
    (noticed,) = [one for raw in shop.bot.heard for one in raw.inbounds if isinstance(one.content, Noticed)]
    assert (noticed.content.how, noticed.message) == ("read", message["id"])
    assert noticed.content.until.isoformat() == message["at"]
    assert noticed.address.peer == peer


# ---- nothing lost, nothing twice -----------------------------------------------------------------


async def test_over_many_reconnects_each_message_comes_exactly_once(shop: Shop) -> None:
    token, peer = await shop.start()
    to = shop.chat.address(peer)
    seen: list[tuple[int, str]] = []
    sending = asyncio.create_task(_send_all(shop.chat, peer, 60))
    while len(seen) < 61:
        async with shop.connect(token, last_seq=seen[-1][0] if seen else 0) as client:
            for _ in range(7):
                if len(seen) + len(client.messages) == 61:
                    break
                await client.next()
        seen += [(seq, text) for (seq, _), text in zip(client.messages, client.texts(), strict=True)]
    await sending
    assert seen == [(1, "Hello!")] + [(n + 2, f"message {n}") for n in range(60)]
    async with shop.connect(token, last_seq=61) as client:
        await client.silence()
    assert to.peer == peer


async def _send_all(chat: WebChat, peer: str, number: int) -> None:
    for n in range(number):
        await chat.send(chat.address(peer), say(f"message {n}"), key=f"k{n}")


async def test_two_tabs_show_the_same_thread(shop: Shop) -> None:
    token, _ = await shop.start()
    async with shop.connect(token) as first, shop.connect(token) as second:
        await first.answer_to(text_frame("from the first"))
        await second.answer_to(text_frame("from the second"))
        await first.count(5)
        await second.count(5)
    assert first.messages == second.messages


async def test_the_same_frame_twice_has_one_effect_and_the_same_ack(shop: Shop) -> None:
    token, _ = await shop.start()
    frame = text_frame("two mugs")
    async with shop.connect(token) as client:
        first = await client.answer_to(frame)
    async with shop.connect(token) as client, shop.connect(token) as other:
        again = await client.answer_to(frame)
        third = await other.answer_to({**frame, "id": str(frame["id"]).upper()})
        await client.count(3)
        await client.silence()
    assert first == again == {"type": "ack", "id": frame["id"], "seq": 2}
    assert third["seq"] == 2
    assert shop.bot.contents()[1:] == [Text(text="two mugs")]


async def test_a_frame_that_could_not_be_delivered_is_refused_and_can_be_sent_again(shop: Shop) -> None:
    token, _ = await shop.start()
    frame = text_frame("two mugs")
    async with shop.connect(token) as client:
        shop.bot.failing = True
        refused = await client.answer_to(frame)
        shop.bot.failing = False
        taken = await client.answer_to(frame)
        await client.count(3)
    assert (refused["type"], refused["code"], refused["id"]) == ("error", "unavailable", frame["id"])
    assert taken == {"type": "ack", "id": frame["id"], "seq": 2}
    assert client.texts() == ["Hello!", "two mugs", "You said: two mugs"]


async def test_a_sending_that_is_tried_again_is_shown_once(shop: Shop) -> None:
    token, peer = await shop.start()
    to = shop.chat.address(peer)
    await asyncio.gather(*(shop.chat.send(to, say("before"), key=f"b{n}") for n in range(8)))  # connections are warm
    tries = await asyncio.gather(*(shop.chat.send(to, say("once"), key="row-7") for _ in range(8)))
    tries.append(await shop.chat.send(to, say("once"), key="row-7"))
    async with shop.connect(token) as client:
        assert await client.count(10) == ["Hello!", *["before"] * 8, "once"]
        await client.silence()
    assert {sent.platform_id for sent in tries} == {client.messages[-1][1]["id"]}


async def test_a_message_sent_by_another_process_is_pushed(serve: Serve) -> None:
    here, there = await serve(), await serve()
    token, peer = await here.start()
    async with here.connect(token) as client:
        await client.count(1)
        await there.chat.send(there.chat.address(peer), say("from the worker"), key="w1")
        assert await client.count(2) == ["Hello!", "from the worker"]


async def test_a_lost_listening_connection_comes_back(shop: Shop, db: Database) -> None:
    token, peer = await shop.start()
    async with shop.connect(token) as client:
        await client.count(1)
        async with db.begin() as tx:
            killed = await tx.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%%' AND pid <> pg_backend_pid()"
            )
        assert killed
        await shop.chat.send(shop.chat.address(peer), say("while deaf"), key="d1")
        assert (await client.count(2))[-1] == "while deaf"
        await shop.chat.send(shop.chat.address(peer), say("hearing again"), key="d2")
        assert (await client.count(3))[-1] == "hearing again"


SENDER = """
import asyncio, sys
from base.db import Database
from bot.messages import Fitted, TextPart
from integrations.messenger.webchat import WebChat

async def main(url, peer, name):
    db = Database(url)
    chat = WebChat(db, "")
    print("ready", flush=True)
    sys.stdin.readline()
    await asyncio.gather(*(
        chat.send(chat.address(peer), Fitted(parts=(TextPart(text=f"{name} {n}"),)), key=f"{name}-{n}")
        for n in range(100)
    ))
    await db.close()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_two_processes_sending_at_once_leave_no_gap_and_no_late_number(shop: Shop, database_url: str) -> None:
    token, peer = await shop.start()
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", SENDER, database_url, peer, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("left", "right")
    ]
    for sender in senders:
        assert sender.stdout is not None
        await asyncio.to_thread(sender.stdout.readline)
    async with shop.connect(token) as client:
        for sender in senders:
            assert sender.stdin is not None
            sender.stdin.write("\n")
            sender.stdin.flush()
        await client.count(201)
        assert [await asyncio.to_thread(sender.wait, 10) for sender in senders] == [0, 0]
        await client.silence()
    for sender in senders:
        sender.communicate()
    assert [seq for seq, _ in client.messages] == list(range(1, 202))
    assert set(client.texts()[1:]) == {f"{name} {n}" for name in ("left", "right") for n in range(100)}


# ---- the port ------------------------------------------------------------------------------------


async def test_an_erased_conversation_is_gone_and_cannot_be_written_to(shop: Shop, db: Database) -> None:
    token, peer = await shop.start()
    async with db.begin() as tx:
        await forget(tx, peer)
    with pytest.raises(Unreachable):
        await shop.chat.send(shop.chat.address(peer), say("anyone?"), key="k")
    async with shop.connect(token) as client:
        assert await client.next() == {"type": "reset"}


async def test_reading_an_update_never_raises(shop: Shop) -> None:
    good = json.dumps(
        {"peer": "p", "type": "text", "id": str(uuid.uuid4()), "text": "hi", "at": "2026-11-24T12:00:00Z"}
    )
    (inbound,) = shop.chat.read_update(good.encode())
    assert inbound.at == datetime.fromisoformat("2026-11-24T12:00:00+00:00")
    for garbage in (
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"peer":"p","type":"text","id":7}',
        b'{"peer":"p","id":"x","type":"v"}',
    ):
        assert list(shop.chat.read_update(garbage)) == []


async def test_there_is_no_webhook_for_the_web_chat(shop: Shop) -> None:
    with pytest.raises(BadSignature):
        shop.chat.authenticate({}, b"{}")


async def test_doctor_sees_the_web_chat(shop: Shop) -> None:
    await shop.start()
    assert (await shop.chat.check()).line == "web chat: 1 conversations seen in the last day"
