"""A Rasa server ranks the intents of each clause; when it cannot, the ranking that is there already stays."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from typing import Literal

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import BaseModel, Field, ValidationError
from yarl import URL

from base.health import Health
from bot.understanding import Clause, Parsed

PATIENCE = 1.0  # seconds for all clauses of a message
PAUSE = 10.0  # seconds that a server which failed is left alone
MOST_CLAUSES = 8  # of one message; nobody may keep the server busy with one
LONGEST_ANSWER = 1_000_000  # bytes
COMMAND = "/"  # Rasa takes a text that begins so for the name of an intent, and believes it
UNSURE = "nlu_fallback"  # what its FallbackClassifier puts first; we judge doubt by the confidence
MEND = "Look whether the server runs with a model of data/intents.yml (docs/rasa.md)"

Outcome = Literal["answered", "failed", "spared"]

log = structlog.get_logger("rasa")


class _Intent(BaseModel):
    name: str
    confidence: float = Field(ge=0, le=1.001, allow_inf_nan=False)  # a float32 may stand a hair above 1


class _Answer(BaseModel):
    intent_ranking: list[_Intent] = Field(min_length=1)


class _Useless(Exception):
    """No ranking came; the words say why, and never what the customer wrote."""


class Rasa:
    """Implements bot.understanding.Ranker."""

    def __init__(
        self,
        url: str,
        intents: Collection[str],
        *,
        patience: float = PATIENCE,
        pause: float = PAUSE,
        count: Callable[[Outcome], None] = lambda _: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`intents`: those that dialogs handle; a model with others was trained on other data and is not believed.
        `now`: seconds of any clock that only goes on.
        """
        self._base = URL(url)
        self._intents = frozenset(intents)
        self._timeout = ClientTimeout(total=patience)
        self._pause, self._count, self._now = pause, count, now
        self._http: ClientSession | None = None
        self._down = False
        self._rest_until = 0.0

    async def rank(self, parsed: Parsed) -> Parsed:
        """The same message with Rasa's ranking of every clause, or as it is. Never raises."""
        if not 0 < len(parsed.clauses) <= MOST_CLAUSES or any(c.text.startswith(COMMAND) for c in parsed.clauses):
            return parsed
        if self._down:
            if self._now() < self._rest_until:
                self._count("spared")
                return parsed
            self._rest_until = self._now() + self._pause  # this message tries it; nobody else waits meanwhile
        try:
            ranked = await self._all(parsed.clauses)
        except _Useless as useless:
            self._failed(str(useless))
            return parsed
        if self._down:
            log.info("rasa.back")
        self._down = False
        self._count("answered")
        return parsed.model_copy(update={"clauses": ranked})

    async def check(self) -> Health:
        """Ask it what a customer would."""
        try:
            await self._ranking("hello")
        except _Useless as useless:
            return Health("warn", f"{self._base.origin()} {useless}; the embedded understanding is used", MEND)
        return Health("ok", f"{self._base.origin()} ranks our intents")

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _failed(self, why: str) -> None:
        self._count("failed")
        if not self._down:  # told once, not at every try
            log.warning("rasa.down", reason=why, pause=self._pause)
        self._down, self._rest_until = True, self._now() + self._pause

    async def _all(self, clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
        """All or none: a message is not judged half by one and half by the other."""
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._ranking(clause.text)) for clause in clauses]
        except ExceptionGroup as several:
            first = several.exceptions[0]
            raise first if isinstance(first, _Useless) else _Useless(f"fails ({type(first).__name__})") from None
        return tuple(
            clause.model_copy(update={"ranking": task.result()}) for clause, task in zip(clauses, asked, strict=True)
        )

    async def _ranking(self, text: str) -> tuple[tuple[str, float], ...]:
        try:
            answer = _Answer.model_validate_json(await self._post(text))
        except ValidationError:
            raise _Useless("answers something else than a ranking of intents") from None
        ranking = [(one.name, min(one.confidence, 1.0)) for one in answer.intent_ranking if one.name != UNSURE]
        if strange := [name for name, _ in ranking if name not in self._intents]:
            raise _Useless(f"names the intent {strange[0][:60]!r}, which is not in data/intents.yml")
        if not ranking:
            raise _Useless("ranks no intent")
        return tuple(sorted(ranking, key=lambda one: -one[1]))

    async def _post(self, text: str) -> bytes:
        if self._http is None or self._http.closed:
            self._http = ClientSession(timeout=self._timeout)
        body = bytearray()
        try:
            async with self._http.post(
                self._base / "model" / "parse", json={"text": text}, allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise _Useless(f"answers {answer.status}")
                async for part in answer.content.iter_any():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise _Useless("answers without end")
        except TimeoutError:
            raise _Useless(f"does not answer within {self._timeout.total:g} s") from None
        except (ClientError, OSError, ValueError) as trouble:
            raise _Useless(f"cannot be reached ({type(trouble).__name__})") from None
        return bytes(body)
