"""A letter beyond ASCII in a signature, a form's token or a frame's id ended in a traceback instead of a refusal."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from base.clock import SystemClock
from base.db import Database
from base.errors import BadSignature
from integrations.payments.sandbox import SIGNATURE, SandboxPayments
from tests.integration.desk_shop import DeskShop
from tests.integration.webchat_client import text_frame, web_chats


@pytest.mark.parametrize("signature", ["t=1,v1=é", "t=1,v1=\udce9", "t=²,v1=a", "t=1", "v1"])
async def test_such_a_signature_is_refused_like_any_other(db: Database, signature: str) -> None:
    sandbox = SandboxPayments(db, SystemClock(), env="demo", public_url="http://127.0.0.1", secret="a secret")
    with pytest.raises(BadSignature):
        await sandbox.authenticate({SIGNATURE: signature}, b"{}", datetime.now(UTC))


async def test_such_a_token_of_a_form_is_refused_like_any_other(db: Database) -> None:
    shop = DeskShop(db)
    await shop.start()
    anna = await shop.signed_in("anna")
    conversation = await shop.conversation()
    try:
        answer = await anna.post(f"/desk/conversations/{conversation}/take", csrf="tökén")
        assert answer.status == 403
        assert await shop.owner(conversation) == "bot"
    finally:
        await anna.close()
        await shop.close()


async def test_half_a_letter_in_an_id_is_an_error_and_the_talk_goes_on(db: Database) -> None:
    async with web_chats(db) as start:
        shop = await start()
        token, _ = await shop.start()
        async with shop.connect(token) as client:
            await client.count(1)
            await client.socket.send_str('{"type":"text","id":"\\ud800","text":"x"}')
            answer = await client.next()
            assert (answer["type"], answer["code"]) == ("error", "bad_frame")
            await client.socket.send_str(f'{{"type":"\\ud800","id":"{uuid.uuid4()}"}}')
            assert (await client.next())["code"] == "unknown_type"
            assert (await client.answer_to(text_frame("still here")))["type"] == "ack"
