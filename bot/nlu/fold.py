"""Makes acts of clauses: a wish and its correction are one act; a name, a phone and a way to pay are one answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.acts import Entities, Wish
from bot.nlu import cues
from bot.nlu.answers import capitalised
from bot.nlu.draft import ASKING, FACTS, KEPT_ALONE, UNDECIDED, Draft, told
from bot.nlu.merging import counts_choice, merged
from bot.nlu.references import Catalogue
from bot.nlu.text import fold as fold_text
from bot.nlu.text import words
from bot.nlu.vocabulary import GREETINGS, PLAIN_NO, WEAK_YES
from bot.understanding import Context

_INSTEAD = re.compile(r"\b(?:instead|rather|вместо(?: нее| него| этого)?|лучше|замість|краще|en vez|en lugar|mejor)\b")
_AS_WELL = re.compile(
    r"\b(?:also|too|add|more|ещ[её]|тоже|также|добав\w*|ще|теж|також|дода\w*|tambien|mas|anad\w*|agreg\w*)\b"
)
_OTHER_MIND = re.compile(
    r"(?:i |i've |i have )?chang(?:ed|e) my mind|(?:я )?передумал[аи]?|(?:я )?передума(?:в|ла)|"
    r"(?:he )?cambi(?:e|ado) de (?:idea|opinion)"
)
_SWAPPED = frozenset(
    ["change_variant", "add_to_cart", "remove_from_cart", "exchange_item", "switch_promo", "find_product", "compare",
     "edit_order", "damaged_item"]
)  # fmt: skip
_HOLD = frozenset(["stop", "стоп", "стой", "стойте", "para"])
_WHO = 3  # words of "for my wife"


def fold(drafts: Sequence[Draft], context: Context, catalogue: Catalogue) -> list[Draft]:
    """The drafts of one turn, in order, corrected by each other and merged."""
    row = _asked_first(_named(list(drafts), context))
    row = _without_leads(_without_witnesses(row), context)
    acts: list[Draft] = []
    for draft in row:
        before = acts[-1] if acts else None
        if before is not None and counts_choice(before, draft):
            continue
        if before is None or _on_top(draft) or draft.fixed or before.fixed or not merged(before, draft, catalogue):
            acts.append(draft)
    return _asked_about(_without_noise(acts), context)


def _asked_about(acts: list[Draft], context: Context) -> list[Draft]:
    """ "delivery to Vilnius, the black mug, payment by PayPal" with nothing to pay for: the last is a question, too."""
    if not (context.cart or context.orders or context.question) and any(
        draft.intent in ASKING or draft.intent.startswith("faq_") for draft in acts
    ):
        for draft in acts:
            if draft.intent == "choose_payment" and not draft.answer:
                draft.intent = "faq_payment"
    return acts


def swapped(draft: Draft, last: Wish | None = None) -> list[Draft]:
    """ "swap the candle for a pillow" takes one thing out and puts another in; so does "a mug instead".

    `last`: what was put into the cart last.
    """
    wishes, spoken = draft.entities.wishes, fold_text(draft.text)
    if len(wishes) == 1 and last is not None and _INSTEAD.search(spoken) and not _AS_WELL.search(spoken):
        wishes = (last, *wishes)
    elif not cues.SWAPS.search(spoken):
        return [draft]
    if draft.question or len(wishes) < 2 or draft.intent not in _SWAPPED or wishes[0].product == wishes[1].product:
        return [draft]
    sure = max(draft.confidence, 0.7)
    return [
        replace(
            draft,
            intent=intent,
            entities=draft.entities.model_copy(update={"wishes": part}),
            confidence=sure,
            fixed=True,
        )
        for intent, part in (("remove_from_cart", wishes[:1]), ("add_to_cart", wishes[1:]))
    ]


def _asked_first(row: list[Draft]) -> list[Draft]:
    """ "The second one looks nice, how long does it burn?": what is asked about is not taken yet."""
    for place, draft in enumerate(row):
        asked = any(later.question or later.intent in ASKING for later in row[place + 1 :])
        if asked and draft.intent == "add_to_cart" and cues.LOOKS_NICE.search(fold_text(draft.text)):
            draft.intent = "product_details"
    return row


def _named(row: list[Draft], context: Context) -> list[Draft]:
    """A piece that looks like a name is one when contact facts stand beside it."""
    contact = any(told(d.entities).keys() & {"phone", "email", "address", "person"} for d in row)
    for draft in row:
        said = draft.said
        if contact and said and not draft.answer and not told(draft.entities) and not draft.question:
            name = said.name if said.bare else capitalised(said)
            if name is not None:
                draft.intent, draft.confidence = "inform", 0.9
                draft.entities = Entities(person=name)
    return row


def _without_witnesses(row: list[Draft]) -> list[Draft]:
    """ "My friend Olga, a manager, promised …": she is spoken of, not called, and tells nothing of herself."""
    if not any(draft.intent == "claim_promise" for draft in row):
        return row
    spoken_of = ("human", "inform")
    return [
        draft
        for draft in row
        if draft.intent not in spoken_of or told(draft.entities) or draft.answer or len(words(draft.text)) > 4
    ]


def _on_top(draft: Draft) -> bool:
    """ "The L, and the M too": nothing before it is corrected."""
    said = draft.said
    return said is not None and bool(said.attributes) and cues.ON_TOP.search(said.folded) is not None


def _names_goods(draft: Draft) -> bool:
    return bool(draft.entities.wishes or draft.entities.attributes)


def _points(draft: Draft) -> bool:
    seen = draft.entities
    return bool(seen.wishes or seen.pronoun or seen.ordinal)


def _is_it(draft: Draft) -> bool:
    """Whether it names nothing but "it"."""
    said = draft.said
    return draft.entities.pronoun == "it" and said is not None and not (said.wishes or said.attributes)


def _of_delivery(row: Sequence[Draft]) -> bool:
    return bool(row) and row[-1].intent == "faq_delivery"


def _without_leads(row: list[Draft], context: Context) -> list[Draft]:
    """ "ok, …", "no, two of them": the little word is no act when what follows says it all."""
    kept: list[Draft] = []
    named = any(draft.answer and draft.entities.person for draft in row)
    awaits_yes = context.question is not None and context.question.expects == "yes_no"
    for i, draft in enumerate(row):
        after = next((d for d in row[i + 1 :] if d.intent != "unknown"), None)
        spoken = words(draft.text)
        if after is not None and draft.intent == "cancel" and len(spoken) == 1 and spoken[0] in _HOLD:
            continue  # "stop, one more candle"
        if draft.intent == "ask_price" and not told(draft.entities) and _of_delivery(row[:i]) and not _points(draft):
            continue  # "do you ship to Riga? how much?"
        if draft.intent == "find_gift" and len(spoken) <= _WHO and any(map(_names_goods, row)):
            continue  # "is there an M? for my wife"
        if after is not None and draft.intent == "remove_from_cart" and after.intent == "apply_promo" and _is_it(draft):
            after.intent = "switch_promo"
            continue  # "remove it, use MUG5"
        if draft.intent == "deny" and draft.entities.wishes and len(row) > 1:
            continue  # "the mugs stay, no candles"
        if draft.intent == "wait" and any(each.intent not in ("wait", "affirm") for each in row):
            continue  # "wait, one more candle"
        if after is not None and draft.intent == "affirm" and not draft.answer:
            strong = not all(word in WEAK_YES for word in spoken)
            if after.intent == _meant_by_yes(context) or not (
                awaits_yes and (strong or after.intent in ("checkout", "affirm"))
            ):
                if after.intent == "product_details" and after.said and after.said.ordinals and not after.question:
                    after.intent = "add_to_cart"
                continue
        if after is not None and draft.intent == "deny" and not draft.answer and not PLAIN_NO.isdisjoint(spoken):
            corrects = after.intent in (
                "change_quantity",
                "change_variant",
                "change_details",
                "add_to_cart",
                "deny",
                *FACTS,
            )
            if len(spoken) <= 2 and corrects:
                continue
        if (
            after is not None
            and draft.intent in ("cancel", "cancel_order")
            and _OTHER_MIND.fullmatch(fold_text(draft.text).strip(" .,!"))
        ):
            continue  # "I changed my mind, two candles": what he wants now says it all
        if named and draft.intent == "find_gift" and not draft.question:
            continue  # "a gift for my friend, her name is Julia": whom the parcel is for, and no search
        kept.append(draft)
    return kept


def _meant_by_yes(context: Context) -> str | None:
    """What a plain yes to the open question does."""
    offered = context.question.offered if context.question else ()
    return next((choice.act.intent for choice in offered if choice.answer == "yes"), None)


def _without_noise(acts: list[Draft]) -> list[Draft]:
    clear = [a for a in acts if a.intent not in KEPT_ALONE]
    if not clear:
        return acts[:1] if all(a.intent == "unknown" for a in acts) else acts
    greeted = (
        len(clear) == 1
        and clear[0].intent == "greet"
        and words(clear[0].text)[:1]
        and words(clear[0].text)[0] in GREETINGS
    )
    if greeted:
        return acts
    return [a for a in acts if a.intent not in KEPT_ALONE or (a.intent != "unknown" and a.confidence >= UNDECIDED)]
