"""Two intents are about as likely: the bot asks which one is meant, once, and never somebody who fills in a form."""

from __future__ import annotations

import pytest

from bot import repair
from bot.acts import Act, Entities, Heard
from bot.dialogs import all_dialogs
from bot.engine import step
from bot.nlu.draft import TOLD_APART
from bot.nlu.embedded import EmbeddedUnderstanding
from bot.state import Frame, Sentence, State
from bot.steps import Ask
from bot.understanding import Clause, Context, Parsed
from tests.unit.test_nlu_understanding import lumo
from tests.unit.test_texts import LOCALES, TEXTS

__all__ = ["lumo"]

RETURNS_OR_SIZES = (("faq_returns", 0.45), ("size_help", 0.4), ("thank", 0.01))
REGISTRY = all_dialogs()


def parsed(*rankings: tuple[tuple[str, float], ...]) -> Parsed:
    words = ["and the other one of them fits whom" for _ in rankings]
    text, clauses = "", []
    for said, ranking in zip(words, rankings, strict=True):
        clauses.append(Clause(text=said, start=len(text), end=len(text) + len(said), ranking=ranking, question=True))
        text += said
    return Parsed(text=text, clauses=tuple(clauses))


@pytest.mark.parametrize(
    ("ranking", "near"),
    [
        (RETURNS_OR_SIZES, ("faq_returns", "size_help")),
        ((("faq_returns", 0.8), ("size_help", 0.15)), ()),
        ((("faq_returns", 0.4), ("size_help", 0.1)), ()),
        ((("faq_returns", 0.4), ("smalltalk", 0.35)), ()),
    ],
)
def test_only_two_that_are_about_even_are_near(
    ranking: tuple[tuple[str, float], ...], near: tuple[str, ...], lumo: EmbeddedUnderstanding
) -> None:
    (act,) = lumo.interpret([parsed(ranking)], Context()).acts
    assert act.near == near


def test_a_second_wish_is_not_lost_to_a_question_back(lumo: EmbeddedUnderstanding) -> None:
    acts = lumo.interpret([parsed(RETURNS_OR_SIZES, (("faq_hours", 0.95), ("greet", 0.01)))], Context()).acts
    assert len(acts) == 2
    assert all(not act.near for act in acts)


def unsure() -> Heard:
    act = Act(intent="faq_returns", text="and if the size is wrong?", near=("faq_returns", "size_help"), question=True)
    return Heard(acts=(act,), text=act.text)


def asked(state: State) -> list[str]:
    return [spec.act.intent for spec in state.question.specs] if state.question else []


def test_it_is_asked_once_and_the_choice_is_done() -> None:
    state, effects = step(REGISTRY, State(), unsure())
    assert [effect.sentence.key for effect in effects if isinstance(effect, Ask)] == ["repair.either"]
    assert asked(state) == ["faq_returns", "size_help"]
    _, effects = step(REGISTRY, state, unsure())
    assert not any(isinstance(effect, Ask) and effect.sentence.key == "repair.either" for effect in effects)
    assert state.question is not None
    chosen = state.question.specs[1].act
    assert (chosen.intent, chosen.near, chosen.clear) == ("size_help", (), True)


def test_nobody_is_asked_back_in_the_middle_of_a_form() -> None:
    state = State(stack=[Frame(id="checkout-1", dialog="checkout")])
    assert repair.either(state, unsure().acts[0]) is None


def test_what_is_chosen_keeps_what_was_said() -> None:
    act = Act(intent="ask_price", near=("ask_price", "ask_stock"), entities=Entities(quantity=2))
    (ask,) = repair.either(State(), act) or []
    assert isinstance(ask, Ask)
    assert [spec.act.entities.quantity for spec in ask.offered] == [2, 2]


@pytest.mark.parametrize("locale", LOCALES)
def test_each_of_them_has_a_short_name(locale: str) -> None:
    for intent in TOLD_APART:
        assert len(TEXTS.say(Sentence(key=f"button.mean_{intent}"), locale)) <= 20
