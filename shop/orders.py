"""Orders: placed once, kept for a time, revised, expired, cancelled. Money is the business of shop.payments."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from base.db import Database, Row, Tx
from base.ids import new_id, new_number, new_token
from base.money import Money
from shop import history, stock
from shop.cart import Buyer, Cart, Line, Lines, apply, load_cart, mark_placed_undone, restoring, save_cart, write_event
from shop.commands import PaymentExpired, PaymentOnItsWay
from shop.handlers import ShopContext, Tell
from shop.pricing import shares
from shop.promotions import Goods
from shop.redemptions import release_uses
from shop.states import ORDER, PAYMENT
from shop.valuation import Valued

OPEN = ("awaiting_payment", "confirmed", "paid", "shipped")


@dataclass(frozen=True, slots=True)
class Order:
    """The part of an order that decisions need."""

    id: str
    number: str
    customer: str
    status: str
    total: Money
    codes: tuple[str, ...]
    payment: str  # method code
    delivery: str  # method code
    address: str | None
    point: str | None
    city: str | None
    recipient: str
    phone: str
    email: str | None
    reserved_until: datetime | None
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """Where an order goes, to whom, and how it is paid: what the customer said yes to besides the cart."""

    recipient: str
    phone: str
    email: str | None
    delivery: str
    address: str | None
    point: str | None
    city: str | None
    payment: str


def read_order(row: Row) -> Order:
    return Order(
        id=row["id"],
        number=row["number"],
        customer=row["customer"],
        status=row["status"],
        total=Money(row["total_minor"], row["currency"]),
        codes=tuple(row["codes"]),
        payment=row["payment"],
        delivery=row["delivery"],
        address=row["address"],
        point=row["point"],
        city=row["city"],
        recipient=row["recipient"],
        phone=row["phone"],
        email=row["email"],
        reserved_until=row["reserved_until"],
        placed_at=row["placed_at"],
    )


def held(order: str) -> str:
    """SQL: whether the order of this id (a column) is held: disputed, or the money that paid for it lost for good."""
    paid_for_it = "EXISTS (SELECT 1 FROM payment contested WHERE contested.id = d.payment AND contested.counts)"
    lost = f"(d.state = 'lost' AND NOT d.let_go AND {paid_for_it})"
    return f"EXISTS (SELECT 1 FROM dispute d WHERE d.\"order\" = {order} AND (d.state = 'open' OR {lost}))"  # noqa: S608


async def lock_order(tx: Tx, order: str) -> Order | None:
    row = await tx.row("SELECT * FROM shop_order WHERE id = %s FOR UPDATE", order)
    return read_order(row) if row else None


async def own_order(tx: Tx, customer: str, order: str) -> Order | None:
    """An order of this customer by id or number; nobody else's is ever found."""
    row = await tx.row(
        "SELECT * FROM shop_order WHERE customer = %s AND (id = %s OR number = upper(%s))", customer, order, order
    )
    return read_order(row) if row else None


async def order_lines(tx: Tx, order: str) -> Lines:
    rows = await tx.rows('SELECT sku, quantity FROM order_line WHERE "order" = %s ORDER BY position', order)
    return tuple(Line(row["sku"], row["quantity"]) for row in rows)


# ---- placing -------------------------------------------------------------------------------------


def fingerprint(valued: Valued, terms: Terms) -> str:
    """Changes with everything the customer's yes was about: lines, prices, coupons, delivery, sums, terms."""
    said = {
        "lines": [(goods.sku, goods.quantity, goods.unit.amount_minor) for goods in valued.situation.goods],
        "codes": sorted(valued.priced.codes),
        "sums": [(line.kind, line.amount.amount_minor) for line in valued.priced.breakdown.lines],
        "terms": [terms.delivery, terms.address, terms.point, terms.payment, terms.recipient, terms.phone],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


async def write_order(
    ctx: ShopContext, valued: Valued, terms: Terms, *, key: str, status: str, until: datetime | None
) -> str:
    """Insert an order with its price snapshot; returns its id. Stock and promo uses are the caller's next step."""
    order, breakdown = new_id(), valued.priced.breakdown
    zero = Money.zero(ctx.shop.currency)
    await ctx.tx.execute(
        "INSERT INTO shop_order (id, number, token, customer, key, status, currency, goods_minor, discount_minor,"
        " delivery_minor, total_minor, breakdown, codes, recipient, phone, email, delivery, address, point, city,"
        " payment, locale, channel, source, placed_at, reserved_until) VALUES (%(id)s, %(number)s, %(token)s,"
        " %(customer)s, %(key)s, %(status)s, %(currency)s, %(goods)s, %(discount)s, %(delivery_price)s, %(total)s,"
        " %(breakdown)s, %(codes)s, %(recipient)s, %(phone)s, %(email)s, %(delivery)s, %(address)s, %(point)s,"
        " %(city)s, %(payment)s, %(locale)s, %(channel)s, %(source)s, %(now)s, %(until)s)",
        id=order,
        number=new_number(ctx.shop.order_prefix),
        token=new_token(),
        customer=ctx.customer,
        key=key,
        status=status,
        currency=ctx.shop.currency,
        goods=breakdown.goods.amount_minor,
        discount=breakdown.discount.amount_minor,
        delivery_price=(breakdown.delivery or zero).amount_minor,
        total=breakdown.total.amount_minor,
        breakdown=Jsonb(breakdown.model_dump(mode="json")),
        codes=Jsonb(list(valued.priced.codes)),
        recipient=terms.recipient,
        phone=terms.phone,
        email=terms.email,
        delivery=terms.delivery,
        address=terms.address,
        point=terms.point,
        city=terms.city,
        payment=terms.payment,
        locale=ctx.locale,
        channel=ctx.channel,
        source=ctx.source,
        now=ctx.now,
        until=until,
    )
    goods = valued.situation.goods
    lines = line_rows(goods, shares(goods, breakdown.discount))
    await write_lines(ctx.tx, order, lines)
    await history.begin(ctx.tx, ORDER, order, status, who=f"customer {ctx.customer}", why="placed", now=ctx.now)
    return order


def line_rows(goods: Sequence[Goods], discounts: Sequence[Money]) -> list[dict[str, Any]]:
    """Lines of an order as they are written; `discounts` are their shares of the goods discount."""
    return [
        {
            "position": position, "sku": line.sku, "product": line.product, "name": line.name,
            "quantity": line.quantity, "unit_minor": line.unit.amount_minor, "total_minor": line.total.amount_minor,
            "discount_minor": share.amount_minor, "currency": line.unit.currency, "note": line.note,
        }
        for position, (line, share) in enumerate(zip(goods, discounts, strict=True))
    ]  # fmt: skip


async def write_lines(tx: Tx, order: str, lines: Sequence[dict[str, Any]]) -> None:
    await tx.execute(
        'INSERT INTO order_line ("order", position, sku, product, name, quantity, unit_minor, total_minor,'
        " discount_minor, currency, note) SELECT %s, l.* FROM jsonb_to_recordset(%s) AS l(position int, sku text,"
        " product text, name text, quantity int, unit_minor bigint, total_minor bigint, discount_minor bigint,"
        " currency text, note text)",
        order,
        Jsonb(list(lines)),
    )


def wanted_of(lines: Lines) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for line in lines:
        wanted[line.sku] = wanted.get(line.sku, 0) + line.quantity
    return wanted


# ---- revising ------------------------------------------------------------------------------------


async def call_off(ctx: ShopContext, order: Order, why: str) -> None:
    """Cancel an unpaid order, which is locked: void its links, give back stock and promo uses."""
    who = f"customer {ctx.customer}"
    await history.advance(ctx.tx, ORDER, order.id, order.status, "cancelled", who=who, why=why, now=ctx.now)
    await ctx.tx.execute("UPDATE shop_order SET cancelled_at = %s WHERE id = %s", ctx.now, order.id)
    await close_payments(ctx.tx, order.id, "voided", who=who, why=f"the order was {why}", now=ctx.now)
    await stock.release(ctx.tx, order.id)
    await release_uses(ctx.tx, order.id)


async def open_order(tx: Tx, customer: str) -> str | None:
    """The newest order of a customer that is not over, by id."""
    row = await tx.row(
        "SELECT id FROM shop_order WHERE customer = %s"
        " AND status IN ('awaiting_payment', 'confirmed', 'paid', 'shipped') ORDER BY placed_at DESC LIMIT 1",
        customer,
    )
    return row["id"] if row else None


async def revise(ctx: ShopContext, order: Order, cart: Cart) -> tuple[Cart, Buyer]:
    """Cancel an unpaid order: void its links, give back stock and promo uses, put its lines back into the cart.

    `order` is locked and awaits payment (or its hold has ended). Returns the cart and the buyer as they are then.
    """
    lines = await order_lines(ctx.tx, order.id)
    await call_off(ctx, order, "revised by the customer")
    operation = restoring(cart.lines, lines)
    together, inverse = apply(cart.lines, operation)
    event = await write_event(
        ctx.tx,
        cart.id,
        actor=ctx.actor,
        kind="restored",
        operation=operation,
        inverse=inverse,
        undoable=False,
        now=ctx.now,
    )
    await mark_placed_undone(ctx.tx, cart.id, event)
    restored = replace(
        cart,
        lines=together,
        codes=(*order.codes, *(code for code in cart.codes if code not in order.codes)),
        delivery=cart.delivery or order.delivery,
        city=cart.city or order.city,
    )
    await save_cart(ctx.tx, restored, ctx.now)
    return await load_cart(ctx.tx, ctx.customer, ctx.now)


async def close_payments(tx: Tx, order: str, to: str, *, who: str, why: str, now: datetime) -> tuple[str, ...]:
    """End every attempt of an order that could still collect money; the providers are told later. Returns their ids."""
    rows = await tx.rows(
        "SELECT id, state FROM payment WHERE \"order\" = %s AND state IN ('created', 'pending', 'declined')"
        " ORDER BY id FOR UPDATE",
        order,
    )
    for row in rows:
        await history.advance(tx, PAYMENT, row["id"], row["state"], to, who=who, why=why, now=now)
        await tx.execute(
            "UPDATE payment SET cancel_due = reference IS NOT NULL, look_at = %s, looks = 0 WHERE id = %s",
            now,
            row["id"],
        )
    return tuple(row["id"] for row in rows)


# ---- the hold ------------------------------------------------------------------------------------


async def hold_until(tx: Tx, order: str, until: datetime) -> None:
    """Everything that an order holds, and what collects its money, lasts until then. The caller has locked it."""
    for statement in (
        "UPDATE reservation SET until = %s WHERE \"order\" = %s AND state = 'held'",
        "UPDATE payment SET until = %s WHERE \"order\" = %s AND state IN ('created', 'pending', 'declined')",
        "UPDATE order_edit SET until = %s WHERE \"order\" = %s AND state = 'awaiting_payment'",
        "UPDATE shop_order SET reserved_until = %s WHERE id = %s",
    ):
        await tx.execute(statement, until, order)


# ---- the hold ends -------------------------------------------------------------------------------


async def expire_due(db: Database, now: datetime, tell: Tell, *, limit: int = 100) -> int:
    """End the orders whose hold has run out, each in its own transaction; returns how many."""
    ended = 0
    while ended < limit:
        if not await db.run(lambda tx: _expire_one(tx, now, tell)):
            break
        ended += 1
    return ended


async def _expire_one(tx: Tx, now: datetime, tell: Tell) -> bool:
    row = await tx.row(
        "SELECT * FROM shop_order WHERE status = 'awaiting_payment' AND reserved_until <= %s"
        " ORDER BY reserved_until LIMIT 1 FOR UPDATE SKIP LOCKED",
        now,
    )
    if row is None:
        return False
    order = read_order(row)
    await history.advance(
        tx, ORDER, order.id, order.status, "expired", who="shop", why="not paid within the hold", now=now
    )
    payments = await close_payments(tx, order.id, "expired", who="shop", why="died with the hold", now=now)
    await stock.release(tx, order.id)
    await release_uses(tx, order.id)
    if await tx.row("SELECT 1 FROM payment WHERE \"order\" = %s AND state = 'settled'", order.id):
        return True  # other money came than was asked for: the customer knows that a person looks at it
    moving = await tx.row(
        'SELECT p.id FROM payment_report r JOIN payment p ON p.id = r.payment WHERE p."order" = %s'
        " AND r.state = 'on_its_way' AND p.state NOT IN ('declined', 'voided') LIMIT 1",
        order.id,
    )
    if moving:
        await tell(tx, order.customer, PaymentOnItsWay(order=order.id, payment=moving["id"], number=order.number))
        return True
    expired = PaymentExpired(order=order.id, payment=payments[-1] if payments else "", number=order.number)
    await tell(tx, order.customer, expired)
    return True
