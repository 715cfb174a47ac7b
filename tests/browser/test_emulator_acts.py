"""What a visitor does in the demo's windows beside writing: a picture, a quote, a heart, a story, a comment."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.demo_process import ROOT, Demo
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser

PICTURE = ROOT / "data" / "demo" / "pictures" / "mug-white.jpg"


async def test_pictures_quotes_hearts_and_comments_in_the_window_like_messenger(page: Page, demo: Demo) -> None:
    visitor = await Visitor.comes(page, demo, "messenger")
    await visitor.says("tell me about the candle", "€9.50")
    await visitor.says("and the throw?", "€45.00")

    candle = visitor.told.filter(has_text="€9.50").first
    await candle.hover()
    heart = page.get_by_role("button", name="Heart")
    await heart.click()
    await expect(heart).to_have_attribute("aria-pressed", "true")
    await page.get_by_role("button", name="Answer: ").click()
    await expect(page.get_by_label("Message", exact=True)).to_be_focused()
    await expect(page.locator("#quoting")).to_contain_text("andle")
    await visitor.says("how much is it?", "€9.50")
    await expect(page.locator("#quoting")).to_be_hidden()
    await expect(page.locator(".row[data-from=you] .quote")).to_contain_text("andle")

    before = await visitor.told.count()
    await page.locator("#picture").set_input_files(PICTURE)
    await visitor.hears(before, "Thank you for the picture")
    shown = page.get_by_role("img", name="Picture")
    await expect(shown).to_have_js_property("complete", True)
    assert await shown.evaluate("image => image.naturalWidth") > 100
    await page.locator("#picture").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"none"})
    await expect(page.get_by_role("alert")).to_contain_text("no picture")

    before = await visitor.told.count()
    await page.get_by_role("button", name="Posts", exact=True).click()
    words = 'price? <img src=x onerror="document.title=1">'
    await page.get_by_role("textbox", name="Comment on: Aurora mug").fill(words)
    await page.get_by_role("dialog").get_by_role("button", name="Send").first.click()
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await visitor.hears(before, "You wrote under our post", "€12.00")
    await expect(page.locator(".row[data-from=note]")).to_contain_text(words)

    await expect(candle).to_have_class("row hearted")
    await page.reload()
    await expect(candle).to_have_class("row hearted")
    await expect(page.locator(".row .quote")).to_have_count(2)
    await expect(shown).to_be_visible()
    assert demo.row("SELECT owner FROM conversation WHERE channel = 'facebook'") == ("bot",)
    assert demo.row("SELECT count(*) FROM task WHERE kind IN ('unsent', 'comment')") == (0,)


async def test_a_story_and_a_comment_by_the_keyboard_in_the_window_like_instagram(page: Page, demo: Demo) -> None:
    await page.set_viewport_size({"width": 360, "height": 640})
    visitor = await Visitor.comes(page, demo, "instagram")
    await page.get_by_role("button", name="Story of Lumo").focus()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Story and posts of Lumo")
    await expect(dialog).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= 360")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("button", name="Story of Lumo")).to_be_focused()

    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="Answer the story: Pine candle").focus()
    await page.keyboard.type("how much is this?")
    await page.keyboard.press("Enter")
    await visitor.hears(0, "€9.50", "Delivery from")
    await expect(page.locator(".row[data-from=you] .quote img")).to_be_visible()

    before = await visitor.told.count()
    await page.get_by_role("button", name="Story and posts", exact=True).press("Enter")
    await page.get_by_role("textbox", name="Comment on: Forest tee").focus()
    await page.keyboard.type("so beautiful")
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await page.get_by_role("button", name="Story and posts", exact=True).press("Enter")
    await page.get_by_role("textbox", name="Comment on: Forest tee").focus()
    await page.keyboard.type("how much is it?")
    await page.keyboard.press("Enter")
    await visitor.hears(before, "You wrote under our post", "€20.00")
    assert await visitor.told.count() == before + 1  # praise is left alone

    await page.get_by_role("button", name="Answer: ").focus()  # of the newest message, and by arrows of those before it
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    older = visitor.told.nth(before - 1)
    await expect(older).to_have_class("row same hearted")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(page.locator("#quoted")).to_have_text(await older.locator(".bubble").inner_text())
    await page.keyboard.press("Escape")
    await expect(page.locator("#quoting")).to_be_hidden()
