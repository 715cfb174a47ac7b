"""The desk can be read: every pair of ink and ground keeps the contrast of WCAG 2.2, 1.4.3, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "app/web/static/desk/tokens.css").read_text(encoding="utf-8")
COLOURS = {
    name: (light, dark) for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
}
PAIRS = [
    *[(ink, ground) for ink in ("ink", "ink-soft") for ground in ("ground", "surface", "raised")],
    *[(ink, ground) for ink in ("ink", "ink-soft") for ground in ("accent-soft", "note-soft", "bad-soft")],
    *[(ink, "surface") for ink in ("accent", "warm", "bad", "note", "blue")],
    *[(ink, "ground") for ink in ("accent", "warm", "bad")],
    *[(ink, f"{ink}-soft") for ink in ("accent", "warm", "bad", "note", "blue")],
    ("warm", "accent-soft"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-hover"),
    ("surface", "warm"),
    ("note-soft", "note"),
]


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_stand_out_from_their_ground(ink: str, ground: str, scheme: int) -> None:
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["ground", "surface"])
def test_fields_have_edges_that_can_be_seen(ground: str, scheme: int) -> None:
    assert contrast(COLOURS["line-strong"][scheme], COLOURS[ground][scheme]) >= 3  # WCAG 2.2, 1.4.11
