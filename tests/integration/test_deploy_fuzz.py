"""A deploy in the middle of a talk: every script, one step more or one step less in a dialog, and nobody is stuck."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator

import pytest
from pydantic import create_model

from app.settings import shipped_data
from app.talk_test.databases import Databases
from app.talk_test.files import Script
from app.talk_test.grammar import SPOKEN
from app.talk_test.report import transcript
from app.talk_test.runner import MAIN, Play, Wishes
from bot.dialogs import all_dialogs
from bot.messages import Text
from bot.state import Frame, State
from bot.steps import Dialog, Reader, Registry, ask, say
from bot.texts import Texts
from tests.integration.scripts import FIRST, databases_on, named, play

TODAY = all_dialogs()
NEEDED = ("quote", "order", "invoice")  # a checkout without these is not a checkout
EMAIL = Reader("email", lambda entities: entities.email)
ANSWERS = {  # what a patient customer answers, by what is expected
    "yes_no": "yes", "person": "Ana", "phone": "+370 600 00001", "email": "ana@example.com", "delivery": "DHL",
    "address": "Gedimino 5, Vilnius", "city": "Vilnius", "payment": "by card", "rating": "5", "quantity": "1",
}  # fmt: skip
MOST_ANSWERS = 12
KEPT = ("recipient", "phone", "delivery", "address", "point", "payment")


@dataclasses.dataclass(frozen=True)
class Deploy:
    """Tomorrow's version of one dialog."""

    name: str
    dialog: Dialog

    @property
    def registry(self) -> Registry:
        forms = [self.dialog if form.name == self.dialog.name else form for form in TODAY.forms.values()]
        return Registry(forms, tuple(TODAY.tools.values()))


def deploys() -> list[Deploy]:
    """Every dialog with one step more or one step less, at each place."""
    found = []
    for form in TODAY.forms.values():
        slots = create_model(f"{form.name}_tomorrow", __base__=form.slots, extra=(str | None, None))
        steps = form.steps
        for place in range(len(steps) + 1):
            for what, new in (("asks", ask("extra", EMAIL)), ("says", say("news"))):
                changed = dataclasses.replace(form, slots=slots, steps=(*steps[:place], new, *steps[place:]))
                found.append(Deploy(f"{form.name} {what} more at {place}", changed))
        for place, step in enumerate(steps):
            if step.name not in NEEDED:
                changed = dataclasses.replace(form, steps=(*steps[:place], *steps[place + 1 :]))
                found.append(Deploy(f"{form.name} without {step.name}", changed))
    return found


DEPLOYS = deploys()
EACH = 1 if "CHAOS_ROUNDS" in os.environ else 2  # every turn and every deploy, or every second one
TURNS = [
    (script, index)
    for script in FIRST
    for index, line in enumerate(script.case.talk)
    if line.word in SPOKEN or line.word in ("wait", "event")
]


@pytest.fixture(scope="module")
def databases(server_url: str) -> Iterator[Databases]:
    with databases_on(server_url) as made:
        yield made


@pytest.fixture(scope="module")
def texts() -> Texts:
    """Today's texts, and those of the new steps."""
    more = "".join(
        f"{form.replace('_', '-')}-{key} = {words}\n"
        for form in TODAY.forms
        for key, words in (
            ("extra-ask", "What is your e-mail?"),
            ("extra-again", "Back to your order: your e-mail?"),
            ("extra-retry", "An e-mail looks like name@example.com. What is yours?"),
            ("news", "There is news."),
        )
    )
    sources = {path.stem: path.read_text("utf-8") + "\n" + more for path in (shipped_data() / "texts").glob("*.ftl")}
    zone = next(iter(FIRST)).case.clock.tzinfo
    assert zone is not None
    return Texts(sources, zone=zone)


@pytest.mark.parametrize(
    "turn", range(0, len(TURNS), EACH), ids=lambda turn: f"{TURNS[turn][0].name}-line{TURNS[turn][1] + 1}"
)
async def test_nobody_is_stuck_when_a_dialog_changes_in_the_middle_of_a_talk(
    turn: int, databases: Databases, texts: Texts
) -> None:
    script, index = TURNS[turn]
    await deploy_during(script, index, DEPLOYS[(7 * turn) % len(DEPLOYS)], databases, texts)


@pytest.mark.parametrize(
    "number",
    range(0, len(DEPLOYS), EACH),
    ids=lambda number: DEPLOYS[number].name.replace(" ", "-"),
)
async def test_a_checkout_goes_through_whatever_changes_in_it(number: int, databases: Databases, texts: Texts) -> None:
    script = named("C14-digression")
    spoken = [index for index, line in enumerate(script.case.talk) if line.word in SPOKEN]
    state = await deploy_during(script, spoken[number % len(spoken)], DEPLOYS[number], databases, texts)
    assert not state or state["orders"] == 1, DEPLOYS[number].name  # nothing: a person has the conversation


async def deploy_during(
    script: Script, index: int, deploy: Deploy, databases: Databases, texts: Texts
) -> dict[str, object]:
    """Play a script, change a dialog before one line, answer every question that is open at the end, call a person."""
    slots: dict[str, object] = {}

    async def before(line: int, play_: Play) -> None:
        if line == index:
            slots.update(filled(await state_of(play_)))
            play_.stage.deploy(deploy.registry, texts)

    async def after(line: int, play_: Play) -> None:
        if line == index and slots:
            now = filled(await state_of(play_))
            lost = [name for name in KEPT if name in slots and now.get("frame") == slots["frame"] and name not in now]
            assert not lost or "without" in deploy.name, f"{deploy.name}: lost {lost}"

    async def finish(play_: Play) -> None:
        person, stage = play_.people[MAIN], play_.stage
        async with stage.db.begin() as tx:
            row = await tx.row("SELECT owner FROM conversation WHERE id = %s", person.conversation)
        if row is None or row["owner"] != "bot":
            return
        for _ in range(MOST_ANSWERS):
            state = await state_of(play_)
            if not state.stack:
                break
            expects = state.question.expects if state.question else ""
            answer = ANSWERS.get(expects) or (state.numbered[0].title if state.numbered else "yes")
            await said(play_, answer)
        else:
            raise AssertionError(f"{deploy.name}: stuck at {(await state_of(play_)).question}\n{told(play_)}")
        ended.update(await counted(play_))
        async with stage.db.begin() as tx:
            row = await tx.row("SELECT owner FROM conversation WHERE id = %s", person.conversation)
        assert row is not None
        if row["owner"] != "bot":  # a person has the conversation already: a checkout without this step cannot end
            ended.clear()
            return
        await said(play_, "human please")
        async with stage.db.begin() as tx:
            row = await tx.row("SELECT owner FROM conversation WHERE id = %s", person.conversation)
        assert row is not None
        assert row["owner"] == "queue" or not stage.world.shop.managers_on_duty(stage.now), f"{deploy.name}: no person"

    ended: dict[str, object] = {}
    wishes = Wishes(before_line=before, after_line=after, after_talk=finish, look=False)
    result = await play(script, databases, wishes=wishes)
    assert result.passed, f"{deploy.name}\n{transcript(result)}"
    return ended


async def said(play_: Play, words: str) -> None:
    """The customer says this, and is answered."""
    before = len(play_.people[MAIN].seat.received)
    await play_.people[MAIN].seat.do(Text(text=words))
    await play_.stage.rest()
    assert len(play_.people[MAIN].seat.received) > before, f"{words!r} was met with silence\n{told(play_)}"


async def state_of(play_: Play) -> State:
    async with play_.stage.db.begin() as tx:
        row = await tx.row("SELECT state FROM conversation WHERE id = %s", play_.people[MAIN].conversation)
    assert row is not None
    return State.model_validate(row["state"])


async def counted(play_: Play) -> dict[str, object]:
    async with play_.stage.db.begin() as tx:
        row = await tx.row("SELECT count(*) AS orders FROM shop_order WHERE status <> 'cancelled'")
    assert row is not None
    return {"orders": row["orders"]}


def filled(state: State) -> dict[str, object]:
    """The open frame and what is filled in it."""
    frame: Frame | None = state.stack[-1] if state.stack else None
    return {"frame": frame.id, **frame.slots} if frame else {}


def told(play_: Play) -> str:
    return "\n".join(received.words for received in play_.people[MAIN].seat.received[-6:])
