"""What changed between the start of a process and its LISTEN was told to no page that had been read meanwhile."""

from __future__ import annotations

import asyncio

from aiohttp import web

from app.web.desk_events import DeskEvents
from base.db import Database


async def test_a_page_that_was_read_before_changes_are_heard_is_read_anew(db: Database) -> None:
    events = DeskEvents(db)
    seen = events.position
    async with db.begin() as tx:
        await tx.execute("SELECT pg_notify('desk', 'c')")  # a conversation moves; nobody listens yet
    wire = events.run(web.Application())
    await anext(wire)
    async with asyncio.timeout(5):
        await events.ready()
    assert events.position != seen
    await anext(wire, None)
