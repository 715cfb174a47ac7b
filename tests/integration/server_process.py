"""`shopkeeper serve` as processes of their own, which tests kill, stop and start again; and a way to part them from
their database."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

import aiohttp
import psycopg
from psycopg.conninfo import conninfo_to_dict

from base.db import Database
from shop.seed import seed_demo
from tests.integration.lumo import DATA
from tests.integration.open_shop import HOME

READY_WITHIN = 180.0  # seconds; a busy machine
# Everything heavy is imported once; each server is then a fork of that, and opens in a second instead of four.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["app.cli", "app.serve", "app.main", "bot.nlu.embedded"])


def run_command(
    words: Sequence[str], environment: dict[str, str], log: Path, hurry: bool, errors: Path | None = None
) -> None:
    """The whole program as a shell starts it, with what it says in a file; its errors in another, if one is named."""
    for path, stream in ((log, 1), (errors or log, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for name in [name for name in os.environ if name.startswith("SHOPKEEPER_")]:
        del os.environ[name]
    os.environ.update(environment)
    os.chdir(log.parent)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hurry:
        from base import jobs
        from shop import disputes, refunds

        jobs.HEARTBEAT, jobs.DEAD_AFTER, jobs.RESCUE_EVERY = 0.5, 3, 1.0
        refunds.PATIENCE = timedelta(seconds=5)
        disputes.ASK_EVERY = timedelta(seconds=30)
    from app.cli import main

    sys.argv = ["shopkeeper", *words]
    main()


HELD: list[socket.socket] = []


def free_port() -> int:
    """A port for the rest of the run: held without listening, so that the system gives it to nobody else meanwhile,
    neither to a server nor as the near end of a connection. A server that asks for it by number, with SO_REUSEADDR
    as asyncio does, gets it (Linux)."""
    holder = socket.socket()
    HELD.append(holder)
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return int(holder.getsockname()[1])


@dataclass
class Server:
    """One `shopkeeper serve` on a port that stays the same over restarts."""

    url_of_database: str
    folder: Path
    port: int = field(default_factory=free_port)
    with_worker: bool = True
    hurry: bool = True  # dead workers are noticed after 3 seconds instead of 10, and so on
    settings: dict[str, str] = field(default_factory=dict)
    process: BaseProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything the processes of this server said."""
        path = self.folder / f"serve-{self.port}.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def start(self) -> None:
        environment = {
            "SHOPKEEPER_HOME": str(HOME),
            "SHOPKEEPER_DATABASE_URL": self.url_of_database,
            "SHOPKEEPER_SECRET_KEY": "for-tests-alone-0123456789-0123456789",
            "SHOPKEEPER_LOG": "json",
            "SHOPKEEPER_BURST": "0",
            "SHOPKEEPER_NLU__ENCODER": "none",  # these tests start many processes, and are not about understanding
            **self.settings,
        }
        words = ["serve", "--port", str(self.port), *(["--with-worker"] if self.with_worker else [])]
        self.process = FORKS.Process(
            target=run_command, args=(words, environment, self.folder / f"serve-{self.port}.log", self.hurry)
        )
        self.process.start()

    async def ready(self) -> None:
        """Wait until the doors are open."""
        assert self.process is not None
        async with asyncio.timeout(READY_WITHIN), aiohttp.ClientSession() as http:
            while True:
                assert self.process.is_alive(), self.log[-2000:]
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with http.get(f"{self.url}/healthz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.05)

    async def open(self) -> None:
        self.start()
        await self.ready()

    async def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        await self.ended(10)

    def terminate(self) -> None:
        """SIGTERM."""
        assert self.process is not None
        self.process.terminate()

    async def ended(self, within: float) -> int:
        """The exit code, once the process has ended. Raises TimeoutError."""
        assert self.process is not None
        async with asyncio.timeout(within):
            while self.process.is_alive():
                await asyncio.sleep(0.02)
        assert self.process.exitcode is not None
        return self.process.exitcode

    def away(self) -> None:
        """Make sure that nothing is left running."""
        if self.process is not None and self.process.is_alive():
            self.process.kill()
            self.process.join(10)


@contextlib.asynccontextmanager
async def servers(*given: Server) -> AsyncIterator[None]:
    """These servers are open inside the block, and gone after it."""
    try:
        for server in given:
            server.start()
        for server in given:
            await server.ready()
        yield
    finally:
        for server in given:
            server.away()


async def fill_shop(db: Database) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DATA)


class Cable:
    """A cable to PostgreSQL: an address of its own, which can be pulled and plugged in again."""

    def __init__(self, url: str) -> None:
        about = conninfo_to_dict(url)
        self._host, self._port = str(about.get("host") or "127.0.0.1"), int(about.get("port") or 5432)
        self._wires: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = free_port()
        secret = f":{about['password']}" if about.get("password") else ""
        self.url = (
            f"postgresql://{about.get('user', 'postgres')}{secret}@127.0.0.1:{self.port}/{about['dbname']}"
            "?sslmode=disable&gssencmode=disable"
        )

    async def plug_in(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def pull(self) -> None:
        """Every connection breaks, and no new one can be made."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for wire in list(self._wires):
            wire.cancel()
        await asyncio.gather(*self._wires, return_exceptions=True)

    async def _carry(self, near: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._wires.add(task)
        far_out: asyncio.StreamWriter | None = None
        try:
            if self._host.startswith("/"):
                far, far_out = await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
            else:
                far, far_out = await asyncio.open_connection(self._host, self._port)
            both = [asyncio.ensure_future(_copy(near, far_out)), asyncio.ensure_future(_copy(far, near_out))]
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in both:
                    one.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        except asyncio.CancelledError:
            pass
        finally:
            self._wires.discard(task)
            for writer in (near_out, far_out):
                if writer is not None:
                    writer.transport.abort()


async def _copy(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            to.write(data)
            await to.drain()


def ask(url: str, query: str, *args: object) -> list[tuple[object, ...]]:
    """Rows of the shop's database, seen from outside."""
    with psycopg.connect(url, autocommit=True) as connection:
        return connection.execute(query.encode(), args or None).fetchall()
