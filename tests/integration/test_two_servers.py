"""Two servers on one database: one customer's frames go to either, and the order of the talk is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from base.db import Database
from tests.integration.server_process import Server, fill_shop, servers
from tests.integration.shopping import buy_two_mugs, caught_up, check_books, check_thread, quiet, white_mugs
from tests.integration.stubborn_client import stubborn, words


async def test_a_talk_over_two_servers_keeps_its_order_and_doubles_nothing(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    await fill_shop(db)
    before, _ = white_mugs(database_url)
    one, two = Server(database_url, tmp_path), Server(database_url, tmp_path)
    async with (
        servers(one, two),
        stubborn(one.url, two.url) as ana,
        stubborn(two.url, one.url) as bob,
        stubborn(one.url, two.url) as quick,
    ):
        await asyncio.gather(ana.start(), bob.start(), quick.start())
        counting = [f"{number} candles" for number in (1, 2, 3, 4, 5, 6)]

        async def in_a_hurry() -> None:
            for number, text in enumerate(counting):  # each as soon as the last is acknowledged, not answered
                await quick.send({"type": "text", "text": text}, by=number)

        await asyncio.gather(buy_two_mugs(ana, "Ana Petraite"), buy_two_mugs(bob, "Bob Stone"), in_a_hurry())
        await quiet(database_url)
        await asyncio.sleep(0.5)
        for client in (ana, bob, quick):
            await caught_up(database_url, client)
            check_thread(database_url, client)
        said = [words(message) for _, message in quick.messages if message["from"] == "customer"]
        assert said == counting
        check_books(database_url, 2, before)
        assert "Traceback" not in one.log + two.log


async def test_what_a_killed_server_had_begun_is_finished_by_the_other(
    db: Database, database_url: str, tmp_path: Path
) -> None:
    await fill_shop(db)
    before, _ = white_mugs(database_url)
    one, two = Server(database_url, tmp_path), Server(database_url, tmp_path)
    async with servers(one, two), stubborn(one.url, two.url) as ana:
        await ana.start()

        async def die() -> None:
            while not ana.links():
                await asyncio.sleep(0.05)
            await one.kill()

        # with `by` the pages are asked of one, which is dead by then: the links lead to two
        death = asyncio.create_task(die())
        await ana.say("two white mugs", "€24.00")
        await ana.say("checkout", "name", by=1)
        await ana.say("Ana Petraite", "phone", by=0)
        await ana.say("+370 600 00001", "€27.50", by=1)
        await ana.tap("Boxberry", "Ozo 25", by=0)
        await ana.tap("Ozo 25", "place the order", by=1)
        await ana.tap("Pay", "/pay/", by=1)
        await death
        link = ana.links()[-1].replace(one.url, two.url)
        seen = len(ana.messages)
        page = (await ana.post(link)).replace(one.url, two.url)
        await ana.post(page, say="approve")
        await ana.until_said("is paid", seen)
        await ana.say("thanks", by=1)
        await quiet(database_url)
        check_books(database_url, 1, before)
