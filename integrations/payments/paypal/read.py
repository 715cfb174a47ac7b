"""What PayPal says, in neutral words: orders, captures, refunds, events. Pure.

Everything here raises KeyError, TypeError, ValueError, AttributeError, IndexError or BadInput (`UNREADABLE`) for what
does not have PayPal's form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from base.errors import BadInput
from base.money import Money
from shop.payment_port import (
    DisputeReport,
    DisputeState,
    PaymentReport,
    PaymentState,
    RefundReport,
    RefundState,
    Report,
)

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError, BadInput)
CODE = "paypal"

Thing = Mapping[str, Any]

_ORDERS: dict[str, PaymentState] = {"APPROVED": "approved", "VOIDED": "expired"}  # others are still with the customer
_CAPTURES: dict[str, PaymentState] = {
    "COMPLETED": "settled", "PARTIALLY_REFUNDED": "settled", "REFUNDED": "settled", "DECLINED": "declined",
    "FAILED": "declined", "PENDING": "on_its_way",
}  # fmt: skip
_REFUNDS: dict[str, RefundState] = {
    "COMPLETED": "done", "PENDING": "submitted", "FAILED": "failed", "CANCELLED": "failed",
}  # fmt: skip
_OUTCOMES: dict[str, DisputeState] = {  # RESOLVED_WITH_PAYOUT: PayPal paid the customer itself
    "RESOLVED_BUYER_FAVOUR": "lost", "ACCEPTED": "lost", "RESOLVED_SELLER_FAVOUR": "won", "CANCELED_BY_BUYER": "won",
    "RESOLVED_WITH_PAYOUT": "won", "DENIED": "won",
}  # fmt: skip
_CAPTURE_EVENTS = frozenset({"COMPLETED", "PENDING", "DENIED", "DECLINED"})
_PAGES = ("payer-action", "approve")  # the link that the customer follows has the one name or the other


def our_amount(amount: Thing) -> Money:
    return Money.parse(str(amount["value"]), str(amount["currency_code"]))


def read_order(order: Thing, now: datetime) -> PaymentReport:
    """What an order says of its attempt: the words of its capture, once there is one."""
    reference, unit = str(order["id"]), order["purchase_units"][0]
    key, captures = unit.get("custom_id"), captures_of(order)
    if captures and (is_taken(captures[-1]) or order["status"] == "COMPLETED"):
        return read_capture({"custom_id": key, **captures[-1]}, now, order=reference)
    state = _ORDERS.get(str(order["status"]), "pending")
    page = next((str(link["href"]) for link in order.get("links") or () if link.get("rel") in _PAGES), None)
    at = _moment(order.get("update_time") or order.get("create_time"), now)
    return PaymentReport(
        CODE, f"{reference}:{state}", state, at, key, reference, our_amount(unit["amount"]),
        page if state == "pending" else None,
    )  # fmt: skip


def captures_of(order: Thing) -> Sequence[Thing]:
    """An order's captures, the one that took money last: there is one at most, beside those that were declined."""
    captures = (order["purchase_units"][0].get("payments") or {}).get("captures") or ()
    return sorted(captures, key=is_taken)


def is_taken(capture: Thing) -> bool:
    """Whether this capture took money, or is about to."""
    return _CAPTURES.get(str(capture["status"])) != "declined"


def refunds_of(order: Thing) -> Sequence[Thing]:
    return list((order["purchase_units"][0].get("payments") or {}).get("refunds") or ())


def read_capture(capture: Thing, now: datetime, *, order: str | None = None) -> PaymentReport:
    """What a capture says of its attempt. The names of reports are made of the capture, in webhooks as in orders."""
    if order is None:
        order = ((capture.get("supplementary_data") or {}).get("related_ids") or {}).get("order_id")
    state = _CAPTURES.get(str(capture["status"]), "on_its_way")
    at = _moment(capture.get("create_time"), now)
    key, amount, receipt = capture.get("custom_id"), our_amount(capture["amount"]), str(capture["id"])
    return PaymentReport(CODE, f"{receipt}:{state}", state, at, key, order, amount, receipt=receipt)


def read_refund(refund: Thing, now: datetime) -> RefundReport:
    reference, state = str(refund["id"]), _REFUNDS.get(str(refund["status"]), "submitted")
    key = refund.get("custom_id") or refund.get("invoice_id")  # we send both
    amount, capture = our_amount(refund["amount"]), _capture_of(refund)
    return RefundReport(CODE, f"{reference}:{state}", state, now, key, reference, amount, capture)


def _capture_of(refund: Thing) -> str | None:
    """The capture that it takes from: the link `up`, such as .../v2/payments/captures/2GG279541U471931P."""
    up = next((str(link["href"]) for link in refund.get("links") or () if link.get("rel") == "up"), "")
    before, _, capture = up.rpartition("/")
    return capture if before.endswith("/captures") and capture else None


def read_event(event: Thing, now: datetime) -> Sequence[Report]:
    """What a webhook says. Kinds that mean nothing to a shop give nothing."""
    kind, thing = str(event["event_type"]), event["resource"]
    if kind == "CHECKOUT.ORDER.APPROVED":
        said = read_order(thing, now)
        if said.state != "approved":  # it was captured meanwhile
            return [said]
        at = _moment(event.get("create_time"), now)
        return [PaymentReport(CODE, f"{event['id']}:approved", "approved", at, said.key, said.reference, said.amount)]
    if kind == "CHECKOUT.PAYMENT-APPROVAL.REVERSED":
        order = str(thing.get("order_id") or thing["id"])
        return [PaymentReport(CODE, f"{event['id']}:expired", "expired", now, None, order)]
    if kind == "PAYMENT.CAPTURE.REFUNDED" or kind.startswith("PAYMENT.REFUND."):
        return [read_refund(thing, now)]
    if kind == "PAYMENT.CAPTURE.REVERSED":  # PayPal took the money back without asking us
        capture, key = str(thing["id"]), thing.get("custom_id")
        amount = our_amount(thing["amount"])
        return [DisputeReport(CODE, f"{capture}:reversed", "lost", now, "reversed by PayPal", key, capture, amount)]
    if kind.startswith("PAYMENT.CAPTURE.") and kind.rpartition(".")[2] in _CAPTURE_EVENTS:
        return [read_capture(thing, now)]
    if kind.startswith("CUSTOMER.DISPUTE."):
        return [read_dispute(thing, now)]
    return []


def read_dispute(dispute: Thing, now: datetime) -> DisputeReport:
    """What a dispute says of the capture that it names; it carries our mark. An outcome that is not known is none."""
    disputed, outcome = dispute["disputed_transactions"][0], dispute.get("dispute_outcome") or {}
    ended = str(dispute.get("status")) == "RESOLVED"
    state = _OUTCOMES.get(str(outcome.get("outcome_code")), "open") if ended else "open"
    amount = (outcome.get("amount_refunded") if state == "lost" else None) or dispute.get("dispute_amount")
    return DisputeReport(
        CODE, str(dispute["dispute_id"]), state, now, str(dispute.get("reason") or ""),
        disputed.get("custom") or disputed.get("invoice_number"), str(disputed["seller_transaction_id"]),
        our_amount(amount) if amount else None,
    )  # fmt: skip


def _moment(text: object, now: datetime) -> datetime:
    """PayPal's time, such as 2026-11-24T10:00:00Z; where it tells none, or one without a zone, `now`."""
    if not isinstance(text, str):
        return now
    at = datetime.fromisoformat(text)
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
