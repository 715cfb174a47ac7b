"""Neither a secret nor a customer's words come into a log."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import psycopg
import pytest
import structlog
from procrastinate.exceptions import ConnectorException

from app.logs import scrubbed, set_up_logs, told_traceback


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is logged as JSON; the logging of the tests is put back afterwards."""
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    set_up_logs("json")
    yield stream
    root.handlers[:], root.level = kept, level
    structlog.reset_defaults()


def told(stream: io.StringIO) -> dict[str, object]:
    line = stream.getvalue().splitlines()[-1]
    event: dict[str, object] = json.loads(line)
    return event


@pytest.mark.parametrize(
    "secret",
    [
        "postgresql://shop:hunter2@db.example/shop",
        "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.abc",
        "sk_live_51HxYzAbCdEf",
        "whsec_0123456789abcdef",
        "/pay/U5W0oWlK0qIHFEgmIcr-83woiZ392jizv83HMF-QwdA",
        "ana.petraite+shop@example.lt",
        "+370 600 00001",
        "0037060000001",
        "067 123 45 67",
        "380671234567",
        "DETAIL: Key (login)=(anna) already exists.",
        "Failing row contains (1, Ana, Gedimino 5).",
    ],
)
def test_what_looks_private_is_masked_anywhere_in_a_line(secret: str) -> None:
    masked = scrubbed(f"it went wrong: {secret} and then")
    for part in ("hunter2", "AAHdq", "eyJ", "51Hx", "0123456789abcdef", "U5W0", "petraite", "60000001", "600 00001",
                 "123 45 67", "380671234567", "anna", "Gedimino"):  # fmt: skip
        assert part not in masked
    assert masked.startswith("it went wrong:")


@pytest.mark.parametrize(
    "harmless",
    [
        "order LU-81D3-XP0H is paid",
        "2026-11-24T12:00:00+02:00",
        "conversation a560b3507069429f95d8e8276803c5f2",
        "http://127.0.0.1:8080/desk",
        "took 0.0123456 s",
        "28.00 EUR",
        "version 3.11.7, port 8080",
    ],
)
def test_what_helps_to_find_a_mistake_stays(harmless: str) -> None:
    assert scrubbed(harmless) == harmless


def test_fields_of_a_person_are_dropped_by_name(lines: io.StringIO) -> None:
    structlog.get_logger("shop").info(
        "placed", order="LU-1", text="a gift for my wife", recipient="Ana", telegram_token="x", seconds=0.2,
        customer={"phone": "1", "id": "c1"},
    )  # fmt: skip
    event = told(lines)
    assert "wife" not in json.dumps(event)
    assert event["event"] == "placed"
    assert event["order"] == "LU-1"
    assert event["seconds"] == 0.2
    assert event["customer"] == {"phone": "•••", "id": "c1"}
    assert (event["text"], event["recipient"], event["telegram_token"]) == ("•••", "•••", "•••")


def test_tracebacks_and_libraries_are_scrubbed_too(lines: io.StringIO) -> None:
    try:
        raise ValueError("cannot write to ana@example.lt")
    except ValueError:
        logging.getLogger("some.library").exception("failed for %s", "+37060000001")
    event = told(lines)
    assert event["event"] == "failed for •••"
    assert "ValueError" in str(event["exception"])
    assert "ana@example.lt" not in lines.getvalue()
    assert "37060000001" not in lines.getvalue()


def test_each_line_is_one_json_object(lines: io.StringIO) -> None:
    logging.getLogger("a").warning("first\nsecond")
    structlog.get_logger("b").info("third")
    assert [json.loads(line)["level"] for line in lines.getvalue().splitlines()] == ["warning", "info"]


def test_a_job_that_another_worker_has_by_now_is_one_line() -> None:
    lost = ConnectorException()
    lost.__cause__ = psycopg.errors.RaiseException('Job was not found or not in "doing" status (job id: 7)')
    assert told_traceback(lost) == "ConnectorException: the job belongs to another worker now"
