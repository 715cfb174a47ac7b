"""The play Graph API: HTTP on loopback, with Meta's addresses, proofs and answers."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from app.emulator.platform import Platform, persona_of
from app.emulator.rules import GraphError, Json

VERSION = "v26.0"
DASHBOARD = frozenset(  # fields of the app for Instagram
    {"messages", "messaging_postbacks", "message_echoes", "message_reactions", "messaging_seen", "comments"}
)
LAST_ANSWERS = 1.0  # seconds that open calls get at the end

log = logging.getLogger(__name__)


class Graph:
    """Answers the calls of the shop's adapter."""

    def __init__(self, platform: Platform) -> None:
        self._platform, self._account = platform, platform.account

    async def answer(self, request: web.Request) -> web.Response:
        try:
            return web.json_response(self._carried_out(request, await _body(request)))
        except GraphError as error:
            log.info("%s: refused: %s", self._platform.kind.name, error)
            return web.json_response(error.body(secrets.token_urlsafe(8)), status=error.status)

    def _carried_out(self, request: web.Request, body: Json) -> Json:
        self._must_be_allowed(request)
        node, edge = request.match_info["node"], request.match_info.get("edge", "")
        if request.method == "GET" and not edge and (person := self._platform.people.get(node)):
            first, _, last = person.name.partition(" ")
            instagram = self._platform.kind.object == "instagram"
            return {"id": node} | ({"name": person.name} if instagram else {"first_name": first, "last_name": last})
        if request.method == "GET" and not edge and (post := self._platform.posts.get(node)):
            return _asked(request, post.told(self._platform.kind))
        if node not in (self._account.id, "me"):
            raise GraphError(100, 33, "Unsupported request. Object does not exist")
        match request.method, edge:
            case "GET", "":
                name = self._account.name
                return {"id": self._account.id, "name": name, "username": name.lower().replace(" ", ".")}
            case "GET", "subscribed_apps":
                fields = sorted(self._platform.webhooks.subscribed)
                return {"data": [{"id": self._account.app_id, "subscribed_fields": fields}]}
            case "POST", "subscribed_apps":
                self._platform.webhooks.subscribed = self._subscribed(node, str(body.get("subscribed_fields", "")))
                return {"success": True}
            case "POST", "messages":
                return self._platform.send(body)
            case "POST", "personas":
                return {"id": persona_of(str(body.get("name", "")))}
            case "POST" | "DELETE", "messenger_profile":
                return {"result": "success"}  # the windows have a menu of their own
            case _:
                raise GraphError(100, 0, "Unsupported request")

    def _subscribed(self, node: str, wanted: str) -> frozenset[str]:
        """An Instagram account has no apps of its own: its Page has, and the fields are those of the dashboard."""
        if self._platform.kind.object == "page":
            return frozenset(wanted.split(","))
        if node != "me":
            raise GraphError(100, 33, "Unsupported post request. Object does not exist")
        return DASHBOARD

    def _must_be_allowed(self, request: web.Request) -> None:
        account = self._account
        if request.match_info["version"] != VERSION:
            raise GraphError(2635, 0, f"(#2635) You are calling a deprecated version; use {VERSION}")
        if not hmac.compare_digest(
            request.headers.get("Authorization", "").encode(), f"Bearer {account.token}".encode()
        ):
            raise GraphError(190, 463, "Error validating access token: Session has expired", status=401)
        proof = hmac.new(account.app_secret.encode(), account.token.encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.query.get("appsecret_proof", "").encode(), proof.encode()):
            raise GraphError(100, 0, "API calls from the server require an appsecret_proof argument")


@asynccontextmanager
async def graph_on_loopback(platform: Platform) -> AsyncIterator[str]:
    """The server is open inside the block; yields its address. Nobody reaches it from another machine."""
    app = web.Application()
    graph = Graph(platform)
    app.router.add_route("*", "/{version}/{node}", graph.answer)
    app.router.add_route("*", "/{version}/{node}/{edge}", graph.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_ANSWERS)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _asked(request: web.Request, told: Json) -> Json:
    """The fields that were asked for, and the id."""
    asked = {"id", *request.query.get("fields", "").split(",")} - {""}
    if asked - set(told):
        raise GraphError(100, 0, "(#100) Tried accessing nonexisting field")
    return {name: told[name] for name in told if name in asked}


async def _body(request: web.Request) -> Json:
    if request.method != "POST":
        return {}
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise GraphError(100, 0, "(#100) The body is no JSON object")
    return body
