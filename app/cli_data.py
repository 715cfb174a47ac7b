"""Commands that show and change the shop's own books: goods, orders, money, parcels."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli_base import AsJson, errors, group, money, needed, opened, run, settings, show, show_one
from base.errors import ShopkeeperError

if TYPE_CHECKING:
    from base.db import Row, Tx
    from shop.csv_import import Preview

catalogue = group("Goods: import them, export them, see them.")
orders = group("Orders and how far they are.")
payments = group("Payments: each try to collect an order's money.")
shipments = group("Parcels and where they are.")

HISTORY = """
    SELECT at, from_state, to_state, who, why FROM history WHERE entity = %s AND entity_id = %s ORDER BY id
"""
Most = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many at most, newest first.")]


def fetch(query: str, **named: object) -> list[Row]:
    """Read rows from the shop's database."""

    async def read() -> list[Row]:
        async with opened(settings()) as db, db.begin() as tx:
            return await tx.rows(query, **named)

    return run(read())


# ---- goods ---------------------------------------------------------------------------------------


@catalogue.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="A CSV file, such as `catalogue export` writes.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the goods of a CSV file into the shop: all of them, or none where one row is wrong."""
    with errors.status("Reading the goods" if dry_run else "Importing the goods"):
        preview = run(_import(file, dry_run))
    if as_json:
        show_one(_preview_cells(preview), as_json=True)
    elif not preview.errors:
        for change in preview.changed:
            print(f"{change.id}: {', '.join(change.what)}")
        done = ("Would add", "change", "take off sale") if dry_run else ("Added", "changed", "took off sale")
        sums = zip(done, (preview.added, preview.changed, preview.removed), strict=True)
        print(f"{', '.join(f'{words} {len(which)}' for words, which in sums)}; unchanged {preview.unchanged}.")
    if preview.errors:
        for mistake in preview.errors:
            errors.print(str(mistake), markup=False)
        rows = f"{len(preview.errors)} mistake{'s' if len(preview.errors) > 1 else ''} in {file}"
        raise ShopkeeperError(f"{rows}; nothing was imported.", "Mend what is told above, and import it again.")


async def _import(file: Path, dry_run: bool) -> Preview:
    from shop.csv_import import import_catalogue, preview_catalogue
    from shop.seed import read_file
    from shop.shopfile import load_shop

    chosen = settings()
    data = read_file(file)
    shop = load_shop(chosen.shop_folder / "shop.yml")
    async with opened(chosen) as db, db.begin() as tx:
        preview = await preview_catalogue(tx, data, shop)
        if preview.errors or dry_run:
            return preview
        return await import_catalogue(tx, data, shop)


def _preview_cells(preview: Preview) -> dict[str, Any]:
    return {
        "added": list(preview.added),
        "changed": [{"id": change.id, "what": list(change.what)} for change in preview.changed],
        "removed": list(preview.removed),
        "unchanged": preview.unchanged,
        "errors": [str(mistake) for mistake in preview.errors],
    }


@catalogue.command("export")
def export_file(
    file: Annotated[Path | None, typer.Argument(help="Where to write; nowhere: print it.")] = None,
) -> None:
    """Write all goods as CSV."""

    async def export() -> bytes:
        from shop.csv_import import export_catalogue
        from shop.shopfile import load_shop

        chosen = settings()
        shop = load_shop(chosen.shop_folder / "shop.yml")
        async with opened(chosen) as db, db.begin() as tx:
            return await export_catalogue(tx, shop)

    data = run(export())
    if file is None:
        print(data.decode("utf-8-sig"), end="")
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        raise ShopkeeperError(f"{file} cannot be written: {error.strerror}.", "Name another file.") from None
    errors.print(f"Written: {file}", markup=False)


@catalogue.command("list")
def list_goods(as_json: AsJson = False) -> None:
    """All variants with price and free stock."""
    rows = fetch(
        """SELECT v.sku, v.product, p.names, v.attributes, v.price_minor, v.currency, v.on_hand, v.reserved
           FROM variant v JOIN product p ON p.id = v.product WHERE v.active ORDER BY p.position, v.position"""
    )
    cells = [
        {
            "sku": row["sku"],
            "name": row["names"].get("en") or next(iter(row["names"].values()), row["product"]),
            "attributes": " ".join(str(value) for value in row["attributes"].values()),
            "price": money(row["price_minor"], row["currency"]),
            "free": row["on_hand"] - row["reserved"],
        }
        for row in rows
    ]
    show(
        cells,
        {"sku": "SKU", "name": "Name", "attributes": "Variant", "price": "Price", "free": "Free"},
        as_json=as_json,
        empty="Nothing is on sale. Import goods: shopkeeper catalogue import FILE",
    )


# ---- orders --------------------------------------------------------------------------------------


@orders.command("list")
def list_orders(
    limit: Most = 50,
    status: Annotated[str, typer.Option(help="Only those in this state.")] = "",
    as_json: AsJson = False,
) -> None:
    """Orders, newest first."""
    if status:
        _known_state("order", status)
    rows = fetch(
        """SELECT number, status, total_minor, currency, recipient, delivery, payment, placed_at, paid_at
           FROM shop_order WHERE %(status)s = '' OR status = %(status)s ORDER BY placed_at DESC LIMIT %(limit)s""",
        status=status, limit=limit,
    )  # fmt: skip
    show(
        [with_total(row, "total") for row in rows],
        {"number": "Order", "status": "State", "total": "Total", "recipient": "For", "delivery": "Delivery",
         "payment": "Payment", "placed_at": "Placed"},
        as_json=as_json,
        empty="There are no orders yet.",
    )  # fmt: skip


@orders.command("show")
def show_order(number: Annotated[str, typer.Argument(help="Such as LU-7K3F-9QXA.")], as_json: AsJson = False) -> None:
    """One order with its lines, its money, its parcel and its history."""

    async def read(tx: Tx) -> dict[str, Any]:
        row = needed(
            await tx.row("SELECT * FROM shop_order WHERE number = %s OR id = %s", number.strip().upper(), number),
            f"order {number}",
            "orders list",
        )
        lines = await tx.rows(
            'SELECT sku, name, quantity, total_minor, currency FROM order_line WHERE "order" = %s ORDER BY position',
            row["id"],
        )
        order = with_total(row, "total")
        for internal in ("id", "key", "token", "breakdown", "goods_minor", "discount_minor", "delivery_minor"):
            order.pop(internal, None)
        order["lines"] = [with_total(line, "total") for line in lines]
        order["disputes"] = await tx.rows(
            'SELECT provider, reference, reason, state, opened_at, closed_at FROM dispute WHERE "order" = %s'
            " ORDER BY opened_at",
            row["id"],
        )
        order["history"] = await tx.rows(HISTORY, "order", row["id"])
        return order

    show_one(_in_shop(read), as_json=as_json)


# ---- money (what a person moves is in cli_money) -------------------------------------------------


@payments.command("list")
def list_payments(limit: Most = 50, as_json: AsJson = False) -> None:
    """Payments, newest first."""
    rows = fetch(
        """SELECT p.id, o.number AS order, p.provider, p.method, p.state, p.amount_minor, p.currency, p.created_at,
                  p.settled_at
           FROM payment p JOIN shop_order o ON o.id = p.order ORDER BY p.created_at DESC LIMIT %(limit)s""",
        limit=limit,
    )
    show(
        [with_total(row, "amount") for row in rows],
        {"id": "Payment", "order": "Order", "provider": "By", "state": "State", "amount": "Amount",
         "created_at": "Asked", "settled_at": "Settled"},
        as_json=as_json,
        empty="There are no payments yet.",
    )  # fmt: skip


@payments.command("show")
def show_payment(id: Annotated[str, typer.Argument(help="See: payments list")], as_json: AsJson = False) -> None:
    """One payment with all that its provider reported."""

    async def read(tx: Tx) -> dict[str, Any]:
        row = needed(
            await tx.row(
                'SELECT p.*, o.number FROM payment p JOIN shop_order o ON o.id = p."order" WHERE p.id = %s', id
            ),
            f"payment {id}",
            "payments list",
        )
        payment = with_total(row, "amount")
        payment["order"] = payment.pop("number")
        for internal in ("token", "key", "page"):  # whoever has them can pay
            payment.pop(internal, None)
        payment["reports"] = await tx.rows(
            "SELECT at, state, decision FROM payment_report WHERE payment = %s ORDER BY id", id
        )
        payment["history"] = await tx.rows(HISTORY, "payment", id)
        return payment

    show_one(_in_shop(read), as_json=as_json)


# ---- parcels -------------------------------------------------------------------------------------


@shipments.command("list")
def list_shipments(limit: Most = 50, as_json: AsJson = False) -> None:
    """Parcels, newest first."""
    rows = fetch(
        """SELECT s.id, o.number AS order, s.carrier, s.method, s.tracking, s.status, s.promised_to, s.created_at,
                  s.delivered_at
           FROM shipment s JOIN shop_order o ON o.id = s.order ORDER BY s.created_at DESC LIMIT %(limit)s""",
        limit=limit,
    )
    show(
        rows,
        {"id": "Parcel", "order": "Order", "carrier": "By", "tracking": "Tracking", "status": "State",
         "promised_to": "Promised", "delivered_at": "Delivered"},
        as_json=as_json,
        empty="There are no parcels yet.",
    )  # fmt: skip


@shipments.command("show")
def show_shipment(
    id: Annotated[str, typer.Argument(help="The parcel, its tracking number, or its order.")], as_json: AsJson = False
) -> None:
    """One parcel with all its scans."""

    async def read(tx: Tx) -> dict[str, Any]:
        row = needed(
            await tx.row(
                """SELECT s.*, o.number FROM shipment s JOIN shop_order o ON o.id = s."order"
                   WHERE s.id = %(id)s OR s.tracking = %(id)s OR o.number = upper(%(id)s)""",
                id=id,
            ),
            f"parcel {id}",
            "shipments list",
        )
        row["order"] = row.pop("number")
        row.pop("key")
        row["events"] = await tx.rows(
            "SELECT at, status, place, words FROM tracking_event WHERE shipment = %s ORDER BY at, event", row["id"]
        )
        return row

    show_one(_in_shop(read), as_json=as_json)


def _in_shop(read: Any) -> dict[str, Any]:
    async def work() -> dict[str, Any]:
        async with opened(settings()) as db, db.begin() as tx:
            reading: Coroutine[Any, Any, dict[str, Any]] = read(tx)
            return await reading

    return run(work())


def with_total(row: Row, name: str) -> dict[str, Any]:
    """The row with `total` as `12.00 EUR` in place of its minor units."""
    cells = dict(row)
    cells[name] = money(cells.pop(f"{name}_minor"), cells["currency"])
    return cells


def _known_state(machine: str, state: str) -> None:
    from shop.states import MACHINES

    if state not in MACHINES[machine].states:
        raise ShopkeeperError(f"{state!r} is no state.", f"Use one of: {', '.join(MACHINES[machine].states)}")
