"""Which words name which goods: the catalogue's words by their sound, and a tantivy index of those that sound near."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import tantivy
from rapidfuzz import fuzz, process

from bot.nlu.text import is_cyrillic, skeleton, sound, spelled, stem, words
from bot.nlu.vocabulary import COLOURS, SIZES
from bot.understanding import Lexicon, ProductWords

MOST_PRODUCTS = 64  # of one word that are looked at: "mug" in a great catalogue names none of them
BRIDGES = spelled(
    "of in the de del en la el color colour size talla цвет цвета цвете цветом размер размера размере розмір розміру "
    "розмірі колір кольору кольорі в у во"
)
_MOST_CANDIDATES = 24
_SHORTEST_PART = 3  # letters: shorter parts of a phrase ("x large", "икс эль") say nothing alone
_SMALL_FORMS = (
    (re.compile(r"[оеєи]чк(?=[аиуоеію]|ою|ой|ам|ах|$)"), "к"),
    (re.compile(r"(?<=[^\W\d_]{3})ик(?:а|у|ом|и|ов|ів)?$"), ""),
)
_SMALL_SPANISH = re.compile(r"(?<=[^\W\d_]{2})(?P<c>c?)it(?P<end>[ao]s?)$")
_LATIN_ENDING = re.compile(r"(?:iami|ami|iam|am|iah|ah|ov|iv|ei|oi|oiu|eiu|iu|[aeiou])$")  # of a sound
_ADJECTIVE = re.compile(r"(?:ая|яя|ый|ий|ое|ее|ые|ие|ой|ова|ева|ена|енна)$")
_COLOURED = frozenset(stem(word) for forms in COLOURS.values() for word in forms.split())  # no misspelt goods
_LONG_SOUND = 5
_SHORTEST_NEAR = 4  # letters of a sound: shorter ones are near to too much
_MOST_NEAR = 100  # sounds that are weighed: those one or two letters away,
_MANY_SLIPS, _MOST_SHARING = 8, 30  # and for so long a word those that share the most pairs of letters
_HEAP, _HEAP_PER_SOUND = 15_000_000, 1000  # bytes: the least that tantivy takes, and enough for one segment


@dataclass(frozen=True, slots=True)
class Hit:
    """What one word may name. `products` gives the evidence for each product id, to be multiplied by `times`; many of
    them come strongest first. `attributes` are "color.black".
    """

    products: Mapping[str, float]
    attributes: tuple[str, ...] = ()
    times: float = 1.0


class Goods:
    """Built once per catalogue. A word costs about the same in a small and in a great one. Thread-safe: its only state
    is a cache of looked-up words.
    """

    def __init__(self, lexicon: Lexicon, ordinary: Collection[str] = frozenset()) -> None:
        """`ordinary`: folded everyday words, which are never taken for a misspelt product."""
        self._ordinary = ordinary
        self._products: dict[str, ProductWords] = {product.id: product for product in lexicon.products}
        self._keys: dict[str, Hit] = {}
        self._slavic: set[str] = set()  # stems of Cyrillic words by their sound
        self._plain: set[str] = set()  # stems as spelled: very short sounds must be spelled right
        self._letters: dict[str, str] = {}  # one- and two-letter sizes
        self._skus = {v.sku.lower(): (p.id, v.sku) for p in lexicon.products for v in p.variants}
        pairs: dict[frozenset[tuple[str, str]], frozenset[tuple[str, str]]] = {}  # most products share theirs
        self._own = {product.id: pairs.setdefault(own := _pairs(product), own) for product in lexicon.products}
        self._learn_products(lexicon)
        self._learn_attributes(lexicon, frozenset[tuple[str, str]]().union(*pairs))
        self._sounds = Sounds([key for key in self._keys if len(key) >= _SHORTEST_NEAR])
        self._skeletons: dict[str, list[str]] = {}
        for key in self._keys:
            self._skeletons.setdefault(skeleton(key), []).append(key)
        self._seen: dict[str, Hit | None] = {}

    def look_up(self, word: str) -> Hit | None:
        """What a folded word may name, misspelt or in another alphabet."""
        if word not in self._seen:
            if len(self._seen) > 50_000:
                self._seen.clear()
            self._seen[word] = self._search(word)
        return self._seen[word]

    def letter(self, word: str) -> str | None:
        """The attribute that one or two letters stand for."""
        return self._letters.get(word)

    def sku(self, written: str) -> tuple[str, str] | None:
        """(product, SKU) of an article number, however its letters are written."""
        return self._skus.get(written.lower())

    def comes_in(self, product: str, key: str, value: str) -> bool:
        """Whether a product has a variant with this attribute."""
        return (key, value) in self._own[product]

    def variants(self, products: Collection[str], attributes: Mapping[str, str]) -> tuple[str, ...]:
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
        shared = Counter(
            word
            for product in lexicon.products
            for word in {w for phrases in product.names.values() for phrase in phrases for w in words(phrase)}
        )
        taught: dict[str, dict[str, float]] = {}
        for product in lexicon.products:
            for word, weight in self._words_of(product, shared):
                own = taught.setdefault(word, {})
                own[product.id] = max(weight, own.get(product.id, 0.0))
        for word, named in taught.items():
            strongest = named
            if len(named) > MOST_PRODUCTS:
                strongest = dict(sorted(named.items(), key=lambda each: -each[1]))
            for key in self._sounds_of(word):
                old = self._keys.get(key)
                self._keys[key] = Hit(strongest if old is None else _together(old.products, strongest))

    def _words_of(self, product: ProductWords, shared: Mapping[str, int]) -> Iterator[tuple[str, float]]:
        """The words of its names, each with the evidence that it alone gives."""
        for locale, phrases in product.names.items():
            for phrase in phrases:
                parts = [word for word in words(phrase) if word not in BRIDGES and not word.isdecimal()]
                head = _head(parts, locale)
                for place, word in enumerate(parts):
                    common = word in self._ordinary or shared[word] > 3
                    if len(word) > 1:
                        yield word, 1.0 if place == head else 0.4 if common else 0.8
                if len(parts) > 1:
                    yield "".join(parts), 1.5  # "giftbox"

    def _learn_attributes(self, lexicon: Lexicon, values: Collection[tuple[str, str]]) -> None:
        taught: dict[str, set[str]] = {}
        for each in lexicon.attributes:
            spellings = (words(phrase) for phrases in each.words.values() for phrase in phrases)
            taught.setdefault(each.code, set()).update(
                word for parts in spellings for word in parts if len(parts) == 1 or len(word) > _SHORTEST_PART
            )
        for key, value in values:
            own = taught.setdefault(f"{key}.{value}", set())
            own.add(value.lower())
            own.update(COLOURS.get(value.lower(), "").split() + SIZES.get(value.upper(), "").split())
        for code, forms in taught.items():
            for word in forms:
                if len(word) <= 2:
                    self._letters[word] = code
                    continue
                for key in self._sounds_of(word):
                    old = self._keys.get(key, Hit({}))
                    self._keys[key] = replace(old, attributes=tuple(dict.fromkeys((*old.attributes, code))))

    def _sounds_of(self, word: str) -> set[str]:
        self._plain.add(stem(word))
        if is_cyrillic(word):
            self._slavic.add(sound(stem(word)))
        return {sound(word), sound(stem(word))}

    # ---- looking up -----------------------------------------------------------------------------

    def _search(self, word: str) -> Hit | None:
        if word.isdecimal() or (len(word) < 3 and stem(word) not in self._plain):
            return None
        spoken, bare = sound(word), sound(stem(word))
        for one, other in ("bv", "vb"):  # "bela" is a "vela": one sound in Spanish
            twin = stem(word.replace(one, other))
            if one in word and stem(word) not in self._plain and twin in self._plain and sound(twin) in self._keys:
                return self._keys[sound(twin)]
        for key in (spoken, bare):
            spelled_so = stem(word) in self._plain
            foreign = len(key) >= _LONG_SOUND and not is_cyrillic(word)  # "kruzhka" is ordinary in examples, too
            if key in self._keys and (spelled_so or (len(key) > 2 and (foreign or word not in self._ordinary))):
                return self._keys[key]
        latin = "" if is_cyrillic(word) else _LATIN_ENDING.sub("", spoken)
        if len(latin) >= _SHORTEST_NEAR and latin != spoken and latin in self._slavic:
            return self._keys[latin]  # "svechi", "svichky": no word of another language
        if word in self._ordinary or len(word) < 3 or stem(word) in _COLOURED:
            return None
        for small in () if is_cyrillic(word) else _small_of(word):  # "mantita" is a "manta"
            if stem(small) in self._plain and sound(stem(small)) in self._keys:
                return self._keys[sound(stem(small))]
        plural = stem(word[:-1] + "s") if word.endswith("z") else ""
        if plural in self._plain and sound(plural) in self._keys:
            return self._keys[sound(plural)]  # "mugz"
        if "j" in word and sound(word.replace("j", "zh")) in self._keys:
            return self._keys[sound(word.replace("j", "zh"))]  # "krujka"
        if is_cyrillic(word):
            for form, plain in _SMALL_FORMS:  # "коробочку" is a "коробку"
                small = form.sub(plain, word)
                hit = self.look_up(small) if small != word else None
                if hit is not None:
                    return hit
        if len(bare) >= _SHORTEST_NEAR:
            near = self._sounds.nearest(bare)
            if near is not None and (near[0] == bare[0] or len(bare) >= 6) and abs(len(near) - len(bare)) <= 2:
                return replace(self._keys[near], times=0.85)
        alike = [key for key in self._skeletons.get(skeleton(bare), ()) if abs(len(key) - len(bare)) <= 1]
        if alike and len(skeleton(bare)) >= 2 and not is_cyrillic(word):
            return replace(self._keys[max(alike, key=lambda key: fuzz.ratio(key, bare))], times=0.5)
        return None


class Sounds:
    """Words by their sound, found by one that is near: tantivy gives the candidates, rapidfuzz weighs them."""

    def __init__(self, known: Sequence[str]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("sound", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("pairs", tokenizer_name="whitespace", index_option="basic")
        self._schema = builder.build()
        self._searcher: tantivy.Searcher | None = None
        if known:
            index = tantivy.Index(self._schema)
            index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
            writer = index.writer(_HEAP + _HEAP_PER_SOUND * len(known), 1)
            for each in known:
                writer.add_document(tantivy.Document(sound=[each], pairs=[" ".join(_letter_pairs(each))]))
            writer.commit()
            writer.wait_merging_threads()
            index.reload()
            self._searcher = index.searcher()

    def nearest(self, heard: str) -> str | None:
        """The one that is most like it, where one is enough like it."""
        if self._searcher is None:
            return None
        best = self._best(heard, [self._near(heard, letters=1), self._near(heard, letters=2)], _MOST_NEAR)
        if best is None and len(heard) >= _MANY_SLIPS:
            best = self._best(heard, [self._with(pair) for pair in _letter_pairs(heard)], _MOST_SHARING)
        return best

    def _near(self, heard: str, *, letters: int) -> tantivy.Query:
        near = tantivy.Query.fuzzy_term_query(self._schema, "sound", heard, letters)
        return tantivy.Query.boost_query(near, 1 / letters)

    def _with(self, pair: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "pairs", pair, "basic")

    def _best(self, heard: str, ways: Sequence[tantivy.Query], most: int) -> str | None:
        assert self._searcher is not None
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, way) for way in ways])
        found = self._searcher.search(query, most, count=False).hits
        near = [str(self._searcher.doc(address).get_first("sound")) for _, address in found]
        best = process.extractOne(heard, near, scorer=fuzz.ratio, score_cutoff=80 if len(heard) < 6 else 82)
        return best[0] if best else None


def _small_of(word: str) -> list[str]:
    """What a Spanish word is the small form of: "mantita", "tacita", "cojincito"."""
    match = _SMALL_SPANISH.search(word)
    if match is None:
        return []
    root = word[: match.start()]
    return [root + "z" + match["end"], root] if match["c"] else [root + match["end"]]


def _letter_pairs(heard: str) -> list[str]:
    return list(dict.fromkeys(map("".join, pairwise(f"^{heard}$"))))


def _pairs(product: ProductWords) -> frozenset[tuple[str, str]]:
    return frozenset((k, v) for each in product.variants for k, v in each.attributes.items())


def _together(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    both = dict(one)
    for product, weight in other.items():
        both[product] = max(weight, both.get(product, 0.0))
    return dict(sorted(both.items(), key=lambda each: -each[1])) if len(both) > MOST_PRODUCTS else both


def _head(parts: Sequence[str], locale: str) -> int:
    """Which word of a product's name names the kind of thing: the last in English, the first noun elsewhere."""
    if locale == "en" or len(parts) < 2:
        return len(parts) - 1
    if locale in ("ru", "uk"):
        return next((i for i, word in enumerate(parts) if not _ADJECTIVE.search(word)), 0)
    return 0
