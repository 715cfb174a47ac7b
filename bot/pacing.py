"""Keeps to a platform's rates, all processes together: in the database every message gets its moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from base.db import Row, Tx
from bot.channel import Channel
from bot.messages import Fitted

HOLD = 1.0  # seconds that a claimed message waits in its process for its moment; a longer wait is the database's
LEAD = 0.75  # seconds before its moment that a message which waits in the database is looked at again
MISSED = 0.25  # seconds after which a moment that nobody used is lost
LONG_AGO = -1e9  # seconds: the moment of an offer that has had its turn among the offers
TAKE = """
INSERT INTO channel_pace AS p (channel, account, what, next_at)
VALUES (%(channel)s, %(account)s, %(what)s,
        clock_timestamp() + make_interval(secs => %(cost)s::float8 - %(back)s::float8))
ON CONFLICT (channel, account, what) DO UPDATE
SET next_at = greatest(p.next_at, clock_timestamp() - make_interval(secs => %(back)s::float8))
            + make_interval(secs => %(cost)s::float8)
RETURNING extract(epoch FROM p.next_at - clock_timestamp())::float8 - %(cost)s::float8 AS wait
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """In the long run one message each `every` seconds, and `burst` of them at once after a rest."""

    every: float
    burst: int = 1

    @property
    def back(self) -> float:
        """Seconds that the next moment may lie in the past."""
        return self.every * (self.burst - 1)


@dataclass(frozen=True, slots=True)
class Paces:
    """The rates of one account of ours."""

    account: Pace
    chat: Pace | None = None
    group: Pace | None = None  # of chats of many, whose peer begins with a minus
    picture: int = 1  # each picture counts for so many messages, those of an album too

    def of(self, peer: str) -> Pace | None:
        """How fast one chat may be written to."""
        return self.group if peer.startswith("-") else self.chat


@runtime_checkable
class Paced(Protocol):
    """A channel whose platform counts messages. All others are sent to as fast as we can."""

    @property
    def paces(self) -> Paces: ...


@dataclass(frozen=True, slots=True)
class Moment:
    """When a message may go: in `wait` seconds. `due`: put it off, and look again in so many; `slot`: what it keeps."""

    wait: float = 0.0
    due: float | None = None
    slot: float | None = None


NOW = Moment()


def paces_of(channel: Channel | None) -> Paces | None:
    return channel.paces if isinstance(channel, Paced) else None


def chat_pace(channel: Channel | None, peer: str) -> Pace | None:
    """How fast one chat may be written to; None: as fast as we can."""
    paces = paces_of(channel)
    return paces.of(peer) if paces else None


async def moment_for(
    tx: Tx, channel: Channel, place: Row, slot: float | None, fitted: object, *, offer: bool
) -> Moment:
    """The moment of the next message of a conversation, whose lock the caller holds.

    `place`: its `channel`, `account`, `peer`, and `ahead`, the seconds until the moment of its chat.
    `slot`: in how many seconds is the moment that the message was given before. A chat that has to wait takes no moment
    from the account, so it holds back nobody else; an offer, which nobody waits for, goes at half the rate of the
    account at most, so answers never wait for offers.

    The row of the account is the last that a transaction locks, so nobody who waits for it holds what another needs.
    """
    paces = paces_of(channel)
    if paces is None:
        return NOW
    chat = paces.of(place["peer"])
    ahead = max(0.0, place["ahead"] or 0.0) if chat else 0.0
    if ahead > HOLD:
        return Moment(ahead, due=ahead - LEAD)
    if offer and slot is None:
        turn = await take(tx, place["channel"], place["account"], Pace(paces.account.every * 2), what="offers")
        if turn > 0:
            return Moment(turn, due=turn, slot=LONG_AGO)
    if slot is None or slot < -MISSED:
        weight = max(1, _pictures_in(fitted) * paces.picture)
        slot = await take(tx, place["channel"], place["account"], paces.account, weight=weight)
    wait = max(slot, ahead)
    return Moment(wait, due=wait - LEAD, slot=wait) if wait > HOLD else Moment(max(wait, 0.0))


async def take(tx: Tx, channel: str, account: str, pace: Pace, *, weight: int = 1, what: str = "all") -> float:
    """Take the account's next moment; returns in how many seconds it is. Not above 0: at once."""
    row = await tx.row(TAKE, channel=channel, account=account, what=what, cost=pace.every * weight, back=pace.back)
    assert row is not None
    return float(row["wait"])


async def put_off(tx: Tx, outbox: int, moment: Moment) -> None:
    """Leave a message in the outbox until shortly before its moment."""
    await tx.execute(
        """UPDATE outbox SET due_at = clock_timestamp() + make_interval(secs => %s::float8),
                  slot_at = clock_timestamp() + make_interval(secs => %s::float8) WHERE id = %s""",
        moment.due, moment.slot, outbox,
    )  # fmt: skip


def _pictures_in(fitted: object) -> int:
    """Of what is built, and of what was read back: another version may have written it."""
    if isinstance(fitted, Fitted):
        fitted = fitted.model_dump(mode="json")
    parts = fitted.get("parts") if isinstance(fitted, dict) else None
    count = 0
    for part in parts if isinstance(parts, list) else ():
        kind, images = (part.get("kind"), part.get("images")) if isinstance(part, dict) else (None, None)
        count += 1 if kind == "image" else len(images) if kind == "album" and isinstance(images, list) else 0
    return count
