"""A price that explains itself: an ordered list of lines with reasons, which add up to the total. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from base.money import Money, total
from shop.promotions import Goods, Promotion, Situation
from shop.views import BestCode, Breakdown, PriceLine, RefusedCode

MOST_CODES = 8  # that are tried against each other; nobody types more


@dataclass(frozen=True, slots=True)
class DeliveryPrice:
    """The chosen method and what it costs without any promotion."""

    name: str
    price: Money


@dataclass(frozen=True, slots=True)
class Priced:
    """A priced cart: the breakdown, the promotions that count, and those entered that do not, each with its reason."""

    breakdown: Breakdown
    counting: tuple[Promotion, ...]
    dormant: tuple[RefusedCode, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(promotion.code for promotion in self.counting if promotion.code)


def price(situation: Situation, entered: Iterable[Promotion], delivery: DeliveryPrice | None) -> Priced:
    """Price a cart with the promotions entered, in whatever order they were entered.

    Where promotions do not stand beside each other, the set that is cheapest for the customer counts.
    """
    promotions = sorted({promotion.id: promotion for promotion in entered}.values(), key=lambda p: (p.name, p.id))
    refusals = [(promotion, promotion.refuse(situation)) for promotion in promotions]
    eligible = [promotion for promotion, refused in refusals if refused is None][:MOST_CODES]
    counting = _cheapest(situation, eligible, delivery)
    dormant = [refused for _, refused in refusals if refused is not None]
    for promotion in eligible:
        if promotion not in counting:
            against = next(other for other in counting if not promotion.stands_beside(other))
            dormant.append(RefusedCode(code=promotion.name, reason="not_combinable", against=against.name))
    return Priced(
        break_down(situation, counting, delivery), counting, tuple(sorted(dormant, key=lambda refused: refused.code))
    )


def break_down(situation: Situation, counting: Sequence[Promotion], delivery: DeliveryPrice | None) -> Breakdown:
    """The lines for promotions that are known to count together."""
    currency = situation.currency
    lines = [_goods_line(goods) for goods in situation.goods]
    left = situation.goods_total
    for promotion in sorted(counting, key=lambda p: (p.name, p.id)):
        off = min(promotion.off(situation), left)
        if off:
            left -= off
            lines.append(
                PriceLine(
                    kind="discount",
                    amount=-off,
                    code=promotion.code,
                    name=promotion.name,
                    reason=promotion.reason,
                    percent=promotion.percent,
                )
            )
    to_pay = None
    if delivery is not None and situation.goods:  # nothing to deliver costs nothing
        to_pay = delivery.price
        lines.append(PriceLine(kind="delivery", amount=delivery.price, name=delivery.name))
        free = next((promotion for promotion in counting if promotion.free_delivery), None)
        if free is not None and delivery.price:
            to_pay = Money.zero(currency)
            lines.append(
                PriceLine(
                    kind="free_delivery",
                    amount=-delivery.price,
                    code=free.code,
                    name=delivery.name,
                    reason="free_delivery",
                )
            )
    return Breakdown(
        lines=tuple(lines),
        goods=situation.goods_total,
        discount=left - situation.goods_total,
        delivery=to_pay,
        total=total((line.amount for line in lines), currency),
    )


def best_other(
    situation: Situation, priced: Priced, public: Iterable[Promotion], delivery: DeliveryPrice | None
) -> BestCode | None:
    """The public code that does not count now and would make the cart cheapest; None when none would."""
    offers = [would_give(situation, priced, promotion, delivery) for promotion in public if promotion.public]
    cheaper = [offer for offer in offers if offer is not None and offer.saving.amount_minor > 0]
    return min(cheaper, key=lambda offer: (offer.total.amount_minor, offer.code), default=None)


def would_give(
    situation: Situation, priced: Priced, promotion: Promotion, delivery: DeliveryPrice | None
) -> BestCode | None:
    """What the cart would cost with one more coupon, without those it does not stand beside; None: it cannot count."""
    if promotion.code is None or promotion in priced.counting or promotion.refuse(situation) is not None:
        return None
    stay = [other for other in priced.counting if promotion.stands_beside(other)]
    then = break_down(situation, [promotion, *stay], delivery)
    return BestCode(
        code=promotion.code,
        total=then.total,
        saving=priced.breakdown.total - then.total,
        lines=then.lines,
        replaces=tuple(other.code for other in priced.counting if other.code and other not in stay),
    )


def shares(goods: Sequence[Goods], discount: Money) -> tuple[Money, ...]:
    """Each line's share of the goods discount, in proportion to its price (largest remainder)."""
    weights = [line.total.amount_minor for line in goods]
    if not any(weights):
        return tuple(Money.zero(discount.currency) for _ in goods)
    return discount.allocate(weights)


def _goods_line(goods: Goods) -> PriceLine:
    return PriceLine(
        kind="manual" if goods.note else "goods",
        amount=goods.total,
        name=goods.name or goods.sku,
        quantity=goods.quantity,
        unit=goods.unit,
        reason=goods.note,
    )


def _cheapest(
    situation: Situation, eligible: Sequence[Promotion], delivery: DeliveryPrice | None
) -> tuple[Promotion, ...]:
    """The set of promotions that stand beside each other with the lowest total; of equals the largest, then by name."""
    if _all_stand_together(eligible):
        return tuple(eligible)
    sets = [
        chosen
        for size in range(len(eligible), 0, -1)
        for chosen in combinations(eligible, size)
        if _all_stand_together(chosen) and _full(chosen, eligible)
    ]
    return min(
        sets,
        key=lambda chosen: (break_down(situation, chosen, delivery).total.amount_minor, [p.name for p in chosen]),
        default=(),
    )


def _all_stand_together(promotions: Sequence[Promotion]) -> bool:
    return all(one.stands_beside(other) for one, other in combinations(promotions, 2))


def _full(chosen: Sequence[Promotion], eligible: Sequence[Promotion]) -> bool:
    """Nothing more could be added: so each one left out has one to blame."""
    return not any(all(one.stands_beside(other) for other in chosen) for one in eligible if one not in chosen)
