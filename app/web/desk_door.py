"""The door of the desk: an encrypted cookie, a token in every form, an origin of ours, headers on all."""

from __future__ import annotations

import hashlib
import re
import secrets
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_session import Session, get_session, session_middleware
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from yarl import URL

from app.web.chat import origin_of
from app.web.forms import read_form
from base.db import Database
from base.ids import new_token
from desk.sign_in import LONGEST_SECONDS, SignedIn, find_sign_in

SIGNED_IN = web.RequestKey("signed_in", SignedIn)
COOKIE = "shopkeeper_desk"
PREFIX = "/desk"
# No dots: they lead out of the desk.
WISH = re.compile(PREFIX + r"(/tasks|/conversations/[\w-]{1,64})?(\?.*)?", re.ASCII)
OPEN_PATHS = (f"{PREFIX}/sign-in", f"{PREFIX}/static/")

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # not `no-referrer`: browsers would send "Origin: null" with our own forms
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class DeskDoor:
    """Middlewares of the desk, outermost first: headers, cookie, guard."""

    def __init__(self, db: Database, *, secret_key: str, public_url: str) -> None:
        self._db = db
        self._own = origin_of(public_url)
        self._storage = EncryptedCookieStorage(
            cookie_key(secret_key),
            cookie_name=COOKIE,
            path=PREFIX,
            max_age=LONGEST_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=urlsplit(public_url).scheme == "https",
        )

    def stand_before(self, app: web.Application) -> None:
        """Guard every route of `app`. Headers are set when a response starts, so that streams and errors have them."""
        app.middlewares.append(session_middleware(self._storage))
        app.middlewares.append(self.guard)
        app.on_response_prepare.append(_put_headers)

    @web.middleware
    async def guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in ("GET", "HEAD"):
            await self._refuse_strangers(request)
        if request.path.startswith(OPEN_PATHS):
            return await handler(request)
        found = await self.who(request)
        if found is None:
            if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
                wish = safe_path(request.path_qs)
                raise web.HTTPSeeOther(URL(f"{PREFIX}/sign-in").with_query({"then": wish} if wish != PREFIX else {}))
            raise web.HTTPUnauthorized(text="Sign in at /desk.")
        request[SIGNED_IN] = found
        return await handler(request)

    async def who(self, request: web.Request) -> SignedIn | None:
        """Whoever holds a good cookie and has not signed out."""
        id = (await get_session(request)).get("id")
        if not isinstance(id, str):
            return None
        async with self._db.begin() as tx:
            return await find_sign_in(tx, id)

    async def _refuse_strangers(self, request: web.Request) -> None:
        """Only our own pages may post: both the origin and the token of the form must be ours."""
        claimed = request.headers.get("Origin")
        if claimed is not None:
            origin = origin_of(claimed)
            if not origin or (origin != self._own and origin.partition("://")[2] != request.host.lower()):
                raise web.HTTPForbidden(text="This form was not sent from the desk's own page.")
        known = (await get_session(request)).get("csrf")
        given = (await read_form(request)).get("csrf")
        if not isinstance(known, str) or not isinstance(given, str) or not _same(known, given):
            raise web.HTTPForbidden(text="This page is too old. Go back, reload it, and try again.")


def signed_in(request: web.Request) -> SignedIn:
    """Who asks; every route but the sign-in page has somebody."""
    return request[SIGNED_IN]


async def form_token(request: web.Request) -> str:
    """The token to put into the forms of this page."""
    cookie: Session = await get_session(request)
    if not isinstance(cookie.get("csrf"), str):
        cookie["csrf"] = new_token()
    return str(cookie["csrf"])


async def let_in(request: web.Request, opened: SignedIn) -> None:
    """Write the cookie anew; nothing of what stood in it before counts any more."""
    cookie = await get_session(request)
    cookie.invalidate()
    cookie["id"] = opened.id
    cookie["csrf"] = new_token()


async def let_out(request: web.Request) -> None:
    (await get_session(request)).invalidate()


def cookie_key(secret_key: str) -> bytes:
    """32 bytes for the cookie alone, made of SECRET_KEY."""
    return hashlib.sha256(b"shopkeeper desk cookie\0" + secret_key.encode()).digest()


def _same(one: str, other: str) -> bool:
    """In constant time, and as bytes: compare_digest raises for letters beyond ASCII."""
    return secrets.compare_digest(one.encode(), other.encode("utf-8", "backslashreplace"))


def safe_path(path: str) -> str:
    """A path of the desk that one may be sent to after signing in; the desk itself for anything else."""
    return path if WISH.fullmatch(path) else PREFIX


async def _put_headers(request: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    is_file = request.path.startswith(f"{PREFIX}/static/")
    response.headers.setdefault("Cache-Control", "no-cache" if is_file else "no-store")
