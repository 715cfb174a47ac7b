"""What is sold, as each process keeps it in memory; stock and price are asked of the database when they matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from base.db import Tx
from base.money import Money
from shop.shopfile import ShopFile
from shop.views import ProductView, VariantView

Words = Mapping[str, str]  # locale -> text; "" as locale: the same in every language


@dataclass(frozen=True, slots=True)
class CatalogueVariant:
    """One thing that can be bought, but for its stock. `price` is of the time of reading."""

    sku: str
    product: str
    attributes: Mapping[str, str]
    price: Money
    restock: date | None = None
    weight_grams: int | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class CatalogueProduct:
    id: str
    names: Words
    variants: tuple[CatalogueVariant, ...]
    descriptions: Words = field(default_factory=dict)
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)
    facts: Mapping[str, Words] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def name(self, locale: str) -> str:
        return said_in(self.names, locale) or self.id


@dataclass(frozen=True)
class Catalogue:
    """Everything on sale, in the owner's order. Immutable; read anew when its version moves."""

    version: int
    products: tuple[CatalogueProduct, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, CatalogueProduct]:
        return {product.id: product for product in self.products}

    @cached_property
    def by_sku(self) -> Mapping[str, CatalogueVariant]:
        return {variant.sku: variant for product in self.products for variant in product.variants}

    def product_of(self, sku: str) -> CatalogueProduct | None:
        variant = self.by_sku.get(sku)
        return self.by_id[variant.product] if variant else None


@dataclass(frozen=True, slots=True)
class Fresh:
    """A variant's row as it is in this transaction. `free` is on hand less reserved."""

    sku: str
    price: Money
    free: int
    restock: date | None = None


async def load_catalogue(tx: Tx) -> Catalogue:
    """Read all active products with their active variants; products without any are left out."""
    version = await catalogue_version(tx)
    variants: dict[str, list[CatalogueVariant]] = {}
    for row in await tx.rows(
        "SELECT sku, product, attributes, price_minor, currency, restock, weight_grams, picture"
        " FROM variant WHERE active ORDER BY product, position, sku"
    ):
        variants.setdefault(row["product"], []).append(
            CatalogueVariant(
                row["sku"],
                row["product"],
                row["attributes"],
                Money(row["price_minor"], row["currency"]),
                row["restock"],
                row["weight_grams"],
                row["picture"],
            )
        )
    products = tuple(
        CatalogueProduct(
            row["id"],
            row["names"],
            tuple(variants[row["id"]]),
            row["descriptions"],
            row["synonyms"],
            row["facts"],
            tuple(row["pictures"]),
            tuple(row["tags"]),
        )
        for row in await tx.rows(
            "SELECT id, names, descriptions, synonyms, facts, pictures, tags"
            " FROM product WHERE active ORDER BY position, id"
        )
        if row["id"] in variants
    )
    return Catalogue(version, products)


async def catalogue_version(tx: Tx) -> int:
    """The number that grows with every change of the catalogue; 0 before the first."""
    row = await tx.row("SELECT version FROM catalogue_meta WHERE id = 1")
    return row["version"] if row else 0


async def bump_catalogue(tx: Tx) -> int:
    """Tell every process that the catalogue has changed; returns the new version."""
    row = await tx.row(
        "INSERT INTO catalogue_meta (id, version) VALUES (1, 1)"
        " ON CONFLICT (id) DO UPDATE SET version = catalogue_meta.version + 1 RETURNING version"
    )
    assert row is not None
    return int(row["version"])


async def free_stock(tx: Tx, skus: Iterable[str]) -> dict[str, Fresh]:
    """Price and free stock of now, in one query and without a lock. SKUs that are not on sale are left out."""
    wanted = sorted(set(skus))
    if not wanted:
        return {}
    rows = await tx.rows(
        "SELECT sku, price_minor, currency, on_hand - reserved AS free, restock"
        " FROM variant WHERE sku = ANY(%(skus)s) AND active",
        skus=wanted,
    )
    return {
        row["sku"]: Fresh(row["sku"], Money(row["price_minor"], row["currency"]), max(0, row["free"]), row["restock"])
        for row in rows
    }


# ---- in the customer's language --------------------------------------------------------------------


def said_in(words: Words, locale: str) -> str:
    """The text in `locale`; else the one for every language; else the first there is."""
    return words.get(locale) or words.get("") or next(iter(words.values()), "")


def in_owners_order(keys: Iterable[str], owners: Iterable[str]) -> list[str]:
    """Keys in the order of shop.yml, the others after them: the database keeps none."""
    places = {key: place for place, key in enumerate(owners)}
    return sorted(keys, key=lambda key: (places.get(key, len(places)), key))


def attribute_word(shop: ShopFile, product: str, key: str, value: str, locale: str) -> str:
    """How an attribute value is shown: `black`, `чёрная`; a form that agrees with the product's name goes first."""
    form = shop.forms.get(product, {}).get(f"{key}.{value}")
    if form is not None and locale in form.root:
        return form.root[locale]
    known = shop.attributes.get(key)
    words = known.values.get(value) if known else None
    return (words.said_in(locale) if words else "") or value


def variant_names(shop: ShopFile, product: CatalogueProduct, variant: CatalogueVariant, locale: str) -> tuple[str, str]:
    """(full name, what sets it apart): `Aurora mug, black` and `black`."""
    keys = in_owners_order(variant.attributes, shop.attributes)
    words = [attribute_word(shop, product.id, key, variant.attributes[key], locale) for key in keys]
    full = ", ".join([product.name(locale), *words])
    return full, (", ".join(words) if words and len(product.variants) > 1 else product.name(locale))


def picture_address(picture: str | None) -> str | None:
    """A picture's address: a file of the shop's data folder below `/`, or an address elsewhere as it is."""
    if not picture:
        return None
    return picture if picture.startswith(("http://", "https://", "/")) else f"/{picture}"


def variant_view(
    shop: ShopFile, product: CatalogueProduct, variant: CatalogueVariant, fresh: Fresh | None, locale: str
) -> VariantView:
    """One variant with the stock and price of now. `fresh` None: it is no longer on sale, so none is free."""
    full, short = variant_names(shop, product, variant, locale)
    return VariantView(
        sku=variant.sku,
        product=product.id,
        name=full,
        short=short,
        price=fresh.price if fresh else variant.price,
        free=fresh.free if fresh else 0,
        restock=fresh.restock if fresh else None,
        image=picture_address(variant.picture or next(iter(product.pictures), None)),
        attributes={key: variant.attributes[key] for key in in_owners_order(variant.attributes, shop.attributes)},
    )


def product_view(shop: ShopFile, product: CatalogueProduct, fresh: Mapping[str, Fresh], locale: str) -> ProductView:
    """One product with those of its variants that are still on sale."""
    variants = tuple(
        variant_view(shop, product, variant, fresh[variant.sku], locale)
        for variant in product.variants
        if variant.sku in fresh
    )
    first = next(iter(product.pictures), None)
    shown = next((variant.image for variant in variants if variant.free > 0), None)
    return ProductView(
        id=product.id,
        name=product.name(locale),
        description=said_in(product.descriptions, locale),
        variants=variants,
        facts={key: said_in(product.facts[key], locale) for key in in_owners_order(product.facts, shop.facts)},
        image=picture_address(first) or shown or next((variant.image for variant in variants), None),
        pictures=tuple(filter(None, map(picture_address, product.pictures))),
    )


async def variant_views(
    tx: Tx, catalogue: Catalogue, shop: ShopFile, skus: Sequence[str], locale: str
) -> dict[str, VariantView]:
    """Views of these variants, in the order asked for; SKUs that are not in the catalogue are left out."""
    fresh = await free_stock(tx, skus)
    views: dict[str, VariantView] = {}
    for sku in skus:
        variant = catalogue.by_sku.get(sku)
        if variant is not None:
            views[sku] = variant_view(shop, catalogue.by_id[variant.product], variant, fresh.get(sku), locale)
    return views


# ---- instead of what is sold out -------------------------------------------------------------------


async def nearest_in_stock(
    tx: Tx,
    catalogue: Catalogue,
    shop: ShopFile,
    sku: str,
    locale: str,
    *,
    limit: int = 3,
    besides: Sequence[str] = (),
) -> tuple[VariantView, ...]:
    """The nearest variants that are in stock now: of the same product; only if there are none, of products like it."""
    wanted = catalogue.by_sku.get(sku)
    if wanted is None:
        return ()
    for candidates in (_of_the_same_product(catalogue, wanted), _of_products_like_it(catalogue, wanted)):
        views = await variant_views(
            tx, catalogue, shop, [one.sku for one in candidates if one.sku not in besides], locale
        )
        free = tuple(view for view in views.values() if view.free > 0)
        if free:
            return free[:limit]
    return ()


def _of_the_same_product(catalogue: Catalogue, wanted: CatalogueVariant) -> list[CatalogueVariant]:
    """Those that share most first. A size that fits is worth more than a colour."""

    def distance(other: CatalogueVariant) -> tuple[int, int]:
        shared = sum(
            2 if key == "size" else 1 for key, value in wanted.attributes.items() if other.attributes.get(key) == value
        )
        return -shared, abs(other.price.amount_minor - wanted.price.amount_minor)

    product = catalogue.by_id[wanted.product]
    return sorted((one for one in product.variants if one.sku != wanted.sku), key=distance)


def _of_products_like_it(catalogue: Catalogue, wanted: CatalogueVariant, most: int = 30) -> list[CatalogueVariant]:
    """Variants of products that share words of the name or tags, the likest first."""
    own = catalogue.by_id[wanted.product]
    own_words = _name_words(own)

    def likeness(other: CatalogueProduct) -> int:
        return 2 * len(own_words & _name_words(other)) + len(set(own.tags) & set(other.tags))

    like = [(likeness(other), other) for other in catalogue.products if other.id != own.id]
    near = [(score, variant) for score, other in like if score for variant in other.variants]
    near.sort(key=lambda pair: (-pair[0], abs(pair[1].price.amount_minor - wanted.price.amount_minor)))
    return [variant for _, variant in near[:most]]


def _name_words(product: CatalogueProduct) -> set[str]:
    return {word for name in product.names.values() for word in name.casefold().split() if len(word) > 2}
