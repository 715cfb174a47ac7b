"""The webhook door: genuine bytes are kept before the answer; nothing that comes is ever answered by a 500."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import aiohttp
import psycopg
import pytest
import pytest_asyncio
from aiohttp import web

from app.web.door import BATCH_LIMIT, BODY_LIMIT, Headers, add_door_routes, read_raw
from base.errors import BadSignature
from bot.channel import Raw
from integrations.messenger.telegram.adapter import SECRET_HEADER, Telegram
from tests.integration.open_shop import OpenShop, open_shop

SECRET = "a-secret-of-the-webhook"
TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"
UPDATE = {
    "update_id": 7001,
    "message": {
        "message_id": 5,
        "date": 1795500000,
        "chat": {"id": 555, "type": "private"},
        "from": {"id": 555, "is_bot": False, "first_name": "Ana"},
        "text": "hello",
    },
}


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    telegram = {"token": TOKEN, "webhook_secret": SECRET, "api_base": "http://127.0.0.1:9"}
    async with open_shop(database_url, telegram=telegram) as opened:
        yield opened


async def post(shop: OpenShop, name: str, body: bytes, secret: str | None = SECRET) -> int:
    headers = {SECRET_HEADER: secret} if secret is not None else {}
    async with shop.http.post(f"/webhooks/{name}", data=body, headers=headers) as answer:
        return answer.status


async def kept(shop: OpenShop) -> list[bytes]:
    async with shop.house.db.begin() as tx:
        return [bytes(row["body"]) for row in await tx.rows("SELECT body FROM raw_update ORDER BY id")]


async def test_a_genuine_update_is_kept_as_it_came_before_the_answer(shop: OpenShop) -> None:
    body = json.dumps(UPDATE).encode()
    assert await post(shop, "telegram", body) == 200
    assert await kept(shop) == [body]


async def test_the_same_update_again_changes_nothing(shop: OpenShop) -> None:
    body = json.dumps(UPDATE).encode()
    assert [await post(shop, "telegram", body) for _ in range(3)] == [200, 200, 200]
    async with shop.house.db.begin() as tx:
        row = await tx.row("SELECT count(*) AS inbounds FROM inbound")
    assert row == {"inbounds": 1}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "s", "ключ"])
async def test_a_stranger_is_turned_away_and_leaves_nothing(shop: OpenShop, secret: str | None) -> None:
    assert await post(shop, "telegram", json.dumps(UPDATE).encode(), secret) == 401
    assert await kept(shop) == []


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff\xfe", b"null", b"[]", b'{"update_id": 1}', b'{"message":', b"[" * 5000, "🎁".encode() * 200],
)
async def test_nonsense_in_good_faith_is_kept_and_answered(shop: OpenShop, body: bytes) -> None:
    assert await post(shop, "telegram", body) == 200
    assert await kept(shop) == [body]


async def test_too_much_is_refused_before_it_is_read(shop: OpenShop) -> None:
    assert await post(shop, "telegram", b"x" * (BODY_LIMIT + 1)) == 413
    assert await kept(shop) == []


async def test_a_batch_of_metas_may_be_larger_than_one_update(door: Door) -> None:
    http, taken, _ = door
    sizes = {BODY_LIMIT + 1: 200, BATCH_LIMIT: 200, BATCH_LIMIT + 1: 413}
    for size, status in sizes.items():
        async with http.post("/webhooks/facebook", data=b"x" * size) as answer:
            assert answer.status == status
    assert [len(raw.body) for raw in taken] == [BODY_LIMIT + 1, BATCH_LIMIT]


async def test_a_name_that_nobody_has_is_not_found(shop: OpenShop) -> None:
    for name in ("nobody", "facebook", "stripe", "..%2F..%2Fetc"):
        assert await post(shop, name, b"{}") == 404


async def test_the_web_chat_and_cash_have_no_webhook(shop: OpenShop) -> None:
    assert await post(shop, "webchat", b"{}") == 401
    assert await post(shop, "manual", b"{}") == 404


async def test_a_forged_report_of_the_sandbox_is_refused(shop: OpenShop) -> None:
    async with shop.http.post(
        "/webhooks/sandbox", data=b'{"state":"settled"}', headers={"Sandbox-Signature": "t=1,v1=00"}
    ) as answer:
        assert answer.status == 401


class Listening:
    """A channel that takes everything, or what it is told to raise."""

    name = "facebook"
    account = "page"

    def authenticate(self, headers: Headers, body: bytes) -> None:
        if body == b"forged":
            raise BadSignature("It is not signed with our secret.")

    def read_update(self, body: bytes) -> tuple[()]:
        if body == b"breaks":
            raise ValueError("a form that nobody foresaw")
        return ()


@pytest_asyncio.fixture
async def door() -> AsyncIterator[tuple[aiohttp.ClientSession, list[Raw], list[Exception]]]:
    taken: list[Raw] = []
    troubles: list[Exception] = []

    async def deliver(raw: Raw) -> None:
        if troubles:
            raise troubles.pop()
        taken.append(raw)

    app = web.Application()
    add_door_routes(app, {"facebook": Listening()}, deliver, {})  # type: ignore[dict-item]
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
        yield http, taken, troubles
    await runner.cleanup()


Door = tuple[aiohttp.ClientSession, list[Raw], list[Exception]]


async def test_meta_is_told_403(door: Door) -> None:
    http, taken, _ = door
    async with http.post("/webhooks/facebook", data=b"forged") as answer:
        assert answer.status == 403
    assert taken == []


async def test_an_update_that_the_adapter_breaks_on_is_kept_all_the_same(door: Door) -> None:
    http, taken, _ = door
    async with http.post("/webhooks/facebook", data=b"breaks") as answer:
        assert answer.status == 200
    assert [(raw.body, raw.inbounds) for raw in taken] == [(b"breaks", ())]


@pytest.mark.parametrize(
    "trouble", [psycopg.OperationalError("gone"), OSError("refused"), KeyError("a mistake of ours")]
)
async def test_while_we_cannot_take_it_the_platform_is_asked_to_send_it_again(door: Door, trouble: Exception) -> None:
    http, taken, troubles = door
    troubles.append(trouble)
    async with http.post("/webhooks/facebook", data=b"{}") as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"] == "5"
    async with http.post("/webhooks/facebook", data=b"{}") as answer:
        assert answer.status == 200
    assert len(taken) == 1


def test_the_adapter_of_telegram_chooses_its_own_key() -> None:
    telegram, body = Telegram(TOKEN, "http://127.0.0.1:9", SECRET, "123456789"), json.dumps(UPDATE).encode()
    assert read_raw(telegram, body).event_key == telegram.read_raw(body).event_key
