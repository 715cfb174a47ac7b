"""What one clause does: sure words first, then what it mentions, then the classifier, corrected by both."""

from __future__ import annotations

from bot.nlu import cues, repair
from bot.nlu.about_goods import (
    a_second,
    a_verdict,
    adds_up,
    alternatives,
    in_cart,
    of_goods,
    of_shown,
    rather,
    the_other,
)
from bot.nlu.about_shop import carriers, codes, no_code, of_shop
from bot.nlu.believed import FEW, SURE, believed, sobered
from bot.nlu.contacts import names_a_house, speaks_of_house
from bot.nlu.draft import TOLD_APART, Draft, told
from bot.nlu.numbers import ordinals
from bot.nlu.said import Said, entities
from bot.nlu.text import spelled, tokens, words
from bot.nlu.vocabulary import HEDGES
from bot.understanding import Context

_GUESSED = 0.1  # from here on what is not believed is asked about, where it is one of two
_HALF = 0.6  # from here on the likeliest intent is taken
_EVEN = 0.5  # of the likeliest intent's confidence: the second one is as likely
_ABOUT_A_PARCEL = {"track_order", "faq_delivery"}
_NEXT = spelled("next дальше далі siguiente")
_SHORT = 7  # words of a question that goes on about the same goods
_DETAILS = spelled("person phone email address city point delivery payment")  # what a form asks for


def decide(said: Said, context: Context, currency: str) -> Draft:
    """The clause as a draft, the talk's context not yet asked for references."""
    intent, confidence = _intent(said, context)
    seen = entities(said, currency)
    if intent == "reorder" and not said.wishes:
        intent = _of_the_same(context)
    hedged = any(word in HEDGES for word in (t.word for t in tokens(said.text))) and intent not in ("deny", "unknown")
    draft = Draft(intent, confidence, seen, said.text, said.clause.question, said, hedged=hedged)
    guessed = intent == "unknown" and said.clause.known and confidence >= _GUESSED
    if guessed or (intent, confidence) == (said.intent, said.confidence):
        draft.near = _near(said)
    if set(draft.near) == _ABOUT_A_PARCEL:  # the talk itself tells whether there is one
        draft.intent, draft.near = ("track_order" if context.orders or context.placed else "faq_delivery"), ()
    if intent == "ask_fact":
        draft.tell(fact_words=said.text)
    if intent == "change_details" and seen.address is None and speaks_of_house(said.folded):
        house = _house(said)
        if house is not None:
            draft.tell(address=house, quantity=None, ordinal=None)
    if intent == "faq_delivery" and cues.asks_elsewhere(said):
        draft.tell(elsewhere=True)
    if intent == "change_details" and not told(seen) and not said.clause.question:
        draft.tell(detail=next((name for name, words in cues.DETAILS if words.search(said.folded)), None))
    if intent in ("explain_total", "claim_promise", "haggle", "manipulate") and seen.amount is None and seen.budget:
        draft.tell(amount=seen.budget, budget=None)
    if intent in ("find_gift", "find_product", "browse") and seen.budget is None and seen.amount:
        draft.tell(budget=seen.amount, amount=None)
    if intent not in ("find_gift", "find_product", "browse", "inform"):
        draft.tell(recipient_kind=None, occasion=None)
    if intent not in ("change_language", "inform"):
        draft.tell(locale=None)
    return draft


def _of_the_same(context: Context) -> str:
    """ "The same as last time": said to a form it is about its details, else about the goods."""
    question = context.question
    if question is None:
        return "reorder"
    if any(choice.answer == "yes" and choice.act.intent == "affirm" for choice in question.offered):
        return "affirm"
    return "inform" if question.expects in _DETAILS else "reorder"


def _near(said: Said) -> tuple[str, ...]:
    """The two likeliest intents, where neither is likely and they are about even."""
    if len(said.clause.ranking) < 2:
        return ()
    (first, sure), (second, other) = said.clause.ranking[:2]
    even = sure < _HALF and other >= sure * _EVEN and {first, second} <= TOLD_APART
    return (first, second) if even else ()


def emoji_intent(text: str) -> str | None:
    """What a message of signs alone means."""
    return next((intent for sign, intent in cues.EMOJI.items() if sign in text), None)


def _intent(said: Said, context: Context) -> tuple[str, float]:
    known = repair.exact(said.text)
    unasked = context.question is None or not context.question.id
    if known == "cancel" and _asked_to_cancel(context):
        return "affirm", 1.0  # "shall I cancel it?" - "yes, cancel"
    if unasked and not context.cart and _calls_off(said, context, known):
        return "cancel_order", 0.9
    if known == "show_more" and context.added and _NEXT.intersection(words(said.text)):
        return "checkout", 0.9  # "next", when something was just put into the cart
    if known == "clear_cart" and not context.cart:
        return ("cancel_order" if context.orders else "cancel"), 1.0
    if context.offered and not said.clause.question and cues.THAT_ONE.fullmatch(said.folded):
        return "add_to_cart", 0.7  # "її", of what was just shown
    if known is not None and not (known in ("undo", "resume") and said.has("wishes")):
        return known, 1.0
    if context.cart and unasked and cues.THATS_ALL.fullmatch(said.folded.strip(" .!,)")):
        return "checkout", 0.9
    for rule in (
        codes,
        no_code,
        carriers,
        the_other,
        of_shown,
        alternatives,
        rather,
        a_second,
        a_verdict,
        _bare,
        of_shop,
        of_goods,
    ):
        found = rule(said, context)
        if found is not None:
            return sobered(said, *found)
    intent, sure = sobered(said, *believed(said))
    return ("ask_fact", 0.5) if intent == "unknown" and _asks_of_focus(said, context) else (intent, sure)


def _asks_of_focus(said: Said, context: Context) -> bool:
    """ "Are they noise-cancelling?", "and can I dry it?" of the goods that are spoken of."""
    points = cues.ABOUT_IT.search(said.folded) or cues.FOLLOWS.match(said.folded)
    spoken = context.product is not None or context.sku is not None
    return said.clause.question and points is not None and spoken and len(words(said.text)) <= _SHORT


def _calls_off(said: Said, context: Context, known: str | None) -> bool:
    """ "Cancel it", with nothing but an order to cancel; "I do not want it any more" while that waits for its money."""
    if known == "cancel":
        return bool(context.orders or context.placed) and cues.CANCELS.search(said.folded) is not None
    refused = said.intent in ("deny", "cancel") and cues.NO_LONGER.search(said.folded) is not None
    return refused and bool(context.orders)


def _asked_to_cancel(context: Context) -> bool:
    """Whether a plain yes would cancel an order."""
    offered = context.question.offered if context.question else ()
    return any(choice.answer == "yes" and choice.act.intent == "cancel_for_good" for choice in offered)


def _bare(said: Said, context: Context) -> tuple[str, float] | None:
    """A clause that is nothing but its mentions."""
    if said.has("budget") and _nothing_but_a_limit(said):
        return "narrow", 0.9
    if said.quantity is not None and names_a_house(said.folded) and not (said.clause.question or said.wishes):
        return "change_details", 0.9
    told_of_oneself = said.has("inside") or (said.has("person") and said.confidence < SURE)
    if told_of_oneself and not (said.clause.question or said.wishes) and len(said.left) <= FEW:
        placed = said.has("inside") and bool(context.orders)
        return ("change_details" if placed else "inform"), 0.9  # "my flat is 12", "send it to Anna Kowalska"
    if not said.bare or adds_up(said) or (said.has("delivery") and cues.CHEAPER.search(said.folded)):
        return None
    question = said.clause.question
    if said.wishes and said.has("amount"):
        return "haggle", 0.7
    if said.wishes:
        if question or cues.EXISTS.search(said.folded):
            return ("ask_stock" if cues.EXISTS.search(said.folded) else "find_product"), 0.8
        counted = any(w.quantity is not None for w in said.wishes) and not said.article_only
        if all(w.exact for w in said.wishes) and (len(said.wishes) > 1 or cues.WANTED.search(said.folded)):
            return "add_to_cart", 0.85
        # "how much is the mug?" - "and a candle": nothing was taken yet
        spoken = not context.cart and said.clause.start == 0 and bool(context.product or context.sku)
        only = cues.ONLY.search(said.folded) and any(wish.quantity is not None for wish in said.wishes)
        counted = counted or (bool(only) and not in_cart(said, context))
        each = bool(context.cart) and any(wish.each for wish in said.wishes)
        added = each or counted or (said.joined and not spoken) or said.quantity or cues.IT_AND.search(said.folded)
        return ("add_to_cart", 0.9) if added else ("find_product", 0.85)
    alone = said.has("order_number") and not said.has("address", "phone", "email", "person")
    if alone and not (context.question and context.question.id):
        return "track_order", 0.9
    if said.has("address", "phone", "email", "person", "order_number"):
        return "inform", 0.95
    if said.has("delivery", "near", "point"):
        return ("faq_delivery" if question else "choose_delivery"), 0.95
    if said.has("payment"):
        return ("faq_payment" if question else "choose_payment"), 0.95
    if said.ordinals:
        counted = said.quantity is not None and not (said.quantity == 1 and cues.THE_ONE.search(said.folded))
        if not question and (counted or cues.WANTED.search(said.folded)):
            return "add_to_cart", 0.8
        chooses = cues.PLACE_CHOSEN.search(said.folded) is not None and not question
        return ("add_to_cart" if chooses else "product_details"), 0.8
    if said.attributes and said.joined and not question and context.last_line:
        return "add_to_cart", 0.8  # "and a white one" is one more
    if said.attributes:
        return ("ask_stock" if question else "change_variant"), 0.9
    if said.has("rating"):
        return "give_feedback", 0.9
    if said.quantity is not None:
        if said.has("change"):
            return "change_quantity", 0.9
        one = context.sku or (context.shown[0].sku if len(context.shown) == 1 else None)
        free = context.question is None or any(choice.answer for choice in context.question.offered)
        wants = said.has("pronoun") or (free and cues.GIVES.search(said.folded))
        if wants and one and one not in dict(context.cart):
            return "add_to_cart", 0.8  # "two of those"
        return ("change_quantity" if context.last_line else "inform"), 0.9
    if said.has("city"):
        return ("faq_delivery" if question else "inform"), 0.9
    if said.has("saved"):
        return "change_details", 0.7
    if said.has("pronoun") and not said.clause.question and set(said.values) == {"pronoun"}:
        return "affirm", 0.6  # "yes, that one"
    return None


def _nothing_but_a_limit(said: Said) -> bool:
    """ "under 30"."""
    other = said.has("payment", "delivery", "codes", "recipient_kind", "occasion", "order_number")
    return not said.wishes and not other and all(token.word in cues.LIMITS for token in said.left)


def _house(said: Said) -> str | None:
    """The house number of "not the fifth but the fifteenth house": the last number said."""
    places = ordinals(said.folded, tokens(said.text))
    if places:
        return str(places[-1][0])
    return str(said.quantity) if said.quantity is not None else None
