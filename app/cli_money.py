"""Commands about money that a person sees or moves: a transfer came or did not, a refund may go or went by hand."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from app.cli_base import AsJson, needed, opened, run, settings, show, show_one
from app.cli_data import Most, fetch, orders, payments, with_total
from app.cli_desk import As, acting_manager
from base.errors import BadInput

__all__ = ["payments"]

Number = Annotated[str, typer.Argument(metavar="ORDER", help="The order's number. See: orders list")]
RefundId = Annotated[str, typer.Argument(metavar="REFUND", help="Its id, or its beginning. See: payments refunds")]


@payments.command("held")
def held(as_json: AsJson = False) -> None:
    """What each provider holds of the shop's money by our books; compare it with what the provider says."""

    async def read() -> list[dict[str, str]]:
        from shop.ledger import read_ledger

        async with opened(settings()) as db, db.begin() as tx:
            return [
                {"provider": one.provider, "currency": one.held.currency, "held": str(one.held), "came": str(one.came),
                 "given_back": str(one.given_back), "lost": str(one.lost), "contested": str(one.contested),
                 "waiting": str(one.waiting)}
                for one in await read_ledger(tx)
            ]  # fmt: skip

    show(
        run(read()),
        {"provider": "By", "currency": "", "held": "Held", "came": "Came", "given_back": "Given back",
         "lost": "Lost to disputes", "contested": "Contested now", "waiting": "Waits for approval"},
        as_json=as_json,
        empty="No money has come yet.",
    )  # fmt: skip


@payments.command("reconcile")
def reconcile(as_json: AsJson = False) -> None:
    """Ask every provider now about all that is not final, and take in what it says. The shop does so by itself, too."""

    async def work() -> dict[str, Any]:
        from app.adapters import make_providers
        from app.settings import signing_key
        from base.clock import SystemClock
        from bot.world import tell_customer
        from shop.reconciling import ask_now
        from shop.shopfile import load_shop

        chosen, clock = settings(), SystemClock()
        shop = load_shop(chosen.shop_folder / "shop.yml")
        async with opened(chosen) as db:
            providers = make_providers(chosen, db, clock, signing_key(chosen))
            try:
                asked, moved = await ask_now(db, providers, shop, tell_customer, clock.now())
            finally:
                for provider in providers.values():
                    await provider.close()
        return {"asked": asked, "moved": [asdict(one) for one in moved]}

    done = run(work())
    if as_json:
        show_one(done, as_json=True)
        return
    show(
        done["moved"],
        {"order": "Order", "provider": "By", "kind": "What", "before": "Was", "after": "Is"},
        as_json=False,
        empty="Nothing is open." if not done["asked"] else f"Nothing has moved; {done['asked']} still open.",
    )


@payments.command("returned")
def returned(
    number: Number,
    refund: Annotated[str, typer.Option(help="Only this one, by its id or its beginning.")] = "",
    who: As = "",
    as_json: AsJson = False,
) -> None:
    """You have sent back by hand what this order waits for (WebMoney, cash, a transfer), or what a provider refused."""

    async def work() -> str:
        from desk import money

        async with opened(settings()) as db, db.begin() as tx:
            manager = await acting_manager(tx, who)
            amount = await money.sent_back(tx, number, manager, now=datetime.now(UTC), refund=refund)
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


@orders.command("release")
def release(number: Number, who: As = "", as_json: AsJson = False) -> None:
    """Send an order although the dispute about its money is lost."""

    async def work() -> None:
        from desk import money

        async with opened(settings()) as db, db.begin() as tx:
            await money.release(tx, number, await acting_manager(tx, who), now=datetime.now(UTC))

    run(work())
    if as_json:
        show_one({"order": number, "state": "released"}, as_json=True)
    else:
        print(f"Order {number} goes on.")


@payments.command("refunds")
def list_refunds(
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait for approval.")] = False,
    limit: Most = 50,
    as_json: AsJson = False,
) -> None:
    """Money that goes back or went back, newest first; `asked_by`: whose wish it was, none where it came by mistake."""
    rows = fetch(
        """SELECT r.id, o.number AS order, p.provider, r.state, r.amount_minor, r.currency, r.reason,
                  CASE WHEN r.wished_by = 'customer ' || o.customer THEN coalesce(c.name, 'customer')
                       ELSE r.wished_by END AS asked_by, r.created_at, r.done_at
           FROM refund r JOIN payment p ON p.id = r.payment JOIN shop_order o ON o.id = r."order"
           LEFT JOIN customer c ON c.id = o.customer
           WHERE NOT %(waiting)s OR r.state = 'awaiting_approval' ORDER BY r.created_at DESC, r.id LIMIT %(limit)s""",
        waiting=waiting, limit=limit,
    )  # fmt: skip
    show(
        [with_total(row, "amount") for row in rows],
        {"id": "Refund", "order": "Order", "provider": "By", "state": "State", "amount": "Amount", "reason": "Reason",
         "asked_by": "Asked by", "created_at": "Since", "done_at": "Done"},
        as_json=as_json,
        empty="No refund waits for approval." if waiting else "There are no refunds yet.",
    )  # fmt: skip


@payments.command("refund")
def give_back(
    number: Number,
    amount: Annotated[str, typer.Option(help="How much, in the order's currency, such as 12.00.")],
    reason: Annotated[str, typer.Option(help="Why; written down, not sent to the customer.")],
    who: Annotated[str, typer.Option("--by", "--as", help="Which manager; needed when there are several.")] = "",
    as_json: AsJson = False,
) -> None:
    """Give back a part of what was paid, or all of it: the customer is told. Over the shop's limit it waits first."""

    async def work() -> dict[str, str]:
        from bot.world import tell_customer
        from desk import money
        from shop.shopfile import load_shop

        chosen = settings()
        shop = load_shop(chosen.shop_folder / "shop.yml")
        async with opened(chosen) as db, db.begin() as tx:
            manager = await acting_manager(tx, who)
            due, waits = await money.give_back(
                tx, number, amount, reason, manager, shop, tell_customer, now=datetime.now(UTC)
            )
        state = "waits for approval" if waits else "goes back"
        return {"order": number, "amount": f"{due} {due.currency}", "state": state, "manager": manager.name}

    said = run(work())
    if as_json:
        show_one(said, as_json=True)
    else:
        print(f"{said['amount']} of order {number}: {said['state']}.")


@payments.command("approve")
def approve(refund: RefundId, who: As = "", as_json: AsJson = False) -> None:
    """Let a refund over the shop's limit go: it goes back once, and the customer is told."""
    _decided(run(_decide(refund, who, None)), "approved", as_json)


@payments.command("refuse")
def refuse(
    refund: RefundId,
    why: Annotated[str, typer.Option("--why", help="The reason; written down, not sent to the customer.")],
    who: As = "",
    as_json: AsJson = False,
) -> None:
    """Do not give it back: the customer is told that a person will write, and a task reminds of that."""
    _decided(run(_decide(refund, who, why)), "refused", as_json)


async def _decide(refund: str, who: str, why: str | None) -> dict[str, str]:
    from bot.world import tell_customer
    from desk import money

    now = datetime.now(UTC)
    async with opened(settings()) as db, db.begin() as tx:
        manager = await acting_manager(tx, who)
        rows = await tx.rows("SELECT id FROM refund WHERE starts_with(id, %s) LIMIT 2", refund.strip().lower() or "?")
        if len(rows) > 1:
            raise BadInput(f"{refund} is the beginning of several refunds.", "Write more of it.")
        found = str(needed(rows[0] if rows else None, f"refund {refund}", "payments refunds")["id"])
        if why is None:
            amount = await money.approve(tx, found, manager, tell_customer, now=now)
        else:
            amount = await money.refuse(tx, found, why, manager, tell_customer, now=now)
    return {"refund": found, "amount": f"{amount} {amount.currency}", "manager": manager.name}


def _decided(said: dict[str, str], what: str, as_json: bool) -> None:
    if as_json:
        show_one({**said, "decision": what}, as_json=True)
    else:
        print(f"{said['amount']} {what} by {said['manager']}.")


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
