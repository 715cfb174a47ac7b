"""What all commands share: settings, the database, tables and JSON. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from base.errors import ShopkeeperError
from base.text import readable

if TYPE_CHECKING:
    from app.settings import Settings
    from base.db import Database

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
Cells = Mapping[str, Any]

errors = Console(stderr=True, highlight=False, soft_wrap=True)


def group(about: str) -> typer.Typer:
    """A group of commands."""
    return typer.Typer(help=about, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def settings(**given: Any) -> Settings:
    """The settings of this process; names that are no settings are told on stderr."""
    from app.settings import names_in_use, read_settings, unknown_names

    for line in unknown_names(names_in_use()):
        errors.print(f"! {line}", markup=False)
    return read_settings(**given)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, on the fast loop where there is one."""
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.run(work)
    return uvloop.run(work)


@asynccontextmanager
async def opened(chosen: Settings) -> AsyncIterator[Database]:
    """The shop's database, at this program's schema. Starts the embedded server where it is the one."""
    from app import migrations
    from app.database import database_url
    from base.db import Database

    url = await asyncio.to_thread(database_url, chosen)
    await asyncio.to_thread(migrations.check, url)
    db = Database(url, pool_size=2)
    try:
        yield db
    finally:
        await db.close()


def show(rows: Sequence[Cells], columns: Mapping[str, str], *, as_json: bool, empty: str) -> None:
    """Print rows as a table of the named columns (key -> heading), or all of them as JSON."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        print(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(plain(row.get(key)) for key in columns))
    Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False).print(table)


def show_one(row: Cells, *, as_json: bool) -> None:
    """Print one thing, a line for each of its parts."""
    if as_json:
        print_json(row)
        return
    width = max(len(key) for key in row)
    for key, value in row.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            print(f"{key}:")
            for part in value:
                print("  " + "  ".join(plain(cell) for cell in part.values() if plain(cell)))
        else:
            print(f"{key:<{width}}  {plain(value)}")


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False, default=_as_json))


def plain(value: object) -> str:
    """A cell in words."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone().strftime("%Y-%m-%d %H:%M")
        case list() | tuple():
            return ", ".join(plain(part) for part in value)
        case _:
            return readable(str(value))  # customers' words must not steer the terminal


def _as_json(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def money(amount_minor: int | None, currency: str) -> str:
    """`12.00 EUR`."""
    from base.money import Money

    return "" if amount_minor is None else f"{Money(amount_minor, currency)} {currency}"


def needed(row: dict[str, Any] | None, what: str, see: str) -> dict[str, Any]:
    """The row, or one line that says there is none."""
    if row is None:
        raise ShopkeeperError(f"There is no {what}.", f"See: shopkeeper {see}")
    return row


def asks_a_person() -> bool:
    """Whether somebody sits at the terminal."""
    return sys.stdin.isatty() and os.environ.get("TERM") != "dumb"
