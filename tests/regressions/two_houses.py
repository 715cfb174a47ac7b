"""Two processes of one shop as one test sees them: the second reads slowly."""

from __future__ import annotations

import contextlib
import json
import uuid
from collections.abc import AsyncIterator

from app.main import House, build
from app.settings import read_settings
from base.db import Database
from integrations.messenger.webchat import WebChat
from integrations.messenger.webchat.frames import TextFrame
from shop.seed import seed_demo
from tests.integration.lumo import DATA
from tests.integration.open_shop import HOME

# Whoever connects as `slow` needs half a second to read the catalogue's version, in the midst of taking a turn.
SLOWLY = (
    "ALTER TABLE catalogue_meta RENAME TO catalogue_meta_kept",
    """CREATE VIEW catalogue_meta AS SELECT * FROM catalogue_meta_kept
       WHERE CASE WHEN current_setting('application_name') = 'slow' THEN pg_sleep(0.5)::text = '' ELSE true END""",
)


@contextlib.asynccontextmanager
async def two_houses(db: Database, url: str) -> AsyncIterator[tuple[House, House]]:
    """(quick, slow): neither sweeps nor starts a turn by itself."""
    async with db.begin() as tx:
        await seed_demo(tx, DATA)
        for statement in SLOWLY:
            await tx.execute(statement)
    settings = read_settings(env_file=None, home=HOME)
    quick = await build(settings, url)
    slow = await build(settings, f"{url}{'&' if '?' in url else '?'}application_name=slow", understanding=None)
    try:
        for house in (quick, slow):
            await house.turns.drain()
        yield quick, slow
    finally:
        await quick.close()
        await slow.close()


async def newcomer(house: House) -> tuple[str, str]:
    """(peer, conversation) of somebody who has been greeted."""
    chat = web_chat(house)
    peer = (await chat.open()).peer
    await house.turns.receive(chat.greet(peer))
    async with house.db.begin() as tx:
        row = await tx.row("SELECT id FROM conversation WHERE peer = %s", peer)
    assert row is not None
    await house.turns.settle(row["id"])
    return peer, row["id"]


async def write(house: House, peer: str, text: str) -> None:
    """The customer's message is committed; nobody has answered yet."""
    _, raw = await web_chat(house).receive(peer, TextFrame(type="text", id=uuid.uuid4(), text=text))
    await house.turns.receive(raw)


async def said(house: House, conversation: str) -> list[str]:
    """What the shop has written, oldest first."""
    async with house.db.begin() as tx:
        rows = await tx.rows("SELECT fitted FROM outbox WHERE conversation_id = %s ORDER BY id", conversation)
    return [json.dumps(row["fitted"], ensure_ascii=False) for row in rows]


def web_chat(house: House) -> WebChat:
    chat = house.channels["webchat"]
    assert isinstance(chat, WebChat)
    return chat
