"""Takes docs/pictures/widget.jpg: `make demo` in one terminal, `.venv/bin/python -m tools.picture` in another."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import async_playwright, expect

from tests.browser.conftest import ARGUMENTS, find_chromium

PICTURE = Path(__file__).parents[1] / "docs" / "pictures" / "widget.jpg"
WORDS = "A gift for my sister, around 30 euro"
DRAWN = """() => [document, document.querySelector("shop-chat").shadowRoot]
  .flatMap((root) => [...root.querySelectorAll("img:not([loading=lazy])")])
  .every((image) => image.complete && image.naturalWidth)"""
SCENE = """chat => {
  const thread = chat.shadowRoot.querySelector(".scroller");
  const asked = [...thread.querySelectorAll("[data-from=customer]")].at(-1);
  thread.scrollTop += asked.getBoundingClientRect().top - thread.getBoundingClientRect().top - 14;
}"""  # from the question on


async def take(shop: str) -> None:
    """Ask for a gift in the widget of `shop` (an address) and keep what is seen."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = await chromium.new_page(
            locale="en-GB",
            timezone_id="Europe/Vilnius",
            viewport={"width": 1180, "height": 900},
            device_scale_factor=1.5,
            color_scheme="light",
            reduced_motion="reduce",
        )
        await page.goto(shop)
        await page.get_by_role("button", name="Open chat").click()
        panel = page.get_by_role("dialog")
        await expect(panel.locator(".choice").first).to_be_visible()
        await panel.get_by_label("Write a message").fill(WORDS)
        await panel.get_by_label("Write a message").press("Enter")
        await expect(panel.locator(".card").first).to_be_visible()
        await page.wait_for_function(DRAWN)
        await page.locator("shop-chat").evaluate(SCENE)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        await page.screenshot(path=PICTURE, type="jpeg", quality=64)
        await chromium.close()


if __name__ == "__main__":
    asyncio.run(take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080"))
