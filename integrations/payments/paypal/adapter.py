"""PayPal: an order that the customer approves, captured when the core says so; refunds by capture; signed webhooks.

Facts: Orders v2 and Payments v2, developer.paypal.com. Creating an order moves no money, nor does the approval.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import quote

from base.clock import Clock
from base.errors import BadInput, OutcomeUnknown, Refused, ShopkeeperError, TryLater
from base.health import Health
from integrations.payments.paypal.build import CURRENCIES, order_body, refund_body
from integrations.payments.paypal.client import Answer as Said
from integrations.payments.paypal.client import Missing, PayPalClient, Refusal
from integrations.payments.paypal.read import (
    UNREADABLE,
    captures_of,
    is_taken,
    read_dispute,
    read_event,
    read_order,
    read_refund,
    refunds_of,
)
from integrations.payments.paypal.signature import WebhookSignatures
from shop.payment_port import (
    Answer,
    Declined,
    DisputeReport,
    PayByLink,
    PaymentFeatures,
    PaymentReport,
    PaymentRequest,
    RefundReport,
    RefundRequest,
    Report,
)

API = "https://api-m.paypal.com"
CERT_HOSTS = ("api.paypal.com", "api-m.paypal.com")

# Issues of the capture call (Orders v2) that are an answer about this payment, and not about our call
DECLINES = frozenset(
    ["INSTRUMENT_DECLINED", "TRANSACTION_REFUSED", "PAYER_CANNOT_PAY", "PAYER_ACCOUNT_RESTRICTED",
     "PAYER_ACCOUNT_LOCKED_OR_CLOSED", "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "CARD_EXPIRED",
     "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING", "TRANSACTION_LIMIT_EXCEEDED"]
)  # fmt: skip
# Issues of the refund call (Payments v2) that stay so, whenever it is made again
IN_VAIN = frozenset(
    ["CAPTURE_FULLY_REFUNDED", "REFUND_AMOUNT_EXCEEDED", "REFUND_TIME_LIMIT_EXCEEDED", "MAX_NUMBER_OF_REFUNDS_EXCEEDED",
     "PARTIAL_REFUND_NOT_ALLOWED", "REFUND_CAPTURE_CURRENCY_MISMATCH", "REFUND_NOT_ALLOWED", "DECIMAL_PRECISION",
     "DECIMALS_NOT_SUPPORTED", "CURRENCY_NOT_SUPPORTED"]
)  # fmt: skip
LOOK_AGAIN = frozenset({"ORDER_ALREADY_CAPTURED", "ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED"})

log = logging.getLogger(__name__)


class PayPalPayments:
    """Implements shop.payment_port.PaymentProvider, Captures and TellsDisputes. Our key is each order's `custom_id`."""

    code: ClassVar[str] = "paypal"
    features: ClassVar[PaymentFeatures] = PaymentFeatures(currencies=CURRENCIES, key_lifetime_hours=6.0)

    def __init__(
        self,
        clock: Clock,
        *,
        client_id: str,
        client_secret: str,
        webhook_id: str,
        api_base: str = API,
        cert_hosts: Sequence[str] = CERT_HOSTS,
        test_money: bool = True,
    ) -> None:
        """`test_money`: PayPal's sandbox, in which no money moves, is taken as well.

        Raises ShopkeeperError for an id without its secret, or for the sandbox where money is to move. An empty
        `webhook_id` is a closed door.
        """
        if not client_id or not client_secret:
            raise ShopkeeperError(
                "SHOPKEEPER_PAYPAL__CLIENT_ID and SHOPKEEPER_PAYPAL__CLIENT_SECRET belong together.", "Set both."
            )
        self._clock, self._webhook_id = clock, webhook_id
        self._sandbox = "sandbox" in api_base
        if self._sandbox and not test_money:
            raise ShopkeeperError(
                "SHOPKEEPER_PAYPAL__API_BASE is PayPal's sandbox: no money moves there.",
                f"In production, leave it empty for {API}, and set the keys of the live app.",
            )
        self._client = PayPalClient(clock, client_id, client_secret, api_base)
        self._signatures = WebhookSignatures(webhook_id, cert_hosts)

    # ---- collecting ------------------------------------------------------------------------------

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        """Create an order. Were it made twice (PayPal forgets keys after 6 hours), only one could ever be captured."""
        try:
            body = order_body(payment, key)
        except BadInput as error:
            raise Refused(error.what) from None
        try:
            report = self._read(await self._client.post("/v2/checkout/orders", body, key=f"{key}-order"))
        except Refusal as refusal:
            if refusal.issue in DECLINES:
                return Declined(refusal.issue)
            raise
        if report.page is None or report.reference is None:
            raise Refused("PayPal's page of this payment is over.")
        return PayByLink(report.page, report.reference)

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        """PayPal cannot search for our key: without a reference nobody was ever sent there, and nothing is known."""
        unknown = PaymentReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key, reference=reference)
        if reference is None:
            return unknown
        try:
            return self._read(await self._order(reference))
        except Missing:
            return unknown

    async def capture(self, reference: str, *, key: str) -> PaymentReport:
        """Take the money, if the order is still approved and ours. PayPal captures an order at most once."""
        order = await self._order(reference)
        report = self._read(order)
        if report.state != "approved" or report.key != key:
            return report
        approval = str(order.get("update_time") or "")  # a new approval after a decline is a new try
        path = f"/v2/checkout/orders/{quote(reference, safe='')}/capture"
        try:
            return self._read(await self._client.post(path, {}, key=f"{key}-capture-{approval}"[:108]))
        except Refusal as refusal:
            if refusal.issue in LOOK_AGAIN:
                return self._read(await self._order(reference))
            if refusal.issue not in DECLINES:
                raise
            now = self._clock.now()
            log.info("PayPal declines a payment: %s", refusal.issue)
            return PaymentReport(
                self.code, f"{reference}:declined:{now.isoformat()}", "declined", now, key, reference, report.amount
            )

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        """An approval cannot be called back: it is never captured, and ends by itself after some hours."""
        try:
            order = await self._order(reference)
        except Missing:
            return await self.look_up(key=key, reference=None)
        report = self._read(order)
        if report.state not in ("pending", "approved") or captures_of(order):
            return report
        return PaymentReport(
            self.code, f"{reference}:cancelled", "cancelled", self._clock.now(), report.key, reference, report.amount
        )

    async def _order(self, reference: str) -> Said:
        return await self._client.get(f"/v2/checkout/orders/{quote(reference, safe='')}")

    def _read(self, order: Said) -> PaymentReport:
        """What an order says. Raises OutcomeUnknown for an answer that is none."""
        try:
            return read_order(order, self._clock.now())
        except UNREADABLE as error:
            raise OutcomeUnknown(f"PayPal's order cannot be read ({type(error).__name__}).") from None

    # ---- giving back -----------------------------------------------------------------------------

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """Money moves here. The order's refunds are read first; PayPal itself remembers our key for 45 days.

        It may have forgotten the order by then, but not the capture, which the core has kept.
        """
        now = self._clock.now()
        failed = RefundReport(self.code, f"{key}:failed", "failed", now, key=key)
        try:
            body = refund_body(refund, key)
        except BadInput as error:
            log.warning("%s", error.what)
            return replace(failed, state="needs_person")
        try:
            order = await self._paid_order(refund.payment_reference)
            if (known := _refund_among(order, key, now)) is not None:
                return known
            taken = [str(one["id"]) for one in captures_of(order) if is_taken(one)] if order else []
            capture = taken[-1] if taken else refund.payment_receipt
            if capture is None:
                return failed
            path = f"/v2/payments/captures/{quote(capture, safe='')}/refund"
            made = await self._client.post(path, body, key=f"{key}-refund")
            return read_refund({"custom_id": key, "amount": body["amount"], **made}, now)
        except Refusal as refusal:
            log.warning("PayPal refuses a refund: %s", refusal.issue)
            return replace(failed, state="needs_person") if refusal.issue in IN_VAIN else failed
        except UNREADABLE as error:
            raise OutcomeUnknown(f"PayPal's refund cannot be read ({type(error).__name__}).") from None

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        """PayPal cannot search for our key: without a reference, it is looked for among the refunds of the order."""
        now = self._clock.now()
        unknown = RefundReport(self.code, f"{key}:unknown", "unknown", now, key=key, reference=reference)
        try:
            if reference is None:
                return _refund_among(await self._paid_order(payment), key, now) or unknown
            said = await self._client.get(f"/v2/payments/refunds/{quote(reference, safe='')}")
            return read_refund({"custom_id": key, **said}, now)
        except Missing:
            return unknown
        except UNREADABLE as error:
            raise TryLater(f"PayPal's refund cannot be read ({type(error).__name__}).", 60.0) from None

    async def _paid_order(self, reference: str | None) -> Said | None:
        """The order that was paid; None when PayPal has forgotten it."""
        try:
            return await self._order(reference) if reference else None
        except Missing:
            return None

    async def look_up_dispute(self, dispute: str) -> DisputeReport | None:
        try:
            return read_dispute(
                await self._client.get(f"/v1/customer/disputes/{quote(dispute, safe='')}"), self._clock.now()
            )
        except Missing:
            return None
        except UNREADABLE as error:
            raise TryLater(f"PayPal's dispute cannot be read ({type(error).__name__}).", 60.0) from None

    # ---- webhooks --------------------------------------------------------------------------------

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """PayPal's certificate over the raw bytes. The first webhook under a certificate fetches it."""
        await self._signatures.prove(headers, body, now)

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Report]:
        try:
            return read_event(json.loads(body), now)
        except (*UNREADABLE, RecursionError):
            return ()

    # ---- how it is -------------------------------------------------------------------------------

    async def check(self) -> Health:
        try:
            if self._webhook_id:
                await self._client.get(f"/v1/notifications/webhooks/{quote(self._webhook_id, safe='')}")
            else:
                await self._client.sign_in()
        except Missing:
            return Health(
                "warn", "PayPal: this account has no webhook of our id, so payments are only noticed when asked for",
                "Set SHOPKEEPER_PAYPAL__WEBHOOK_ID to the id that the dashboard shows.",
            )  # fmt: skip
        except Refused as refused:
            return Health("down", refused.what, "Set SHOPKEEPER_PAYPAL__CLIENT_ID and _CLIENT_SECRET of one app.")
        except (TryLater, OutcomeUnknown) as error:
            return Health("down", error.what, "Look at the network and at www.paypal-status.com.")
        if not self._webhook_id:
            return Health(
                "warn", "PayPal: no webhook id, so payments are only noticed when asked for",
                "Set SHOPKEEPER_PAYPAL__WEBHOOK_ID to the id of your webhook.",
            )  # fmt: skip
        if self._sandbox:
            return Health("warn", "PayPal: its sandbox, which takes play money", "Use the live keys before you sell.")
        return Health("ok", "PayPal: keys accepted, webhook known")

    async def close(self) -> None:
        await self._client.close()


def _refund_among(order: Said | None, key: str, now: datetime) -> RefundReport | None:
    """The refund of this order that bears our key."""
    reports = (read_refund(one, now) for one in (refunds_of(order) if order else ()))
    return next((report for report in reports if report.key == key), None)
