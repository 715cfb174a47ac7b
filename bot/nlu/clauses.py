"""Cuts a message into clauses: never inside an address, a phone or a list of goods."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.nlu import repair
from bot.nlu.numbers import cardinal
from bot.nlu.text import Token, fold, spelled, tokens
from bot.nlu.vocabulary import (
    CLAUSE_BEGINNINGS,
    FILLERS,
    GREETING_PAIRS,
    GREETINGS,
    INTERJECTIONS,
    PLAIN_NO,
    QUESTION_WORDS,
    WEAK_YES,
)
from bot.understanding import Mention

_SOFT = spelled("city_inside each change pronoun recipient_kind occasion locale saved fact near country strange")
_END = re.compile(r"[.!?…;]+(?=\s|$|[)\"»]|[^\W\d])|\n+|(?<=\S)\s*[)(]{2,}\s*")
# Spaces are looked at from the first of them on: a message of nothing but spaces must not cost a second.
_COMMA = re.compile(r"(?:(?<!\s)\s+)?,\s*|(?<!\s)\s+[-–—]\s+")
_AND = re.compile(r"(?<!\s)\s+(?:and|but|then|и|а|но|потом|і|та|але|потім|y|e|pero|luego)\s+", re.IGNORECASE)
_SHORT = spelled("st str ul ул вул д кв буд пр av avda no nr apt c пл пер dr mr mrs")
_NOT_BUT = re.compile(r"\b(?:not|не|no)\s[^,.;!?]{1,25},?\s(?:а|but|sino)\s[^,.;!?]{1,25}")
_NOT_THIS = re.compile(r"\b(?:not|не)\s([^\W_]+),\s([^\W_]+)\b")  # "not 5, 15"
_APOLOGY = re.compile(
    r"(?:oh )?(?:i'm |im |i am )?(?:so |very |terribly |really |awfully )*sorry(?: about that)?|my (?:bad|mistake)"
    r"|(?:my )?apologies|(?:ой )?(?:прошу прощения|прошу вибачення|пробачте|простите меня)"
    r"|(?:lo )?siento(?: mucho)?|mil disculpas"
)
_ASKS = re.compile(r"[?¿]")
_ORDERED = re.compile(  # "I order: cash, Gedimino 5"
    r"\b(?:order(?:ing)?|checkout|buy(?:ing)?|take|заказыва\w*|закажу|беру|оформ\w*|покупаю|замовля\w*|замов|купую|"
    r"pido|encargo|compro|(?:me )?l[oa]s? llevo)\b[^.,;:!?\n]{0,25}(?P<colon>:)\s"
)
_CONTACT = frozenset(["address", "phone", "email", "person"])
_BEGINS = CLAUSE_BEGINNINGS | QUESTION_WORDS
_LEADS = GREETINGS | PLAIN_NO | WEAK_YES | spelled("yes yeah yep да так sí si sure claro спасибо дякую gracias thanks")
_PRAISING = spelled("great cool super perfect nice отлично супер класс прекрасно чудово клас genial perfecto estupendo")
_FRONT = spelled("but and so oh no ok но а и ой нет але та і ні pero y ay no")
_CONNECTORS = spelled("and also plus и а еще і й та ще y e tambien")

Place = tuple[int, int]


_LEAD = 12  # letters before what begins a clause


def split(text: str, mentions: Sequence[Mention]) -> list[Place]:
    """(start, end) of each clause of `text`, in order, trimmed; [] when there are no words."""
    folded = fold(text)
    solid = [(m.start, m.end) for m in mentions if m.kind not in _SOFT]
    solid += [m.span() for m in _NOT_BUT.finditer(folded)]
    solid += [m.span() for m in _NOT_THIS.finditer(folded) if cardinal(m[1]) is not None and cardinal(m[2]) is not None]
    pieces: list[Place] = []
    for start, end in _sentences(folded, solid):
        ordered = _ORDERED.search(folded, start, end)
        if ordered and ordered.start() - start < _LEAD and not _goods_in(mentions, ordered.end(), end):
            pieces.append((start, ordered.start("colon")))
            start = ordered.end()
        pieces += _merge_lists(_at_commas(text, folded, start, end, solid, mentions), folded, mentions)
    found = [place for piece in pieces for place in _lead_apart(text, folded, piece, mentions, solid)]
    trimmed = [place for place in (_trim(text, *place) for place in found) if _has_words(text, place)]
    if trimmed:  # "yes, but wait"
        last = _without_front(folded, *trimmed[-1])
        if repair.exact(folded[slice(*last)]) == "wait":
            return [*(place for place in trimmed[:-1] if not _mere_interjection(folded, place)), last]
    return [place for place in trimmed if not _mere_interjection(folded, place)] or trimmed


def _goods_in(mentions: Sequence[Mention], start: int, end: int) -> bool:
    return any(m.kind == "wishes" and start <= m.start < end for m in mentions)


def asks(text: str, start: int, end: int) -> bool:
    """Whether the clause asks something: a question mark within or right behind it, or a question word first."""
    behind = re.match(r"\s*[?]", text[end:])
    if _ASKS.search(text[max(0, start - 1) : end]) or behind:
        return True
    row = [t.word for t in tokens(text[start:end])]
    while row and row[0] in INTERJECTIONS | _CONNECTORS:
        row = row[1:]
    if not row:
        return False
    called = any(t.raw[:1].isupper() for t in tokens(text[start:end]) if t.word == "ли")  # "Мия Ли" is a name
    return row[0] in _FIRST_ASKS or " ".join(row[:2]) in _FIRST_PAIRS or ("ли" in row[1:4] and not called)


_FIRST_ASKS = spelled(
    "what whats how hows where when why which who whose is are do does did "
    "что чем как где когда почему зачем какой какая какие какую кто сколько скока скоко куда откуда почем есть "
    "що чого де коли чому навіщо який яка які яку хто скільки куди чи є як "
    "cuando cuanto cuanta cuantos cuantas cual cuales quien hay tienen donde skolko gde kak"
)
_FIRST_PAIRS = frozenset(
    [
        "can i",
        "can you",
        "could i",
        "could you",
        "may i",
        "will it",
        "do you",
        "have you",
        "por que",
        "que es",
        "que tal",
        "se puede",
    ]
)


def _sentences(folded: str, solid: Sequence[Place]) -> list[Place]:
    cuts: list[Place] = []
    for match in _END.finditer(folded):
        word = re.search(r"([^\W\d_]+)$", folded[: match.start()])
        if match.group() == "." and word and word.group() in _SHORT:
            continue
        if not _inside(match.start(), solid):
            cuts.append(match.span())
    return _between(0, len(folded), cuts)


def _at_commas(
    text: str, folded: str, start: int, end: int, solid: Sequence[Place], mentions: Sequence[Mention]
) -> list[Place]:
    cuts: list[Place] = []
    last = start
    for match in _COMMA.finditer(folded, start, end):
        after = match.end()
        if _inside(match.start(), solid) or not folded[last : match.start()].strip():
            continue
        stop = next((m.start() for m in _COMMA.finditer(folded, after, end) if not _inside(m.start(), solid)), end)
        if _stands_alone(text, folded, (last, match.start()), (after, stop), mentions):
            cuts.append(match.span())
            last = after
    pieces = _between(start, end, cuts)
    return [place for piece in pieces for place in _at_ands(folded, *piece, solid, mentions)]


def _stands_alone(text: str, folded: str, left: Place, right: Place, mentions: Sequence[Mention]) -> bool:
    """Whether what follows a comma is a clause of its own."""
    row = [t.word for t in tokens(folded[right[0] : right[1]])]
    own = _within(mentions, right)
    if not row:
        return False
    if repair.exact(text[left[0] : left[1]]) or repair.exact(text[right[0] : right[1]]):
        return len(tokens(folded[left[0] : left[1]])) <= 3 or len(row) <= 3
    plain = [word for word in row if word not in INTERJECTIONS and word not in _CONNECTORS]
    if plain and plain[0] in _BEGINS:
        return True
    if any(
        m.kind in ("quantity", "wishes", "attributes", "address", "phone", "email", "codes", "ordinal") for m in own
    ):
        return len(_uncovered(folded, right, own)) <= 4
    if any(m.kind in ("delivery", "payment", "city", "person", "point", "near", "saved") for m in own):
        return len(_uncovered(folded, right, own)) <= 2
    return all(word in _LEADS or word in INTERJECTIONS for word in [t.word for t in tokens(folded[left[0] : left[1]])])


def _at_ands(folded: str, start: int, end: int, solid: Sequence[Place], mentions: Sequence[Mention]) -> list[Place]:
    cuts: list[Place] = []
    for match in _AND.finditer(folded, start, end):
        if _inside(match.start() + 1, solid):
            continue
        row = [t.word for t in tokens(folded[match.end() : end])]
        left = folded[start : match.start()].strip()
        begins = row and row[0] in _BEGINS and left and (len(row) > 1 or repair.exact(row[0]))
        place = (start, match.start(), end)
        if begins or _count_of_shown(*place, mentions) or _goods_behind_contact(*place, mentions):
            cuts.append((match.start(), match.start()))
    return _between(start, end, cuts)


def _count_of_shown(start: int, cut: int, end: int, mentions: Sequence[Mention]) -> bool:
    """ "two of those and a gift box", "two white ones and a gift box": what was shown, and something else."""
    left = {m.kind for m in _within(mentions, (start, cut))}
    if left == {"pronoun"}:
        return False  # "that one and a candle" is one list
    counted = any('"quantity":null' not in m.value for m in _within(mentions, (cut, end)) if m.kind == "wishes")
    return (
        ("quantity" in left or counted)
        and bool(left & {"pronoun", "attributes", "ordinal"})
        and "wishes" not in left
        and bool([m for m in _within(mentions, (cut, end)) if m.kind == "wishes"])
    )


def _goods_behind_contact(start: int, cut: int, end: int, mentions: Sequence[Mention]) -> bool:
    """ "Ozo 14, Vilnius and one more candle"."""
    left = {m.kind for m in _within(mentions, (start, cut))}
    goods = any(m.kind == "wishes" for m in _within(mentions, (cut, end)))
    return goods and "wishes" not in left and not left.isdisjoint(_CONTACT)


def _merge_lists(pieces: list[Place], folded: str, mentions: Sequence[Mention]) -> list[Place]:
    """Goods after goods are one list: "3 candles, one headphones and 2 gift boxes"."""
    merged: list[Place] = []
    for piece in pieces:
        own = [m for m in _within(mentions, piece) if m.kind not in _SOFT]
        goods = bool(own) and all(m.kind == "wishes" for m in own) and not _uncovered(folded, piece, own)
        if merged and goods and any(m.kind == "wishes" for m in _within(mentions, merged[-1])):
            merged[-1] = (merged[-1][0], piece[1])
        else:
            merged.append(piece)
    return merged


def _mere_interjection(folded: str, place: Place) -> bool:
    row = [t.word for t in tokens(folded[place[0] : place[1]])]
    if _APOLOGY.fullmatch(" ".join(row)) or row == ["please"]:
        return True
    return bool(row) and all(word in INTERJECTIONS and word not in WEAK_YES and word not in _LEADS for word in row)


def _lead_apart(
    text: str, folded: str, piece: Place, mentions: Sequence[Mention], solid: Sequence[Place]
) -> list[Place]:
    """ "ok Gedimino 5" is "ok" and an address; "no thanks" stays whole."""
    start, end = piece
    if repair.exact(text[start:end]):
        return [piece]
    row = tokens(folded[start:end])
    if len(row) < 2:
        return [piece]
    lead = 2 if f"{row[0].word} {row[1].word}" in GREETING_PAIRS else 1 if row[0].word in _LEADS else 0
    if row[0].word in _PRAISING and repair.exact(text[start + row[1].start : end]):
        lead = 1  # "great, checkout"
    if not lead or lead >= len(row):
        return [piece]
    rest = (start + row[lead].start, end)
    plain = [t.word for t in row[lead:] if t.word not in INTERJECTIONS]
    if _inside(rest[0], solid):
        return [piece]
    own = [m for m in _within(mentions, rest) if m.kind not in ("pronoun", "person", "locale", "strange")]
    if row[0].word in PLAIN_NO:
        apart = any(c in ",.;!-" for c in folded[start + row[0].end : rest[0]])
        if not apart and any(m.kind == "wishes" and '"quantity":null' in m.value for m in own):
            return [piece]  # "no throw" is no answer
        begins = rest[0] + next((t.start - row[lead].start for t in row[lead:] if t.word not in FILLERS), 0)
        return [(start, start + row[0].end), rest] if any(m.start <= begins < m.end for m in own) else [piece]
    if own or (plain and plain[0] in _BEGINS) or repair.exact(text[rest[0] : rest[1]]):
        return [(start, start + row[lead - 1].end), rest]
    return [piece]


def _without_front(folded: str, start: int, end: int) -> Place:
    """Without the "but" or "so" in front."""
    row = tokens(folded[start:end])
    begin = next((token.start for token in row if token.word not in _FRONT), 0)
    return start + begin, end


def _uncovered(folded: str, place: Place, own: Sequence[Mention]) -> list[Token]:
    row = tokens(folded[place[0] : place[1]])
    covered = [(m.start - place[0], m.end - place[0]) for m in own]
    return [t for t in row if t.word not in FILLERS and not any(a <= t.start and t.end <= b for a, b in covered)]


def _within(mentions: Sequence[Mention], place: Place) -> list[Mention]:
    return [m for m in mentions if place[0] <= m.start and m.end <= place[1]]


def _inside(at: int, solid: Sequence[Place]) -> bool:
    return any(start < at < end for start, end in solid)


def _between(start: int, end: int, cuts: Sequence[Place]) -> list[Place]:
    pieces = []
    for a, b in cuts:
        pieces.append((start, a))
        start = b
    return [*pieces, (start, end)]


def _trim(text: str, start: int, end: int) -> Place:
    while start < end and (text[start].isspace() or text[start] in ",.;:!…-–—"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:-–—"):
        end -= 1
    return start, end


def _has_words(text: str, place: Place) -> bool:
    return any(c.isalnum() or c in "⭐★🌟+" for c in text[place[0] : place[1]])
