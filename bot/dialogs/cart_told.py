"""What the shop answers about the cart: what was done, what was not and why, and the cart as it stands."""

from __future__ import annotations

from base.money import Money
from bot.acts import Act, Entities, Wish
from bot.dialogs.common import (
    BROWSE,
    CHECKOUT,
    EDIT,
    HUMAN,
    NO_THANKS,
    SHOW_CART,
    UNDO,
    alert_button,
    bill,
    bill_follows,
    cart_words,
    delivery_button,
    delivery_lines,
    list_lines,
    wish_of,
)
from bot.dialogs.deadline import by_the_day
from bot.dialogs.discovery_told import sold_out
from bot.dialogs.promo import lost_code
from bot.state import Arg, OfferSpec, Sentence, State
from bot.steps import Ask, Call, Effect, Effects, Offer, Remember, Reopen, button, sentence, tell
from bot.understanding import Shown
from shop.commands import (
    CartChanged,
    CartRechecked,
    CartShown,
    Change,
    DeliveriesListed,
    DeliveryChosen,
    NothingToUndo,
    OrderRepeated,
    SetQuantity,
    Shortage,
)
from shop.views import CartView

CHANGING = frozenset({"add_to_cart", "remove_from_cart", "change_quantity", "change_variant"})


def changed(state: State, result: CartChanged, act: Act | None) -> Effects:
    """Says exactly what was done, what was not and why, and the cart as it stands."""
    effects: list[Effect] = []
    if result.revised:
        effects += [tell("checkout.link_void", number=result.revised), Reopen()]
    effects += told_changes(result.changes)
    counted = set(filter(None, state.refs.pop("codes", "").split())) or (
        set(result.cart.codes) - set(result.gained) | {refused.code for refused in result.lost}
    )
    if any(act_.intent in CHANGING for act_ in state.todo):  # the cart is told once, when all is done
        state.refs["codes"] = " ".join(sorted(counted))
        return [*effects, *_focus(result)]
    effects += _focus(result)
    effects += [lost_code(refused) for refused in result.cart.dormant if refused.code in counted]
    if result.changes and not bill_follows(state):
        effects.append(tell_cart(result.cart))
    if result.shortages:
        return [*effects, *short(result.shortages)]
    if act is not None and act.intent == "remove_from_cart" and not result.changes:
        effects += [tell("cart.not_there"), tell_cart(result.cart)]
    if act is not None and act.intent in ("add_to_cart", "change_quantity") and not result.changes:
        effects.append(tell_cart(result.cart))  # as many as that are in it already
    return [*effects, Offer(offered=_next(result.cart))]


def repeated(state: State, result: OrderRepeated, act: Act | None) -> Effects:
    """The goods of an earlier order lie in the cart again, as far as they are still sold."""
    effects: list[Effect] = [tell("cart.same_as", number=result.number)]
    if result.gone:
        effects.append(tell("cart.no_longer_sold", names=", ".join(result.gone)))
    return [*effects, *changed(state, result.changed, act)]


def _focus(result: CartChanged) -> Effects:
    """The line that "it" and "two of them" mean from now on."""
    kept = [change for change in result.changes if change.kind not in ("removed", "cleared")]
    if kept:
        last = kept[-1]
        product = next((line.product for line in result.cart.lines if line.sku == last.sku), None)
        added = last.sku if last.kind == "added" else None
        return [Remember(last_line=last.sku, sku=last.sku, product=product, added=added)]
    lines = result.cart.lines
    return [Remember(last_line=lines[-1].sku if lines else None)] if result.changes else []


def told_changes(changes: tuple[Change, ...]) -> Effects:
    """What was done, changes of one kind in one sentence."""
    effects: list[Effect] = []
    for kind in dict.fromkeys(change.kind for change in changes):
        same = [change for change in changes if change.kind == kind]
        if kind in ("added", "removed", "undone"):
            items = " + ".join(_item(change) for change in same)
            effects.append(tell(f"cart.{kind}", items=items))
        elif kind == "cleared":
            effects.append(tell("cart.cleared"))
        else:
            effects += [tell(f"cart.{kind}", name=change.name, quantity=change.quantity) for change in same]
    return effects


def _item(change: Change) -> str:
    pieces = change.quantity if change.kind == "removed" else abs(change.quantity - change.before)
    return f"{pieces} × {change.name}" if pieces else change.name


def tell_cart(cart: CartView) -> Effect:
    words = cart_words(cart)
    return tell(words.key, **words.args)


def _next(cart: CartView) -> tuple[OfferSpec, ...]:
    return (BROWSE, HUMAN) if cart.empty else (CHECKOUT, EDIT, UNDO)


def short(shortages: tuple[Shortage, ...]) -> Effects:
    """Less is there than was wanted: what is there, what could stand in, or an alert. Nothing is swapped silently."""
    first = shortages[0]
    variant = first.variant
    effects: list[Effect] = [
        tell("cart.only", name=other.variant.name, free=other.variant.free) for other in shortages[1:]
    ]
    if variant.free == 0:
        return [*effects, *sold_out(variant, first.alternatives)]
    missing = first.wanted - variant.free
    options: list[tuple[OfferSpec, Sentence]] = []
    filler = next((one for one in first.alternatives if one.free >= missing), None)
    if filler:
        both = Entities(wishes=(wish_of(variant, variant.free), wish_of(filler, missing)))
        words: dict[str, Arg] = {"free": variant.free, "name": variant.short, "missing": missing, "other": filler.short}
        total = variant.price * variant.free + filler.price * missing
        take_both = OfferSpec(
            act=Act(intent="add_to_cart", entities=both), title=Sentence(key="button.take_both", args=words)
        )
        options.append((take_both, Sentence(key="cart.take_both", args={**words, "total": total})))
    these = Entities(wishes=(wish_of(variant, variant.free),))
    options.append(
        (
            OfferSpec(
                act=Act(intent="add_to_cart", entities=these),
                title=sentence("button.take_free", free=variant.free, name=variant.short),
                answer="yes",
            ),
            sentence("cart.take_free", free=variant.free, name=variant.short, total=variant.price * variant.free),
        )
    )
    alert = alert_button(variant).model_copy(update={"answer": None})
    return [
        *effects,
        tell("cart.only", name=variant.name, free=variant.free),
        Remember(product=variant.product, sku=variant.sku),
        Ask(
            sentence=sentence("cart.short_ask", options=list_lines([line for _, line in options])),
            offered=(*(spec for spec, _ in options), alert, NO_THANKS),
        ),
    ]


def nothing_to_undo(state: State, result: NothingToUndo, act: Act | None) -> Effects:
    key = "cart.nothing_to_undo_empty" if result.cart.empty else "cart.nothing_to_undo"
    return [tell(key), Offer(offered=(BROWSE, HUMAN) if result.cart.empty else (CHECKOUT, SHOW_CART))]


def shown(state: State, result: CartShown, act: Act | None) -> Effects:
    """The cart; when it is to be edited, every line with its own button."""
    cart = result.cart
    less = state.refs.pop("less", "")
    if less and state.focus.last_line:
        line = next((one for one in cart.lines if one.sku == state.focus.last_line), None)
        if line:
            return [Call(command=SetQuantity(sku=line.sku, quantity=max(0, line.quantity - int(less))))]
    if state.refs.pop("edit", "") and not cart.empty:
        removes = tuple(
            OfferSpec(
                act=Act(
                    intent="remove_from_cart",
                    entities=Entities(wishes=(Wish(candidates=(line.sku,), exact=True),)),
                ),
                title=sentence("button.remove", name=line.name),
            )
            for line in cart.lines[:6]
        )
        return [
            tell_cart(cart),
            Ask(sentence=sentence("cart.edit"), offered=(*removes, button("clear", "clear_cart"), CHECKOUT)),
        ]
    effects: list[Effect] = [tell_cart(cart)]
    effects += [lost_code(refused) for refused in cart.dormant]
    if cart.best and not state.nudged:
        state.nudged = True
        effects.append(tell("promo.nudge", code=cart.best.code, total=cart.best.total, saving=cart.best.saving))
    return [
        *effects,
        Remember(shown=tuple(Shown(product=x.product, sku=x.sku) for x in cart.lines)),
        Offer(offered=_next(cart)),
    ]


def rechecked(state: State, result: CartRechecked, act: Act | None) -> Effects:
    """Back after a while: the cart is here, with today's stock and prices."""
    cart = result.cart
    if cart.empty:
        return [tell("greeting.back_empty"), Offer(offered=(BROWSE, HUMAN))]
    effects: list[Effect] = [tell("cart.is_here")]
    for cut in result.reduced:
        effects.append(tell("cart.cut", name=cut.variant.name, free=cut.variant.free, wanted=cut.wanted))
    for name, old, new in result.repriced:
        effects.append(tell("cart.repriced", name=name, old=old, new=new))
    before = _goods_before(result)
    if before != cart.breakdown.goods:
        effects.append(tell("cart.total_moved", before=before, total=cart.breakdown.goods))
    effects.append(tell_cart(cart))
    return [
        *effects,
        Ask(
            sentence=sentence("cart.go_on"),
            expects="yes_no",
            offered=(button("continue", "resume", answer="yes"), button("start_over", "clear_cart", answer="no")),
            again=sentence("cart.go_on"),
        ),
    ]


def _goods_before(result: CartRechecked) -> Money:
    """What the goods came to when the cart was last told."""
    goods = result.cart.breakdown.goods
    pieces = {line.name: line.quantity for line in result.cart.lines}
    for name, old, new in result.repriced:
        goods += (old - new) * pieces.get(name, 0)
    for cut in result.reduced:
        goods += cut.variant.price * (cut.wanted - cut.variant.free)
    return goods


def delivery_chosen(state: State, result: DeliveryChosen, act: Act | None) -> Effects:
    """A way to deliver is remembered with the cart, or the ways there are for a place."""
    cart = result.cart
    if result.unavailable:
        return [
            tell(
                "delivery.not_there",
                city=cart.destination or "",
                lines=delivery_lines(result.options, total=not cart.empty),
            ),
            Offer(offered=tuple(delivery_button(option) for option in result.options)),
        ]
    if cart.delivery and act is not None and act.entities.delivery:
        option = cart.delivery
        if cart.empty:
            return [tell("delivery.chosen_empty", name=option.name, price=option.price), Offer(offered=(BROWSE,))]
        return [
            tell("delivery.chosen", name=option.name, bill=bill(cart.breakdown)),
            Offer(offered=(CHECKOUT, SHOW_CART)),
        ]
    return delivery_options(state, DeliveriesListed(options=result.options, city=cart.destination, cart=cart), act)


def delivery_options(state: State, result: DeliveriesListed, act: Act | None) -> Effects:
    """The ways there are; a way that was asked about is set against the one chosen."""
    kind = act.entities.to if act else None
    of_kind = tuple(one for one in result.options if kind and one.to_point is (kind == "point"))
    options = of_kind or result.options
    buttons = Offer(offered=() if state.stack else tuple(delivery_button(option) for option in options))
    asked = next((one for one in options if act and one.code == act.entities.delivery), None)
    if act and act.entities.when:
        told = by_the_day(state, result, (asked,) if asked else options, act.entities.when, act.entities.part)
        if told:
            return told
    chosen = next((one for one in result.options if one.chosen), None)
    if asked and chosen and asked.code != chosen.code:
        lines = delivery_lines((asked, chosen), total=not result.cart.empty)
        key = "delivery.cheaper" if asked.effective < chosen.effective else "delivery.dearer"
        if asked.effective == chosen.effective:
            key = "delivery.same_price"
        return [
            tell(key, name=asked.name, other=chosen.name, price=asked.effective, old=chosen.effective, lines=lines),
            buttons,
        ]
    lines = delivery_lines((asked,) if asked else options, total=not result.cart.empty)
    if asked:
        return [tell("delivery.one", lines=lines), buttons]
    if act and act.entities.elsewhere:
        return [tell("delivery.elsewhere", lines=lines), Offer(offered=(HUMAN,))]
    key = "delivery.options_to" if result.city else "delivery.options"
    return [tell(key, city=result.city or "", lines=lines), buttons]
