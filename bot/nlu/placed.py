"""Said of an order that is paid already: "add a candle to my order", "one mug instead of two". Pure."""

from __future__ import annotations

import re

from bot.nlu import cues
from bot.nlu.draft import Draft
from bot.nlu.references import Catalogue
from bot.nlu.said import Said
from bot.understanding import Context

_ORDER = re.compile(
    r"\b(?:to|into|in|from|of|on|change|edit|update|modify)\s+(?:my|the|that|this|our)\s+(?:\w+\s+)?"
    r"(?:order|parcel|package)\b|\b(?:from|in) order\b(?! to)"
    r"|\b(?:к|ко|в|во|из|с|до|у|із|з|зі)\s+(?:\w+\s+){0,2}(?:заказ(?!ат)\w*|посыл\w*|замовлен\w*|посил\w*)"
    r"|\b(?:al?|en|del?)\s+(?:(?:mi|el|ese|este)\s+)?(?:pedido|paquete)\b"
)
_ORDERS_ANEW = re.compile(
    r"\b(?:to|i|we|can|could|may|let me|please) order\b|\b(?:заказать|замовити|pedir|закажу|замовлю)\b"
)
_PAID = re.compile(r"\b(?:paid|already|placed|оплат\w*|оплач\w*|уже|сплат\w*|сплач\w*|вже|pague|pagado|hecho)\b")
_INSTEAD = re.compile(r"\b(?:instead|rather than|вместо|замість|en vez|en lugar)\b")
_CART = {"add": "add_to_cart", "remove": "remove_from_cart", "set": "change_quantity", "variant": "change_variant"}
_CHANGES = frozenset(["change_quantity", "change_variant", "remove_from_cart"])
_SURE = 0.7
EDITING = frozenset(["agree_to_edit", "leave_order"])  # buttons of the questions about a change


def of_order(draft: Draft, context: Context, catalogue: Catalogue) -> Draft:
    """The same draft, or a change of the order where that is what is spoken of."""
    said = draft.said
    if said is None or not context.placed or draft.answer:
        return draft
    doing = _doing(draft, said)
    if not (_named(said, context) or _asked_about(draft, context) or _meant(draft, said, doing, context, catalogue)):
        return draft
    if doing is None:
        if said.intent == "edit_order":
            draft.intent, draft.fixed = "edit_order", True
            draft.tell(placed=True)
        return draft
    draft.intent, draft.confidence, draft.fixed = _CART[doing], max(draft.confidence, _SURE), True
    draft.question = False
    wishes = draft.entities.wishes
    if not wishes and draft.entities.pronoun and context.sku and doing != "variant":
        wishes = (catalogue.wish(sku=context.sku),)
    draft.tell(placed=True, wishes=wishes)
    return draft


def _doing(draft: Draft, said: Said) -> str | None:
    """What is to be done, by the words first: the understanding of a whole sentence about an order is one intent."""
    goods = draft.entities.wishes or draft.entities.attributes
    if draft.intent == "remove_from_cart" or cues.REMOVES.search(said.folded):
        return "remove" if goods or draft.entities.pronoun else None
    counted = draft.entities.quantity is not None or any(wish.quantity is not None for wish in draft.entities.wishes)
    if _INSTEAD.search(said.folded) and counted and not draft.entities.attributes:
        return "set"
    if draft.entities.attributes and (
        said.intent in ("change_variant", "edit_order") or cues.SWITCHES.search(said.folded)
    ):
        return "variant"
    if said.intent == "change_quantity" and counted:
        return "add" if draft.entities.change == "more" else "set"
    return "add" if draft.entities.wishes else None


def _named(said: Said, context: Context) -> bool:
    """The order is spoken of; while a cart is being filled, people call that an order, too."""
    if context.cart and not _PAID.search(said.folded):
        return False
    if said.intent == "edit_order":
        return not _ORDERS_ANEW.search(said.folded)
    return said.intent in (*_CHANGES, "add_to_cart", "undo") and bool(_ORDER.search(said.folded))


def _asked_about(draft: Draft, context: Context) -> bool:
    """A change is being talked about, and this is one more."""
    question = context.question
    offered = {each.act.intent for each in question.offered} if question else set()
    return bool(offered & EDITING) and draft.intent in (*_CHANGES, "add_to_cart", "inform", "find_product")


def _meant(draft: Draft, said: Said, doing: str | None, context: Context, catalogue: Catalogue) -> bool:
    """Nothing lies in the cart, and what is to be changed lies in the order."""
    if context.cart or doing in (None, "add"):
        return False
    inside = {catalogue.product_of.get(sku) for sku, _ in context.placed}
    wishes = draft.entities.wishes
    if wishes:
        sure = said.intent in _CHANGES or bool(_INSTEAD.search(said.folded))
        return sure and all(wish.product in inside for wish in wishes)
    if doing != "variant" or said.intent != "change_variant" or context.product not in (None, *inside):
        return False
    return any(
        catalogue.comes_in(catalogue.wish(product=product), draft.entities.attributes) for product in inside if product
    )
