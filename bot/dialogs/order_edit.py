"""A paid order that is still in the house: what changes and what that costs is said plainly, then asked, then done."""

from __future__ import annotations

from typing import Literal

from bot.acts import Act, Entities, Wish
from bot.dialogs.checkout_slots import confirmed, invoice_told, transfer_told
from bot.dialogs.common import HUMAN, wish_of
from bot.state import Day, Lines, Moment, OfferSpec, Sentence, State
from bot.steps import Ask, Call, Effect, Effects, Offer, Tools, button, sentence, tell
from shop.commands import (
    AgreeToEdit,
    CannotEditOrder,
    Change,
    EditOrder,
    KeepOrder,
    OrderEdited,
    OrderEditEnded,
    OrderEditPaid,
    OrderEditProposed,
    OrderEditToPay,
    OrderKept,
    OrderWish,
    PassQuestion,
    PaymentRequested,
    RequestPayment,
)

Kind = Literal["look", "add", "set", "less", "remove", "variant"]
KINDS: dict[str, Kind] = {
    "add_to_cart": "add", "change_quantity": "set", "remove_from_cart": "remove", "change_variant": "variant",
}  # fmt: skip
TRACK = button("track", "track_order")
LEAVE = button("keep_order", "leave_order", answer="no")


# ---- what the customer asks -----------------------------------------------------------------------


def edit(state: State, act: Act) -> Effects:
    """A change of what was paid: the shop tells what it would come to."""
    said = act.entities
    kind = KINDS.get(act.intent, "look")
    wishes = tuple(OrderWish(skus=wish.candidates, quantity=wish.quantity) for wish in said.wishes if wish.candidates)
    if said.quantity is not None and kind in ("add", "set", "less"):
        wishes = tuple(
            wish if wish.quantity else wish.model_copy(update={"quantity": said.quantity})
            for wish in wishes or (OrderWish(),)
        )
    if (kind == "set" and said.change == "less") or (kind == "remove" and any(wish.quantity for wish in wishes)):
        kind = "less"
    attributes = said.attributes if kind == "variant" else {}
    return [Call(command=EditOrder(kind=kind, wishes=wishes, attributes=attributes, on=_proposed(state)))]


def _proposed(state: State) -> str | None:
    """The change that the customer was asked about and has not answered."""
    held = state.refs.pop("order_edit", None)
    specs = (*(state.proposal.offered if state.proposal else ()), *(state.question.specs if state.question else ()))
    asked = (spec.act.entities.order_number for spec in specs if spec.act.intent == "agree_to_edit")
    return held or next(asked, None)


def agree(state: State, act: Act) -> Effects:
    return [Call(command=AgreeToEdit(edit=act.entities.order_number or ""))]


def leave(state: State, act: Act) -> Effects:
    """What was only asked about is let go; a change that waits for its money is given up."""
    number = act.entities.order_number
    return [Call(command=KeepOrder(order=number))] if number else [tell("edit.kept"), Offer(offered=(TRACK, HUMAN))]


# ---- what the shop answers ------------------------------------------------------------------------


def proposed(state: State, result: OrderEditProposed, act: Act | None) -> Effects:
    if any(other.entities.placed for other in state.todo):  # told once, when all is said
        state.refs["order_edit"] = result.edit
        return []
    told = tell(
        "edit.proposed",
        number=result.order.number,
        lines=Lines(lines=tuple(_line(change) for change in result.changes)),
        total=result.breakdown.total,
        old=result.order.breakdown.total,
    )
    if result.difference.amount_minor > 0:
        asked = sentence("edit.sure_pay", amount=result.difference)
    elif result.difference.amount_minor < 0:
        asked = sentence("edit.sure_back_waits" if result.waits else "edit.sure_back", amount=-result.difference)
    else:
        asked = sentence("edit.sure_same")
    yes = Act(intent="agree_to_edit", entities=Entities(order_number=result.edit))
    return [
        *([tell("edit.moved")] if result.moved else []),
        told,
        Ask(
            sentence=asked,
            expects="yes_no",
            offered=(OfferSpec(act=yes, title=sentence("button.change_order"), answer="yes"), LEAVE),
            again=asked,
        ),
    ]


def _line(change: Change) -> Sentence:
    if change.kind == "set":
        return sentence("edit.line_set", name=change.name, quantity=change.quantity, count=change.before)
    return sentence(f"edit.line_{change.kind}", name=change.name, quantity=change.quantity)


def edited(state: State, result: OrderEdited, act: Act | None) -> Effects:
    effects: list[Effect] = [tell("edit.done", number=result.order.number)]
    back = -result.difference
    if back.amount_minor > 0:
        effects.append(tell("edit.back_waits" if result.waits else "edit.back", amount=back))
        if result.by:
            effects.append(tell("payment.refund_by", day=Day(day=result.by.date())))
    return [*effects, *confirmed(tell("edit.now", content=result.order.content), result.order)]


def to_pay(state: State, result: OrderEditToPay, act: Act | None) -> Effects:
    return [Call(command=RequestPayment(order=result.order.id))]


def difference_due(result: PaymentRequested) -> Effects:
    """Where the difference is paid; until then nothing of the order changes."""
    if result.amount is None:
        return []
    number = result.order.number
    said = tell("edit.pay_here", number=number, amount=result.amount)
    told: Effects = [said.model_copy(update={"link": (sentence("button.pay_now"), result.link)})]
    if result.account:
        told = transfer_told(result)
    elif result.invoice:
        told = invoice_told(result)
    until = [tell("edit.until", until=Moment(at=result.until))] if result.until else []
    return [*until, *told, Offer(offered=(button("keep_order", "leave_order", order_number=number), HUMAN))]


def cannot(state: State, result: CannotEditOrder, act: Act | None) -> Effects:
    """Why not, and a person where a person can."""
    order = result.order
    number, content = (order.number, order.content) if order else ("", "")
    match result.reason:
        case "no_order":
            words = act.text[:500] if act else ""
            return [Call(command=PassQuestion(kind="return", words=words, order=state.focus.order))]
        case "look":
            asked = sentence("edit.what", number=number, content=content)
            return [Ask(sentence=asked, offered=(LEAVE, HUMAN), again=asked)]
        case "which":
            asked = sentence("edit.which")
            offered = tuple(OfferSpec(act=_about(act, wish_of(one)), name=one.name) for one in result.options)
            return [Ask(sentence=asked, offered=offered, again=asked)]
        case "short":
            told = [
                tell("cart.only", name=one.variant.name, free=one.variant.free)
                if one.variant.free
                else tell("discovery.sold_out", name=one.variant.name)
                for one in result.shortages
            ]
            return [*told, tell("edit.stays", number=number), Offer(offered=(HUMAN, TRACK))]
        case "not_in_it" | "same":
            return [tell(f"edit.{result.reason}", number=number, content=content), Offer(offered=(TRACK, HUMAN))]
        case _:
            return [tell(f"edit.{result.reason}", number=number), Offer(offered=(HUMAN, TRACK))]


def _about(act: Act | None, wish: Wish) -> Act:
    """The same said of one of several things that may have been meant."""
    if act is None:
        return Act(intent="edit_order")
    said = act.entities
    quantity = said.wishes[0].quantity if said.wishes else said.quantity
    wishes = (wish.model_copy(update={"quantity": quantity}),)
    return act.model_copy(update={"entities": said.model_copy(update={"wishes": wishes})})


def kept(state: State, result: OrderKept, act: Act | None) -> Effects:
    return [tell("edit.kept"), Offer(offered=(TRACK, HUMAN))]


def paid(state: State, event: OrderEditPaid) -> Effects:
    return [tell("edit.paid", number=event.number), Offer(offered=(TRACK, HUMAN))]


def ended(state: State, event: OrderEditEnded) -> Effects:
    return [tell(f"edit.{event.reason}", number=event.number), Offer(offered=(TRACK, HUMAN))]


ORDER_EDIT = Tools(
    "edit",
    on={"agree_to_edit": agree, "leave_order": leave},
    answers={
        OrderEditProposed: proposed,
        OrderEdited: edited,
        OrderEditToPay: to_pay,
        CannotEditOrder: cannot,
        OrderKept: kept,
    },
    events={OrderEditPaid: paid, OrderEditEnded: ended},
)
