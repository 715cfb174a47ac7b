"""Answers to what a customer asks of the cart. What is short is named and not put in; a change voids an unpaid link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from base.money import Money
from shop import cart as carts
from shop.cart import Buyer, Cart, Operation, SetLine, adding, apply, clearing, load_cart, quantity_of, save_cart
from shop.commands import (
    AddLines,
    CartChanged,
    CartRechecked,
    CartShown,
    Change,
    ChangeVariant,
    ChooseDelivery,
    ClearCart,
    DeliveryChosen,
    LineWish,
    NoOrders,
    NoSuchProduct,
    NothingToUndo,
    OrderRepeated,
    RecheckCart,
    RemoveLines,
    RepeatOrder,
    SetQuantity,
    ShowCart,
    UndoCart,
)
from shop.handlers import ShopContext, handles
from shop.orders import lock_order, revise
from shop.valuation import (
    Rules,
    Valued,
    gained,
    lost,
    name_of,
    read_rules,
    shortage,
    tell_cart,
    tell_deliveries,
    value,
    value_then,
)

PLACED_FOR_GOOD = ("confirmed", "paid", "shipped", "delivered", "returned")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a command comes down to: the operation that can be done, and what is short (SKU -> pieces wanted)."""

    kind: str
    operation: Operation
    short: Mapping[str, int]
    undoes: carts.PastEvent | None = None


@handles(AddLines)
async def add_lines(ctx: ShopContext, command: AddLines) -> CartChanged:
    more: dict[str, int] = {}
    for wish in command.lines:
        if wish.quantity > 0:
            more[wish.sku] = more.get(wish.sku, 0) + wish.quantity
    opened = await _open(ctx, more)
    sums = {step.sku: step.quantity for step in adding(opened.then.cart.lines, more)}
    return await _change(ctx, opened, _wish(opened, "added", tuple(SetLine(sku, sums[sku]) for sku in sums)))


@handles(RepeatOrder)
async def repeat_order(ctx: ShopContext, command: RepeatOrder) -> OrderRepeated | NoOrders:
    rows = await ctx.tx.rows(
        """SELECT o.number, l.sku, l.name, l.quantity FROM order_line l
           JOIN (SELECT id, number FROM shop_order WHERE customer = %s AND status = ANY(%s)
                 ORDER BY placed_at DESC LIMIT 1) o ON l."order" = o.id ORDER BY l.position""",
        ctx.customer, list(PLACED_FOR_GOOD),
    )  # fmt: skip
    if not rows:
        return NoOrders()
    sold = [row for row in rows if row["sku"] in ctx.catalogue.by_sku]
    lines = tuple(LineWish(sku=row["sku"], quantity=row["quantity"]) for row in sold)
    changed = await add_lines(ctx, AddLines(lines=lines))
    gone = tuple(row["name"] for row in rows if row not in sold)
    return OrderRepeated(number=rows[0]["number"], changed=changed, gone=gone)


@handles(SetQuantity)
async def set_quantity(ctx: ShopContext, command: SetQuantity) -> CartChanged:
    opened = await _open(ctx, (command.sku,))
    kind = "set" if command.quantity > 0 else "removed"
    return await _change(ctx, opened, _wish(opened, kind, (SetLine(command.sku, max(0, command.quantity)),)))


@handles(ChangeVariant)
async def change_variant(ctx: ShopContext, command: ChangeVariant) -> CartChanged | NoSuchProduct:
    to = command.to or like_it_but(ctx, command.sku, command.attributes)
    if to is None:
        return NoSuchProduct(words=" ".join(command.attributes.values()))
    opened = await _open(ctx, (command.sku, to))
    steps = carts.changing_variant(opened.then.cart.lines, command.sku, to)
    wish = _wish(opened, "variant", steps)
    if wish.short:  # the new one is short: the old one stays
        wish = replace(wish, operation=())
    return await _change(ctx, opened, wish)


def like_it_but(ctx: ShopContext, sku: str, attributes: Mapping[str, str]) -> str | None:
    """The variant of the same product that differs in just these attributes; None when there is none."""
    variant = ctx.catalogue.by_sku.get(sku)
    if variant is None:
        return None
    wanted = {**variant.attributes, **attributes}
    siblings = ctx.catalogue.by_id[variant.product].variants
    return next((one.sku for one in siblings if dict(one.attributes) == wanted), None)


@handles(RemoveLines)
async def remove_lines(ctx: ShopContext, command: RemoveLines) -> CartChanged:
    opened = await _open(ctx, command.skus)
    there = [sku for sku in dict.fromkeys(command.skus) if quantity_of(opened.then.cart.lines, sku)]
    return await _change(ctx, opened, Wish("removed", tuple(SetLine(sku, 0) for sku in there), {}))


@handles(ClearCart)
async def clear_cart(ctx: ShopContext, command: ClearCart) -> CartChanged:
    opened = await _open(ctx, ())
    return await _change(ctx, opened, Wish("cleared", clearing(opened.then.cart.lines), {}))


@handles(UndoCart)
async def undo_cart(ctx: ShopContext, command: UndoCart) -> CartChanged | NothingToUndo:
    """Lines come back even when they are short meanwhile: checkout and RecheckCart look at the stock again."""
    cart, _ = await load_cart(ctx.tx, ctx.customer, ctx.now)
    event = await carts.last_undoable(ctx.tx, cart.id, ctx.actor)
    opened = await _open(ctx, tuple(step.sku for step in event.inverse) if event else ())
    if event is None:
        return NothingToUndo(cart=tell_cart(ctx, opened.valued))
    return await _change(ctx, opened, Wish("undone", event.inverse, {}, undoes=event))


@handles(ShowCart)
async def show_cart(ctx: ShopContext, command: ShowCart) -> CartShown:
    opened = await _open(ctx, ())
    await remember_told(ctx, opened.valued)
    return CartShown(cart=tell_cart(ctx, opened.valued))


@handles(ChooseDelivery)
async def choose_delivery(ctx: ShopContext, command: ChooseDelivery) -> DeliveryChosen:
    opened = await _open(ctx, ())
    cart, city = opened.valued.cart, command.city or opened.valued.cart.city
    chosen, unavailable = command.delivery or cart.delivery, None
    if chosen is not None and not _goes_to(ctx, chosen, city):
        unavailable = chosen
        chosen = cart.delivery if cart.delivery and _goes_to(ctx, cart.delivery, city) else None
    valued = opened.valued
    if (chosen, city) != (cart.delivery, cart.city):
        valued = value(ctx, replace(cart, delivery=chosen, city=city), opened.buyer, opened.rules)
        valued = replace(valued, cart=await save_cart(ctx.tx, _told(valued), ctx.now))
    return DeliveryChosen(
        cart=tell_cart(ctx, valued), options=tell_deliveries(ctx, valued, city), unavailable=unavailable
    )


def _goes_to(ctx: ShopContext, code: str, city: str | None) -> bool:
    method = ctx.shop.deliveries.get(code)
    return method is not None and method.goes_to(city)


@handles(RecheckCart)
async def recheck_cart(ctx: ShopContext, command: RecheckCart) -> CartRechecked:
    opened = await _open(ctx, ())
    cart = opened.valued.cart
    told_units, told_total = cart.told_units, cart.told_total_minor
    cut = tuple(
        SetLine(line.sku, max(0, opened.valued.free(line.sku)))
        for line in cart.lines
        if opened.valued.free(line.sku) < line.quantity
    )
    reduced = [await shortage(ctx, opened.valued, step.sku, quantity_of(cart.lines, step.sku)) for step in cut]
    repriced = tuple(
        (name_of(ctx, line.sku), Money(told_units[line.sku], ctx.shop.currency), goods.unit)
        for line in cart.lines
        for goods in opened.valued.situation.goods
        if goods.sku == line.sku and told_units.get(line.sku, goods.unit.amount_minor) != goods.unit.amount_minor
    )
    before = opened.valued.total if told_total is None else Money(told_total, ctx.shop.currency)
    lines, inverse = apply(cart.lines, cut)
    if cut:
        await carts.write_event(
            ctx.tx, cart.id, actor="shop", kind="rechecked", operation=cut, inverse=inverse, undoable=False, now=ctx.now
        )
    valued = value(ctx, replace(cart, lines=lines), opened.buyer, opened.rules)
    valued = replace(valued, cart=await save_cart(ctx.tx, _told(valued), ctx.now))
    return CartRechecked(cart=tell_cart(ctx, valued), before=before, reduced=tuple(reduced), repriced=repriced)


# ---- the way of every change ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opened:
    """The cart, priced as it lies there, and as it will be once an unpaid order has given its lines back."""

    buyer: Buyer
    rules: Rules
    valued: Valued
    then: Valued


async def open_cart(ctx: ShopContext, skus: Sequence[str] = (), codes: Sequence[str] = ()) -> Opened:
    """Lock the cart, and the unpaid order that gives way to a change, and read all that a command on them needs.

    `skus` and `codes` may matter besides its own.
    """
    cart, buyer = await load_cart(ctx.tx, ctx.customer, ctx.now)
    while (unpaid := buyer.unpaid) is not None:
        order = await lock_order(ctx.tx, unpaid.order)
        if order is not None and order.status == "awaiting_payment":
            break
        cart, buyer = await load_cart(ctx.tx, ctx.customer, ctx.now)  # paid or expired in this very moment
    lines = (*cart.lines, *unpaid.lines) if unpaid else cart.lines
    coupons = (*cart.codes, *unpaid.codes) if unpaid else cart.codes
    rules = await read_rules(ctx, (*skus, *(line.sku for line in lines)), (*codes, *coupons))
    valued = value(ctx, cart, buyer, rules)
    return Opened(buyer, rules, valued, value_then(ctx, cart, buyer, rules) if unpaid else valued)


async def _open(ctx: ShopContext, skus: Sequence[str] | Mapping[str, int]) -> Opened:
    return await open_cart(ctx, tuple(skus))


async def void_unpaid(
    ctx: ShopContext, opened: Opened, skus: Sequence[str] = (), codes: Sequence[str] = ()
) -> tuple[Opened, str | None]:
    """Before a change: an unpaid order gives way, its lines are back in the cart. Returns its number, if any."""
    unpaid = opened.buyer.unpaid
    if unpaid is None:
        return opened, None
    order = await lock_order(ctx.tx, unpaid.order)
    if order is None or order.status != "awaiting_payment":  # paid or expired in this very moment
        return await open_cart(ctx, skus, codes), None
    await revise(ctx, order, opened.valued.cart)
    return await open_cart(ctx, skus, codes), unpaid.number


def _wish(opened: Opened, kind: str, operation: Operation) -> Wish:
    """Split what is wanted into what can be done and what is short. Taking less is never short."""
    short = {
        step.sku: step.quantity
        for step in operation
        if step.quantity > quantity_of(opened.then.cart.lines, step.sku)
        and step.quantity > opened.valued.free(step.sku)
    }
    return Wish(kind, tuple(step for step in operation if step.sku not in short), short)


async def _change(ctx: ShopContext, opened: Opened, wish: Wish) -> CartChanged:
    shortages = tuple([await shortage(ctx, opened.valued, sku, wanted) for sku, wanted in wish.short.items()])
    revised = None
    if apply(opened.then.cart.lines, wish.operation)[0] != opened.then.cart.lines:
        opened, revised = await void_unpaid(ctx, opened, tuple(step.sku for step in wish.operation))
    cart = opened.valued.cart
    lines, inverse = apply(cart.lines, wish.operation)
    if lines == cart.lines:
        return CartChanged(cart=tell_cart(ctx, opened.valued), changes=(), shortages=shortages, revised=revised)
    event = await carts.write_event(
        ctx.tx, cart.id, actor=ctx.actor, kind=wish.kind, operation=wish.operation, inverse=inverse,
        undoable=wish.undoes is None, now=ctx.now,
    )  # fmt: skip
    if wish.undoes is not None:
        await carts.mark_undone(ctx.tx, wish.undoes.id, event)
    valued = value(ctx, replace(cart, lines=lines), opened.buyer, opened.rules)
    valued = replace(valued, cart=await save_cart(ctx.tx, _told(valued), ctx.now))
    return CartChanged(
        cart=tell_cart(ctx, valued),
        changes=_changes(ctx, wish, cart, valued.cart),
        shortages=shortages,
        lost=lost(opened.valued.priced, valued.priced, cart.codes),
        gained=gained(opened.valued.priced, valued.priced, cart.codes),
        revised=revised,
    )


def _changes(ctx: ShopContext, wish: Wish, before: Cart, after: Cart) -> tuple[Change, ...]:
    changes = []
    for sku in dict.fromkeys(step.sku for step in wish.operation):
        had, has = quantity_of(before.lines, sku), quantity_of(after.lines, sku)
        if had == has or (wish.kind == "variant" and has < had):
            continue
        quantity = had if has == 0 and wish.kind in ("removed", "cleared") else has
        changes.append(
            Change.model_validate(
                {"kind": wish.kind, "sku": sku, "name": name_of(ctx, sku), "quantity": quantity, "before": had}
            )
        )
    return tuple(changes)


def _told(valued: Valued) -> Cart:
    """The cart with the total and the unit prices that the customer is about to hear."""
    return replace(
        valued.cart,
        told_total_minor=valued.total.amount_minor,
        told_units={goods.sku: goods.unit.amount_minor for goods in valued.situation.goods},
    )


async def remember_told(ctx: ShopContext, valued: Valued) -> None:
    """The customer hears today's total: an old cart is compared with it when he comes back."""
    told = _told(valued)
    if (told.told_total_minor, told.told_units) != (valued.cart.told_total_minor, valued.cart.told_units):
        await save_cart(ctx.tx, told, ctx.now, moved=False)
