"""What was written is understood outside any lock: context-free, by whoever received it or finds it waiting."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from base.db import Database
from bot.model import Proposals
from bot.understanding import Parsed, Ranker, Understanding

SHORT = 200  # letters that are read within a few milliseconds


class Reading:
    """`ranker` None: the understanding ranks the intents itself. `proposals` None: there is no language model."""

    def __init__(
        self, db: Database, understanding: Understanding, ranker: Ranker | None, proposals: Proposals | None
    ) -> None:
        self._db, self._understanding, self._ranker, self._proposals = db, understanding, ranker, proposals
        self._received: dict[str, dict[int, tuple[str, str]]] = {}  # here, not yet understood, by conversation

    def expect(self, conversation: str, texts: Mapping[int, tuple[str, str]]) -> None:
        """These were received: inbound -> (text, language so far)."""
        self._received.setdefault(conversation, {}).update(texts)

    async def waiting(self, conversation: str) -> dict[int, Parsed]:
        """All that waits, by inbound: what this process has received, else what it finds."""
        received = self._received.pop(conversation, None)
        if received is not None:
            return {
                inbound: await self._proposed(conversation, inbound, await self._understood(text, locale))
                for inbound, (text, locale) in received.items()
            }
        async with self._db.begin() as tx:
            rows = await tx.rows(
                """SELECT i.id, i.content->>'text' AS text, i.parsed, c.locale FROM inbound i
                   JOIN conversation c ON c.id = i.conversation_id
                   WHERE i.conversation_id = %s AND i.status = 'pending' AND i.content ? 'text'""",
                conversation,
            )
        return {
            row["id"]: Parsed.model_validate(row["parsed"])  # a model was asked already, and is not asked twice
            if row["parsed"]
            else await self._proposed(conversation, row["id"], await self._understood(row["text"] or "", row["locale"]))
            for row in rows
        }

    async def _proposed(self, conversation: str, inbound: int, parsed: Parsed) -> Parsed:
        return parsed if self._proposals is None else await self._proposals.meaning(conversation, inbound, parsed)

    async def _understood(self, text: str, prior: str | None) -> Parsed:
        """A long message is read beside the loop, so that nobody else waits for it."""
        if len(text) <= SHORT:
            parsed = self._understanding.parse(text, prior=prior)
        else:
            parsed = await asyncio.to_thread(self._understanding.parse, text, prior=prior)
        return parsed if self._ranker is None else await self._ranker.rank(parsed)
