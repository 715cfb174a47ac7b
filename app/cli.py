"""The `shopkeeper` command: what there is, and how mistakes are told."""

from __future__ import annotations

import io
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO

import typer

from app import cli_data, cli_desk, cli_money, cli_privacy, cli_run, cli_tools
from app.cli_base import errors
from base.errors import ShopkeeperError

INTERNAL_ERROR = 70  # EX_SOFTWARE of sysexits.h
INTERRUPTED = 130  # 128 + SIGINT, as shells count

cli = typer.Typer(
    name="shopkeeper",
    help="A shop assistant that lives in messengers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (cli_run, cli_tools):
    room.add_to(cli)
cli.add_typer(cli_data.catalogue, name="catalogue")
cli.add_typer(cli_data.orders, name="orders")
cli.add_typer(cli_money.payments, name="payments")
cli.add_typer(cli_data.shipments, name="shipments")
cli.add_typer(cli_desk.conversations, name="conversations")
cli.add_typer(cli_desk.manager, name="manager")
cli.add_typer(cli_desk.tasks, name="tasks")
cli.add_typer(cli_privacy.privacy, name="privacy")


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(version("shopkeeper"))
        raise typer.Exit


@cli.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")] = False,
) -> None:
    """A shop assistant that lives in messengers. Start with: shopkeeper demo"""


def main() -> None:
    """Run one command. Mistakes that a person can mend are one line on stderr, and never a traceback."""
    _of_every_letter(sys.stdout)
    try:
        cli()
    except ShopkeeperError as error:
        _end(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # `shopkeeper orders list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if told := _of_the_database(error):
            _end(told, 1)
        _end(f"Something went wrong inside Shopkeeper ({type(error).__name__}). {_kept(error)}", INTERNAL_ERROR)


def _of_every_letter(stream: TextIO) -> None:
    """Let names in any script be printed under any locale: UTF-8 into files and pipes, `?` on a screen without them."""
    if not isinstance(stream, io.TextIOWrapper):
        return
    if stream.isatty():
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8")


def _end(line: str, code: int) -> None:
    errors.print(line, markup=False)
    sys.exit(code)


def _of_the_database(error: Exception) -> str | None:
    """A line for a database that is gone or cannot be reached; None for any other error."""
    import psycopg

    original = getattr(error, "orig", error)
    if not isinstance(original, psycopg.OperationalError | psycopg.InterfaceError):
        return None
    from app.migrations import unreachable

    return str(unreachable(error))


def _kept(error: Exception) -> str:
    """Write the traceback, without personal data, beside the log; say where."""
    from app.logs import told_traceback

    try:
        from app.settings import read_settings

        folder = read_settings().home_folder
    except ShopkeeperError:
        folder = Path("~/.shopkeeper").expanduser()
    path = folder / "errors.log"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{datetime.now().astimezone().isoformat()}\n{told_traceback(error)}\n")
    except OSError:
        return f"It could not be written to {path}."
    return f"It is written down in {path}."


if __name__ == "__main__":
    main()
