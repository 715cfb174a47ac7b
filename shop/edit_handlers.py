"""Answers to a customer who wants another order than the one he has paid for. What is agreed to is what is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from base.errors import ShopkeeperError
from base.ids import new_id
from base.money import Money
from shop.approvals import over_limit
from shop.cart import Cart, Line, load_cart
from shop.cart_handlers import like_it_but
from shop.commands import (
    MOST_PIECES,
    AgreeToEdit,
    CannotEditOrder,
    Change,
    EditOrder,
    KeepOrder,
    OrderEdited,
    OrderEditProposed,
    OrderEditToPay,
    OrderKept,
    OrderWish,
)
from shop.edit_pricing import Ordered, Repriced, reprice
from shop.editing import do_edit, edit_key, hold_more, why_not_edit, write_proposal
from shop.edits import Edit, close_edit, lock_edit, open_edit, revision_of
from shop.handlers import ShopContext, handles
from shop.history import advance
from shop.order_views import view_order
from shop.orders import Order, line_rows, lock_order, order_lines, own_order, wanted_of
from shop.pay_handlers import hold_for
from shop.promotions import Goods
from shop.refunds import ARRIVES_AFTER
from shop.states import EDIT
from shop.valuation import (
    DIGITAL,
    Valued,
    name_of,
    read_promotion,
    read_rules,
    shortage,
    tell_variant,
    value,
)
from shop.views import Breakdown

Answer = OrderEditProposed | CannotEditOrder


@handles(EditOrder)
async def edit_order(ctx: ShopContext, command: EditOrder) -> Answer:
    cart, _ = await load_cart(ctx.tx, ctx.customer, ctx.now)  # the cart is locked before the order
    order = await _meant(ctx, command.order)
    if order is None:
        return CannotEditOrder(reason="no_order")
    refused = await why_not_edit(ctx.tx, order)
    if refused is not None or _digital(ctx, order):
        return CannotEditOrder(reason=refused or "digital", order=await view_order(ctx, order.id))
    if command.kind == "look":
        return CannotEditOrder(reason="look", order=await view_order(ctx, order.id))
    base = await _said_before(ctx, order, command.on)
    wanted = _wanted(ctx, base, command)
    if isinstance(wanted, CannotEditOrder):
        return wanted.model_copy(update={"order": await view_order(ctx, order.id)})
    return await _propose(ctx, order, wanted, cart)


@handles(AgreeToEdit)
async def agree_to_edit(
    ctx: ShopContext, command: AgreeToEdit
) -> OrderEdited | OrderEditToPay | OrderEditProposed | CannotEditOrder:
    cart, _ = await load_cart(ctx.tx, ctx.customer, ctx.now)
    row = await ctx.tx.row(
        'SELECT e."order" FROM order_edit e JOIN shop_order o ON o.id = e."order" WHERE e.id = %s AND o.customer = %s',
        command.edit,
        ctx.customer,
    )
    order = await lock_order(ctx.tx, row["order"]) if row else None
    edit = await lock_edit(ctx.tx, command.edit) if order else None
    if order is None or edit is None:
        raise ShopkeeperError("This customer was not asked about such a change.")
    if edit.state == "done":
        return await _done(ctx, edit)
    if edit.state == "awaiting_payment":
        return OrderEditToPay(order=await view_order(ctx, order.id), difference=edit.difference, until=edit.until)
    if refused := await why_not_edit(ctx.tx, order):
        return CannotEditOrder(reason=refused, order=await view_order(ctx, order.id))
    now = await _reprice(ctx, order, edit.wanted, cart)
    if isinstance(now, CannotEditOrder):
        return now
    as_agreed = now.repriced.breakdown.model_dump(mode="json") == edit.breakdown
    if edit.state != "proposed" or edit.revision != await revision_of(ctx.tx, order.id) or not as_agreed:
        again = await _propose(ctx, order, edit.wanted, cart)
        return again.model_copy(update={"moved": True}) if isinstance(again, OrderEditProposed) else again
    who = f"customer {ctx.customer}"
    await close_edit(ctx.tx, order.id, "voided", who=who, why="the customer wants another change", now=ctx.now)
    pays = edit.difference.amount_minor > 0
    until = ctx.now + hold_for(ctx, order.payment) if pays else None
    short = await hold_more(ctx.tx, edit, until)
    if short:
        return await _short(ctx, order, now.valued, short)
    if pays:
        await advance(ctx.tx, EDIT, edit.id, "proposed", "awaiting_payment", who=who, why="agreed", now=ctx.now)
        await ctx.tx.execute("UPDATE order_edit SET until = %s WHERE id = %s", until, edit.id)
        return OrderEditToPay(order=await view_order(ctx, order.id), difference=edit.difference, until=until)
    await do_edit(ctx.tx, order, edit, who=who, why="agreed", shop=ctx.shop, now=ctx.now)
    return await _done(ctx, edit)


@handles(KeepOrder)
async def keep_order(ctx: ShopContext, command: KeepOrder) -> OrderKept:
    order = await _meant(ctx, command.order)
    if order is None:
        return OrderKept(order=None)
    who = f"customer {ctx.customer}"
    closed = await close_edit(ctx.tx, order.id, "voided", who=who, why="the order stays as it was", now=ctx.now)
    return OrderKept(order=await view_order(ctx, order.id) if closed else None)


# ---- which order, and what of it ---------------------------------------------------------------------


async def _meant(ctx: ShopContext, named: str | None) -> Order | None:
    """The order named, else the newest that is paid; locked. One that has left is found, too, to be refused kindly."""
    if named is not None:
        own = await own_order(ctx.tx, ctx.customer, named)
        return await lock_order(ctx.tx, own.id) if own else None
    row = await ctx.tx.row(
        "SELECT id FROM shop_order WHERE customer = %s AND status IN ('paid', 'shipped')"
        " ORDER BY status = 'paid' DESC, placed_at DESC LIMIT 1",
        ctx.customer,
    )
    return await lock_order(ctx.tx, row["id"]) if row else None


def _digital(ctx: ShopContext, order: Order) -> bool:
    """What is sent in the chat may be sent already."""
    method = ctx.shop.deliveries.get(order.delivery)
    return bool(method and method.digital)


async def _said_before(ctx: ShopContext, order: Order, on: str | None) -> dict[str, int]:
    """What the customer believes to have: the open proposal's goods, those of the change he has to pay, the order's."""
    proposed = await lock_edit(ctx.tx, on) if on else None
    if proposed is not None and (proposed.order, proposed.state) == (order.id, "proposed"):
        return dict(proposed.wanted)
    waiting = await open_edit(ctx.tx, order.id)
    return dict(waiting.wanted) if waiting else wanted_of(await order_lines(ctx.tx, order.id))


def _wanted(ctx: ShopContext, base: dict[str, int], command: EditOrder) -> dict[str, int] | CannotEditOrder:
    """SKU -> pieces after the change, in the order in which they lie there."""
    if command.kind == "variant":
        return _exchanged(ctx, base, command)
    after = dict(base)
    wishes = command.wishes or (OrderWish(),)
    for wish in wishes:
        inside = [sku for sku in wish.skus or base if sku in base]
        skus = inside if command.kind != "add" or (len(wish.skus) > 1 and len(inside) == 1) else list(wish.skus)
        if not skus:
            return CannotEditOrder(reason="not_in_it")
        if len(skus) > 1:
            return _which(ctx, skus)
        sku, had = skus[0], after.get(skus[0], 0)
        count = {
            "add": had + (wish.quantity or 1),
            "set": had if wish.quantity is None else wish.quantity,
            "less": had - (wish.quantity or 1),
            "remove": 0,
        }[command.kind]
        after[sku] = max(0, min(count, MOST_PIECES))
    return {sku: count for sku, count in after.items() if count}


def _exchanged(ctx: ShopContext, base: dict[str, int], command: EditOrder) -> dict[str, int] | CannotEditOrder:
    """Pieces of one line for another variant, in its place."""
    named = [sku for wish in command.wishes for sku in wish.skus]
    quantity = next((wish.quantity for wish in command.wishes if wish.quantity), None)
    products = {ctx.catalogue.by_sku[sku].product for sku in named if sku in ctx.catalogue.by_sku}
    pairs: list[tuple[str, str]] = []
    for sku in base:
        known = ctx.catalogue.by_sku.get(sku)
        if known is None or (products and known.product not in products):
            continue
        siblings = {one.sku for one in ctx.catalogue.by_id[known.product].variants}
        others = [to for to in named if to in siblings and to not in base]
        to = like_it_but(ctx, sku, command.attributes) if command.attributes else None
        to = to or (others[0] if len(others) == 1 else None)
        if to is not None and to != sku:
            pairs.append((sku, to))
    chosen = [pair for pair in pairs if pair[0] in named] or pairs
    if not chosen:
        return CannotEditOrder(reason="not_in_it")
    if len(chosen) > 1:
        return _which(ctx, [sku for sku, _ in chosen])
    (away, to), moved = chosen[0], 0
    moved = min(quantity or base[away], base[away])
    after: dict[str, int] = {}
    for sku, count in base.items():
        if sku == away:
            after |= {sku: count - moved} if count > moved else {}
            after[to] = after.get(to, 0) + moved
        else:
            after[sku] = after.get(sku, 0) + count
    return after


def _which(ctx: ShopContext, skus: Sequence[str]) -> CannotEditOrder:
    return CannotEditOrder(reason="which", options=tuple(tell_variant(ctx, sku, None) for sku in skus[:6]))


# ---- what it comes to ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Now:
    """The changed order at today's prices. `valued`: one piece of everything that comes."""

    repriced: Repriced
    valued: Valued


async def _reprice(ctx: ShopContext, order: Order, wanted: Mapping[str, int], cart: Cart) -> _Now | CannotEditOrder:
    rows = await ctx.tx.rows('SELECT * FROM order_line WHERE "order" = %s ORDER BY position', order.id)
    told = await ctx.tx.row("SELECT breakdown FROM shop_order WHERE id = %s", order.id)
    assert told is not None
    lines = [
        Ordered(
            Goods(row["sku"], row["product"], row["quantity"], Money(row["unit_minor"], row["currency"]),
                  name=row["name"], note=row["note"]),
            Money(row["discount_minor"], row["currency"]),
        )
        for row in rows
    ]  # fmt: skip
    had = wanted_of(tuple(Line(row["sku"], row["quantity"]) for row in rows))
    comes = [sku for sku, count in wanted.items() if count > had.get(sku, 0)]
    _, buyer = await load_cart(ctx.tx, ctx.customer, ctx.now)
    rules = await read_rules(ctx, comes, ())
    one_each = replace(cart, lines=tuple(Line(sku, 1) for sku in comes), codes=(), delivery=order.delivery)
    valued = value(ctx, one_each, buyer, rules)
    today = {goods.sku: goods for goods in valued.situation.goods}
    gone = {sku: wanted[sku] for sku in comes if sku not in today}
    if gone:
        return await _short(ctx, order, valued, gone)
    if any(DIGITAL in goods.tags for goods in today.values()):
        return CannotEditOrder(reason="digital", order=await view_order(ctx, order.id))
    used = await ctx.tx.rows(
        'SELECT p.* FROM promotion p JOIN redemption r ON r.promotion = p.id WHERE r."order" = %s'
        " AND r.state = 'committed' ORDER BY p.id",
        order.id,
    )
    repriced = reprice(
        lines,
        Breakdown.model_validate(told["breakdown"]),
        wanted,
        today,
        [read_promotion(row) for row in used],
        lambda promotion, goods: promotion.off(replace(valued.situation, goods=goods)),
    )
    return _Now(repriced, valued)


async def _propose(ctx: ShopContext, order: Order, wanted: Mapping[str, int], cart: Cart) -> Answer:
    had = wanted_of(await order_lines(ctx.tx, order.id))
    waiting = await open_edit(ctx.tx, order.id)
    if dict(wanted) == (dict(waiting.wanted) if waiting else had):
        return CannotEditOrder(reason="same", order=await view_order(ctx, order.id))
    if not wanted:
        return CannotEditOrder(reason="only", order=await view_order(ctx, order.id))
    now = await _reprice(ctx, order, wanted, cart)
    if isinstance(now, CannotEditOrder):
        return now
    held = waiting.wanted if waiting else {}
    free = {sku: now.valued.free(sku) + max(0, held.get(sku, 0) - had.get(sku, 0)) for sku in wanted}
    short = {
        sku: count for sku, count in wanted.items() if count > had.get(sku, 0) and count - had.get(sku, 0) > free[sku]
    }
    if short:
        return await _short(ctx, order, now.valued, short)
    lines, breakdown = now.repriced.lines, now.repriced.breakdown
    sums = {
        "goods": breakdown.goods,
        "discount": breakdown.discount,
        "delivery": breakdown.delivery or Money.zero(breakdown.total.currency),
        "total": breakdown.total,
        "difference": breakdown.total - order.total,
    }
    rows = line_rows([line.goods for line in lines], [line.discount for line in lines])
    edit = await write_proposal(ctx.tx, new_id(), order, wanted, rows, breakdown.model_dump(mode="json"), sums, ctx.now)
    back = edit.difference.amount_minor < 0
    return OrderEditProposed(
        edit=edit.id,
        order=await view_order(ctx, order.id),
        changes=_changes(ctx, had, wanted),
        breakdown=breakdown,
        difference=edit.difference,
        waits=back and await over_limit(ctx.tx, order.id, -edit.difference, ctx.shop),
    )


def _changes(ctx: ShopContext, had: Mapping[str, int], wanted: Mapping[str, int]) -> tuple[Change, ...]:
    """From the order as it is paid to what it would be."""
    changes = []
    for sku in dict.fromkeys((*had, *wanted)):
        before, count = had.get(sku, 0), wanted.get(sku, 0)
        if before != count:
            kind = "set" if before and count else "added" if count else "removed"
            told = {"kind": kind, "sku": sku, "name": name_of(ctx, sku), "quantity": count or before, "before": before}
            changes.append(Change.model_validate(told))
    return tuple(changes)


async def _short(ctx: ShopContext, order: Order, valued: Valued, short: Mapping[str, int]) -> CannotEditOrder:
    shortages = tuple([await shortage(ctx, valued, sku, count) for sku, count in short.items()])
    return CannotEditOrder(reason="short", order=await view_order(ctx, order.id), shortages=shortages)


async def _done(ctx: ShopContext, edit: Edit) -> OrderEdited:
    back = edit.difference.amount_minor < 0
    row = back and await ctx.tx.row(
        "SELECT 1 FROM refund WHERE starts_with(key, %s) AND state IN ('awaiting_approval', 'refused') LIMIT 1",
        edit_key(edit.id),
    )
    return OrderEdited(
        order=await view_order(ctx, edit.order),
        difference=edit.difference,
        by=ctx.now + ARRIVES_AFTER if back and not row else None,
        waits=bool(row),
    )
