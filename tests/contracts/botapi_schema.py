"""Checks every call against the official schema of the Bot API and the limits written in its descriptions."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

SCHEMA_NAME = "telegram-bot-api-10.3.json"
FILE = object()  # stands for an uploaded file among the parameters

# Limits are written in prose: "1-64 bytes", "0-200 characters". Those after entity parsing are the server's own work.
LENGTH = re.compile(r"\b(\d+)-(\d+) (characters|bytes)(?! after entit)")
BUTTON_EXTRAS = {"text", "icon_custom_emoji_id", "style"}


def shared_folder() -> Path:
    """Where the shared material lies: SHOPKEEPER_SHARED, else beside the checkout."""
    given = os.environ.get("SHOPKEEPER_SHARED")
    return Path(given) if given else Path(__file__).resolve().parents[2].parent / "shared"


def why_no_schema() -> str:
    """A reason to skip, or an empty string when the schema is here."""
    path = shared_folder() / "specs" / SCHEMA_NAME
    return "" if path.is_file() else f"the Bot API schema is absent: {path} (set SHOPKEEPER_SHARED)"


class Broken(Exception):
    """A call that the platform would refuse."""


class Schema:
    """Methods and types of the Bot API, as published."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._entries = {entry["name"]: entry for chapter in document["items"] for entry in chapter["children"]}
        self._by_lower_case = {name.lower(): name for name in self._entries if name[0].islower()}

    @classmethod
    def load(cls) -> Schema | None:
        """The shared schema, or None where it is absent."""
        if why_no_schema():
            return None
        return cls(_published(shared_folder() / "specs" / SCHEMA_NAME))

    def parameters(self, method: str, raw: Mapping[str, object]) -> dict[str, Any]:
        """The parameters of a call, decoded as the platform decodes them. Raises Broken."""
        name = self._by_lower_case.get(method.lower())
        if name is None:
            raise Broken(f"unknown method {method}")
        fields = self.fields(name)
        unknown = [given for given in raw if given not in fields]
        if unknown:
            raise Broken(f"{name}: unknown parameters {', '.join(unknown)}")
        decoded = {given: self._decoded(value, fields[given]["type"]) for given, value in raw.items()}
        self._check_fields(decoded, fields, name)
        return decoded

    def check(self, value: object, type_name: str, where: str) -> None:
        """Whether `value` has the type that the schema gives it. Raises Broken."""
        if type_name.startswith("Array of "):
            if not isinstance(value, list):
                raise Broken(f"{where}: not an array")
            for place, item in enumerate(value):
                self.check(item, type_name.removeprefix("Array of "), f"{where}[{place}]")
            return
        choices = re.split(r" or |, (?:and )?| and ", type_name)
        if len(choices) > 1:
            self._check_any(value, choices, where)
        elif type_name in PLAIN:
            if not PLAIN[type_name](value):
                raise Broken(f"{where}: {value!r} is not {type_name}")
        elif type_name in self._entries:
            self._check_object(value, type_name, where)

    # ---- inside ----------------------------------------------------------------------------------

    def fields(self, name: str) -> dict[str, Any]:
        """Fields of a type or parameters of a method, by name."""
        return {field["name"]: field for field in self._entries[name]["annotations"]}

    def _decoded(self, value: object, type_name: str) -> object:
        """Forms carry text: numbers, truths and objects are read by the type that the schema gives."""
        if not isinstance(value, str):
            return value
        kinds = re.split(r" or ", type_name)
        if "Boolean" in kinds or "True" in kinds:
            return {"true": True, "True": True, "1": True, "false": False, "False": False, "0": False}.get(value, value)
        if "Integer" in kinds and re.fullmatch(r"-?\d+", value):
            return int(value)
        if "Float" in kinds and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return float(value)
        if "String" in kinds or kinds == ["InputFile"]:
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise Broken(f"can't parse {type_name} JSON object") from None

    def _check_fields(self, given: Mapping[str, Any], fields: Mapping[str, Any], where: str) -> None:
        for name, field in fields.items():
            if name not in given:
                if field.get("required"):
                    raise Broken(f"{where}: parameter {name} is missing")
                continue
            self.check(given[name], field["type"], f"{where}.{name}")
            self._check_length(given[name], field["description"], f"{where}.{name}")

    def _check_length(self, value: object, description: str, where: str) -> None:
        found = LENGTH.search(description)
        if not isinstance(value, str) or found is None:
            return
        length = len(value.encode()) if found[3] == "bytes" else len(value)
        if not int(found[1]) <= length <= int(found[2]):
            raise Broken(f"{where}: {length} {found[3]}, allowed are {found[1]}-{found[2]}")

    def _check_any(self, value: object, choices: Sequence[str], where: str) -> None:
        reasons = []
        for choice in choices:
            try:
                self.check(value, choice, where)
                return
            except Broken as reason:
                reasons.append(str(reason))
        raise Broken("; ".join(reasons))

    def _check_object(self, value: object, type_name: str, where: str) -> None:
        kinds = list(self._kinds_of(type_name))
        if kinds:
            self._check_any(value, kinds, where)
            return
        if type_name == "InputFile":
            if value is not FILE and not (isinstance(value, str) and value.startswith("attach://")):
                raise Broken(f"{where}: not a file")
            return
        if not isinstance(value, dict):
            raise Broken(f"{where}: not an object of type {type_name}")
        fields = self.fields(type_name)
        unknown = [name for name in value if name not in fields]
        if unknown:
            raise Broken(f"{where}: unknown fields {', '.join(unknown)} of {type_name}")
        self._check_fields(value, fields, where)
        if type_name == "InlineKeyboardButton" and len(set(value) - BUTTON_EXTRAS) != 1:
            raise Broken(f"{where}: a button needs exactly one action, not {sorted(set(value) - BUTTON_EXTRAS)}")

    def _kinds_of(self, type_name: str) -> Iterator[str]:
        """Names of the types that a union such as InputMedia stands for; they are listed in its description."""
        entry = self._entries[type_name]
        if not entry["annotations"]:
            listed = re.findall(r"^ - (\w+)$", entry["description"], re.MULTILINE)
            yield from (name for name in listed if name in self._entries)


@cache
def _published(path: Path) -> Mapping[str, Any]:
    document: Mapping[str, Any] = json.loads(path.read_text())
    return document


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


PLAIN: dict[str, Callable[[object], bool]] = {
    "String": lambda value: isinstance(value, str),
    "Integer": _is_whole,
    "Float": lambda value: _is_whole(value) or isinstance(value, float),
    "Boolean": lambda value: isinstance(value, bool),
    "True": lambda value: value is True,
}
