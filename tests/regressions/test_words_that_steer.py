"""Signs that steer a terminal, or turn the direction of reading, came through names, replies and customers' words."""

from __future__ import annotations

import json

from app.cli_base import plain
from base.db import Database
from base.text import one_line, readable
from bot.messages import Profile
from desk import actions
from integrations.messenger.telegram.read import read_update
from tests.integration.desk_shop import DeskShop

STEERING = "\x1b[31mred\x07 \x9b2Jgone \u202eecrof\u202c \x7f\r\nnext\tline"
PLAIN = "[31mred 2Jgone ecrof \nnext\tline"


def test_what_is_left_is_words_and_lines() -> None:
    assert readable(STEERING) == PLAIN
    assert one_line(STEERING, 12) == "[31mred 2Jgo"
    assert readable("👩‍👧 naïve שלום") == "👩‍👧 naïve שלום"


def test_a_terminal_is_not_steered_by_what_customers_write() -> None:
    assert plain(STEERING) == PLAIN
    assert plain([STEERING]) == PLAIN


def test_a_name_is_one_line_whatever_its_owner_calls_himself() -> None:
    person = {"id": 5, "is_bot": False, "first_name": "Eve\n[error] forged\x1b[2J\ud800", "last_name": "x" * 500}
    message = {"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}, "from": person, "text": "hi"}
    (inbound,) = read_update(json.dumps({"update_id": 1, "message": message}).encode(), "shop")
    name = inbound.profile.name or ""
    assert name.startswith("Eve [error] forged[2J\ufffd x")
    assert len(name) == 100
    assert Profile(name="\u202e\x00").name is None
    assert Profile().name is None


async def test_a_managers_reply_reaches_the_customer_as_words(db: Database) -> None:
    shop = DeskShop(db)
    await shop.hire()
    conversation = await shop.conversation()
    async with db.begin() as tx:
        await actions.reply(tx, conversation, shop.anna, STEERING, now=shop.clock.now(), key="key-one-1", limits={})
        row = await tx.row("SELECT fitted FROM outbox WHERE author = 'manager'")
    assert row is not None
    assert row["fitted"]["parts"][0]["text"] == PLAIN
