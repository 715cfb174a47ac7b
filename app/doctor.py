"""`shopkeeper doctor`: looks at one thing after the other and says what mends it. Changes nothing of the shop."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from app import adapters, learned, migrations
from app.database import database_url
from app.probes import Probe
from app.settings import Settings, names_in_use, read_settings, signing_key, unknown_names
from base.clock import SystemClock
from base.db import Database
from base.errors import ShopkeeperError
from base.health import Health
from bot.nlu.training import Example, read_examples
from bot.texts import Texts
from shop.catalogue import load_catalogue
from shop.csv_rows import read_catalogue
from shop.faq import load_faq
from shop.posts import unknown_goods
from shop.seed import read_file
from shop.shopfile import ShopFile, load_shop

State = Literal["ok", "warn", "down"]
CLOCK_MAY_DIFFER = 5.0  # seconds, against the database's clock
PATIENCE = 10.0  # seconds for one thing to answer
NOT_SET_UP = {  # how the setting up of a messenger begins
    "telegram": "SHOPKEEPER_TELEGRAM__TOKEN, from @BotFather",
    "facebook": "See docs/channels/facebook.md",
    "instagram": "See docs/channels/instagram.md",
}


@dataclass(frozen=True, slots=True)
class Finding:
    state: State
    what: str
    line: str
    mend: str = ""


async def look() -> list[Finding]:
    """All findings, in the order in which they should be mended."""
    try:
        settings = read_settings()
    except ShopkeeperError as error:
        return [_python(), *(Finding("down", "settings", line) for line in str(error).splitlines())]
    found = [_python(), _settings(), _home(settings), _key(settings), _port(settings)]
    url = None
    try:
        url = await asyncio.to_thread(database_url, settings)
    except ShopkeeperError as error:
        found.append(_told("database", error))
    usable = False
    if url is not None:
        found += [one async for one in _database(url, settings)]
        usable = found[-1].what == "schema" and found[-1].state == "ok"
    shop = await _tried("shop.yml", lambda: load_shop(settings.shop_folder / "shop.yml"), found)
    if isinstance(shop, ShopFile):
        found[-1] = Finding("ok", "shop.yml", f"{shop.name}, {len(shop.deliveries)} deliveries, {shop.currency}")
        texts = await _data(settings, shop, found)
        if url is not None and usable:
            found += [one async for one in _outside(settings, url, shop, texts)]
    return found


async def tell_the_owner() -> str:
    """Send the owner a message without an occasion; returns the line to print. Raises ShopkeeperError."""
    settings = read_settings()
    shop = load_shop(settings.shop_folder / "shop.yml")
    texts = Texts.load(settings.data_folder / "texts", zone=shop.tzinfo, own=settings.shop_folder / "texts")
    if not settings.telegram.owner_chat or not settings.telegram.token.get_secret_value():
        what = "There is nobody to be told: the owner's chat or the bot is not set up."
        raise ShopkeeperError(what, "See docs/alarms.md")
    channel = adapters.make_telegram(settings)
    told = adapters.owner(settings, {"telegram": channel}, texts, shop)
    assert told is not None
    try:
        await told.test()
    finally:
        await channel.close()
    return "Sent. Look into Telegram."


# ---- this machine --------------------------------------------------------------------------------


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("ok", "python", version)  # an older one does not get as far as this line


def _settings() -> Finding:
    strange = unknown_names(names_in_use())
    return Finding("warn", "settings", " ".join(strange)) if strange else Finding("ok", "settings", "all names known")


def _home(settings: Settings) -> Finding:
    home = settings.home_folder
    if not home.exists():
        return Finding("ok", "home", f"{home} (made at the first start)")
    about = home.stat()
    if os.name == "posix" and about.st_uid != os.geteuid():
        return Finding("down", "home", f"{home} belongs to another user", "Set SHOPKEEPER_HOME to a folder of your own")
    if about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return Finding("down", "home", f"{home} may be written by others", f"chmod 700 {home}")
    return Finding("ok", "home", str(home))


def _key(settings: Settings) -> Finding:
    if not settings.production:
        return Finding("ok", "secret key", "set" if settings.secret_key.get_secret_value() else "made by the demo")
    try:
        signing_key(settings)
    except ShopkeeperError as error:
        return _told("secret key", error)
    return Finding("ok", "secret key", "set")


def _port(settings: Settings) -> Finding:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((settings.host, settings.port))
        except OSError:
            return Finding(
                "warn",
                "port",
                f"{settings.port} is taken, by this shop or by another program",
                "shopkeeper serve --port",
            )
    return Finding("ok", "port", f"{settings.port} is free")


# ---- the database --------------------------------------------------------------------------------


async def _database(url: str, settings: Settings) -> AsyncIterator[Finding]:
    db = Database(url, pool_size=1)
    try:
        async with asyncio.timeout(PATIENCE), db.begin() as tx:
            row = await tx.row("SELECT current_setting('server_version_num')::int AS number, version(), now() AS now")
        assert row is not None
        number = row["number"] // 10_000
        yield (
            Finding("ok", "database", f"PostgreSQL {number}")
            if number >= 15
            else Finding("down", "database", f"PostgreSQL {number}", "Use version 15 or newer")
        )
        apart = abs((datetime.now(UTC) - row["now"]).total_seconds())
        yield (
            Finding("ok", "clock", "agrees with the database")
            if apart < CLOCK_MAY_DIFFER
            else Finding(
                "warn", "clock", f"{apart:.0f} s apart from the database's", "Set the time of both machines by NTP"
            )
        )
    except Exception as error:
        yield _told("database", migrations.unreachable(error))
        return
    finally:
        await db.close()
    try:
        await asyncio.to_thread(migrations.check, url)
        yield Finding("ok", "schema", migrations.head())
    except ShopkeeperError as error:
        if isinstance(error, migrations.EmptyDatabase) and not settings.production:
            yield Finding("warn", "schema", "the database is empty", "shopkeeper demo (or: shopkeeper db upgrade)")
        else:
            yield _told("schema", error)


# ---- what the owner edits ------------------------------------------------------------------------


async def _data(settings: Settings, shop: ShopFile, found: list[Finding]) -> Texts | None:
    """The owner's files, each with its finding; his texts, where they can be read."""
    folder, own = settings.data_folder, settings.shop_folder
    texts = await _tried("texts", lambda: Texts.load(folder / "texts", zone=shop.tzinfo, own=own / "texts"), found)
    if isinstance(texts, Texts):
        missing = [
            f"{locale} lacks {len(texts.keys['en'] - keys)}"
            for locale, keys in texts.keys.items()
            if texts.keys["en"] - keys
        ]
        unspoken = [locale for locale in shop.languages if locale not in texts.locales]
        missing += [f"there is no {locale}.ftl" for locale in unspoken]
        found[-1] = (
            Finding("warn", "texts", "; ".join(missing), f"Add them in {folder / 'texts'}; English is said meanwhile")
            if missing
            else Finding("ok", "texts", f"{len(texts.keys['en'])} in {', '.join(texts.locales)}")
        )
        await _tried("faq.yml", lambda: load_faq(folder / "faq.yml", shop, money=texts.money), found)
    examples = await _tried("intents.yml", lambda: read_examples(learned.own_examples(settings)), found)
    if isinstance(examples, tuple):
        found[-1] = await asyncio.to_thread(_examples, settings, examples)
    found[-1] = _instead(settings, found[-1])
    intents = {one.intent for one in examples} if isinstance(examples, tuple) else set()
    if intents and (rasa := adapters.make_rasa(settings, intents)):
        found.append(await _checked("rasa", rasa.check))
        await rasa.close()
    if model := adapters.make_model(settings):
        found.append(await _checked("language model", model.check))
        await model.close()
    if (own / "catalogue.csv").is_file():
        rows = await _tried("catalogue.csv", lambda: read_catalogue(read_file(own / "catalogue.csv"), shop), found)
        mistakes = getattr(rows, "errors", ())
        if mistakes:
            found[-1] = Finding("down", "catalogue.csv", str(mistakes[0]), "Mend the row")
    return texts if isinstance(texts, Texts) else None


def _examples(settings: Settings, examples: tuple[Example, ...]) -> Finding:
    if told := learned.unusable(examples):
        return Finding("down", "intents.yml", told[0], "Mend the line")
    intents = len({one.intent for one in examples})
    if told := learned.mistakes(settings, examples):
        more = f" (and {len(told) - 1} more)" if len(told) > 1 else ""
        return Finding("warn", "intents.yml", told[0] + more, "Mend the line; shopkeeper nlu train looks again")
    return Finding("ok", "intents.yml", f"{intents} intents, {len(examples)} examples")


def _instead(settings: Settings, finding: Finding) -> Finding:
    """Examples that cannot be learned close no shop that has learned others before."""
    last = learned.last_examples(settings)
    if finding.state != "down" or not last.is_file():
        return finding
    line = f"{finding.line} Until then the shop understands by the examples of {learned.learned_at(last)}."
    return Finding("warn", finding.what, line, finding.mend)


async def _tried(what: str, read: Callable[[], object], found: list[Finding]) -> object:
    """Read a file; the finding is the last in `found`."""
    try:
        value = await asyncio.to_thread(read)
    except ShopkeeperError as error:
        found.append(_told(what, error))
        return None
    except OSError as error:
        found.append(Finding("down", what, f"cannot be read: {error.strerror}"))
        return None
    found.append(Finding("ok", what, "read"))
    return value


# ---- outside -------------------------------------------------------------------------------------


async def _outside(settings: Settings, url: str, shop: ShopFile, texts: Texts | None) -> AsyncIterator[Finding]:
    try:
        adapters.refuse_sandbox(settings, shop)
    except ShopkeeperError as error:
        yield _told("sandbox", error)
    db, clock = Database(url, pool_size=1), SystemClock()
    try:
        channels = adapters.make_channels(settings, db, clock, languages=shop.languages)
        providers = adapters.make_providers(settings, db, clock, secret_key="unused")  # noqa: S106 - nothing is signed
        carriers = adapters.make_carriers(settings, db, clock)
        for line in adapters.unknown_names(shop, providers, carriers):
            yield Finding("down", "shop.yml", line, "Name another, or set it up")
        checks: dict[str, Callable[[], Awaitable[Health]]] = {}
        checks |= {f"channel {name}": channel.check for name, channel in channels.items()}
        named = {way.provider for way in shop.payments.values()}
        checks |= {
            f"payment {name}": provider.check
            for name, provider in providers.items()
            if name in named or not provider.features.in_chat  # every bot could take Stars
        }
        checks |= {f"carrier {name}": carrier.check for name, carrier in carriers.items()}
        if texts is not None and (told := adapters.owner(settings, channels, texts, shop)):
            checks["owner's chat"] = told.check
        for what, check in checks.items():
            yield await _checked(what, check)
        if settings.telegram.owner_chat and "telegram" not in channels:
            yield Finding("warn", "owner's chat", "there is no bot to write there", "SHOPKEEPER_TELEGRAM__TOKEN")
        if settings.public_url and settings.probe:
            ways = await Probe(settings.public_url, signing_key(settings), db, channels).look(pauses=())
            for name, wrong in ways.items():
                mend = "Start the shop, and see docs/alarms.md"
                open_one = Finding("ok", f"way in {name}", "open")
                yield Finding("warn", f"way in {name}", wrong, mend) if wrong else open_one
        await adapters.close_all(channels, providers, carriers)
        async with db.begin() as tx:
            strange = unknown_goods(await load_catalogue(tx), shop.posts)
        if strange:
            yield Finding(
                "warn", "shop.yml", f"posts: {', '.join(strange)} is not sold here", "Name a SKU or a product"
            )
        for name, begins in NOT_SET_UP.items():
            if name not in channels:
                yield Finding("ok", f"channel {name}", "not set up", begins)
    except ShopkeeperError as error:
        yield _told("channels", error)
    finally:
        await db.close()


async def _checked(what: str, check: Callable[[], Awaitable[Health]]) -> Finding:
    try:
        async with asyncio.timeout(PATIENCE):
            health = await check()
    except TimeoutError:
        return Finding("down", what, "does not answer", "Look at the network")
    except Exception as error:
        return Finding("down", what, error.what if isinstance(error, ShopkeeperError) else type(error).__name__)
    return Finding(health.state, what, health.line, health.mend)


def _told(what: str, error: ShopkeeperError) -> Finding:
    return Finding("down", what, error.what.replace("\n", " "), error.mend)
