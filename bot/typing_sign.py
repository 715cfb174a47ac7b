"""The messenger's own sign that somebody is writing: the bot, whose answer takes longer, or a manager at the desk.

It delays nothing, and nobody misses it: where there is any doubt, no sign is given.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from base.clock import Clock
from base.db import Database, Row
from bot.channel import Channel
from bot.messages import Address
from bot.windows import path_of

log = structlog.get_logger("typing")
SOON = 0.7  # seconds in which an answer needs no sign; it is one call more for the platform
REMEMBERED = 1000  # conversations; then all are forgotten, which costs a sign too many
MAY_BE_SHOWN = """
SELECT channel, account, peer, owner, last_inbound_at,
       (SELECT max(id) FROM outbox o WHERE o.conversation_id = c.id) AS newest,
       lane_due_at IS NOT NULL OR coalesce(paced_until > now(), false) OR EXISTS
         (SELECT 1 FROM channel_pace p WHERE p.channel = c.channel AND p.account = c.account AND p.next_at > now())
         AS busy
FROM conversation c WHERE id = %s AND reachable
  AND NOT EXISTS (SELECT 1 FROM channel_state s WHERE s.channel = c.channel AND s.account = c.account
                  AND s.halted_until > now())
"""


class TypingSign:
    def __init__(self, db: Database, clock: Clock, channels: Mapping[str, Channel]) -> None:
        self._db, self._clock, self._channels = db, clock, channels
        self._signs: set[asyncio.Task[None]] = set()
        self._shown: dict[str, tuple[float, int | None]] = {}  # conversation -> until when, after which message

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

    async def by_hand(self, conversation_id: str, manager: str) -> None:
        """`manager` is writing. Never raises.

        Not where a colleague has the talk, nor where the platform takes no message as it is: its sign has no tag of a
        human. A sign that is still shown is not repeated, and messages that wait for their moment come first.
        """
        try:
            row = await self._look(conversation_id)
            channel = self._channels.get(row["channel"]) if row else None
            if row is None or channel is None or row["busy"] or row["owner"] not in ("bot", "queue", manager):
                return
            last, now = row["last_inbound_at"], asyncio.get_running_loop().time()
            silence = None if last is None else self._clock.now() - last
            if path_of(channel, "words", silence, typed_by=manager).way != "send":
                return
            until, after = self._shown.get(conversation_id, (0.0, None))
            if now < until and after == row["newest"]:  # a message in between has ended it
                return
            if len(self._shown) >= REMEMBERED:
                self._shown.clear()
            self._shown[conversation_id] = now + channel.limits.typing, row["newest"]
            await channel.typing(Address(channel=row["channel"], account=row["account"], peer=row["peer"]))
        except Exception as error:
            log.debug("no sign of typing", error=type(error).__name__)

    async def _look(self, conversation_id: str) -> Row | None:
        """The conversation, where its account does not rest and the person can be reached."""
        async with self._db.begin() as tx:
            return await tx.row(MAY_BE_SHOWN, conversation_id)

    async def _show(self, conversation_id: str, done: asyncio.Event) -> None:
        """Only where the bot is the one who answers."""
        try:
            async with asyncio.timeout(SOON):
                await done.wait()
            return
        except TimeoutError:
            pass
        try:
            row = await self._look(conversation_id)
            channel = self._channels.get(row["channel"]) if row and row["owner"] == "bot" else None
            if row and channel and not done.is_set():
                await channel.typing(Address(channel=row["channel"], account=row["account"], peer=row["peer"]))
        except Exception as error:
            log.debug("no sign of typing", error=type(error).__name__)
