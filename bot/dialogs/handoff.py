"""Handoff: a person is being called. Said by the system under the new epoch; the bot is silent afterwards."""

from __future__ import annotations

from bot.acts import Act
from bot.dialogs.common import BROWSE, SHOW_CART
from bot.repair import PersonCalled
from bot.state import State
from bot.steps import Effects, Hush, Offer, Tools, tell


def called(state: State, result: PersonCalled, act: Act | None) -> Effects:
    """At once, with no condition before it; the usual wait only when the real queue tells one."""
    state.todo.clear()
    if not result.on_duty and not result.opens:
        said = tell("handoff.off_duty_unknown")
    elif not result.on_duty:
        said = tell("handoff.off_duty", opens=result.opens, within=result.within)
    elif result.minutes is not None:
        said = tell("handoff.called_minutes", minutes=result.minutes, ahead=result.ahead)
    else:
        said = tell("handoff.called", ahead=result.ahead)
    notice = said.model_copy(update={"author": "system"})
    return [notice, Hush()] if result.on_duty else [notice, Offer(offered=(BROWSE, SHOW_CART))]


HANDOFF = Tools("handoff", answers={PersonCalled: called})
