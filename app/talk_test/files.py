"""Files of conversation scripts: read as written, and every mistake told on one line with file, line and case."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app.talk_test.grammar import Case
from base.errors import ShopkeeperError
from shop.yamlfile import Place, YamlFile, in_plain_words, known_place


class BrokenScript(ShopkeeperError):
    """Scripts that do not keep to the grammar: one line for each mistake."""


@dataclass(frozen=True, slots=True)
class Script:
    """One case and where it stands: the lines of the file on which its talk and its end are written."""

    file: Path
    case: Case
    line: int
    given_lines: tuple[int, ...]
    talk_lines: tuple[int, ...]
    end_line: int

    @property
    def name(self) -> str:
        return self.case.case


class ScriptFile(YamlFile):
    """One file of cases."""

    def cases(self) -> tuple[Script, ...]:
        """All cases of the file. Raises BrokenScript with one line per mistake."""
        if not isinstance(self.value, list) or not self.value:
            raise BrokenScript(f"{self.path}: a script is a list of cases.", "Begin with `- case: a-name`.")
        scripts: list[Script] = []
        wrong: list[tuple[Place, str]] = []
        names: dict[str, int] = {}
        for index, value in enumerate(self.value):
            try:
                case = Case.model_validate(value)
            except ValidationError as error:
                wrong += [
                    ((index, *known_place(mistake["loc"])), in_plain_words(mistake)) for mistake in error.errors()
                ]
                continue
            if case.case in names:
                wrong.append(((index, "case"), f"this name is taken by the case on line {names[case.case]}."))
            names.setdefault(case.case, self.line((index,)))
            scripts.append(self._script(index, case))
        if wrong:
            raise BrokenScript("\n".join(self._told(wrong)))
        return tuple(scripts)

    def line(self, place: Place) -> int:
        """The line on which this stands, or the nearest thing around it."""
        while place and place not in self._lines:
            place = place[:-1]
        return self._lines.get(place, 1)

    def _script(self, index: int, case: Case) -> Script:
        return Script(
            file=self.path,
            case=case,
            line=self.line((index,)),
            given_lines=tuple(self.line((index, "given", i)) for i in range(len(case.given))),
            talk_lines=tuple(self.line((index, "talk", i)) for i in range(len(case.talk))),
            end_line=self.line((index, "end")),
        )

    def _told(self, wrong: Iterable[tuple[Place, str]]) -> list[str]:
        return [
            f"{self.path}, line {self._line_of(place, what)}, case {self._name(place)}: {_spot(place)}{what}"
            for place, what in sorted(wrong, key=lambda mistake: self._line_of(*mistake))
        ]

    def _line_of(self, place: Place, what: str) -> int:
        strange = re.match(r"'([^']*)' is not known here", what)
        return self.line((*place, strange[1])) if strange else self.line(place)

    def _name(self, place: Place) -> str:
        index = place[0]
        value = self.value[index] if isinstance(self.value, list) and isinstance(index, int) else None
        named = value.get("case") if isinstance(value, dict) else None
        return repr(str(named)) if named else f"number {int(index) + 1}"


def _spot(place: Place) -> str:
    """`talk 3: bot.has: ` for a mistake in the third line of the talk."""
    rest = [str(part) for part in place[1:]]
    if len(place) > 2 and isinstance(place[2], int):
        rest = [f"{place[1]} {place[2] + 1}", *([".".join(rest[2:])] if rest[2:] else [])]
        return ": ".join(rest) + ": "
    return ".".join(rest) + ": " if rest else ""


def read_scripts(files: Iterable[Path]) -> tuple[Script, ...]:
    """All cases of these files; a folder stands for its *.yml files. Raises BrokenScript with every mistake found."""
    scripts: list[Script] = []
    wrong: list[str] = []
    for path in _files(files):
        try:
            scripts += ScriptFile(path).cases()
        except ShopkeeperError as error:
            wrong.append(str(error))
    if wrong:
        raise BrokenScript("\n".join(wrong))
    if not scripts:
        raise BrokenScript("There is no script.", "Name a .yml file, or a folder with some.")
    return tuple(scripts)


def _files(files: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in files:
        found += sorted([*path.glob("*.yml"), *path.glob("*.yaml")]) if path.is_dir() else [path]
    return found
