"""The words a dialog is written in: ask, confirm, do, say, wait, pause; tables of handlers for what is no form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, SerializeAsAny

from base.money import Money
from bot.acts import Act, Entities
from bot.messages import Value
from bot.state import Arg, CardSpec, Focus, Native, OfferSpec, ProposedAsk, Sentence, State
from bot.understanding import Expects, Shown
from shop.commands import Command

S = TypeVar("S", bound=BaseModel)

# ---- effects -------------------------------------------------------------------------------------


class ReceiptSpec(Value):
    """What was bought and paid; the lines add up to the total."""

    number: str
    lines: tuple[tuple[str | Sentence, Money], ...]
    total: Money
    recipient: str = ""
    payment: str = ""  # the way it was paid, in words


class InvoiceSpec(Value):
    """What the messenger itself is to collect; `payload` comes back with the money."""

    title: Sentence
    description: str
    payload: str
    lines: tuple[tuple[str | Sentence, Money], ...]
    total: Money


class Say(Value):
    """Words for the customer: a sentence, and what is shown beside it."""

    sentence: Sentence
    cards: tuple[CardSpec, ...] = ()
    album: tuple[tuple[str, str], ...] = ()  # addresses of pictures that stand before the words, and what is on them
    link: tuple[Sentence, str] | None = None  # title and address
    receipt: ReceiptSpec | None = None
    invoice: InvoiceSpec | None = None
    opt_in: Sentence | None = None  # what the platform shall ask a yes for
    author: Literal["bot", "system"] = "bot"


class Ask(ProposedAsk):
    """A question. Of all questions of a turn only the last one that counts is put to the customer.

    With `again` it is asked once more after a digression; without, it may be let go.
    """

    expects: Expects = "choice"


class Offer(Value):
    """Buttons that need no answer: the next steps one may take."""

    offered: tuple[OfferSpec, ...]


class Call(BaseModel):
    """Ask the shop (or the desk) for something. The answer comes back in the same turn, to whoever asked."""

    model_config = ConfigDict(frozen=True)

    command: SerializeAsAny[BaseModel]


class SetTimer(Value):
    frame: str
    step: str
    after: timedelta


class Handoff(Value):
    """The bot gives the conversation to the desk."""

    reason: str


class Hush(Value):
    """Nothing more is asked or offered in this turn: somebody else goes on."""


class Note(Value):
    """For the desk, not for the customer."""

    text: str


class Open(Value):
    """Open a form dialog."""

    dialog: str
    slots: dict[str, Any] = {}
    background: bool = False


class Reopen(Value):
    """The shop has undone what a frame did for this order: walk it again with the slots it had."""

    order: str | None = None


class Drop(Value):
    """The shop has cancelled this order: nothing waits for it any more."""

    order: str


class Close(Value):
    """Leave the open form dialog."""


class Remember(Value):
    """Move the focus: what "it" and "the second one" mean from now on. Only what is set is changed."""

    shown: tuple[Shown, ...] | None = None
    product: str | None = None
    sku: str | None = None
    order: str | None = None
    last_line: str | None = None
    offered: str | None = None
    added: str | None = None
    budget: Any = None
    recipient_kind: str | None = None
    city: str | None = None
    needed: date | None = None
    near: str | None = None
    told: Entities | None = None
    searched: Act | None = None
    offset: int | None = None


class Again(Value):
    """Not understood: counts towards the offer of a person."""


Effect = Say | Ask | Offer | Call | SetTimer | Handoff | Hush | Note | Open | Reopen | Drop | Close | Remember | Again
Effects = Sequence[Effect]


def sentence(key: str, /, **args: Arg) -> Sentence:
    return Sentence(key=key, args=args)


def tell(key: str, /, **args: Arg) -> Say:
    """Say(sentence) in short."""
    return Say(sentence=Sentence(key=key, args=args))


def button(title: str, intent: str, /, *, answer: Literal["yes", "no"] | None = None, **entities: Any) -> OfferSpec:
    """A choice whose title is the text key `button.<title>` and which means an act."""
    act = Act(intent=intent, entities=Entities(**entities))
    return OfferSpec(act=act, title=Sentence(key=f"button.{title}"), answer=answer)


def named(name: str, intent: str, /, **entities: Any) -> OfferSpec:
    """A choice titled with a name as it is."""
    return OfferSpec(act=Act(intent=intent, entities=Entities(**entities)), name=name)


# ---- steps ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reader:
    """How a slot is read: what understanding should expect, and where the value is found in an act."""

    expects: Expects
    take: Callable[[Entities], object]
    native: Native | None = None
    spoken: bool = False  # the value can be said back as it is


@dataclass(frozen=True)
class Otherwise:
    """What happens when a `do` gets another answer than it needs, or a `confirm` a no."""

    effects: Effects = ()
    put: Mapping[str, Any] = field(default_factory=dict)  # slots to set
    forget: tuple[str, ...] = ()  # slots to read again
    leave: bool = False  # the dialog ends here


@dataclass(frozen=True)
class Step:
    kind: Literal["ask", "confirm", "say", "do", "wait", "pause"]
    name: str
    when: Callable[[Any], bool] | None = None
    needs: tuple[str, ...] = ()
    reader: Reader | None = None
    args: Callable[[Any], dict[str, Arg]] | None = None
    choices: Callable[[Any], tuple[OfferSpec, ...]] | None = None
    show: Callable[[Any], Effects] | None = None
    command: Callable[[Any], Command] | None = None
    otherwise: Mapping[type, Callable[[Any, Any], Otherwise | None]] = field(default_factory=dict)
    until: type | None = None
    on: Callable[[Any], str | None] | None = None
    after: timedelta | None = None
    final: bool = False
    native: Callable[[Any], Native | None] | None = None  # the messenger's own way to ask, where it depends


def ask(
    name: str,
    reader: Reader,
    *,
    when: Callable[[S], bool] | None = None,
    needs: tuple[str, ...] = (),
    args: Callable[[S], dict[str, Arg]] | None = None,
    choices: Callable[[S], tuple[OfferSpec, ...]] | None = None,
    native: Callable[[S], Native | None] | None = None,
) -> Step:
    """Ask for a slot. Texts: `<dialog>.<name>.ask|again|retry`."""
    return Step("ask", name, when, needs, reader, args, choices, native=native)


def confirm(
    name: str,
    *,
    when: Callable[[S], bool] | None = None,
    needs: tuple[str, ...] = (),
    args: Callable[[S], dict[str, Arg]] | None = None,
    choices: Callable[[S], tuple[OfferSpec, ...]] | None = None,
    show: Callable[[S], Effects] | None = None,
) -> Step:
    """Ask for a yes; on a no the dialog's `refused` says what follows. `show` goes before the question."""
    return Step("confirm", name, when, needs, Reader("yes_no", lambda _: None), args, choices, show)


def say(
    name: str,
    *,
    when: Callable[[S], bool] | None = None,
    args: Callable[[S], dict[str, Arg]] | None = None,
    show: Callable[[S], Effects] | None = None,
) -> Step:
    """Say something once: the text `<dialog>.<name>`, or what `show` gives."""
    return Step("say", name, when, args=args, show=show)


def do(
    name: str,
    command: Callable[[S], Command],
    *,
    when: Callable[[S], bool] | None = None,
    needs: tuple[str, ...] = (),
    otherwise: Mapping[type, Callable[[Any, Any], Otherwise | None]] | None = None,
    final: bool = False,
) -> Step:
    """Ask the shop for something; the answer fills the slot. `final`: the point of no return for all it needs.

    `otherwise`: what to do with an answer of that type instead; None from it means the answer is fine.
    """
    return Step("do", name, when, needs, command=command, otherwise=otherwise or {}, final=final)


def wait(name: str, *, until: type, on: Callable[[S], str | None], when: Callable[[S], bool] | None = None) -> Step:
    """Wait for an event of this very order. A frame that only waits leaves the talk."""
    return Step("wait", name, when, until=until, on=on)


def pause(name: str, after: timedelta) -> Step:
    """Let time pass before going on."""
    return Step("pause", name, after=after)


WATCHED = ("cart",)  # facts beside the slots that a step may need: the cart's revision


@dataclass(frozen=True)
class Dialog:
    """A form: typed slots and a tuple of named steps. Where we are is derived, never stored.

    `starts_on`: intents that open it. `needs` of its steps names other steps, slots, or a watched fact ("cart").
    """

    name: str
    slots: type[BaseModel]
    steps: tuple[Step, ...]
    starts_on: tuple[str, ...] = ()
    revise: Callable[[Any], Command | None] | None = None
    refused: Callable[[Any, str], Otherwise] | None = None  # a confirm was answered with no
    absorb: Callable[[Any, Act], dict[str, Any]] | None = None  # slots an act changes beyond its readers; None forgets
    prefill: Callable[[Focus], dict[str, Any]] | None = None

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if len(set(names)) != len(names):
            raise ValueError(f"{self.name}: two steps share a name")
        if strange := {need for step in self.steps for need in step.needs} - {
            *names,
            *self.slots.model_fields,
            *WATCHED,
        }:
            raise ValueError(f"{self.name}: a step needs what nobody gives: {', '.join(sorted(strange))}")
        kept = [step.name for step in self.steps if step.kind in ("ask", "confirm", "do", "wait")]
        if unknown := set(kept) - set(self.slots.model_fields):
            raise ValueError(f"{self.name}: no such slots: {', '.join(sorted(unknown))}")

    def step(self, name: str) -> Step | None:
        return next((step for step in self.steps if step.name == name), None)

    def needed_by(self, name: str) -> frozenset[str]:
        """All that a step needs, transitively."""
        found: set[str] = set()
        todo = [name]
        while todo:
            step = self.step(todo.pop())
            for need in step.needs if step else ():
                if need not in found:
                    found.add(need)
                    todo.append(need)
        return frozenset(found)


Handler = Callable[[State, Act], Effects]
Answer = Callable[[State, Any, Act | None], Effects]
Listener = Callable[[State, Any], Effects]


@dataclass(frozen=True)
class Tools:
    """A dialog that is not a form: a table from intents to small pure handlers on shared state.

    `answers` takes what the shop returned, by type; `events` takes what the shop tells by itself.
    """

    name: str
    on: Mapping[str, Handler] = field(default_factory=dict)
    answers: Mapping[type, Answer] = field(default_factory=dict)
    events: Mapping[type, Listener] = field(default_factory=dict)


class Registry:
    """All dialogs of the bot."""

    def __init__(self, forms: Sequence[Dialog], tools: Sequence[Tools]) -> None:
        self.forms = {form.name: form for form in forms}
        self.tools = {tool.name: tool for tool in tools}
        self.handlers: dict[str, tuple[str, Handler]] = {}
        for tool in tools:
            for intent, handler in tool.on.items():
                if intent in self.handlers:
                    raise ValueError(f"two dialogs handle {intent}: {self.handlers[intent][0]} and {tool.name}")
                self.handlers[intent] = (tool.name, handler)
        self.starts = {intent: form for form in forms for intent in form.starts_on}
        self.answers = {kind: answer for tool in tools for kind, answer in tool.answers.items()}
        self.listeners = {kind: listener for tool in tools for kind, listener in tool.events.items()}


# ---- readers -------------------------------------------------------------------------------------

person_name = Reader("person", lambda e: e.person, spoken=True)
phone = Reader("phone", lambda e: e.phone, native="phone", spoken=True)
email = Reader("email", lambda e: e.email, native="email")
delivery_method = Reader("delivery", lambda e: e.delivery)
payment_method = Reader("payment", lambda e: e.payment)
city = Reader("city", lambda e: e.city)
postal_address = Reader("address", lambda e: e.address, spoken=True)
pickup_point = Reader("point", lambda e: e.point)
rating = Reader("rating", lambda e: e.rating)
