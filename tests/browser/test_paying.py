"""From the chat over each provider's own page and back, with a real Chromium."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.integration import test_paypal, test_stripe, test_webmoney
from tests.integration.open_shop import Books

pytestmark = pytest.mark.browser

SLOW = 20_000  # milliseconds


async def buys(page: Page, books: Books, way: str, button: str, deliver: Callable[[], Awaitable[object]]) -> None:
    """A candle by that way: from the chat to the provider's page, and back into the chat, which goes on by itself."""
    await page.goto(books.shop.url)
    await page.get_by_role("button", name="Open chat").click()
    panel = page.get_by_role("dialog", name="Chat with Lumo")
    await expect(panel.get_by_role("button", name="Find a gift")).to_be_visible()
    said = (
        ("one pine candle please", "€9.50"),
        ("checkout", "name"),
        ("Ana Kazlauskaite, +370 600 00001", "DHL"),
        ("DHL to Gedimino 9, Vilnius", "€16.40"),
        (way, way if way == "PayPal" else "card"),
        ("yes", "is placed"),
    )
    field = panel.get_by_label("Write a message")
    for words, fact in said:
        before = await panel.locator(".row:not([data-from=customer])").count()
        await field.fill(words)
        await field.press("Enter")
        told = panel.locator(".row:not([data-from=customer])").nth(before)
        await expect(told).to_contain_text(fact, timeout=SLOW)
    async with page.context.expect_page() as opening:
        await panel.get_by_role("link", name="Pay now").last.click()
    tab = await opening.value
    await expect(tab.get_by_role("main")).to_contain_text("€16.40")
    await tab.get_by_role("button", name="Pay").click()
    await tab.get_by_role("button", name=button, exact=True).click()
    await deliver()
    await expect(panel.get_by_text("Thank you, Ana")).to_be_visible(timeout=SLOW)
    await tab.reload()
    await expect(tab.get_by_role("heading", name="Paid. Thank you!")).to_be_visible(timeout=SLOW)
    await tab.get_by_role("link", name="Back to the chat").click()
    there = tab.get_by_role("dialog", name="Chat with Lumo")
    await expect(there.get_by_text("Thank you, Ana")).to_be_visible(timeout=SLOW)
    assert await books.told("SELECT status FROM shop_order") == ["paid"]
    assert await books.told("SELECT count(*) FROM payment WHERE state = 'settled' AND counts") == [1]


async def test_by_card_at_stripe(page: Page, database_url: str, tmp_path: Path) -> None:
    async with test_stripe.counter_at(database_url, tmp_path / "data") as counter:
        counter.stripe.pages = counter.stripe.url
        await buys(page, counter, "card", "Pay", counter.deliver)
        assert [session["payment_status"] for session in counter.stripe.sessions.values()] == ["paid"]


async def test_at_paypal(page: Page, database_url: str, tmp_path: Path) -> None:
    async with test_paypal.counter_at(database_url, tmp_path / "data") as counter:
        counter.paypal.pages = counter.paypal.url
        await buys(page, counter, "PayPal", "Agree", counter.deliver)
        assert len(counter.paypal.captures()) == 1


async def test_at_webmoney(page: Page, database_url: str, tmp_path: Path) -> None:
    async def told_already() -> None:
        """WebMoney tells before it sends the customer back."""

    async with test_webmoney.counter_at(database_url, tmp_path / "data") as counter:
        await buys(page, counter, "card", "Confirm", told_already)
        assert [amount for _, amount in counter.webmoney.taken] == ["16.40"]
