"""Conversation Routing: another app takes a conversation, gives it back, or has it taken by a manager of ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from base.clock import StandingClock
from bot import ownership
from tests.integration.meta_shop import Meta, quiet, rows, tasks

OTHER = "999"
OLGA = ownership.Manager("m1", "Olga")


@pytest_asyncio.fixture
async def meta(meta: Meta) -> Meta:
    """Somebody has said hi."""
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    return meta


async def conversation(meta: Meta) -> tuple[str, str]:
    async with meta.shop.house.db.begin() as tx:
        [row] = await tx.rows("SELECT id, owner FROM conversation WHERE peer = '7001'")
    return row["id"], row["owner"]


async def owner(meta: Meta) -> str:
    return (await conversation(meta))[1]


def said(meta: Meta) -> int:
    return len(meta.graph.person("7001").seen)


async def unsaid(meta: Meta) -> str:
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT text FROM note WHERE kind = 'unsaid' ORDER BY id")
    return "\n".join(row["text"] for row in rows)


async def settled(meta: Meta) -> None:
    for _ in range(2):
        await meta.shop.house.turns.settle((await conversation(meta))[0])
    await quiet(meta)


async def test_a_conversation_that_another_app_has_is_left_to_it_without_a_task_for_every_answer(meta: Meta) -> None:
    meta.graph.threads["7001"] = OTHER  # and nobody has told us
    before = said(meta)
    for words in ("add a white mug", "show my cart"):
        await meta.deliver(*meta.graph.says("7001", words))
        await quiet(meta)
    assert (said(meta), await owner(meta), await tasks(meta)) == (before, "queue", [])
    assert "12.00" in await unsaid(meta)


async def test_what_is_passed_away_and_back_is_a_take_over_and_a_release(meta: Meta) -> None:
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    assert await owner(meta) == "queue"
    await meta.deliver(*meta.graph.passes("7001", meta.graph.app_id))
    await settled(meta)
    assert await owner(meta) == "bot"
    await meta.deliver(*meta.graph.says("7001", "add a white mug"))
    await meta.answered("7001", "12.00")


async def passes(meta: Meta, hours: float) -> None:
    """So much time passes for the shop and for the platform."""
    house = meta.shop.house
    later = StandingClock(house.turns.clock.now() + timedelta(hours=hours))
    house.turns.clock = house.turns.lanes.clock = later
    house.turns._receiving = replace(house.turns._receiving, clock=later)
    meta.graph.late += timedelta(hours=hours)


@pytest.mark.parametrize("taken", ["passed", "echo"])
async def test_after_a_day_of_silence_elsewhere_the_bot_answers_again(meta: Meta, taken: str) -> None:
    await meta.deliver(*meta.graph.says("7001", "add a white mug"))
    await quiet(meta)
    if taken == "passed":
        await meta.deliver(*meta.graph.passes("7001", OTHER))
        await passes(meta, 20)
        await meta.deliver(*meta.graph.in_standby(meta.graph.says("7001", "thanks")))
    else:
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "Olga here.", app_id=int(OTHER)))
        await passes(meta, 20)
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "Anything else?", app_id=int(OTHER)))
    await passes(meta, 20)
    before, words = said(meta), meta.graph.says("7001", "show my cart")
    await meta.deliver(*(meta.graph.in_standby(words) if taken == "passed" else words))
    await quiet(meta)
    assert (said(meta), await owner(meta)) == (before, "queue")  # 20 hours of silence are not enough
    await passes(meta, 5)
    meta.graph.threads.clear()  # as Meta does with an idle conversation
    await meta.deliver(*meta.graph.says("7001", "show my cart"))
    await settled(meta)
    assert await owner(meta) == "bot"
    assert "12.00" in str(meta.graph.person("7001").seen[before:])
    async with meta.shop.house.db.begin() as tx:
        [note] = await tx.rows("SELECT text FROM note WHERE kind = 'event' AND author = 'bot'")
        [handoff] = await tx.rows("SELECT released_at IS NOT NULL AS over, resumed FROM handoff")
    assert ("let this conversation go" if taken == "passed" else "for a day") in note["text"]
    assert handoff == {"over": True, "resumed": True}


async def test_who_waits_for_a_person_still_does_when_another_app_gives_back(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "I want to talk to a human"))
    await quiet(meta)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE conversation SET owner = 'queue'")
    await meta.deliver(*meta.graph.passes("7001", meta.graph.app_id))
    assert await owner(meta) == "queue"


async def test_what_is_said_in_standby_is_read_and_answered_by_nobody_here(meta: Meta) -> None:
    before = said(meta)
    meta.graph.threads["7001"] = OTHER
    await meta.deliver(*meta.graph.in_standby(meta.graph.says("7001", "add a white mug")))
    await quiet(meta)
    assert (said(meta), await owner(meta)) == (before, "queue")
    async with meta.shop.house.db.begin() as tx:
        rows = await tx.rows("SELECT content, status FROM inbound ORDER BY id DESC LIMIT 1")
    assert (rows[0]["content"]["text"], rows[0]["status"]) == ("add a white mug", "seen")


@pytest.mark.parametrize("order", ["repeated", "late"])
async def test_an_old_word_that_it_is_ours_does_not_speak_over_a_person(meta: Meta, order: str) -> None:
    away, ours = meta.graph.passes("7001", OTHER), meta.graph.passes("7001", meta.graph.app_id)
    person = meta.graph.answers_elsewhere("7001", "Olga here.", app_id=26390203743090)
    known = (away, ours, person, meta.graph.again(ours)) if order == "repeated" else (away, person, ours)
    for delivery in known[:-1]:
        await meta.deliver(*delivery)
        await quiet(meta)
    before = said(meta)
    await meta.deliver(*known[-1])
    await settled(meta)
    assert (said(meta), await owner(meta)) == (before, "queue")


@pytest.mark.parametrize("old", ["standby", "passed", "taken"])
async def test_an_old_word_that_another_app_has_it_takes_nothing_from_the_bot(meta: Meta, old: str) -> None:
    lost = {
        "standby": lambda: meta.graph.in_standby(meta.graph.says("7001", "thanks")),
        "passed": lambda: meta.graph.passes("7001", OTHER),
        "taken": lambda: meta.graph.takes("7001", OTHER),
    }[old]()
    back = meta.graph.passes("7001", meta.graph.app_id)
    for delivery in (lost, back, meta.graph.again(lost)):
        await meta.deliver(*delivery)
    await settled(meta)
    assert await owner(meta) == "bot"
    late = meta.graph.in_standby(meta.graph.says("7001", "thank you"))
    await meta.deliver(*meta.graph.passes("7001", meta.graph.app_id))
    await meta.deliver(*late)
    await settled(meta)
    assert await owner(meta) == "bot"
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    assert await owner(meta) == "queue"


async def test_what_a_person_wrote_before_it_was_handed_over_stands_in_the_thread_and_takes_nothing(meta: Meta) -> None:
    late = meta.graph.answers_elsewhere("7001", "Olga here.", app_id=26390203743090)
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    await meta.deliver(*meta.graph.passes("7001", meta.graph.app_id))
    await meta.deliver(*late)
    assert await owner(meta) == "bot"
    async with meta.shop.house.db.begin() as tx:
        assert len(await tx.rows("SELECT 1 FROM outbox WHERE author = 'manager'")) == 1


async def test_what_was_said_to_another_app_is_not_acted_on_when_it_comes_late(meta: Meta) -> None:
    words = meta.graph.in_standby(meta.graph.says("7001", "add a white mug"))
    await meta.deliver(*meta.graph.passes("7001", meta.graph.app_id))
    before = said(meta)
    await meta.deliver(*words)
    await settled(meta)
    assert (said(meta), await owner(meta)) == (before, "bot")
    assert await rows(meta, "SELECT 1 FROM cart WHERE lines <> '[]'") == []
    [heard] = await rows(meta, "SELECT status FROM inbound ORDER BY id DESC LIMIT 1")
    assert heard["status"] == "seen"


async def test_somebody_new_whom_another_app_has_is_answered_by_nobody_here(meta: Meta) -> None:
    words = meta.graph.says("7002", "add a white mug")
    meta.graph.threads["7002"] = OTHER
    await meta.deliver(*meta.graph.in_standby(words))
    await quiet(meta)
    [row] = await rows(meta, "SELECT owner, control_at IS NOT NULL AS known FROM conversation WHERE peer = '7002'")
    assert row == {"owner": "queue", "known": True}
    assert await rows(meta, "SELECT 1 FROM cart WHERE lines <> '[]'") == []
    assert await rows(meta, "SELECT 1 FROM note WHERE kind = 'unsaid'") == []
    [heard] = await rows(meta, "SELECT status FROM inbound ORDER BY id DESC LIMIT 1")
    assert (heard["status"], meta.graph.person("7002").seen) == ("seen", [])


@pytest.mark.parametrize("earlier", ["", "unsent"])
@pytest.mark.parametrize("lost", ["passed", "standby"])
async def test_who_writes_to_us_after_another_app_has_let_go_is_answered_by_the_bot(
    meta: Meta, lost: str, earlier: str
) -> None:
    if earlier:  # a message could not be sent before: nobody waits because of that
        async with meta.shop.house.db.begin() as tx:
            await tx.execute(
                """INSERT INTO handoff (id, conversation_id, reason, summary, asked_at)
                   SELECT 'h1', id, 'unsent', '{}', now() FROM conversation"""
            )
    late = meta.graph.says("7001", "thanks")
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    if lost == "standby":
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "Olga here.", app_id=int(OTHER)))
        await meta.deliver(*meta.graph.in_standby(meta.graph.says("7001", "thank you")))
    await meta.deliver(*late)
    await quiet(meta)
    assert await owner(meta) == "queue", "that was written before"
    meta.graph.threads.clear()
    await meta.deliver(*meta.graph.says("7001", "add a white mug"))
    await meta.answered("7001", "12.00")
    assert await owner(meta) == "bot"
    [handoff] = await rows(meta, "SELECT released_at IS NOT NULL AS over, resumed FROM handoff")
    assert handoff == {"over": True, "resumed": True}


@pytest.mark.parametrize("who", ["somebody there", "a manager of ours", "nobody yet"])
async def test_the_bot_does_not_go_on_over_a_person(meta: Meta, who: str) -> None:
    if who == "nobody yet":
        await meta.deliver(*meta.graph.says("7001", "I want to talk to a human"))
        await quiet(meta)
        async with meta.shop.house.db.begin() as tx:
            await tx.execute("UPDATE conversation SET owner = 'queue'")
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    if who == "somebody there":
        await meta.deliver(*meta.graph.answers_elsewhere("7001", "Olga here.", app_id=26390203743090))
    elif who == "a manager of ours":
        async with meta.shop.house.db.begin() as tx:
            await ownership.take(tx, (await conversation(meta))[0], OLGA, now=meta.shop.house.clock.now())
    meta.graph.threads.clear()
    before = said(meta)
    await meta.deliver(*meta.graph.says("7001", "add a white mug"))
    await quiet(meta)
    assert (said(meta), await owner(meta)) == (before, "m1" if who == "a manager of ours" else "queue")


async def test_a_manager_who_writes_or_hands_back_takes_the_conversation_on_the_platform_too(meta: Meta) -> None:
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    id, _ = await conversation(meta)
    async with meta.shop.house.db.begin() as tx:
        await ownership.reply(tx, id, OLGA, "Olga here.", now=meta.shop.house.clock.now(), key="k1", limits={})
    await settled(meta)
    assert "Olga here." in meta.graph.person("7001").words()
    meta.graph.threads["7001"] = OTHER
    async with meta.shop.house.db.begin() as tx:
        await ownership.release(tx, id, OLGA, resume=True, now=meta.shop.house.clock.now())
    before = said(meta)
    await settled(meta)
    assert (said(meta) > before, await owner(meta), meta.graph.threads) == (True, "bot", {})


async def test_where_it_may_not_be_taken_a_managers_words_are_a_task_and_the_bot_stays_silent(meta: Meta) -> None:
    meta.graph.default_app = False
    await meta.deliver(*meta.graph.passes("7001", OTHER))
    id, _ = await conversation(meta)
    now = meta.shop.house.clock.now()
    async with meta.shop.house.db.begin() as tx:
        await ownership.reply(tx, id, OLGA, "Olga here.", now=now, key="k1", limits={})
    await settled(meta)
    [task] = await tasks(meta)
    assert "Olga here." in task
    async with meta.shop.house.db.begin() as tx:
        await ownership.release(tx, id, OLGA, resume=True, now=now)
    await settled(meta)
    assert await owner(meta) == "queue"


async def test_a_reaction_opens_the_window_of_a_page_and_says_nothing(meta: Meta) -> None:
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE conversation SET last_inbound_at = last_inbound_at - interval '25 hours'")
    before = said(meta)
    heart = {"mid": "m_1", "action": "react", "reaction": "love", "emoji": "❤"}
    for change in ({"action": "unreact"}, {}):
        await meta.deliver(*meta.graph.happens("7001", reaction=heart | change))
        async with meta.shop.house.db.begin() as tx:
            [row] = await tx.rows("SELECT last_inbound_at, turn_due_at FROM conversation")
        since = meta.shop.house.clock.now() - row["last_inbound_at"]
        opened = meta.name == "facebook" and not change
        assert (since < timedelta(hours=24), row["turn_due_at"]) == (opened, None)
    assert said(meta) == before
