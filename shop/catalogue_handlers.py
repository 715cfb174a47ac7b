"""Answers to questions about what is sold: find, suggest, show, facts, compare. Nothing here changes anything."""

from __future__ import annotations

import json
from collections.abc import Sequence

from base.money import Money
from shop.catalogue import (
    CatalogueProduct,
    attribute_word,
    free_stock,
    in_owners_order,
    nearest_in_stock,
    product_view,
    said_in,
    variant_views,
)
from shop.commands import (
    AskFact,
    Compare,
    Compared,
    FactAnswered,
    FindProducts,
    Found,
    GoodsPriced,
    NoSuchProduct,
    PriceGoods,
    ProductShown,
    ShowProduct,
    Suggest,
    Suggested,
)
from shop.handlers import ShopContext, handles
from shop.search import search_of, words_of
from shop.suggesting import EXTRA, GIFT, Suggesting, Wanted, skus_of
from shop.views import DeliveryOption, ProductView, VariantView

MOST_FOUND = 60  # products looked at for one question
UNKNOWN = "—"


@handles(FindProducts)
async def find_products(ctx: ShopContext, command: FindProducts) -> Found:
    """What fits the words, attributes and budget, in stock first."""
    budget = _in_shop_currency(ctx, command.budget) if not command.below else _just_below(ctx, command.below)
    ids, total = await _candidates(ctx, command, budget)
    products = [ctx.catalogue.by_id[id_] for id_ in ids if id_ in ctx.catalogue.by_id]
    fresh = await free_stock(ctx.tx, [variant.sku for product in products for variant in product.variants])
    views = [
        view for product in products if (view := _within(product_view(ctx.shop, product, fresh, ctx.locale), budget))
    ]
    exact = {view.id: _with_attributes(view, command.attributes) for view in views}
    if any(exact.values()):
        views = [view for view in views if exact[view.id]]
    views.sort(key=lambda view: not (_free(exact[view.id]) if any(exact.values()) else view.in_stock))
    page = views[command.offset : command.offset + command.limit]
    return Found(
        products=tuple(page),
        total=max(total, len(views)),
        variants=tuple(variant for view in page for variant in exact[view.id]) if command.attributes else (),
        query=command.query,
        budget=command.budget,
    )


@handles(Suggest)
async def suggest(ctx: ShopContext, command: Suggest) -> Suggested:
    """Two or three ready wishes, each within the budget and in stock now."""
    budget = _in_shop_currency(ctx, command.budget)
    presents = [product.id for product in ctx.catalogue.products if GIFT in product.tags]
    others = [product.id for product in ctx.catalogue.products if not {GIFT, EXTRA} & set(product.tags)]
    fresh = await free_stock(ctx.tx, skus_of(ctx.shop, ctx.catalogue, (presents + others)[:MOST_FOUND]))
    said = tuple(word.casefold() for word in (command.recipient_kind, command.occasion) if word)
    wanted = Wanted(budget, said, frozenset(command.skip))
    return Suggested(
        suggestions=Suggesting(ctx.catalogue, ctx.shop, fresh, ctx.locale).choose(wanted),
        budget=command.budget,
        recipient_kind=command.recipient_kind,
    )


@handles(ShowProduct)
async def show_product(ctx: ShopContext, command: ShowProduct) -> ProductShown | NoSuchProduct:
    """One product; when what was asked for is sold out, the nearest that are not."""
    product = ctx.catalogue.product_of(command.sku or "") or ctx.catalogue.by_id.get(command.product or "")
    if product is None:
        return NoSuchProduct(words=command.product or command.sku or "")
    fresh = await free_stock(ctx.tx, [variant.sku for variant in product.variants])
    view = product_view(ctx.shop, product, fresh, ctx.locale)
    if not view.variants:
        return NoSuchProduct(words=view.name)
    asked = next((variant for variant in view.variants if variant.sku == command.sku), None)
    sold_out = asked if asked is not None else (None if view.in_stock else view.variants[0])
    alternatives: tuple[VariantView, ...] = ()
    if sold_out is not None and sold_out.free == 0:
        alternatives = await nearest_in_stock(ctx.tx, ctx.catalogue, ctx.shop, sold_out.sku, ctx.locale)
    shown = asked or next(iter(view.in_stock), view.variants[0])
    return ProductShown(
        product=view,
        variant=asked,
        alternatives=alternatives,
        cheapest_delivery=await _cheapest_delivery(ctx, shown.price),
    )


@handles(AskFact)
async def ask_fact(ctx: ShopContext, command: AskFact) -> FactAnswered | NoSuchProduct:
    """A property as the catalogue has it; what it has not is not known, whatever its description may sound like."""
    product = ctx.catalogue.by_id.get(command.product)
    if product is None:
        return NoSuchProduct(words=command.product)
    fresh = await free_stock(ctx.tx, [variant.sku for variant in product.variants])
    view = product_view(ctx.shop, product, fresh, ctx.locale)
    fact = command.fact or _fact_meant(ctx, command.words)
    value = view.facts.get(fact) if fact else None
    if fact is not None and value is None:
        value = _attribute_values(ctx, product, fact)
    return FactAnswered(product=view, fact=fact, words=fact_word(ctx, fact) or command.words, value=value)


@handles(Compare)
async def compare(ctx: ShopContext, command: Compare) -> Compared:
    """Variants side by side: attributes and facts that differ, and which one is cheapest (None: all cost the same)."""
    skus = list(dict.fromkeys(command.skus))
    views = tuple((await variant_views(ctx.tx, ctx.catalogue, ctx.shop, skus, ctx.locale)).values())
    products = [ctx.catalogue.by_id[view.product] for view in views]
    rows: list[tuple[str, tuple[str, ...]]] = []
    for key in in_owners_order({key for view in views for key in view.attributes}, ctx.shop.attributes):
        known = ctx.shop.attributes.get(key)
        label = known.name.said_in(ctx.locale) if known else key
        rows.append((label, tuple(_attribute_value(ctx, view, key) for view in views)))
    for key in in_owners_order({key for product in products for key in product.facts}, ctx.shop.facts):
        values = tuple(_fact_value(ctx, product, key) for product in products)
        rows.append((fact_word(ctx, key) or key, values))
    prices = {view.price for view in views}
    cheapest = min(views, key=lambda view: view.price.amount_minor).sku if len(prices) > 1 else None
    return Compared(variants=views, facts=tuple(row for row in rows if len(set(row[1])) > 1), cheapest=cheapest)


@handles(PriceGoods)
async def price_goods(ctx: ShopContext, command: PriceGoods) -> GoodsPriced:
    """Prices as they are now, times the pieces."""
    found = await variant_views(ctx.tx, ctx.catalogue, ctx.shop, [line.sku for line in command.lines], ctx.locale)
    lines = tuple((found[line.sku], line.quantity) for line in command.lines if line.sku in found)
    total = sum((variant.price * pieces for variant, pieces in lines), Money.zero(ctx.shop.currency))
    return GoodsPriced(lines=lines, total=total)


def fact_word(ctx: ShopContext, fact: str | None) -> str:
    """How a fact is called in the customer's language; empty when shop.yml has no word for it."""
    if fact is None:
        return ""
    if fact in ctx.shop.facts:
        return ctx.shop.facts[fact].said_in(ctx.locale)
    return ctx.shop.attributes[fact].name.said_in(ctx.locale) if fact in ctx.shop.attributes else ""


# ---- finding ---------------------------------------------------------------------------------------


async def _candidates(ctx: ShopContext, command: FindProducts, budget: Money | None) -> tuple[Sequence[str], int]:
    """Ids of products to look at (understood, else found by words, else all on sale), and how many fit for sure."""
    if command.products:
        return command.products, 0
    if words_of(command.query):
        hits = search_of(ctx.catalogue, ctx.shop).find(command.query, MOST_FOUND)
        return [hit.product for hit in hits], 0
    return await _on_sale(ctx, command, budget)


async def _on_sale(ctx: ShopContext, command: FindProducts, budget: Money | None) -> tuple[list[str], int]:
    """Products with a variant that fits, those in stock first, extras last, in the wanted order; and how many."""
    rows = await ctx.tx.rows(
        "SELECT p.id, count(*) OVER () AS total FROM product p JOIN variant v ON v.product = p.id"
        " WHERE p.active AND v.active AND v.attributes @> %(attributes)s::jsonb AND v.price_minor <= %(budget)s"
        " GROUP BY p.id ORDER BY bool_or(v.on_hand > v.reserved) DESC, p.tags ? %(extra)s,"
        " CASE WHEN %(cheapest)s THEN min(v.price_minor) FILTER (WHERE v.on_hand > v.reserved) END, p.position, p.id"
        " LIMIT %(most)s",
        attributes=json.dumps(command.attributes),
        budget=budget.amount_minor if budget else 2**62,
        extra=EXTRA,
        cheapest=command.cheapest,
        most=max(MOST_FOUND, command.offset + command.limit),
    )
    return [row["id"] for row in rows], rows[0]["total"] if rows else 0


def _within(view: ProductView, budget: Money | None) -> ProductView | None:
    """The product with those variants that the budget allows; None when there is none."""
    variants = tuple(one for one in view.variants if budget is None or one.price <= budget)
    return view.model_copy(update={"variants": variants}) if variants else None


def _with_attributes(view: ProductView, attributes: dict[str, str]) -> tuple[VariantView, ...]:
    """The variants that have all these attributes, in stock first."""
    exact = [one for one in view.variants if attributes.items() <= one.attributes.items()] if attributes else []
    return tuple(sorted(exact, key=lambda one: one.free == 0))


def _free(variants: Sequence[VariantView]) -> bool:
    return any(variant.free > 0 for variant in variants)


def _just_below(ctx: ShopContext, keys: Sequence[str]) -> Money | None:
    """A cent less than the cheapest of these variants and products; None when none of them is known."""
    prices = [ctx.catalogue.by_sku[key].price for key in keys if key in ctx.catalogue.by_sku]
    prices += [v.price for key in keys if key in ctx.catalogue.by_id for v in ctx.catalogue.by_id[key].variants]
    return Money(min(price.amount_minor for price in prices) - 1, ctx.shop.currency) if prices else None


def _in_shop_currency(ctx: ShopContext, budget: Money | None) -> Money | None:
    """A budget in another money says nothing here: nobody may guess the rate."""
    return budget if budget is not None and budget.currency == ctx.shop.currency else None


# ---- showing ---------------------------------------------------------------------------------------


async def _cheapest_delivery(ctx: ShopContext, goods: Money) -> DeliveryOption | None:
    """The cheapest method by list price that goes where this customer's cart goes; `total` is one piece with it."""
    row = await ctx.tx.row("SELECT city FROM cart WHERE customer = %(customer)s", customer=ctx.customer)
    city = row["city"] if row else None
    possible = [(code, one) for code, one in ctx.shop.deliveries.items() if one.goes_to(city)]
    if not possible:
        return None
    code, method = min(possible, key=lambda pair: pair[1].price.amount_minor)
    return DeliveryOption(
        code=code,
        name=method.name.said_in(ctx.locale),
        price=method.price,
        effective=method.price,
        total=goods + method.price,
        days_min=method.days.least,
        days_max=method.days.most,
        same_day_until=f"{method.same_day_until:%H:%M}" if method.same_day_until else None,
        to_point=method.to_point,
    )


def _fact_meant(ctx: ShopContext, words: str) -> str | None:
    """The fact whose longest phrase stands in the customer's words."""
    said = f" {' '.join(words_of(words))} "
    best, length = None, 0
    for key, lists in ctx.shop.facts.items():
        for phrase in lists.all:
            wanted = " ".join(words_of(phrase))
            if wanted and len(wanted) > length and f" {wanted} " in said:
                best, length = key, len(wanted)
    return best


def _attribute_values(ctx: ShopContext, product: CatalogueProduct, key: str) -> str | None:
    """`S, M, L` for size: what tells the variants apart is a fact too."""
    values = dict.fromkeys(variant.attributes[key] for variant in product.variants if key in variant.attributes)
    words = [attribute_word(ctx.shop, product.id, key, value, ctx.locale) for value in values]
    return ", ".join(words) or None


def _attribute_value(ctx: ShopContext, view: VariantView, key: str) -> str:
    value = view.attributes.get(key)
    return attribute_word(ctx.shop, view.product, key, value, ctx.locale) if value is not None else UNKNOWN


def _fact_value(ctx: ShopContext, product: CatalogueProduct, key: str) -> str:
    words = product.facts.get(key)
    return said_in(words, ctx.locale) if words else UNKNOWN
