"""Finds goods in words: typos, endings, transliteration, colours and sizes, and how many of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz, process

from bot.acts import Wish
from bot.nlu.numbers import ARTICLES, number_at
from bot.nlu.text import Token, fold, is_cyrillic, skeleton, sound, spelled, stem, words
from bot.nlu.vocabulary import COLOURS, SIZES
from bot.understanding import Lexicon, Mention, ProductWords

_BRIDGES = spelled(
    "of in the de del en la el color colour size talla цвет цвета цвете цветом размер размера размере розмір розміру "
    "розмірі колір кольору кольорі в у во"
)
_MORE = frozenset(["more", "extra", "еще", "ще", "mas"])
_TIMES_SIGNS = frozenset(["x", "х", "×"])
_SHORTEST_PART = 3  # letters: shorter parts of a phrase ("x large", "икс эль") say nothing alone
_TOO = frozenset(["too", "слишком", "занадто", "demasiado", "muy", "bit"])  # "too small" names no size
_JOINER = re.compile(r"\W*(?:and|y|e|и|і|та|й|plus|con)\W*")
_AFTER_ATTRIBUTE = frozenset(["one", "ones"])
_SMALL_FORMS = ((re.compile(r"[оеєи]чк(?=[аиуоеію]|ою|ой|ам|ах|$)"), "к"), (re.compile(r"(?<=[^\W\d_]{3})ик$"), ""))
_ADJECTIVE = re.compile(r"(?:ая|яя|ый|ий|ое|ее|ые|ие|ой|ова|ева|ена|енна)$")
_ENOUGH = 0.75  # of evidence for one wish
_SKU = re.compile(r"[^\W_]+(?:[-_][^\W_]+)+")
_MOST_CANDIDATES = 24
_LONG_SOUND = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """What one word may name. `products` gives the evidence for each product id, `attributes` are "color.black"."""

    products: dict[str, float]
    attributes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Group:
    """Words in a row that speak of one thing."""

    start: int
    end: int
    products: dict[str, float] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    quantity: int | None = None
    article: bool = False  # the quantity is that of "a mug": a number said later is meant
    last: int = 0  # index of its last token
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)  # where each attribute was said


class ProductReader:
    """Built once per catalogue; `read` is quick and thread-safe (its only state is a cache of looked-up words)."""

    def __init__(self, lexicon: Lexicon, ordinary: Collection[str] = frozenset()) -> None:
        """`ordinary`: folded everyday words, which are never taken for a misspelt product."""
        self._ordinary = ordinary
        self._products: dict[str, ProductWords] = {product.id: product for product in lexicon.products}
        self._keys: dict[str, Hit] = {}
        self._plain: set[str] = set()  # stems as spelled: very short sounds must be spelled right
        self._letters: dict[str, str] = {}  # one- and two-letter sizes
        self._skus = {v.sku.lower(): (p.id, v.sku) for p in lexicon.products for v in p.variants}
        self._values = {(k, v) for p in lexicon.products for each in p.variants for k, v in each.attributes.items()}
        self._own = {
            p.id: {(k, v) for each in p.variants for k, v in each.attributes.items()} for p in lexicon.products
        }
        self._learn_products(lexicon)
        self._learn_attributes(lexicon)
        self._sounds = [key for key in self._keys if len(key) >= 4]
        self._skeletons: dict[str, list[str]] = {}
        for key in self._keys:
            self._skeletons.setdefault(skeleton(key), []).append(key)
        self._seen: dict[str, Hit | None] = {}

    def read(self, text: str, tokens: Sequence[Token], free: Callable[[int, int], bool]) -> list[Mention]:
        """Wishes and lone attributes in `tokens` of `text`, in order; `free(start, end)` says what
        may still be read.
        """
        groups: list[_Group] = []
        now: _Group | None = None
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if not free(token.start, token.end):
                self._close(groups, now)
                now, i = None, i + 1
                continue
            gap = text[tokens[i - 1].end : token.start] if i else ""
            broken = any(c in ".;!?\n,/" for c in gap)
            sku = self._sku_at(text, token)
            if sku is not None:
                self._close(groups, now)
                before = self._before(tokens, i, free)
                now = _Group(token.start, sku[2], {sku[0]: 2.0}, {"": sku[1]}, before)
                while i < len(tokens) and tokens[i].start < sku[2]:
                    now.last, i = i, i + 1
                continue
            count = number_at(tokens, i)
            lone = token.word == "one" and now is not None and now.attributes and not now.products
            if count is not None and not (lone and not self._starts_here(tokens, i + 1, free)):
                value, after = count
                if (
                    now is not None
                    and now.products
                    and token.word in _TIMES_SIGNS
                    and (now.article or now.quantity is None)
                ):
                    now.quantity, now.article, now.end, now.last = value, False, tokens[after - 1].end, after - 1
                elif self._starts_here(tokens, after, free):
                    self._close(groups, now)
                    now = _Group(token.start, tokens[after - 1].end, quantity=value, last=after - 1)
                elif now is not None and now.products and now.quantity is None and not _clause_end(gap):
                    now.quantity, now.end, now.last = value, tokens[after - 1].end, after - 1
                else:
                    self._close(groups, now)
                    now = None
                i = after
                continue
            hit = self._hit(tokens, i, now)
            if hit is None:
                small = token.word in _BRIDGES or (token.word in _MORE and now is not None and not now.products)
                if now is not None and not broken and small and i - now.last <= 2:
                    i += 1
                    continue
                if now is not None and token.word in _AFTER_ATTRIBUTE and now.attributes and not now.products:
                    key = next(reversed(now.spans))
                    now.end, now.last, now.spans[key] = token.end, i, (now.spans[key][0], token.end)
                    i += 1
                    continue
                self._close(groups, now)
                now, i = None, i + 1
                continue
            if now is None or not self._join(now, hit, token, i, broken, tokens, free):
                self._close(groups, now)
                now = _Group(token.start, token.end, last=i)
                self._join(now, hit, token, i, False, tokens, free)
                if i and tokens[i - 1].word in ARTICLES and not _clause_end(gap):
                    now.start, now.quantity, now.article = tokens[i - 1].start, 1, True
            i += 1
        self._close(groups, now)
        _inherit(groups, text)
        return [mention for group in groups for mention in self._mentions(group, text)]

    def variants(self, products: Collection[str], attributes: dict[str, str]) -> tuple[str, ...]:
        """SKUs of these products that fit; all of a product's when none of it does."""
        found: list[str] = []
        for product in products:
            known = self._products[product].variants
            fit = [v.sku for v in known if all(v.attributes.get(k) == want for k, want in attributes.items())]
            found += fit or ([v.sku for v in known] if len(products) == 1 else [])
        return tuple(found[:_MOST_CANDIDATES])

    def knows(self, word: str) -> bool:
        """Whether this folded word, as it stands, is one of the shop's product or attribute words."""
        return sound(word) in self._keys or word in self._letters

    # ---- building -------------------------------------------------------------------------------

    def _learn_products(self, lexicon: Lexicon) -> None:
        shared: dict[str, set[str]] = {}
        for product in lexicon.products:
            for phrases in product.names.values():
                for phrase in phrases:
                    for word in words(phrase):
                        shared.setdefault(word, set()).add(product.id)
        for product in lexicon.products:
            for locale, phrases in product.names.items():
                for phrase in phrases:
                    parts = [word for word in words(phrase) if word not in _BRIDGES and not word.isdecimal()]
                    head = _head(parts, locale)
                    for place, word in enumerate(parts):
                        common = word in self._ordinary or len(shared[word]) > 3
                        weight = 1.0 if place == head else 0.4 if common else 0.8
                        self._teach(word, product.id, weight)
                    if len(parts) > 1:
                        self._teach("".join(parts), product.id, 1.5)  # "giftbox"

    def _learn_attributes(self, lexicon: Lexicon) -> None:
        taught: dict[str, set[str]] = {}
        for each in lexicon.attributes:
            spellings = (words(phrase) for phrases in each.words.values() for phrase in phrases)
            taught.setdefault(each.code, set()).update(
                word for parts in spellings for word in parts if len(parts) == 1 or len(word) > _SHORTEST_PART
            )
        for key, value in self._values:
            own = taught.setdefault(f"{key}.{value}", set())
            own.add(value.lower())
            own.update(COLOURS.get(value.lower(), "").split() + SIZES.get(value.upper(), "").split())
        for code, forms in taught.items():
            for word in forms:
                if len(word) <= 2:
                    self._letters[word] = code
                else:
                    self._plain.add(stem(word))
                    for key in {sound(word), sound(stem(word))}:
                        old = self._keys.get(key, Hit({}))
                        self._keys[key] = Hit(old.products, tuple(dict.fromkeys((*old.attributes, code))))

    def _teach(self, word: str, product: str, weight: float) -> None:
        if len(word) < 2:
            return
        self._plain.add(stem(word))
        for key in {sound(word), sound(stem(word))}:
            old = self._keys.setdefault(key, Hit({}))
            old.products[product] = max(weight, old.products.get(product, 0.0))

    # ---- looking up -----------------------------------------------------------------------------

    def _look_up(self, word: str) -> Hit | None:
        if word not in self._seen:
            if len(self._seen) > 50_000:
                self._seen.clear()
            self._seen[word] = self._search(word)
        return self._seen[word]

    def _search(self, word: str) -> Hit | None:
        if word.isdecimal() or (len(word) < 3 and stem(word) not in self._plain):
            return None
        spoken, bare = sound(word), sound(stem(word))
        for key in (spoken, bare):
            spelled_so = stem(word) in self._plain
            foreign = len(key) >= _LONG_SOUND and not is_cyrillic(word)  # "kruzhka" is ordinary in examples, too
            if key in self._keys and (spelled_so or (len(key) > 2 and (foreign or word not in self._ordinary))):
                return self._keys[key]
        if word in self._ordinary or len(word) < 3:
            return None
        if "j" in word and sound(word.replace("j", "zh")) in self._keys:
            return self._keys[sound(word.replace("j", "zh"))]  # "krujka"
        if is_cyrillic(word):
            for form, plain in _SMALL_FORMS:  # "коробочку" is a "коробку"
                small = form.sub(plain, word)
                hit = self._look_up(small) if small != word else None
                if hit is not None:
                    return hit
        if len(bare) >= 4:
            near = process.extractOne(bare, self._sounds, scorer=fuzz.ratio, score_cutoff=80 if len(bare) < 6 else 82)
            if near is not None and (near[0][0] == bare[0] or len(bare) >= 6) and abs(len(near[0]) - len(bare)) <= 2:
                return _weaker(self._keys[near[0]], 0.85)
        alike = [key for key in self._skeletons.get(skeleton(bare), ()) if abs(len(key) - len(bare)) <= 1]
        if alike and len(skeleton(bare)) >= 2 and not is_cyrillic(word):
            return _weaker(self._keys[max(alike, key=lambda key: fuzz.ratio(key, bare))], 0.5)
        return None

    def _hit(self, tokens: Sequence[Token], i: int, now: _Group | None) -> Hit | None:
        token = tokens[i]
        if i and tokens[i - 1].word in _TOO:
            return None
        if token.word in self._letters:
            upper = token.raw.isupper() and not (len(token.raw) == 1 and token.raw == "I")
            beside = now is not None and (now.products or now.attributes) and i - now.last <= 2
            after_size = (
                i > 0 and tokens[i - 1].word in _BRIDGES and tokens[i - 1].word[:3] in ("siz", "tal", "раз", "роз")
            )
            if (upper and len(token.raw) <= 4) or beside or after_size or len(tokens) == 1:
                return Hit({}, (self._letters[token.word],))
            return None
        return self._look_up(token.word)

    def _sku_at(self, text: str, token: Token) -> tuple[str, str, int] | None:
        match = _SKU.match(text, token.start)
        found = self._skus.get(match.group().lower()) if match else None
        return (*found, match.end()) if found and match else None

    def _starts_here(self, tokens: Sequence[Token], i: int, free: Callable[[int, int], bool]) -> bool:
        """Whether a product or an attribute begins at token `i`, a small word or two allowed before it."""
        for ahead in range(i, min(i + 3, len(tokens))):
            if not free(tokens[ahead].start, tokens[ahead].end):
                return False
            if self._hit(tokens, ahead, None) is not None:
                return True
            if tokens[ahead].word not in _BRIDGES and tokens[ahead].word not in _MORE:
                return False
        return False

    def _before(self, tokens: Sequence[Token], i: int, free: Callable[[int, int], bool]) -> int | None:
        if i and free(tokens[i - 1].start, tokens[i - 1].end):
            count = number_at(tokens, i - 1)
            return count[0] if count else 1 if tokens[i - 1].word in ARTICLES else None
        return None

    # ---- grouping -------------------------------------------------------------------------------

    def _join(
        self, now: _Group, hit: Hit, token: Token, i: int, broken: bool, tokens: Sequence[Token],
        free: Callable[[int, int], bool],
    ) -> bool:  # fmt: skip
        """Add a word to a group if they can speak of one thing; False when the word begins a new one."""
        if "" in now.attributes:
            return False
        if hit.products and not (hit.attributes and now.products and not set(hit.products) & set(now.products)):
            if broken and (now.products or now.attributes):
                return False
            both = {
                p: now.products.get(p, 0.0) + w
                for p, w in hit.products.items()
                if not now.products or p in now.products
            }
            if not both:
                return False
            now.products = both
        elif hit.attributes:
            fitting = [code for code in hit.attributes if self._fits(code, now)]
            if not fitting or (broken and self._names_more(tokens, i + 1, free)):
                return False
            key, _, value = fitting[0].partition(".")
            if (
                now.products
                and i + 1 < len(tokens)
                and broken is False
                and self._belongs_ahead(key, value, tokens, i, now)
            ):
                return False
            now.attributes[key] = value
            now.spans[key] = (token.start, token.end)
        else:
            return False
        now.end, now.last = token.end, i
        return True

    def _fits(self, code: str, now: _Group) -> bool:
        key, _, value = code.partition(".")
        if key in now.attributes:
            return False
        return not now.products or any((key, value) in self._own[p] for p in now.products) or not now.attributes

    def _belongs_ahead(self, key: str, value: str, tokens: Sequence[Token], i: int, now: _Group) -> bool:
        """`mug black tee`: the colour goes with the word after it when the one before cannot have it."""
        ahead = self._look_up(tokens[i + 1].word)
        if ahead is None or not ahead.products or ahead.products.keys() & now.products.keys():
            return False
        return any((key, value) in self._own[p] for p in ahead.products) and not tokens[i].raw.isupper()

    def _names_more(self, tokens: Sequence[Token], i: int, free: Callable[[int, int], bool]) -> bool:
        if i >= len(tokens) or not free(tokens[i].start, tokens[i].end):
            return False
        hit = self._look_up(tokens[i].word)
        return hit is not None and bool(hit.products)

    def _close(self, groups: list[_Group], now: _Group | None) -> None:
        if now is not None and (now.products or now.attributes):
            groups.append(now)

    def _mentions(self, group: _Group, text: str) -> list[Mention]:
        said = text[group.start : group.end]
        if "" in group.attributes:
            sku = group.attributes[""]
            product = next(iter(group.products))
            wish = Wish(product=product, candidates=(sku,), quantity=group.quantity, exact=True, words=said)
            return [_mention("wishes", wish.model_dump_json(), group)]
        evidence = max(group.products.values(), default=0.0)
        sure = evidence + (0.3 if group.attributes or group.quantity else 0.0) >= _ENOUGH and evidence >= 0.45
        if group.products and sure:
            best = [p for p, w in group.products.items() if w >= evidence - 0.25]
            candidates = self.variants(best, group.attributes)
            wish = Wish(
                product=best[0] if len(best) == 1 else None,
                candidates=candidates,
                quantity=group.quantity,
                exact=len(candidates) == 1,
                words=said,
            )
            return [_mention("wishes", wish.model_dump_json(), group, min(1.0, evidence))]
        found = []
        for key, value in group.attributes.items():
            start, end = group.spans[key]
            found.append(Mention(kind="attributes", value=f"{key}.{value}", start=start, end=end))
        return found


def _inherit(groups: Sequence[_Group], text: str) -> None:
    """ "2 black mugs and 1 white", "a white and a black mug": the thing is named once."""
    for one, other in pairwise(groups):
        if not _JOINER.fullmatch(fold(text[one.end : other.start])) or "" in one.attributes or "" in other.attributes:
            continue
        if one.products and not other.products and set(one.attributes) & set(other.attributes):
            other.products = dict(one.products)
        elif other.products and not one.products and set(one.attributes) & set(other.attributes):
            one.products = dict(other.products)


def _mention(kind: str, value: str, group: _Group, score: float = 1.0) -> Mention:
    return Mention(kind=kind, value=value, start=group.start, end=group.end, score=round(score, 3))


def _weaker(hit: Hit, times: float) -> Hit:
    return Hit({product: weight * times for product, weight in hit.products.items()}, hit.attributes)


def _head(parts: Sequence[str], locale: str) -> int:
    """Which word of a product's name names the kind of thing: the last in English, the first noun elsewhere."""
    if locale == "en" or len(parts) < 2:
        return len(parts) - 1
    if locale in ("ru", "uk"):
        return next((i for i, word in enumerate(parts) if not _ADJECTIVE.search(word)), 0)
    return 0


def _clause_end(gap: str) -> bool:
    return any(c in ".;!?\n" for c in gap)
