"""What the shop answers about goods. Every figure is the shop's of this moment."""

from __future__ import annotations

from bot.acts import Act, Entities, Wish
from bot.dialogs.common import (
    BROWSE,
    CHECKOUT,
    HUMAN,
    LOW,
    NO_THANKS,
    SHOW_CART,
    add_button,
    alert_button,
    list_lines,
    product_card,
    variant_card,
    variant_line,
    variant_lines,
)
from bot.state import Arg, CardSpec, Day, OfferSpec, Sentence, State
from bot.steps import Ask, Effect, Effects, Offer, Remember, Say, button, sentence, tell
from bot.understanding import Shown
from shop.commands import (
    Compared,
    FactAnswered,
    Found,
    NoSuchProduct,
    ProductShown,
    StockBack,
    StockWatched,
    Suggested,
    Suggestion,
)
from shop.views import ProductView, VariantView

MOST = 8  # variants shown at once
KINDS = ("cosy", "practical", "wear")  # what the narrowing question tells apart


def found(state: State, result: Found, act: Act | None) -> Effects:
    """A list one can point at: "the second one"."""
    if result.variants:
        if len(result.variants) == 1:
            return variant_told(result.variants[0])
        return [
            Say(
                sentence=sentence("discovery.found", count=len(result.variants)),
                cards=tuple(variant_card(variant) for variant in result.variants[:6]),
            ),
            Remember(
                shown=tuple(_listed(v) for v in result.variants[:6]),
                product=result.variants[0].product,
            ),
        ]
    if not result.products and act is not None and act.intent == "cheaper":
        return [tell("discovery.none_cheaper"), Offer(offered=(BROWSE, button("promos", "ask_promo"), HUMAN))]
    if not result.products:
        key = "discovery.no_more" if state.focus.offset else "discovery.nothing"
        return [tell(key, query=result.query), Offer(offered=(BROWSE, HUMAN))]
    if len(result.products) == 1 and not state.focus.offset:
        return product_told(result.products[0], None)
    seen = len(result.products) + state.focus.offset
    more = (button("more", "show_more"),) if seen < result.total else ()
    return [
        Say(sentence=sentence("discovery.found", count=len(result.products)), cards=_product_cards(result.products)),
        Remember(shown=tuple(_shown(product) for product in result.products)),
        Offer(offered=(*more, HUMAN)),
    ]


def suggested(state: State, result: Suggested, act: Act | None) -> Effects:
    """Two or three ready ideas within the budget, each with its reason, and one narrowing question."""
    if not result.suggestions:
        key = "discovery.no_suggestion" if result.budget else "discovery.nothing"
        return [tell(key, budget=result.budget or "", query=""), Offer(offered=(BROWSE, HUMAN))]
    args: dict[str, Arg] = {"budget": result.budget or "", "count": len(result.suggestions)}
    key = "discovery.suggested" if result.budget else "discovery.suggested_free"
    return [
        Say(sentence=Sentence(key=key, args=args), cards=tuple(_suggestion_card(one) for one in result.suggestions)),
        Remember(
            shown=tuple(
                Shown(
                    product=one.lines[0][0].product, sku=one.lines[0][0].sku, quantity=one.lines[0][1], price=one.total
                )
                for one in result.suggestions
            )
        ),
        _narrowing(act),
    ]


def _narrowing(act: Act | None) -> Effect:
    """One question that narrows the wish; once it is answered, the way on is to see more."""
    if act is not None and act.entities.occasion in KINDS:
        return Offer(offered=(button("more", "show_more"), BROWSE, HUMAN))
    return Ask(sentence=sentence("discovery.narrow"), offered=tuple(_kind(kind) for kind in KINDS))


def _kind(kind: str) -> OfferSpec:
    act = Act(intent="find_gift", entities=Entities(occasion=kind))
    return OfferSpec(act=act, title=sentence(f"button.gift_{kind}"))


def _suggestion_card(one: Suggestion) -> CardSpec:
    wishes = tuple(
        Wish(product=v.product, candidates=(v.sku,), quantity=n, exact=True, words=v.name) for v, n in one.lines
    )
    add = OfferSpec(act=Act(intent="add_to_cart", entities=Entities(wishes=wishes)), title=sentence("button.add"))
    return CardSpec(title=one.name, subtitle=one.reason, price=one.total, image=one.image, offered=(add,))


def product_shown(state: State, result: ProductShown, act: Act | None) -> Effects:
    unlike = _unlike(result.product, act)
    if result.variant is not None:
        if result.variant.free == 0:
            return [*unlike, *sold_out(result.variant, result.alternatives)]
        own = result.product.model_copy(update={"variants": (result.variant,)})
        return [*unlike, *_with_pictures(_beside(state, variant_told(result.variant, result)), own, act)]
    product = _narrowed(result.product, act)
    if act is not None and act.intent == "add_to_cart":
        return which_variant(product, act)
    return [*unlike, *_with_pictures(product_told(product, result), product, act)]


def _unlike(product: ProductView, act: Act | None) -> Effects:
    """ "Does it come in red?", "size S?": answered before what there is is shown."""
    meant = {sku for wish in act.entities.wishes for sku in wish.candidates} if act is not None else set()
    stock = [variant.free for variant in product.variants if variant.sku in meant]
    if 1 < len(stock) < len(product.variants) and not any(stock):
        return [tell("discovery.not_like_that_now", name=product.name)]
    wanted = act.entities.attributes if act is not None and act.intent == "ask_stock" else {}
    if not wanted or any(variant.attributes.items() >= wanted.items() for variant in product.variants):
        return []
    return [tell("discovery.not_like_that", name=product.name, kinds=len(product.variants))]


def _with_pictures(told: Effects, product: ProductView, act: Act | None) -> Effects:
    """All pictures of what was asked to be shown, before its words; one alone stands beside them already."""
    if act is None or act.intent != "show_photo" or len(product.shown) < 2 or not isinstance(told[0], Say):
        return told
    return [told[0].model_copy(update={"album": product.shown}), *told[1:]]


def _narrowed(product: ProductView, act: Act | None) -> ProductView:
    """Only the variants that were spoken of: "the black tee" is no green one."""
    meant = (
        {sku for wish in act.entities.wishes if wish.product == product.id for sku in wish.candidates} if act else set()
    )
    variants = tuple(variant for variant in product.variants if variant.sku in meant)
    if not any(variant.free > 0 for variant in variants):
        return product
    return product.model_copy(update={"variants": variants})


def variant_told(variant: VariantView, result: ProductShown | None = None) -> Effects:
    """One variant: its price, what is left of it, and the cheapest way to the customer."""
    if variant.free == 0:
        return sold_out(variant, ())
    cheapest = result.cheapest_delivery if result else None
    said = [tell("discovery.variant", name=variant.name, price=variant.price, **_stock(variant))]
    if cheapest:
        said.append(tell("discovery.cheapest_delivery", name=cheapest.name, price=cheapest.effective))
    card = CardSpec(title=variant.name, price=variant.price, image=variant.image, offered=(add_button(variant),))
    said[0] = said[0].model_copy(update={"cards": (card,)})
    return [*said, _seen(variant), Remember(offered=variant.sku)]


def product_told(product: ProductView, result: ProductShown | None) -> Effects:
    """A product with everything it comes in."""
    free = product.in_stock
    if not free:
        return sold_out(product.variants[0], result.alternatives if result else ())
    if len(product.variants) == 1:
        return variant_told(free[0], result)
    gone = [variant for variant in product.variants if variant.free == 0 and variant.restock]
    said = tell("discovery.product", name=product.name, description=product.description)
    effects: list[Effect] = [said.model_copy(update={"cards": tuple(variant_card(variant) for variant in free[:MOST])})]
    effects += [
        tell("discovery.also_back", name=variant.name, day=Day(day=variant.restock))
        for variant in gone
        if variant.restock
    ]
    if result and result.cheapest_delivery:
        cheapest = result.cheapest_delivery
        effects.append(tell("discovery.cheapest_delivery", name=cheapest.name, price=cheapest.effective))
    return [
        *effects,
        Remember(shown=tuple(_listed(v) for v in free), product=product.id, sku=None),
        Ask(
            sentence=sentence("discovery.which"),
            expects="variant",
        ),
    ]


def which_variant(product: ProductView, act: Act) -> Effects:
    """Ask once which one is meant; the answer goes on with what was wished."""
    free = product.in_stock
    if not free:
        return sold_out(product.variants[0], ())
    wish = next((w for w in act.entities.wishes if w.product == product.id), None)
    quantity = wish.quantity if wish else None
    attributes = act.entities.attributes
    fitting = [v for v in free if all(v.attributes.get(k) == value for k, value in attributes.items())] or list(free)

    def choice(variant: VariantView) -> OfferSpec:
        chosen = Wish(product=product.id, candidates=(variant.sku,), quantity=quantity, exact=True)
        return OfferSpec(act=Act(intent="add_to_cart", entities=Entities(wishes=(chosen,))), name=variant.short)

    asked = sentence(
        "cart.which_variant", name=product.name, variants=list_lines([variant_line(v) for v in fitting[:8]])
    )
    return [
        Remember(shown=tuple(_listed(v) for v in fitting), product=product.id, sku=None),
        Ask(
            sentence=asked,
            expects="variant",
            offered=tuple(choice(variant) for variant in fitting[:8]),
            again=sentence("cart.which_variant_again", name=product.name),
        ),
    ]


def sold_out(variant: VariantView, alternatives: tuple[VariantView, ...]) -> Effects:
    """Says so, names the nearest in stock, and offers to tell when it is back."""
    restock: list[Effect] = (
        [tell("discovery.sold_out_until", name=variant.name, day=Day(day=variant.restock))]
        if variant.restock
        else [tell("discovery.sold_out", name=variant.name)]
    )
    if alternatives:
        restock.append(tell("discovery.instead", variants=variant_lines(alternatives)))
    return [
        *restock,
        Remember(
            shown=tuple(_listed(v) for v in alternatives),
            product=variant.product,
            sku=variant.sku,
        ),
        Ask(
            sentence=sentence("discovery.alert_or_other" if alternatives else "discovery.alert"),
            offered=(*(add_button(v, named_=True) for v in alternatives), alert_button(variant), NO_THANKS),
        ),
    ]


def fact_answered(state: State, result: FactAnswered, act: Act | None) -> Effects:
    product = result.product
    free = product.in_stock
    sku = free[0].sku if len(product.variants) == 1 and free else None
    focus = Remember(product=product.id, sku=sku or state.focus.sku)
    add = (add_button(free[0]),) if len(product.variants) == 1 and free else ()
    if result.value is not None:
        return [
            tell("discovery.fact", name=product.name, fact=result.words, value=result.value),
            focus,
            Remember(offered=sku),
            Offer(offered=add),
        ]
    question = Act(
        intent="pass_question", text=act.text if act else result.words, entities=Entities(fact_words=product.name)
    )
    known = [tell("discovery.description", description=product.description)] if product.description else []
    return [
        tell("discovery.fact_unknown", name=product.name, fact=result.words),
        *known,
        focus,
        Ask(
            sentence=sentence("discovery.ask_a_person"),
            expects="choice",
            offered=(OfferSpec(act=question, title=sentence("button.ask_manager"), answer="yes"), *add, NO_THANKS),
        ),
    ]


def compared(state: State, result: Compared, act: Act | None) -> Effects:
    names = [variant.name for variant in result.variants]
    lines = [sentence("discovery.compare_line", name=v.name, price=v.price, **_stock(v)) for v in result.variants]
    facts = [sentence("discovery.compare_fact", fact=fact, values=" / ".join(values)) for fact, values in result.facts]
    effects: list[Effect] = [tell("discovery.compared", lines=list_lines(lines))]
    if facts:
        effects.append(tell("discovery.compare_facts", lines=list_lines(facts)))
    elif len({variant.price for variant in result.variants}) == 1:
        effects.append(tell("discovery.no_difference"))
    cheapest = next((v for v in result.variants if v.sku == result.cheapest), None)
    if cheapest and len({variant.price for variant in result.variants}) > 1:
        effects.append(tell("discovery.cheapest", name=cheapest.name, price=cheapest.price))
    shown = tuple(_listed(v) for v in result.variants)
    return (
        [*effects, Remember(shown=shown), Offer(offered=tuple(add_button(v, named_=True) for v in result.variants))]
        if names
        else []
    )


def stock_watched(state: State, result: StockWatched, act: Act | None) -> Effects:
    key = "discovery.watched_already" if result.already else "discovery.watched"
    agreed = tell(key, name=result.variant.name).model_copy(update={"opt_in": sentence("consent.opt_in")})
    return [agreed, Offer(offered=(BROWSE, SHOW_CART))]


def no_such_product(state: State, result: NoSuchProduct, act: Act | None) -> Effects:
    return [tell("discovery.nothing", query=result.words), Offer(offered=(BROWSE, HUMAN))]


def stock_back(state: State, event: StockBack) -> Effects:
    wish = Wish(candidates=(event.sku,), exact=True, words=event.name)
    add = OfferSpec(act=Act(intent="add_to_cart", entities=Entities(wishes=(wish,))), title=sentence("button.add"))
    return [
        tell("discovery.back_in_stock", name=event.name, price=event.price),
        Remember(sku=event.sku),
        Offer(offered=(add, CHECKOUT)),
    ]


# ---- helpers --------------------------------------------------------------------------------------


def _stock(variant: VariantView) -> dict[str, Arg]:
    return {"stock": "low" if variant.free <= LOW else "there", "count": variant.free}


def _seen(variant: VariantView) -> Remember:
    return Remember(product=variant.product, sku=variant.sku, shown=(_listed(variant),))


def _listed(variant: VariantView) -> Shown:
    return Shown(product=variant.product, sku=variant.sku, price=variant.price, name=variant.name)


def _beside(state: State, told: Effects) -> Effects:
    """What was asked about one after another stands side by side: "take both", "the cheaper one"."""
    shown = state.focus.shown
    if not shown or shown[-1].sku is None or shown[-1].sku != state.focus.sku:
        return told
    return [
        effect.model_copy(update={"shown": (shown[-1], *(effect.shown or ()))})
        if isinstance(effect, Remember) and effect.sku not in (None, shown[-1].sku)
        else effect
        for effect in told
    ]


def _shown(product: ProductView) -> Shown:
    free = product.in_stock or product.variants
    price = min((variant.price for variant in free), key=lambda one: one.amount_minor)
    sku = free[0].sku if len(product.variants) == 1 else None
    return Shown(product=product.id, sku=sku, price=price, name=product.name)


def _product_cards(products: tuple[ProductView, ...]) -> tuple[CardSpec, ...]:
    return tuple(product_card(product) for product in products)
