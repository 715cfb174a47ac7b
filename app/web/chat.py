"""The web chat's own door: POST /chat/start, the socket /chat/ws, and the widget that other pages embed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from app.web.chat_live import Audience, Viewer
from app.web.widget import Widget, read_widget
from base.db import is_away
from bot.channel import Deliver
from integrations.messenger.webchat import BadFrame, Json, Known, WebChat, read_frame, read_json

log = logging.getLogger(__name__)

LONGEST_FRAME = 256 * 1024  # bytes; a text that is far too long still gets an answer instead of a closed door
LONGEST_START = 4 * 1024  # bytes
START_WITHIN = 20.0  # seconds
LONGEST_SOURCE = 200  # characters
HELLO_WITHIN = 10.0  # seconds
HEARTBEAT = 25.0  # seconds
GOODBYE_WITHIN = 2.0  # seconds that a client gets to answer our closing
TABS = 20  # sockets of one conversation in one process
PATIENCE = 100  # refused frames in a row before the socket is closed
LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Rate:
    """A token bucket: `burst` at once, then `per_second`."""

    burst: int
    per_second: float


@dataclass(slots=True)
class Buckets:
    """One token bucket for each name. Full ones are forgotten, so strangers cannot fill the memory."""

    rate: Rate
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)  # name -> (tokens, at)

    def take(self, name: str) -> bool:
        """Take one token; False when there is none."""
        now = time.monotonic()
        if len(self._left) > 10_000:
            full = self.rate.burst / self.rate.per_second
            self._left = {name: state for name, state in self._left.items() if now - state[1] < full}
        tokens, at = self._left.get(name, (float(self.rate.burst), now))
        tokens = min(float(self.rate.burst), tokens + (now - at) * self.rate.per_second)
        enough = tokens >= 1
        self._left[name] = (tokens - 1 if enough else tokens, now)
        return enough


def add_chat_routes(
    app: web.Application,
    chat: WebChat,
    deliver: Deliver,
    *,
    origins: tuple[str, ...] = (),
    listen_url: str = "",
    frames: Rate = Rate(burst=30, per_second=5),
    starts: Rate = Rate(burst=60, per_second=1),
    caller: Callable[[web.Request], str] = lambda request: request.remote or "",
    is_probe: Callable[[web.Request], bool] = lambda request: False,
) -> Audience:
    """Serve the web chat on `app`.

    `origins` are the sites that may embed the widget, such as `https://shop.example`; the server's own is always
    among them, and `*` lets everybody in. `listen_url` is an address past a connection pooler. `frames` holds for each
    conversation, `starts` for each `caller` (the client's address; behind a proxy, read it from the proxy's header). A
    start that `is_probe` is greeted by nobody.
    """
    door = ChatDoor(chat, deliver, Origins(origins, chat.public_url), frames, starts, caller, listen_url, is_probe)
    app.router.add_post("/chat/start", door.start)
    app.router.add_route("OPTIONS", "/chat/start", door.preflight)
    app.router.add_get("/chat/ws", door.socket)
    app.router.add_get("/widget.js", WidgetFile(read_widget()).serve)
    app.cleanup_ctx.append(door.listening)
    app.on_shutdown.append(door.leave)
    return door.audience


class Origins:
    """Which sites may talk to the chat. CORS does not guard sockets, so each handshake is checked here."""

    def __init__(self, allowed: tuple[str, ...], public_url: str) -> None:
        self._all = "*" in allowed
        self._allowed = {origin_of(url) for url in (*allowed, public_url)} - {""}

    def allow(self, request: web.Request) -> bool:
        """Whether the page that asks is one of ours. A program has no Origin: its token speaks for it."""
        claimed = request.headers.get("Origin")
        if claimed is None or self._all:
            return True
        origin = origin_of(claimed)
        return origin in self._allowed or origin.partition("://")[2] == request.host.lower()


def origin_of(url: str) -> str:
    """`https://Shop.example/path` -> `https://shop.example`; empty for anything that is no web address."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.scheme in ("http", "https") and parts.netloc else ""


class ChatDoor:
    """The routes. Nothing a client sends ends in a traceback: it gets an error frame and may go on."""

    def __init__(
        self,
        chat: WebChat,
        deliver: Deliver,
        origins: Origins,
        frames: Rate,
        starts: Rate,
        caller: Callable[[web.Request], str],
        listen_url: str,
        is_probe: Callable[[web.Request], bool],
    ) -> None:
        self.chat = chat
        self.deliver = deliver
        self.origins = origins
        self.frames = Buckets(frames)
        self.starts = Buckets(starts)
        self.caller = caller
        self.is_probe = is_probe
        self.audience = Audience(chat, listen_url=listen_url)

    async def listening(self, app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self.audience.listen())
        yield
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    async def leave(self, app: web.Application) -> None:
        await asyncio.gather(*(viewer.go_away() for viewer in self.audience.everybody()), return_exceptions=True)

    # -- POST /chat/start --

    async def preflight(self, request: web.Request) -> web.Response:
        if not self.origins.allow(request):
            return web.Response(status=403, headers={"Vary": "Origin"})
        allow = {"Access-Control-Allow-Methods": "POST", "Access-Control-Allow-Headers": "Content-Type"}
        return web.Response(status=204, headers={**shared_with(request), **allow, "Access-Control-Max-Age": "86400"})

    async def start(self, request: web.Request) -> web.Response:
        """A new conversation; the bot greets at once. The token is told here and never again."""
        if not self.origins.allow(request):
            return refusal(request, 403, "wrong_origin", "This site may not embed the chat: add it to CHAT_ORIGINS.")
        if not self.starts.take(self.caller(request)):
            return refusal(request, 429, "slow_down", "Too many new conversations from here; wait a minute.")
        try:
            async with asyncio.timeout(START_WITHIN):
                source, locale = read_start(await read_body(request))
        except TimeoutError:
            return refusal(request, 408, "too_slow", "That took too long.")
        except BadFrame as error:
            return refusal(request, 400, error.code, error.what)
        try:
            opened = await self.chat.open()
            if not self.is_probe(request):
                await self.deliver(self.chat.greet(opened.peer, source=source, locale=locale))
        except Exception as error:
            failed("a conversation could not be opened", error)
            return refusal(request, 503, "unavailable", "The shop cannot answer right now; try again.")
        return web.json_response({"token": opened.token, "conversation": opened.peer}, headers=shared_with(request))

    # -- GET /chat/ws --

    async def socket(self, request: web.Request) -> web.StreamResponse:
        if not self.origins.allow(request):
            return refusal(request, 403, "wrong_origin", "This site may not embed the chat: add it to CHAT_ORIGINS.")
        socket = web.WebSocketResponse(timeout=GOODBYE_WITHIN, heartbeat=HEARTBEAT, max_msg_size=LONGEST_FRAME)
        if not socket.can_prepare(request).ok:
            return refusal(request, 400, "socket_only", "This address speaks WebSocket.")
        await socket.prepare(request)
        with contextlib.suppress(ConnectionError):
            await self._serve(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        hello = await self._hello(socket)
        if hello is None:
            return
        known, last_seq = hello
        if self.audience.count(known.peer) >= TABS:
            await socket.send_json(error_frame("too_many_tabs", "This conversation is open in too many places."))
            await socket.close(code=4429)
            return
        viewer = Viewer(socket, self.chat, known.peer, min(last_seq, known.seq))
        self.audience.join(viewer)
        pump = asyncio.create_task(viewer.pump())
        try:
            await self._take_frames(socket, viewer)
        finally:
            self.audience.leave(viewer)
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)

    async def _hello(self, socket: web.WebSocketResponse) -> tuple[Known, int] | None:
        """Wait for a good hello: the conversation it opens, and the last message this client has."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(HELLO_WITHIN):
                async for message in socket:
                    try:
                        if message.type is not WSMsgType.TEXT:
                            raise BadFrame("bad_json", "Frames are text.")
                        token, last_seq = read_hello(read_json(message.data))
                        known = await self.chat.recognise(token)
                    except BadFrame as error:
                        await socket.send_json(error_frame(error.code, error.what))
                        continue
                    except Exception as error:
                        failed("a token could not be looked up", error)
                        await socket.send_json(error_frame("unavailable", "The shop cannot answer right now."))
                        break
                    if known is None:
                        await socket.send_json({"type": "reset"})
                        await socket.close(code=4401, message=b"unknown token")
                        return None
                    return known, last_seq
        await socket.close(code=4408, message=b"no hello")
        return None

    async def _take_frames(self, socket: web.WebSocketResponse, viewer: Viewer) -> None:
        """Take frames one after the other, so that what a customer says first is delivered first."""
        refused = 0
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer = await self._take(viewer.peer, message.data)
            else:
                answer = error_frame("bad_json", "Frames are text.")
            if answer is not None:
                await viewer.tell(answer)
            refused = refused + 1 if answer is not None and answer["type"] == "error" else 0
            if refused >= PATIENCE:
                await socket.close(code=4429, message=b"too many bad frames")

    async def _take(self, peer: str, text: str) -> Json | None:
        """The answer to one client frame: an ack once it is committed, or an error; none to what was seen."""
        frame: Json = {}
        try:
            frame = read_json(text)
            if not self.frames.take(peer):
                raise BadFrame("slow_down", "Too many messages at once; send this one again in a moment.")
            if frame.get("type") == "ping":
                return {"type": "pong"}
            if frame.get("type") == "seen":
                if noticed := await self.chat.seen(peer, frame):
                    await self.deliver(noticed)
                return None
            seq, raw = await self.chat.receive(peer, read_frame(frame))
            await self.deliver(raw)
        except BadFrame as error:
            return error_frame(error.code, error.what, frame.get("id"))
        except Exception as error:
            failed("a frame could not be delivered", error)
            return error_frame("unavailable", "The shop cannot answer right now; send this again.", frame.get("id"))
        return {"type": "ack", "id": frame["id"], "seq": seq}


def failed(what: str, error: Exception) -> None:
    """Write down what could not be done: in one line while the database is away, else with the place in the code."""
    if is_away(error):
        log.warning("web chat: %s, the database is away", what)
    else:
        log.error("web chat: %s (%s)", what, type(error).__name__, exc_info=error)


def read_hello(frame: Json) -> tuple[str, int]:
    """Token and last_seq of a hello. Raises BadFrame."""
    token, last_seq = frame.get("token"), frame.get("last_seq", 0)
    if frame.get("type") != "hello":
        raise BadFrame("hello_first", 'The first frame is {"type":"hello","token":…,"last_seq":0}.')
    if not isinstance(token, str) or len(token) > 200:
        raise BadFrame("bad_frame", "token: a text from /chat/start.")
    if not isinstance(last_seq, int) or isinstance(last_seq, bool) or not 0 <= last_seq < 2**63:
        raise BadFrame("bad_frame", "last_seq: a whole number, 0 or more.")
    return token, last_seq


async def read_body(request: web.Request) -> bytes:
    """At most LONGEST_START bytes. Raises BadFrame `too_long`."""
    body = b""
    while chunk := await request.content.read(LONGEST_START):
        body += chunk
        if len(body) > LONGEST_START:
            raise BadFrame("too_long", f"At most {LONGEST_START} bytes.")
    return body


def read_start(body: bytes) -> tuple[str, str | None]:
    """Source and locale of a start; both may be absent. Raises BadFrame."""
    if not body.strip():
        return "", None
    try:
        wish = read_json(body.decode())
    except UnicodeDecodeError:
        raise BadFrame("bad_json", "This is not UTF-8.") from None
    source, locale = wish.get("source") or "", wish.get("locale") or ""
    if not isinstance(source, str) or not isinstance(locale, str):
        raise BadFrame("bad_frame", "source and locale are texts.")
    known_locale = locale.replace("_", "-") if LOCALE.fullmatch(locale) else None
    return "".join(sign for sign in source[:LONGEST_SOURCE] if sign.isprintable()), known_locale


def error_frame(code: str, text: str, id: object = None) -> Json:
    """`id` tells which client frame was refused, where it had one."""
    named: Json = {"id": id} if isinstance(id, str) and len(id) <= 100 and id.isascii() else {}  # may hold half a sign
    return {"type": "error", "code": code, "text": text, **named}


def refusal(request: web.Request, status: int, code: str, text: str) -> web.Response:
    return web.json_response(
        error_frame(code, text), status=status, headers=shared_with(request) if status != 403 else {}
    )


def shared_with(request: web.Request) -> dict[str, str]:
    """CORS headers for a page that has been let in."""
    origin = request.headers.get("Origin")
    own = {"Cache-Control": "no-store", "Vary": "Origin"}
    return {**own, "Access-Control-Allow-Origin": origin} if origin else own


class WidgetFile:
    """GET /widget.js: one file, compressed once, with an ETag."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget

    async def serve(self, request: web.Request) -> web.Response:
        headers = {
            "ETag": self._widget.etag,
            "Cache-Control": "public, max-age=300",
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("If-None-Match") == self._widget.etag:
            return web.Response(status=304, headers=headers)
        body = self._widget.plain
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            body = self._widget.gzipped
            headers["Content-Encoding"] = "gzip"
        return web.Response(body=body, content_type="text/javascript", charset="utf-8", headers=headers)
