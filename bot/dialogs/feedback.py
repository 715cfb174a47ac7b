"""Feedback: a day after the parcel came, how it was. Three or less is a task for a person."""

from __future__ import annotations

from datetime import timedelta

from pydantic import BaseModel

from bot.acts import Act
from bot.dialogs.common import BROWSE, HUMAN
from bot.state import OfferSpec, State
from bot.steps import Ask, Call, Dialog, Effects, Offer, Tools, ask, do, named, pause, rating, say, sentence, tell
from shop.commands import FeedbackTaken, LeaveFeedback

GOOD = 4


class Slots(BaseModel):
    order: str | None = None
    rating: int | None = None
    taken: FeedbackTaken | None = None

    def to_taken(self) -> LeaveFeedback:
        return LeaveFeedback(order=self.order, rating=self.rating)

    def stars(self) -> tuple[OfferSpec, ...]:
        return tuple(named("★" * n, "inform", rating=n) for n in range(5, 0, -1))

    def answered(self) -> Effects:
        if self.rating is not None and self.rating >= GOOD:
            return [tell("feedback.glad"), Offer(offered=(BROWSE,))]
        return [
            tell("feedback.sorry"),
            Ask(sentence=sentence("feedback.what_was_wrong"), expects="text"),
            Offer(offered=(HUMAN,)),
        ]


def feedback(after: timedelta) -> Dialog:
    """The dialog, asking `after` the delivery."""
    return Dialog(
        name="feedback",
        slots=Slots,
        steps=(
            pause("a_day", after),
            ask("rating", rating, choices=Slots.stars),
            do("taken", Slots.to_taken),
            say("answered", show=Slots.answered),
        ),
    )


def give_feedback(state: State, act: Act) -> Effects:
    """Feedback nobody asked for, or the words that follow a low rating."""
    return [Call(command=LeaveFeedback(order=state.focus.order, rating=act.entities.rating, words=act.text[:1000]))]


def taken(state: State, result: FeedbackTaken, act: Act | None) -> Effects:
    if result.rating is not None and result.rating < GOOD:
        return [tell("feedback.sorry_task"), Offer(offered=(HUMAN,))]
    return [tell("feedback.thanks"), Offer(offered=(BROWSE,))]


FEEDBACK_TOOLS = Tools("feedback", on={"give_feedback": give_feedback}, answers={FeedbackTaken: taken})
