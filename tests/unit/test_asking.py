"""Providers are asked side by side: the silence of one delays nobody else's money."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from shop.asking import ENOUGH, growing, side_by_side


async def test_a_silent_provider_is_left_alone_and_the_others_are_asked_meanwhile() -> None:
    asked: list[str] = []

    async def ask(thing: str) -> bool:
        asked.append(thing)
        if thing.startswith("silent"):
            await asyncio.sleep(0.01)
            return False
        return True

    things = [f"silent-{n}" for n in range(50)] + ["quick-1", "quick-2"]
    answered, left = await side_by_side(things, of=lambda thing: thing.partition("-")[0], ask=ask)
    assert answered == 2
    assert left == things[ENOUGH:50]
    assert asked.index("quick-2") < asked.index("silent-1")


async def test_a_provider_that_answers_now_and_then_is_asked_about_everything() -> None:
    async def ask(thing: int) -> bool:
        return thing % 3 == 0

    assert await side_by_side(range(9), of=lambda thing: "one", ask=ask) == (3, [])


def test_the_intervals_grow_to_half_an_hour() -> None:
    minutes = [growing(timedelta(minutes=2), times) / timedelta(minutes=1) for times in (0, 1, 2, 3, 4, 100)]
    assert minutes == [2, 4, 8, 16, 30, 30]
