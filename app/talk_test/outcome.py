"""`end`: the state after the talk, in the words of the grammar, and where it is not as the script says."""

from __future__ import annotations

from app.talk_test.grammar import Case, End
from app.talk_test.setup import GIVEN, Person
from app.talk_test.stage import Stage, quiet
from base.money import Money
from bot.ownership import owner_name
from shop.commands import CartShown, ShowCart


async def judge(stage: Stage, person: Person, case: Case, end: End) -> list[str]:
    """A sentence for each thing that is not as it must be. What `end` does not name is not looked at."""
    state = await state_at_the_end(stage, person, skus=tuple(end.stock or ()))
    problems = []
    for name in end.model_fields_set:
        wanted, found = _plain(getattr(end, name)), state[name]
        if name == "total":
            currency = stage.world.shop.currency
            same = Money.parse(str(wanted), currency) == Money.parse(str(found), currency)
        elif name in ("promo", "consent", "waitlist"):
            assert isinstance(wanted, list)
            assert isinstance(found, list)
            same = sorted(wanted) == sorted(found)
        elif name == "owner":
            same = str(wanted).casefold() == str(found).casefold()
        else:
            same = wanted == found
        if not same:
            problems.append(f"{name} is {found}, not {wanted}.")
    return sorted(problems)


async def state_at_the_end(stage: Stage, person: Person, *, skus: tuple[str, ...] = ()) -> dict[str, object]:
    """Everything `end` can name; of the stock only `skus`, or all of it when none is named."""
    shown = await stage.ask(person.customer, "script", ShowCart(), tell=quiet)
    assert isinstance(shown, CartShown)
    cart = shown.cart
    async with stage.db.begin() as tx:
        conversation = await tx.row("SELECT owner, locale FROM conversation WHERE id = %s", person.conversation)
        assert conversation is not None
        counts = await tx.row(
            """SELECT (SELECT count(*) FROM shop_order WHERE status <> 'cancelled' AND source <> %s) AS orders,
                      (SELECT count(*) FROM return_request) AS returns,
                      (SELECT count(*) FROM task WHERE state = 'open') AS tasks""",
            GIVEN,
        )
        assert counts is not None
        consent = await tx.rows(
            """SELECT kind FROM (SELECT DISTINCT ON (kind) kind, granted FROM consent WHERE customer = %s
                                 ORDER BY kind, id DESC) AS newest WHERE granted""",
            person.customer,
        )
        watched = await tx.rows(
            "SELECT sku FROM stock_watch WHERE customer = %s AND told_at IS NULL ORDER BY sku", person.customer
        )
        stock = await tx.rows(
            """SELECT sku, on_hand - reserved AS free FROM variant WHERE active AND (sku = ANY(%s) OR %s)
               ORDER BY product, position""",
            list(skus), not skus,
        )  # fmt: skip
        owner = await owner_name(tx, conversation["owner"])
    return {
        "cart": {line.sku: line.quantity for line in cart.lines},
        "orders": counts["orders"],
        "owner": owner,
        "locale": conversation["locale"],
        "total": str(cart.breakdown.total),
        "stock": {row["sku"]: row["free"] for row in stock},
        "promo": list(cart.codes),
        "consent": [row["kind"] for row in consent],
        "returns": counts["returns"],
        "tasks": counts["tasks"],
        "waitlist": [row["sku"] for row in watched],
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
