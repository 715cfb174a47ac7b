"""What a stranger, or a customer with a trick, tries with quotes, orders, links and quantities."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from base.errors import ShopkeeperError
from base.ids import new_id
from shop.commands import (
    AddLines,
    ApplyCode,
    CannotPlace,
    CartChanged,
    CartShown,
    CodeRefused,
    Command,
    LineWish,
    NoOrders,
    OrderPlaced,
    OrderQuoted,
    PlaceOrder,
    QuoteOrder,
    QuoteOutdated,
    RequestPayment,
    ReviseOrder,
    SetQuantity,
    ShowCart,
    TrackOrder,
)
from tests.integration.open_shop import OpenShop, open_shop

ASKED = QuoteOrder(recipient="Ana", phone="+37060000001", delivery="dhl", address="Gedimino 5, Vilnius", payment="card")


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    async with open_shop(database_url) as opened:
        yield opened


async def quoted(shop: OpenShop, customer: str) -> str:
    await shop.ask(customer, AddLines(lines=(LineWish(sku="CAN"),)))
    quote = await shop.ask(customer, ASKED)
    assert isinstance(quote, OrderQuoted)
    return quote.quote


async def test_the_quote_of_another_customer_places_nothing(shop: OpenShop) -> None:
    ana, eve = await shop.buyer(), await shop.buyer()
    quote = await quoted(shop, ana)
    await shop.ask(eve, AddLines(lines=(LineWish(sku="CAN"),)))
    assert isinstance(await shop.ask(eve, PlaceOrder(quote=quote, key=new_id())), QuoteOutdated)


async def test_the_key_of_another_customers_order_opens_nothing(shop: OpenShop) -> None:
    ana, eve = await shop.buyer(), await shop.buyer()
    quote, key = await quoted(shop, ana), new_id()
    assert isinstance(await shop.ask(ana, PlaceOrder(quote=quote, key=key)), OrderPlaced)
    assert not isinstance(await shop.ask(eve, PlaceOrder(quote=quote, key=key)), OrderPlaced)


async def test_one_yes_said_ten_times_at_once_under_ten_keys_is_one_order(shop: OpenShop) -> None:
    ana = await shop.buyer()
    quote = await quoted(shop, ana)
    answers = await asyncio.gather(*(shop.ask(ana, PlaceOrder(quote=quote, key=new_id())) for _ in range(10)))
    assert sum(isinstance(answer, OrderPlaced) for answer in answers) == 1
    assert sum(isinstance(answer, CannotPlace) for answer in answers) == 9


async def test_what_was_put_in_after_the_quote_is_not_sold_at_it(shop: OpenShop) -> None:
    ana = await shop.buyer()
    quote = await quoted(shop, ana)
    await shop.ask(ana, AddLines(lines=(LineWish(sku="HP-black"),)))
    assert isinstance(await shop.ask(ana, PlaceOrder(quote=quote, key=new_id())), QuoteOutdated)


@pytest.mark.parametrize("by", ["id", "number"])
async def test_nobody_sees_pays_or_changes_the_order_of_another(shop: OpenShop, by: str) -> None:
    ana, eve = await shop.buyer(), await shop.buyer()
    order = getattr((await shop.placed(ana)).order, by)
    assert isinstance(await shop.ask(eve, TrackOrder(order=order)), NoOrders)
    refused: tuple[Command, ...] = (RequestPayment(order=order), ReviseOrder(order=order))
    for command in refused:
        with pytest.raises(ShopkeeperError, match="This customer has no such order"):
            await shop.ask(eve, command)
    assert not isinstance(await shop.ask(ana, TrackOrder(order=order)), NoOrders)


@pytest.mark.parametrize("quantity", [-1, -(10**9), 0, 10**7, 2**31, 2**63, 10**30])
async def test_no_quantity_makes_a_cart_cheaper_or_breaks_it(shop: OpenShop, quantity: int) -> None:
    ana = await shop.buyer()
    await shop.ask(ana, AddLines(lines=(LineWish(sku="MUG-white"),)))
    more = await shop.ask(ana, AddLines(lines=(LineWish.model_construct(sku="CAN", quantity=quantity),)))
    assert isinstance(more, CartChanged)
    assert [(line.sku, line.quantity) for line in more.cart.lines] == [("MUG-white", 1)]
    set_to = await shop.ask(ana, SetQuantity(sku="CAN", quantity=quantity))
    assert isinstance(set_to, CartChanged)
    assert set_to.cart.breakdown.total == more.cart.breakdown.total


async def test_a_code_made_for_somebody_else_gives_nothing(shop: OpenShop) -> None:
    eve = await shop.buyer()
    await shop.ask(eve, AddLines(lines=(LineWish(sku="HP-black"),)))
    before = await shop.ask(eve, ShowCart())
    assert isinstance(before, CartShown)
    for code in ("VIP7X", "vip7x ", "VIP7X'; --", "%", "{ $x }"):
        refused = await shop.ask(eve, ApplyCode(code=code))
        assert isinstance(refused, CodeRefused), code
        assert refused.cart.breakdown.total == before.cart.breakdown.total
        assert refused.refused.suggestion != "VIP7X"
