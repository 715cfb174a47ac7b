"""Reads everything a message mentions, in an order of right: what one reader has taken, no other takes again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from bot.nlu import contacts, countries, dates, homes, numbers
from bot.nlu.products import ProductReader
from bot.nlu.shopwords import ShopWords
from bot.nlu.spelling import Spelling
from bot.nlu.text import Token, fold, sound, spelled, tokens, words
from bot.nlu.training import Example
from bot.nlu.vocabulary import EACH, LANGUAGES, OCCASIONS, RELATIVES, SMALL_WORDS, index
from bot.understanding import Lexicon, Mention

_RELATIVE = index(RELATIVES)
_OCCASION = index(OCCASIONS)
_LANGUAGE = index(LANGUAGES)
_STARS = re.compile(r"(?:[⭐★🌟]️?\s?){1,5}")
_RATING = re.compile(
    r"(?<![\w.,])(?P<digit>\d{1,2})\s?(?:/|out of|of|из|з|de)\s?(?P<of>5|10|пяти|п'яти|cinco)\b"
    r"|(?<![\w.,])(?P<stars>[1-5]|one|two|three|four|five|one|один|одна|одну|две|дві|два|три|четыре|чотири|пять|п'ять|una|dos|"
    r"tres|cuatro|cinco)\s?-?\s?(?:stars?|звезд\w*|зiрк\w*|зірк\w*|зірок|estrellas?|балл?\w*|puntos)\b"
)
_NEGATED = re.compile(
    r"\b(?:not|не|instead of|rather than|вместо|замість|en vez de|en lugar de|no (?=\w+,? sino))\s+(?P<number>\d{1,3}|"
    r"[^\W\d_]+(?:'[^\W\d_]+)?)\b"
)
_MORE = re.compile(
    r"\b(?:(?:one|two|three|four|five|\d+) (?:more|extra)|another|(?:еще|ще|eshe) (?:\d+|"
    r"[^\W\d_]+)|(?:un[ao]?|dos|tres|\d+) mas|otr[ao]s?)\b"
    r"|(?<![\w+])\+\s?\d{1,2}(?![\d\s]*\d)"
)
_LESS = re.compile(
    r"\b(?:(?:one|two|\d+) (?:less|fewer)|на (?:один|одну|две|дві|два|\d+) (?:меньше|менше)|"
    r"(?:меньше|менше|уменьши\w*|зменш\w*) на|"
    r"(?:un[ao]?|dos|\d+) menos|quita\w* un[ao]?)\b"
)
_EACH = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, EACH), key=len, reverse=True)) + r")\b")
_IT = spelled("it this that его её ее это эту этот її його це цю цей lo esto este esta eso esa ese")
_THEM = spelled("them em these those both обе оба обидва обидві их эти їх ці los estos estas ambos esos esas")
_NUMBERS_OF_FACTS = re.compile(
    r"\d+\s?(?:cm|см|kg|кг|ml|мл|mm|мм|g|г|гр|years?|лет|років|рік|anos|days?|hours?|h|ч|год)\b"
    r"|\ba las? (?:\d{1,2}|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce)\b"
    r"|\b\w+ (?:o'?clock|[ap]\.?m\b|утра|вечера|ранку|вечора)"  # "three o.clock", "семь утра"
)
_SOFT = spelled("city_inside near fact each change pronoun recipient_kind occasion locale saved country strange")


class Readers:
    """All readers together, made anew when the shop's words change."""

    def __init__(self, lexicon: Lexicon, ordinary: Collection[str], spelling: Spelling) -> None:
        self._ordinary = ordinary
        self._spelling = spelling
        self._country = lexicon.country
        self._products = ProductReader(lexicon, ordinary)
        self._shop = ShopWords(lexicon, ordinary)
        named = (spelled for each in (*lexicon.deliveries, *lexicon.payments) for spelled in each.words.values())
        places = (f"{point.city} {point.words}" for point in lexicon.points)
        self._streets = frozenset(sound(word) for place in places for word in words(place))
        self._shop_words = frozenset(sound(w) for phrases in named for phrase in phrases for w in words(phrase))

    @property
    def products(self) -> ProductReader:
        return self._products

    def read(self, text: str, folded: str, row: list[Token], prior: str | None = None) -> list[Mention]:
        """Every mention in `text`, by place. Soft ones (near, facts, …) may lie over others.

        `prior`: the customer's language so far.
        """
        found: list[Mention] = []

        def free(start: int, end: int) -> bool:
            return not any(m.start < end and start < m.end for m in found if m.kind not in _SOFT)

        def take(mentions: Iterable[Mention]) -> None:
            found.extend(mention for mention in mentions if free(mention.start, mention.end))

        found += dates.read(text, folded)
        found += homes.figures(folded)
        rooms = homes.inside(_without(found, text))
        bare = _without([*found, *rooms], text)  # "61234567 24 December": a phone ends where a day begins
        take(contacts.exact(bare, fold(bare), self._country, prior))
        take(self._shop.points(folded))
        streets = [*contacts.streets(text), *((room.start, room.end) for room in rooms)]

        def outside(mentions: Iterable[Mention]) -> list[Mention]:
            return [m for m in mentions if not any(m.start < end and start < m.end for start, end in streets)]

        take(outside(_ratings(text, folded)))
        take(Mention(kind="percent", value=str(n), start=a, end=b) for n, a, b in numbers.percents(folded))
        take(outside(Mention(kind=kind, value=value, start=a, end=b) for kind, value, a, b in numbers.sums(folded)))
        measures = _NUMBERS_OF_FACTS.finditer(folded)
        take(outside(Mention(kind="number", value=m.group(), start=m.start(), end=m.end()) for m in measures))
        take(outside(self._shop.codes(text, free, taken=self._common, goods=self._products.knows)))
        found += contacts.near_places(text, folded, lambda a, b: True)
        cities = self._shop.cities(row, free)
        take(contacts.addresses(text, free, self._no_street, cities, self._no_city, self._is_street))
        take(rooms)
        inside = [
            (c, a, b) for c, a, b in cities if any(m.kind == "address" and m.start <= a and b <= m.end for m in found)
        ]
        found += [Mention(kind="city_inside", value=city, start=a, end=b) for city, a, b in inside]
        take(_negated(folded))
        found += self._products.read(text, row, free)
        take(Mention(kind="ordinal", value=str(n), start=a, end=b) for n, a, b in numbers.ordinals(folded, row))
        take(self._shop.read(row, free))
        take(_quantities(row, free, found))
        take(contacts.persons(text, free, self._common))
        found += self._soft(folded, row)
        taken = [(m.start, m.end) for m in found if m.kind != "country" and (m.kind != "person" or m.score == 1)]
        found += [_at("strange", t.word, t) for t in row if self._strange(t, taken)]
        return sorted(found, key=lambda mention: (mention.start, mention.end))

    def _strange(self, token: Token, taken: Collection[tuple[int, int]]) -> bool:
        """A word that nothing explains: what it speaks of is not known here."""
        if len(token.word) < 3 or not token.word.isalpha():
            return False
        if any(start < token.end and token.start < end for start, end in taken):
            return False
        shop = self._products.knows(token.word) or sound(token.word) in self._shop_words or token.word in _LANGUAGE
        return not shop and self._spelling.strange(token.word)

    def _common(self, word: str) -> bool:
        return (
            word in self._ordinary or self._products.knows(word) or sound(word) in self._shop_words or word in _LANGUAGE
        )

    def _no_street(self, word: str) -> bool:
        return not self._is_street(word) and self._common(word)

    def _is_street(self, word: str) -> bool:
        return sound(word) in self._streets

    def _no_city(self, word: str) -> bool:
        return word in SMALL_WORDS or self._products.knows(word) or sound(word) in self._shop_words

    def _soft(self, folded: str, row: list[Token]) -> list[Mention]:
        found = contacts.saved_places(folded)
        found += countries.read(row, self._country)
        found += self._shop.facts(row, lambda a, b: True)
        for kind, table in (("recipient_kind", _RELATIVE), ("occasion", _OCCASION), ("locale", _LANGUAGE)):
            found += [_at(kind, table[t.word], t) for t in row if t.word in table]
        found += [_at("pronoun", "it" if t.word in _IT else "them", t) for t in row if t.word in _IT or t.word in _THEM]
        found += [Mention(kind="change", value="more", start=m.start(), end=m.end()) for m in _MORE.finditer(folded)]
        found += [Mention(kind="change", value="less", start=m.start(), end=m.end()) for m in _LESS.finditer(folded)]
        found += [Mention(kind="each", value="each", start=m.start(), end=m.end()) for m in _EACH.finditer(folded)]
        return found


def plain_mentions(text: str) -> list[Mention]:
    """What can be read without a shop's words: how training examples get the same placeholders
    as customers' clauses.
    """
    folded = fold(text)
    row = tokens(text, folded)
    found = dates.read(text, folded)
    bare = _without(found, text)
    found += contacts.exact(bare, fold(bare), "LT")
    found += [Mention(kind="percent", value=str(n), start=a, end=b) for n, a, b in numbers.percents(folded)]
    found += [Mention(kind=k, value=v, start=a, end=b) for k, v, a, b in numbers.sums(folded)]
    found += (
        contacts.addresses(text, lambda a, b: True, lambda word: False, (), lambda word: False)[:1]
        if re.search(r"\d,", text)
        else []
    )

    def free(start: int, end: int) -> bool:
        return not any(m.start < end and start < m.end for m in found)

    return found + _quantities(row, free)


def _without(mentions: Iterable[Mention], text: str) -> str:
    """The text with signs in place of what is mentioned, as long as before."""
    for mention in mentions:
        text = text[: mention.start] + ";" * (mention.end - mention.start) + text[mention.end :]
    return text


def ordinary_words(examples: Iterable[Example]) -> frozenset[str]:
    """Folded words of everyday talk in the examples: no goods, no names, no streets."""
    small: dict[str, int] = {}
    great: dict[str, int] = {}
    lowered: set[str] = set()
    for example in examples:
        for token in tokens(example.text):
            if any(span.start < token.end and token.start < span.end for span in example.spans):
                continue
            told = token.start > 0 or example.intent == "inform"  # "Ivan, +370…" begins with a name
            proper = told and token.raw[0].isupper() and not example.text.isupper()
            into = great if proper and example.text[: token.start].rstrip()[-1:] not in tuple(".!?") else small
            into[token.word] = into.get(token.word, 0) + 1
            if token.raw[0].islower():
                lowered.add(token.word)
    names = great.keys() - lowered  # "Olga" begins sentences and stands within them, always with a great letter
    learnt = (word for word, times in small.items() if times > great.get(word, 0) and not word.isdecimal())
    learnt = (word for word in learnt if word not in names)
    return SMALL_WORDS | frozenset(learnt)


def _ratings(text: str, folded: str) -> list[Mention]:
    found = [
        Mention(
            kind="rating",
            value=str(m.group().count("⭐") + m.group().count("★") + m.group().count("🌟")),
            start=m.start(),
            end=m.end(),
        )
        for m in _STARS.finditer(text)
    ]
    for match in _RATING.finditer(folded):
        if match["digit"]:
            value, of = int(match["digit"]), 10 if match["of"] == "10" else 5
            value = (value + 1) // 2 if of == 10 else value
        else:
            value = numbers.cardinal(match["stars"]) or 0
        if 1 <= value <= 5:
            found.append(Mention(kind="rating", value=str(value), start=match.start(), end=match.end()))
    return found


def _negated(folded: str) -> list[Mention]:
    """The 5 of "not 5 but 15": a number that is taken back, when another one is named."""
    found = []
    for match in _NEGATED.finditer(folded):
        value = numbers.cardinal(match["number"])
        others = [
            w for w in words(folded[: match.start()] + " " + folded[match.end() :]) if numbers.cardinal(w) is not None
        ]
        if value is not None and others:
            found.append(Mention(kind="number", value=str(value), start=match.start("number"), end=match.end("number")))
    return found


def _quantities(row: list[Token], free: contacts.Free, known: Iterable[Mention] = ()) -> list[Mention]:
    found: list[Mention] = []
    coloured = {mention.start for mention in known if mention.kind == "attributes"}
    shared = [i for i, t in enumerate(row[:-1]) if t.word in numbers.ARTICLES and row[i + 1].start in coloured]
    counting = frozenset(shared if len(shared) > 1 else ())  # "two tees: a black M and a green L"
    i = 0
    while i < len(row):
        count = numbers.number_at(row, i)
        if count is None or not free(row[i].start, row[i].end):
            i += 1
            continue
        value, after = count
        words_only = not any(t.digits for t in row[i:after])
        article = words_only and row[i].word in numbers.ARTICLES and after < len(row) and after - i == 1
        article = (
            article
            and i not in counting
            and not (after + 1 < len(row) and row[after].word == "de" and row[after + 1].word in _THEM)
        )
        pronoun = row[i].word == "one" and i > 0 and _points(row[i - 1]) and row[i].start - row[i - 1].end == 1
        pronoun = pronoun or (row[i].word == "one" and i > 1 and row[i - 2].word == "the")  # "the Kaunas one"
        if value > 0 and not article and not pronoun:
            found.append(Mention(kind="quantity", value=str(value), start=row[i].start, end=row[after - 1].end))
        i = after
    return found


def _points(token: Token) -> bool:
    """ "the one", "the second one": no number of pieces."""
    return token.word in ("the", "this", "that", "which") or numbers.is_ordinal(token.word)


def _at(kind: str, value: str, token: Token) -> Mention:
    return Mention(kind=kind, value=value, start=token.start, end=token.end)
