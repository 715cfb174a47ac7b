"""What a checkout knows, what it asks the shop for, and the words that go with its questions."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel

from base.money import Money
from bot.dialogs.common import (
    HUMAN,
    bill,
    capital,
    delivery_button,
    delivery_lines,
    list_lines,
)
from bot.nlu.contacts import city_of
from bot.state import Arg, Moment, OfferSpec, Sentence
from bot.steps import (
    Effect,
    Effects,
    InvoiceSpec,
    Offer,
    ReceiptSpec,
    Say,
    button,
    named,
    sentence,
    tell,
)
from shop.commands import (
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
    RequestPayment,
    ReviseOrder,
)
from shop.views import DeliveryOption, OrderView, PriceLine

SAME = (button("yes_same", "affirm", answer="yes"), button("no_other", "deny", answer="no"))


def receipt(order: OrderView) -> ReceiptSpec:
    """The bill of an order as a receipt: each line with what it is, why, and what it cost."""
    lines = tuple((_line_title(line), line.amount) for line in order.breakdown.lines)
    return ReceiptSpec(
        number=order.number, lines=lines, total=order.breakdown.total, recipient=order.recipient,
        payment=order.payment_name,
    )  # fmt: skip


def _line_title(line: PriceLine) -> str | Sentence:
    if line.kind in ("discount", "free_delivery"):
        reason = "free_delivery" if line.kind == "free_delivery" else line.reason or "none"
        return sentence("bill.why", code=line.code or "", percent=line.percent or 0, reason=reason)
    return f"{line.quantity} × {line.name}" if line.quantity else capital(line.name)


def confirmed(said: Say, order: OrderView) -> Effects:
    """All that a buyer needs: lines with reasons, sum, how it is paid, where it goes, whom to ask, and the receipt."""
    details = tell(
        "checkout.details",
        payment=order.payment_name,
        recipient=order.recipient,
        delivery=capital(order.delivery_name),
        where=order.where,
        contact=order.contact or "none",
    )
    tax = [tell("checkout.vat", rate=f"{order.vat_rate} %", amount=order.vat)] if order.vat else []
    return [
        said.model_copy(update={"receipt": receipt(order)}),
        *tax,
        details.model_copy(update={"link": (sentence("button.receipt"), order.receipt)}),
        Offer(offered=(button("track", "track_order"), HUMAN)),
    ]


class Slots(BaseModel):
    basket: CartShown | None = None
    known: CustomerKnown | None = None
    same: bool | None = None
    fresh: bool | None = None  # the saved details were declined
    elsewhere: bool | None = None  # not to the saved address
    recipient: str | None = None
    phone: str | None = None
    city: str | None = None
    deliveries: DeliveriesListed | None = None
    delivery: str | None = None
    to: Literal["door", "point"] | None = None  # the kind of delivery, said before the method
    chosen: DeliveryChosen | None = None
    saved: str | None = None  # "office": a saved address is meant
    address: str | None = None
    near: str | None = None
    at: tuple[float, float] | None = None  # where he is, where the messenger tells it
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

    def offered(self) -> tuple[DeliveryOption, ...]:
        """The ways to deliver that are asked about: of the kind that was said, where there is one."""
        options = self.deliveries.options if self.deliveries else ()
        of_kind = tuple(option for option in options if self.to and option.to_point is (self.to == "point"))
        return of_kind or options

    def to_the_door(self) -> bool:
        option = self.option()
        return not self.to_a_point() and not self.where() and not (option and option.digital)

    def needs_city(self) -> bool:
        """A street was said, and nothing tells in which city."""
        return bool(self.address and not self.city and not self.to_a_point() and city_of(self.address) is None)

    def to_a_point(self) -> bool:
        option = self.option()
        return bool(option and option.to_point)

    def by_link(self) -> bool:
        return bool(self.invoice and self.invoice.link)

    def by_hand(self) -> bool:
        return bool(self.invoice) and not self.awaited()

    def by_transfer(self) -> bool:
        return bool(self.invoice and self.invoice.account)

    def by_invoice(self) -> bool:
        return bool(self.invoice and self.invoice.invoice)

    def awaited(self) -> bool:
        """The money comes before the parcel goes."""
        return self.by_link() or self.by_transfer() or self.by_invoice()

    # ---- what is known ---------------------------------------------------------------------------

    def name(self) -> str | None:
        return self.recipient or (self.known.name if self.same and self.known else None)

    def number(self) -> str | None:
        return self.phone or (self.known.phone if self.same and self.known else None)

    def where(self) -> str | None:
        """The address said, the saved one meant, or the last one when it was confirmed."""
        if self.address:
            whole = not self.city or city_of(self.address) or self.city.casefold() in self.address.casefold()
            return self.address if whole else f"{self.address}, {self.city}"
        addresses = dict(self.known.addresses) if self.known else {}
        if self.saved:
            return addresses.get(self.saved)
        return addresses.get("") if self.same and not self.elsewhere else None

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
        return FindPoints(delivery=self.delivery or "", at=self.at, near=self.near, city=self.city)

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
        return {"options": delivery_lines(self.offered(), total=True), "city": self.city or ""}

    def delivery_choices(self) -> tuple[OfferSpec, ...]:
        return tuple(delivery_button(option) for option in self.offered())

    def place_words(self) -> dict[str, Arg]:
        """What the address question says first: the method, and what it comes to."""
        option = self.option()
        words: dict[str, Arg] = {"name": capital(option.name) if option else "", "saved": self.saved or "none"}
        if option is not None:
            words |= {"price": option.effective, "total": self.total() or option.total}
        return words

    def point_words(self) -> dict[str, Arg]:
        points = self.points.points if self.points else ()
        lines = list_lines([sentence("delivery.point", address=point.address) for point in points])
        return {**self.place_words(), "near": self.near or "", "points": lines}

    def point_asks(self) -> Literal["location"] | None:
        """His place is worth asking for where the shop can tell which point is near it."""
        return "location" if self.points and self.points.on_the_map and not self.at else None

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
                "checkout.bill_digital" if quote.option.digital else "checkout.bill",
                bill=bill(quote.cart.breakdown),
                recipient=self.name() or "",
                where=quote.where,
                delivery=capital(quote.option.name),
                payment=quote.payment.name,
            )
        ]

    def agree_choices(self) -> tuple[OfferSpec, ...]:
        chosen = self.way_to_pay()
        others = [option for option in (self.payments.options if self.payments else ()) if option.available]
        pay = button("pay" if self.quote and self.quote.payment.at_once else "order", "affirm", answer="yes")
        return (
            pay,
            *(named(capital(option.name), "inform", payment=option.code) for option in others if option.code != chosen),
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

    def transfer_here(self) -> Effects:
        return transfer_told(self.invoice) if self.invoice else []

    def invoice_here(self) -> Effects:
        return invoice_told(self.invoice) if self.invoice else []

    def placed_by_hand(self) -> Effects:
        if self.order is None:
            return []
        order = self.order.order
        said = tell("checkout.placed", number=order.number, total=order.breakdown.total, payment=order.payment_name)
        return confirmed(said, order)

    def thanked(self) -> Effects:
        if self.order is None:
            return []
        order = self.order.order
        key = "checkout.thanks_late" if self.paid and self.paid.revived else "checkout.thanks"
        said = tell(key, number=order.number, name=order.recipient)
        if order.digital:
            said = tell("checkout.thanks_digital", number=order.number, name=order.recipient, content=order.content)
        return confirmed(said, order)


def invoice_told(requested: PaymentRequested) -> Effects:
    """The invoice that the messenger collects stands last, with nothing between it and its button."""
    due, order = requested.invoice, requested.order
    if due is None:
        return []
    key = "edit.invoice_here" if requested.amount else "checkout.invoice_here"
    effects = [tell(key, number=order.number, total=due.amount)]
    if requested.until and not requested.amount:
        effects.append(tell("checkout.held_until", until=Moment(at=requested.until)))
    bill = InvoiceSpec(
        title=sentence("checkout.invoice_title", number=order.number),
        description=order.content,
        payload=due.payload,
        lines=receipt(order).lines if due.amount == order.breakdown.total else (),
        total=due.amount,
    )
    effects[-1] = effects[-1].model_copy(update={"invoice": bill})
    return effects


def transfer_told(invoice: PaymentRequested) -> Effects:
    """Where the money goes, and that a photo of the transfer helps."""
    total = invoice.amount or invoice.order.breakdown.total
    key = "edit.transfer_here" if invoice.amount else "checkout.transfer_here"
    told = tell(key, number=invoice.order.number, total=total, account=invoice.account or "")
    held = invoice.until and not invoice.amount
    until = [tell("checkout.held_until", until=Moment(at=invoice.until))] if held and invoice.until else []
    return [told, *until]
