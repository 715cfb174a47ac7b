"""Discovery: what a customer asks about goods, to find, compare and understand them."""

from __future__ import annotations

from bot.acts import Act, Wish, meant_by_it
from bot.dialogs.common import (
    BROWSE,
    HUMAN,
)
from bot.dialogs.discovery_told import (
    compared,
    fact_answered,
    found,
    no_such_product,
    product_shown,
    stock_back,
    stock_watched,
    suggested,
)
from bot.state import State
from bot.steps import Call, Effects, Offer, Remember, Tools, tell
from bot.understanding import Shown
from shop.commands import (
    AskFact,
    Compare,
    Compared,
    FactAnswered,
    FindProducts,
    Found,
    NoSuchProduct,
    ProductShown,
    ShowProduct,
    StockBack,
    StockWatched,
    Suggest,
    Suggested,
    WatchStock,
)

PAGE = 3  # products shown at once

# ---- what the customer asks -----------------------------------------------------------------------


def browse(state: State, act: Act) -> Effects:
    budget = act.entities.budget
    return [Remember(searched=act, offset=0, budget=budget), Call(command=FindProducts(budget=budget, limit=PAGE))]


def narrow(state: State, act: Act) -> Effects:
    """A limit and nothing else: the last wish again, within it."""
    searched = state.focus.searched
    if searched is None or searched.intent not in ("find_gift", "find_product"):
        return browse(state, act)
    said = searched.entities.model_copy(update={"budget": act.entities.budget or act.entities.amount})
    again = searched.model_copy(update={"entities": said})
    return find_gift(state, again) if searched.intent == "find_gift" else find_product(state, again)


def cheaper(state: State, act: Act) -> Effects:
    """Something below everything that was shown last."""
    shown = tuple(key for entry in state.focus.shown if (key := entry.sku or entry.product))
    return [Remember(searched=None, offset=0), Call(command=FindProducts(below=shown, limit=PAGE))]


def cheapest(state: State, act: Act) -> Effects:
    """All goods, those that cost least first."""
    find = FindProducts(attributes=act.entities.attributes, budget=act.entities.budget, cheapest=True, limit=PAGE)
    return [Remember(searched=act, offset=0), Call(command=find)]


def find_product(state: State, act: Act) -> Effects:
    """Something named: that very thing; a kind of thing: the nearest there are."""
    said = act.entities
    if _of_several(act):
        return show_goods(state, act)
    wish = _wish(state, act)
    if wish and wish.exact and wish.candidates:
        return [Call(command=ShowProduct(sku=wish.candidates[0]))]
    if wish and wish.product and not said.budget:
        attributes = said.attributes
        if attributes:
            return [Call(command=FindProducts(products=(wish.product,), attributes=attributes))]
        return [Call(command=ShowProduct(product=wish.product))]
    products = tuple(dict.fromkeys(w.product for w in said.wishes if w.product))
    query = "" if products else act.text
    find = FindProducts(query=query, products=products, attributes=said.attributes, budget=said.budget, limit=PAGE)
    return [Remember(searched=act, offset=0, budget=said.budget), Call(command=find)]


def find_gift(state: State, act: Act) -> Effects:
    said = act.entities
    budget = said.budget or said.amount or state.focus.budget
    kind = said.recipient_kind or state.focus.recipient_kind
    return [
        Remember(budget=budget, recipient_kind=kind, searched=act, offset=0),
        Call(command=Suggest(budget=budget, recipient_kind=kind, occasion=said.occasion)),
    ]


def show_product(state: State, act: Act) -> Effects:
    if _of_several(act):
        return show_goods(state, act)
    wish = _wish(state, act)
    if wish and wish.exact and wish.candidates:
        return [Call(command=ShowProduct(sku=wish.candidates[0], product=wish.product))]
    if wish and wish.product:
        if act.entities.attributes and act.intent != "ask_stock":
            return [Call(command=FindProducts(products=(wish.product,), attributes=act.entities.attributes))]
        return [Call(command=ShowProduct(product=wish.product))]
    if act.entities.attributes or _has_words(act):
        return [Call(command=FindProducts(query=act.text, attributes=act.entities.attributes))]
    return _which_product(state)


def point_at(state: State, act: Act) -> Effects:
    """Someone speaks under a post or a story: "it" is what that shows, and nothing older."""
    wishes = act.entities.wishes
    only = meant_by_it(wishes)
    shown = tuple(Shown(product=wish.product, sku=next(iter(wish.candidates), None)) for wish in wishes)
    return [Remember(product=only.product, sku=next(iter(only.candidates), None), shown=shown)]


def show_goods(state: State, act: Act) -> Effects:
    """Several goods at once: those that were asked for, or those of a post that was passed on."""
    products = tuple(dict.fromkeys(wish.product for wish in act.entities.wishes if wish.product))
    return [Remember(offset=0), Call(command=FindProducts(products=products, limit=len(products)))]


def unknown_post(state: State, act: Act) -> Effects:
    """A post that the shop does not know: better asked than guessed."""
    return [Remember(product=None, sku=None), tell("discovery.unknown_post"), Offer(offered=(BROWSE, HUMAN))]


def ask_fact(state: State, act: Act) -> Effects:
    wish = _wish(state, act)
    product = (wish.product if wish else None) or state.focus.product
    if product is None:
        return _which_product(state)
    return [Call(command=AskFact(product=product, fact=act.entities.fact, words=act.entities.fact_words or act.text))]


def compare(state: State, act: Act) -> Effects:
    wishes = act.entities.wishes
    if len(wishes) == 1 and wishes[0].product and len(wishes[0].candidates) > 1:  # "how do the mugs differ?"
        return [Call(command=ShowProduct(product=wishes[0].product))]
    skus = [w.candidates[0] for w in wishes if w.candidates]
    if len(skus) < 2:
        skus += [shown.sku for shown in state.focus.shown if shown.sku and shown.sku not in skus]
    if len(skus) < 2:
        return [tell("discovery.compare_what"), Offer(offered=(BROWSE,))]
    return [Call(command=Compare(skus=tuple(skus[:4])))]


def show_more(state: State, act: Act) -> Effects:
    searched = state.focus.searched
    if searched is None:
        return browse(state, act)
    offset = state.focus.offset + PAGE
    if searched.intent == "find_gift":
        shown = tuple(item.sku for item in state.focus.shown if item.sku)
        focus = state.focus
        return [Call(command=Suggest(budget=focus.budget, recipient_kind=focus.recipient_kind, skip=shown))]
    said = searched.entities
    find = FindProducts(
        query="" if searched.intent in ("browse", "cheapest") else searched.text,
        attributes=said.attributes,
        budget=said.budget,
        cheapest=searched.intent == "cheapest",
        offset=offset,
        limit=PAGE,
    )
    return [Remember(offset=offset), Call(command=find)]


def notify_me(state: State, act: Act) -> Effects:
    wish = _wish(state, act)
    sku = wish.candidates[0] if wish and wish.candidates else state.focus.sku
    return [Call(command=WatchStock(sku=sku))] if sku else _which_product(state)


# ---- helpers --------------------------------------------------------------------------------------


def _wish(state: State, act: Act) -> Wish | None:
    """What is spoken of: the thing named, else "it"."""
    if act.entities.wishes:
        return act.entities.wishes[0]
    if act.entities.attributes and state.focus.product:
        return Wish(product=state.focus.product)
    if state.focus.sku and (act.entities.pronoun or not _has_words(act)):
        return Wish(product=state.focus.product, candidates=(state.focus.sku,), exact=True)
    if state.focus.product:
        return Wish(product=state.focus.product)
    return None


def _of_several(act: Act) -> bool:
    """Whether it is about several products: "do you have white mugs and candles?"."""
    return len({wish.product for wish in act.entities.wishes if wish.product}) > 1


def _has_words(act: Act) -> bool:
    return len(act.text.split()) > 3


def _which_product(state: State) -> Effects:
    if state.focus.shown:
        return [tell("discovery.which_product"), Offer(offered=(BROWSE, HUMAN))]
    return [Remember(offset=0), tell("discovery.which_product"), Call(command=FindProducts(limit=PAGE))]


DISCOVERY = Tools(
    "discovery",
    on={
        "browse": browse,
        "narrow": narrow,
        "cheaper": cheaper,
        "cheapest": cheapest,
        "find_product": find_product,
        "find_gift": find_gift,
        "product_details": show_product,
        "point_at": point_at,
        "show_goods": show_goods,
        "unknown_post": unknown_post,
        "ask_stock": show_product,
        "show_photo": show_product,
        "ask_fact": ask_fact,
        "size_help": ask_fact,
        "compare": compare,
        "show_more": show_more,
        "notify_me": notify_me,
    },
    answers={
        Found: found,
        Suggested: suggested,
        ProductShown: product_shown,
        FactAnswered: fact_answered,
        Compared: compared,
        StockWatched: stock_watched,
        NoSuchProduct: no_such_product,
    },
    events={StockBack: stock_back},
)
