"""What a person has to look at: the open tasks, where each belongs, and that one is done."""

from __future__ import annotations

from datetime import datetime

from base.db import Row, Tx
from base.errors import BadInput, ShopkeeperError
from bot import ownership
from bot.messages import Value
from bot.ownership import Manager
from desk.money import audit
from desk.words import called
from shop.approvals import APPROVAL

MOST_TASKS = 200


class NoSuchTask(ShopkeeperError):
    def __init__(self, task: str) -> None:
        super().__init__(f"There is no open task {task}.", "See: shopkeeper tasks list")


class OpenTask(Value):
    """One thing to look at."""

    id: str
    kind: str
    text: str  # as it was raised; words of customers may stand in it
    since: datetime
    conversation: str = ""  # where it happened, or where its customer talks
    name: str = ""
    order: str = ""  # its number
    refund: str = ""  # what is approved or refused here
    owed: str = ""  # a refund that a person sends by hand, and says so here


async def open_tasks(tx: Tx, *, limit: int = MOST_TASKS) -> list[OpenTask]:
    """The oldest first."""
    rows = await tx.rows(
        """SELECT t.id, t.kind, t.text, t.created_at, o.number, r.id AS refund, owed.id AS owed,
                  c.id AS conversation, c.channel,
                  coalesce(nullif(c.name, ''), customer.name, '') AS name
           FROM task t
           LEFT JOIN shop_order o ON o.id = t."order"
           LEFT JOIN refund r ON t.kind = %s AND t.key = 'refund-approval-' || r.id AND r.state = 'awaiting_approval'
           LEFT JOIN refund owed ON t.kind = 'refund_failed' AND t.key = 'refund-failed-' || owed.id
                                 AND owed.state IN ('needs_person', 'failed')
           LEFT JOIN LATERAL (
               SELECT id, channel, name FROM conversation
               WHERE id = t.actor OR customer_id = coalesce(t.customer, o.customer)
               ORDER BY id = t.actor DESC, last_inbound_at DESC NULLS LAST LIMIT 1) c ON true
           LEFT JOIN customer ON customer.id = coalesce(t.customer, o.customer)
           WHERE t.state = 'open' ORDER BY t.created_at, t.id LIMIT %s""",
        APPROVAL,
        limit,
    )
    return [_task(row) for row in rows]


async def count_tasks(tx: Tx) -> int:
    row = await tx.row("SELECT count(*) AS n FROM task WHERE state = 'open'")
    return int(row["n"]) if row else 0


async def done(tx: Tx, task: str, manager: Manager, *, now: datetime) -> None:
    """Nobody needs to look at it any more. With the last message of a talk that could not be sent, the talk itself
    leaves the list of those that wait. Raises NoSuchTask, also for one that a colleague has done, and BadInput where
    more than a look is asked for.
    """
    known = await tx.row("SELECT kind, actor FROM task WHERE id = %s AND state = 'open'", task)
    if known is None:
        raise NoSuchTask(task)
    if known["kind"] == APPROVAL:
        raise BadInput("This one is done by approving or refusing the refund.", "See: shopkeeper payments refunds")
    unsent = known["kind"] == ownership.UNSENT and known["actor"]
    if unsent:
        await ownership.lock(tx, known["actor"])  # before the task, as the one who raises it does
    changed = await tx.execute(
        "UPDATE task SET state = 'done', done_at = %s, by = %s WHERE id = %s AND state = 'open'", now, manager.id, task
    )
    if not changed:
        raise NoSuchTask(task)
    more = unsent and await tx.row(
        "SELECT 1 FROM task WHERE kind = %s AND actor = %s AND state = 'open' LIMIT 1",
        ownership.UNSENT, known["actor"],
    )  # fmt: skip
    if unsent and not more:
        await ownership.strike_off(tx, known["actor"], now=now)
    await audit(tx, manager, "task_done", {"task": task, "kind": known["kind"]}, now)


def _task(row: Row) -> OpenTask:
    talk = row["conversation"] or ""
    return OpenTask(
        id=row["id"],
        kind=row["kind"],
        text=row["text"],
        since=row["created_at"],
        conversation=talk,
        name=called(row["name"], row["channel"], talk) if talk else row["name"],
        order=row["number"] or "",
        refund=row["refund"] or "",
        owed=row["owed"] or "",
    )
