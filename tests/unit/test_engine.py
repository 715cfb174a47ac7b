"""The dialog engine alone: forms, corrections, digressions, frozen steps, waits and repair. No shop, no database."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.acts import Act, Entities, Heard
from bot.engine import Elapsed, Event, Happened, Released, Returned, step
from bot.repair import AskForPerson, PersonCalled
from bot.state import State
from bot.steps import (
    Ask,
    Call,
    Dialog,
    Effect,
    Offer,
    Otherwise,
    Registry,
    Reopen,
    Say,
    Tools,
    ask,
    confirm,
    do,
    named,
    person_name,
    phone,
    postal_address,
    say,
    sentence,
    tell,
    wait,
)
from shop.commands import Command, PaymentSettled, Result


class Book(Command):
    name: str
    where: str


class Booked(Result):
    id: str


class Unbook(Command):
    id: str


class Unbooked(Result):
    id: str


class Slots(BaseModel):
    recipient: str | None = None
    phone: str | None = None
    address: str | None = None
    agreed: bool | None = None
    order: Booked | None = None
    paid: PaymentSettled | None = None

    def to_order(self) -> Book:
        return Book(name=self.recipient or "", where=self.address or "")

    def order_id(self) -> str | None:
        return self.order.id if self.order else None

    def to_revise(self) -> Unbook | None:
        return Unbook(id=self.order.id) if self.order and not self.paid else None


def no(slots: Slots, name: str) -> Otherwise:
    return Otherwise(
        [
            Ask(
                sentence=sentence("visit.what_then"),
                offered=(named("address", "change"),),
                again=sentence("visit.what_then"),
            )
        ]
    )


VISIT = Dialog(
    "visit",
    Slots,
    (
        ask("recipient", person_name),
        ask("phone", phone),
        ask("address", postal_address),
        confirm("agreed", needs=("recipient", "phone", "address")),
        do("order", Slots.to_order, needs=("agreed",), final=True),
        say("pay_here"),
        wait("paid", until=PaymentSettled, on=Slots.order_id),
        say("thanks"),
    ),
    starts_on=("checkout",),
    revise=Slots.to_revise,
    refused=no,
)


def unbooked(state: State, result: Unbooked, act: Act | None) -> list[Effect]:
    return [tell("visit.void"), Reopen(order=result.id)]


def which(state: State, act: Act) -> list[Effect]:
    return [
        Ask(
            sentence=sentence("size.ask"),
            expects="variant",
            again=sentence("size.again"),
            offered=(named("L", "size"),),
        )
    ]


TALK = Tools(
    "talk",
    on={
        "faq": lambda s, a: [tell("faq.answer")],
        "which": which,
        "size": lambda s, a: [tell("size.taken")],
        "greet": lambda s, a: [tell("hello"), Offer(offered=(named("x", "faq"),))],
    },
    answers={Unbooked: unbooked, PersonCalled: lambda s, r, a: [tell("called")]},
    events={PaymentSettled: lambda s, e: [tell("settled")]},
)
REGISTRY = Registry((VISIT,), (TALK,))


class Talk:
    """A talk with the engine; the shop answers by itself. The state travels as JSON at every step."""

    def __init__(self, registry: Registry = REGISTRY) -> None:
        self.registry, self.state, self.calls = registry, State(), []

    def feed(self, event: Event) -> list[str]:
        said: list[str] = []
        pending: Event | None = event
        while pending is not None:
            self.state = State.model_validate_json(self.state.model_dump_json())
            self.state, effects = step(self.registry, self.state, pending)
            pending = None
            questions = 0
            for effect in effects:
                match effect:
                    case Say():
                        said.append(effect.sentence.key)
                    case Ask():
                        questions += 1
                        said.append(effect.sentence.key)
                    case Call(command=command):
                        self.calls.append(command)
                        pending = Returned(value=self.answer(command))
            assert questions <= 1, "at most one open question"
        return said

    def answer(self, command: BaseModel) -> Any:
        match command:
            case Book():
                return Booked(id=f"o{len(self.calls)}")
            case Unbook(id=id_):
                return Unbooked(id=id_)
            case AskForPerson():
                return PersonCalled(ahead=0, minutes=None, on_duty=True)
        raise AssertionError(command)

    def says(self, *acts: Act) -> list[str]:
        return self.feed(Heard(acts=acts))


def inform(**entities: Any) -> Act:
    return Act(intent="inform", entities=Entities(**entities))


def act(intent: str) -> Act:
    return Act(intent=intent)


def to_the_question() -> Talk:
    talk = Talk()
    talk.says(act("checkout"), inform(person="Ana", phone="+370", address="Gedimino 5"))
    return talk


def test_a_form_asks_one_thing_at_a_time() -> None:
    talk = Talk()
    assert talk.says(act("checkout")) == ["visit.recipient.ask"]
    assert talk.says(inform(person="Ana")) == ["visit.phone.ask"]


def test_an_answer_that_says_three_things_is_not_asked_again() -> None:
    talk = Talk()
    talk.says(act("checkout"))
    assert talk.says(inform(person="Ana", phone="+370", address="Gedimino 5")) == ["visit.agreed.ask"]


def test_a_digression_is_answered_and_the_question_comes_back() -> None:
    talk = Talk()
    talk.says(act("checkout"))
    assert talk.says(act("faq")) == ["faq.answer", "visit.recipient.again"]
    assert talk.says(inform(person="Ana")) == ["visit.phone.ask"]


def test_digressions_nest_two_deep() -> None:
    talk = Talk()
    talk.says(act("checkout"))
    assert talk.says(act("which")) == ["size.ask"]
    assert talk.says(act("faq")) == ["faq.answer", "size.again"]
    assert talk.says(act("size")) == ["size.taken", "visit.recipient.again"]


def test_a_question_is_never_taken_as_a_value() -> None:
    talk = Talk()
    talk.says(act("checkout"))
    asked = Act(intent="inform", entities=Entities(person="what about returns"), question=True)
    talk.says(asked)
    assert "recipient" not in talk.state.stack[0].slots


def test_a_correction_forgets_what_needed_it() -> None:
    talk = to_the_question()
    assert talk.says(inform(address="Gedimino 15")) == ["visit.agreed.ask"]
    assert talk.state.stack[0].slots["address"] == "Gedimino 15"
    assert "agreed" not in talk.state.stack[0].slots


def test_a_yes_places_the_order_once_and_the_form_leaves_the_talk() -> None:
    talk = to_the_question()
    assert talk.says(act("affirm")) == ["visit.pay_here"]
    assert [type(call) for call in talk.calls] == [Book]
    assert talk.state.stack == []
    talk.says(act("affirm"))
    assert [type(call) for call in talk.calls] == [Book]


def test_a_no_asks_what_to_change_and_keeps_everything() -> None:
    talk = to_the_question()
    assert talk.says(act("deny")) == ["visit.what_then"]
    assert talk.state.stack[0].slots["address"] == "Gedimino 5"
    assert talk.says(inform(address="Ozo 1")) == ["visit.agreed.ask"]


def test_money_is_thanked_for_by_its_own_order_only() -> None:
    talk = to_the_question()
    talk.says(act("affirm"))
    order = talk.state.background[0].slots["order"]["id"]
    assert talk.feed(Happened(event=PaymentSettled(order="another", payment="p", number="N"))) == ["settled"]
    assert talk.feed(Happened(event=PaymentSettled(order=order, payment="p", number="N"))) == ["visit.thanks"]
    assert talk.state.background == []


def test_changing_a_placed_order_voids_it_and_walks_a_new_frame() -> None:
    talk = to_the_question()
    talk.says(act("affirm"))
    said = talk.says(Act(intent="change_details", entities=Entities(address="Office 1")))
    assert said == ["visit.void", "visit.agreed.ask"]
    assert [type(call) for call in talk.calls] == [Book, Unbook]
    assert talk.state.stack[0].slots["address"] == "Office 1"
    assert talk.state.background == []


def test_hello_while_money_is_awaited_is_answered() -> None:
    talk = to_the_question()
    talk.says(act("affirm"))
    assert talk.says(act("greet")) == ["hello"]


def test_misunderstanding_asks_in_other_words_then_offers_a_person_then_calls_one() -> None:
    talk = Talk()
    talk.says(act("checkout"))
    assert talk.says(act("unknown")) == ["visit.recipient.retry"]
    assert "repair.second_miss" in talk.says(act("unknown"))
    assert "called" in talk.says(act("unknown"))


def test_a_person_is_one_word_away_from_everywhere() -> None:
    talk = to_the_question()
    assert talk.says(act("human"))[0] == "called"


def test_cancel_leaves_the_form() -> None:
    talk = to_the_question()
    assert talk.says(act("cancel")) == ["repair.cancelled"]
    assert talk.state.stack == []


def test_a_manager_hands_back_and_the_open_question_is_asked_again() -> None:
    talk = to_the_question()
    assert talk.feed(Released(resume=True)) == ["handoff.back", "visit.agreed.again"]
    talk = to_the_question()
    assert talk.feed(Released(resume=False)) == ["handoff.back"]
    assert talk.state.stack == []


def test_a_dialog_with_a_slot_too_few_is_refused() -> None:
    with pytest.raises(ValueError, match="no such slots"):
        Dialog("x", Slots, (ask("nowhere", phone),))


INTENTS = ["checkout", "inform", "affirm", "deny", "faq", "which", "size", "unknown", "human", "cancel", "go_back",
           "restart", "repeat", "help", "skip", "stale_tap", "change_details", "greet", "nonsense"]  # fmt: skip
ENTITIES = st.builds(
    Entities,
    person=st.sampled_from([None, "Ana", "Bob"]),
    phone=st.sampled_from([None, "+1", "+2"]),
    address=st.sampled_from([None, "A 1", "B 2"]),
)
ACTS = st.builds(Act, intent=st.sampled_from(INTENTS), entities=ENTITIES, question=st.booleans())
EVENTS = st.one_of(
    st.builds(Heard, acts=st.lists(ACTS, max_size=3).map(tuple)),
    st.just(Happened(event=PaymentSettled(order="o1", payment="p", number="N"))),
    st.just(Elapsed(frame="visit-1", step="paid")),
    st.builds(Released, resume=st.booleans()),
)


@given(st.lists(EVENTS, max_size=14))
@settings(max_examples=250, deadline=None)
def test_the_engine_never_raises_and_never_loses_a_filled_slot(events: list[Event]) -> None:
    talk = Talk()
    for event in events:
        before = talk.state.model_copy(deep=True)
        talk.feed(event)
        if isinstance(event, Heard) and all(a.intent in ("faq", "greet", "help", "which") for a in event.acts):
            for old, new in zip(before.stack, talk.state.stack, strict=False):
                if old.id == new.id:
                    assert {k: v for k, v in new.slots.items() if k in old.slots} == old.slots


@given(st.lists(EVENTS, max_size=8), st.integers(0, 4), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_deploy_in_mid_talk_sticks_nobody(events: list[Event], place: int, remove: bool) -> None:
    talk = Talk()
    for event in events:
        talk.feed(event)
    steps = list(VISIT.steps)
    if remove:
        steps.pop(place)
    else:
        steps.insert(place, say("news"))
    talk.registry = Registry((Dialog("visit", Slots, tuple(steps), starts_on=("checkout",), refused=no),), (TALK,))
    assert talk.says(act("help"))
    assert talk.says(act("human"))
