"""Stripe: one hosted Checkout Session per attempt. Visa, Google Pay and whatever the account has switched on.

Facts: docs.stripe.com, API version of the `stripe` package (16.1). No card data touches us.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, TypeVar, cast

import stripe

from base.clock import Clock
from base.errors import BadInput, BadSignature, OutcomeUnknown, Refused, ShopkeeperError, TryLater
from base.health import Health
from base.outage import Outage
from integrations.payments.stripe.build import session_params, stripe_amount
from integrations.payments.stripe.read import read_dispute, read_event, read_refund, read_session
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

log = logging.getLogger(__name__)

T = TypeVar("T")
API = "https://api.stripe.com"
FRESH = timedelta(minutes=5)  # webhooks from further in the past or in the future are refused
# Codes of the refund call that stay so (docs.stripe.com/error-codes); others, such as balance_insufficient, may pass
IN_VAIN = frozenset({"charge_already_refunded", "charge_not_refundable", "amount_too_large", "amount_too_small"})
LOOKED_THROUGH = 300  # newest sessions or refunds that are searched for our key where no reference is known
SECRET_OF_KEY = ("sk_live", "rk_live")


class StripePayments:
    """Implements shop.payment_port.PaymentProvider, TellsDisputes. Our key is a session's `client_reference_id`."""

    code: ClassVar[str] = "stripe"
    features: ClassVar[PaymentFeatures] = PaymentFeatures(key_lifetime_hours=24.0)

    def __init__(
        self, clock: Clock, *, secret_key: str, webhook_secret: str, api_base: str = API, test_money: bool = True
    ) -> None:
        """`test_money`: a key for tests, by which no money moves, is taken as well.

        Raises ShopkeeperError for a publishable key, or one that is not for real money. An empty `webhook_secret` is a
        closed door.
        """
        if secret_key.startswith("pk_"):
            raise ShopkeeperError(
                "SHOPKEEPER_STRIPE__SECRET_KEY holds a publishable key (pk_…).", "Take the secret key (sk_… or rk_…)."
            )
        self._clock, self._webhook_secret = clock, webhook_secret
        self._live = secret_key.startswith(SECRET_OF_KEY)
        if not self._live and not test_money:
            raise ShopkeeperError(
                "SHOPKEEPER_STRIPE__SECRET_KEY is for tests: no money moves by it.",
                "In production, take the live one (sk_live_… or rk_live_…) from Stripe's dashboard.",
            )
        self._http, self._line = stripe.HTTPXClient(timeout=20), Outage("stripe")
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base.rstrip("/")},
            http_client=self._http,
            max_network_retries=2,  # the client's own default is none
        )

    # ---- collecting ------------------------------------------------------------------------------

    async def request(self, payment: PaymentRequest, *, key: str) -> Answer:
        try:
            session = await self._acting(
                self._client.v1.checkout.sessions.create_async(
                    cast(Any, session_params(payment, key)), {"idempotency_key": f"{key}-session"}
                )
            )
        except stripe.CardError as error:
            return Declined(error.code or "")
        if not session.url:
            raise Refused("Stripe's session of this payment is over.")
        return PayByLink(session.url, session.id)

    async def look_up(self, *, key: str, reference: str | None) -> PaymentReport:
        if reference is not None:
            session = await self._session(reference)
        else:
            session = await self._session_of(key)
        if session is None:
            return PaymentReport(self.code, f"{key}:unknown", "unknown", self._clock.now(), key=key)
        return read_session(session.to_dict(), self._clock.now())

    async def cancel(self, reference: str, *, key: str) -> PaymentReport:
        """Expire the session. One that is over already says what became of it."""
        try:
            await self._acting(self._client.v1.checkout.sessions.expire_async(reference))
        except Refused:
            log.info("a Stripe session was over before it was cancelled")
        report = await self.look_up(key=key, reference=reference)
        if report.state != "expired":
            return report
        return PaymentReport(
            self.code, f"{reference}:cancelled", "cancelled", report.at, report.key, reference, report.amount
        )

    async def _session(self, reference: str) -> stripe.checkout.Session | None:
        try:
            return await self._asking(self._client.v1.checkout.sessions.retrieve_async(reference))
        except Refused as refused:
            if _is_missing(refused):
                return None
            raise

    async def _session_of(self, key: str) -> stripe.checkout.Session | None:
        """Stripe cannot search sessions, so the newest are looked through: only after a call without an answer."""
        after: dict[str, str] = {}
        for _ in range(LOOKED_THROUGH // 100):
            page = await self._asking(self._client.v1.checkout.sessions.list_async(cast(Any, {"limit": 100, **after})))
            for session in page.data:
                if session.client_reference_id == key:
                    return session
            if not page.has_more or not page.data:
                return None
            after = {"starting_after": page.data[-1].id}
        return None

    # ---- giving back -----------------------------------------------------------------------------

    async def refund(self, refund: RefundRequest, *, key: str) -> RefundReport:
        """Money moves here. Refunds of this payment are listed first: Stripe forgets keys after a day."""
        now = self._clock.now()
        failed = RefundReport(self.code, f"{key}:failed", "failed", now, key=key)
        try:
            amount = stripe_amount(refund.amount)
        except BadInput as error:
            log.warning("%s", error.what)
            return replace(failed, state="needs_person")
        session = await self._session(refund.payment_reference) if refund.payment_reference else None
        intent = session.payment_intent if session is not None else None
        if intent is None:
            return failed
        intent_id = intent if isinstance(intent, str) else intent.id
        known = await self._asking(
            self._client.v1.refunds.list_async(cast(Any, {"payment_intent": intent_id, "limit": 100}))
        )
        for one in known.data:
            report = read_refund(one.to_dict(), now)
            if report.key == key:
                return report
        try:
            made = await self._acting(
                self._client.v1.refunds.create_async(
                    {
                        "payment_intent": intent_id,
                        "amount": amount,
                        "reason": "requested_by_customer",
                        "metadata": {"key": key},
                    },
                    {"idempotency_key": f"{key}-refund"},
                )
            )
        except Refused as refused:
            log.warning("Stripe refuses a refund: %s", refused.what)
            return replace(failed, state="needs_person") if isinstance(refused, _InVain) else failed
        return read_refund(made.to_dict(), now)

    async def look_up_refund(self, *, key: str, reference: str | None, payment: str | None = None) -> RefundReport:
        now = self._clock.now()
        unknown = RefundReport(self.code, f"{key}:unknown", "unknown", now, key=key, reference=reference)
        if reference is not None:
            try:
                return read_refund(
                    (await self._asking(self._client.v1.refunds.retrieve_async(reference))).to_dict(), now
                )
            except Refused as refused:
                if _is_missing(refused):
                    return unknown
                raise
        after: dict[str, str] = {}
        for _ in range(LOOKED_THROUGH // 100):
            page = await self._asking(self._client.v1.refunds.list_async(cast(Any, {"limit": 100, **after})))
            for one in page.data:
                report = read_refund(one.to_dict(), now)
                if report.key == key:
                    return report
            if not page.has_more or not page.data:
                return unknown
            after = {"starting_after": page.data[-1].id}
        return unknown

    async def look_up_dispute(self, dispute: str) -> DisputeReport | None:
        try:
            said = await self._asking(self._client.v1.disputes.retrieve_async(dispute))
        except Refused as refused:
            if _is_missing(refused):
                return None
            raise
        return read_dispute(said.to_dict(), self._clock.now())

    # ---- webhooks --------------------------------------------------------------------------------

    async def authenticate(self, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        """Stripe-Signature over the raw bytes; the package's own age check lets future times pass, ours does not."""
        if not self._webhook_secret:
            raise BadSignature("SHOPKEEPER_STRIPE__WEBHOOK_SECRET is not set, so this door is closed.")
        given = next((value for name, value in headers.items() if name.casefold() == "stripe-signature"), "")
        try:
            stripe.WebhookSignature.verify_header(body.decode(), given, self._webhook_secret, tolerance=None)
            stamp = dict(part.partition("=")[::2] for part in given.split(","))["t"]
            signed = datetime.fromtimestamp(int(stamp), UTC)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError, OverflowError, OSError):
            raise BadSignature("This webhook is not signed with our secret.") from None
        if abs(now - signed) > FRESH:
            raise BadSignature("This webhook is too old, or from the future.")

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Sequence[Report]:
        """Events of the other mode (test money in a live shop, and the other way round) say nothing."""
        try:
            event = json.loads(body)
            kind, thing = str(event["type"]), event["data"]["object"]
            if event["livemode"] is not self._live:
                log.warning("a Stripe event of the other mode was left alone")
                return ()
            said = read_event(kind, thing, now)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, BadInput):
            return ()
        return [said] if said else ()

    async def check(self) -> Health:
        try:
            await self._asking(self._client.v1.balance.retrieve_async())
        except Refused as refused:
            return Health("down", refused.what, "Set SHOPKEEPER_STRIPE__SECRET_KEY to a key of your account.")
        except (TryLater, OutcomeUnknown) as error:
            return Health("down", error.what, "Look at the network and at status.stripe.com.")
        if not self._webhook_secret:
            return Health(
                "warn", "Stripe: no webhook secret, so payments are only noticed when asked for",
                "Set SHOPKEEPER_STRIPE__WEBHOOK_SECRET to the whsec_… of your endpoint.",
            )  # fmt: skip
        if not self._live:
            return Health("warn", "Stripe: a test key, it takes test money", "Use the live key before you sell.")
        return Health("ok", "Stripe: live key, webhook secret set")

    # ---- the line --------------------------------------------------------------------------------

    async def _asking(self, call: Awaitable[T]) -> T:
        """A call that changes nothing: without an answer it is simply made again later."""
        try:
            return await self._acting(call)
        except OutcomeUnknown as error:
            raise TryLater(error.what, 10.0) from None

    async def _acting(self, call: Awaitable[T]) -> T:
        """A call that may have acted although it failed. Card errors pass: they are an answer."""
        try:
            said = await call
        except stripe.RateLimitError:
            raise TryLater("Stripe asks for patience.", 5.0) from None
        except Exception as error:  # also errors inside the package: gateways answer with bodies that it cannot read
            meant = _meant(error)
            if isinstance(meant, OutcomeUnknown):
                self._line.down(meant.what)
            else:
                self._line.back()
            raise meant from None
        self._line.back()
        return said

    async def close(self) -> None:
        await cast(Any, self._http).close_async()  # the package gives it no types


# ---- errors --------------------------------------------------------------------------------------


class _Missing(Refused):
    """Stripe has no such object."""


class _InVain(Refused):
    """The same refund would be refused again."""


def _is_missing(refused: Refused) -> bool:
    return isinstance(refused, _Missing)


def _meant(error: Exception) -> Exception:
    """The package's error in our words."""
    match error:
        case stripe.CardError():
            return error
        case stripe.AuthenticationError() | stripe.PermissionError():
            return Refused(f"Stripe does not accept our key ({type(error).__name__}).")
        case stripe.InvalidRequestError() | stripe.IdempotencyError():
            if error.http_status == 404 or error.code == "resource_missing":
                return _Missing("Stripe has no such object.")
            if error.code in IN_VAIN:
                return _InVain(f"Stripe refuses the call ({error.code}).")
            return Refused(f"Stripe refuses the call ({error.code or type(error).__name__}).")
        case _:
            return OutcomeUnknown(f"Stripe did not answer clearly ({type(error).__name__}).")
