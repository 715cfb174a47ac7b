"""From parsed messages and the talk's context to acts. Pure: the same words in the same context mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acts import Act, Entities, Heard, Wish
from bot.nlu import decide, mood, repair
from bot.nlu.about_goods import all_but, in_cart, to_go
from bot.nlu.answers import answer, other_house, whole_address
from bot.nlu.corrected import conditional, corrected
from bot.nlu.cues import A_COLOUR, A_KIND, A_SECOND, ANOTHER, INSTEAD_OF, IT_AND, ONE_OF_THEM, PAIR, SWAPS
from bot.nlu.deadlines import of_day
from bot.nlu.draft import ABOUT_GOODS, ASKING, SIDE_EFFECTS, Draft, told
from bot.nlu.fold import fold, swapped
from bot.nlu.numbers import ARTICLES
from bot.nlu.placed import of_order
from bot.nlu.references import Catalogue, by_attributes, by_place, in_focus, last_line, of_listed, that_has
from bot.nlu.said import Said, listen
from bot.nlu.shares import of_one_product, shared_out
from bot.nlu.text import fold as plain
from bot.nlu.text import words
from bot.nlu.vocabulary import STRONG_YES
from bot.understanding import Context, Parsed

_WHO = {"person", "phone", "email"}
_WHERE = {"address", "inside", "city", "point", "near", "delivery", "payment"}
_SURE = 0.45  # confidence from which a side effect needs no asking first
_ONE_CHOICE = frozenset({"choice", "variant", "product"})
_BRIEF = 3  # words of "and in red?"
_MOST_LEFT = 3  # words beside colours and numbers: "I'll take one white and one black"
_ELSE = ("delivery", "payment", "address", "phone", "codes", "budget", "amount", "change")
_COUNTING = frozenset({"add_to_cart", "change_quantity", "inform"})
_FOCUSED = ASKING | {"notify_me", "return_item", "exchange_item"}


def interpret(parsed: Sequence[Parsed], context: Context, catalogue: Catalogue, currency: str) -> Heard:
    """All acts of a turn, in the customer's order."""
    drafts: list[Draft] = []
    before = context.before
    asked = context
    for heard in shared_out(parsed, catalogue):
        message, refused = corrected(heard, context)
        drafts += [_taken_out(wish, heard.text) for wish in refused]
        started = len(drafts)
        street = whole_address(message, context) or other_house(message, context)
        if street is not None:
            drafts.append(street)
            continue
        whole = len(message.clauses) == 1
        for clause in message.clauses:
            said = listen(message, clause)
            if said.void:
                continue
            if exchanged := _exchanged(said, asked, catalogue):
                drafts += exchanged
                continue
            found = _shared(said, asked, catalogue) or answer(said, asked, catalogue, currency, whole=whole)
            if found is None and context.cart and repair.exact(said.text) == "deny" and not _is_asked(asked):
                asked = context.model_copy(
                    update={"question": None}
                )  # "no, one" corrects the pieces, and takes no button
            last = None if in_cart(said, context) else last_line(asked, catalogue)
            meant = [found] if found else swapped(decide.decide(said, asked, currency), last)
            drafts += [each for draft in meant for each in of_day(of_order(draft, asked, catalogue), context)]
            chosen = said.wishes or said.attributes or (found is not None and found.fixed)
            if chosen and context.question and context.question.expects in _ONE_CHOICE:
                asked = context.model_copy(update={"question": None})  # a number said later counts pieces
        for draft in drafts[started:] if refused else ():
            if draft.intent == "find_product" and not draft.question and _is_new(draft, context):
                draft.intent = "add_to_cart"  # "not the pillow, the throw"
        if conditional(message.text):
            for draft in drafts[started:]:
                draft.hedged = draft.hedged or draft.intent in SIDE_EFFECTS | {"affirm"}
        if not message.clauses:
            sign = decide.emoji_intent(message.text)
            drafts.append(Draft(sign or "unknown", 1.0 if sign else 0.0, Entities(), message.text, question=False))
    folded: list[Draft] = []
    for draft in fold(drafts, context, catalogue):
        if draft.intent == "checkout" and (taken := _taken_along(draft, folded, context, catalogue)):
            folded.append(taken)
        folded.append(_paired(_resolved(_one_for_each(draft, folded, context), context, catalogue), catalogue))
        context = _after(folded[-1], context)
        facts = {name: value for name, value in told(draft.entities).items() if name not in ("saved", "to")}
        if draft.intent == "add_to_cart" and facts and not draft.entities.placed:
            draft.tell(**dict.fromkeys(facts))  # "two candles to Ozo 14, Vilnius": where to is told beside
            draft.text = _without_digits(draft)
            beside = Entities(**facts)
            folded.append(Draft("inform", draft.confidence, beside, draft.text, question=False, fixed=True))
    if len(folded) > 1:  # what else was said is answered: one more question would lose it
        for each in folded:
            each.near = ()
    text = "\n".join(message.text for message in parsed)
    acts = tuple(draft.act(sure_from=_SURE) for draft in folded)
    return Heard(
        acts=acts or (_nothing(text),), text=text, locale=None if _is_who(folded) else _locale(parsed),
        mood=mood.mood(text, acts, before=before), repeated=mood.said_already(plain(text)),
    )  # fmt: skip


def _without_digits(draft: Draft) -> str:
    """The words of goods without the address and the phone that stood among them: their digits count nothing."""
    if draft.said is None:
        return draft.text
    text, clause = draft.said.text, draft.said.clause
    for one in sorted(clause.mentions, key=lambda one: -one.start):
        if one.kind in ("address", "phone", "email"):
            text = text[: one.start - clause.start] + text[one.end - clause.start :]
    return " ".join(text.split())


def _one_for_each(draft: Draft, before: Sequence[Draft], context: Context) -> Draft:
    """ "Two tees… three? nah two. And a box for each": as many as were counted last, else as lie in the cart."""
    wishes = draft.entities.wishes
    if draft.intent != "add_to_cart" or not wishes or not wishes[0].each:
        return draft
    said = next((each.entities for each in reversed(before) if each.intent in _COUNTING), None)
    pieces = None if said is None else said.wishes[-1].quantity if said.wishes else said.quantity
    if not pieces:
        pieces = sum(number for sku, number in context.cart if sku not in wishes[0].candidates)
    if pieces:
        draft.tell(wishes=(wishes[0].model_copy(update={"quantity": pieces, "each": False}), *wishes[1:]))
    return draft


def _is_new(draft: Draft, context: Context) -> bool:
    """Goods that are certain, and do not lie in the cart."""
    inside = {sku for sku, _ in context.cart}
    return all(wish.exact and not inside.intersection(wish.candidates) for wish in draft.entities.wishes)


def _taken_out(wish: Wish, text: str) -> Draft:
    return Draft("remove_from_cart", 0.8, Entities(wishes=(wish,)), text, question=False, fixed=True)


def _shared(said: Said, context: Context, catalogue: Catalogue) -> Draft | None:
    """ "One white and one black" of what is spoken of; where as many lie in the cart, those are meant."""
    if said.clause.question or said.wishes or len(said.left) > _MOST_LEFT or said.has(*_ELSE):
        return None
    wishes = of_one_product(said.clause, context, catalogue)
    if not wishes:
        return None
    inside = [n for sku, n in context.cart if catalogue.product_of.get(sku) == wishes[0].product]
    same = bool(inside) and sum(inside) == sum(wish.quantity or 1 for wish in wishes)
    intent = "change_quantity" if same else "add_to_cart"
    return Draft(intent, 0.9, Entities(wishes=wishes), said.text, question=False, said=said, fixed=True)


def _exchanged(said: Said, context: Context, catalogue: Catalogue) -> list[Draft]:
    """ "Change the white one for a black one", "a black one instead of one of the white", "one of them in black": of
    what is in the cart.
    """
    instead = INSTEAD_OF.search(said.folded) is not None
    one_of_them = ONE_OF_THEM.search(said.folded) is not None
    if said.clause.question or said.wishes or not (instead or one_of_them or SWAPS.search(said.folded)):
        return []
    row = sorted((one for one in said.clause.mentions if one.kind == "attributes"), key=lambda one: one.start)
    pairs = [one.value.partition(".")[::2] for one in row]
    if len(pairs) == 1 and one_of_them:
        key, new = pairs[0]
        old = catalogue.attributes_of.get(context.last_line or "", {}).get(key)
    elif len(pairs) == 2 and pairs[0][0] == pairs[1][0] and pairs[0][1] != pairs[1][1]:
        key, first, second = pairs[0][0], pairs[0][1], pairs[1][1]
        old, new = (second, first) if instead else (first, second)
    else:
        return []
    for sku, lying in context.cart:
        own = catalogue.attributes_of.get(sku, {})
        wanted = {**own, key: new}
        known = catalogue.products.get(catalogue.product_of.get(sku) or "")
        fit = [variant.sku for variant in known.variants if variant.attributes == wanted] if known else []
        if own.get(key) == old and len(fit) == 1:
            old_ones = said.first("number") or ""  # "instead of one of the white"
            counted = 1 if one_of_them else said.quantity or (int(old_ones) if old_ones.isdecimal() else lying)
            pieces = min(counted, lying)
            out = catalogue.wish(sku=sku, quantity=pieces if pieces < lying else None)
            steps = (("remove_from_cart", out), ("add_to_cart", catalogue.wish(sku=fit[0], quantity=pieces)))
            return [
                Draft(intent, 0.9, Entities(wishes=(wish,)), said.text, question=False, said=said, fixed=True)
                for intent, wish in steps
            ]
    return []


def _is_asked(context: Context) -> bool:
    """Whether something is asked; else there are only the buttons below the last message."""
    return context.question is None or bool(context.question.id)


def _taken_along(draft: Draft, before: Sequence[Draft], context: Context, catalogue: Catalogue) -> Draft | None:
    """An order with an empty cart means the one thing that is spoken of."""
    wish = in_focus(context, catalogue)
    said_so = any(each.intent == "add_to_cart" for each in before)
    if wish is None or not wish.exact or context.cart or context.orders or said_so:
        return None
    wishes = _counted((wish,), draft.entities.quantity or 1)
    return Draft("add_to_cart", draft.confidence, Entities(wishes=wishes), draft.text, question=False, fixed=True)


def _after(draft: Draft, context: Context) -> Context:
    """The talk as it is for the next act of the turn: what was just asked about is "it"."""
    wishes = draft.entities.wishes
    if draft.intent not in ASKING | {"find_product"} or len(wishes) != 1 or wishes[0].product is None:
        return context
    sku = wishes[0].candidates[0] if wishes[0].exact and wishes[0].candidates else None
    return context.model_copy(update={"product": wishes[0].product, "sku": sku})


def _nothing(text: str) -> Act:
    return Act(intent="unknown", text=text, confidence=0.0, clear=False)


def _is_who(drafts: Sequence[Draft]) -> bool:
    """Whether all that was said is who somebody is, how to call him and where he lives, which is in no language."""
    if len(drafts) != 1 or not drafts[0].answer:
        return False
    kinds = set(told(drafts[0].entities))
    return "person" in kinds and kinds <= _WHO | _WHERE


def _locale(parsed: Sequence[Parsed]) -> str | None:
    """The language of the last message that is long enough to tell."""
    return next((message.locale for message in reversed(parsed) if message.locale), None)


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
        draft.tell(wishes=tuple(_as_shown(wish, context, catalogue) for wish in wishes))
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
            draft.tell(wishes=_counted(wishes, seen.quantity if draft.intent == "add_to_cart" else None))
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
            draft.tell(attributes={} if several else {"color": draft.text})
        case "change_variant":
            base = line or focus
            inside = {catalogue.product_of.get(sku) for sku, _ in context.cart}
            if seen.attributes and (not context.cart or (focus is not None and focus.product not in inside)):
                wish = by_attributes(seen.attributes, context, catalogue)
                if wish is not None:
                    draft.intent = "add_to_cart"
                    draft.tell(wishes=_counted((wish,), seen.quantity))
                elif not context.cart and base is None:
                    draft.intent = "inform"
            elif base is not None and seen.attributes and not catalogue.comes_in(base, seen.attributes):
                other = of_listed(seen.attributes, context, catalogue)
                draft.intent = "add_to_cart" if other else "inform"
                draft.tell(wishes=_counted((other,), seen.quantity) if other else ())
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
                draft.tell(wishes=_counted((focus,), seen.quantity))
        case "add_to_cart" | "find_product" if seen.attributes or draft.intent == "add_to_cart":
            wish = by_attributes(seen.attributes, context, catalogue) if seen.attributes else _listed(focus, context)
            if seen.attributes and line is not None and A_SECOND.search(plain(draft.text)):
                wish = catalogue.narrowed(line, seen.attributes)  # "and a second one in L": of the same colour
            if seen.pronoun == "them" and len(context.shown) == 2:
                draft.tell(wishes=_counted(by_place((1, 2), context, catalogue), seen.quantity))
                return draft
            if wish is None and len(context.shown) == 1:
                wish = next(iter(by_place((1,), context, catalogue)), None)
            if wish is not None:
                draft.tell(wishes=_counted((wish,), seen.quantity))
        case "remove_from_cart":
            if seen.attributes and (wish := _lying(seen, draft.text, context, catalogue)):
                draft.tell(wishes=(wish,), quantity=None)  # "one white off"
            elif line is not None and not seen.quantity:
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


def _as_shown(wish: Wish, context: Context, catalogue: Catalogue) -> Wish:
    """ "the mug" is the mug that was shown, when just one was; "the tee", with green ones shown, is a green one."""
    if wish.exact or len(wish.candidates) < 2:
        return wish
    shown = tuple(entry.sku for entry in context.shown if entry.sku in wish.candidates)
    whole = catalogue.wish(product=wish.product).candidates == wish.candidates
    if len(shown) == 1 or (whole and shown and len(shown) == len(context.shown)):
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


def _counted(wishes: tuple[Wish, ...], quantity: int | None) -> tuple[Wish, ...]:
    if quantity is None:
        return wishes
    return tuple(wish.model_copy(update={"quantity": quantity}) for wish in wishes)
