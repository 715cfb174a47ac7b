"""Which goods a post, a story or an ad of the shop shows: by the owner's list, or by a SKU in its words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from shop.catalogue import Catalogue

SHORTEST = 6  # characters of an entry of `posts` that may be a part of an address; shorter ones must be the whole id
MARKED = re.compile(r"(?:#|\bSKU[:\s]\s*|\bart(?:icle)?[.:\s]\s*|\bарт(?:икул)?[.:\s]\s*)([\w-]+)", re.IGNORECASE)

Goods = tuple[str, str | None]  # product, and the variant where it is told


def goods_shown(clues: Iterable[str], catalogue: Catalogue, posts: Mapping[str, str]) -> tuple[Goods, ...]:
    """The goods that `clues` speak of, each once, in their order; empty when nobody knows.

    `clues`: ids, addresses and captions, as the messenger tells them. `posts`: id or part of an address -> SKU or
    product. A caption names goods by a mark before the SKU or product (`#CAN`, `SKU CAN`, `art. CAN`), or by a SKU
    with a hyphen as it is written (`MUG-white`): a lone `CAN` may be a word.
    """
    known = [clue for clue in clues if clue]
    listed = [named for clue in known for key, named in posts.items() if _is_meant(key, clue)]
    found = listed or [name for clue in known for name in (clue, *_named(clue, catalogue))]
    goods = [_goods(name, catalogue) for name in found]
    return tuple(dict.fromkeys(one for one in goods if one is not None))


def unknown_goods(catalogue: Catalogue, posts: Mapping[str, str]) -> tuple[str, ...]:
    """What the owner's list names and the shop does not sell."""
    return tuple(dict.fromkeys(named for named in posts.values() if _goods(named, catalogue) is None))


def _is_meant(key: str, clue: str) -> bool:
    return key == clue or (len(key) >= SHORTEST and key in clue)


def _named(clue: str, catalogue: Catalogue) -> Iterable[str]:
    yield from MARKED.findall(clue)
    for sku in catalogue.by_sku:
        if "-" in sku and re.search(rf"(?<![\w-]){re.escape(sku)}(?![\w-])", clue):
            yield sku


def _goods(name: str, catalogue: Catalogue) -> Goods | None:
    """The variant or product of this name, also without its hyphens: a hashtag has none."""
    plain = _plain(name)
    for sku, variant in catalogue.by_sku.items():
        if _plain(sku) == plain:
            return variant.product, sku
    return next(((id, None) for id in catalogue.by_id if _plain(id) == plain), None)


def _plain(name: str) -> str:
    return name.replace("-", "").casefold()
