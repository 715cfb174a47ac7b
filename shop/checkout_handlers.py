"""Answers on the way to the money: delivery, pick-up points, ways to pay, the quote, the order, the pay link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from psycopg.types.json import Jsonb

from base.errors import ShopkeeperError
from base.ids import new_id
from shop import stock
from shop.attempts import IN_CHAT, STARS
from shop.cart import apply, clearing, load_cart, save_cart, write_event
from shop.cart_handlers import open_cart
from shop.catalogue import nearest_in_stock
from shop.commands import (
    CancelOrder,
    CannotCancel,
    CannotPlace,
    CannotRevise,
    CartShown,
    CheckCart,
    HeldVariant,
    MayCancel,
    NoOrders,
    OrderCancelled,
    OrderPlaced,
    OrderQuoted,
    OrderRevised,
    PaymentRequested,
    PlaceOrder,
    QuoteOrder,
    QuoteOutdated,
    RequestPayment,
    ReviseOrder,
)
from shop.customers import remember_contact
from shop.delivery import cancel_shipment, create_shipment
from shop.handlers import ShopContext, handles
from shop.options import city_of, payment_option
from shop.order_views import view_order, where_to
from shop.orders import (
    Terms,
    call_off,
    fingerprint,
    lock_order,
    open_order,
    own_order,
    revise,
    wanted_of,
    write_order,
)
from shop.pay_handlers import PAYABLE, hold_for, request_payment
from shop.payments import BY_HAND, settle_without_money
from shop.redemptions import lock_uses, reserve_uses
from shop.valuation import (
    Valued,
    read_rules,
    shortage,
    tell_cart,
    tell_deliveries,
    tell_variant,
    value,
)


@handles(CheckCart)
async def check_cart(ctx: ShopContext, command: CheckCart) -> CartShown | CannotPlace | PaymentRequested:
    """Empty, short or held by somebody else is said before the first question, not after the last."""
    valued = (await open_cart(ctx)).valued
    if not valued.situation.goods:
        due = await ctx.tx.row(
            """SELECT o.id FROM shop_order o LEFT JOIN order_edit e ON e."order" = o.id AND e.state = 'awaiting_payment'
               WHERE o.customer = %s AND (e.id IS NOT NULL OR o.status IN ('awaiting_payment', 'expired')
                 AND o.placed_at > %s) ORDER BY o.placed_at DESC LIMIT 1""",
            ctx.customer, ctx.now - timedelta(days=1),
        )  # fmt: skip
        again = await request_payment(ctx, RequestPayment(order=due["id"])) if due else None
        if isinstance(again, PaymentRequested | CannotPlace):
            return again
        return CannotPlace(reason="empty_cart", cart=tell_cart(ctx, valued))
    if _paid_apart(ctx, valued):
        return CannotPlace(reason="mixed", cart=tell_cart(ctx, valued))
    free = {goods.sku: valued.free(goods.sku) for goods in valued.situation.goods}
    return await _refuse_stock(ctx, valued, free) or CartShown(cart=tell_cart(ctx, valued))


@handles(QuoteOrder)
async def quote_order(ctx: ShopContext, command: QuoteOrder) -> OrderQuoted | CannotPlace:
    opened = await open_cart(ctx)
    cart, point = opened.valued.cart, ctx.shop.points.get(command.point or "")
    city = point.city if point else city_of(ctx.shop, command.address) or cart.city
    valued = value(ctx, replace(cart, delivery=command.delivery, city=city), opened.buyer, opened.rules)
    terms = Terms(
        recipient=command.recipient,
        phone=command.phone,
        email=command.email,
        delivery=command.delivery,
        address=None if command.point else command.address,
        point=command.point,
        city=city,
        payment=command.payment,
    )
    free = {goods.sku: valued.free(goods.sku) for goods in valued.situation.goods}
    refused = _refuse_terms(ctx, valued, terms) or await _refuse_stock(ctx, valued, free)
    if refused is not None:
        return refused
    if (command.delivery, city) != (cart.delivery, cart.city):
        valued = replace(valued, cart=await save_cart(ctx.tx, valued.cart, ctx.now))
    quote = new_id()
    await ctx.tx.execute(
        "INSERT INTO quote (id, customer, fingerprint, terms, total_minor, currency, created_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        quote,
        ctx.customer,
        fingerprint(valued, terms),
        Jsonb({name: getattr(terms, name) for name in Terms.__slots__}),
        valued.total.amount_minor,
        valued.total.currency,
        ctx.now,
    )
    option = next(one for one in tell_deliveries(ctx, valued, city) if one.code == command.delivery)
    return OrderQuoted(
        quote=quote,
        cart=tell_cart(ctx, valued),
        option=option,
        payment=payment_option(ctx, command.payment, valued.total, digital=valued.digital),
        where=where_to(ctx.shop, terms.address, terms.point, city),
    )


@handles(PlaceOrder)
async def place_order(ctx: ShopContext, command: PlaceOrder) -> OrderPlaced | CannotPlace | QuoteOutdated:
    await ctx.tx.execute("SELECT 1 FROM customer WHERE id = %s FOR UPDATE", ctx.customer)
    before = await ctx.tx.row(
        "SELECT id, reserved_until FROM shop_order WHERE key = %s AND customer = %s", command.key, ctx.customer
    )
    if before is not None:
        return OrderPlaced(order=await view_order(ctx, before["id"]), reserved_until=before["reserved_until"])
    cart, buyer = await load_cart(ctx.tx, ctx.customer, ctx.now)
    rules = await read_rules(ctx, [line.sku for line in cart.lines], cart.codes)
    quote = await ctx.tx.row("SELECT * FROM quote WHERE id = %s AND customer = %s", command.quote, ctx.customer)
    valued = value(ctx, cart, buyer, rules)
    if quote is None:
        return QuoteOutdated(cart=tell_cart(ctx, valued))
    terms = Terms(**quote["terms"])
    refused = _refuse_terms(ctx, valued, terms)
    if refused is not None:
        return refused
    wanted = wanted_of(cart.lines)
    free = await stock.lock_stock(ctx.tx, wanted)
    if stock.missing(wanted, free):
        return await _refuse_stock(ctx, valued, free) or QuoteOutdated(cart=tell_cart(ctx, valued))
    if fingerprint(valued, terms) != quote["fingerprint"]:
        return QuoteOutdated(cart=tell_cart(ctx, valued))
    gone = await lock_uses(ctx.tx, [promotion.id for promotion in valued.priced.counting], ctx.customer)
    if gone:
        return await _without_promotions(ctx, valued, gone)
    return await _place(ctx, valued, terms, command.key, wanted)


async def _place(ctx: ShopContext, valued: Valued, terms: Terms, key: str, wanted: Mapping[str, int]) -> OrderPlaced:
    """Everything is locked and agreed: write the order, keep stock and promo uses for it, empty the cart."""
    by_hand = ctx.shop.payments[terms.payment].provider == BY_HAND
    until = None if by_hand else ctx.now + hold_for(ctx, terms.payment)
    status = "confirmed" if by_hand else "awaiting_payment"
    placed = await write_order(ctx, valued, terms, key=key, status=status, until=until)
    await stock.reserve(ctx.tx, placed, wanted, until)
    uses = [promotion.id for promotion in valued.priced.counting]
    await reserve_uses(ctx.tx, placed, ctx.customer, uses, ctx.now)
    cart, operation = valued.cart, clearing(valued.cart.lines)
    _, inverse = apply(cart.lines, operation)
    await write_event(
        ctx.tx, cart.id, actor=ctx.actor, kind="placed", operation=operation, inverse=inverse, undoable=False,
        now=ctx.now,
    )  # fmt: skip
    empty = replace(cart, lines=(), codes=(), delivery=None, wrong_codes=0, told_total_minor=None, told_units={})
    await save_cart(ctx.tx, empty, ctx.now)
    await remember_contact(
        ctx.tx, ctx.customer, name=terms.recipient, phone=terms.phone, email=terms.email, address=terms.address,
        now=ctx.now,
    )  # fmt: skip
    if by_hand or not valued.total:
        order = await lock_order(ctx.tx, placed)
        assert order is not None
        if not valued.total:
            await settle_without_money(ctx.tx, order, ctx.shop, ctx.now)
        else:
            await create_shipment(ctx.tx, order, ctx.shop, ctx.now)
    return OrderPlaced(order=await view_order(ctx, placed), reserved_until=until)


@handles(ReviseOrder)
async def revise_order(ctx: ShopContext, command: ReviseOrder) -> OrderRevised | CannotRevise:
    cart, _ = await load_cart(ctx.tx, ctx.customer, ctx.now)  # the cart is locked before the order
    own = await own_order(ctx.tx, ctx.customer, command.order)
    order = await lock_order(ctx.tx, own.id) if own else None
    if order is None:
        raise ShopkeeperError("This customer has no such order.")
    if order.status not in PAYABLE:
        return CannotRevise(order=await view_order(ctx, order.id))
    if not await cancel_shipment(ctx.tx, order.id, who=f"customer {ctx.customer}", why="revised", now=ctx.now):
        return CannotRevise(order=await view_order(ctx, order.id))
    await revise(ctx, order, cart)
    opened = await open_cart(ctx)
    return OrderRevised(order=await view_order(ctx, order.id), cart=tell_cart(ctx, opened.valued))


@handles(CancelOrder)
async def cancel_order(ctx: ShopContext, command: CancelOrder) -> MayCancel | OrderCancelled | CannotCancel | NoOrders:
    named = command.order or await open_order(ctx.tx, ctx.customer)
    own = await own_order(ctx.tx, ctx.customer, named) if named else None
    order = await lock_order(ctx.tx, own.id) if own else None
    if order is None or order.status in ("cancelled", "delivered", "returned"):
        return NoOrders(words=command.order or "")
    if order.status not in PAYABLE:
        return CannotCancel(order=await view_order(ctx, order.id))
    if not command.sure:
        return MayCancel(order=await view_order(ctx, order.id))
    if not await cancel_shipment(ctx.tx, order.id, who=f"customer {ctx.customer}", why="cancelled", now=ctx.now):
        return CannotCancel(order=await view_order(ctx, order.id))
    await call_off(ctx, order, "cancelled by the customer")
    return OrderCancelled(order=await view_order(ctx, order.id))


# ---- refusals ------------------------------------------------------------------------------------


def _refuse_terms(ctx: ShopContext, valued: Valued, terms: Terms) -> CannotPlace | None:
    """Why an order cannot be placed on these terms, stock left aside."""
    method = ctx.shop.deliveries.get(terms.delivery)
    option = payment_option(ctx, terms.payment, valued.total, digital=valued.digital)
    cart = tell_cart(ctx, valued)
    if not valued.situation.goods:
        return CannotPlace(reason="empty_cart", cart=cart)
    if _paid_apart(ctx, valued):
        return CannotPlace(reason="mixed", cart=cart)
    if method is None or not method.goes_to(terms.city) or (method.to_point and terms.point not in ctx.shop.points):
        return CannotPlace(reason="delivery_not_available", cart=cart)
    if method.digital != valued.digital:
        return CannotPlace(reason="delivery_not_available", cart=cart)
    if not option.available:
        return CannotPlace(reason="payment_not_available", cart=cart, payment=option)
    return None


def _paid_apart(ctx: ShopContext, valued: Valued) -> bool:
    """In Telegram what is digital is paid in Stars, and what comes in a parcel must not be."""
    return valued.mixed and ctx.channel == IN_CHAT[STARS]


async def _refuse_stock(ctx: ShopContext, valued: Valued, free: Mapping[str, int]) -> CannotPlace | None:
    """What is short, and what others' unpaid links hold; None when there is enough of everything."""
    shortages, held = [], []
    for sku, wanted in stock.missing(wanted_of(valued.cart.lines), free).items():
        until = await stock.held_until(ctx.tx, sku, wanted, free.get(sku, 0), ctx.customer)
        if until is None:
            shortages.append(await shortage(ctx, valued, sku, wanted))
            continue
        variant = tell_variant(ctx, sku, valued.rules.fresh.get(sku), free.get(sku, 0))
        nearest = await nearest_in_stock(ctx.tx, ctx.catalogue, ctx.shop, sku, ctx.locale)
        held.append(HeldVariant(variant=variant, until=until, alternatives=nearest))
    if not shortages and not held:
        return None
    return CannotPlace(
        reason="short" if shortages else "held",
        cart=tell_cart(ctx, valued),
        shortages=tuple(shortages),
        held=tuple(held),
    )


async def _without_promotions(ctx: ShopContext, valued: Valued, gone: tuple[str, ...]) -> QuoteOutdated:
    """Somebody else took the last use of a coupon: it leaves the cart, and the customer is asked again."""
    codes = {promotion.code for promotion in valued.priced.counting if promotion.id in gone}
    cart = replace(valued.cart, codes=tuple(code for code in valued.cart.codes if code not in codes))
    saved = await save_cart(ctx.tx, cart, ctx.now)
    return QuoteOutdated(cart=tell_cart(ctx, value(ctx, saved, valued.buyer, valued.rules)))
