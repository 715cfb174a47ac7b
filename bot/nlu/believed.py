"""How much the classifier's word counts, and what is made of a clause that speaks of things no shop talk knows."""

from __future__ import annotations

from bot.nlu import cues
from bot.nlu.draft import SIDE_EFFECTS
from bot.nlu.mood import angry
from bot.nlu.said import Said
from bot.nlu.text import tokens

UNSURE = 0.12  # below it nothing is believed
DOUBTED = 0.3  # the same for a clause with words that no shop talk knows
SURE = 0.6  # from here on it is believed though nothing like it was learned
CERTAIN = 0.75  # of what is too odd to be believed easily
FEW = 3  # words beside what is mentioned


def believed(said: Said) -> tuple[str, float]:
    """The classifier's word, unless it is not sure of anything."""
    top, sure = said.intent, said.confidence
    if top == "stop_marketing" and not cues.ADS.search(said.folded) and len(tokens(said.text)) < 3:
        return "cancel", sure
    if (sure < DOUBTED or top == "affirm") and angry(said.folded):
        return "complain", 0.6
    strange = not said.clause.known and sure < SURE
    if strange or sure < (DOUBTED if top == "affirm" else UNSURE):  # "hmm" is no yes
        return "unknown", sure
    return top, sure


def sobered(said: Said, intent: str, sure: float) -> tuple[str, float]:
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
        return "unknown", min(sure, DOUBTED)
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
    return ("unknown", sure) if sure < DOUBTED else (intent, sure)
