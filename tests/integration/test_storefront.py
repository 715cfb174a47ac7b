"""The demo shop's page and the widget file, over real HTTP."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from app.web.chat import add_chat_routes
from app.web.storefront import Store, StoreProduct, add_storefront_routes
from app.web.widget import read_widget
from base.db import Database
from bot.channel import Raw
from integrations.messenger.webchat import WebChat

MUG = StoreProduct(
    id="MUG",
    name="Aurora <mug>",
    description='Keeps "tea" warm',
    price="12.00 €",
    question="Tell me about the Aurora mug",
    picture="/media/mug.svg",
    stock="few",
    stock_words="2 left",
)
Visit = TestClient[web.Request, web.Application]


class Shelf:
    """Products that can be lost."""

    products: Sequence[StoreProduct] = (MUG,)
    broken = False

    async def __call__(self) -> Sequence[StoreProduct]:
        if self.broken:
            raise ConnectionError("the database is away")
        return self.products


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest_asyncio.fixture
async def visit(db: Database, tmp_path: Path, shelf: Shelf) -> AsyncIterator[Visit]:
    media = tmp_path / "pictures"
    media.mkdir()
    (media / "mug.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")
    (media / "notes.txt").write_text("not a picture")
    (tmp_path / "secret.svg").write_text("not yours")
    (media / "link.svg").symlink_to(tmp_path / "secret.svg")

    async def deliver(raw: Raw) -> None:
        """Nobody listens."""

    app = web.Application()
    store = Store(name="Lumo", tagline="Warm things")
    add_storefront_routes(
        app, shelf, store=store, media=media, public_url="https://lumo.example/", origins=("https://blog.example",)
    )
    add_chat_routes(app, WebChat(db, ""), deliver)
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_the_page_shows_the_products_of_this_moment_and_escapes_their_words(visit: Visit, shelf: Shelf) -> None:
    page = await (await visit.get("/")).text()
    assert "Aurora &lt;mug&gt;" in page
    assert "12.00 €" in page
    assert "2 left" in page
    assert 'data-ask="Tell me about the Aurora mug"' in page
    shelf.products = ()
    assert "The shelf is empty today" in await (await visit.get("/")).text()


async def test_a_lost_database_leaves_a_page_that_says_so(visit: Visit, shelf: Shelf) -> None:
    shelf.broken = True
    response = await visit.get("/")
    assert response.status == 503
    page = await response.text()
    assert "cannot be shown right now" in page
    assert "<shop-chat" in page


async def test_the_page_runs_no_script_but_its_own(visit: Visit) -> None:
    response = await visit.get("/")
    policy = dict(rule.split(" ", 1) for rule in response.headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["connect-src"] == "'self' https://lumo.example wss://lumo.example"
    assert policy["frame-ancestors"] == "'self' https://blog.example"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    page = await response.text()
    assert "onclick" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=")


async def test_pictures_come_from_their_folder_and_nothing_else_does(visit: Visit) -> None:
    picture = await visit.get("/media/mug.svg")
    assert picture.status == 200
    assert picture.content_type == "image/svg+xml"
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert picture.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    for name in (
        "none.svg",
        "notes.txt",
        "link.svg",
        "..%2Fsecret.svg",
        "%2e%2e%2fsecret.svg",
        "a%00.svg",
        "%2Fetc%2Fpasswd",
    ):
        response = await visit.get(URL(f"/media/{name}", encoded=True))
        assert response.status in (400, 403, 404), name
        assert "not yours" not in await response.text()


async def test_the_widget_is_small_and_fits_every_site(visit: Visit) -> None:
    address = visit.make_url("/widget.js")
    async with aiohttp.ClientSession(auto_decompress=False) as plain_client:
        async with plain_client.get(address, headers={"Accept-Encoding": "gzip"}) as packed:
            body = await packed.read()
            assert packed.headers["Content-Encoding"] == "gzip"
            assert packed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            etag = packed.headers["ETag"]
        async with plain_client.get(address, headers={"Accept-Encoding": "identity"}) as unpacked:
            assert await unpacked.read() == gzip.decompress(body) == read_widget().plain
        async with plain_client.get(address, headers={"If-None-Match": etag}) as known:
            assert known.status == 304
    assert len(body) < 20_000
    assert b"innerHTML" not in gzip.decompress(body)
