"""A market in a storm: two shop processes that are killed, four providers behind bad lines, and their webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import yaml
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from base.db import Database
from shop.catalogue import Catalogue, load_catalogue
from shop.seed import seed_demo
from shop.shopfile import ShopFile
from tests.contracts.paypal_certificates import trusted_authority
from tests.contracts.paypal_server import PayPalServer, paypal_server
from tests.contracts.stripe_server import StripeServer, stripe_server
from tests.contracts.webmoney_server import WebMoneyServer, webmoney_server
from tests.integration.lumo import DATA
from tests.integration.server_process import Server, servers

WAYS = {"card": "stripe", "paypal": "paypal", "webmoney": "webmoney", "play": "sandbox"}  # method -> provider
PLENTY, SCARCE = 1_000_000, "THR"
TROUBLE = (aiohttp.ClientError, ConnectionError, TimeoutError, OSError)
RESTARTS = 20
GIVE_UP = 90.0  # seconds after which a customer or a courier complains
DECLINES = ("INSTRUMENT_DECLINED", "TRANSACTION_REFUSED", "PAYER_CANNOT_PAY")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Storm:
    """Everything around the shop. `lost`: of how many webhooks one never comes; 0: all do."""

    random: random.Random
    db: Database
    shop: ShopFile
    catalogue: Catalogue
    houses: tuple[Server, ...]
    stripe: StripeServer
    paypal: PayPalServer
    webmoney: WebMoneyServer
    http: aiohttp.ClientSession
    lost: int
    given_back: int = 0  # minor units that the manager sent back from the purse
    kills: int = 0
    troubles: list[str] = field(default_factory=list)
    delivering: set[asyncio.Task[None]] = field(default_factory=set)

    # ---- the shop's doors ------------------------------------------------------------------------

    def door(self) -> str:
        """The address of one of the shop's processes."""
        return self.random.choice(self.houses).url

    async def knock(self, method: str, path: str, **given: object) -> tuple[int, str, str]:
        """One request to a process of the shop, again at any of them until one answers: status, where to, words."""
        async with asyncio.timeout(GIVE_UP):
            while True:
                with contextlib.suppress(*TROUBLE):
                    async with self.http.request(method, self.door() + path, allow_redirects=False, **given) as answer:  # type: ignore[arg-type]
                        words = await answer.text()
                        if answer.status < 500:
                            return answer.status, answer.headers.get("Location", ""), words
                await asyncio.sleep(0.1 + self.random.random() * 0.3)

    # ---- what providers tell ---------------------------------------------------------------------

    async def deliver(self) -> None:
        """Take what the providers have to tell to the shop: late, twice, in any order, some of it never."""
        while True:
            for provider, due in (("stripe", self.stripe.due), ("paypal", self.paypal.due)):
                while due:
                    headers, body = due.pop(0)
                    if not self.lost or self.random.randrange(self.lost):
                        self._send(provider, headers, body)
            while self.webmoney.due:
                self._send("webmoney", {"Content-Type": "application/x-www-form-urlencoded"}, self.webmoney.due.pop(0))
            await asyncio.sleep(0.02)

    def _send(self, provider: str, headers: dict[str, str], body: bytes) -> None:
        for _ in range(1 + (self.random.random() < 0.15)):
            task = asyncio.create_task(self._carry(provider, headers, body))
            self.delivering.add(task)
            task.add_done_callback(self.delivering.discard)

    async def _carry(self, provider: str, headers: dict[str, str], body: bytes) -> None:
        await asyncio.sleep(min(4.0, self.random.expovariate(2)))
        try:
            status, _, words = await self.knock("POST", f"/webhooks/{provider}", data=body, headers=headers)
        except TimeoutError:
            self.troubles.append(f"a webhook of {provider} was never taken")
            return
        if status != 200:
            self.troubles.append(f"a webhook of {provider} was refused: {status} {words}")

    # ---- deaths ----------------------------------------------------------------------------------

    async def kill(self) -> None:
        """kill -9 of one process of the shop; it is started again at once, as a supervisor does: until it stays."""
        house = self.random.choice(self.houses)
        await house.kill()
        self.kills += 1
        for _ in range(RESTARTS):
            try:
                await house.open()
                return
            except (AssertionError, TimeoutError):  # the database still holds the connections of the dead
                house.away()
                await asyncio.sleep(1)
        self.troubles.append("a process did not come back")


def weather(chance: random.Random) -> Middleware:
    """Between the shop and a provider: slow lines, errors before and after the provider acted, silence."""

    @web.middleware
    async def between(request: web.Request, handler: Handler) -> web.StreamResponse:
        await asyncio.sleep(chance.random() * 0.15)
        kind = chance.random()
        if kind < 0.02:
            return web.Response(status=502, text="<html>bad gateway</html>", content_type="text/html")
        if kind < 0.03:
            return web.json_response({"error": {"message": "slow down", "type": "rate_limit_error"}}, status=429)
        if kind < 0.05:
            return _cut(request)
        answer = await handler(request)
        if kind < 0.09:
            return _cut(request)  # it acted, and nobody will hear of it
        if kind < 0.092:
            await asyncio.sleep(25)  # longer than our adapters wait
        return answer

    return between


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def storm(url: str, folder: Path, *, seed: int, scarce: int, lost: int) -> AsyncIterator[Storm]:
    """The market is open inside the block. `url`: of an empty database; `scarce`: how many there are of one thing."""
    chance = random.Random(seed)
    data = _data(folder)
    db = Database(url, pool_size=6)  # PostgreSQL has a hundred places, and those of the dead stay taken a while
    async with db.begin() as tx:
        shop = await seed_demo(tx, data)
        await tx.execute("UPDATE variant SET on_hand = %s", PLENTY)
        await tx.execute("UPDATE variant SET on_hand = %s WHERE sku = %s", scarce, SCARCE)
        catalogue = await load_catalogue(tx)
    async with AsyncExitStack() as open_:
        open_.enter_context(trusted_authority())
        stripe = await open_.enter_async_context(stripe_server(now, weather(chance)))
        paypal = await open_.enter_async_context(paypal_server(now, weather(chance)))
        webmoney = await open_.enter_async_context(webmoney_server())
        settings = {
            "SHOPKEEPER_DATA": str(data),
            "SHOPKEEPER_TRUSTED_PROXIES": "127.0.0.1",
            "SHOPKEEPER_STRIPE__SECRET_KEY": stripe.secret_key,
            "SHOPKEEPER_STRIPE__WEBHOOK_SECRET": stripe.webhook_secret,
            "SHOPKEEPER_STRIPE__API_BASE": stripe.url,
            "SHOPKEEPER_PAYPAL__CLIENT_ID": paypal.client_id,
            "SHOPKEEPER_PAYPAL__CLIENT_SECRET": paypal.client_secret,
            "SHOPKEEPER_PAYPAL__WEBHOOK_ID": paypal.webhook_id,
            "SHOPKEEPER_PAYPAL__API_BASE": paypal.url,
            "SHOPKEEPER_PAYPAL__CERT_HOSTS": paypal.cert_host,
            "SHOPKEEPER_WEBMONEY__PURSE": webmoney.purse,
            "SHOPKEEPER_WEBMONEY__SECRET_KEY": webmoney.secret_key,
            "SHOPKEEPER_WEBMONEY__MERCHANT_URL": webmoney.url,
            "SSL_CERT_FILE": os.environ["SSL_CERT_FILE"],
        }
        houses = tuple(Server(url, folder, settings=settings) for _ in range(2))
        await open_.enter_async_context(servers(*houses))
        http = await open_.enter_async_context(
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=45), connector=aiohttp.TCPConnector(limit=0))
        )
        made = Storm(chance, db, shop, catalogue, houses, stripe, paypal, webmoney, http, lost)
        courier = asyncio.create_task(made.deliver())
        try:
            yield made
        finally:
            courier.cancel()
            await asyncio.gather(courier, *made.delivering, return_exceptions=True)
            await db.close()


def _data(folder: Path) -> Path:
    """The demo shop's data, with a provider of its own for each way to pay."""
    data = folder / "data"
    shutil.copytree(DATA.parent, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("demo"))
    shutil.copytree(DATA, data, dirs_exist_ok=True)
    own = data / "shop.yml"
    words = yaml.safe_load(own.read_text(encoding="utf-8"))
    words["payments"] |= {method: {"provider": provider, "name": method} for method, provider in WAYS.items()}
    own.write_text(yaml.safe_dump(words, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return data


async def many(work: Callable[[int], Awaitable[None]], count: int, *, at_once: int) -> None:
    """`work(n)` for each n below `count`, so many of them at the same time."""
    numbers = iter(range(count))

    async def one_after_another() -> None:
        for number in numbers:
            await work(number)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
