"""data/intents.yml keeps to the rules of Rasa 3.1 training data, so that Rasa loads the file that we learn from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml

from app.settings import shipped_data
from bot.nlu.training import read_examples

PATH = shipped_data() / "intents.yml"
BLOCKS = {frozenset({"intent", "examples"}), frozenset({"intent", "examples", "metadata"})}
BRACKETS = re.compile(r"\[([^\[\]]*)\](\([^()]*\)|\{[^{}]*\}|)")
TYPE = re.compile(r"\([a-z_]+(:[^():]+)?\)")
ATTRIBUTES = {"entity", "value", "role", "group"}


def faults(text: str) -> Iterator[str]:
    """What Rasa would not load, or would read otherwise than we do."""
    document = yaml.safe_load(text)
    if set(document) != {"version", "nlu"} or document["version"] != "3.1":
        yield "the keys are `version`, which is the text 3.1, and `nlu`"
    for block in document["nlu"]:
        if frozenset(block) not in BLOCKS:
            yield f"keys {sorted(block)}"
            continue
        intent, examples = block["intent"], block["examples"]
        if not isinstance(intent, str) or not re.fullmatch(r"[a-z][a-z0-9_]*", intent):
            yield f"name of an intent {intent!r}"
        if not isinstance(examples, str) or not examples.strip():
            yield f"{intent}: examples are lines of text"
            continue
        for line in examples.splitlines():
            if not re.match(r"- \S", line):
                yield f"{intent}: {line!r} does not begin with `- `"
            yield from (f"{intent}: {line!r}: {fault}" for fault in _annotations(line))


def _annotations(line: str) -> Iterator[str]:
    if any(sign in BRACKETS.sub("", line) for sign in "[]"):
        yield "a bracket alone"
    for words, told in BRACKETS.findall(line):
        if not words.strip():
            yield "an entity without words"
        if told.startswith("{"):
            try:
                attributes = json.loads(told)
            except json.JSONDecodeError:
                yield f"{told} is not JSON"
                continue
            if "entity" not in attributes or set(attributes) - ATTRIBUTES:
                yield f"attributes {sorted(attributes)}"
            elif not all(isinstance(value, str) for value in attributes.values()):
                yield f"{told}: attributes are texts"
        elif not TYPE.fullmatch(told):
            yield f"{told!r} names no entity"


def test_the_examples_keep_to_the_format() -> None:
    assert list(faults(PATH.read_text("utf-8"))) == []


def test_both_of_us_read_the_same_examples() -> None:
    document = yaml.safe_load(PATH.read_text("utf-8"))
    theirs = [
        (block["intent"], BRACKETS.sub(r"\1", line[2:]).strip())
        for block in document["nlu"]
        for line in block["examples"].splitlines()
    ]
    assert [(example.intent, example.text) for example in read_examples(PATH)] == theirs


@pytest.mark.parametrize(
    ("examples", "said"),
    [
        ('- two [mugs](product)\n- a [cup]{"entity": "product", "value": "mug"}', None),
        ("hello", "does not begin"),
        ("- a [mug", "a bracket alone"),
        ("- a [mug]", "names no entity"),
        ("- a [mug]()", "names no entity"),
        ("- a [](product)", "without words"),
        ("- a [mug]{'entity': 'product'}", "is not JSON"),
        ('- a [mug]{"value": "mug"}', "attributes"),
        ('- a [mug]{"entity": "product", "colour": "red"}', "attributes"),
        ('- [2]{"entity": "quantity", "value": 2}', "attributes are texts"),
    ],
)
def test_the_check_finds_what_rasa_would_not_take(examples: str, said: str | None) -> None:
    block = {"intent": "add_item", "examples": examples + "\n"}
    found = list(faults(yaml.safe_dump({"version": "3.1", "nlu": [block]})))
    assert found == [] if said is None else said in found[0]
