"""A Rasa server ranks the intents; whatever it does, customers are answered, and nobody waits for it twice."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

import pytest
import pytest_asyncio
from aiohttp import web
from structlog.testing import capture_logs

from bot.understanding import Clause, Parsed
from integrations.messenger.webchat import WebChat
from integrations.messenger.webchat.frames import TextFrame
from integrations.nlu.rasa import MOST_CLAUSES, PAUSE, Rasa
from integrations.nlu.server import Outcome
from tests.integration.open_shop import open_shop
from tests.integration.test_ops import get

INTENTS = ("greet", "goodbye", "thanks")
OURS = (("greet", 0.6), ("goodbye", 0.1))


def ranking(*ranked: tuple[str, float]) -> web.Response:
    """As Rasa answers POST /model/parse."""
    named = [{"name": name, "confidence": confidence} for name, confidence in ranked]
    return web.json_response({"text": "", "intent": named[0], "entities": [], "intent_ranking": named})


async def goodbye(_: str) -> web.Response:
    return ranking(("goodbye", 0.9), ("greet", 0.05))


@dataclass
class Server:
    """A loopback server that is asked as Rasa is."""

    url: str = ""
    answer: Callable[[str], Awaitable[web.StreamResponse]] = goodbye
    asked: list[str] = field(default_factory=list)

    async def parse(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        assert list(body) == ["text"]
        self.asked.append(body["text"])
        return await self.answer(body["text"])


@asynccontextmanager
async def serving(server: Server, port: int = 0) -> AsyncIterator[Server]:
    app = web.Application()
    app.router.add_post("/model/parse", server.parse)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


@pytest_asyncio.fixture
async def server() -> AsyncIterator[Server]:
    async with serving(Server()) as served:
        yield served


@asynccontextmanager
async def asking(
    url: str, *, patience: float = 20, now: Callable[[], float] = lambda: 0.0
) -> AsyncIterator[tuple[Rasa, list[Outcome]]]:
    outcomes: list[Outcome] = []
    rasa = Rasa(url, INTENTS, patience=patience, pause=PAUSE, count=outcomes.append, now=now)
    try:
        yield rasa, outcomes
    finally:
        await rasa.close()


def message(*said: str) -> Parsed:
    """As the embedded understanding gives it."""
    text = ". ".join(said)
    places = [(text.index(one), text.index(one) + len(one)) for one in said]
    found = tuple(Clause(text=text[start:end], start=start, end=end, ranking=OURS) for start, end in places)
    return Parsed(text=text, locale="en", locale_confidence=1.0, clauses=found)


async def html(_: str) -> web.Response:
    return web.Response(text="<html>it works</html>", content_type="text/html")


async def broken(_: str) -> web.Response:
    return web.Response(status=500, text="Internal Server Error")


async def elsewhere(_: str) -> web.Response:
    return web.Response(status=302, headers={"Location": "/model/parse"})


async def strange(_: str) -> web.Response:
    return ranking(("book_flight", 0.9), ("greet", 0.1))


async def unsure(_: str) -> web.Response:
    return ranking(("nlu_fallback", 0.7))


async def endless(_: str) -> web.Response:
    return web.Response(body=b" " * 1_100_000)


async def never(_: str) -> web.Response:
    await asyncio.sleep(3600)
    return ranking(*OURS)


async def cut(_: str) -> web.Response:
    return web.Response(body=b'{"intent_ranking": [', content_type="application/json")


def saying(body: object) -> Callable[[str], Awaitable[web.Response]]:
    async def answer(_: str) -> web.Response:
        return web.Response(text=json.dumps(body), content_type="application/json")

    return answer


async def test_every_clause_gets_the_ranking_of_the_server_and_keeps_all_else(server: Server) -> None:
    async def by_words(text: str) -> web.Response:
        return ranking(("thanks", 0.3), ("greet", 1.0000001)) if text == "hi" else ranking(("goodbye", 0.8))

    server.answer = by_words
    said = message("hi", "see you")
    async with asking(server.url) as (rasa, outcomes):
        heard = await rasa.rank(said)
    assert [clause.ranking for clause in heard.clauses] == [(("greet", 1.0), ("thanks", 0.3)), (("goodbye", 0.8),)]
    assert sorted(server.asked) == ["hi", "see you"]
    assert outcomes == ["answered"]
    same = tuple(clause.model_copy(update={"ranking": OURS}) for clause in heard.clauses)
    assert heard.model_copy(update={"clauses": same}) == said


async def test_doubt_of_the_fallback_classifier_leaves_the_intents_below_it(server: Server) -> None:
    server.answer = saying(
        {"intent_ranking": [{"name": "nlu_fallback", "confidence": 0.7}, {"name": "thanks", "confidence": 0.2}]}
    )
    async with asking(server.url) as (rasa, _):
        assert (await rasa.rank(message("hm"))).clauses[0].ranking == (("thanks", 0.2),)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (html, "answers something else than a ranking of intents"),
        (cut, "answers something else than a ranking of intents"),
        (broken, "answers 500"),
        (elsewhere, "answers 302"),
        (endless, "answers without end"),
        (unsure, "ranks no intent"),
        (strange, "names the intent 'book_flight', which is not in data/intents.yml"),
        *(
            (saying(body), "answers something else than a ranking of intents")
            for body in (
                None,
                [],
                {"intent": {"name": "greet", "confidence": 1.0}},
                {"intent_ranking": []},
                {"intent_ranking": {"greet": 1}},
                {"intent_ranking": [{"name": None, "confidence": 0.9}]},
                {"intent_ranking": [{"name": "greet"}]},
                {"intent_ranking": [{"name": "greet", "confidence": float("nan")}]},
                {"intent_ranking": [{"name": "greet", "confidence": 7}]},
                {"intent_ranking": [{"name": "greet", "confidence": -0.1}]},
            )
        ),
    ],
)
async def test_a_useless_answer_leaves_the_message_as_it_was(
    server: Server, answer: Callable[[str], Awaitable[web.Response]], reason: str
) -> None:
    server.answer = answer
    said = message("secret words")
    async with asking(server.url) as (rasa, outcomes):
        with capture_logs() as logs:
            assert await rasa.rank(said) == said
            assert await rasa.rank(said) == said
    assert outcomes == ["failed", "spared"]
    assert server.asked == ["secret words"]
    assert [(entry["event"], entry["reason"]) for entry in logs] == [("rasa.down", reason)]
    assert "secret words" not in str(logs)


async def test_one_bad_clause_leaves_the_whole_message_to_us(server: Server) -> None:
    async def half(text: str) -> web.Response:
        return await (broken if text == "hi" else goodbye)(text)

    server.answer = half
    said = message("hi", "see you")
    async with asking(server.url) as (rasa, outcomes):
        assert await rasa.rank(said) == said
    assert outcomes == ["failed"]


async def test_a_server_that_never_answers_is_given_up(server: Server) -> None:
    server.answer = never
    said = message("hi", "see you")
    async with asking(server.url, patience=0.1) as (rasa, outcomes):
        with capture_logs() as logs:
            assert await rasa.rank(said) == said
    assert outcomes == ["failed"]
    assert logs[0]["reason"] == "does not answer within 0.1 s"


async def test_a_server_that_is_not_there_is_told_once_and_so_is_its_return() -> None:
    async with serving(Server()) as gone:
        pass
    said, clock = message("hi"), count(step=PAUSE)
    async with asking(gone.url, now=lambda: next(clock)) as (rasa, outcomes):
        with capture_logs() as logs:
            assert await rasa.rank(said) == said
            assert await rasa.rank(said) == said
            async with serving(Server(), port=int(gone.url.rpartition(":")[2])):
                assert (await rasa.rank(said)).clauses[0].ranking[0] == ("goodbye", 0.9)
                await rasa.rank(said)
    assert outcomes == ["failed", "failed", "answered", "answered"]
    assert [entry["event"] for entry in logs] == ["rasa.down", "rasa.back"]
    assert logs[0]["reason"].startswith("cannot be reached")


async def test_while_one_message_tries_a_server_that_was_down_the_others_do_not_wait(server: Server) -> None:
    server.answer = broken
    said, reached, go_on, now = message("hi"), asyncio.Event(), asyncio.Event(), [0.0]

    async def slow(text: str) -> web.Response:
        reached.set()
        await go_on.wait()
        return await goodbye(text)

    async with asking(server.url, now=lambda: now[0]) as (rasa, outcomes):
        await rasa.rank(said)
        now[0] = PAUSE
        server.answer = slow
        trying = asyncio.create_task(rasa.rank(said))
        await reached.wait()
        assert await rasa.rank(said) == said
        go_on.set()
        assert (await trying).clauses[0].ranking[0][0] == "goodbye"
    assert outcomes == ["failed", "spared", "answered"]


@pytest.mark.parametrize("said", [(), ("/goodbye",), tuple(f"word{i}x" for i in range(MOST_CLAUSES + 1))])
async def test_what_rasa_would_take_for_a_command_or_a_flood_is_not_asked(
    server: Server, said: tuple[str, ...]
) -> None:
    async with asking(server.url) as (rasa, outcomes):
        assert await rasa.rank(message(*said)) == message(*said)
    assert (server.asked, outcomes) == ([], [])


async def test_doctor_says_how_the_server_is(server: Server) -> None:
    async with asking(server.url) as (rasa, _):
        health = await rasa.check()
        assert (health.state, health.line) == ("ok", f"{server.url} ranks our intents")
        server.answer = strange
        health = await rasa.check()
    assert health.state == "warn"
    assert "'book_flight'" in health.line
    assert "docs/rasa.md" in health.mend


async def test_a_turn_goes_by_the_ranking_of_the_server_and_by_ours_when_it_is_down(
    database_url: str, server: Server
) -> None:
    async with open_shop(database_url, nlu={"backend": "rasa", "rasa_url": server.url}) as shop:
        chat, turns = shop.house.channels["webchat"], shop.house.turns
        assert isinstance(chat, WebChat)
        peer = (await chat.open()).peer

        async def understood(words: str) -> str:
            """The likeliest intent of what the customer writes, as it is kept for the desk."""
            _, raw = await chat.receive(peer, TextFrame(type="text", id=uuid.uuid4(), text=words))
            await turns.receive(raw)
            while True:
                async with shop.house.db.begin() as tx:
                    row = await tx.row(
                        """SELECT i.parsed->'clauses'->0->'ranking'->0->>0 AS intent, i.status FROM inbound i
                           JOIN conversation c ON c.id = i.conversation_id WHERE c.peer = %s ORDER BY i.id DESC""",
                        peer,
                    )
                assert row is not None
                if row["status"] != "pending":
                    return str(row["intent"])
                await asyncio.sleep(0.02)

        assert await understood("hello there") == "goodbye"
        server.answer = broken
        assert await understood("hello there") == "greet"
        assert await understood("hello there") == "greet"
        assert server.asked == ["hello there", "hello there"]
        _, figures = await get(shop.http, "/metrics")
    for outcome in ("answered", "failed", "spared"):
        assert f'shopkeeper_nlu_rasa_total{{outcome="{outcome}"}} 1.0' in figures
