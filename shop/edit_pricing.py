"""What a changed order costs: pieces that stay keep their price and their share of the discount. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from base.money import Money, total
from shop.pricing import shares
from shop.promotions import Goods, Promotion
from shop.views import Breakdown, PriceLine

Off = Callable[[Promotion, tuple[Goods, ...]], Money]  # how much a promotion takes off these goods


@dataclass(frozen=True, slots=True)
class Ordered:
    """A line of an order. `discount`: its share of the order's goods discount, negative or zero."""

    goods: Goods
    discount: Money


@dataclass(frozen=True, slots=True)
class Repriced:
    lines: tuple[Ordered, ...]
    breakdown: Breakdown


def reprice(
    lines: Sequence[Ordered],
    told: Breakdown,
    wanted: Mapping[str, int],
    today: Mapping[str, Goods],
    promotions: Sequence[Promotion],
    off: Off,
) -> Repriced:
    """The order with `wanted` pieces of each SKU.

    A piece that leaves takes its share of the discount with it (largest remainder). A piece that comes costs what it
    costs today; in place of another of the same product it inherits that one's share, else only the percentages that
    the order was given count for it. Delivery stays as it was agreed. `today`: SKU -> one piece of it.
    """
    kept, freed = _less(lines, wanted)
    arrived, inherited, plain = _more(kept, wanted, today, freed)
    gains = {one.name: -off(one, plain) for one in promotions if one.percent is not None and plain}
    worth = total((goods.total for goods in plain), told.total.currency)
    more = max(total(gains.values(), told.total.currency), -worth)
    fresh = dict(zip([goods.sku for goods in plain], shares(plain, more), strict=True)) if plain else {}
    zero = Money.zero(told.total.currency)
    for goods in arrived:
        kept = _joined(kept, Ordered(goods, inherited.get(goods.sku, zero) + fresh.get(goods.sku, zero)))
    return Repriced(tuple(kept), _told(kept, told, promotions, gains if more else {}))


def _less(lines: Sequence[Ordered], wanted: Mapping[str, int]) -> tuple[list[Ordered], dict[str, list[Money]]]:
    """The lines without what is not wanted, and the shares that became free, by product. The last lines go first."""
    have: dict[str, int] = {}
    for line in lines:
        have[line.goods.sku] = have.get(line.goods.sku, 0) + line.goods.quantity
    away = {sku: count - wanted.get(sku, 0) for sku, count in have.items() if count > wanted.get(sku, 0)}
    kept: list[Ordered] = []
    freed: dict[str, list[Money]] = {}
    for line in reversed(lines):
        goods = line.goods
        out = min(away.get(goods.sku, 0), goods.quantity)
        if out:
            away[goods.sku] -= out
            parts = line.discount.allocate([1] * goods.quantity)
            stays = goods.quantity - out
            freed.setdefault(goods.product, []).extend(parts[stays:])
            left = total(parts[:stays], line.discount.currency)
            line = Ordered(replace(goods, quantity=stays), left)
        if line.goods.quantity:
            kept.append(line)
    return list(reversed(kept)), freed


def _more(
    kept: Sequence[Ordered], wanted: Mapping[str, int], today: Mapping[str, Goods], freed: dict[str, list[Money]]
) -> tuple[list[Goods], dict[str, Money], tuple[Goods, ...]]:
    """What comes: the goods; the shares they inherit; and those of them that inherit none."""
    arrived: list[Goods] = []
    plain: list[Goods] = []
    inherited: dict[str, Money] = {}
    for sku, count in sorted(wanted.items()):
        more = count - sum(line.goods.quantity for line in kept if line.goods.sku == sku)
        if more <= 0:
            continue
        goods = replace(today[sku], quantity=more)
        arrived.append(goods)
        free = freed.get(goods.product, [])
        taken = [free.pop(0) for _ in range(min(more, len(free)))]
        if taken:
            inherited[sku] = total((max(share, -goods.unit) for share in taken), goods.unit.currency)
        if more > len(taken):
            plain.append(replace(goods, quantity=more - len(taken)))
    return arrived, inherited, tuple(plain)


def _joined(lines: list[Ordered], new: Ordered) -> list[Ordered]:
    """Pieces of the same price lie on one line."""
    for at, line in enumerate(lines):
        same = (line.goods.sku, line.goods.unit, line.goods.note) == (new.goods.sku, new.goods.unit, new.goods.note)
        if same:
            both = replace(line.goods, quantity=line.goods.quantity + new.goods.quantity)
            return [*lines[:at], Ordered(both, line.discount + new.discount), *lines[at + 1 :]]
    return [*lines, new]


def _told(
    lines: Sequence[Ordered], told: Breakdown, promotions: Sequence[Promotion], gains: Mapping[str, Money]
) -> Breakdown:
    """The bill of the changed order: each promotion's line moves with what it counts for; the lines add up."""
    currency = told.total.currency
    goods = [
        PriceLine(
            kind="manual" if one.goods.note else "goods", amount=one.goods.total, name=one.goods.name,
            quantity=one.goods.quantity, unit=one.goods.unit, reason=one.goods.note,
        )
        for one in lines
    ]  # fmt: skip
    discount = total((one.discount for one in lines), currency)
    before = [line for line in told.lines if line.kind == "discount"]
    named = {line.name for line in before}
    new = [
        PriceLine(
            kind="discount", amount=Money.zero(currency), code=one.code, name=one.name, reason=one.reason,
            percent=one.percent,
        )
        for one in promotions
        if one.name not in named and gains.get(one.name)
    ]  # fmt: skip
    zero = Money.zero(currency)
    weights = [-(line.amount + gains.get(line.name, zero)).amount_minor for line in before]
    weights += [abs(gains[line.name].amount_minor) for line in new]
    parts = discount.allocate(weights) if any(weights) else [zero] * len(weights)
    off = [line.model_copy(update={"amount": part}) for line, part in zip([*before, *new], parts, strict=True)]
    rest = [line for line in told.lines if line.kind in ("delivery", "free_delivery")]
    all_lines = (*goods, *(line for line in off if line.amount), *rest)
    return Breakdown(
        lines=all_lines,
        goods=total((one.goods.total for one in lines), currency),
        discount=discount,
        delivery=told.delivery,
        total=total((line.amount for line in all_lines), currency),
    )
