"""Somebody without any account buys in the demo's windows that are like Messenger and Instagram; a real Chromium."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.demo_process import Demo
from tests.browser.visitor import SLOW, Visitor

pytestmark = pytest.mark.browser


async def test_a_visitor_buys_in_the_window_like_messenger(page: Page, demo: Demo) -> None:
    visitor = await Visitor.comes(page, demo, "messenger")
    await visitor.taps("Get started", "What are you looking for?")
    await visitor.says("two white mugs", "€24.00")
    await visitor.says("checkout", "name")
    await visitor.says("Ana Kazlauskaite", "phone")
    await visitor.says("+370 600 00001", "Boxberry", "DHL")
    await visitor.says("Boxberry near Ozas", "Ozo 25")
    await visitor.taps("Ozo 25, Vilnius", "€27.50", "Ana Kazlauskaite")
    assert demo.row("SELECT count(*) FROM shop_order") == (0,)
    await visitor.says("yes", "Please pay €27.50")
    async with page.context.expect_page() as opening:
        await page.get_by_role("link", name="Pay now").last.click()
    tab = await opening.value
    await tab.get_by_role("button", name="Pay").click()
    await tab.get_by_role("button", name="Approve", exact=True).click()
    await expect(tab.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    await tab.close()
    await expect(visitor.told.filter(has_text="Thank you, Ana")).to_have_count(1)
    receipt = page.get_by_role("region", name="Receipt")
    await expect(receipt).to_have_count(1)
    await expect(receipt).to_contain_text("€27.50")
    await expect(visitor.told.filter(has_text="How was everything")).to_have_count(1, timeout=SLOW)  # the last word
    await expect(visitor.told.filter(has_text="was delivered")).to_have_count(1)
    await expect(page.locator(".row[data-from=note]")).to_have_count(0)

    thread = await page.locator(".row").all_inner_texts()
    await page.reload()
    await expect(page.locator(".row")).to_have_count(len(thread))
    assert await page.locator(".row").all_inner_texts() == thread
    assert demo.row("SELECT count(*), min(status) FROM shop_order") == (1, "delivered")
    assert demo.row("SELECT channel, owner FROM conversation WHERE channel <> 'webchat'") == ("facebook", "bot")
    assert demo.row("SELECT count(*) FROM task WHERE kind = 'unsent'") == (0,)


async def test_the_window_like_instagram_shows_numbers_where_a_computer_shows_no_buttons(
    page: Page, browser: Browser, demo: Demo
) -> None:
    await page.set_viewport_size({"width": 360, "height": 640})
    visitor = await Visitor.comes(page, demo, "instagram")
    await visitor.taps("What do you have?", "1. Aurora mug", "€12.00")
    await expect(page.get_by_role("list", name="Cards")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= 360")
    await page.get_by_role("button", name="As on a computer").click()
    await expect(page.get_by_role("list", name="Cards")).to_be_hidden()
    await visitor.says("1", "Aurora mug")

    stranger = await (await browser.new_context()).new_page()
    other = await Visitor.comes(stranger, demo, "instagram")
    await expect(other.told).to_have_count(0)
    await stranger.context.close()


async def test_words_are_shown_as_they_are(page: Page, context: BrowserContext, demo: Demo) -> None:
    visitor = await Visitor.comes(page, demo, "messenger")
    words = '<img src=x onerror="document.title=1"> & https://example.com/a?b=1'
    await visitor.says(words)
    mine = page.locator(".row[data-from=you] .bubble")
    await expect(mine).to_have_text(words)
    await expect(mine.get_by_role("link")).to_have_attribute("href", "https://example.com/a?b=1")
    assert await mine.locator("img").count() == 0
