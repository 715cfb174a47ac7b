"""Amounts as Telegram writes them: whole numbers in the smallest units of its own table of currencies.

The table is https://core.telegram.org/bots/payments/currencies.json (`exp`), which differs from CLDR: a Serbian dinar
has two decimals there. A currency that is not listed is not taken. Total sums are limited to about 1 to 10,000 US
dollars, at rates of the day; Telegram refuses an invoice outside of that.
"""

from __future__ import annotations

import re

from base.errors import BadInput
from base.money import STARS, Money, exponent

WITHOUT_DECIMALS = frozenset({"CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND"})
WITH_TWO = """
    AED AFN ALL AMD ARS AUD AZN BAM BDT BGN BND BOB BRL CAD CHF CNY COP CRC CZK DKK DOP DZD EGP EUR GBP GEL GTQ HKD HNL
    HUF IDR ILS INR JMD KES KGS KZT LBP LKR MAD MDL MNT MUR MVR MXN MYR MZN NGN NIO NOK NPR NZD PAB PEN PHP PKR PLN QAR
    RON RSD RUB SAR SEK SGD THB TJS TRY TTD TWD TZS UAH USD UYU UZS YER ZAR
"""
CURRENCIES = WITHOUT_DECIMALS | frozenset(re.findall(r"\w+", WITH_TWO))


def telegram_amount(money: Money) -> int:
    """Raises BadInput for a currency that Telegram does not take, and for a sum that it cannot write exactly."""
    units = money.decimal.scaleb(_decimals(money.currency))
    if units != units.to_integral_value():
        raise BadInput(f"Telegram has no such fractions of {money.currency} as in {money}.")
    return int(units)


def our_amount(units: int, currency: str) -> Money:
    """Raises BadInput for a currency that Telegram does not take."""
    shift = exponent(currency) - _decimals(currency)
    if shift < 0 and units % 10**-shift:
        raise BadInput(f"{units} is no whole sum in {currency}.")
    return Money(units * 10**shift if shift >= 0 else units // 10**-shift, currency)


def _decimals(currency: str) -> int:
    if currency == STARS:
        return 0
    if currency not in CURRENCIES:
        raise BadInput(f"Telegram does not take {currency}.")
    return 0 if currency in WITHOUT_DECIMALS else 2
