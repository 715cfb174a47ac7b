"""Tells the owner in Telegram what is wrong with the shop's messengers, and when it is over."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import structlog

from base.clock import Clock
from base.db import Database, Row
from base.errors import ShopkeeperError, TryLater
from base.health import Health
from bot import alarms
from bot.channel import Channel
from bot.messages import Address, Fitted, TextPart
from bot.state import Sentence
from bot.texts import Texts
from shop.history import raise_task

log = structlog.get_logger("alarms")
LEASE = 60.0  # seconds that one process has for telling
AGAIN = 3600.0  # seconds; a chat that refuses is tried again, in case its owner mends it
MOST = 10  # told in one message
NAMES = {
    "telegram": "Telegram",
    "telegram_business": "Telegram Business",
    "facebook": "Messenger",
    "instagram": "Instagram",
}


@runtime_checkable
class ReachesPeople(Protocol):
    """A channel that can find out whether it may write to somebody without writing."""

    async def reaches(self, peer: str) -> Health: ...


@dataclass(frozen=True, slots=True)
class Owner:
    """Where the owner reads alarms: a chat of the shop's own bot, in the language of the shop."""

    channel: Channel
    chat: str
    texts: Texts
    locale: str

    async def tell(self, words: str, *, key: str) -> None:
        """Raises TryLater, Unreachable or Refused."""
        to = Address(channel=self.channel.name, account=self.channel.account, peer=self.chat)
        await self.channel.send(to, Fitted(parts=(TextPart(text=words),), author="system"), key=key)

    async def test(self) -> None:
        """A message without an occasion. Raises TryLater, Unreachable or Refused."""
        await self.tell(self.texts.say(Sentence(key="alarm.test"), self.locale), key="alarm-test")

    async def check(self) -> Health:
        """Whether the bot may write there; nothing is sent."""
        if isinstance(self.channel, ReachesPeople):
            return await self.channel.reaches(self.chat)
        return Health("warn", "nobody can tell whether it is reached")

    def words(self, rows: Sequence[Row]) -> str:
        return "\n\n".join(self._line(row) for row in rows)

    def _line(self, row: Row) -> str:
        name = NAMES.get(row["channel"]) or self.texts.say(Sentence(key="alarm.webchat"), self.locale)
        if row["over_at"] is not None:
            return self.texts.say(Sentence(key="alarm.over", args={"channel": name, "what": row["line"]}), self.locale)
        begins = self.texts.say(Sentence(key=f"alarm.{row['kind']}", args={"channel": name}), self.locale)
        return f"{begins}\n{row['line']}"


async def tell_owner(db: Database, owner: Owner, clock: Clock) -> int:
    """One message with everything that is to be told; returns how many things that were.

    A death between sending and writing it down tells it once more: an alarm too many is better than none.
    """
    rows = await db.run(lambda tx: alarms.claim_untold(tx, clock.now(), LEASE))
    rows.sort(key=lambda row: (row["since"], row["id"]))
    for place in range(0, len(rows), MOST):
        if not await _told(db, owner, rows[place : place + MOST], clock.now()):
            return place
    return len(rows)


async def _told(db: Database, owner: Owner, rows: Sequence[Row], now: datetime) -> bool:
    ids = [row["id"] for row in rows]
    marks = "".join(f"{row['id']}{row['over_at'] is not None}" for row in rows)
    try:
        await owner.tell(owner.words(rows), key=f"alarm-{hashlib.sha256(marks.encode()).hexdigest()}")
    except TryLater as later:
        seconds = max(later.after, 1.0)
        await db.run(lambda tx: alarms.tell_later(tx, ids, seconds))
        return False
    except ShopkeeperError as refused:
        log.error("alarm.untold", why=refused.what)
        text = f"The owner cannot be told of alarms in Telegram: {refused.what} See: shopkeeper doctor"
        async with db.begin() as tx:
            await alarms.tell_later(tx, ids, AGAIN)
            await raise_task(tx, "channel", text, key=f"owner-untold-{now:%Y-%m-%d}", now=now)
        return False
    await db.run(lambda tx: alarms.told(tx, ids, now))
    return True
