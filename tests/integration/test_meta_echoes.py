"""What comes back as an echo: our own message, which has arrived then, or somebody else's, who has taken over."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from bot import echoes
from bot.lanes import Outcome
from bot.messages import Answered
from tests.integration.meta_shop import Meta, owner, quiet

INBOX = 26390203743090
OTHER_APP = 999


@pytest_asyncio.fixture
async def meta(meta: Meta) -> Meta:
    """Somebody has said hi."""
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    return meta


async def in_flight(meta: Meta, parts: str, status: str = "sending", key: str = "on-its-way") -> None:
    """A message of the bot is on its way, and nobody knows yet what became of it."""
    async with meta.shop.house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, token,
                                   lease_until, due_at, attempts, error, at)
               SELECT %s, id, 'bot', '', epoch, %s::jsonb, '[]', %s, 't', now() + interval '1 hour',
                      now() + interval '1 hour', 1, '', now() FROM conversation""",
            key, f'{{"parts": [{parts}]}}', status,
        )  # fmt: skip


async def on_its_way(meta: Meta) -> tuple[str, str | None]:
    async with meta.shop.house.db.begin() as tx:
        [row] = await tx.rows("SELECT status, platform_id FROM outbox WHERE key = 'on-its-way'")
    return row["status"], row["platform_id"]


THANKS = '{"kind": "text", "text": "Thank you!"}'
PICTURE = '{"kind": "image", "url": "/m.jpg", "alt": "A mug"}'


def echoed(meta: Meta, text: str, mid: str = "", **more: Any) -> tuple[bytes, dict[str, str]]:
    """As our own message comes back: a Page's with our app and our mark, Instagram's with neither."""
    if meta.name == "facebook":
        more = {"app_id": int(meta.graph.app_id), **more}
    return meta.graph.answers_elsewhere("7001", text, mid, **more)


async def test_words_that_begin_like_a_message_of_ours_are_a_take_over_all_the_same(meta: Meta) -> None:
    await in_flight(meta, THANKS)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE outbox SET status = 'sent', platform_id = 'm_sent' WHERE key = 'on-its-way'")
    await meta.deliver(*meta.graph.answers_elsewhere("7001", "Thank you! I ship tomorrow."))
    assert await owner(meta) == "queue"


async def test_metas_inbox_is_a_person_also_while_something_is_on_its_way(meta: Meta) -> None:
    await in_flight(meta, THANKS)
    await meta.deliver(*meta.graph.answers_elsewhere("7001", "Thank you!", app_id=INBOX, metadata="on-its-way"))
    assert await owner(meta) == "queue"
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT fitted FROM outbox WHERE author = 'manager'")
    assert [row["fitted"]["parts"][0]["text"] for row in rows] == ["Thank you!"]


async def test_what_has_our_id_is_ours_whatever_app_is_named(meta: Meta) -> None:
    """As where APP_ID is set wrong, or is the other one of the two that an app for Instagram has."""
    for sent in list(meta.graph.person("7001").seen):
        for app in (OTHER_APP, INBOX):
            await meta.deliver(*meta.graph.answers_elsewhere("7001", "as Meta makes it", sent["mid"], app_id=app))
    assert await owner(meta) == "bot"
    await in_flight(meta, THANKS)  # before its id is known: by our mark, or where there is none by its words
    known = ("", {"metadata": "on-its-way"}) if meta.name == "facebook" else ("Thank you!", {})
    await meta.deliver(*meta.graph.answers_elsewhere("7001", known[0], "m_7", app_id=OTHER_APP, **known[1]))
    assert (await on_its_way(meta), await owner(meta)) == (("sent", "m_7"), "bot")
    await meta.deliver(*meta.graph.answers_elsewhere("7001", "Olga here.", "m_olga", app_id=OTHER_APP))
    assert await owner(meta) == "queue"


@pytest.mark.parametrize("status", ["sending", "queued"])
@pytest.mark.parametrize("parts", [THANKS, PICTURE])
async def test_what_comes_back_has_arrived_and_is_not_sent_again(meta: Meta, parts: str, status: str) -> None:
    await in_flight(meta, parts, status)
    shown = {"attachments": [{"type": "image"}]}
    text, more = ("Thank you!", {}) if parts == THANKS else ("", shown)
    for _ in range(2):
        await meta.deliver(*echoed(meta, text, "m_7", **more))
    assert await on_its_way(meta) == ("sent", "m_7")
    assert await owner(meta) == "bot"


@pytest.mark.parametrize("status", ["sending", "queued"])
@pytest.mark.parametrize("kind", ["image", "audio"])
async def test_a_picture_or_a_voice_of_a_person_is_not_the_text_that_is_on_its_way(
    meta: Meta, kind: str, status: str
) -> None:
    await in_flight(meta, THANKS, status)
    await meta.deliver(*meta.graph.answers_elsewhere("7001", "", "m_7", attachments=[{"type": kind}]))
    assert await on_its_way(meta) in ((status, None), ("dropped", None))
    assert await owner(meta) == "queue"


async def test_a_voice_of_a_person_is_not_the_picture_that_is_on_its_way(meta: Meta) -> None:
    await in_flight(meta, PICTURE)
    await meta.deliver(*meta.graph.answers_elsewhere("7001", "", "m_7", attachments=[{"type": "audio"}]))
    assert await owner(meta) == "queue"


async def test_words_that_only_begin_like_what_is_on_its_way_are_a_persons(meta: Meta) -> None:
    await in_flight(meta, '{"kind": "text", "text": "Hello"}')
    await meta.deliver(*meta.graph.answers_elsewhere("7001", "Hello, Olga here", "m_7"))
    assert await owner(meta) == "queue"


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (PICTURE, "A mug"),  # its picture was refused
        (f"{PICTURE}, {THANKS}", "A mug\n\nThank you!"),
        (f'{THANKS}, {{"kind": "link", "title": "Pay", "url": "http://a/b"}}', "Thank you!\n\nPay: http://a/b"),
    ],
)
async def test_our_message_is_known_by_all_that_was_put_into_words(meta: Meta, parts: str, words: str) -> None:
    await in_flight(meta, parts)
    await meta.deliver(*meta.graph.answers_elsewhere("7001", words, "m_7"))
    assert await on_its_way(meta) == ("sent", "m_7")
    assert await owner(meta) == "bot"


async def test_the_mark_tells_whatever_the_words_have_become(meta: Meta) -> None:
    await in_flight(meta, THANKS)
    said = meta.graph.answers_elsewhere("7001", "thank-you", "m_7", metadata="on-its-way")
    await meta.deliver(*said)
    assert await on_its_way(meta) == ("sent", "m_7")
    assert await owner(meta) == "bot"


async def test_a_call_whose_answer_is_lost_shows_one_message_where_its_echo_comes(
    meta: Meta, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.meta.graph.SHORT_WAIT", 3600.0)  # it is not tried again before the echo
    said = len(meta.graph.person("7001").seen)
    meta.graph.troubles.append("lost")
    await meta.deliver(*meta.graph.says("7001", "show my cart"))
    await meta.answered("7001", "cart")
    [message] = meta.graph.person("7001").seen[said:]
    await meta.deliver(*echoed(meta, message.get("text", ""), message["mid"], metadata=message.get("metadata", "")))
    await quiet(meta)
    assert len(meta.graph.person("7001").seen) == said + 1
    assert await owner(meta) == "bot"


async def test_an_echo_does_not_wait_for_who_writes_down_what_became_of_its_message(meta: Meta) -> None:
    await in_flight(meta, THANKS)
    async with meta.shop.house.db.begin() as tx:  # as Lanes does: the message first, then its conversation
        await tx.execute("UPDATE outbox SET status = 'sent', platform_id = 'm_7' WHERE key = 'on-its-way'")
        async with asyncio.timeout(20):
            assert await meta.deliver(*echoed(meta, "Thank you!", "m_7")) == 200
        await tx.execute("UPDATE conversation SET lane_due_at = now()")
    assert await on_its_way(meta) == ("sent", "m_7")
    assert await owner(meta) == "bot"


async def test_an_echo_counts_also_while_its_message_is_put_off(meta: Meta) -> None:
    await in_flight(meta, THANKS)
    house = meta.shop.house
    async with house.db.begin() as tx:  # as the echo is received: the conversation first, then the message
        [row] = await tx.rows("SELECT * FROM conversation FOR UPDATE")
        [message] = await tx.rows("SELECT * FROM outbox WHERE key = 'on-its-way'")
        outcome = Outcome("queued", "no answer in time", after=3600)
        mark = partial(house.turns.lanes._mark, conversation_id=row["id"], row=message, outcome=outcome)
        putting_off = asyncio.create_task(house.db.run(mark))
        await asyncio.sleep(0.3)
        assert await echoes.recognised(tx, row, Answered(text="Thank you!", by="us"), "m_7", now=house.clock.now())
    await putting_off
    assert await on_its_way(meta) == ("sent", "m_7")


async def test_the_private_answer_to_a_comment_is_no_take_over_when_it_is_back_first(meta: Meta) -> None:
    meta.graph.posts["123"] = {"caption": "#CAN"}
    meta.graph.troubles.append("lost")
    await meta.deliver(*meta.graph.comments_on("123", "7001", "price?"))
    await meta.shop.house.turns.comments.answer_due()
    message = meta.graph.person("7001").seen[-1]
    assert "price?" in message["text"]
    await meta.deliver(*meta.graph.answers_elsewhere("7001", message["text"], message["mid"]))
    assert await owner(meta) == "bot"
