"""Migrations lead from an empty database to exactly the tables of the program, and say so when they cannot."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine

from app.migrations import HERE, check, head, upgrade
from app.tables import create_tables, metadata
from base.db import sqlalchemy_url
from base.errors import ShopkeeperError

EVERYTHING = """
    SELECT 'column', table_name || '.' || column_name,
           concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default, identity_generation)
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', proname, pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3
"""


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    name = f"empty_{uuid.uuid4().hex[:12]}"
    before, _, options = server_url.partition("?")
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def second_url(empty_url: str, server_url: str) -> Iterator[str]:
    name = f"second_{uuid.uuid4().hex[:12]}"
    before, _, options = server_url.partition("?")
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def everything_in(url: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        return {row for row in connection.execute(EVERYTHING).fetchall() if "alembic_version" not in row[1]}


def test_migrations_and_tables_are_the_same_down_to_the_last_check(empty_url: str, second_url: str) -> None:
    upgrade(empty_url)
    create_tables(second_url)
    migrated, declared = everything_in(empty_url), everything_in(second_url)
    assert sorted(declared - migrated) == [], "in the tables, not in the migrations: make migration"
    assert sorted(migrated - declared) == [], "in the migrations, not in the tables"


def test_alembic_finds_nothing_more_to_do(empty_url: str) -> None:
    upgrade(empty_url)
    engine = create_engine(sqlalchemy_url(empty_url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            found = compare_metadata(context, metadata().metadata)
    finally:
        engine.dispose()
    assert [change for change in found if "procrastinate" not in str(change)] == []


def test_a_database_is_brought_up_once_and_then_left_alone(empty_url: str) -> None:
    assert upgrade(empty_url) == (None, head())
    assert upgrade(empty_url) == (head(), head())
    check(empty_url)


def test_an_empty_database_is_refused_with_the_command_that_helps(empty_url: str) -> None:
    with pytest.raises(ShopkeeperError, match=r"^The database is empty\. Run: shopkeeper db upgrade$"):
        check(empty_url)


def test_a_database_of_a_newer_program_is_left_alone(empty_url: str) -> None:
    upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    for look in (check, upgrade):
        with pytest.raises(ShopkeeperError, match="schema 9999, which this program does not know: it is newer"):
            look(empty_url)


def test_a_database_that_is_down_is_one_line_without_its_password() -> None:
    with pytest.raises(ShopkeeperError, match="The database cannot be reached") as told:
        check("postgresql://shop:hidden-word@127.0.0.1:1/shop")
    assert "hidden-word" not in str(told.value)
    assert "\n" not in str(told.value)


def test_the_job_engine_of_the_migration_is_the_one_that_is_installed() -> None:
    ours = (HERE / "sql" / "job_engine.sql").read_text(encoding="utf-8")
    assert ours == SchemaManager.get_schema(), "the job engine has moved: write a migration with its own SQL"
