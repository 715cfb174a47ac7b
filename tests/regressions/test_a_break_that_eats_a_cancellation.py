"""A connection broke just as the worker was closing, the look for dead workers' jobs never heard that it should end,
and no worker started again."""

from __future__ import annotations

import asyncio

import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from base import jobs as base_jobs
from base.db import Database
from base.jobs import Jobs, defer


async def test_the_worker_starts_again_although_its_cancellation_was_lost(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, lost, done = asyncio.Event(), asyncio.Event(), asyncio.Event()
    honest = JobManager.get_stalled_jobs

    async def breaks_once(self: JobManager, **options: object) -> object:
        if lost.is_set():
            return await honest(self, **options)  # type: ignore[arg-type]
        looking.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            lost.set()
            raise ConnectorException from None
        raise AssertionError("nobody cancelled it")

    async def stops_by_itself(*_: object, **__: object) -> None:
        await looking.wait()

    monkeypatch.setattr(JobManager, "get_stalled_jobs", breaks_once)
    monkeypatch.setattr(base_jobs, "RESCUE_EVERY", 0.2)
    jobs = Jobs(database_url)

    async def note(order: str) -> None:
        done.set()

    jobs.add("note", note)
    async with db.begin() as tx:
        await defer(tx, "note", order="o1")
    with monkeypatch.context() as first:
        first.setattr(jobs._app, "run_worker_async", stops_by_itself)
        work = asyncio.create_task(jobs.run())
        async with asyncio.timeout(20):
            await lost.wait()
    try:
        async with asyncio.timeout(20):
            await done.wait()
    finally:
        work.cancel()
        await asyncio.wait([work], timeout=10)
