"""Being forgotten: Meta's callback is proved, answered with a page, and what was said and known is gone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from app.privacy import close_request, erase_one, work_off
from tests.integration.meta_shop import Meta, meta_shop, quiet
from tests.integration.open_shop import open_shop


@pytest_asyncio.fixture
async def meta(database_url: str) -> AsyncIterator[Meta]:
    async with meta_shop("facebook", database_url) as opened:
        yield opened


async def asked(meta: Meta, signed: str) -> tuple[int, dict[str, str]]:
    form = {"signed_request": signed}
    async with meta.shop.http.post(f"/privacy/{meta.name}/delete", data=form) as answer:
        body = await answer.text()
    return answer.status, json.loads(body) if answer.status == 200 else {}


async def page(meta: Meta, url: str, language: str = "en") -> tuple[int, str]:
    path = "/" + url.split("/", 3)[3]
    async with meta.shop.http.get(path, headers={"Accept-Language": language}) as answer:
        return answer.status, await answer.text()


async def everything(meta: Meta) -> str:
    """All that is kept of anybody, as words."""
    said: list[Any] = []
    async with meta.shop.house.db.begin() as tx:
        names = await tx.rows(
            """SELECT table_name FROM information_schema.tables
               WHERE table_schema = 'public' AND table_name NOT LIKE 'procrastinate%'"""
        )
        for row in names:
            said += [list(found.values()) for found in await tx.rows(f"SELECT * FROM {row['table_name']}")]
    return str(said)


async def worked_off(meta: Meta) -> None:
    house = meta.shop.house
    async with house.db.begin() as tx:
        await tx.execute("UPDATE erasure_request SET due_at = now()")
    await work_off(house.db, house.channels, house.clock)


async def test_who_asks_is_forgotten_and_can_see_it(meta: Meta) -> None:
    meta.graph.person("7001").name = "Ana Petraitė"
    meta.graph.app_scoped["9001"] = "7001"
    for words in ("add a white mug", "my phone is +37060012345, I live at Gedimino 5"):
        await meta.deliver(*meta.graph.says("7001", words))
        await quiet(meta)
    await meta.deliver(*meta.graph.says("7002", "hello from somebody else"))
    await meta.deliver(*meta.graph.comments_on("5", "7001", "price of the gedimino mug?"))
    await quiet(meta)
    assert "Gedimino" in await everything(meta)
    signed = meta.graph.asks_to_be_forgotten("9001")
    status, told = await asked(meta, signed)
    assert (status, set(told)) == (200, {"url", "confirmation_code"})
    assert told["url"].endswith(f"/privacy/status/{told['confirmation_code']}")
    assert (await asked(meta, signed))[1] == told  # twice is once
    assert "has come in" in (await page(meta, told["url"]))[1]
    await worked_off(meta)
    left = (await everything(meta)).casefold()
    for word in ("gedimino", "37060012345", "petrait", "7001", "9001"):
        assert word not in left, word
    assert "7002" in left
    assert "Everything is deleted" in (await page(meta, told["url"]))[1]
    assert "Усе видалено" in (await page(meta, told["url"], "uk-UA,uk;q=0.9"))[1]
    await meta.deliver(*meta.graph.says("7001", "hi again"))  # a stranger now
    await quiet(meta)
    assert "a bot" in meta.graph.words_of(meta.graph.person("7001").seen[-1])


async def test_only_meta_may_ask(meta: Meta) -> None:
    good = meta.graph.asks_to_be_forgotten("9001")
    mark, _, payload = good.partition(".")
    other = meta.graph.asks_to_be_forgotten("9002").partition(".")[2]
    for wrong in ("", ".", good[:-1], f"{mark}.{other}", payload, "ж.ж", "x" * 100_000, f"{mark}.{payload}.{payload}"):
        assert (await asked(meta, wrong))[0] == 403, wrong
    for form in ({}, {"algorithm": "none"}, {"user_id": ["9"]}):
        signed = meta.graph.asks_to_be_forgotten("9001", **form)
        assert (await asked(meta, signed))[0] == (200 if not form else 403), form
    async with meta.shop.http.post("/privacy/webchat/delete", data={"signed_request": good}) as answer:
        assert answer.status == 404
    async with meta.shop.http.get("/privacy/status/" + "x" * 30) as answer:
        assert (answer.status, "do not know this code" in await answer.text()) == (404, True)


async def test_an_order_under_way_keeps_its_address_until_it_ends(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    async with meta.shop.house.db.begin() as tx:
        row = await tx.row("SELECT customer_id FROM conversation")
    assert row is not None
    await meta.shop.placed(row["customer_id"])
    meta.graph.app_scoped["9001"] = "7001"
    _, told = await asked(meta, meta.graph.asks_to_be_forgotten("9001"))
    await worked_off(meta)
    assert "still under way" in (await page(meta, told["url"]))[1]
    assert "Gedimino 5" in await everything(meta)
    async with meta.shop.house.db.begin() as tx:
        await tx.execute("UPDATE shop_order SET status = 'delivered'")
    await worked_off(meta)
    assert "Everything is deleted" in (await page(meta, told["url"]))[1]
    left = await everything(meta)
    assert ("Gedimino 5" in left, "7001" in left, "MUG-white" in left) == (False, False, True)


async def test_who_cannot_be_told_is_a_task_for_a_person(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    _, told = await asked(meta, meta.graph.asks_to_be_forgotten("9009"))
    await worked_off(meta)
    assert "A person looks after it" in (await page(meta, told["url"]))[1]
    async with meta.shop.house.db.begin() as tx:
        task = await tx.row("SELECT text FROM task WHERE kind = 'privacy'")
        row = await tx.row("SELECT customer_id FROM conversation")
        assert task is not None
        assert row is not None
        assert told["confirmation_code"] in task["text"]
        now = meta.shop.house.clock.now()
        assert await erase_one(tx, row["customer_id"], now)
        await close_request(tx, told["confirmation_code"], now)
    assert "Everything is deleted" in (await page(meta, told["url"]))[1]


async def test_a_platform_that_names_nobody_leaves_it_to_a_person(meta: Meta) -> None:
    await meta.deliver(*meta.graph.says("7001", "hi"))
    await quiet(meta)
    meta.graph.app_scoped["9001"] = ""  # the person has no id for this Page
    _, told = await asked(meta, meta.graph.asks_to_be_forgotten("9001"))
    await worked_off(meta)
    assert "A person looks after it" in (await page(meta, told["url"]))[1]
    meta.graph.app_scoped["9002"] = "7999"  # somebody who never wrote to the shop
    _, told = await asked(meta, meta.graph.asks_to_be_forgotten("9002"))
    await worked_off(meta)
    assert "Everything is deleted" in (await page(meta, told["url"]))[1]


async def test_who_only_wrote_under_a_post_is_forgotten_too(meta: Meta) -> None:
    await meta.deliver(*meta.graph.comments_on("5", "7003", "Such a lovely zzgardenzz"))
    await quiet(meta)
    assert "zzgardenzz" in await everything(meta)
    meta.graph.app_scoped["9003"] = "7003"
    _, told = await asked(meta, meta.graph.asks_to_be_forgotten("9003"))
    await worked_off(meta)
    assert "zzgardenzz" not in await everything(meta)
    assert "Everything is deleted" in (await page(meta, told["url"]))[1]


@pytest.mark.parametrize("said", ["add a white mug", "I want to talk to a human"])
async def test_a_visitor_of_the_web_chat_is_forgotten_with_his_log(database_url: str, said: str) -> None:
    from integrations.messenger.webchat import WebChat, read_frame

    async with open_shop(database_url) as shop:
        chat = shop.house.channels["webchat"]
        assert isinstance(chat, WebChat)
        peer = (await chat.open()).peer
        frame = {"type": "text", "id": "00000000-0000-4000-8000-000000000001", "text": f"{said} for Gedimino"}
        _, raw = await chat.receive(peer, read_frame(frame))
        await shop.house.turns.receive(raw)
        async with shop.house.db.begin() as tx:
            row = await tx.row("SELECT id, customer_id FROM conversation WHERE peer = %s", peer)
        assert row is not None
        await shop.house.turns.settle(row["id"])
        async with shop.house.db.begin() as tx:
            assert await erase_one(tx, row["customer_id"], shop.house.clock.now())
        left = await everything(Meta("webchat", shop, None))  # type: ignore[arg-type]
        assert "Gedimino" not in left
        async with shop.house.db.begin() as tx:
            assert await tx.rows("SELECT peer FROM web_conversation") == []
