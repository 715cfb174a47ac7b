"""Answers after the sale and about the customer himself: parcels, feedback, consent, alerts, what is known of him."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from base.ids import new_id
from shop.catalogue import free_stock
from shop.commands import (
    ConsentSet,
    CustomerKnown,
    FeedbackTaken,
    KnownCustomer,
    LeaveFeedback,
    NoOrders,
    OrdersOpen,
    OrderTracked,
    SetConsent,
    StockWatched,
    TrackOrder,
    WatchStock,
)
from shop.customers import record_consent, watch_stock
from shop.handlers import ShopContext, handles
from shop.history import raise_task
from shop.order_views import orders_in, view_order
from shop.orders import own_order
from shop.valuation import tell_variant
from shop.views import OrderView

UNHAPPY = 3  # a rating of so much or less goes to a manager
UNDER_WAY = ("confirmed", "paid", "shipped")
NAMED_WELL = 80  # of 100: how alike a customer's word and a name must be


@handles(TrackOrder)
async def track_order(ctx: ShopContext, command: TrackOrder) -> OrderTracked | OrdersOpen | NoOrders:
    if command.order:
        order = await own_order(ctx.tx, ctx.customer, command.order)
        if order is None:
            await _log_strange_look(ctx, command.order)
            return NoOrders(words=command.order)
        return OrderTracked(order=await view_order(ctx, order.id))
    for statuses in (UNDER_WAY, ("awaiting_payment",), ("delivered", "returned")):
        orders = await orders_in(ctx, statuses)
        meant = [order for order in orders if _is_meant(order, command.products, command.words)] or orders
        if statuses == ("delivered", "returned"):
            meant = meant[:1]  # newest first
        if len(meant) == 1:
            return OrderTracked(order=meant[0])
        if meant:
            return OrdersOpen(orders=tuple(meant))
    return NoOrders(words=command.words)


def _is_meant(order: OrderView, products: Sequence[str], words: str) -> bool:
    if any(line.product in products for line in order.lines):
        return True
    said = _words(words)
    return any(
        fuzz.ratio(word, name) >= NAMED_WELL for word in said for line in order.lines for name in _words(line.name)
    )


def _words(text: str) -> list[str]:
    return [word for word in (part.strip(".,;:!?") for part in text.casefold().split()) if len(word) > 2]


async def _log_strange_look(ctx: ShopContext, order: str) -> None:
    """Somebody asked for an order by a number that is not his: remembered, if there is such an order at all."""
    await ctx.tx.execute(
        "INSERT INTO history (entity, entity_id, from_state, to_state, at, who, why)"
        " SELECT 'order', id, status, status, %s, %s, 'asked for by somebody else' FROM shop_order"
        " WHERE (id = %s OR number = upper(%s)) AND customer <> %s",
        ctx.now,
        f"customer {ctx.customer}",
        order,
        order,
        ctx.customer,
    )


@handles(LeaveFeedback)
async def leave_feedback(ctx: ShopContext, command: LeaveFeedback) -> FeedbackTaken:
    order = await own_order(ctx.tx, ctx.customer, command.order) if command.order else None
    await ctx.tx.execute(
        'INSERT INTO feedback (id, customer, "order", rating, words, at) VALUES (%s, %s, %s, %s, %s, %s)',
        new_id(),
        ctx.customer,
        order.id if order else None,
        command.rating,
        command.words,
        ctx.now,
    )
    unhappy = command.rating is not None and command.rating <= UNHAPPY
    if unhappy:
        about = order.number if order else "no order"
        key = f"feedback-{order.id if order else ctx.customer}-{ctx.now:%Y-%m-%d}"
        await raise_task(
            ctx.tx, "feedback", f"{about}: {command.rating} of 5. {command.words}".strip(), key=key, now=ctx.now,
            customer=ctx.customer, order=order.id if order else None, actor=ctx.actor,
        )  # fmt: skip
    return FeedbackTaken(rating=command.rating, words=command.words, task=unhappy)


@handles(SetConsent)
async def set_consent(ctx: ShopContext, command: SetConsent) -> ConsentSet:
    await record_consent(ctx.tx, ctx.customer, command.kind, command.source, ctx.now, granted=command.on)
    return ConsentSet(on=command.on, open_order=bool(await orders_in(ctx, ("awaiting_payment", *UNDER_WAY))))


@handles(WatchStock)
async def watch(ctx: ShopContext, command: WatchStock) -> StockWatched:
    fresh = await free_stock(ctx.tx, (command.sku,))
    new = await watch_stock(ctx.tx, ctx.customer, command.sku, command.source, ctx.now)
    return StockWatched(variant=tell_variant(ctx, command.sku, fresh.get(command.sku)), already=not new)


@handles(KnownCustomer)
async def known_customer(ctx: ShopContext, command: KnownCustomer) -> CustomerKnown:
    row = await ctx.tx.row(
        "SELECT cu.name, cu.phone, cu.email,"
        " (SELECT jsonb_agg(jsonb_build_array(a.label, a.address) ORDER BY a.used_at DESC) FROM customer_address a"
        "    WHERE a.customer = cu.id) AS addresses,"
        " (SELECT jsonb_build_array(o.delivery, o.payment) FROM shop_order o WHERE o.customer = cu.id"
        "    AND o.status NOT IN ('cancelled', 'expired') ORDER BY o.placed_at DESC LIMIT 1) AS last,"
        " (SELECT extract(epoch FROM %s - c.updated_at) / 3600 FROM cart c WHERE c.customer = cu.id"
        "    AND jsonb_array_length(c.lines) > 0) AS cart_age"
        " FROM customer cu WHERE cu.id = %s",
        ctx.now,
        ctx.customer,
    )
    if row is None:
        return CustomerKnown()
    last = row["last"] or (None, None)
    return CustomerKnown(
        name=row["name"],
        phone=row["phone"],
        email=row["email"],
        addresses=tuple((label, address) for label, address in row["addresses"] or ()),
        last_delivery=last[0],
        last_payment=last[1],
        returning=row["last"] is not None,
        cart_age_hours=float(row["cart_age"]) if row["cart_age"] is not None else None,
    )
