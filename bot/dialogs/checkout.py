"""Checkout: a cart becomes a placed order and a settled payment."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from base.money import Money
from bot.acts import Act, Entities, Wish
from bot.dialogs.common import (
    BROWSE,
    HUMAN,
    SHOW_CART,
    add_button,
    alert_button,
    bill,
    delivery_lines,
    list_lines,
)
from bot.dialogs.discovery import sold_out
from bot.state import Arg, Focus, Moment, OfferSpec
from bot.steps import (
    Ask,
    Dialog,
    Effect,
    Effects,
    Offer,
    Otherwise,
    ask,
    button,
    confirm,
    delivery_method,
    do,
    named,
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
    CheckCart,
    ChooseDelivery,
    CustomerKnown,
    DeliveriesListed,
    DeliveryChosen,
    FindPoints,
    KnownCustomer,
    ListDeliveries,
    ListPayments,
    OrderPlaced,
    OrderQuoted,
    PaymentRequested,
    PaymentSettled,
    PaymentsListed,
    PlaceOrder,
    PointsFound,
    QuoteOrder,
    QuoteOutdated,
    RequestPayment,
    ReviseOrder,
)
from shop.views import DeliveryOption

SAME = (button("yes_same", "affirm", answer="yes"), button("no_other", "deny", answer="no"))


class Slots(BaseModel):
    basket: CartShown | None = None
    known: CustomerKnown | None = None
    same: bool | None = None
    fresh: bool | None = None  # the saved details were declined
    recipient: str | None = None
    phone: str | None = None
    city: str | None = None
    deliveries: DeliveriesListed | None = None
    delivery: str | None = None
    chosen: DeliveryChosen | None = None
    saved: str | None = None  # "office": a saved address is meant
    address: str | None = None
    near: str | None = None
    points: PointsFound | None = None
    point: str | None = None
    payments: PaymentsListed | None = None
    payment: str | None = None
    email: str | None = None
    quote: OrderQuoted | None = None
    agreed: bool | None = None
    order: OrderPlaced | None = None
    invoice: PaymentRequested | None = None
    paid: PaymentSettled | None = None

    # ---- guards ----------------------------------------------------------------------------------

    def has_saved(self) -> bool:
        """There is something to confirm instead of typing it again, and nothing else was said yet."""
        return bool(self.known and self.known.name and self.known.phone and not self.fresh and not self.recipient)

    def needs_name(self) -> bool:
        return not self.name()

    def needs_phone(self) -> bool:
        return not self.number()

    def to_the_door(self) -> bool:
        return not self.to_a_point() and not self.where()

    def to_a_point(self) -> bool:
        option = self.option()
        return bool(option and option.to_point)

    def by_link(self) -> bool:
        return bool(self.invoice and self.invoice.link)

    def by_hand(self) -> bool:
        return bool(self.invoice and not self.invoice.link)

    # ---- what is known ---------------------------------------------------------------------------

    def name(self) -> str | None:
        return self.recipient or (self.known.name if self.same and self.known else None)

    def number(self) -> str | None:
        return self.phone or (self.known.phone if self.same and self.known else None)

    def where(self) -> str | None:
        """The address said, the saved one meant, or the last one when it was confirmed."""
        if self.address:
            return self.address
        addresses = dict(self.known.addresses) if self.known else {}
        if self.saved:
            return addresses.get(self.saved)
        return addresses.get("") if self.same else None

    def option(self) -> DeliveryOption | None:
        options = self.deliveries.options if self.deliveries else ()
        return next((option for option in options if option.code == self.delivery), None)

    def way_to_pay(self) -> str:
        """The one said; else the one used last; else the first that is possible."""
        possible = [option.code for option in self.payments.options if option.available] if self.payments else []
        last = self.known.last_payment if self.known else None
        if self.payment:
            return self.payment
        return last if last in possible else next(iter(possible), "")

    def total(self) -> Money | None:
        cart = self.chosen.cart if self.chosen else self.basket.cart if self.basket else None
        return cart.breakdown.total if cart else None

    def order_id(self) -> str | None:
        return self.order.order.id if self.order else None

    # ---- commands --------------------------------------------------------------------------------

    def to_check(self) -> CheckCart:
        return CheckCart()

    def to_known(self) -> KnownCustomer:
        return KnownCustomer()

    def to_deliveries(self) -> ListDeliveries:
        return ListDeliveries(city=self.city)

    def to_choose(self) -> ChooseDelivery:
        return ChooseDelivery(delivery=self.delivery, city=self.city)

    def to_points(self) -> FindPoints:
        return FindPoints(delivery=self.delivery or "", near=self.near, city=self.city)

    def to_payments(self) -> ListPayments:
        return ListPayments()

    def to_quote(self) -> QuoteOrder:
        door = not self.to_a_point()
        return QuoteOrder(
            recipient=self.name() or "",
            phone=self.number() or "",
            delivery=self.delivery or "",
            address=self.where() if door else None,
            point=None if door else self.point,
            payment=self.way_to_pay(),
            email=self.email,
        )

    def to_order(self) -> PlaceOrder:
        quote = self.quote.quote if self.quote else ""
        return PlaceOrder(quote=quote, key=quote)

    def to_invoice(self) -> RequestPayment:
        return RequestPayment(order=self.order_id() or "")

    def to_revise(self) -> ReviseOrder | None:
        order = self.order_id()
        return ReviseOrder(order=order) if order and not self.paid else None

    # ---- words -----------------------------------------------------------------------------------

    def saved_words(self) -> dict[str, Arg]:
        """Saved data, shown masked: the last two digits of the phone, the street without its number."""
        known = self.known
        if known is None:
            return {}
        address = dict(known.addresses).get("", "")
        street = " ".join(word for word in address.split() if not any(sign.isdigit() for sign in word)).strip(" ,")
        return {"name": known.name or "", "digits": (known.phone or "")[-2:], "street": street or "none"}

    def same_choices(self) -> tuple[OfferSpec, ...]:
        return SAME

    def delivery_words(self) -> dict[str, Arg]:
        options = self.deliveries.options if self.deliveries else ()
        return {"options": delivery_lines(options, total=True), "city": self.city or ""}

    def delivery_choices(self) -> tuple[OfferSpec, ...]:
        options = self.deliveries.options if self.deliveries else ()
        return tuple(named(option.name, "inform", delivery=option.code) for option in options)

    def place_words(self) -> dict[str, Arg]:
        """What the address question says first: the method, and what it comes to."""
        option = self.option()
        words: dict[str, Arg] = {"name": option.name if option else "", "saved": self.saved or "none"}
        if (total := self.total()) is not None:
            words["total"] = total
        return words

    def point_words(self) -> dict[str, Arg]:
        points = self.points.points if self.points else ()
        lines = list_lines([sentence("delivery.point", address=point.address) for point in points])
        return {**self.place_words(), "near": self.near or "", "points": lines}

    def point_choices(self) -> tuple[OfferSpec, ...]:
        points = self.points.points if self.points else ()
        return tuple(named(point.address, "inform", point=point.code) for point in points)

    def agree_words(self) -> dict[str, Arg]:
        quote = self.quote
        if quote is None:
            return {}
        return {"total": quote.cart.breakdown.total, "payment": quote.payment.name}

    def bill_shown(self) -> Effects:
        """The full breakdown before the yes."""
        quote = self.quote
        if quote is None:
            return []
        return [
            tell(
                "checkout.bill",
                bill=bill(quote.cart.breakdown),
                recipient=self.name() or "",
                where=quote.where,
                delivery=quote.option.name,
                payment=quote.payment.name,
            )
        ]

    def agree_choices(self) -> tuple[OfferSpec, ...]:
        chosen = self.way_to_pay()
        others = [option for option in (self.payments.options if self.payments else ()) if option.available]
        pay = button("pay" if self.quote and self.quote.payment.code != "cod" else "order", "affirm", answer="yes")
        return (
            pay,
            *(named(option.name, "inform", payment=option.code) for option in others if option.code != chosen),
            button("change", "deny", answer="no"),
        )

    def pay_here(self) -> Effects:
        invoice, order = self.invoice, self.order
        if invoice is None or order is None or invoice.link is None:
            return []
        until = invoice.until or order.reserved_until
        said = tell("checkout.pay_here", number=order.order.number, total=order.order.breakdown.total)
        effects: list[Effect] = [said.model_copy(update={"link": (sentence("button.pay_now"), invoice.link)})]
        if until:
            effects.append(tell("checkout.held_until", until=Moment(at=until)))
        return effects

    def placed_by_hand(self) -> Effects:
        if self.order is None:
            return []
        order = self.order.order
        return [
            tell("checkout.placed", number=order.number, total=order.breakdown.total, payment=order.payment_name),
            Offer(offered=(button("track", "track_order"), HUMAN)),
        ]

    def thanked(self) -> Effects:
        if self.order is None:
            return []
        order = self.order.order
        key = "checkout.thanks_late" if self.paid and self.paid.revived else "checkout.thanks"
        return [
            tell(key, number=order.number, name=order.recipient, where=order.where, delivery=order.delivery_name),
            Offer(offered=(button("track", "track_order"), HUMAN)),
        ]


# ---- turned away ----------------------------------------------------------------------------------


def cannot_place(slots: Slots, result: CannotPlace) -> Otherwise | None:
    """Why this cart cannot be ordered now, and what can be done instead. The cart is kept."""
    match result.reason:
        case "empty_cart":
            return Otherwise([tell("checkout.empty"), Offer(offered=(BROWSE, HUMAN))], leave=True)
        case "held":
            return Otherwise(_held(result), leave=True)
        case "short":
            return Otherwise(_short(result), leave=True)
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
    no = button("no_thanks", "no_thanks", answer="no")
    return [*effects, Ask(sentence=sentence("checkout.held_ask"), offered=(*offered, no))]


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
    return Otherwise(
        [
            Ask(
                sentence=sentence("checkout.change_what"),
                offered=(
                    button("change_delivery", "change_details", detail="delivery"),
                    button("change_address", "change_details", detail="point" if slots.to_a_point() else "address"),
                    button("change_recipient", "change_details", detail="recipient"),
                    button("edit_cart", "edit_cart"),
                    button("leave", "cancel"),
                ),
                again=sentence("checkout.change_what"),
            )
        ]
    )


def absorb(slots: Slots, act: Act) -> dict[str, Any]:
    """What an act says beyond the plain answers: a way to pay, a place to look near, "my office", what to change."""
    said = act.entities
    changes: dict[str, Any] = {}
    for name in ("payment", "city", "near", "email"):
        if (value := getattr(said, name)) is not None:
            changes[name] = value
    if said.saved and not said.address:
        changes |= {"saved": said.saved, "address": None, "point": None}
    if said.delivery and said.delivery != slots.delivery:
        changes.setdefault("point", said.point)
        if slots.to_a_point() and not said.address and not said.saved:
            changes.setdefault("address", None)
    if said.address:
        changes["saved"] = None
    if said.near and not said.point:
        changes["point"] = None
    if said.detail and said.detail not in changes and getattr(said, _field(said.detail), None) is None:
        changes[said.detail] = None
        if said.detail in ("recipient", "phone", "address") and slots.same:
            changes |= {"same": None, "fresh": True}
        if said.detail == "address":
            changes["saved"] = None
    return changes


def _field(detail: str) -> str:
    return "person" if detail == "recipient" else detail


def prefill(focus: Focus) -> dict[str, Any]:
    return {"city": focus.city} if focus.city else {}


def basket_ready(slots: Slots, result: CartShown) -> Otherwise | None:
    """The way to deliver that was chosen with the cart is not asked for again."""
    cart = result.cart
    if cart.delivery and slots.delivery is None:
        return Otherwise(put={"delivery": cart.delivery.code, "basket": result, "city": slots.city or cart.destination})
    return None


CHECKOUT = Dialog(
    name="checkout",
    slots=Slots,
    starts_on=("checkout",),
    steps=(
        do("basket", Slots.to_check, needs=("cart",), otherwise={CannotPlace: cannot_place, CartShown: basket_ready}),
        do("known", Slots.to_known),
        confirm("same", when=Slots.has_saved, args=Slots.saved_words, choices=Slots.same_choices),
        ask("recipient", person_name, when=Slots.needs_name),
        ask("phone", phone, when=Slots.needs_phone),
        do("deliveries", Slots.to_deliveries, needs=("cart", "city")),
        ask("delivery", delivery_method, args=Slots.delivery_words, choices=Slots.delivery_choices),
        do("chosen", Slots.to_choose, needs=("delivery", "city"), otherwise={DeliveryChosen: not_there}),
        ask("address", postal_address, when=Slots.to_the_door, args=Slots.place_words),
        do("points", Slots.to_points, when=Slots.to_a_point, needs=("delivery", "near", "city")),
        ask("point", pickup_point, when=Slots.to_a_point, args=Slots.point_words, choices=Slots.point_choices),
        do("payments", Slots.to_payments, needs=("cart", "delivery")),
        do(
            "quote",
            Slots.to_quote,
            needs=("cart", "chosen", "address", "saved", "point", "payment", "recipient", "phone", "same"),
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
        do("invoice", Slots.to_invoice, needs=("order",)),
        say("placed", when=Slots.by_hand, show=Slots.placed_by_hand),
        say("pay_here", when=Slots.by_link, show=Slots.pay_here),
        wait("paid", until=PaymentSettled, on=Slots.order_id, when=Slots.by_link),
        say("thanks", when=Slots.by_link, show=Slots.thanked),
    ),
    revise=Slots.to_revise,
    refused=refused,
    absorb=absorb,
    prefill=prefill,
)
