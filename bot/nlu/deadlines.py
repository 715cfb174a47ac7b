"""A day that is named: by when a thing must be there is a question of delivery, whatever its verb. Pure."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.acts import Entities
from bot.nlu import dates
from bot.nlu.cues import WHEN
from bot.nlu.draft import Draft
from bot.nlu.text import spelled
from bot.understanding import Context

_ARRIVES = re.compile(
    r"\b(?:deliver\w*|ship\w*|arriv\w*|come|comes|get(?: it| them)? (?:here|there)|need(?:s|ed)?|have (?:it|them)|make it|in time|"
    r"can (?:i|we) (?:get|have)|be (?:here|there|with me)|receive|"
    r"достав\w*|привез\w*|привоз\w*|успе\w+|прид[её]т\w*|прибуд\w*|приед\w*|получ\w+|нуж\w+|надо|будет|"
    r"привіз\w*|встигн\w+|встига\w+|прийд\w+|приїд\w+|отрима\w+|потріб\w+|треба|буде|"
    r"lleg\w+|entreg\w+|envi\w+|necesit\w+|recib\w+|a tiempo|estara|tenerl[oa]s?)\b"
)
_NEEDS = re.compile(r"\b(?:need(?:s|ed)?|нуж\w+|надо|потріб\w+|треба|necesit\w+)\b")
_ORDERED = re.compile(
    r"\b(?:ordered|bought|paid|заказыва\w+|заказал\w*|купил\w*|оплатил\w*|замовля\w+|замови(?:в|ла|ли)|купи(?:в|ла)|сплати(?:в|ла)|"
    r"pedi|compre|pague|hice (?:el|un|mi) pedido|encargue)\b"
)
_OF_OTHER_DAYS = spelled(  # where a day is no day of delivery, once it is sure that this is meant
    "faq_hours notify_me return_item exchange_item damaged_item refund_status cancel_order payment_problem payment_done "
    "claim_promise complain human ask_promo faq_contact faq_returns edit_order change_details stop_marketing "
    "start_marketing manipulate haggle track_order goodbye deny affirm cancel thank greet out_of_scope"
)
_GOODS = spelled("add_to_cart find_product product_details")
_SURE = 0.6
_BELIEVED = 0.8


def of_day(draft: Draft, context: Context) -> list[Draft]:
    """The same draft with its day in the calendar; and the question by when it comes, where that is asked."""
    said = draft.said
    named = said.last("when") if said else None
    if said is None or not named or context.today is None:
        return [draft]
    when, part = dates.resolve(named, context.today)
    if when >= context.today and WHEN.search(said.folded):  # "when will it come if I pay today?" names no day to come
        if _ARRIVES.search(said.folded) and draft.intent not in ("track_order", "faq_delivery"):
            return [replace(draft, intent="faq_delivery", confidence=max(draft.confidence, _SURE), near=())]
        return [draft]
    draft.tell(when=when, part=part)
    if when < context.today:
        if _ORDERED.search(said.folded) and draft.intent in ("reorder", "unknown", "out_of_scope", "inform"):
            draft.intent, draft.confidence, draft.near = "track_order", _BELIEVED, ()
        return [draft]
    alone = said.bare and not said.has("phone", "address", "person", "email", "codes") and not said.wishes
    if draft.answer:
        return [draft]
    if alone and draft.question:
        return [_asked(draft)]
    if draft.intent == "faq_hours" and _NEEDS.search(said.folded):  # a shop is not needed by a day, goods are
        return [_asked(draft)]
    if draft.intent in _OF_OTHER_DAYS and draft.confidence >= _SURE:
        return [draft]
    if draft.intent in _GOODS and said.wishes and not draft.question:
        return [draft, _asked(draft)]
    if alone:
        return [_asked(draft)]
    if draft.intent == "faq_delivery" or not _ARRIVES.search(said.folded):
        return [draft]
    if context.placed and not said.wishes:
        draft.intent, draft.confidence, draft.near = "track_order", _BELIEVED, ()
        return [draft]
    return [_asked(draft)]


def _asked(draft: Draft) -> Draft:
    seen = draft.entities
    about = Entities(when=seen.when, part=seen.part, city=seen.city, delivery=seen.delivery, to=seen.to)
    return Draft("faq_delivery", max(draft.confidence, _BELIEVED), about, draft.text, question=True, fixed=True)
