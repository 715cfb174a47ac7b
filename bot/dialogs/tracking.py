"""After the sale: where the parcel is, told before it is asked; changes and returns go to a person."""

from __future__ import annotations

from bot.acts import Act, Entities
from bot.dialogs.common import BROWSE, HUMAN
from bot.state import Day, Moment, OfferSpec, State
from bot.steps import Ask, Call, Effect, Effects, Offer, Open, Remember, Say, Tools, sentence, tell
from shop.commands import NoOrders, OrdersOpen, OrderTracked, PassQuestion, ShipmentMoved, TrackOrder
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
    return [tell("tracking.no_orders"), Offer(offered=(BROWSE, HUMAN))]


def moved(state: State, event: ShipmentMoved) -> Effects:
    if event.status not in TOLD:
        return []
    effects: list[Effect] = [tell(f"tracking.moved.{event.status}", number=event.number), Remember(order=event.number)]
    if event.status == "delivered":
        effects.append(Open(dialog="feedback", slots={"order": event.order}, background=True))
    return effects


def to_a_person(state: State, act: Act) -> Effects:
    """Changing or giving back what was ordered is decided by a person; nothing is asked twice."""
    return [Call(command=PassQuestion(kind="return", words=act.text[:500], order=state.focus.order))]


TRACKING = Tools(
    "tracking",
    on={
        "track_order": track,
        "cancel_order": to_a_person,
        "edit_order": to_a_person,
        "change_details": to_a_person,  # of an order that no open form holds any more
        "return_item": to_a_person,
        "damaged_item": to_a_person,
        "exchange_item": to_a_person,
        "refund_status": to_a_person,
        "reorder": to_a_person,
    },
    answers={OrderTracked: tracked, OrdersOpen: several, NoOrders: none},
    events={ShipmentMoved: moved},
)
