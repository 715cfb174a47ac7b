"""`shopkeeper talk-test`: reads scripts, plays every case on a fresh database, and tells what became of it."""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from app.settings import read_settings
from app.talk_test.databases import Databases
from app.talk_test.files import Script, read_scripts
from app.talk_test.report import CaseResult, show, together, told_as_json
from app.talk_test.runner import run_case
from app.talk_test.stage import shop_folder
from app.talk_test.venues import check_channel
from base.embedded import start_embedded
from base.errors import ShopkeeperError

ALL_PASS, SOME_FAIL, BROKEN = 0, 1, 2


def talk_test(files: Sequence[Path], *, channel: str | None = None, as_json: bool = False) -> int:
    """The command with the settings of this process; returns the exit code of `run`."""
    return run(files, channel=channel, as_json=as_json, home=read_settings().home_folder)


def run(
    files: Sequence[Path],
    *,
    channel: str | None = None,
    as_json: bool = False,
    home: Path,
    server_url: str = "",
    repeat: int = 1,
) -> int:
    """Play all cases of these files (folders stand for their *.yml) and print the outcome; returns the exit code.

    0: all pass; 1: some fail; 2: a script (or the channel) is not what the grammar allows, told on stderr, and nothing
    was played. `channel`: play all cases on this messenger; None: on the case's own, else on a recording one.
    `repeat`: how often each case is played; it passes when it does so every time.
    `home`: SHOPKEEPER_HOME, where the embedded database and what was learned lie. `server_url`: a PostgreSQL on which
    databases may be made; empty: the embedded one. The shop's own database is never touched.
    """
    try:
        check_channel(channel)
        scripts = read_scripts(files)
        for script in scripts:
            check_channel(script.case.channel)
            shop_folder(script.case.shop, script.file.parent)
    except ShopkeeperError as wrong:
        print(wrong, file=sys.stderr)
        return BROKEN
    results = asyncio.run(
        play(scripts, channel=channel, home=home, server_url=server_url, quietly=as_json, repeat=repeat)
    )
    if as_json:
        print(told_as_json(results))
    else:
        show(results, Console(soft_wrap=True))
    return ALL_PASS if all(result.passed for result in results) else SOME_FAIL


async def play(
    scripts: Sequence[Script],
    *,
    channel: str | None,
    home: Path,
    server_url: str = "",
    quietly: bool = True,
    repeat: int = 1,
) -> list[CaseResult]:
    """All cases, one after the other."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")  # of a library, and of no use to anybody
    databases = Databases(server_url or await asyncio.to_thread(start_embedded, home))
    results = []
    try:
        with Progress(disable=quietly or not sys.stderr.isatty(), console=Console(stderr=True), transient=True) as bar:
            cases = bar.add_task("cases", total=len(scripts))
            for script in scripts:
                bar.update(cases, description=script.name)
                rounds = []
                for _ in range(repeat):
                    async with databases.fresh(shop_folder(script.case.shop, script.file.parent)) as db:
                        rounds.append(await run_case(script, db, home=home, channel=channel))
                results.append(together(rounds))
                bar.advance(cases)
    finally:
        await databases.close()
    return results
