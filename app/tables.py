"""Every table of the shop in one place, for migrations and for start-up checks."""

from __future__ import annotations

import importlib

import psycopg
from procrastinate.schema import SchemaManager
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from base.db import sqlalchemy_url
from desk.triggers import DDL as TRIGGERS

TABLE_MODULES = (
    "shop.tables",
    "bot.tables",
    "desk.tables",
    "integrations.messenger.webchat_tables",
    "integrations.meta.persona_tables",
    "integrations.meta.token_tables",
    "integrations.sandbox_tables",
)


def metadata() -> type[SQLModel]:
    """SQLModel with all tables known."""
    for module in TABLE_MODULES:
        importlib.import_module(module)
    return SQLModel


def extra_ddl() -> tuple[str, ...]:
    """What the database has beside tables: triggers, in the order they are made."""
    return TRIGGERS


def create_schema(url: str) -> None:
    """Bring an empty database to today's schema, by the migrations: what tests clone."""
    from app.migrations import upgrade  # which reads this module

    upgrade(url)


def create_tables(url: str) -> None:
    """Today's tables on an empty database without any migration: what migrations are compared with."""
    engine = create_engine(sqlalchemy_url(url))
    metadata().metadata.create_all(engine)
    engine.dispose()
    with psycopg.connect(url) as connection:
        connection.execute(SchemaManager.get_schema())
        for statement in extra_ddl():
            connection.execute(statement.encode())
