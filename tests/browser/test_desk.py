"""The desk in a real Chromium: what a manager sees, presses and is told."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from base.db import Database
from bot import ownership
from desk import actions
from shop.history import raise_task
from tests.integration.desk_shop import PASSWORD, DeskShop, understood

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def desk(db: Database) -> AsyncIterator[DeskShop]:
    shop = DeskShop(db)
    await shop.start()
    yield shop
    await shop.close()


async def sign_in(page: Page, desk: DeskShop, path: str = "/desk") -> None:
    await page.goto(desk.url + path)
    await page.get_by_label("Login").fill("anna")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()


async def waiting(desk: DeskShop, *names: str) -> list[str]:
    """People in the queue, the first one first."""
    found = []
    for name in names:
        conversation = await desk.conversation(name)
        await desk.heard(conversation, f"this is {name}, a human please", parsed=understood("a human", "human", 0.98))
        await desk.asks_for_person(conversation)
        desk.pass_time(minutes=1)
        found.append(conversation)
    return found


async def test_a_person_is_taken_answered_and_handed_back_by_keys_alone(page: Page, desk: DeskShop) -> None:
    _, second = await waiting(desk, "Ana", "Marek")
    await sign_in(page, desk)
    await expect(page).to_have_title("(2) Desk · Lumo")
    await page.keyboard.press("j")
    await expect(page.locator(".row").first).to_be_focused()
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Marek", level=1)).to_be_visible()
    await expect(page).to_have_url(re.compile(second))
    await page.keyboard.press("r")
    await page.keyboard.type("Hello Marek, Anna here.")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".entry.manager").last).to_contain_text("Hello Marek, Anna here.")
    await expect(page.locator("#head-banner")).to_contain_text("You have this conversation.")
    await expect(page.locator(".entry.pending")).to_have_count(0)
    await expect(page).to_have_title("(1) Desk · Lumo")
    assert await desk.owner(second) == "Anna"
    await page.get_by_role("button", name="Hand back to the bot").click()
    await expect(page.locator("#head-banner")).to_contain_text("The bot is talking.")
    assert await desk.owner(second) == "bot"


async def test_keys_work_on_a_cyrillic_layout_and_never_inside_a_field(page: Page, desk: DeskShop) -> None:
    await waiting(desk, "Ana")
    await sign_in(page, desk)
    await page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    )
    await expect(page.locator(".row").first).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Ana", level=1)).to_be_visible()
    await page.keyboard.press("n")
    words = page.get_by_label("Your words")
    await expect(words).to_be_focused()
    await expect(page.get_by_label("Private note")).to_be_checked()
    await page.keyboard.type("jrkn? all of these are words")
    await expect(words).to_have_value("jrkn? all of these are words")
    await expect(page.locator("#help")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.locator("#help")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#help")).to_be_hidden()


async def test_who_asks_for_a_person_appears_without_a_reload(page: Page, desk: DeskShop) -> None:
    await sign_in(page, desk)
    await expect(page.locator("#queue")).to_contain_text("Nobody is waiting.")
    await waiting(desk, "Ana")
    await expect(page.locator(".row")).to_contain_text("this is Ana")
    await expect(page).to_have_title("(1) Desk · Lumo")
    await expect(page.locator("#queue")).not_to_contain_text("Nobody is waiting.")


async def test_the_thread_grows_live_and_disturbs_nothing_the_manager_does(page: Page, desk: DeskShop) -> None:
    (conversation,) = await waiting(desk, "Ana")
    await sign_in(page, desk, f"/desk/conversations/{conversation}")
    await page.get_by_label("Your words").fill("half a sent")
    await page.locator(".understood summary").click()
    await expect(page.locator(".understood")).to_contain_text("smalltalk 4%")
    first = await page.locator(".entry.customer").first.element_handle()
    await desk.heard(conversation, "are you there?")
    await expect(page.locator(".entry.customer").last).to_contain_text("are you there?")
    await expect(page.get_by_label("Your words")).to_have_value("half a sent")
    await expect(page.locator(".understood").first).to_have_attribute("open", "")
    assert first is not None
    assert await first.evaluate("one => one.isConnected")  # not drawn anew


async def test_watching_the_bot_shows_each_message_and_its_delivery(page: Page, desk: DeskShop) -> None:
    conversation = await desk.conversation("Ana")
    await sign_in(page, desk, f"/desk/conversations/{conversation}?view=bot")
    await desk.said(conversation, "Hello!", status="queued")
    shown = page.locator(".entry.bot").get_by_role("img")
    for how, what in (
        ("Waiting to be sent", ""),
        ("Sent", "UPDATE outbox SET status = 'sent', sent_at = now()"),
        ("Delivered", "UPDATE conversation SET delivered_until = now()"),
        ("Read", "UPDATE conversation SET read_until = now()"),
    ):
        async with desk.db.begin() as tx:
            await tx.execute(what or "SELECT 1")
        await expect(shown).to_have_accessible_name(how)
        first = page.locator(".entry.bot")
        marked = await first.evaluate("entry => [entry.known, (entry.known = true)][0]")
        assert marked or how == "Waiting to be sent", "the words are not drawn, and read out, once more"


async def test_the_customer_sees_that_a_manager_is_writing_to_him_and_nothing_of_notes(
    page: Page, desk: DeskShop
) -> None:
    conversation = await desk.conversation("Ana", channel="telegram")
    await sign_in(page, desk, f"/desk/conversations/{conversation}?view=bot")
    words = page.get_by_label("Your words")
    await page.get_by_label("Private note").check(force=True)
    await words.press_sequentially("He has a point")
    await page.get_by_label("Reply to the customer").check(force=True)
    async with page.expect_response("**/typing") as told:
        await words.press_sequentially(", Ana")
    assert (await told.value).status == 204
    assert desk.typed == [(conversation, desk.anna.id)], "once, as long as the sign is shown"
    async with page.expect_response("**/write?*"):
        await words.press("Control+Enter")
    async with page.expect_response("**/typing"):
        await words.press_sequentially("And one more thing")
    assert len(desk.typed) == 2, "a message ends the sign"


async def test_nobody_is_shown_a_sign_whom_no_reply_can_reach(page: Page, desk: DeskShop) -> None:
    conversation = await desk.conversation("Ana", channel="facebook")
    desk.pass_time(days=2)
    await sign_in(page, desk, f"/desk/conversations/{conversation}?view=bot")
    await page.get_by_label("Your words").press_sequentially("Hello")
    await page.wait_for_timeout(200)
    assert desk.typed == []


async def test_the_slower_manager_is_told_who_has_it_and_loses_no_word(page: Page, desk: DeskShop) -> None:
    (conversation,) = await waiting(desk, "Ana")
    await sign_in(page, desk, f"/desk/conversations/{conversation}")
    await page.get_by_label("Your words").fill("my long answer")
    async with desk.db.begin() as tx:
        await actions.take(tx, conversation, desk.olga, now=desk.clock.now())
    await expect(page.locator("#head-banner")).to_contain_text("Olga has this conversation.")
    await expect(page.get_by_label("Reply to the customer")).to_be_disabled()
    await expect(page.get_by_label("Private note")).to_be_checked()
    await expect(page.get_by_label("Your words")).to_have_value("my long answer")


async def test_a_reply_that_cannot_be_sent_stays_and_is_sent_once_when_tried_again(
    page: Page, context: BrowserContext, desk: DeskShop
) -> None:
    (conversation,) = await waiting(desk, "Ana")
    await sign_in(page, desk, f"/desk/conversations/{conversation}")
    await context.set_offline(True)
    await page.get_by_label("Your words").fill("Hello Ana")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".entry.pending")).to_contain_text("Not sent.")
    await context.set_offline(False)
    await page.get_by_role("button", name="Try again").click()
    await expect(page.locator(".entry.pending")).to_have_count(0)
    await expect(page.locator(".entry.manager")).to_have_count(1)
    async with desk.db.begin() as tx:
        assert await tx.row("SELECT count(*) AS sent FROM outbox") == {"sent": 1}


async def test_ten_tabs_of_one_manager_share_one_wire_and_all_stay_fresh(
    context: BrowserContext, page: Page, desk: DeskShop
) -> None:
    await sign_in(page, desk)
    tabs = [page]
    for _ in range(9):
        tab = await context.new_page()
        await tab.goto(desk.url + "/desk")
        tabs.append(tab)
    assert desk.events is not None
    async with asyncio.timeout(8):
        while len(desk.events) != 1:
            await asyncio.sleep(0.05)
    await waiting(desk, "Ana")
    for tab in tabs:
        await expect(tab.locator(".row")).to_contain_text("this is Ana")
    await tabs[-1].close()  # the one that held the wire
    await waiting(desk, "Marek")
    for tab in tabs[:-1]:
        await expect(tab.locator(".row")).to_have_count(2)


async def test_signing_out_in_one_tab_closes_the_others(context: BrowserContext, page: Page, desk: DeskShop) -> None:
    await sign_in(page, desk)
    other = await context.new_page()
    await other.goto(desk.url + "/desk")
    await other.get_by_role("button", name="Sign out").click()
    await expect(other.get_by_label("Password")).to_be_visible()
    await expect(page.get_by_label("Password")).to_be_visible()  # by itself


async def test_a_phone_shows_one_pane_at_a_time_and_nothing_sticks_out(browser: Browser, desk: DeskShop) -> None:
    (conversation,) = await waiting(desk, "Ana with a name that is longer than any phone is wide, really")
    await desk.said(conversation, "https://shop.example/" + "x" * 120)
    phone = await browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    page = await phone.new_page()
    await sign_in(page, desk)
    await expect(page.locator("main")).to_be_hidden()
    await page.locator(".row").tap()
    await expect(page.locator("#queue")).to_be_hidden()
    await expect(page.get_by_role("button", name="Take over")).to_be_in_viewport()
    await expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.evaluate("document.querySelector('#log').scrollWidth <= 360")
    await page.get_by_role("button", name="Customer").tap()
    await expect(page.get_by_role("heading", name="The bot's dialog")).to_be_in_viewport()
    await page.get_by_role("button", name="Close").tap()
    await page.get_by_role("link", name="Back to the queue").tap()
    await expect(page.locator(".row")).to_be_visible()
    await phone.close()


async def test_back_and_forth_in_the_history_shows_what_was_there(page: Page, desk: DeskShop) -> None:
    await waiting(desk, "Ana", "Marek")
    await sign_in(page, desk)
    for name in ("Ana", "Marek"):
        await page.locator(".row", has_text=name).first.click()
        await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        await expect(page.locator(".entry.customer")).to_contain_text(f"this is {name}")
    await page.go_back()
    await expect(page.get_by_role("heading", name="Ana", level=1)).to_be_visible()
    await page.go_back()
    await expect(page.locator("#welcome")).to_be_visible()
    await page.go_forward()
    await expect(page.locator(".entry.customer")).to_contain_text("this is Ana")


async def test_a_draft_waits_where_it_was_begun(page: Page, desk: DeskShop) -> None:
    await waiting(desk, "Ana", "Marek")
    await sign_in(page, desk)
    await page.locator(".row", has_text="Ana").click()
    await page.get_by_label("Your words").fill("for Ana")
    await page.locator(".row", has_text="Marek").click()
    await expect(page.get_by_role("heading", name="Marek", level=1)).to_be_visible()
    await expect(page.get_by_label("Your words")).to_have_value("")
    await page.locator(".row", has_text="Ana").click()
    await expect(page.get_by_label("Your words")).to_have_value("for Ana")
    await page.reload()
    await expect(page.get_by_label("Your words")).to_have_value("for Ana")


async def test_a_message_that_could_not_be_sent_is_looked_at_and_done(page: Page, desk: DeskShop) -> None:
    conversation = await desk.conversation("Ana", channel="telegram_business")
    async with desk.db.begin() as tx:
        row = await ownership.lock(tx, conversation)
        for number, words in enumerate(
            ("Your parcel is on its way: LU-7K3F.", "It comes on Friday.\nBoxberry, Ozo 25.")
        ):
            desk.pass_time(minutes=1)
            why = f"the customer cannot be reached on this channel: {words}"
            await raise_task(
                tx, "unsent", why, key=f"u{number}", now=desk.clock.now(), customer=row["customer_id"],
                actor=conversation,
            )  # fmt: skip
        duty = ownership.Duty(present=False)
        await ownership.call_person(tx, row, reason=ownership.UNSENT, summary={}, now=desk.clock.now(), duty=duty)
    await page.set_viewport_size({"width": 390, "height": 800})
    await sign_in(page, desk)
    await page.get_by_role("link", name="2 tasks to look at").click()
    await expect(page).to_have_title("(2) Tasks · Lumo")
    first = page.locator(".task").first
    await expect(first).to_contain_text("could not be sent")
    await expect(first).to_contain_text("LU-7K3F")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await first.get_by_role("link", name="To the conversation with Ana").click()
    await expect(page.get_by_role("heading", name="Ana", level=1)).to_be_visible()
    await page.goto(f"{desk.url}/desk/tasks")
    for left in (1, 0):
        await page.get_by_role("button", name="Done: could not be sent, Ana").first.click()
        await expect(page.locator(".task")).to_have_count(left)
    await expect(page.get_by_text("There is nothing to look at.")).to_be_visible()
    await page.goto(f"{desk.url}/desk")
    await expect(page.get_by_text("Nobody is waiting.").first).to_be_visible()
