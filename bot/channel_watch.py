"""Looks after the channels: is each one well, does its token end soon, has the platform told the account to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from base.clock import Clock
from base.db import Database, Tx
from base.errors import ShopkeeperError
from base.health import Health
from bot.channel import Channel
from shop.history import raise_task

log = structlog.get_logger("channels")
PATIENCE = 10.0  # seconds for a channel to answer
LONG = 300.0  # seconds; a pause so long is told to a person
DAYS_BEFORE = (14, 7, 3, 1)  # how long before its end a token is spoken of


async def halt(tx: Tx, channel: str, account: str, why: str, seconds: float, *, now: datetime) -> None:
    """For so long nothing is sent from this account, by any process. The desk is told of a long pause, once a day."""
    await tx.execute(
        """INSERT INTO channel_state (channel, account, state, line, halted_until, halted_why)
           VALUES (%s, %s, 'ok', '', now() + make_interval(secs => %s), %s)
           ON CONFLICT (channel, account) DO UPDATE
           SET halted_until = excluded.halted_until, halted_why = excluded.halted_why""",
        channel, account, seconds, why,
    )  # fmt: skip
    if seconds >= LONG:
        text = f"{channel}: nothing can be sent at the moment. {why}"
        await raise_task(tx, "channel", text, key=f"halted-{channel}-{account}-{now:%Y-%m-%d}", now=now)


async def watch(db: Database, channels: Mapping[str, Channel], clock: Clock) -> None:
    """Ask every channel how it is and write it down. What lasts, and a token near its end, become tasks at the desk."""
    for name, channel in channels.items():
        health = await _asked(channel)
        now = clock.now()

        async def written(
            tx: Tx, name: str = name, channel: Channel = channel, health: Health = health, now: datetime = now
        ) -> None:
            await _written(tx, name, channel.account, health, now)

        await db.run(written)


async def _asked(channel: Channel) -> Health:
    try:
        async with asyncio.timeout(PATIENCE):
            return await channel.check()
    except TimeoutError:
        return Health("down", "does not answer", "Look at the network.")
    except Exception as error:  # whatever it was, the other channels are looked at too
        return Health("down", error.what if isinstance(error, ShopkeeperError) else type(error).__name__)


async def _written(tx: Tx, name: str, account: str, health: Health, now: datetime) -> None:
    before = await tx.row(
        "SELECT state, since FROM channel_state WHERE channel = %s AND account = %s FOR UPDATE", name, account
    )
    lasts = before is not None and before["state"] == health.state and before["since"] is not None
    since = before["since"] if before is not None and lasts else now
    await tx.execute(
        """INSERT INTO channel_state (channel, account, state, line, since, checked_at, token_ends_at, halted_why)
           VALUES (%s, %s, %s, %s, %s, %s, %s, '')
           ON CONFLICT (channel, account) DO UPDATE SET state = excluded.state, line = excluded.line,
               since = excluded.since, checked_at = excluded.checked_at, token_ends_at = excluded.token_ends_at""",
        name, account, health.state, health.line, since, now, health.ends,
    )  # fmt: skip
    told = f"{health.line} {health.mend}".strip()
    if health.state == "down" and not lasts:
        log.warning("channel.down", channel=name, reason=health.line)
    elif health.state != "down" and before is not None and before["state"] == "down":
        log.info("channel.back", channel=name)
    if health.state == "down" and lasts:  # twice in a row: no hiccup
        key = f"down-{name}-{account}-{since:%Y-%m-%dT%H:%M}"
        await raise_task(tx, "channel", f"{name} is down: {told}", key=key, now=now)
    if health.ends is not None:
        left = (health.ends - now).total_seconds() / 86_400
        near = min((days for days in DAYS_BEFORE if left <= days), default=None)
        if near is not None:
            key = f"token-{name}-{account}-{health.ends:%Y-%m-%d}-{near}"
            await raise_task(tx, "channel", f"{name}: {told}", key=key, now=now)
