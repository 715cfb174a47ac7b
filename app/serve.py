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


def unsafe(settings: Settings) -> list[str]:
    """One line for each setting with which strangers could do what they should not."""
    lines = []
    near = settings.host in ("localhost", "::1") or settings.host.startswith("127.")
    public = bool(settings.public_url) or not near
    if not settings.production and public:
        lines.append("This is a demo: everybody pays with play money. For a real shop set SHOPKEEPER_ENV=production.")
    if settings.production and not settings.public_url.startswith("https://"):
        lines.append("SHOPKEEPER_PUBLIC_URL is not https://: pay links and the desk's cookie travel in the open.")
    if settings.production and near and settings.public_url and not settings.trusted_proxies:
        lines.append(
            "Behind a proxy all visitors seem to be one and share its limits: set SHOPKEEPER_TRUSTED_PROXIES=127.0.0.1"
        )
    return lines


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
        for line in unsafe(settings):
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
