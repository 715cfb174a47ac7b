"""Which comments are answered: a question about goods, or a wish for them. Pure.

Praise, greetings, hearts and words for a friend are left alone: nobody who writes "lovely" wants a message from a shop.
Trouble with an order goes to a person, who answers as he sees fit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.acts import Act, Entities, Heard, Wish

QUESTIONS = frozenset(
    {
        "ask_price",
        "ask_stock",
        "ask_fact",
        "size_help",
        "product_details",
        "unknown_post",
        "faq_delivery",
        "faq_payment",
    }
)
WISHES = frozenset({"add_to_cart", "notify_me", "show_photo", "find_product", "find_gift", "compare", "ask_promo"})
TROUBLE = frozenset(
    {"complain", "damaged_item", "return_item", "exchange_item", "refund_status", "payment_problem", "track_order",
     "cancel_order", "human", "claim_promise"}
)  # fmt: skip
SURE, SURE_OF_WISH = 0.6, 0.75  # confidence from which a stranger is written to
SURE_OF_TROUBLE = 0.45  # a person looks at it, who sees which trouble it is
FRIEND = re.compile(r"(?<![\w.])@[\w.]+")
# Wishes too short for understanding; a lone plus is one where shops ask for it.
WANTED = re.compile(
    r"\+|хочу.{0,20}|(?:мне|мені)?\s*(?:надо|нужн\w+|треба|потрібн\w+).{0,20}|i (?:want|need) (?:it|this|one)\b.{0,20}"
    r"|(?:want|need) (?:it|this|one)\b.{0,20}|(?:lo|la|los|las) quiero\b.{0,20}|quiero (?:uno|una|este|esta)\b.{0,20}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`left`: for nobody. `late`: too old for the platform. `person`: for the desk."""

    way: Literal["answer", "left", "late", "person"]
    why: str = ""


def judged(words: str, heard: Heard | None, goods: Sequence[tuple[str, str | None]]) -> tuple[Verdict, Heard | None]:
    """What becomes of a comment, and what is answered in it. `goods`: what the post shows, where the shop knows it."""
    acts = heard.acts if heard else ()
    to_friend = FRIEND.search(words) is not None
    asked = [act for act in acts if _is_for_us(act, to_friend)]
    if heard is not None and asked:
        said = (*(act for act in acts if act.intent == "point_at"), *(_in_private(act) for act in asked))
        return Verdict("answer"), heard.model_copy(update={"acts": said})
    if any(act.intent in TROUBLE and act.confidence >= SURE_OF_TROUBLE for act in acts):
        return Verdict("person", "it is about an order or a trouble"), None
    if heard is not None and goods and not to_friend and WANTED.fullmatch(words.strip(" .!…\n")):
        product, sku = goods[0]
        wish = Wish(product=product, candidates=(sku,) if sku else (), exact=bool(sku))
        shown = Act(intent="product_details", text=words, entities=Entities(wishes=(wish,)))
        return Verdict("answer"), heard.model_copy(update={"acts": (*acts[:1], shown)})  # the first points at the goods
    return Verdict("left", "neither a question about goods nor a wish for them"), None


def _is_for_us(act: Act, to_friend: bool) -> bool:
    if act.intent == "product_details" and act.entities.ordinal is not None:
        return False  # "first!" is a game, and under a post there is no list to point into
    if act.intent in QUESTIONS:
        return act.clear and act.confidence >= (SURE_OF_WISH if to_friend else SURE)
    return act.intent in WISHES and act.clear and not to_friend and act.confidence >= SURE_OF_WISH


def _in_private(act: Act) -> Act:
    """Nobody's cart is filled by a comment: who wants the thing is shown it first."""
    return act.model_copy(update={"intent": "product_details"}) if act.intent in ("add_to_cart", "notify_me") else act
