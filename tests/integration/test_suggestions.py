"""What the shop proposes, shows, knows and compares: always from today's stock, prices and product data."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from base.db import Database, Tx
from base.money import Money
from shop.catalogue import load_catalogue
from shop.catalogue_handlers import ask_fact, compare, find_products, show_product, suggest
from shop.commands import (
    AskFact,
    Compare,
    Event,
    FactAnswered,
    FindProducts,
    Found,
    NoSuchProduct,
    ProductShown,
    ShowProduct,
    Suggest,
)
from shop.handlers import ShopContext
from shop.seed import seed_demo

DEMO = Path(__file__).parents[2] / "data" / "demo"


def eur(text: str) -> Money:
    return Money.parse(text, "EUR")


async def nobody(tx: Tx, customer: str, event: Event) -> None:
    raise AssertionError("looking at goods tells nobody anything")


@pytest_asyncio.fixture
async def ctx(db: Database) -> AsyncIterator[ShopContext]:
    """Lumo at noon, for a new customer who writes English."""
    async with db.begin() as tx:
        shop = await seed_demo(tx, DEMO)
        yield ShopContext(
            tx=tx,
            now=datetime(2026, 11, 24, 10, 0, tzinfo=UTC),
            customer="somebody",
            locale="en",
            actor="conversation",
            shop=shop,
            catalogue=await load_catalogue(tx),
            tell=nobody,
        )


async def suggested(ctx: ShopContext, **wish: object) -> list[tuple[str, str]]:
    result = await suggest(ctx, Suggest.model_validate(wish))
    return [(one.name, str(one.total)) for one in result.suggestions]


async def found(ctx: ShopContext, **wish: object) -> Found:
    return await find_products(ctx, FindProducts.model_validate(wish))


# ---- ready wishes ----------------------------------------------------------------------------------


async def test_a_gift_for_a_sister_around_thirty_euro(ctx: ShopContext) -> None:
    assert await suggested(ctx, budget=eur("30.00"), recipient_kind="sister", occasion="gift") == [
        ("2 × Pine candle", "19.00"),
        ("Nordic pillow", "18.00"),
        ("Aurora mug, black + Gift box", "16.00"),
    ]


async def test_every_suggestion_has_a_reason_in_the_customers_language(ctx: ShopContext) -> None:
    for locale in ctx.shop.languages:
        told = await suggest(
            ShopContext(
                ctx.tx, ctx.now, ctx.customer, locale, ctx.actor, ctx.shop, ctx.catalogue, ctx.tell
            ),
            Suggest(budget=eur("30.00")),
        )  # fmt: skip
        assert len({one.reason for one in told.suggestions}) == 3
        assert all(one.image for one in told.suggestions)


async def test_what_was_sold_since_is_not_suggested(ctx: ShopContext) -> None:
    await ctx.tx.execute("UPDATE variant SET on_hand = 1 WHERE sku = 'CAN'")
    await ctx.tx.execute("UPDATE variant SET reserved = on_hand WHERE sku = 'PIL'")
    names = [name for name, _ in await suggested(ctx, budget=eur("30.00"), recipient_kind="sister")]
    assert names == ["Aurora mug, black + Gift box", "Forest tee, black, M", "Pine candle"]


async def test_a_price_that_rose_since_is_held_against_the_budget(ctx: ShopContext) -> None:
    await ctx.tx.execute("UPDATE variant SET price_minor = 3100 WHERE sku = 'PIL'")
    assert "Nordic pillow" not in dict(await suggested(ctx, budget=eur("30.00")))


async def test_the_sold_out_mug_is_never_suggested(ctx: ShopContext) -> None:
    shown: list[str] = []
    for budget in ("5.00", "10.00", "13.00", "30.00", "100.00"):
        shown += dict(await suggested(ctx, budget=eur(budget)))
    assert shown
    assert not any("blue" in name for name in shown)
    assert all(name != "Gift box" for name in shown)


async def test_what_was_shown_already_is_not_shown_again(ctx: ShopContext) -> None:
    first = await suggested(ctx, budget=eur("30.00"))
    again = await suggested(ctx, budget=eur("30.00"), skip=("CAN", "PIL", "MUG-black", "BOX"))
    assert again
    assert not {name for name, _ in first} & {name for name, _ in again}


async def test_nothing_fits_a_budget_of_one_euro(ctx: ShopContext) -> None:
    assert await suggested(ctx, budget=eur("1.00")) == []


async def test_a_budget_in_another_money_is_not_guessed(ctx: ShopContext) -> None:
    assert len(await suggested(ctx, budget=Money(1, "JPY"))) == 3


# ---- finding ---------------------------------------------------------------------------------------


async def test_black_tees_are_named_exactly_with_those_in_stock_first(ctx: ShopContext) -> None:
    result = await found(ctx, query="футболка чёрная", attributes={"color": "black"})
    assert [view.id for view in result.products] == ["TEE"]
    assert [(one.sku, one.free) for one in result.variants] == [
        ("TEE-black-M", 3), ("TEE-black-L", 3), ("TEE-black-XL", 1), ("TEE-black-S", 0),
    ]  # fmt: skip


async def test_everything_on_sale_comes_page_by_page(ctx: ShopContext) -> None:
    pages = [[view.id for view in (await found(ctx, limit=3, offset=offset)).products] for offset in (0, 3, 6, 9)]
    assert pages == [["MUG", "TEE", "CAN"], ["HP", "THR", "PIL"], ["BOX"], []]
    assert (await found(ctx)).total == 7


async def test_a_budget_leaves_out_what_costs_more(ctx: ShopContext) -> None:
    result = await found(ctx, budget=eur("12.00"))
    assert [view.id for view in result.products] == ["MUG", "CAN", "BOX"]
    assert all(one.price <= eur("12.00") for view in result.products for one in view.variants)


async def test_what_is_in_stock_comes_before_what_is_not(ctx: ShopContext) -> None:
    await ctx.tx.execute("UPDATE variant SET on_hand = 0 WHERE product IN ('MUG', 'THR')")
    assert (await found(ctx)).products[0].id == "TEE"
    assert [view.id for view in (await found(ctx, query="nordic")).products] == ["PIL", "THR"]


async def test_an_attribute_that_a_product_has_not_leaves_the_product(ctx: ShopContext) -> None:
    result = await found(ctx, products=("MUG",), attributes={"color": "green"})
    assert [view.id for view in result.products] == ["MUG"]
    assert result.variants == ()


async def test_unknown_words_find_nothing(ctx: ShopContext) -> None:
    assert await found(ctx, query="submarine") == Found(products=(), total=0, query="submarine")


# ---- showing ---------------------------------------------------------------------------------------


async def test_the_blue_mug_is_out_until_december_and_white_or_black_are_offered(ctx: ShopContext) -> None:
    shown = await show_product(ctx, ShowProduct(sku="MUG-blue"))
    assert isinstance(shown, ProductShown)
    assert shown.variant is not None
    assert (shown.variant.name, shown.variant.free, shown.variant.restock) == ("Aurora mug, blue", 0, date(2026, 12, 5))
    assert [(one.short, str(one.price)) for one in shown.alternatives] == [("white", "12.00"), ("black", "12.00")]
    assert shown.cheapest_delivery is not None
    assert (shown.cheapest_delivery.code, str(shown.cheapest_delivery.price)) == ("boxberry", "3.50")


async def test_what_is_in_stock_needs_no_alternative(ctx: ShopContext) -> None:
    shown = await show_product(ctx, ShowProduct(product="MUG", sku="MUG-black"))
    assert isinstance(shown, ProductShown)
    assert shown.alternatives == ()
    assert shown.variant is not None
    assert shown.variant.free == 2


async def test_what_is_not_sold_is_said_so(ctx: ShopContext) -> None:
    assert await show_product(ctx, ShowProduct(product="LAMP")) == NoSuchProduct(words="LAMP")
    assert await ask_fact(ctx, AskFact(product="LAMP", fact="weight")) == NoSuchProduct(words="LAMP")


# ---- facts -----------------------------------------------------------------------------------------


async def fact(ctx: ShopContext, product: str, **asked: str) -> FactAnswered:
    answer = await ask_fact(ctx, AskFact(product=product, **asked))
    assert isinstance(answer, FactAnswered)
    return answer


async def test_the_burn_time_of_the_candle_is_not_known_and_not_guessed(ctx: ShopContext) -> None:
    answer = await fact(ctx, "CAN", fact="burn_time", words="how long does it burn")
    assert (answer.fact, answer.words, answer.value) == ("burn_time", "burn time", None)


async def test_the_burn_time_is_told_once_the_owner_has_written_it(ctx: ShopContext) -> None:
    await ctx.tx.execute("""UPDATE product SET facts = facts || '{"burn_time": {"": "40 h"}}' WHERE id = 'CAN'""")
    fresh = ShopContext(
        ctx.tx, ctx.now, "", "ru", "", ctx.shop, await load_catalogue(ctx.tx), ctx.tell
    )  # fmt: skip
    assert (await fact(fresh, "CAN", fact="burn_time")).value == "40 h"


async def test_a_fact_is_understood_from_the_customers_words(ctx: ShopContext) -> None:
    assert (await fact(ctx, "HP", words="how long does the battery last?")).value == "8 h, 28 h with the case"
    assert (await fact(ctx, "THR", words="is it washable")).value is None
    assert (await fact(ctx, "THR", words="who made it")).fact is None


async def test_sizes_are_a_fact_too(ctx: ShopContext) -> None:
    assert (await fact(ctx, "TEE", fact="size")).value == "S, M, L, XL"


# ---- comparing -------------------------------------------------------------------------------------


async def test_two_mugs_differ_in_colour_alone(ctx: ShopContext) -> None:
    result = await compare(ctx, Compare(skus=("MUG-white", "MUG-black")))
    assert result.facts == (("colour", ("white", "black")),)
    assert result.cheapest is None


async def test_throw_and_pillow_are_compared_on_what_differs(ctx: ShopContext) -> None:
    result = await compare(ctx, Compare(skus=("THR", "PIL")))
    assert result.cheapest == "PIL"
    rows = dict(result.facts)
    assert rows["dimensions"] == ("130 × 180 cm", "45 × 45 cm")
    assert rows["washable"] == ("—", "the cover, at 30 °C")


@pytest.mark.parametrize("skus", [(), ("NOPE",), ("CAN", "CAN")])
async def test_comparing_little_does_not_fail(ctx: ShopContext, skus: tuple[str, ...]) -> None:
    result = await compare(ctx, Compare(skus=skus))
    assert result.facts == ()


async def test_how_many_there_are_in_all_counts_past_the_first_page(ctx: ShopContext) -> None:
    await ctx.tx.execute(
        "INSERT INTO product (id, position, names, descriptions, synonyms, facts, pictures, tags, active)"
        " SELECT 'X' || n, 100, '{}', '{}', '{}', '{}', '[]', '[]', true FROM generate_series(1, 100) n"
    )
    await ctx.tx.execute(
        "INSERT INTO variant (sku, product, position, attributes, price_minor, currency, on_hand, reserved, active)"
        " SELECT 'X' || n, 'X' || n, 0, '{}', 100, 'EUR', 1, 0, true FROM generate_series(1, 100) n"
    )
    many = ShopContext(ctx.tx, ctx.now, "", "en", "", ctx.shop, await load_catalogue(ctx.tx), ctx.tell)
    result = await found(many, limit=3, offset=90)
    assert (len(result.products), result.total) == (3, 107)
