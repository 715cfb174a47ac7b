"""Reads training examples in Rasa's format (data/intents.yml), and says in which line they cannot be read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from base.errors import ShopkeeperError

_SPAN = re.compile(r"\[(?P<text>[^\[\]]+)\](?:\((?P<entity>[^()]+)\)|(?P<json>\{[^{}]*\}))")
_MEND = "Look at docs of Rasa 3.1 training data (nlu.yml), and correct that line."
ENTITIES = frozenset(
    [
        "city",
        "color",
        "delivery",
        "payment",
        "person",
        "price",
        "product",
        "promo_code",
        "quantity",
        "recipient_kind",
        "size",
    ]
)
_OTHER_KEYS = ("synonym", "regex", "lookup")


@dataclass(frozen=True, slots=True)
class Span:
    """An annotated part of an example: `entity` is its kind, `value` what it stands for."""

    start: int
    end: int
    entity: str
    value: str


@dataclass(frozen=True, slots=True)
class Example:
    """One thing a customer says, and what he means by it."""

    text: str
    intent: str
    language: str | None
    spans: tuple[Span, ...] = ()
    line: int = 0  # of its file


class _Loader(yaml.CSafeLoader):
    """YAML that remembers in which line each mapping and each text began."""


class _Lines(dict[str, object]):
    line: int = 0
    lines: dict[str, int]


def _mapping(loader: _Loader, node: yaml.MappingNode) -> _Lines:
    seen = _Lines({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})
    seen.line = node.start_mark.line + 1
    seen.lines = {}
    for key, value in node.value:
        first = value.start_mark.line + 1
        block = isinstance(value, yaml.ScalarNode) and value.style in ("|", ">")
        seen.lines[str(key.value)] = first + 1 if block else first
    return seen


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_examples(path: Path) -> tuple[Example, ...]:
    """All examples of one file, in its order. Raises ShopkeeperError that names file, line and remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ShopkeeperError(f"{path} is missing.", "Put the training examples there, or restore the file.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ShopkeeperError(f"{path}, line {line}: this is not UTF-8 text.", "Save the file as UTF-8.") from None
    except OSError as error:
        raise ShopkeeperError(f"{path} cannot be read: {error.strerror}.", "Let the shop read it.") from error
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader that also keeps line numbers)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else text[: getattr(error, "position", 0)].count("\n") + 1
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "not YAML"
        raise ShopkeeperError(f"{path}, line {line}: {problem}.", "Check the indentation and quotes there.") from error
    if not isinstance(document, _Lines) or not isinstance(document.get("nlu"), list):
        raise ShopkeeperError(f"{path}, line 1: there is no list `nlu:`.", _MEND)
    blocks = document["nlu"]
    assert isinstance(blocks, list)
    return tuple(example for block in blocks for example in _block(block, path))


def same(text: str) -> str:
    """What two examples have in common that say the same."""
    return " ".join(text.casefold().strip(" ?!.¿¡").split())


def escaped(text: str) -> str:
    """A customer's words as an example without annotations."""
    return text.replace("[", "(").replace("]", ")")


def _block(block: object, path: Path) -> Iterator[Example]:
    if not isinstance(block, _Lines):
        raise ShopkeeperError(f"{path}: an entry of `nlu:` is not a block with `intent:`: {block!r:.60}.", _MEND)
    if any(key in block for key in _OTHER_KEYS):
        return
    intent = block.get("intent")
    if not isinstance(intent, str) or not intent:
        raise ShopkeeperError(f"{path}, line {block.line}: a block without `intent:`.", _MEND)
    examples = block.get("examples")
    language = _language(block)
    if isinstance(examples, str):
        first = block.lines["examples"]
        for number, line in enumerate(examples.splitlines()):
            if line.strip():
                yield _example(line, intent, language, path, first + number)
    elif isinstance(examples, list):
        for entry in examples:
            if not isinstance(entry, _Lines) or not isinstance(entry.get("text"), str):
                raise ShopkeeperError(f"{path}, line {block.line}: an example without `text:`.", _MEND)
            first = entry.lines["text"]
            yield _example("- " + str(entry["text"]).strip(), intent, _language(entry) or language, path, first)
    else:
        raise ShopkeeperError(f"{path}, line {block.line}: the intent {intent} has no `examples:`.", _MEND)


def _language(block: _Lines) -> str | None:
    metadata = block.get("metadata")
    language = metadata.get("language") if isinstance(metadata, dict) else None
    return language if isinstance(language, str) else None


def _example(line: str, intent: str, language: str | None, path: Path, number: int) -> Example:
    stripped = line.strip()
    if not stripped.startswith("- "):
        raise ShopkeeperError(f"{path}, line {number}: an example begins with `- `, not with {stripped[:20]!r}.", _MEND)
    annotated = stripped[2:].strip()
    text, spans, last = "", [], 0
    for match in _SPAN.finditer(annotated):
        text += annotated[last : match.start()]
        entity, value = _annotation(match, path, number)
        spans.append(Span(len(text), len(text) + len(match["text"]), entity, value))
        text += match["text"]
        last = match.end()
    text += annotated[last:]
    if not text:
        raise ShopkeeperError(f"{path}, line {number}: an empty example.", _MEND)
    return Example(text, intent, language, tuple(spans), number)


def _annotation(match: re.Match[str], path: Path, number: int) -> tuple[str, str]:
    if match["entity"] is not None:
        entity, _, value = match["entity"].partition(":")
        return entity.strip(), value.strip() or match["text"]
    try:
        told = json.loads(match["json"])
    except json.JSONDecodeError:
        raise ShopkeeperError(f"{path}, line {number}: {match['json']} is not JSON.", _MEND) from None
    if not isinstance(told, dict) or not isinstance(told.get("entity"), str):
        raise ShopkeeperError(f"{path}, line {number}: {match['json']} names no entity.", _MEND)
    return told["entity"], str(told.get("value") or match["text"])
