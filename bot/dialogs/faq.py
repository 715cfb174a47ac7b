"""Questions of policy: short answers from data/faq.yml with the shop's own figures, then back to what was open."""

from __future__ import annotations

from bot.acts import Act
from bot.dialogs.common import BROWSE, HUMAN
from bot.dialogs.payment import OTHER_WAY, PAY_NOW, link_of
from bot.state import State
from bot.steps import Call, Effect, Effects, Offer, Remember, Tools, tell
from shop.commands import AskPolicy, ListDeliveries, ListPayments, PaymentsListed, PolicyAnswered


def policy(state: State, act: Act) -> Effects:
    return [Call(command=AskPolicy(topic=act.intent))]


def delivery(state: State, act: Act) -> Effects:
    """Where to, how long, how much: from the shop's own table, for this very cart."""
    city = act.entities.city or (None if act.entities.elsewhere else state.focus.city)
    effects: list[Effect] = [Remember(city=city)] if act.entities.city else []
    return [*effects, Call(command=ListDeliveries(city=city))]


def payment(state: State, act: Act) -> Effects:
    """While an order waits for its money, the way to pay is its link."""
    link = None if act.entities.payment else link_of(state)
    if link:
        return [tell("payment.here").model_copy(update={"link": (PAY_NOW, link)}), Offer(offered=(OTHER_WAY, HUMAN))]
    return [Call(command=ListPayments())]


def answered(state: State, result: PolicyAnswered, act: Act | None) -> Effects:
    return [tell("faq.answer", text=result.text), Offer(offered=(BROWSE, HUMAN))]


def payments(state: State, result: PaymentsListed, act: Act | None) -> Effects:
    asked = act.entities.payment if act else None
    option = next((one for one in result.options if one.code == asked), None)
    effects: list[Effect] = []
    if option and not option.limit:
        effects.append(tell("faq.payment_yes", name=option.name))
    elif option and option.limit:
        effects.append(tell("faq.payment_limit", name=option.name, limit=option.limit))
    else:
        effects.append(tell("faq.payments", names=", ".join(one.name for one in result.options)))
        effects += [tell("faq.payment_limit", name=one.name, limit=one.limit) for one in result.options if one.limit]
    return [*effects, Offer(offered=(OTHER_WAY if link_of(state) else BROWSE, HUMAN))]


TOPICS = (
    "faq_returns", "faq_hours", "faq_contact", "faq_gift_wrap", "faq_invoice", "faq_warranty", "faq_privacy",
    "faq_wholesale",
)  # fmt: skip

FAQ = Tools(
    "faq",
    on={**dict.fromkeys(TOPICS, policy), "faq_delivery": delivery, "faq_payment": payment},
    answers={PolicyAnswered: answered, PaymentsListed: payments},
)
