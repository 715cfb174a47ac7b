"""Finds what a draft speaks of in the talk's context: ordinals, pronouns and lone colours become wishes."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acts import Entities, Wish
from bot.nlu.about_goods import all_but, to_go
from bot.nlu.cues import A_COLOUR, A_KIND, A_SECOND, ANOTHER, IT_AND, PAIR, SHOWS
from bot.nlu.draft import ABOUT_GOODS, ASKING, Draft
from bot.nlu.numbers import ARTICLES
from bot.nlu.references import Catalogue, by_attributes, by_place, in_focus, last_line, of_listed, that_has
from bot.nlu.text import fold as plain
from bot.nlu.text import words
from bot.nlu.vocabulary import STRONG_YES
from bot.understanding import Context

_BRIEF = 3  # words of "and in red?"
_FOCUSED = ASKING | {"notify_me", "return_item", "exchange_item"}


def resolved(draft: Draft, context: Context, catalogue: Catalogue) -> Draft:
    """The draft with what it speaks of."""
    return _paired(_resolved(draft, context, catalogue), catalogue)


def _resolved(draft: Draft, context: Context, catalogue: Catalogue) -> Draft:
    """Ordinals, pronouns and lone colours become wishes."""
    if draft.intent == "remove_from_cart" and draft.said is not None and all_but(draft.said):
        kept = {sku for wish in draft.entities.wishes for sku in wish.candidates}
        draft.tell(wishes=tuple(catalogue.wish(sku=sku) for sku, _ in context.cart if sku not in kept), quantity=None)
    elif draft.intent == "remove_from_cart":
        whole = draft.said is not None and draft.said.wishes == draft.entities.wishes
        wishes = to_go(draft.said) if draft.said is not None and whole else draft.entities.wishes
        draft.tell(wishes=tuple(_as_lies(wish, context) for wish in wishes))
    if draft.fixed or draft.answer:
        return draft
    if colour := _other_colour(draft, context, catalogue):
        draft.intent = "ask_stock"
        draft.tell(attributes={"color": colour})
    seen = draft.entities
    if seen.wishes:
        wishes = seen.wishes
        if seen.attributes and len(wishes) == 1:
            wishes = (catalogue.narrowed(wishes[0], seen.attributes),)
        if (
            len(wishes) == 1
            and wishes[0].quantity is None
            and seen.quantity
            and draft.intent in ("add_to_cart", "change_quantity")
        ):
            wishes = (wishes[0].model_copy(update={"quantity": seen.quantity}),)
        draft.tell(wishes=tuple(_as_shown(wish, draft, context, catalogue) for wish in wishes))
        if draft.intent == "add_to_cart" and IT_AND.search(plain(draft.text)):  # "it and a candle"
            it = in_focus(context, catalogue)
            if it is not None and it.product not in {wish.product for wish in wishes}:
                draft.tell(wishes=(it, *draft.entities.wishes))
        return draft
    said = draft.said
    if (
        said is not None
        and said.ordinals
        and (draft.intent in ABOUT_GOODS or draft.intent in _FOCUSED or draft.intent == "find_product")
    ):
        wishes = by_place(said.ordinals, context, catalogue) or _from_cart(draft, said.ordinals, context, catalogue)
        if wishes:
            draft.tell(wishes=counted(wishes, seen.quantity if draft.intent == "add_to_cart" else None))
            return draft
    elif seen.ordinal is not None and draft.intent in ABOUT_GOODS:
        draft.tell(wishes=by_place((seen.ordinal,), context, catalogue))
        return draft
    return _by_context(draft, context, catalogue)


def _other_colour(draft: Draft, context: Context, catalogue: Catalogue) -> str | None:
    """The colour that is asked for where the goods do not come in it: "do you have the throw in blue?"."""
    seen = draft.entities
    if (
        draft.intent not in ("ask_stock", "find_product", "add_to_cart")
        or (draft.said is None or not draft.said.clause.question)
        or seen.attributes
        or len(seen.wishes) > 1
    ):
        return None
    meant = in_focus(context, catalogue) if seen.pronoun or len(words(draft.text)) <= _BRIEF else None
    wish = next(iter(seen.wishes), None) or meant
    product = catalogue.products.get((wish and wish.product) or "")
    colour = A_COLOUR.search(plain(draft.text))
    if wish is None or product is None or colour is None:
        return None
    narrowed = len(wish.candidates) < len(product.variants)
    known = len(product.variants) == 1 and "color" in product.variants[0].attributes
    in_its_name = any(colour[0] in plain(name) for names in product.names.values() for name in names)
    return None if narrowed or known or in_its_name else colour[0]


def _asks_for_others(draft: Draft) -> bool:
    """ "And in another colour?", "other sizes?" """
    spoken = plain(draft.text)
    other = A_KIND.search(spoken) and ANOTHER.search(spoken)
    return draft.question and not draft.entities.attributes and not draft.entities.wishes and other is not None


def _by_context(draft: Draft, context: Context, catalogue: Catalogue) -> Draft:
    seen = draft.entities
    line, focus = last_line(context, catalogue), in_focus(context, catalogue)
    match draft.intent:
        case "change_variant" | "ask_stock" | "show_more" if _asks_for_others(draft) and focus is not None:
            draft.intent = "ask_stock"
            several = len(catalogue.wish(product=focus.product).candidates) > 1
            draft.tell(wishes=(catalogue.wish(product=focus.product),))
            draft.tell(attributes={} if several else {"color": "other"})
        case "change_variant":
            base = line or focus
            inside = {catalogue.product_of.get(sku) for sku, _ in context.cart}
            if seen.attributes and (not context.cart or (focus is not None and focus.product not in inside)):
                wish = by_attributes(seen.attributes, context, catalogue)
                if wish is not None:
                    draft.intent = "add_to_cart"
                    draft.tell(wishes=counted((wish,), seen.quantity))
                elif not context.cart and base is None:
                    draft.intent = "inform"
            elif base is not None and seen.attributes and not catalogue.comes_in(base, seen.attributes):
                other = of_listed(seen.attributes, context, catalogue)
                draft.intent = "add_to_cart" if other else "inform"
                draft.tell(wishes=counted((other,), seen.quantity) if other else ())
            elif base is not None:
                draft.tell(wishes=(catalogue.narrowed(base, seen.attributes),))
        case "affirm" if _spoken_of(context) and not (context.question and context.question.id):
            draft.tell(wishes=(catalogue.wish(sku=_spoken_of(context)),))  # "the mug costs 12" - "yes, please"
            if context.offered and not STRONG_YES.isdisjoint(words(draft.text)):
                draft.intent = "add_to_cart"
        case "add_to_cart" if context.added and context.sku == context.added and _adds_nothing(draft):
            draft.intent = "show_cart"
        case "change_quantity":
            if seen.attributes:
                wish = by_attributes(seen.attributes, context, catalogue)
                line = line or wish
            if line is not None:
                draft.tell(wishes=(line.model_copy(update={"quantity": seen.quantity}),))
            elif focus is not None:
                draft.intent = "add_to_cart"
                draft.tell(wishes=counted((focus,), seen.quantity))
        case "add_to_cart" | "find_product" if seen.attributes or draft.intent == "add_to_cart":
            wish = by_attributes(seen.attributes, context, catalogue) if seen.attributes else _listed(focus, context)
            if seen.attributes and line is not None and A_SECOND.search(plain(draft.text)):
                wish = catalogue.narrowed(line, seen.attributes)  # "and a second one in L": of the same colour
            if seen.pronoun == "them" and len(context.shown) == 2:
                draft.tell(wishes=counted(by_place((1, 2), context, catalogue), seen.quantity))
                return draft
            if wish is None and len(context.shown) == 1:
                wish = next(iter(by_place((1,), context, catalogue)), None)
            if wish is not None:
                draft.tell(wishes=counted((wish,), seen.quantity))
        case "remove_from_cart":
            colour = A_COLOUR.search(plain(draft.text))
            if colour and not seen.attributes:
                draft.tell(attributes={"color": colour[0]})  # nothing of the shop's has it
                seen = draft.entities
            if seen.attributes and (wish := _lying(seen, draft.text, context, catalogue)):
                draft.tell(wishes=(wish,), quantity=None)  # "one white off"
            elif not seen.attributes and line is not None and not seen.quantity:
                draft.tell(wishes=(line,))
        case "checkout":
            inside_ = {sku for sku, _ in context.cart}
            if seen.pronoun and focus is not None and not inside_ & set(focus.candidates):
                draft.tell(wishes=(focus,))
        case "ask_price" | "ask_stock" | "ask_fact" | "product_details" | "show_photo" | "size_help" | "notify_me":
            wish = by_attributes(seen.attributes, context, catalogue) if seen.attributes else focus
            if wish is None and draft.intent == "size_help":
                wish = that_has("size", context, catalogue)
            if wish is not None:
                draft.tell(wishes=(wish,))
        case "compare":
            draft.tell(wishes=by_place(range(1, len(context.shown) + 1), context, catalogue)[:4])
    return draft


def _spoken_of(context: Context) -> str | None:
    """What a yes to no question may mean: the goods just told about, else those spoken of while nothing is chosen."""
    return context.offered or (None if context.cart or context.orders or context.placed else context.sku)


def _adds_nothing(draft: Draft) -> bool:
    """ "Yes, add it", right after it was added."""
    seen = draft.entities
    return not (seen.attributes or seen.quantity or seen.ordinal) and seen.change == "set"


def _as_shown(wish: Wish, draft: Draft, context: Context, catalogue: Catalogue) -> Wish:
    """ "the mug" is the mug that was shown, when just one was; "the tee", with green ones shown, is a green one."""
    if wish.exact or len(wish.candidates) < 2:
        return wish
    shown = tuple(entry.sku for entry in context.shown if entry.sku in wish.candidates)
    named = not draft.question and not SHOWS.search(plain(draft.text))
    named = named and catalogue.wish(product=wish.product).candidates == wish.candidates
    if len(shown) == 1 or (named and shown and len(shown) == len(context.shown)):
        return wish.model_copy(update={"candidates": shown, "exact": len(shown) == 1})
    return wish


def _paired(draft: Draft, catalogue: Catalogue) -> Draft:
    """ "A pair of headphones" is one piece of them."""
    if PAIR.search(plain(draft.text)):
        pairs = [wish.quantity == 2 and catalogue.comes_in_pairs(wish.product) for wish in draft.entities.wishes]
        if any(pairs):
            single = zip(draft.entities.wishes, pairs, strict=True)
            draft.tell(wishes=tuple(w.model_copy(update={"quantity": 1}) if pair else w for w, pair in single))
    return draft


def _listed(wish: Wish | None, context: Context) -> Wish | None:
    """ "L" had left three of the tees: "add it" means one of these."""
    shown = tuple(entry.sku for entry in context.shown if entry.sku and wish and entry.sku in wish.candidates)
    if wish is None or not shown or len(shown) == len(wish.candidates):
        return wish
    return wish.model_copy(update={"candidates": shown, "exact": len(shown) == 1})


def _as_lies(wish: Wish, context: Context) -> Wish:
    """ "the mug" that is to go is the one in the cart."""
    inside = tuple(sku for sku, _ in context.cart if sku in wish.candidates)
    return wish.model_copy(update={"candidates": inside, "exact": len(inside) == 1}) if inside else wish


def _lying(seen: Entities, text: str, context: Context, catalogue: Catalogue) -> Wish | None:
    """The one line of the cart that is of this colour or size."""
    inside = [sku for sku, _ in context.cart if seen.attributes.items() <= catalogue.attributes_of.get(sku, {}).items()]
    pieces = seen.quantity or (1 if ARTICLES.intersection(words(text)) else None)
    return catalogue.wish(sku=inside[0], quantity=pieces) if len(inside) == 1 else None


def _from_cart(draft: Draft, places: Sequence[int], context: Context, catalogue: Catalogue) -> tuple[Wish, ...]:
    if draft.intent not in ("remove_from_cart", "change_quantity") or not context.cart:
        return ()
    skus = [context.cart[p - 1 if p > 0 else -1][0] for p in places if p <= len(context.cart)]
    return tuple(catalogue.wish(sku=sku) for sku in skus)


def counted(wishes: tuple[Wish, ...], quantity: int | None) -> tuple[Wish, ...]:
    if quantity is None:
        return wishes
    return tuple(wish.model_copy(update={"quantity": quantity}) for wish in wishes)
