"""A real Chromium for the browser tests: the system's or Playwright's own; without one they are skipped, loudly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright

from base.db import Database
from tests.browser.echo_shop import EchoShop, draw_pictures

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


async def find_chromium(playwright: Playwright) -> str | None:
    """The path of a Chromium: SHOPKEEPER_CHROMIUM, the system's, Playwright's own, or one that Playwright can get."""
    given = os.environ.get("SHOPKEEPER_CHROMIUM")
    if given:
        return given
    for name in NAMES:
        if path := shutil.which(name):
            return path
    own = playwright.chromium.executable_path
    if not Path(own).exists() and not os.environ.get("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD"):
        get = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(get, timeout=180, capture_output=True, check=False)
    return own if Path(own).exists() else None


def no_browser(reason: str) -> None:
    """Skip so that nobody overlooks it; fail where a browser is promised."""
    if os.environ.get("SHOPKEEPER_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    warnings.warn(f"BROWSER TESTS SKIPPED: {reason}", stacklevel=2)
    pytest.skip(reason)


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = await find_chromium(playwright)
        if path is None:
            no_browser(
                "No Chromium here: install chromium (Debian: apt-get install chromium) or set SHOPKEEPER_CHROMIUM."
            )
        launched = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        await launched.close()


@pytest_asyncio.fixture
async def shop(db: Database, tmp_path: Path) -> AsyncIterator[EchoShop]:
    draw_pictures(tmp_path)
    running = EchoShop(db, tmp_path)
    await running.start()
    yield running
    await running.close()


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
