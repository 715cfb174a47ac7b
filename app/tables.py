"""Every table of the shop in one place, for migrations and for start-up checks."""

from __future__ import annotations

import importlib

from sqlalchemy import create_engine
from sqlmodel import SQLModel

from base.db import sqlalchemy_url

TABLE_MODULES = ("shop.tables", "bot.tables", "desk.tables", "integrations.messenger.webchat_tables")


def metadata() -> type[SQLModel]:
    """SQLModel with all tables known."""
    for module in TABLE_MODULES:
        importlib.import_module(module)
    return SQLModel


def create_schema(url: str) -> None:
    """Bring an empty database to today's schema."""
    engine = create_engine(sqlalchemy_url(url))
    metadata().metadata.create_all(engine)
    engine.dispose()
