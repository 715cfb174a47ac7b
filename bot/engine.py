"""The dialog engine: a pure reducer. step(registry, state, event) -> (state, effects). No I/O, no clock, no random.

Rules, all of them kept here:
- Position in a form is derived: the first step not yet satisfied. A correction sets a slot and forgets what needs it.
- Acts of a turn run in the customer's order; answers come first, at most one question comes last.
- A call to the shop is answered by `Returned` in the same turn; then the next act runs.
- A form that only waits leaves the talk; it comes back by its own event and asks only into silence.
- What a `final` step needs is frozen: changing it runs the form's `revise` command and walks a new frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from bot import repair
from bot.acts import Act, Heard
from bot.frames import answers_of, forget, frozen, load, plain, satisfied, says_more, waits_for
from bot.messages import Value
from bot.state import Awaiting, Frame, Question, Sentence, State
from bot.steps import (
    Again,
    Ask,
    Call,
    Close,
    Dialog,
    Drop,
    Effect,
    Effects,
    Handoff,
    Hush,
    Note,
    Offer,
    Open,
    Otherwise,
    Registry,
    Remember,
    Reopen,
    Say,
    SetTimer,
    Step,
    tell,
)
from shop.views import CartView

LONGEST_KEPT = 200  # letters of what the customer wrote last
BESIDE_A_YES = frozenset(["affirm", "checkout", "thank", "greet", "goodbye", "praise", "smalltalk"])
MOODS = 3  # turns back that a mood is told at the desk
FILLING = frozenset(
    {"inform", "choose_delivery", "choose_payment", "change_details", "checkout", "affirm", "unknown", "location"}
)

# ---- events --------------------------------------------------------------------------------------


class Returned(Value):
    """The shop's answer to the call that the state awaits."""

    value: Any


class Happened(Value):
    """The shop tells by itself: money settled, a parcel moved."""

    event: Any


class Elapsed(Value):
    """A timer rang. `unsaid`: by the channel's rules nothing may be said now, so what it was for is left out."""

    frame: str
    step: str
    unsaid: bool = False


class Released(Value):
    """A manager hands the conversation back. `resume` or drop what was open."""

    resume: bool


Event = Heard | Returned | Happened | Elapsed | Released


def step(registry: Registry, state: State, event: Event) -> tuple[State, list[Effect]]:
    """One event in, the next state and what is to be done out. `state` is left untouched."""
    turn = _Turn(registry, state.fork(), [])
    match event:
        case Heard():
            turn.hear(event)
        case Returned():
            turn.returned(event.value)
        case Happened():
            turn.happened(event.event)
        case Elapsed():
            turn.elapsed(event)
        case Released():
            turn.released(event)
    return turn.state, turn.out


@dataclass
class _Turn:
    registry: Registry
    state: State
    out: list[Effect]
    noted: dict[str, tuple[str, str]] = field(default_factory=dict)  # frame -> the open step, what else was said
    patient: bool = False  # the customer wants a moment: nothing is asked again
    hushed: bool = False  # a person goes on: what is open is asked again when he hands back

    # ---- events ----------------------------------------------------------------------------------

    def hear(self, heard: Heard) -> None:
        s = self.state
        s.proposal, s.offering, s.redone, s.failed, s.spoke = None, [], [], None, False
        s.answered = s.question.id if s.question else None
        if heard.locale:
            s.locale = heard.locale
        s.before = heard.text[:LONGEST_KEPT]
        s.focus = s.focus.model_copy(update={"offered": None, "added": None})
        s.moods = (*s.moods, heard.mood)[-MOODS:]
        s.upset = heard.mood == "angry" or heard.repeated
        intents = [act.intent for act in heard.acts]
        self.patient = intents[-1:] == ["wait"] and {"wait", "affirm"}.issuperset(intents)
        s.todo = self._without_half_a_yes(heard.acts) or [Act(intent="unknown", text=heard.text, clear=False)]
        self._go_on(heard=True)

    def _without_half_a_yes(self, acts: Sequence[Act]) -> list[Act]:
        """What a form asks is confirmed by a plain yes.

        With a question, a change or "wait" beside it, it is none yet: the rest is dealt with, and the form asks again.
        """
        question = self.state.question
        if question is None or not question.owner or question.expects != "yes_no":
            return list(acts)
        if all(act.intent in BESIDE_A_YES and act.clear and not says_more(act.entities) for act in acts):
            return list(acts)
        told = [act for act in acts if act.intent != "affirm" or says_more(act.entities)]
        return [act.model_copy(update={"intent": "inform"}) if act.intent == "affirm" else act for act in told]

    def returned(self, value: Any) -> None:
        s = self.state
        awaiting, s.awaiting = s.awaiting, None
        self._watch(value, awaiting)
        if awaiting is None:
            return
        if awaiting.frame:
            self._frame_answered(awaiting, value)
        elif answer := self.registry.answers.get(type(value)):
            self._apply(answer(s, value, awaiting.act), awaiting.act)
        self._go_on(heard=awaiting.heard)

    def happened(self, event: Any) -> None:
        self._fresh()
        matched = False
        for frame in [*self.state.background, *self.state.stack]:
            dialog = self.registry.forms.get(frame.dialog)
            for waiting in dialog.steps if dialog else ():
                if dialog and waiting.kind == "wait" and waiting.until is type(event) and frame.pending == waiting.name:
                    view = load(dialog, frame)
                    if waiting.on and waiting.on(view) == getattr(event, "order", None):
                        frame.slots[waiting.name] = plain(event)
                        frame.pending = None
                        matched = True
        if not matched and (listener := self.registry.listeners.get(type(event))):
            self._apply(listener(self.state, event), None)
        self._go_on(heard=False)

    def elapsed(self, event: Elapsed) -> None:
        self._fresh()
        for frames in (self.state.background, self.state.stack):
            for frame in [one for one in frames if one.id == event.frame and one.pending == event.step]:
                frame.said.append(event.step)
                frame.pending = None
                if event.unsaid:
                    frames.remove(frame)
        self._go_on(heard=False)

    def released(self, event: Released) -> None:
        self._fresh()
        self.state.misses = 0
        if not event.resume:
            self.state.stack.clear()
            self.state.question = None
        self._apply([tell("handoff.back")], None)
        self._go_on(heard=event.resume)

    def _fresh(self) -> None:
        s = self.state
        s.proposal, s.offering, s.redone, s.failed, s.spoke, s.todo = None, [], [], None, False, []

    # ---- the turn --------------------------------------------------------------------------------

    def _go_on(self, *, heard: bool) -> None:
        s = self.state
        while s.awaiting is None and s.todo:
            self._do(s.todo.pop(0))
        if s.awaiting is None:
            self._wake()
        if s.awaiting is None:
            self._close(heard=heard)
        if s.awaiting is not None:
            s.awaiting = s.awaiting.model_copy(update={"heard": heard})

    def _do(self, act: Act) -> None:
        s = self.state
        if (effects := repair.handle(s, act)) is not None:
            self._apply(effects, act)
            return
        meant = self._answered(act)
        if meant is None:
            return
        act = meant
        if (effects := repair.either(s, act)) is not None:
            self._apply(effects, act)
            return
        frame = s.stack[-1] if s.stack else None
        if act.intent in FILLING and not act.question and self._fill(frame, act):
            return
        form = self.registry.starts.get(act.intent)
        if act.intent in self.registry.handlers:
            name, handler = self.registry.handlers[act.intent]
            self._good()
            self._apply(handler(s, act), act, tool=name)
        elif form and not any(open_.dialog == form.name for open_ in s.stack):
            self._good()
            self._open(form, act)
        elif form:
            self._good()
        else:
            self._not_understood(act)

    def _answered(self, act: Act) -> Act | None:
        """Let a yes or a no answer the open question. None: that was all there was to it."""
        s = self.state
        question = s.question
        if question is None:
            return act
        frame = next((f for f in s.stack if f.id == question.owner), None)
        dialog = self.registry.forms.get(frame.dialog) if frame else None
        says_yes = act.intent == "affirm" or bool(
            dialog and question.expects == "yes_no" and act.intent in dialog.starts_on and not says_more(act.entities)
        )
        if frame and dialog and question.expects == "yes_no" and (says_yes or act.intent == "deny"):
            s.question = None
            self._good()
            if says_yes:
                frame.slots[question.step] = True
                forget(dialog, frame, question.step)
                return None
            frame.slots.pop(question.step, None)
            if dialog.refused:
                self._turn_away(dialog, frame, dialog.refused(load(dialog, frame), question.step), act)
            return None
        if not question.owner and any(spec.act.intent == act.intent for spec in question.specs):
            s.question = None  # answered in other words than those of the buttons
        if act.intent in ("affirm", "deny"):
            wanted = "yes" if act.intent == "affirm" else "no"
            meant = next((spec.act for spec in question.specs if spec.answer == wanted), None)
            if meant:
                s.question = None
                return meant
        return act

    def _fill(self, frame: Frame | None, act: Act) -> bool:
        """Take everything the act says into the form that is open (or waits): answers, extras and corrections alike."""
        s = self.state
        waiting = [f for f in s.background if (d := self.registry.forms.get(f.dialog)) and d.revise]
        if frame is None and waiting and act.intent != "inform" and act.intent != "checkout":
            frame = waiting[-1]
        dialog = self.registry.forms.get(frame.dialog) if frame else None
        if frame is None or dialog is None:
            return False
        view = load(dialog, frame)
        changes: dict[str, Any] = {}
        for asked in dialog.steps:
            if asked.kind == "ask" and asked.reader and (value := asked.reader.take(act.entities)) is not None:
                changes[asked.name] = value
        if dialog.absorb:
            changes |= dialog.absorb(view, act)
        if not changes:
            return False
        fixed = frozen(dialog, frame)
        if any(name in fixed and frame.slots.get(name) != plain(value) for name, value in changes.items()):
            command = dialog.revise(view) if dialog.revise else None
            if command is None:
                self._apply([tell(f"{dialog.name}.cannot_change")], act)
                return True
            self._call(command, Awaiting(frame=frame.id, step="", act=act))
            return True
        self._good()
        self._set(dialog, frame, changes)
        if s.question and (not s.question.owner or frame.slots.get(s.question.step) is not None):
            s.question = None
        return True

    def _set(self, dialog: Dialog, frame: Frame, changes: dict[str, Any]) -> None:
        for name, value in changes.items():
            if value is None:
                frame.slots.pop(name, None)
            elif frame.slots.get(name) == plain(value):
                continue
            else:
                frame.slots[name] = plain(value)
            if frame.asked:
                spoken = [name for name in changes if (st := dialog.step(name)) and st.reader and st.reader.spoken]
                self.noted[frame.id] = frame.asked, ", ".join(str(changes[name]) for name in spoken if changes[name])
            frame.asked = None  # something moved: what is asked next is a new question
            forget(dialog, frame, name)

    def _open(self, form: Dialog, act: Act | None, slots: dict[str, Any] | None = None, *, back: bool = False) -> None:
        s = self.state
        s.serial += 1
        frame = Frame(id=f"{form.name}-{s.serial}", dialog=form.name, slots=plain(slots or {}), locale=s.locale)
        if form.prefill:
            frame.slots |= plain(form.prefill(s.focus))
        (s.background if back else s.stack).append(frame)
        if form.prefill and s.focus.told:
            self._fill(frame, Act(intent="inform", entities=s.focus.told))
            s.focus.told = None
        if act:
            self._fill(frame, act)

    def _not_understood(self, act: Act) -> None:
        s = self.state
        if s.question and s.question.owner and act.intent in FILLING:
            s.failed = s.question.owner
        self._apply([Again()], act)

    def _good(self) -> None:
        s = self.state
        if s.misses and not s.upset:
            s.good += 1
            if s.good >= 2:
                s.misses = s.good = 0

    # ---- effects ---------------------------------------------------------------------------------

    def _apply(self, effects: Effects, act: Act | None, *, tool: str = "") -> None:
        s = self.state
        for effect in effects:
            match effect:
                case Say():
                    s.spoke = True
                    self.out.append(effect)
                case Ask():
                    s.proposal = effect
                case Offer():
                    s.offering = list(effect.offered)
                case Call():
                    self._call(effect.command, Awaiting(tool=tool or "-", act=act))
                case SetTimer() | Note():
                    self.out.append(effect)
                case Handoff():
                    self._call(repair.AskForPerson(reason=effect.reason), Awaiting(tool="handoff", act=act))
                case Hush():
                    self.hushed = True
                case Open():
                    if form := self.registry.forms.get(effect.dialog):
                        self._open(form, None, effect.slots, back=effect.background)
                case Reopen():
                    self._reopen(effect.order)
                case Drop():
                    s.background = [frame for frame in s.background if not self._waits(frame, effect.order)]
                case Close():
                    if s.stack:
                        s.stack.pop()
                    s.question = None
                case Remember():
                    said = {name: getattr(effect, name) for name in effect.model_fields_set}
                    s.focus = s.focus.model_copy(update=said)
                case Again():
                    self._apply(repair.missed(s, act), act)

    def _call(self, command: BaseModel, awaiting: Awaiting) -> None:
        if self.state.awaiting is None:  # one call at a time: the answer decides what comes next
            self.state.awaiting = awaiting
            self.out.append(Call(command=command))

    def _frame_answered(self, awaiting: Awaiting, value: Any) -> None:
        s = self.state
        frame = next((f for f in [*s.stack, *s.background] if f.id == awaiting.frame), None)
        dialog = self.registry.forms.get(frame.dialog) if frame else None
        if frame is None or dialog is None:
            return
        if not awaiting.step:  # the answer to `revise`
            if answer := self.registry.answers.get(type(value)):
                self._apply(answer(s, value, awaiting.act), awaiting.act)
            if awaiting.act and s.stack:
                self._fill(s.stack[-1], awaiting.act)
            return
        asked = dialog.step(awaiting.step)
        frame.pending = None
        otherwise = asked.otherwise.get(type(value)) if asked else None
        away = otherwise(load(dialog, frame), value) if otherwise else None
        if away is not None:
            self._turn_away(dialog, frame, away, awaiting.act)
            return
        frame.slots[awaiting.step] = plain(value)
        s.redone.append(frame.id)
        if asked and asked.final:  # done for good: what lay in the cart is in no cart any more
            s.focus = s.focus.model_copy(update={"last_line": None, "added": None})

    def _turn_away(self, dialog: Dialog, frame: Frame, away: Otherwise, act: Act | None) -> None:
        s = self.state
        for name in away.forget:
            frame.slots.pop(name, None)
            forget(dialog, frame, name)
        self._set(dialog, frame, dict(away.put))
        if away.leave and frame in s.stack:
            s.stack.remove(frame)
            s.question = None
        self._apply(away.effects, act)

    def _waits(self, frame: Frame, order: str) -> bool:
        dialog = self.registry.forms.get(frame.dialog)
        return dialog is not None and waits_for(dialog, frame, order)

    def _reopen(self, order: str | None) -> None:
        """The shop took back what a frame had done: a new frame with the answers of the old one."""
        s = self.state
        for old in [*s.background, *s.stack]:
            dialog = self.registry.forms.get(old.dialog)
            if dialog is None or dialog.revise is None:
                continue
            if order is not None and not self._waits(old, order):
                continue
            if old in s.background:
                s.background.remove(old)
            else:
                s.stack.remove(old)
            s.serial += 1
            s.stack.append(Frame(id=f"{old.dialog}-{s.serial}", dialog=old.dialog, slots=answers_of(dialog, old)))

    def _watch(self, value: Any, awaiting: Awaiting | None) -> None:
        """A cart that moved makes everything that needs it be done anew, unless the order is placed."""
        cart = getattr(value, "cart", None)
        if not isinstance(cart, CartView):
            return
        if cart.empty:
            self.state.focus = self.state.focus.model_copy(update={"last_line": None})
        before = self.state.watched.get("cart")
        self.state.watched["cart"] = cart.revision
        if before is not None and before != cart.revision:
            for frame in self.state.stack:
                dialog = self.registry.forms.get(frame.dialog)
                for_good = {st.name for st in dialog.steps if st.final} if dialog else set()
                placing = awaiting is not None and awaiting.frame == frame.id and awaiting.step in for_good
                if dialog and not placing and not for_good & set(frame.slots):
                    forget(dialog, frame, "cart")

    # ---- walking ---------------------------------------------------------------------------------

    def _wake(self) -> None:
        """Frames whose event came go on: they speak at once, and ask only into silence."""
        s = self.state
        for frame in list(s.background):
            if s.awaiting is not None:
                return
            if frame.pending is None:
                silence = not s.stack and not (s.question and s.question.again)
                found = self._walk(frame)
                if found is None and frame.pending is None and s.awaiting is None:
                    s.background.remove(frame)
                elif found is not None and silence:
                    s.background.remove(frame)
                    s.stack.append(frame)

    def _close(self, *, heard: bool) -> None:
        """The end of a turn: walk what is open, then put the one question."""
        s = self.state
        if self.hushed:
            s.question, s.proposal, s.offering = None, None, []
            return
        if s.upset and heard:
            self._soothe()
            if s.awaiting is not None:
                return
        if self.patient and s.question:
            return
        wanted: tuple[Frame, Step] | None = None
        while s.stack and wanted is None:
            frame = s.stack[-1]
            wanted = self._walk(frame)
            if s.awaiting is not None:
                return
            if wanted is None and s.stack and s.stack[-1] is frame:
                s.stack.pop()
                if frame.pending is not None:
                    s.background.append(frame)
        held, asks = s.question, s.proposal
        if asks and (asks.again or not wanted):
            self._put(asks, owner="", step="")
        elif held and held.again and not held.owner and heard:
            anew = Ask(sentence=held.again, expects=held.expects, offered=held.specs, again=held.again)
            self._put(anew, owner="", step="")
        elif wanted:
            frame, step_ = wanted
            self._ask_step(frame, step_, heard=heard)
        elif held and held.again and not held.owner and heard:
            s.question = None
            self._put(Ask(sentence=held.again, expects=held.expects, offered=held.specs, again=None), owner="", step="")
        elif heard:
            s.question = None
        if (s.question is None and s.offering) or (s.question and not s.question.specs and s.offering and asks):
            self.out.append(Offer(offered=tuple(s.offering)))
        if s.question and s.question.id == s.answered:
            s.answered = None
        if heard and not s.spoke:  # whatever happened, nobody is left without a word
            self._apply([tell("repair.what_now")], None)
            self.out.append(Offer(offered=repair.NEXT_STEPS))
        s.proposal, s.offering = None, []

    def _translate(self, dialog: Dialog, frame: Frame) -> None:
        """The customer speaks another language now: what the shop had named in the old one is asked of it again."""
        frame.locale = self.state.locale
        if any(st.final and satisfied(st, frame) for st in dialog.steps):
            return
        for st in dialog.steps:
            if st.kind == "do" and frame.slots.pop(st.name, None) is not None:
                forget(dialog, frame, st.name)

    def _soothe(self) -> None:
        """Somebody angry was understood all the same: it counts as two misses, and a person is within reach."""
        s = self.state
        s.upset, s.misses, s.good = False, s.misses + 2, 0
        if s.misses > 2:
            s.misses = 0
            self._apply([Handoff(reason="angry")], None)
        elif not any(spec.act.intent == "human" for spec in s.offering):
            s.offering = [*s.offering, repair.NEXT_STEPS[-1]]

    def _ask_step(self, frame: Frame, asked: Step, *, heard: bool) -> None:
        s = self.state
        dialog = self.registry.forms[frame.dialog]
        view = load(dialog, frame)
        same = frame.asked == asked.name
        anew = frame.id in s.redone
        if same and not heard and not anew and s.question and s.question.owner == frame.id:
            return  # never nag on a foreign event
        how = "ask"
        frame.asked = asked.name
        before, what = self.noted.get(frame.id, ("", ""))
        if asked.kind == "ask" and before == asked.name:
            self._apply([tell("repair.noted_what", what=what) if what else tell("repair.noted")], None)
        if same and s.failed == frame.id:
            how = "retry"
        elif same and not anew:
            how = "again"
        if asked.show and how == "ask":
            self._apply(asked.show(view), None)
        args = asked.args(view) if asked.args else {}
        self._put(
            Ask(
                sentence=Sentence(key=f"{dialog.name}.{asked.name}.{how}", args=args),
                expects=asked.reader.expects if asked.reader else "text",
                offered=asked.choices(view) if asked.choices else (),
                native=asked.native(view) if asked.native else asked.reader.native if asked.reader else None,
            ),
            owner=frame.id,
            step=asked.name,
        )

    def _put(self, asks: Any, *, owner: str, step: str) -> None:
        s = self.state
        s.serial += 1
        s.spoke = True
        s.question = Question(
            id=f"q{s.serial}", owner=owner, step=step, expects=asks.expects, again=asks.again, specs=asks.offered
        )
        self.out.append(Ask.model_validate(asks.model_dump()))

    def _walk(self, frame: Frame) -> tuple[Frame, Step] | None:
        """Go to the first step not yet satisfied. Returns the question it has; None when done, waiting or calling."""
        s = self.state
        dialog = self.registry.forms.get(frame.dialog)
        if dialog is None:  # a deploy removed the dialog
            frame.pending = None
            return None
        if frame.pending is not None:
            pending = dialog.step(frame.pending)
            if pending is not None and pending.kind in ("wait", "pause"):
                return None
            frame.pending = None  # a deploy removed the step that was waited for
        if frame.locale != s.locale:
            self._translate(dialog, frame)
        view = load(dialog, frame)
        reached = max((i for i, st in enumerate(dialog.steps) if satisfied(st, frame)), default=-1)
        no_return = max((i for i, st in enumerate(dialog.steps) if st.final and satisfied(st, frame)), default=-1)
        for i, st in enumerate(dialog.steps):
            if satisfied(st, frame) or i < no_return or (st.kind in ("say", "pause") and i < reached):
                continue
            if st.when and not st.when(view):
                continue
            match st.kind:
                case "ask" | "confirm":
                    return frame, st
                case "say":
                    said = tell(f"{dialog.name}.{st.name}", **(st.args(view) if st.args else {}))
                    frame.said.append(st.name)
                    self._apply(st.show(view) if st.show else [said], None)
                case "do":
                    if st.command:
                        self._call(st.command(view), Awaiting(frame=frame.id, step=st.name))
                    return None
                case "wait":
                    frame.pending = st.name
                    return None
                case "pause":
                    frame.pending = st.name
                    if st.after:
                        self.out.append(SetTimer(frame=frame.id, step=st.name, after=st.after))
                    return None
            if s.awaiting is not None:
                return None
        return None
