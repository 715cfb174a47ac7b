"""The queue: which conversations a manager sees in which view, and in what order."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.db import Row, Tx
from base.money import Money
from bot.messages import Value
from desk.words import called, content_words, read_content, read_fitted, short

View = Literal["waiting", "mine", "colleagues", "bot", "done", "all"]
ON_THE_LIST = """(c.owner = 'bot' AND EXISTS (SELECT 1 FROM handoff WHERE conversation_id = c.id
    AND released_at IS NULL AND taken_at IS NULL))"""  # asked for a person when nobody was there; the bot goes on
VIEWS: tuple[View, ...] = ("waiting", "mine", "colleagues", "bot", "done", "all")

TALKING = "24 hours"  # how long after his last words a customer still talks with the bot
MOST_ROWS = 200

# Each view: who is in it, and who comes first.
WHERE: dict[View, str] = {
    "waiting": f"c.owner = 'queue' OR {ON_THE_LIST}",
    "mine": "c.owner = %(manager)s",
    "colleagues": "c.owner NOT IN ('bot', 'queue', %(manager)s)",
    "bot": f"""c.owner = 'bot' AND NOT {ON_THE_LIST}
        AND c.last_inbound_at > coalesce(%(now)s, now()) - interval '{TALKING}'""",
    "done": "c.owner = 'bot' AND h.released_at IS NOT NULL",
    "all": "true",
}
ORDER: dict[View, str] = {
    "waiting": "stake_minor DESC NULLS LAST, h.asked_at, c.id",
    "mine": "unanswered DESC, coalesce(c.last_inbound_at, c.updated_at) DESC, c.id",
    "colleagues": "coalesce(c.last_inbound_at, c.updated_at) DESC, c.id",
    "bot": "c.last_inbound_at DESC, c.id",
    "done": "h.released_at DESC, c.id",
    "all": "coalesce(c.last_inbound_at, c.updated_at) DESC, c.id",
}


class QueueRow(Value):
    """One conversation in a list."""

    id: str
    name: str  # the customer's, or what stands for it
    channel: str
    locale: str
    owner: str  # bot, queue, or the manager's name
    owner_id: str  # bot, queue, or the manager's id
    reason: str  # why a person was asked for; empty when nobody was
    last_words: str
    last_author: str  # customer bot manager system; empty before the first word
    last_at: datetime | None
    waiting_since: datetime | None  # asked for a person, or wrote to one and has no answer yet
    stake: Money | None  # the order that waits for money, else the cart
    reachable: bool


class Counts(Value):
    """How many conversations each view holds."""

    waiting: int
    mine: int
    colleagues: int
    bot: int
    done: int


async def list_conversations(
    tx: Tx, view: View, manager_id: str = "", *, now: datetime | None = None, limit: int = MOST_ROWS
) -> list[QueueRow]:
    """The conversations of a view, most urgent first. `now` is the shop's (the database's when absent)."""
    rows = await tx.rows(
        f"""SELECT c.id, coalesce(nullif(c.name, ''), customer.name, '') AS name, c.channel, c.locale, c.owner,
                   coalesce(m.name, c.owner) AS owner_name, c.reachable,
                   h.reason, h.asked_at, h.taken_at, h.released_at,
                   came.content, came.received_at, went.fitted, went.author, went.at AS went_at,
                   coalesce(due.minor, worth.minor) AS stake_minor, coalesce(due.currency, worth.currency) AS currency,
                   (came.received_at > coalesce(answered.at, '-infinity')) AS unanswered
            FROM conversation c
            LEFT JOIN manager m ON m.id = c.owner
            LEFT JOIN customer ON customer.id = c.customer_id
            LEFT JOIN LATERAL (
                SELECT reason, asked_at, taken_at, released_at FROM handoff WHERE conversation_id = c.id
                ORDER BY asked_at DESC LIMIT 1) h ON true
            LEFT JOIN LATERAL (
                SELECT content, received_at FROM inbound WHERE conversation_id = c.id ORDER BY id DESC LIMIT 1) came
                ON true
            LEFT JOIN LATERAL (
                SELECT fitted, author, at FROM outbox
                WHERE conversation_id = c.id AND author <> 'system' AND status NOT IN ('dropped', 'expired')
                ORDER BY id DESC LIMIT 1) went
                ON true
            LEFT JOIN LATERAL (
                SELECT max(at) AS at FROM outbox WHERE conversation_id = c.id AND author = 'manager') answered ON true
            LEFT JOIN LATERAL (
                SELECT sum(total_minor)::bigint AS minor, max(currency) AS currency FROM shop_order
                WHERE customer = c.customer_id AND status = 'awaiting_payment' HAVING count(*) > 0) due ON true
            LEFT JOIN LATERAL (
                SELECT coalesce(cart.told_total_minor, sum(v.price_minor * (line ->> 'quantity')::bigint)::bigint)
                           AS minor, max(v.currency) AS currency
                FROM cart, jsonb_array_elements(cart.lines) AS line JOIN variant v ON v.sku = line ->> 'sku'
                WHERE cart.customer = c.customer_id GROUP BY cart.id) worth ON true
            WHERE {WHERE[view]} ORDER BY {ORDER[view]} LIMIT %(limit)s""",  # noqa: S608 - constants of this file
        manager=manager_id, now=now, limit=limit,
    )  # fmt: skip
    return [_queue_row(row) for row in rows]


async def count_views(tx: Tx, manager_id: str, *, now: datetime | None = None) -> Counts:
    """The numbers beside the names of the views."""
    row = await tx.row(
        f"""SELECT count(*) FILTER (WHERE {WHERE["waiting"]}) AS waiting,
                   count(*) FILTER (WHERE {WHERE["mine"]}) AS mine,
                   count(*) FILTER (WHERE {WHERE["colleagues"]}) AS colleagues,
                   count(*) FILTER (WHERE {WHERE["bot"]}) AS bot,
                   (SELECT count(*) FROM (
                        SELECT DISTINCT handoff.conversation_id FROM handoff
                        JOIN conversation ON conversation.id = handoff.conversation_id AND conversation.owner = 'bot'
                        WHERE handoff.released_at IS NOT NULL LIMIT {MOST_ROWS}) AS handed_back) AS done
            FROM conversation c
            WHERE c.owner <> 'bot' OR {ON_THE_LIST}
                  OR c.last_inbound_at > coalesce(%(now)s, now()) - interval '{TALKING}'""",  # noqa: S608 - constants of this file
        manager=manager_id, now=now,
    )  # fmt: skip
    return Counts.model_validate(row)


def _queue_row(row: Row) -> QueueRow:
    words, author, at = _last_words(row)
    return QueueRow(
        id=row["id"],
        name=called(row["name"], row["channel"], row["id"]),
        channel=row["channel"],
        locale=row["locale"],
        owner=row["owner_name"],
        owner_id=row["owner"],
        reason=row["reason"] or "",
        last_words=short(words),
        last_author=author,
        last_at=at,
        waiting_since=_waiting_since(row),
        stake=Money(row["stake_minor"], row["currency"]) if row["stake_minor"] and row["currency"] else None,
        reachable=row["reachable"],
    )


def _last_words(row: Row) -> tuple[str, str, datetime | None]:
    came, went = row["received_at"], row["went_at"]
    if went is not None and (came is None or went >= came):
        return read_fitted(row["fitted"]).words(), row["author"], went
    if came is not None:
        return content_words(read_content(row["content"])), "customer", came
    return "", "", None


def _waiting_since(row: Row) -> datetime | None:
    if row["owner"] == "bot":
        listed = row["asked_at"] and not row["taken_at"] and not row["released_at"]
        return datetime_of(row["asked_at"]) if listed else None
    if row["owner"] == "queue":
        return datetime_of(row["asked_at"])
    return datetime_of(row["received_at"]) if row["unanswered"] else None


def datetime_of(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
