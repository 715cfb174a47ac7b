"""Telegram Payments: an invoice among the messages of a chat, a question before, a notice after; no page of its own.

The invoice itself is a message like any other and leaves by the messenger's lane (integrations/messenger/telegram);
what comes back is among the bot's updates. Facts: Bot API 10.3, core.telegram.org/bots/payments.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import aiohttp
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from base.clock import Clock
from base.errors import BadInput, BadSignature, Refused, ShopkeeperError, TryLater
from base.health import Health
from base.money import Money
from integrations.telegram_money import CURRENCIES, our_amount
from shop.payment_port import (
    Answer,
    MayCollect,
    PayInChat,
    PaymentFeatures,
    PaymentQuestion,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
)

log = logging.getLogger(__name__)

ANSWER_SECONDS = 4.0  # Telegram gives ten for the question to come, the look at the order, and this
NO_CURRENCY = "XXX"  # ISO 4217: no currency at all; equals no sum that is due
TEST, LIVE = "TEST", "LIVE"


class _Said(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class _Person(_Said):
    id: int
    language_code: str | None = None


class _PreCheckout(_Said):
    id: str
    sender: _Person = Field(alias="from")
    currency: str
    total_amount: int
    invoice_payload: str


class _Paid(_Said):
    currency: str
    total_amount: int
    invoice_payload: str
    telegram_payment_charge_id: str = Field(min_length=1)
    provider_payment_charge_id: str = ""


class _Message(_Said):
    date: int = Field(ge=0, lt=2**33)
    successful_payment: _Paid | None = None


class _Update(_Said):
    pre_checkout_query: _PreCheckout | None = None
    message: _Message | None = None


class TelegramPayments:
    """Implements shop.payment_port.PaymentProvider and AsksFirst. An invoice's payload is our key of the attempt."""

    code: ClassVar[str] = "telegram"
    features: ClassVar[PaymentFeatures] = PaymentFeatures(
        in_chat=True, refunds=False, partial_refunds=False, currencies=CURRENCIES, looks_up=False
    )

    def __init__(
        self, clock: Clock, *, token: str, provider_token: str, api_base: str, test_money: bool = False
    ) -> None:
        """`token`: the bot's. `test_money`: a provider token for tests, by which no money moves, is taken as well.

        Raises ShopkeeperError for a provider token that cannot be one, or is not for real money.
        """
        if ":" not in provider_token or any(sign.isspace() for sign in provider_token):
            raise ShopkeeperError(
                "SHOPKEEPER_TELEGRAM__PROVIDER_TOKEN has not the form 123456:LIVE:….",
                "Copy it from @BotFather: /mybots, Payments.",
            )
        self._kind = provider_token.split(":")[1]
        if self._kind == TEST and not test_money:
            raise ShopkeeperError(
                "SHOPKEEPER_TELEGRAM__PROVIDER_TOKEN is for tests: no money moves by it.",
                "In production, take the live one from @BotFather: /mybots, Payments.",
            )
        self._clock = clock
        self._api = BotApi(api_base, token)

    # ---- collecting ------------------------------------------------------------------------------

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        """Nothing is called: the invoice is one of the messages of the conversation."""
        return PayInChat(payload=key, reference=key)

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        """Nothing more than that a payment may still come: Telegram cannot be asked (`features.looks_up`)."""
        state = "pending" if reference else "unknown"
        now = self._clock.now()
        return PaymentReport(self.code, f"{key}:{state}", "pending" if reference else "unknown", now, key)

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        """Nothing to call: Telegram asks before it collects, and a dead attempt is refused then."""
        return PaymentReport(self.code, f"{key}:cancelled", "cancelled", self._clock.now(), key)

    # ---- giving back -----------------------------------------------------------------------------

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """A person gives it back at the company behind the provider token, and says so at the desk."""
        return RefundReport(self.code, f"{key}:needs_person", "needs_person", self._clock.now(), key=key)

    async def look_up_refund(self, *, key: str, reference: str | None) -> RefundReport:
        return RefundReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key, reference=reference)

    # ---- what the bot is told --------------------------------------------------------------------

    async def answer(self, body: bytes, may_collect: MayCollect) -> str | None:
        """The pre-checkout query: without a yes within ten seconds nothing is collected."""
        query = _read(body).pre_checkout_query
        if query is None:
            return None
        question = PaymentQuestion(
            self.code, None, _money(query), key=query.invoice_payload, payer=str(query.sender.id),
            locale=query.sender.language_code,
        )  # fmt: skip
        refusal = await may_collect(question)
        said: dict[str, object] = {"pre_checkout_query_id": query.id, "ok": not refusal}
        try:
            await self._api.call("answerPreCheckoutQuery", said | ({"error_message": refusal} if refusal else {}))
        except Refused as late:  # asked again, or longer ago than it waits: nothing is collected by that
            log.warning("an answer to a pre-checkout query was not taken: %s", late.what)
        return ""

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        raise BadSignature("Telegram tells of payments among the messages, at the messenger's own door.")

    def read_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Sequence[PaymentReport | RefundReport]:
        """A message with `successful_payment`: the money has moved. Each charge is a transfer of its own."""
        message = _read(body).message
        paid = message.successful_payment if message else None
        if message is None or paid is None:
            return ()
        charge, amount = paid.telegram_payment_charge_id, _money(paid)
        at = datetime.fromtimestamp(message.date, UTC)
        return [
            PaymentReport(
                self.code, f"{charge}:settled", "settled", at, paid.invoice_payload, charge, amount,
                receipt=paid.provider_payment_charge_id or None, transfer=charge,
            )
        ]  # fmt: skip

    async def check(self) -> Health:
        if self._kind == TEST:
            return Health(
                "warn", "Telegram Payments: provider token for tests, no money moves",
                "SHOPKEEPER_ENV=production takes a live one only.",
            )  # fmt: skip
        kind = "live" if self._kind == LIVE else "set, of an unknown kind"
        return Health("ok", f"Telegram Payments: provider token {kind}")

    async def close(self) -> None:
        await self._api.close()


class BotApi:
    """The few calls about money; the connections are made with the first of them."""

    def __init__(self, base: str, token: str) -> None:
        self._address = f"{base.rstrip('/')}/bot{token}"
        self._http: aiohttp.ClientSession | None = None

    async def call(self, method: str, parameters: Mapping[str, object]) -> object:
        """The result. Raises Refused for a 400, TryLater for all else; errors never hold the address with its token."""
        if self._http is None or self._http.closed:
            self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS))
        try:
            async with self._http.post(f"{self._address}/{method}", json=parameters) as response:
                answer = json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as trouble:
            raise TryLater(f"Telegram did not answer {method} ({type(trouble).__name__}).") from None
        if isinstance(answer, dict) and answer.get("ok") is True:
            return answer.get("result")
        if response.status == 400:
            raise Refused(f"Telegram refused {method}: {answer.get('description') if isinstance(answer, dict) else ''}")
        raise TryLater(f"Telegram answers {response.status} to {method}.")

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()
            await asyncio.sleep(0)


def _read(body: bytes) -> _Update:
    """What an update says about money; an empty one where it says nothing, or cannot be read."""
    try:
        return _Update.model_validate_json(body)
    except ValidationError:
        return _Update()


def _money(said: _PreCheckout | _Paid) -> Money:
    """The sum; one that equals nothing that is due where we cannot count in the currency."""
    try:
        return our_amount(said.total_amount, said.currency)
    except BadInput:
        return Money(said.total_amount, NO_CURRENCY)
