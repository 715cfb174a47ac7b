"""What stories and posts that people speak of show: asked of the messenger once, before their words are understood."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol, runtime_checkable

import structlog

from bot.channel import Channel, Raw
from bot.messages import About, Inbound

log = structlog.get_logger("posts")
PATIENCE = 2.0  # seconds; the platform waits for our answer meanwhile, and Meta no longer than five
REMEMBERED = 1000  # posts


@runtime_checkable
class TellsPosts(Protocol):
    """A channel that can be asked about a post or a story of ours."""

    async def post(self, id: str) -> tuple[str, ...]:
        """Its caption and its address, as far as the platform tells them. Raises ShopkeeperError."""
        ...


class Posts:
    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._told: OrderedDict[tuple[str, str], tuple[str, ...]] = OrderedDict()

    async def looked_up(self, raw: Raw) -> Raw:
        """The same update with caption and address of each post it speaks of, where the platform tells them in time."""
        if not any(_about(inbound) for inbound in raw.inbounds):
            return raw
        return replace(raw, inbounds=tuple([await self._with_post(inbound) for inbound in raw.inbounds]))

    async def _with_post(self, inbound: Inbound) -> Inbound:
        about = _about(inbound)
        channel = self._channels.get(inbound.address.channel)
        if about is None or not about.post or not isinstance(channel, TellsPosts):
            return inbound
        place = (inbound.address.channel, about.post)
        if place not in self._told:
            try:
                async with asyncio.timeout(PATIENCE):
                    self._told[place] = await channel.post(about.post)
            except Exception as error:  # the customer is asked what he means; the next one may have more luck
                log.info("a post could not be looked up", channel=place[0], error=type(error).__name__)
                return inbound
            while len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        more = about.model_copy(update={"clues": (*about.clues, *self._told[place])})
        return inbound.model_copy(update={"content": inbound.content.model_copy(update={"about": more})})


def _about(inbound: Inbound) -> About | None:
    return getattr(inbound.content, "about", None)
