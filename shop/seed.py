"""Filling an empty shop from the owner's files: catalogue.csv and the promotions of shop.yml."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

from base.db import Tx
from base.errors import ShopkeeperError
from shop import shopfile
from shop.csv_import import Preview, import_catalogue
from shop.promotions import (
    Action,
    AmountOff,
    BuyXGetY,
    Condition,
    FirstOrder,
    FixedPriceBundle,
    FreeDelivery,
    FromSource,
    GoodsAtLeast,
    InSegment,
    OnChannel,
    Part,
    PercentOf,
    PercentOfGoods,
    Promotion,
    QuantityAtLeast,
    Which,
)
from shop.shopfile import ShopFile, load_shop
from shop.tables import Promotion as PromotionRow

LARGEST = 64 * 1024 * 1024  # bytes of a file; a catalogue of 100,000 variants has about a third of that


async def seed_demo(tx: Tx, data_dir: Path) -> ShopFile:
    """Load a shop's data folder (shop.yml, catalogue.csv) into the database; returns the shop. Safe to run again."""
    shop = load_shop(data_dir / "shop.yml")
    await import_file(tx, data_dir / "catalogue.csv", shop)
    await write_promotions(tx, shop)
    return shop


async def import_file(tx: Tx, path: Path, shop: ShopFile) -> Preview:
    """Import a catalogue from a file. Raises ShopkeeperError when it cannot be read or has mistakes."""
    data = read_file(path)
    try:
        return await import_catalogue(tx, data, shop)
    except ShopkeeperError as error:
        raise ShopkeeperError(f"{path}: {error}") from None


def read_file(path: Path) -> bytes:
    """The bytes of an owner's file. Raises ShopkeeperError when it cannot be read, or does not end."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise ShopkeeperError(f"{path} cannot be read: {error.strerror}.", "Name a file that exists.") from None
    if len(content) > LARGEST:
        raise ShopkeeperError(f"{path} is larger than {LARGEST // 2**20} MB.", "Name a CSV file, or cut it in parts.")
    return content


async def write_promotions(tx: Tx, shop: ShopFile) -> None:
    """Bring the promotions of shop.yml into the database. Counted uses stay; codes that left are put to rest."""
    for code, entry in shop.promotions.items():
        rule = promotion_rule(shop, code, entry)
        row = await tx.session.get(PromotionRow, code) or PromotionRow(id=code)
        values = rule.model_dump(mode="json", exclude={"id", "uses", "customer", "starts_at", "ends_at"})
        for name, value in values.items():
            setattr(row, name, value)
        row.starts_at, row.ends_at, row.active = rule.starts_at, rule.ends_at, True
        tx.session.add(row)
    await tx.execute(
        "UPDATE promotion SET active = false WHERE code = id AND NOT id = ANY(%(codes)s)", codes=list(shop.promotions)
    )


def promotion_rule(shop: ShopFile, code: str, entry: shopfile.Promotion) -> Promotion:
    """A promotion of shop.yml as the rule that pricing knows."""
    return Promotion(
        id=code,
        code=code,
        texts={language: entry.text.said_in(language) for language in shop.languages},
        conditions=_conditions(entry.needs),
        actions=(_action(entry),),
        public=bool(entry.public),
        combinable=entry.never_with != "any",
        not_with=("percent",) if entry.never_with == "percent" else (),
        per_customer_limit=entry.per_customer,
        total_limit=entry.uses,
        starts_at=_midnight(shop, entry.first_day, 0),
        ends_at=_midnight(shop, entry.last_day, 1),
        hours_from=f"{entry.hours.open:%H:%M}" if entry.hours else None,
        hours_to=f"{entry.hours.close:%H:%M}" if entry.hours else None,
        personal=entry.personal is not None,
    )


def _conditions(needs: shopfile.Needs) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    if needs.first_order:
        conditions.append(FirstOrder())
    if needs.goods is not None:
        conditions.append(GoodsAtLeast(amount=needs.goods))
    if needs.quantity is not None:
        conditions.append(QuantityAtLeast(quantity=needs.quantity, of=Which(products=needs.products)))
    if needs.segment is not None:
        conditions.append(InSegment(segments=(needs.segment,)))
    if needs.channel is not None:
        conditions.append(OnChannel(channels=(needs.channel,)))
    if needs.source is not None:
        conditions.append(FromSource(sources=(needs.source,)))
    return tuple(conditions)


def _action(entry: shopfile.Promotion) -> Action:
    gives, which = entry.gives, Which(products=entry.gives.products)
    quantity = entry.needs.quantity or 1
    if gives.percent is not None:
        return PercentOf(percent=gives.percent, of=which) if gives.products else PercentOfGoods(percent=gives.percent)
    if gives.amount is not None:
        return AmountOff(amount=gives.amount)
    if gives.free_quantity is not None:
        return BuyXGetY(buy=quantity, get=gives.free_quantity, of=which)
    if gives.bundle_price is not None:
        parts = [Part(of=Which(products=(one,))) for one in gives.products] or [Part(of=which, quantity=quantity)]
        return FixedPriceBundle(parts=tuple(parts), price=gives.bundle_price)
    return FreeDelivery()


def _midnight(shop: ShopFile, day: date | None, later: int) -> datetime | None:
    """The start of that day (or of one so many days later) on the shop's clock."""
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=later), time(0), tzinfo=shop.tzinfo)
