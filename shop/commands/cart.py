"""The cart and what makes it cheaper: lines, quantities, codes."""

from __future__ import annotations

from typing import Literal

from base.money import Money
from shop.commands.base import Command, Result
from shop.views import BestCode, CartView, DeliveryOption, OrderView, RefusedCode, VariantView, View

MOST_PIECES = 999  # of one line, in a cart or an order


class LineWish(View):
    sku: str
    quantity: int = 1


class AddLines(Command):
    """Put variants into the cart. What is short is not put in at all and is named. -> CartChanged"""

    lines: tuple[LineWish, ...]


class SetQuantity(Command):
    """Set a line to a quantity (0 removes it). -> CartChanged"""

    sku: str
    quantity: int


class ChangeVariant(Command):
    """Replace a line by another variant of its product, same quantity. -> CartChanged | NoSuchProduct

    Either `to` names it, or `attributes` tell what is to be different: {"size": "L"}.
    """

    sku: str
    to: str | None = None
    attributes: dict[str, str] = {}


class RemoveLines(Command):
    """-> CartChanged"""

    skus: tuple[str, ...]


class ClearCart(Command):
    """-> CartChanged"""


class UndoCart(Command):
    """Take back the last cart change of this conversation that was not taken back. -> CartChanged | NothingToUndo"""


class ChooseDelivery(Command):
    """Remember a delivery method (and a city) with the cart. -> DeliveryChosen"""

    delivery: str | None = None
    city: str | None = None


class DeliveryChosen(Result):
    cart: CartView
    options: tuple[DeliveryOption, ...]
    unavailable: str | None = None  # code that does not go to that city


class ShowCart(Command):
    """-> CartShown"""


class CartShown(Result):
    cart: CartView


class RecheckCart(Command):
    """Bring an old cart up to today's stock and prices. -> CartRechecked"""


class CartRechecked(Result):
    cart: CartView
    before: Money  # total as it was last told
    reduced: tuple[Shortage, ...] = ()  # lines cut to what is free
    repriced: tuple[tuple[str, Money, Money], ...] = ()  # (name, old unit, new unit)


class Change(View):
    kind: Literal["added", "set", "removed", "variant", "cleared", "undone"]
    sku: str
    name: str
    quantity: int  # quantity now (for removed: what was removed)
    before: int = 0


class Shortage(View):
    """Less is free than was wanted. `variant.free` tells how many."""

    variant: VariantView
    wanted: int
    alternatives: tuple[VariantView, ...] = ()  # nearest in stock


class CartChanged(Result):
    cart: CartView
    changes: tuple[Change, ...]
    shortages: tuple[Shortage, ...] = ()
    lost: tuple[RefusedCode, ...] = ()  # coupons that counted before this change and no longer do
    gained: tuple[str, ...] = ()  # coupons that count again
    revised: str | None = None  # number of the unpaid order whose link this change voided


class RepeatOrder(Command):
    """The goods of the newest order that was placed for good, into the cart once more. -> OrderRepeated | NoOrders"""


class OrderRepeated(Result):
    number: str
    changed: CartChanged
    gone: tuple[str, ...] = ()  # names of what is no longer sold


class NothingToUndo(Result):
    cart: CartView


class ApplyCode(Command):
    """-> CodeApplied | CodeRefused"""

    code: str
    switch: bool = False  # drop what it does not combine with


class CodeApplied(Result):
    cart: CartView
    code: str
    dropped: tuple[str, ...] = ()


class CodeRefused(Result):
    cart: CartView
    refused: RefusedCode
    tries: int = 0  # wrong codes in a row
    gives: BestCode | None = None  # not_combinable: what it would give instead


class RemoveCode(Command):
    """-> CodeRemoved"""

    code: str | None = None  # None: all


class CodeRemoved(Result):
    cart: CartView
    codes: tuple[str, ...]


class ListPromotions(Command):
    """Codes that may be named unasked, with what they would give for this cart. -> PromotionsListed"""


class PromotionView(View):
    code: str
    text: str  # what it gives and when, in the customer's language
    total: Money | None = None  # this cart's total with it
    counts: bool = False


class PromotionsListed(Result):
    promotions: tuple[PromotionView, ...]
    cart: CartView


class ExplainTotal(Command):
    """-> TotalExplained"""


class TotalExplained(Result):
    cart: CartView
    order: OrderView | None = None  # the order last placed, when the cart is empty


CartRechecked.model_rebuild()
