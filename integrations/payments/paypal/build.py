"""What PayPal is sent: orders and refunds, with amounts in its own decimals. Pure."""

from __future__ import annotations

from decimal import Decimal

from base.errors import BadInput
from base.money import Money
from shop.payment_port import PaymentRequest, RefundRequest

# developer.paypal.com/reference/currency-codes: amounts are text in major units, three of them without decimals
WITHOUT_DECIMALS = frozenset({"HUF", "JPY", "TWD"})
CURRENCIES = WITHOUT_DECIMALS | frozenset(
    ["AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "MXN", "MYR", "NOK", "NZD", "PHP",
     "PLN", "SEK", "SGD", "THB", "USD"]
)  # fmt: skip
LOCALES = {"en": "en-US", "es": "es-ES", "ru": "ru-RU"}  # of ours; PayPal's page chooses by itself for the others
APPROVED = "approved=1"  # on the address to which the customer comes back: the shop then asks PayPal at once


def paypal_amount(money: Money) -> dict[str, str]:
    """The amount as PayPal takes it. Raises BadInput for one that PayPal cannot collect exactly."""
    if money.currency not in CURRENCIES:
        raise BadInput(f"PayPal does not take {money.currency}.")
    digits = 0 if money.currency in WITHOUT_DECIMALS else 2
    value = money.decimal.quantize(Decimal(1).scaleb(-digits))
    if value != money.decimal or value <= 0:
        raise BadInput(f"PayPal cannot collect {money} {money.currency} exactly.")
    return {"currency_code": money.currency, "value": f"{value:.{digits}f}"}


def order_body(payment: PaymentRequest, key: str) -> dict[str, object]:
    """An order of Orders v2 for one attempt; the same attempt gives the same order.

    `custom_id` and `invoice_id` are our key: captures and webhooks carry it, and PayPal takes no second payment for
    one invoice.
    """
    mark = "&" if "?" in payment.return_url else "?"
    context = {
        "return_url": f"{payment.return_url}{mark}{APPROVED}",
        "cancel_url": payment.return_url,
        "user_action": "PAY_NOW",
        "shipping_preference": "NO_SHIPPING",  # the address was agreed in the chat
        "payment_method_preference": "IMMEDIATE_PAYMENT_REQUIRED",
    }
    if payment.locale in LOCALES:
        context["locale"] = LOCALES[payment.locale]
    unit = {
        "reference_id": "default",
        "custom_id": key,
        "invoice_id": key,
        "description": payment.description[:127],
        "amount": paypal_amount(payment.amount),
    }
    return {
        "intent": "CAPTURE",
        "purchase_units": [unit],
        "payment_source": {"paypal": {"experience_context": context}},
    }


def refund_body(refund: RefundRequest, key: str) -> dict[str, object]:
    """A refund of a capture; `custom_id` is our key, by which it is found again in the order."""
    return {"amount": paypal_amount(refund.amount), "custom_id": key, "invoice_id": key}
