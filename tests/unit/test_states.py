"""The transition tables are whole, and nothing moves past them."""

from __future__ import annotations

import pytest

from shop.states import MACHINES, ORDER, PAYMENT, SHIPMENT, ForbiddenMove, Machine, mermaid, move


@pytest.mark.parametrize("machine", MACHINES.values(), ids=lambda machine: machine.name)
def test_every_state_can_be_reached_and_every_move_leads_to_a_state(machine: Machine) -> None:
    reached, new = set(), {machine.initial}
    while new:
        reached |= new
        new = {to for state in new for to in machine.moves[state]} - reached
    assert reached == set(machine.moves)


@pytest.mark.parametrize(
    ("machine", "state", "to"),
    [(ORDER, "cancelled", "paid"), (ORDER, "paid", "awaiting_payment"), (PAYMENT, "refunded", "voided"),
     (SHIPMENT, "delivered", "in_transit"), (SHIPMENT, "accepted", "created")],
)  # fmt: skip
def test_a_forbidden_move_is_refused_loudly(machine: Machine, state: str, to: str) -> None:
    with pytest.raises(ForbiddenMove, match=f"cannot go from {state} to {to}"):
        move(machine, state, to)


def test_money_that_comes_late_may_still_settle() -> None:
    assert move(PAYMENT, "expired", "settled") == "settled"
    assert move(ORDER, "expired", "paid") == "paid"


def test_the_diagram_shows_every_move_of_the_table() -> None:
    drawn = mermaid(ORDER)
    assert drawn.startswith("stateDiagram-v2\n    [*] --> awaiting_payment\n")
    assert all(f"    {state} --> {to}\n" in drawn for state, after in ORDER.moves.items() for to in after)
