"""2,000 orders through four providers while the lines fail and our processes are killed; the books must add up.

MONEY_ORDERS, MONEY_KILLS and MONEY_SEED try it smaller, or again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.bench.figures import fresh_database
from tests.integration.storm import Storm, many, storm
from tests.integration.storm_books import Books, read_books, settle_down
from tests.integration.storm_customers import visit

AT_ONCE = 24  # customers


async def weather_the_storm(
    url: str, folder: Path, *, orders: int, kills: int, seed: int, within: float, hurry: float, lost: int
) -> tuple[Storm, Books, dict[str, object]]:
    """Let so many customers come while so many processes die; returns the market, its books, and what is unfinished."""
    async with storm(url, folder, seed=seed, scarce=max(2, orders // 50), lost=lost) as market:
        began, started = 0, time.perf_counter()

        async def customer(number: int) -> None:
            nonlocal began
            began += 1
            await visit(market)

        async def reaper() -> None:
            for kill in range(kills):
                while began < (kill + 1) * orders // (kills + 1):
                    await asyncio.sleep(0.05)
                await asyncio.sleep(market.random.random() * 0.5)
                await market.kill()

        deaths = asyncio.create_task(reaper())
        await many(customer, orders, at_once=min(AT_ONCE, orders))
        await deaths
        print(f"  all customers have been there after {time.perf_counter() - started:.0f} s", flush=True)
        left = await settle_down(market, url, within=within, hurry=hurry)
        return market, await read_books(market), left


async def measure(home: Path) -> None:
    orders = int(os.environ.get("MONEY_ORDERS", "2000"))
    kills = int(os.environ.get("MONEY_KILLS", "24"))
    seed = int(os.environ.get("MONEY_SEED", "1"))
    print(f"\nMoney: {orders} orders, four providers, bad lines, {kills} deaths (seed {seed})", flush=True)
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)  # callers who are killed hang up
    began = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="shopkeeper-money-"))
    try:
        market, books, left = await weather_the_storm(
            fresh_database(home / "money"),
            folder,
            orders=orders,
            kills=kills,
            seed=seed,
            within=600,
            hurry=100,
            lost=50,
        )
        seconds = time.perf_counter() - began
        for provider in sorted(books.theirs):
            print(_sums(provider, books.ours[provider], books.theirs[provider]))
        print(_sums("in all", sum(books.ours.values()), sum(books.theirs.values())))
        print(f"  double charges kept                  {books.kept_twice:6}")
        print(f"  paid orders without a message        {books.untold:6}   told twice {books.told_twice}")
        print(f"  attempts without a final state       {books.unfinished:6}")
        print(f"  stock that is off                    {books.stock_off:6}")
        print(
            f"  orders {dict(books.orders)}; paid changes of paid orders {books.edits};"
            f" refunds {books.refunds}; lost to disputes {books.lost / 100:,.2f}"
        )
        print(f"  reports {dict(books.decisions)}")
        print(f"  kill -9 of our processes {market.kills}; seconds {seconds:.0f}")
        tracebacks = {house.port: house.log.count("Traceback") for house in market.houses}
        for trouble in market.troubles:
            print(f"  trouble: {trouble}")
        if any(tracebacks.values()):
            print(f"  tracebacks in the logs: {tracebacks}; see {folder}")
        if left or books.wrong or market.troubles:
            raise SystemExit(f"  unfinished: {left}\n  wrong: {books.wrong}")
        if not any(tracebacks.values()):
            shutil.rmtree(folder)
    except BaseException:
        print(f"  the logs are in {folder}")
        raise


def _sums(name: str, ours: int, theirs: int) -> str:
    verdict = "=" if ours == theirs else "DIFFERS"
    return f"  {name:9} our ledger {ours / 100:12,.2f}   the provider {theirs / 100:12,.2f}   {verdict}"
