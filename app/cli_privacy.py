"""Commands about what the shop knows of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from app.cli_base import asks_a_person, group, opened, run, settings
from base.errors import ShopkeeperError

if TYPE_CHECKING:
    from base.db import Tx

privacy = group("What the shop knows of people.")
Code = Annotated[str, typer.Option("--request", help="The code of a request that this answers.")]


@privacy.callback()
def _group() -> None:
    """Keeps `privacy erase` a command of two words."""


@privacy.command("erase")
def erase_customer(
    customer: Annotated[str, typer.Argument(help="The id of a customer; see: shopkeeper conversations show")],
    request: Code = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Forget a customer: conversations, contacts, cart. Of orders, goods and amounts stay; this cannot be undone."""
    if not yes and asks_a_person() and not typer.confirm(f"Erase {customer} for good?"):
        raise typer.Exit(1)
    whole = run(_erase(customer, request))
    print(
        "Erased." if whole else "Erased, but for the name and address of an order under way. Run it again afterwards."
    )


async def _erase(customer: str, request: str) -> bool:
    from app.privacy import close_request, erase_one
    from base.clock import SystemClock

    now = SystemClock().now()

    async def work(tx: Tx) -> bool:
        if await tx.row("SELECT id FROM customer WHERE id = %s", customer) is None:
            raise ShopkeeperError(f"There is no customer {customer}.", "See: shopkeeper conversations list")
        whole = await erase_one(tx, customer, now)
        if request and whole:
            await close_request(tx, request, now)
        return whole

    async with opened(settings()) as db:
        return await db.run(work)
