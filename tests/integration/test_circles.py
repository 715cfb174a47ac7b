"""A dialog that asks the shop again and again: nothing of it is kept, and a person is called."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.talk_test.databases import Databases
from app.talk_test.runner import MAIN, Play, Wishes
from bot import talk
from bot.messages import Text
from tests.integration.scripts import databases_on, named, play


@pytest.fixture(scope="module")
def databases(server_url: str) -> Iterator[Databases]:
    with databases_on(server_url) as made:
        yield made


async def test_nothing_is_half_done_and_a_person_is_called(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, object] = {}

    async def circle(play_: Play) -> None:
        stage, person = play_.stage, play_.people[MAIN]
        async with stage.db.begin() as tx:
            before = await tx.row("SELECT count(*) AS n FROM cart_event")
        monkeypatch.setattr(talk, "MAX_STEPS", 2)  # enough to call a person, too few for all that is wanted
        monkeypatch.setattr(talk, "STEPS_OF_AN_ACT", 0)
        await person.seat.do(Text(text="add a white mug, use code WELCOME10 and checkout"))
        await stage.rest()
        async with stage.db.begin() as tx:
            conversation = await tx.row("SELECT owner FROM conversation WHERE id = %s", person.conversation)
            lines = await tx.row("SELECT count(*) AS n FROM cart_event")
            waiting = await tx.row("SELECT count(*) AS n FROM inbound WHERE status = 'pending'")
        seen.update(owner=conversation, changed=lines != before, waiting=waiting, said=person.seat.received[-1].words)

    await play(named("C22-human"), databases, wishes=Wishes(before_talk=circle, look=False))
    assert seen["owner"] == {"owner": "queue"}
    assert not seen["changed"]
    assert seen["waiting"] == {"n": 0}
    assert seen["said"]
