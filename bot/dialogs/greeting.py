"""Greeting, small talk, and everything a shop assistant kindly does not do. Every answer leaves a next step."""

from __future__ import annotations

from bot.acts import Act, Entities
from bot.dialogs.common import BROWSE, CHECKOUT, HUMAN, NO_THANKS, SHOW_CART
from bot.repair import person_within_reach
from bot.state import OfferSpec, State
from bot.steps import Again, Ask, Call, Effects, Note, Offer, Open, Tools, button, sentence, tell
from shop.commands import ConsentSet, CustomerKnown, KnownCustomer, PassQuestion, RecheckCart, SetConsent

AWAY_HOURS = 6.0  # a cart that waited longer is looked at again before anything else
CHOICES = (BROWSE, button("gift", "find_gift"), button("track", "track_order"), HUMAN)


def greet(state: State, act: Act) -> Effects:
    return [Call(command=KnownCustomer())]


def known(state: State, result: CustomerKnown, act: Act | None) -> Effects:
    """A stranger, a friend, or somebody whose cart still waits."""
    first, state.greeted = not state.greeted, True
    if result.cart_age_hours is not None and result.cart_age_hours >= AWAY_HOURS:
        return [tell("greeting.welcome_back", name=result.name or "none"), Call(command=RecheckCart())]
    if state.todo:  # there is more in this message: a short word is enough
        return [tell("greeting.hi")] if first else []
    if state.stack:
        return [tell("greeting.hi")]
    if not first and not result.returning:
        return [tell("greeting.here"), Offer(offered=CHOICES)]
    key = "greeting.friend" if result.returning else "greeting.hello"
    return [tell(key, name=result.name or "none"), Offer(offered=CHOICES)]


def resume(state: State, act: Act) -> Effects:
    """Go on where we were: the open form asks by itself; without one the cart is looked at."""
    if state.stack:
        return [tell("greeting.go_on")]
    return [Call(command=RecheckCart())]


def goodbye(state: State, act: Act) -> Effects:
    return [tell("smalltalk.goodbye"), Offer(offered=(SHOW_CART, BROWSE))]


def thank(state: State, act: Act) -> Effects:
    return [tell("smalltalk.welcome"), Offer(offered=_on(state))]


def praise(state: State, act: Act) -> Effects:
    return [tell("smalltalk.praise"), Offer(offered=_on(state))]


def complain(state: State, act: Act) -> Effects:
    """Counts as two misses: sorry, and a person at once within reach."""
    note = Note(text=f"a complaint: {act.text[:200]}")
    if state.todo:  # he asks for something, too: that is answered, and a person is offered beside it
        state.upset = True
        return [note, tell("smalltalk.sorry")]
    state.misses, state.good, state.upset = state.misses + 2, 0, False
    return [note, tell("smalltalk.sorry"), *person_within_reach(state, "angry")]


def bot_challenge(state: State, act: Act) -> Effects:
    return [tell("smalltalk.i_am_a_bot"), Offer(offered=(HUMAN, BROWSE))]


def smalltalk(state: State, act: Act) -> Effects:
    return [tell("smalltalk.small"), Offer(offered=_on(state))]


def change_language(state: State, act: Act) -> Effects:
    if act.entities.locale:
        state.locale = act.entities.locale
    return [tell("smalltalk.language"), Offer(offered=_on(state))]


def out_of_scope(state: State, act: Act) -> Effects:
    return [tell("smalltalk.out_of_scope"), Offer(offered=(*_on(state)[:2], HUMAN))]


def card_number(state: State, act: Act) -> Effects:
    return [tell("smalltalk.card_number"), Offer(offered=_on(state))]


def location(state: State, act: Act) -> Effects:
    return [tell("smalltalk.location"), Offer(offered=(BROWSE, HUMAN))]


def foreign_contact(state: State, act: Act) -> Effects:
    """A number that is somebody else's: taken for an order only after a yes."""
    phone = act.entities.phone
    if not phone or not state.stack:
        return [tell("smalltalk.contact"), Offer(offered=_on(state))]
    asked = sentence("checkout.foreign_contact", name=act.entities.person or "none", phone=phone)
    use = OfferSpec(
        act=Act(intent="inform", entities=Entities(phone=phone)), title=sentence("button.call_this"), answer="yes"
    )
    return [Ask(sentence=asked, offered=(use, button("no_other", "deny", answer="no")), again=asked)]


def unreadable(state: State, act: Act) -> Effects:
    return [tell("smalltalk.unreadable", what=act.text), Offer(offered=(*_on(state)[:2], HUMAN))]


def mention(state: State, act: Act) -> Effects:
    """Somebody shows the shop in a story of his own."""
    return [tell("smalltalk.mention"), Offer(offered=(BROWSE, HUMAN))]


def affirm(state: State, act: Act) -> Effects:
    """A yes to nothing in particular; within a form the open question is simply asked again."""
    if state.stack:
        return [Again()] if state.question and state.question.owner else []
    if act.entities.wishes:  # "ok" to what was told of some goods: taken for an order only after a yes
        add_it = OfferSpec(
            act=Act(intent="add_to_cart", entities=act.entities), title=sentence("button.add"), answer="yes"
        )
        return [Ask(sentence=sentence("cart.add_it"), expects="yes_no", offered=(add_it, NO_THANKS))]
    if any(said.key == "delivery.chosen" for said in state.last):
        return [Open(dialog="checkout")]
    return [tell("smalltalk.yes_what"), Offer(offered=_on(state))]


def deny(state: State, act: Act) -> Effects:
    return [tell("repair.as_you_wish"), Offer(offered=_on(state))]


def pass_question(state: State, act: Act) -> Effects:
    return [Call(command=PassQuestion(kind="question", words=act.text[:500], product=state.focus.product))]


def marketing(state: State, act: Act) -> Effects:
    return [Call(command=SetConsent(kind="marketing", on=act.intent == "start_marketing", source="chat"))]


def consent_set(state: State, result: ConsentSet, act: Act | None) -> Effects:
    if result.on:
        agreed = tell("consent.on").model_copy(update={"opt_in": sentence("consent.opt_in")})
        return [agreed, Offer(offered=_on(state))]
    return [tell("consent.off_open_order" if result.open_order else "consent.off"), Offer(offered=_on(state))]


def _on(state: State) -> tuple[OfferSpec, ...]:
    return (CHECKOUT, BROWSE, HUMAN) if state.focus.last_line else (BROWSE, button("gift", "find_gift"), HUMAN)


GREETING = Tools(
    "greeting",
    on={
        "greet": greet,
        "resume": resume,
        "goodbye": goodbye,
        "thank": thank,
        "praise": praise,
        "complain": complain,
        "bot_challenge": bot_challenge,
        "smalltalk": smalltalk,
        "change_language": change_language,
        "out_of_scope": out_of_scope,
        "card_number": card_number,
        "location": location,
        "foreign_contact": foreign_contact,
        "unreadable": unreadable,
        "mention": mention,
        "affirm": affirm,
        "deny": deny,
        "pass_question": pass_question,
        "stop_marketing": marketing,
        "start_marketing": marketing,
    },
    answers={CustomerKnown: known, ConsentSet: consent_set},
)
