"""Which messenger a case is played on: a recording one, or a real adapter with a real client at its other end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.talk_test.recording import RecordingChannel
from app.talk_test.seats import RecordingVenue, Venue
from base.clock import StandingClock
from base.db import Database
from base.errors import ShopkeeperError

RECORDING = "recording"
REAL = ("webchat", "telegram", "telegram_business", "facebook", "instagram", "console")
CHANNELS = (RECORDING, *REAL)


def check_channel(name: str | None) -> None:
    """Raise ShopkeeperError for a channel that no script can be played on."""
    if name is not None and name not in CHANNELS:
        raise ShopkeeperError(f"There is no channel {name!r}.", f"Known: {', '.join(CHANNELS)}.")


@asynccontextmanager
async def venue_for(
    name: str | None, db: Database, clock: StandingClock, *, deliveries: int = 1
) -> AsyncIterator[Venue]:
    """The messenger of this name, closed at the end. Raises ShopkeeperError for a name nobody knows."""
    check_channel(name)
    venue = await _venue(name or RECORDING, db, clock, deliveries)
    try:
        yield venue
    finally:
        await venue.stop()


async def _venue(name: str, db: Database, clock: StandingClock, deliveries: int) -> Venue:
    if name == "webchat":
        from app.talk_test.by_webchat import WebChatVenue

        return WebChatVenue(db, clock)
    if name == "telegram":
        from app.talk_test.by_telegram import TelegramVenue, loopback

        venue = TelegramVenue(loopback(), deliveries)
        await venue.open_api()
        return venue
    if name == "telegram_business":
        from app.talk_test.by_lent import loopback as lent

        return await lent(clock, deliveries=deliveries)
    if name == "console":
        from app.talk_test.by_console import ConsoleVenue

        return ConsoleVenue(clock)
    if name in ("facebook", "instagram"):
        from app.talk_test.by_meta import loopback as meta

        return await meta(name, clock, deliveries=deliveries)
    return RecordingVenue(RecordingChannel(), clock, deliveries=deliveries)
