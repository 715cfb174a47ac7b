"""Commands about money that a person moves: it went back from our purse or account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from app.cli_base import AsJson, opened, run, settings, show_one
from app.cli_data import payments
from app.cli_desk import As, acting_manager

__all__ = ["payments"]

Number = Annotated[str, typer.Argument(metavar="ORDER", help="The order's number. See: orders list")]


@payments.command("returned")
def returned(number: Number, who: As = "", as_json: AsJson = False) -> None:
    """You have sent back by hand what this order waits for (WebMoney, cash, a bank transfer)."""

    async def work() -> str:
        from desk import money

        async with opened(settings()) as db, db.begin() as tx:
            amount = await money.sent_back(tx, number, await acting_manager(tx, who), now=datetime.now(UTC))
            return f"{amount} {amount.currency}"

    _done(number, "returned", run(work()), as_json)


def _done(number: str, what: str, amount: str, as_json: bool) -> None:
    if as_json:
        show_one({"order": number, what: amount}, as_json=True)
    else:
        print(f"{amount} of order {number}: {what}.")
