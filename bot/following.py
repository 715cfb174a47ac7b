"""Where a customer also hears of his parcels: in the messenger in which he opened the signed link of an order.

Two customers never become one by it. The link proves that somebody had the page of the order before him, no more; so
all that it opens is that news of parcels, which say number and status, may go there when the customer's own messenger
is closed to them. Nothing of an order can be seen, changed or paid there.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from base.db import Tx

PREFIX = "n-"
FORM = re.compile(r"n-([0-9a-f]{32})([A-Za-z0-9_-]{22})")  # 56 signs; Telegram takes 64
VALID = timedelta(days=30)  # after the order was placed
NEWS = ("tracking.moved.",)  # how the text keys begin of what a follower may read
SOURCE = "order-news"  # where a conversation came from that began with such a link


@runtime_checkable
class Linked(Protocol):
    """A messenger that can be opened by a link which tells us who comes."""

    async def link(self, payload: str) -> str:
        """Raises ShopkeeperError."""
        ...


@dataclass(frozen=True, slots=True)
class Following:
    """Makes and reads the links; whoever has not the secret can make none."""

    secret: bytes

    def payload(self, order: str) -> str:
        """What the link of an order says. `order`: its id."""
        return f"{PREFIX}{order}{self._mark(order)}"

    def order_in(self, source: str) -> str | None:
        """The id of the order, where `source` is such a link and genuine."""
        found = FORM.fullmatch(source)
        genuine = found and hmac.compare_digest(found[2], self._mark(found[1]))
        return found[1] if found and genuine else None

    def _mark(self, order: str) -> str:
        digest = hmac.digest(self.secret, f"news of order {order}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


async def follow(tx: Tx, order: str, conversation: str, *, now: datetime) -> bool:
    """Let a conversation hear of the parcels of the customer who placed the order; the first of a messenger stays.

    False where there is no such order, it is too old, or another conversation was first.
    """
    row = await tx.row(
        """INSERT INTO follower (customer, channel, conversation_id, at)
           SELECT o.customer, c.channel, c.id, %(now)s FROM shop_order o, conversation c
           WHERE o.id = %(order)s AND o.placed_at > %(since)s
             AND c.id = %(conversation)s AND c.customer_id <> o.customer
           ON CONFLICT (customer, channel) DO UPDATE SET at = excluded.at
           WHERE follower.conversation_id = excluded.conversation_id RETURNING customer""",
        now=now, order=order, since=now - VALID, conversation=conversation,
    )  # fmt: skip
    return row is not None


def may_follow(keys: Sequence[str]) -> bool:
    """Whether a message made of these text keys may go to a follower."""
    return bool(keys) and all(key.startswith(NEWS) for key in keys)
