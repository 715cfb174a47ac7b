"""The desk speaks a seller's words."""

from __future__ import annotations

import inspect
import re

from bot import render_fit
from desk.words import PLAINER, plainer_words


def test_there_are_words_for_everything_that_is_made_plainer() -> None:
    notes = re.findall(r'notes\.append\(f?"([^"]+)"\)', inspect.getsource(render_fit))
    asks = {f"ask {what}: typed" for what in ("phone", "email", "location")}
    assert set(PLAINER) == {*notes, *asks} - {"ask {what}: typed"}
    assert plainer_words(("cards: text", "a note of tomorrow")) == "cards as a list, a note of tomorrow"
