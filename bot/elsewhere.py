"""Another way to the same customer: news that one channel is closed to goes where he talks to the shop as well, or
where he asked to hear of his parcels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from base.db import Row, Tx
from bot import optins, ownership
from bot.channel import Channel
from bot.following import may_follow
from bot.messages import Ask, Cards, Choices, Fitted, Outbound, Part, TextPart
from bot.render_fit import fit
from bot.windows import Kind, path_of

MOVES: frozenset[Kind] = frozenset({"news", "marketing"})  # an answer belongs where it was asked for


async def agreed_to_offers(tx: Tx, customer: str) -> bool:
    """Whether the newest word of the customer about offers, or about goods he waits for, was a yes."""
    row = await tx.row(
        """SELECT granted FROM consent WHERE customer = %s AND (kind = 'marketing' OR kind LIKE 'stock_alert:%%')
           ORDER BY id DESC LIMIT 1""",
        customer,
    )
    return row is not None and bool(row["granted"])


async def move(
    tx: Tx, channels: Mapping[str, Channel], conversation: Row, row: Row, kind: Kind, *, now: datetime
) -> str | None:
    """Put a message into another conversation of the same customer; returns its channel, None where there is none.

    Only where the bot has the talk, the customer can be reached, and that channel's own rules let it pass. One that is
    busy at this moment is left alone, so that two conversations never wait for each other.
    """
    if kind not in MOVES:
        return None
    others = await tx.rows(
        """SELECT id, channel, account, peer, epoch, last_inbound_at FROM conversation c
           WHERE (customer_id = %(customer)s OR (%(follows)s AND id IN (
                    SELECT f.conversation_id FROM follower f WHERE f.customer = %(customer)s AND NOT EXISTS (
                      SELECT 1 FROM consent no WHERE no.customer = c.customer_id AND no.kind = 'marketing'
                        AND NOT no.granted AND no.at > f.at))))
             AND id <> %(id)s AND owner = %(bot)s AND reachable AND last_inbound_at IS NOT NULL
             AND channel = ANY(%(channels)s)
           ORDER BY customer_id = %(customer)s DESC, last_inbound_at DESC FOR UPDATE SKIP LOCKED""",
        customer=conversation["customer_id"], id=conversation["id"], bot=ownership.BOT, channels=list(channels),
        follows=may_follow(row["keys"]),
    )  # fmt: skip
    for other in others:
        channel = channels[other["channel"]]
        opted = await optins.valid(tx, other["id"], now) if kind == "marketing" else None
        if path_of(channel, kind, now - other["last_inbound_at"], agreed=True, opt_in=opted).way == "none":
            continue
        calls = fit(_without_question(row), channel.limits)
        if not calls:
            return None
        for place, call in enumerate(calls):
            await tx.execute(
                """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                       expires_at, attempts, error, at)
                   VALUES (%s, %s, 'bot', '', %s, %s, %s, 'queued', now(), %s, 0, '', %s)
                   ON CONFLICT (key) DO NOTHING""",
                f"{row['key']}:{place}", other["id"], other["epoch"], Jsonb(call.model_dump(mode="json")),
                Jsonb(row["keys"]), row["expires_at"], now,
            )  # fmt: skip
        await tx.execute("UPDATE conversation SET lane_due_at = now() WHERE id = %s", other["id"])
        return str(other["channel"])
    return None


def _without_question(row: Row) -> Outbound:
    """The words and pictures; a button or an answer means something in its own conversation only."""
    try:
        fitted = Fitted.model_validate(row["fitted"])
    except ValidationError:
        return Outbound(parts=())
    parts: list[Part] = []
    for part in fitted.parts:
        if isinstance(part, Cards):
            parts.append(Cards(cards=tuple(card.model_copy(update={"buttons": ()}) for card in part.cards)))
        elif isinstance(part, TextPart) and fitted.question in part.text and fitted.question:
            parts.append(TextPart(text=part.text.rpartition(fitted.question)[0]))  # behind it stand its choices
        elif not isinstance(part, Choices | Ask):
            parts.append(part)
    return Outbound(parts=tuple(parts))
