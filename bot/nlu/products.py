"""Reads wishes: words that speak of one thing together, its colour and size, and how many of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from bot.acts import Wish
from bot.nlu.goods import BRIDGES, MOST_PRODUCTS, Goods, Hit
from bot.nlu.numbers import ARTICLES, number_at
from bot.nlu.text import Token, fold
from bot.understanding import Lexicon, Mention

_MORE = frozenset(["more", "extra", "еще", "ще", "mas"])
_TIMES_SIGNS = frozenset(["x", "х", "×"])
_TOO = frozenset(["too", "слишком", "занадто", "demasiado", "muy", "bit"])  # "too small" names no size
_JOINER = re.compile(
    r"\W*(?:and|y|e|и|і|та|й|а|plus|con|also|ещ[её]|ще)(?:\s+(?:also|another|ещ[её]|ще|tambi[eé]n|otr[ao]))?"
    r"(?:\s+(?:the|la|el|las|los))?\W*"
)
_CHOOSING = frozenset(["the", "la", "el", "una", "un", "давай", "беру", "давайте", "дайте"])  # "la m"
_AFTER_ATTRIBUTE = frozenset(["one", "ones"])
_ENOUGH = 0.75  # of evidence for one wish
_SKU = re.compile(r"[^\W_]+(?:[-_][^\W_]+)+")


@dataclass(slots=True)
class _Group:
    """Words in a row that speak of one thing."""

    start: int
    end: int
    products: Mapping[str, float] = field(default_factory=dict)
    times: float = 1.0  # what their evidence is to be multiplied by
    attributes: dict[str, str] = field(default_factory=dict)
    quantity: int | None = None
    article: bool = False  # the quantity is that of "a mug": a number said later is meant
    last: int = 0  # index of its last token
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)  # where each attribute was said


class ProductReader:
    """Built once per catalogue; `read` is quick and thread-safe."""

    def __init__(self, lexicon: Lexicon, ordinary: Collection[str] = frozenset()) -> None:
        """`ordinary`: folded everyday words, which are never taken for a misspelt product."""
        self._goods = Goods(lexicon, ordinary)

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
                now = _Group(token.start, sku[2], {sku[0]: 2.0}, attributes={"": sku[1]}, quantity=before)
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
                elif self._starts_here(tokens, after, free) and not self._counts_back(now, text, tokens, i, after):
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
                small = token.word in BRIDGES or (token.word in _MORE and now is not None and not now.products)
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

    def knows(self, word: str) -> bool:
        """Whether this folded word, as it stands, is one of the shop's product or attribute words."""
        return self._goods.knows(word)

    # ---- words ----------------------------------------------------------------------------------

    def _hit(self, tokens: Sequence[Token], i: int, now: _Group | None) -> Hit | None:
        token = tokens[i]
        if i and tokens[i - 1].word in _TOO:
            return None
        letter = self._goods.letter(token.word)
        if letter is not None:
            upper = token.raw.isupper() and not (len(token.raw) == 1 and token.raw == "I")
            beside = now is not None and (now.products or now.attributes) and i - now.last <= 2
            after_size = (
                i > 0 and tokens[i - 1].word in BRIDGES and tokens[i - 1].word[:3] in ("siz", "tal", "раз", "роз")
            )
            named = len(tokens) == 2 and i == 1 and tokens[0].word in _CHOOSING
            if (upper and len(token.raw) <= 4) or beside or after_size or len(tokens) == 1 or named:
                return Hit({}, (letter,))
            return None
        return self._goods.look_up(token.word)

    def _sku_at(self, text: str, token: Token) -> tuple[str, str, int] | None:
        match = _SKU.match(text, token.start)
        found = self._goods.sku(match.group()) if match else None
        return (*found, match.end()) if found and match else None

    def _starts_here(self, tokens: Sequence[Token], i: int, free: Callable[[int, int], bool]) -> bool:
        """Whether a product or an attribute begins at token `i`, a small word or two allowed before it."""
        for ahead in range(i, min(i + 3, len(tokens))):
            if not free(tokens[ahead].start, tokens[ahead].end):
                return False
            if self._hit(tokens, ahead, None) is not None:
                return True
            if tokens[ahead].word not in BRIDGES and tokens[ahead].word not in _MORE:
                return False
        return False

    def _counts_back(self, now: _Group | None, text: str, tokens: Sequence[Token], i: int, after: int) -> bool:
        """ "candles two, mug white": a comma behind the number, and none before it."""
        if now is None or not now.products or now.quantity is not None or after >= len(tokens):
            return False
        before, behind = text[tokens[i - 1].end : tokens[i].start], text[tokens[after - 1].end : tokens[after].start]
        return "," in behind and not before.strip()

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
        apart = now.products and hit.products.keys().isdisjoint(now.products.keys())
        if hit.products and not (hit.attributes and apart):
            if broken and (now.products or now.attributes):
                return False
            if apart:
                return False
            now.products, now.times = _both(now, hit) if now.products else (hit.products, hit.times)
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
        return not now.products or self._any_in(now.products, key, value) or not now.attributes

    def _belongs_ahead(self, key: str, value: str, tokens: Sequence[Token], i: int, now: _Group) -> bool:
        """`mug black tee`: the colour goes with the word after it when the one before cannot have it."""
        ahead = self._goods.look_up(tokens[i + 1].word)
        if ahead is None or not ahead.products or not ahead.products.keys().isdisjoint(now.products.keys()):
            return False
        return self._any_in(ahead.products, key, value) and not tokens[i].raw.isupper()

    def _any_in(self, products: Iterable[str], key: str, value: str) -> bool:
        return any(self._goods.comes_in(product, key, value) for product in islice(products, MOST_PRODUCTS))

    def _names_more(self, tokens: Sequence[Token], i: int, free: Callable[[int, int], bool]) -> bool:
        if i >= len(tokens) or not free(tokens[i].start, tokens[i].end):
            return False
        hit = self._goods.look_up(tokens[i].word)
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
        products = {p: w * group.times for p, w in islice(group.products.items(), MOST_PRODUCTS)}
        evidence = max(products.values(), default=0.0)
        sure = evidence + (0.3 if group.attributes or group.quantity else 0.0) >= _ENOUGH and evidence >= 0.45
        if products and sure:
            best = [p for p, w in products.items() if w >= evidence - 0.25]
            candidates = self._goods.variants(best, group.attributes)
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
    """ "2 black mugs and 1 white", "a white and a black mug", "a black tee in M and L": what both are is named once."""
    for one, other in pairwise(groups):
        if not _JOINER.fullmatch(fold(text[one.end : other.start])) or "" in one.attributes or "" in other.attributes:
            continue
        if one.products and not other.products and set(one.attributes) & set(other.attributes):
            other.products, other.times = one.products, one.times
            other.attributes = {**one.attributes, **other.attributes}
        elif other.products and not one.products and set(one.attributes) & set(other.attributes):
            one.products, one.times = other.products, other.times


def _mention(kind: str, value: str, group: _Group, score: float = 1.0) -> Mention:
    return Mention(kind=kind, value=value, start=group.start, end=group.end, score=round(score, 3))


def _both(now: _Group, hit: Hit) -> tuple[dict[str, float], float]:
    """The products that both name, with the evidence of both."""
    few, many = sorted((now.products, hit.products), key=len)
    common = islice((product for product in few if product in many), MOST_PRODUCTS)
    return {p: now.products[p] * now.times + hit.products[p] * hit.times for p in common}, 1.0


def _clause_end(gap: str) -> bool:
    return any(c in ".;!?\n" for c in gap)
