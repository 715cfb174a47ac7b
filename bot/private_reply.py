"""The answer to a comment in the one message that it may have: plainer until it fits, its question and choices last.

Pure. Descriptions go first, then the longest of the words before the question. What even so does not fit is cut, and
then it asks nothing: nobody is asked what he was not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.channel import Limits
from bot.messages import Ask, Cards, Choices, Fitted, Outbound, Part, TextPart
from bot.render_fit import fit

PARAGRAPH = "\n\n"
CHOICES = (Choices, Ask)


def in_one_message(intro: str, answer: Outbound, limits: Limits) -> tuple[Fitted, bool]:
    """The message, of plain words: all that a private reply may be everywhere; and whether it still asks."""
    plain = replace(limits, buttons=0, cards=0, images=False, links_as_buttons=False, asks=frozenset())

    def fitted(parts: tuple[Part, ...]) -> tuple[Fitted, ...]:
        return fit(Outbound(parts=(TextPart(text=intro), *parts), author=answer.author), plain)

    for parts in _plainer(answer.parts):
        calls = fitted(parts)
        if len(calls) == 1:
            return calls[0], True
    unasked = (_unasked(part, answer.question) for part in answer.parts if not isinstance(part, CHOICES))
    return fitted(tuple(unasked))[0], False


def _plainer(parts: tuple[Part, ...]) -> Iterator[tuple[Part, ...]]:
    yield parts
    parts = tuple(_undescribed(part) for part in parts)
    yield parts
    while (longest := _longest_before_the_last(parts)) is not None:
        parts = tuple(_without(part, longest) for part in parts)
        yield parts


def _undescribed(part: Part) -> Part:
    if not isinstance(part, Cards):
        return part
    return Cards(cards=tuple(card.model_copy(update={"subtitle": ""}) for card in part.cards))


def _unasked(part: Part, question: str) -> Part:
    return TextPart(text=part.text.removesuffix(question)) if isinstance(part, TextPart) else part


def _longest_before_the_last(parts: tuple[Part, ...]) -> str | None:
    """The longest paragraph that is not the last, which may be the question."""
    said = [one for part in parts if isinstance(part, TextPart) for one in part.text.split(PARAGRAPH) if one.strip()]
    return max(said[:-1], key=len, default=None)


def _without(part: Part, paragraph: str) -> Part:
    if not isinstance(part, TextPart):
        return part
    return TextPart(text=PARAGRAPH.join(one for one in part.text.split(PARAGRAPH) if one != paragraph))
