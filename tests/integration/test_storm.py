"""A small storm: some customers of all kinds, four providers behind bad lines, three deaths, and books that add up."""

from __future__ import annotations

from pathlib import Path

from tests.bench.money import weather_the_storm


async def test_the_books_add_up_after_a_small_storm(database_url: str, tmp_path: Path) -> None:
    market, books, left = await weather_the_storm(
        database_url, tmp_path, orders=24, kills=3, seed=5, within=60, hurry=2, lost=0
    )
    assert (left, books.wrong, market.troubles) == ({}, {}, [])
    assert market.kills == 3
    assert sum(books.orders.values()) > 12
    assert sum(books.theirs.values()) > 0
