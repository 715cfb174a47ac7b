"""Asking providers between turns: side by side, each in its own line; one that is silent is left alone for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")
ENOUGH = 3  # answers that stayed away, one after another, before a provider is left alone until the next sweep
FIRST_LOOK = timedelta(minutes=1)  # after the first call
LAST_LOOK = timedelta(minutes=30)  # intervals do not grow beyond


async def side_by_side(
    things: Iterable[T], *, of: Callable[[T], str], ask: Callable[[T], Awaitable[bool]]
) -> tuple[int, list[T]]:
    """`ask` about each thing; `of` names its provider, `ask` tells whether it answered.

    Returns how many answers there were, and the things that were not asked about. The slowness of one provider delays
    nobody else's money.
    """
    lines: dict[str, list[T]] = {}
    for thing in things:
        lines.setdefault(of(thing), []).append(thing)
    ends = await asyncio.gather(*(_one_line(line, ask) for line in lines.values()))
    return sum(answered for answered, _ in ends), [thing for _, left in ends for thing in left]


async def _one_line(line: list[T], ask: Callable[[T], Awaitable[bool]]) -> tuple[int, list[T]]:
    answered = silent = 0
    for place, thing in enumerate(line):
        if silent == ENOUGH:
            return answered, line[place:]
        if await ask(thing):
            answered, silent = answered + 1, 0
        else:
            silent += 1
    return answered, []


def next_look(looks: int) -> timedelta:
    """How long to wait after so many looks: 1, 2, 4… minutes, half an hour at most."""
    return min(LAST_LOOK, FIRST_LOOK * (1 << min(looks, 10)))
