"""Every sample at the door, whole and damaged, signed and not: kept or refused, and nothing beside it is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from app.main import build, web_app
from app.settings import read_settings
from base.db import Database
from bot.messages import Search
from integrations.messenger.telegram.adapter import SECRET_HEADER
from integrations.messenger.telegram.read import read_update
from integrations.meta.door import SIGNATURE, signature
from tests.contracts.botapi import BotApi
from tests.contracts.samples import META, TELEGRAM, account_of, damages, needs_samples, whole
from tests.integration.open_shop import HOME, _understanding

SECRET = "secret-of-the-app"
TOKEN = "4242:loopback-token"
US = "100000000000001"
NOBODY = "http://127.0.0.1:9"
DAMAGES = 4  # of each sample, evenly chosen
AT_ONCE = 8


@asynccontextmanager
async def door(url: str, bot_api: str = NOBODY) -> AsyncIterator[tuple[aiohttp.ClientSession, Database]]:
    """The whole shop with its doors open, where nobody takes a turn."""
    meta = {"app_secret": SECRET, "verify_token": "v", "api_base": NOBODY}
    settings = read_settings(
        env_file=None,
        home=HOME,
        facebook={**meta, "page_id": US, "page_token": "t"},
        instagram={**meta, "account_id": US, "token": "t"},
        telegram={"token": TOKEN, "webhook_secret": SECRET, "api_base": bot_api},
    )
    house = await build(settings, url, understanding=_understanding(settings.data_folder))
    house.turns.kick = lambda conversation_id: None  # type: ignore[method-assign]
    runner = web.AppRunner(web_app(house), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as http:
        yield http, house.db
    await runner.cleanup()
    await house.close()


def broken(path: Path) -> Iterator[Any]:
    """The sample itself, and some of its damages."""
    told = whole(path)
    if path in META:
        told = json.loads(json.dumps(told).replace(f'"{account_of(path)}"', f'"{US}"'))
    yield told
    every = list(damages(told))
    yield from every[:: max(1, len(every) // DAMAGES)]


def encoded(told: Any) -> tuple[bytes, ...]:
    """In other encodings, cut off, and with a field that never ends."""
    plain = json.dumps(told, ensure_ascii=False)
    endless = json.dumps({**told, "more": "ж" * 100_000})
    return plain.encode("utf-16"), plain.encode("latin-1", "replace"), plain.encode()[:-7], endless.encode()


def beside(told: Any, mid: str) -> bool:
    """Put a good message into the delivery, where there is a batch for it still."""
    if not isinstance(told.get("entry"), list) or told.get("object") not in ("page", "instagram"):
        return False
    good = {"sender": {"id": f"8{mid}"}, "recipient": {"id": US}, "timestamp": 1_772_998_114_000}
    good["message"] = {"mid": f"good{mid}", "text": "hi"}
    told["entry"].append({"id": US, "time": 1_772_998_114_000, "messaging": [good]})
    return True


async def posted(http: aiohttp.ClientSession, name: str, bodies: list[bytes], *, signed: bool) -> set[int]:
    """The statuses with which they were answered."""

    async def post(body: bytes) -> int:
        header = SECRET_HEADER if name == "telegram" else SIGNATURE
        proof = SECRET if name == "telegram" else signature(body, SECRET.encode())
        async with turn, http.post(f"/webhooks/{name}", data=body, headers={header: proof} if signed else {}) as answer:
            return answer.status

    turn = asyncio.Semaphore(AT_ONCE)
    return set(await asyncio.gather(*(post(body) for body in bodies)))


async def kept(db: Database) -> set[bytes]:
    async with db.begin() as tx:
        return {bytes(row["body"]) for row in await tx.rows("SELECT body FROM raw_update")}


@needs_samples
@pytest.mark.slow
@pytest.mark.parametrize("name", ["facebook", "instagram"])
async def test_metas_samples_are_taken_and_kept_and_the_rest_of_their_batch_is_handled(
    database_url: str, name: str
) -> None:
    bodies: list[bytes] = []
    good: set[str] = set()
    for path in META:
        if path.name.startswith("instagram") != (name == "instagram"):
            continue
        for told in broken(path):
            mid = str(len(bodies))
            if beside(told, mid) and (told["object"] == "instagram") == (name == "instagram"):
                good.add(f"good{mid}")
            bodies.append(json.dumps(told).encode())
        bodies += encoded(whole(path))
    async with door(database_url) as (http, db):
        assert await posted(http, name, bodies, signed=False) == {403}
        assert await kept(db) == set()
        assert await posted(http, name, bodies, signed=True) == {200}
        assert await kept(db) == set(bodies)
        async with db.begin() as tx:
            rows = await tx.rows("SELECT event_key FROM inbound WHERE starts_with(event_key, 'good')")
    assert {row["event_key"] for row in rows} == good
    assert len(good) > 100


@needs_samples
@pytest.mark.slow
async def test_telegrams_samples_are_taken_and_kept(database_url: str) -> None:
    numbers = count(10_000)

    def numbered(told: Any) -> Any:
        """Each an update of its own, as far as it has a number still."""
        return {**told, "update_id": next(numbers)} if type(told.get("update_id")) is int else told

    updates = [numbered(told) for path in TELEGRAM for told in broken(path)]
    bodies = [json.dumps(told).encode() for told in updates]
    bodies += [body for path in TELEGRAM for number in range(4) for body in [encoded(numbered(whole(path)))[number]]]
    async with BotApi(TOKEN) as api, door(database_url, api.base) as (http, db):
        assert await posted(http, "telegram", bodies, signed=False) == {401}
        assert await kept(db) == set()
        assert await posted(http, "telegram", bodies, signed=True) == {200}
        assert await kept(db) == {body for body in bodies if not is_search(body)}


def is_search(body: bytes) -> bool:
    """Somebody looks for goods elsewhere and does not talk to the shop: nothing of him is kept."""
    found = read_update(body, "4242")
    return bool(found) and all(isinstance(inbound.content, Search) for inbound in found)
