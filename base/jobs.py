"""Work for later and elsewhere: deferred on the turn's own connection, done by a worker, at least once."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import procrastinate
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision

from base.db import Tx
from base.errors import Refused, TryLater

log = logging.getLogger(__name__)

Work = Callable[..., Awaitable[None]]

RESCUE_EVERY = 5.0  # seconds
DEAD_AFTER = 10  # seconds without a heartbeat
HEARTBEAT = 2.0  # seconds
GRACE = 20.0  # seconds that running jobs get at shutdown
LONGEST_WAIT = 900.0  # seconds between two tries
FAILED_KEPT = 24 * 14  # hours

_ON_A_GIVEN_CONNECTION = procrastinate.App(connector=procrastinate.PsycopgConnector())  # never opened


async def defer(tx: Tx, name: str, *, lock: str | None = None, **ids: str | int) -> None:
    """Let a worker run the job `name` with `ids` once this transaction has committed; a rollback takes the job along.

    Two jobs with the same `lock` never run at once, and run in the order they were deferred. Arguments are logged:
    pass ids only. The one way to defer: procrastinate's own `defer_async` would leave the transaction, and a queueing
    lock would abort it on a conflict.
    """
    if tx.session.new or tx.session.dirty or tx.session.deleted:
        await tx.session.flush()
    deferrer = _ON_A_GIVEN_CONNECTION.configure_task(name, allow_unknown=True, lock=lock, connection=tx.connection)
    await deferrer.defer_async(**ids)


class Watch(Protocol):
    """Is told how each job ended, for the metrics."""

    def __call__(self, name: str, outcome: str, seconds: float) -> None:
        """`outcome` is done, again or failed."""
        ...


@dataclass(frozen=True, slots=True)
class _Patience(BaseRetryStrategy):
    """Again after 2, 4, 8… seconds (15 minutes at most), or when the other side said; never what was refused."""

    tries: int

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Refused) or job.attempts + 1 >= self.tries:
            return None
        wait = min(LONGEST_WAIT, 2.0 ** (job.attempts + 1))
        if isinstance(exception, TryLater):
            wait = max(exception.after, 1.0)
        return RetryDecision(retry_in={"seconds": int(wait)})


class Jobs:
    """The jobs this program knows, and the worker that does them. Handlers are run at least once: be idempotent."""

    def __init__(self, url: str, *, concurrency: int = 4, watch: Watch | None = None) -> None:
        """`url` must reach PostgreSQL past any pooler: the worker listens."""
        self.concurrency = concurrency
        self._watch = watch or (lambda name, outcome, seconds: None)
        self._app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=url, min_size=1, max_size=concurrency + 3, timeout=10, kwargs={"connect_timeout": 5}
            )
        )

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in self._app.tasks if not name.startswith("builtin:"))

    def add(self, name: str, work: Work, *, tries: int = 12) -> None:
        """Register the handler of a job. Twelve tries last about an hour and a half."""

        async def run(**ids: str | int) -> None:
            began = time.monotonic()
            outcome = "again"
            try:
                await work(**ids)
                outcome = "done"
            except Refused:
                outcome = "failed"
                raise
            finally:
                self._watch(name, outcome, time.monotonic() - began)

        self._app.task(name=name, retry=_Patience(tries))(run)

    def sweep(self, name: str, work: Callable[[], Awaitable[object]], *, every: int) -> None:
        """Run `work` about every so many seconds (a divisor of a minute, or whole minutes) on one of all workers.

        A sweep that fails is logged and comes again by itself.
        """

        async def run(timestamp: int) -> None:
            began = time.monotonic()
            outcome = "failed"
            try:
                await work()
                outcome = "done"
            except Exception:
                log.exception("the sweep %s failed and will come again", name)
            finally:
                self._watch(name, outcome, time.monotonic() - began)

        cron = f"* * * * * */{every}" if every < 60 else f"*/{every // 60} * * * *"
        task = self._app.task(name=name, retry=_Patience(1), queueing_lock=name, lock=name)(run)
        self._app.periodic(cron=cron)(task)

    async def run(self) -> None:
        """Work until cancelled; then running jobs get GRACE seconds. Survives a database that goes away for a while."""
        while True:
            try:
                async with self._app.open_async():
                    await self._work()
                log.warning("the job worker stopped by itself; starting it again")
            except (procrastinate.exceptions.ConnectorException, OSError) as error:
                log.warning("jobs wait for the database (%s)", type(error).__name__)
            await asyncio.sleep(1.0)

    async def run_once(self) -> None:
        """Do all that is due now, then return: for tests and for scripts."""
        async with self._app.open_async():
            await self._app.run_worker_async(
                wait=False,
                concurrency=self.concurrency,
                listen_notify=False,
                delete_jobs="successful",
                install_signal_handlers=False,
            )

    async def _work(self) -> None:
        over = asyncio.Event()
        rescue = asyncio.create_task(self._rescue(over), name="rescue of jobs")
        try:
            await self._app.run_worker_async(
                concurrency=self.concurrency,
                fetch_job_polling_interval=0.5,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=float(DEAD_AFTER),
                shutdown_graceful_timeout=GRACE,
                delete_jobs="successful",
                install_signal_handlers=False,
            )
        finally:
            over.set()  # a cancellation alone may get lost in a connection that breaks at that moment
            rescue.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await rescue

    async def _rescue(self, over: asyncio.Event) -> None:
        """Free the jobs of workers that died: they stay `doing`, with their lock held, until somebody does."""
        manager = self._app.job_manager
        rounds = 0
        while not over.is_set():
            try:
                for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
                    log.warning("the job %s [%s] lost its worker; it goes to another", job.task_name, job.id)
                    if job.queueing_lock:  # a sweep: the next one is waiting already, or comes by itself
                        await manager.finish_job(job, Status.FAILED, delete_job=True)
                    else:
                        await manager.retry_job(job)
                if rounds % 720 == 0:  # about every hour
                    await manager.delete_old_jobs(nb_hours=FAILED_KEPT, include_failed=True)
            except procrastinate.exceptions.ConnectorException as error:
                log.warning("stalled jobs could not be looked for (%s)", type(error).__name__)
            rounds += 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), RESCUE_EVERY)
