"""Builds Messenger's receipt template from a receipt that adds up to the cent; what does not stays words. Pure.

Source: Receipt template (2026-04-22): recipient, a number used once, currency, way to pay and total are required; 100
elements at most.
"""

from __future__ import annotations

from typing import Any

from base.money import Money, total
from bot.messages import Receipt
from bot.render_split import shorten

Json = dict[str, Any]
MOST_ELEMENTS = 100
TITLE = 80  # characters


def build_receipt(receipt: Receipt) -> Json | None:
    """The payload; None where the template could not say the truth: no amounts, no number, or a sum that is another."""
    amounts = [(line.title, line.money) for line in receipt.lines]
    due = receipt.money
    if due is None or not receipt.number or not amounts or len(amounts) > MOST_ELEMENTS:
        return None
    known = [(title, money) for title, money in amounts if money is not None and money.currency == due.currency]
    if len(known) != len(amounts) or total((money for _, money in known), due.currency) != due:
        return None
    bought = [(title, money) for title, money in known if money.amount_minor >= 0]
    taken_off = [(title, money) for title, money in known if money.amount_minor < 0]
    if not bought:
        return None
    payload: Json = {
        "template_type": "receipt",
        "recipient_name": receipt.recipient or "·",
        "order_number": receipt.number,
        "currency": due.currency,
        "payment_method": receipt.payment or "·",
        "summary": {
            "subtotal": _number(total((money for _, money in bought), due.currency)),
            "total_cost": _number(due),
        },
        "elements": [{"title": shorten(title, TITLE) or "·", "price": _number(money)} for title, money in bought],
    }
    if taken_off:
        payload["adjustments"] = [
            {"name": shorten(title, TITLE) or "·", "amount": _number(Money(-money.amount_minor, money.currency))}
            for title, money in taken_off
        ]
    return payload


def _number(amount: Money) -> float | int:
    """As JSON writes it: the shortest number that means exactly this amount."""
    number = float(amount.decimal)
    return int(number) if number.is_integer() else number
