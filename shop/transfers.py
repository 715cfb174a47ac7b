"""Bank transfers: a photo as proof becomes a task, and a manager says whether the money has come."""

from __future__ import annotations

from datetime import datetime

from base.db import Row, Tx
from base.errors import BadInput
from base.money import Money
from shop.attempts import BY_TRANSFER
from shop.commands import NoProofDue, ProofTaken, SendProof
from shop.handlers import ShopContext, Tell, handles
from shop.history import raise_task
from shop.payment_port import PaymentReport, PaymentState
from shop.payments import apply_report
from shop.shopfile import ShopFile

PROOF = "transfer_proof"  # the kind of the task


@handles(SendProof)
async def send_proof(ctx: ShopContext, command: SendProof) -> ProofTaken | NoProofDue:
    """One open task for each transfer, however many photos come: they stand in the conversation."""
    row = await ctx.tx.row(
        """SELECT p.id, p."order", p.amount_minor, p.currency, o.number,
                  (SELECT count(*) FROM task t
                   WHERE t."order" = o.id AND t.kind = %(kind)s AND t.state = 'done') AS before
           FROM payment p JOIN shop_order o ON o.id = p."order"
           WHERE o.customer = %(customer)s AND p.provider = %(provider)s
             AND (p.state IN ('created', 'pending') OR p.state = 'declined' AND o.status = 'awaiting_payment')
           ORDER BY p.created_at DESC LIMIT 1""",
        kind=PROOF, customer=ctx.customer, provider=BY_TRANSFER,
    )  # fmt: skip
    if row is None:
        return NoProofDue()
    amount = Money(row["amount_minor"], row["currency"])
    words = f"{row['number']}: the customer shows a transfer of {amount} {amount.currency}; look whether it has come"
    await raise_task(
        ctx.tx, PROOF, words, key=f"proof-{row['id']}-{row['before']}", now=ctx.now, customer=ctx.customer,
        order=row["order"], actor=ctx.actor,
    )  # fmt: skip
    return ProofTaken(number=row["number"])


async def transfer_came(tx: Tx, number: str, shop: ShopFile, tell: Tell, now: datetime) -> Money:
    """A manager sees the money in the account. Raises BadInput when no transfer is waited for with this order.

    The order's hold may have ended: then it is money that came late, and is judged as such.
    """
    row = await _awaited(tx, number, ("created", "pending", "declined", "expired", "voided"))
    return await _report(tx, row, "settled", "came", shop, tell, now)


async def transfer_not_found(tx: Tx, number: str, shop: ShopFile, tell: Tell, now: datetime) -> Money:
    """A manager does not see it: the customer is told, and may show another proof until the hold ends."""
    row = await _awaited(tx, number, ("created", "pending"))
    return await _report(tx, row, "declined", f"not found {now.isoformat()}", shop, tell, now)


async def _awaited(tx: Tx, number: str, states: tuple[str, ...]) -> Row:
    row = await tx.row(
        'SELECT p.* FROM payment p JOIN shop_order o ON o.id = p."order" WHERE o.number = %s AND p.provider = %s'
        " AND p.state = ANY(%s) ORDER BY p.created_at DESC LIMIT 1",
        number.strip().upper(),
        BY_TRANSFER,
        list(states),
    )
    if row is None:
        raise BadInput(f"No transfer is waited for with order {number}.", "See: shopkeeper payments list")
    return row


async def _report(tx: Tx, row: Row, state: PaymentState, what: str, shop: ShopFile, tell: Tell, now: datetime) -> Money:
    amount = Money(row["amount_minor"], row["currency"])
    event = f"{row['key']}:{what}"
    report = PaymentReport(BY_TRANSFER, event, state, now, row["key"], row["reference"], amount)
    await apply_report(tx, report, shop, tell, now)
    await tx.execute(
        "UPDATE task SET state = 'done' WHERE \"order\" = %s AND kind = %s AND state = 'open'", row["order"], PROOF
    )
    return amount
