"""Money that a person takes: cash with the parcel, or a transfer that a manager sees. Nothing is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from base.clock import Clock
from base.errors import BadSignature
from base.health import Health
from shop.payment_port import (
    Answer,
    PayByHand,
    PaymentFeatures,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
)


class ManualPayments:
    """Knows nothing that the shop does not know: reports are always about what is already written down."""

    code: ClassVar[str] = "manual"
    features: ClassVar[PaymentFeatures] = PaymentFeatures(by_hand=True, refunds=False, partial_refunds=False)

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        return PayByHand(reference=key)

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        return PaymentReport(self.code, f"{key}:pending", "pending", self._clock.now(), key=key, reference=reference)

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        return PaymentReport(self.code, f"{key}:cancelled", "cancelled", self._clock.now(), key=key)

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """Cash goes back by a person's hand."""
        return RefundReport(self.code, f"{key}:needs_person", "needs_person", self._clock.now(), key=key)

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        return RefundReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key, reference=reference)

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        raise BadSignature("Nobody sends webhooks about cash.")

    def read_webhook(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Sequence[PaymentReport | RefundReport]:
        return ()

    async def check(self) -> Health:
        return Health("ok", "cash on delivery needs no connection")

    async def close(self) -> None:
        """Nothing is open."""


class BankTransfers(ManualPayments):
    """The customer sends money to the shop's account; a manager says when it has come (shop.transfers)."""

    code: ClassVar[str] = "transfer"

    async def check(self) -> Health:
        return Health("ok", "bank transfers need no connection")
