"""While the database was away, each process wrote the same line twice a second."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from bot.turns import Turns


async def test_a_sweep_that_fails_is_told_once_and_so_is_its_return() -> None:
    ends = asyncio.Event()
    outcomes: list[Exception | None] = [OSError(), OSError(), ValueError(), None, None, OSError(), OSError(), None]

    class Swept(Turns):
        def __init__(self) -> None:
            """Nothing but the loop."""

        async def sweep(self) -> list[str]:
            if not outcomes:
                ends.set()
                return []
            if (outcome := outcomes.pop(0)) is not None:
                raise outcome
            return []

    with capture_logs() as lines:
        loop = asyncio.create_task(Swept().run(every=0))
        async with asyncio.timeout(5):
            await ends.wait()
        loop.cancel()
    told = [(line["log_level"], line.get("error", "")) for line in lines]
    assert told == [("error", "OSError"), ("error", "ValueError"), ("info", ""), ("error", "OSError"), ("info", "")]
