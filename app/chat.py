"""`shopkeeper chat`: the shop in a terminal, and what it understood beside it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from rich.console import Console as Screen

from app import migrations
from app.cli_base import errors
from app.database import database_url
from app.logs import set_up_logs
from app.main import House, build, running
from app.settings import Settings
from base.errors import ShopkeeperError
from bot.channel import Raw
from bot.messages import Inbound, Start
from bot.state import Frame, State
from bot.understanding import Clause, Parsed
from integrations.messenger.console import Console
from shop.seed import seed_demo

LEAVE = frozenset({"/quit", "/exit", "/q"})
ALL_SAID = 1.2  # seconds of silence after which the shop has said what it had to say
PATIENCE = 20.0  # seconds


async def chat_here(settings: Settings, *, name: str, locale: str, inside: bool) -> None:
    """Talk until the end of the input or /quit. In the demo an empty database is filled first."""
    set_up_logs(settings.log or "console", level=40)
    terminal = Console(peer=name, locale=locale)
    with errors.status("Opening the shop"):
        url = await asyncio.to_thread(database_url, settings)
        await asyncio.to_thread(migrations.check if settings.production else migrations.upgrade, url)
        house = await build(settings, url, more_channels={"console": terminal})
        await _fill(house)
    errors.print(f"{house.shop.name} in the terminal. Answer by words or numbers; /quit leaves.", markup=False)
    try:
        async with running(house, sock=None, worker=not settings.production):
            await _talk(house, terminal, inside=inside)
    finally:
        await house.close()


async def _fill(house: House) -> None:
    async with house.db.begin() as tx:
        row = await tx.row("SELECT EXISTS (SELECT 1 FROM product) AS filled")
        if row and row["filled"]:
            return
        if house.settings.production:
            raise ShopkeeperError("Nothing is on sale.", "Import goods: shopkeeper catalogue import FILE")
        await seed_demo(tx, house.settings.shop_folder)


async def _talk(house: House, terminal: Console, *, inside: bool) -> None:
    hello = Inbound(
        address=terminal.address,
        event_key=f"start:{terminal.address.peer}",
        content=Start(source="terminal"),
        at=house.clock.now(),
        profile=terminal.inbound("").profile,
    )
    await house.turns.receive(Raw("console", terminal.account, hello.event_key, b"", (hello,)))
    screen = Screen(highlight=False, markup=False, soft_wrap=True)
    began = house.clock.now() - timedelta(minutes=1)
    keyboard = Keyboard()
    while True:
        await _quiet(house, terminal)
        if inside:
            await _show_inside(house, terminal, screen, began)
        began = house.clock.now()
        words = await keyboard.line()
        if words is None or words.strip().lower() in LEAVE:
            return
        if not words.strip():
            continue
        body = terminal.line(words)
        (inbound,) = terminal.read_update(body)
        await house.turns.receive(Raw("console", terminal.account, inbound.event_key, body, (inbound,)))


class Keyboard:
    """Typed lines, read by a thread that nobody has to wait for: Ctrl-C ends the talk in the middle of a line."""

    def __init__(self) -> None:
        self._lines: asyncio.Queue[str | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._fetch, name="keyboard", daemon=True).start()

    async def line(self) -> str | None:
        """One typed line; None at the end of the input."""
        if sys.stdin.isatty():
            errors.print("> ", end="", markup=False)
        return await self._lines.get()

    def _fetch(self) -> None:
        with open(os.dup(sys.stdin.fileno()), encoding="utf-8", errors="replace") as typed:  # not sys.stdin: its lock
            for line in typed:  # would be waited for at the end
                self._tell(line.rstrip("\r\n"))
        self._tell(None)

    def _tell(self, line: str | None) -> None:
        with suppress(RuntimeError):  # the loop has ended meanwhile
            self._loop.call_soon_threadsafe(self._lines.put_nowait, line)


async def _quiet(house: House, terminal: Console) -> None:
    """Wait until everything is said."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while loop.time() < until:
        async with house.db.begin() as tx:
            row = await tx.row(
                """SELECT turn_due_at <= now() + make_interval(secs => %s) OR lane_due_at IS NOT NULL AS busy
                   FROM conversation WHERE channel = 'console' AND account = %s AND peer = %s""",
                ALL_SAID, terminal.account, terminal.address.peer,
            )  # fmt: skip
        if row and not row["busy"]:
            return
        await asyncio.sleep(0.03)


async def _show_inside(house: House, terminal: Console, screen: Screen, since: datetime) -> None:
    """What was understood, and where the talk is."""
    async with house.db.begin() as tx:
        row = await tx.row(
            "SELECT id, state, owner FROM conversation WHERE channel = 'console' AND account = %s AND peer = %s",
            terminal.account, terminal.address.peer,
        )  # fmt: skip
        if row is None:
            return
        last = await tx.row(
            """SELECT parsed FROM inbound WHERE conversation_id = %s AND received_at >= %s AND parsed IS NOT NULL
               ORDER BY id DESC LIMIT 1""",
            row["id"], since,
        )  # fmt: skip
    heard = Parsed.model_validate(last["parsed"]).clauses if last else ()
    for line in inside_of(State.model_validate(row["state"]), heard, row["owner"]):
        screen.print(f"    {line}", style="dim")


def inside_of(state: State, heard: Sequence[Clause], owner: str) -> list[str]:
    """Lines for the reader of the terminal: intents with confidence, open dialogs with their slots, the question."""
    lines = []
    if heard:
        tops = [clause.ranking[0] for clause in heard if clause.ranking]
        lines.append("heard   " + ", ".join(f"{intent} {confidence:.2f}" for intent, confidence in tops))
    lines += [f"dialog  {_frame(frame)}" for frame in reversed(state.stack)]
    lines += [f"waits   {_frame(frame)}" for frame in state.background]
    if state.question is not None:
        where = state.question.step or (state.question.again.key if state.question.again else "")
        lines.append(f"asks    {state.question.expects}{f' ({where})' if where else ''}")
    if owner != "bot":
        lines.append(f"with    {'the queue: a person was called' if owner == 'queue' else 'a manager'}")
    return lines


def _frame(frame: Frame) -> str:
    said = {
        name: value for name, value in frame.slots.items() if value is not None and not isinstance(value, dict | list)
    }
    slots = ", ".join(f"{name}={_short(value)}" for name, value in said.items())  # not what the shop answered
    return f"{frame.dialog}({slots})"


def _short(value: object) -> str:
    words = str(value)
    return words if len(words) <= 30 else f"{words[:29]}…"
