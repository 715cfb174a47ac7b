"""Every script through the web chat socket, the terminal, and the adapters of Telegram and Meta: they all end alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.talk_test.databases import Databases
from app.talk_test.files import Script
from app.talk_test.report import transcript
from tests.integration.scripts import FIRST, databases_on, later, play

ENDS: dict[str, dict[str, object]] = {}  # how each script ends on the recording channel


@pytest.fixture(scope="module")
def databases(server_url: str) -> Iterator[Databases]:
    with databases_on(server_url) as made:
        yield made


@pytest.mark.parametrize("script", FIRST, ids=lambda script: script.name)
@pytest.mark.parametrize("channel", ["webchat", "telegram", "facebook", "instagram", "console"])
async def test_the_conversation_ends_alike_on_every_messenger(
    script: Script, channel: str, databases: Databases
) -> None:
    if channel == "console" and any(line.photo for line in script.case.talk):
        pytest.skip("a terminal sends no photos")
    elsewhere = await play(script, databases, channel=channel)
    if not elsewhere.passed and later(script):
        pytest.xfail("a later issue makes it pass")
    assert elsewhere.passed, "\n" + transcript(elsewhere)
    if script.name not in ENDS:
        ENDS[script.name] = (await play(script, databases)).end
    assert elsewhere.end == ENDS[script.name]
