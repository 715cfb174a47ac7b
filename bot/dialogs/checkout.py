"""Checkout: a cart becomes a placed order and a settled payment."""

from __future__ import annotations

import re
from typing import Any

from bot.acts import Act, Entities, Wish
from bot.dialogs.checkout_slots import Slots, invoice_told, transfer_told
from bot.dialogs.common import (
    BROWSE,
    HUMAN,
    NO_THANKS,
    SHOW_CART,
    add_button,
    alert_button,
    bill,
    list_lines,
)
from bot.dialogs.discovery_told import sold_out
from bot.dialogs.order_edit import difference_due
from bot.nlu.homes import moved_in
from bot.state import Arg, Focus, Moment, OfferSpec
from bot.steps import (
    Ask,
    Dialog,
    Effect,
    Effects,
    Handoff,
    Offer,
    Otherwise,
    ask,
    button,
    city,
    confirm,
    delivery_method,
    do,
    person_name,
    phone,
    pickup_point,
    postal_address,
    say,
    sentence,
    tell,
    wait,
)
from shop.commands import (
    CannotPlace,
    CartShown,
    DeliveriesListed,
    DeliveryChosen,
    PaymentRequested,
    PaymentSettled,
    PointsFound,
    QuoteOutdated,
)

WALKABLE_KM = 10  # a point farther away is not chosen for anybody

# ---- turned away ----------------------------------------------------------------------------------


def cannot_place(slots: Slots, result: CannotPlace) -> Otherwise | None:
    """Why this cart cannot be ordered now, and what can be done instead. The cart is kept."""
    match result.reason:
        case "empty_cart":
            return Otherwise([tell("checkout.empty"), Offer(offered=(BROWSE, HUMAN))], leave=True)
        case "mixed":
            return Otherwise([tell("checkout.mixed"), Offer(offered=(SHOW_CART, HUMAN))], leave=True)
        case "held":
            return Otherwise(_held(result), leave=True)
        case "short":
            return Otherwise(_short(result), leave=True)
        case "payment_not_available" if slots.payments and not any(way.available for way in slots.payments.options):
            return Otherwise([tell("checkout.no_payment"), Handoff(reason="payment")], leave=True)
        case "payment_not_available":
            limit = result.payment.limit if result.payment else None
            name = result.payment.name if result.payment else ""
            key = "checkout.payment_limit" if limit else "checkout.payment_not_available"
            words: dict[str, Arg] = {"name": name}
            if limit:
                words["limit"] = limit
            return Otherwise([tell(key, **words)], forget=("payments", "payment"))
        case "delivery_not_available":
            return Otherwise([tell("checkout.delivery_not_available")], forget=("delivery", "deliveries"))
        case "price_expired":
            return Otherwise([tell("checkout.price_moved", bill=bill(result.cart.breakdown))], forget=("basket",))


def _held(result: CannotPlace) -> Effects:
    effects: list[Effect] = []
    offered: list[OfferSpec] = []
    for held in result.held:
        effects.append(tell("checkout.held", name=held.variant.name, until=Moment(at=held.until)))
        offered += [add_button(other, named_=True) for other in held.alternatives[:2]]
        for other in held.alternatives[:2]:
            effects.append(tell("checkout.instead", name=other.name, price=other.price))
        offered.append(alert_button(held.variant))
    return [*effects, Ask(sentence=sentence("checkout.held_ask"), offered=(*offered, NO_THANKS))]


def _short(result: CannotPlace) -> Effects:
    effects: list[Effect] = []
    for shortage in result.shortages:
        variant = shortage.variant
        if variant.free == 0:
            effects += sold_out(variant, shortage.alternatives)
            continue
        wish = Wish(product=variant.product, candidates=(variant.sku,), quantity=variant.free, exact=True)
        take = OfferSpec(
            act=Act(intent="change_quantity", entities=Entities(wishes=(wish,), quantity=variant.free)),
            title=sentence("button.take_free", free=variant.free, name=variant.short),
            answer="yes",
        )
        words = sentence("cart.take_free", free=variant.free, name=variant.short, total=variant.price * variant.free)
        effects += [
            tell("cart.only", name=variant.name, free=variant.free),
            Ask(sentence=sentence("cart.short_ask", options=list_lines([words])), offered=(take, SHOW_CART)),
        ]
    return effects


def outdated(slots: Slots, result: QuoteOutdated) -> Otherwise:
    return Otherwise(
        [tell("checkout.price_moved", bill=bill(result.cart.breakdown))], forget=("basket", "payments", "quote")
    )


def not_there(slots: Slots, result: DeliveryChosen) -> Otherwise | None:
    if result.unavailable is None:
        return None
    return Otherwise([tell("checkout.not_there", city=slots.city or "")], forget=("delivery", "deliveries", "chosen"))


def refused(slots: Slots, name: str) -> Otherwise:
    """A no: to the saved details (ask anew), or to the whole order (what shall be changed?)."""
    if name == "same":
        return Otherwise(put={"fresh": True})
    return Otherwise(what_to_change(to_a_point=slots.to_a_point()))


def what_to_change(*, to_a_point: bool) -> Effects:
    return [
        Ask(
            sentence=sentence("checkout.change_what"),
            offered=(
                button("change_delivery", "change_details", detail="delivery"),
                button("change_address", "change_details", detail="point" if to_a_point else "address"),
                button("change_recipient", "change_details", detail="recipient"),
                button("edit_cart", "edit_cart"),
                button("leave", "cancel"),
            ),
            again=sentence("checkout.change_what"),
        )
    ]


def absorb(slots: Slots, act: Act) -> dict[str, Any]:
    """What an act says beyond the plain answers: a way to pay, a place to look near, "my office", what to change."""
    said = act.entities
    changes: dict[str, Any] = {}
    for name in ("payment", "city", "near", "email", "to"):
        if (value := getattr(said, name)) is not None:
            changes[name] = value
    if said.near and not (said.address or slots.delivery):
        changes.setdefault("to", "point")  # near what? A pick-up point
    if slots.order and said.payment == slots.way_to_pay():
        del changes["payment"]
    if said.at and slots.to_a_point() and not slots.order:
        changes |= {"at": said.at, "near": None, "point": None}
    elif changes.get("near") or said.point:
        changes["at"] = None
    if said.saved and not said.address:
        changes |= {"saved": said.saved, "address": None, "point": None}
    if said.delivery and said.delivery != slots.delivery:
        changes.setdefault("point", said.point)
        if slots.to_a_point() and not said.address and not said.saved:
            changes.setdefault("address", None)
    if said.address:
        changes["saved"] = None
        if said.address.isalnum() and any(sign.isdigit() for sign in said.address) and slots.where():
            changes["address"] = _other_house(slots.where() or "", said.address)
            return changes
    if said.inside and (where := said.address or (None if slots.to_a_point() else slots.where())):
        changes["address"] = moved_in(where, said.inside)
    if said.address and not said.point and not said.near:
        changes["near"] = said.address  # where a pick-up point is meant, its street is often all that is said
    if (said.near or said.address) and not said.point:
        changes["point"] = None
    if said.detail and said.detail not in changes and getattr(said, _field(said.detail), None) is None:
        changes[said.detail] = None
        if said.detail in ("recipient", "phone") and slots.same:
            changes |= {"same": None, "fresh": True}
        if said.detail == "address":
            changes |= {"saved": None, "elsewhere": True}
    return changes


def _other_house(address: str, number: str) -> str:
    """ "Not 5, 15": the same street and city, another house."""
    return re.sub(r"\b\d+\w?\b", number, address, count=1)


def _field(detail: str) -> str:
    return "person" if detail == "recipient" else detail


def the_nearest(slots: Slots, result: PointsFound) -> Otherwise | None:
    """The point nearest to where he is, or the only one that fits what was said, is taken and shown before the yes."""
    if slots.at and not slots.point:
        nearest = next(iter(result.points), None)
        if nearest is None or nearest.km is None:
            return Otherwise([tell("checkout.points_unplaced")], put={"points": result})
        if nearest.km > WALKABLE_KM:
            return Otherwise([tell("checkout.points_far", km=nearest.km)], put={"points": result})
        told = tell("checkout.nearest_point", address=nearest.address, km=nearest.km)
        return Otherwise([told], put={"points": result, "point": nearest.code})
    if (slots.near or slots.city) and len(result.points) == 1 and not slots.point:
        return Otherwise(put={"points": result, "point": result.points[0].code})
    return None


def the_only_way(slots: Slots, result: DeliveriesListed) -> Otherwise | None:
    """One way to deliver is of the kind that was said ("a courier"): it is taken, and shown before the yes. What is
    digital comes in one way: there is nothing to choose.
    """
    if slots.delivery is None and len(result.options) == 1 and result.options[0].digital:
        return Otherwise(put={"deliveries": result, "delivery": result.options[0].code})
    listed = slots.model_copy(update={"deliveries": result})
    if slots.to and not slots.delivery and len(listed.offered()) == 1 < len(result.options):
        return Otherwise(put={"deliveries": result, "delivery": listed.offered()[0].code})
    return None


def prefill(focus: Focus) -> dict[str, Any]:
    known = {"city": focus.city, "near": focus.near}
    return {name: value for name, value in known.items() if value}


def pay_again(slots: Slots, result: PaymentRequested) -> Otherwise:
    """There is nothing new to order, and something to pay: the same link once more."""
    if result.amount:
        return Otherwise(difference_due(result), leave=True)
    if result.account or result.invoice:
        told = transfer_told(result) if result.account else invoice_told(result)
        return Otherwise([*told, Offer(offered=(button("other_way", "revise"), HUMAN))], leave=True)
    said = tell("checkout.pay_here", number=result.order.number, total=result.order.breakdown.total)
    if result.link:
        said = said.model_copy(update={"link": (sentence("button.pay_now"), result.link)})
    until = [tell("checkout.held_until", until=Moment(at=result.until))] if result.until else []
    return Otherwise([said, *until, Offer(offered=(button("other_way", "revise"), HUMAN))], leave=True)


def basket_ready(slots: Slots, result: CartShown) -> Otherwise | None:
    """The way to deliver that was chosen with the cart is not asked for again; an agreed price is named first."""
    cart = result.cart
    agreed = any(line.kind == "manual" for line in cart.breakdown.lines)
    told: list[Effect] = [tell("cart.bill", bill=bill(cart.breakdown))] if agreed else []
    if cart.delivery and slots.delivery is None:
        found = {"delivery": cart.delivery.code, "city": slots.city or cart.destination}
        return Otherwise(told, put={"basket": result, **found})
    return Otherwise(told, put={"basket": result}) if told else None


CHECKOUT = Dialog(
    name="checkout",
    slots=Slots,
    starts_on=("checkout",),
    steps=(
        do(
            "basket",
            Slots.to_check,
            needs=("cart",),
            otherwise={CannotPlace: cannot_place, CartShown: basket_ready, PaymentRequested: pay_again},
        ),
        do("known", Slots.to_known),
        confirm("same", when=Slots.has_saved, args=Slots.saved_words, choices=Slots.same_choices),
        ask("recipient", person_name, when=Slots.needs_name),
        ask("phone", phone, when=Slots.needs_phone),
        do("deliveries", Slots.to_deliveries, needs=("cart", "city", "to"), otherwise={DeliveriesListed: the_only_way}),
        ask("delivery", delivery_method, args=Slots.delivery_words, choices=Slots.delivery_choices),
        do("chosen", Slots.to_choose, needs=("delivery", "city"), otherwise={DeliveryChosen: not_there}),
        ask("address", postal_address, when=Slots.to_the_door, args=Slots.place_words),
        ask("city", city, when=Slots.needs_city),
        do(
            "points",
            Slots.to_points,
            when=Slots.to_a_point,
            needs=("delivery", "near", "city", "at"),
            otherwise={PointsFound: the_nearest},
        ),
        ask(
            "point",
            pickup_point,
            when=Slots.to_a_point,
            args=Slots.point_words,
            choices=Slots.point_choices,
            native=Slots.point_asks,
        ),
        do("payments", Slots.to_payments, needs=("cart", "delivery")),
        do(
            "quote",
            Slots.to_quote,
            needs=("cart", "chosen", "address", "saved", "elsewhere", "point", "payment", "recipient", "phone", "same"),
            otherwise={CannotPlace: cannot_place},
        ),
        confirm(
            "agreed",
            needs=("quote",),
            args=Slots.agree_words,
            choices=Slots.agree_choices,
            show=Slots.bill_shown,
        ),
        do(
            "order",
            Slots.to_order,
            needs=("agreed",),
            final=True,
            otherwise={CannotPlace: cannot_place, QuoteOutdated: outdated},
        ),
        do("invoice", Slots.to_invoice, needs=("order",), otherwise={CannotPlace: cannot_place}),
        say("placed", when=Slots.by_hand, show=Slots.placed_by_hand),
        say("pay_here", when=Slots.by_link, show=Slots.pay_here),
        say("invoice_here", when=Slots.by_invoice, show=Slots.invoice_here),
        say("transfer_here", when=Slots.by_transfer, show=Slots.transfer_here),
        wait("paid", until=PaymentSettled, on=Slots.order_id, when=Slots.awaited),
        say("thanks", when=Slots.awaited, show=Slots.thanked),
    ),
    revise=Slots.to_revise,
    refused=refused,
    absorb=absorb,
    prefill=prefill,
)
