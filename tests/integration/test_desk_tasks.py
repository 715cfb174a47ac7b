"""Tasks at the desk: with their reason and their conversation, and done by a person, once."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from base.db import Database
from bot import ownership
from bot.ownership import Duty
from desk.queue import list_conversations
from desk.tasks import NoSuchTask, done, open_tasks
from shop.history import raise_task
from tests.integration.desk_shop import DeskBrowser, DeskShop


@pytest.fixture
async def shop(db: Database) -> AsyncIterator[DeskShop]:
    shop = DeskShop(db)
    await shop.start()
    yield shop
    await shop.close()


@pytest.fixture
async def anna(shop: DeskShop) -> AsyncIterator[DeskBrowser]:
    browser = await shop.signed_in("anna")
    yield browser
    await browser.close()


async def unsent(shop: DeskShop, conversation: str, words: str, key: str) -> str:
    """A message that could not be sent, as `bot/unsent.py` tells of it."""
    now = shop.clock.now()
    async with shop.db.begin() as tx:
        row = await ownership.lock(tx, conversation)
        task = await raise_task(
            tx, "unsent", f"blocked: {words}", key=key, now=now, customer=row["customer_id"], actor=conversation
        )
        duty = Duty(present=False)
        await ownership.call_person(tx, row, reason=ownership.UNSENT, summary={}, now=now, duty=duty)
    return task


async def waiting(shop: DeskShop) -> list[str]:
    async with shop.db.begin() as tx:
        return [row.name for row in await list_conversations(tx, "waiting", now=shop.clock.now())]


async def test_a_task_tells_its_reason_and_leads_to_its_conversation(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation("Ana <b>")
    task = await unsent(shop, conversation, "Your parcel & more\n<i>line two</i>", "u1")
    status, desk = await anna.get("/desk")
    assert (status, "1 task to look at" in desk) == (200, True)
    _, page = await anna.get("/desk/tasks")
    assert "could not be sent" in page
    assert "blocked: Your parcel &amp; more\n&lt;i&gt;line two&lt;/i&gt;" in page
    assert f'href="/desk/conversations/{conversation}"' in page
    assert "Ana &lt;b&gt;" in page
    answer = await anna.post(f"/desk/tasks/{task}/done")
    assert (answer.status, answer.url.path) == (200, "/desk/tasks")
    assert "There is nothing to look at." in await answer.text()
    _, desk = await anna.get("/desk")
    assert "to look at" not in desk


async def test_with_its_last_task_the_talk_leaves_the_list(shop: DeskShop) -> None:
    conversation = await shop.conversation("Ana")
    first, second = [await unsent(shop, conversation, "words", key) for key in ("u1", "u2")]
    assert await waiting(shop) == ["Ana"]
    for task, left in ((first, ["Ana"]), (second, [])):
        async with shop.db.begin() as tx:
            await done(tx, task, shop.anna, now=shop.clock.now())
        assert await waiting(shop) == left
    async with shop.db.begin() as tx:
        rows = await tx.rows("SELECT action, manager_id, details FROM audit ORDER BY id")
        events = await tx.rows("SELECT id FROM conversation_event")
    assert [(row["action"], row["details"]["task"]) for row in rows] == [("task_done", first), ("task_done", second)]
    assert events == []  # the bot had the talk all the time, so nothing is said to the customer


async def test_who_asked_for_a_person_waits_on_whatever_tasks_are_done(shop: DeskShop) -> None:
    conversation = await shop.conversation("Ana")
    task = await unsent(shop, conversation, "words", "u1")
    await shop.asks_for_person(conversation)
    async with shop.db.begin() as tx:
        await done(tx, task, shop.anna, now=shop.clock.now())
    assert await waiting(shop) == ["Ana"]


async def test_a_task_is_done_once_and_a_colleague_is_told(shop: DeskShop, anna: DeskBrowser) -> None:
    async with shop.db.begin() as tx:
        task = await raise_task(tx, "channel", "telegram is down", key="c1", now=shop.clock.now())
    await anna.get("/desk/tasks")
    assert (await anna.post(f"/desk/tasks/{task}/done")).status == 200
    again = await anna.post(f"/desk/tasks/{task}/done")
    assert (again.status, "done already" in await again.text()) == (409, True)
    with pytest.raises(NoSuchTask):
        async with shop.db.begin() as tx:
            await done(tx, "nothing", shop.anna, now=shop.clock.now())


async def test_tasks_of_an_order_know_its_number_and_its_customer(shop: DeskShop) -> None:
    conversation = await shop.conversation("Ana")
    order = await shop.order(conversation, "LU-1", 4500)
    async with shop.db.begin() as tx:
        await raise_task(tx, "delivery", "the parcel came back", key="d1", now=shop.clock.now(), order=order)
        (task,) = await open_tasks(tx)
    assert (task.order, task.name, task.conversation) == ("LU-1", "Ana", conversation)


async def test_only_who_is_signed_in_may_say_done(shop: DeskShop, anna: DeskBrowser) -> None:
    async with shop.db.begin() as tx:
        task = await raise_task(tx, "channel", "telegram is down", key="c1", now=shop.clock.now())
    stranger = shop.browser()
    status, page = await stranger.get("/desk/tasks")
    assert (status, "Password" in page, "telegram" in page) == (200, True, False)
    assert (await stranger.post(f"/desk/tasks/{task}/done", csrf="guessed")).status in (401, 403)
    await stranger.close()
    anna.token = "forged"
    assert (await anna.post(f"/desk/tasks/{task}/done")).status == 403
    async with shop.db.begin() as tx:
        assert len(await open_tasks(tx)) == 1
