"""The catalogue as a CSV file: a preview of what would change, an import that is whole or not at all, an export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from base.db import Row, Tx
from base.errors import ShopkeeperError
from base.money import Money
from shop.catalogue import bump_catalogue, in_owners_order
from shop.csv_rows import (
    BY_LANGUAGE,
    FORMULA,
    MOST_MISTAKES,
    PLAIN,
    CatalogueRows,
    ProductRow,
    RowError,
    VariantRow,
    read_catalogue,
)
from shop.shopfile import ShopFile

_FIELDS = {  # columns of the table -> how the owner calls them
    "product": "product",
    "attributes": "attributes",
    "price_minor": "price",
    "on_hand": "stock",
    "restock": "restock",
    "weight_grams": "weight",
    "picture": "picture",
}
_PRODUCT_FIELDS = ("names", "descriptions", "synonyms", "facts", "tags")


@dataclass(frozen=True, slots=True)
class Changed:
    """One variant or product that would change: `TEE-black-M`, `price 20.00 -> 18.00`."""

    id: str
    what: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, or did. With errors nothing is done."""

    added: tuple[str, ...] = ()  # SKUs
    changed: tuple[Changed, ...] = ()
    removed: tuple[str, ...] = ()  # SKUs that are in the shop but not in the file: taken off sale
    unchanged: int = 0
    restocked: tuple[str, ...] = ()  # SKUs of which there were none free, and now are
    errors: tuple[RowError, ...] = ()

    @property
    def touches(self) -> bool:
        """Whether anything would be different afterwards."""
        return bool(self.added or self.changed or self.removed)

    def told(self) -> str:
        """The mistakes, one a line, the first ones only."""
        lines = [str(error) for error in self.errors[:MOST_MISTAKES]]
        if len(self.errors) > MOST_MISTAKES:
            lines.append(f"and {len(self.errors) - MOST_MISTAKES} more.")
        return "\n".join(lines)


async def preview_catalogue(tx: Tx, data: bytes, shop: ShopFile) -> Preview:
    """What importing this file would do. Changes nothing."""
    return await _compare(tx, read_catalogue(data, shop), lock="")


async def import_catalogue(tx: Tx, data: bytes, shop: ShopFile) -> Preview:
    """Make the catalogue what the file says, in this transaction.

    `stock` is what lies on the shelf, what orders hold included. What is not in the file is taken off sale, never
    deleted: orders name it. Raises ShopkeeperError with a line per mistake; then nothing is changed.
    """
    rows = read_catalogue(data, shop)
    preview = await _compare(tx, rows, lock=" FOR UPDATE")
    if preview.errors:
        raise ShopkeeperError(f"Nothing was imported.\n{preview.told()}")
    if preview.touches:
        await _write(tx, rows)
        await bump_catalogue(tx)
    return preview


async def export_catalogue(tx: Tx, shop: ShopFile) -> bytes:
    """The catalogue as a UTF-8 CSV file (with a BOM, for spreadsheets) that imports to the same catalogue."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    languages = shop.languages
    plain = [column for column in PLAIN if column != "tags"]
    writer.writerow([*plain, *(f"{column}:{language}" for column in BY_LANGUAGE for language in languages), "tags"])
    before = None
    for row in await tx.rows(
        "SELECT v.*, p.names, p.descriptions, p.synonyms, p.facts, p.tags"
        " FROM variant v JOIN product p ON p.id = v.product"
        " WHERE v.active AND p.active ORDER BY p.position, p.id, v.position, v.sku"
    ):
        cells = [
            row["product"],
            row["sku"],
            _joined(_ordered(row["attributes"], shop.attributes)),
            str(Money(row["price_minor"], row["currency"])),
        ]
        cells += [str(row["on_hand"]), row["restock"].isoformat() if row["restock"] else ""]
        cells += [str(row["weight_grams"]) if row["weight_grams"] is not None else "", row["picture"] or ""]
        product_cells = _product_cells(row, shop)
        own = product_cells if row["product"] != before else [""] * len(product_cells)
        writer.writerow(_harmless([*cells, *own]))
        before = row["product"]
    return ("\ufeff" + out.getvalue()).encode()


def _harmless(cells: list[str]) -> list[str]:
    """No cell begins like a formula: a spreadsheet would run it. The import takes the apostrophe off again."""
    return [f"'{cell}" if cell.startswith((*FORMULA, "'")) else cell for cell in cells]


def _product_cells(row: Row, shop: ShopFile) -> list[str]:
    languages = shop.languages
    cells = [row["names"].get(language, "") for language in languages]
    cells += [row["descriptions"].get(language, "") for language in languages]
    cells += [", ".join(row["synonyms"].get(language, ())) for language in languages]
    for language in languages:
        facts = {key: words.get(language) or words.get("") for key, words in row["facts"].items()}
        cells.append(_joined(_ordered({key: value for key, value in facts.items() if value}, shop.facts)))
    return [*cells, ", ".join(row["tags"])]


def _ordered(pairs: Mapping[str, str], owners: Iterable[str]) -> dict[str, str]:
    return {key: pairs[key] for key in in_owners_order(pairs, owners)}


def _joined(pairs: Mapping[str, str]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in pairs.items())


# ---- what would change -----------------------------------------------------------------------------


async def _compare(tx: Tx, rows: CatalogueRows, *, lock: str) -> Preview:
    """Hold the file against the database. `lock`: what to add to the query that reads the variants."""
    if rows.errors:
        return Preview(errors=tuple(rows.errors))
    known = {row["sku"]: row for row in await tx.rows(f"SELECT * FROM variant ORDER BY sku{lock}")}  # noqa: S608 (fixed words)
    products = {row["id"]: row for row in await tx.rows("SELECT * FROM product")}
    errors = tuple(
        RowError(one.row, "stock", f"orders hold {known[sku]['reserved']} of {sku}. Write at least that many.")
        for sku, one in rows.variants.items()
        if sku in known and known[sku]["reserved"] > one.stock
    )
    if errors:
        return Preview(errors=errors)
    added, changed, same = [], [], 0
    places = _places(rows)
    for sku, one in rows.variants.items():
        before = known.get(sku)
        if before is None or not before["active"]:
            added.append(sku)
        elif what := _variant_changes(before, one, places[sku]):
            changed.append(Changed(sku, what))
        else:
            same += 1
    changed += [
        Changed(product.id, what)
        for place, product in enumerate(rows.products.values())
        if product.id in products and (what := _product_changes(products[product.id], product, place))
    ]
    return Preview(
        tuple(added),
        tuple(changed),
        tuple(sku for sku, row in known.items() if row["active"] and sku not in rows.variants),
        same,
        tuple(
            sku
            for sku, one in rows.variants.items()
            if sku in known and known[sku]["on_hand"] <= known[sku]["reserved"] < one.stock
        ),
    )


def _variant_changes(before: Row, one: VariantRow, place: int) -> tuple[str, ...]:
    now = _variant_values(one, place)
    told = [
        f"{name} {_shown(before, column, before[column])} -> {_shown(before, column, now[column])}"
        for column, name in _FIELDS.items()
        if before[column] != now[column]
    ]
    if not told and before["position"] != place:
        told.append("place in the list")
    return tuple(told)


def _shown(row: Row, column: str, value: Any) -> str:
    if column == "price_minor":
        return str(Money(value, row["currency"]))
    return _joined(value) if isinstance(value, dict) else "nothing" if value is None else str(value)


def _product_changes(before: Row, one: ProductRow, place: int) -> tuple[str, ...]:
    now = _product_values(one, place)
    told = [column for column in _PRODUCT_FIELDS if before[column] != now[column]]
    if not told and before["position"] != place:
        told.append("place in the list")
    return tuple(told)


# ---- writing ---------------------------------------------------------------------------------------


def _places(rows: CatalogueRows) -> dict[str, int]:
    """SKU -> its place among the variants of its product."""
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    for sku, variant in rows.variants.items():
        places[sku] = counts.get(variant.product, 0)
        counts[variant.product] = places[sku] + 1
    return places


def _product_values(product: ProductRow, place: int) -> dict[str, Any]:
    return {
        "id": product.id,
        "position": place,
        "names": product.names,
        "descriptions": product.descriptions,
        "synonyms": product.synonyms,
        "facts": product.facts,
        "tags": product.tags,
    }


def _variant_values(variant: VariantRow, place: int) -> dict[str, Any]:
    return {
        "sku": variant.sku,
        "product": variant.product,
        "position": place,
        "attributes": dict(variant.attributes),
        "price_minor": variant.price.amount_minor,
        "currency": variant.price.currency,
        "on_hand": variant.stock,
        "restock": variant.restock,
        "weight_grams": variant.weight_grams,
        "picture": variant.picture,
    }


async def _write(tx: Tx, rows: CatalogueRows) -> None:
    """Four statements, however many rows: products, variants, and what is off sale of each."""
    products = [_product_values(product, place) for place, product in enumerate(rows.products.values())]
    await tx.execute(
        "INSERT INTO product (id, position, names, descriptions, synonyms, facts, pictures, tags, active)"
        " SELECT id, position, names, descriptions, synonyms, facts, '[]', tags, true"
        " FROM jsonb_to_recordset(%(rows)s) AS r(id text, position int, names jsonb, descriptions jsonb,"
        " synonyms jsonb, facts jsonb, tags jsonb)"
        " ON CONFLICT (id) DO UPDATE SET position = excluded.position, names = excluded.names,"
        " descriptions = excluded.descriptions, synonyms = excluded.synonyms, facts = excluded.facts,"
        " tags = excluded.tags, active = true",
        rows=Jsonb(products),
    )
    places = _places(rows)
    variants = [_variant_values(variant, places[sku]) for sku, variant in rows.variants.items()]
    for values in variants:
        values["restock"] = values["restock"].isoformat() if values["restock"] else None
    await tx.execute(
        "INSERT INTO variant (sku, product, position, attributes, price_minor, currency, on_hand, reserved, restock,"
        " weight_grams, picture, active)"
        " SELECT sku, product, position, attributes, price_minor, currency, on_hand, 0, restock, weight_grams,"
        " picture, true FROM jsonb_to_recordset(%(rows)s) AS r(sku text, product text, position int, attributes jsonb,"
        " price_minor bigint, currency text, on_hand int, restock date, weight_grams int, picture text) ORDER BY sku"
        " ON CONFLICT (sku) DO UPDATE SET product = excluded.product, position = excluded.position,"
        " attributes = excluded.attributes, price_minor = excluded.price_minor, currency = excluded.currency,"
        " on_hand = excluded.on_hand, restock = excluded.restock, weight_grams = excluded.weight_grams,"
        " picture = excluded.picture, active = true",
        rows=Jsonb(variants),
    )
    await tx.execute(
        "UPDATE variant SET active = false WHERE active AND NOT sku = ANY(%(skus)s)", skus=list(rows.variants)
    )
    await tx.execute(
        "UPDATE product SET active = false WHERE active AND NOT id = ANY(%(ids)s)", ids=list(rows.products)
    )
