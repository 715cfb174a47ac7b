"""Looks after the channels: is each one well, does its token end soon, has the platform told the account to stop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from base.clock import Clock
from base.db import Database, Tx
from base.errors import ShopkeeperError
from base.health import Health
from base.text import one_line
from bot import alarms
from bot.alarms import Kind
from bot.channel import Channel
from bot.messages import Address, Enforced
from shop.history import raise_task

log = structlog.get_logger("channels")
PATIENCE = 10.0  # seconds for a channel to answer
LONG = 300.0  # seconds; a pause so long is told to a person
WINDOWS = (1, 3, 12, 24, 48, 72)  # hours in which nobody wrote
WEEKS = 4  # that the present one is compared with
UNLIKELY = 0.001
OF_THE_PLATFORM: tuple[Kind, ...] = ("halted",)
COUNTED = """
SELECT (SELECT count(DISTINCT conversation_id) FROM inbound WHERE channel = %(channel)s
    AND (account = %(account)s OR account IN (
        SELECT lent.account FROM lent_account lent WHERE lent.channel = %(channel)s AND may_write))
    AND received_at > %(now)s - make_interval(weeks => week, hours => %(hours)s)
    AND received_at <= %(now)s - make_interval(weeks => week)) AS n
FROM generate_series(0, %(weeks)s) week ORDER BY week
"""
THROUGH = {"telegram_business": "telegram"}  # what comes through the door of another channel
A_DAY = timedelta(days=1)
DAYS_BEFORE = (14, 7, 3, 1)  # how long before its end a token is spoken of


async def silent_for(tx: Tx, channel: str, account: str, *, now: datetime) -> int:
    """The hours in which nobody wrote, where such a silence is less likely than one in a thousand; else 0.

    Counted are conversations, not messages: people come independently of each other, the sentences of one do not. Had
    as many come in each of five equal times, S of them in all, then none of them would fall into the last one by
    chance (4/5)^S. S is four times what came in the quietest of the same hours of the four weeks before, so one busy
    week proves nothing: eight have to have come in each. The shortest window in which that many came decides; a longer
    one can only be silent where this one is, so looking at several makes no false alarm likelier.
    """
    for hours in WINDOWS:
        counted = await tx.rows(COUNTED, channel=channel, account=account, now=now, hours=hours, weeks=WEEKS)
        present, *before = (row["n"] for row in counted)
        if (WEEKS / (WEEKS + 1)) ** (WEEKS * min(before)) < UNLIKELY:
            return 0 if present else hours
    return 0


async def halt(tx: Tx, channel: str, account: str, why: str, seconds: float, *, now: datetime) -> None:
    """For so long nothing is sent from this account, by any process. The desk is told of a long pause, once a day."""
    await tx.execute(
        """INSERT INTO channel_state (channel, account, state, line, waiting, silent_hours, halted_until, halted_why)
           VALUES (%s, %s, 'ok', '', 0, 0, now() + make_interval(secs => %s), %s)
           ON CONFLICT (channel, account) DO UPDATE
           SET halted_until = greatest(channel_state.halted_until, excluded.halted_until),
               halted_why = excluded.halted_why""",
        channel, account, seconds, why,
    )  # fmt: skip
    if seconds >= LONG:
        text = f"{channel}: nothing can be sent at the moment. {why}"
        await raise_task(tx, "channel", text, key=f"halted-{channel}-{account}-{now:%Y-%m-%d}", now=now)
        await alarms.settle(tx, channel, account, {"halted": why}, among=(), now=now)


async def enforce(tx: Tx, address: Address, enforced: Enforced, *, at: datetime, now: datetime) -> None:
    """The platform forbids the account to write, or allows it again: what waits goes out at once then.

    Words come repeated and in any order, so only one whose moment `at` is newer than all before says anything. Word of
    the end may be lost: a day after its moment a message is tried again, and a platform that still forbids says so.
    """
    fresh = await tx.execute(
        """INSERT INTO channel_state AS s (channel, account, state, line, waiting, silent_hours, halted_why,
                                           enforced_at)
           VALUES (%s, %s, 'ok', '', 0, 0, '', %s)
           ON CONFLICT (channel, account) DO UPDATE SET enforced_at = excluded.enforced_at
           WHERE s.enforced_at IS NULL OR s.enforced_at < excluded.enforced_at""",
        address.channel, address.account, at,
    )  # fmt: skip
    if not fresh:
        return
    if enforced.on:
        left = (at + A_DAY - now).total_seconds()
        why = f"The platform forbids the account to write. {one_line(enforced.why, 200)}".strip()
        if left > 0:
            await halt(tx, address.channel, address.account, why, min(left, A_DAY.total_seconds()), now=now)
        return
    await tx.execute(
        "UPDATE channel_state SET halted_until = NULL, halted_why = '' WHERE channel = %s AND account = %s",
        address.channel, address.account,
    )  # fmt: skip
    await tx.execute(
        """UPDATE conversation c SET lane_due_at = now() WHERE channel = %s AND account = %s
           AND EXISTS (SELECT 1 FROM outbox WHERE conversation_id = c.id AND status = 'queued')""",
        address.channel, address.account,
    )  # fmt: skip
    await alarms.settle(tx, address.channel, address.account, {}, among=OF_THE_PLATFORM, now=now)


async def denied(tx: Tx, channel: str, account: str, why: str, *, now: datetime) -> None:
    """A permission is missing for one kind of message; the owner is told of it, once a day."""
    text = f"{channel}: a kind of message cannot be sent. {why}"
    await raise_task(tx, "channel", text, key=f"denied-{channel}-{account}-{now:%Y-%m-%d}", now=now)
    await alarms.settle(tx, channel, account, {"denied": why}, among=(), now=now)


async def watch(
    db: Database, channels: Mapping[str, Channel], clock: Clock, ways_in: Mapping[str, str] | None = None
) -> None:
    """Ask every channel how it is and write it down. What lasts, and a token near its end, become tasks at the desk.

    `ways_in`: of each channel whose way in was tried, what is wrong with it; nothing where it is open.
    """
    for name, channel in channels.items():
        health = await _asked(channel)
        now = clock.now()

        async def written(
            tx: Tx, name: str = name, channel: Channel = channel, health: Health = health, now: datetime = now
        ) -> None:
            await _written(tx, name, channel.account, health, now, (ways_in or {}).get(name))

        await db.run(written)


async def _asked(channel: Channel) -> Health:
    try:
        async with asyncio.timeout(PATIENCE):
            return await channel.check()
    except TimeoutError:
        return Health("down", "does not answer", "Look at the network.")
    except Exception as error:  # whatever it was, the other channels are looked at too
        return Health("down", error.what if isinstance(error, ShopkeeperError) else type(error).__name__)


async def _written(tx: Tx, name: str, account: str, health: Health, now: datetime, way_in: str | None) -> None:
    before = await tx.row(
        """SELECT state, since, waiting, halted_until > now() AS halted,
                  NOT EXISTS (SELECT 1 FROM inbound i WHERE i.channel = s.channel AND i.account = s.account
                              AND i.received_at > s.checked_at) AS quiet
           FROM channel_state s WHERE channel = %s AND account = %s FOR UPDATE""",
        name, account,
    )  # fmt: skip
    silent = await silent_for(tx, name, account, now=now)
    state = "ok" if health.ending else health.state  # the end of a token is an alarm of its own
    lasts = before is not None and before["state"] == state and before["since"] is not None
    since = before["since"] if before is not None and lasts else now
    await tx.execute(
        """INSERT INTO channel_state (channel, account, state, line, since, checked_at, token_ends_at, waiting,
                                      silent_hours, halted_why)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, '')
           ON CONFLICT (channel, account) DO UPDATE SET state = excluded.state, line = excluded.line,
               since = excluded.since, checked_at = excluded.checked_at, token_ends_at = excluded.token_ends_at,
               waiting = excluded.waiting, silent_hours = excluded.silent_hours""",
        name, account, state, health.line, since, now, health.ends, health.waiting, silent,
    )  # fmt: skip
    troubles: dict[Kind, str] = {}
    if silent:
        see = f"shopkeeper webhook check {THROUGH.get(name, name)}"
        troubles["silent"] = f"Nothing came for {silent} hours. See: {see}"
        log.warning("channel.silent", channel=name, hours=silent)
        text = (
            f"{name}: nothing came for {silent} hours, though at this time of the week something always does."
            f" Write to the shop there yourself, and see: {see}"
        )
        await raise_task(tx, "channel", text, key=f"silent-{name}-{account}-{now:%Y-%m-%d}", now=now)
    told = f"{health.line} {health.mend}".strip()
    if state == "down" and not lasts:
        log.warning("channel.down", channel=name, reason=health.line)
    elif state != "down" and before is not None and before["state"] == "down":
        log.info("channel.back", channel=name)
    near = None
    if health.ends is not None:
        left = (health.ends - now).total_seconds() / 86_400
        near = min((days for days in DAYS_BEFORE if left <= days), default=None)
    if health.ends is not None and near is not None:
        key = f"token-{name}-{account}-{health.ends:%Y-%m-%d}-{near}"
        await raise_task(tx, "channel", f"{name}: {told}", key=key, now=now)
        troubles["token"] = told
    if state != "ok" and lasts:  # twice in a row: no hiccup
        how = "is down" if state == "down" else "needs a look"
        key = f"{state}-{name}-{account}-{since:%Y-%m-%dT%H:%M}"
        await raise_task(tx, "channel", f"{name} {how}: {told}", key=key, now=now)
        troubles["down" if state == "down" else "look"] = told
    if before is not None and before["quiet"] and health.waiting > before["waiting"] > 0:
        troubles["piling"] = f"{health.waiting} updates wait, and none comes in. {told}"
    if way_in:
        troubles["probe"] = way_in
    looked_at: set[Kind] = {"silent", "piling"}
    if state == "ok" or lasts:  # else it may be a hiccup, or the same still
        looked_at |= {"down", "look"} if state != "down" else {"down"}
    if state == "ok" or health.ends is not None:  # who is down tells nothing more
        looked_at.add("token")
    if way_in is not None:
        looked_at.add("probe")
    if before is None or not before["halted"]:
        looked_at.add("halted")
    await alarms.lapse(tx, name, account, "denied", now - A_DAY, now=now)  # only another such message can tell
    fresh = await alarms.settle(tx, name, account, troubles, among=looked_at, now=now)
    for kind, id in fresh.items():
        if kind in ("piling", "probe"):  # the others have become tasks above, at their own pace
            await raise_task(tx, "channel", f"{name}: {troubles[kind]}", key=f"alarm-{id}", now=now)
