"""Pieces of one product shared out among its variants: "two mugs, one white and one black"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.acts import Wish
from bot.nlu.masking import rest
from bot.nlu.numbers import ARTICLES
from bot.nlu.references import Catalogue, by_attributes
from bot.nlu.text import spelled, stem, words
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
    """So many pieces of this colour and size; `pieces` None: not counted."""

    pieces: int | None
    wanted: dict[str, str]

    def fits(self, attributes: Mapping[str, str]) -> bool:
        return all(attributes.get(key) == value for key, value in self.wanted.items())


def shared_out(parsed: Sequence[Parsed], catalogue: Catalogue) -> list[Parsed]:
    """The messages of a turn; where pieces are shared out and add up, one wish for each variant."""
    messages = [_singly(message, catalogue) for message in parsed]
    while (shared := _share_one(messages, catalogue)) is not None:
        messages = shared
    return messages


def _share_one(messages: list[Parsed], catalogue: Catalogue) -> list[Parsed] | None:
    """With the first wish that can be shared out made into several; None when there is none."""
    row = [(message, clause) for message, one in enumerate(messages) for clause in range(len(one.clauses))]
    for at, (message, place) in enumerate(row):
        clause = messages[message].clauses[place]
        for whole, end in _to_share(clause):
            shares = _shares(clause.mentions, after=whole.end, before=end)
            taken: list[tuple[int, int]] = []
            for later in row[at + 1 :] if end is None else ():
                other = messages[later[0]].clauses[later[1]]
                more = _shares(other.mentions) if _nothing_else(messages[later[0]].text, other) else ()
                if _parts(whole, shares, catalogue) or not more:
                    break
                shares, taken = (*shares, *more), [*taken, later]
            parts = _parts(whole, shares, catalogue)
            if parts:
                told = tuple(whole.model_copy(update={"value": part.model_dump_json()}) for part in parts)
                kept = tuple(one for one in clause.mentions if one is not whole and not _shares_out(one, whole, end))
                rewritten = clause.model_copy(update={"mentions": tuple(sorted((*kept, *told), key=_place))})
                return _rewritten(messages, (message, place), rewritten, taken)
    return None


def _shares_out(mention: Mention, whole: Mention, end: int | None) -> bool:
    """Whether it tells how the pieces of `whole` are shared out; `end`: where other goods begin."""
    behind = mention.end > whole.start and (end is None or mention.start < end)
    return behind and mention.kind in _COUNTED


def _place(mention: Mention) -> int:
    return mention.start


def of_one_product(clause: Clause, context: Context, catalogue: Catalogue) -> tuple[Wish, ...]:
    """ "One white and one black" of goods that were shown or spoken of; nothing where they do not come in all of it."""
    shares = _shares(clause.mentions)
    if len(shares) < 2 or len({frozenset(share.wanted) for share in shares}) > 1:
        return ()
    near = (by_attributes(share.wanted, context, catalogue) for share in shares)
    product = next((wish.product for wish in near if wish is not None), None)
    pool = catalogue.products[product].variants if product in catalogue.products else ()
    found: list[Wish] = []
    for share in shares:
        fit = tuple(variant.sku for variant in pool if share.fits(variant.attributes))
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


def _to_share(clause: Clause) -> list[tuple[Mention, int | None]]:
    """The wishes of a clause that are for several pieces of no certain variant, and where the next wish begins."""
    wishes = [mention for mention in clause.mentions if mention.kind == "wishes"]
    if clause.question or not wishes:
        return []
    ends = [*(mention.start for mention in wishes[1:]), None]
    read = [Wish.model_validate_json(mention.value) for mention in wishes]
    return [
        (mention, end)
        for mention, end, wish in zip(wishes, ends, read, strict=True)
        if wish.product and not wish.exact and wish.quantity != 1
    ]


def _shares(mentions: Sequence[Mention], *, after: int = -1, before: int | None = None) -> tuple[_Share, ...]:
    """ "one white, two black" as shares, and "white x2"; nothing where a number stands alone."""
    row = sorted(
        (
            one
            for one in mentions
            if one.start >= after and (before is None or one.start < before) and one.kind in ("quantity", "attributes")
        ),
        key=_place,
    )
    kinds = [mention.kind for mention in row]
    if kinds == ["attributes", "quantity"] * (len(row) // 2):
        row = [mention for pair in zip(row[1::2], row[::2], strict=True) for mention in pair]
    found: list[_Share] = []
    pieces: int | None = None
    for mention in row:
        key, _, value = mention.value.partition(".")
        if mention.kind == "quantity":
            if pieces is not None:
                return ()
            pieces = int(mention.value)
        elif pieces is None and found and key not in found[-1].wanted:  # "one grey L"
            found[-1] = replace(found[-1], wanted={**found[-1].wanted, key: value})
        else:
            found.append(_Share(pieces, {key: value}))
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
        fit = tuple(sku for sku in wish.candidates if share.fits(catalogue.attributes_of.get(sku, {})))
        if not fit:
            return []
        part = catalogue.narrowed(wish.model_copy(update={"candidates": fit, "exact": len(fit) == 1}), share.wanted)
        parts.append(part.model_copy(update={"quantity": number}))
    return parts if len({part.candidates for part in parts}) == len(parts) else []


def _singly(message: Parsed, catalogue: Catalogue) -> Parsed:
    """ "2 mugs, black and white": as many colours as pieces: one of each."""
    clauses = tuple(_one_of_each(clause, catalogue) for clause in message.clauses)
    return message if clauses == message.clauses else message.model_copy(update={"clauses": clauses})


def _one_of_each(clause: Clause, catalogue: Catalogue) -> Clause:
    places = [place for place, mention in enumerate(clause.mentions) if mention.kind == "wishes"]
    wishes = [Wish.model_validate_json(clause.mentions[place].value) for place in places]
    count = wishes[0].quantity if wishes else None
    places, wishes = places[:count], wishes[:count]
    if count is None or count < 2 or len(wishes) < count:
        return clause
    first, *others = wishes
    if not first.exact or any(wish.product != first.product or wish.quantity is not None for wish in others):
        return clause
    if not _beside_the_noun(wishes, catalogue):
        return clause
    mentions = list(clause.mentions)
    for place, wish in zip(places, wishes, strict=True):
        one = wish.model_copy(update={"quantity": 1})
        mentions[place] = mentions[place].model_copy(update={"value": one.model_dump_json()})
    return clause.model_copy(update={"mentions": tuple(mentions)})


def _beside_the_noun(wishes: Sequence[Wish], catalogue: Catalogue) -> bool:
    """Whether all colours stand on one side of the noun; "2 white mugs and black" tells nothing of that kind."""
    known = catalogue.products.get(wishes[0].product or "")
    names = {stem(word) for name in (known.names.values() if known else ()) for each in name for word in words(each)}
    named = [[stem(word) in names for word in words(wish.words)] for wish in wishes]
    before = not any(map(any, named[:-1])) and named[-1][-1]
    behind = any(named[0]) and not named[0][-1] and not any(map(any, named[1:]))
    return before or behind
