"""Finding products by whatever a customer writes."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from base.db import Database
from base.money import Money
from shop.catalogue import Catalogue, CatalogueProduct, CatalogueVariant, load_catalogue
from shop.csv_rows import read_catalogue
from shop.lexicon import lexicon
from shop.search import Search, search_of
from shop.seed import seed_demo
from shop.shopfile import ShopFile, load_shop

DEMO = Path(__file__).parents[2] / "data" / "demo"


@pytest.fixture(scope="module")
def lumo() -> ShopFile:
    return load_shop(DEMO / "shop.yml")


FOUND_FIRST = {
    "MUG": ["blue mug", "aurora", "oroura mag", "a cup of tea", "кружку", "kruzhka", "чашка", "горнятко", "taza azul"],
    "TEE": ["t-shirt", "tshirt", "футболочки", "futbolka", "майка", "camisetas", "forest tee", "shirt black L"],
    "CAN": ["candel", "scented candle", "свечи", "свечку", "svecha", "свічку", "velas", "pine"],
    "HP": ["hedphones", "headpohnes", "earbuds", "наушники", "naushniki", "навушників", "вкладыши", "audifonos"],
    "BOX": ["gift box", "gft box", "подарочная упаковка", "коробку для подарка", "cajita", "коробочка"],
    "THR": ["warm blanket", "плед", "ковдра", "manta nórdica", "throw", "одеяло"],
    "PIL": ["pilow", "cushion", "подушками", "podushka", "cojín", "almohada"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("product", "query"), [(id_, query) for id_, queries in FOUND_FIRST.items() for query in queries]
)
async def test_the_right_product_is_found_first(lumo_search: Search, product: str, query: str) -> None:
    hits = lumo_search.find(query)
    assert hits, query
    assert hits[0].product == product


@pytest.mark.parametrize("query", ["", " ", "do you have any", "zzzzq", "🙂", "%$#*()[]", "'\"\\", "+-&&||!(){}^~?:/"])
async def test_what_names_nothing_finds_nothing(lumo_search: Search, query: str) -> None:
    assert lumo_search.find(query) == []


async def test_a_very_long_query_is_answered(lumo_search: Search) -> None:
    assert lumo_search.find("mug " * 5000)[0].product == "MUG"
    lumo_search.find("x" * 10_000)


async def test_two_products_of_one_name_are_both_found(lumo_search: Search) -> None:
    assert {hit.product for hit in lumo_search.find("nordic")} == {"THR", "PIL"}


async def test_the_index_follows_the_catalogue(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        before = await load_catalogue(tx)
        assert search_of(before, lumo).find("lantern") == []
        assert search_of(before, lumo) is search_of(before, lumo)
        await tx.execute("UPDATE product SET names = names || '{\"en\": \"Pine lantern\"}' WHERE id = 'CAN'")
        after = await load_catalogue(tx)
    assert search_of(after, lumo).find("lantern")[0].product == "CAN"


async def test_the_shops_words_hold_names_synonyms_and_places(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        words = lexicon(await load_catalogue(tx), lumo)
    mug = words.products[0]
    assert mug.names["en"][0] == "Aurora mug"
    assert "cup" in mug.names["en"]
    assert "кружка" in mug.names["ru"]
    assert ("MUG-black", {"color": "black"}) in mug.variants
    assert {one.code for one in words.attributes} >= {"color.black", "size.XL"}
    assert next(one for one in words.attributes if one.code == "size.L").words["ru"][:2] == ("L", "элька")
    assert {one.code for one in words.cities} >= {"Kaunas", "Vilnius"}
    assert "WELCOME10" in words.codes
    assert "VIP7X" not in words.codes


SYLLABLES = ("ka", "lo", "mi", "ra", "ten", "vor", "sil", "pad", "gu", "nor", "fel", "bri", "tos", "wen", "dar", "zim")


def big_catalogue(size: int, chance: random.Random) -> Catalogue:
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(6000)]

    def product(id_: str) -> CatalogueProduct:
        variant = CatalogueVariant(id_, id_, {}, Money(100, "EUR"))
        return CatalogueProduct(id_, {"en": " ".join(chance.sample(words, 3))}, (variant,))

    return Catalogue(1, tuple(product(f"P{i}") for i in range(size)))


def mistyped(name: str, letters: int, chance: random.Random) -> str:
    words = name.split()
    for which in chance.sample(range(len(words)), letters):
        word, at = words[which], chance.randrange(len(words[which]))
        words[which] = chance.choice(
            [word[:at] + word[at + 1 :], word[:at] + "x" + word[at:], word[:at] + "x" + word[at + 1 :]]
        )
    return " ".join(words)


async def test_ten_thousand_products_are_indexed_and_searched_fast_and_through_typing_mistakes(lumo: ShopFile) -> None:
    chance = random.Random(7)
    catalogue = big_catalogue(10_000, chance)
    began = time.perf_counter()
    search = Search.build(catalogue, lumo)
    assert time.perf_counter() - began < 10
    for letters, least in ((0, 0.99), (1, 0.96), (2, 0.93)):
        asked = chance.sample(catalogue.products, 150)
        right = 0
        began = time.perf_counter()
        for product in asked:
            hits = search.find(mistyped(product.names["en"], letters, chance), 3)
            right += bool(hits) and catalogue.by_id[hits[0].product].names == product.names
        assert (time.perf_counter() - began) / len(asked) < 0.05
        assert right / len(asked) >= least


@pytest.fixture(scope="module")
def lumo_search(lumo: ShopFile) -> Search:
    """The index of the demo catalogue, read from the file: no database is needed to search."""
    rows = read_catalogue((DEMO / "catalogue.csv").read_bytes(), lumo)
    variants: dict[str, list[CatalogueVariant]] = {}
    for one in rows.variants.values():
        variants.setdefault(one.product, []).append(CatalogueVariant(one.sku, one.product, one.attributes, one.price))
    products = tuple(
        CatalogueProduct(
            one.id, one.names, tuple(variants[one.id]), one.descriptions, one.synonyms, one.facts, (), tuple(one.tags)
        )
        for one in rows.products.values()
    )
    return Search.build(Catalogue(1, products), lumo)
