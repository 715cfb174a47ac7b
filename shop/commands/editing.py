"""A paid order that is not packed yet is changed: asked, agreed, and paid or given back."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from base.money import Money
from shop.commands.base import Command, Result
from shop.commands.cart import Change, Shortage
from shop.views import Breakdown, OrderView, VariantView, View


class OrderWish(View):
    """Goods of a change. `skus`: the variants that may be meant, best first; none: the order's only line."""

    skus: tuple[str, ...] = ()
    quantity: int | None = None


class EditOrder(Command):
    """What would a change of a paid order come to? Nothing is changed yet. -> OrderEditProposed | CannotEditOrder

    `look`: may it be changed at all? `set` and `less` without a line of its own mean the only one. `variant` exchanges
    what lies in the order, all of it or `quantity` pieces, for the variant that differs in `attributes`.
    """

    kind: Literal["look", "add", "set", "less", "remove", "variant"]
    wishes: tuple[OrderWish, ...] = ()
    attributes: dict[str, str] = {}
    order: str | None = None  # id or number; None: the newest one that was paid
    on: str | None = None  # a proposal that the customer has not answered: this is said on top of it


class OrderEditProposed(Result):
    """The whole change as it would be, to be agreed to. Above zero `difference` is to be paid, below it goes back."""

    edit: str
    order: OrderView
    changes: tuple[Change, ...]
    breakdown: Breakdown
    difference: Money
    moved: bool = False  # it was agreed to, and is not the same any more
    waits: bool = False  # what goes back would wait for a person's approval


class AgreeToEdit(Command):
    """The yes. Said twice it is one yes. -> OrderEdited | OrderEditToPay | OrderEditProposed | CannotEditOrder"""

    edit: str


class OrderEdited(Result):
    order: OrderView
    difference: Money
    by: datetime | None = None  # when what goes back should arrive
    waits: bool = False  # a person looks at it first


class OrderEditToPay(Result):
    """It is done when the difference is paid; until then what it adds is kept."""

    order: OrderView
    difference: Money
    until: datetime | None


class CannotEditOrder(Result):
    """`look`: it can be changed. `which`: several things may be meant (`options`). `only`: nothing would be left."""

    reason: Literal[
        "no_order", "packed", "disputed", "over", "digital", "look", "not_in_it", "which", "same", "only", "short"
    ]
    order: OrderView | None = None
    options: tuple[VariantView, ...] = ()
    shortages: tuple[Shortage, ...] = ()


class KeepOrder(Command):
    """The change that waits for its money is not wanted any more. -> OrderKept"""

    order: str | None = None


class OrderKept(Result):
    order: OrderView | None  # None: no change was waiting
