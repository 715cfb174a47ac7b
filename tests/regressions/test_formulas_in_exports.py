"""A supplier's product name that begins like a formula was run by the spreadsheet that opened the export."""

from __future__ import annotations

import csv
import io

from base.db import Database
from shop.csv_import import export_catalogue, import_catalogue
from shop.shopfile import load_shop
from tests.integration.test_catalogue_import import DEMO

NAMES = ["=HYPERLINK(1)", "+1", "-2+3", "@SUM(A1)", "'tis a mug", "'=quoted", "Mug = cup"]


async def test_no_cell_begins_a_formula_and_all_come_back_as_they_were(db: Database) -> None:
    shop = load_shop(DEMO / "shop.yml")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["product", "price", "stock", "name"])
    for number, name in enumerate(NAMES):
        writer.writerow([f"P{number}", "1.00", "1", f"'{name}" if name[0] in "=+-@'" else name])
    async with db.begin() as tx:
        await import_catalogue(tx, out.getvalue().encode(), shop)
        rows = await tx.rows("SELECT names ->> 'en' AS name FROM product ORDER BY id")
        exported = await export_catalogue(tx, shop)
        again = await import_catalogue(tx, exported, shop)
    assert [row["name"] for row in rows] == NAMES
    cells = [cell for row in csv.reader(io.StringIO(exported.decode("utf-8-sig"))) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert not again.touches
