"""A worker died in the midst of a sweep: its job held the lock for ever, because the next one waited already."""

from __future__ import annotations

import asyncio

import pytest

from base import jobs as base_jobs
from base.db import Database
from base.jobs import Jobs, defer


async def test_the_sweep_goes_on_and_so_do_the_other_jobs_of_the_dead(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_jobs, "DEAD_AFTER", 1)
    monkeypatch.setattr(base_jobs, "RESCUE_EVERY", 0.2)
    swept, refunded = asyncio.Event(), asyncio.Event()
    jobs = Jobs(database_url)

    async def look() -> None:
        swept.set()

    async def refund(refund: str) -> None:
        refunded.set()

    jobs.sweep("look", look, every=1)
    jobs.add("refund", refund)
    async with db.begin() as tx:
        await tx.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
        for status in ("doing", "todo"):  # the dead worker's, and the next one, which waits for the lock
            await tx.execute(
                """INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)
                   VALUES ('default', 'look', 'look', 'look', '{"timestamp": 1}', %s::procrastinate_job_status,
                           CASE WHEN %s = 'doing' THEN (SELECT max(id) FROM procrastinate_workers) END)""",
                status, status,
            )  # fmt: skip
        await defer(tx, "refund", refund="r1")
        await tx.execute(
            """UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)
               WHERE task_name = 'refund'"""
        )
    work = asyncio.create_task(jobs.run())
    try:
        async with asyncio.timeout(20):
            await swept.wait()
            await refunded.wait()
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
