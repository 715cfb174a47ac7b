"""Payment: what is said when money comes late, not at all, or goes back."""

from __future__ import annotations

from typing import Any

from bot.acts import Act, Entities
from bot.dialogs.checkout import cannot_place
from bot.dialogs.checkout_slots import Slots, invoice_told, transfer_told
from bot.dialogs.common import BROWSE, CHECKOUT, HUMAN, NO_THANKS
from bot.dialogs.order_edit import difference_due
from bot.state import Day, Moment, OfferSpec, State
from bot.steps import Ask, Call, Effects, Offer, Reopen, Tools, button, sentence, tell
from shop.commands import (
    CannotPlace,
    CannotRevise,
    NoProofDue,
    NothingToPay,
    OrderRevised,
    PassQuestion,
    PaymentDeclined,
    PaymentExpired,
    PaymentOnItsWay,
    PaymentRefunded,
    PaymentRequested,
    PaymentSettled,
    PaymentUnclear,
    ProofTaken,
    RefundRefused,
    RequestPayment,
    ReviseOrder,
    SendProof,
    TrackOrder,
)


def choose_payment(state: State, act: Act) -> Effects:
    """Said before the checkout: the checkout takes it along."""
    state.todo.insert(0, act.model_copy(update={"intent": "checkout"}))
    return []


def _waiting(state: State, slot: str) -> dict[str, Any]:
    """What the checkout that waits for its money has in this slot; empty when none waits."""
    frames = [frame for frame in state.background if frame.dialog == "checkout"]
    return (frames[-1].slots.get(slot) or {}) if frames else {}


def _invoice(state: State) -> dict[str, Any]:
    return _waiting(state, "invoice")


def link_of(state: State) -> str | None:
    """The pay link of the order that waits for its money."""
    return _invoice(state).get("link")


def payment_problem(state: State, act: Act) -> Effects:
    """The link is looked at again; a person is one tap away."""
    invoice = _invoice(state)
    if invoice.get("invoice"):
        return [Call(command=RequestPayment(order=invoice["order"]["id"]))]
    link = link_of(state)
    if link:
        said = tell("payment.try_again")
        return [said.model_copy(update={"link": (PAY_NOW, link)}), Offer(offered=(OTHER_WAY, HUMAN))]
    return [Call(command=PassQuestion(kind="payment", words=act.text[:500]))]


def revise(state: State, act: Act) -> Effects:
    """Change how an order that is not paid yet is paid or sent."""
    order = (_waiting(state, "order").get("order") or {}).get("id")
    return (
        [Call(command=ReviseOrder(order=order))]
        if order
        else [tell("payment.nothing_open"), Offer(offered=(CHECKOUT, HUMAN))]
    )


def payment_done(state: State, act: Act) -> Effects:
    """Only the provider's word counts: the order is looked at."""
    return [Call(command=TrackOrder())]


def settled(state: State, event: PaymentSettled) -> Effects:
    key = "payment.revived" if event.revived else "payment.settled"
    return [tell(key, number=event.number), Offer(offered=(button("track", "track_order"), HUMAN))]


def declined(state: State, event: PaymentDeclined) -> Effects:
    """Nothing was charged; the hold stays until its time; other ways are offered."""
    invoice = _invoice(state)
    said = tell("payment.not_found" if invoice.get("account") else "payment.declined", number=event.number)
    until = [tell("checkout.held_until", until=Moment(at=event.until))] if event.until else []
    link = invoice.get("link")
    if link:
        said = said.model_copy(update={"link": (PAY_NOW, link)})
    return [said, *until, Offer(offered=(OTHER_WAY, HUMAN))]


def unclear(state: State, event: PaymentUnclear) -> Effects:
    """Not the sum that was asked for: a person decides, and says so here."""
    return [tell("payment.unclear", number=event.number, amount=event.amount), Offer(offered=(HUMAN,))]


def on_its_way(state: State, event: PaymentOnItsWay) -> Effects:
    """No new link: he has paid, and would pay twice."""
    return [tell("payment.on_its_way", number=event.number), Offer(offered=(HUMAN,))]


def expired(state: State, event: PaymentExpired) -> Effects:
    """The hold is over; late money may still revive the order, so it is kept, and a new link is one tap away."""
    again = Act(intent="pay_again", entities=Entities(order_number=event.order))
    return [
        tell("payment.expired", number=event.number),
        Ask(
            sentence=sentence("payment.new_link"),
            expects="yes_no",
            offered=(
                OfferSpec(act=again, title=sentence("button.new_link"), answer="yes"),
                NO_THANKS,
                HUMAN,
            ),
        ),
    ]


def pay_again(state: State, act: Act) -> Effects:
    """A new link for an order whose link has ended, if everything is still there."""
    order = act.entities.order_number
    return [Call(command=RequestPayment(order=order))] if order else payment_problem(state, act)


def gone(state: State, result: CannotPlace, act: Act | None) -> Effects:
    """The order cannot be paid any more: what it held is with somebody else now."""
    away = cannot_place(Slots(), result)
    return away.effects if away else [tell("payment.nothing_open"), Offer(offered=(BROWSE, HUMAN))]


def refunded(state: State, event: PaymentRefunded) -> Effects:
    effects = [tell(f"payment.refunded.{event.reason}", number=event.number, amount=event.amount)]
    if event.by:
        effects.append(tell("payment.refund_by", day=Day(day=event.by.date())))
    return [*effects, Offer(offered=(BROWSE, HUMAN))]


def not_refunded(state: State, event: RefundRefused) -> Effects:
    return [tell("payment.refund_refused", number=event.number, amount=event.amount), Offer(offered=(HUMAN,))]


def revised(state: State, result: OrderRevised, act: Act | None) -> Effects:
    return [tell("checkout.link_void", number=result.order.number), Reopen(order=result.order.id)]


def cannot_revise(state: State, result: CannotRevise, act: Act | None) -> Effects:
    return [tell("checkout.cannot_change"), Offer(offered=(button("track", "track_order"), HUMAN))]


def photo(state: State, act: Act) -> Effects:
    """Perhaps the proof of a transfer that is waited for."""
    return [Call(command=SendProof(photo=act.text))]


def proof_taken(state: State, result: ProofTaken, act: Act | None) -> Effects:
    return [tell("payment.proof_taken", number=result.number), Offer(offered=(HUMAN,))]


def no_proof_due(state: State, result: NoProofDue, act: Act | None) -> Effects:
    return [tell("smalltalk.photo"), Offer(offered=(HUMAN, BROWSE))]


def requested(state: State, result: PaymentRequested, act: Act | None) -> Effects:
    if result.amount:
        return difference_due(result)
    if result.account:
        return transfer_told(result)
    if result.invoice:
        return [*invoice_told(result), Offer(offered=(button("other_way", "revise"), HUMAN))]
    said = tell("checkout.pay_here", number=result.order.number, total=result.order.breakdown.total)
    return [said.model_copy(update={"link": (PAY_NOW, result.link)})] if result.link else []


def nothing_to_pay(state: State, result: NothingToPay, act: Act | None) -> Effects:
    return [tell("payment.nothing_open"), Offer(offered=(button("track", "track_order"), BROWSE))]


PAY_NOW = tell("button.pay_now").sentence
OTHER_WAY = button("other_way", "revise")

PAYMENT = Tools(
    "payment",
    on={
        "choose_payment": choose_payment,
        "payment_problem": payment_problem,
        "payment_done": payment_done,
        "revise": revise,
        "pay_again": pay_again,
        "photo": photo,
    },
    answers={
        ProofTaken: proof_taken,
        NoProofDue: no_proof_due,
        OrderRevised: revised,
        CannotRevise: cannot_revise,
        PaymentRequested: requested,
        NothingToPay: nothing_to_pay,
        CannotPlace: gone,
    },
    events={
        PaymentSettled: settled,
        PaymentDeclined: declined,
        PaymentUnclear: unclear,
        PaymentOnItsWay: on_its_way,
        PaymentExpired: expired,
        PaymentRefunded: refunded,
        RefundRefused: not_refunded,
    },
)
