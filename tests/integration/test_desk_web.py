"""The desk over HTTP: its door, its pages, and forms that work without a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from base.db import Database
from bot import alarms
from desk import actions
from tests.integration.desk_shop import NOON, PASSWORD, DeskBrowser, DeskShop

SCRIPT = {"X-Desk-Pane": "1"}


@pytest.fixture
async def shop(db: Database) -> AsyncIterator[DeskShop]:
    shop = DeskShop(db)
    await shop.start()
    yield shop
    await shop.close()


@pytest.fixture
async def anna(shop: DeskShop) -> AsyncIterator[DeskBrowser]:
    browser = await shop.signed_in("anna")
    yield browser
    await browser.close()


@pytest.fixture
async def stranger(shop: DeskShop) -> AsyncIterator[DeskBrowser]:
    browser = shop.browser()
    yield browser
    await browser.close()


# -- the door --


async def test_a_stranger_is_sent_to_the_sign_in_page_and_back_to_what_he_wanted(
    shop: DeskShop, stranger: DeskBrowser
) -> None:
    conversation = await shop.conversation("Ana")
    status, page = await stranger.get(f"/desk/conversations/{conversation}?view=bot")
    assert (status, "Password" in page, "Ana" in page) == (200, True, False)
    wish = f"/desk/conversations/{conversation}?view=bot"
    answer = await stranger.post("/desk/sign-in", login="anna", password=PASSWORD, then=wish)
    assert answer.url.path_qs == wish
    assert "Ana" in await answer.text()


@pytest.mark.parametrize("path", ["/queue", "/events", "/conversations/x/pane", "/conversations/x"])
async def test_a_script_without_a_sign_in_gets_nothing(shop: DeskShop, stranger: DeskBrowser, path: str) -> None:
    async with stranger.client.get(f"{shop.url}/desk{path}", headers={"Accept": "*/*"}) as answer:
        assert answer.status == 401
        assert await answer.text() == "Sign in at /desk."


@pytest.mark.parametrize(
    "wish",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/chat/start",
        "/desk/conversations/../../chat/start",
    ],
)
async def test_signing_in_never_leads_away_from_the_desk(stranger: DeskBrowser, wish: str) -> None:
    await stranger.get("/desk/sign-in")
    answer = await stranger.post("/desk/sign-in", login="anna", password=PASSWORD, then=wish)
    assert answer.url.path == "/desk"


async def test_a_wrong_password_is_refused_in_words_that_do_not_tell_which_logins_exist(stranger: DeskBrowser) -> None:
    told = []
    for login in ("anna", "nobody"):
        answer = await stranger.sign_in(login, "wrong password")
        assert answer.status == 403
        told.append((await answer.text()).partition('role="alert">')[2].partition("</p>")[0])
    assert told[0] == told[1]
    assert "do not belong together" in told[0]


async def test_too_many_wrong_passwords_are_told_to_wait(stranger: DeskBrowser) -> None:
    for _ in range(5):
        await stranger.sign_in("anna", "wrong password")
    answer = await stranger.sign_in("anna", PASSWORD)
    assert answer.status == 429
    assert "Wait 15 minutes" in await answer.text()


async def test_the_cookie_is_unreadable_and_for_the_desk_alone(anna: DeskBrowser) -> None:
    (cookie,) = list(anna.client.cookie_jar)
    assert (cookie.key, cookie["path"], cookie["httponly"], cookie["samesite"]) == (
        "shopkeeper_desk", "/desk", True, "Lax",
    )  # fmt: skip
    assert not cookie["secure"]
    assert "anna" not in cookie.value.lower()


async def test_behind_https_the_cookie_travels_over_https_alone(db: Database) -> None:
    shop = DeskShop(db, public_url="https://shop.example")
    await shop.start()
    browser = shop.browser()
    async with browser.client.get(f"{shop.url}/desk/sign-in") as answer:
        assert answer.cookies["shopkeeper_desk"]["secure"]
    await browser.close()
    await shop.close()


async def test_a_stolen_cookie_is_worth_nothing_after_signing_out(shop: DeskShop, anna: DeskBrowser) -> None:
    stolen = {cookie.key: cookie.value for cookie in anna.client.cookie_jar}
    await anna.get("/desk")
    assert (await anna.post("/desk/sign-out")).url.path == "/desk/sign-in"
    thief = shop.browser()
    thief.client.cookie_jar.update_cookies(stolen, URL(shop.url))
    async with thief.client.get(f"{shop.url}/desk/queue", headers={"Accept": "*/*"}) as answer:
        assert answer.status == 401
    await thief.close()


async def test_a_cookie_of_somebodys_own_making_opens_nothing(shop: DeskShop, stranger: DeskBrowser) -> None:
    stranger.client.cookie_jar.update_cookies({"shopkeeper_desk": "gAAAAAforged"}, URL(shop.url))
    status, page = await stranger.get("/desk")
    assert (status, "Password" in page) == (200, True)


async def test_only_forms_of_the_desk_itself_are_taken(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation()
    path = f"/desk/conversations/{conversation}/take"
    await anna.get("/desk")
    foreign = await anna.post(path, headers={"Origin": "https://evil.example"})
    hidden = await anna.post(path, headers={"Origin": "null"})
    tokenless = await anna.post(path, csrf="made up")
    assert [foreign.status, hidden.status, tokenless.status] == [403, 403, 403]
    assert await shop.owner(conversation) == "bot"
    await anna.get("/desk")
    assert (await anna.post(path)).status == 200
    assert await shop.owner(conversation) == "Anna"


async def test_every_page_forbids_scripts_of_others_and_frames(shop: DeskShop, anna: DeskBrowser) -> None:
    for path in ("/desk", "/desk/queue", "/desk/static/desk.css", "/desk/nothing-here"):
        async with anna.client.get(shop.url + path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == ("no-cache" if "static" in path else "no-store")


# -- pages --


async def test_what_customers_write_is_shown_as_words_and_never_as_markup(shop: DeskShop, anna: DeskBrowser) -> None:
    evil = "<script>alert(1)</script>\"'&{{7*7}}"
    conversation = await shop.conversation(evil)
    await shop.heard(conversation, evil)
    await shop.asks_for_person(conversation, evil, goal=evil, last=[{"who": evil, "text": evil}])
    async with shop.db.begin() as tx:
        await actions.note(tx, conversation, shop.anna, evil, now=shop.clock.now())
    _, page = await anna.get(f"/desk/conversations/{conversation}")
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;{{7*7}}") >= 5


async def test_what_a_messenger_cannot_show_is_told_beside_the_message(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation("Ana", channel="telegram")
    await shop.said(conversation, "1. Mug\n2. Candle", degraded=("cards: text", "choices: numbered text"))
    _, page = await anna.get(f"/desk/conversations/{conversation}")
    assert "Telegram shows it plainer: cards as a list, choices numbered in the words<" in page


async def test_the_empty_desk_names_the_next_act(shop: DeskShop, anna: DeskBrowser) -> None:
    assert "Try the chat on" in (await anna.get("/desk"))[1]
    await shop.conversation()
    _, page = await anna.get("/desk")
    assert "Nobody is waiting" in page
    assert "The bot is talking to 1 person" in page
    for view, words in (("mine", "You have no conversation"), ("done", "Nothing was handed back yet")):
        assert words in (await anna.get(f"/desk?view={view}"))[1]


async def test_the_count_of_the_waiting_is_in_the_title(shop: DeskShop, anna: DeskBrowser) -> None:
    for _ in range(2):
        await shop.asks_for_person(await shop.conversation())
    assert "<title>(2) Desk · Lumo</title>" in (await anna.get("/desk"))[1]


@pytest.mark.parametrize("path", ["/conversations/nobody", "/conversations/%00", "/conversations/" + "x" * 99, "/x"])
async def test_addresses_of_nothing_are_not_found(anna: DeskBrowser, path: str) -> None:
    assert (await anna.get("/desk" + path))[0] == 404


@pytest.mark.parametrize("query", ["view=nonsense", "open=%00", "entries=-1", "entries=99999999", "entries=٣"])
async def test_strange_questions_get_the_usual_answer(shop: DeskShop, anna: DeskBrowser, query: str) -> None:
    conversation = await shop.conversation()
    for path in ("/desk", "/desk/queue", f"/desk/conversations/{conversation}"):
        assert (await anna.get(f"{path}?{query}"))[0] == 200


# -- acts --


async def test_a_reply_is_on_the_page_that_answers_it_and_the_lane_is_kicked(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation()
    path = f"/desk/conversations/{conversation}"
    await anna.get(path)
    answer = await anna.post(f"{path}/write", text="Yes, at 30 degrees.", mode="reply", key="key-one-1", headers=SCRIPT)
    pane = await answer.text()
    assert "Yes, at 30 degrees." in pane
    assert "You have this conversation" in pane
    assert shop.kicked == [conversation]
    again = await anna.post(f"{path}/write", text="Yes, at 30 degrees.", mode="reply", key="key-one-1", headers=SCRIPT)
    assert (await again.text()).count("Yes, at 30 degrees.") == 1


async def test_everything_can_be_done_without_a_script(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation("Ana")
    await shop.asks_for_person(conversation)
    path = f"/desk/conversations/{conversation}"
    await anna.get(path)
    taken = await anna.post(f"{path}/take?view=waiting")
    assert (taken.url.path, "You have this conversation" in await taken.text()) == (path, True)
    noted = await anna.post(f"{path}/write", text="A regular.", mode="note")
    assert "Note by Anna" in await noted.text()
    assert "Hello Ana" in await (await anna.post(f"{path}/write", text="Hello Ana", mode="reply")).text()
    back = await anna.post(f"{path}/release", then="drop")
    assert "Handed back to the bot, the dialog was dropped" in await back.text()
    assert await shop.owner(conversation) == "bot"


async def test_the_loser_is_told_who_won_and_keeps_his_words(shop: DeskShop, anna: DeskBrowser) -> None:
    conversation = await shop.conversation()
    path = f"/desk/conversations/{conversation}"
    await anna.get(path)
    olga = await shop.signed_in("olga")
    await olga.get(path)
    await olga.post(f"{path}/take")
    lost = await anna.post(f"{path}/take", headers=SCRIPT)
    assert lost.status == 409
    assert "Olga was faster: this conversation is with Olga now." in await lost.text()
    too_late = await anna.post(f"{path}/write", text="my long answer", mode="reply")
    page = await too_late.text()
    assert too_late.status == 409
    assert "Olga was faster" in page
    assert ">my long answer</textarea>" in page
    await olga.close()


async def test_two_who_take_in_the_same_moment_never_both_win(shop: DeskShop, anna: DeskBrowser) -> None:
    olga = await shop.signed_in("olga")
    for _ in range(5):
        conversation = await shop.conversation()
        await shop.asks_for_person(conversation)
        path = f"/desk/conversations/{conversation}"
        for browser in (anna, olga):
            await browser.get(path)
        answers = await asyncio.gather(*(browser.post(f"{path}/take", headers=SCRIPT) for browser in (anna, olga)))
        assert sorted(answer.status for answer in answers) == [200, 409]
    await olga.close()


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("write", {"mode": "reply", "text": "  "}),
        ("write", {"mode": "note", "text": ""}),
        ("write", {"mode": "reply", "text": "x" * 5000}),
        ("release", {"then": "perhaps"}),
        ("release", {}),
    ],
)
async def test_what_cannot_be_done_is_explained_and_changes_nothing(
    shop: DeskShop, anna: DeskBrowser, act: str, form: dict[str, str]
) -> None:
    conversation = await shop.conversation()
    await anna.get(f"/desk/conversations/{conversation}")
    answer = await anna.post(f"/desk/conversations/{conversation}/{act}", **form)
    assert answer.status == 400
    assert 'role="alert"' in await answer.text()
    assert await shop.owner(conversation) == "bot"
    assert shop.kicked == []


async def test_acting_on_a_conversation_that_never_was_is_not_found(anna: DeskBrowser) -> None:
    await anna.get("/desk")
    assert (await anna.post("/desk/conversations/nobody/take")).status == 404


async def test_a_trouble_with_a_messenger_stands_above_the_queue(shop: DeskShop, anna: DeskBrowser) -> None:
    _, page = await anna.get("/desk")
    assert 'id="alarms"' not in page
    async with shop.db.begin() as tx:
        await alarms.settle(tx, "facebook", "1", {"probe": "<b>https://shop</b> answers 502."}, among=(), now=NOON)
    for address in ("/desk", "/desk/queue"):
        _, page = await anna.get(address)
        assert "cannot reach us from outside" in page
        assert "&lt;b&gt;https://shop&lt;/b&gt; answers 502." in page
    async with shop.db.begin() as tx:
        await alarms.settle(tx, "facebook", "1", {}, among=("probe",), now=NOON)
    _, page = await anna.get("/desk/queue")
    assert 'id="alarms"' not in page


async def test_a_thread_tells_how_long_a_reply_may_still_be_sent(shop: DeskShop, anna: DeskBrowser) -> None:
    facebook = await shop.conversation("Ana", channel="facebook")
    web_chat = await shop.conversation("Bo")
    path = f"/desk/conversations/{facebook}/pane"
    shop.pass_time(hours=22)
    assert "A reply may be sent until <b>14:00</b> (2 h left)" in (await anna.get(path))[1]
    shop.pass_time(hours=3)
    told = (await anna.get(path))[1]
    assert "The bot may not write here any more; your own words may go until" in told
    assert "(5 d left)" in told
    shop.pass_time(days=6)
    assert "No reply can be sent: the customer wrote more than 7 days ago" in (await anna.get(path))[1]
    assert "head-window" not in (await anna.get(f"/desk/conversations/{web_chat}/pane"))[1]
