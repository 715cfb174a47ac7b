"""The messenger's own sign that somebody is writing, for an answer that takes longer; it delays nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from base.db import Database
from bot.channel import Channel
from bot.messages import Address

log = structlog.get_logger("typing")
SOON = 0.7  # seconds in which an answer needs no sign; it is one call more for the platform


class TypingSign:
    def __init__(self, db: Database, channels: Mapping[str, Channel]) -> None:
        self._db, self._channels = db, channels
        self._signs: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def shown(self, conversation_id: str) -> AsyncIterator[None]:
        """While the body runs, once it has run for some time."""
        done = asyncio.Event()
        sign = asyncio.create_task(self._show(conversation_id, done))
        self._signs.add(sign)
        sign.add_done_callback(self._signs.discard)
        try:
            yield
        finally:
            done.set()

    async def _show(self, conversation_id: str, done: asyncio.Event) -> None:
        """Only where the bot is the one who answers, and the account does not rest."""
        try:
            async with asyncio.timeout(SOON):
                await done.wait()
            return
        except TimeoutError:
            pass
        try:
            async with self._db.begin() as tx:
                row = await tx.row(
                    """SELECT channel, account, peer FROM conversation c WHERE id = %s AND owner = 'bot' AND reachable
                         AND NOT EXISTS (SELECT 1 FROM channel_state s WHERE s.channel = c.channel
                                         AND s.account = c.account AND s.halted_until > now())""",
                    conversation_id,
                )
            channel = self._channels.get(row["channel"]) if row else None
            if row and channel and not done.is_set():
                await channel.typing(Address(channel=row["channel"], account=row["account"], peer=row["peer"]))
        except Exception as error:  # a sign that is not seen is no harm
            log.debug("no sign of typing", error=type(error).__name__)
