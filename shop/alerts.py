"""Being told that something is back: each customer who said yes hears it once, oldest wish first."""

from __future__ import annotations

from datetime import datetime

from base.db import Database, Tx
from base.money import Money
from shop.catalogue import Catalogue, variant_names
from shop.commands import StockBack
from shop.handlers import Tell
from shop.shopfile import ShopFile


async def tell_stock_back(
    db: Database, catalogue: Catalogue, shop: ShopFile, tell: Tell, now: datetime, *, limit: int = 100
) -> int:
    """Tell the customers who wait for variants of which some are free now; returns how many were told."""
    told = 0
    while told < limit:
        if not await db.run(lambda tx: _tell_one(tx, catalogue, shop, tell, now)):
            break
        told += 1
    return told


async def _tell_one(tx: Tx, catalogue: Catalogue, shop: ShopFile, tell: Tell, now: datetime) -> bool:
    row = await tx.row(
        "SELECT w.id, w.customer, w.sku, c.locale, v.price_minor, v.currency FROM stock_watch w"
        " JOIN variant v ON v.sku = w.sku JOIN customer c ON c.id = w.customer"
        " WHERE w.told_at IS NULL AND v.active AND v.on_hand > v.reserved ORDER BY w.at LIMIT 1"
        " FOR UPDATE OF w SKIP LOCKED"
    )
    if row is None:
        return False
    await tx.execute("UPDATE stock_watch SET told_at = %s WHERE id = %s", now, row["id"])
    variant = catalogue.by_sku.get(row["sku"])
    name = row["sku"]
    if variant is not None:
        name, _ = variant_names(shop, catalogue.by_id[variant.product], variant, row["locale"] or shop.language)
    price = Money(row["price_minor"], row["currency"])
    await tell(tx, row["customer"], StockBack(sku=row["sku"], name=name, price=price))
    return True
