"""Telegram Stars, for what is digital: no provider token, one price line, given back whole and by a call.

Facts: Bot API 10.3, core.telegram.org/bots/payments-stars. The bot's own list of transactions says what came and went.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from pydantic import ValidationError

from base.clock import Clock
from base.errors import BadSignature, Refused, TryLater
from base.health import Health
from base.money import STARS, Money
from integrations.payments.telegram.calls import BotApi, answered
from integrations.payments.telegram.updates import Page, Transaction, moment, read, settled
from shop.payment_port import (
    Answer,
    Declined,
    MayCollect,
    PayInChat,
    PaymentFeatures,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
)

AT_ONCE = 100  # transactions that one call gives at most


class TelegramStars:
    """Implements shop.payment_port.PaymentProvider and AsksFirst. An invoice's payload is our key of the attempt."""

    code: ClassVar[str] = "stars"
    features: ClassVar[PaymentFeatures] = PaymentFeatures(in_chat=True, partial_refunds=False)

    def __init__(self, clock: Clock, *, token: str, api_base: str) -> None:
        """`token`: the bot's."""
        self._clock = clock
        self._api = BotApi(api_base, token)
        self._came: dict[str, Transaction] = {}  # by charge
        self._went: dict[str, Transaction] = {}
        self._known = 0  # transactions read so far: the list only grows

    # ---- collecting ------------------------------------------------------------------------------

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        """Nothing is called: the invoice is one of the messages of the conversation."""
        if payment.amount.currency != STARS:
            return Declined("only Stars")
        return PayInChat(payload=key, reference=key)

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        await self._read_on()
        for charge, came in self._came.items():
            if came.payload == key:
                return PaymentReport(
                    self.code, f"{charge}:settled", "settled", moment(came.date), key, charge,
                    Money(came.amount, STARS), receipt=came.payer, transfer=charge,
                )  # fmt: skip
        now = self._clock.now()
        if reference is None:
            return PaymentReport(self.code, f"{key}:unknown", "unknown", now, key)
        return PaymentReport(self.code, f"{key}:pending", "pending", now, key)

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        """Nothing to call: Telegram asks before it collects, and a dead attempt is refused then."""
        found = await self.look_up(key=key, reference=reference)
        if found.state == "settled":
            return found
        return PaymentReport(self.code, f"{key}:cancelled", "cancelled", self._clock.now(), key)

    # ---- giving back -----------------------------------------------------------------------------

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """All of a charge, once. Looked at first: Telegram knows no keys of ours."""
        charge = refund.payment_reference
        await self._read_on()
        came = self._came.get(charge)
        if charge in self._went:
            return self._gone(charge, key)
        if came is None or came.payer is None:
            return RefundReport(self.code, f"{key}:failed", "failed", self._clock.now(), key=key)
        if refund.amount != Money(came.amount, STARS):  # a part cannot be given back
            return RefundReport(self.code, f"{key}:needs_person", "needs_person", self._clock.now(), key=key)
        try:
            await self._api.call(
                "refundStarPayment", {"user_id": int(came.payer), "telegram_payment_charge_id": charge},
                moves_money=True,
            )  # fmt: skip
        except Refused as refusal:
            if "CHARGE_ALREADY_REFUNDED" not in refusal.what:
                return RefundReport(self.code, f"{key}:failed", "failed", self._clock.now(), key=key)
        return RefundReport(
            self.code, f"{charge}:refunded", "done", self._clock.now(), key, charge, Money(came.amount, STARS)
        )

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        """Found by the charge alone: a refund bears nothing of ours."""
        await self._read_on()
        charge = reference or payment or ""
        if charge in self._went:
            return self._gone(charge, key)
        return RefundReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key)

    def _gone(self, charge: str, key: str | None) -> RefundReport:
        went = self._went[charge]
        return RefundReport(
            self.code, f"{charge}:refunded", "done", moment(went.date), key, charge, Money(went.amount, STARS)
        )

    # ---- what the bot is told --------------------------------------------------------------------

    async def answer(self, body: bytes, may_collect: MayCollect) -> str | None:
        query = read(body).pre_checkout_query
        if query is None or query.currency != STARS:
            return None
        return await answered(self._api, self.code, query, may_collect)

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        raise BadSignature("Telegram tells of payments among the messages, at the messenger's own door.")

    def read_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Sequence[PaymentReport | RefundReport]:
        """A message that Stars came, or went back."""
        message = read(body).message
        if message is None:
            return ()
        at, paid, back = moment(message.date), message.successful_payment, message.refunded_payment
        if paid is not None and paid.currency == STARS:
            return [settled(self.code, paid, at, str(message.sender.id) if message.sender else None)]
        if back is not None and back.currency == STARS:
            charge, amount = back.telegram_payment_charge_id, Money(back.total_amount, STARS)
            return [RefundReport(self.code, f"{charge}:refunded", "done", at, None, charge, amount)]
        return ()

    async def check(self) -> Health:
        try:
            await self._api.call("getStarTransactions", {"offset": 0, "limit": 1})
        except (TryLater, Refused) as trouble:
            return Health("down", f"Telegram Stars: {trouble.what}", "Look at SHOPKEEPER_TELEGRAM__TOKEN.")
        return Health("ok", "Telegram Stars: the list of transactions can be read")

    async def close(self) -> None:
        await self._api.close()

    async def _read_on(self) -> None:
        """What has been added to the list of transactions since the last look."""
        while True:
            known = self._known
            given = await self._api.call("getStarTransactions", {"offset": known, "limit": AT_ONCE})
            try:
                page = Page.model_validate(given).transactions
            except ValidationError:
                raise TryLater("The list of Star transactions could not be read.") from None
            for one in page:
                (self._went if one.receiver else self._came)[one.id] = one
            self._known = max(self._known, known + len(page))  # others may look at the same time
            if len(page) < AT_ONCE:
                return
