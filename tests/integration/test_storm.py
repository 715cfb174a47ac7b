"""A small storm: some customers of all kinds, four providers behind bad lines, three deaths, and books that add up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.money import weather_the_storm

SEEDS = range(int(os.environ.get("CHAOS_ROUNDS", "0")))


@pytest.mark.skipif(not SEEDS, reason="half a minute each: make chaos, or make bench ONLY=money for the whole of it")
@pytest.mark.parametrize("seed", SEEDS or [0])
async def test_the_books_add_up_after_a_small_storm(database_url: str, tmp_path: Path, seed: int) -> None:
    market, books, left = await weather_the_storm(
        database_url, tmp_path, orders=24, kills=3, seed=seed, within=90, hurry=2, lost=0
    )
    assert (left, books.wrong, market.troubles) == ({}, {}, [])
    assert market.kills == 3
    assert sum(books.orders.values()) > 12
    assert sum(books.theirs.values()) > 0
