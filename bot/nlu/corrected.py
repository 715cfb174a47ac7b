"""What a message takes back: goods that are turned down beside others, and goods that are said again, corrected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.acts import Wish
from bot.nlu import cues
from bot.nlu.masking import rest
from bot.nlu.text import fold, spelled, words
from bot.nlu.vocabulary import FILLERS, INTERJECTIONS, PLAIN_NO
from bot.understanding import Clause, Context, Mention, Parsed

_SMALL = r"(?:(?:any|the|a|an|that|those|these|more|эт\w+|т[ау]|больше|ц[юі]|більше|la|el|los|las|un|una|mas)\s+){0,2}"
_TURNS_DOWN = re.compile(
    r"\b(?:not|no|without|except(?: for)?|instead of|rather than"
    r"|(?:do|wo|does)(?: not|n'?t) (?:want|need|take|have|add)"
    r"|не (?:хо(?:чу|тим)|надо|нужн\w+|буд\w+|бер\w+|возьм\w+)|не|без|кроме|вместо"
    r"|не (?:треба|потрібн\w+|візьм\w+)|крім|окрім|замість"
    rf"|no (?:quiero|queremos|necesito|me llevo)|sin|excepto|salvo|en vez de|en lugar de|nada de)\s+{_SMALL}$"
)
_NOT_THAT_ONE = re.compile(rf"\b(?:not|не|pero no|y no)\s+{_SMALL}$")
_COUNT = re.compile(r"(?:\d+|two|three|four|five|дв[аеі]|три|чотири|четыре|пять|пʼять|dos|tres|cuatro|cinco)\s+$")
_TO = re.compile(r"\s*(?:to|на|до|а|a|be|is|should be|shud be|:|=|-|—)?\s*")
_AT_ONCE = re.compile(r"^\s*(?:but|sino|а|but rather|pero s[ií]|,)?\s*")
_AGAIN = re.compile(
    r"[,.;!?—–-]\s*(?:(?:oh|ah|ой|ай|ay|uh|um|э+м*|хотя|хоча|bueno|actually|well|wait)\W+)?(?:no|nope|нет|ні)\s*[,.;!—–-]?\s"
    r"|\b(?:actually|sorry|i mean|i meant|rather|scratch that|make (?:it|that)|oops|точнее|вернее|ой|лучше|простите"
    r"|извините|точніше|вірніше|краще|вибачте|перепрошую|perd[oó]n|perdona|mejor|digo|en realidad|quiero decir)\b"
)
_MORE = re.compile(r"\b(?:more|another|also|too|plus|ещ[еë]|также|тоже|плюс|ще|також|теж|mas|tambien|otr[ao]s?)\b")
_EMPTY = (
    FILLERS
    | INTERJECTIONS
    | PLAIN_NO
    | spelled(
        "хотя хоча bueno well wait actually sorry mean meant rather scratch make it that oops "
        "but точнее вернее лучше простите извините но "
        "точніше вірніше краще вибачте перепрошую але perdon perdona mejor digo en realidad quiero decir pero sino"
    )
)
_JOINS = spelled("and plus y и та і й also")
_CONDITION = re.compile(
    r"\b(?:if|only if|as long as|provided|unless|если|при условии|якщо|за умови|solo si|siempre que|a menos que)\b"
    r"|\bsi (?:hay|tien\w+|cuesta|llega|viene)\b"
)
_POLITE = re.compile(
    r"\bif (?:possible|you (?:can|could|please|don'?t mind)|i (?:may|can))\b|\bесли (?:можно|не трудно|не сложно)\b"
    r"|\bякщо (?:можна|не важко)\b|\bsi (?:es posible|puede\w*|no es molestia)\b"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A wish, and where it stands."""

    clause: int
    mention: Mention
    wish: Wish


def conditional(text: str) -> bool:
    """ "Only if delivery is free": nothing is done before that is told."""
    folded = _POLITE.sub(" ", fold(text))
    return _CONDITION.search(folded) is not None


def corrected(message: Parsed, context: Context) -> tuple[Parsed, tuple[Wish, ...]]:
    """The message as it is meant in the end, and what of the cart it turns down."""
    clauses = tuple(_counted_behind(clause, fold(message.text)) for clause in message.clauses)
    clauses = _without_refused_kinds(clauses, fold(message.text))
    kept, refused = _without_refused(message.model_copy(update={"clauses": clauses}), context)
    while (again := _said_again(kept)) is not None:
        kept = again
    return kept, refused


def _without_refused_kinds(clauses: tuple[Clause, ...], folded: str) -> tuple[Clause, ...]:
    """ "The white mug, not the black one": the second colour is wanted by nobody."""
    kept: list[Clause] = []
    named = False
    for clause in clauses:
        refused = [
            one
            for one in clause.mentions
            if one.kind == "attributes"
            and (named or any(m.kind == "wishes" and m.end <= one.start for m in clause.mentions))
            and _NOT_THAT_ONE.search(folded[: one.start])
        ]
        named = named or any(one.kind == "wishes" for one in clause.mentions)
        left = tuple(one for one in clause.mentions if one not in refused)
        if refused and not left:
            if kept and kept[-1].text.strip(" ,").casefold() in PLAIN_NO:
                kept.pop()
            continue
        kept.append(clause.model_copy(update={"mentions": left}) if refused else clause)
    return tuple(kept)


def _named(message: Parsed) -> list[_Named]:
    return [
        _Named(place, mention, Wish.model_validate_json(mention.value))
        for place, clause in enumerate(message.clauses)
        for mention in sorted(clause.mentions, key=lambda one: one.start)
        if mention.kind == "wishes"
    ]


def _counted_behind(clause: Clause, folded: str) -> Clause:
    """ "change the candles to 4 and the mugs to 1": each number belongs to the goods before it."""
    row = sorted((one for one in clause.mentions if one.kind in ("wishes", "quantity")), key=lambda one: one.start)
    if shifted := _shifted(row, folded):
        kept = tuple(one for one in clause.mentions if one not in row)
        return clause.model_copy(update={"mentions": tuple(sorted((*kept, *shifted), key=lambda one: one.start))})
    if [one.kind for one in row] != ["wishes", "quantity"] * (len(row) // 2) or not row:
        return clause
    pairs = list(zip(row[::2], row[1::2], strict=True))
    if not all(_TO.fullmatch(folded[goods.end : number.start]) for goods, number in pairs):
        return clause
    wishes = [Wish.model_validate_json(goods.value) for goods, _ in pairs]
    if any(wish.quantity is not None for wish in wishes):
        return clause
    told = {
        id(goods): goods.model_copy(
            update={"value": wish.model_copy(update={"quantity": int(number.value)}).model_dump_json()}
        )
        for (goods, number), wish in zip(pairs, wishes, strict=True)
    }
    gone = {id(number) for _, number in pairs}
    mentions = tuple(told.get(id(one), one) for one in clause.mentions if id(one) not in gone)
    return clause.model_copy(update={"mentions": mentions})


def _shifted(row: Sequence[Mention], folded: str) -> list[Mention]:
    """ "candle 1 pc mug 2 pcs", where a number was read with the goods behind it; [] where it was not."""
    goods, last = row[:-1], row[-1:]
    if len(goods) < 2 or any(one.kind != "wishes" for one in goods) or last[0].kind != "quantity":
        return []
    if any(folded[a.end : b.start].strip() for a, b in pairwise(row)):
        return []
    wishes = [Wish.model_validate_json(one.value) for one in goods]
    if wishes[0].quantity is not None or any(wish.quantity is None for wish in wishes[1:]):
        return []
    numbers = [*(wish.quantity for wish in wishes[1:]), int(last[0].value)]
    return [
        one.model_copy(update={"value": wish.model_copy(update={"quantity": number}).model_dump_json()})
        for one, wish, number in zip(goods, wishes, numbers, strict=True)
    ]


# ---- goods turned down ----------------------------------------------------------------------------


def _without_refused(message: Parsed, context: Context) -> tuple[Parsed, tuple[Wish, ...]]:
    """ "not the pillow, the throw": where nothing else is wished, the sentence as a whole says what is meant."""
    named, folded = _named(message), fold(message.text)
    if len(named) < 2 or cues.SWAPS.search(folded) or any(message.clauses[one.clause].question for one in named):
        return message, ()
    refused: list[tuple[_Named, int]] = []  # and where its refusal begins
    for_good: set[str] = set()
    for place, one in enumerate(named):
        since = named[place - 1].mention.end if place else 0
        before = folded[since : one.mention.start]
        uncounted = _COUNT.sub("", before)
        found = _TURNS_DOWN.search(uncounted)
        if found is None or (found.group().split()[0] == "no" and one.wish.quantity is not None):
            continue  # "2 candles, no 3 candles" is no refusal
        refused.append((one, since + found.start()))
        if uncounted == before and one.wish.quantity is None:
            for_good |= set(one.wish.candidates)
    turned_down = [one for one, _ in refused]
    for one in named:  # "two candles and a pillow, but no pillow"
        if one not in turned_down and for_good & set(one.wish.candidates):
            refused.append((one, one.mention.start))
    if not refused or len(refused) == len(named):
        return message, ()
    inside = {sku for sku, _ in context.cart}
    gone = tuple(one.wish for one, _ in refused if inside.intersection(one.wish.candidates))
    clauses: list[Clause] = []
    for place, clause in enumerate(message.clauses):
        own = [(one.mention, begin) for one, begin in refused if one.clause == place]
        left = _cut(message.text, clause, own, swap=bool(gone)) if own else clause
        if left is not None:
            clauses.append(left)
    return message.model_copy(update={"clauses": tuple(clauses)}), gone


def _cut(text: str, clause: Clause, refused: Sequence[tuple[Mention, int]], *, swap: bool) -> Clause | None:
    """The clause without them; None when nothing is left."""
    start, end = clause.start, clause.end
    gone = [mention for mention, _ in refused]
    wishes = [one for one in clause.mentions if one.kind == "wishes" and one not in gone]
    if not wishes:
        return None
    for mention, begin in refused:
        if mention.end <= min(one.start for one in wishes):
            start = max(start, mention.end + len((_AT_ONCE.match(fold(text[mention.end : end])) or [""])[0]))
        elif begin >= max(one.end for one in wishes):
            end = min(end, begin)
    mentions = tuple(one for one in clause.mentions if one not in gone and start <= one.start and one.end <= end)
    counted = any(Wish.model_validate_json(one.value).quantity is not None for one in wishes)
    intent = "add_to_cart" if counted or swap else "find_product"
    first = clause.ranking[0][0] if clause.ranking else ""
    ranking = clause.ranking if first in ("add_to_cart", "find_product") else ((intent, 0.75),)
    spoken = text[start:end].strip(" ,.;")
    return clause.model_copy(
        update={"start": start, "end": end, "text": spoken, "mentions": mentions, "ranking": ranking, "known": True}
    )


# ---- goods said again -----------------------------------------------------------------------------


def _said_again(message: Parsed) -> Parsed | None:
    """ "2 candles, actually 3 candles" is three; None when nothing is corrected."""
    named, folded = _named(message), fold(message.text)
    for place in range(1, len(named)):
        later = named[place]
        since = named[place - 1].mention.end
        between = folded[since : later.mention.start]
        marks = list(_AGAIN.finditer(between))
        behind = words(between[marks[-1].end() :]) if marks else []
        if not marks or not _EMPTY.issuperset(behind) or _JOINS.intersection(behind) or _MORE.search(between):
            continue
        earlier = _meant(named[:place], later)
        if earlier is None or message.clauses[earlier.clause].question or message.clauses[later.clause].question:
            continue
        return _replaced(message, earlier, later, since)
    return None


def _meant(before: Sequence[_Named], later: _Named) -> _Named | None:
    """Which of the wishes before is said again: the same goods, else the last one when it is counted the same way."""
    same = [one for one in before if set(one.wish.candidates) & set(later.wish.candidates)]
    if same:
        return same[-1]
    last = before[-1]
    alike = last.wish.product == later.wish.product or (last.wish.quantity is None) == (later.wish.quantity is None)
    return last if alike else None


def _replaced(message: Parsed, earlier: _Named, later: _Named, since: int) -> Parsed:
    wish = later.wish
    if wish.quantity is None:
        wish = wish.model_copy(update={"quantity": earlier.wish.quantity})
    told = earlier.mention.model_copy(update={"value": wish.model_dump_json()})
    clauses: list[Clause] = []
    for place, clause in enumerate(message.clauses):
        mentions = tuple(told if one is earlier.mention else one for one in clause.mentions if one is not later.mention)
        empty = clause.start >= since and _is_empty(message.text, clause, later.mention)
        if place == earlier.clause or not empty or clause.start > later.mention.start:
            clauses.append(clause.model_copy(update={"mentions": mentions}))
    return message.model_copy(update={"clauses": tuple(clauses)})


def _is_empty(text: str, clause: Clause, without: Mention) -> bool:
    """Whether nothing is said but the correction."""
    others = [one for one in clause.mentions if one is not without and not _within(one, without)]
    if any(one.kind not in ("pronoun", "strange", "change", "quantity") for one in others):
        return False
    left = rest(text, [*others, without], start=clause.start, end=clause.end)
    return all(token.word in _EMPTY for token in left)


def _within(one: Mention, other: Mention) -> bool:
    return other.start <= one.start and one.end <= other.end
