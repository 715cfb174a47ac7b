"""Fixtures for everybody: a PostgreSQL of our own, and a fresh migrated database for each test that asks for one."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from hypothesis import settings

from app.tables import create_schema
from base.db import Database
from base.embedded import start_embedded

ROOM = 4 * 2**30  # bytes

settings.register_profile("shared", deadline=None)  # machines are shared: no test is about time
settings.load_profile("shared")
os.environ.setdefault("SHOPKEEPER_BURST", "0")  # nobody waits for more, but the tests that are about it


def _quick_folder() -> Path:
    """In memory where there is plenty: every test makes a database, which is hundreds of files."""
    memory = Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM:
        return memory
    return Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def server_url() -> str:
    """A server of our own, shared by the test processes of this machine; its data are thrown away by the system."""
    given = os.environ.get("SHOPKEEPER_TEST_DATABASE_URL")
    if given:
        return given
    who = os.getuid() if hasattr(os, "getuid") else 0
    url = start_embedded(_quick_folder() / f"shopkeeper-tests-{who}")
    with psycopg.connect(url, autocommit=True) as admin:  # our processes die in these tests, the machine does not
        admin.execute("ALTER SYSTEM SET fsync = off")
        admin.execute("ALTER SYSTEM SET max_wal_size = '256MB'")
        admin.execute("SELECT pg_reload_conf()")
    return url


def on_database(url: str, name: str) -> str:
    """The same server, another database."""
    before, _, options = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.fixture(scope="session")
def template(server_url: str) -> Iterator[str]:
    """A migrated, empty database; tests clone it in some milliseconds."""
    name = f"template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    create_schema(on_database(server_url, name))
    yield name
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a fresh migrated database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield on_database(server_url, name)
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest_asyncio.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()
