"""Commands that keep running: the demo, the shop in production, its workers, and a chat in the terminal."""

from __future__ import annotations

import asyncio
import re
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli_base import errors, run, settings
from base.errors import ShopkeeperError

if TYPE_CHECKING:
    import socket

    from app.settings import Settings

Port = Annotated[int | None, typer.Option(help="Where to listen.", show_default="SHOPKEEPER_PORT, else 8080")]
Host = Annotated[str | None, typer.Option(help="On which address.", show_default="SHOPKEEPER_HOST, else 127.0.0.1")]
DAY = re.compile(r"(\d+)\s*(s|m|h|)")
SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def add_to(cli: typer.Typer) -> None:
    """Put the commands of this room on the command line."""
    for command in (demo, serve, worker, chat):
        cli.command()(command)


def demo(
    port: Port = None,
    host: Host = None,
    day: Annotated[str, typer.Option(help="How long a parcel's day takes.")] = "60s",
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what happened in the demo so far.")] = False,
) -> None:
    """A complete shop on this machine: no account, no token, nothing to install."""
    from app.demo import open_demo
    from app.settings import read_settings

    if read_settings().production:
        raise ShopkeeperError(
            "SHOPKEEPER_ENV=production: the demo stays shut, for it would write into the shop's own database.",
            "Run it where these settings are not.",
        )
    chosen = _chosen(port, host, env="demo", parcel_day=seconds(day))
    chosen, sock = _bound(chosen, "demo")
    _until_told(open_demo(chosen, sock, fresh=fresh, stop=(stop := asyncio.Event())), stop)


def serve(
    port: Port = None,
    host: Host = None,
    with_worker: Annotated[bool, typer.Option("--with-worker", help="Also do jobs in this process.")] = False,
) -> None:
    """The shop: pages, messengers and conversations. Run as many as you like; jobs are done by `shopkeeper worker`."""
    from app.serve import serve_shop

    chosen = _chosen(port, host)
    chosen, sock = _bound(chosen, "serve")
    _until_told(serve_shop(chosen, sock, worker=with_worker, stop=(stop := asyncio.Event())), stop)


def worker() -> None:
    """Jobs: refunds, parcels, what expires. Run one or more beside `shopkeeper serve`."""
    from app.serve import serve_shop

    _until_told(serve_shop(settings(), None, worker=True, stop=(stop := asyncio.Event())), stop)


def chat(
    name: Annotated[str, typer.Option("--as", help="Who talks; the same name goes on where it stopped.")] = "you",
    locale: Annotated[str, typer.Option(help="The language to begin in.")] = "en",
    quiet: Annotated[bool, typer.Option("--quiet", help="Without what was understood beside it.")] = False,
) -> None:
    """Talk with the shop in this terminal, with intent, slots and dialogs shown beside it."""
    from app.chat import chat_here

    run(chat_here(settings(), name=name, locale=locale, inside=not quiet))


def seconds(text: str) -> int:
    """`60s`, `5m`, `24h` in seconds."""
    found = DAY.fullmatch(text.strip().lower())
    if not found or not int(found[1]):
        raise ShopkeeperError(f"--day {text!r} is no length of time.", "Write it like 60s, 5m or 24h.")
    return int(found[1]) * SECONDS[found[2]]


def _chosen(port: int | None, host: str | None, **given: Any) -> Settings:
    """The settings; options of the command line go before the environment."""
    if port is not None:
        given["port"] = port
    if host is not None:
        given["host"] = host
    return settings(**given)


def _bound(chosen: Settings, command: str) -> tuple[Settings, socket.socket]:
    """The socket, and the settings with the port that it really has (0 stands for any free one)."""
    from app.sockets import listen_at

    sock = listen_at(chosen.host, chosen.port, command=command)
    return chosen.model_copy(update={"port": sock.getsockname()[1]}), sock


def _until_told(work: Any, stop: asyncio.Event) -> None:
    """Run until it ends, or SIGTERM or Ctrl-C asks it to; the second time it goes at once."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(work)

        def told() -> None:
            if stop.is_set():
                task.cancel()
                return
            errors.print("\nClosing the shop. What is under way is finished first (again: at once).", markup=False)
            stop.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
                loop.add_signal_handler(number, told)
        with suppress(asyncio.CancelledError):
            await task

    run(main())
