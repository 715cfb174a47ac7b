"""Every script through the web chat socket, the terminal, and the adapters of Telegram and Meta: they all end alike.

Messenger and Instagram, which share an adapter, take turns, and an account that is lent to the bot, which shares
Telegram's, has every sixth; `make chaos` plays every script on all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from app.talk_test.databases import Databases
from app.talk_test.files import Script
from app.talk_test.report import transcript
from tests.integration.scripts import FIRST, databases_on, later, play

ALL = "CHAOS_ROUNDS" in os.environ
META = ("facebook", "instagram")
LENT = ("telegram_business",)
PLAYED = [
    (script, channel)
    for i, script in enumerate(FIRST)
    for channel in (
        *("webchat", "telegram", "console"),
        *(META if ALL else META[i % 2 : i % 2 + 1]),
        *(LENT if ALL or i % 6 == 0 else ()),
    )
]
ENDS: dict[str, dict[str, object]] = {}  # how each script ended on the first messenger


@pytest.fixture(scope="module")
def databases(server_url: str) -> Iterator[Databases]:
    with databases_on(server_url) as made:
        yield made


@pytest.mark.parametrize(("script", "channel"), PLAYED, ids=[f"{script.name}-{name}" for script, name in PLAYED])
async def test_the_conversation_ends_alike_on_every_messenger(
    script: Script, channel: str, databases: Databases
) -> None:
    if channel == "console" and any(line.photo for line in script.case.talk):
        pytest.skip("a terminal sends no photos")
    elsewhere = await play(script, databases, channel=channel)
    if not elsewhere.passed and later(script):
        pytest.xfail("a later issue makes it pass")
    assert elsewhere.passed, "\n" + transcript(elsewhere)
    assert elsewhere.end == ENDS.setdefault(script.name, elsewhere.end)
