"""Prices explain themselves, add up, and do not depend on the order in which coupons were typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from base.money import Money, total
from shop.pricing import DeliveryPrice, best_other, price, shares, would_give
from shop.promotions import (
    AmountOff,
    BuyXGetY,
    FirstOrder,
    FixedPriceBundle,
    FreeDelivery,
    FromSource,
    Goods,
    GoodsAtLeast,
    InSegment,
    OnChannel,
    Part,
    PercentOf,
    PercentOfGoods,
    Promotion,
    QuantityAtLeast,
    Situation,
    Which,
)

EUR = "EUR"
ZONE = ZoneInfo("Europe/Vilnius")
NOON = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)  # 12:00 in the shop


def eur(text: str) -> Money:
    return Money.parse(text, EUR)


MUGS = Which(products=("MUG",))
WELCOME10 = Promotion(
    id="WELCOME10",
    code="WELCOME10",
    public=True,
    conditions=(FirstOrder(), GoodsAtLeast(amount=eur("20.00"))),
    actions=(PercentOfGoods(percent=10),),
    per_customer_limit=1,
)
MUG5 = Promotion(
    id="MUG5",
    code="MUG5",
    public=True,
    conditions=(QuantityAtLeast(quantity=2, of=MUGS),),
    actions=(AmountOff(amount=eur("5.00")),),
    not_with=("percent",),
)
FREESHIP = Promotion(
    id="FREESHIP",
    code="FREESHIP",
    public=True,
    conditions=(GoodsAtLeast(amount=eur("40.00")),),
    actions=(FreeDelivery(),),
)
FLASH20 = Promotion(
    id="FLASH20",
    code="FLASH20",
    public=True,
    actions=(PercentOf(percent=20, of=Which(products=("TEE",))),),
    starts_at=datetime(2026, 11, 24, tzinfo=ZONE),
    ends_at=datetime(2026, 11, 25, tzinfo=ZONE),
    hours_from="18:00",
    hours_to="20:00",
    total_limit=50,
)
BLOGGER15 = Promotion(
    id="BLOGGER15",
    code="BLOGGER15",
    actions=(PercentOfGoods(percent=15),),
    ends_at=datetime(2026, 11, 2, tzinfo=ZONE),
)
VIP7X = Promotion(
    id="VIP7X",
    code="VIP7X",
    actions=(PercentOfGoods(percent=10),),
    personal=True,
    customer="ana",
    total_limit=1,
)
LUMO = (WELCOME10, MUG5, FREESHIP, FLASH20, BLOGGER15, VIP7X)
BOXBERRY = DeliveryPrice("Boxberry", eur("3.50"))


def goods(sku: str, quantity: int, unit: str) -> Goods:
    return Goods(sku=sku, product=sku.partition("-")[0], quantity=quantity, unit=eur(unit), name=sku)


def cart(
    *lines: Goods, now: datetime = NOON, first_order: bool = True, used: Mapping[str, int] | None = None
) -> Situation:
    return Situation(
        goods=lines, currency=EUR, now=now, zone=ZONE, customer="bob", first_order=first_order, used=used or {}
    )


def test_the_first_order_code_is_explained_and_the_mug_code_is_offered_instead() -> None:
    at = cart(goods("MUG-black", 2, "12.00"))
    priced = price(at, [WELCOME10], BOXBERRY)
    assert [(line.kind, str(line.amount), line.reason, line.percent) for line in priced.breakdown.lines] == [
        ("goods", "24.00", "", None),
        ("discount", "-2.40", "first_order", 10),
        ("delivery", "3.50", "", None),
    ]
    assert str(priced.breakdown.total) == "25.10"
    best = best_other(at, priced, LUMO, BOXBERRY)
    assert best is not None
    assert (best.code, str(best.total), str(best.saving), best.replaces) == ("MUG5", "22.50", "2.60", ("WELCOME10",))


def test_free_delivery_stands_beside_a_percentage_and_falls_with_its_threshold() -> None:
    throw = cart(goods("THR", 1, "45.00"))
    priced = price(throw, [WELCOME10, FREESHIP], BOXBERRY)
    assert str(priced.breakdown.total) == "40.50"
    assert str(priced.breakdown.delivery) == "0.00"
    assert priced.codes == ("FREESHIP", "WELCOME10")
    small = price(cart(goods("MUG-white", 1, "12.00"), goods("CAN", 1, "9.50")), [WELCOME10, FREESHIP], BOXBERRY)
    assert str(small.breakdown.total) == "22.85"
    (refused,) = small.dormant
    assert (refused.code, refused.reason, str(refused.needs), str(refused.missing)) == (
        "FREESHIP",
        "goods_below",
        "40.00",
        "18.50",
    )


@pytest.mark.parametrize(
    ("promotion", "at", "reason"),
    [
        (BLOGGER15, cart(goods("MUG-white", 2, "12.00")), "expired"),
        (VIP7X, cart(goods("MUG-white", 2, "12.00")), "personal"),
        (FLASH20, cart(goods("TEE-black-L", 1, "20.00")), "outside_hours"),
        (WELCOME10, cart(goods("CAN", 1, "9.50")), "goods_below"),
        (WELCOME10, cart(goods("THR", 1, "45.00"), first_order=False), "not_first_order"),
        (WELCOME10, cart(goods("THR", 1, "45.00"), used={"WELCOME10": 1}), "already_used"),
        (MUG5, cart(goods("MUG-white", 1, "12.00")), "quantity_below"),
        (
            FLASH20.model_copy(update={"uses": 50}),
            cart(goods("TEE-black-L", 1, "20.00"), now=NOON.replace(hour=16)),
            "used_up",
        ),
        (FLASH20, cart(goods("CAN", 1, "9.50"), now=NOON.replace(hour=16)), "no_matching_goods"),
        (FLASH20, cart(goods("TEE-black-L", 1, "20.00"), now=NOON.replace(day=23)), "not_yet"),
        (
            Promotion(id="S", conditions=(InSegment(segments=("loyal",)),), actions=(FreeDelivery(),)),
            cart(),
            "wrong_segment",
        ),
        (FREESHIP.model_copy(update={"conditions": (OnChannel(channels=("web",)),)}), cart(), "wrong_channel"),
        (FREESHIP.model_copy(update={"conditions": (FromSource(sources=("ad",)),)}), cart(), "wrong_channel"),
    ],
)  # fmt: skip
def test_every_refused_code_has_a_reason_of_its_own(promotion: Promotion, at: Situation, reason: str) -> None:
    refused = promotion.refuse(at)
    assert refused is not None
    assert refused.reason == reason


def test_an_expired_code_names_its_last_day_in_shop_time() -> None:
    refused = BLOGGER15.refuse(cart(goods("THR", 1, "45.00")))
    assert refused is not None
    assert str(refused.since) == "2026-11-01"


def test_flash_price_counts_from_six_to_eight_in_shop_time() -> None:
    tee = goods("TEE-black-L", 2, "20.00")
    for hour, minute, counts in ((15, 59, False), (16, 0, True), (17, 59, True), (18, 0, False)):
        at = cart(tee, goods("CAN", 1, "9.50"), now=NOON.replace(hour=hour, minute=minute))
        assert (FLASH20.refuse(at) is None) == counts
        if counts:
            assert str(price(at, [FLASH20], None).breakdown.discount) == "-8.00"


def test_mug_code_and_percentage_code_do_not_stand_together_and_the_cheaper_counts() -> None:
    priced = price(cart(goods("MUG-black", 2, "12.00")), [MUG5, WELCOME10], None)
    assert priced.codes == ("MUG5",)
    (refused,) = priced.dormant
    assert (refused.code, refused.reason, refused.against) == ("WELCOME10", "not_combinable", "MUG5")


def test_a_code_that_counts_for_nothing_here_is_not_offered() -> None:
    at = cart(goods("CAN", 1, "9.50"))
    priced = price(at, [], BOXBERRY)
    assert best_other(at, priced, LUMO, BOXBERRY) is None
    assert would_give(at, priced, VIP7X, BOXBERRY) is None


def test_every_third_mug_is_free() -> None:
    at = cart(goods("MUG-white", 3, "12.00"), goods("MUG-blue", 1, "13.00"), goods("CAN", 5, "9.50"))
    assert BuyXGetY(buy=2, get=1, of=MUGS).off(at) == eur("12.00")


def test_two_mugs_and_a_box_for_a_fixed_price_as_often_as_they_are_there() -> None:
    bundle = FixedPriceBundle(parts=(Part(of=MUGS, quantity=2), Part(of=Which(products=("BOX",)))), price=eur("25.00"))
    assert bundle.off(cart(goods("MUG-white", 5, "12.00"), goods("BOX", 2, "4.00"))) == eur("6.00")
    assert bundle.off(cart(goods("MUG-white", 5, "12.00"))) == eur("0.00")


def test_a_managers_price_carries_his_reason() -> None:
    line = Goods(sku="THR", product="THR", quantity=1, unit=eur("42.00"), name="Nordic throw", note="agreed with Olga")
    priced = price(cart(line), [], BOXBERRY)
    assert (priced.breakdown.lines[0].kind, priced.breakdown.lines[0].reason) == ("manual", "agreed with Olga")
    assert str(priced.breakdown.total) == "45.50"


def test_a_line_bears_its_share_of_the_discount() -> None:
    lines = (goods("TEE-black-L", 1, "20.00"), goods("MUG-black", 2, "12.00"))
    assert [str(share) for share in shares(lines, eur("-4.40"))] == ["-2.00", "-2.40"]


amounts = st.integers(min_value=0, max_value=20_000)
lines = st.lists(
    st.builds(
        lambda product, number, quantity, unit: Goods(
            sku=f"{product}-{number}", product=product, quantity=quantity, unit=Money(unit, EUR)
        ),
        st.sampled_from(["MUG", "TEE", "CAN"]),
        st.integers(0, 5),
        st.integers(1, 6),
        amounts,
    ),
    max_size=5,
    unique_by=lambda line: line.sku,
)
which = st.builds(Which, products=st.lists(st.sampled_from(["MUG", "TEE", "CAN"]), max_size=2).map(tuple))
actions = st.one_of(
    st.builds(PercentOfGoods, percent=st.integers(1, 100)),
    st.builds(PercentOf, percent=st.integers(1, 100), of=which),
    st.builds(AmountOff, amount=amounts.map(lambda minor: Money(minor, EUR))),
    st.just(FreeDelivery()),
    st.builds(BuyXGetY, buy=st.integers(1, 3), get=st.integers(1, 2), of=which),
    st.builds(
        FixedPriceBundle,
        parts=st.lists(st.builds(Part, of=which, quantity=st.integers(1, 2)), min_size=1, max_size=2).map(tuple),
        price=amounts.map(lambda minor: Money(minor, EUR)),
    ),
)
promotions = st.lists(
    st.builds(
        lambda code, action, combinable, not_with: Promotion(
            id=code, code=code, public=True, actions=(action,), combinable=combinable, not_with=not_with
        ),
        st.sampled_from(["A", "B", "C", "D", "E"]),
        actions,
        st.booleans(),
        st.lists(st.sampled_from(["percent", "amount", "delivery", "gift", "bundle"]), max_size=2).map(tuple),
    ),
    max_size=5,
    unique_by=lambda promotion: promotion.id,
)
deliveries = st.one_of(st.none(), amounts.map(lambda minor: DeliveryPrice("courier", Money(minor, EUR))))


@given(lines, promotions, deliveries, st.randoms(use_true_random=False))
def test_lines_add_up_the_total_is_never_negative_and_the_order_of_codes_does_not_matter(
    some: list[Goods], codes: list[Promotion], delivery: DeliveryPrice | None, random: Random
) -> None:
    at = cart(*some)
    priced = price(at, codes, delivery)
    breakdown = priced.breakdown
    assert total((line.amount for line in breakdown.lines), EUR) == breakdown.total
    assert breakdown.goods + breakdown.discount + (breakdown.delivery or Money.zero(EUR)) == breakdown.total
    assert breakdown.total.amount_minor >= 0
    assert breakdown.discount.amount_minor <= 0
    assert {p.name for p in priced.counting} | {r.code for r in priced.dormant} == {p.name for p in codes}
    shuffled = list(codes)
    random.shuffle(shuffled)
    assert price(at, shuffled, delivery) == priced
    best = best_other(at, priced, codes, delivery)
    if best is not None:
        assert best.saving.amount_minor > 0
        assert total((line.amount for line in best.lines), EUR) == best.total
