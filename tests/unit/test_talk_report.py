"""What is told of cases that were played several times."""

from __future__ import annotations

from app.talk_test.report import CaseResult, Failure, always_passed, together

FAILURE = Failure(3, "bot: {has: [x]}", "'x' was not said.")


def _played(case: str, locale: str, *failures: Failure | None) -> CaseResult:
    return together([CaseResult("f.yml", case, "recording", one, (), {"locale": locale}) for one in failures])


def test_a_case_passes_when_it_passes_every_time() -> None:
    steady, shaky = _played("a", "ru", None, None, None), _played("b", "ru", None, FAILURE, None)
    assert (steady.passed, steady.runs, steady.passes) == (True, 3, 3)
    assert (shaky.passed, shaky.runs, shaky.passes) == (False, 3, 2)
    assert shaky.failure == FAILURE


def test_each_language_has_its_own_share() -> None:
    results = [_played("a", "ru", None, None), _played("b", "ru", FAILURE, None), _played("c", "es", None, None)]
    assert always_passed(results) == [("es", 1.0, 1), ("ru", 0.5, 2)]
