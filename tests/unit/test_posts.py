"""Which goods a post shows: the owner's list first, then a SKU in the caption; a word is no SKU."""

from __future__ import annotations

import pytest

from base.money import Money
from shop.catalogue import Catalogue, CatalogueProduct, CatalogueVariant
from shop.posts import goods_shown, unknown_goods


def product(id: str, *skus: str) -> CatalogueProduct:
    price = Money(100, "EUR")
    return CatalogueProduct(
        id, {"": id}, tuple(CatalogueVariant(sku=sku, product=id, attributes={}, price=price) for sku in skus)
    )


GOODS = Catalogue(1, (product("MUG", "MUG-white", "MUG-blue"), product("CAN", "CAN"), product("THR", "THR")))
POSTS = {"17900000000000001": "THR", "instagram.com/p/Cabc123": "MUG-blue", "77": "CAN", "1_3": "GONE"}


@pytest.mark.parametrize(
    ("clues", "meant"),
    [
        (("17900000000000001", "https://cdn.example/x.jpg"), (("THR", "THR"),)),
        (("", "https://www.instagram.com/p/Cabc123/?img=1"), (("MUG", "MUG-blue"),)),
        (("1_3",), ()),  # the list names what is sold no more
        (("9177",), ()),  # a short id is no part of another
        (("77",), (("CAN", "CAN"),)),
        (("", "New light for the evenings! #CAN #cosy"), (("CAN", "CAN"),)),
        (("Which one? #MUGwhite or #mug",), (("MUG", "MUG-white"), ("MUG", None))),
        (("Back again: MUG-white.",), (("MUG", "MUG-white"),)),
        (("art. THR",), (("THR", "THR"),)),
        (("арт. THR",), (("THR", "THR"),)),
        (("YES YOU CAN",), ()),
        (("MUG-whiter than white, PRE-MUG-white",), ()),
        (("MUG-white",), (("MUG", "MUG-white"),)),  # the id of a product in a referral
        ((), ()),
        (("", "#" * 20_000), ()),
    ],
)
def test_clues_lead_to_goods(clues: tuple[str, ...], meant: tuple[tuple[str, str | None], ...]) -> None:
    assert goods_shown(clues, GOODS, POSTS) == meant


def test_a_list_that_names_what_is_not_sold_is_told() -> None:
    assert unknown_goods(GOODS, POSTS) == ("GONE",)
