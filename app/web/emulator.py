"""The demo's play messengers: one page each, its live thread, and what the person in front of it does."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import jinja2
from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from app.emulator.people import Person
from app.emulator.platform import Platform
from app.emulator.rules import GraphError, Json

HERE = Path(__file__).parent
WINDOWS = {"messenger": "facebook", "instagram": "instagram"}  # the name in the address -> the shop's channel
TITLES = {"messenger": "Messenger", "instagram": "Instagram"}
MENU = (  # what `shopkeeper webhook profile` shows: see docs/channels/facebook.md
    ("What do you have?", "menu.catalogue"),
    ("My cart", "menu.cart"),
    ("Where is my order?", "menu.orders"),
    ("Talk to a person", "menu.human"),
)
GET_STARTED = "GET_STARTED"
LONGEST = 2000  # characters that a person can write at once
HEARTBEAT = 20.0  # seconds
YEAR = 365 * 24 * 3600
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'",
        "img-src 'self' http: https:", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'self'",
    )
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


class Act(BaseModel):
    """What the page sends when the person does something."""

    do: Literal["say", "tap", "menu", "start", "seen", "wait", "heart", "under"]
    text: str = Field(default="", max_length=LONGEST)  # the words, or the title of a button
    payload: str = Field(default="", max_length=1000)
    at: str = Field(default="", max_length=100)  # the message, the post or the story that it is done to


def add_emulator_routes(app: web.Application, platforms: Mapping[str, Platform], *, shop: str) -> None:
    """Serve /try/{window} for each of `platforms`, which are named like the shop's channels."""
    windows = {window: platforms[channel] for window, channel in WINDOWS.items() if channel in platforms}
    pages = Windows(windows, shop)
    app.router.add_get("/try/{window}", pages.show)
    app.router.add_get("/try/{window}/events", pages.events)
    app.router.add_post("/try/{window}/act", pages.act)
    app.router.add_post("/try/{window}/picture", pages.take_picture)
    app.router.add_get("/try/{window}/pictures/{name}", pages.picture)
    app.router.add_post("/try/{window}/somebody-else", pages.somebody_else)
    app.router.add_static("/static/emulator/", HERE / "static" / "emulator")
    app.on_shutdown.append(pages.close)


class Windows:
    def __init__(self, platforms: Mapping[str, Platform], shop: str) -> None:
        self._platforms, self._shop = platforms, shop

    async def show(self, request: web.Request) -> web.Response:
        window, platform = self._asked(request)
        html = _templates().get_template("window.html")
        others = [(name, TITLES[name]) for name in self._platforms if name != window]
        about = {"window": window, "title": TITLES[window], "shop": self._shop, "menu": MENU, "others": others}
        response = web.Response(
            text=html.render(about, posts=list(platform.posts.values())), content_type="text/html", headers=HEADERS
        )
        if not _token(request, window):
            _become(response, request, window)
        return response

    async def somebody_else(self, request: web.Request) -> web.Response:
        """The same browser goes on as a new person."""
        window, _ = self._asked(request)
        response = web.Response(status=303, headers={"Location": f"/try/{window}"})
        _become(response, request, window)
        return response

    async def act(self, request: web.Request) -> web.Response:
        """Answers 204; 409 for a button or a message that is not shown any more."""
        window, platform = self._asked(request)
        if request.content_type != "application/json":  # no form of another site can send that
            raise web.HTTPUnsupportedMediaType(text="Send JSON.\n")
        try:
            act = Act.model_validate_json(await request.read())
            person = platform.person(_person_id(request, window))
        except (ValidationError, GraphError):
            raise web.HTTPBadRequest(text="That cannot be sent.\n") from None
        if not _done(platform, person, act):
            raise web.HTTPConflict(text="That is not shown any more.\n")
        return web.Response(status=204)

    async def take_picture(self, request: web.Request) -> web.Response:
        """Answers 204. The body is the picture itself, which no form of another site can send."""
        window, platform = self._asked(request)
        if request.content_type != "image/jpeg":
            raise web.HTTPUnsupportedMediaType(text="Send a JPEG.\n")
        try:
            person = platform.person(_person_id(request, window))
            name = platform.pictures.keep(await request.read())
        except GraphError:
            raise web.HTTPBadRequest(text="That cannot be sent.\n") from None
        platform.sends_picture(person, f"/try/{window}/pictures/{name}")
        return web.Response(status=204)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """A picture that somebody has sent; the shop fetches it here as it would from Meta."""
        _, platform = self._asked(request)
        if (path := platform.pictures.find(request.match_info["name"])) is None:
            raise web.HTTPNotFound(text="There is no such picture.\n")
        return web.FileResponse(path, headers=HEADERS)

    async def events(self, request: web.Request) -> web.StreamResponse:
        """The thread from `Last-Event-ID` on, and then everything that happens, until the browser leaves."""
        window, platform = self._asked(request)
        try:
            watched = platform.watched(_person_id(request, window))
        except GraphError:
            raise web.HTTPServiceUnavailable(text="Too many people are here.\n") from None
        response = web.StreamResponse(headers=HEADERS | {"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        last = request.headers.get("Last-Event-ID", "")
        seen = int(last) if re.fullmatch("[0-9]{1,9}", last) else 0
        try:
            with watched as (person, news):
                missed = [entry for entry in person.thread if entry["n"] > seen]
                await response.write(b"retry: 1000\n\n" + b"".join(map(_event, missed)) + _event({"type": "ready"}))
                while True:
                    try:
                        async with asyncio.timeout(HEARTBEAT):
                            event = await news.get()
                    except TimeoutError:
                        await response.write(b": still here\n\n")
                        continue
                    await response.write(_event(event))
                    if event["type"] == "closed":
                        break
        except ConnectionError:
            pass  # the browser has left
        return response

    async def close(self, app: web.Application) -> None:
        """For `on_shutdown`: end the streams, so that a stopping server need not wait for them."""
        for platform in self._platforms.values():
            platform.farewell()

    def _asked(self, request: web.Request) -> tuple[str, Platform]:
        window = request.match_info["window"]
        if window not in self._platforms:
            raise web.HTTPNotFound(text="There is no such window here.\n")
        return window, self._platforms[window]


def _done(platform: Platform, person: Person, act: Act) -> bool:
    """Whether the person could do that."""
    words = act.text.strip()
    match act.do:
        case "say":
            answered = person.of_shop(act.at)
            if act.at and answered is None:
                return False
            if words:
                platform.says(person, words, answering=answered)
        case "heart":
            if (liked := person.of_shop(act.at)) is None:
                return False
            platform.hearts(person, liked)
        case "under":
            if (post := platform.posts.get(act.at)) is None:
                return False
            if words:
                write = platform.answers_story if post.kind == "story" else platform.comments
                write(person, post, words)
        case "tap":
            kind = platform.may_tap(person, act.at, act.text, act.payload)
            if kind == "quick_reply":
                platform.says(person, act.text, act.payload)
            elif kind == "button":
                platform.taps(person, act.text, act.payload)
            return kind is not None
        case "menu":
            if (act.text, act.payload) not in MENU:
                return False
            platform.taps(person, act.text, act.payload)
        case "start":
            if person.thread:
                return False
            platform.taps(person, "Get started", GET_STARTED)
        case "seen":
            platform.reads(person)
        case "wait":
            platform.waits(person, hours=25)
    return True


def _event(event: Json) -> bytes:
    number = f"id: {event['n']}\n" if "n" in event else ""
    return f"{number}data: {json.dumps(event)}\n\n".encode()


def _token(request: web.Request, window: str) -> str:
    found = request.cookies.get(f"try-{window}", "")
    return found if TOKEN.fullmatch(found) else ""


def _person_id(request: web.Request, window: str) -> str:
    """The id by which the platform knows this browser: digits that do not tell the token."""
    token = _token(request, window)
    if not token:
        raise web.HTTPForbidden(text="Open the page first; it needs a cookie.\n")
    digest = hashlib.sha256(f"{window} {token}".encode()).digest()
    return str(10**16 + int.from_bytes(digest) % 10**16)


def _become(response: web.Response, request: web.Request, window: str) -> None:
    response.set_cookie(
        f"try-{window}", secrets.token_urlsafe(24), path=f"/try/{window}", max_age=YEAR, httponly=True,
        samesite="Lax", secure=request.secure,
    )  # fmt: skip


@functools.cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates" / "emulator"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
