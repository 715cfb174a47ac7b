"""Since when the shop has had a token: what is known of its end where Meta tells nobody (Instagram's own login)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from base.clock import Clock
from base.db import Database

LIFE = timedelta(days=60)  # of a long-lived token of an Instagram account, from when it was made


@dataclass(frozen=True, slots=True)
class SeenTokens:
    db: Database
    clock: Clock

    async def ends(self, account: str, token: str) -> datetime:
        """When `token` ends at the latest: it was made before the shop saw it for the first time."""
        fingerprint = hashlib.sha256(token.encode()).hexdigest()
        async with self.db.begin() as tx:
            row = await tx.row(
                """INSERT INTO meta_token (account, fingerprint, seen_at) VALUES (%s, %s, %s)
                   ON CONFLICT (account, fingerprint) DO UPDATE SET seen_at = meta_token.seen_at RETURNING seen_at""",
                account, fingerprint, self.clock.now(),
            )  # fmt: skip
        assert row is not None
        seen: datetime = row["seen_at"]
        return seen + LIFE
