"""Card numbers that somebody typed: found by their checksum and hidden before anything keeps or shows them."""

from __future__ import annotations

import re

MARK = "[••••]"  # stands where digits stood; nothing else writes it

_RUN = re.compile(r"(?<![\w+])\d(?:[\s\u2010-\u2015-]{0,2}\d){12,}(?!\w)")  # + begins a telephone number
_GROUP = re.compile(r"\d+")
_DIGITS = re.compile(r"\d+(?:[\s\u2010-\u2015/.-]{1,2}\d+)*")
LENGTHS = range(13, 20)  # ISO/IEC 7812
ISSUERS = range(2, 7)  # first digits of payment cards; 1 begins points in time, 0 and 7 to 9 are no cards of people
FIRST_GROUP = 4  # digits at least: cards are printed 4 4 4 4 or 4 6 5, telephone numbers begin with shorter groups


def has_card(text: str) -> bool:
    """Whether a card number stands in `text`, in one piece or in groups, alone or before its date and code."""
    return any(_in_run(run[0]) for run in _RUN.finditer(text))


def masked(text: str) -> str:
    """`text` as it came; with a card number in it every number is hidden, for its date and code stand beside it."""
    return _DIGITS.sub(MARK, text) if has_card(text) else text


def _in_run(run: str) -> bool:
    """Whether some groups side by side are a card number: a date or a code may follow it, a quantity go before."""
    groups = _GROUP.findall(run)
    for first, group in enumerate(groups):
        if len(group) < FIRST_GROUP:
            continue
        digits = ""
        for further in groups[first:]:
            digits += further
            if len(digits) in LENGTHS and int(digits[0]) in ISSUERS and _checks(digits):
                return True
    return False


def _checks(digits: str) -> bool:
    """Luhn's checksum, ISO/IEC 7812-1 annex B."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
