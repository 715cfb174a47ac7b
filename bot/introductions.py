"""Names of people whose messenger tells them only when asked: fetched once, beside the turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import structlog

from base.db import Database
from bot.channel import Channel
from bot.messages import Address, Inbound, Profile

log = structlog.get_logger("introductions")
REMEMBERED = 10_000  # people; then all are forgotten, and asked about once more


@runtime_checkable
class Introduces(Protocol):
    """A channel that can be asked who somebody is."""

    async def profile(self, peer: str) -> Profile:
        """What it tells of this person; an empty profile where it tells nothing. Never raises."""
        ...


class Introductions:
    def __init__(self, db: Database, channels: Mapping[str, Channel]) -> None:
        self._db, self._channels = db, channels
        self._asked: set[Address] = set()

    async def meet(self, inbound: Inbound) -> None:
        """Give conversation and customer the person's name, where neither has one yet. Never raises."""
        to = inbound.address
        channel = self._channels.get(to.channel)
        if not isinstance(channel, Introduces) or inbound.profile.name or to in self._asked:
            return
        if len(self._asked) >= REMEMBERED:
            self._asked.clear()
        self._asked.add(to)
        try:
            if await self._is_nameless(to) and (name := (await channel.profile(to.peer)).name):
                await self._name(to, name)
        except Exception as error:
            self._asked.discard(to)  # asked again with the next message
            log.warning("a name could not be asked for", channel=to.channel, error=type(error).__name__)

    async def _is_nameless(self, to: Address) -> bool:
        async with self._db.begin() as tx:
            row = await tx.row(
                "SELECT name FROM conversation WHERE channel = %s AND account = %s AND peer = %s",
                to.channel, to.account, to.peer,
            )  # fmt: skip
        return row is not None and not row["name"]

    async def _name(self, to: Address, name: str) -> None:
        async with self._db.begin() as tx:
            named = await tx.row(
                """UPDATE conversation SET name = %s
                   WHERE channel = %s AND account = %s AND peer = %s AND name = '' RETURNING customer_id""",
                name, to.channel, to.account, to.peer,
            )  # fmt: skip
            if named:
                await tx.execute(
                    "UPDATE customer SET name = %s WHERE id = %s AND coalesce(name, '') = ''",
                    name, named["customer_id"],
                )  # fmt: skip
