"""After the sale: where the parcel is, told before it is asked; what is paid is changed or given back by a person."""

from __future__ import annotations

from bot import repair
from bot.acts import Act, Entities
from bot.dialogs.cart import CONTACT, inform
from bot.dialogs.checkout import what_to_change
from bot.dialogs.common import BROWSE, HUMAN
from bot.dialogs.order_edit import edit
from bot.state import Day, Moment, OfferSpec, State
from bot.steps import Ask, Call, Drop, Effect, Effects, Offer, Open, Remember, Say, Tools, button, sentence, tell
from shop.commands import (
    CancelOrder,
    CannotCancel,
    ListDeliveries,
    MayCancel,
    NoOrders,
    OrderCancelled,
    OrdersOpen,
    OrderTracked,
    PassQuestion,
    ShipmentMoved,
    TrackOrder,
)
from shop.views import OrderView

TOLD = ("in_transit", "out_for_delivery", "ready_for_pickup", "delivered", "failed_attempt", "returned", "exception")


def track(state: State, act: Act) -> Effects:
    said = act.entities
    products = tuple(wish.product for wish in said.wishes if wish.product)
    return [Call(command=TrackOrder(order=said.order_number, products=products, words=act.text[:200]))]


def tracked(state: State, result: OrderTracked, act: Act | None) -> Effects:
    """Number, status in words, last event with its time, the promised window, the link. Nothing invented."""
    order = result.order
    shipment = order.shipment
    if shipment is None:
        status = "digital" if order.digital and order.status == "paid" else order.status
        return [
            tell(f"tracking.order.{status}", number=order.number, content=order.content),
            Remember(order=order.number),
            Offer(offered=(HUMAN,)),
        ]
    effects: list[Effect] = [
        tell("tracking.order_line", number=order.number, content=order.content),
        tell(f"tracking.status.{shipment.status}", carrier=shipment.carrier_name),
    ]
    if shipment.events:
        last = shipment.events[0]
        effects.append(
            tell(
                "tracking.last", at=Moment(at=last.at, form="day_time"), status=last.status, place=last.place or "none"
            )
        )
    if shipment.promised_from and shipment.promised_to and shipment.status not in ("delivered", "returned"):
        key = "tracking.late" if shipment.late else "tracking.window"
        effects.append(tell(key, first=Day(day=shipment.promised_from), last=Day(day=shipment.promised_to)))
    effects[-1] = _with_link(effects[-1], shipment.track_url)
    return [*effects, Remember(order=order.number), Offer(offered=(HUMAN, BROWSE))]


def _with_link(effect: Effect, url: str) -> Effect:
    if isinstance(effect, Say) and url:
        return effect.model_copy(update={"link": (sentence("button.follow"), url)})
    return effect


def several(state: State, result: OrdersOpen, act: Act | None) -> Effects:
    """Asked by what is in them, not by number."""
    return [
        Ask(
            sentence=sentence("tracking.which", content=_either(result.orders)),
            offered=tuple(_order_button(order) for order in result.orders[:5]),
            again=sentence("tracking.which", content=_either(result.orders)),
        )
    ]


def _either(orders: tuple[OrderView, ...]) -> str:
    return " / ".join(order.content for order in orders[:5])


def _order_button(order: OrderView) -> OfferSpec:
    return OfferSpec(act=Act(intent="track_order", entities=Entities(order_number=order.number)), name=order.content)


def none(state: State, result: NoOrders, act: Act | None) -> Effects:
    """Who asks when it comes before he has ordered is told how long the ways take."""
    said = tell("tracking.no_orders")
    if act is not None and act.intent == "track_order" and (state.stack or state.focus.last_line or act.entities.city):
        return [said, Call(command=ListDeliveries(city=act.entities.city or state.focus.city))]
    return [said, Offer(offered=(BROWSE, HUMAN))]


def moved(state: State, event: ShipmentMoved) -> Effects:
    if event.status not in TOLD:
        return []
    effects: list[Effect] = [tell(f"tracking.moved.{event.status}", number=event.number), Remember(order=event.number)]
    if event.status == "delivered":
        effects.append(Open(dialog="feedback", slots={"order": event.order}, background=True))
    return effects


def cancel_order(state: State, act: Act) -> Effects:
    """What is only being ordered is left; what was ordered and not paid is cancelled after a yes."""
    if any(frame.dialog == "checkout" for frame in state.stack):
        return repair.cancel(state, act)
    sure = act.intent == "cancel_for_good"
    return [Call(command=CancelOrder(order=act.entities.order_number or state.focus.order, sure=sure))]


def may_cancel(state: State, result: MayCancel, act: Act | None) -> Effects:
    order = result.order
    yes = Act(intent="cancel_for_good", entities=Entities(order_number=order.number))
    asked = sentence("tracking.cancel_sure", number=order.number, content=order.content)
    return [
        Ask(
            sentence=asked,
            expects="yes_no",
            offered=(
                OfferSpec(act=yes, title=sentence("button.cancel_order"), answer="yes"),
                button("keep_order", "no_thanks", answer="no"),
            ),
            again=asked,
        )
    ]


def cancelled(state: State, result: OrderCancelled, act: Act | None) -> Effects:
    return [
        Drop(order=result.order.id),
        tell("tracking.cancelled", number=result.order.number),
        Offer(offered=(BROWSE,)),
    ]


def cannot_cancel(state: State, result: CannotCancel, act: Act | None) -> Effects:
    """Paid, or on its way: a person decides."""
    return [Call(command=PassQuestion(kind="return", words=act.text[:500] if act else "", order=result.order.number))]


def change_order(state: State, act: Act) -> Effects:
    """What is being ordered, or waits for its money, is changed here; what was paid, by a person."""
    frames = [frame for frame in (*state.background, *state.stack) if frame.dialog == "checkout"]
    if frames and not frames[-1].slots.get("paid"):
        return what_to_change(to_a_point=bool(frames[-1].slots.get("point")))
    if act.intent == "edit_order":
        return edit(state, act)
    told = any(getattr(act.entities, name) is not None for name in (*CONTACT, "city"))
    if told and state.focus.last_line is not None:  # "deliver to my sister: Eva, +370…", with a cart that is full
        return inform(state, act)
    return to_a_person(state, act)


def to_a_person(state: State, act: Act) -> Effects:
    """Changing or giving back what was ordered is decided by a person; nothing is asked twice."""
    return [Call(command=PassQuestion(kind="return", words=act.text[:500], order=state.focus.order))]


TRACKING = Tools(
    "tracking",
    on={
        "track_order": track,
        "cancel_order": cancel_order,
        "cancel_for_good": cancel_order,
        "edit_order": change_order,
        "change_details": change_order,
        "return_item": to_a_person,
        "damaged_item": to_a_person,
        "exchange_item": to_a_person,
        "refund_status": to_a_person,
    },
    answers={
        OrderTracked: tracked,
        OrdersOpen: several,
        NoOrders: none,
        MayCancel: may_cancel,
        OrderCancelled: cancelled,
        CannotCancel: cannot_cancel,
    },
    events={ShipmentMoved: moved},
)
