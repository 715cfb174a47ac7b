"""Finds the shop's own ways of delivery and payment, cities, pick-up points, properties and promo codes in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from rapidfuzz import fuzz, process

from bot.nlu.text import Token, fold, is_cyrillic, sound, stem, words
from bot.understanding import Lexicon, Mention, Words

Free = Callable[[int, int], bool]

_COMMON_PAYMENTS = {
    "card": ("card", "visa", "mastercard", "карта", "карткой", "картой", "карткою", "картка", "tarjeta"),
    "paypal": ("paypal", "pay pal", "пэйпал", "пейпал"),
    "cod": (
        "cash on delivery", "cash", "cod", "наложенный платеж", "наложенным платежом",
        "наложка", "наложкой", "наличные",
        "наличными", "накладений платіж", "накладеним платежем", "накладний платіж", "накладна", "готівка", "готівкою",
        "післяплата", "післяплатою", "contra reembolso", "contrareembolso", "efectivo", "pago contra entrega",
        "оплата при получении", "при получении",
        "оплата при отриманні", "при отриманні", "al recibir", "pay on delivery", "payment on delivery",
    ),
}  # fmt: skip
_COMMON_FACTS = {
    "burn_time": (
        "burn", "burns", "burning", "горит", "горят", "гореть", "горять", "горения", "горить", "горіння",
        "arde", "ardera"),
    "washable": (
        "washable", "wash", "washed", "стирать", "стирается", "стирке", "прати", "пранні", "lavar", "lava"),
    "material": (
        "material", "made of", "fabric", "cotton", "материал", "ткань", "хлопок",
        "матеріал", "тканина", "algodon"),
    "size_cm": ("cm", "how big", "dimensions", "сантиметрах", "medidas", "mide"),
    "weight": ("weigh", "weight", "heavy", "весит", "вес", "важить", "вага", "pesa", "peso"),
    "battery": ("battery", "батарея", "батареи", "батарея", "акумулятор", "bateria"),
    "waterproof": ("waterproof", "водонепроницаемые", "водонепроникні", "impermeables"),
    "dishwasher": ("dishwasher", "посудомойке", "посудомийці", "lavavajillas"),
    "volume": ("volume", "ml", "объем", "об'єм", "capacidad"),
}  # fmt: skip
_CODE = re.compile(r"(?<![\w-])[A-Za-z0-9]{3,20}(?![\w-])")
_HOUSE = re.compile(r"\d{1,4}[A-Za-z]")  # "Gedimino 100A"
_PIECES = re.compile(r"[^\W_]+")
_LOOKS = str.maketrans(  # one letter for all that look like it: Cyrillic ones, nought and one
    dict(zip("АВЕКМНОРСТУХІЈЅаеорсухіјѕвкмнт01|", "ABEKMHOPCTYXIJSAEOPCYXIJSBKMHTOII", strict=True))
)
_MOST_PIECES = 12  # that a code is written in: "WELCOME - 10", "W E L C O M E 10"
_CODE_WORD = re.compile(
    r"\b(?:promo ?codes?|codes?|coupons?|vouchers?|promo|промо|промокод\w*|код\w*|купон\w*|codigos?|cupon(?:es)?|"
    r"promokod|kod|apply|redeem|примени\w*|активиру\w*|застосу\w*|активу\w*|aplica\w*|canjea\w*)\s*:?\s*$"
)
_FIGURE_OF_A_CODE = re.compile(r"\b(?:promo ?code|code|coupon|промокод|код|купон|codigo|cupon)\s*:?\s*$")
_CODE_WORD_AFTER = re.compile(r"\s*(?:promo|coupon|code|промо|код|купон|kod|codigo|cupon)")
_AND = re.compile(r"\s*(?:and|plus|и|і|й|та|y|[,+&])\s*")
_SAID = re.compile(r"(?<![\w-])([^\W\d_]{3,})[\s-]?(\d{1,4})?(?!\w)")  # a code by ear: "вэлком10", "флэш 20"
_SHORT = 3  # letters: "mug" has to sound as it is
_HEARD, _HEARD_WELL = 70, 90  # how near its letters sound: where its figure is said too, and where it has none


class Phrases:
    """Which of some phrases stand in a row of words: endings, alphabet and one typo in a long word do not matter."""

    def __init__(self, phrases: Iterable[tuple[str, str]], ordinary: Collection[str] = frozenset()) -> None:
        """`phrases`: (code, words). `ordinary`: everyday words, which are no misspelling or transliteration
        of these.
        """
        self._ordinary = ordinary
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for code, phrase in phrases:
            row = tuple(words(phrase))
            if row:
                for key in _keys(row[0]):
                    self._by_first.setdefault(key, []).append((row, code))
        self._long = [key for key in self._by_first if len(key) >= 6]

    def find(self, tokens: Sequence[Token], free: Free) -> list[tuple[str, int, int]]:
        """(code, start, end) of each, the longest phrase first where several begin together."""
        found: list[tuple[str, int, int]] = []
        i = 0
        while i < len(tokens):
            best = self._at(tokens, i)
            if best is not None and free(tokens[i].start, tokens[best[1] - 1].end):
                found.append((best[0], tokens[i].start, tokens[best[1] - 1].end))
                i = best[1]
            else:
                i += 1
        return found

    def _at(self, tokens: Sequence[Token], i: int) -> tuple[str, int] | None:
        word = tokens[i].word
        candidates = [each for key in _keys(word) for each in self._by_first.get(key, ())]
        rows = [(row, code) for row, code in candidates if self._same(word, row[0])]
        if not rows and len(word) >= 6 and word not in self._ordinary:
            near = process.extractOne(sound(word), self._long, scorer=fuzz.ratio, score_cutoff=86)
            rows = self._by_first[near[0]] if near else []
        best: tuple[str, int] | None = None
        for row, code in rows:
            if i + len(row) > len(tokens):
                continue
            fits = all(self._same(tokens[i + n].word, other) for n, other in enumerate(row[1:], start=1))
            if fits and (best is None or i + len(row) > best[1]):
                best = (code, i + len(row))
        return best

    def _same(self, typed: str, known: str) -> bool:
        """One word in two forms. Short words must be spelled as they are: "cod" is no "code", "cart" no "карта"."""
        if typed == known:
            return True
        if len(known) <= 3 or len(typed) <= 3:
            return False
        if is_cyrillic(typed) == is_cyrillic(known) and stem(typed) == stem(known):
            return True
        return typed not in self._ordinary and bool(_keys(typed) & _keys(known))


class ShopWords:
    """Built once per catalogue from the lexicon."""

    def __init__(self, lexicon: Lexicon, ordinary: Collection[str] = frozenset()) -> None:
        def of(kind: Iterable[tuple[str, tuple[str, ...]]]) -> Phrases:
            return Phrases(((code, phrase) for code, phrases in kind for phrase in phrases), ordinary)

        def told(entries: Iterable[Words]) -> list[tuple[str, tuple[str, ...]]]:
            return [(e.code, tuple(word for spelled in e.words.values() for word in spelled)) for e in entries]

        payments = told(lexicon.payments)
        known = {code for code, _ in payments}
        self._deliveries = of(told(lexicon.deliveries))
        self._payments = of([*((c, w) for c, w in _COMMON_PAYMENTS.items() if c in known), *payments])
        self._cities = of([*told(lexicon.cities), *((p.city, (p.city,)) for p in lexicon.points)])
        self._facts = of([*told(lexicon.facts), *_COMMON_FACTS.items()])  # where both have a word, it is the shop's
        self._points = {fold(point.code): point.code for point in lexicon.points}
        self._codes = {code.upper() for code in lexicon.codes}
        self._personal = {code.upper() for code in lexicon.personal_codes}
        looks = [(_look(code), code) for code in sorted(self._codes | self._personal)]
        alike = {look for look, n in Counter(look for look, _ in looks).items() if n > 1}
        self._looks = {look: code for look, code in looks if look not in alike}
        self._heard = [(*_by_ear(code), code) for code in sorted(self._codes) if not any(map(is_cyrillic, code))]

    def read(self, tokens: Sequence[Token], free: Free) -> list[Mention]:
        """Deliveries, payments and cities."""
        kinds = (("delivery", self._deliveries), ("payment", self._payments), ("city", self._cities))
        return [_mention(kind, *one) for kind, phrases in kinds for one in phrases.find(tokens, free)]

    def facts(self, tokens: Sequence[Token], free: Free) -> list[Mention]:
        """Properties of goods that are spoken of."""
        return [_mention("fact", *one) for one in self._facts.find(tokens, free)]

    def cities(self, tokens: Sequence[Token], free: Free) -> list[tuple[str, int, int]]:
        return self._cities.find(tokens, free)

    def points(self, folded: str) -> list[Mention]:
        """Pick-up points named by their code."""
        found = [(code, folded.find(low), len(low)) for low, code in self._points.items() if low in folded]
        return [_mention("point", code, start, start + length) for code, start, length in found]

    def codes(
        self, text: str, free: Free, *, taken: Callable[[str], bool], goods: Callable[[str], bool]
    ) -> list[Mention]:
        """Promo codes: those that exist, near misses of them, and what looks like one. `taken` knows other words.

        `goods`: those of the goods among them: "MUG 5" may be five mugs.
        """
        found = self._alike(text, free, goods)
        found += self._by_ear(text, lambda a, b: free(a, b) and not any(a < m.end and m.start < b for m in found))
        shouting = sum(c.isupper() for c in text) > 0.7 * max(1, sum(c.isalpha() for c in text))
        for match in _CODE.finditer(text):
            typed, upper = match.group(), match.group().upper()
            if typed.isdecimal():
                if (
                    len(typed) > _SHORT
                    and _FIGURE_OF_A_CODE.search(fold(text[: match.start()]))
                    and free(*match.span())
                ):
                    found.append(_mention("codes", typed, *match.span(), score=0.6))
                continue
            if not free(match.start(), match.end()) or len(typed) < 4:
                continue
            if any(match.start() < m.end and m.start < match.end() for m in found):
                continue
            digits, letters = any(map(str.isdecimal, typed)), any(map(str.isalpha, typed))
            asked = _CODE_WORD.search(fold(text[: match.start()])) is not None
            lone = typed == text.strip()
            score = 0.0
            if upper in self._codes | self._personal and (
                digits or typed.isupper() or asked or lone or len(typed) >= 7
            ):
                score = 1.0
            elif digits and letters and not taken(fold(typed)):
                near = self._near(upper)
                house = _HOUSE.fullmatch(typed) is not None
                score = 0.9 if near else 0.7 if (typed == upper and not house) or asked else 0.0
            elif letters and typed == upper and not taken(fold(typed)) and (self._near(upper) or asked):
                score = 0.8 if not shouting or lone or asked else 0.0
            elif letters and asked and typed == upper:
                score = 0.6
            if score:
                found.append(_mention("codes", upper, match.start(), match.end(), score))
        return found

    def _alike(self, text: str, free: Free, goods: Callable[[str], bool]) -> list[Mention]:
        """Codes that look as they should and are written otherwise: with Cyrillic letters, 0 for O, in pieces."""
        found: list[Mention] = []
        pieces = [match.span() for match in _PIECES.finditer(text)]
        last = len(text)  # where the code before ends
        for i, (start, _) in enumerate(pieces):
            for j in range(min(len(pieces), i + _MOST_PIECES), i, -1):
                end = pieces[j - 1][1]
                typed = text[start:end]
                code = self._looks.get(_look(typed)) if end - start >= 4 else None
                if code is not None and typed.upper() == code:
                    last = end
                if code is None or typed.upper() == code or not free(start, end):
                    continue
                listed = _AND.fullmatch(fold(text[last:start])) is not None and "\n" not in typed
                if j - i == 1 or listed or self._meant(text, pieces[i:j], code, goods):
                    last = end
                    found.append(_mention("codes", code, start, end))
                    break
        return [m for m in found if not any(m is not o and o.start <= m.start and m.end <= o.end for o in found)]

    def _meant(
        self, text: str, pieces: Sequence[tuple[int, int]], code: str, goods: Callable[[str], bool]
    ) -> bool:  # fmt: skip
        """Whether words that give a code together are one: "WELCOME 10", and not "FREE SHIP" in a sentence."""
        start, end = pieces[0][0], pieces[-1][1]
        typed = text[start:end]
        if _CODE_WORD.search(fold(text[:start])):
            return "\n" not in typed
        if any(goods(fold(text[a:b])) for a, b in pieces) or not any(map(str.isdecimal, code)):
            return False
        rest = text[:start] + text[end:]
        aloud = typed.isupper() and not rest.isupper()
        return "\n" not in typed and (aloud or not rest.strip(" .!?"))

    def _by_ear(self, text: str, free: Free) -> list[Mention]:
        """Codes written as they sound in Cyrillic: "вэлком10" is WELCOME10."""
        found: list[Mention] = []
        for match in _SAID.finditer(text) if is_cyrillic(text) else ():
            word, figure = match.groups(default="")
            if not is_cyrillic(word) or not free(*match.span()):
                continue
            before, after = fold(text[: match.start()]), fold(text[match.end() :])
            asked = bool(_CODE_WORD.search(before) or _CODE_WORD_AFTER.match(after)) or not (before + after).strip(
                " ?!."
            )
            if not asked and (not figure or not match.group().isalnum()):
                continue
            enough = _HEARD if figure and len(word) > _SHORT else _HEARD_WELL
            near = (
                (fuzz.ratio(sound(fold(word)), heard), code) for heard, digits, code in self._heard if digits == figure
            )
            score, code = max(near, default=(0.0, ""))
            if score >= enough:
                found.append(_mention("codes", code, *match.span()))
        return found

    def _near(self, upper: str) -> bool:
        return process.extractOne(upper, list(self._codes), scorer=fuzz.ratio, score_cutoff=80) is not None


def _look(code: str) -> str:
    """What a code looks like, signs between its pieces left out."""
    return "".join(_PIECES.findall(code)).translate(_LOOKS).upper().translate(_LOOKS)


def _by_ear(code: str) -> tuple[str, str]:
    """How its letters sound, and its figure."""
    return sound(re.sub(r"[\W\d_]", "", code.lower())), re.sub(r"\D", "", code)


def _keys(word: str) -> frozenset[str]:
    return frozenset((sound(word), sound(stem(word))))


def _mention(kind: str, value: str, start: int, end: int, score: float = 1.0) -> Mention:
    return Mention(kind=kind, value=value, start=start, end=end, score=score)
