"""An error inside the understanding looked like a message that was not understood: nobody heard of it."""

from __future__ import annotations

from pathlib import Path

from structlog.testing import capture_logs

from bot.nlu.classifier import Judged
from bot.nlu.embedded import EmbeddedUnderstanding, spelling
from bot.nlu.training import Example
from bot.understanding import Clause, Context, Parsed

EXAMPLES = [Example("hello", "greet", "en"), Example("bye", "goodbye", "en")]


class Broken:
    """A classifier that cannot answer."""

    def judge(self, text: str) -> Judged:
        raise ZeroDivisionError(text)


def test_a_message_that_breaks_the_reader_is_told_to_the_log(tmp_path: Path) -> None:
    broken = EmbeddedUnderstanding(Broken(), EXAMPLES, spelling(EXAMPLES, None), tmp_path)
    with capture_logs() as lines:
        parsed = broken.parse("for my neighbour Ruta")
    assert parsed.text == "for my neighbour Ruta", "nothing the customer wrote is lost"
    assert [line["event"] for line in lines] == ["a message was not parsed"]


def test_a_message_that_breaks_the_rules_is_told_to_the_log(tmp_path: Path) -> None:
    broken = EmbeddedUnderstanding(Broken(), EXAMPLES, spelling(EXAMPLES, None), tmp_path)
    with capture_logs() as lines:
        parsed = Parsed(text="two of them", clauses=(Clause.model_construct(),))
        heard = broken.interpret([parsed], Context())
    assert [act.intent for act in heard.acts] == ["unknown"]
    assert [line["event"] for line in lines] == ["a message was not interpreted"]
