"""Takes what belongs to a person out of a text before it goes to somebody outside. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.nlu.text import fold, stem
from bot.understanding import Lexicon, Parsed

_KINDS = {
    "phone": "phone", "email": "e-mail", "person": "name", "address": "address", "order_number": "order",
    "link": "link", "point": "address", "near": "address", "saved": "address",
}  # fmt: skip
_PATTERNS = (
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("e-mail", re.compile(r"\S+@\S+")),
    ("order", re.compile(r"(?<!\w)[A-Z]{1,4}-[A-Z0-9]{3,6}-[A-Z0-9]{3,6}(?!\w)", re.IGNORECASE)),
    ("number", re.compile(r"\+?\d(?:[\d\s()./-]*\d){4,}")),  # five digits and more: phones, cards, accounts, post codes
)
_CAPITAL = re.compile(r"(?<=[\w,;:-] )[^\W\d_a-zа-яіїєґё][^\W\d_]{2,}")
SIGN = re.compile(r"\[(?:phone|e-mail|name|address|order|link|number)\]")  # what stands in place of such a thing
SHORTEST = 3  # letters of a word by which somebody may be known


def masked(parsed: Parsed, known: Iterable[str] = (), shop: Iterable[str] = ()) -> str:
    """The message with `[phone]`, `[name]` and so on in place of what was read as such.

    `known`: the person's names and addresses as the shop has them; each word of them is taken out wherever it stands.
    `shop`: names of goods and places. Every other word with a capital inside a sentence may be somebody's name.
    """
    text = parsed.text
    spans = [
        (mention.start, mention.end, _KINDS[mention.kind])
        for clause in parsed.clauses
        for mention in clause.mentions
        if mention.kind in _KINDS
    ]
    for what, pattern in _PATTERNS:
        spans += [(match.start(), match.end(), what) for match in pattern.finditer(text)]
    own = {
        stem(word)
        for name in known
        for word in re.findall(r"[^\W_]+", fold(name))
        if len(word) >= SHORTEST or word.isdigit()
    }
    spans += [(m.start(), m.end(), "name") for m in re.finditer(r"[^\W_]+", text) if stem(fold(m.group())) in own]
    ours = {stem(word) for name in shop for word in re.findall(r"[^\W_]+", fold(name))}
    spans += [(m.start(), m.end(), "name") for m in _CAPITAL.finditer(text) if stem(fold(m.group())) not in ours]
    shown, last = [], 0
    for start, end, what in sorted(spans):
        if start >= last:
            shown += [text[last:start], f"[{what}]"]
        last = max(last, end)
    return "".join([*shown, text[last:]])


def names_of(lexicon: Lexicon) -> list[str]:
    """What the shop calls its goods, its carriers and the places it delivers to."""
    named = [names for product in lexicon.products for names in product.names.values()]
    named += [
        names for one in (*lexicon.deliveries, *lexicon.payments, *lexicon.cities) for names in one.words.values()
    ]
    return [name for names in named for name in names]
