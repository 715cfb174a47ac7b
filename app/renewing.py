"""A pay link whose hold is over leads to a new one, as long as everything is still there."""

from __future__ import annotations

from base.clock import Clock
from base.db import Database
from bot.world import World
from shop.commands import PaymentRequested, RequestPayment


class Renewal:
    """Keeps an expired order anew for whoever has its link, as the chat does."""

    def __init__(self, db: Database, clock: Clock, world: World) -> None:
        self._db, self._clock, self._world = db, clock, world

    async def link(self, token: str) -> str:
        """The new link; empty when there is nothing to renew, or when it is not all there any more."""
        async with self._db.begin() as tx:
            row = await tx.row(
                "SELECT o.id, o.customer, o.locale, o.channel, o.source FROM payment p"
                ' JOIN shop_order o ON o.id = p."order"'
                " WHERE p.token = %s AND p.state = 'expired' AND p.edit IS NULL"
                " AND o.status IN ('expired', 'awaiting_payment')",
                token,
            )
            if row is None:
                return ""
            ctx = self._world.context(
                tx, now=self._clock.now(), customer=row["customer"], locale=row["locale"], actor="pay page",
                channel=row["channel"], source=row["source"] or "",
            )  # fmt: skip
            said = await self._world.handle(ctx, RequestPayment(order=row["id"]))
        return said.link or "" if isinstance(said, PaymentRequested) else ""
