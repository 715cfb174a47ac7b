"""An hour is no number of pieces."""

from __future__ import annotations

import pytest

from bot.nlu.readers import Readers, ordinary_words
from bot.nlu.spelling import Spelling
from bot.nlu.text import fold, tokens
from tests.unit.lumo_lexicon import LUMO

READERS = Readers(LUMO, ordinary_words(()), Spelling(()))


def pieces(said: str) -> list[str]:
    read = READERS.read(said, fold(said), tokens(said))
    return [mention.value for mention in read if mention.kind == "quantity"]


@pytest.mark.parametrize(
    "said", ["pon una alarma a las seis", "llámame a las 5", "wake me at 6 am", "call at three o'clock", "в семь утра"]
)
def test_an_hour_is_no_number_of_pieces(said: str) -> None:
    assert set(pieces(said)) <= {"1"}  # "una alarma" is one


def test_pieces_beside_an_hour_are_counted() -> None:
    assert pieces("dos, a las seis paso") == ["2"]
