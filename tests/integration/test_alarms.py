"""Troubles with a messenger reach the owner in Telegram: once when they begin, once when they are over."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from app import adapters
from app.alarms import NAMES, Owner, tell_owner
from base.clock import StandingClock
from bot import alarms
from bot.channel_watch import watch
from integrations.messenger import CHANNELS
from tests.contracts.botapi import BotApi
from tests.contracts.graph_server import GraphError
from tests.integration.meta_shop import Meta, meta_shop

OWNER = 501
TEN = timedelta(minutes=10)


@dataclass
class Watched:
    """A shop on Messenger whose owner reads Telegram, on a clock that is moved by hand."""

    meta: Meta
    telegram: BotApi
    clock: StandingClock
    owner: Owner

    async def look(self, *names: str, ways_in: dict[str, str] | None = None) -> None:
        """What a worker does every ten minutes, and what it does every minute after it."""
        self.clock.move(TEN)
        house = self.meta.shop.house
        await watch(house.db, {name: house.channels[name] for name in names or ("facebook",)}, self.clock, ways_in)
        await self.tell()

    async def tell(self) -> int:
        return await tell_owner(self.meta.shop.house.db, self.owner, self.clock)

    async def wrong(self) -> list[str]:
        async with self.meta.shop.house.db.begin() as tx:
            return [row["kind"] for row in await alarms.open_alarms(tx)]

    def read(self) -> list[str]:
        return [shown.text for shown in self.telegram.chat(OWNER).messages.values()]


@pytest_asyncio.fixture
async def watched(database_url: str) -> AsyncIterator[Watched]:
    async with BotApi() as telegram:
        telegram.chat(OWNER)
        given = {"token": telegram.token, "api_base": telegram.base, "owner_chat": str(OWNER)}
        async with meta_shop("facebook", database_url, telegram=given) as meta:
            house = meta.shop.house
            owner = adapters.owner(house.settings, house.channels, house.texts, house.shop)
            assert owner is not None
            yield Watched(meta, telegram, StandingClock(datetime.now(UTC)), owner)


async def test_a_trouble_is_told_once_and_once_that_it_is_over(watched: Watched) -> None:
    token = watched.meta.graph.token
    await watched.look()
    watched.meta.graph.token = "another"
    await watched.look()
    assert watched.read() == []  # once may be a hiccup
    for _ in range(4):
        await watched.look()
    [begun] = watched.read()
    assert begun.startswith("⚠️ Messenger is down")
    assert "190/463" in begun
    watched.meta.graph.token = token
    await watched.look()
    assert len(watched.read()) == 1  # perhaps it comes back
    for _ in range(4):
        await watched.look()
    assert [words.startswith("✅ Messenger is well again") for words in watched.read()[1:]] == [True]


async def test_a_trouble_that_flickers_is_one_trouble(watched: Watched) -> None:
    token = watched.meta.graph.token
    for _ in range(6):
        watched.meta.graph.token = "another"
        await watched.look()
        await watched.look()
        watched.meta.graph.token = token
        await watched.look()
    assert len(watched.read()) == 1


async def test_what_is_over_before_it_was_told_is_told_to_nobody(watched: Watched) -> None:
    house = watched.meta.shop.house
    subscribed, watched.meta.graph.subscribed = watched.meta.graph.subscribed, []
    for _ in range(3):
        watched.clock.move(TEN)
        await watch(house.db, {"facebook": house.channels["facebook"]}, watched.clock)
    watched.meta.graph.subscribed = subscribed
    for _ in range(3):
        await watched.look()
    assert watched.read() == []


async def test_a_page_that_may_not_send_is_told_at_once_and_by_one_process_alone(watched: Watched) -> None:
    meta, house = watched.meta, watched.meta.shop.house
    meta.graph.troubles.append(GraphError(10, 1893063, "Page temporarily restricted"))
    await meta.deliver(*meta.graph.says("7001", "hi, I am Ana, +37060000001"))
    await asyncio.wait_for(house.turns.drain(), 20)
    assert sorted(await asyncio.gather(*(watched.tell() for _ in range(4)))) == [0, 0, 0, 1]
    [begun] = watched.read()
    assert begun.startswith("⚠️ Messenger: sending has stopped")
    assert not any(secret in begun for secret in ("Ana", "7001", "37060000001"))
    async with house.db.begin() as tx:
        await tx.execute("UPDATE channel_state SET halted_until = now()")
    for _ in range(4):
        await watched.look()
    assert [words.startswith("✅ Messenger is well again") for words in watched.read()[1:]] == [True]


async def test_a_token_is_spoken_of_once_until_there_is_a_new_one(watched: Watched) -> None:
    ends = watched.clock.now() + timedelta(days=10)
    watched.meta.graph.token_ends = {"expires_at": int(ends.timestamp())}
    for _ in range(4):
        await watched.look()
    [begun] = watched.read()
    assert "the access token ends soon" in begun
    assert f"the token ends on {ends:%Y-%m-%d}" in begun
    watched.meta.graph.token_ends = {"expires_at": 0}
    for _ in range(4):
        await watched.look()
    assert len(watched.read()) == 2


async def test_a_token_near_its_end_hides_no_other_trouble_and_ends_none(watched: Watched) -> None:
    graph, subscribed, token = watched.meta.graph, watched.meta.graph.subscribed, watched.meta.graph.token
    graph.token_ends = {"expires_at": int((watched.clock.now() + timedelta(days=10)).timestamp())}
    for _ in range(2):
        await watched.look()
    graph.subscribed = []
    await watched.look()
    assert await watched.wrong() == ["token"]  # the other may be a hiccup
    await watched.look()
    assert await watched.wrong() == ["token", "look"]
    assert watched.read()[1].startswith("⚠️ Messenger needs a look")
    graph.token = "another"
    for _ in range(5):
        await watched.look()
    assert await watched.wrong() == ["token", "look", "down"]
    assert watched.read()[2].startswith("⚠️ Messenger is down")
    graph.token, graph.subscribed = token, subscribed
    for _ in range(5):
        await watched.look()
    assert await watched.wrong() == ["token"]
    graph.token_ends = {"expires_at": 0}
    for _ in range(2):
        await watched.look()
    assert await watched.wrong() == []


@pytest.mark.parametrize("name", ["facebook", "instagram"])
@pytest.mark.parametrize("callback", ["https://old.example/webhooks", ""])
async def test_a_webhook_that_leads_elsewhere_is_told(database_url: str, name: str, callback: str) -> None:
    async with meta_shop(name, database_url, public_url="https://shop.example") as meta:
        channel = meta.shop.house.channels[name]
        assert (await channel.check()).state == "ok"
        meta.graph.callback, meta.graph.object_subscribed = callback, bool(callback)
        health = await channel.check()
        assert health.state == "warn"
        assert ("another address" if callback else "Meta sends it nothing") in health.mend


async def test_telegram_that_calls_another_address_is_told(watched: Watched) -> None:
    from integrations.messenger.telegram.adapter import Telegram

    api = watched.telegram
    bot = Telegram(api.token, api.base, api.secret, "4242", public_url="https://shop.example")
    await bot.set_webhook("https://shop.example")
    assert (await bot.check()).state == "ok"
    api.webhook["url"] = "https://old.example/webhooks/telegram"
    health = await bot.check()
    await bot.close()
    assert (health.state, health.mend) == ("warn", "shopkeeper webhook set telegram")
    assert "the address of this shop is https://shop.example/webhooks/telegram" in health.line


async def test_updates_that_pile_up_are_told(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    house = watched.meta.shop.house
    channel = house.channels["telegram"]
    for waiting in (0, 3, 3, 9, 14):
        health = await channel.check()

        async def check(waiting: int = waiting, health: object = health) -> object:
            return type(health)("ok", "@lumo, long polling", waiting=waiting)

        monkeypatch.setattr(channel, "check", check)
        await watched.look("telegram")
        assert len(watched.read()) == (1 if waiting > 3 else 0), waiting
        monkeypatch.undo()
    assert "9 updates wait, and none comes in" in watched.read()[0]


async def test_an_owner_who_cannot_be_reached_is_a_task_and_tried_again_later(watched: Watched) -> None:
    house, telegram = watched.meta.shop.house, watched.telegram
    assert (await watched.owner.check()).state == "ok"
    assert watched.read() == []  # looking sends nothing
    telegram.blocked.add(OWNER)
    assert (await watched.owner.check()).state == "down"
    for _ in range(3):
        await watched.look(ways_in={"facebook": "https://shop.example cannot be reached."})
    async with house.db.begin() as tx:
        rows = await tx.rows("SELECT key FROM task WHERE key LIKE 'owner-untold%%' OR key LIKE 'alarm-%%'")
        assert len(rows) == 2
        await tx.execute("UPDATE alarm SET due_at = now()")
    telegram.blocked.clear()
    await watched.tell()
    [begun] = watched.read()
    assert begun == "⚠️ Messenger: the shop cannot be reached from outside.\nhttps://shop.example cannot be reached."
    await watched.owner.test()
    assert watched.read()[1].startswith("✅ A test from your shop's bot")


async def test_a_group_that_becomes_a_supergroup_goes_on_hearing_of_troubles(watched: Watched) -> None:
    telegram, number = watched.telegram, -1000000000501
    telegram.chat(number)
    what = "Bad Request: group chat was upgraded to a supergroup chat"
    telegram.fail(400, what, chat=OWNER, parameters={"migrate_to_chat_id": number}, times=99)
    await watched.look(ways_in={"facebook": "https://shop.example cannot be reached."})
    [begun] = telegram.chat(number).messages.values()
    assert begun.text.startswith("⚠️ Messenger: the shop cannot be reached from outside.")
    health = await watched.owner.check()
    assert (health.state, f"OWNER_CHAT={number}" in health.mend) == ("warn", True)


def test_every_alarm_is_explained() -> None:
    table = Path("docs/alarms.md").read_text().partition("| alarm | when |\n|---|---|\n")[2].partition("\n\n")[0]
    assert len(table.splitlines()) == len(alarms.KINDS)


async def test_the_desk_and_the_figures_show_what_goes_on(watched: Watched) -> None:
    await watched.look(ways_in={"facebook": "https://shop.example cannot be reached."})
    http = watched.meta.shop.http
    async with http.get("/metrics") as answer:
        assert 'shopkeeper_alarms{channel="facebook"} 1.0' in await answer.text()
    await watched.look(ways_in={"facebook": ""})
    async with http.get("/metrics") as answer:
        assert 'shopkeeper_alarms{channel="facebook"}' not in await answer.text()


def test_each_messenger_has_its_name_in_an_alarm() -> None:
    assert set(CHANNELS) - {"webchat", "console"} == set(NAMES)
