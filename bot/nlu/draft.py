"""An act in the making, and which intents behave how."""

from __future__ import annotations

from dataclasses import dataclass

from bot.acts import Act, Entities
from bot.nlu.said import Said
from bot.nlu.text import spelled

ASKING = spelled(
    "ask_price ask_stock ask_fact compare size_help product_details show_photo ask_promo explain_total "
    "track_order refund_status faq_delivery faq_payment faq_returns faq_hours faq_contact faq_gift_wrap "
    "faq_invoice faq_warranty faq_privacy faq_wholesale bot_challenge"
)  # fmt: skip
DOING = spelled(
    "add_to_cart remove_from_cart change_quantity change_variant clear_cart apply_promo remove_promo "
    "switch_promo checkout choose_delivery choose_payment change_details inform reorder cancel_order "
    "edit_order affirm deny greet thank goodbye human cancel go_back undo restart repeat skip "
    "stop_marketing start_marketing change_language give_feedback payment_done manipulate haggle "
    "claim_promise complain praise"
)  # fmt: skip
SIDE_EFFECTS = spelled(
    "add_to_cart remove_from_cart change_quantity change_variant clear_cart remove_promo switch_promo "
    "cancel_order edit_order restart reorder stop_marketing"
)  # fmt: skip
ABOUT_GOODS = spelled(
    "add_to_cart remove_from_cart change_quantity change_variant ask_price ask_stock ask_fact "
    "product_details show_photo size_help notify_me compare checkout"
)  # fmt: skip
FACTS = spelled("inform choose_delivery choose_payment")
KEPT_ALONE = spelled("unknown out_of_scope smalltalk")  # dropped where something else is said, too
UNDECIDED = 0.45  # an unrelated guess below this is dropped when the turn says something else, too
TOLD_APART = spelled(  # what makes sense on a button of its own: asked about when two of them are as likely
    "faq_delivery faq_payment faq_returns faq_hours faq_contact faq_gift_wrap faq_invoice faq_warranty "
    "faq_wholesale track_order refund_status return_item exchange_item damaged_item cancel_order "
    "edit_order reorder payment_problem ask_promo ask_price ask_stock product_details size_help compare "
    "show_photo browse find_gift show_cart checkout explain_total human"
)  # fmt: skip
SLOTS = ("person", "phone", "email", "address", "inside", "city", "near", "point", "delivery", "to", "payment", "saved")


@dataclass(slots=True)
class Draft:
    """What a clause seems to do. `said` is kept for the folding of clauses into acts."""

    intent: str
    confidence: float
    entities: Entities
    text: str
    question: bool
    said: Said | None = None
    answer: bool = False  # it answers the open question
    fixed: bool = False  # nothing may be folded into it, and it is folded into nothing
    hedged: bool = False
    near: tuple[str, ...] = ()  # two intents that are about as likely

    def act(self, *, sure_from: float) -> Act:
        asking = self.intent in ASKING or (self.question and self.intent not in DOING)
        unclear = self.hedged or (self.intent in SIDE_EFFECTS and self.confidence < sure_from)
        return Act(
            intent=self.intent,
            entities=self.entities,
            text=self.text,
            confidence=round(self.confidence, 3),
            clear=not unclear and self.intent not in ("unknown", "out_of_scope"),
            question=asking,
            near=self.near,
        )

    def tell(self, **changes: object) -> None:
        """Change some entities."""
        self.entities = self.entities.model_copy(update=changes)


def told(entities: Entities) -> dict[str, object]:
    """The slot facts that are there."""
    return {name: getattr(entities, name) for name in SLOTS if getattr(entities, name) is not None}
