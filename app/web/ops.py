"""For those who run the shop: is the process alive, is it ready, how does it do."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from app.metrics import CONTENT_TYPE, Metrics
from base.db import Database

PATIENCE = 3.0  # seconds for the database to answer

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pulse:
    """What readiness looks at beside the database. `loop_alive` tells whether due turns are being swept."""

    schema: str  # the version this program needs
    loop_alive: Callable[[], bool]


def add_ops_routes(app: web.Application, db: Database, metrics: Metrics, pulse: Pulse) -> None:
    """Serve /healthz, /readyz and /metrics."""
    ops = _Ops(db, metrics, pulse)
    app.router.add_get("/healthz", ops.healthz)
    app.router.add_get("/readyz", ops.readyz)
    app.router.add_get("/metrics", ops.metrics_page)


class _Ops:
    def __init__(self, db: Database, metrics: Metrics, pulse: Pulse) -> None:
        self._db, self._metrics, self._pulse = db, metrics, pulse

    async def healthz(self, request: web.Request) -> web.Response:
        """The process answers: nothing else is asked, so that a slow database never gets it killed."""
        return web.json_response({"status": "ok"})

    async def readyz(self, request: web.Request) -> web.Response:
        """200 when this process can do its work; else 503 with what is missing."""
        checks = {"database": "ok", "schema": "ok", "loop": "ok" if self._pulse.loop_alive() else "not running"}
        try:
            version = await asyncio.wait_for(self._schema(), PATIENCE)
        except Exception as error:  # whatever it is: we are not ready
            log.warning("not ready: %s", type(error).__name__)
            checks |= {"database": "no answer", "schema": "unknown"}
        else:
            if version != self._pulse.schema:
                checks["schema"] = f"{version or 'none'}, needs {self._pulse.schema}: shopkeeper db upgrade"
        ready = all(state == "ok" for state in checks.values())
        return web.json_response({"ready": ready, "checks": checks}, status=200 if ready else 503)

    async def metrics_page(self, request: web.Request) -> web.Response:
        try:
            body = await asyncio.wait_for(self._metrics.read(self._db), PATIENCE)
        except Exception as error:  # figures of a shop without its database would be wrong ones
            log.warning("no figures: %s", type(error).__name__)
            return web.Response(status=503, text="The database does not answer.\n")
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def _schema(self) -> str | None:
        async with self._db.begin() as tx:
            row = await tx.row("SELECT version_num FROM alembic_version")
        return str(row["version_num"]) if row else None
