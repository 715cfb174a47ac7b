"""A frame whose id held half a sign (a lone surrogate) ended the socket with a traceback: its refusal quoted the id."""

from __future__ import annotations

import json

from base.db import Database
from tests.integration.webchat_client import text_frame, web_chats


async def test_a_broken_id_is_refused_and_the_talk_goes_on(db: Database) -> None:
    async with web_chats(db) as serve:
        shop = await serve()
        token, _ = await shop.start()
        async with shop.connect(token) as client:
            await client.socket.send_str(r'{"type": "text", "id": "\ud800", "text": "hello"}')
            await client.until(lambda: bool(client.others))
            assert client.others[-1]["code"] == "bad_frame"
            assert "id" not in client.others[-1]
            assert json.dumps(client.others[-1], ensure_ascii=False).encode()
            assert (await client.answer_to(text_frame("hello")))["type"] == "ack"
