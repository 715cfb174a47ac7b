"""A yes to offers that the customer gave the platform itself: its token, until when it counts, and how often.

Outside its window Messenger takes an offer only from who has such a token (messaging_optins, 2023-06-20), and one
message in 48 hours (Marketing messages, 2025-09-01). It is no more than a way: without the customer's yes to the shop
no offer goes anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from base.db import Tx
from bot.channel import Sent
from bot.messages import Address, Fitted, OptedIn
from shop.customers import record_consent

BETWEEN = timedelta(hours=48)  # two offers to one person
ASKED_EVERY = timedelta(days=7)  # at most, with one title (Marketing messages, 2025-09-01)


STANDING = """
SELECT o.token, o.until FROM opt_in o JOIN conversation c ON c.id = o.conversation_id
WHERE o.conversation_id = %s AND NOT o.stopped AND (o.until IS NULL OR o.until > %s) AND NOT EXISTS (
  SELECT 1 FROM consent no WHERE no.customer = c.customer_id AND no.kind = 'marketing' AND NOT no.granted
    AND no.at >= o.at AND no.source NOT LIKE '%% opt-in')
"""


@dataclass(frozen=True, slots=True)
class OptIn:
    """`left`: how long the token counts; None: without an end."""

    token: str
    left: timedelta | None


@runtime_checkable
class SendsOffers(Protocol):
    """A channel that takes offers at any time from who has opted in."""

    async def send_offer(self, to: Address, message: Fitted, token: str, *, key: str) -> Sent:
        """Raises as `Channel.send` does."""
        ...


async def keep(tx: Tx, address: Address, told: OptedIn, *, at: datetime, now: datetime) -> None:
    """Somebody opted in or out at the platform, at its moment `at`; what is older than what is known says nothing.

    Nor does the end of an older token.
    """
    row = await tx.row(
        """INSERT INTO opt_in (conversation_id, token, until, stopped, at)
           SELECT id, %(token)s, %(until)s, %(stopped)s, %(at)s FROM conversation
           WHERE channel = %(channel)s AND account = %(account)s AND peer = %(peer)s
           ON CONFLICT (conversation_id) DO UPDATE
           SET token = excluded.token, stopped = excluded.stopped, at = excluded.at,
               until = CASE WHEN opt_in.token = excluded.token THEN coalesce(excluded.until, opt_in.until)
                            ELSE excluded.until END
           WHERE opt_in.at < excluded.at AND (opt_in.token = excluded.token OR NOT excluded.stopped)
           RETURNING (SELECT customer_id FROM conversation WHERE id = conversation_id) AS customer""",
        token=told.token, until=told.until, stopped=not told.on, at=at,
        channel=address.channel, account=address.account, peer=address.peer,
    )  # fmt: skip
    if row is not None:
        await record_consent(tx, row["customer"], "marketing", f"{address.channel} opt-in", now, granted=told.on)


async def valid(tx: Tx, conversation: str, now: datetime) -> OptIn | None:
    """The token by which an offer may go now; None where there is none, it has ended, or one went not long ago.

    A "no" in the chat ends it for good, whatever he says to the shop after that.
    """
    row = await tx.row(f"{STANDING} AND (o.used_at IS NULL OR o.used_at <= %s)", conversation, now, now - BETWEEN)
    return OptIn(row["token"], row["until"] - now if row["until"] else None) if row else None


async def may_ask(tx: Tx, conversation: str, now: datetime) -> bool:
    """Whether the platform shall ask him now: neither where he has said yes, nor twice in a week."""
    asked = await tx.row(
        """SELECT 1 FROM outbox WHERE conversation_id = %s AND at > %s AND status <> 'dropped'
             AND fitted->'parts' @> '[{"kind": "opt_in"}]' LIMIT 1""",
        conversation, now - ASKED_EVERY,
    )  # fmt: skip
    return asked is None and await tx.row(STANDING, conversation, now) is None


async def used(tx: Tx, conversation: str, now: datetime) -> None:
    """An offer went this way, or the platform says that one did not long ago."""
    await tx.execute("UPDATE opt_in SET used_at = %s WHERE conversation_id = %s", now, conversation)
