"""A changed order adds up to the cent, whatever leaves and whatever comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from base.money import Money
from shop.edit_pricing import Ordered, Repriced, reprice
from shop.pricing import shares
from shop.promotions import AmountOff, Goods, PercentOfGoods, Promotion
from shop.views import Breakdown, PriceLine

PRICES = {"A-red": 1200, "A-blue": 1300, "B": 950, "C": 1}
TODAY = {sku: Goods(sku, sku[0], 1, Money(price, "EUR"), name=sku) for sku, price in PRICES.items()}
PERCENT = Promotion(id="p", code="TEN", actions=(PercentOfGoods(percent=10),))
FIXED = Promotion(id="f", code="FIVE", actions=(AmountOff(amount=Money(500, "EUR")),))
pieces = st.dictionaries(st.sampled_from(sorted(PRICES)), st.integers(1, 9), min_size=1)


def ordered(have: dict[str, int], promotion: Promotion | None) -> tuple[list[Ordered], Breakdown]:
    goods = [Goods(sku, sku[0], count, TODAY[sku].unit, name=sku) for sku, count in have.items()]
    worth = sum(line.total.amount_minor for line in goods)
    off = {None: 0, "TEN": worth // 10, "FIVE": min(500, worth)}[promotion.code if promotion else None]
    discount = Money(-off, "EUR")
    lines = [
        PriceLine(kind="goods", amount=one.total, name=one.name, quantity=one.quantity, unit=one.unit) for one in goods
    ]
    if off and promotion:
        lines.append(PriceLine(kind="discount", amount=discount, code=promotion.code, name=promotion.name))
    lines.append(PriceLine(kind="delivery", amount=Money(350, "EUR"), name="DHL"))
    told = Breakdown(
        lines=tuple(lines), goods=Money(worth, "EUR"), discount=discount, delivery=Money(350, "EUR"),
        total=Money(worth - off + 350, "EUR"),
    )  # fmt: skip
    return [Ordered(one, share) for one, share in zip(goods, shares(goods, discount), strict=True)], told


def off(promotion: Promotion, goods: tuple[Goods, ...]) -> Money:
    worth = sum(line.total.amount_minor for line in goods)
    return Money(worth, "EUR").percent(promotion.percent or 0)


def changed(have: dict[str, int], wanted: dict[str, int], promotion: Promotion | None) -> tuple[Repriced, Breakdown]:
    lines, told = ordered(have, promotion)
    return reprice(lines, told, wanted, TODAY, [promotion] if promotion else [], off), told


@given(pieces, pieces, st.sampled_from([None, PERCENT, FIXED]))
def test_the_changed_order_adds_up(have: dict[str, int], wanted: dict[str, int], promotion: Promotion | None) -> None:
    new, _ = changed(have, wanted, promotion)
    counted: dict[str, int] = {}
    for line in new.lines:
        counted[line.goods.sku] = counted.get(line.goods.sku, 0) + line.goods.quantity
        assert -line.goods.total.amount_minor <= line.discount.amount_minor <= 0
    assert counted == wanted
    bill = new.breakdown
    assert sum(line.goods.total.amount_minor for line in new.lines) == bill.goods.amount_minor
    assert sum(line.discount.amount_minor for line in new.lines) == bill.discount.amount_minor
    assert sum(line.amount.amount_minor for line in bill.lines) == bill.total.amount_minor
    assert bill.total == bill.goods + bill.discount + Money(350, "EUR")


@given(pieces, st.sampled_from([None, PERCENT, FIXED]), st.data())
def test_piece_by_piece_gives_back_what_was_paid(
    have: dict[str, int], promotion: Promotion | None, data: st.DataObject
) -> None:
    """Whatever the way, what went back and what is left are what was paid; nothing is ever to be paid for less."""
    lines, told = ordered(have, promotion)
    left, back = dict(have), 0
    while sum(left.values()) > 1:
        sku = data.draw(st.sampled_from(sorted(left)))
        left = {one: count - (one == sku) for one, count in left.items() if count - (one == sku)}
        new = reprice(lines, told, left, TODAY, [promotion] if promotion else [], off)
        step = told.total.amount_minor - new.breakdown.total.amount_minor
        assert step >= 0
        lines, told, back = list(new.lines), new.breakdown, back + step
    assert back + told.total.amount_minor == ordered(have, promotion)[1].total.amount_minor


@given(pieces, st.sampled_from([None, PERCENT, FIXED]))
def test_wanting_what_one_has_changes_nothing(have: dict[str, int], promotion: Promotion | None) -> None:
    new, told = changed(have, have, promotion)
    assert new.breakdown.total == told.total


def test_another_colour_inherits_the_discount() -> None:
    new, _ = changed({"A-red": 2}, {"A-blue": 2}, FIXED)
    assert str(new.breakdown.total) == "24.50"  # 26.00 - 5.00 + 3.50


def test_a_fixed_sum_does_not_grow_with_what_is_added() -> None:
    new, _ = changed({"A-red": 1}, {"A-red": 1, "B": 1}, FIXED)
    assert str(new.breakdown.discount) == "-5.00"
