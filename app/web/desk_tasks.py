"""The tasks under /desk/tasks: one list, each with the way to its conversation, and Done."""

from __future__ import annotations

from aiohttp import web
from aiohttp_jinja2 import render_template

from app.web.desk_door import PREFIX, form_token, signed_in
from base.clock import Clock
from base.db import Database
from desk import tasks


class DeskTasks:
    """Plain pages and forms: nothing here is in a hurry."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/tasks", self.show), web.post(r"/tasks/{id:[\w-]{1,64}}/done", self.done)]

    async def show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def done(self, request: web.Request) -> web.Response:
        task, manager, now = request.match_info["id"], signed_in(request).manager, self._clock.now()
        try:
            await self._db.run(lambda tx: tasks.done(tx, task, manager, now=now))
        except tasks.NoSuchTask:
            return await self._page(request, notice="That one is done already.", status=409)
        raise web.HTTPSeeOther(f"{PREFIX}/tasks")

    async def _page(self, request: web.Request, *, notice: str = "", status: int = 200) -> web.Response:
        async with self._db.begin() as tx:
            rows = await tasks.open_tasks(tx)
            count = await tasks.count_tasks(tx)
        facts = {"me": signed_in(request), "csrf": await form_token(request), "rows": rows, "count": count}
        return render_template("tasks.html", request, {**facts, "notice": notice}, status=status)
