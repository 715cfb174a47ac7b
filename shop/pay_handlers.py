"""How an order's money is asked for: one live attempt, for as long as its goods are kept. Answers RequestPayment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from base.errors import ShopkeeperError
from shop.attempts import BY_TRANSFER, IN_CHAT, STARS, Attempt
from shop.cart_handlers import Opened, open_cart
from shop.commands import CannotPlace, InvoiceDue, NothingToPay, PaymentRequested, RequestPayment
from shop.delivery import create_shipment
from shop.edits import open_edit
from shop.handlers import ShopContext, handles
from shop.history import advance
from shop.options import in_stars, payment_option
from shop.order_views import view_order
from shop.orders import Order, hold_until, lock_order, order_lines, own_order
from shop.payments import BY_HAND, begin_attempt, hold_again, live_attempt
from shop.shopfile import PaymentWay
from shop.states import ORDER
from shop.valuation import read_rules, shortage, tell_cart, value

PAYABLE = ("awaiting_payment", "confirmed", "expired")


@handles(RequestPayment)
async def request_payment(ctx: ShopContext, command: RequestPayment) -> PaymentRequested | NothingToPay | CannotPlace:
    """An expired order is kept anew if its stock and its prices still stand; else the answer is CannotPlace."""
    own = await own_order(ctx.tx, ctx.customer, command.order)
    if own is None:
        raise ShopkeeperError("This customer has no such order.")
    if own.status == "paid" and await open_edit(ctx.tx, own.id):
        return await _request_difference(ctx, own, command.method or own.payment)
    method = command.method or own.payment
    way, sent = ctx.shop.payments.get(method), ctx.shop.deliveries.get(own.delivery)
    option = payment_option(ctx, method, own.total, digital=bool(sent and sent.digital))
    if own.status in PAYABLE and (way is None or not option.available):
        opened = await open_cart(ctx)
        return CannotPlace(reason="payment_not_available", cart=tell_cart(ctx, opened.valued), payment=option)
    before = await open_cart(ctx) if _hold_is_over(ctx, own) else None  # the cart is locked before the order
    order = await lock_order(ctx.tx, own.id)
    if order is None or way is None or order.status not in PAYABLE:
        return NothingToPay(order=await view_order(ctx, own.id))
    by_hand = way.provider == BY_HAND
    if _hold_is_over(ctx, order):
        again = await _keep_anew(ctx, order, before or await open_cart(ctx))
        if isinstance(again, CannotPlace):
            return again
        order = again
    if by_hand and order.status != "confirmed":
        order = await _agree_on_cash(ctx, order)
    if way.provider == BY_TRANSFER and method != own.payment and order.reserved_until is not None:
        order = await _hold_longer(ctx, order, ctx.now + hold_for(ctx, method))
    attempt = await live_attempt(ctx.tx, order.id, method)
    if attempt is None:
        until = None if by_hand else order.reserved_until
        amount = in_stars(way, order.total) if way.provider == STARS else None
        attempt = await begin_attempt(ctx.tx, order, method, way.provider, until, ctx.now, amount)
    if method != order.payment:
        await ctx.tx.execute("UPDATE shop_order SET payment = %s WHERE id = %s", method, order.id)
    return await _requested(ctx, attempt, way)


async def _requested(ctx: ShopContext, attempt: Attempt, way: PaymentWay) -> PaymentRequested:
    linked = way.provider not in (BY_HAND, BY_TRANSFER, *IN_CHAT)
    return PaymentRequested(
        order=await view_order(ctx, attempt.order),
        payment=attempt.id,
        method=attempt.method,
        link=f"{ctx.public_url}/pay/{attempt.token}" if linked else None,
        until=attempt.until,
        account=way.account.said_in(ctx.locale) if way.provider == BY_TRANSFER and way.account else None,
        amount=attempt.amount if attempt.edit else None,
        invoice=InvoiceDue(payload=attempt.key, amount=attempt.amount) if way.provider in IN_CHAT else None,
    )


async def _request_difference(
    ctx: ShopContext, own: Order, method: str
) -> PaymentRequested | NothingToPay | CannotPlace:
    """The difference of an edit is collected as its order was; where it cannot be, by the first way there is."""
    cart = (await open_cart(ctx)).valued  # the cart is locked before the order
    order = await lock_order(ctx.tx, own.id)
    edit = await open_edit(ctx.tx, own.id)
    if order is None or edit is None or (edit.until is not None and edit.until <= ctx.now):
        return NothingToPay(order=await view_order(ctx, own.id))
    codes = [method, *(code for code in ctx.shop.payments if code != method)]
    options = [payment_option(ctx, code, edit.difference, digital=False) for code in codes if code in ctx.shop.payments]
    possible = [one.code for one in options if one.available and ctx.shop.payments[one.code].provider != BY_HAND]
    if not possible:
        return CannotPlace(reason="payment_not_available", cart=tell_cart(ctx, cart), payment=options[0])
    chosen, way = possible[0], ctx.shop.payments[possible[0]]
    attempt = await live_attempt(ctx.tx, order.id, chosen)
    if attempt is None:
        until = edit.until
        if way.provider == BY_TRANSFER:
            until = ctx.now + hold_for(ctx, chosen)
            await hold_until(ctx.tx, order.id, until)
        attempt = await begin_attempt(
            ctx.tx, order, chosen, way.provider, until, ctx.now, edit.difference, edit=edit.id
        )
    return await _requested(ctx, attempt, way)


# ---- the hold ------------------------------------------------------------------------------------


def _hold_is_over(ctx: ShopContext, order: Order) -> bool:
    return order.status == "expired" or (order.reserved_until is not None and order.reserved_until <= ctx.now)


async def _keep_anew(ctx: ShopContext, order: Order, opened: Opened) -> Order | CannotPlace:
    """The hold has ended and the customer still wants it: a new one, if everything and its price is still there."""
    until = ctx.now + hold_for(ctx, order.payment)
    if order.status == "expired":
        lines = await order_lines(ctx.tx, order.id)
        rules = await read_rules(ctx, [line.sku for line in lines], order.codes)
        same = replace(opened.valued.cart, lines=lines, codes=order.codes, delivery=order.delivery)
        valued = value(ctx, same, opened.buyer, rules)
        if valued.total != order.total:  # a flash price is frozen with the hold, and only so
            return CannotPlace(reason="price_expired", cart=tell_cart(ctx, opened.valued))
        short = await hold_again(ctx.tx, order, until, ctx.now)
        if short:
            shortages = [await shortage(ctx, valued, line.sku, line.quantity) for line in short]
            return CannotPlace(reason="short", cart=tell_cart(ctx, opened.valued), shortages=tuple(shortages))
        await advance(
            ctx.tx, ORDER, order.id, "expired", "awaiting_payment", who=f"customer {ctx.customer}",
            why="asked for a new link", now=ctx.now,
        )  # fmt: skip
    return replace(await _hold_longer(ctx, order, until), status="awaiting_payment")


def hold_for(ctx: ShopContext, payment: str) -> timedelta:
    """How long the goods wait for the money: a bank takes days where a page takes minutes."""
    way = ctx.shop.payments.get(payment)
    if way is not None and way.provider == BY_TRANSFER:
        return timedelta(hours=way.hold_hours)
    return timedelta(minutes=ctx.shop.reservation_minutes)


async def _hold_longer(ctx: ShopContext, order: Order, until: datetime) -> Order:
    await hold_until(ctx.tx, order.id, until)
    return replace(order, reserved_until=until)


async def _agree_on_cash(ctx: ShopContext, order: Order) -> Order:
    """The customer pays at the door instead: kept until packed, and the parcel is to be booked."""
    await advance(
        ctx.tx, ORDER, order.id, order.status, "confirmed", who=f"customer {ctx.customer}",
        why="cash on delivery", now=ctx.now,
    )  # fmt: skip
    await ctx.tx.execute("UPDATE shop_order SET reserved_until = NULL WHERE id = %s", order.id)
    await ctx.tx.execute("UPDATE reservation SET until = NULL WHERE \"order\" = %s AND state = 'held'", order.id)
    agreed = replace(order, status="confirmed", reserved_until=None)
    await create_shipment(ctx.tx, agreed, ctx.shop, ctx.now)
    return agreed
