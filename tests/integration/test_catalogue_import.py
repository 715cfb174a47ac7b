"""The catalogue file: previewed, imported whole or not at all, exported to the same."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from base.db import Database, Tx
from base.errors import ShopkeeperError
from base.money import Money
from shop.catalogue import catalogue_version, free_stock, load_catalogue, nearest_in_stock, product_view
from shop.csv_import import export_catalogue, import_catalogue, preview_catalogue
from shop.seed import import_file, seed_demo
from shop.shopfile import ShopFile, load_shop

DATA = Path(__file__).parents[2] / "data"
DEMO = DATA / "demo"
LUMO = {
    "MUG-white": ("12.00", 10), "MUG-black": ("12.00", 2), "MUG-blue": ("13.00", 0), "CAN": ("9.50", 40),
    "HP-black": ("59.00", 3), "BOX": ("4.00", 100), "THR": ("45.00", 1), "PIL": ("18.00", 6),
    **{f"TEE-{color}-{size}": ("22.00" if size == "XL" else "20.00", 0)
       for color in ("green", "grey", "black") for size in ("S", "M", "L", "XL")},
    "TEE-green-M": ("20.00", 5), "TEE-green-L": ("20.00", 1), "TEE-grey-L": ("20.00", 4),
    "TEE-black-M": ("20.00", 3), "TEE-black-L": ("20.00", 3), "TEE-black-XL": ("22.00", 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def lumo() -> ShopFile:
    return load_shop(DEMO / "shop.yml")


async def stock_list(tx: Tx) -> list[tuple[str, int, int, bool]]:
    rows = await tx.rows("SELECT sku, price_minor, on_hand, active FROM variant ORDER BY sku")
    return [(row["sku"], row["price_minor"], row["on_hand"], row["active"]) for row in rows]


async def test_the_demo_shop_is_the_fixture_shop(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        catalogue = await load_catalogue(tx)
        fresh = await free_stock(tx, catalogue.by_sku)
    assert {sku: (str(row.price), row.free) for sku, row in fresh.items()} == LUMO
    assert fresh["MUG-blue"].restock == date(2026, 12, 5)
    assert [product.id for product in catalogue.products] == ["MUG", "TEE", "CAN", "HP", "BOX", "THR", "PIL"]
    assert "burn_time" not in catalogue.by_id["CAN"].facts
    assert "washable" not in catalogue.by_id["THR"].facts
    for product in catalogue.products:
        assert set(product.names) == set(product.descriptions) == {"en", "ru", "uk", "es"}


async def test_the_demo_promotions_are_those_of_the_fixture(db: Database) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        await seed_demo(tx, DEMO)
        rows = {row["code"]: row for row in await tx.rows("SELECT * FROM promotion WHERE active")}
    assert set(rows) == {"WELCOME10", "MUG5", "FREESHIP", "FLASH20", "BLOGGER15", "VIP7X"}
    assert {code for code, row in rows.items() if row["public"]} == {"WELCOME10", "MUG5", "FREESHIP", "FLASH20"}
    assert rows["MUG5"]["not_with"] == ["percent"]
    assert rows["MUG5"]["actions"] == [{"kind": "amount_off", "amount": {"amount_minor": 500, "currency": "EUR"}}]
    assert (rows["FLASH20"]["hours_from"], rows["FLASH20"]["hours_to"], rows["FLASH20"]["total_limit"]) == (
        "18:00", "20:00", 50,
    )  # fmt: skip
    assert rows["BLOGGER15"]["ends_at"].isoformat() == "2026-11-01T22:00:00+00:00"
    assert (rows["VIP7X"]["personal"], rows["VIP7X"]["total_limit"]) == (True, 1)


async def test_pictures_of_the_demo_shop_are_there_and_small() -> None:
    rows = csv.DictReader((DEMO / "catalogue.csv").read_text(encoding="utf-8").splitlines())
    pictures = {row["picture"] for row in rows}
    assert len(pictures) == 11
    for picture in pictures:
        assert (DEMO / picture).is_file(), picture
        assert (DEMO / picture).stat().st_size < 60_000, picture


async def test_an_export_imports_to_the_same(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        exported = await export_catalogue(tx, lumo)
        version = await catalogue_version(tx)
        again = await import_catalogue(tx, exported, lumo)
        assert not again.touches
        assert again.unchanged == len(LUMO)
        assert await catalogue_version(tx) == version
        await tx.execute("DELETE FROM variant")
        await tx.execute("DELETE FROM product")
        await import_catalogue(tx, exported, lumo)
        assert await export_catalogue(tx, lumo) == exported


async def test_a_preview_tells_what_would_change_and_changes_nothing(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        before = await stock_list(tx)
        text = (DEMO / "catalogue.csv").read_text(encoding="utf-8")
        text = text.replace("MUG,MUG-blue,color: blue,13.00,0", "MUG,MUG-blue,color: blue,14.00,5")
        text = "\n".join(line for line in text.splitlines() if not line.startswith("PIL"))
        text += "\nMUG,MUG-green,color: green,12.00,7\n"
        preview = await preview_catalogue(tx, text.encode(), lumo)
        assert await stock_list(tx) == before
    assert preview.added == ("MUG-green",)
    assert preview.removed == ("PIL",)
    assert preview.restocked == ("MUG-blue",)
    assert [(one.id, one.what) for one in preview.changed] == [("MUG-blue", ("price 13.00 -> 14.00", "stock 0 -> 5"))]


async def test_what_left_the_file_is_off_sale_but_not_deleted(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        text = (DEMO / "catalogue.csv").read_text(encoding="utf-8")
        await import_catalogue(
            tx, "\n".join(row for row in text.splitlines() if not row.startswith("PIL")).encode(), lumo
        )
        assert "PIL" not in (await load_catalogue(tx)).by_id
        assert await free_stock(tx, ["PIL"]) == {}
        assert await tx.row("SELECT 1 FROM variant WHERE sku = 'PIL'")
        back = await import_catalogue(tx, text.encode(), lumo)
        assert back.added == ("PIL",)
        assert "PIL" in (await load_catalogue(tx)).by_id


BAD_FILE = """\
product,sku,attributes,price,stock,restock,name
MUG,MUG-white,color: white,12.00,10,,Aurora mug
MUG,MUG-black,color: black,"12,00",2,,
MUG,MUG-white,color: red,12.00,1,,
MUG,MUG-grey,color: white,12.00,1,,
CAN,,,9.50,-3,soon,Pine candle
HP,HP,colour black,59.00,3,,
"""


async def test_each_mistake_names_its_row_and_column_and_nothing_is_imported(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        before = await stock_list(tx)
        with pytest.raises(ShopkeeperError) as failure:
            await import_catalogue(tx, BAD_FILE.encode(), lumo)
        assert await stock_list(tx) == before
    assert str(failure.value).splitlines() == [
        "Nothing was imported.",
        "row 3, price: '12,00' is not a price in EUR. Write it like 12.00.",
        "row 4, sku: MUG-white stands in row 2 already. Every SKU must be there once.",
        "row 5, attributes: MUG-grey has the same attributes as MUG-white. Tell them apart, such as color: black.",
        "row 6, stock: '-3' is not a whole number from 0 to 10000000.",
        "row 6, restock: 'soon' is not a date. Write it like 2026-12-05.",
        "row 7, attributes: 'colour black' is not understood. Write it like color: black; size: L.",
        "row 7, name:en: HP has no name. Write one in its first row.",
    ]


async def test_stock_cannot_go_below_what_orders_hold(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        await tx.execute("UPDATE variant SET on_hand = 12, reserved = 11 WHERE sku = 'MUG-white'")
        preview = await preview_catalogue(tx, (DEMO / "catalogue.csv").read_bytes(), lumo)
    assert [str(error) for error in preview.errors] == [
        "row 2, stock: orders hold 11 of MUG-white. Write at least that many."
    ]


SMALL = "product;price;stock;name\nMUG;12.00;3;Käsitöö kruus\n"


@pytest.mark.parametrize("data", [SMALL.encode("utf-8-sig"), SMALL.encode("utf-16"), SMALL.replace(";", "\t").encode()])
async def test_files_as_spreadsheets_save_them_are_understood(db: Database, lumo: ShopFile, data: bytes) -> None:
    async with db.begin() as tx:
        await import_catalogue(tx, data, lumo)
        catalogue = await load_catalogue(tx)
    assert catalogue.by_id["MUG"].name("en") == "Käsitöö kruus"
    assert list(catalogue.by_sku) == ["MUG"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the file is empty. Start from data/catalogue.csv."),
        (SMALL.encode("latin-1"), "line 2 is not UTF-8 text. Save the file again as CSV UTF-8."),
        (b"PK\x03\x04rubbish", "this is a spreadsheet, not a CSV file. Choose Save as, CSV UTF-8."),
        (b"product,price\x00,stock,name\n", "the file holds bytes that are not text. Save it again as CSV UTF-8."),
        (b"product,prise,stock,name\n", "row 1, prise: this column is not known. Did you mean 'price'?"),
        (b'product,price,stock,name\nMUG,1,1,"open', "row 2 cannot be read (unexpected end of data). "
         "Look for a quote that is not closed."),
    ],
)  # fmt: skip
async def test_a_file_that_cannot_be_read_is_told_in_one_line(
    db: Database, lumo: ShopFile, data: bytes, told: str
) -> None:
    async with db.begin() as tx:
        preview = await preview_catalogue(tx, data, lumo)
    assert str(preview.errors[0]) == told


async def test_a_file_that_is_not_there_is_told(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        with pytest.raises(ShopkeeperError, match=r"nowhere\.csv cannot be read: No such file"):
            await import_file(tx, DATA / "nowhere.csv", lumo)


async def test_the_starter_of_a_new_seller_is_valid(db: Database) -> None:
    async with db.begin() as tx:
        shop = await seed_demo(tx, DATA)
        catalogue = await load_catalogue(tx)
        assert shop.deliveries
        assert shop.payments
        assert catalogue.products


async def test_names_follow_the_customers_language(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        catalogue = await load_catalogue(tx)
        fresh = await free_stock(tx, catalogue.by_sku)
    mug = product_view(lumo, catalogue.by_id["MUG"], fresh, "ru")
    assert [(variant.name, variant.short) for variant in mug.variants][1] == ("Кружка Aurora, чёрная", "чёрная")
    headphones = product_view(lumo, catalogue.by_id["HP"], fresh, "uk").variants[0]
    assert (headphones.name, headphones.short) == ("Навушники Wave, чорні", "Навушники Wave")
    assert headphones.price == Money(5900, "EUR")
    assert headphones.image == "/pictures/headphones-black.jpg"
    assert product_view(lumo, catalogue.by_id["CAN"], fresh, "es").variants[0].name == "Vela de pino"


async def test_instead_of_what_is_sold_out_the_nearest_in_stock_is_named(db: Database, lumo: ShopFile) -> None:
    async with db.begin() as tx:
        await seed_demo(tx, DEMO)
        catalogue = await load_catalogue(tx)

        async def nearest(sku: str) -> list[str]:
            return [one.sku for one in await nearest_in_stock(tx, catalogue, lumo, sku, "en")]

        assert await nearest("MUG-blue") == ["MUG-white", "MUG-black"]
        assert await nearest("TEE-grey-M") == ["TEE-green-M", "TEE-black-M", "TEE-grey-L"]
        assert (await nearest("THR"))[0] == "PIL"
        await tx.execute("UPDATE variant SET on_hand = 0 WHERE product = 'MUG'")
        assert "MUG-white" not in await nearest("MUG-blue")
