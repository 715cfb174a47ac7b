"""Updates from Telegram over a real socket, by long polling and by webhook: none lost, each confirmed when stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
import pytest_asyncio
from aiohttp import web

from app.settings import read_settings, shipped_data
from app.webhooks import remove_webhook
from base.errors import BadSignature, ShopkeeperError
from bot.channel import Raw
from bot.messages import Blocked, Edit, Start, Tap, Text
from bot.texts import Texts
from bot.welcome import welcomes
from integrations.messenger.telegram import poll
from integrations.messenger.telegram.adapter import ALLOWED_UPDATES, Telegram
from integrations.messenger.telegram.business import TelegramBusiness
from shop.shopfile import load_shop
from tests.contracts.botapi import BotApi


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        server.chat(7)
        yield server


@pytest_asyncio.fixture
async def telegram(server: BotApi) -> AsyncIterator[Telegram]:
    adapter = Telegram(server.token, server.base, server.secret, "lumo")
    yield adapter
    await adapter.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(poll, "FIRST_WAIT", 0.02)


@asynccontextmanager
async def polling(telegram: Telegram, deliver: Callable[[Raw], object]) -> AsyncIterator[None]:
    async def store(raw: Raw) -> None:
        deliver(raw)

    task = asyncio.create_task(telegram.run(store))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(happened: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not happened():
            await asyncio.sleep(0.005)


@asynccontextmanager
async def webhook(telegram: Telegram, stored: list[Raw]) -> AsyncIterator[str]:
    """The door as the shop keeps it: secret, store, 200."""

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        try:
            telegram.authenticate(request.headers, body)
        except BadSignature:
            return web.Response(status=401)
        stored.append(telegram.read_raw(body))
        return web.Response()

    app = web.Application()
    app.router.add_post("/webhooks/telegram", receive)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def test_everything_a_person_does_arrives_in_order(server: BotApi, telegram: Telegram) -> None:
    stored: list[Raw] = []
    await server.user_says(7, "/start ad7")
    await server.user_says(7, "white mug")
    async with polling(telegram, stored.append):
        await server.user_edits(7, 1001, "black mug")
        await server.user_blocks(7)
        await server.user_unblocks(7)
        await until(lambda: len(stored) == 5)
    contents = [raw.inbounds[0].content for raw in stored]
    assert contents == [Start(source="ad7"), Text(text="white mug"), Edit(of="1001", text="black mug"), *_blocks()]
    assert [raw.event_key for raw in stored] == sorted({raw.event_key for raw in stored})


async def test_an_update_is_confirmed_only_after_it_was_stored(server: BotApi, telegram: Telegram) -> None:
    stored: list[str] = []
    broken = [True]

    def store(raw: Raw) -> None:
        if broken and len(stored) == 1:
            broken.pop()
            raise OSError("the database is away")
        stored.append(raw.inbounds[0].content.model_dump()["text"])

    for words in ("one", "two", "three"):
        await server.user_says(7, words)
    async with polling(telegram, store):
        await until(lambda: len(stored) == 3 and not server.updates)
    assert stored == ["one", "two", "three"]
    offsets = [call.get("offset") for call in server.called("getUpdates")]
    assert offsets[:3] == [None, 500_001, 500_003]


async def test_an_update_whose_storing_was_cut_off_by_a_stop_comes_again(server: BotApi, telegram: Telegram) -> None:
    begun = asyncio.Event()

    async def never_done(raw: Raw) -> None:
        begun.set()
        await asyncio.Event().wait()

    await server.user_says(7, "one")
    stopped = asyncio.create_task(telegram.run(never_done))
    await until(begun.is_set)
    stopped.cancel()
    with suppress(asyncio.CancelledError):
        await stopped
    stored: list[Raw] = []
    async with polling(telegram, stored.append):
        await until(lambda: stored)
    assert [raw.event_key for raw in stored] == ["500000"]


async def test_payment_questions_are_asked_for_and_kept_raw(server: BotApi, telegram: Telegram) -> None:
    stored: list[Raw] = []
    async with polling(telegram, stored.append):
        await until(lambda: server.called("getUpdates"))
        query = {"id": "p1", "from": server.chat(7).person(), "currency": "EUR", "total_amount": 2510}
        await server.update("pre_checkout_query", query | {"invoice_payload": "LU-1"})
        await server.update("poll_answer", {"poll_id": "1", "option_ids": []})
        await until(lambda: stored)
    assert server.called("getUpdates")[0]["allowed_updates"] == ALLOWED_UPDATES
    assert [raw.inbounds for raw in stored] == [()]
    assert b"pre_checkout_query" in stored[0].body


@pytest.mark.parametrize(
    ("code", "description"),
    [(409, "Conflict: terminated by other getUpdates request"), (502, "Bad Gateway"), (429, "Too Many Requests")],
)
async def test_troubles_are_waited_out_and_told_once(
    server: BotApi, telegram: Telegram, code: int, description: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stored: list[Raw] = []
    server.fail(code, description, method="getUpdates", times=3)
    await server.user_says(7, "still here?")
    async with polling(telegram, stored.append):
        await until(lambda: stored and len(server.called("getUpdates")) >= 4)
        await server.user_says(7, "yes")
        await until(lambda: len(stored) == 2)
    told = capsys.readouterr().out
    assert told.count("telegram.polling.down") == 1
    assert told.count("telegram.polling.back") == 1
    assert server.token not in told


async def test_polling_beside_a_webhook_says_what_to_do(
    server: BotApi, telegram: Telegram, capsys: pytest.CaptureFixture[str]
) -> None:
    await telegram.set_webhook("http://127.0.0.1:9")
    async with polling(telegram, print):
        await until(lambda: len(server.called("getUpdates")) >= 3)
    assert capsys.readouterr().out.count("shopkeeper webhook check") == 1


async def test_a_webhook_gets_what_people_do_with_the_secret(server: BotApi, telegram: Telegram) -> None:
    stored: list[Raw] = []
    async with webhook(telegram, stored) as address:
        assert await telegram.set_webhook(address) == f"{address}/webhooks/telegram"
        assert await server.user_says(7, "hi") == 200
        assert await server.repeat() == 200
        keys = [raw.event_key for raw in stored]
        assert keys[0] == keys[1]
        server.webhook["secret_token"] = "guessed"
        assert await server.user_says(7, "let me in") == 401
        assert len(stored) == 2
        assert (await telegram.check()).state == "warn"
        await telegram.delete_webhook()
        assert "nobody fetches" in (await telegram.check()).line


async def test_the_command_goes_back_to_fetching_without_the_token_in_an_address(server: BotApi) -> None:
    given = read_settings(env_file=None, telegram={"token": server.token, "api_base": server.base})
    server.webhook = {"url": "https://shop.example/webhooks/telegram"}
    assert "Take its webhook secret out" in await remove_webhook(given, "telegram")
    assert server.called("deleteWebhook")
    page = {"page_id": "1", "page_token": "t", "app_secret": "s", "verify_token": "v"}
    with pytest.raises(ShopkeeperError, match="by webhook alone"):
        await remove_webhook(read_settings(env_file=None, facebook=page), "facebook")


async def test_a_tap_is_acknowledged_and_too_late_is_no_trouble(server: BotApi, telegram: Telegram) -> None:
    stored: list[Raw] = []
    keyboard = {"inline_keyboard": [[{"text": "Pay", "callback_data": "t1"}]]}
    server.on_sendMessage({"chat_id": 7, "text": "Pay?", "reply_markup": keyboard}, {})
    await server.user_taps(7, "Pay")
    async with polling(telegram, stored.append):
        await until(lambda: stored)
    (inbound,) = stored[0].inbounds
    assert isinstance(inbound.content, Tap)
    assert (inbound.content.payload, inbound.content.title) == ("t1", "Pay")
    await telegram.acknowledge(inbound)
    assert server.answered == [inbound.content.receipt]
    server.old_queries = True
    await telegram.acknowledge(inbound)
    await telegram.typing(inbound.address)
    assert server.chat(7).typing == 1


async def test_check_tells_who_we_are_or_what_is_wrong(server: BotApi, telegram: Telegram) -> None:
    polling = Telegram(server.token, server.base, "", "lumo")
    health = await polling.check()
    assert (health.state, health.line) == ("ok", "@lumo_test_bot, long polling, 0 updates waiting, inline mode off")
    await polling.close()
    health = await telegram.check()  # a secret is set, so the shop waits to be called
    assert (health.state, "nobody fetches" in health.line) == ("warn", True)
    server.webhook = {"url": "https://shop.example/webhooks/telegram"}
    assert (await telegram.check()).state == "ok"
    server.inline_mode = server.business_mode = True
    server.allowed = ["message", "business_connection"]
    assert "connected accounts do not come" in (await telegram.check()).line
    server.allowed = [kind for kind in ALLOWED_UPDATES if kind != "inline_query"]
    assert "inline mode on; inline_query does not come" in (await telegram.check()).line
    server.allowed = None
    stranger = Telegram("1:wrong", server.base, "", "lumo")
    assert (await stranger.check()).line == "Telegram does not know this token."
    with pytest.raises(ShopkeeperError):
        await stranger.set_webhook("https://shop.example")
    await stranger.close()


async def test_check_tells_whether_people_can_lend_their_accounts(server: BotApi) -> None:
    lent = TelegramBusiness(server.token, server.base, "", "lumo")
    assert (await lent.check()).line == "off: business mode of @lumo_test_bot is off at @BotFather"
    server.business_mode = True
    assert (await lent.check()).line == "on: people can connect @lumo_test_bot to their own accounts"
    server.fail(502, "Bad Gateway")
    assert (await lent.check()).state == "down"
    await lent.close()


async def test_a_token_of_another_form_is_told_at_once() -> None:
    with pytest.raises(ShopkeeperError, match="BotFather"):
        Telegram("not a token", "http://127.0.0.1:9", "", "lumo")


async def test_the_menu_of_commands_is_shown_in_each_language(server: BotApi, telegram: Telegram) -> None:
    shop = load_shop(shipped_data() / "demo" / "shop.yml")
    said = welcomes(Texts.load(shipped_data() / "texts", zone=shop.tzinfo), shop)
    for _ in range(2):
        assert await telegram.show_welcome(said) == ("commands",)
    assert set(server.commands) == {"", "en", "ru", "uk", "es"}
    assert server.commands[""] == server.commands["en"]
    assert {"command": "cart", "description": "Показати кошик"} in server.commands["uk"]


def _blocks() -> list[Blocked]:
    return [Blocked(on=True), Blocked(on=False)]
