"""The loopback Bot API refuses what the platform refuses, and a second client library understands its answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import telegram as second
from aiohttp import ClientSession
from telegram.error import BadRequest, Forbidden, RetryAfter

from tests.contracts.botapi import BotApi
from tests.contracts.botapi_money import PROVIDER_TOKEN
from tests.contracts.botapi_schema import why_no_schema

pytestmark = pytest.mark.skipif(bool(why_no_schema()), reason=why_no_schema() or "the schema is here")

BUTTON = {"text": "Yes", "callback_data": "y"}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.chat(7)
        yield server


async def call(server: BotApi, method: str, **params: Any) -> tuple[int, Any]:
    async with (
        ClientSession() as client,
        client.post(f"{server.base}/bot{server.token}/{method}", json=params) as answer,
    ):
        return answer.status, await answer.json()


def keyboard(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendMesage", {"chat_id": 7, "text": "hi"}, "unknown method"),
        ("sendMessage", {"chat_id": 7}, "text is missing"),
        ("sendMessage", {"chat_id": 7, "text": "hi", "colour": "red"}, "unknown parameters colour"),
        ("sendMessage", {"chat_id": 7, "text": 5}, "not String"),
        ("sendMessage", {"chat_id": 8, "text": "hi"}, "chat not found"),
        ("sendMessage", {"chat_id": 7, "text": " \n"}, "message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "<b></b>", "parse_mode": "HTML"}, "message text is empty"),
        ("sendMessage", {"chat_id": 7, "text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": 7, "text": "😀" * 2049}, "message is too long"),
        ("sendMessage", {"chat_id": 7, "text": "<b>hi", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "a <br> b", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "a < b", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"chat_id": 7, "text": "a</i>", "parse_mode": "HTML"}, "can't parse entities"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "?", "reply_markup": keyboard(BUTTON | {"callback_data": "й" * 33})},
            "66 bytes",
        ),
        (
            "sendMessage",
            {"chat_id": 7, "text": "?", "reply_markup": keyboard(BUTTON | {"url": "https://a.example"})},
            "exactly one",
        ),
        ("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": keyboard({"text": "Yes"})}, "exactly one"),
        ("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": {"inline_keyboard": [BUTTON]}}, "not an array"),
        ("sendMessage", {"chat_id": 7, "text": "?", "reply_markup": keyboard(BUTTON | {"size": 3})}, "unknown fields"),
        (
            "sendMessage",
            {"chat_id": 7, "text": "?", "reply_markup": keyboard({"text": "Pay", "url": "http://localhost/1"})},
            "Wrong HTTP URL",
        ),
        ("sendPhoto", {"chat_id": 7, "photo": "mug.jpg"}, "wrong remote file identifier"),
        ("sendPhoto", {"chat_id": 7, "photo": "http://127.0.0.1/a.jpg"}, "failed to get HTTP URL content"),
        ("sendPhoto", {"chat_id": 7, "photo": "https://a.example/a.jpg", "caption": "x" * 1025}, "too long"),
        ("editMessageText", {"chat_id": 7, "message_id": 1, "text": "hi"}, "message to edit not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "query is too old"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "201 characters"),
        ("setWebhook", {"url": "https://a.example", "secret_token": "x" * 257}, "257 characters"),
    ],
)
async def test_a_wrong_call_is_refused_with_its_reason(
    server: BotApi, method: str, params: dict[str, Any], reason: str
) -> None:
    status, answer = await call(server, method, **params)
    assert (status, answer["ok"]) == (400, False)
    assert reason in answer["description"]
    assert server.chat(7).words() == ""


BILL = {
    "chat_id": 7, "title": "Order", "description": "a mug", "payload": "p1", "provider_token": PROVIDER_TOKEN,
    "currency": "EUR", "prices": [{"label": "mug", "amount": 1200}],
}  # fmt: skip
PAY = {"text": "Pay", "pay": True}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": "x" * 33}, "33 characters"),
        ({"description": ""}, "0 characters"),
        ({"payload": "й" * 65}, "130 bytes"),
        ({"prices": []}, "at least one price"),
        ({"prices": [{"label": "mug", "amount": 12.0}]}, "not Integer"),
        ({"prices": [{"label": "mug", "amount": 1200}, {"label": "discount", "amount": -1200}]}, "must be positive"),
        ({"prices": [{"label": "mug", "amount": 88}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"provider_token": "1:TEST:strange"}, "PAYMENT_PROVIDER_INVALID"),
        ({"provider_token": ""}, "PAYMENT_PROVIDER_INVALID"),
        ({"currency": "XTR"}, "STARS_INVOICE_INVALID"),
        ({"currency": "ABC"}, "CURRENCY_INVALID"),
        ({"reply_markup": keyboard(BUTTON)}, "the first button"),
        ({"reply_markup": keyboard(BUTTON, PAY)}, "BUTTON_TYPE_INVALID"),
        ({"chat_id": 8}, "chat not found"),
    ],
)
async def test_an_invoice_that_cannot_be_paid_is_refused(server: BotApi, changed: dict[str, Any], reason: str) -> None:
    status, answer = await call(server, "sendInvoice", **BILL | changed)
    assert (status, answer["ok"]) == (400, False)
    assert reason in answer["description"]
    assert (await call(server, "sendMessage", chat_id=7, text="?", reply_markup=keyboard(PAY)))[0] == 400


async def test_no_money_moves_without_a_yes_in_time_and_a_second_client_reads_all_of_it(server: BotApi) -> None:
    server.patience = 0.2
    async with second.Bot(server.token, base_url=f"{server.base}/bot") as bot:
        prices = [second.LabeledPrice("mug", 1500), second.LabeledPrice("discount", -300)]
        sent = await bot.send_invoice(7, "Order", "a mug", "p1", "EUR", prices, PROVIDER_TOKEN, start_parameter="x")
        assert sent.invoice == second.Invoice("Order", "a mug", "x", "EUR", 1200)
        assert server.forwarded(server.invoice(7)) == {"url": "https://t.me/lumo_test_bot?start=x"}
        assert (await server.user_pays(7)).words == "The bot did not respond."
        (late,) = await bot.get_updates()
        assert late.pre_checkout_query is not None
        with pytest.raises(BadRequest, match="too old"):
            await late.pre_checkout_query.answer(ok=True)
        server.patience = 10
        for ok, words in ((False, "Sold out."), (True, "")):
            paying = asyncio.create_task(server.user_pays(7))
            (update,) = await bot.get_updates(offset=late.update_id + 1, timeout=5)
            assert update.pre_checkout_query is not None
            assert (update.pre_checkout_query.total_amount, update.pre_checkout_query.from_user.id) == (1200, 7)
            await update.pre_checkout_query.answer(ok=ok, error_message=words or None)
            assert (await paying).words == words
            late = update
        (told,) = await bot.get_updates(offset=late.update_id + 1)
        assert told.message is not None
        assert told.message.successful_payment is not None
        assert [told.message.successful_payment.telegram_payment_charge_id] == list(server.charges)
        assert (await bot.create_invoice_link("Order", "a mug", "p1", "XTR", [prices[0]])).startswith("https://t.me/")
        with pytest.raises(BadRequest, match=r"(?i)charge_not_found"):
            await bot.refund_star_payment(7, told.message.successful_payment.telegram_payment_charge_id)


async def test_stars_go_back_once_and_stand_in_the_books(server: BotApi) -> None:
    async with second.Bot(server.token, base_url=f"{server.base}/bot") as bot:
        await bot.send_invoice(7, "Wallpaper", "a picture", "p1", "XTR", [second.LabeledPrice("Wallpaper", 50)])
        paying = asyncio.create_task(server.user_pays(7))
        (asked,) = await bot.get_updates(timeout=5)
        assert asked.pre_checkout_query is not None
        await asked.pre_checkout_query.answer(ok=True)
        charge = (await paying).charge
        assert await bot.refund_star_payment(7, charge)
        with pytest.raises(BadRequest, match=r"(?i)charge_already_refunded"):
            await bot.refund_star_payment(7, charge)
        came, went = (await bot.get_star_transactions()).transactions
        assert (came.id, came.amount, went.id, went.amount) == (charge, 50, charge, 50)
        assert isinstance(came.source, second.TransactionPartnerUser)
        assert came.source.invoice_payload == "p1"
        assert came.receiver is went.source is None


async def test_an_edit_that_changes_nothing_is_refused(server: BotApi) -> None:
    _, sent = await call(server, "sendMessage", chat_id=7, text="1/2", reply_markup=keyboard(BUTTON))
    edit = {"chat_id": 7, "message_id": sent["result"]["message_id"], "text": "1/2", "reply_markup": keyboard(BUTTON)}
    assert "message is not modified" in (await call(server, "editMessageText", **edit))[1]["description"]
    assert (await call(server, "editMessageText", **edit | {"text": "2/2"}))[0] == 200
    assert server.chat(7).words() == "2/2\nYes"
    assert "no caption" in (await call(server, "editMessageCaption", chat_id=7, message_id=1000))[1]["description"]


async def test_updates_come_again_until_the_offset_confirms_them(server: BotApi) -> None:
    async with second.Bot(server.token, base_url=f"{server.base}/bot") as bot:
        await server.user_says(7, "one")
        await server.user_says(7, "two")
        first, other = await bot.get_updates()
        assert first.message is not None
        assert first.message.text == "one"
        (again,) = await bot.get_updates(offset=other.update_id)
        assert again.update_id == other.update_id
        assert await bot.get_updates(offset=other.update_id + 1) == ()


async def test_only_the_newest_of_two_pollers_goes_on(server: BotApi) -> None:
    earlier = asyncio.create_task(call(server, "getUpdates", timeout=30))
    while not server.called("getUpdates"):
        await asyncio.sleep(0.005)
    later = asyncio.create_task(call(server, "getUpdates", timeout=30))
    assert (await earlier)[0] == 409
    await server.user_says(7, "hi")
    assert [update["message"]["text"] for update in (await later)[1]["result"]] == ["hi"]


async def test_a_second_client_reads_every_answer(server: BotApi) -> None:
    markup = second.InlineKeyboardMarkup([[second.InlineKeyboardButton("Yes", callback_data="y")]])
    async with second.Bot(server.token, base_url=f"{server.base}/bot") as bot:
        assert bot.username == "lumo_test_bot"
        message = await bot.send_message(7, "<b>Add</b> it?", parse_mode="HTML", reply_markup=markup)
        assert (message.text, message.reply_markup) == ("Add it?", markup)
        photo = await bot.send_photo(7, b"\x89PNG", caption="A mug", filename="mug.png")
        assert (photo.caption, server.chat(7).last.picture) == ("A mug", "file:mug.png")
        await bot.send_photo(7, photo.photo[-1].file_id)
        assert server.chat(7).last.picture == "file:mug.png"
        await server.user_taps(7, "Yes")
        (update,) = await bot.get_updates()
        assert update.callback_query is not None
        assert update.callback_query.data == "y"
        assert await update.callback_query.answer()
        with pytest.raises(BadRequest, match="too old"):
            await update.callback_query.answer()
        server.flood(7, 5)
        with pytest.raises(RetryAfter):
            await bot.send_message(7, "hi")
        await server.user_blocks(7)
        with pytest.raises(Forbidden):
            await bot.send_message(7, "hi")
        assert (await bot.get_webhook_info()).url == ""


async def test_one_chat_takes_a_burst_and_waits_alone_and_a_group_takes_twenty(server: BotApi) -> None:
    server.chat(8)
    server.chat(-100200)
    server.per_chat.every = server.per_group.every = 3600.0  # nothing comes free while the test runs
    for chat, burst in ((7, 10), (-100200, 20)):
        passed = [await call(server, "sendMessage", chat_id=chat, text=f"{n}") for n in range(burst)]
        assert {status for status, _ in passed} == {200}
        status, refused = await call(server, "sendMessage", chat_id=chat, text="one more")
        assert (status, refused["parameters"]["retry_after"] > 3000) == (429, True)
    assert (await call(server, "sendMessage", chat_id=8, text="hi"))[0] == 200
