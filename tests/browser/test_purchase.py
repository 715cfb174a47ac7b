"""A stranger buys in the demo with a real Chromium: the whole way, with a reload, a lost line, a declined card."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.browser.demo_process import Demo

pytestmark = pytest.mark.browser

SLOW = 30_000  # milliseconds: a parcel's way takes five short days, and sweeps come every five seconds


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody with a browser. What he says is followed by what he must be told."""

    page: Page
    panel: Locator

    @classmethod
    async def comes(cls, page: Page, demo: Demo) -> Stranger:
        await page.goto(demo.url)
        await page.get_by_role("button", name="Open chat").click()
        panel = page.get_by_role("dialog", name="Chat with Lumo")
        await expect(panel.get_by_role("button", name="Find a gift")).to_be_visible()
        return cls(page, panel)

    @property
    def told(self) -> Locator:
        """All messages of the shop."""
        return self.panel.locator(".row:not([data-from=customer])")

    async def write(self, words: str) -> None:
        field = self.panel.get_by_label("Write a message")
        await field.fill(words)
        await field.press("Enter")

    async def says(self, words: str, *facts: str) -> None:
        """Write, and wait for an answer with all of `facts`."""
        before = await self.told.count()
        await self.write(words)
        await self.hears(before, *facts)

    async def taps(self, button: str, *facts: str) -> None:
        before = await self.told.count()
        await self.panel.get_by_role("button", name=button, exact=True).last.click()
        await self.hears(before, *facts)

    async def hears(self, before: int, *facts: str) -> None:
        for fact in facts:
            await expect(self.told.nth(before)).to_contain_text(fact, timeout=SLOW)

    async def pays(self, button: str, *facts: str) -> Page:
        """From the link in the chat over a page with all of `facts` to the provider's; returns what is shown then."""
        async with self.page.context.expect_page() as opening:
            await self.panel.get_by_role("link", name="Pay now").last.click()
        tab = await opening.value
        for fact in facts:
            await expect(tab.get_by_role("main")).to_contain_text(fact)
        await tab.get_by_role("button", name="Pay").click()
        await expect(tab.get_by_text("play money")).to_be_visible()
        await tab.get_by_role("button", name=button, exact=True).click()
        return tab

    async def thread(self) -> list[str]:
        return await self.panel.locator(".bubble").all_inner_texts()


async def test_a_stranger_buys_two_mugs_and_is_asked_how_it_was(
    page: Page, context: BrowserContext, demo: Demo
) -> None:
    stranger = await Stranger.comes(page, demo)
    await stranger.taps("Find a gift", "€19.00", "€18.00", "€16.00")
    await stranger.says("I want the blue mug", "sold out", "white", "€12.00")
    await stranger.says("a white one then", "white", "€12.00")
    await stranger.says("no, two of them", "2 × Aurora mug, white", "€24.00")
    await stranger.says("WELCOME10", "-€2.40", "€21.60")

    before = await stranger.thread()
    await page.reload()
    await expect(stranger.told.last).to_contain_text("€21.60")
    assert await stranger.thread() == before

    await stranger.says("checkout", "name")
    await stranger.says("Ana Kazlauskaite", "phone")
    await stranger.says("+370 600 00001", "Boxberry", "€3.50", "DHL", "€6.90")

    away = await stranger.told.count()
    await context.set_offline(True)
    await stranger.write("Boxberry near Ozas")
    await expect(stranger.panel.get_by_text("Waiting for the connection")).to_be_visible()
    await expect(stranger.panel.get_by_text("No connection.")).to_be_visible()
    assert await stranger.told.count() == away
    await context.set_offline(False)
    await stranger.hears(away, "Ozo 25", "Ozo 14")
    await expect(stranger.panel.get_by_text("Waiting for the connection")).to_have_count(0)
    await expect(stranger.panel.get_by_text("No connection.")).to_be_hidden()

    await stranger.taps(
        "Ozo 25, Vilnius", "2 × Aurora mug, white: €24.00", "WELCOME10: -€2.40", "€3.50", "€25.10", "Ana Kazlauskaite"
    )
    assert demo.row("SELECT count(*) FROM shop_order") == (0,)  # nothing happens before the yes
    await stranger.says("yes", "€25.10")
    assert demo.row("SELECT on_hand - reserved FROM variant WHERE sku = 'MUG-white'") == (8,)

    shop_page = await stranger.pays("Approve", "2 × Aurora mug, white", "WELCOME10", "-€2.40", "€25.10")
    await expect(shop_page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    await expect(stranger.panel.get_by_text("Thank you, Ana")).to_be_visible()  # where nobody touched anything
    await shop_page.get_by_role("link", name="Back to the chat").click()
    there = shop_page.get_by_role("dialog", name="Chat with Lumo")
    await expect(there.get_by_text("Thank you, Ana")).to_be_visible()
    await shop_page.close()

    await expect(stranger.panel.get_by_text("was delivered")).to_be_visible(timeout=SLOW)
    await expect(stranger.panel.get_by_text("How was everything")).to_be_visible(timeout=SLOW)
    await stranger.taps("★★★★★", "Thank you")

    thread = await stranger.thread()
    number = demo.row("SELECT number FROM shop_order")
    assert number is not None
    for once in (f"Thank you, Ana Kazlauskaite! Order {number[0]}", "was delivered", "How was everything"):
        assert sum(once in words for words in thread) == 1
    await page.reload()
    await expect(stranger.told.last).to_contain_text("Thank you")
    assert await stranger.thread() == thread

    assert demo.row("SELECT count(*), min(status), min(total_minor) FROM shop_order") == (1, "delivered", 2510)
    assert demo.row("SELECT count(*), min(state), bool_and(counts) FROM payment") == (1, "settled", True)
    assert demo.row("SELECT on_hand, reserved FROM variant WHERE sku = 'MUG-white'") == (8, 0)
    assert demo.row("SELECT count(*), min(state) FROM redemption") == (1, "committed")
    assert demo.row("SELECT count(*), min(rating) FROM feedback") == (1, 5)
    assert demo.row("SELECT count(*) FROM web_conversation") == (3,)  # his, and the two that wait at the desk


async def test_a_declined_card_costs_nothing_and_another_way_is_open(page: Page, demo: Demo) -> None:
    stranger = await Stranger.comes(page, demo)
    await stranger.says("one pine candle please", "1 × Pine candle", "€9.50")
    await stranger.says("checkout", "name")
    await stranger.says("Ben Okafor, +370 611 22233", "DHL", "€6.90")
    await stranger.says("DHL to Gedimino 9, Vilnius", "€16.40", "Ben Okafor", "Gedimino 9")
    await stranger.says("yes", "€16.40")

    told = await stranger.told.count()
    shop_page = await stranger.pays("Decline")
    await expect(shop_page.get_by_role("alert")).to_contain_text("nothing was charged")
    await shop_page.close()
    await stranger.hears(told, "did not go through", "nothing was charged")
    assert demo.row("SELECT count(*) FROM shop_order WHERE status = 'awaiting_payment'") == (1,)

    await stranger.says("PayPal then", "PayPal", "€16.40")
    await stranger.says("yes", "€16.40")
    shop_page = await stranger.pays("Approve")
    await expect(shop_page.get_by_role("heading", name="Paid. Thank you!")).to_be_visible()
    await expect(stranger.panel.get_by_text("Thank you, Ben")).to_be_visible()

    assert demo.row("SELECT count(*) FROM shop_order WHERE status IN ('paid', 'shipped', 'delivered')") == (1,)
    assert demo.row("SELECT count(*) FROM shop_order WHERE status = 'awaiting_payment'") == (0,)
    assert demo.row("SELECT count(*), min(method) FROM payment WHERE state = 'settled'") == (1, "paypal")
    assert demo.row("SELECT count(*) FROM payment WHERE state IN ('created', 'pending')") == (0,)
    assert demo.row("SELECT on_hand, reserved FROM variant WHERE sku = 'CAN'") == (39, 0)
