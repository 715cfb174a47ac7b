"""The receipt: everything a buyer needs on one page that prints, for nobody else, and true also after a refund."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from base.money import Money
from shop.commands import AddLines, ApplyCode, LineWish
from shop.receipts import vat_within
from shop.refunds import create_refund, submit_due
from tests.integration.open_shop import OpenShop, open_shop
from tests.integration.test_pay import on_the_sandbox_page, path_of, say


@pytest_asyncio.fixture
async def shop(database_url: str) -> AsyncIterator[OpenShop]:
    async with open_shop(database_url) as opened:
        yield opened


async def page(shop: OpenShop, path: str) -> tuple[int, str]:
    async with shop.http.get(path) as answer:
        html = await answer.text()
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    body = html.partition("<main>")[2]
    return answer.status, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


async def change(shop: OpenShop, query: str, *args: object) -> None:
    async with shop.house.db.begin() as tx:
        await tx.execute(query, *args)


async def path_to(shop: OpenShop) -> str:
    async with shop.house.db.begin() as tx:
        row = await tx.row("SELECT token FROM shop_order")
    assert row is not None
    return f"/receipt/{row['token']}"


async def paid_order(shop: OpenShop) -> str:
    """Three mugs and a coupon, paid; the path of the receipt."""
    ana = await shop.buyer()
    await shop.ask(ana, AddLines(lines=(LineWish(sku="MUG-white", quantity=2),)))
    await shop.ask(ana, ApplyCode(code="WELCOME10"))
    requested = await shop.placed(ana)
    await say(shop, await on_the_sandbox_page(shop, path_of(requested.link)), "approve")
    return await path_to(shop)


async def test_a_receipt_says_what_was_bought_why_it_costs_that_and_who_sold_it(shop: OpenShop) -> None:
    status, words = await page(shop, await paid_order(shop))
    assert status == 200
    for fact in (
        "Receipt", "3 × Aurora mug, white", "€12.00 each", "€36.00", "Discount WELCOME10", "10 %, first order",
        "-€3.60", "DHL courier €6.90", "Total €39.30", "of which VAT 21 % €6.82", "Paid by card (Sandbox), ",
        "Ana P.", "Gedimino 5, Vilnius", "Lumo UAB Laisvės alėja 1, LT-44238 Kaunas", "VAT number LT100000000000",
        "hello@lumo.example",
    ):  # fmt: skip
        assert fact in words, (fact, words)
    assert "Given back" not in words


async def test_what_went_back_stands_in_the_receipt_and_the_tax_is_that_of_what_was_kept(shop: OpenShop) -> None:
    path, house = await paid_order(shop), shop.house
    async with house.db.begin() as tx:
        row = await tx.row('SELECT id, "order" FROM payment')
        assert row is not None
        await create_refund(tx, row["id"], row["order"], Money(1000, "EUR"), "other", house.clock.now())
    assert "On its way back to you -€10.00" in (await page(shop, path))[1]
    await submit_due(house.db, house.providers, house.clock.now() + timedelta(minutes=2))
    words = (await page(shop, path))[1]
    assert re.search(r"Given back, .* -€10.00 Paid in the end €29.30 of which VAT 21 % €5.09", words), words


async def test_an_order_that_is_not_paid_is_no_receipt_yet(shop: OpenShop) -> None:
    await shop.placed(await shop.buyer(), payment="cod")
    words = (await page(shop, await path_to(shop)))[1]
    assert words.strip().startswith("Lumo Order ")
    assert "Not paid yet; cash on delivery" in words
    assert "Paid by" not in words


@pytest.mark.parametrize(
    ("locale", "facts"),
    [
        ("ru", ("Чек", "Итого 18,90 €", "в том числе НДС 21 % 3,28 €", "банковская карта (Sandbox)", "Продавец")),
        ("uk", ("Чек", "Разом 18,90 €", "зокрема ПДВ 21 % 3,28 €", "банківська картка (Sandbox)", "Продавець")),
        ("es", ("Recibo", "Total 18,90 €", "IVA incluido, 21 % 3,28 €", "Pagado: tarjeta (Sandbox)", "Vendedor")),
    ],
)  # fmt: skip
async def test_it_speaks_the_customers_language(shop: OpenShop, locale: str, facts: tuple[str, ...]) -> None:
    requested = await shop.placed(await shop.buyer())
    await say(shop, await on_the_sandbox_page(shop, path_of(requested.link)), "approve")
    await change(shop, "UPDATE shop_order SET locale = %s", locale)
    words = (await page(shop, await path_to(shop)))[1].replace("\N{NO-BREAK SPACE}", " ")
    for fact in facts:
        assert fact in words, (fact, words)


async def test_what_people_wrote_does_no_harm_on_paper(shop: OpenShop) -> None:
    await paid_order(shop)
    await change(shop, "UPDATE shop_order SET recipient = %s", "<script>alert(1)</script>")
    async with shop.http.get(await path_to(shop)) as answer:
        html = await answer.text()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize("token", ["x" * 43, "short", "a" * 400, "%00" * 20, "..%2f..%2fetc%2fpasswd"])
async def test_a_guessed_address_shows_nothing(shop: OpenShop, token: str) -> None:
    await paid_order(shop)
    status, words = await page(shop, f"/receipt/{token}")
    assert status == 404
    assert "We do not know this receipt" in words


async def test_the_pay_links_address_is_not_that_of_the_receipt(shop: OpenShop) -> None:
    requested = await shop.placed(await shop.buyer())
    assert requested.link is not None
    assert (await page(shop, f"/receipt/{requested.link.rpartition('/')[2]}"))[0] == 404


@given(st.integers(0, 10**9), st.decimals(Decimal("0.1"), Decimal("99"), places=2))
def test_price_without_tax_and_tax_add_up(minor: int, rate: Decimal) -> None:
    tax = vat_within(Money(minor, "EUR"), rate)
    net = minor - tax.amount_minor
    assert 0 <= tax.amount_minor <= minor
    assert abs(Decimal(net) * rate / 100 - tax.amount_minor) <= 1
