"""How alembic runs here: on the connection it is given, over all tables of the shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from alembic import context
from alembic.operations.ops import CreateTableOp, MigrationScript
from sqlalchemy import Column
from sqlmodel.sql.sqltypes import AutoString

from app.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alembic.autogenerate.api import AutogenContext
    from alembic.runtime.migration import MigrationContext

NOT_OURS = "procrastinate_"  # tables of the job engine come from its own SQL


def render_item(kind: str, item: object, autogen: AutogenContext) -> str | Literal[False]:
    """SQLModel's strings are plain strings in a migration."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    return False


def include_name(name: str | None, kind: str, parents: Any) -> bool:
    """Look only at our own tables."""
    return not (kind == "table" and name is not None and name.startswith(NOT_OURS))


def no_sequence_where_none_is_meant(
    migration: MigrationContext, revision: str | Iterable[str | None] | Iterable[str], scripts: list[MigrationScript]
) -> None:
    """A whole number that is a primary key with a default of its own gets no sequence."""
    for script in scripts:
        for operation in script.upgrade_ops.ops if script.upgrade_ops else ():
            if isinstance(operation, CreateTableOp):
                counted = metadata().metadata.tables[operation.table_name].autoincrement_column
                for column in operation.columns:
                    if isinstance(column, Column) and column.primary_key and counted is None:
                        column.autoincrement = False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata().metadata,
    render_item=render_item,
    include_name=include_name,
    compare_type=True,
    compare_server_default=True,
    process_revision_directives=no_sequence_where_none_is_meant,
)
with context.begin_transaction():
    context.run_migrations()
