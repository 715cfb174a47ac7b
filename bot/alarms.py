"""What is wrong with a way in or out of the shop: once when it begins, once when it is over, whoever is told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Literal, get_args

import structlog

from base.db import Row, Tx
from base.ids import new_id
from base.text import one_line

log = structlog.get_logger("alarms")

Kind = Literal["down", "look", "token", "silent", "piling", "probe", "halted", "denied"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STEADY = timedelta(minutes=25)  # so long a trouble has to be away before it is over: longer than two looks at it
LONGEST = 300  # characters of a line


async def settle(
    tx: Tx, channel: str, account: str, troubles: Mapping[Kind, str], *, among: Collection[Kind], now: datetime
) -> dict[Kind, str]:
    """Raise what is wrong with an account now, and end what is not any more; returns the ids of what is new by kind.

    `among`: the kinds that the caller has looked at. A trouble that comes back before it was told that it is over is
    the same one still, so what flickers is told once.
    """
    fresh: dict[Kind, str] = {}
    for kind, line in troubles.items():
        again = await tx.execute(
            """UPDATE alarm SET over_at = NULL, line = %s WHERE channel = %s AND account = %s AND kind = %s
               AND (over_at IS NULL OR (over_told_at IS NULL AND over_at > %s))""",
            one_line(line, LONGEST), channel, account, kind, now - STEADY,
        )  # fmt: skip
        if not again and (id := await _begin(tx, channel, account, kind, line, now)):
            fresh[kind] = id
    ended = await tx.rows(
        """UPDATE alarm SET over_at = %s WHERE channel = %s AND account = %s AND over_at IS NULL
           AND kind = ANY(%s) AND kind <> ALL(%s) RETURNING kind""",
        now, channel, account, list(among), list(troubles),
    )  # fmt: skip
    for row in ended:
        log.info("alarm.over", channel=channel, kind=row["kind"])
    return fresh


async def lapse(tx: Tx, channel: str, account: str, kind: Kind, before: datetime, *, now: datetime) -> None:
    """End what began before a moment and was told, without a word that it is well again: nobody knows that."""
    await tx.execute(
        """UPDATE alarm SET over_at = %(now)s, over_told_at = %(now)s WHERE channel = %(channel)s
           AND account = %(account)s AND kind = %(kind)s AND over_at IS NULL AND told_at IS NOT NULL
           AND since <= %(before)s""",
        channel=channel, account=account, kind=kind, before=before, now=now,
    )  # fmt: skip


async def _begin(tx: Tx, channel: str, account: str, kind: Kind, line: str, now: datetime) -> str | None:
    row = await tx.row(
        """INSERT INTO alarm (id, channel, account, kind, line, since, due_at) VALUES (%s, %s, %s, %s, %s, %s, now())
           ON CONFLICT (channel, account, kind) WHERE over_at IS NULL DO NOTHING RETURNING id""",
        new_id(), channel, account, kind, one_line(line, LONGEST), now,
    )  # fmt: skip
    if row is None:
        return None
    log.warning("alarm", channel=channel, kind=kind, line=line)
    return str(row["id"])


async def open_alarms(tx: Tx) -> list[Row]:
    """What is wrong now, the oldest first: `channel`, `kind`, `line`, `since`."""
    return await tx.rows("SELECT channel, kind, line, since FROM alarm WHERE over_at IS NULL ORDER BY since, id")


# ---- telling somebody ----------------------------------------------------------------------------


async def claim_untold(tx: Tx, now: datetime, lease: float) -> list[Row]:
    """What nobody was told yet, beginnings and ends; for `lease` seconds nobody else gets them.

    What was over before anybody could be told of it is told to nobody.
    """
    await tx.execute(
        "UPDATE alarm SET over_told_at = %s WHERE told_at IS NULL AND over_at <= %s AND over_told_at IS NULL",
        now, now - STEADY,
    )  # fmt: skip
    return await tx.rows(
        """UPDATE alarm SET due_at = now() + make_interval(secs => %s) WHERE id IN (
             SELECT id FROM alarm WHERE due_at <= now() AND over_told_at IS NULL
               AND ((told_at IS NULL AND over_at IS NULL) OR (told_at IS NOT NULL AND over_at <= %s))
             ORDER BY since FOR UPDATE SKIP LOCKED)
           RETURNING id, channel, kind, line, since, over_at""",
        lease, now - STEADY,
    )  # fmt: skip


async def told(tx: Tx, ids: Collection[str], now: datetime) -> None:
    """These were told: the beginning of those that go on, the end of those that are over."""
    await tx.execute(
        """UPDATE alarm SET told_at = coalesce(told_at, %(now)s), due_at = now(),
                  over_told_at = CASE WHEN told_at IS NOT NULL AND over_at IS NOT NULL THEN %(now)s END
           WHERE id = ANY(%(ids)s)""",
        now=now, ids=list(ids),
    )  # fmt: skip


async def tell_later(tx: Tx, ids: Collection[str], seconds: float) -> None:
    await tx.execute(
        "UPDATE alarm SET due_at = now() + make_interval(secs => %s) WHERE id = ANY(%s)", seconds, list(ids)
    )
