"""What became of the cases: for people at a terminal, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rich.console import Console
from rich.markup import escape

Who = Literal["customer", "bot", "manager", "system", "event"]
STYLES: dict[str, str] = {"customer": "cyan", "bot": "green", "manager": "magenta", "system": "yellow", "event": "dim"}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said or that happened. `name` is the second customer's or the manager's."""

    who: Who
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """The first line of the script that was not kept, and why."""

    line: int
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseResult:
    file: str
    case: str
    channel: str
    failure: Failure | None
    said: tuple[Said, ...]
    end: dict[str, object] = field(default_factory=dict)  # the state at the end, in the words of `end:`
    seconds: float = 0.0
    runs: int = 1  # how often it was played
    passes: int = 1  # how often it passed

    @property
    def passed(self) -> bool:
        return self.failure is None


def told_as_json(results: Sequence[CaseResult]) -> str:
    """A list with one object for each case."""
    return json.dumps([_plain(result) for result in results], ensure_ascii=False, indent=2)


def _plain(result: CaseResult) -> dict[str, object]:
    failure = result.failure
    return {
        "file": result.file,
        "case": result.case,
        "channel": result.channel,
        "pass": result.passed,
        "runs": result.runs,
        "passes": result.passes,
        "first_failing_line": {"line": failure.line, "text": failure.text, "why": failure.why} if failure else None,
        "said": [
            {"from": said.who, **({"name": said.name} if said.name else {}), "text": said.text} for said in result.said
        ],
        "end": result.end,
        "seconds": round(result.seconds, 3),
    }


def show(results: Sequence[CaseResult], screen: Console) -> None:
    """One line for each case; what was said only where a case failed."""
    for result in results:
        mark = "[green]pass[/]" if result.passed else "[bold red]FAIL[/]"
        screen.print(f"{mark}  {escape(result.case)}  [dim]{escape(result.file)}[/]", highlight=False)
        if failure := result.failure:
            screen.print(f"      line {failure.line}: {escape(failure.text)}", highlight=False)
            screen.print(f"      [red]{escape(failure.why)}[/]", highlight=False)
            for said in result.said:
                _show(said, screen)
    failed = sum(not result.passed for result in results)
    screen.print(f"{len(results) - failed} of {len(results)} cases pass.", highlight=False)
    if any(result.runs > 1 for result in results):
        for language, share, cases in always_passed(results):
            screen.print(f"  pass^{results[0].runs} {language}: {share:.3f} of {cases} cases", highlight=False)


def always_passed(results: Sequence[CaseResult]) -> list[tuple[str, float, int]]:
    """(language at the end, share of its cases that passed every time, cases)."""
    groups: dict[str, list[bool]] = {}
    for result in results:
        groups.setdefault(str(result.end.get("locale", "?")), []).append(result.passes == result.runs)
    return [(language, sum(each) / len(each), len(each)) for language, each in sorted(groups.items())]


def together(rounds: Sequence[CaseResult]) -> CaseResult:
    """A case that was played several times: what the first failure was, if there was one, and how often it passed."""
    told = next((one for one in rounds if not one.passed), rounds[-1])
    return replace(told, runs=len(rounds), passes=sum(one.passed for one in rounds))


def _show(said: Said, screen: Console) -> None:
    speaker = said.name or said.who
    first, *more = said.text.splitlines() or [""]
    screen.print(f"        [{STYLES[said.who]}]{escape(speaker):>10}[/]  {escape(first)}", highlight=False)
    for line in more:
        screen.print(f"        {'':>10}  {escape(line)}", highlight=False)


def transcript(result: CaseResult) -> str:
    """What was said, as plain text, for a test that failed."""
    lines = [f"{said.name or said.who:>10}  " + said.text.replace("\n", f"\n{'':>12}") for said in result.said]
    if failure := result.failure:
        lines.append(f"{result.file}, line {failure.line}, case {result.case!r}: {failure.text}: {failure.why}")
    return "\n".join(lines)
