"""`python -m tests.bench [--only turns|search|nlu|money|replay]`: figures of this machine; look at the ratios."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

import structlog

from tests.bench import money, nlu, replay, search, turns

ROOMS = {
    "turns": turns.measure,
    "search": search.measure,
    "nlu": nlu.measure_all,
    "money": money.measure,
    "replay": replay.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", choices=sorted(ROOMS))
    only = parser.parse_args().only
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory(prefix="shopkeeper-bench-") as home:
        Path(home).chmod(0o700)
        for name, measure in ROOMS.items():
            if only in (None, name):
                asyncio.run(measure(Path(home)))


if __name__ == "__main__":  # the servers of the replay are processes that import this, too
    main()
