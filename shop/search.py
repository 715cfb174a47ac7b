"""Finding products by the customer's words: typing mistakes, other words, four languages, and transliteration."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tantivy

from shop.catalogue import Catalogue, CatalogueProduct
from shop.lexicon import Synonyms
from shop.shopfile import ShopFile

MOST_WORDS = 12  # of a query; nobody names a product in more
MOST_LETTERS = 40  # of a word
WEAK = 0.45  # a find with less than this share of the best one's score is left out
_HEAP = 15_000_000  # bytes: the least that tantivy takes
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "yi", "є": "ye", "ґ": "g",
}  # fmt: skip
_TO_LATIN = str.maketrans(_CYRILLIC)
_APOSTROPHES = dict.fromkeys(map(ord, "'\u2019\u02bc\u0060"))

# Words that say nothing about a product, in the languages that the demo speaks.
_EMPTY_WORDS = (
    "a an and any are can could do does for from got have hello hi i in is it looking me my need of on one or please"
    " sell show some something the there to want with would you your"
    " а в вас вам во вы да для до если есть и или из к какие какой купить ли меня мне можно мой на не нет нужен нужна"
    " нужно по покажи покажите привет с самый у хочу что это"
    " або б вам вас ви від до добрий день є з за й маєте мені можна на не потрібна потрібен потрібно про та у хочу це"
    " чи що як"
    " al con de del el en es hay hola la las lo los me mi necesito o para por que quiero se tienen tienes un una unos y"
    " teneis busco"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())


@dataclass(frozen=True, slots=True)
class Hit:
    product: str  # id
    score: float  # only to be compared with others of the same query


def words_of(text: str) -> list[str]:
    """Words as they are indexed: small letters, no accents on Latin ones, ё as е, no apostrophes."""
    text = text.casefold()
    if not text.isascii():
        text = _without_accents(text.replace("ё", "е"))
    text = text.translate(_APOSTROPHES)
    words = []
    for match in _WORD.finditer(text):
        word = match.group()
        words.append(word[:MOST_LETTERS])
        if "-" in word:
            words.extend(part[:MOST_LETTERS] for part in word.split("-"))
    return words


def _without_accents(text: str) -> str:
    """`cojín` -> `cojin`; only on Latin letters: й is no и."""
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if "\u00c0" <= letter < "\u0250" else letter
        for letter in unicodedata.normalize("NFC", text)
    )


def in_latin(word: str) -> str:
    """`кружка` -> `kruzhka`; what has no Cyrillic letters stays."""
    return word if word.isascii() else word.translate(_TO_LATIN)


class Search:
    """An index in memory over one catalogue. Immutable: a new catalogue gets a new one. Thread-safe."""

    def __init__(self, catalogue: Catalogue, shop: ShopFile) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for field in ("name", "more", "text"):
            builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer("whitespace", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = index.writer(_HEAP, 1)
        synonyms = Synonyms(shop)
        for product in catalogue.products:
            writer.add_document(
                tantivy.Document(
                    id=[product.id],
                    name=[_joined(word for names in synonyms.names(product).values() for word in names)],
                    more=[_joined(_said_besides(product, shop))],
                    text=[_joined(product.descriptions.values())],
                )
            )
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()

    @classmethod
    def build(cls, catalogue: Catalogue, shop: ShopFile) -> Search:
        """An index of everything in this catalogue, with the owner's synonyms."""
        return cls(catalogue, shop)

    def find(self, query: str, limit: int = 20) -> list[Hit]:
        """Products that fit the words, best first; nothing for a query without any word. Never raises for a query."""
        words = list(dict.fromkeys(word for word in words_of(query) if word not in _EMPTY))[:MOST_WORDS]
        if not words or limit < 1:
            return []
        parts = [(tantivy.Occur.Should, self._word(word)) for word in words]
        found = self._searcher.search(tantivy.Query.boolean_query(parts), limit).hits
        best = found[0][0] if found else 0.0
        return [
            Hit(str(self._searcher.doc(address).get_first("id")), score)
            for score, address in found
            if score >= WEAK * best
        ]

    def _word(self, word: str) -> tantivy.Query:
        """The best of: the very word ×3, one letter wrong, the beginning of a word, and the word without its ending."""
        ways = [self._term("name", word, 3.0), self._term("more", word, 1.5), self._term("text", word, 0.3)]
        if len(word) >= 3:
            ways.append(self._near("name", word, 1.0))
            ways.append(self._beginning("name", word, 0.9))
        if len(word) >= 4:
            ways.append(self._near("more", word, 0.5))
        if len(word) >= 5:  # endings of cases: кружками, навушників
            ways.append(self._beginning("name", word[: max(4, len(word) - 3)], 0.5))
        if len(word) >= 6:
            ways.append(self._near("name", word, 0.4, distance=2))
        return tantivy.Query.disjunction_max_query(ways)

    def _term(self, field: str, word: str, boost: float) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, field, word, "freq"), boost)

    def _near(self, field: str, word: str, boost: float, *, distance: int = 1, prefix: bool = False) -> tantivy.Query:
        near = tantivy.Query.fuzzy_term_query(self._schema, field, word, distance, True, prefix)
        return tantivy.Query.boost_query(near, boost)

    def _beginning(self, field: str, word: str, boost: float) -> tantivy.Query:
        return self._near(field, word, boost, distance=0, prefix=True)


_last: tuple[Catalogue, ShopFile, Search] | None = None


def search_of(catalogue: Catalogue, shop: ShopFile) -> Search:
    """The index of this catalogue, built when it is asked for the first time."""
    global _last
    if _last is None or _last[0] is not catalogue or _last[1] is not shop:
        _last = (catalogue, shop, Search.build(catalogue, shop))
    return _last[2]


def _said_besides(product: CatalogueProduct, shop: ShopFile) -> Iterable[str]:
    """Its id, SKUs, tags and the words of its attributes."""
    yield product.id
    yield from product.tags
    pairs = {(key, value): None for variant in product.variants for key, value in variant.attributes.items()}
    for key, value in pairs:
        known = shop.attributes.get(key)
        words = known.values.get(value) if known else None
        yield from (words.all if words else ())
        yield value
    yield from (variant.sku for variant in product.variants)


def _joined(texts: Iterable[str]) -> str:
    """All words once, those with Cyrillic letters in Latin ones too."""
    words: dict[str, None] = {}
    for text in texts:
        for word in words_of(text):
            words[word] = None
            words[in_latin(word)] = None
    return " ".join(words)


__all__: Sequence[str] = ("Hit", "Search", "in_latin", "search_of", "words_of")
