"""Draws what the program really does, from its own tables: dialogs as flow charts, states as state diagrams."""

from __future__ import annotations

from base.errors import ShopkeeperError
from bot.dialogs import all_dialogs
from bot.steps import Dialog, Step, Tools
from shop.states import MACHINES, mermaid

SHAPES = {"ask": "[/{}/]", "confirm": "{{{}}}", "do": "[{}]", "say": "([{}])", "wait": "[[{}]]", "pause": "((({})))"}


STATES = "-states"  # `payment-states`: the table, where a dialog has the same name


def draw(name: str) -> str:
    """Mermaid text. Raises ShopkeeperError, with all names, for one that is neither a dialog nor a table of states."""
    registry = all_dialogs()
    if name in registry.forms:
        return draw_form(registry.forms[name])
    if name in registry.tools:
        return draw_tools(registry.tools[name])
    if name.removesuffix(STATES) in MACHINES:
        return mermaid(MACHINES[name.removesuffix(STATES)])
    names = (*registry.forms, *registry.tools, *(f"{machine}{STATES}" for machine in MACHINES))
    known = ", ".join(dict.fromkeys(names))
    raise ShopkeeperError(f"There is no dialog {name!r}.", f"Use one of: {known}.")


def draw_form(form: Dialog) -> str:
    """The steps in their order, and with dotted lines what each one needs: a change there asks it again."""
    lines = ["flowchart TD", f'    start(["{" | ".join(form.starts_on) or form.name}"])']
    lines += [f"    {step.name}{_shape(step)}" for step in form.steps]
    names = ["start", *(step.name for step in form.steps)]
    for before, step in zip(names, form.steps, strict=False):
        lines.append(f"    {before} -->{'|when|' if step.when else ''} {step.name}")
    known = {step.name for step in form.steps}
    for step in form.steps:
        lines += [f"    {need} -.-> {step.name}" for need in step.needs if need in known]
    if final := [step.name for step in form.steps if step.final]:
        lines += ["    classDef final stroke-width:4px", f"    class {','.join(final)} final"]
    return "\n".join(lines) + "\n"


def draw_tools(tools: Tools) -> str:
    """Which intents and events a dialog without steps answers."""
    lines = ["flowchart LR", f'    {tools.name}["{tools.name}"]']
    lines += [f"    {intent}([{intent}]) --> {tools.name}" for intent in tools.on]
    lines += [f"    {kind.__name__}>{kind.__name__}] --> {tools.name}" for kind in tools.events]
    return "\n".join(lines) + "\n"


def _shape(step: Step) -> str:
    words = f"{step.kind} {step.name}" + (f": {step.until.__name__}" if step.until else "")
    return SHAPES[step.kind].format(f'"{words}"')
