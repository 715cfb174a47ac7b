"""Refunds that people wish for: given back out of what was paid, above the owner's limit when a manager agrees."""

from __future__ import annotations

from datetime import datetime

from base.cards import masked
from base.db import Row, Tx
from base.errors import BadInput, ShopkeeperError
from base.ids import new_id
from base.money import Money
from base.text import readable
from shop import history
from shop.commands import PaymentRefunded, RefundRefused
from shop.handlers import Tell
from shop.orders import Order, lock_order
from shop.refunds import ARRIVES_AFTER, DISPUTED, create_refund, left_to_refund
from shop.shopfile import ShopFile
from shop.states import REFUND

APPROVAL = "refund_approval"  # the kind of the task
LONGEST_WHY = 500
HELD = "(counts OR (state = 'settled' AND came_minor IS NOT NULL))"  # what paid for the order, or came as another sum


class DecidedAlready(ShopkeeperError):
    """A colleague was faster, or the refund never needed anybody."""


def task_of(refund: str) -> str:
    """The key of the task that asks for the approval of this refund."""
    return f"refund-approval-{refund}"


async def over_limit(tx: Tx, order: str, due: Money, shop: ShopFile) -> bool:
    """Whether `due`, with all that was asked back of this order before, is more than goes back without a person."""
    limit = shop.refunds.approve_over
    if limit is None:
        return False
    row = await tx.row(
        'SELECT coalesce(sum(amount_minor), 0) AS minor FROM refund WHERE "order" = %s AND currency = %s'
        " AND wished_by IS NOT NULL AND state NOT IN ('voided', 'refused')",
        order,
        due.currency,
    )
    asked = due + Money(int(row["minor"]) if row else 0, due.currency)
    return asked.currency != limit.currency or asked > limit


async def give_back(
    tx: Tx, order: Order, due: Money, reason: str, *, key: str, who: str, what: str, shop: ShopFile, now: datetime
) -> bool:
    """Give back `due` of an order, which is locked, because `who` wishes so; `what` tells a manager what for.

    It comes out of the payments that count for the order, the newest first, and then out of what came as another sum
    than was due; each gives back at most what it has left.
    Above the owner's limit all of it waits for approval; returns whether it does. Raises ShopkeeperError when it is
    more than was paid.
    """
    waits = await over_limit(tx, order.id, due, shop)
    rows = await tx.rows(
        f'SELECT id FROM payment WHERE "order" = %s AND {HELD} ORDER BY counts DESC, settled_at DESC, id FOR UPDATE',  # noqa: S608
        order.id,
    )
    for row in rows:
        amount = min(due, await left_to_refund(tx, row["id"], due.currency))
        if amount.amount_minor > 0:
            made = await create_refund(
                tx, row["id"], order.id, amount, reason, now, key=f"{key}-{row['id']}", wished_by=who
            )
            due -= amount
            if waits:
                await _ask(tx, made.id, order, amount, who, what, now)
    if due:
        raise ShopkeeperError("More would be given back than was paid.", "Look at the refunds of this order.")
    return waits


async def give_back_unasked(
    tx: Tx, number: str, amount: str, why: str, *, who: str, shop: ShopFile, tell: Tell, now: datetime
) -> tuple[Money, bool]:
    """A manager gives back a part of an order, or all of it, because he thinks it right; the customer is told.

    `amount` is in the order's currency, such as 12.00. Returns it, and whether it waits for approval: then the customer
    is told once it is approved. Raises BadInput, and ShopkeeperError when that is more than was paid.
    """
    why = masked(readable(why)).strip()
    if not why or len(why) > LONGEST_WHY:
        raise BadInput("A refund needs its reason.", f"Say why, in at most {LONGEST_WHY} characters.")
    known = await tx.row("SELECT id FROM shop_order WHERE number = %s", number.strip().upper())
    order = await lock_order(tx, known["id"]) if known else None
    if order is None:
        raise BadInput(f"There is no order {number}.", "See: shopkeeper orders list")
    due = Money.parse(amount, order.total.currency)
    if due.amount_minor <= 0:
        raise BadInput("A refund is more than nothing.", "Write it like 12.00.")
    paid = await tx.row(
        f"SELECT r.payment, {DISPUTED} AS disputed FROM"  # noqa: S608 (own words)
        f' (SELECT id AS payment FROM payment WHERE "order" = %s AND {HELD}) AS r'
        " ORDER BY disputed DESC, payment LIMIT 1",
        order.id,
    )
    if paid is None:
        raise BadInput(f"Nothing was paid for order {order.number}.", "See: shopkeeper orders show NUMBER")
    if paid["disputed"]:
        raise BadInput("The payment is disputed: nothing goes back until that is decided.", "See the provider's site.")
    key = f"shop-{new_id()}"
    waits = await give_back(tx, order, due, "shop", key=key, who=who, what=why, shop=shop, now=now)
    if not waits:
        told = PaymentRefunded(
            order=order.id, payment=paid["payment"], number=order.number, amount=due, reason="shop",
            by=now + ARRIVES_AFTER,
        )  # fmt: skip
        await tell(tx, order.customer, told)
    return due, waits


async def _ask(tx: Tx, refund: str, order: Order, amount: Money, who: str, what: str, now: datetime) -> None:
    await history.advance(
        tx, REFUND, refund, "created", "awaiting_approval", who="shop", why="over the limit of the shop", now=now
    )
    asks = "the customer" if who == f"customer {order.customer}" else who
    words = f"{order.number}: {amount} {amount.currency} to give back, asked for by {asks} ({what})"
    await history.raise_task(tx, APPROVAL, words, key=task_of(refund), now=now, customer=order.customer, order=order.id)


async def approve(tx: Tx, refund: str, who: str, tell: Tell, now: datetime) -> Money:
    """Let a refund go, once; a worker makes the call, and the customer is told. Returns how much.

    Raises DecidedAlready, and BadInput while the payment is disputed.
    """
    row, order = await _awaited(tx, refund)
    if row["disputed"]:
        raise BadInput("The payment is disputed: nothing goes back until that is decided.", "See the provider's site.")
    by, amount = now + ARRIVES_AFTER, Money(row["amount_minor"], row["currency"])
    await history.advance(tx, REFUND, refund, row["state"], "created", who=who, why="approved", now=now)
    await tx.execute("UPDATE refund SET expected_by = %s WHERE id = %s", by, refund)
    told = PaymentRefunded(
        order=order.id, payment=row["payment"], number=order.number, amount=amount, reason="approved", by=by
    )
    await tell(tx, order.customer, told)
    return amount


async def refuse(tx: Tx, refund: str, who: str, why: str, tell: Tell, now: datetime) -> Money:
    """The money stays. The customer is told that a person will write, and a task asks for that. Returns how much.

    Raises DecidedAlready, BadInput without a reason.
    """
    why = masked(readable(why)).strip()
    if not why or len(why) > LONGEST_WHY:
        raise BadInput("A refusal needs its reason.", f"Say why, in at most {LONGEST_WHY} characters.")
    row, order = await _awaited(tx, refund)
    amount = Money(row["amount_minor"], row["currency"])
    await history.advance(tx, REFUND, refund, row["state"], "refused", who=who, why=why, now=now)
    words = (
        f"{order.number}: {who} does not give back {amount} {amount.currency} ({why})."
        " Write to the customer, who was told that somebody will."
    )
    await history.raise_task(
        tx, "refund_refused", words, key=f"refund-refused-{refund}", now=now, customer=order.customer, order=order.id
    )
    await tell(tx, order.customer, RefundRefused(order=order.id, number=order.number, amount=amount))
    return amount


async def _awaited(tx: Tx, refund: str) -> tuple[Row, Order]:
    """The refund and its order, locked in the house's order."""
    known = await tx.row('SELECT "order" FROM refund WHERE id = %s', refund)
    order = await lock_order(tx, known["order"]) if known else None
    if order is None:
        raise BadInput(f"There is no refund {refund}.", "See: shopkeeper payments refunds")
    row = await tx.row(
        f"SELECT r.*, {DISPUTED} AS disputed FROM refund r JOIN payment p ON p.id = r.payment"  # noqa: S608 (own words)
        " WHERE r.id = %s FOR UPDATE OF p, r",
        refund,
    )
    assert row is not None
    if row["state"] != "awaiting_approval":
        last = await tx.row(
            "SELECT who, to_state FROM history WHERE entity = 'refund' AND entity_id = %s"
            " AND from_state = 'awaiting_approval' ORDER BY id DESC LIMIT 1",
            refund,
        )
        verb = {"created": "approved", "refused": "refused"}.get(last["to_state"], "closed") if last else ""
        raise DecidedAlready(f"{last['who']} {verb} this refund already." if last else "This refund needs no approval.")
    return row, order
