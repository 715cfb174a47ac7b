"""Commands about money that a person sees or moves: a transfer came or did not, a refund was sent back by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli_base import AsJson, opened, run, settings, show, show_one
from app.cli_data import payments
from app.cli_desk import As, acting_manager

__all__ = ["payments"]

Number = Annotated[str, typer.Argument(metavar="ORDER", help="The order's number. See: orders list")]


@payments.command("held")
def held(as_json: AsJson = False) -> None:
    """What each provider holds of the shop's money by our books; compare it with what the provider says."""

    async def read() -> list[dict[str, str]]:
        from shop.ledger import read_ledger

        async with opened(settings()) as db, db.begin() as tx:
            return [
                {"provider": one.provider, "currency": one.held.currency, "held": str(one.held), "came": str(one.came),
                 "given_back": str(one.given_back), "lost": str(one.lost), "contested": str(one.contested)}
                for one in await read_ledger(tx)
            ]  # fmt: skip

    show(
        run(read()),
        {"provider": "By", "currency": "", "held": "Held", "came": "Came", "given_back": "Given back",
         "lost": "Lost to disputes", "contested": "Contested now"},
        as_json=as_json,
        empty="No money has come yet.",
    )  # fmt: skip


@payments.command("returned")
def returned(number: Number, who: As = "", as_json: AsJson = False) -> None:
    """You have sent back by hand what this order waits for (WebMoney, cash, a bank transfer)."""

    async def work() -> str:
        from desk import money

        async with opened(settings()) as db, db.begin() as tx:
            amount = await money.sent_back(tx, number, await acting_manager(tx, who), now=datetime.now(UTC))
            return f"{amount} {amount.currency}"

    _done(number, "returned", run(work()), as_json)


@payments.command("received")
def received(number: Number, who: As = "", as_json: AsJson = False) -> None:
    """The bank transfer for this order is in the account: the order is paid and the customer is told."""
    _done(number, "received", run(_transfer(number, who, came=True)), as_json)


@payments.command("not-found")
def not_found(number: Number, who: As = "", as_json: AsJson = False) -> None:
    """The bank transfer that was shown is not in the account: the customer is told, and may show it again."""
    _done(number, "not found", run(_transfer(number, who, came=False)), as_json)


async def _transfer(number: str, who: str, *, came: bool) -> str:
    from bot.world import tell_customer
    from desk import money
    from shop.shopfile import load_shop

    chosen = settings()
    shop = load_shop(chosen.shop_folder / "shop.yml")
    judge = money.came if came else money.not_found
    async with opened(chosen) as db, db.begin() as tx:
        manager = await acting_manager(tx, who)
        amount = await judge(tx, number, manager, shop, tell_customer, now=datetime.now(UTC))
        return f"{amount} {amount.currency}"


def _done(number: str, what: str, amount: str, as_json: bool) -> None:
    if as_json:
        show_one({"order": number, what: amount}, as_json=True)
    else:
        print(f"{amount} of order {number}: {what}.")
