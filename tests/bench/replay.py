"""Ten thousand webhooks of three platforms, shuffled and repeated, over HTTP to the real door of two servers.

`WEBHOOKS=600 make bench ONLY=replay` for fewer of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import psycopg

from base.db import Database
from tests.bench.figures import fresh_database
from tests.integration.replaying import PER_TALK, Outside, replay
from tests.integration.server_process import Server, fill_shop, servers

WEBHOOKS = int(os.environ.get("WEBHOOKS", "10000"))
AT_ONCE = 40  # conversations


async def measure(home: Path) -> None:
    url = fresh_database(home / "db")
    db = Database(url)
    await fill_shop(db)
    await db.close()
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute("UPDATE variant SET on_hand = 1000000 WHERE sku = 'CAN'")  # nobody is told that it is sold out
    print(f"\nReplay of {WEBHOOKS} webhooks of Telegram, Messenger and Instagram, each one to three times, two servers")
    outside = Outside(seed=5)
    async with outside.open() as settings:
        given = settings | {"SHOPKEEPER_BURST": "1.2"}
        one, two = (Server(url, home, with_worker=False, settings=given) for _ in range(2))
        async with servers(one, two):
            outside.urls = (one.url, two.url)
            figures = await replay(outside, url, talks=WEBHOOKS // PER_TALK, at_once=AT_ONCE)
    for line in figures.lines():
        print(f"  {line}")
    if not figures.right:
        raise SystemExit("The replay did not come out right.")
