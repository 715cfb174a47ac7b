"""What one clause does: sure words first, then what it mentions, then the classifier, corrected by both."""

from __future__ import annotations

from bot.nlu import cues, repair
from bot.nlu.contacts import names_a_house, speaks_of_house
from bot.nlu.draft import ABOUT_GOODS, SIDE_EFFECTS, TOLD_APART, Draft, told
from bot.nlu.mood import angry
from bot.nlu.numbers import ordinals
from bot.nlu.said import Said, entities
from bot.nlu.text import spelled, tokens, words
from bot.nlu.vocabulary import HEDGES, PLAIN_NO
from bot.understanding import Context

_UNSURE = 0.12  # below it nothing is believed
_SURE = 0.6  # from here on it is believed though nothing like it was learned
_GUESSED = 0.1  # from here on what is not believed is asked about, where it is one of two
_HALF = 0.6  # from here on the likeliest intent is taken
_EVEN = 0.5  # of the likeliest intent's confidence: the second one is as likely
_ABOUT_A_PARCEL = {"track_order", "faq_delivery"}
_DETAILS = spelled("person phone email address city point delivery payment")  # what a form asks for
_FEW = 3  # words beside what is mentioned
_DOUBTED = 0.3  # the same for a clause with words that no shop talk knows


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
    if known == "clear_cart" and not context.cart:
        return ("cancel_order" if context.orders else "cancel"), 1.0
    if known is not None and not (known in ("undo", "resume") and said.has("wishes")):
        return known, 1.0
    for rule in (_codes, _carriers, _of_shown, _bare, _shop_questions, _goods):
        found = rule(said, context)
        if found is not None:
            return _sobered(said, *found)
    return _sobered(said, *_believed(said))


def _sobered(said: Said, intent: str, sure: float) -> tuple[str, float]:
    """What speaks of things that no shop talk knows is not done to the cart: "two dogs" are no two mugs."""
    strange = len(said.values.get("strange", ()))
    if (
        not strange
        or said.wishes
        or cues.asks_elsewhere(said)
        or said.has("codes", "order_number", "phone", "email", "address", "person", "near")
    ):
        return intent, sure
    if strange > 1 and strange * 2 > len(said.folded.split()) and intent not in cues.TALK and not said.bare:
        return "unknown", min(sure, _DOUBTED)
    if strange > 1 and sure < 0.6 and intent not in cues.TALK and not said.bare:
        return "unknown", sure
    points = said.has("pronoun", "ordinal", "fact") or bool(cues.TAKES.search(said.folded))
    if intent == "checkout" and sure < 0.9:
        return "unknown", 0.0
    if intent in cues.OF_OTHER_THINGS | SIDE_EFFECTS and strange > 1:
        return ("find_product" if intent == "add_to_cart" else "unknown"), min(sure, 0.3)
    if intent in cues.CHANGES and not points and said.odds(intent) < 0.9:
        return "unknown", 0.0
    if intent == "add_to_cart" and not said.has("pronoun", "ordinal") and not said.attributes:
        return "find_product", min(sure, 0.5)
    if intent == "inform" and said.attributes and not said.has("quantity", "city"):
        return "unknown", 0.0
    return ("unknown", sure) if sure < _DOUBTED else (intent, sure)


def _codes(said: Said, context: Context) -> tuple[str, float] | None:
    if not said.has("codes"):
        return None
    if cues.SWITCHES.search(said.folded) and said.intent in ("switch_promo", "apply_promo", "remove_promo"):
        return "switch_promo", max(said.confidence, 0.7)
    if cues.REMOVES.search(said.folded) and said.intent in ("remove_promo", "apply_promo", "remove_from_cart", "undo"):
        return "remove_promo", max(said.confidence, 0.7)
    if said.intent in ("remove_promo", "explain_total", "claim_promise", "manipulate") and said.confidence > 0.6:
        return said.intent, said.confidence
    return "apply_promo", max(said.confidence, 0.9)


def _carriers(said: Said, context: Context) -> tuple[str, float] | None:
    """ "Нова пошта є?": a carrier that this shop does not have; the answer tells which it has."""
    named = cues.CARRIERS.search(said.folded) is not None and not said.has("delivery", "wishes", "codes")
    if not named or (context.orders and said.intent == "track_order"):
        return None
    return ("faq_delivery", 0.9) if said.clause.question or len(said.left) <= _FEW else None


def _of_shown(said: Said, context: Context) -> tuple[str, float] | None:
    """Goods that were shown, told apart by their price, or meant together: "the cheaper one", "take both"."""
    shown = context.shown
    if len(shown) < 2 or said.wishes or said.has("delivery", "payment", "city", "budget") or len(said.left) > 4:
        return None
    takes = not said.clause.question and (cues.TAKES.search(said.folded) or cues.GIVES.search(said.folded))
    if len(shown) == 2 and cues.BOTH.search(said.folded) and not said.attributes:
        said.values["ordinal"] = ("1", "2")
        said.values.pop("quantity", None)
        return ("compare" if said.clause.question else "add_to_cart"), 0.8
    prices = [one.price.amount_minor for one in shown if one.price is not None]
    cheaper, dearer = cues.THE_CHEAPER.search(said.folded), cues.THE_DEARER.search(said.folded)
    if len(prices) < len(shown) or not (cheaper or dearer or cues.WHICH_IS_CHEAPER.search(said.folded)):
        return None
    wanted = max(prices) if dearer else min(prices)
    if prices.count(wanted) > 1 or not (cheaper or dearer) or said.clause.question:
        return "compare", 0.7
    said.values["ordinal"] = (str(prices.index(wanted) + 1),)
    return ("add_to_cart" if takes or said.joined else "product_details"), 0.8


def _bare(said: Said, context: Context) -> tuple[str, float] | None:
    """A clause that is nothing but its mentions."""
    if said.has("budget") and _nothing_but_a_limit(said):
        return "narrow", 0.9
    if said.quantity is not None and names_a_house(said.folded) and not (said.clause.question or said.wishes):
        return "change_details", 0.9
    told_of_oneself = said.has("inside") or (said.has("person") and said.confidence < _SURE)
    if told_of_oneself and not (said.clause.question or said.wishes) and len(said.left) <= _FEW:
        placed = said.has("inside") and bool(context.orders)
        return ("change_details" if placed else "inform"), 0.9  # "my flat is 12", "send it to Anna Kowalska"
    if not said.bare or _adds_up(said) or (said.has("delivery") and cues.CHEAPER.search(said.folded)):
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
        return ("add_to_cart", 0.9) if counted or said.joined or said.quantity else ("find_product", 0.85)
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
    return None


def _shop_questions(said: Said, context: Context) -> tuple[str, float] | None:
    """Questions that name a way of delivery or payment are about that; so are those of when and how cheap."""
    asks_when = cues.WHEN.search(said.folded) and not cues.TELLS.search(said.folded)
    if asks_when and (said.intent == "notify_me" or (said.intent == "return_item" and said.wishes)):
        return "ask_stock", said.confidence  # a question is no consent to be written to
    if said.clause.question and cues.WRAPS.search(said.folded):
        return "faq_gift_wrap", 0.8
    if said.intent == "haggle" and not said.wishes and cues.CHEAPER_GOODS.search(said.folded):
        return "browse", max(said.odds("browse"), 0.6)
    why = cues.WHY.search(said.folded)
    if (
        said.has("budget")
        and not said.wishes
        and not why
        and said.intent in cues.OF_MONEY
        and cues.ANYTHING.search(said.folded)
    ):
        return "browse", max(said.odds("browse"), 0.7)
    if len(context.shown) > 1 and not said.wishes and len(said.left) <= 2 and cues.CHEAPEST.search(said.folded):
        return "compare", max(said.odds("compare"), 0.6)
    if not why and said.intent in cues.OF_PRICE and cues.CHEAPEST.search(said.folded) and len(said.left) <= 5:
        return ("product_details" if said.wishes else "cheapest"), 0.7
    if not why and context.shown and said.intent in cues.OF_PRICE and _asks_for_cheaper(said):
        return "cheaper", 0.7
    if why and said.has("amount", "budget"):
        return "explain_total", max(said.confidence, 0.9)
    if context.cart and not said.wishes and why and cues.SO_MUCH.search(said.folded):
        return "explain_total", max(said.odds("explain_total"), 0.7)
    if said.intent in (
        "payment_problem",
        "payment_done",
        "refund_status",
        "track_order",
        "faq_privacy",
        "claim_promise",
    ):
        return None
    if (
        context.orders
        and said.intent in cues.OF_PAYING
        and cues.OTHER_WAY.search(said.folded)
        and not said.has("payment")
    ):
        return "revise", 0.8  # the order waits for its money: its other ways to pay are shown
    if said.intent in ("checkout", "faq_payment", "choose_payment") and cues.WHERE_TO_PAY.search(said.folded):
        return "faq_payment", max(said.odds("faq_payment"), 0.8)
    if said.intent in ("faq_delivery", "ask_price", "ask_promo", "haggle") and cues.FREE_DELIVERY.search(said.folded):
        return "ask_promo", 0.8
    if said.has("delivery") and not said.wishes and cues.CHEAPER.search(said.folded):
        return "faq_delivery", max(said.odds("faq_delivery"), 0.8)
    if said.clause.question and not said.wishes:
        if cues.asks_elsewhere(said):
            return "faq_delivery", max(said.odds("faq_delivery"), 0.8)
        if said.has("delivery") or (
            said.has("city") and said.intent in ABOUT_GOODS | {"find_product", "choose_delivery", "inform", "browse"}
        ):
            return "faq_delivery", max(said.odds("faq_delivery"), 0.8)
        if said.has("payment") and said.intent != "faq_delivery":
            return "faq_payment", max(said.odds("faq_payment"), 0.8)
    elif not said.clause.question and not said.wishes and not said.has("phone", "person"):
        if said.has("delivery", "near") and said.intent in (
            "faq_delivery",
            "inform",
            "find_product",
            "out_of_scope",
            "compare",
            "faq_contact",
        ):
            return "choose_delivery", max(said.odds("choose_delivery"), 0.7)
        if said.has("payment") and said.intent == "checkout" and cues.ORDERS.search(said.folded):
            return "checkout", said.confidence
        if (said.has("payment") and said.intent in cues.PAYING) or said.intent == "faq_payment":
            return "choose_payment", max(said.odds("choose_payment"), 0.7)
    return None


def _goods(said: Said, context: Context) -> tuple[str, float] | None:
    """Numbers, colours and goods decide between near intents about the cart."""
    top, sure = _believed(said)
    if top == "return_item" and said.clause.question and not said.wishes and len(said.left) <= 3 and not context.orders:
        return "faq_returns", max(said.odds("faq_returns"), 0.5)
    counted = any(w.quantity is not None for w in said.wishes) and not said.article_only
    asked = top in ("product_details", "ask_price", "compare", "unknown") or (sure < 0.6 and top != "damaged_item")
    anchored = said.has("ordinal", "pronoun") or said.wishes
    of_shop = top in cues.FACTS_OF_GOODS or (top.startswith("faq_") and sure >= _SURE)
    if said.has("fact") and said.clause.question and (asked or (anchored and not of_shop)):
        return "ask_fact", max(said.odds("ask_fact"), 0.5)
    if top == "help" and said.odds("human") > 0.2 and cues.PEOPLE.search(said.folded):
        return "human", 0.7
    if top == "cancel_order" and cues.NOT_CANCELLED.search(said.folded):
        return ("track_order" if cues.WHEN.search(said.folded) else "no_thanks"), 0.8  # "don't cancel my order"
    if said.wishes:
        if top == "remove_from_cart" and said.clause.question and not _in_cart(said, context):
            return "ask_fact", 0.5  # "do the tees shrink?"
        offered = top in ("add_to_cart", "find_product") and not counted and not cues.TAKES.search(said.folded)
        if offered and cues.EXISTS.search(said.folded):
            return "ask_stock", max(said.odds("ask_stock"), 0.5)  # "and is there a black mug"
        if not said.clause.question and not said.has("codes") and (found := _of_lines(said, context)):
            return found
        several = len(said.wishes) > 1 or any((wish.quantity or 1) > 1 for wish in said.wishes)
        asks = said.clause.question or cues.PRICE_OF.match(said.folded)
        if asks and several and top in cues.SUMMED and cues.TOTAL.search(said.folded):
            return "ask_price", max(said.odds("ask_price"), 0.7)
        if top in cues.NAMING and all(wish.exact for wish in said.wishes) and cues.ASKS_FOR.search(said.folded):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "can I have the black mug"
        if top in cues.BUYING and (context.cart or not context.orders) and cues.ASKS_TO_ADD.search(said.folded):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)
        if top in cues.BUYING and not context.orders and not said.clause.question and cues.ADDS.search(said.folded):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)
        if counted and not said.clause.question and top in cues.BUYING and cues.TAKES.search(said.folded):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)
        if said.clause.question and sure < 0.5 and cues.EXISTS.search(said.folded):
            return "ask_stock", 0.5
        if said.clause.question and sure < _DOUBTED and said.has("strange") and not counted:
            return "ask_fact", 0.5  # "can you engrave my name on the mug?": something nobody here knows of
        unmade = top == "remove_from_cart" and not cues.TAKES_OUT.search(said.folded)
        if unmade and counted and not said.clause.question and not _in_cart(said, context):
            return "add_to_cart", 0.6  # "two white mugs, without packing"
        if top == "ask_price" and cues.REMAINS.search(said.folded):
            return "ask_stock", max(said.odds("ask_stock"), 0.6)
        if top in ("cancel", "deny", "manipulate", "remove_promo", "cancel_order") and _in_cart(said, context):
            return "remove_from_cart", max(said.odds("remove_from_cart"), 0.6)
        if not PLAIN_NO.isdisjoint(words(said.text)[:1]) and not counted and _in_cart(said, context):
            return "remove_from_cart", max(said.odds("remove_from_cart"), 0.6)
        if top == "add_to_cart" and said.clause.question and not cues.TAKES.search(said.folded):
            return ("ask_stock" if cues.EXISTS.search(said.folded) else "find_product"), max(
                said.odds("find_product"), 0.5
            )
        if top == "change_quantity" and (said.has("change") or not _in_cart(said, context)):
            return "add_to_cart", max(sure, 0.7)
        if top in ("find_product", "inform", "out_of_scope", "unknown", "browse", "undo") and not said.clause.question:
            if counted or cues.TAKES.search(said.folded):
                return "add_to_cart", max(sure, 0.7)
            wants = cues.WANTS.search(said.folded) and not cues.LOOKS.search(said.folded)
            if wants and len(said.wishes) > 1 and all(wish.exact for wish in said.wishes):
                return "add_to_cart", max(said.odds("add_to_cart"), 0.7)
            return ("find_product", max(sure, 0.5)) if top != "undo" else None
        alone = top == "compare" and len(said.wishes) == 1 and sure < _SURE
        if alone or top in ("unknown", "out_of_scope", "inform", "browse"):
            return ("ask_stock" if cues.EXISTS.search(said.folded) else "find_product"), 0.5
        return None
    takes = not said.clause.question and said.has("pronoun") and not said.attributes and cues.TAKES.search(said.folded)
    if takes and not context.last_line and len(said.left) <= 2 and top in cues.PLACES:
        return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "I'll take em"
    thing = cues.NAMES_A_THING.search(said.folded)
    if top == "add_to_cart" and not said.attributes and not said.has("pronoun", "ordinal", "quantity", "saved"):
        unread = {token.word for token in said.left}
        if (thing and thing["thing"] in unread) or (said.joined and unread and not cues.TAKES.search(said.folded)):
            return "find_product", max(sure, 0.5)  # something that is not sold here, and not "it"
    unsure = sure < 0.6
    if (
        said.has("recipient_kind")
        and unsure
        and (said.has("budget") or (top in cues.NOT_GIFTS and not said.has("person")))
    ):
        return "find_gift", 0.6
    if said.quantity is not None and speaks_of_house(said.folded) and top in ("change_quantity", "change_details"):
        return "change_details", max(said.odds("change_details"), 0.6)
    choosing = context.question is not None and context.question.expects == "delivery"
    names_none = not choosing and not said.has("delivery", "city", "near") and len(said.left) <= 2
    if top == "choose_delivery" and sure < 0.6 and context.shown and names_none:
        return "compare", 0.5
    if _adds_up(said):
        return "out_of_scope", 0.7
    other_numbers = said.has("address", "phone", "amount", "saved")
    if said.quantity is not None and not other_numbers:
        few = said.has("pronoun", "change") or len(said.left) <= 2
        if (
            said.has("change")
            and len(said.left) <= 1
            and not said.clause.question
            and (context.last_line or context.cart)
        ):
            return "change_quantity", max(said.odds("change_quantity"), 0.8)
        if top == "out_of_scope" and sure > 0.6 and said.left:
            return None
        if (
            (top in cues.NUMBERS or (top == "claim_promise" and said.quantity < 10))
            and few
            and len(said.left) <= 3
            and not said.clause.question
        ):
            return "change_quantity", max(said.odds("change_quantity"), 0.7)
    wanted = said.attributes and not said.clause.question and cues.TAKES.search(said.folded)
    if wanted and not context.last_line and len(said.left) <= 2 and top in cues.PLACES:
        return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "I'll take a black one"
    if (
        said.attributes
        and not said.clause.question
        and top in ("inform", "find_product", "add_to_cart", "unknown", "out_of_scope", "exchange_item")
        and context.last_line
    ):
        return ("change_variant" if top != "exchange_item" or not context.orders else top), max(sure, 0.6)
    if (
        said.attributes
        and said.clause.question
        and top in ("find_product", "unknown", "out_of_scope", "show_more", "browse")
    ):
        return "ask_stock", max(sure, 0.6)
    chosen = cues.TAKES.search(said.folded) or cues.PLACE_CHOSEN.search(said.folded)
    if said.ordinals and chosen and not said.clause.question and top in cues.PLACES:
        return "add_to_cart", max(sure, 0.7)
    if said.has("saved") and cues.SAVED_GOES.search(said.folded):
        return "change_details", max(sure, 0.7)
    return None


def _of_lines(said: Said, context: Context) -> tuple[str, float] | None:
    """Goods that lie in the cart already: "drop one candle", "candles to 4", "all candles except one"."""
    if not _in_cart(said, context):
        return None
    if said.quantity is not None and cues.ALL_BUT.search(said.folded):
        return "change_quantity", 0.8
    if cues.TAKES_OUT.search(said.folded):
        return "remove_from_cart", max(said.odds("remove_from_cart"), 0.7)
    inside = {sku for sku, _ in context.cart}
    counted = said.quantity is not None if len(said.wishes) == 1 else False
    counted = counted or all(wish.quantity is not None for wish in said.wishes)
    here = all(inside.intersection(wish.candidates) for wish in said.wishes)
    if counted and here and not said.has("change") and not said.joined and cues.SETS.search(said.folded):
        return "change_quantity", max(said.odds("change_quantity"), 0.7)
    return None


def _believed(said: Said) -> tuple[str, float]:
    """The classifier's word, unless it is not sure of anything."""
    top, sure = said.intent, said.confidence
    if top == "stop_marketing" and not cues.ADS.search(said.folded) and len(tokens(said.text)) < 3:
        return "cancel", sure
    if (sure < _DOUBTED or top == "affirm") and angry(said.folded):
        return "complain", 0.6
    strange = not said.clause.known and sure < _SURE
    if strange or sure < (_DOUBTED if top == "affirm" else _UNSURE):  # "hmm" is no yes
        return "unknown", sure
    return top, sure


def _nothing_but_a_limit(said: Said) -> bool:
    """ "under 30"."""
    other = said.has("payment", "delivery", "codes", "recipient_kind", "occasion", "order_number")
    return not said.wishes and not other and all(token.word in cues.LIMITS for token in said.left)


def _asks_for_cheaper(said: Said) -> bool:
    """ "anything cheaper?": other goods, not another price."""
    short = len(said.left) <= 3 and not said.wishes
    return short and not said.has("pronoun", "budget", "percent", "delivery") and bool(cues.CHEAPER.search(said.folded))


def _adds_up(said: Said) -> bool:
    """ "two plus two": numbers of nothing."""
    return len(said.values.get("quantity", ())) > 1 and not said.wishes and bool(cues.ARITHMETIC.search(said.folded))


def _in_cart(said: Said, context: Context) -> bool:
    inside = {sku for sku, _ in context.cart}
    return any(sku in inside for wish in said.wishes for sku in wish.candidates)


def _house(said: Said) -> str | None:
    """The house number of "not the fifth but the fifteenth house": the last number said."""
    places = ordinals(said.folded, tokens(said.text))
    if places:
        return str(places[-1][0])
    return str(said.quantity) if said.quantity is not None else None
