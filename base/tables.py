"""What every table shares: naming of constraints, moments with a time zone, JSON columns."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


def moment(*, default: Any = ..., index: bool = False) -> Any:
    """A column for a moment in time, kept with its zone. `default=None` makes it nullable."""
    return Field(default=default, sa_type=DateTime(timezone=True), index=index, nullable=default is None)  # ty: ignore


def document(default: Any = None) -> Any:
    """A JSONB column. `default` is a factory (dict or list), or None for a nullable column."""
    if default is None:
        return Field(default=None, sa_type=JSONB, nullable=True)
    return Field(default_factory=default, sa_type=JSONB, nullable=False)


__all__ = ["SQLModel", "datetime", "document", "moment"]
