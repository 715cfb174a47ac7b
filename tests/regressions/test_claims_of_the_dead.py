"""After a crash the web chat waited half a minute for a message that only had to be written again."""

from __future__ import annotations

import asyncio

import pytest

from base.db import Database
from bot import lanes
from integrations.messenger.telegram.adapter import Telegram
from integrations.messenger.webchat import WebChat
from tests.regressions.two_houses import newcomer, two_houses, web_chat, write


async def test_what_a_dead_process_had_claimed_is_sent_soon_and_shown_once(
    db: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "SHORT_LEASE", 0.3)
    async with two_houses(db, database_url) as (dead, alive):
        peer, conversation = await newcomer(dead)
        await write(dead, peer, "two white mugs")
        claimed = (await dead.turns.take(conversation)).claimed
        assert claimed is not None
        await alive.turns.lanes.drain(conversation)
        assert len(await web_chat(alive).read_after(peer, 0)) == 2, "somebody may be sending it at this moment"

        await asyncio.sleep(0.4)
        await alive.turns.lanes.drain(conversation)
        shown = await web_chat(alive).read_after(peer, 0)
        assert [logged.message["from"] for logged in shown] == ["bot", "customer", "bot"]

        await dead.turns.lanes.drain(conversation, claimed)  # it was only frozen, and comes back
        assert await web_chat(alive).read_after(peer, 0) == shown


def test_only_where_a_repetition_is_not_shown_the_wait_is_short() -> None:
    assert WebChat.limits.shown_once
    assert not Telegram.limits.shown_once
