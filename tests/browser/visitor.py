"""Somebody in front of one of the demo's windows that are like Messenger and Instagram."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

from tests.browser.demo_process import Demo

SLOW = 30_000  # milliseconds: a parcel's way takes five short days, and sweeps come every five seconds


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in front of a window. What he does is followed by what he must be told."""

    page: Page

    @classmethod
    async def comes(cls, page: Page, demo: Demo, window: str) -> Visitor:
        await page.goto(f"{demo.url}/try/{window}")
        await expect(page.locator("#first button").first).to_be_visible()
        return cls(page)

    @property
    def told(self) -> Locator:
        return self.page.locator(".row[data-from=shop]")

    async def says(self, words: str, *facts: str) -> None:
        before = await self.told.count()
        await self.page.get_by_label("Message", exact=True).fill(words)
        await self.page.get_by_role("button", name="Send").click()
        await self.hears(before, *facts)

    async def taps(self, button: str, *facts: str) -> None:
        before = await self.told.count()
        await self.page.get_by_role("button", name=button, exact=True).last.click()
        await self.hears(before, *facts)

    async def hears(self, before: int, *facts: str) -> None:
        """All of `facts` are told, in one message or in several."""
        missing: list[str] = list(facts)
        try:
            async with asyncio.timeout(SLOW / 1000):
                while missing:
                    words = "\n".join((await self.told.all_inner_texts())[before:])
                    missing = [fact for fact in facts if fact not in words]
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"{missing} was not told, but {words!r}") from None
