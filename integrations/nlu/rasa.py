"""A Rasa server ranks the intents of each clause; when it cannot, the ranking that is there already stays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection

from pydantic import BaseModel, Field, ValidationError

from base.health import Health
from bot.understanding import Clause, Parsed
from integrations.nlu.server import Count, Now, OpinionServer, Useless, nobody_counts

PATIENCE = 1.0  # seconds for all clauses of a message
PAUSE = 10.0  # seconds that a server which failed is left alone
MOST_CLAUSES = 8  # of one message; nobody may keep the server busy with one
LONGEST_ANSWER = 1_000_000  # bytes
COMMAND = "/"  # Rasa takes a text that begins so for the name of an intent, and believes it
UNSURE = "nlu_fallback"  # what its FallbackClassifier puts first; we judge doubt by the confidence
MEND = "Look whether the server runs with a model of data/intents.yml (docs/rasa.md)"


class _Intent(BaseModel):
    name: str
    confidence: float = Field(ge=0, le=1.001, allow_inf_nan=False)  # a float32 may stand a hair above 1


class _Answer(BaseModel):
    intent_ranking: list[_Intent] = Field(min_length=1)


class Rasa:
    """Implements bot.understanding.Ranker."""

    def __init__(
        self,
        url: str,
        intents: Collection[str],
        *,
        patience: float = PATIENCE,
        pause: float = PAUSE,
        count: Count = nobody_counts,
        now: Now = time.monotonic,
    ) -> None:
        """`intents`: those that dialogs handle; a model with others was trained on other data and is not believed."""
        self._intents = frozenset(intents)
        self._server = OpinionServer(
            "rasa", url, patience=patience, pause=pause, longest=LONGEST_ANSWER, count=count, now=now
        )

    async def rank(self, parsed: Parsed) -> Parsed:
        """The same message with Rasa's ranking of every clause, or as it is. Never raises."""
        if not 0 < len(parsed.clauses) <= MOST_CLAUSES or any(c.text.startswith(COMMAND) for c in parsed.clauses):
            return parsed
        if self._server.rests():
            return parsed
        try:
            ranked = await self._all(parsed.clauses)
        except Useless as useless:
            self._server.failed(str(useless))
            return parsed
        self._server.answered()
        return parsed.model_copy(update={"clauses": ranked})

    async def check(self) -> Health:
        """Ask it what a customer would."""
        try:
            await self._ranking("hello")
        except Useless as useless:
            return Health("warn", f"{self._server.base.origin()} {useless}; the embedded understanding is used", MEND)
        return Health("ok", f"{self._server.base.origin()} ranks our intents")

    async def close(self) -> None:
        await self._server.close()

    async def _all(self, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """All or none: a message is not judged half by one and half by the other."""
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._ranking(clause.text)) for clause in clauses]
        except ExceptionGroup as several:
            first = several.exceptions[0]
            raise first if isinstance(first, Useless) else Useless(f"fails ({type(first).__name__})") from None
        return tuple(
            clause.model_copy(update={"ranking": task.result()}) for clause, task in zip(clauses, asked, strict=True)
        )

    async def _ranking(self, text: str) -> tuple[tuple[str, float], ...]:
        try:
            answer = _Answer.model_validate_json(await self._server.fetch("POST", "model/parse", {"text": text}))
        except ValidationError:
            raise Useless("answers something else than a ranking of intents") from None
        ranking = [(one.name, min(one.confidence, 1.0)) for one in answer.intent_ranking if one.name != UNSURE]
        if strange := [name for name, _ in ranking if name not in self._intents]:
            raise Useless(f"names the intent {strange[0][:60]!r}, which is not in data/intents.yml")
        if not ranking:
            raise Useless("ranks no intent")
        return tuple(sorted(ranking, key=lambda one: -one[1]))
