"""The one door into the shop: a command goes in, a result comes out, inside the turn's transaction."""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from base.db import Tx
from base.errors import ShopkeeperError
from shop.commands import Command, Event, Result
from shop.shopfile import ShopFile

if TYPE_CHECKING:
    from shop.catalogue import Catalogue

# Each of these registers its handlers when it is imported.
ROOMS = (
    "shop.catalogue_handlers",
    "shop.cart_handlers",
    "shop.promo_handlers",
    "shop.options",
    "shop.pay_handlers",
    "shop.checkout_handlers",
    "shop.edit_handlers",
    "shop.transfers",
    "shop.customer_handlers",
    "shop.question_handlers",
)

Tell = Callable[[Tx, str, Event], Awaitable[None]]
"""(tx, customer id, event): leave an event for the customer's conversation, in the same transaction."""


@dataclass(frozen=True, slots=True)
class ShopContext:
    """Who asks, when, and with what the answer is made."""

    tx: Tx
    now: datetime
    customer: str  # id
    locale: str
    actor: str  # the conversation's key: undo answers to it
    shop: ShopFile
    catalogue: Catalogue  # names and words; stock and price are read from the tables
    tell: Tell
    channel: str = ""
    source: str = ""
    public_url: str = ""  # where our own pay links begin
    providers: frozenset[str] | None = None  # who can collect for this shop; None: nobody has looked


C = TypeVar("C", bound=Command)
Handler = Callable[[ShopContext, C], Awaitable[Result]]
_HANDLERS: dict[type[Command], Handler[Any]] = {}


def handles(command: type[C]) -> Callable[[Handler[C]], Handler[C]]:
    """Register the decorated coroutine as the one that answers `command`."""

    def register(handler: Handler[C]) -> Handler[C]:
        if command in _HANDLERS:
            raise ShopkeeperError(f"{command.__name__} has two handlers.")
        _HANDLERS[command] = handler
        return handler

    return register


async def handle(ctx: ShopContext, command: Command) -> Result:
    """Run one command. Lock order inside: customer, cart, order, payment, variants by SKU, promotions by id."""
    _open_rooms()
    handler = _HANDLERS.get(type(command))
    if handler is None:
        raise ShopkeeperError(f"Nobody answers {type(command).__name__}.")
    return await handler(ctx, command)


@cache
def _open_rooms() -> None:
    for room in ROOMS:
        importlib.import_module(room)
