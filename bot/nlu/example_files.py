"""Files of examples to measure with, and parts of them that are held out."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from base.errors import ShopkeeperError
from bot.nlu.training import Example, read_examples

FOLDS = 5
_MEND = "Name a .yml file in Rasa's format, or one of lines text<TAB>intent."
_HEADINGS = frozenset([("text", "intent"), ("text", "label"), ("text", "category")])


def read_any(path: Path) -> tuple[Example, ...]:
    """Examples of a file in Rasa's format (.yml), or of lines `text<TAB>intent`; a heading is passed over.

    Raises ShopkeeperError that names the line.
    """
    if path.suffix in (".yml", ".yaml"):
        found = read_examples(path)
    else:
        found = tuple(_row(path, number, line) for number, line in _lines(path))
    if not found:
        raise ShopkeeperError(f"{path} has no examples.", _MEND)
    return found


def read_texts(path: Path) -> tuple[str, ...]:
    """Texts out of scope: one a line; what follows a tab is not read. A .yml file is read as examples."""
    if path.suffix in (".yml", ".yaml"):
        found = tuple(example.text for example in read_examples(path))
    else:
        found = tuple(text for _, line in _lines(path) if (text := line.partition("\t")[0].strip()))
    if not found:
        raise ShopkeeperError(f"{path} has no texts.", "Write a message out of scope in each line.")
    return found


def folds(examples: Sequence[Example], count: int = FOLDS) -> Iterator[tuple[list[Example], list[Example]]]:
    """`count` times what is learned and what is asked, so that each example is asked once. The same every time.

    The parts of an intent in a language are of one size, and those of small ones lie in different folds. What has no
    other example of its intent is learned, and never asked.
    """
    shuffled = list(examples)
    random.Random(1).shuffle(shuffled)  # noqa: S311  (no secret: the same seed gives the same parts)
    groups: defaultdict[tuple[str, str | None], list[Example]] = defaultdict(list)
    for one in shuffled:
        groups[one.intent, one.language].append(one)
    dealt = [one for key in sorted(groups, key=str) for one in groups[key]]
    of_intent = Counter(one.intent for one in examples)
    for fold in range(count):
        asked = {i for i, one in enumerate(dealt) if i % count == fold and of_intent[one.intent] > 1}
        learned = [one for i, one in enumerate(dealt) if i not in asked]
        known = {one.intent for one in learned}
        yield learned, [one for i, one in enumerate(dealt) if i in asked and one.intent in known]


def held_out(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Four fifths to learn, and the fifth that is asked. Raises ShopkeeperError where they are too few for that."""
    learned, asked = next(folds(examples))
    if not asked:
        raise ShopkeeperError("There are too few examples to hold some out.", "Give at least five.")
    return learned, asked


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, and their numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ShopkeeperError(f"{path} is missing.", _MEND) from None
    except UnicodeDecodeError:
        raise ShopkeeperError(f"{path} is not UTF-8 text.", _MEND) from None
    except OSError as error:
        raise ShopkeeperError(f"{path} cannot be read: {error.strerror}.", _MEND) from error
    if "\0" in text:
        raise ShopkeeperError(f"{path} is not text.", _MEND)
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip() and not _heads(line))


def _heads(line: str) -> bool:
    return tuple(line.strip().casefold().split("\t")) in _HEADINGS


def _row(path: Path, number: int, line: str) -> Example:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) > 2:
        raise ShopkeeperError(f"{path}, line {number}: {len(cells)} columns in place of two.", _MEND)
    if len(cells) < 2 or not all(cells):
        raise ShopkeeperError(f"{path}, line {number}: no text<TAB>intent.", _MEND)
    return Example(cells[0], cells[1], None, line=number)
