"""Conversation scripts for tests: all cases, which of them belong to later issues, and a server for their databases."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.talk_test.databases import Databases
from app.talk_test.files import Script, read_scripts
from app.talk_test.report import CaseResult
from app.talk_test.runner import Wishes, run_case
from app.talk_test.stage import shop_folder

FOLDER = Path(__file__).parent.parent / "conversations"
HOME = Path(tempfile.gettempdir()) / f"shopkeeper-tests-{os.getuid() if hasattr(os, 'getuid') else 0}"
SCRIPTS = read_scripts([FOLDER])
FIRST = tuple({script.file: script for script in reversed(SCRIPTS)}.values())[::-1]  # the case itself, no paraphrases
LATER = ("C21",)  # it belongs to a later issue


def later(script: Script) -> bool:
    """Whether a later issue makes this case pass."""
    return script.name.startswith(LATER)


def named(name: str) -> Script:
    return next(script for script in SCRIPTS if script.name == name)


@contextmanager
def databases_on(server_url: str) -> Iterator[Databases]:
    made = Databases(server_url)
    yield made
    asyncio.run(made.close())


async def play(
    script: Script, databases: Databases, *, channel: str | None = None, wishes: Wishes | None = None
) -> CaseResult:
    """One case on a fresh database."""
    async with databases.fresh(shop_folder(script.case.shop, script.file.parent)) as db:
        return await run_case(script, db, home=HOME, channel=channel, wishes=wishes)
