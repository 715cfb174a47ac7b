"""What Stripe is sent: sessions with the lines of the order, in its own integers. Pure."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from base.errors import BadInput
from base.money import Money, exponent, total
from shop.payment_port import PaidLine, PaymentRequest

LONGEST = timedelta(hours=23, minutes=50)  # Stripe: 24 hours at most; the first call may have to be made again
SHORTEST = timedelta(minutes=31)  # Stripe: a session lives 30 minutes at least; one more for clocks that differ
LOCALES = frozenset({"en", "es", "ru"})  # of ours; Checkout does not speak Ukrainian
MOST_LINES = 100  # of one session
LONGEST_NAME = 250  # characters, of what a line is called

# docs.stripe.com/currencies: amounts without decimals, and those written with two although they have none
WITHOUT_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"]
)
TWO_FOR_SHOW = frozenset({"ISK", "UGX"})
THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])  # the last digit must be 0


def stripe_exponent(currency: str) -> int:
    """Digits after the point in Stripe's integers, which differ from those of the shop's books."""
    return 0 if currency in WITHOUT_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def stripe_amount(money: Money) -> int:
    """The amount as Stripe takes it. Raises BadInput for one that Stripe cannot collect exactly."""
    scaled = money.decimal.scaleb(stripe_exponent(money.currency))
    step = 10 if money.currency in THREE_DECIMALS else 100 if money.currency in TWO_FOR_SHOW else 1
    if scaled != scaled.to_integral_value() or int(scaled) % step:
        raise BadInput(f"Stripe cannot collect {money} {money.currency} exactly.")
    return int(scaled)


def our_amount(amount: int, currency: str) -> Money:
    """The amount in the shop's minor units. Raises BadInput for parts of them."""
    code = currency.upper()
    scaled = Decimal(amount).scaleb(exponent(code) - stripe_exponent(code))
    if scaled != scaled.to_integral_value():
        raise BadInput(f"{amount} {code} of Stripe is no whole amount here.")
    return Money(int(scaled), code)


def session_params(payment: PaymentRequest, key: str) -> dict[str, object]:
    """What a Checkout Session is made of. The same attempt gives the same parameters: the key demands it.

    Payment methods are those of the account's dashboard: naming them is not allowed any more (2026-09-30).
    """
    marks = {"key": key, "payment": payment.payment, "order": payment.number}
    params: dict[str, object] = {
        "mode": "payment",
        "line_items": line_items(payment),
        "client_reference_id": key,
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, "description": payment.number},
        "adaptive_pricing": {"enabled": False},  # the buyer pays the order's currency, so that amounts compare
        "locale": payment.locale if payment.locale in LOCALES else "auto",
        "success_url": payment.return_url,
        "cancel_url": payment.return_url,
    }
    if payment.email:
        params["customer_email"] = payment.email
    if payment.until is not None:  # Stripe's shortest life begins anew with a page opened late; the core cancels before
        last = payment.since + LONGEST if payment.since else payment.until + SHORTEST
        params["expires_at"] = int(min(payment.until + SHORTEST, last).timestamp())
    return params


def line_items(payment: PaymentRequest) -> list[dict[str, object]]:
    """The lines of the order, each at what it costs after discounts; their sum is the amount, to the last cent.

    Discounts are within the lines, not a coupon: a coupon is an object that stays in the account. Where the lines do
    not add up to the amount, or Stripe cannot collect one of them exactly, there is one line with the whole.
    """
    amount, lines = payment.amount, payment.lines
    whole = [_item(payment.description, 1, amount)]
    if not 0 < len(lines) <= MOST_LINES or any(line.amount.currency != amount.currency for line in lines):
        return whole
    if any(line.amount.amount_minor < 0 or line.quantity < 1 for line in lines):
        return whole
    if total((line.amount for line in lines), amount.currency) != amount:
        return whole
    try:
        return [_line(line) for line in lines]
    except BadInput:
        return whole


def _line(line: PaidLine) -> dict[str, object]:
    """One line. Where its amount cannot be shared out equally, the quantity goes into the name."""
    stripes = stripe_amount(line.amount)
    unit, rest = divmod(line.amount.amount_minor, line.quantity)
    if not rest and stripes % line.quantity == 0:
        try:
            return _item(line.name, line.quantity, Money(unit, line.amount.currency))
        except BadInput:
            pass
    return _item(f"{line.quantity} × {line.name}", 1, line.amount)


def _item(name: str, quantity: int, unit: Money) -> dict[str, object]:
    price = {
        "currency": unit.currency.lower(),
        "unit_amount": stripe_amount(unit),
        "product_data": {"name": name.strip()[:LONGEST_NAME] or "-"},
    }
    return {"quantity": quantity, "price_data": price}
