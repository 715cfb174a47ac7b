"""What makes a cart cheaper: promotions as conditions and actions, each a small typed thing. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from base.money import Money, total
from shop.views import RefusedCode

Kind = Literal["percent", "amount", "delivery", "gift", "bundle"]


@dataclass(frozen=True, slots=True)
class Goods:
    """One line of goods as the rules see it. `unit` is the price that counts (a manager's own, if there is one)."""

    sku: str
    product: str
    quantity: int
    unit: Money
    tags: frozenset[str] = frozenset()
    name: str = ""
    note: str = ""  # a manager's reason for the price

    @property
    def total(self) -> Money:
        return self.unit * self.quantity


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a promotion may look at. `used`: promotion id -> this customer's uses that were not released."""

    goods: tuple[Goods, ...]
    currency: str
    now: datetime
    zone: ZoneInfo
    customer: str = ""
    first_order: bool = True
    segments: frozenset[str] = frozenset()
    channel: str = ""
    source: str = ""
    used: Mapping[str, int] = field(default_factory=dict)

    @property
    def goods_total(self) -> Money:
        return total((line.total for line in self.goods), self.currency)

    def matching(self, which: Which) -> tuple[Goods, ...]:
        return tuple(line for line in self.goods if which.fits(line))


class Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Which(Rule):
    """Some of the goods: any of these products, tags or SKUs; nothing named means all."""

    products: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()

    def fits(self, line: Goods) -> bool:
        if not (self.products or self.tags or self.skus):
            return True
        return line.product in self.products or line.sku in self.skus or not line.tags.isdisjoint(self.tags)


# ---- conditions: `refuse` returns the reason, or None when the condition holds -------------------------


class FirstOrder(Rule):
    kind: Literal["first_order"] = "first_order"

    def refuse(self, code: str, at: Situation) -> RefusedCode | None:
        return None if at.first_order else RefusedCode(code=code, reason="not_first_order")


class GoodsAtLeast(Rule):
    """Goods before any discount."""

    kind: Literal["goods_at_least"] = "goods_at_least"
    amount: Money

    def refuse(self, code: str, at: Situation) -> RefusedCode | None:
        missing = self.amount - at.goods_total
        if missing.amount_minor <= 0:
            return None
        return RefusedCode(code=code, reason="goods_below", needs=self.amount, missing=missing)


class QuantityAtLeast(Rule):
    kind: Literal["quantity_at_least"] = "quantity_at_least"
    quantity: int = Field(gt=0)
    of: Which = Which()

    def refuse(self, code: str, at: Situation) -> RefusedCode | None:
        if sum(line.quantity for line in at.matching(self.of)) >= self.quantity:
            return None
        return RefusedCode(code=code, reason="quantity_below", quantity=self.quantity)


class InSegment(Rule):
    kind: Literal["in_segment"] = "in_segment"
    segments: tuple[str, ...]

    def refuse(self, code: str, at: Situation) -> RefusedCode | None:
        return RefusedCode(code=code, reason="wrong_segment") if at.segments.isdisjoint(self.segments) else None


class OnChannel(Rule):
    kind: Literal["on_channel"] = "on_channel"
    channels: tuple[str, ...]

    def refuse(self, code: str, at: Situation) -> RefusedCode | None:
        return None if at.channel in self.channels else RefusedCode(code=code, reason="wrong_channel")


class FromSource(Rule):
    """Came by one of these links or campaigns."""

    kind: Literal["from_source"] = "from_source"
    sources: tuple[str, ...]

    def refuse(self, code: str, at: Situation) -> RefusedCode | None:
        return None if at.source in self.sources else RefusedCode(code=code, reason="wrong_channel")


Condition = Annotated[
    FirstOrder | GoodsAtLeast | QuantityAtLeast | InSegment | OnChannel | FromSource, Field(discriminator="kind")
]

# ---- actions: `off` returns how much the goods become cheaper, never negative ---------------------------


class PercentOfGoods(Rule):
    kind: Literal["percent_of_goods"] = "percent_of_goods"
    percent: int = Field(gt=0, le=100)

    def off(self, at: Situation) -> Money:
        return at.goods_total.percent(self.percent)


class PercentOf(Rule):
    """A percentage of some of the goods."""

    kind: Literal["percent_of"] = "percent_of"
    percent: int = Field(gt=0, le=100)
    of: Which

    def off(self, at: Situation) -> Money:
        return total((line.total for line in at.matching(self.of)), at.currency).percent(self.percent)


class AmountOff(Rule):
    kind: Literal["amount_off"] = "amount_off"
    amount: Money

    def off(self, at: Situation) -> Money:
        return self.amount if self.amount.amount_minor > 0 else Money.zero(at.currency)


class FreeDelivery(Rule):
    kind: Literal["free_delivery"] = "free_delivery"

    def off(self, at: Situation) -> Money:
        return Money.zero(at.currency)


class BuyXGetY(Rule):
    """Of every `buy + get` pieces, the `get` cheapest are `percent` cheaper."""

    kind: Literal["buy_x_get_y"] = "buy_x_get_y"
    buy: int = Field(gt=0)
    get: int = Field(default=1, gt=0)
    percent: int = Field(default=100, gt=0, le=100)
    of: Which = Which()

    def off(self, at: Situation) -> Money:
        units = sorted(_units(at.matching(self.of)), key=lambda unit: -unit.amount_minor)
        size = self.buy + self.get
        cheaper = [unit for i in range(0, len(units) - size + 1, size) for unit in units[i + self.buy : i + size]]
        return total((unit.percent(self.percent) for unit in cheaper), at.currency)


class Part(Rule):
    of: Which
    quantity: int = Field(default=1, gt=0)


class FixedPriceBundle(Rule):
    """So many of these together for one price; as many bundles as the goods make, the dearest pieces first."""

    kind: Literal["fixed_price_bundle"] = "fixed_price_bundle"
    parts: tuple[Part, ...] = Field(min_length=1)
    price: Money

    def off(self, at: Situation) -> Money:
        left = {line.sku: line.quantity for line in at.goods}
        saved = Money.zero(at.currency)
        while (worth := self._take(at, left)) is not None:
            if worth > self.price:
                saved += worth - self.price
        return saved

    def _take(self, at: Situation, left: dict[str, int]) -> Money | None:
        """Take one bundle out of `left` and tell what it would cost singly; None when there is none any more."""
        taken, worth = dict(left), Money.zero(at.currency)
        for part in self.parts:
            for _ in range(part.quantity):
                lines = [line for line in at.matching(part.of) if taken[line.sku] > 0]
                if not lines:
                    return None
                dearest = max(lines, key=lambda line: (line.unit.amount_minor, line.sku))
                taken[dearest.sku] -= 1
                worth += dearest.unit
        left.update(taken)
        return worth


def _units(lines: Iterable[Goods]) -> list[Money]:
    return [line.unit for line in lines for _ in range(line.quantity)]


Action = Annotated[
    PercentOfGoods | PercentOf | AmountOff | FreeDelivery | BuyXGetY | FixedPriceBundle, Field(discriminator="kind")
]
_KINDS: dict[str, Kind] = {
    "percent_of_goods": "percent",
    "percent_of": "percent",
    "amount_off": "amount",
    "free_delivery": "delivery",
    "buy_x_get_y": "gift",
    "fixed_price_bundle": "bundle",
}

# ---- the promotion --------------------------------------------------------------------------------


class Promotion(Rule):
    """One promotion with its limits. `ends_at` is the first moment at which it no longer counts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    code: str | None = None
    texts: dict[str, str] = {}
    conditions: tuple[Condition, ...] = ()
    actions: tuple[Action, ...]
    public: bool = False
    combinable: bool = True
    not_with: tuple[Kind, ...] = ()
    per_customer_limit: int | None = None
    total_limit: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    hours_from: str | None = None  # "18:00", shop time
    hours_to: str | None = None
    customer: str | None = None
    personal: bool = False
    uses: int = 0

    @property
    def name(self) -> str:
        return self.code or self.id

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(_KINDS[action.kind] for action in self.actions)

    @property
    def free_delivery(self) -> bool:
        return any(isinstance(action, FreeDelivery) for action in self.actions)

    @property
    def percent(self) -> int | None:
        found = [action.percent for action in self.actions if isinstance(action, PercentOfGoods | PercentOf)]
        return found[0] if len(found) == 1 else None

    @property
    def reason(self) -> str:
        """Text key below `reason.`: why the goods become cheaper."""
        if any(isinstance(condition, FirstOrder) for condition in self.conditions):
            return "first_order"
        return self.actions[0].kind

    def off(self, at: Situation) -> Money:
        """How much the goods become cheaper, as if it stood alone; never negative."""
        return total((action.off(at) for action in self.actions), at.currency)

    def stands_beside(self, other: Promotion) -> bool:
        if not (self.combinable and other.combinable):
            return False
        return self.kinds.isdisjoint(other.not_with) and other.kinds.isdisjoint(self.not_with)

    def refuse(self, at: Situation) -> RefusedCode | None:
        """Why it does not count for this cart now, or None. Other promotions are not looked at."""
        return self._refuse_person(at) or self._refuse_time(at) or self._refuse_use(at) or self._refuse_goods(at)

    def _refuse_person(self, at: Situation) -> RefusedCode | None:
        if self.personal and (self.customer is None or self.customer != at.customer):
            return RefusedCode(code=self.name, reason="personal")
        return None

    def _refuse_time(self, at: Situation) -> RefusedCode | None:
        if self.ends_at is not None and at.now >= self.ends_at:
            last = (self.ends_at - timedelta(microseconds=1)).astimezone(at.zone).date()
            return RefusedCode(code=self.name, reason="expired", since=last)
        if self.starts_at is not None and at.now < self.starts_at:
            return RefusedCode(code=self.name, reason="not_yet", since=self.starts_at.astimezone(at.zone).date())
        return None

    def _refuse_use(self, at: Situation) -> RefusedCode | None:
        if self.per_customer_limit is not None and at.used.get(self.id, 0) >= self.per_customer_limit:
            return RefusedCode(code=self.name, reason="already_used")
        if self.total_limit is not None and self.uses >= self.total_limit:
            return RefusedCode(code=self.name, reason="used_up")
        if not in_hours(at.now, at.zone, self.hours_from, self.hours_to):
            hours = f"{self.hours_from or '00:00'}–{self.hours_to or '24:00'}"
            return RefusedCode(code=self.name, reason="outside_hours", hours=hours)
        return None

    def _refuse_goods(self, at: Situation) -> RefusedCode | None:
        for condition in sorted(self.conditions, key=lambda c: c.kind in ("goods_at_least", "quantity_at_least")):
            refused = condition.refuse(self.name, at)
            if refused is not None:
                return refused
        if not self.free_delivery and not self.off(at):
            return RefusedCode(code=self.name, reason="no_matching_goods")
        return None


def in_hours(now: datetime, zone: ZoneInfo, start: str | None, end: str | None) -> bool:
    """Is the shop's own time within [start, end)? Hours over midnight (22:00-02:00) are understood."""
    if start is None and end is None:
        return True
    clock = now.astimezone(zone).strftime("%H:%M")
    first, last = start or "00:00", end or "24:00"
    return first <= clock < last if first <= last else clock >= first or clock < last
