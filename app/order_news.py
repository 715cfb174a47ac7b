"""The link by which a customer of a messenger with a closing window hears of his parcels in Telegram as well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from base.db import Database
from base.errors import ShopkeeperError
from bot.channel import Channel
from bot.following import Following, Linked

TO = "telegram"
PATIENCE = 2.0  # seconds that a page waits for the name of the bot; it is asked once


@dataclass(frozen=True, slots=True)
class OrderNews:
    db: Database
    channels: Mapping[str, Channel]
    following: Following | None

    async def link(self, number: str) -> str:
        """The address for the order of this number; empty where its channel is never closed, or it is followed."""
        to = self.channels.get(TO)
        closing = [name for name, one in self.channels.items() if one.limits.reply_window is not None]
        if self.following is None or not closing or not isinstance(to, Linked):
            return ""
        async with self.db.begin() as tx:
            row = await tx.row(
                """SELECT id FROM shop_order o WHERE number = %s AND channel = ANY(%s)
                     AND NOT EXISTS (SELECT 1 FROM follower f WHERE f.customer = o.customer AND f.channel = %s)""",
                number, closing, TO,
            )  # fmt: skip
        if row is None:
            return ""
        try:
            async with asyncio.timeout(PATIENCE):
                return await to.link(self.following.payload(row["id"]))
        except (ShopkeeperError, TimeoutError):
            return ""
