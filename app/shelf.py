"""The goods as the storefront page shows them: today's prices and stock, the first language of the shop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from babel.dates import format_date

from app.web.storefront import Store, StoreFact, StoreProduct
from base.db import Database
from bot.texts import Texts
from shop.catalogue import Catalogue, CatalogueProduct, Fresh, free_stock, load_catalogue, picture_address
from shop.shopfile import ShopFile

FEW = 3  # pieces: worth saying


def shelf(db: Database, shop: ShopFile, texts: Texts) -> Callable[[], Awaitable[Sequence[StoreProduct]]]:
    """A function that reads the shelf of now."""

    async def read() -> Sequence[StoreProduct]:
        async with db.begin() as tx:
            catalogue: Catalogue = await load_catalogue(tx)
            fresh = await free_stock(tx, catalogue.by_sku)
        return [_on_the_shelf(product, fresh, shop, texts) for product in catalogue.products]

    return read


def _on_the_shelf(product: CatalogueProduct, fresh: dict[str, Fresh], shop: ShopFile, texts: Texts) -> StoreProduct:
    locale = shop.language
    prices = sorted(fresh[variant.sku].price for variant in product.variants if variant.sku in fresh)
    free = sum(fresh[variant.sku].free for variant in product.variants if variant.sku in fresh)
    restock = min((variant.restock for variant in product.variants if variant.restock), default=None)
    price = texts.money(prices[0], locale) if prices else ""
    options = dict.fromkeys(
        _said(shop, key, value, locale) for variant in product.variants for key, value in variant.attributes.items()
    )
    words = ""
    if free <= 0:
        words = f"back on {format_date(restock, 'd MMMM', locale=locale)}" if restock else "sold out"
    elif free <= FEW:
        words = f"{free} left"
    name = product.name(locale)
    first = next((variant.picture for variant in product.variants if variant.picture), None)
    return StoreProduct(
        id=product.id,
        name=name,
        description=product.descriptions.get(locale, ""),
        price=f"from {price}" if prices and prices[0] != prices[-1] else price,
        question=f"Tell me about {name}",
        picture=picture_address(next(iter(product.pictures), None) or first),
        options=tuple(options),
        stock="out" if free <= 0 else "few" if free <= FEW else "in",
        stock_words=words,
    )


def _said(shop: ShopFile, key: str, value: str, locale: str) -> str:
    """A colour or a size in words."""
    known = shop.attributes.get(key)
    words = known.values.get(value) if known else None
    return next(iter(words.root.get(locale, ())), value) if words else value


def store(shop: ShopFile, texts: Texts) -> Store:
    """What the page says about the shop itself."""
    locale = shop.language
    hours = shop.hours.every_day
    ways = ", ".join(way.name.said_in(locale) for way in shop.payments.values())
    deliveries = sorted(shop.deliveries.values(), key=lambda one: one.price)
    delivery = f"{deliveries[0].name.said_in(locale)} from {texts.money(deliveries[0].price, locale)}"
    return Store(
        name=shop.name,
        tagline=shop.tagline.said_in(locale),
        hours=f"{hours.open:%H:%M}-{hours.close:%H:%M}" if hours else "",
        locale=locale,
        facts=(
            StoreFact("Delivery", delivery, "How much is delivery?"),
            StoreFact("Payment", ways, "How can I pay?"),
            StoreFact("Returns", f"{shop.returns.days} days to change your mind", "Can I return it?"),
        ),
        contact=shop.contact.email,
    )
