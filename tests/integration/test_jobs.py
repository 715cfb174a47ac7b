"""Jobs: deferred with the transaction, done at least once, taken over from the dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from base import jobs as base_jobs
from base.db import Database, Tx
from base.errors import OutcomeUnknown, Refused, TryLater
from base.jobs import Jobs, defer


async def waiting(db: Database) -> list[dict[str, object]]:
    async with db.begin() as tx:
        return await tx.rows(
            """SELECT task_name, status::text, attempts, args, lock, scheduled_at > now() AS later
               FROM procrastinate_jobs ORDER BY id"""
        )


@asynccontextmanager
async def at_work(jobs: Jobs) -> AsyncIterator[None]:
    task = asyncio.create_task(jobs.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(happened: asyncio.Event) -> None:
    async with asyncio.timeout(20):
        await happened.wait()


async def test_a_rollback_takes_the_job_with_it(db: Database) -> None:
    async def changes_its_mind(tx: Tx) -> None:
        await defer(tx, "refund", refund="r1")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await db.run(changes_its_mind)
    assert await waiting(db) == []


async def test_a_commit_leaves_the_job_with_its_ids(db: Database) -> None:
    async with db.begin() as tx:
        await defer(tx, "refund", lock="payment:p1", refund="r1")
        assert await tx.rows("SELECT 1 AS one") == [{"one": 1}]  # the transaction goes on
    (job,) = await waiting(db)
    assert (job["task_name"], job["status"], job["args"], job["lock"]) == (
        "refund", "todo", {"refund": "r1"}, "payment:p1",
    )  # fmt: skip


async def test_a_job_is_done_and_forgotten(db: Database, database_url: str) -> None:
    done, told = [], []
    jobs = Jobs(database_url, watch=lambda name, outcome, seconds: told.append((name, outcome)))

    async def refund(refund: str) -> None:
        done.append(refund)

    jobs.add("refund", refund)
    async with db.begin() as tx:
        await defer(tx, "refund", refund="r1")
    await jobs.run_once()
    assert (done, told, await waiting(db)) == (["r1"], [("refund", "done")], [])


@pytest.mark.parametrize("trouble", [OutcomeUnknown("no answer"), TryLater("slow down", after=60), ValueError("odd")])
async def test_a_job_that_fails_comes_again_later(db: Database, database_url: str, trouble: Exception) -> None:
    jobs = Jobs(database_url)

    async def refund(refund: str) -> None:
        raise trouble

    jobs.add("refund", refund)
    async with db.begin() as tx:
        await defer(tx, "refund", refund="r1")
    await jobs.run_once()
    (job,) = await waiting(db)
    assert (job["status"], job["attempts"], job["later"]) == ("todo", 1, True)


async def test_what_was_refused_is_not_tried_again(db: Database, database_url: str) -> None:
    jobs = Jobs(database_url)

    async def refund(refund: str) -> None:
        raise Refused("never")

    jobs.add("refund", refund)
    async with db.begin() as tx:
        await defer(tx, "refund", refund="r1")
    await jobs.run_once()
    (job,) = await waiting(db)
    assert job["status"] == "failed"


async def test_a_sweep_comes_by_itself_and_survives_its_failures(db: Database, database_url: str) -> None:
    came, twice = [], asyncio.Event()
    jobs = Jobs(database_url)

    async def look() -> None:
        came.append(1)
        if len(came) == 2:
            twice.set()
        raise ValueError("one bad day")

    jobs.sweep("look", look, every=1)
    async with at_work(jobs):
        await until(twice)
    async with db.begin() as tx:
        row = await tx.row("SELECT count(*) AS failed FROM procrastinate_jobs WHERE status = 'failed'")
    assert row == {"failed": 0}


async def test_the_job_of_a_dead_worker_is_done_by_another(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base_jobs, "DEAD_AFTER", 1)
    monkeypatch.setattr(base_jobs, "RESCUE_EVERY", 0.2)
    done = asyncio.Event()
    jobs = Jobs(database_url)

    async def refund(refund: str) -> None:
        done.set()

    jobs.add("refund", refund)
    async with db.begin() as tx:
        await defer(tx, "refund", lock="payment:p1", refund="r1")
        # what a kill -9 leaves: the job is `doing`, its lock is held, the worker's heart stands still
        await tx.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
        await tx.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT max(id) FROM procrastinate_workers)"
        )
    async with at_work(jobs):
        await until(done)


async def test_a_job_under_way_is_finished_when_the_worker_is_told_to_stop(db: Database, database_url: str) -> None:
    began, done = asyncio.Event(), asyncio.Event()
    jobs = Jobs(database_url)

    async def refund(refund: str) -> None:
        began.set()
        await asyncio.sleep(0.5)
        done.set()

    jobs.add("refund", refund)
    async with db.begin() as tx:
        await defer(tx, "refund", refund="r1")
    async with at_work(jobs):
        await until(began)
    assert done.is_set()
    assert await waiting(db) == []
