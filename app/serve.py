"""The shop as its owner runs it: checked before it opens, closed cleanly."""

from __future__ import annotations

import asyncio
import logging
import socket

from app import adapters, migrations
from app.database import database_url
from app.logs import set_up_logs
from app.main import build, running
from app.settings import Settings

log = logging.getLogger(__name__)


async def serve_shop(settings: Settings, sock: socket.socket | None, *, worker: bool, stop: asyncio.Event) -> None:
    """Run until `stop` is set. With a socket: pages and messengers; with `worker`: jobs.

    Raises ShopkeeperError when the database has another schema, a file of the owner is wrong, or production would run
    on play money.
    """
    set_up_logs(settings.log)
    url = await asyncio.to_thread(database_url, settings)
    await asyncio.to_thread(migrations.check, url)
    house = await build(settings, url)
    try:
        for line in adapters.unknown_names(house.shop, house.providers, house.carriers):
            log.warning("%s", line)
        async with running(house, sock=sock, worker=worker):
            if sock is not None:
                log.info("%s is open at %s (desk: %s/desk)", house.shop.name, settings.base_url, settings.base_url)
            else:
                log.info("working for %s", house.shop.name)
            await stop.wait()
    finally:
        await house.close()
    log.info("closed")
