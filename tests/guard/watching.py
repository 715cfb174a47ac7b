"""Lets the guard look at every text that the bot composes in a test, against the facts it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from bot import talk
from bot.guard import broken, of_turn
from bot.messages import Fitted, Outbound
from bot.nlu.text import spelled
from bot.state import State
from bot.steps import Ask, Effect, Say
from bot.texts import Texts

# Their own words show how something is written; nothing of it is promised.
EXAMPLES = spelled(
    "repair.help cart.edit feedback.rating.ask feedback.rating.again feedback.rating.retry checkout.phone.retry "
    "checkout.address.retry discovery.compare_what smalltalk.card_number consent.on consent.off consent.off_open_order"
)


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Returns a list that fills with what the guard would have stopped."""
    stopped: list[str] = []
    compose = talk.compose

    def composed(state: State, effects: Sequence[Effect], texts: Texts, **more: Any) -> Outbound | None:
        answer = compose(state, effects, texts, **more)
        if answer is not None:
            facts = of_turn(effects, texts, state.locale)
            shown = "\n".join(Fitted(parts=(part,)).words() for part in answer.parts if part.kind != "link")
            for effect in effects:
                if isinstance(effect, Say | Ask) and effect.sentence.key in EXAMPLES:
                    shown = shown.replace(texts.say(effect.sentence, state.locale), "")
            stopped.extend(f"{one.words!r} ({one.why}) in {shown!r}" for one in broken(shown, facts))
        return answer

    monkeypatch.setattr(talk, "compose", composed)
    return stopped
