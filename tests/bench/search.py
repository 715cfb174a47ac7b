"""Search over large catalogues: build time, memory, p50 and p99, and how often the right product comes first."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rapidfuzz import fuzz, process

from base.money import Money
from shop.catalogue import Catalogue, CatalogueProduct, CatalogueVariant
from shop.search import Search
from shop.shopfile import load_shop
from tests.bench.figures import memory, milliseconds

DATA = Path(__file__).resolve().parents[2] / "data"
MAKERS = [
    "Aurora",
    "Nordic",
    "Pine",
    "Wave",
    "Forest",
    "Lumen",
    "Baltic",
    "Amber",
    "Birch",
    "Cedar",
    "Dune",
    "Ember",
    "Fjord",
    "Grove",
    "Harbor",
    "Iris",
    "Juniper",
]
KINDS = ("mug", "candle", "throw", "pillow", "tee", "headphones", "lamp", "vase", "bowl", "basket", "clock", "scarf")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
QUERIES = 400
VARIANTS = 4  # of each product


def catalogue(products: int, rng: random.Random) -> Catalogue:
    """Made-up goods with names that are like each other, four variants each."""
    made = []
    for number in range(products):
        word = "".join(rng.choice(LETTERS) for _ in range(rng.randint(4, 7)))
        name = f"{rng.choice(MAKERS)} {word} {rng.choice(KINDS)}"
        variants = tuple(
            CatalogueVariant(f"P{number}-{n}", f"P{number}", {"color": str(n)}, Money(1000 + n, "EUR"))
            for n in range(VARIANTS)
        )
        made.append(CatalogueProduct(f"P{number}", {"en": name}, variants))
    return Catalogue(1, tuple(made))


def misspelled(name: str, typos: int, rng: random.Random) -> str:
    letters = list(name)
    for _ in range(typos):
        place = rng.randrange(len(letters))
        letters[place] = rng.choice(LETTERS)
    return "".join(letters)


def timed(find: Callable[[str], str | None], asked: Sequence[tuple[str, str]]) -> tuple[list[float], float]:
    times, right = [], 0
    for query, wanted in asked:
        began = time.perf_counter()
        found = find(query)
        times.append(time.perf_counter() - began)
        right += found == wanted
    return times, right / len(asked)


def best_of(index: Search, query: str) -> str | None:
    return next((hit.product for hit in index.find(query, 5)), None)


async def measure(home: Path) -> None:
    shop = load_shop(DATA / "demo" / "shop.yml")
    print("\nSearch for a product by its name (right: the one meant comes first)")
    for variants in (10_000, 100_000):
        rng = random.Random(variants)
        goods = catalogue(variants // VARIANTS, rng)
        began = time.perf_counter()
        index = Search.build(goods, shop)
        print(
            f"  {variants:7,} variants: built in {time.perf_counter() - began:.2f} s, memory of the process {memory()}"
        )
        chosen = rng.sample(goods.products, QUERIES)
        for typos in (0, 1, 2):
            asked = [(misspelled(product.names["en"], typos, rng), product.id) for product in chosen]
            times, right = timed(partial(best_of, index), asked)
            print(f"    ours, {typos} typos        {milliseconds(times)}   right {right:.0%}")
        names = {product.id: product.names["en"] for product in goods.products}
        asked = [(misspelled(product.names["en"], 1, rng), product.id) for product in chosen[:40]]

        def by_ratio(query: str, names: dict[str, str] = names) -> str | None:
            found = process.extractOne(query, names, scorer=fuzz.token_sort_ratio)
            return found[2] if found else None

        times, right = timed(by_ratio, asked)
        print(f"    to compare: rapidfuzz  {milliseconds(times)}   right {right:.0%} (1 typo)")
