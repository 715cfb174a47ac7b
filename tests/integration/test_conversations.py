"""Every conversation script, and what no script can say: repeated webhooks, a race at the desk, another catalogue."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from psycopg.types.json import Jsonb

from app.talk_test.command import run
from app.talk_test.databases import Databases
from app.talk_test.files import Script, read_scripts
from app.talk_test.recording import RecordingChannel
from app.talk_test.report import transcript
from app.talk_test.runner import MAIN, Play, Wishes
from app.talk_test.seats import RecordingVenue
from base.clock import StandingClock
from base.errors import ShopkeeperError
from bot.messages import Profile, Text
from desk import actions
from tests.guard.watching import watch
from tests.integration.scripts import HOME, SCRIPTS, databases_on, later, named, play


@pytest.fixture(scope="module")
def databases(server_url: str) -> Iterator[Databases]:
    with databases_on(server_url) as made:
        yield made


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
async def test_the_conversation_goes_as_its_script_says(
    script: Script, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = watch(monkeypatch)
    result = await play(script, databases)
    assert not stopped, "the promise guard: " + "\n".join(stopped)
    if not result.passed and later(script):
        pytest.xfail("a later issue makes it pass")
    assert result.passed, "\n" + transcript(result)


@pytest.mark.parametrize("name", ["C06-correction-of-quantity", "C13-stacking", "C17-double-tap"])
async def test_a_webhook_that_is_delivered_twice_changes_nothing(name: str, databases: Databases) -> None:
    result = await play(named(name), databases, wishes=Wishes(deliveries=2))
    assert result.passed, "\n" + transcript(result)


async def test_a_burn_time_in_the_catalogue_is_told(databases: Databases) -> None:
    said: list[str] = []

    async def know(play_: Play) -> None:
        async with play_.stage.db.begin() as tx:
            await tx.execute(
                "UPDATE product SET facts = facts || %s WHERE id = 'CAN'", Jsonb({"burn_time": {"en": "40 h"}})
            )
            await tx.execute("UPDATE catalogue_meta SET version = version + 1")

    async def listen(_: int, play_: Play) -> None:
        said.extend(received.words for received in play_.people[MAIN].seat.received)

    await play(
        named("C02-ordinal-reference"), databases, wishes=Wishes(before_talk=know, after_line=listen, look=False)
    )
    assert "40 h" in "\n".join(said)


@pytest.mark.parametrize("bot_is", ["still thinking", "told to wait by the messenger"])
async def test_only_the_managers_words_reach_the_customer_when_she_is_faster_than_the_bot(
    bot_is: str, databases: Databases
) -> None:
    """C23, the race: the bot is at work on an answer when Olga takes over; hers is the only message that is sent."""
    heard: list[str] = []

    async def race(play_: Play) -> None:
        stage, person, channel = play_.stage, play_.people[MAIN], play_.venue.channel
        assert isinstance(channel, RecordingChannel)
        if bot_is == "still thinking":
            slow = stage.turns.kick
            stage.turns.kick = lambda conversation_id: None
            await person.seat.do(Text(text="is the throw washable?"))
            stage.turns.kick = slow
        else:
            channel.busy = 1
            await person.seat.do(Text(text="is the throw washable?"))
            while channel.busy:
                await asyncio.sleep(0.005)
        olga = await play_.desk.manager("Olga")
        async with stage.db.begin() as tx:
            await actions.take(tx, person.conversation, olga, now=stage.now)
            await actions.reply(tx, person.conversation, olga, "Yes, by hand.", now=stage.now, key="race", limits={})
        await stage.rest()
        heard.extend(received.words for received in person.seat.received)

    await play(named("C23-take-over"), databases, wishes=Wishes(before_talk=race, look=False))
    assert heard == ["Yes, by hand."]


async def test_the_desk_is_told_that_somebody_is_angry(databases: Databases) -> None:
    told: list[str] = []

    async def look(play_: Play) -> None:
        async with play_.stage.db.begin() as tx:
            told.extend(str(row["mood"]) for row in await tx.rows("SELECT summary->>'mood' AS mood FROM handoff"))

    await play(named("angry-ru"), databases, wishes=Wishes(after_talk=look))
    assert told == ["angry"]


# ---- the command ---------------------------------------------------------------------------------

GOOD = (
    "- case: good\n  talk:\n    - user: add a white mug\n    - bot: {has: ['12.00']}\n  end: {cart: {MUG-white: 1}}\n"
)
BAD = "- case: bad\n  talk:\n    - user: add a white mug\n    - bot: {has: ['99.00']}\n"


def test_the_command_tells_each_case_as_json_and_fails_when_one_fails(
    tmp_path: Path, server_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "two.yml"
    script.write_text(GOOD + BAD)
    assert run([script], as_json=True, home=HOME, server_url=server_url) == 1
    good, bad = json.loads(capsys.readouterr().out)
    assert (good["case"], good["pass"], good["first_failing_line"]) == ("good", True, None)
    assert good["said"][0] == {"from": "customer", "text": "add a white mug"}
    assert "12.00" in good["said"][1]["text"]
    assert bad["pass"] is False
    assert bad["first_failing_line"] == {
        "line": 9,
        "text": "bot: {'has': ['99.00']}",
        "why": "'99.00' was not said.",
    }


def test_the_command_is_content_when_all_cases_pass(
    tmp_path: Path, server_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.yml").write_text(GOOD)
    assert run([tmp_path], home=HOME, server_url=server_url) == 0
    assert "1 of 1 cases pass." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "channel", "told"),
    [
        ("- case: one\n  talk: [{usr: hi}]\n", None, "'usr' is not known here. Did you mean 'user'?"),
        (GOOD, "pigeon", "There is no channel 'pigeon'. Known: "),
        ("- case: one\n  shop: nowhere\n  talk: [{user: hi}]\n", None, "There is no data set 'nowhere'."),
    ],
)
def test_a_broken_script_is_told_and_nothing_is_played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, channel: str | None, told: str
) -> None:
    (tmp_path / "broken.yml").write_text(text)
    assert run([tmp_path], channel=channel, home=HOME) == 2
    said = capsys.readouterr()
    assert told in said.err
    assert said.out == ""


async def test_a_set_up_that_cannot_be_is_the_first_failing_line(tmp_path: Path, databases: Databases) -> None:
    path = tmp_path / "given.yml"
    path.write_text("- case: one\n  given:\n    - cart: {MUG-blue: 1}\n  talk: [{user: hi}]\n")
    (script,) = read_scripts([path])
    result = await play(script, databases)
    assert result.failure is not None
    assert result.failure.line == 3
    assert result.failure.why == (
        "This cannot be put into the cart: MUG-blue (0 free). Set the stock first, or name known SKUs."
    )


def test_an_unknown_message_cannot_be_edited() -> None:
    clock = StandingClock(datetime(2026, 11, 24, tzinfo=UTC))
    seat = RecordingVenue(RecordingChannel(), clock).seat(Profile())
    with pytest.raises(ShopkeeperError, match="The customer has no message -1"):
        seat.message_id(-1)
