"""What Stripe says, in neutral words: sessions, refunds, disputes, events. Pure.

Everything here raises KeyError, TypeError or BadInput for what does not have Stripe's form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from integrations.payments.stripe.build import our_amount
from shop.payment_port import (
    DisputeReport,
    DisputeState,
    PaymentReport,
    PaymentState,
    RefundReport,
    RefundState,
    Report,
)

_REFUNDS: dict[str, RefundState] = {
    "pending": "submitted", "requires_action": "needs_person", "succeeded": "done", "failed": "failed",
    "canceled": "failed",
}  # fmt: skip
_DISPUTES: dict[str, DisputeState] = {
    "won": "won", "warning_closed": "won", "lost": "lost", "prevented": "lost",
}  # fmt: skip
_SESSION_EVENTS = frozenset({"completed", "async_payment_succeeded", "async_payment_failed", "expired"})
_REFUND_EVENTS = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})


def read_event(kind: str, thing: Mapping[str, Any], now: datetime) -> Report | None:
    """What an event says. Kinds that mean nothing to a shop give None."""
    if kind.startswith("checkout.session.") and kind.rpartition(".")[2] in _SESSION_EVENTS:
        return read_session(thing, now, declined=kind.endswith("async_payment_failed"))
    if kind in _REFUND_EVENTS:
        return read_refund(thing, now)
    if kind.startswith("charge.dispute."):
        return read_dispute(thing, now)
    return None


def read_session(session: Mapping[str, Any], now: datetime, *, declined: bool = False) -> PaymentReport:
    """What a session says of its attempt. Raises KeyError, TypeError or BadInput for what is no session."""
    reference, state = str(session["id"]), _state_of(session, declined)
    amount = our_amount(int(session["amount_total"]), str(session["currency"]))
    key = session.get("client_reference_id")
    page = session.get("url") if state == "pending" else None
    intent = session.get("payment_intent") if state == "settled" else None
    receipt = str(intent["id"] if isinstance(intent, Mapping) else intent) if intent else None
    return PaymentReport("stripe", f"{reference}:{state}", state, now, key, reference, amount, page, receipt)


def _state_of(session: Mapping[str, Any], declined: bool) -> PaymentState:
    if session["payment_status"] in ("paid", "no_payment_required"):
        return "settled"
    if declined:
        return "declined"
    if session["status"] == "complete":
        return "on_its_way"
    return "expired" if session["status"] == "expired" else "pending"


def read_refund(refund: Mapping[str, Any], now: datetime) -> RefundReport:
    """What a refund says of its try. Raises KeyError, TypeError or BadInput for what is no refund."""
    reference, state = str(refund["id"]), _REFUNDS.get(str(refund["status"]), "submitted")
    amount = our_amount(int(refund["amount"]), str(refund["currency"]))
    key = (refund.get("metadata") or {}).get("key")
    receipt = refund.get("payment_intent")
    return RefundReport(
        "stripe", f"{reference}:{state}", state, now, key, reference, amount, str(receipt) if receipt else None
    )


def read_dispute(dispute: Mapping[str, Any], now: datetime) -> DisputeReport:
    """What a dispute says of the payment that it names. Raises KeyError, TypeError or BadInput for what is none.

    An inquiry that was closed took no money, so it is won; a dispute that was "prevented" was paid out by Stripe's
    agreement with the bank, so the money is gone.
    """
    state = _DISPUTES.get(str(dispute["status"]), "open")
    receipt = str(dispute.get("payment_intent") or dispute["charge"])
    amount = our_amount(int(dispute["amount"]), str(dispute["currency"]))
    return DisputeReport(
        "stripe", str(dispute["id"]), state, now, str(dispute.get("reason") or ""), None, receipt, amount
    )
