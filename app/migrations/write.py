"""For developers: write a migration from what the tables say today. `python -m app.migrations.write --help`"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from alembic import command
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine

from app.migrations import HERE, alembic_config, upgrade
from app.tables import extra_ddl
from base.db import sqlalchemy_url
from base.embedded import start_embedded

JOB_ENGINE = HERE / "sql" / "job_engine.sql"
TRIGGERS = HERE / "sql" / "triggers.sql"
FIRST = "0001"


def main() -> None:
    """Write the next migration, or (until the first release) the first one anew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("message", help="one sentence: what changes")
    parser.add_argument("--first", action="store_true", help="forget all migrations and write the first one anew")
    asked = parser.parse_args()
    versions = HERE / "versions"
    if asked.first:
        for old in versions.glob("[0-9]*.py"):
            old.unlink()
        JOB_ENGINE.write_text(SchemaManager.get_schema(), encoding="utf-8")
        TRIGGERS.write_text("".join(f"{statement};\n\n" for statement in extra_ddl()), encoding="utf-8")
    with empty_database() as url:
        if not asked.first:
            upgrade(url)
        number = FIRST if asked.first else f"{len(list(versions.glob('[0-9]*.py'))) + 1:04}"
        written = write(url, asked.message, number)
    if asked.first:
        add_what_alembic_cannot_see(written)
    for tidy in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, str(written)], check=False)  # noqa: S603
    print(f"{written}: read it before you commit it")


@contextmanager
def empty_database() -> Iterator[str]:
    """A database of its own on the embedded server, dropped afterwards."""
    server = start_embedded(Path(tempfile.gettempdir()) / "shopkeeper-migrations")
    name = f"migration_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
    before, _, options = server.partition("?")
    try:
        yield f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
    finally:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def write(url: str, message: str, number: str) -> Path:
    """Let alembic compare the database at `url` with the tables, and write the difference."""
    engine = create_engine(sqlalchemy_url(url))
    try:
        with engine.begin() as connection:
            config = alembic_config()
            config.attributes["connection"] = connection
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            made = command.revision(config, message=message, autogenerate=True, rev_id=number)
    finally:
        engine.dispose()
    if made is None or isinstance(made, list):
        raise SystemExit("alembic wrote nothing")
    return Path(made.path)


def add_what_alembic_cannot_see(migration: Path) -> None:
    """The job engine's schema and our triggers, at the end of the first migration."""
    source = migration.read_text(encoding="utf-8")
    source = source.replace(
        "from alembic import op\n", "from alembic import op\n\nfrom app.migrations.run_sql import run_sql\n", 1
    )
    last = '    run_sql("job_engine.sql")\n    run_sql("triggers.sql")\n'
    migration.write_text(f"{source.rstrip()}\n{last}", encoding="utf-8")


if __name__ == "__main__":
    main()
