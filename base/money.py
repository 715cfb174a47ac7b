"""Money: whole minor units and a currency. No float comes in, no cent gets lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from babel.numbers import get_currency_precision, is_currency

from base.errors import BadInput

STARS = "XTR"  # Telegram Stars: no currency of ISO 4217, paid whole


def exponent(currency: str) -> int:
    """Digits after the point in the shop's own books (CLDR). Providers keep tables of their own."""
    if currency == STARS:
        return 0
    return get_currency_precision(currency)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units (cents) of one currency (ISO 4217). May be negative: a discount is."""

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount_minor, int) or isinstance(self.amount_minor, bool):
            raise TypeError("Money takes whole minor units, an int")
        if len(self.currency) != 3 or not self.currency.isupper():
            raise BadInput(f"{self.currency!r} is not a currency code.", "Use three capital letters, such as EUR.")

    @classmethod
    def parse(cls, text: str | int | Decimal, currency: str) -> Money:
        """`12.00` -> 1200 minor units. Raises BadInput for a float, for nonsense and for parts of a cent."""
        if isinstance(text, float):
            raise BadInput("A float is not an amount of money.", "Write it as text, such as '12.00'.")
        if not is_currency(currency):
            raise BadInput(f"{currency!r} is not a currency.", "Use an ISO 4217 code, such as EUR.")
        try:
            scaled = Decimal(str(text).strip()).scaleb(exponent(currency))
        except InvalidOperation:
            raise BadInput(f"{text!r} is not an amount.", "Write it like 12.00.") from None
        if not scaled.is_finite() or scaled != scaled.to_integral_value() or abs(scaled) >= 10**15:
            raise BadInput(f"{text!r} is not an amount in whole minor units of {currency}.")
        return cls(int(scaled), currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.amount_minor).scaleb(-exponent(self.currency))

    def __str__(self) -> str:
        return f"{self.decimal:.{exponent(self.currency)}f}"

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not mix")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount_minor - other.amount_minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def __mul__(self, times: int) -> Money:
        if not isinstance(times, int):
            raise TypeError("Money is multiplied by whole numbers; use percent() for shares")
        return Money(self.amount_minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount_minor < other.amount_minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount_minor <= other.amount_minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def __bool__(self) -> bool:
        return self.amount_minor != 0

    def percent(self, percent: Decimal | int) -> Money:
        """That many per cent of this amount, rounded half up to a minor unit."""
        share = (Decimal(self.amount_minor) * Decimal(percent) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        return Money(int(share), self.currency)

    def allocate(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Split in proportion to `weights` (largest remainder, first come on a tie); the parts add up exactly."""
        total = sum(weights)
        if not weights or total <= 0 or any(weight < 0 for weight in weights):
            raise ValueError("allocate needs weights that are not negative and not all zero")
        sign = -1 if self.amount_minor < 0 else 1
        amount = abs(self.amount_minor)
        parts = [amount * weight // total for weight in weights]
        by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i))
        for i in by_remainder[: amount - sum(parts)]:
            parts[i] += 1
        return tuple(Money(sign * part, self.currency) for part in parts)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, also of nothing."""
    return sum(amounts, Money.zero(currency))
