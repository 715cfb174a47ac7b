"""The door for requests to be forgotten, and the page that tells how far one has come."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from aiohttp import web

from app import privacy
from app.web.pay import HEADERS, TOKEN
from base.clock import Clock
from base.db import Database
from base.errors import BadSignature
from bot.channel import Channel
from bot.state import Sentence
from bot.texts import Texts

TEMPLATES = Path(__file__).parent / "templates" / "pay"
LONGEST = 4000  # characters of a signed request; Meta's are some two hundred
STATES = ("received", "waiting", "by_hand", "done")


def add_privacy_routes(
    app: web.Application,
    db: Database,
    channels: Mapping[str, Channel],
    texts: Texts,
    shop: str,
    *,
    clock: Clock,
    public_url: str,
) -> None:
    """Serve POST /privacy/{channel}/delete and GET /privacy/status/{code}."""
    pages = PrivacyPages(db, channels, texts, shop, clock, public_url.rstrip("/"))
    app.router.add_post("/privacy/{channel}/delete", pages.ask)
    app.router.add_get("/privacy/status/{code}", pages.status)


class PrivacyPages:
    def __init__(
        self, db: Database, channels: Mapping[str, Channel], texts: Texts, shop: str, clock: Clock, public_url: str
    ) -> None:
        self._db, self._channels, self._texts, self._shop = db, channels, texts, shop
        self._clock, self._public_url = clock, public_url
        self._templates = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True)

    async def ask(self, request: web.Request) -> web.Response:
        """Meta's Data Deletion Callback: the answer names the page and the code by which the person can ask."""
        channel = self._channels.get(request.match_info["channel"])
        if not isinstance(channel, privacy.TellsWhoAsks):
            return web.Response(status=404, text="Nobody of that name is set up here.\n")
        try:
            signed = (await request.post()).get("signed_request", "")
        except ValueError:  # a form that is none
            signed = ""
        try:
            person = channel.read_deletion(signed if isinstance(signed, str) and len(signed) <= LONGEST else "")
        except BadSignature as refusal:
            return web.Response(status=403, text=f"{refusal.what}\n")
        now = self._clock.now()
        code = await self._db.run(lambda tx: privacy.ask(tx, channel.name, channel.account, person, now))
        return web.json_response({"url": f"{self._public_url}/privacy/status/{code}", "confirmation_code": code})

    async def status(self, request: web.Request) -> web.Response:
        """How far the request has come, in the visitor's language. Says nothing of the person."""
        code = request.match_info["code"]
        state = "unknown"
        if TOKEN.fullmatch(code):
            async with self._db.begin() as tx:
                row = await tx.row("SELECT status FROM erasure_request WHERE code = %s", code)
            state = row["status"] if row else "unknown"
        locale = self._locale(request)

        def say(key: str) -> str:
            return self._texts.say(Sentence(key=f"privacy.{key}", args={"shop": self._shop, "code": code}), locale)

        page = self._templates.get_template("privacy.html").render(say=say, state=state, locale=locale, shop=self._shop)
        status = 404 if state == "unknown" else 200
        return web.Response(text=page, content_type="text/html", status=status, headers=HEADERS)

    def _locale(self, request: web.Request) -> str:
        wanted = request.headers.get("Accept-Language", "").split(",")
        tags = (tag.partition(";")[0].strip() for tag in wanted[:10])
        return next((self._texts.locale_for(t) for t in tags if t.split("-")[0].lower() in self._texts.locales), "en")
