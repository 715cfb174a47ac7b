"""A language model behind an OpenAI-compatible endpoint. It may be slow, broken or hostile: then there is no answer."""

from __future__ import annotations

import time

from pydantic import BaseModel, Field, ValidationError

from base.health import Health
from bot.model import Reply
from integrations.nlu.server import Count, Now, OpinionServer, Useless, nobody_counts

PAUSE = 30.0  # seconds that a server which failed is left alone
LONGEST_ANSWER = 100_000  # bytes
MEND = "Look at SHOPKEEPER_LLM__API_BASE, __MODEL and __KEY (docs/language-model.md)"


class _Message(BaseModel):
    content: str


class _Choice(BaseModel):
    message: _Message


class _Usage(BaseModel):
    total_tokens: int = Field(default=0, ge=0)


class _Answer(BaseModel):
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


class _Model(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Model]


class ChatModel:
    """Implements bot.model.LanguageModel."""

    def __init__(
        self, api_base: str, model: str, key: str, *, patience: float, pause: float = PAUSE,
        count: Count = nobody_counts, now: Now = time.monotonic,
    ) -> None:  # fmt: skip
        """`patience`: seconds for an answer."""
        self._model = model
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._server = OpinionServer(
            "model", api_base, patience=patience, pause=pause, longest=LONGEST_ANSWER, count=count, headers=headers,
            now=now,
        )  # fmt: skip

    async def ask(self, instruction: str, words: str, *, most: int) -> Reply | None:
        """What the model writes, or None. Never raises."""
        if self._server.rests():
            return None
        messages = [{"role": "system", "content": instruction}, {"role": "user", "content": words}]
        asked = {"model": self._model, "messages": messages, "max_tokens": most, "temperature": 0}
        try:
            answer = _Answer.model_validate_json(await self._server.fetch("POST", "chat/completions", asked))
        except ValidationError:
            self._server.failed("answers something else than a chat completion")
            return None
        except Useless as useless:
            self._server.failed(str(useless))
            return None
        self._server.answered()
        return Reply(answer.choices[0].message.content, answer.usage.total_tokens if answer.usage else 0)

    async def check(self) -> Health:
        """Whether the server is there and knows the model. Costs no tokens."""
        at = self._server.base.origin()
        try:
            known = [one.id for one in _Models.model_validate_json(await self._server.fetch("GET", "models")).data]
        except Useless as useless:
            return Health("warn", f"{at} {useless}; the shop answers by itself", MEND)
        except ValidationError:
            return Health(
                "warn", f"{at} answers something else than a list of models; the shop answers by itself", MEND
            )
        if self._model not in known:
            return Health("warn", f"{at} does not list the model {self._model}; the shop answers by itself", MEND)
        return Health("ok", f"{at} has {self._model}")

    async def close(self) -> None:
        await self._server.close()
