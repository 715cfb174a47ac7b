"""Pieces of one product shared out among its variants: "two mugs, one white and one black"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.acts import Wish
from bot.nlu.masking import rest
from bot.nlu.numbers import ARTICLES
from bot.nlu.references import Catalogue, by_attributes
from bot.nlu.text import spelled
from bot.nlu.vocabulary import FILLERS, INTERJECTIONS
from bot.understanding import Clause, Context, Mention, Parsed

_JOINING = (
    FILLERS
    | INTERJECTIONS
    | ARTICLES
    | spelled("and one ones both и а і й та y e з из один одна одну оба обе обидва обидві ambos ambas las los dos")
)
_COUNTED = frozenset(["quantity", "attributes", "change", "pronoun", "strange"])


@dataclass(frozen=True, slots=True)
class _Share:
    """So many pieces of this colour or size; `pieces` None: not counted."""

    pieces: int | None
    key: str
    value: str


def shared_out(parsed: Sequence[Parsed], catalogue: Catalogue) -> list[Parsed]:
    """The messages of a turn; where pieces are shared out and add up, one wish for each variant."""
    messages = [_singly(message) for message in parsed]
    row = [(message, clause) for message, one in enumerate(messages) for clause in range(len(one.clauses))]
    for at, (message, place) in enumerate(row):
        clause = messages[message].clauses[place]
        whole = _to_share(clause)
        if whole is None:
            continue
        shares = _shares(clause.mentions, after=whole.end)
        taken: list[tuple[int, int]] = []
        for later in row[at + 1 :]:
            other = messages[later[0]].clauses[later[1]]
            more = _shares(other.mentions) if _nothing_else(messages[later[0]].text, other) else ()
            if _parts(whole, shares, catalogue) or not more:
                break
            shares, taken = (*shares, *more), [*taken, later]
        parts = _parts(whole, shares, catalogue)
        if parts:
            told = tuple(whole.model_copy(update={"value": part.model_dump_json()}) for part in parts)
            own = tuple(one for one in clause.mentions if one.end <= whole.start or one.kind not in _COUNTED)
            kept = (*(one for one in own if one is not whole), *told)
            return _rewritten(messages, (message, place), clause.model_copy(update={"mentions": kept}), taken)
    return messages


def of_one_product(clause: Clause, context: Context, catalogue: Catalogue) -> tuple[Wish, ...]:
    """ "One white and one black" of goods that were shown or spoken of; nothing where they do not come in all of it."""
    shares = _shares(clause.mentions)
    if len({share.value for share in shares}) < 2 or len({share.key for share in shares}) > 1:
        return ()
    near = (by_attributes({share.key: share.value}, context, catalogue) for share in shares)
    product = next((wish.product for wish in near if wish is not None), None)
    pool = catalogue.products[product].variants if product in catalogue.products else ()
    found: list[Wish] = []
    for share in shares:
        fit = tuple(variant.sku for variant in pool if variant.attributes.get(share.key) == share.value)
        if not fit:
            return ()
        found.append(Wish(product=product, candidates=fit, quantity=share.pieces or 1, exact=len(fit) == 1))
    return tuple(found)


def _rewritten(
    messages: list[Parsed], at: tuple[int, int], clause: Clause, gone: Sequence[tuple[int, int]]
) -> list[Parsed]:
    """With another clause at this place, and without those that only told the shares."""
    return [
        one.model_copy(
            update={
                "clauses": tuple(
                    clause if (message, place) == at else old
                    for place, old in enumerate(one.clauses)
                    if (message, place) not in gone
                )
            }
        )
        for message, one in enumerate(messages)
        if not one.clauses or any((message, place) not in gone for place in range(len(one.clauses)))
    ]


def _to_share(clause: Clause) -> Mention | None:
    """The last wish of a clause, when it is for several pieces of no certain variant."""
    wishes = [mention for mention in clause.mentions if mention.kind == "wishes"]
    if not wishes or clause.question:
        return None
    wish = Wish.model_validate_json(wishes[-1].value)
    return wishes[-1] if wish.product and not wish.exact and wish.quantity != 1 else None


def _shares(mentions: Sequence[Mention], *, after: int = -1) -> tuple[_Share, ...]:
    """ "one white, two black" as shares; nothing where a number stands alone."""
    found: list[_Share] = []
    pieces: int | None = None
    for mention in sorted(mentions, key=lambda one: one.start):
        if mention.start < after or mention.kind not in ("quantity", "attributes"):
            continue
        if mention.kind == "quantity":
            if pieces is not None:
                return ()
            pieces = int(mention.value)
        else:
            key, _, value = mention.value.partition(".")
            found.append(_Share(pieces, key, value))
            pieces = None
    return () if pieces is not None else tuple(found)


def _nothing_else(text: str, clause: Clause) -> bool:
    """Whether a clause only tells shares."""
    over = [mention for mention in clause.mentions if mention.kind in _COUNTED]
    if clause.question or len(over) < len(clause.mentions):
        return False
    return all(token.word in _JOINING for token in rest(text, over, start=clause.start, end=clause.end))


def _parts(whole: Mention, shares: Sequence[_Share], catalogue: Catalogue) -> list[Wish]:
    """One wish for each share, when they are of different variants of the product and as many as were wanted."""
    wish = Wish.model_validate_json(whole.value)
    if len(shares) == 1 and wish.quantity is not None and shares[0].pieces in (None, wish.quantity):
        shares = [replace(shares[0], pieces=wish.quantity)]  # "two mugs, both white"
    pieces = [1 if share.pieces is None else share.pieces for share in shares]
    uncounted = wish.quantity is None and any(share.pieces is None for share in shares)
    if not shares or uncounted or (wish.quantity is not None and sum(pieces) != wish.quantity):
        return []
    parts = []
    for share, number in zip(shares, pieces, strict=True):
        wanted = {share.key: share.value}
        fit = tuple(
            sku for sku in wish.candidates if catalogue.attributes_of.get(sku, {}).get(share.key) == share.value
        )
        if not fit:
            return []
        part = catalogue.narrowed(wish.model_copy(update={"candidates": fit, "exact": len(fit) == 1}), wanted)
        parts.append(part.model_copy(update={"quantity": number}))
    return parts if len({part.candidates for part in parts}) == len(parts) else []


def _singly(message: Parsed) -> Parsed:
    """ "две кружки белую и чёрную": as many colours as pieces, and the colour in the singular: one of each."""
    clauses = tuple(_one_of_each(clause) for clause in message.clauses)
    return message if clauses == message.clauses else message.model_copy(update={"clauses": clauses})


def _one_of_each(clause: Clause) -> Clause:
    places = [place for place, mention in enumerate(clause.mentions) if mention.kind == "wishes"]
    wishes = [Wish.model_validate_json(clause.mentions[place].value) for place in places]
    if len(wishes) < 2 or wishes[0].quantity != len(wishes):
        return clause
    first, *others = wishes
    if not first.exact or any(wish.product != first.product or wish.quantity is not None for wish in others):
        return clause
    if not all(_same_ending(first.words, wish.words) for wish in others):
        return clause
    mentions = list(clause.mentions)
    for place, wish in zip(places, wishes, strict=True):
        one = wish.model_copy(update={"quantity": 1})
        mentions[place] = mentions[place].model_copy(update={"value": one.model_dump_json()})
    return clause.model_copy(update={"mentions": tuple(mentions)})


def _same_ending(spoken: str, colour: str) -> bool:
    """A lone colour, in the form of the one behind the noun; "2 white mugs and black" tells nothing of that kind."""
    return " " not in colour and len(spoken.split()) > 2 and spoken[-2:] == colour[-2:]
