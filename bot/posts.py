"""What stories and posts that people speak of show: asked of the messenger once, before their words are understood."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Protocol, runtime_checkable

import structlog

from bot.channel import Channel, Raw
from bot.messages import About, Inbound

log = structlog.get_logger("posts")
PATIENCE = 2.0  # seconds for all posts of an update; the platform waits meanwhile, and Meta no longer than five
PAUSE = 60.0  # seconds in which a post that was not told is not asked about again
MOST = 20  # posts that are asked about for one update
REMEMBERED = 1000  # posts


@runtime_checkable
class TellsPosts(Protocol):
    """A channel that can be asked about a post or a story of ours."""

    async def post(self, id: str) -> tuple[str, ...]:
        """Its caption and its address, as far as the platform tells them. Raises ShopkeeperError."""
        ...


Place = tuple[str, str]
"""(channel, id of a post)"""


class Posts:
    def __init__(self, channels: Mapping[str, Channel], *, now: Callable[[], float] = time.monotonic) -> None:
        """`now`: seconds of any clock that only goes on."""
        self._channels, self._now = channels, now
        self._told: OrderedDict[Place, tuple[str, ...]] = OrderedDict()
        self._untold: dict[Place, float] = {}  # until when it is not asked about again

    async def looked_up(self, raw: Raw) -> Raw:
        """The same update with caption and address of each post it speaks of, where the platform tells them in time."""
        places = [place for inbound in raw.inbounds if (place := self._place(inbound))]
        if not places:
            return raw
        silent = self._silent()
        asked = [place for place in dict.fromkeys(places) if place not in self._told and place not in silent]
        with suppress(TimeoutError):  # whoever asks about a post that is not told is asked back what he means
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(self._ask(place) for place in asked[:MOST]))
        found = replace(raw, inbounds=tuple(self._with_post(inbound) for inbound in raw.inbounds))
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return found

    async def _ask(self, place: Place) -> None:
        channel = self._channels[place[0]]
        assert isinstance(channel, TellsPosts)
        try:
            self._told[place] = await channel.post(place[1])
        except Exception as error:
            log.info("a post could not be looked up", channel=place[0], error=type(error).__name__)
        finally:  # also when there is no more time
            if place not in self._told:
                self._untold[place] = self._now() + PAUSE

    def _silent(self) -> dict[Place, float]:
        """The posts that could not be looked up a moment ago."""
        self._untold = {place: until for place, until in self._untold.items() if until > self._now()}
        return self._untold

    def _place(self, inbound: Inbound) -> Place | None:
        about, name = _about(inbound), inbound.address.channel
        told = about is not None and about.post and isinstance(self._channels.get(name), TellsPosts)
        return (name, about.post) if about is not None and told else None

    def _with_post(self, inbound: Inbound) -> Inbound:
        about, place = _about(inbound), self._place(inbound)
        if about is None or place is None or place not in self._told:
            return inbound
        more = about.model_copy(update={"clues": (*about.clues, *self._told[place])})
        return inbound.model_copy(update={"content": inbound.content.model_copy(update={"about": more})})


def _about(inbound: Inbound) -> About | None:
    return getattr(inbound.content, "about", None)
