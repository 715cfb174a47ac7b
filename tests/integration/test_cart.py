"""What a customer does with a cart, on real PostgreSQL."""

from __future__ import annotations

import random

import pytest

from base.db import Database
from shop.commands import (
    AddLines,
    ApplyCode,
    CartChanged,
    CartRechecked,
    ChangeVariant,
    ChooseDelivery,
    ClearCart,
    CodeApplied,
    CodeRefused,
    DeliveryChosen,
    LineWish,
    ListPromotions,
    NothingToUndo,
    PromotionsListed,
    RecheckCart,
    RemoveLines,
    SetQuantity,
    UndoCart,
)
from shop.views import CartView
from tests.integration.lumo import open_lumo


def add(sku: str, quantity: int = 1) -> AddLines:
    return AddLines(lines=(LineWish(sku=sku, quantity=quantity),))


def content(cart: CartView) -> dict[str, int]:
    return {line.sku: line.quantity for line in cart.lines}


async def test_a_corrected_quantity_wins(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.ask(add("MUG-white"))
    changed = await lumo.ask(SetQuantity(sku="MUG-white", quantity=2))
    assert isinstance(changed, CartChanged)
    assert content(changed.cart) == {"MUG-white": 2}
    assert str(changed.cart.breakdown.total) == "24.00"
    assert [(c.kind, c.before, c.quantity) for c in changed.changes] == [("set", 1, 2)]


async def test_what_is_short_is_not_put_in_and_the_nearest_is_named(db: Database) -> None:
    lumo = await open_lumo(db)
    changed = await lumo.ask(add("MUG-black", 3))
    assert isinstance(changed, CartChanged)
    assert changed.cart.empty
    (short,) = changed.shortages
    assert (short.variant.sku, short.variant.free, short.wanted) == ("MUG-black", 2, 3)
    assert [variant.sku for variant in short.alternatives] == ["MUG-white"]
    sold_out = await lumo.ask(add("MUG-blue"))
    assert isinstance(sold_out, CartChanged)
    assert str(sold_out.shortages[0].variant.restock) == "2026-12-05"
    assert {variant.sku for variant in sold_out.shortages[0].alternatives} == {"MUG-white", "MUG-black"}


async def test_undo_goes_back_step_by_step_and_then_has_nothing_left(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.ask(add("THR"))
    second = await lumo.ask(add("PIL"))
    assert isinstance(second, CartChanged)
    assert str(second.cart.breakdown.total) == "63.00"
    for total, undone in (("45.00", "Nordic pillow"), ("0.00", "Nordic throw")):
        changed = await lumo.ask(UndoCart())
        assert isinstance(changed, CartChanged)
        assert str(changed.cart.breakdown.total) == total
        assert [(c.kind, c.name, c.quantity) for c in changed.changes] == [("undone", undone, 0)]
    assert isinstance(await lumo.ask(UndoCart()), NothingToUndo)


async def test_undo_answers_to_its_own_conversation(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.ask(add("CAN"), actor="web")
    await lumo.ask(add("PIL"), actor="telegram")
    changed = await lumo.ask(UndoCart(), actor="web")
    assert isinstance(changed, CartChanged)
    assert content(changed.cart) == {"PIL": 1}


async def test_another_variant_takes_the_place_and_the_quantity(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"TEE-green-M": 2, "CAN": 1})
    changed = await lumo.ask(ChangeVariant(sku="TEE-green-M", to="TEE-black-L"))
    assert isinstance(changed, CartChanged)
    assert [line.sku for line in changed.cart.lines] == ["TEE-black-L", "CAN"]
    short = await lumo.ask(ChangeVariant(sku="TEE-black-L", to="TEE-green-L"))
    assert isinstance(short, CartChanged)
    assert content(short.cart) == {"TEE-black-L": 2, "CAN": 1}
    assert short.shortages[0].variant.sku == "TEE-green-L"


async def test_removing_and_clearing_can_be_taken_back_in_place(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"CAN": 3, "HP-black": 1, "BOX": 2})
    await lumo.ask(RemoveLines(skus=("CAN",)))
    await lumo.ask(ClearCart())
    await lumo.ask(UndoCart())
    changed = await lumo.ask(UndoCart())
    assert isinstance(changed, CartChanged)
    assert [(line.sku, line.quantity) for line in changed.cart.lines] == [("CAN", 3), ("HP-black", 1), ("BOX", 2)]
    assert str(changed.cart.breakdown.total) == "95.50"


async def test_the_price_explains_itself_and_names_the_better_code(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"MUG-black": 2})
    await lumo.ask(ChooseDelivery(delivery="boxberry"))
    applied = await lumo.ask(ApplyCode(code="welcome10"))
    assert isinstance(applied, CodeApplied)
    assert str(applied.cart.breakdown.total) == "25.10"
    assert applied.cart.best is not None
    assert (applied.cart.best.code, str(applied.cart.best.total)) == ("MUG5", "22.50")
    refused = await lumo.ask(ApplyCode(code="MUG5"))
    assert isinstance(refused, CodeRefused)
    assert (refused.refused.reason, refused.refused.against) == ("not_combinable", "WELCOME10")
    assert refused.gives is not None
    assert str(refused.gives.total) == "22.50"
    assert refused.cart.codes == ("WELCOME10",)
    switched = await lumo.ask(ApplyCode(code="MUG5", switch=True))
    assert isinstance(switched, CodeApplied)
    assert (switched.dropped, switched.cart.codes) == (("WELCOME10",), ("MUG5",))


async def test_every_wrong_code_has_its_reason_and_the_fifth_slows_down(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"MUG-white": 2}, "bob")
    seen = []
    for code in ("BLOGGER15", "VIP7X", "WELCOM10", "NONSENSE", "VIP7Y", "ABC"):
        refused = await lumo.ask(ApplyCode(code=code), "bob")
        assert isinstance(refused, CodeRefused)
        seen.append((refused.refused.reason, refused.refused.suggestion, refused.tries))
        assert str(refused.cart.breakdown.total) == "24.00"
    assert seen == [
        ("expired", None, 1),
        ("personal", None, 2),
        ("unknown", "WELCOME10", 3),
        ("unknown", None, 4),
        ("slow_down", None, 5),
        ("slow_down", None, 6),
    ]
    assert isinstance(await lumo.ask(ApplyCode(code="MUG5"), "bob"), CodeApplied)
    refused = await lumo.ask(ApplyCode(code="ABC"), "bob")
    assert isinstance(refused, CodeRefused)
    assert refused.tries == 1


async def test_a_code_falls_with_its_threshold_and_comes_back_with_it(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"THR": 1})
    await lumo.ask(ChooseDelivery(delivery="boxberry"))
    await lumo.ask(ApplyCode(code="WELCOME10"))
    applied = await lumo.ask(ApplyCode(code="FREESHIP"))
    assert isinstance(applied, CodeApplied)
    assert str(applied.cart.breakdown.total) == "40.50"
    gone = await lumo.ask(RemoveLines(skus=("THR",)))
    assert isinstance(gone, CartChanged)
    assert {refused.code for refused in gone.lost} == {"FREESHIP", "WELCOME10"}
    back = await lumo.ask(AddLines(lines=(LineWish(sku="MUG-white"), LineWish(sku="CAN"))))
    assert isinstance(back, CartChanged)
    assert str(back.cart.breakdown.total) == "22.85"
    assert back.gained == ("WELCOME10",)
    (dormant,) = back.cart.dormant
    assert (dormant.code, dormant.reason, str(dormant.needs)) == ("FREESHIP", "goods_below", "40.00")


async def test_personal_and_sleeping_codes_are_never_listed(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"MUG-white": 2})
    listed = await lumo.ask(ListPromotions())
    assert isinstance(listed, PromotionsListed)
    assert [(p.code, str(p.total)) for p in listed.promotions] == [
        ("MUG5", "19.00"),
        ("WELCOME10", "21.60"),
        ("FREESHIP", "None"),
    ]


async def test_the_city_courier_does_not_go_to_another_city(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"MUG-black": 2})
    chosen = await lumo.ask(ChooseDelivery(city="Kaunas"))
    assert isinstance(chosen, DeliveryChosen)
    assert [(o.code, str(o.total)) for o in chosen.options] == [
        ("boxberry", "27.50"),
        ("city_courier", "28.00"),
        ("dhl", "30.90"),
    ]
    await lumo.ask(ChooseDelivery(delivery="city_courier"))
    moved = await lumo.ask(ChooseDelivery(city="Vilnius"))
    assert isinstance(moved, DeliveryChosen)
    assert (moved.unavailable, moved.cart.delivery, moved.cart.destination) == ("city_courier", None, "Vilnius")
    assert [option.code for option in moved.options] == ["boxberry", "dhl"]


async def test_an_old_cart_is_cut_to_what_is_there_and_says_so(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.fill({"TEE-green-M": 2, "BOX": 2})
    await lumo.change("UPDATE variant SET on_hand = 1 WHERE sku = 'BOX'")
    await lumo.change("UPDATE variant SET price_minor = 2100 WHERE sku = 'TEE-green-M'")
    lumo.wait(3 * 24 * 60)
    checked = await lumo.ask(RecheckCart())
    assert isinstance(checked, CartRechecked)
    assert (str(checked.before), str(checked.cart.breakdown.total)) == ("48.00", "46.00")
    assert [(s.variant.sku, s.wanted, s.variant.free) for s in checked.reduced] == [("BOX", 2, 1)]
    assert [(name, str(old), str(new)) for name, old, new in checked.repriced] == [
        ("Forest tee, green, M", "20.00", "21.00")
    ]


async def test_a_managers_price_counts_until_its_deadline(db: Database) -> None:
    lumo = await open_lumo(db)
    await lumo.change(
        "INSERT INTO manual_price (id, customer, sku, amount_minor, currency, reason, by, until, created_at)"
        " VALUES ('m', 'ana', 'THR', 4200, 'EUR', 'agreed with Olga', 'Olga', %s, %s)",
        lumo.now.replace(hour=21),
        lumo.now,
    )
    changed = await lumo.ask(add("THR"))
    assert isinstance(changed, CartChanged)
    line = changed.cart.breakdown.lines[0]
    assert (line.kind, str(line.amount), line.reason) == ("manual", "42.00", "agreed with Olga")
    lumo.wait(24 * 60)
    checked = await lumo.ask(RecheckCart())
    assert isinstance(checked, CartRechecked)
    assert str(checked.cart.breakdown.total) == "45.00"


@pytest.mark.parametrize("seed", range(3))
async def test_a_random_walk_taken_back_step_by_step_ends_where_it_began(db: Database, seed: int) -> None:
    lumo, chance = await open_lumo(db), random.Random(seed)
    await lumo.change("UPDATE variant SET on_hand = 1000, reserved = 0")
    skus = ["MUG-white", "MUG-black", "TEE-green-M", "CAN", "BOX"]
    seen: list[dict[str, int]] = [{}]
    for _ in range(25):
        sku, other, quantity = chance.choice(skus), chance.choice(skus), chance.randint(0, 4)
        command = chance.choice(
            [add(sku, quantity + 1), SetQuantity(sku=sku, quantity=quantity), RemoveLines(skus=(sku, other)),
             ChangeVariant(sku=sku, to=other), ClearCart(), UndoCart()]
        )  # fmt: skip
        result = await lumo.ask(command)
        if isinstance(result, NothingToUndo):
            assert len(seen) == 1
            continue
        assert isinstance(result, CartChanged)
        if isinstance(command, UndoCart):
            seen.pop()
            assert content(result.cart) == seen[-1]
        elif result.changes:
            seen.append(content(result.cart))
        assert content(result.cart) == seen[-1]
    events = await lumo.one("SELECT count(*) FROM cart_event")
    while len(seen) > 1:
        result = await lumo.ask(UndoCart())
        seen.pop()
        assert isinstance(result, CartChanged)
        assert content(result.cart) == seen[-1]
    assert isinstance(await lumo.ask(UndoCart()), NothingToUndo)
    assert int(str(await lumo.one("SELECT count(*) FROM cart_event"))) >= int(str(events))
