"""Whoever sent bytes that are no form, no gzip or no HTTP got a 503, and the log a traceback each time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from yarl import URL

from app.logs import not_of_strangers
from app.web import forms
from tests.integration.open_shop import OpenShop, open_shop

FORM = "application/x-www-form-urlencoded"
SLOW = f"POST /desk/sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: 9\r\n\r\nc".encode()
PART = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n'


@pytest.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    async with open_shop(database_url) as shop:
        yield shop


async def test_what_cannot_be_read_is_refused_and_leaves_no_traceback(
    shop: OpenShop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("aiohttp.server"), "filters", [not_of_strangers])
    monkeypatch.setattr(forms, "FORM_WITHIN", 0.3)
    answers = [
        await post(shop, "/desk/sign-in", b"csrf=\xff\xfe", FORM),
        await post(shop, "/desk/sign-in", b"csrf=a", f"{FORM}; charset=bogus"),
        await post(shop, "/desk/sign-in", b"", "multipart/form-data"),
        await post(shop, "/desk/sign-in", b"--x\r\nno part", "multipart/form-data; boundary=x"),
        await post(shop, "/desk/sign-in", PART + b"\r\n\xff\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        await post(shop, "/desk/sign-in", b"csrf=a", FORM, zipped=True),
        await post(shop, "/webhooks/sandbox", b"{}", "application/json", zipped=True),
        await post(shop, "/chat/start", b"{}", "application/json", zipped=True),
    ]
    assert answers == [400] * 8
    async with shop.http.get(f"{shop.url}/static/storefront/{'a' * 300}") as answer:
        assert answer.status == 404
    assert await spoken(shop, b"\x16\x03\x01 this is TLS\r\n\r\n") == b"400"
    assert await spoken(shop, SLOW) == b"408"
    await leave_in_the_middle(shop)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


async def post(shop: OpenShop, path: str, body: bytes, kind: str, *, zipped: bool = False) -> int:
    headers = {"Content-Type": kind} | ({"Content-Encoding": "gzip"} if zipped else {})
    async with aiohttp.request("POST", shop.url + path, data=body, headers=headers) as answer:
        return answer.status


async def spoken(shop: OpenShop, words: bytes) -> bytes:
    """The status of the answer to these bytes."""
    url = URL(shop.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(words)
    async with asyncio.timeout(10):
        line = await reader.readline()
    writer.close()
    return line.split()[1]


async def leave_in_the_middle(shop: OpenShop) -> None:
    url = URL(shop.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(b"POST /webhooks/sandbox HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.close()
    await asyncio.sleep(0.2)
