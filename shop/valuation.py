"""What a cart is worth now: stock, prices and promotions read, priced, and told in the customer's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from base.db import Row
from base.money import Money
from shop.cart import Buyer, Cart, Line, apply, restoring
from shop.catalogue import Fresh, free_stock, nearest_in_stock, variant_view
from shop.commands import Shortage
from shop.handlers import ShopContext
from shop.pricing import DeliveryPrice, Priced, best_other, price
from shop.promotions import Goods, Promotion, Situation
from shop.shopfile import Delivery
from shop.views import CartLineView, CartView, DeliveryOption, RefusedCode, VariantView

DIGITAL = "digital"  # the tag of a product that is sent in the chat


@dataclass(frozen=True, slots=True)
class Rules:
    """What was read of the shop for this turn: prices and free stock by SKU, and the promotions that may matter."""

    fresh: Mapping[str, Fresh]
    promotions: tuple[Promotion, ...]

    def with_code(self, code: str) -> Promotion | None:
        return next((promotion for promotion in self.promotions if promotion.code == code), None)


@dataclass(frozen=True, slots=True)
class Valued:
    """A cart with its price."""

    cart: Cart
    buyer: Buyer
    rules: Rules
    situation: Situation
    delivery: DeliveryPrice | None
    priced: Priced

    @property
    def total(self) -> Money:
        return self.priced.breakdown.total

    @property
    def digital(self) -> bool:
        """Nothing in it needs a parcel."""
        goods = self.situation.goods
        return bool(goods) and all(DIGITAL in one.tags for one in goods)

    @property
    def mixed(self) -> bool:
        """Some of it needs a parcel, and some does not."""
        return not self.digital and any(DIGITAL in one.tags for one in self.situation.goods)

    def free(self, sku: str) -> int:
        """Free stock, with what the customer's own unpaid order holds: a change of the cart would give it back."""
        fresh = self.rules.fresh.get(sku)
        held = self.buyer.unpaid.held(sku) if self.buyer.unpaid else 0
        return (fresh.free if fresh else 0) + held


async def read_rules(ctx: ShopContext, skus: Iterable[str], codes: Iterable[str]) -> Rules:
    """Prices and stock of these SKUs; promotions that are public, count by themselves, or are named in `codes`."""
    rows = await ctx.tx.rows(
        "SELECT * FROM promotion WHERE active AND (public OR code IS NULL OR code = ANY(%(codes)s)) ORDER BY id",
        codes=sorted(set(codes)),
    )
    return Rules(await free_stock(ctx.tx, skus), tuple(read_promotion(row) for row in rows))


def read_promotion(row: Row) -> Promotion:
    return Promotion.model_validate(row)


def value(ctx: ShopContext, cart: Cart, buyer: Buyer, rules: Rules) -> Valued:
    """Price a cart. Lines that are no longer on sale cost nothing here and are cut by RecheckCart."""
    goods = tuple(
        _goods(ctx, line, buyer, rules.fresh[line.sku])
        for line in cart.lines
        if line.sku in rules.fresh and line.quantity > 0
    )
    situation = Situation(
        goods=goods,
        currency=ctx.shop.currency,
        now=ctx.now,
        zone=ctx.shop.tzinfo,
        customer=ctx.customer,
        first_order=buyer.first_order,
        segments=buyer.segments,
        channel=ctx.channel,
        source=ctx.source,
        used=buyer.used,
    )
    delivery = delivery_price(ctx, cart.delivery)
    return Valued(cart, buyer, rules, situation, delivery, price(situation, entered(cart.codes, rules), delivery))


def entered(codes: Sequence[str], rules: Rules) -> list[Promotion]:
    """The promotions of these coupons, and those that need none."""
    return [promotion for promotion in rules.promotions if promotion.code is None or promotion.code in codes]


def value_then(ctx: ShopContext, cart: Cart, buyer: Buyer, rules: Rules) -> Valued:
    """The cart as it would be with the unpaid order's lines and coupons put back: what a change is judged by."""
    unpaid = buyer.unpaid
    if unpaid is None:
        return value(ctx, cart, buyer, rules)
    promotions = tuple(
        rule.model_copy(update={"uses": rule.uses - 1}) if rule.code in unpaid.codes else rule
        for rule in rules.promotions
    )
    then = replace(
        cart,
        lines=apply(cart.lines, restoring(cart.lines, unpaid.lines))[0],
        codes=(*unpaid.codes, *(code for code in cart.codes if code not in unpaid.codes)),
        delivery=cart.delivery or unpaid.delivery,
    )
    return value(ctx, then, buyer, replace(rules, promotions=promotions))


# ---- told in the customer's words ----------------------------------------------------------------


def tell_variant(ctx: ShopContext, sku: str, fresh: Fresh | None, free: int | None = None) -> VariantView:
    """One variant in the customer's language; one that left the catalogue is told by its SKU."""
    variant = ctx.catalogue.by_sku.get(sku)
    if variant is None:
        worth = fresh.price if fresh else Money.zero(ctx.shop.currency)
        return VariantView(sku=sku, product=sku, name=sku, short=sku, price=worth, free=free or 0)
    view = variant_view(ctx.shop, ctx.catalogue.by_id[variant.product], variant, fresh, ctx.locale)
    return view if free is None else view.model_copy(update={"free": free})


def name_of(ctx: ShopContext, sku: str) -> str:
    return tell_variant(ctx, sku, None).name


def tell_cart(ctx: ShopContext, valued: Valued) -> CartView:
    cart, priced = valued.cart, valued.priced
    chosen = ctx.shop.deliveries.get(cart.delivery or "")
    return CartView(
        id=cart.id,
        revision=cart.revision,
        lines=tuple(_tell_line(ctx, line, valued) for line in valued.situation.goods),
        breakdown=priced.breakdown,
        codes=priced.codes,
        dormant=tuple(refused for refused in priced.dormant if refused.code in cart.codes),
        delivery=_option(ctx, cart.delivery, chosen, valued) if cart.delivery and chosen else None,
        destination=cart.city,
        best=best_other(valued.situation, priced, valued.rules.promotions, valued.delivery),
    )


def tell_deliveries(ctx: ShopContext, valued: Valued, city: str | None) -> tuple[DeliveryOption, ...]:
    """The methods that go to that city (None: all), with what this cart would pay, cheapest first."""
    options = [
        _option(ctx, code, method, valued)
        for code, method in ctx.shop.deliveries.items()
        if method.goes_to(city) and method.digital == valued.digital
    ]
    return tuple(sorted(options, key=lambda option: option.effective.amount_minor))


async def shortage(ctx: ShopContext, valued: Valued, sku: str, wanted: int) -> Shortage:
    """Less is free than was wanted: how much there is, and what is nearest to it."""
    fresh = valued.rules.fresh.get(sku)
    nearest = await nearest_in_stock(ctx.tx, ctx.catalogue, ctx.shop, sku, ctx.locale)
    return Shortage(variant=tell_variant(ctx, sku, fresh, valued.free(sku)), wanted=wanted, alternatives=nearest)


def lost(before: Priced, after: Priced, codes: Sequence[str]) -> tuple[RefusedCode, ...]:
    """Coupons that counted before and no longer do, each with its reason."""
    return tuple(refused for refused in after.dormant if refused.code in before.codes and refused.code in codes)


def gained(before: Priced, after: Priced, codes: Sequence[str]) -> tuple[str, ...]:
    """Coupons that were entered, did not count, and count again."""
    slept = {refused.code for refused in before.dormant}
    return tuple(code for code in after.codes if code in slept and code in codes)


def delivery_price(ctx: ShopContext, code: str | None) -> DeliveryPrice | None:
    method = ctx.shop.deliveries.get(code or "")
    return DeliveryPrice(method.name.said_in(ctx.locale), method.price) if method else None


def _goods(ctx: ShopContext, line: Line, buyer: Buyer, fresh: Fresh) -> Goods:
    product = ctx.catalogue.product_of(line.sku)
    ignored = frozenset() if ctx.shop.sends_in_chat else {DIGITAL}
    unit, note = buyer.manual.get(line.sku, (fresh.price, ""))
    return Goods(
        sku=line.sku,
        product=product.id if product else line.sku,
        quantity=line.quantity,
        unit=unit,
        tags=frozenset(product.tags if product else ()) - ignored,
        name=name_of(ctx, line.sku),
        note=note,
    )


def _tell_line(ctx: ShopContext, goods: Goods, valued: Valued) -> CartLineView:
    return CartLineView(
        sku=goods.sku,
        product=goods.product,
        name=goods.name,
        quantity=goods.quantity,
        unit=goods.unit,
        total=goods.total,
        free=valued.free(goods.sku),
        note=goods.note,
        image=tell_variant(ctx, goods.sku, valued.rules.fresh.get(goods.sku)).image,
    )


def _option(ctx: ShopContext, code: str, method: Delivery, valued: Valued) -> DeliveryOption:
    with_it = price(
        valued.situation,
        entered(valued.cart.codes, valued.rules),
        DeliveryPrice(method.name.said_in(ctx.locale), method.price),
    ).breakdown
    first, last = (None, None) if method.digital else method.promised(ctx.shop.local(ctx.now))
    return DeliveryOption(
        code=code,
        name=method.name.said_in(ctx.locale),
        price=method.price,
        effective=with_it.delivery if with_it.delivery is not None else method.price,
        total=with_it.total,
        days_min=method.days.least,
        days_max=method.days.most,
        first=first,
        last=last,
        same_day_until=f"{method.same_day_until:%H:%M}" if method.same_day_until else None,
        to_point=method.to_point,
        everywhere=not method.cities,
        digital=method.digital,
        chosen=code == valued.cart.delivery,
    )
