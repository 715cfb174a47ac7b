"""What a clause about goods does: those that were shown, those that are named, those that lie in the cart."""

from __future__ import annotations

from itertools import pairwise

from bot.acts import Wish
from bot.nlu import cues
from bot.nlu.believed import CERTAIN, DOUBTED, FEW, SURE, believed
from bot.nlu.contacts import speaks_of_house
from bot.nlu.said import Said
from bot.nlu.text import fold, spelled, words
from bot.nlu.vocabulary import PLAIN_NO, WEAK_YES
from bot.understanding import Context

_STAYS = WEAK_YES | spelled("yes yep да так sí si")


def the_other(said: Said, context: Context) -> tuple[str, float] | None:
    """ "The other one" of two; of more or of one it is something else that is wanted."""
    if said.wishes or said.attributes or not cues.THE_OTHER.match(said.folded):
        return None
    others = [place for place, one in enumerate(context.shown, 1) if one.sku is None or one.sku != context.sku]
    if len(context.shown) != 2 or len(others) != 1:
        return "show_more", 0.7
    said.values["ordinal"] = (str(others[0]),)
    return "product_details", 0.8


def of_shown(said: Said, context: Context) -> tuple[str, float] | None:
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


def alternatives(said: Said, context: Context) -> tuple[str, float] | None:
    """ "a throw or a pillow": both are shown, none is taken."""
    if said.clause.question or said.intent not in ("add_to_cart", "find_product", "unknown", "browse"):
        return None
    goods = sorted((one for one in said.clause.mentions if one.kind == "wishes"), key=lambda one: one.start)
    row = [fold(said.text[a.end - said.clause.start : b.start - said.clause.start]) for a, b in pairwise(goods)]
    named = len({wish.product for wish in said.wishes}) > 1
    return ("find_product", 0.8) if named and any(cues.OR.search(between) for between in row) else None


def a_second(said: Said, context: Context) -> tuple[str, float] | None:
    """ "And a second one in L", "the M too": one more, and no other size of the first."""
    if said.clause.question or said.wishes or not said.attributes or not context.last_line:
        return None
    if not (cues.A_SECOND.search(said.folded) or cues.ON_TOP.search(said.folded)) or len(said.left) > FEW:
        return None
    said.values.pop("ordinal", None)
    said.values.pop("change", None)
    return "add_to_cart", 0.8


def rather(said: Said, context: Context) -> tuple[str, float] | None:
    """ "Actually three candles", with two of them in the cart."""
    if said.clause.question or said.has("codes") or not said.wishes or not cues.RATHER.search(said.folded):
        return None
    return _of_lines(said, context)


def of_goods(said: Said, context: Context) -> tuple[str, float] | None:
    """Numbers, colours and goods decide between near intents about the cart."""
    top, sure = believed(said)
    if top == "return_item" and said.clause.question and not said.wishes and len(said.left) <= 3 and not context.orders:
        return "faq_returns", max(said.odds("faq_returns"), 0.5)
    counted = any(w.quantity is not None for w in said.wishes) and not said.article_only
    asked = top in ("product_details", "ask_price", "compare", "unknown") or (sure < 0.6 and top != "damaged_item")
    anchored = said.has("ordinal", "pronoun") or said.wishes
    of_shop = top in cues.FACTS_OF_GOODS or (top.startswith("faq_") and sure >= SURE)
    variant = cues.EXISTS.search(said.folded) and any(wish.exact for wish in said.wishes)  # "is the tee there, size L?"
    if said.has("fact") and said.clause.question and not variant and (asked or (anchored and not of_shop)):
        return "ask_fact", max(said.odds("ask_fact"), 0.5)
    if top == "refund_status" and sure < CERTAIN and not cues.REFUNDS.search(said.folded):
        return "unknown", 0.0
    if top == "help" and said.odds("human") > 0.2 and cues.PEOPLE.search(said.folded):
        return "human", 0.7
    if top == "cancel_order" and cues.NOT_CANCELLED.search(said.folded):
        return ("track_order" if cues.WHEN.search(said.folded) else "no_thanks"), 0.8  # "don't cancel my order"
    if said.wishes:
        if cues.DISLIKES.search(said.folded) and not counted and not in_cart(said, context):
            return "show_more", 0.7  # "she does not like candles"
        if top == "damaged_item" and sure < SURE and not (context.orders or context.placed):
            return "find_product", 0.5  # "the pillow looks ok"
        sold = not said.clause.question and all(wish.exact for wish in said.wishes)
        if (top in cues.NAMING or sure < SURE) and sold and cues.THEN.search(said.folded):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "the pillow then"
        if cues.LIKES.search(said.folded) and not said.clause.question and not cues.TAKES.search(said.folded):
            return "find_product", max(said.odds("find_product"), 0.7)  # "she likes candles"
        if top == "remove_from_cart" and said.clause.question and not in_cart(said, context):
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
        taken = top == "edit_order" or bool(cues.WILL_ORDER.search(said.folded))
        taken = taken or bool(cues.TAKES.search(said.folded) and (top in cues.BUYING or sure < SURE))
        enough = counted or (cues.TAKES.search(said.folded) and all(wish.exact for wish in said.wishes))
        unplaced = not (context.orders or context.placed or said.clause.question)
        if enough and taken and unplaced and top in cues.BUYING | cues.OF_PARCELS and not said.has("codes"):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "I'll order 2 pillows to have them on Friday"
        if counted and not said.clause.question and top in cues.BUYING and cues.TAKES.search(said.folded):
            return "add_to_cart", max(said.odds("add_to_cart"), 0.7)
        if said.clause.question and sure < 0.5 and cues.EXISTS.search(said.folded):
            return "ask_stock", 0.5
        if said.clause.question and sure < DOUBTED and said.has("strange") and not counted:
            return "ask_fact", 0.5  # "can you engrave my name on the mug?": something nobody here knows of
        unmade = top == "remove_from_cart" and not cues.TAKES_OUT.search(said.folded)
        if unmade and counted and not said.clause.question and not in_cart(said, context):
            return "add_to_cart", 0.6  # "two white mugs, without packing"
        unsure_of_it = sure < CERTAIN or cues.NO_WAIT.match(said.folded)  # "no wait, the mug"
        if unmade and unsure_of_it and not said.clause.question and not in_cart(said, context):
            return "find_product", 0.5  # "the pillow is not bad"
        if top == "ask_price" and cues.REMAINS.search(said.folded):
            return "ask_stock", max(said.odds("ask_stock"), 0.6)
        if top in ("cancel", "deny", "manipulate", "remove_promo", "cancel_order") and in_cart(said, context):
            return "remove_from_cart", max(said.odds("remove_from_cart"), 0.6)
        if not PLAIN_NO.isdisjoint(words(said.text)[:1]) and not counted and in_cart(said, context):
            return "remove_from_cart", max(said.odds("remove_from_cart"), 0.6)
        if top == "add_to_cart" and said.clause.question and not cues.TAKES.search(said.folded):
            return ("ask_stock" if cues.EXISTS.search(said.folded) else "find_product"), max(
                said.odds("find_product"), 0.5
            )
        if top == "change_quantity" and (said.has("change") or not in_cart(said, context)):
            return "add_to_cart", max(sure, 0.7)
        if top in ("find_product", "inform", "out_of_scope", "unknown", "browse", "undo") and not said.clause.question:
            if counted or cues.TAKES.search(said.folded):
                return "add_to_cart", max(sure, 0.7)
            wants = cues.WANTS.search(said.folded) and not cues.LOOKS.search(said.folded)
            if wants and len(said.wishes) > 1 and all(wish.exact for wish in said.wishes):
                return "add_to_cart", max(said.odds("add_to_cart"), 0.7)
            return ("find_product", max(sure, 0.5)) if top != "undo" else None
        alone = top == "compare" and len(said.wishes) == 1 and sure < SURE
        if alone or top in ("unknown", "out_of_scope", "inform", "browse"):
            return ("ask_stock" if cues.EXISTS.search(said.folded) else "find_product"), 0.5
        return None
    takes = not said.clause.question and said.has("pronoun") and not said.attributes and cues.TAKES.search(said.folded)
    if takes and not context.last_line and len(said.left) <= 2 and top in cues.PLACES | {"add_to_cart", "affirm"}:
        return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "I'll take em"
    measured = said.has("number") and not said.attributes and not said.has("pronoun", "ordinal", "quantity")
    if top == "add_to_cart" and measured and not cues.TAKES.search(said.folded):
        return "unknown", 0.0  # "I'm 36 years old"
    buys = cues.WILL_ORDER.search(said.folded) and not said.clause.question and not said.attributes
    spoken_of = context.sku is not None and context.sku not in dict(context.cart)
    meant = top in ("add_to_cart", "haggle", "unknown") or (top == "checkout" and sure < SURE)
    if buys and spoken_of and len(said.left) <= 1 and meant:
        return "add_to_cart", max(said.odds("add_to_cart"), 0.7)  # "la compro"
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
    if adds_up(said):
        return "out_of_scope", 0.7
    other_numbers = said.has("address", "phone", "amount", "saved")
    takes_out = cues.TAKES_OUT.search(said.folded) and not said.has("codes", "budget", "percent")
    if said.quantity is not None and takes_out and not (said.clause.question or other_numbers) and len(said.left) <= 2:
        return "remove_from_cart", max(said.odds("remove_from_cart"), 0.7)  # "take one off"
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
        sets = cues.RATHER.search(said.folded) or cues.GIVES.search(said.folded) or cues.SETS.search(said.folded)
        if sets and context.last_line and few and sure < SURE and not said.clause.question and not said.attributes:
            return "change_quantity", 0.7  # "though let's have two"
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
    if said.ordinals and not said.clause.question and top in cues.PLACES and cues.SHOWS.search(said.folded):
        return "product_details", max(said.odds("product_details"), 0.7)
    if said.ordinals and chosen and not said.clause.question and top in cues.PLACES:
        return "add_to_cart", max(sure, 0.7)
    if context.product and not said.attributes and cues.WHICH.fullmatch(said.folded):
        return "ask_stock", 0.7  # "which ones are there?"
    if said.attributes and sure < DOUBTED and len(said.left) <= 2 and not said.clause.question:
        return "find_product", 0.5  # "show me black"
    if said.has("saved") and cues.SAVED_GOES.search(said.folded):
        return "change_details", max(sure, 0.7)
    return None


def a_verdict(said: Said, context: Context) -> tuple[str, float] | None:
    """ "Mugs yes, candles no" of what is in the cart."""
    if said.clause.question or said.quantity is not None or not in_cart(said, context):
        return None
    spoken, left = words(said.text), {token.word for token in said.left}
    if not PLAIN_NO.isdisjoint(spoken) and left <= PLAIN_NO:
        return "remove_from_cart", 0.8
    if spoken[-1] in _STAYS and left <= _STAYS:
        return "deny", 0.8  # it stays
    return None


def _of_lines(said: Said, context: Context) -> tuple[str, float] | None:
    """Goods that lie in the cart already: "drop one candle", "candles to 4", "all candles except one"."""
    if not in_cart(said, context):
        return None
    if cues.ALL_BUT.search(said.folded):
        if said.quantity is not None:
            return "change_quantity", 0.8
        takes_out = said.intent in ("clear_cart", "remove_from_cart", "cancel") or cues.TAKES_OUT.search(said.folded)
        if takes_out and all_but(said):
            return "remove_from_cart", 0.8  # "clear everything but the candles"
    if cues.TAKES_OUT.search(said.folded):
        return "remove_from_cart", max(said.odds("remove_from_cart"), 0.7)
    if said.intent in ("remove_from_cart", "clear_cart") and cues.KEEPS.search(said.folded):
        return "deny", 0.8  # "leave the candles"
    inside = {sku for sku, _ in context.cart}
    counted = said.quantity is not None if len(said.wishes) == 1 else False
    counted = counted or all(wish.quantity is not None for wish in said.wishes)
    here = all(inside.intersection(wish.candidates) for wish in said.wishes)
    sets = cues.SETS.search(said.folded) or cues.RATHER.search(said.folded)
    if counted and here and not said.has("change") and not said.joined and sets:
        return "change_quantity", max(said.odds("change_quantity"), 0.7)
    return None


def all_but(said: Said) -> bool:
    """ "Everything but the candles"; "all the mugs, but keep the candles" says which are to go."""
    match = cues.ALL_BUT.search(said.folded)
    goods = [one.start - said.clause.start for one in said.clause.mentions if one.kind == "wishes"]
    return match is not None and all(start >= match.end() for start in goods)


def to_go(said: Said) -> tuple[Wish, ...]:
    """What is to be taken out: of "remove the mugs but keep the candles" the mugs."""
    match = cues.KEEPS.search(said.folded)
    goods = sorted((one for one in said.clause.mentions if one.kind == "wishes"), key=lambda one: one.start)
    if match is None or len(goods) != len(said.wishes):
        return said.wishes
    before = [one.end - said.clause.start <= match.start() for one in goods]
    return tuple(wish for wish, goes in zip(said.wishes, before, strict=True) if goes) or said.wishes


def adds_up(said: Said) -> bool:
    """ "two plus two": numbers of nothing."""
    return len(said.values.get("quantity", ())) > 1 and not said.wishes and bool(cues.ARITHMETIC.search(said.folded))


def in_cart(said: Said, context: Context) -> bool:
    inside = {sku for sku, _ in context.cart}
    return any(sku in inside for wish in said.wishes for sku in wish.candidates)
