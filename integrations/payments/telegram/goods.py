"""Telegram Payments: an invoice among the messages of a chat, a question before, a notice after; no page of its own.

The invoice itself is a message like any other and leaves by the messenger's lane (integrations/messenger/telegram);
what comes back is among the bot's updates. Facts: Bot API 10.3, core.telegram.org/bots/payments.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from base.clock import Clock
from base.errors import BadSignature, ShopkeeperError
from base.health import Health
from base.money import STARS
from integrations.payments.telegram.calls import BotApi, answered
from integrations.payments.telegram.updates import moment, read, settled
from integrations.telegram_money import CURRENCIES
from shop.payment_port import (
    Answer,
    MayCollect,
    PayInChat,
    PaymentFeatures,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
)

log = logging.getLogger(__name__)

TEST, LIVE = "TEST", "LIVE"


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

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        return RefundReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key, reference=reference)

    # ---- what the bot is told --------------------------------------------------------------------

    async def answer(self, body: bytes, may_collect: MayCollect) -> str | None:
        """The pre-checkout query: without a yes within ten seconds nothing is collected."""
        query = read(body).pre_checkout_query
        if query is None or not self._takes(query.currency):
            return None
        return await answered(self._api, self.code, query, may_collect)

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        raise BadSignature("Telegram tells of payments among the messages, at the messenger's own door.")

    def read_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Sequence[PaymentReport | RefundReport]:
        """A message with `successful_payment`: the money has moved. Each charge is a transfer of its own."""
        message = read(body).message
        paid = message.successful_payment if message else None
        if message is None or paid is None or not self._takes(paid.currency):
            return ()
        return [settled(self.code, paid, moment(message.date), paid.provider_payment_charge_id or None)]

    def _takes(self, currency: str) -> bool:
        """Stars have a provider of their own, which hears the same updates."""
        return currency != STARS

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
