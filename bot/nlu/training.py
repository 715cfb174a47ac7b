"""Reads training examples in Rasa's format (data/intents.yml), and says in which line what is wrong with them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
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
FEWEST = 3  # examples of an intent
_CYRILLIC = frozenset("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя")
_ALPHABETS = {"en": _CYRILLIC, "es": _CYRILLIC}  # letters that a language does not have; translit is fine in the others
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
    except (OSError, UnicodeDecodeError) as error:
        raise ShopkeeperError(f"{path} cannot be read: {error}.", "It must be readable UTF-8 text.") from error
    try:
        document = yaml.load(text, Loader=_Loader)  # noqa: S506  (a SafeLoader that also keeps line numbers)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or "not YAML"
        raise ShopkeeperError(f"{path}, line {line}: {problem}.", "Check the indentation and quotes there.") from error
    if not isinstance(document, _Lines) or not isinstance(document.get("nlu"), list):
        raise ShopkeeperError(f"{path}, line 1: there is no list `nlu:`.", _MEND)
    blocks = document["nlu"]
    assert isinstance(blocks, list)
    return tuple(example for block in blocks for example in _block(block, path))


def faults(examples: Sequence[Example], *, entities: Collection[str]) -> list[str]:
    """What a classifier cannot learn from, one line for each mistake, each with its line in the file.

    Too few examples of an intent, an example that is there twice or under two intents, an entity nobody reads, one that
    is a part of a word (Rasa leaves it out), and a block whose language is not the one that its words are written in.
    """
    told: list[tuple[int, str]] = []
    first: dict[tuple[str | None, str], Example] = {}
    for one in examples:
        known = first.setdefault((one.language, same(one.text)), one)
        if known is not one and known.intent == one.intent:
            told.append((one.line, f"{one.text!r} is in line {known.line} already: take one of them out."))
        elif known is not one:
            told.append(
                (one.line, f"{one.text!r} is {one.intent} here and {known.intent} in line {known.line}: decide.")
            )
        for span in one.spans:
            if span.entity not in entities:
                told.append((one.line, f"unknown entity {span.entity!r}: there is {', '.join(sorted(entities))}."))
            if _cuts_a_word(one.text, span.start) or _cuts_a_word(one.text, span.end):
                told.append(
                    (
                        one.line,
                        f"{one.text!r}: [{one.text[span.start : span.end]}] is a part of a word: mark all of it.",
                    )
                )
        if one.language in _ALPHABETS and not _written_in(one):
            told.append((one.line, f"{one.text!r} is not written in {one.language}: move it to its language."))
    for intent, count in Counter(one.intent for one in examples).items():
        if count < FEWEST:
            line = next(one.line for one in examples if one.intent == intent)
            told.append((line, f"the intent {intent} has {count} examples: write at least {FEWEST}."))
    return [f"line {line}: {what}" for line, what in sorted(told)]


def _cuts_a_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def same(text: str) -> str:
    """What two examples have in common that say the same."""
    return " ".join(text.casefold().strip(" ?!.¿¡").split())


def escaped(text: str) -> str:
    """A customer's words as an example without annotations."""
    return text.replace("[", "(").replace("]", ")")


def _written_in(example: Example) -> bool:
    letters = [letter for letter in example.text.casefold() if letter.isalpha()]
    foreign = [letter for letter in letters if letter in _ALPHABETS[example.language or ""]]
    return len(foreign) * 2 <= len(letters)


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
