"""Posts were looked up one after the other while Meta waited, and one that is never told was asked about each time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import ClassVar

import pytest

from base.errors import TryLater
from bot import posts
from bot.channel import Raw
from bot.messages import About, Address, Inbound, Text
from bot.posts import Posts


class Slow:
    """A channel that tells of one post at once, of the others never, or not now."""

    name: ClassVar[str] = "facebook"

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.at_once = self.most_at_once = 0

    async def post(self, id: str) -> tuple[str, ...]:
        self.asked.append(id)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            if id == "busy":
                raise TryLater("Not now.", after=1)
            if id != "told":
                await asyncio.Event().wait()
            return ("#CAN",)
        finally:
            self.at_once -= 1


def update(*ids: str) -> Raw:
    address, at = Address(channel="facebook", account="1", peer="7"), datetime(2026, 11, 1, tzinfo=UTC)
    inbounds = tuple(
        Inbound(address=address, event_key=str(place), content=Text(text="price?", about=About(post=id)), at=at)
        for place, id in enumerate(ids)
    )
    return Raw("facebook", "1", "k", b"", inbounds)


def clues(raw: Raw) -> list[tuple[str, ...]]:
    return [about.clues for inbound in raw.inbounds if (about := getattr(inbound.content, "about", None))]


async def test_all_posts_of_an_update_share_one_patience_and_what_is_not_told_is_left_alone_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posts, "PATIENCE", 0.05)
    clock, channel = [0.0], Slow()
    looked_at = Posts({"facebook": channel}, now=lambda: clock[0])  # type: ignore[dict-item]
    batch = update("never", "lost", "told", "busy", "never")
    async with asyncio.timeout(10):
        assert clues(await looked_at.looked_up(batch)) == [(), (), ("#CAN",), (), ()]
        assert sorted(channel.asked) == ["busy", "lost", "never", "told"]
        assert channel.most_at_once >= 2
        assert clues(await looked_at.looked_up(batch)) == [(), (), ("#CAN",), (), ()]
        assert len(channel.asked) == 4
        clock[0] = posts.PAUSE
        await looked_at.looked_up(batch)
    assert sorted(channel.asked[4:]) == ["busy", "lost", "never"]
