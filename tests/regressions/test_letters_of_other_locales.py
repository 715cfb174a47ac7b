"""Under a locale that is not UTF-8 (LANG=C, a pipe on Windows) a customer's name ended the command."""

from __future__ import annotations

import io
import sys

import pytest

from app import cli


def test_a_name_goes_into_a_pipe_under_any_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="ascii"))
    monkeypatch.setattr(cli, "cli", lambda: print("Олена 🛒"))
    cli.main()
    sys.stdout.flush()
    assert pipe.getvalue().decode() == "Олена 🛒\n"


def test_a_screen_without_the_letters_shows_something_else(monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(io.BytesIO):
        def isatty(self) -> bool:
            return True

    screen = Screen()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(screen, encoding="ascii"))
    monkeypatch.setattr(cli, "cli", lambda: print("Олена 12"))
    cli.main()
    sys.stdout.flush()
    assert screen.getvalue().decode() == "????? 12\n"
