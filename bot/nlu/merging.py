"""What one clause says of the one before it: a correction, one thing more, a fact, the same again."""

from __future__ import annotations

import re

from bot.acts import Entities
from bot.nlu import cues
from bot.nlu.contacts import speaks_of_house
from bot.nlu.draft import ABOUT_GOODS, ASKING, DOING, FACTS, KEPT_ALONE, UNDECIDED, Draft, told
from bot.nlu.references import Catalogue
from bot.nlu.text import fold as fold_text

_UNFIT = re.compile(
    r"\b(?:too (?:small|big|large|tight|short|long)|doesn'?t fit|"
    r"мал\w*|велик\w*|больш\w*|тесн\w*|тісн\w*|pequen\w*|grande)\b"
)
_TAKING = frozenset(["add_to_cart", "find_product"])
_GUESS = 0.3
_CERTAIN = 0.7
_NEAR = 0.2


def merged(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """Whether `draft` only adds to `before`, which then says both."""
    return any(merge(before, draft, catalogue) for merge in _MERGES)


def _corrects(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """A number or a variant said right after a wish of the same turn changes that wish."""
    said = draft.said
    if said is None or before.question or said.wishes or draft.question:
        return False
    if not before.entities.wishes or (before.answer and before.intent == "inform"):
        return _counts_variant(before, draft)
    wishes = before.entities.wishes
    if draft.entities.quantity is not None and draft.intent in (
        "change_quantity",
        "inform",
        "deny",
        "unknown",
        "add_to_cart",
    ):
        if draft.entities.change != "set" or before.intent not in _TAKING or told(draft.entities):
            return False
        if draft.intent == "remove_from_cart" or cues.TAKES_OUT.search(said.folded):
            return False  # "three white mugs, take one off"
        wish = catalogue.narrowed(wishes[-1], said.attributes).model_copy(update={"quantity": draft.entities.quantity})
        before.tell(wishes=(*wishes[:-1], wish), quantity=None)
        before.intent, before.text = "add_to_cart", f"{before.text}, {draft.text}"
        before.confidence = max(before.confidence, 0.8)
        return True
    if said.attributes and said.bare and draft.intent in ("change_variant", "inform", "ask_stock"):
        before.tell(wishes=(*wishes[:-1], catalogue.narrowed(wishes[-1], said.attributes)))
        before.text = f"{before.text}, {draft.text}"
        return True
    return False


def _houses(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """ "wrong house number, should be 15"."""
    number = draft.entities.quantity
    if before.intent != "change_details" or number is None or not speaks_of_house(fold_text(before.text)):
        return False
    before.tell(address=str(number))
    before.text = f"{before.text}, {draft.text}"
    return True


def counts_choice(before: Draft, draft: Draft) -> bool:
    """ "the black one, two": how many of what was chosen just now."""
    said, wishes = draft.said, before.entities.wishes
    if said is None or not said.bare or said.quantity is None or draft.entities.change != "set" or draft.fixed:
        return False
    if not before.answer or not before.fixed or before.intent != "add_to_cart" or len(wishes) != 1:
        return False
    if said.wishes or said.attributes or told(draft.entities) or draft.question or wishes[0].quantity is not None:
        return False
    before.tell(wishes=(wishes[0].model_copy(update={"quantity": said.quantity}),))
    before.text = f"{before.text}, {draft.text}"
    return True


def _counts_variant(before: Draft, draft: Draft) -> bool:
    """ "L, two, no, one": how many of the variant just named."""
    quantity = draft.entities.quantity
    if quantity is None or not before.entities.attributes or told(draft.entities) or draft.entities.change != "set":
        return False
    wishes = before.entities.wishes
    before.tell(quantity=quantity, wishes=tuple(w.model_copy(update={"quantity": quantity}) for w in wishes))
    before.text = f"{before.text}, {draft.text}"
    return True


def _lists(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """Goods after goods belong to the same verb."""
    said = draft.said
    if said is None or not said.bare or not said.wishes or draft.question or draft.intent not in _TAKING:
        return False
    if before.question or before.intent not in (*_TAKING, "remove_from_cart"):
        return False
    if before.entities.pronoun and not before.entities.wishes:
        return False  # "two of those and a gift box": what those are is known later
    before.tell(wishes=(*before.entities.wishes, *said.wishes))
    before.text = f"{before.text}, {draft.text}"
    if draft.intent == "add_to_cart" and before.intent == "find_product":
        before.intent = "add_to_cart"
    return True


def _limits(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """ "a gift for my wife, not more than 50 euros"."""
    said = draft.said
    limits = draft.intent == "narrow" or (draft.intent == "inform" and said is not None and said.bare)
    if said is None or not limits or not said.has("budget", "at_least", "amount"):
        return False
    if before.intent not in ("find_gift", "find_product", "browse"):
        return False
    limit = draft.entities.budget or draft.entities.amount
    before.tell(**{k: v for k, v in (("budget", limit), ("at_least", draft.entities.at_least)) if v is not None})
    before.text = f"{before.text}, {draft.text}"
    return True


def _limited(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """ "I have 50 euros, what can I get for my sister?" """
    seen, said = before.entities, before.said
    limit = seen.budget or seen.amount
    has = said is not None and not said.wishes and cues.I_HAVE.search(said.folded) is not None
    if limit is None or not has or draft.intent not in ("find_gift", "find_product", "browse"):
        return False
    before.intent, before.entities, before.said = draft.intent, draft.entities, draft.said
    before.tell(budget=draft.entities.budget or limit)
    before.text, before.confidence = f"{before.text}, {draft.text}", draft.confidence
    return True


def _carries(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """ "the second one, how long does it burn?": the first piece says what the second asks about."""
    said = before.said
    if said is None or not said.bare or draft.intent not in ABOUT_GOODS | {"find_product", "faq_warranty"}:
        return False
    points = bool(said.ordinals) or (before.intent == "find_product" and bool(said.wishes))
    if not points or draft.entities.wishes or draft.entities.ordinal is not None or before.intent == "add_to_cart":
        return False
    if not (
        draft.question or draft.intent in ASKING or draft.intent in ("add_to_cart", "remove_from_cart", "notify_me")
    ):
        return False
    draft_entities = draft.entities.model_copy(update={"wishes": said.wishes, "ordinal": before.entities.ordinal})
    before.entities, before.intent, before.question = draft_entities, draft.intent, draft.question
    before.confidence, before.text = draft.confidence, f"{before.text}, {draft.text}"
    return True


def _tells(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """Facts after facts, or after a change of details, are told together."""
    new = told(draft.entities)
    if draft.question or draft.intent not in FACTS or not new or draft.entities.wishes:
        return False
    if before.intent == "change_details" and not before.question:
        before.tell(**new)
    elif before.intent in FACTS and not before.question and told(before.entities) and not before.entities.wishes:
        kinds = (told(before.entities) | new).keys()
        before.tell(**new)
        if not kinds <= {"delivery", "near", "point", "city"} or (
            "inform" in (before.intent, draft.intent) and before.answer
        ):
            before.intent = "inform"
        elif "delivery" in kinds:
            before.intent = "choose_delivery"
        before.answer = before.answer or draft.answer
    else:
        return False
    before.text = f"{before.text}, {draft.text}"
    return True


def _asks_on(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """The same question again in other words."""
    if draft.intent != before.intent or draft.intent not in ASKING or draft.entities.wishes or draft.entities.ordinal:
        return False
    if told(draft.entities) or draft.entities.attributes or draft.entities.fact not in (None, before.entities.fact):
        return False
    before.text = f"{before.text}, {draft.text}"
    return True


def _says_again(draft: Draft) -> bool:
    """Nothing but the verb, or "it": what was named before is meant."""
    seen = draft.entities
    return not (seen.wishes or seen.attributes or seen.quantity or seen.ordinal or told(seen)) and seen.change == "set"


def _echoes(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """A push after a push, and a word said twice."""
    if before.intent == "manipulate" and draft.intent in ("haggle", "manipulate", "bot_challenge", "out_of_scope"):
        before.tell(**{k: v for k in ("percent", "amount") if (v := getattr(draft.entities, k)) is not None})
    elif before.intent == draft.intent == "add_to_cart" and _says_again(draft):
        pass  # "I want a white mug, add it"
    elif before.intent == "affirm" and before.answer and draft.intent == "checkout" and _says_again(draft):
        pass  # "all correct, I'm paying"
    elif before.confidence >= _CERTAIN and _may_mean(before.intent, draft):
        pass  # "the phone is wrong, change it"
    elif (
        before.intent == "give_feedback"
        and before.entities.rating
        and draft.intent in ("give_feedback", "praise", "complain")
    ):
        pass
    elif before.intent == draft.intent == "claim_promise":
        before.entities = before.entities.model_copy(update=_named_in(draft.entities))
    elif before.intent == draft.intent and draft.intent in DOING - {"add_to_cart", "remove_from_cart", "inform"}:
        if draft.entities != Entities() and draft.entities != before.entities:
            if told(before.entities) or before.entities.wishes:
                return False
            before.entities = draft.entities
    else:
        return False
    before.text = f"{before.text}, {draft.text}"
    return True


def _may_mean(intent: str, draft: Draft) -> bool:
    """A guess that names nothing, and is near to what was just said."""
    seen = draft.entities
    names = seen.wishes or seen.attributes or seen.quantity is not None or told(seen)
    near = draft.said is not None and draft.said.odds(intent) > _NEAR
    return near and not names and draft.intent in DOING and draft.confidence < UNDECIDED


def _outweighs(before: Draft, draft: Draft, catalogue: Catalogue) -> bool:
    """A guess beside a sure thing is no act of its own: "the tee is too small, can I exchange it for L?"."""
    unfit = before.said is not None and before.said.odds("exchange_item") > 0.2 and not before.fixed
    if unfit and draft.intent == "change_variant" and _UNFIT.search(fold_text(before.text)):
        wishes = draft.entities.wishes or before.entities.wishes
        before.intent, before.entities = "exchange_item", draft.entities.model_copy(update={"wishes": wishes})
    elif before.confidence < _GUESS and draft.confidence >= _CERTAIN and draft.intent not in KEPT_ALONE:
        if draft.intent in ABOUT_GOODS | {"exchange_item", "return_item"} and not draft.entities.wishes:
            draft.tell(wishes=before.entities.wishes)
        before.intent, before.entities, before.question = draft.intent, draft.entities, draft.question
        before.confidence, before.said, before.hedged = draft.confidence, draft.said, draft.hedged
    elif not (draft.confidence < _GUESS and before.confidence >= _CERTAIN) or before.intent in (
        "greet",
        "affirm",
        "deny",
    ):
        return False
    before.text = f"{before.text}, {draft.text}"
    return True


def _named_in(entities: Entities) -> dict[str, object]:
    return {
        name: getattr(entities, name) for name in entities.model_fields_set if getattr(entities, name) not in (None, ())
    }


_MERGES = (_houses, _corrects, _lists, _limits, _limited, _carries, _tells, _asks_on, _echoes, _outweighs)
