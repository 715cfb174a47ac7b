"""What a manager does with money by hand: says that it came, went back, or may go back. Written down with his name."""

from __future__ import annotations

from datetime import datetime

from psycopg.types.json import Jsonb

from base.cards import masked
from base.db import Tx
from base.errors import BadInput
from base.money import Money, total
from bot.ownership import Manager
from shop import approvals
from shop.disputes import let_go
from shop.handlers import Tell
from shop.payment_port import RefundReport
from shop.refunds import apply_refund_report, task_of_failed
from shop.shopfile import ShopFile
from shop.transfers import transfer_came, transfer_not_found


async def came(tx: Tx, number: str, manager: Manager, shop: ShopFile, tell: Tell, *, now: datetime) -> Money:
    """The transfer for order `number` is in the account; the customer is told. Raises BadInput when none is awaited."""
    amount = await transfer_came(tx, number, shop, tell, now)
    await audit(tx, manager, "transfer_came", {"order": number, "amount": f"{amount} {amount.currency}"}, now)
    return amount


async def not_found(tx: Tx, number: str, manager: Manager, shop: ShopFile, tell: Tell, *, now: datetime) -> Money:
    """The transfer that was shown is not in the account; the customer is told. Raises BadInput when none is awaited."""
    amount = await transfer_not_found(tx, number, shop, tell, now)
    await audit(tx, manager, "transfer_not_found", {"order": number}, now)
    return amount


async def sent_back(tx: Tx, number: str, manager: Manager, *, now: datetime, refund: str = "") -> Money:
    """A person has sent back what order `number` waits for, or only `refund` of it; returns how much that was.

    What the provider refused to send counts too: it is not tried any more then. Raises BadInput when no refund of this
    order waits for a person, and when those that do are in several currencies.
    """
    await tx.row("SELECT 1 FROM shop_order WHERE number = %s FOR UPDATE", number.strip().upper())
    rows = await tx.rows(
        'SELECT r.*, p.provider FROM refund r JOIN payment p ON p.id = r.payment JOIN shop_order o ON o.id = r."order"'
        " WHERE o.number = %s AND starts_with(r.id, %s) AND r.state IN ('needs_person', 'failed') ORDER BY r.id"
        " FOR UPDATE OF p, r",
        number.strip().upper(), refund.strip().lower(),
    )  # fmt: skip
    if not rows:
        raise BadInput(f"No refund of order {number} waits for a person.", "See: shopkeeper orders show NUMBER")
    if len({row["currency"] for row in rows}) > 1:
        raise BadInput("Refunds in several currencies wait for this order.", "Say which one: --refund REFUND")
    for row in rows:
        event = f"{row['key']}:by-hand"
        await apply_refund_report(tx, RefundReport(row["provider"], event, "done", now, key=row["key"]), now)
        await close_tasks(tx, [task_of_failed(row["id"]), f"refund-{row['payment']}"])
    amount = total((Money(row["amount_minor"], row["currency"]) for row in rows), rows[0]["currency"])
    await audit(tx, manager, "refund", {"order": number, "amount": f"{amount} {amount.currency}"}, now)
    return amount


async def sent_one_back(tx: Tx, refund: str, manager: Manager, *, now: datetime) -> Money:
    """As `sent_back`, for one refund by its id. Raises DecidedAlready when it does not wait for a person (any more)."""
    row = await tx.row('SELECT o.number FROM refund r JOIN shop_order o ON o.id = r."order" WHERE r.id = %s', refund)
    try:
        return await sent_back(tx, row["number"] if row else "", manager, now=now, refund=refund)
    except BadInput:
        raise approvals.DecidedAlready("This refund does not wait for a person any more.") from None


async def give_back(
    tx: Tx, number: str, amount: str, why: str, manager: Manager, shop: ShopFile, tell: Tell, *, now: datetime
) -> tuple[Money, bool]:
    """A manager's own refund of order `number`; see approvals.give_back_unasked. Returns how much, and if it waits."""
    due, waits = await approvals.give_back_unasked(
        tx, number, amount, why, who=manager.name, shop=shop, tell=tell, now=now
    )
    details = {"order": number.strip().upper(), "amount": f"{due} {due.currency}", "why": masked(why)}
    await audit(tx, manager, "refund_given", details, now)
    return due, waits


async def release(tx: Tx, number: str, manager: Manager, *, now: datetime) -> None:
    """Send an order although the dispute about its money is lost. Raises BadInput when it is not held for that."""
    await let_go(tx, number, manager.name, now)
    await audit(tx, manager, "order_released", {"order": number.strip().upper()}, now)


async def approve(tx: Tx, refund: str, manager: Manager, tell: Tell, *, now: datetime) -> Money:
    """Let a refund over the shop's limit go; the customer is told. Raises DecidedAlready, BadInput."""
    amount = await approvals.approve(tx, refund, manager.name, tell, now)
    await _decided(tx, refund, manager, "refund_approved", {"amount": f"{amount} {amount.currency}"}, now)
    return amount


async def refuse(tx: Tx, refund: str, why: str, manager: Manager, tell: Tell, *, now: datetime) -> Money:
    """Keep what was asked back; the customer is told that a person will write. Raises DecidedAlready, BadInput."""
    amount = await approvals.refuse(tx, refund, manager.name, why, tell, now)
    details = {"amount": f"{amount} {amount.currency}", "why": why}
    await _decided(tx, refund, manager, "refund_refused", details, now)
    return amount


async def _decided(tx: Tx, refund: str, manager: Manager, action: str, details: dict[str, str], now: datetime) -> None:
    await tx.execute(
        "UPDATE task SET state = 'done', done_at = %s, by = %s WHERE key = %s AND state = 'open'",
        now, manager.id, approvals.task_of(refund),
    )  # fmt: skip
    await audit(tx, manager, action, {"refund": refund, **details}, now)


async def close_tasks(tx: Tx, keys: list[str]) -> None:
    """Nobody needs to look at these any more."""
    await tx.execute("UPDATE task SET state = 'done' WHERE key = ANY(%s)", keys)


async def audit(tx: Tx, manager: Manager, action: str, details: dict[str, str], now: datetime) -> None:
    await tx.execute(
        "INSERT INTO audit (manager_id, action, details, at) VALUES (%s, %s, %s, %s)",
        manager.id, action, Jsonb(details), now,
    )  # fmt: skip
