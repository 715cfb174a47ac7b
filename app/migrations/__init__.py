"""The road of the database from one version of the program to the next. Travels in the wheel."""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from base.db import sqlalchemy_url
from base.errors import ShopkeeperError

HERE = Path(__file__).parent
ONE_AT_A_TIME = 0x5107_0001  # advisory lock: two processes never migrate at once

log = logging.getLogger(__name__)


class EmptyDatabase(ShopkeeperError):
    """Nothing was ever written to this database."""


def upgrade(url: str) -> tuple[str | None, str]:
    """Bring the database to the schema of this program, in one transaction. Returns the versions before and after.

    Raises ShopkeeperError when the database cannot be reached or is newer than this program.
    """
    with _connected(url) as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        before = _version(connection)
        _refuse_newer(before)
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return before, head()


def check(url: str) -> None:
    """Raise ShopkeeperError, with the command that helps, unless the database has exactly this program's schema."""
    with _connected(url) as connection:
        version = _version(connection)
    if version == head():
        return
    _refuse_newer(version)
    if version is None:
        raise EmptyDatabase("The database is empty.", "Run: shopkeeper db upgrade")
    raise ShopkeeperError(
        f"The database has schema {version}, this program needs {head()}.", "Run: shopkeeper db upgrade"
    )


def head() -> str:
    """The newest version that this program knows."""
    newest = ScriptDirectory(str(HERE)).get_current_head()
    if newest is None:
        raise ShopkeeperError("This installation has no migrations.", "Install Shopkeeper again.")
    return newest


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _refuse_newer(version: str | None) -> None:
    known = {script.revision for script in ScriptDirectory(str(HERE)).walk_revisions()}
    if version is not None and version not in known:
        raise ShopkeeperError(
            f"The database has schema {version}, which this program does not know: it is newer.",
            "Install the newer Shopkeeper, or use another database.",
        )


def _connected(url: str) -> Connection:
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        return engine.connect()
    except OperationalError as error:
        raise unreachable(error) from None


def unreachable(error: BaseException) -> ShopkeeperError:
    """What a person is told when PostgreSQL does not answer. Never the address: it may hold a password."""
    reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    why = reason[-1].strip()
    return ShopkeeperError(
        f"The database cannot be reached ({why[:160]}).",
        "Start PostgreSQL, or correct SHOPKEEPER_DATABASE_URL (empty means the embedded server).",
    )
