"""A comment under a post is answered once, in private, where it asks about goods; the talk goes on from there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from integrations.messenger import adapter
from tests.contracts.graph_server import OWN_LOGIN, GraphError
from tests.integration.meta_shop import Meta, quiet, tasks

POST = "123123123"


@pytest.fixture
def meta(meta: Meta) -> Meta:
    """With a post that shows the candle."""
    meta.graph.posts[POST] = {"caption": "Light for long evenings. #CAN"}
    return meta


async def comments(meta: Meta) -> list[tuple[str, str]]:
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT status, why FROM comment ORDER BY id")
    return [(row["status"], row["why"]) for row in rows]


async def commented(meta: Meta, person: str, text: str, *, post: str = POST, times: int = 1, **more: Any) -> str:
    """What the person was told in private."""
    before = len(meta.graph.person(person).seen)
    delivery = meta.graph.comments_on(post, person, text, **more)
    for _ in range(times):
        assert await meta.deliver(*delivery) == 200
    await meta.shop.house.turns.comments.answer_due()
    return "\n".join(meta.graph.words_of(message) for message in meta.graph.person(person).seen[before:])


async def test_a_question_is_answered_once_and_the_talk_goes_on(meta: Meta) -> None:
    told = await commented(meta, "7001", "price?", times=3)
    assert ("“price?”" in told, "9.50" in told, "a bot" in told or "bot" in told) == (True, True, True)
    await meta.shop.house.turns.comments.answer_due()
    assert len(meta.graph.person("7001").seen) == 1
    assert await comments(meta) == [("answered", "")]
    await meta.deliver(*meta.graph.says("7001", "add two of them to my cart"))  # "them" is what the post shows
    await quiet(meta)
    assert "19.00" in meta.graph.person("7001").words()
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT count(*) AS n FROM conversation")
        said = await tx.rows("SELECT keys, status FROM outbox ORDER BY id LIMIT 1")
    assert rows == [{"n": 1}]
    assert (said[0]["keys"][0], said[0]["status"]) == ("comment.intro", "sent")
    assert meta.graph.refusals == []


@pytest.mark.parametrize("has_written", [True, False])
async def test_who_comments_under_another_id_has_one_conversation(meta: Meta, has_written: bool) -> None:
    meta.graph.known_as["9001"] = "7001"
    if has_written:
        await meta.deliver(*meta.graph.says("7001", "add a white mug"))
        await quiet(meta)
    await commented(meta, "9001", "price?")
    assert "9.50" in meta.graph.person("7001").words()
    before = len(meta.graph.person("7001").seen)
    await meta.deliver(*meta.graph.says("7001", "is it in stock?"))
    await quiet(meta)
    assert "9.50" in str(meta.graph.person("7001").seen[before:])
    async with meta.shop.house.db.begin() as tx:
        assert await tx.rows("SELECT peer FROM conversation") == [{"peer": "7001"}]
        [said] = await tx.rows("SELECT status FROM outbox WHERE keys ? 'comment.intro'")
    assert said["status"] == "sent"


async def test_it_is_answered_in_the_language_of_the_comment(meta: Meta) -> None:
    assert "9,50" in (told := await commented(meta, "7001", "скільки коштує ця свічка?"))
    assert "Вітаю! Я бот магазину" in told


async def test_what_asks_for_nothing_opens_nothing(meta: Meta) -> None:
    for words in ("❤️❤️", "so beautiful", "@anna look at this"):
        assert await commented(meta, "7001", words) == ""
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT (SELECT count(*) FROM conversation) + (SELECT count(*) FROM customer) AS n")
    assert rows == [{"n": 0}]
    assert [status for status, _ in await comments(meta)] == ["left"] * 3


async def test_no_window_opens_before_the_person_answers(meta: Meta) -> None:
    await commented(meta, "7001", "price?")
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT last_inbound_at FROM conversation")
    assert rows == [{"last_inbound_at": None}]


async def test_a_talk_under_way_keeps_its_question_and_a_persons_talk_is_left_to_him(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "add a white mug"))
    await quiet(meta)
    await meta.deliver(*meta.graph.says("7001", "checkout"))
    await quiet(meta)
    assert "9.50" in await commented(meta, "7001", "price?")
    await meta.deliver(*meta.graph.says("7001", "Ana Petraitė"))  # the answer to what the checkout had asked
    await quiet(meta)
    assert "phone" in meta.graph.words_of(meta.graph.person("7001").seen[-1]).lower()
    await meta.deliver(*meta.graph.says("7001", "I want to talk to a human"))
    await quiet(meta)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE conversation SET owner = 'queue'")
    assert await commented(meta, "7001", "and this one, how much?") == ""
    assert (await comments(meta))[-1] == ("left", "a person has this conversation")


async def test_a_post_that_nobody_knows_is_asked_about(meta: Meta) -> None:
    assert "cannot tell which of our goods" in await commented(meta, "7001", "how much is this?", post="99")
    assert "12.00" in await commented(meta, "7002", "how much is the white mug?", post="99")


async def test_too_late_trouble_and_what_meta_refuses_are_at_the_desk(meta: Meta) -> None:
    old = int(meta.graph.now().timestamp()) - 8 * 86_400
    if meta.name == "facebook":
        assert await commented(meta, "7001", "price?", created_time=old) == ""
        assert (await comments(meta))[-1][0] == "late"
    assert await commented(meta, "7002", "my order never came") == ""
    meta.graph.troubles.append(GraphError(10900, 0, "Activity already replied to"))
    assert await commented(meta, "7003", "price?") == ""
    assert (await comments(meta))[-1][0] == "refused"
    told = await tasks(meta, "comment")
    assert any("my order never came" in text for text in told)
    assert any("could not be answered: Meta refused" in text for text in told)


async def test_a_hiccup_is_tried_again_and_a_death_after_the_claim_too(meta: Meta) -> None:
    meta.graph.troubles.append(GraphError(2, 0, status=500))
    assert await commented(meta, "7001", "price?") == ""
    for expected in ("sending", "answered"):
        assert (await comments(meta))[-1][0] == expected
        async with meta.shop.house.db.begin() as tx:
            await tx.execute("UPDATE comment SET due_at = now()")
        await meta.shop.house.turns.comments.answer_due()
    assert len(meta.graph.person("7001").seen) == 1


async def again(meta: Meta) -> None:
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE comment SET due_at = now()")
    await meta.shop.house.turns.comments.answer_due()


async def test_an_answer_of_whose_arrival_nobody_heard_is_no_trouble(meta: Meta) -> None:
    meta.graph.troubles.append("lost")
    told = await commented(meta, "7001", "price?")
    await again(meta)
    assert await comments(meta) == [("answered", "")]
    assert await tasks(meta, "comment") == []
    async with meta.shop.house.db.begin() as tx:
        [row] = await tx.rows("SELECT status, fitted FROM outbox")
    assert (row["status"], row["fitted"]["parts"][0]["text"] in told) == ("sent", True)
    message = meta.graph.person("7001").seen[-1]
    await meta.deliver(*meta.graph.answers_elsewhere("7001", message["text"], message["mid"]))
    async with meta.shop.house.db.begin() as tx:
        assert await tx.rows("SELECT owner FROM conversation") == [{"owner": "bot"}]
        assert await tx.rows("SELECT platform_id FROM outbox") == [{"platform_id": message["mid"]}]


async def test_what_somebody_else_answered_while_the_account_rested_is_at_the_desk(meta: Meta) -> None:
    meta.graph.troubles.append(GraphError(613))
    await commented(meta, "7001", "price?")
    meta.graph.comments[next(iter(meta.graph.comments))]["answered"] = True
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE channel_state SET halted_until = now()")
    meta.shop.house.channels[meta.name].graph._closed_until = 0.0  # type: ignore[attr-defined]
    await again(meta)
    assert [status for status, _ in await comments(meta)] == ["refused"]
    assert len(await tasks(meta, "comment")) == 1


async def test_our_own_words_other_accounts_and_changes_are_nobodys_question(meta: Meta) -> None:
    await commented(meta, meta.graph.account, "price?")
    body, _ = meta.graph.comments_on(POST, "7001", "price?")
    changed = (
        body.replace(b'"verb":"add"', b'"verb":"remove"')
        if meta.name == "facebook"
        else body.replace(b'"field":"comments"', b'"field":"story_insights"')
    )
    for other in (changed, body.replace(f'"id":"{meta.graph.account}","time"'.encode(), b'"id":"0","time"')):
        assert other != body
        await meta.deliver(other, {"X-Hub-Signature-256": f"sha256={meta.graph.signature(other)}"})
    assert await comments(meta) == []


async def test_a_question_in_a_live_broadcast_is_answered_too(meta: Meta) -> None:
    if meta.name == "facebook":
        pytest.skip("Messenger knows no comments of a broadcast")
    body, _ = meta.graph.comments_on(POST, "7001", "price?")
    live = body.replace(b'"field":"comments"', b'"field":"live_comments"').replace(b'"FEED"', b'"LIVE"')
    assert await meta.deliver(live, {"X-Hub-Signature-256": f"sha256={meta.graph.signature(live)}"}) == 200
    await meta.shop.house.turns.comments.answer_due()
    assert "9.50" in meta.graph.person("7001").words()


async def test_a_shop_that_may_not_read_comments_is_subscribed_to_the_rest(meta: Meta) -> None:
    channel: Any = meta.shop.house.channels[meta.name]
    if meta.name == "instagram":  # by its own login
        there, base = meta.graph, meta.graph.base + OWN_LOGIN
        channel = adapter("instagram")(there.account, there.token, there.app_secret, there.verify_token, base)
    await channel.set_webhook("https://shop.example")
    assert set(channel.comments) <= set(meta.graph.subscribed)
    meta.graph.denied = set(channel.comments)
    await channel.set_webhook("https://shop.example")
    assert (meta.graph.denied & set(meta.graph.subscribed), "messages" in meta.graph.subscribed) == (set(), True)


async def answered_enough(meta: Meta, account: str) -> None:
    """As many comments of the account were answered in this hour as are answered in one."""
    now = meta.shop.house.clock.now()
    async with meta.shop.house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO comment (channel, account, comment, author, name, about, text, written_at, received_at,
                   status, why, keys, due_at, attempts, answered_at)
               SELECT %s, %s, 'x' || n, 'y', '', '{}', 'price?', %s, %s, 'answered', '', '[]', now(), 1, %s
               FROM generate_series(1, 700) n""",
            meta.name, account, now, now, now - timedelta(minutes=5),
        )  # fmt: skip


async def test_no_more_in_an_hour_than_meta_takes(meta: Meta) -> None:
    await commented(meta, "7001", "price?")
    await answered_enough(meta, meta.graph.account)
    assert await commented(meta, "7002", "price?") == ""
    assert (await comments(meta))[-1][0] == "new"
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE comment SET answered_at = answered_at - interval '1 hour' WHERE author = 'y'")
    await meta.shop.house.turns.comments.answer_due()
    assert (await comments(meta))[-1][0] == "answered"


async def test_who_has_answered_enough_keeps_no_other_account_waiting(meta: Meta) -> None:
    await commented(meta, "7001", "price?")
    await answered_enough(meta, "another")
    async with meta.shop.house.db.begin() as tx:
        await tx.execute(
            """INSERT INTO comment (channel, account, comment, author, name, about, text, written_at, received_at,
                   status, why, keys, due_at, attempts)
               SELECT channel, 'another', 'w' || n, 'z', '', about, text, written_at, received_at, 'new', '', '[]',
                      now(), 0
               FROM comment, generate_series(1, 3) n WHERE author = '7001'"""
        )
    assert "9.50" in await commented(meta, "7002", "price?")
