"""From parsed messages and the talk's context to acts. Pure: the same words in the same context mean the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acts import Act, Entities, Heard, Wish
from bot.nlu import decide, mood, repair
from bot.nlu.about_goods import in_cart
from bot.nlu.answers import answer, other_house, whole_address
from bot.nlu.corrected import conditional, corrected
from bot.nlu.cues import INSTEAD_OF, ONE_OF_THEM, SWAPS
from bot.nlu.deadlines import of_day
from bot.nlu.draft import ASKING, SIDE_EFFECTS, Draft, told
from bot.nlu.fold import fold, swapped
from bot.nlu.placed import of_order
from bot.nlu.references import Catalogue, in_focus, last_line
from bot.nlu.resolve import counted, resolved
from bot.nlu.said import Said, listen
from bot.nlu.shares import of_one_product, shared_out
from bot.nlu.text import fold as plain
from bot.understanding import Context, Parsed

_WHO = {"person", "phone", "email"}
_WHERE = {"address", "inside", "city", "point", "near", "delivery", "payment"}
_SURE = 0.45  # confidence from which a side effect needs no asking first
_ONE_CHOICE = frozenset({"choice", "variant", "product"})
_MOST_LEFT = 3  # words beside colours and numbers: "I'll take one white and one black"
_ELSE = ("delivery", "payment", "address", "phone", "codes", "budget", "amount", "change")
_COUNTING = frozenset({"add_to_cart", "change_quantity", "inform"})


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
        folded.append(resolved(_one_for_each(draft, folded, context), context, catalogue))
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
    lines = [line for line in context.cart if not one_of_them or line[0] == context.last_line]
    for sku, lying in lines:
        own = catalogue.attributes_of.get(sku, {})
        wanted = {**own, key: new}
        known = catalogue.products.get(catalogue.product_of.get(sku) or "")
        fit = [variant.sku for variant in known.variants if variant.attributes == wanted] if known else []
        if one_of_them and not fit:
            asked = catalogue.wish(product=catalogue.product_of.get(sku))
            seen = Entities(wishes=(asked,), attributes={key: new})
            return [Draft("ask_stock", 0.9, seen, said.text, question=True, said=said, fixed=True)]  # none is green
        if own.get(key) == old and len(fit) == 1:
            old_ones = said.first("number") or ""  # "instead of one of the white"
            wanted_ones = 1 if one_of_them else said.quantity or (int(old_ones) if old_ones.isdecimal() else lying)
            pieces = min(wanted_ones, lying)
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
    wishes = counted((wish,), draft.entities.quantity or 1)
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
