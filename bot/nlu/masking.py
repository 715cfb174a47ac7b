"""Replaces what is particular (goods, numbers, codes) by placeholders, so that any shop's words mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.nlu.text import Token, fold, tokens
from bot.nlu.training import Example, Span
from bot.understanding import Mention

_MASKS = {
    "wishes": "__product__",
    "attributes": "__attribute__",
    "quantity": "__number__",
    "number": "__number__",
    "codes": "__code__",
    "budget": "__price__",
    "at_least": "__price__",
    "amount": "__price__",
    "percent": "__percent__",
    "city": "__city__",
    "phone": "__phone__",
    "email": "__email__",
    "order_number": "__order__",
    "address": "__address__",
}
_ANNOTATED = {
    "product": "wishes",
    "color": "attributes",
    "size": "attributes",
    "quantity": "quantity",
    "promo_code": "codes",
    "price": "amount",
    "city": "city",
}
_RUN = re.compile(r"(?:__attribute__ )*__product__(?: __(?:attribute|product)__)*")
_DIGITS = re.compile(r"(?<!_)\b\d+(?:[.,]\d+)?\b")


def mask(text: str, mentions: Iterable[Mention], *, start: int = 0, end: int | None = None) -> str:
    """`text[start:end]`, folded, with placeholders for what was found in it. Two goods in a row are one placeholder."""
    folded = fold(text)
    end = len(text) if end is None else end
    parts: list[str] = []
    last = start
    for mention in sorted(mentions, key=lambda found: (found.start, -found.end)):
        sign = _MASKS.get(mention.kind)
        if sign is None or mention.start < last or mention.end > end:
            continue
        if mention.kind == "wishes":
            sign = _goods(mention.value)
        parts += [folded[last : mention.start], f" {sign} "]
        last = mention.end
    parts.append(folded[last:end])
    masked = _DIGITS.sub(" __number__ ", "".join(parts))
    return _RUN.sub("__product__", " ".join(masked.split()))


def mask_example(example: Example, found: Sequence[Mention]) -> str:
    """A training example in the same dress: its annotations first, then what the readers found beside them."""
    marked = [_annotation(span) for span in example.spans if span.entity in _ANNOTATED]
    free = [m for m in found if not any(m.start < mark.end and mark.start < m.end for mark in marked)]
    return mask(example.text, [*marked, *free])


def rest(text: str, mentions: Iterable[Mention], *, start: int, end: int) -> list[Token]:
    """The words of `text[start:end]` that no mention covers, places counted from the start of `text`."""
    covered = [(m.start, m.end) for m in mentions]
    piece = tokens(text[start:end])
    moved = [Token(t.word, t.raw, t.start + start, t.end + start) for t in piece]
    return [t for t in moved if not any(a <= t.start and t.end <= b for a, b in covered)]


def _annotation(span: Span) -> Mention:
    return Mention(kind=_ANNOTATED[span.entity], value="", start=span.start, end=span.end)


def _goods(value: str) -> str:
    """A placeholder for goods, with the article or the number that was said."""
    article = re.search(r'"words":"(an?|una?|el|la) ', value)
    if article:
        return f"{article.group(1)} __product__"
    return "__number__ __product__" if re.search(r'"quantity":\d', value) else "__product__"
