"""The database session: one PostgreSQL, one driver (psycopg 3), one transaction at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import psycopg
from psycopg.rows import dict_row
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession as SQLModelSession

from base.errors import ShopkeeperError

T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction, seen from two sides: SQLModel's session and the psycopg connection under it."""

    session: SQLModelSession
    connection: psycopg.AsyncConnection[Any]

    async def rows(self, query: str, *args: object, **named: object) -> list[Row]:
        """Run plain SQL (`%s` or `%(name)s`) and return its rows as dicts. Pending SQLModel work is flushed first."""
        if self.session.new or self.session.dirty or self.session.deleted:
            await self.session.flush()
        async with self.connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(cast(Any, query), named or args or None)
            return await cursor.fetchall() if cursor.description else []

    async def row(self, query: str, *args: object, **named: object) -> Row | None:
        """The first row, or None."""
        rows = await self.rows(query, *args, **named)
        return rows[0] if rows else None

    async def execute(self, query: str, *args: object, **named: object) -> int:
        """Run plain SQL and return how many rows it touched."""
        if self.session.new or self.session.dirty or self.session.deleted:
            await self.session.flush()
        async with self.connection.cursor() as cursor:
            await cursor.execute(cast(Any, query), named or args or None)
            return cursor.rowcount


def sqlalchemy_url(url: str) -> str:
    """`postgresql://…` as SQLAlchemy wants it for psycopg 3."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.split("+")[0] not in ("postgresql", "postgres"):
        raise ShopkeeperError(
            "SHOPKEEPER_DATABASE_URL is not a PostgreSQL address.",
            "Write it like postgresql://name:password@host:5432/shop, or leave it empty for the embedded server.",
        )
    return f"postgresql+psycopg://{rest}"


class Database:
    """The shop's database. `begin()` opens a transaction; leaving the block commits, an exception rolls back."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        self.url = url
        self.engine = create_async_engine(
            sqlalchemy_url(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=False,
            connect_args={"prepare_threshold": 2, "connect_timeout": 5},
        )
        self._sessions = async_sessionmaker(self.engine, class_=SQLModelSession, expire_on_commit=False)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Tx]:
        """One READ COMMITTED transaction. Never open a second one, nor call the network, inside it."""
        try:
            async with self._sessions() as session, session.begin():
                connection = await cast(AsyncSession, session).connection()
                raw = await connection.get_raw_connection()
                yield Tx(session, cast("psycopg.AsyncConnection[Any]", raw.driver_connection))
        except Exception as error:
            if is_away(error):
                await self.engine.dispose()  # where one connection broke, the idle ones have broken too
            raise

    async def run(self, work: Callable[[Tx], Awaitable[T]], *, tries: int = 5) -> T:
        """Run `work` in a transaction, again after a deadlock (40P01) or a serialisation failure (40001)."""
        for attempt in range(1, tries + 1):
            try:
                async with self.begin() as tx:
                    return await work(tx)
            except (OperationalError, DBAPIError, psycopg.OperationalError) as error:
                if attempt == tries or not _worth_another_try(error):
                    raise
                await asyncio.sleep(0.01 * 2**attempt)
        raise AssertionError("the last try returns or raises")

    async def listen_connection(self, url: str = "") -> psycopg.AsyncConnection[Any]:
        """A connection of its own, in autocommit, for LISTEN. `url`: an address past a pooler."""
        return await psycopg.AsyncConnection.connect(url or self.url, autocommit=True, connect_timeout=5)

    async def close(self) -> None:
        await self.engine.dispose()


def is_away(error: BaseException) -> bool:
    """Whether PostgreSQL cannot be reached or the connection broke: nobody's mistake, and to be tried again later."""
    original = getattr(error, "orig", None) or error
    if not isinstance(original, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    state = original.sqlstate  # none: the connection itself; 08: connections; 53: no room; 57P: the server is stopping
    return state is None or state.startswith(("08", "53", "57P"))


def is_refused_by_a_function(error: BaseException) -> bool:
    """Whether a function in PostgreSQL raised this: only the job queue has such, for a job that somebody else has."""
    return isinstance(error, psycopg.errors.RaiseException)


def _worth_another_try(error: BaseException) -> bool:
    original = getattr(error, "orig", error)
    return getattr(original, "sqlstate", None) in ("40P01", "40001")
