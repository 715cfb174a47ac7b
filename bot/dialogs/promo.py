"""Promo codes and prices: applied, refused with the real reason, explained line by line."""

from __future__ import annotations

from bot.acts import Act, Entities
from bot.dialogs.common import BROWSE, CHECKOUT, HUMAN, NO_THANKS, SHOW_CART, bill, bill_follows
from bot.state import Arg, Day, OfferSpec, Sentence, State
from bot.steps import Ask, Call, Effect, Effects, Offer, Say, Tools, button, sentence, tell
from shop.commands import (
    ApplyCode,
    AskPolicy,
    CodeApplied,
    CodeRefused,
    CodeRemoved,
    ExplainTotal,
    ListPromotions,
    PassQuestion,
    PromotionsListed,
    QuestionPassed,
    RemoveCode,
    TotalExplained,
)
from shop.views import RefusedCode

SLOW_DOWN = 5  # wrong codes in a row after which a person is offered


def ask_promo(state: State, act: Act) -> Effects:
    state.nudged = True
    return [Call(command=ListPromotions())]


def apply_promo(state: State, act: Act) -> Effects:
    codes = act.entities.codes
    if not codes and any(said.key.startswith("promo.applied") for said in state.last):
        return [Call(command=ExplainTotal())]  # "apply it", right after it was applied
    if not codes:
        return [Ask(sentence=sentence("promo.which_code"), expects="code", again=sentence("promo.which_code"))]
    if len(codes) > 1:
        rest = act.entities.model_copy(update={"codes": codes[1:]})
        state.todo.insert(0, act.model_copy(update={"entities": rest}))
    return [Call(command=ApplyCode(code=codes[0], switch=act.intent == "switch_promo"))]


def switch_promo(state: State, act: Act) -> Effects:
    return apply_promo(state, act) if act.entities.codes else [Call(command=ExplainTotal())]


def remove_promo(state: State, act: Act) -> Effects:
    codes = act.entities.codes
    return [Call(command=RemoveCode(code=codes[0] if codes else None))]


def explain_total(state: State, act: Act) -> Effects:
    return [Call(command=ExplainTotal())]


def haggle(state: State, act: Act) -> Effects:
    """A friendly no, with the real offers only."""
    return [tell("promo.no_haggling"), Call(command=ListPromotions())]


def claim_promise(state: State, act: Act) -> Effects:
    """Only a manager's own note counts; without one the question goes to a person, and no sum is promised."""
    wish = act.entities.wishes[0] if act.entities.wishes else None
    product = (wish.product if wish else None) or state.focus.product
    return [Call(command=PassQuestion(kind="promise", words=act.text[:500], product=product))]


# ---- what the shop answers ------------------------------------------------------------------------


def applied(state: State, result: CodeApplied, act: Act | None) -> Effects:
    cart = result.cart
    key = "promo.applied_empty" if cart.empty else "promo.applied_short" if bill_follows(state) else "promo.applied"
    effects: list[Effect] = [tell("promo.dropped", code=code) for code in result.dropped]
    effects.insert(0, tell(key, code=result.code, bill=bill(cart.breakdown)))
    return [*effects, Offer(offered=(CHECKOUT, SHOW_CART) if not cart.empty else (BROWSE,))]


def refused(state: State, result: CodeRefused, act: Act | None) -> Effects:
    """Each code with its own reason. A near miss is asked about, never applied by itself."""
    why = result.refused
    effects: list[Effect] = [Say(sentence=refusal(why))]
    if result.gives and why.against:
        effects.append(tell("promo.would_give", code=why.code, total=result.gives.total, against=why.against))
        return [*effects, _switch(why.code)]
    if why.suggestion:
        return [
            *effects,
            Ask(
                sentence=sentence("promo.did_you_mean", code=why.suggestion),
                expects="yes_no",
                offered=(
                    OfferSpec(
                        act=Act(intent="apply_promo", entities=Entities(codes=(why.suggestion,))),
                        title=sentence("button.yes_apply", code=why.suggestion),
                        answer="yes",
                    ),
                    NO_THANKS,
                ),
            ),
        ]
    if result.tries >= SLOW_DOWN or why.reason == "slow_down":
        return [*effects, tell("promo.many_tries"), Offer(offered=(HUMAN, SHOW_CART))]
    return [*effects, Offer(offered=(button("promos", "ask_promo"), SHOW_CART))]


def _switch(code: str) -> Ask:
    return Ask(
        sentence=sentence("promo.switch_ask", code=code),
        expects="yes_no",
        offered=(
            OfferSpec(
                act=Act(intent="switch_promo", entities=Entities(codes=(code,))),
                title=sentence("button.switch", code=code),
                answer="yes",
            ),
            button("no_keep", "no_thanks", answer="no"),
        ),
    )


def refusal(why: RefusedCode) -> Sentence:
    """The reason why a code does not count, with the figure that belongs to it."""
    args: dict[str, Arg] = {"code": why.code}
    if why.needs:
        args["needs"] = why.needs
    if why.missing:
        args["missing"] = why.missing
    if why.quantity is not None:
        args["quantity"] = why.quantity
    if why.since:
        args["day"] = Day(day=why.since)
    if why.hours:
        args["hours"] = why.hours
    if why.against:
        args["against"] = why.against
    return Sentence(key=f"promo.refused.{why.reason}", args=args)


def lost_code(why: RefusedCode) -> Say:
    """A code that counted and no longer does: said at once, with the reason."""
    return Say(sentence=refusal(why).model_copy(update={"key": f"promo.lost.{_lost(why)}"}))


def _lost(why: RefusedCode) -> str:
    return (
        why.reason
        if why.reason in ("goods_below", "quantity_below", "not_combinable", "no_matching_goods")
        else "other"
    )


def removed(state: State, result: CodeRemoved, act: Act | None) -> Effects:
    if not result.codes:
        return [tell("promo.none_to_remove"), Offer(offered=(SHOW_CART,))]
    return [
        tell(
            "promo.removed_short" if bill_follows(state) else "promo.removed",
            code=", ".join(result.codes),
            bill=bill(result.cart.breakdown),
        ),
        Offer(offered=(CHECKOUT, SHOW_CART)),
    ]


def listed(state: State, result: PromotionsListed, act: Act | None) -> Effects:
    if not result.promotions:
        return [tell("promo.none"), Offer(offered=(BROWSE, SHOW_CART))]
    effects: list[Effect] = [tell("promo.list")]
    for promotion in result.promotions:
        key = "promo.line_total" if promotion.total is not None and promotion.counts else "promo.line"
        args: dict[str, Arg] = {"code": promotion.code, "text": promotion.text}
        if promotion.total is not None:
            args["total"] = promotion.total
        effects.append(Say(sentence=Sentence(key=key, args=args)))
    usable = [p for p in result.promotions if p.counts]
    use = tuple(
        OfferSpec(
            act=Act(intent="apply_promo", entities=Entities(codes=(p.code,))), title=sentence("button.use", code=p.code)
        )
        for p in usable[:3]
    )
    return [*effects, Offer(offered=(*use, BROWSE if result.cart.empty else SHOW_CART))]


def explained(state: State, result: TotalExplained, act: Act | None) -> Effects:
    """The same lines the shop adds up, and what another code would make of them."""
    cart = result.cart
    if cart.empty and result.order is None:
        return [tell("cart.empty", total=cart.breakdown.total), Offer(offered=(BROWSE,))]
    breakdown = result.order.breakdown if cart.empty and result.order else cart.breakdown
    effects: list[Effect] = [tell("promo.explained", bill=bill(breakdown))]
    if cart.best and not cart.empty:
        best = cart.best
        other = bill_of_best(result)
        key = "promo.instead" if best.replaces else "promo.could_add"
        effects.append(tell(key, code=best.code, against=", ".join(best.replaces), bill=other, total=best.total))
        return [*effects, _switch(best.code)]
    return [*effects, Offer(offered=(CHECKOUT, SHOW_CART) if not cart.empty else (HUMAN,))]


def bill_of_best(result: TotalExplained) -> Arg:
    best = result.cart.best
    assert best is not None
    return bill(result.cart.breakdown.model_copy(update={"lines": best.lines, "total": best.total}))


def question_passed(state: State, result: QuestionPassed, act: Act | None) -> Effects:
    if result.kind == "return" and not result.orders and act is not None and act.intent == "change_details":
        if state.spoke:
            return []  # "I ordered yesterday and want to change the address": no order, and that was said
        return [tell("repair.what_now"), Offer(offered=(CHECKOUT, SHOW_CART, BROWSE, HUMAN))]
    if result.kind == "return" and not result.orders:
        if act is not None and act.intent in ("edit_order", "reorder"):
            return [tell("tracking.no_orders"), Offer(offered=(BROWSE, SHOW_CART, HUMAN))]
        return [Call(command=AskPolicy(topic="faq_returns"))]
    if result.kind == "return" and act is not None:
        wish = "edit_order" if act.intent == "change_details" or act.entities.placed else act.intent
        return [tell(f"handoff.{wish}"), tell("handoff.passed.return"), Offer(offered=(HUMAN, BROWSE))]
    if result.kind != "promise":
        return [tell(f"handoff.passed.{result.kind}"), Offer(offered=(HUMAN, BROWSE))]
    if result.promise is None:
        return [tell("promo.no_such_promise"), Offer(offered=(HUMAN, BROWSE))]
    promise = result.promise
    return [
        tell("promo.promise_found", name=promise.name, price=promise.price, reason=promise.reason),
        Offer(offered=(CHECKOUT, SHOW_CART)),
    ]


PROMO = Tools(
    "promo",
    on={
        "ask_promo": ask_promo,
        "apply_promo": apply_promo,
        "switch_promo": switch_promo,
        "remove_promo": remove_promo,
        "explain_total": explain_total,
        "haggle": haggle,
        "manipulate": haggle,
        "claim_promise": claim_promise,
    },
    answers={
        CodeApplied: applied,
        CodeRefused: refused,
        CodeRemoved: removed,
        PromotionsListed: listed,
        TotalExplained: explained,
        QuestionPassed: question_passed,
    },
)
