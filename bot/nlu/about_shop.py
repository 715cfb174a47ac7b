"""What a clause about the shop does: codes, carriers, delivery, payment and prices in general."""

from __future__ import annotations

from bot.nlu import cues
from bot.nlu.believed import FEW, SURE
from bot.nlu.draft import ABOUT_GOODS
from bot.nlu.said import Said
from bot.understanding import Context


def codes(said: Said, context: Context) -> tuple[str, float] | None:
    if not said.has("codes"):
        return None
    if cues.SWITCHES.search(said.folded) and said.intent in ("switch_promo", "apply_promo", "remove_promo"):
        return "switch_promo", max(said.confidence, 0.7)
    if cues.REMOVES.search(said.folded) and said.intent in ("remove_promo", "apply_promo", "remove_from_cart", "undo"):
        return "remove_promo", max(said.confidence, 0.7)
    if cues.NOT_WORKING.search(said.folded):
        return "apply_promo", 0.9  # why it does not is told when it is tried
    if said.intent in ("remove_promo", "explain_total", "claim_promise", "manipulate") and said.confidence > 0.6:
        return said.intent, said.confidence
    return "apply_promo", max(said.confidence, 0.9)


def no_code(said: Said, context: Context) -> tuple[str, float] | None:
    """ "Is there any code?" asks for the offers, and gives none."""
    asks = said.clause.question or cues.EXISTS.search(said.folded) or cues.ANY_THERE.search(said.folded)
    return ("ask_promo", 0.8) if said.intent == "apply_promo" and not said.has("codes") and asks else None


def carriers(said: Said, context: Context) -> tuple[str, float] | None:
    """ "Нова пошта є?": a carrier that this shop does not have; the answer tells which it has."""
    named = cues.CARRIERS.search(said.folded) is not None and not said.has("delivery", "wishes", "codes")
    if not named or (context.orders and said.intent == "track_order"):
        return None
    return ("faq_delivery", 0.9) if said.clause.question or len(said.left) <= FEW else None


def of_shop(said: Said, context: Context) -> tuple[str, float] | None:
    """Questions that name a way of delivery or payment are about that; so are those of when and how cheap."""
    asks_when = cues.WHEN.search(said.folded) and not cues.TELLS.search(said.folded)
    if asks_when and (said.intent == "notify_me" or (said.intent == "return_item" and said.wishes)):
        return "ask_stock", said.confidence  # a question is no consent to be written to
    if said.intent == "clear_cart" and _takes_all(said):
        return ("checkout" if context.cart else "add_to_cart"), 0.7
    if said.intent == "clear_cart" and said.clause.question and cues.CART_EMPTY.search(said.folded):
        return "show_cart", 0.6  # "the cart is empty?"
    if said.has("budget") and not said.wishes and cues.SHOWS.search(said.folded) and cues.IT_ALL.search(said.folded):
        return "browse", 0.8  # "show me all up to 20 euros"
    if said.clause.question and cues.WRAPS.search(said.folded):
        return "faq_gift_wrap", 0.8
    of_delivery = said.intent in ("faq_delivery", "faq_payment") and not said.has("payment")
    if of_delivery and asks_when and cues.ARRIVES.search(said.folded):
        return "faq_delivery", max(said.odds("faq_delivery"), 0.7)  # "when will it come if I pay today?"
    if said.intent in ("haggle", "explain_total") and not said.wishes and cues.CHEAPER_GOODS.search(said.folded):
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
    if said.has("country") and not said.wishes and (cues.SENDS.search(said.folded) or _asks_on(said)):
        return "faq_delivery", max(said.odds("faq_delivery"), 0.8)
    if _and_there(said):
        return "faq_delivery", max(said.odds("faq_delivery"), 0.7)
    if said.clause.question and said.intent == "choose_payment" and not said.wishes:
        return "faq_payment", max(said.odds("faq_payment"), 0.7)  # "and with Bizum?"
    if said.intent == "explain_total" and not context.cart and cues.DELIVERING.search(said.folded):
        return "faq_delivery", 0.7  # "why is delivery so dear?"
    elsewhere = said.has("city", "near", "delivery") or cues.DELIVERING.search(said.folded)
    summed = context.cart and not said.wishes and not elsewhere
    if summed and cues.TOTAL.search(said.folded) and cues.SO_FAR.search(said.folded):
        return "show_cart", max(said.odds("show_cart"), 0.8)
    if context.cart and not said.wishes and cues.TOTAL.search(said.folded) and cues.DELIVERING.search(said.folded):
        return "faq_delivery", max(said.odds("faq_delivery"), 0.8)  # "what is the total with delivery?"
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
        if said.has("delivery") and said.intent == "change_details" and said.confidence < SURE and not context.orders:
            return "choose_delivery", max(said.odds("choose_delivery"), 0.7)  # "send it to the Boxberry in Ozo 25"
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


def _takes_all(said: Said) -> bool:
    """ "I'll take it all": nothing is to be cleared away."""
    return cues.TAKES_IT_ALL.search(said.folded) is not None and not cues.TAKES_OUT.search(said.folded)


def _asks_on(said: Said) -> bool:
    """ "And to Poland?" """
    return said.clause.question and len(said.left) <= FEW and cues.FOLLOWS.match(said.folded) is not None


def _and_there(said: Said) -> bool:
    """ "А до Таллина": a place that nobody here knows."""
    return cues.AND_TO.fullmatch(said.text.strip(" ?!.")) is not None and not said.wishes and not said.has("city")


def _asks_for_cheaper(said: Said) -> bool:
    """ "anything cheaper?": other goods, not another price."""
    short = len(said.left) <= 3 and not said.wishes
    return short and not said.has("pronoun", "budget", "percent", "delivery") and bool(cues.CHEAPER.search(said.folded))
