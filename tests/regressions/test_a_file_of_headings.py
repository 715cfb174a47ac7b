"""A catalogue of nothing but headings took every product off sale, and called that a success."""

from __future__ import annotations

import pytest

from app.settings import shipped_data
from shop.csv_rows import read_catalogue
from shop.shopfile import load_shop


@pytest.mark.parametrize("below", ["", "\n\n", ",,,,,\n"])
def test_headings_without_goods_are_a_mistake(below: str) -> None:
    shop = load_shop(shipped_data() / "demo" / "shop.yml")
    rows = read_catalogue(f"product,sku,attributes,price,stock,name:en\n{below}".encode(), shop)
    assert [str(mistake) for mistake in rows.errors] == ["row 2: there are no goods below the headings."]
