"""Where a platform takes one message and no more (a template, a leave for offers), an answer is said in one."""

from __future__ import annotations

from dataclasses import replace

from psycopg.types.json import Jsonb
from pydantic import ValidationError

from base.db import Row, Tx
from bot.channel import Limits
from bot.messages import Fitted, Outbound
from bot.render_fit import fit


async def say_in_one(tx: Tx, conversation: str, row: Row, limits: Limits) -> None:
    """Put into `row` what the other messages of the same answer say, which go then; pictures are said in words.

    Nothing changes where it is too long for one. The caller holds the conversation's lock.
    """
    rest = await tx.rows(
        """SELECT id, fitted FROM outbox WHERE conversation_id = %s AND author = %s AND at = %s AND keys = %s
             AND status = 'queued' AND id > %s ORDER BY id""",
        conversation, row["author"], row["at"], Jsonb(row["keys"]), row["id"],
    )  # fmt: skip
    whole = _in_one([row["fitted"], *(one["fitted"] for one in rest)], limits) if rest else None
    if whole is None:
        return
    await tx.execute("UPDATE outbox SET fitted = %s WHERE id = %s", Jsonb(whole.model_dump(mode="json")), row["id"])
    await tx.execute("DELETE FROM outbox WHERE id = ANY(%s)", [one["id"] for one in rest])


def _in_one(stored: list[dict[str, object]], limits: Limits) -> Fitted | None:
    try:
        said = [Fitted.model_validate(one) for one in stored]
    except ValidationError:  # written by another version
        return None
    parts = tuple(part for one in said for part in one.parts)
    message = Outbound(parts=parts, author=said[0].author, name=said[0].name, question=said[-1].question)
    calls = fit(message, replace(limits, cards=0, images=False, album=0, receipts=False))
    return calls[0] if len(calls) == 1 else None
