"""The cart: typed operations kept as events, each with the operation that takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from base.db import Tx
from base.errors import ShopkeeperError
from base.ids import new_id
from base.money import Money

# ---- lines and operations: pure ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class SetLine:
    """Set a SKU to a quantity; 0 takes the line out. `position`: where a new line goes; None: at the end."""

    sku: str
    quantity: int
    position: int | None = None


Lines = tuple[Line, ...]
Operation = tuple[SetLine, ...]


def apply(lines: Lines, operation: Sequence[SetLine]) -> tuple[Lines, Operation]:
    """The lines after the operation, and the operation that brings `lines` back."""
    after = list(lines)
    inverse: list[SetLine] = []
    for step in operation:
        at = next((i for i, line in enumerate(after) if line.sku == step.sku), None)
        if at is None:
            if step.quantity > 0:
                after.insert(len(after) if step.position is None else step.position, Line(step.sku, step.quantity))
                inverse.append(SetLine(step.sku, 0))
            continue
        inverse.append(SetLine(step.sku, after[at].quantity, at))
        if step.quantity > 0:
            after[at] = Line(step.sku, step.quantity)
        else:
            del after[at]
    return tuple(after), tuple(reversed(inverse))


def quantity_of(lines: Lines, sku: str) -> int:
    return next((line.quantity for line in lines if line.sku == sku), 0)


def adding(lines: Lines, wishes: Mapping[str, int]) -> Operation:
    return tuple(SetLine(sku, quantity_of(lines, sku) + more) for sku, more in wishes.items())


def clearing(lines: Lines) -> Operation:
    return tuple(SetLine(line.sku, 0) for line in lines)


def changing_variant(lines: Lines, sku: str, to: str) -> Operation:
    """The same number of the other variant, in the same place; nothing when the line is not there."""
    at = next((i for i, line in enumerate(lines) if line.sku == sku), None)
    if at is None or sku == to:
        return ()
    return SetLine(sku, 0), SetLine(to, quantity_of(lines, to) + lines[at].quantity, at)


def restoring(lines: Lines, back: Lines) -> Operation:
    """Put lines of an order that is gone before those that were added since."""
    return tuple(SetLine(line.sku, quantity_of(lines, line.sku) + line.quantity, i) for i, line in enumerate(back))


# ---- the cart as it is kept ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cart:
    id: str
    customer: str
    revision: int
    lines: Lines
    codes: tuple[str, ...]
    delivery: str | None
    city: str | None
    wrong_codes: int
    told_total_minor: int | None
    told_units: Mapping[str, int]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Unpaid:
    """The customer's order that still waits for its money."""

    order: str
    number: str
    lines: Lines
    codes: tuple[str, ...] = ()
    delivery: str | None = None

    def held(self, sku: str) -> int:
        return quantity_of(self.lines, sku)


@dataclass(frozen=True, slots=True)
class Buyer:
    """What pricing must know of the person. An unpaid order makes no difference to `first_order` and `used`.

    `used`: promotion -> committed uses; `manual`: SKU -> (price, reason).
    """

    first_order: bool = True
    segments: frozenset[str] = frozenset()
    used: Mapping[str, int] = field(default_factory=dict)
    manual: Mapping[str, tuple[Money, str]] = field(default_factory=dict)
    unpaid: Unpaid | None = None


_LOAD = """
SELECT c.*, cu.segments,
  NOT EXISTS (SELECT 1 FROM shop_order o WHERE o.customer = c.customer
              AND o.status NOT IN ('cancelled', 'expired', 'awaiting_payment')) AS first_order,
  (SELECT jsonb_object_agg(promotion, uses) FROM (SELECT promotion, count(*) AS uses FROM redemption
     WHERE customer = c.customer AND state = 'committed' GROUP BY promotion) r) AS used,
  (SELECT jsonb_agg(m) FROM (SELECT DISTINCT ON (sku) sku, amount_minor, currency, reason FROM manual_price
     WHERE customer = c.customer AND revoked_at IS NULL AND (until IS NULL OR until > %(now)s)
     ORDER BY sku, created_at DESC) m) AS manual,
  (SELECT jsonb_build_object('order', o.id, 'number', o.number, 'codes', o.codes, 'delivery', o.delivery, 'lines',
     (SELECT jsonb_agg(jsonb_build_object('sku', l.sku, 'quantity', l.quantity) ORDER BY l.position)
        FROM order_line l WHERE l."order" = o.id))
     FROM shop_order o WHERE o.customer = c.customer AND o.status = 'awaiting_payment'
     ORDER BY o.placed_at DESC LIMIT 1) AS unpaid
FROM cart c JOIN customer cu ON cu.id = c.customer WHERE c.customer = %(customer)s FOR UPDATE OF c
"""


async def load_cart(tx: Tx, customer: str, now: datetime) -> tuple[Cart, Buyer]:
    """Lock and read the customer's cart (made when there is none) and what pricing must know of him, in one query."""
    row = await tx.row(_LOAD, customer=customer, now=now)
    if row is None:
        made = await tx.execute(
            "INSERT INTO cart (id, customer, revision, lines, codes, wrong_codes, told_units, updated_at)"
            " SELECT %(id)s, id, 0, '[]', '[]', 0, '{}', %(now)s FROM customer WHERE id = %(customer)s"
            " ON CONFLICT (customer) DO NOTHING",
            id=new_id(),
            customer=customer,
            now=now,
        )
        row = await tx.row(_LOAD, customer=customer, now=now)
        if row is None:
            raise ShopkeeperError(f"There is no customer {customer!r} (cart made: {made}).")
    cart = Cart(
        id=row["id"],
        customer=customer,
        revision=row["revision"],
        lines=_lines(row["lines"]),
        codes=tuple(row["codes"]),
        delivery=row["delivery"],
        city=row["city"],
        wrong_codes=row["wrong_codes"],
        told_total_minor=row["told_total_minor"],
        told_units=row["told_units"],
        updated_at=row["updated_at"],
    )
    buyer = Buyer(
        first_order=row["first_order"],
        segments=frozenset(row["segments"]),
        used=row["used"] or {},
        manual={
            one["sku"]: (Money(one["amount_minor"], one["currency"]), one["reason"]) for one in row["manual"] or ()
        },
        unpaid=_unpaid(row["unpaid"]),
    )
    return cart, buyer


async def save_cart(tx: Tx, cart: Cart, now: datetime, *, moved: bool = True) -> Cart:
    """Write the cart back. `moved`: something that a quote or the customer's memory depends on has changed."""
    if moved:
        cart = replace(cart, revision=cart.revision + 1, updated_at=now)
    await tx.execute(
        "UPDATE cart SET revision = %(revision)s, lines = %(lines)s, codes = %(codes)s, delivery = %(delivery)s,"
        " city = %(city)s, wrong_codes = %(wrong_codes)s, told_total_minor = %(told)s, told_units = %(units)s,"
        " updated_at = %(updated_at)s WHERE id = %(id)s",
        id=cart.id,
        revision=cart.revision,
        lines=Jsonb([{"sku": line.sku, "quantity": line.quantity} for line in cart.lines]),
        codes=Jsonb(list(cart.codes)),
        delivery=cart.delivery,
        city=cart.city,
        wrong_codes=cart.wrong_codes,
        told=cart.told_total_minor,
        units=Jsonb(dict(cart.told_units)),
        updated_at=cart.updated_at,
    )
    return cart


# ---- events --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastEvent:
    id: int
    kind: str
    inverse: Operation


async def write_event(
    tx: Tx, cart: str, *, actor: str, kind: str, operation: Operation, inverse: Operation, undoable: bool, now: datetime
) -> int:
    """Append one operation to the cart's history and return its id."""
    row = await tx.row(
        "INSERT INTO cart_event (cart, actor, kind, operation, inverse, undoable, at)"
        " VALUES (%(cart)s, %(actor)s, %(kind)s, %(operation)s, %(inverse)s, %(undoable)s, %(now)s) RETURNING id",
        cart=cart,
        actor=actor,
        kind=kind,
        operation=Jsonb(_written(operation)),
        inverse=Jsonb(_written(inverse)),
        undoable=undoable,
        now=now,
    )
    assert row is not None
    return int(row["id"])


async def last_undoable(tx: Tx, cart: str, actor: str) -> PastEvent | None:
    """The last operation of this actor that was not taken back; none from before an order that stands."""
    row = await tx.row(
        "SELECT id, kind, inverse FROM cart_event WHERE cart = %(cart)s AND actor = %(actor)s AND undoable"
        " AND undone_by IS NULL AND id > coalesce((SELECT max(id) FROM cart_event"
        " WHERE cart = %(cart)s AND kind = 'placed' AND undone_by IS NULL), 0) ORDER BY id DESC LIMIT 1",
        cart=cart,
        actor=actor,
    )
    if row is None:
        return None
    inverse = tuple(SetLine(step["sku"], step["quantity"], step["position"]) for step in row["inverse"])
    return PastEvent(row["id"], row["kind"], inverse)


async def mark_undone(tx: Tx, event: int, by: int) -> None:
    await tx.execute("UPDATE cart_event SET undone_by = %s WHERE id = %s", by, event)


async def mark_placed_undone(tx: Tx, cart: str, by: int) -> None:
    """The order that took the lines is gone: what was done before it can be taken back again."""
    await tx.execute(
        "UPDATE cart_event SET undone_by = %(by)s WHERE id = (SELECT max(id) FROM cart_event"
        " WHERE cart = %(cart)s AND kind = 'placed' AND undone_by IS NULL)",
        by=by,
        cart=cart,
    )


def _unpaid(row: Mapping[str, Any] | None) -> Unpaid | None:
    if row is None:
        return None
    return Unpaid(row["order"], row["number"], _lines(row["lines"] or []), tuple(row["codes"]), row["delivery"])


def _lines(rows: Sequence[Mapping[str, Any]]) -> Lines:
    return tuple(Line(row["sku"], row["quantity"]) for row in rows)


def _written(operation: Operation) -> list[dict[str, Any]]:
    return [{"sku": step.sku, "quantity": step.quantity, "position": step.position} for step in operation]
