"""A real Chromium for the browser tests: the system's or Playwright's own; without one they are skipped, loudly."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import NoReturn

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.sync_api import sync_playwright

from base.db import Database
from tests.browser.demo_process import Demo, open_demo
from tests.browser.echo_shop import EchoShop, draw_pictures

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ARGUMENTS = [
    "--headless=new",
    "--hide-scrollbars",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """The path of a Chromium: SHOPKEEPER_CHROMIUM, the system's, Playwright's own, or one that Playwright can get."""
    if given := os.environ.get("SHOPKEEPER_CHROMIUM"):
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not Path(own).exists() and not os.environ.get("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"):
        get = [sys.executable, "-m", "playwright", "install", "chromium"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(get, timeout=180, capture_output=True, check=False)
    return own if Path(own).exists() else None


def no_browser(reason: str) -> NoReturn:
    """Skip so that nobody overlooks it; fail where a browser is promised."""
    if os.environ.get("SHOPKEEPER_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    warnings.warn(f"BROWSER TESTS SKIPPED: {reason}", stacklevel=2)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One Chromium for all tests of this process; yields the address of its debugging port."""
    path = find_chromium()
    if path is None:
        no_browser("No Chromium here: install one (Debian: apt-get install chromium) or set SHOPKEEPER_CHROMIUM.")
    profile = tmp_path_factory.mktemp("chromium")
    arguments = [path, *ARGUMENTS, f"--user-data-dir={profile}", "--remote-debugging-port=0"]
    try:
        running = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True, errors="replace")
    except OSError as error:
        no_browser(f"{path} does not start: {error.strerror}")
    assert running.stderr is not None
    said: list[str] = []
    try:
        for line in running.stderr:
            said.append(line)
            if found := re.search(r"DevTools listening on (ws://\S+)", line):
                threading.Thread(target=running.stderr.read, daemon=True).start()  # so that it never waits for us
                yield found[1]
                break
        else:
            no_browser(f"{path} does not start: {''.join(said[-5:])}")
    finally:
        running.terminate()
        running.wait(10)


@pytest_asyncio.fixture
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        connected = await playwright.chromium.connect_over_cdp(chromium)
        yield connected
        await connected.close()


@pytest_asyncio.fixture
async def shop(db: Database, tmp_path: Path) -> AsyncIterator[EchoShop]:
    draw_pictures(tmp_path)
    running = EchoShop(db, tmp_path)
    await running.start()
    yield running
    await running.close()


@pytest.fixture
def demo(database_url: str, tmp_path: Path) -> Iterator[Demo]:
    """The whole demo, whose parcels travel by the second."""
    with open_demo(database_url, tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A desktop window that speaks English."""
    opened = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    opened.set_default_timeout(8_000)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page on which no script may fail and nothing may be blocked by the security policy."""
    opened = await context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None)
    yield opened
    assert troubles == []
