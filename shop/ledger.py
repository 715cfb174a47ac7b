"""What each provider holds of the shop's money, by our own books: to be compared with what the provider says."""

from __future__ import annotations

from dataclasses import dataclass

from base.db import Tx
from base.money import Money

_SUMS = """
SELECT provider, currency, sum(came)::bigint AS came, sum(back)::bigint AS back,
       sum(least(lost, came - back))::bigint AS lost, sum(least(contested, came - back))::bigint AS contested,
       sum(waiting)::bigint AS waiting
FROM (
  SELECT p.provider, coalesce(p.came_currency, p.currency) AS currency, coalesce(p.came_minor, p.amount_minor) AS came,
    (SELECT coalesce(sum(r.amount_minor), 0) FROM refund r WHERE r.payment = p.id AND r.state = 'done') AS back,
    (SELECT coalesce(sum(coalesce(d.amount_minor, p.amount_minor)), 0) FROM dispute d
      WHERE d.payment = p.id AND d.state = 'lost') AS lost,
    (SELECT coalesce(sum(coalesce(d.amount_minor, p.amount_minor)), 0) FROM dispute d
      WHERE d.payment = p.id AND d.state = 'open') AS contested,
    (SELECT coalesce(sum(r.amount_minor), 0) FROM refund r
      WHERE r.payment = p.id AND r.state = 'awaiting_approval') AS waiting
  FROM payment p WHERE p.state IN ('settled', 'refunded')
) AS by_payment
GROUP BY provider, currency ORDER BY provider, currency
"""
NAMES = ("came", "back", "lost", "contested", "waiting")


@dataclass(frozen=True, slots=True)
class Account:
    """The sums of one provider in one currency. `contested` and `waiting` are parts of what is held."""

    provider: str
    came: Money
    given_back: Money
    lost: Money  # to disputes
    contested: Money  # while disputes are open
    waiting: Money  # to be given back if a person approves it

    @property
    def held(self) -> Money:
        return self.came - self.given_back - self.lost


async def read_ledger(tx: Tx) -> tuple[Account, ...]:
    """Every provider that ever took money here, by name."""
    return tuple(
        Account(row["provider"], *(Money(row[name], row["currency"]) for name in NAMES)) for row in await tx.rows(_SUMS)
    )
