"""The samples of webhooks, as deliveries, and the ways in which each can be damaged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.botapi_schema import shared_folder

FOLDER = shared_folder() / "samples"
META = sorted(path for name in ("messenger", "instagram") for path in FOLDER.glob(f"{name}__*.json"))
TELEGRAM = sorted(FOLDER.glob("telegram__*.json"))
needs_samples = pytest.mark.skipif(not META, reason=f"no samples in {FOLDER}")
WRONG: tuple[Any, ...] = (None, 7, -1.5, "", "x", True, [], {}, [None, 1, "x", {}], {"id": 3}, "9" * 400, "ж" * 3000)


def whole(path: Path) -> dict[str, Any]:
    """A sample as a delivery: bare items get the envelope that the platform puts around them."""
    told: dict[str, Any] = json.loads(path.read_bytes())
    if "__bare_" not in path.name:
        return told
    if path.name.startswith("telegram"):
        return {"update_id": 5, "message": told}
    return {"object": "page", "entry": [{"id": "1", "time": 1_772_998_114_000, "messaging": [told]}]}


def account_of(path: Path) -> str:
    """The account of Meta's that the first item of a sample was sent to."""
    entries = whole(path)["entry"]
    items = [item for entry in entries for item in inbox(entry) if "recipient" in item]
    sent = [item["sender" if item.get("message", {}).get("is_echo") else "recipient"]["id"] for item in items]
    return next(iter([*sent, *(entry["id"] for entry in entries if "changes" in entry)]), "1")


def inbox(entry: dict[str, Any]) -> list[Any]:
    """What a batch says of conversations, ours and those that another app leads."""
    return [*entry.get("messaging", ()), *entry.get("standby", ())]


def damages(told: Any) -> Iterator[Any]:
    """`told` with each field left out, or made of each wrong kind."""
    spelled = json.dumps(told)
    for way in ways(told):
        for wrong in (*WRONG, ...):
            damaged = json.loads(spelled)
            place = damaged
            for step in way[:-1]:
                place = place[step]
            if wrong is ...:
                del place[way[-1]]
            else:
                place[way[-1]] = wrong
            yield damaged


def ways(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """To each thing in `value`, as keys and indices."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, below in steps:
        yield (*before, step)
        yield from ways(below, (*before, step))
