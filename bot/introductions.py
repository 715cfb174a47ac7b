"""Names and languages of people whose messenger tells them only when asked: once for each, and without delay."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

import structlog

from base.db import Database
from bot.channel import Channel, Raw
from bot.messages import (
    Address,
    Contact,
    Inbound,
    Location,
    Other,
    Photo,
    Profile,
    Shared,
    Start,
    Tap,
    Text,
)

log = structlog.get_logger("introductions")
PATIENCE = 1.0  # seconds for all newcomers of an update, whose platform waits meanwhile
MOST = 20  # newcomers who are asked about for one update
REMEMBERED = 10_000  # people; then all are forgotten, and asked about once more
BEGINS = Text | Tap | Start | Photo | Location | Contact | Shared | Other  # what a conversation may begin with


@runtime_checkable
class Introduces(Protocol):
    """A channel that can be asked who somebody is."""

    @property
    def tells_language(self) -> bool:
        """Whether it tells what a newcomer speaks, so that it is asked before he is answered."""
        ...

    async def profile(self, peer: str) -> Profile:
        """What it tells of this person; an empty profile where it tells nothing. Never raises."""
        ...


class Introductions:
    def __init__(self, db: Database, channels: Mapping[str, Channel]) -> None:
        self._db, self._channels = db, channels
        self._asked: set[Address] = set()
        self._asking: dict[Address, asyncio.Task[Profile | None]] = {}

    async def introduced(self, raw: Raw) -> Raw:
        """The same update with name and language of who writes for the first time, where they are told in time.

        Two updates of one newcomer wait for the same answer, so that they stay in their order.
        """
        newcomers = [inbound.address for inbound in raw.inbounds if self._may_be_new(inbound)]
        asking = {to: self._ask(to) for to in dict.fromkeys(newcomers[:MOST])}
        if not asking:
            return raw
        done, _ = await asyncio.wait(asking.values())
        told = {to: task.result() for to, task in asking.items() if task in done and not task.cancelled()}
        return replace(raw, inbounds=tuple(_with(inbound, told.get(inbound.address)) for inbound in raw.inbounds))

    async def meet(self, inbound: Inbound) -> None:
        """Give conversation and customer the person's name, where neither has one yet. Never raises."""
        to = inbound.address
        channel = self._channels.get(to.channel)
        if not isinstance(channel, Introduces) or inbound.profile.name or to in self._asked:
            return
        self._remember(to)
        try:
            if await self._known_as(to) == "" and (name := (await channel.profile(to.peer)).name):
                await self._name(to, name)
        except Exception as error:
            self._asked.discard(to)  # asked again with the next message
            log.warning("a name could not be asked for", channel=to.channel, error=type(error).__name__)

    def _may_be_new(self, inbound: Inbound) -> bool:
        to, channel = inbound.address, self._channels.get(inbound.address.channel)
        untold = isinstance(inbound.content, BEGINS) and not inbound.profile.locale and to not in self._asked
        return untold and isinstance(channel, Introduces) and channel.tells_language

    def _ask(self, to: Address) -> asyncio.Task[Profile | None]:
        if to not in self._asking:
            self._asking[to] = asyncio.create_task(self._told(to))
            self._asking[to].add_done_callback(lambda _: self._asking.pop(to, None))
        return self._asking[to]

    async def _told(self, to: Address) -> Profile | None:
        """Who a newcomer is; None for whom we know, and where it takes too long: he is met beside his turn."""
        channel = self._channels[to.channel]
        assert isinstance(channel, Introduces)
        try:
            async with asyncio.timeout(PATIENCE):
                if await self._known_as(to) is not None:
                    return None
                profile = await channel.profile(to.peer)
        except Exception as error:
            log.info("a newcomer was not introduced in time", channel=to.channel, error=type(error).__name__)
            return None
        self._remember(to)
        return profile

    def _remember(self, to: Address) -> None:
        if len(self._asked) >= REMEMBERED:
            self._asked.clear()
        self._asked.add(to)

    async def _known_as(self, to: Address) -> str | None:
        """The name in his conversation, empty where it has none; None where there is no conversation."""
        async with self._db.begin() as tx:
            row = await tx.row(
                "SELECT name FROM conversation WHERE channel = %s AND account = %s AND peer = %s",
                to.channel, to.account, to.peer,
            )  # fmt: skip
        return str(row["name"]) if row else None

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


def _with(inbound: Inbound, told: Profile | None) -> Inbound:
    """What the update itself tells of the person is not told better by his profile."""
    if told is None:
        return inbound
    own = inbound.profile
    profile = Profile(name=own.name or told.name, locale=own.locale or told.locale)
    return inbound.model_copy(update={"profile": profile})
