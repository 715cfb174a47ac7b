"""The tasks under /desk/tasks: one list, each with its conversation and Done; refunds: approved, refused, sent."""

from __future__ import annotations

from aiohttp import web
from aiohttp_jinja2 import render_template

from app.web.desk_door import PREFIX, form_token, signed_in
from app.web.forms import read_form
from base.clock import Clock
from base.db import Database, Tx
from base.errors import BadInput
from bot.world import tell_customer
from desk import money, tasks
from shop.approvals import DecidedAlready

REFUND = r"/refunds/{id:[\w-]{1,64}}"


class DeskTasks:
    """Plain pages and forms: nothing here is in a hurry."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/tasks", self.show),
            web.post(r"/tasks/{id:[\w-]{1,64}}/done", self.done),
            web.post(f"{REFUND}/approve", self.approve),
            web.post(f"{REFUND}/refuse", self.refuse),
            web.post(f"{REFUND}/sent", self.sent),
        ]

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def done(self, request: web.Request) -> web.Response:
        task, manager, now = request.match_info["id"], signed_in(request).manager, self._clock.now()
        try:
            await self._db.run(lambda tx: tasks.done(tx, task, manager, now=now))
        except tasks.NoSuchTask:
            return await self._page(request, notice="That one is done already.", status=409)
        except BadInput as error:
            return await self._page(request, notice=error.what, status=400)
        raise web.HTTPSeeOther(f"{PREFIX}/tasks")

    async def approve(self, request: web.Request) -> web.Response:
        return await self._decide(request, None)

    async def refuse(self, request: web.Request) -> web.Response:
        return await self._decide(request, str((await read_form(request)).get("why", "")))

    async def sent(self, request: web.Request) -> web.Response:
        """A person has sent it by hand."""
        refund, manager, now = request.match_info["id"], signed_in(request).manager, self._clock.now()
        try:
            await self._db.run(lambda tx: money.sent_one_back(tx, refund, manager, now=now))
        except DecidedAlready as error:
            return await self._page(request, notice=error.what, status=409)
        raise web.HTTPSeeOther(f"{PREFIX}/tasks")

    async def _decide(self, request: web.Request, why: str | None) -> web.Response:
        """Approve, or refuse for a reason. Two managers at once: the second is told what the first has decided."""
        refund, manager, now = request.match_info["id"], signed_in(request).manager, self._clock.now()

        async def work(tx: Tx) -> None:
            if why is None:
                await money.approve(tx, refund, manager, tell_customer, now=now)
            else:
                await money.refuse(tx, refund, why, manager, tell_customer, now=now)

        try:
            await self._db.run(work)
        except DecidedAlready as error:
            return await self._page(request, notice=error.what, status=409)
        except BadInput as error:
            return await self._page(request, notice=str(error), status=400)
        raise web.HTTPSeeOther(f"{PREFIX}/tasks")

    async def _page(self, request: web.Request, *, notice: str = "", status: int = 200) -> web.Response:
        async with self._db.begin() as tx:
            rows = await tasks.open_tasks(tx)
            count = await tasks.count_tasks(tx)
        facts = {"me": signed_in(request), "csrf": await form_token(request), "rows": rows, "count": count}
        return render_template("tasks.html", request, {**facts, "notice": notice}, status=status)
