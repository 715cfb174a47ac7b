"""A fresh database for each case: one template for each data set, cloned in some milliseconds."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from app.tables import create_schema
from base.db import Database
from shop.seed import seed_demo


def on_database(url: str, name: str) -> str:
    """The same server, another database."""
    before, _, options = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


class Databases:
    """Makes databases on a server that it may make databases on; leaves nothing behind."""

    def __init__(self, server_url: str) -> None:
        self._url = server_url
        self._templates: dict[Path, str] = {}

    @asynccontextmanager
    async def fresh(self, folder: Path) -> AsyncIterator[Database]:
        """A database with the data set of `folder` in it, gone at the end."""
        template = await self._template(folder)
        name = f"talk_{uuid.uuid4().hex[:12]}"
        await self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        db = Database(on_database(self._url, name), pool_size=5)
        try:
            yield db
        finally:
            await db.close()
            await self._admin(f'DROP DATABASE "{name}" WITH (FORCE)')

    async def close(self) -> None:
        """Drop the templates."""
        for template in self._templates.values():
            with contextlib.suppress(psycopg.Error):
                await self._admin(f'DROP DATABASE "{template}" WITH (FORCE)')
        self._templates.clear()

    async def _template(self, folder: Path) -> str:
        if folder not in self._templates:
            name = f"talk_template_{uuid.uuid4().hex[:12]}"
            await self._admin(f'CREATE DATABASE "{name}"')
            self._templates[folder] = name
            url = on_database(self._url, name)
            await asyncio.to_thread(create_schema, url)
            db = Database(url, pool_size=1)
            try:
                async with db.begin() as tx:
                    await seed_demo(tx, folder)
            finally:
                await db.close()
        return self._templates[folder]

    async def _admin(self, command: str) -> None:
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=10) as connection:
            await connection.execute(command.encode())
