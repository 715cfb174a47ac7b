"""Small helpers of all measurements: percentiles, memory, a fresh database."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path

import psutil
import psycopg

from app.tables import create_schema
from base.embedded import start_embedded


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of all lie, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> str:
    """p50 and p99 of seconds, written in milliseconds."""
    return f"p50 {percentile(values, 0.5) * 1000:7.2f} ms   p99 {percentile(values, 0.99) * 1000:7.2f} ms"


def memory() -> str:
    return f"{psutil.Process().memory_info().rss / 2**20:.0f} MB"


def fresh_database(home: Path) -> str:
    """The address of a new database with today's schema, on the embedded server."""
    url = start_embedded(home)
    name = f"bench_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    before, _, options = url.partition("?")
    fresh = f"{before.rpartition('/')[0]}/{name}?{options}"
    create_schema(fresh)
    return fresh
