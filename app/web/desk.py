"""The manager's console under /desk: sign-in, queue, thread, customer, and what a manager does there."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from aiohttp import web
from aiohttp_jinja2 import render_template

from app.web.desk_door import PREFIX, DeskDoor, form_token, let_in, let_out, safe_path, signed_in
from app.web.desk_events import DeskEvents
from app.web.desk_show import add_templates
from app.web.desk_tasks import DeskTasks
from base.clock import Clock
from base.db import Database, Tx
from base.errors import BadInput, ShopkeeperError
from base.ids import new_id
from bot.alarms import open_alarms
from bot.channel import Limits
from bot.ownership import HeldByAnother, NoSuchConversation
from bot.windows import legal_path
from desk import actions, sign_in
from desk.queue import View, count_views, list_conversations
from desk.tasks import count_tasks
from desk.thread import MOST_ENTRIES, Thread, read_thread

STATIC = Path(__file__).parent / "static" / "desk"
VIEWS: dict[str, View] = {"waiting": "waiting", "mine": "mine", "bot": "bot", "done": "done"}
WISHES_A_PANE = "X-Desk-Pane"  # header of our own script: answer with the pane, not with a page
CONVERSATION = r"/conversations/{id:[\w-]{1,64}}"
KEY = re.compile(r"[\w-]{8,64}")

Work = Callable[[Tx], Awaitable[None]]


def add_desk_routes(
    app: web.Application,
    *,
    db: Database,
    clock: Clock,
    secret_key: str,
    public_url: str,
    kick: Callable[[str], None],
    typing: Callable[[str, str], None] = lambda conversation_id, manager: None,
    zone: str = "UTC",
    shop_name: str = "Shopkeeper",
    listen_url: str = "",
    caller: Callable[[web.Request], str] = lambda request: request.remote or "",
    limits: Mapping[str, Limits] = MappingProxyType({}),
) -> DeskEvents:
    """Serve the desk on `app`, below /desk.

    `kick(conversation_id)` asks the process to send and step that conversation at once, `typing(conversation_id,
    manager_id)` to let the customer see that somebody is writing. `zone` is the shop's own.
    `listen_url` is an address past a connection pooler. `caller` tells the client's address; behind a proxy, read it
    from the proxy's header. `limits` of each channel say how long a reply may still be sent, and in how many messages.
    """
    events = DeskEvents(db, listen_url=listen_url)
    door = DeskDoor(db, secret_key=secret_key, public_url=public_url)
    desk = web.Application(client_max_size=256 * 1024)
    add_templates(desk, clock=clock, zone=zone, public_url=public_url, shop_name=shop_name)
    door.stand_before(desk)
    pages = DeskPages(db, clock, kick, typing, events, door, caller, limits)
    desk.add_routes(
        [
            web.get("", pages.desk),
            web.get("/", pages.to_the_desk),
            web.get("/sign-in", pages.sign_in_page),
            web.post("/sign-in", pages.sign_in),
            web.post("/sign-out", pages.sign_out),
            web.get("/queue", pages.queue),
            web.get("/events", pages.events),
            web.get(CONVERSATION, pages.conversation),
            web.get(f"{CONVERSATION}/pane", pages.pane),
            web.post(f"{CONVERSATION}/take", pages.take),
            web.post(f"{CONVERSATION}/write", pages.write),
            web.post(f"{CONVERSATION}/typing", pages.typing),
            web.post(f"{CONVERSATION}/release", pages.release),
            *DeskTasks(db, clock).routes(),
            web.static("/static", STATIC),
        ]
    )
    desk.cleanup_ctx.append(events.run)
    desk.on_shutdown.append(events.close)
    app.add_subapp(PREFIX, desk)
    return events


class DeskPages:
    """The routes. A page and the fragments that keep it fresh are made from the same templates."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        kick: Callable[[str], None],
        typing: Callable[[str, str], None],
        events: DeskEvents,
        door: DeskDoor,
        caller: Callable[[web.Request], str],
        limits: Mapping[str, Limits],
    ) -> None:
        self._limits = limits
        self._db = db
        self._clock = clock
        self._kick = kick
        self._typing = typing
        self._events = events
        self._door = door
        self._caller = caller

    # -- the door --

    async def to_the_desk(self, request: web.Request) -> web.Response:
        raise web.HTTPSeeOther(PREFIX)

    async def sign_in_page(self, request: web.Request) -> web.Response:
        if await self._door.who(request):
            raise web.HTTPSeeOther(safe_path(request.query.get("then", "")))
        return await self._sign_in_form(request)

    async def sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        login, password = str(form.get("login", "")), str(form.get("password", ""))
        try:
            opened = await sign_in.sign_in(self._db, login, password, self._caller(request))
        except sign_in.SlowDown as error:
            return await self._sign_in_form(request, login=login, error=error, status=429)
        except sign_in.WrongPassword as error:
            return await self._sign_in_form(request, login=login, error=error, status=403)
        await let_in(request, opened)
        raise web.HTTPSeeOther(safe_path(str(form.get("then", ""))))

    async def _sign_in_form(
        self, request: web.Request, *, login: str = "", error: ShopkeeperError | None = None, status: int = 200
    ) -> web.Response:
        then = safe_path(request.query.get("then", "") or str((await request.post()).get("then", "")))
        facts = {"csrf": await form_token(request), "login": login[:200], "error": error, "then": then}
        return render_template("sign_in.html", request, facts, status=status)

    async def sign_out(self, request: web.Request) -> web.Response:
        async with self._db.begin() as tx:
            await sign_in.sign_out(tx, signed_in(request))
        await let_out(request)
        raise web.HTTPSeeOther(f"{PREFIX}/sign-in")

    # -- what one sees --

    async def desk(self, request: web.Request) -> web.Response:
        return await self._page(request, None)

    async def conversation(self, request: web.Request) -> web.Response:
        return await self._page(request, request.match_info["id"])

    async def queue(self, request: web.Request) -> web.Response:
        async with self._db.begin() as tx:
            facts = await self._queue_facts(request, tx, request.query.get("open"))
        return render_template("queue.html", request, facts)

    async def pane(self, request: web.Request) -> web.Response:
        return await self._pane(request, request.match_info["id"])

    async def events(self, request: web.Request) -> web.StreamResponse:
        async def still_welcome() -> bool:
            return await self._door.who(request) is not None

        return await self._events.stream(request, still_welcome=still_welcome)

    async def _page(
        self, request: web.Request, id: str | None, *, notice: str = "", draft: str = "", status: int = 200
    ) -> web.Response:
        position = self._events.position  # before reading: what changes from here on is told by the stream
        async with self._db.begin() as tx:
            facts = await self._queue_facts(request, tx, id)
            try:
                facts |= await self._pane_facts(request, tx, id) if id else {"thread": None}
            except NoSuchConversation as error:
                facts |= {"thread": None}
                notice, status = error.what, 404
        facts |= {"position": position, "notice": notice, "draft": draft}
        return render_template("page.html", request, facts, status=status)

    async def _pane(self, request: web.Request, id: str, *, notice: str = "", status: int = 200) -> web.Response:
        try:
            async with self._db.begin() as tx:
                facts = await self._pane_facts(request, tx, id)
        except NoSuchConversation as error:
            raise web.HTTPNotFound(text=error.what) from None
        return render_template("pane.html", request, {**facts, "notice": notice}, status=status)

    async def _queue_facts(self, request: web.Request, tx: Tx, open_id: str | None) -> dict[str, object]:
        view = VIEWS.get(request.query.get("view", ""), "waiting")
        me, now = signed_in(request), self._clock.now()
        colleagues = await list_conversations(tx, "colleagues", me.manager.id, now=now) if view == "mine" else []
        return {
            "me": me,
            "view": view,
            "rows": await list_conversations(tx, view, me.manager.id, now=now),
            "colleagues": colleagues,
            "counts": await count_views(tx, me.manager.id, now=now),
            "tasks": await count_tasks(tx),
            "alarms": await open_alarms(tx),
            "open_id": open_id,
            "csrf": await form_token(request),
        }

    async def _pane_facts(self, request: web.Request, tx: Tx, id: str) -> dict[str, object]:
        asked = request.query.get("entries", "")
        limit = min(int(asked), 5000) if asked.isascii() and asked.isdigit() and len(asked) < 6 else MOST_ENTRIES
        me, thread = signed_in(request), await read_thread(tx, id, limit=max(limit, 1))
        return {
            "me": me,
            "thread": thread,
            **self._window(thread, me.manager.id),
            "view": VIEWS.get(request.query.get("view", ""), "waiting"),
            "csrf": await form_token(request),
            "key": new_id(),
        }

    def _window(self, thread: Thread, manager: str) -> dict[str, object]:
        """By which way a manager's reply may go now, and until when; how long the customer sees that he is writing."""
        now, limits = self._clock.now(), self._limits.get(thread.channel)
        if limits is None:
            return {"path": None, "until": None, "typing": 0}
        silence = None if thread.last_inbound_at is None else now - thread.last_inbound_at
        path = legal_path(limits, "words", silence, typed_by=manager)
        typing = limits.typing if path.way == "send" and thread.reachable else 0
        return {"path": path, "until": None if path.left is None else now + path.left, "typing": typing}

    # -- what one does --

    async def take(self, request: web.Request) -> web.Response:
        id, manager = request.match_info["id"], signed_in(request).manager
        return await self._do(request, lambda tx: actions.take(tx, id, manager, now=self._clock.now()))

    async def write(self, request: web.Request) -> web.Response:
        id, manager = request.match_info["id"], signed_in(request).manager
        form = await request.post()
        text, now = str(form.get("text", "")), self._clock.now()
        if form.get("mode") == "note":
            return await self._do(request, lambda tx: actions.note(tx, id, manager, text, now=now), draft=text)
        key = str(form.get("key", ""))
        key = key if KEY.fullmatch(key) else new_id()
        return await self._do(
            request,
            lambda tx: actions.reply(tx, id, manager, text, now=now, key=key, limits=self._limits),
            draft=text,
        )

    async def typing(self, request: web.Request) -> web.Response:
        self._typing(request.match_info["id"], signed_in(request).manager.id)
        return web.Response(status=204)

    async def release(self, request: web.Request) -> web.Response:
        id, manager = request.match_info["id"], signed_in(request).manager
        then = (await request.post()).get("then")
        if then not in ("resume", "drop"):
            notice = "Say whether the bot goes on with its dialog or drops it."
            return await self._answer(request, id, notice=notice, status=400)
        return await self._do(
            request, lambda tx: actions.release(tx, id, manager, resume=then == "resume", now=self._clock.now())
        )

    async def _do(self, request: web.Request, work: Work, *, draft: str = "") -> web.Response:
        id = request.match_info["id"]
        try:
            await self._db.run(work)
        except HeldByAnother as error:
            return await self._answer(request, id, notice=_won_by(error), draft=draft, status=409)
        except NoSuchConversation as error:
            raise web.HTTPNotFound(text=error.what) from None
        except BadInput as error:
            return await self._answer(request, id, notice=str(error), draft=draft, status=400)
        self._kick(id)
        return await self._answer(request, id)

    async def _answer(
        self, request: web.Request, id: str, *, notice: str = "", draft: str = "", status: int = 200
    ) -> web.Response:
        """To our script the pane as it is now; to a plain form the page."""
        if WISHES_A_PANE in request.headers:
            return await self._pane(request, id, notice=notice, status=status)
        if notice:
            return await self._page(request, id, notice=notice, draft=draft, status=status)
        view = VIEWS.get(request.query.get("view", ""), "waiting")
        raise web.HTTPSeeOther(f"{PREFIX}/conversations/{id}?view={view}")


def _won_by(error: HeldByAnother) -> str:
    if error.owner == "bot":
        return "The bot has this conversation again."
    return f"{error.owner} was faster: this conversation is with {error.owner} now."
