"""A manager who writes in Messenger is shown with his own name and picture: made once, made anew once, never needed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from base.ids import new_id
from bot import ownership
from bot.ownership import Manager
from integrations.meta.messenger import MetaMessenger
from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, meta_shop, quiet

RASA = Manager("m1", "Rasa")


@pytest_asyncio.fixture
async def meta(database_url: str) -> AsyncIterator[Meta]:
    async with meta_shop("facebook", database_url, public_url="https://shop.example") as opened:
        await opened.deliver(*opened.graph.says("7001", "hi"))
        await quiet(opened)
        yield opened


async def writes(meta: Meta, *said: str, manager: Manager = RASA) -> None:
    house = meta.shop.house
    async with house.db.begin() as tx:
        [row] = await tx.rows("SELECT id FROM conversation WHERE peer = '7001'")
        for words in said:
            await ownership.reply(tx, row["id"], manager, words, now=house.clock.now(), key=new_id(), limits={})
    await house.turns.settle(row["id"])
    await quiet(meta)


def seen(meta: Meta, *words: str) -> list[tuple[str, str]]:
    """Under which name the person saw these words, and how they began."""
    messages = [one for one in meta.graph.person("7001").seen if any(said in one.get("text", "") for said in words)]
    return [(one.get("shown_as", ""), one["text"]) for one in messages]


def made(meta: Meta) -> int:
    return sum(call["path"].endswith("/personas") for call in meta.graph.calls)


def forget_all(meta: Meta) -> None:
    """What another process knows."""
    channel = meta.shop.house.channels["facebook"]
    assert isinstance(channel, MetaMessenger)
    assert channel._personas is not None
    channel._personas._known.clear()


async def test_a_manager_is_shown_by_name_and_the_bot_is_not(meta: Meta) -> None:
    await writes(meta, "one moment, please", "here you are")
    assert seen(meta, "one moment", "here you") == [
        ("Rasa from Lumo", "one moment, please"),
        ("Rasa from Lumo", "here you are"),
    ]
    [persona] = meta.graph.personas.values()
    assert persona["profile_picture_url"] == "https://shop.example/desk/static/manager.png"
    assert not any("shown_as" in one for one in meta.graph.person("7001").seen[:-2])
    async with meta.shop.http.get("/desk/static/manager.png") as answer:
        assert (answer.status, (await answer.read())[:4]) == (200, b"\x89PNG")


async def test_a_persona_is_made_once_by_all_processes(meta: Meta) -> None:
    channel = meta.shop.house.channels["facebook"]
    assert isinstance(channel, MetaMessenger)
    personas = channel._personas
    assert personas is not None
    found = await asyncio.gather(*(personas.of("Rasa") for _ in range(8)))
    assert made(meta) == 1
    assert len({one for one in found if one}) == 1  # who came while it was made sends without it
    forget_all(meta)
    assert await personas.of("Rasa") in found
    assert made(meta) == 1


async def test_a_persona_that_was_deleted_is_made_anew_once(meta: Meta) -> None:
    await writes(meta, "first")
    meta.graph.personas.clear()
    await writes(meta, "second")
    assert seen(meta, "second") == [("", "Rasa:\nsecond")]  # sent all the same, with the name in the words
    await writes(meta, "third")
    assert seen(meta, "third") == [("Rasa from Lumo", "third")]
    for n in range(3):
        meta.graph.personas.clear()
        await writes(meta, f"later {n}")
        assert seen(meta, f"later {n}") == [("", f"Rasa:\nlater {n}")]
    assert made(meta) == 2
    assert meta.shop.house.channels["facebook"].graph.rest == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("trouble", [GraphError(100, 0, "no persona for you"), GraphError(200, 0, "not permitted")])
async def test_a_page_that_may_have_none_does_without(meta: Meta, trouble: GraphError) -> None:
    meta.graph.troubles.append(trouble)  # for the call that makes it, which comes first
    await writes(meta, "first")
    forget_all(meta)
    await writes(meta, "second")
    assert seen(meta, "first", "second") == [("", "Rasa:\nfirst"), ("", "Rasa:\nsecond")]
    assert made(meta) == 1


async def test_a_message_that_is_refused_for_itself_costs_no_persona(meta: Meta) -> None:
    await writes(meta, "first")
    meta.graph.troubles += [GraphError(100, 2534015, "Invalid message data")] * 2
    await writes(meta, "second")
    await writes(meta, "third")
    assert seen(meta, "second") == []
    assert seen(meta, "third") == [("Rasa from Lumo", "third")]
    assert made(meta) == 1


@pytest.mark.parametrize(("name", "public_url"), [("instagram", "https://shop.example"), ("facebook", "")])
async def test_where_there_are_none_the_name_stands_in_the_words(database_url: str, name: str, public_url: str) -> None:
    async with meta_shop(name, database_url, public_url=public_url) as meta:
        await meta.deliver(*meta.graph.says("7001", "hi"))
        await quiet(meta)
        await writes(meta, "hello")
        assert (seen(meta, "hello"), made(meta)) == ([("", "Rasa:\nhello")], 0)


async def test_a_page_that_may_not_show_them_sends_without_and_goes_on(meta: Meta) -> None:
    await writes(meta, "first")
    meta.graph.troubles.append(GraphError(10, 0, "not permitted", status=403))
    await writes(meta, "second")
    assert seen(meta, "second") == [("", "Rasa:\nsecond")]
    assert meta.shop.house.channels["facebook"].graph.rest == 0  # type: ignore[attr-defined]
