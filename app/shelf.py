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
        options=_options(product, shop, locale),
        stock="out" if free <= 0 else "few" if free <= FEW else "in",
        stock_words=words,
    )


def _options(product: CatalogueProduct, shop: ShopFile, locale: str) -> tuple[str, ...]:
    """What there is to choose from, all colours together and all sizes together, in the order of shop.yml."""
    choices: dict[str, dict[str, None]] = {}
    for variant in product.variants:
        for key, value in variant.attributes.items():
            choices.setdefault(key, {})[value] = None
    said: list[str] = []
    for key in sorted(choices):
        known = list(shop.attributes[key].values) if key in shop.attributes else []
        values = sorted(choices[key], key=lambda value: known.index(value) if value in known else len(known))
        said += [_said(shop, key, value, locale) for value in values]
    return tuple(said)


def _said(shop: ShopFile, key: str, value: str, locale: str) -> str:
    """A colour or a size in words."""
    known = shop.attributes.get(key)
    words = known.values.get(value) if known else None
    return next(iter(words.root.get(locale, ())), value) if words else value


def store(shop: ShopFile, texts: Texts) -> Store:
    """What the page says about the shop itself."""
    locale = shop.language
    hours = shop.hours.every_day
    ways = [way.name.said_in(locale) for way in shop.payments.values()]
    deliveries = [
        f"{one.name.said_in(locale)} {texts.money(one.price, locale)}"
        for one in sorted(shop.deliveries.values(), key=lambda one: one.price)
    ]
    returns = (
        f"{shop.returns.days} days to change your mind."
        f" Damaged on the way? Tell us within {shop.returns.claim_days} days."
    )
    open_to_all = (
        f"{code}: {promotion.text.said_in(locale)}"
        for code, promotion in shop.promotions.items()
        if promotion.public is True and promotion.personal is None and promotion.last_day is None
    )
    return Store(
        name=shop.name,
        tagline=shop.tagline.said_in(locale),
        about="Tell the chat whom it is for and it helps you choose, takes your order and follows the parcel.",
        offer=next(open_to_all, ""),
        hours=f"{hours.open:%H:%M}-{hours.close:%H:%M}" if hours else "",
        locale=locale,
        facts=(
            StoreFact("Delivery", _sentence(deliveries), "How much is delivery?"),
            StoreFact("Payment", _sentence(ways), "How can I pay?"),
            StoreFact("Returns", returns, "Can I return it?"),
        ),
        contact=" · ".join(filter(None, (shop.contact.address, shop.contact.email))),
    )


def _sentence(parts: Sequence[str]) -> str:
    """`["card", "PayPal"]` gives `Card, PayPal.`"""
    whole = ", ".join(parts)
    return f"{whole[:1].upper()}{whole[1:]}."
