"""Reading a YAML file that a shop owner wrote: nothing is guessed, and every mistake becomes one clear line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from base.errors import ShopkeeperError

Place = tuple[str | int, ...]
M = TypeVar("M", bound="Entry")


class Entry(BaseModel):
    """A frozen part of an owner's file. Unknown keys are refused, with the nearest known one named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _only_known_keys(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            return value
        known = [field.alias or name for name, field in cls.model_fields.items()]
        strange = [str(key) for key in value if key not in known]
        if strange:
            raise PydanticCustomError("unknown_keys", "unknown keys", {"strange": strange, "known": known})
        return value


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`Did you mean 'price'?`, or the list of what there is."""
    choices = list(known)
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(sorted(choices))}."


class _PlainLoader(yaml.CSafeLoader):
    """YAML without surprises: 3.50 keeps its zero, 15:00 is no number, `no` is a word and a date is text."""


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:merge", r"^(?:<<)$", "<"),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


class YamlFile:
    """One file as plain values, and the line on which each value stands."""

    def __init__(self, path: Path) -> None:
        """Raises ShopkeeperError when the file cannot be read, is not UTF-8 or not YAML, or names a key twice."""
        self.path = path
        self._lines: dict[Place, int] = {}
        loader: _PlainLoader | None = None
        try:
            loader = _PlainLoader(path.read_text(encoding="utf-8-sig"))
            node = loader.get_single_node()
            if node is not None:
                self._walk(node, ())
            self.value: object = loader.construct_document(node) if node is not None else {}
        except FileNotFoundError:
            raise ShopkeeperError(f"{path} is not there.", "Name a file that exists.") from None
        except OSError as error:
            raise ShopkeeperError(f"{path} cannot be read: {error.strerror}.") from None
        except UnicodeDecodeError:
            raise ShopkeeperError(f"{path} is not UTF-8 text.", "Save it again as UTF-8.") from None
        except yaml.YAMLError as error:
            raise ShopkeeperError(*_told(path, error)) from None
        finally:
            if loader is not None:
                loader.dispose()

    def where(self, place: Place) -> str:
        """`shop.yml, line 12, deliveries.dhl.price`: the place itself, or the nearest one around it."""
        around = place
        while around and around not in self._lines:
            around = around[:-1]
        line = f", line {self._lines[around]}" if around in self._lines else ""
        return f"{self.path}{line}" + (f", {'.'.join(map(str, place))}" if place else "")

    def read(self, model: type[M], context: Mapping[str, object] | None = None) -> M:
        """The file as `model`. Raises ShopkeeperError with one line per mistake."""
        if not isinstance(self.value, dict) or not self.value:
            raise ShopkeeperError(f"{self.path} has no `key: value` lines.", "Start from data/shop.yml.")
        try:
            return model.model_validate(self.value, context=dict(context or {}))
        except ValidationError as error:
            raise self.mistakes(told for mistake in error.errors() for told in _told_of(mistake)) from None

    def mistakes(self, found: Iterable[tuple[Place, str]]) -> ShopkeeperError:
        """An error to raise that tells each mistake on a line of its own, from the top of the file downwards."""
        told = sorted(found, key=lambda mistake: self._lines.get(mistake[0], 0))
        return ShopkeeperError("\n".join(f"{self.where(place)}: {what}" for place, what in told))

    def _walk(self, node: yaml.Node, place: Place) -> None:
        self._lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    raise yaml.MarkedYAMLError(problem=f"{key.value!r} stands here twice", problem_mark=key.start_mark)
                seen.add(key.value)
                self._walk(value, (*place, key.value))
                self._lines[(*place, key.value)] = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self._walk(value, (*place, index))


def _told(path: Path, error: yaml.YAMLError) -> tuple[str, str]:
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or "this is not YAML"
    return f"{path}{line}: {problem}.", "Check the indentation and the quotes there."


def known_place(place: tuple[int | str, ...]) -> Place:
    """pydantic adds names of validators to a place; the owner's file has none of them."""
    return tuple(
        part for part in place if not (isinstance(part, str) and ("[" in part or part.startswith("function-")))
    )


def _told_of(mistake: ErrorDetails) -> Iterator[tuple[Place, str]]:
    """One line for each unknown key, at the key itself; one for any other mistake."""
    place = known_place(mistake["loc"])
    if mistake["type"] == "unknown_keys":
        for key in mistake["ctx"]["strange"]:
            yield (*place, key), f"this is not known here. {did_you_mean(key, mistake['ctx']['known'])}"
    else:
        yield place, in_plain_words(mistake)


def in_plain_words(mistake: ErrorDetails) -> str:
    """One mistake that pydantic found, in words for a shop owner."""
    kind = mistake["type"]
    given = mistake.get("input")
    if kind == "unknown_keys":
        known = mistake["ctx"]["known"]
        return " ".join(f"{key!r} is not known here. {did_you_mean(key, known)}" for key in mistake["ctx"]["strange"])
    if kind == "missing":
        return "is missing. Add it."
    if kind == "value_error":
        return str(mistake["ctx"]["error"])
    wants = {
        "string_type": "must be words",
        "int_parsing": "must be a whole number",
        "int_type": "must be a whole number",
        "bool_type": "must be true or false",
        "bool_parsing": "must be true or false",
        "dict_type": "must have `key: value` lines below it",
        "model_type": "must have `key: value` lines below it",
        "tuple_type": "must be a list, such as [one, two]",
        "list_type": "must be a list, such as [one, two]",
        "date_from_datetime_parsing": "must be a date, such as 2026-11-24",
        "date_parsing": "must be a date, such as 2026-11-24",
    }.get(kind)
    if wants is None:
        wants = mistake["msg"][0].lower() + mistake["msg"][1:]
        wants = wants.replace("input should", "must", 1)
    shown = "" if isinstance(given, (dict, list)) else f", not {given!r}"
    return f"{wants}{shown}."
