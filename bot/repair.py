"""Repair that works from everywhere: a person, cancel, back, restart, repeat, help, skip, and not understood."""

from __future__ import annotations

from collections.abc import Callable

from bot.acts import Act
from bot.messages import Value
from bot.state import OfferSpec, State
from bot.steps import Ask, Call, Close, Effects, Handoff, Note, Offer, Say, button, sentence, tell
from shop.commands import UndoCart

NEXT_STEPS = (button("browse", "browse"), button("cart", "show_cart"), button("human", "human"))


class AskForPerson(Value):
    """Ask the desk to take the conversation. -> PersonCalled"""

    reason: str


class PersonCalled(Value):
    """The conversation is in the queue. `ahead`: how many wait before it; `minutes`: the usual wait, if known."""

    ahead: int
    minutes: int | None
    on_duty: bool
    opens: str = ""  # "09:00", when nobody is on duty
    within: int = 30  # minutes after opening in which an answer is promised


def handle(state: State, act: Act) -> Effects | None:
    """What a repair act does, or None when the act is not one."""
    found = REPAIRS.get(act.intent)
    return found(state, act) if found else None


def human(state: State, act: Act) -> Effects:
    return [Handoff(reason="asked")]


def cancel(state: State, act: Act) -> Effects:
    if state.stack:
        return [Close(), tell("repair.cancelled"), Offer(offered=NEXT_STEPS)]
    if state.question:
        state.question = None
        return [tell("repair.as_you_wish"), Offer(offered=NEXT_STEPS)]
    if state.focus.last_line:  # no form, no question: the last change of the cart is meant
        return [Call(command=UndoCart())]
    return [tell("repair.nothing_to_cancel"), Offer(offered=NEXT_STEPS)]


def go_back(state: State, act: Act) -> Effects | None:
    frame = state.stack[-1] if state.stack else None
    if frame is None:
        return [tell("repair.nothing_to_go_back"), Offer(offered=NEXT_STEPS)]
    answered = [name for name, value in frame.slots.items() if isinstance(value, str | int)]
    if answered:
        frame.slots.pop(answered[-1])
        for name in list(frame.slots):
            if isinstance(frame.slots[name], bool):
                del frame.slots[name]
    state.question = None
    return [tell("repair.back")]


def restart(state: State, act: Act) -> Effects:
    state.stack.clear()
    state.question = None
    state.focus = type(state.focus)()
    return [tell("repair.restarted"), Offer(offered=NEXT_STEPS)]


def repeat(state: State, act: Act) -> Effects:
    if not state.last:
        return [tell("repair.nothing_said"), Offer(offered=NEXT_STEPS)]
    return [Say(sentence=said) for said in state.last]


def wait(state: State, act: Act) -> Effects:
    """ "One moment": what is open stays open, and is not asked again."""
    return [tell("repair.take_your_time")]


def help_(state: State, act: Act) -> Effects:
    return [tell("repair.help"), Offer(offered=NEXT_STEPS)]


def skip(state: State, act: Act) -> Effects:
    if state.question and not state.question.owner:
        state.question = None
        return [tell("repair.skipped"), Offer(offered=NEXT_STEPS)]
    if state.question:
        return [tell("repair.cannot_skip")]
    return [tell("repair.as_you_wish"), Offer(offered=NEXT_STEPS)]


def stale_tap(state: State, act: Act) -> Effects:
    """A button of a question that is over. Nothing is done twice; what is open now is shown again."""
    return [tell("repair.stale"), Offer(offered=NEXT_STEPS)]


def done(state: State, act: Act) -> Effects:
    """A no to something we offered."""
    return [tell("repair.as_you_wish"), Offer(offered=NEXT_STEPS)]


REPAIRS: dict[str, Callable[[State, Act], Effects | None]] = {
    "human": human,
    "cancel": cancel,
    "go_back": go_back,
    "restart": restart,
    "repeat": repeat,
    "help": help_,
    "wait": wait,
    "skip": skip,
    "stale_tap": stale_tap,
    "no_thanks": done,
}


def person_within_reach(state: State, reason: str) -> Effects:
    """Offered after two misses, called after three."""
    if state.misses >= 3:
        state.misses = 0
        return [Handoff(reason=reason)]
    return [
        Ask(
            sentence=sentence("repair.offer_person"),
            expects="yes_no",
            offered=(
                button("yes_human", "human", answer="yes"),
                button("no_continue", "no_thanks", answer="no"),
            ),
        )
    ]


def either(state: State, act: Act) -> Effects | None:
    """Two things are about as likely: which one? Asked once in a row, and not of somebody who fills in a form."""
    if not act.near or state.misses or state.stack or (state.question and state.question.owner):
        return None
    state.misses, state.good = 1, 0
    meant = tuple(
        OfferSpec(
            act=act.model_copy(update={"intent": intent, "near": (), "clear": True, "confidence": 1.0}),
            title=sentence(f"button.mean_{intent}"),
        )
        for intent in act.near
    )
    return [Ask(sentence=sentence("repair.either"), offered=meant)]


def missed(state: State, act: Act | None) -> Effects:
    """Not understood: other words first, then the offer of a person, then the queue."""
    state.misses += 2 if state.upset else 1
    state.upset = False
    state.good = 0
    words = act.text if act else ""
    note = Note(text=f"not understood: {words[:200]}")
    if state.misses >= 3:
        return [note, *person_within_reach(state, "misunderstood")]
    if state.misses == 2:
        return [note, tell("repair.second_miss"), *person_within_reach(state, "misunderstood")]
    if state.question and state.question.owner:
        return [note]  # the form asks again in other words
    return [note, tell("repair.first_miss"), Offer(offered=NEXT_STEPS)]
