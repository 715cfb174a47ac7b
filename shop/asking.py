"""Asking providers between turns: side by side, each in its own line; one that is silent is left alone for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from base.db import is_away
from base.errors import ShopkeeperError

log = logging.getLogger(__name__)

T = TypeVar("T")
ENOUGH = 3  # answers that stayed away, one after another, before a provider is left alone until the next sweep
FIRST_LOOK = timedelta(minutes=1)  # after the first call; the next ones after 2, 4, 8… minutes more
FIRST_CANCEL = timedelta(seconds=10)  # after a cancellation that was not answered; then 20, 40…
LONGEST = timedelta(minutes=30)  # intervals do not grow beyond


async def side_by_side(
    things: Iterable[T], *, of: Callable[[T], str], ask: Callable[[T], Awaitable[bool]]
) -> tuple[int, list[T]]:
    """`ask` about each thing; `of` names its provider, `ask` tells whether it answered.

    Returns how many answers there were, and the things that were not asked about. The slowness of one provider delays
    nobody else's money, nor does one thing that cannot be worked with: an error that was not foreseen is raised when
    all the others have been asked about.
    """
    lines: dict[str, list[T]] = {}
    for thing in things:
        lines.setdefault(of(thing), []).append(thing)
    ends = await asyncio.gather(*(_one_line(line, ask) for line in lines.values()))
    unforeseen = next((error for _, _, error in ends if error is not None), None)
    if unforeseen is not None:
        raise unforeseen
    return sum(answered for answered, _, _ in ends), [thing for _, left, _ in ends for thing in left]


async def _one_line(line: list[T], ask: Callable[[T], Awaitable[bool]]) -> tuple[int, list[T], Exception | None]:
    answered = silent = 0
    unforeseen: Exception | None = None
    for place, thing in enumerate(line):
        if silent == ENOUGH:
            return answered, line[place:], unforeseen
        try:
            if await ask(thing):
                answered, silent = answered + 1, 0
            else:
                silent += 1
        except ShopkeeperError:
            log.exception("an answer could not be worked with; the others are asked all the same")
        except Exception as error:
            if is_away(error):
                return answered, line[place:], error
            unforeseen = unforeseen or error
    return answered, [], unforeseen


def growing(first: timedelta, times: int) -> timedelta:
    """The interval after so many others: twice as long each time, half an hour at most."""
    return min(LONGEST, first * (1 << min(times, 10)))
