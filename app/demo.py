"""The demo: a database of its own, a filled shop, two people at the desk, play messengers, all in one process."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import uuid
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from rich.console import Console
from rich.status import Status

from app import learned, migrations
from app.database import database_url
from app.emulator.opening import Play, play_messengers
from app.logs import set_up_logs
from app.main import House, build, running
from app.settings import Settings
from bot.channel import Raw
from bot.messages import Profile
from desk.people import LoginTaken, add_manager
from integrations.messenger.webchat import WebChat
from integrations.messenger.webchat.frames import TextFrame
from shop.seed import seed_demo

LOGIN, NAME = "anna", "Anna"
WAITING = (  # (name, language, what they say): two conversations that the bot itself gives to the desk
    ("Marta", "en", ("Hello! Can you engrave a name on the Aurora mug?", "Please let me talk to a person.")),
    ("Олена", "uk", ("Добрий день! Посилка приїхала розбита.", "Покличте, будь ласка, менеджера.")),
)
PATIENCE = 10.0  # seconds for each of them to be answered


@dataclass(frozen=True, slots=True)
class Login:
    name: str
    password: str


async def open_demo(settings: Settings, sock: socket.socket, *, fresh: bool, stop: asyncio.Event) -> None:
    """Open the demo shop on `sock` until `stop` is set. `fresh` forgets everything before."""
    set_up_logs(settings.log or "console", level=30)
    screen = Console(highlight=False, soft_wrap=True)
    async with play_messengers(settings, fresh=fresh) as play:
        with screen.status("Starting the database") as status:
            house, login = await _prepare(play.settings, fresh, status)
        try:
            async with running(house, sock=sock, worker=True, more=play.add_to):
                with screen.status("Opening the doors"):
                    await play.connect(house)
                    await _let_two_people_wait(house)
                _welcome(screen, house, login, play)
                await stop.wait()
        finally:
            await house.close()
    screen.print("The shop is closed. Its data are kept; start again with --fresh to forget them.")


async def _prepare(settings: Settings, fresh: bool, status: Status) -> tuple[House, Login]:
    learning = asyncio.create_task(asyncio.to_thread(learned.understand, settings))  # the longest part
    url = await asyncio.to_thread(database_url, settings)
    if fresh:
        await asyncio.to_thread(_forget, url)
    status.update("Making its tables")
    await asyncio.to_thread(migrations.upgrade, url)
    status.update("Learning to understand")
    house = await build(settings, url, understanding=await learning)
    status.update("Filling the shop")
    async with house.db.begin() as tx:
        row = await tx.row("SELECT EXISTS (SELECT 1 FROM product) AS filled")
        if not (row and row["filled"]):
            await seed_demo(tx, settings.shop_folder)
    return house, await _login(house)


def _forget(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


async def _login(house: House) -> Login:
    """The demo's manager."""
    password = _kept_password(house.settings.home_folder / "manager_password")
    try:
        async with house.db.begin() as tx:
            await add_manager(tx, NAME, LOGIN, password, "owner")
    except LoginTaken:
        pass
    return Login(LOGIN, password)


def _kept_password(path: Path) -> str:
    """Made once and kept, readable for its owner alone, so that every start can tell it."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        password = secrets.token_urlsafe(9)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(password)
    return password


async def _let_two_people_wait(house: House) -> None:
    """What they write goes the way of every message; the bot calls a person for them."""
    async with house.db.begin() as tx:
        row = await tx.row("SELECT EXISTS (SELECT 1 FROM conversation) AS known")
    if row and row["known"]:
        return
    webchat = house.channels["webchat"]
    assert isinstance(webchat, WebChat)
    for name, locale, said in WAITING:
        peer = (await webchat.open()).peer
        profile = Profile(name=name, locale=locale)
        await house.turns.receive(_from(webchat.greet(peer, source="demo", locale=locale), profile))
        for words in said:
            await _quiet(house, peer)
            _, raw = await webchat.receive(peer, TextFrame(type="text", id=uuid.uuid4(), text=words))
            await house.turns.receive(_from(raw, profile))
        await _quiet(house, peer)


def _from(raw: Raw, profile: Profile) -> Raw:
    """What came, with the name of who it came from: the web chat itself knows none."""
    return replace(raw, inbounds=tuple(one.model_copy(update={"profile": profile}) for one in raw.inbounds))


async def _quiet(house: House, peer: str) -> None:
    """Wait until everything that was said has been answered."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE
    while loop.time() < until:
        async with house.db.begin() as tx:
            row = await tx.row(
                "SELECT turn_due_at IS NOT NULL OR lane_due_at IS NOT NULL AS busy FROM conversation WHERE peer = %s",
                peer,
            )
        if row and not row["busy"]:
            return
        await asyncio.sleep(0.03)


def _welcome(screen: Console, house: House, login: Login, play: Play) -> None:
    base = house.settings.base_url
    screen.print(f"[bold green]{house.shop.name} is open.[/]")
    screen.print(f"  Shop       {base}/")
    screen.print(f"  Desk       {base}/desk")
    for name, address in play.addresses():
        screen.print(f"  {name}  {address}  (a window like it: no account needed)")
    screen.print("  Terminal   shopkeeper chat")
    screen.print(f"  Sign in at the desk as [bold]{login.name}[/] with the password [bold]{login.password}[/]")
    screen.print(f"  A parcel's day takes {house.settings.parcel_day} s here. Stop with Ctrl-C.")
