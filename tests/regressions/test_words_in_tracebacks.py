"""An exception brought what a customer had written into the log."""

from __future__ import annotations

import asyncio
import gc
import io
import logging
from collections.abc import Iterator

import psycopg
import pytest
import structlog
from pydantic import BaseModel

from app.logs import set_up_logs, told_traceback
from base.db import Database

WORDS = "a surprise for my neighbour Ruta"


@pytest.fixture(params=["json", "console"])
def lines(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logs(request.param)
    yield stream
    root.handlers[:], root.level = kept, level
    structlog.reset_defaults()


class Slots(BaseModel):
    quantity: int


def breaks(words: str) -> None:
    said = words  # a local variable, as a turn has them
    try:
        Slots.model_validate({"quantity": said})
    except ValueError as error:
        raise KeyError(said) from error


def test_neither_messages_nor_variables_are_logged_but_the_place_is(lines: io.StringIO) -> None:
    try:
        breaks(WORDS)
    except KeyError as error:
        structlog.get_logger("turns").error("turn failed", exc_info=error)
        logging.getLogger("aiohttp.server").exception("Error handling request")
    logged = lines.getvalue()
    for word in WORDS.split():
        assert f" {word}" not in logged
    assert logged.count("in breaks") == 2 * 2  # both loggers, both links of the chain
    assert "KeyError" in logged
    assert "ValidationError" in logged


async def test_what_postgresql_quotes_is_not_logged(lines: io.StringIO, db: Database) -> None:
    with pytest.raises(psycopg.DataError) as caught:
        async with db.begin() as tx:
            await tx.execute("SELECT %s::jsonb", f'{{"text": "{WORDS}')
    assert WORDS in str(caught.value), "this is what must not come through"
    structlog.get_logger("turns").error("turn failed", exc_info=caught.value)
    assert "neighbour" not in lines.getvalue()
    assert "22P02" in lines.getvalue()


async def test_a_forgotten_task_does_not_tell_either(lines: io.StringIO) -> None:
    async def forgotten() -> None:
        raise ValueError(WORDS)

    task = asyncio.create_task(forgotten())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    await asyncio.sleep(0)
    assert "never retrieved" in lines.getvalue()
    assert "neighbour" not in lines.getvalue()


def test_our_own_words_stay() -> None:
    error = RuntimeError("Cannot write to closing transport")
    assert told_traceback(error).endswith("RuntimeError: Cannot write to closing transport")
