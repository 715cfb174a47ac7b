"""The cart: add, set, replace, remove, undo. Typed operations on shared state; the shop decides what is possible."""

from __future__ import annotations

import re
from collections.abc import Callable

from base.money import Money
from bot.acts import Act, Entities, Wish
from bot.dialogs.common import (
    BROWSE,
    CHECKOUT,
    EDIT,
    HUMAN,
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
from bot.dialogs.discovery import find_product, sold_out
from bot.dialogs.order_edit import edit as edit_order
from bot.dialogs.promo import lost_code
from bot.state import Arg, OfferSpec, Sentence, State
from bot.steps import (
    Ask,
    Call,
    Effect,
    Effects,
    Offer,
    Remember,
    Reopen,
    Tools,
    button,
    sentence,
    tell,
)
from bot.understanding import Shown
from shop.commands import (
    AddLines,
    CartChanged,
    CartRechecked,
    CartShown,
    Change,
    ChangeVariant,
    ChooseDelivery,
    ClearCart,
    DeliveriesListed,
    DeliveryChosen,
    FindProducts,
    LineWish,
    ListDeliveries,
    NothingToUndo,
    RemoveLines,
    SetQuantity,
    Shortage,
    ShowCart,
    ShowProduct,
    UndoCart,
)
from shop.views import CartView

CHANGING = frozenset({"add_to_cart", "remove_from_cart", "change_quantity", "change_variant"})
NO_AMOUNT = re.compile(r"(?<!\w)[-−]\s?\d|\d{5,}")  # less than nothing, or more than anybody means: asked about
MOST = 999  # pieces of one line that may be asked for in words

# ---- what the customer asks -----------------------------------------------------------------------


def add(state: State, act: Act) -> Effects:
    """Put into the cart what is clear; ask which one where a variant is missing."""
    if act.entities.placed:
        return edit_order(state, act)
    if not act.clear and act.entities.wishes:  # half a wish is shown, with its button, and not put in
        return find_product(state, act)
    wishes = _wishes(state, act)
    if len(wishes) == 1 and not act.entities.phone and NO_AMOUNT.search(act.text):
        sku = wishes[0].candidates[0] if len(wishes[0].candidates) == 1 else None
        how_many = sentence("cart.how_many")
        return [
            Remember(product=wishes[0].product, sku=sku, last_line=None),  # the answer is about this, not the last line
            Ask(sentence=how_many, expects="quantity", again=how_many),
        ]
    if not wishes:
        if act.text and act.entities.attributes:
            return [Call(command=FindProducts(query=act.text, attributes=act.entities.attributes))]
        return [tell("cart.add_what"), Offer(offered=(BROWSE, HUMAN))]
    clear = [wish for wish in wishes if len(wish.candidates) == 1]
    unclear = [wish for wish in wishes if len(wish.candidates) != 1]
    if unclear and clear:
        state.todo.insert(0, _act_with(act, tuple(unclear)))
    elif unclear:
        wish = unclear[0]
        if len(unclear) > 1:
            state.todo.insert(0, _act_with(act, tuple(unclear[1:])))
        if wish.product:
            return [Call(command=ShowProduct(product=wish.product))]
        return [Call(command=FindProducts(query=wish.words or act.text))]
    return [Call(command=AddLines(lines=_lines(clear)))]


def change_quantity(state: State, act: Act) -> Effects:
    """ "No, two of them": the last line, or the one named, is set to that many."""
    if act.entities.placed:
        return edit_order(state, act)
    said = act.entities
    wish = said.wishes[0] if said.wishes else None
    sku = wish.candidates[0] if wish and wish.candidates else state.focus.last_line
    quantity = said.quantity if said.quantity is not None else (wish.quantity if wish else None)
    if sku is None:
        return add(state, act) if said.wishes else [tell("cart.change_what"), Offer(offered=(SHOW_CART, BROWSE))]
    if quantity is None:
        return [
            Ask(sentence=sentence("cart.how_many"), expects="quantity", again=sentence("cart.how_many")),
            Remember(last_line=sku),
        ]
    if said.change == "more":
        return [Call(command=AddLines(lines=(LineWish(sku=sku, quantity=min(quantity, MOST)),)))]
    if said.change == "less":
        state.refs["less"] = str(quantity)
        return [Remember(last_line=sku), Call(command=ShowCart())]
    if not _in_focus_cart(state, sku):
        return [Call(command=AddLines(lines=(LineWish(sku=sku, quantity=min(quantity, MOST)),)))]
    return [Call(command=SetQuantity(sku=sku, quantity=min(quantity, MOST)))]


def change_variant(state: State, act: Act) -> Effects:
    """ "I meant L": the last line is exchanged for that variant."""
    if act.entities.placed:
        return edit_order(state, act)
    line = state.focus.last_line
    said = act.entities
    target = next((w.candidates[0] for w in said.wishes if len(w.candidates) == 1), None)
    if line and said.quantity is not None and (target or said.attributes):  # "no, two black ones"
        state.todo.insert(0, Act(intent="change_quantity", entities=Entities(quantity=said.quantity)))
    if line and target and target != line:
        return [Call(command=ChangeVariant(sku=line, to=target))]
    if said.wishes and not line:
        return add(state, act)
    if line and said.attributes:
        return [Call(command=ChangeVariant(sku=line, attributes=said.attributes))]
    if said.attributes and state.focus.product:
        return [Call(command=FindProducts(products=(state.focus.product,), attributes=said.attributes))]
    return [tell("cart.change_what"), Offer(offered=(SHOW_CART, BROWSE))]


def remove(state: State, act: Act) -> Effects:
    if act.entities.placed:
        return edit_order(state, act)
    wishes = act.entities.wishes
    if len(wishes) == 1 and len(wishes[0].candidates) == 1 and wishes[0].quantity:  # "remove one candle" of three
        less = Entities(wishes=wishes, quantity=wishes[0].quantity, change="less")
        return change_quantity(state, act.model_copy(update={"entities": less}))
    skus = tuple(sku for wish in act.entities.wishes for sku in wish.candidates)
    if not skus and state.focus.last_line:
        skus = (state.focus.last_line,)
    if not skus:
        return [tell("cart.remove_what"), Call(command=ShowCart())]
    return [Call(command=RemoveLines(skus=skus))]


def clear(state: State, act: Act) -> Effects:
    """Destructive: asked about once, first."""
    if act.entities.percent == 100:  # the yes of our own question
        return [Call(command=ClearCart())]
    sure = OfferSpec(
        act=Act(intent="clear_cart", entities=Entities(percent=100)), title=sentence("button.yes_clear"), answer="yes"
    )
    return [
        Ask(
            sentence=sentence("cart.sure_to_clear"),
            expects="yes_no",
            offered=(sure, button("no_keep", "no_thanks", answer="no")),
        )
    ]


def undo(state: State, act: Act) -> Effects:
    return [Call(command=UndoCart())]


def show_cart(state: State, act: Act) -> Effects:
    return [Call(command=ShowCart())]


def edit_cart(state: State, act: Act) -> Effects:
    state.refs["edit"] = "1"
    return [Call(command=ShowCart())]


def choose_delivery(state: State, act: Act) -> Effects:
    """A way to deliver, or a place to deliver to, named before the checkout."""
    said = act.entities
    if said.delivery is None and said.city is None:
        return [Call(command=ListDeliveries(city=state.focus.city))]
    effects: list[Effect] = [Remember(city=said.city)] if said.city else []
    if place := said.near or said.address:
        effects.append(Remember(near=place))
    return [*effects, Call(command=ChooseDelivery(delivery=said.delivery, city=said.city))]


def inform(state: State, act: Act) -> Effects:
    """Facts said when nothing was asked: goods, a place; else one honest question what to do with them."""
    said = act.entities
    if said.wishes:
        return add(state, act)
    if said.city or said.delivery:
        return choose_delivery(state, act)
    if said.quantity is not None and state.focus.last_line:
        return change_quantity(state, act)
    if said.attributes and state.focus.product:
        return [Call(command=FindProducts(products=(state.focus.product,), attributes=said.attributes))]
    if said.quantity is not None and state.focus.sku:
        return add(state, act)
    return [tell("cart.what_with_that"), Offer(offered=(CHECKOUT, SHOW_CART, BROWSE, HUMAN))]


# ---- what the shop answers ------------------------------------------------------------------------


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
    return [*effects, Offer(offered=_next(result.cart))]


def _focus(result: CartChanged) -> Effects:
    """The line that "it" and "two of them" mean from now on."""
    kept = [change for change in result.changes if change.kind not in ("removed", "cleared")]
    if kept:
        last = kept[-1]
        product = next((line.product for line in result.cart.lines if line.sku == last.sku), None)
        return [Remember(last_line=last.sku, sku=last.sku, product=product)]
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
            offered=(*(spec for spec, _ in options), alert, button("no_thanks", "no_thanks", answer="no")),
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


# ---- helpers --------------------------------------------------------------------------------------


def _wishes(state: State, act: Act) -> list[Wish]:
    """What is to be added: the goods named, else "it"; `each` goes by the wish before it."""
    said = act.entities
    wishes = list(said.wishes)
    if not wishes:
        if state.focus.sku:
            wishes = [Wish(product=state.focus.product, candidates=(state.focus.sku,), quantity=said.quantity)]
        elif state.focus.product:
            wishes = [Wish(product=state.focus.product, quantity=said.quantity)]
    found: list[Wish] = []
    before = 0
    for wish in wishes:
        quantity = before if wish.each and before else wish.quantity
        if quantity is None and len(wishes) == 1:
            quantity = said.quantity
        listed = [one.sku for one in state.focus.shown if one.sku in wish.candidates]
        if len(wish.candidates) > 1 and len(listed) == 1 and listed[0]:
            wish = wish.model_copy(update={"candidates": (listed[0],), "exact": True})  # of those last shown, this one
        found.append(wish.model_copy(update={"quantity": quantity}))
        before = quantity or 1
    return found


def _lines(wishes: list[Wish]) -> tuple[LineWish, ...]:
    return tuple(
        LineWish(sku=w.candidates[0], quantity=max(1, min(MOST, w.quantity if w.quantity is not None else 1)))
        for w in wishes
    )


def _act_with(act: Act, wishes: tuple[Wish, ...]) -> Act:
    return act.model_copy(update={"entities": act.entities.model_copy(update={"wishes": wishes})})


def _in_focus_cart(state: State, sku: str) -> bool:
    return state.focus.last_line is not None or state.watched.get("cart", 0) > 0


def _once_sure(change: Callable[[State, Act], Effects]) -> Callable[[State, Act], Effects]:
    """A change of the cart that is only guessed at is asked about first: "maybe remove the candle"."""

    def handler(state: State, act: Act) -> Effects:
        if act.clear:
            return change(state, act)
        sure = OfferSpec(
            act=act.model_copy(update={"clear": True}), title=sentence("button.yes_human"), answer="yes"
        )  # fmt: skip
        no = button("no_keep", "no_thanks", answer="no")
        return [Ask(sentence=sentence("cart.sure_to_change"), expects="yes_no", offered=(sure, no))]

    return handler


CART = Tools(
    "cart",
    on={
        "add_to_cart": add,
        "change_quantity": _once_sure(change_quantity),
        "change_variant": _once_sure(change_variant),
        "remove_from_cart": _once_sure(remove),
        "clear_cart": clear,
        "undo": undo,
        "show_cart": show_cart,
        "edit_cart": edit_cart,
        "choose_delivery": choose_delivery,
        "inform": inform,
    },
    answers={
        CartChanged: changed,
        NothingToUndo: nothing_to_undo,
        CartShown: shown,
        CartRechecked: rechecked,
        DeliveryChosen: delivery_chosen,
        DeliveriesListed: delivery_options,
    },
)
