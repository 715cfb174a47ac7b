"""How long a message is waited upon, and that nobody is waited upon for ever."""

from __future__ import annotations

import asyncio

import pytest

from bot.bursts import Bursts, patience
from bot.messages import Photo, Tap, Text


@pytest.mark.parametrize(
    ("words", "asked", "seconds"),
    [
        ("hi", False, 1.0),
        ("black mug", False, 1.0),
        ("2", True, 0.4),
        ("i would like a black mug", False, 0.6),
        ("how much is it?", False, 0.0),
        ("Add a mug.", False, 0.0),
        ("thanks :)", False, 0.0),
        ("дякую!  ", True, 0.0),
    ],
)
def test_a_finished_phrase_is_answered_at_once_and_a_beginning_is_waited_upon(
    words: str, asked: bool, seconds: float
) -> None:
    assert patience(Text(text=words), asked=asked, window=1.0) == pytest.approx(seconds)


def test_a_tap_and_a_photo_cut_the_wait() -> None:
    assert patience(Tap(payload="q1:x"), asked=True, window=1.0) == 0
    assert patience(Photo(reference="f"), asked=False, window=1.0) == 0


async def test_one_burst_is_over_once_after_its_last_message() -> None:
    over: list[str] = []
    bursts = Bursts(over.append)
    for _ in range(3):
        bursts.hold("a", 0.05)
    bursts.hold("b", 60)
    await asyncio.sleep(0.2)
    assert over == ["a"]
    bursts.hold("b", 0)
    assert over == ["a", "b"]


async def test_everybody_is_answered_when_the_process_closes() -> None:
    over: list[str] = []
    bursts = Bursts(over.append)
    bursts.hold("a", 60)
    bursts.hold("b", 60)
    bursts.end()
    assert over == ["a", "b"]


async def test_a_burst_without_an_end_is_answered_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.bursts.LONGEST", 0.1)
    over: list[str] = []
    bursts = Bursts(over.append)
    for _ in range(8):
        bursts.hold("a", 60)
        await asyncio.sleep(0.03)
    assert over
