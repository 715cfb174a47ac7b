"""Careful reading of JSON from outside: a field that is missing or of the wrong type is an empty one. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from base.text import writable

Json = Mapping[str, object]
IDENTITY = re.compile(r"[!-~]{1,100}")
DIGITS = re.compile(r"-?[0-9]{1,18}")
IN_MILLISECONDS = 100_000_000_000  # a smaller number is one of seconds: as milliseconds it would lie before 1974


def parsed(body: bytes) -> Json:
    """The object in `body`; an empty one for what is no JSON, no object, or nested to exhaust us."""
    try:
        return fields(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def fields(value: object) -> Json:
    """`value` where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> Iterable[Json]:
    """The objects in a list; all else in it is passed over."""
    return (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))


def text(of: Json, name: str) -> str:
    """A string that every store can hold."""
    value = of.get(name)
    return writable(value) if isinstance(value, str) else ""


def strings(value: object) -> list[str]:
    """The strings in a list; all else in it is passed over."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def identity(of: Json) -> str:
    """The id of a person or an account: digits as a rule. Nothing where it has not the form of an id."""
    value = of.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 2**63 else ""
    return value if isinstance(value, str) and IDENTITY.fullmatch(value) else ""


def whole(of: Json, name: str) -> int | None:
    """A whole number; Meta's test events write it as a string."""
    value = of.get(name)
    if isinstance(value, str) and DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        return None
    return value


def milliseconds(of: Json, name: str) -> int | None:
    """A moment of the platform in milliseconds, also where it was written in seconds."""
    value = whole(of, name)
    if value is None or not 0 <= value < 2**53:
        return None
    return value if value >= IN_MILLISECONDS else value * 1000


def moment(value: int) -> datetime:
    """The same moment as a date; one that no calendar holds is the beginning of time."""
    try:
        return datetime.fromtimestamp(value / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def degrees(of: Json, name: str, most: float) -> float | None:
    """A coordinate, at most `most` away from zero; some write it as a string."""
    value = of.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) and abs(found) <= most else None
