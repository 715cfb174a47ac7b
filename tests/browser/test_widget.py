"""The widget in a real Chromium: what a visitor of the shop sees and does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from base.db import Database
from bot.messages import Address, Fitted, TextPart
from integrations.messenger.webchat import forget
from tests.browser.echo_shop import EchoShop, draw_pictures

pytestmark = pytest.mark.browser


def chat(page: Page) -> Locator:
    return page.locator("shop-chat")


async def open_chat(page: Page, shop: EchoShop) -> Locator:
    """Visit the shop and open the chat; returns the panel with its greeting."""
    await page.goto(shop.url)
    await page.get_by_role("button", name="Open chat").click()
    panel = page.get_by_role("dialog", name="Chat with Lumo")
    await expect(panel.get_by_role("button", name="Find a gift")).to_be_visible()
    return panel


async def say(panel: Locator, text: str) -> None:
    await panel.get_by_label("Write a message").fill(text)
    await panel.get_by_label("Write a message").press("Enter")


async def words(page: Page) -> list[str]:
    """The bubbles of the thread, from top to bottom."""
    return await chat(page).locator(".bubble").all_inner_texts()


async def peer_of(shop: EchoShop) -> Address:
    return shop.chat.address(shop.heard[0].partition(":")[0])


def line(text: str) -> Fitted:
    return Fitted(parts=(TextPart(text=text),))


async def test_one_click_opens_the_chat_with_a_greeting_and_three_choices(page: Page, shop: EchoShop) -> None:
    await page.goto(shop.url)
    await expect(page.get_by_role("button", name="Open chat")).to_be_visible()
    assert shop.heard == []  # nothing is begun for a visitor who does not ask
    panel = await open_chat(page, shop)
    await expect(panel.locator(".choice")).to_have_count(3)
    await expect(panel.get_by_label("Write a message")).to_be_focused()
    await expect(panel).to_contain_text("A bot answers at once")
    await expect(panel).to_contain_text("People: 09:00-19:00")
    log = panel.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log).to_have_attribute("aria-busy", "false")


async def test_a_written_message_is_shown_at_once_and_answered_below(page: Page, shop: EchoShop) -> None:
    shop.thinks = 0.5
    panel = await open_chat(page, shop)
    await say(panel, "is the mug in stock?")
    assert (await words(page))[-1] == "is the mug in stock?"
    await expect(panel.get_by_label("An answer is being written")).to_be_visible()
    await expect(panel.get_by_text("You said: is the mug in stock?")).to_be_visible()
    await expect(panel.get_by_label("An answer is being written")).to_be_hidden()
    assert (await words(page))[1:] == ["is the mug in stock?", "You said: is the mug in stock?"]


async def test_a_long_message_has_lines_and_a_limit(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    field = panel.get_by_label("Write a message")
    await field.press_sequentially("one")
    await field.press("Shift+Enter")
    await field.press_sequentially("two")
    await field.press("Enter")
    await expect(panel.get_by_text("You said: one two")).to_be_visible()
    assert (await words(page))[1] == "one\ntwo"
    await field.fill("x" * 3_900)
    await expect(panel.get_by_text("100 characters left")).to_be_visible()


async def test_product_cards_have_pictures_prices_and_buttons_that_work(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await panel.get_by_role("button", name="See the products").click()
    cards = panel.get_by_role("list", name="Products").get_by_role("listitem")
    await expect(cards).to_have_count(7)
    await expect(cards.first).to_contain_text("12.00 €")
    await page.wait_for_function(
        "() => document.querySelector('shop-chat').shadowRoot.querySelector('.card img').naturalWidth > 0"
    )
    further = panel.get_by_role("button", name="Further")
    await further.click()
    await expect(panel.get_by_role("button", name="Earlier")).to_be_visible()
    await panel.get_by_role("button", name="Add to cart: Pine candle").click()
    await expect(panel.get_by_text("Add to cart: done (CAN). Anything else?")).to_be_visible()
    assert (await words(page))[-2] == "Add to cart"


async def test_old_choices_go_when_one_is_taken_or_a_newer_question_comes(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await panel.get_by_role("button", name="Where is my order?").click()
    await expect(panel.get_by_text("You tapped: Where is my order?")).to_be_visible()
    await expect(panel.locator(".choice")).to_have_count(3)
    await say(panel, "phone")
    await expect(panel.get_by_label("Your phone number")).to_be_visible()
    await expect(panel.locator(".choice")).to_have_count(0)
    await page.reload()
    await expect(panel.get_by_label("Your phone number")).to_be_visible()
    await expect(panel.locator(".choice")).to_have_count(0)


async def test_old_choices_go_when_other_words_have_been_answered(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await shop.chat.send(await peer_of(shop), line("Your parcel is on its way."), key="news")
    await expect(panel.get_by_text("Your parcel is on its way.")).to_be_visible()
    await expect(panel.locator(".choice")).to_have_count(3)  # news are no answer
    await say(panel, "something else")
    await expect(panel.get_by_text("You said: something else")).to_be_visible()
    await expect(panel.locator(".choice")).to_have_count(0)


async def test_a_phone_number_and_a_place_are_asked_for_in_the_thread(page: Page, shop: EchoShop) -> None:
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"latitude": 54.68, "longitude": 25.28})
    panel = await open_chat(page, shop)
    await say(panel, "phone")
    await panel.get_by_label("Your phone number").fill("+370 600 00001")
    await panel.get_by_label("Your phone number").press("Enter")
    await expect(panel.get_by_text("You said: +370 600 00001")).to_be_visible()
    await expect(panel.get_by_label("Your phone number")).to_have_count(0)
    await say(panel, "where")
    await panel.get_by_role("button", name="Share my location").click()
    await expect(panel.get_by_text("You are at 54.68, 25.28")).to_be_visible()
    await expect(panel.get_by_role("button", name="Share my location")).to_have_count(0)


async def test_an_order_is_shown_as_a_receipt_with_a_link_to_pay(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await say(panel, "pay")
    receipt = panel.get_by_role("table", name="Order LU-7K3F-9QXA")
    await expect(receipt.get_by_role("row").last).to_have_text(re.compile("Total\\s*28.50 €"))
    link = panel.get_by_role("link", name="Pay 28.50 €")
    assert await link.get_attribute("rel") == "noopener noreferrer"
    assert await link.evaluate("link => link.href") == f"{shop.url}/pay/example"


async def test_words_are_never_html_and_links_are_only_web_addresses(page: Page, shop: EchoShop) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
    panel = await open_chat(page, shop)
    await say(panel, "<b>evil</b><script>alert(1)</script>")
    await say(panel, "evil")
    await expect(panel.get_by_role("button", name="<b>bold</b>")).to_be_visible()
    assert await panel.locator("b, script, [onerror]").count() == 0
    links = await panel.get_by_role("link").evaluate_all("links => links.map(link => link.href)")
    assert links == ["https://lumo.example/x?a=1"]


async def test_a_person_is_one_tap_away_and_is_named(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await panel.get_by_role("button", name="Talk to a person").click()
    await expect(panel.get_by_text("Olga is answering")).to_be_visible()
    await expect(panel.locator("[data-from=manager] .author")).to_have_text("Olga")
    await say(panel, "thanks")
    await expect(panel.get_by_text("A bot answers at once")).to_be_visible()


# ---- reload, tabs, lost lines --------------------------------------------------------------------


async def test_a_reload_keeps_the_thread_the_draft_and_the_open_panel(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await say(panel, "two mugs")
    await expect(panel.get_by_text("You said: two mugs")).to_be_visible()
    await panel.get_by_label("Write a message").fill("and a can")
    before = await words(page)
    await page.reload()
    await expect(panel.get_by_text("You said: two mugs")).to_be_visible()
    await expect(panel.get_by_label("Write a message")).to_have_value("and a can")
    assert await words(page) == before
    assert len(shop.heard) == 2


async def test_two_tabs_share_one_thread_and_the_closed_one_counts_unread(
    page: Page, context: BrowserContext, shop: EchoShop
) -> None:
    panel = await open_chat(page, shop)
    other = await context.new_page()
    await other.goto(shop.url)
    await expect(other.get_by_role("button", name="Open chat")).to_have_accessible_name("Open chat")
    await panel.get_by_label("Close chat").click()
    await shop.chat.send(await peer_of(shop), line("Your parcel is on its way."), key="n1")
    await shop.chat.send(await peer_of(shop), line("It comes tomorrow."), key="n2")
    for tab in (page, other):
        await expect(tab.get_by_role("button", name="Open chat, 2 unread")).to_be_visible()
    await other.get_by_role("button", name="Open chat, 2 unread").click()
    await expect(other.get_by_text("It comes tomorrow.")).to_be_visible()
    await expect(page.get_by_role("button", name="Open chat", exact=True)).to_be_visible()
    await say(other.get_by_role("dialog"), "good")
    await expect(chat(page).get_by_text("You said: good")).to_be_attached()
    await expect(other.get_by_text("You said: good")).to_be_visible()
    assert await chat(page).locator(".bubble").all_text_contents() == await words(other)


async def test_the_shop_hears_what_was_seen_and_only_that(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await say(panel, "good")
    await expect(panel.get_by_text("You said: good")).to_be_visible()
    await page.wait_for_timeout(500)
    assert shop.seen == 3
    await panel.get_by_label("Close chat").click()
    await shop.chat.send(await peer_of(shop), line("Your parcel is on its way."), key="n1")
    await expect(page.get_by_role("button", name="Open chat, 1 unread")).to_be_visible()
    await page.wait_for_timeout(500)
    assert shop.seen == 3
    await page.get_by_role("button", name="Open chat, 1 unread").click()
    await page.wait_for_timeout(500)
    assert shop.seen == 4


async def test_what_is_written_without_a_line_arrives_once_and_in_order(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await say(panel, "before")
    await expect(panel.get_by_text("You said: before")).to_be_visible()
    await shop.stop()
    await say(panel, "first")
    await say(panel, "second")
    await expect(panel.get_by_text("No connection. What you write will be sent when it is back.")).to_be_visible()
    await expect(panel.get_by_text("Waiting for the connection")).to_have_count(2)
    await shop.chat.send(await peer_of(shop), line("said while you were away"), key="away")
    await shop.start()
    await panel.get_by_role("button", name="Try now").click()
    await expect(panel.get_by_text("You said: second")).to_be_visible()
    await expect(panel.get_by_text("No connection")).to_be_hidden()
    await expect(panel.get_by_text("Waiting for the connection")).to_have_count(0)
    thread = (await words(page))[1:]
    assert [word for word in thread if not word.startswith("You said")] == [
        "before",
        "said while you were away",
        "first",
        "second",
    ]
    assert sorted(word for word in thread if word.startswith("You said")) == [
        "You said: before",
        "You said: first",
        "You said: second",
    ]
    await page.reload()
    await expect(panel.get_by_text("You said: second")).to_be_visible()
    assert (await words(page))[1:] == thread


async def test_a_reload_without_a_line_loses_nothing(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await page.route("**/chat/ws", lambda route: route.abort())
    await shop.stop()
    await say(panel, "do not lose me")
    await shop.start()
    await page.reload()
    await expect(panel.get_by_text("You said: do not lose me")).to_be_visible()
    assert (await words(page))[1:] == ["do not lose me", "You said: do not lose me"]


async def test_a_refused_message_stays_with_retry(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    shop.failing = True
    await say(panel, "two mugs")
    await expect(panel.get_by_role("alert")).to_contain_text("Not sent")
    await page.reload()
    await expect(panel.get_by_role("alert")).to_contain_text("Not sent")
    shop.failing = False
    await panel.get_by_role("button", name="Retry").click()
    await expect(panel.get_by_text("You said: two mugs")).to_be_visible()
    await expect(panel.get_by_role("alert")).to_have_count(0)
    assert (await words(page))[1:] == ["two mugs", "You said: two mugs"]


async def test_an_erased_conversation_begins_anew(page: Page, shop: EchoShop, db: Database) -> None:
    panel = await open_chat(page, shop)
    await say(panel, "forget me")
    await expect(panel.get_by_text("You said: forget me")).to_be_visible()
    async with db.begin() as tx:
        await forget(tx, (await peer_of(shop)).peer)
    await page.reload()
    await expect(panel.get_by_role("button", name="Find a gift")).to_be_visible()
    assert len(await words(page)) == 1


# ---- keyboard, small screens, eyes ---------------------------------------------------------------


async def test_escape_closes_and_the_focus_comes_back(page: Page, shop: EchoShop) -> None:
    await open_chat(page, shop)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.get_by_role("button", name="Open chat")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Write a message")).to_be_focused()


async def test_a_product_of_the_shelf_asks_its_own_question(page: Page, shop: EchoShop) -> None:
    await page.goto(shop.url)
    ask = page.get_by_role("button", name="Ask about it: Pine candle")
    await ask.click()
    await expect(page.get_by_text("You said: Tell me about the Pine candle")).to_be_visible()
    assert (await words(page))[-2:] == ["Tell me about the Pine candle", "You said: Tell me about the Pine candle"]
    await page.keyboard.press("Escape")
    await expect(ask).to_be_focused()


async def test_on_a_phone_the_chat_fills_the_screen_above_the_keyboard(browser: Browser, shop: EchoShop) -> None:
    phone = await browser.new_context(
        viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True, locale="en-GB", reduced_motion="reduce"
    )
    page = await phone.new_page()
    panel = await open_chat(page, shop)
    assert await panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    await expect(panel.get_by_label("Write a message")).not_to_be_focused()  # the keyboard would hide the greeting
    await panel.get_by_role("button", name="See the products").tap()
    await expect(panel.get_by_role("listitem")).to_have_count(7)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    await page.set_viewport_size({"width": 360, "height": 380})  # as a keyboard does
    composer = panel.locator(".composer")
    await page.wait_for_function(
        "() => document.querySelector('shop-chat').shadowRoot.querySelector('.panel').offsetHeight === 380"
    )
    box = await composer.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 380
    await panel.get_by_label("Close chat").tap()
    await expect(panel).to_be_hidden()
    await phone.close()


async def test_everything_that_is_tapped_has_44_pixels(page: Page, shop: EchoShop) -> None:
    panel = await open_chat(page, shop)
    await say(panel, "cards")
    await expect(panel.get_by_role("listitem")).to_have_count(7)
    await say(panel, "pay")
    await say(panel, "phone")
    await expect(panel.get_by_label("Your phone number")).to_be_visible()
    small = await chat(page).evaluate(
        """chat => [...chat.shadowRoot.querySelectorAll("button, .link, input, textarea")]
            .filter(node => node.offsetParent || getComputedStyle(node).position === "fixed")
            .map(node => [node.className || node.tagName, node.getBoundingClientRect()])
            .filter(([, box]) => box.width && (box.height < 43.9 || box.width < 43.9))
            .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
    )
    assert small == []


CONTRAST = """chat => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const color = rgba(getComputedStyle(node).backgroundColor);
      if (color[3] > 250) return color;
    }
    return rgba("white");
  };
  const poor = [];
  for (const node of chat.shadowRoot.querySelectorAll("*")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.getClientRects().length || node.closest(":disabled")) continue;
    const [one, two] = [light(rgba(getComputedStyle(node).color)), light(ground(node))].sort((a, b) => b - a);
    const contrast = (one + 0.05) / (two + 0.05);
    if (contrast < 4.5) poor.push(`${node.className || node.tagName} "${node.textContent}" ${contrast.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_all_words_can_be_read_in_light_and_dark(page: Page, shop: EchoShop, theme: str) -> None:
    await page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    panel = await open_chat(page, shop)
    for text in ("cards", "pay", "picture", "evil", "I would like to talk to a person", "phone"):
        await say(panel, text)
    await expect(panel.get_by_label("Your phone number")).to_be_visible()
    shop.failing = True
    await say(panel, "one more")
    await expect(panel.get_by_role("alert")).to_be_visible()
    await shop.stop()
    await expect(panel.get_by_text("No connection")).to_be_visible()
    assert await chat(page).evaluate(CONTRAST) == []


async def test_the_widget_speaks_the_languages_of_its_visitors(browser: Browser, shop: EchoShop) -> None:
    for locale, button, write in (
        ("ru-RU", "Открыть чат", "Напишите сообщение"),
        ("uk-UA", "Відкрити чат", "Напишіть повідомлення"),
        ("es-MX", "Abrir el chat", "Escribe un mensaje"),
        ("de-DE", "Open chat", "Write a message"),
    ):
        context = await browser.new_context(locale=locale)
        page = await context.new_page()
        await page.goto(shop.url)
        await page.get_by_role("button", name=button).click()
        await expect(page.get_by_label(write)).to_be_visible()
        await context.close()


async def test_all_languages_have_all_texts(page: Page, shop: EchoShop) -> None:
    source = (Path(__file__).parents[2] / "app/web/static/widget/texts.js").read_text(encoding="utf-8")
    keys = await page.evaluate(
        f"(() => {{ {source}; return Object.fromEntries("
        "Object.entries(TEXTS).map(([locale, texts]) => [locale, Object.keys(texts).sort()])) })()"
    )
    assert set(keys) == {"en", "ru", "uk", "es"}
    assert all(keys[locale] == keys["en"] for locale in keys)


async def test_in_an_arabic_page_the_chat_is_mirrored(browser: Browser, shop: EchoShop) -> None:
    context = await browser.new_context(
        locale="ar-EG", viewport={"width": 1000, "height": 700}, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(shop.url)
    await page.get_by_role("button", name="Open chat").click()
    panel = page.get_by_role("dialog")
    await expect(panel).to_have_attribute("dir", "rtl")
    box = await panel.bounding_box()
    assert box is not None
    assert box["x"] == 20
    await context.close()


# ---- on another site -----------------------------------------------------------------------------


async def test_another_site_embeds_the_chat_with_one_script(page: Page, db: Database, tmp_path: Path) -> None:
    draw_pictures(tmp_path)
    shop = EchoShop(db, tmp_path)

    async def article(request: web.Request) -> web.Response:
        widget = f'<script src="{shop.url}/widget.js" async></script><shop-chat name="Lumo" open></shop-chat>'
        return web.Response(text=f"<!doctype html><title>A blog</title>{widget}", content_type="text/html")

    blog = web.Application()
    blog.router.add_get("/", article)
    site = TestServer(blog, host="127.0.0.1")
    await site.start_server()
    shop.origins = (str(site.make_url("/")),)
    await shop.start()
    try:
        await page.goto(str(site.make_url("/")))
        panel = page.get_by_role("dialog", name="Chat with Lumo")
        await expect(panel.get_by_role("button", name="Find a gift")).to_be_visible()
        await say(panel, "cards")
        await expect(panel.get_by_role("listitem")).to_have_count(7)
        await page.wait_for_function(
            "() => document.querySelector('shop-chat').shadowRoot.querySelector('.card img').naturalWidth > 0"
        )
    finally:
        await shop.close()
        await site.close()
