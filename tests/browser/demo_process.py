"""`shopkeeper demo` in a process of its own, as somebody starts it who has just found the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.rows import TupleRow

from tests.integration.open_shop import HOME

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Demo:
    """The running `shopkeeper demo`."""

    url: str
    database: str

    def row(self, query: str) -> TupleRow | None:
        with psycopg.connect(self.database) as connection:
            return connection.execute(query).fetchone()


@contextmanager
def open_demo(database_url: str, folder: Path) -> Iterator[Demo]:
    """`shopkeeper demo --day 1s` in a process of its own; it shares only what was learnt from the intents."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHOPKEEPER_")}
    environment |= {"SHOPKEEPER_HOME": str(HOME), "SHOPKEEPER_DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)}
    errors = folder / "errors"
    with errors.open("w") as trouble:
        running = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "demo", "--port", "0", "--day", "1s"],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=trouble, text=True,
        )  # fmt: skip
    assert running.stdout is not None
    try:
        url = ""
        for line in running.stdout:
            if line.strip().startswith("Shop "):
                url = line.split()[1].rstrip("/")
            if "Sign in" in line:
                break
        else:
            pytest.fail(f"The demo did not open: {errors.read_text()}")
        yield Demo(url, database_url)
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            status = running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            raise
        finally:
            running.stdout.close()
    assert status == 0
    assert "Traceback" not in errors.read_text()
