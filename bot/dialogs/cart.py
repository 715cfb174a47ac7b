"""What a customer asks of the cart: add, set, replace, remove, undo. The shop decides what is possible."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.acts import Act, Entities, Wish
from bot.dialogs.cart_told import (
    changed,
    delivery_chosen,
    delivery_options,
    nothing_to_undo,
    rechecked,
    repeated,
    shown,
)
from bot.dialogs.common import (
    BROWSE,
    CHECKOUT,
    HUMAN,
    SHOW_CART,
)
from bot.dialogs.discovery import find_product
from bot.dialogs.order_edit import edit as edit_order
from bot.dialogs.promo import apply_promo
from bot.state import OfferSpec, State
from bot.steps import (
    Again,
    Ask,
    Call,
    Effect,
    Effects,
    Offer,
    Remember,
    Tools,
    button,
    sentence,
    tell,
)
from bot.understanding import Shown
from shop.commands import (
    MOST_PIECES,
    AddLines,
    CartChanged,
    CartRechecked,
    CartShown,
    ChangeVariant,
    ChooseDelivery,
    ClearCart,
    DeliveriesListed,
    DeliveryChosen,
    FindProducts,
    LineWish,
    ListDeliveries,
    NothingToUndo,
    OrderRepeated,
    RemoveLines,
    RepeatOrder,
    SetQuantity,
    ShowCart,
    ShowProduct,
    UndoCart,
)

NO_AMOUNT = re.compile(r"(?<!\w)[-−]\s?\d|\d{5,}")  # less than nothing, or more than anybody means: asked about
CONTACT = ("person", "phone", "email", "address", "inside", "payment")  # kept until the checkout asks for them

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
    """ "No, two of them": the last line, or the one named, is set to that many; each of several named one by one."""
    if act.entities.placed:
        return edit_order(state, act)
    said = act.entities
    if len(said.wishes) > 1 and all(wish.quantity is not None for wish in said.wishes):
        state.todo[:0] = [_act_with(act, (wish,)) for wish in said.wishes[1:]]
        return change_quantity(state, _act_with(act, said.wishes[:1]))
    wish = said.wishes[0] if said.wishes else None
    sku = wish.candidates[0] if wish and wish.candidates else state.focus.last_line
    quantity = said.quantity if said.quantity is not None else (wish.quantity if wish else None)
    if sku is None:
        if said.wishes:
            return add(state, act)
        return _which(state, quantity) or [tell("cart.change_what"), Offer(offered=(SHOW_CART, BROWSE))]
    if quantity is None:
        return [
            Ask(sentence=sentence("cart.how_many"), expects="quantity", again=sentence("cart.how_many")),
            Remember(last_line=sku),
        ]
    if said.change == "more":
        return [Call(command=AddLines(lines=(LineWish(sku=sku, quantity=min(quantity, MOST_PIECES)),)))]
    if said.change == "less":
        state.refs["less"] = str(quantity)
        return [Remember(last_line=sku), Call(command=ShowCart())]
    if not _in_focus_cart(state, sku):
        return [Call(command=AddLines(lines=(LineWish(sku=sku, quantity=min(quantity, MOST_PIECES)),)))]
    return [Call(command=SetQuantity(sku=sku, quantity=min(quantity, MOST_PIECES)))]


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
    if len(wishes) > 1 and any(wish.quantity for wish in wishes):  # "the pillow and one candle"
        state.todo[:0] = [_act_with(act, (wish,)) for wish in wishes[1:]]
        return remove(state, _act_with(act, wishes[:1]))
    if len(wishes) == 1 and len(wishes[0].candidates) == 1 and wishes[0].quantity:  # "remove one candle" of three
        less = Entities(wishes=wishes, quantity=wishes[0].quantity, change="less")
        return change_quantity(state, act.model_copy(update={"entities": less}))
    if not wishes and act.entities.quantity and state.focus.last_line:  # "remove one"
        return change_quantity(
            state, act.model_copy(update={"entities": Entities(quantity=act.entities.quantity, change="less")})
        )
    skus = tuple(sku for wish in act.entities.wishes for sku in wish.candidates)
    if not skus and state.focus.last_line and not act.entities.attributes:
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


def reorder(state: State, act: Act) -> Effects:
    """ "The same as last time"; with goods named it is those that are wanted."""
    return add(state, act) if act.entities.wishes else [Call(command=RepeatOrder())]


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
    if said.codes:
        return apply_promo(state, act)
    if said.city or said.delivery:
        told = _told(state, said)
        return [*([Remember(told=told)] if told else []), *choose_delivery(state, act)]
    if said.quantity is not None and state.focus.last_line:
        return change_quantity(state, act)
    if said.attributes and state.focus.product:
        return [Call(command=FindProducts(products=(state.focus.product,), attributes=said.attributes))]
    if said.quantity is not None and state.focus.sku:
        return add(state, act)
    if said.saved or said.to:
        return choose_delivery(state, act)
    if said.attributes and act.text:
        return [Call(command=FindProducts(query=act.text, attributes=said.attributes))]
    if said.quantity is not None and (asked := _which(state, said.quantity)):
        return asked
    told = _told(state, said)
    if told is None:
        return [Again()]
    return [Remember(told=told), tell("cart.what_with_that"), Offer(offered=(CHECKOUT, SHOW_CART, BROWSE, HUMAN))]


def _told(state: State, said: Entities) -> Entities | None:
    """What was said of the order so far, with what is said now; None when nothing is."""
    told = {name: value for name in CONTACT if (value := getattr(said, name)) is not None}
    return (state.focus.told or Entities()).model_copy(update=told) if told else None


def _which(state: State, quantity: int | None) -> Effects:
    """ "Give me two", with several things listed: of which?"""
    listed = [entry for entry in state.focus.shown if entry.name and entry.product]
    if len(listed) < 2 or quantity is None:
        return []
    asked = sentence("cart.which_of_these")
    return [Ask(sentence=asked, expects="product", offered=tuple(_as_many(one, quantity) for one in listed))]


def _as_many(entry: Shown, quantity: int) -> OfferSpec:
    candidates = (entry.sku,) if entry.sku else ()
    wish = Wish(product=entry.product, candidates=candidates, quantity=quantity, exact=bool(candidates))
    return OfferSpec(act=Act(intent="add_to_cart", entities=Entities(wishes=(wish,))), name=entry.name)


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
        LineWish(sku=w.candidates[0], quantity=max(1, min(MOST_PIECES, w.quantity if w.quantity is not None else 1)))
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
        "reorder": _once_sure(reorder),
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
        OrderRepeated: repeated,
        CartShown: shown,
        CartRechecked: rechecked,
        DeliveryChosen: delivery_chosen,
        DeliveriesListed: delivery_options,
    },
)
