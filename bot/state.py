"""The state of a conversation: what is being talked about, what waits, and the one open question. Travels as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from base.money import Money
from bot.acts import Act, Entities, Mood
from bot.messages import Value
from bot.understanding import Expects, Offered, Shown

Native = Literal["phone", "email", "location"]  # what a messenger may have a way of its own to ask for


class Moment(Value):
    """A moment, said as the customer's language says it."""

    at: datetime
    form: Literal["time", "day", "day_time"] = "time"


class Day(Value):
    day: date


class Lines(Value):
    """Sentences of the same kind, one a line."""

    lines: tuple[Sentence, ...]


Arg = int | str | Money | Moment | Day | Lines


class Sentence(Value):
    """A text key with what it is about; never a ready sentence."""

    key: str
    args: dict[str, Arg] = {}


class CardSpec(Value):
    """A product card before it has words."""

    title: str
    subtitle: str | Sentence = ""
    price: Money | Sentence | None = None
    image: str | None = None
    offered: tuple[OfferSpec, ...] = ()


class OfferSpec(Value):
    """A choice before it has words: its title is a text key, or a name as it is."""

    act: Act
    title: Sentence | None = None
    name: str = ""
    answer: Literal["yes", "no"] | None = None
    price: Money | None = None  # what choosing it costs: "the cheapest" is told by it


class Question(Value):
    """The one open question, shared by forms and tools."""

    id: str
    owner: str  # frame id; "" for a tool dialog
    step: str  # step name of the frame; "" for a tool dialog
    expects: Expects
    again: Sentence | None = None  # how to ask it once more after a digression; None: it may be let go
    specs: tuple[OfferSpec, ...] = ()


class TapTarget(Value):
    """What a button means. With a `question` it counts only while that question is open."""

    act: Act
    question: str | None = None
    title: str = ""  # as it was shown: typing it means the same as pressing it
    price: Money | None = None


class Frame(BaseModel):
    """One run of a form dialog. `id` is given by the event that opened it."""

    model_config = ConfigDict(extra="ignore")

    id: str
    dialog: str
    slots: dict[str, Any] = {}
    said: list[str] = []
    pending: str | None = None  # the step whose answer, event or timer is under way
    asked: str | None = None  # the step whose question was put last: asked once more, it has other words
    locale: str = ""  # the language in which the shop answered it

    def fork(self) -> Frame:
        return self.model_copy(update={"slots": dict(self.slots), "said": list(self.said)})


class Focus(BaseModel):
    """What words like "it" and "the second one" mean right now."""

    model_config = ConfigDict(extra="ignore")

    shown: tuple[Shown, ...] = ()
    product: str | None = None
    sku: str | None = None
    order: str | None = None
    last_line: str | None = None
    offered: str | None = None  # SKU that the last answer told about, with a button to add it and nothing asked
    added: str | None = None  # SKU that the last answer told to be in the cart now
    budget: Money | None = None
    recipient_kind: str | None = None
    city: str | None = None
    needed: date | None = None  # by when he wants it
    near: str | None = None  # where a pick-up point was wanted, before the checkout asks for it
    told: Entities | None = None  # name, phone, e-mail and address that were said before a form asks for them
    searched: Act | None = None  # the last search, for "show me more"
    offset: int = 0


class State(BaseModel):
    model_config = ConfigDict(extra="ignore")

    locale: str = "en"
    serial: int = 0  # numbers for questions and buttons
    stack: list[Frame] = []  # what the customer and the bot are talking about, top last
    background: list[Frame] = []  # what waits: for money, for a parcel, for a day to pass
    question: Question | None = None
    focus: Focus = Field(default_factory=Focus)
    answered: str | None = None  # the question that the last turn closed: its buttons, typed again, do nothing twice
    taps: dict[str, TapTarget] = {}
    watched: dict[str, int] = {}  # facts that steps may need: the cart's revision
    misses: int = 0
    good: int = 0
    before: str = ""  # what the customer wrote last, for who must say it again
    moods: tuple[Mood, ...] = ()  # of the last turns: a person at the desk is told the strongest
    greeted: bool = False
    nudged: bool = False  # one nudge about a promotion, never a second after a no
    numbered: tuple[Offered, ...] = ()  # the choices last shown, in the order of their numbers
    last: tuple[Sentence, ...] = ()  # what was said last, for "say it again"
    # within one turn only: acts still to be done, and the call whose answer is awaited
    todo: list[Act] = []
    awaiting: Awaiting | None = None
    proposal: ProposedAsk | None = None  # the question a tool would like to ask at the end of this turn
    offering: list[OfferSpec] = []
    redone: list[str] = []  # frames that asked the shop anew in this turn
    failed: str | None = None  # the frame whose question got no answer
    upset: bool = False  # he is angry, or says that he said it already; until it is counted
    spoke: bool = False  # something was said in this turn
    refs: dict[str, str] = {}  # small facts a tool keeps between turns, by name

    def fork(self) -> State:
        """A copy that can be changed freely. Values inside are frozen and shared; only containers are copied."""
        return self.model_copy(
            update={
                "stack": [frame.fork() for frame in self.stack],
                "background": [frame.fork() for frame in self.background],
                "focus": self.focus.model_copy(),
                "taps": dict(self.taps),
                "watched": dict(self.watched),
                "refs": dict(self.refs),
                "todo": list(self.todo),
                "offering": list(self.offering),
                "redone": list(self.redone),
            }
        )


class ProposedAsk(Value):
    sentence: Sentence
    expects: Expects
    offered: tuple[OfferSpec, ...] = ()
    again: Sentence | None = None
    native: Native | None = None


class Awaiting(Value):
    """Who asked the shop: a step of a frame, or a tool dialog."""

    frame: str = ""
    step: str = ""
    tool: str = ""
    act: Act | None = None
    heard: bool = True  # the turn began with the customer's words


Lines.model_rebuild()
CardSpec.model_rebuild()
State.model_rebuild()
