"""Each error of Meta's page has one meaning in the adapters, and stops whom it concerns and nobody else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from base.errors import Disallowed, Flooded, Halted, ShopkeeperError
from bot.messages import Address, Fitted, Image, Profile, TextPart
from integrations.messenger import adapter
from tests.contracts.graph_errors import ERRORS, LOST_PICTURES, UNREADABLE, Told
from tests.contracts.graph_server import GraphError, GraphServer

KINDS = ("facebook", "instagram")
HELLO = Fitted(parts=(TextPart(text="hello"),))


@dataclass
class Alone:
    """An adapter and the server, and nothing of the shop."""

    channel: Any
    graph: GraphServer

    async def send(self, person: str, message: Fitted = HELLO) -> None:
        to = Address(channel=self.channel.name, account=self.graph.account, peer=person)
        await self.channel.send(to, message, key=self.graph.mid())

    async def refused(self, person: str) -> ShopkeeperError:
        with pytest.raises(ShopkeeperError) as refusal:
            await self.send(person)
        return refusal.value


@pytest_asyncio.fixture(params=KINDS)
async def alone(request: pytest.FixtureRequest) -> AsyncIterator[Alone]:
    async with GraphServer(request.param) as graph:
        for person in ("7001", "7002"):
            graph.says(person, "hi")
        made = adapter(request.param)
        channel = made(
            graph.account, graph.token, graph.app_secret, graph.verify_token, graph.base, "https://shop.example"
        )
        yield Alone(channel, graph)
        await channel.close()


@pytest.mark.parametrize(
    ("alone", "told"),
    [(kind, told) for told in ERRORS for kind in KINDS if told.on in ("", kind)],
    indirect=["alone"],
    ids=str,
)
async def test_it_means_one_thing_and_stops_whom_it_concerns(alone: Alone, told: Told) -> None:
    whole = told.stops in ("account", "doubted")
    if whole:
        alone.graph.lasting = told.error
    elif told.stops == "person":
        alone.graph.person("7001").lasting = told.error
    else:
        alone.graph.troubles.append(told.error)
    error = await alone.refused("7001")
    assert type(error) is told.means
    assert str(told) in str(error)  # code and subcode are kept
    assert (isinstance(error, Halted), isinstance(error, Disallowed)) == (whole, told.stops == "doubted")

    calls = len(alone.graph.calls)
    if not whole:
        await alone.send("7002")
        assert alone.graph.person("7002").words() == "hello"
    elif told.stops == "doubted":  # it may be that message alone, which shows when others are let try
        assert type(await alone.refused("7002")) is told.means
        alone.graph.lasting = None
        await alone.send("7002")
    else:
        assert isinstance(await alone.refused("7002"), Halted)
        assert len(alone.graph.calls) == calls  # nobody asks again before the time
    if told.stops == "message":
        await alone.send("7001")
    elif told.stops == "person":
        assert type(await alone.refused("7001")) is told.means


@pytest.mark.parametrize("subcode", LOST_PICTURES)
async def test_a_picture_that_meta_does_not_take_goes_in_words(alone: Alone, subcode: int) -> None:
    alone.graph.lost_pictures, alone.graph.why_lost = {"https://shop.example/m.jpg"}, subcode
    await alone.send("7001", Fitted(parts=(Image(url="/m.jpg", alt="A white mug"),)))
    assert alone.graph.person("7001").words() == "A white mug"


@pytest.mark.parametrize(("code", "subcode"), UNREADABLE)
async def test_a_name_that_is_not_told_stops_nothing(alone: Alone, code: int, subcode: int) -> None:
    alone.graph.unreadable = (code, subcode)
    assert await alone.channel.profile("7001") == Profile()
    await alone.send("7001")


async def test_who_was_never_seen_is_out_of_reach(alone: Alone) -> None:
    known = "2534014" if alone.graph.kind == "instagram" else "2018001"
    assert known in str(await alone.refused("9999"))


async def test_too_many_private_replies_stop_no_talk(alone: Alone) -> None:
    alone.graph.private_replies.burst = 0
    alone.graph.comments_on("1", "7003", "price?")
    [comment] = alone.graph.comments
    with pytest.raises(Flooded) as flood:
        await alone.channel.answer_comment(comment, HELLO, key="k")
    assert flood.value.after >= 60
    await alone.send("7001")


async def test_but_a_pause_that_meta_names_is_everybodys(alone: Alone) -> None:
    alone.graph.usage = 2
    alone.graph.troubles.append(GraphError(613))
    with pytest.raises(Halted):
        await alone.channel.answer_comment("1", HELLO, key="k")
    assert isinstance(await alone.refused("7001"), Halted)


async def test_many_at_once_are_told_to_wait_by_one_refusal(alone: Alone) -> None:
    alone.graph.lasting = GraphError(4)
    await alone.refused("7001")
    calls = len(alone.graph.calls)
    errors = await asyncio.gather(*(alone.refused(person) for person in ("7001", "7002") * 5))
    assert all(isinstance(error, Halted) for error in errors)
    assert len(alone.graph.calls) == calls
