"""The demo shop's own page: products on a shelf, each with a question for the chat."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import aiohttp_jinja2
import jinja2
from aiohttp import web

from app.web.chat import origin_of

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
TEMPLATES = web.AppKey("storefront_templates", jinja2.Environment)
PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
PICTURE_TYPES = {
    ".avif": "image/avif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class StoreProduct:
    """One product on the shelf, in words that are ready to be shown."""

    id: str
    name: str
    description: str
    price: str  # with its currency, such as `12.00 €`, or `from 20.00 €`
    question: str  # what "Ask about it" says in the chat
    picture: str | None = None  # an address: below /media/, or https
    options: tuple[str, ...] = ()  # colours or sizes to choose from
    stock: Literal["in", "few", "out"] = "in"
    stock_words: str = ""  # such as `2 left` or `back on 5 December`


@dataclass(frozen=True, slots=True)
class StoreFact:
    """One thing worth knowing before buying: delivery, payment, returns."""

    title: str
    text: str
    question: str


@dataclass(frozen=True, slots=True)
class Store:
    """The shop's name and words for its page."""

    name: str
    tagline: str
    about: str = ""
    offer: str = ""  # one line at the top, such as a code for newcomers
    hours: str = ""  # when people are there, such as `09:00-19:00`
    locale: str = "en"
    facts: tuple[StoreFact, ...] = ()
    contact: str = ""


def add_storefront_routes(
    app: web.Application,
    products: Callable[[], Awaitable[Sequence[StoreProduct]]],
    *,
    store: Store,
    media: Path,
    public_url: str = "",
    origins: tuple[str, ...] = (),
) -> None:
    """Serve `/`, its static files and `/media/{name}` out of the directory `media`.

    `products` is asked at every visit, so that prices are today's. `public_url` and `origins` (sites that may show this
    page in a frame) go into the content security policy.
    """
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        app_key=TEMPLATES,
    )
    environment.globals["store"] = store
    page = StorefrontPage(products, page_headers(public_url, origins))
    app.router.add_get("/", page.serve)
    app.router.add_get("/media/{name}", Media(media).serve)
    app.router.add_static("/static/storefront/", HERE / "static" / "storefront")


def page_headers(public_url: str, origins: tuple[str, ...]) -> dict[str, str]:
    """Headers of a page that runs no script but its own files'."""
    own = origin_of(public_url)
    socket = own.replace("http", "ws", 1)
    policy = {
        "default-src": ["'self'"],
        "connect-src": ["'self'", own, socket],
        "img-src": ["'self'", "data:", "https:", own],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", *(origin_of(origin) for origin in origins)],
    }
    return {
        "Content-Security-Policy": "; ".join(
            " ".join([name, *filter(None, sources)]) for name, sources in policy.items()
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
        "Cache-Control": "no-cache",
    }


class StorefrontPage:
    """GET /: the shelf. When the shelf cannot be read, the page says so and the chat is still there."""

    def __init__(self, products: Callable[[], Awaitable[Sequence[StoreProduct]]], headers: dict[str, str]) -> None:
        self._products = products
        self._headers = headers

    async def serve(self, request: web.Request) -> web.StreamResponse:
        status = 200
        shelf: Sequence[StoreProduct] = ()
        try:
            shelf = await self._products()
        except Exception:
            log.exception("storefront: the products cannot be read")
            status = 503
        response = aiohttp_jinja2.render_template(
            "storefront.html", request, {"products": shelf, "readable": status == 200}, app_key=TEMPLATES, status=status
        )
        response.headers.update(self._headers)
        return response


class Media:
    """GET /media/{name}: a picture of the catalogue, and nothing else from the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        kind = PICTURE_TYPES.get(Path(name).suffix.lower()) if PICTURE_NAME.fullmatch(name) else None
        path = (self._folder / name).resolve() if kind else self._folder
        if kind is None or path.parent != self._folder or not path.is_file():
            raise web.HTTPNotFound(text="There is no such picture.")
        return web.FileResponse(
            path,
            headers={
                "Content-Type": kind,
                "Cache-Control": "public, max-age=3600",
                "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",  # SVG may script
                "Cross-Origin-Resource-Policy": "cross-origin",  # the widget shows it on other sites
                "X-Content-Type-Options": "nosniff",
            },
        )
