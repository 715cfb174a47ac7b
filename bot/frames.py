"""What can be told of a frame and its dialog without changing the talk: loading, forgetting, freezing. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from bot.acts import Entities
from bot.state import Frame
from bot.steps import Dialog, Step

SLOT_KINDS = ("ask", "confirm", "do", "wait")


def satisfied(st: Step, frame: Frame) -> bool:
    if st.kind in SLOT_KINDS:
        return frame.slots.get(st.name) not in (None, False)
    return st.name in frame.said


def says_more(entities: Entities) -> bool:
    """Whether it names anything; "it" names nothing."""
    return bool(entities.model_dump(exclude_defaults=True, exclude={"pronoun"}))


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def forget(dialog: Dialog, frame: Frame, changed: str) -> None:
    """Forget what needs a slot that changed, transitively."""
    for st in dialog.steps:
        if changed in st.needs and st.name in frame.slots:
            del frame.slots[st.name]
            forget(dialog, frame, st.name)


def load(dialog: Dialog, frame: Frame) -> BaseModel:
    """Slots as the code of today knows them: unknown ones dropped, unreadable ones forgotten and asked again."""
    known = set(dialog.slots.model_fields)
    frame.slots = {name: value for name, value in frame.slots.items() if name in known}
    while True:
        try:
            return dialog.slots.model_validate(frame.slots)
        except ValidationError as error:
            bad = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]} & set(frame.slots)
            if not bad:
                return dialog.slots()
            for name in bad:
                del frame.slots[name]
                forget(dialog, frame, name)


def frozen(dialog: Dialog, frame: Frame) -> frozenset[str]:
    """Slots that a satisfied `final` step needs, transitively: they are changed only through `revise`."""
    finals = [st.name for st in dialog.steps if st.final and st.name in frame.slots]
    return frozenset(need for name in finals for need in dialog.needed_by(name))


def waits_for(dialog: Dialog, frame: Frame, order: str) -> bool:
    """Whether this frame waits for something of that order."""
    view = load(dialog, frame)
    return any(st.kind == "wait" and st.on is not None and st.on(view) == order for st in dialog.steps)


def answers_of(dialog: Dialog, frame: Frame) -> dict[str, Any]:
    """What the customer said: the slots of questions, and those beside the steps; nothing that the shop computed, and
    no yes to something computed.
    """
    asked = {st.name for st in dialog.steps if st.kind == "ask" or (st.kind == "confirm" and not st.needs)}
    beside = {name for name in dialog.slots.model_fields if dialog.step(name) is None}
    return {name: value for name, value in frame.slots.items() if name in asked | beside}
