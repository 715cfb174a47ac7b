"""Run a file of SQL as it is, inside a migration."""

from __future__ import annotations

from pathlib import Path

from alembic import op


def run_sql(name: str) -> None:
    """Run `sql/<name>` on the connection of the migration; many statements, no parameters."""
    sql = (Path(__file__).parent / "sql" / name).read_text(encoding="utf-8")
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("a migration needs a connection")
    driver.execute(sql)
