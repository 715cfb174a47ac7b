"""What a classifier cannot learn from, or would learn wrongly: told with the line of the file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from bot.nlu.language import TOLD_APART, identify
from bot.nlu.training import Example, same

FEWEST = 3  # examples of an intent
_CYRILLIC = frozenset("абвгґдеєёжзиіїйклмнопрстуфхцчшщъыьэюя")
_ALPHABETS = {"en": _CYRILLIC, "es": _CYRILLIC}  # letters that a language does not have; translit is fine in the others
_SURE = 0.99  # that a text is in another language; no example of the four languages is misjudged so surely
_TELLING = 25  # characters from which on the language of one example can be told


def faults(examples: Sequence[Example], *, entities: Collection[str], languages: Collection[str] = ()) -> list[str]:
    """One line for each mistake, in the order of the file, each with its line there.

    Too few examples of an intent, an example that is there twice or under two intents, an entity nobody reads, one that
    is a part of a word (Rasa leaves it out), words in another language than their block says, and a file without an
    example in any of `languages`, those of the shop.
    """
    told = [*_repeated(examples), *_marks(examples, entities), *_few(examples), *_foreign(examples)]
    told += _unspoken(examples, languages)
    return [f"line {line}: {what}" for line, what in sorted(told)]


Told = Iterator[tuple[int, str]]


def _repeated(examples: Sequence[Example]) -> Told:
    first: dict[tuple[str | None, str], Example] = {}
    for one in examples:
        known = first.setdefault((one.language, same(one.text)), one)
        if known is not one and known.intent == one.intent:
            yield one.line, f"{one.text!r} is in line {known.line} already: take one of them out."
        elif known is not one:
            yield one.line, f"{one.text!r} is {one.intent} here and {known.intent} in line {known.line}: decide."


def _marks(examples: Sequence[Example], entities: Collection[str]) -> Told:
    for one in examples:
        for span in one.spans:
            if span.entity not in entities:
                yield one.line, f"unknown entity {span.entity!r}: there is {', '.join(sorted(entities))}."
            if _cuts_a_word(one.text, span.start) or _cuts_a_word(one.text, span.end):
                part = one.text[span.start : span.end]
                yield one.line, f"{one.text!r}: [{part}] is a part of a word: mark all of it."


def _few(examples: Sequence[Example]) -> Told:
    for intent, count in Counter(one.intent for one in examples).items():
        if count < FEWEST:
            line = next(one.line for one in examples if one.intent == intent)
            yield line, f"the intent {intent} has {count} example{'s' * (count > 1)}: write at least {FEWEST}."


def _foreign(examples: Sequence[Example]) -> Told:
    """A block whose words together are in another language is told once; else its single examples."""
    blocks: defaultdict[tuple[str, str], list[Example]] = defaultdict(list)
    for one in examples:
        if one.language:
            blocks[one.intent, one.language].append(one)
    for (intent, language), block in blocks.items():
        seen, sure = identify(" ".join(one.text for one in block))
        if seen != language and sure >= _SURE and len(block) >= FEWEST and language in TOLD_APART:
            yield block[0].line, f"the examples of {intent} are marked {language!r} and written in {seen!r}: mend one."
            continue
        for one in block:
            seen, sure = identify(one.text) if len(one.text) >= _TELLING else (language, 0.0)
            if (seen != language and sure >= _SURE and language in TOLD_APART) or not _written_in(one):
                yield one.line, f"{one.text!r} is not written in {language}: move it to its language."


def _unspoken(examples: Sequence[Example], languages: Collection[str]) -> Told:
    spoken = {one.language for one in examples if one.language}
    if unmarked := " ".join(one.text for one in examples if not one.language):
        seen, sure = identify(unmarked)
        spoken |= {seen} if sure >= _SURE else set(languages)
    if languages and examples and not spoken & set(languages):
        there, wanted = ", ".join(sorted(spoken)), ", ".join(languages)
        yield examples[0].line, f"the examples are in {there}, and the shop speaks {wanted}."


def _cuts_a_word(text: str, place: int) -> bool:
    return 0 < place < len(text) and text[place - 1].isalnum() and text[place].isalnum()


def _written_in(example: Example) -> bool:
    letters = [letter for letter in example.text.casefold() if letter.isalpha()]
    foreign = [letter for letter in letters if letter in _ALPHABETS.get(example.language or "", ())]
    return len(foreign) * 2 <= len(letters)
