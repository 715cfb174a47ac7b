"""Rates of the platforms, kept by all processes together: nothing too fast, nobody held back by others, order kept."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import pytest
import pytest_asyncio
from psycopg.types.json import Jsonb

from app.talk_test.recording import RecordingChannel
from base.clock import SystemClock
from base.db import Database, Tx
from bot import pacing
from bot.lanes import Lanes
from bot.messages import Album, Fitted, Image, TextPart
from bot.pacing import Pace, Paces
from shop.customers import record_consent
from tests.contracts.botapi import BotApi
from tests.integration.meta_shop import meta_shop, quiet
from tests.integration.server_process import Server, ask, fill_shop, servers

NOW = SystemClock().now()


async def conversation(tx: Tx, id: str, channel: str, account: str, peer: str) -> None:
    await tx.execute(
        """INSERT INTO customer (id, name, locale, segments, created_at) VALUES (%s, '', 'en', '[]', %s)""",
        f"c{id}", NOW,
    )  # fmt: skip
    await tx.execute(
        """INSERT INTO conversation (id, channel, account, peer, customer_id, name, source, locale, owner, epoch, state,
                                     reachable, turn_attempts, created_at, updated_at, last_inbound_at)
           VALUES (%s, %s, %s, %s, %s, '', '', 'en', 'bot', 0, '{}', true, 0, %s, %s, %s)""",
        id, channel, account, peer, f"c{id}", NOW, NOW, NOW,
    )  # fmt: skip


async def to_be_sent(tx: Tx, id: str, words: Iterable[str], *, key: str = "greeting.hello") -> None:
    for said in words:
        fitted = Fitted(parts=(TextPart(text=said),)).model_dump(mode="json")
        await tx.execute(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                   attempts, error, at)
               VALUES (%s, %s, 'bot', '', 0, %s, %s, 'queued', now(), 0, '', now())""",
            f"{id}-{said}", id, Jsonb(fitted), Jsonb([key]),
        )  # fmt: skip
    await tx.execute("UPDATE conversation SET lane_due_at = now() WHERE id = %s", id)


def fastest(times: list[float], seconds: float = 1.0) -> int:
    """The most of them in any time of so many seconds."""
    return max(sum(begin <= at < begin + seconds for at in times) for begin in times)


# ---- two processes -------------------------------------------------------------------------------


async def test_a_thousand_messages_from_two_processes_never_exceed_the_rate(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    await fill_shop(db)
    async with BotApi() as telegram:
        telegram.per_second = 250
        chats = range(9001, 9251)
        async with db.begin() as tx:
            for peer in chats:
                telegram.chat(peer)
                await conversation(tx, f"t{peer}", "telegram", "4242", str(peer))
        telegram.flood(9001, 4)
        given = {
            "SHOPKEEPER_TELEGRAM__TOKEN": telegram.token,
            "SHOPKEEPER_TELEGRAM__API_BASE": telegram.base,
            "SHOPKEEPER_TELEGRAM__WEBHOOK_SECRET": telegram.secret,
            "SHOPKEEPER_TELEGRAM__PER_SECOND": "100",
        }
        one, two = (Server(database_url, tmp_path, with_worker=False, settings=given) for _ in range(2))
        async with servers(one, two):
            began = time.monotonic()
            for first in range(0, len(chats), 10):  # not at one blow: other tests share the server and its connections
                async with db.begin() as tx:
                    for peer in chats[first : first + 10]:
                        await to_be_sent(tx, f"t{peer}", [f"message {n}" for n in range(4)])
                await asyncio.sleep(0.1)
            async with asyncio.timeout(120):
                while ask(database_url, "SELECT count(*) FROM outbox WHERE status <> 'sent'") != [(0,)]:
                    await asyncio.sleep(0.2)
            took = time.monotonic() - began
        said = [[int(n) for n in re.findall(r"message (\d)", telegram.chat(peer).words())] for peer in chats]
        assert said == [[0, 1, 2, 3]] * len(chats)
        refused = [line for line in telegram.refusals if "Too Many" in line]
        assert refused.count("Too Many Requests: retry after 4") == 1
        # 400 and what a process that stood still for a moment makes up for; 800 if each kept the rate by itself
        assert fastest(telegram.sent_at, seconds=4) <= 500
        assert 9 < took < 120, took  # not slower than the rate wants, by much
        assert "Traceback" not in one.log + two.log


# ---- one chat, one account -----------------------------------------------------------------------


class Counting(RecordingChannel):
    """A channel whose platform counts."""

    paces = Paces(Pace(0.02), chat=Pace(0.5, burst=2), group=Pace(60.0))

    def __init__(self) -> None:
        super().__init__()
        self.at: list[tuple[float, str]] = []

    async def send(self, to, message, *, key):  # type: ignore[no-untyped-def]
        self.at.append((time.monotonic(), message.words()))
        return await super().send(to, message, key=key)

    def times(self, beginning: str) -> list[float]:
        return [at for at, words in self.at if words.startswith(beginning)]


@pytest_asyncio.fixture
async def counting(db: Database) -> AsyncIterator[tuple[Counting, Lanes]]:
    channel = Counting()
    yield channel, Lanes(db, SystemClock(), {"recording": channel})


async def send_what_is_due(db: Database, lanes: Lanes, *, until: Callable[[], bool]) -> None:
    """What the sweep of a process does, more often."""
    last, under_way = time.monotonic() + 60, dict[str, asyncio.Task[None]]()
    while not until() and time.monotonic() < last:
        async with db.begin() as tx:
            rows = await tx.rows("SELECT id FROM conversation WHERE lane_due_at <= now() ORDER BY lane_due_at")
        for row in rows:
            if row["id"] not in under_way or under_way[row["id"]].done():
                under_way[row["id"]] = asyncio.create_task(lanes.drain(row["id"]))
        await asyncio.sleep(0.05)
    await asyncio.gather(*under_way.values())


async def test_a_chat_that_is_written_to_too_fast_waits_alone(db: Database, counting: tuple[Counting, Lanes]) -> None:
    channel, lanes = counting
    async with db.begin() as tx:
        await conversation(tx, "many", "recording", "script", "1")
        await to_be_sent(tx, "many", [f"many {n}" for n in range(6)])
        await conversation(tx, "group", "recording", "script", "-100200")
        await to_be_sent(tx, "group", ["group 1", "group 2"])
        for n in range(20):
            await conversation(tx, f"few{n}", "recording", "script", f"2{n}")
            await to_be_sent(tx, f"few{n}", [f"few {n}"])
    await send_what_is_due(db, lanes, until=lambda: len(channel.at) == 27)
    assert [words for _, words in channel.at if words.startswith("many")] == [f"many {n}" for n in range(6)]
    many, few = channel.times("many"), channel.times("few")
    assert len(few) == 20
    assert max(few) < many[-2]  # who is written to once does not wait for who is written to often
    assert many[-1] - many[0] > 1.5  # two at once, then one each half a second: 2.0, and less if the first was late
    assert len(channel.times("group")) == 1  # the second in a minute


async def test_answers_do_not_wait_for_offers(db: Database, counting: tuple[Counting, Lanes]) -> None:
    channel, lanes = counting
    async with db.begin() as tx:
        for n in range(60):
            await conversation(tx, f"o{n}", "recording", "script", f"3{n}")
            await record_consent(tx, f"co{n}", "marketing", "chat", NOW, granted=True)
            await to_be_sent(tx, f"o{n}", [f"offer {n}"], key="discovery.back_in_stock")
        for n in range(10):
            await conversation(tx, f"a{n}", "recording", "script", f"4{n}")
    sending = asyncio.create_task(send_what_is_due(db, lanes, until=lambda: len(channel.at) == 70))
    await asyncio.sleep(0.3)
    async with db.begin() as tx:
        for n in range(10):
            await to_be_sent(tx, f"a{n}", [f"answer {n}"])
    await sending
    assert len(channel.times("answer")) == 10
    assert len(channel.times("offer")) == 60
    last = max(channel.times("answer"))
    assert sum(at > last for at in channel.times("offer")) > 15  # which came later and were sent before most of them
    assert fastest(channel.times("offer")) < 40


# ---- what the platform says ----------------------------------------------------------------------


async def test_patience_that_two_chats_are_asked_for_is_asked_of_the_account(db: Database) -> None:
    from integrations.messenger.telegram.adapter import Telegram

    async with BotApi() as telegram:
        channel = Telegram(telegram.token, telegram.base, telegram.secret, "4242")
        lanes = Lanes(db, SystemClock(), {"telegram": channel})
        async with db.begin() as tx:
            for peer in (1, 2, 3, 4):
                telegram.chat(peer)
                await conversation(tx, f"p{peer}", "telegram", "4242", str(peer))
                await to_be_sent(tx, f"p{peer}", [f"hello {peer}"])
        telegram.flood(1, 2)
        telegram.flood(2, 2)
        await lanes.drain("p1")
        await lanes.drain("p3")
        assert "hello 3" in telegram.chat(3).words()  # one chat says nothing of the others
        await lanes.drain("p2")
        calls = len(telegram.calls)
        await lanes.drain("p4")
        assert len(telegram.calls) == calls
        async with db.begin() as tx:
            [row] = await tx.rows("SELECT halted_until - now() < interval '2 seconds' AS soon FROM channel_state")
            [most] = await tx.rows("SELECT max(attempts) AS most FROM outbox WHERE status = 'queued'")
        assert (row["soon"], most["most"]) == (True, 0)
        seen = lambda: all(f"hello {peer}" in telegram.chat(peer).words() for peer in (1, 2, 4))  # noqa: E731
        await send_what_is_due(db, lanes, until=seen)
        await channel.close()
        assert seen()


async def test_a_usage_header_is_obeyed_by_every_process(database_url: str) -> None:
    async with meta_shop("facebook", database_url) as meta:
        meta.graph.usage = 1
        await meta.deliver(*meta.graph.says("7001", "hi"))
        async with asyncio.timeout(10):
            while not meta.graph.person("7001").seen:
                await asyncio.sleep(0.02)
        await meta.shop.house.turns.drain()
        house, calls = meta.shop.house, len(meta.graph.calls)
        house.channels["facebook"].graph._closed_until = 0.0  # type: ignore[attr-defined]  # another process was not told
        async with house.db.begin() as tx:
            [row] = await tx.rows("SELECT id FROM conversation")
            await tx.execute("UPDATE outbox SET due_at = now() WHERE status = 'queued'")
            await to_be_sent(tx, row["id"], ["one more"])
        await house.turns.lanes.drain(row["id"])
        assert len(meta.graph.calls) == calls
        meta.graph.usage = None
        async with house.db.begin() as tx:
            await tx.execute("UPDATE channel_state SET halted_until = now()")
        await house.turns.lanes.drain(row["id"])
        await quiet(meta)
        assert "one more" in meta.graph.person("7001").words()


@pytest.mark.parametrize(("name", "text", "picture"), [("facebook", 40, 40), ("instagram", 300, 10)])
async def test_figures_of_meta_are_kept(db: Database, name: str, text: int, picture: int) -> None:
    from integrations.messenger import adapter

    paces = adapter(name)("1", "t", "s", "v", "http://127.0.0.1:1").paces
    assert 1 / paces.account.every <= text
    assert 1 / (paces.account.every * paces.picture) <= picture


async def test_each_picture_of_an_album_counts(db: Database) -> None:
    from integrations.messenger import adapter

    channel = adapter("telegram")("1:" + "a" * 35, "http://127.0.0.1:1", "", "1")
    album = Album(images=tuple(Image(url=f"https://x.example/{n}.jpg") for n in range(10)))
    place = {"channel": "telegram", "account": "1", "peer": "7", "ahead": 0.0}
    async with db.begin() as tx:
        for fitted in (Fitted(parts=(album,)), Fitted(parts=(album,)).model_dump(mode="json")):
            await tx.execute("DELETE FROM channel_pace")
            await pacing.moment_for(tx, channel, place, None, fitted, offer=False)
            row = await tx.row("SELECT next_at > clock_timestamp() + interval '0.2 s' AS later FROM channel_pace")
            assert row == {"later": True}  # 30 messages a second: one alone is 0.03 s
