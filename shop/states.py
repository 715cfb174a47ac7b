"""Every state an order, its money and its parcel can be in, and every allowed move. Nothing moves past this file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from base.errors import ShopkeeperError


class ForbiddenMove(ShopkeeperError):
    """A move that the transition table does not have. Always a mistake of the program, never of a customer."""

    def __init__(self, machine: str, state: str, to: str) -> None:
        super().__init__(f"A {machine} cannot go from {state} to {to}.")
        self.machine, self.state, self.to = machine, state, to


@dataclass(frozen=True, slots=True)
class Machine:
    """The life of one kind of thing: state -> states that may follow."""

    name: str
    initial: str
    moves: Mapping[str, frozenset[str]]

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.moves)

    def allows(self, state: str, to: str) -> bool:
        return to in self.moves.get(state, frozenset())

    def final(self, state: str) -> bool:
        return not self.moves[state]


def _machine(name: str, initial: str, moves: Mapping[str, str]) -> Machine:
    return Machine(name, initial, {state: frozenset(after.split()) for state, after in moves.items()})


ORDER = _machine(
    "order",
    "awaiting_payment",
    {
        "awaiting_payment": "paid confirmed expired cancelled",
        "confirmed": "paid shipped delivered cancelled",  # cash on delivery: agreed, the money comes with the parcel
        "expired": "awaiting_payment paid cancelled",  # the hold ended; money that comes late may still revive it
        "paid": "shipped delivered cancelled",
        "shipped": "delivered returned",
        "delivered": "returned",
        "returned": "",
        "cancelled": "",
    },
)

PAYMENT = _machine(
    "payment",
    "created",
    {
        "created": "pending settled declined expired voided",
        "pending": "settled declined expired voided",
        "declined": "pending settled expired voided",  # the same page often takes another card
        "expired": "settled",  # late money is still money
        "voided": "settled",
        "settled": "refunded",
        "refunded": "settled",  # a refund that had gone through came back
    },
)

REFUND = _machine(
    "refund",
    "created",
    {
        "created": "awaiting_approval submitted done failed needs_person voided",
        "awaiting_approval": "created refused voided",  # over the shop's limit: a person lets it go, or does not
        "submitted": "done failed needs_person voided",
        "failed": "submitted done needs_person voided",
        "needs_person": "submitted done voided",
        "done": "failed",  # days later too: a closed account sends it back (docs.stripe.com/refunds#failed-refunds)
        "refused": "",
        "voided": "",  # a lost dispute took the money in another way
    },
)

EDIT = _machine(
    "edit",
    "proposed",
    {
        "proposed": "awaiting_payment done",
        "awaiting_payment": "done expired voided",
        "expired": "done",  # its money came late, and all was still as it had been
        "voided": "",
        "done": "",
    },
)

DISPUTE = _machine("dispute", "open", {"open": "won lost", "lost": "won", "won": ""})  # an appeal may win it yet

_UNDER_WAY = "accepted in_transit out_for_delivery ready_for_pickup delivered failed_attempt returned exception"

SHIPMENT = _machine(
    "shipment",
    "pending",
    {
        "pending": "created cancelled",  # to be booked
        # label made, parcel not handed over; back to pending: that booking is called back
        "created": f"{_UNDER_WAY} pending cancelled",
        "accepted": _UNDER_WAY.removeprefix("accepted "),
        "in_transit": "out_for_delivery ready_for_pickup delivered failed_attempt returned exception",
        "out_for_delivery": "in_transit ready_for_pickup delivered failed_attempt returned exception",
        "ready_for_pickup": "delivered returned exception",
        "failed_attempt": "in_transit out_for_delivery ready_for_pickup delivered returned exception",
        "exception": "in_transit out_for_delivery ready_for_pickup delivered failed_attempt returned",
        "delivered": "returned",
        "returned": "",
        "cancelled": "",
    },
)

RETURN = _machine(
    "return",
    "requested",
    {
        "requested": "approved declined cancelled",
        "approved": "in_transit received closed expired cancelled",
        "in_transit": "received expired",
        "received": "inspected closed",
        "inspected": "closed",
        "declined": "requested",
        "expired": "",
        "cancelled": "",
        "closed": "",
    },
)

MACHINES = {machine.name: machine for machine in (ORDER, PAYMENT, REFUND, EDIT, DISPUTE, SHIPMENT, RETURN)}


def move(machine: Machine, state: str, to: str) -> str:
    """Return `to` when the table allows it; raise ForbiddenMove when it does not."""
    if not machine.allows(state, to):
        raise ForbiddenMove(machine.name, state, to)
    return to


def mermaid(machine: Machine) -> str:
    """The table as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", f"    [*] --> {machine.initial}"]
    for state, after in machine.moves.items():
        lines += [f"    {state} --> {to}" for to in sorted(after)]
        if not after:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines) + "\n"
