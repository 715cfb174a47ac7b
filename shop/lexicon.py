"""The shop's own words, in a neutral shape: for the search, and for whoever has to understand customers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from shop.catalogue import Catalogue, CatalogueProduct
from shop.shopfile import ShopFile
from shop.words import ANY, WordLists

ByLanguage = dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class CodeWords:
    """A code and the words for it in each language, the usual one first."""

    code: str
    words: ByLanguage


@dataclass(frozen=True, slots=True)
class ProductLexicon:
    id: str
    names: ByLanguage  # the name first, then other words for it
    variants: tuple[tuple[str, Mapping[str, str]], ...]  # (SKU, attributes)


@dataclass(frozen=True, slots=True)
class PointLexicon:
    code: str
    city: str
    words: str


@dataclass(frozen=True, slots=True)
class ShopWords:
    """Everything a customer may name in this shop."""

    version: int
    locales: tuple[str, ...]
    currency: str
    country: str
    products: tuple[ProductLexicon, ...]
    attributes: tuple[CodeWords, ...]  # code "color.black"
    facts: tuple[CodeWords, ...]
    deliveries: tuple[CodeWords, ...]
    payments: tuple[CodeWords, ...]
    cities: tuple[CodeWords, ...]
    points: tuple[PointLexicon, ...]
    codes: tuple[str, ...]  # coupons for near misses: personal ones are not among them


def lexicon(catalogue: Catalogue, shop: ShopFile) -> ShopWords:
    """The words of this catalogue and this shop.yml."""
    languages = shop.languages
    synonyms = Synonyms(shop)
    return ShopWords(
        version=catalogue.version,
        locales=languages,
        currency=shop.currency,
        country=shop.country,
        products=tuple(
            ProductLexicon(
                product.id,
                synonyms.names(product),
                tuple((variant.sku, variant.attributes) for variant in product.variants),
            )
            for product in catalogue.products
        ),
        attributes=tuple(_attributes(catalogue, shop)),
        facts=tuple(CodeWords(key, by_language(words, languages)) for key, words in shop.facts.items()),
        deliveries=tuple(
            CodeWords(code, by_language(one.words, languages, {tag: one.name.said_in(tag) for tag in languages}))
            for code, one in shop.deliveries.items()
        ),
        payments=tuple(
            CodeWords(code, by_language(one.words, languages, {tag: one.name.said_in(tag) for tag in languages}))
            for code, one in shop.payments.items()
        ),
        cities=tuple(_cities(shop)),
        points=tuple(
            PointLexicon(code, one.city, " ".join([one.address, one.city, *one.words]))
            for code, one in shop.points.items()
        ),
        codes=tuple(code for code, promotion in shop.promotions.items() if promotion.personal is None),
    )


def by_language(
    words: WordLists, languages: Iterable[str], first: Mapping[str, str] | None = None
) -> dict[str, tuple[str, ...]]:
    """The words of each language, those for every language included; `first` goes before them."""
    lists = words.root
    return {
        language: tuple(
            dict.fromkeys(
                word
                for word in ((first or {}).get(language, ""), *lists.get(language, ()), *lists.get(ANY, ()))
                if word
            )
        )
        for language in languages
    }


def _attributes(catalogue: Catalogue, shop: ShopFile) -> Iterator[CodeWords]:
    """Values that shop.yml has words for, then those that stand in the catalogue alone."""
    used = {
        (key, value): None
        for product in catalogue.products
        for variant in product.variants
        for key, value in variant.attributes.items()
    }
    known = {(key, value): words for key, one in shop.attributes.items() for value, words in one.values.items()}
    for (key, value), words in known.items():
        yield CodeWords(f"{key}.{value}", by_language(words, shop.languages))
    for key, value in used:
        if (key, value) not in known:
            yield CodeWords(f"{key}.{value}", dict.fromkeys(shop.languages, (value,)))


def _cities(shop: ShopFile) -> Iterator[CodeWords]:
    named = {shop.city: None, **dict.fromkeys(point.city for point in shop.points.values())}
    named |= dict.fromkeys(city for delivery in shop.deliveries.values() for city in delivery.cities)
    for city, words in shop.cities.items():
        yield CodeWords(city, by_language(words, shop.languages, dict.fromkeys(shop.languages, city)))
    for city in named:
        if city not in shop.cities:
            yield CodeWords(city, dict.fromkeys(shop.languages, (city,)))


class Synonyms:
    """Finds the groups of shop.yml that a product belongs to: those with a word (or words in a row) of its name."""

    def __init__(self, shop: ShopFile) -> None:
        self._languages = shop.languages
        self._groups = shop.synonyms
        self._by_phrase: dict[str, list[int]] = {}
        for number, group in enumerate(shop.synonyms):
            for phrase in group.all:
                self._by_phrase.setdefault(phrase.casefold(), []).append(number)
        self._longest = max((phrase.count(" ") + 1 for phrase in self._by_phrase), default=0)

    def names(self, product: CatalogueProduct) -> ByLanguage:
        """Name first, then the product's own other words, then those of its groups."""
        groups = [self._groups[number] for number in sorted(self._of(product))]
        names: ByLanguage = {}
        for language in self._languages:
            words = [product.name(language), *product.synonyms.get(language, ())]
            for group in groups:
                words += [*group.root.get(language, ()), *group.root.get(ANY, ())]
            names[language] = tuple(dict.fromkeys(word for word in words if word))
        return names

    def _of(self, product: CatalogueProduct) -> set[int]:
        found: set[int] = set()
        for name in product.names.values():
            tokens = name.casefold().split()
            for start in range(len(tokens)):
                for end in range(start + 1, min(start + self._longest, len(tokens)) + 1):
                    found.update(self._by_phrase.get(" ".join(tokens[start:end]), ()))
        return found
