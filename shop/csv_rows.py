"""Reading a catalogue file cell by cell: every mistake is told with its row and column, and what to write instead."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from base.errors import BadInput
from base.money import Money
from shop.shopfile import ShopFile
from shop.yamlfile import did_you_mean

BIGGEST_FILE = 32 * 1024 * 1024  # bytes
MOST_ROWS = 200_000
MOST_MISTAKES = 50  # told at once; the rest is counted
LONGEST_CELL = 4_000  # characters
MOST_STOCK = 10_000_000

PLAIN = ("product", "sku", "attributes", "price", "stock", "restock", "weight", "picture", "tags")
BY_LANGUAGE = ("name", "description", "words", "facts")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of one
NEEDED = ("product", "price", "stock")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class RowError:
    """One mistake. `row` counts as a spreadsheet does: the headings are row 1. 0: the file as a whole."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (f"row {self.row}" if self.row else "", self.column) if part)
        return f"{where}: {self.what}" if where else self.what


@dataclass(slots=True)
class ProductRow:
    id: str
    row: int
    names: dict[str, str] = field(default_factory=dict)
    descriptions: dict[str, str] = field(default_factory=dict)
    synonyms: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, dict[str, str]] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VariantRow:
    sku: str
    product: str
    row: int
    attributes: Mapping[str, str]
    price: Money
    stock: int
    restock: date | None
    weight_grams: int | None
    picture: str | None


@dataclass(slots=True)
class CatalogueRows:
    """What a file says, and what is wrong with it."""

    products: dict[str, ProductRow] = field(default_factory=dict)
    variants: dict[str, VariantRow] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


def read_catalogue(data: bytes, shop: ShopFile) -> CatalogueRows:
    """Read a whole file. Never raises for what is in it: mistakes are in `errors`."""
    rows = CatalogueRows()
    try:
        cells = _cells(data)
        headings = next(cells)[1]
    except StopIteration:
        rows.errors.append(RowError(0, "", "the file is empty. Start from data/catalogue.csv."))
    except BadInput as error:
        rows.errors.append(RowError(0, "", str(error)))
    else:
        columns = _columns(headings, shop, rows.errors)
        if not rows.errors:
            _Reader(shop, columns, rows).read(cells)
            if not rows.variants and not rows.errors:  # half a download; taken at its word, it would close the shop
                rows.errors.append(RowError(2, "", "there are no goods below the headings."))
    return rows


def _decoded(data: bytes) -> str:
    if len(data) > BIGGEST_FILE:
        raise BadInput(f"the file is bigger than {BIGGEST_FILE // 1024 // 1024} MB.", "Split it, or leave things out.")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise BadInput("this is a spreadsheet, not a CSV file.", "Choose Save as, CSV UTF-8.")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"line {line} is not UTF-8 text.", "Save the file again as CSV UTF-8.") from None
    if "\x00" in text:
        raise BadInput("the file holds bytes that are not text.", "Save it again as CSV UTF-8.")
    return text


def _cells(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of every row that is not empty; commas, semicolons and tabs are understood."""
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1024 * 1024)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):
            if row > MOST_ROWS + 1:
                raise BadInput(f"there are more than {MOST_ROWS} rows.", "Split the file.")
            if any(cell.strip() for cell in cells):
                yield row, [_plain(cell.strip()) for cell in cells]
    except csv.Error as error:
        raise BadInput(f"row {row + 1} cannot be read ({error}).", "Look for a quote that is not closed.") from None


def _plain(cell: str) -> str:
    """Without the apostrophe that keeps a spreadsheet from running a cell as a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith((*FORMULA, "'")) else cell


def _columns(headings: list[str], shop: ShopFile, errors: list[RowError]) -> list[str]:
    """The headings as they are meant; a plain `name` is the shop's first language."""
    known = [*PLAIN, *(f"{column}:{language}" for column in BY_LANGUAGE for language in shop.languages)]
    columns: list[str] = []
    for heading in headings:
        column = re.sub(r"\s+", "", heading.casefold())
        column = f"{column}:{shop.language}" if column in BY_LANGUAGE else column
        if column not in known:
            errors.append(
                RowError(1, heading or "(no heading)", f"this column is not known. {did_you_mean(column, known)}")
            )
        elif column in columns:
            errors.append(RowError(1, heading, "this column is there twice. Keep one."))
        columns.append(column)
    for needed in (*NEEDED, f"name:{shop.language}"):
        if needed not in columns:
            errors.append(RowError(1, needed, "this column is missing. Add it."))
    return columns


class _Reader:
    """Reads rows one after the other; the cells of the product may stand in its first row alone."""

    def __init__(self, shop: ShopFile, columns: list[str], rows: CatalogueRows) -> None:
        self.shop = shop
        self.columns = columns
        self.rows = rows
        self.row = 0
        self.cells: dict[str, str] = {}
        self.attribute_sets: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}

    def read(self, rows: Iterator[tuple[int, list[str]]]) -> None:
        try:
            for self.row, cells in rows:
                if len(cells) > len(self.columns):
                    self.wrong(
                        "", f"there are {len(cells)} cells but {len(self.columns)} headings. Quote cells with commas."
                    )
                    continue
                self.cells = dict(zip(self.columns, cells, strict=False))
                self._read_row()
        except BadInput as error:
            self.rows.errors.append(RowError(0, "", str(error)))
        language = self.shop.language
        for product in self.rows.products.values():
            if language not in product.names:
                self.rows.errors.append(
                    RowError(product.row, f"name:{language}", f"{product.id} has no name. Write one in its first row.")
                )
        self.rows.errors.sort(key=lambda error: error.row)

    def wrong(self, column: str, what: str) -> None:
        self.rows.errors.append(RowError(self.row, column, what))

    def _read_row(self) -> None:
        for column, cell in self.cells.items():
            if len(cell) > LONGEST_CELL:
                self.wrong(column, f"the text is longer than {LONGEST_CELL} characters. Shorten it.")
        id_ = self.cells["product"]
        if not _ID.fullmatch(id_):
            self.wrong("product", "needs a short name of letters, digits, - . and _, such as MUG.")
            return
        self._read_product(self.rows.products.setdefault(id_, ProductRow(id_, self.row)))
        self._read_variant(id_)

    def _read_product(self, product: ProductRow) -> None:
        for language in self.shop.languages:
            self._merge(product.names, language, self.cells.get(f"name:{language}", ""), f"name:{language}")
            description = self.cells.get(f"description:{language}", "")
            self._merge(product.descriptions, language, description, f"description:{language}")
            if words := _listed(self.cells.get(f"words:{language}", "")):
                product.synonyms[language] = words
            for key, value in self._pairs(f"facts:{language}").items():
                self._merge(product.facts.setdefault(key, {}), language, value, f"facts:{language}")
        if tags := _listed(self.cells.get("tags", "")):
            product.tags = tags

    def _merge(self, known: dict[str, str], key: str, value: str, column: str) -> None:
        if value and known.setdefault(key, value) != value:
            self.wrong(column, f"differs from an earlier row of the same product ({known[key]!r}). Make them the same.")

    def _read_variant(self, product: str) -> None:
        mistakes = len(self.rows.errors)
        attributes = self._pairs("attributes")
        sku = self.cells.get("sku") or "-".join([product, *attributes.values()])
        if not _ID.fullmatch(sku):
            self.wrong("sku", f"{sku!r} is no SKU. Use letters, digits, - . and _, such as MUG-white.")
        elif sku in self.rows.variants:
            self.wrong(
                "sku", f"{sku} stands in row {self.rows.variants[sku].row} already. Every SKU must be there once."
            )
        twin = self.attribute_sets.setdefault((product, tuple(sorted(attributes.items()))), sku)
        if twin != sku:
            self.wrong("attributes", f"{sku} has the same attributes as {twin}. Tell them apart, such as color: black.")
        price = self._price()
        variant = VariantRow(
            sku,
            product,
            self.row,
            attributes,
            price or Money.zero(self.shop.currency),
            self._whole("stock", most=MOST_STOCK) or 0,
            self._date("restock"),
            self._whole("weight", most=1_000_000, needed=False),
            self.cells.get("picture") or None,
        )
        if len(self.rows.errors) == mistakes:
            self.rows.variants[sku] = variant

    def _price(self) -> Money | None:
        written = self.cells["price"]
        try:
            price = Money.parse(written, self.shop.currency)
        except BadInput:
            price = None
        if price is None or price.amount_minor < 0:
            self.wrong("price", f"{written!r} is not a price in {self.shop.currency}. Write it like 12.00.")
            return None
        return price

    def _whole(self, column: str, *, most: int, needed: bool = True) -> int | None:
        written = self.cells.get(column, "")
        if not written and not needed:
            return None
        if not (written.isascii() and written.isdigit()) or len(written) > 12 or int(written) > most:
            self.wrong(column, f"{written!r} is not a whole number from 0 to {most}.")
            return None
        return int(written)

    def _date(self, column: str) -> date | None:
        written = self.cells.get(column, "")
        try:
            return date.fromisoformat(written) if written else None
        except ValueError:
            self.wrong(column, f"{written!r} is not a date. Write it like 2026-12-05.")
            return None

    def _pairs(self, column: str) -> dict[str, str]:
        """`color: black; size: L` as a dict."""
        pairs: dict[str, str] = {}
        for part in self.cells.get(column, "").split(";"):
            if not part.strip():
                continue
            key, colon, value = (piece.strip() for piece in part.partition(":"))
            if not colon or not _KEY.fullmatch(key) or not value:
                self.wrong(column, f"{part.strip()!r} is not understood. Write it like color: black; size: L.")
            elif key in pairs:
                self.wrong(column, f"{key!r} is there twice. Keep one.")
            else:
                pairs[key] = value
        return pairs


def _listed(cell: str) -> list[str]:
    return [word.strip() for word in cell.split(",") if word.strip()]
