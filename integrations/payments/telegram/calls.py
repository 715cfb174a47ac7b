"""The few calls of the Bot API about money."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

import aiohttp

from base.errors import OutcomeUnknown, Refused, TryLater
from base.outage import Outage
from integrations.payments.telegram.updates import PreCheckout, amount_of
from shop.payment_port import MayCollect, PaymentQuestion

log = logging.getLogger(__name__)

ANSWER_SECONDS = 4.0  # Telegram gives ten for its question to come, the look at the order, and the answer


class BotApi:
    """One bot. The connections are made with the first call."""

    def __init__(self, base: str, token: str) -> None:
        self._address = f"{base.rstrip('/')}/bot{token}"
        self._http: aiohttp.ClientSession | None = None
        self._line = Outage("telegram.money")

    async def call(self, method: str, parameters: Mapping[str, object], *, moves_money: bool = False) -> object:
        """The result. Raises Refused for a 400, TryLater for all else; no error holds the address with its token.

        `moves_money`: without a clear answer it may have moved, and OutcomeUnknown is raised.
        """
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        try:
            async with self._http.post(f"{self._address}/{method}", json=parameters) as response:
                answer = json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as trouble:
            words = f"Telegram did not answer {method} ({type(trouble).__name__})."
            self._line.down(f"Telegram does not answer ({type(trouble).__name__}).")
            raise OutcomeUnknown(words) if moves_money else TryLater(words) from None
        if response.status in (200, 400):
            self._line.back()
        elif response.status != 429:
            self._line.down(f"Telegram answers {response.status}.")
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        if response.status == 400:
            raise Refused(f"Telegram refused {method}: {answer.get('description') if isinstance(answer, dict) else ''}")
        words = f"Telegram answers {response.status} to {method}."
        raise OutcomeUnknown(words) if moves_money and response.status >= 500 else TryLater(words)

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()


async def answered(api: BotApi, code: str, query: PreCheckout, may_collect: MayCollect) -> str:
    """The core's answer to a pre-checkout query, brought to Telegram. Raises TryLater when it did not get there."""
    question = PaymentQuestion(
        code, None, amount_of(query), key=query.invoice_payload, payer=str(query.sender.id),
        locale=query.sender.language_code,
    )  # fmt: skip
    refusal = await may_collect(question)
    said: dict[str, object] = {"pre_checkout_query_id": query.id, "ok": not refusal}
    try:
        await api.call("answerPreCheckoutQuery", said | ({"error_message": refusal} if refusal else {}))
    except Refused as late:  # asked again, or longer ago than it waits: nothing is collected by that
        log.warning("an answer to a pre-checkout query was not taken: %s", late.what)
    return ""
