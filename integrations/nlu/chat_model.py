"""A language model behind an OpenAI-compatible endpoint. It may be slow, broken or hostile: then there is no answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from pydantic import BaseModel, Field, ValidationError
from yarl import URL

from base.health import Health
from bot.model import Reply

PAUSE = 30.0  # seconds that a server which failed is left alone
LONGEST_ANSWER = 100_000  # bytes
MEND = "Look at SHOPKEEPER_LLM__API_BASE, __MODEL and __KEY (docs/language-model.md)"

Outcome = Literal["answered", "failed", "spared"]

log = structlog.get_logger("model")


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


class _Useless(Exception):
    """No answer came; the words say why, and never what was asked."""


class ChatModel:
    """Implements bot.model.LanguageModel."""

    def __init__(
        self, api_base: str, model: str, key: str, *, patience: float, pause: float = PAUSE,
        count: Callable[[Outcome], None] = lambda _: None, now: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """`patience`: seconds for an answer. `now`: seconds of any clock that only goes on."""
        self._base, self._model, self._key = URL(api_base), model, key
        self._timeout = ClientTimeout(total=patience)
        self._pause, self._count, self._now = pause, count, now
        self._http: ClientSession | None = None
        self._rest_until: float | None = None

    async def ask(self, instruction: str, words: str, *, most: int) -> Reply | None:
        """What the model writes, or None. Never raises."""
        if self._rest_until is not None and self._now() < self._rest_until:
            self._count("spared")
            return None
        messages = [{"role": "system", "content": instruction}, {"role": "user", "content": words}]
        asked = {"model": self._model, "messages": messages, "max_tokens": most, "temperature": 0}
        try:
            answer = _Answer.model_validate_json(await self._fetch("POST", "chat/completions", asked))
        except ValidationError:
            self._failed("answers something else than a chat completion")
            return None
        except _Useless as useless:
            self._failed(str(useless))
            return None
        if self._rest_until is not None:
            log.info("model.back")
        self._rest_until = None
        self._count("answered")
        return Reply(answer.choices[0].message.content, answer.usage.total_tokens if answer.usage else 0)

    async def check(self) -> Health:
        """Whether the server is there and knows the model. Costs no tokens."""
        at = self._base.origin()
        try:
            known = [one.id for one in _Models.model_validate_json(await self._fetch("GET", "models", None)).data]
        except _Useless as useless:
            return Health("warn", f"{at} {useless}; the shop answers by itself", MEND)
        except ValidationError:
            return Health(
                "warn", f"{at} answers something else than a list of models; the shop answers by itself", MEND
            )
        if self._model not in known:
            return Health("warn", f"{at} does not list the model {self._model}; the shop answers by itself", MEND)
        return Health("ok", f"{at} has {self._model}")

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _failed(self, why: str) -> None:
        self._count("failed")
        if self._rest_until is None:  # told once, not at every try
            log.warning("model.down", reason=why, pause=self._pause)
        self._rest_until = self._now() + self._pause

    async def _fetch(self, method: str, path: str, asked: object) -> bytes:
        if self._http is None or self._http.closed:
            headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
            self._http = ClientSession(timeout=self._timeout, headers=headers)
        body = bytearray()
        try:
            async with self._http.request(method, self._base / path, json=asked, allow_redirects=False) as answer:
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
