"""Questions about the goods, and suggestions."""

from __future__ import annotations

from base.money import Money
from shop.commands.base import Command, Result
from shop.commands.cart import LineWish
from shop.views import DeliveryOption, ProductView, VariantView, View


class FindProducts(Command):
    """Products that fit words, attributes and a price limit; in stock first. -> Found"""

    query: str = ""
    products: tuple[str, ...] = ()  # product ids that were understood; empty: search by `query`
    attributes: dict[str, str] = {}
    budget: Money | None = None
    below: tuple[str, ...] = ()  # SKUs or product ids: only what costs less than the cheapest of them
    cheapest: bool = False  # first, among all that is on sale; else the owner's order
    limit: int = 3
    offset: int = 0


class Found(Result):
    products: tuple[ProductView, ...]
    total: int  # how many there are in all
    variants: tuple[VariantView, ...] = ()  # the exact variants asked for, when attributes were said
    query: str = ""
    budget: Money | None = None


class Suggest(Command):
    """Two or three ready wishes within a budget, from the owner's suggestions and from the catalogue. -> Suggested"""

    budget: Money | None = None
    recipient_kind: str | None = None
    occasion: str | None = None
    skip: tuple[str, ...] = ()  # SKUs that were shown already


class Suggestion(View):
    lines: tuple[tuple[VariantView, int], ...]
    name: str  # "2 × Pine candle"
    total: Money
    reason: str  # one line in the customer's language
    image: str | None = None


class Suggested(Result):
    suggestions: tuple[Suggestion, ...]
    budget: Money | None = None
    recipient_kind: str | None = None


class ShowProduct(Command):
    """One product with its variants. -> ProductShown | NoSuchProduct"""

    product: str | None = None
    sku: str | None = None


class ProductShown(Result):
    product: ProductView
    variant: VariantView | None = None  # the one that was asked for
    alternatives: tuple[VariantView, ...] = ()  # nearest in stock, when the one asked for is sold out
    cheapest_delivery: DeliveryOption | None = None


class NoSuchProduct(Result):
    words: str = ""


class AskFact(Command):
    """A property of a product, only as the catalogue has it. -> FactAnswered | NoSuchProduct"""

    product: str
    fact: str | None = None
    words: str = ""


class FactAnswered(Result):
    product: ProductView
    fact: str | None
    words: str
    value: str | None  # None: not in the product data; never guess


class Compare(Command):
    """-> Compared"""

    skus: tuple[str, ...]


class Compared(Result):
    variants: tuple[VariantView, ...]
    facts: tuple[tuple[str, tuple[str, ...]], ...]  # (fact, value per variant), only those that differ
    cheapest: str | None = None  # SKU


class PriceGoods(Command):
    """What so many pieces of these variants cost without delivery and promotions. -> GoodsPriced"""

    lines: tuple[LineWish, ...]


class GoodsPriced(Result):
    lines: tuple[tuple[VariantView, int], ...]  # (variant, pieces)
    total: Money


class WatchStock(Command):
    """Remember the wish to be told when a variant is back. Call only after a yes. -> StockWatched"""

    sku: str
    source: str = "chat"


class StockWatched(Result):
    variant: VariantView
    already: bool = False
