"""Our own messages that a platform sends back: told from what others wrote, and proof that they have arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from base.db import Row, Tx
from bot.messages import Address, Answered, Fitted, Image, Receipt, TextPart

LATEST = 50  # messages among which one of ours that comes back is looked for
LATE = timedelta(minutes=10)  # so long after an answer to a comment its echo is waited for
SEEN_AS = {  # what a platform calls an attachment -> the parts that come as one
    "image": {"image", "album"},
    "template": {"cards", "receipt", "link"},
}
BETWEEN = ("—", "=", ":")  # stand between the words of a receipt or of a link, and are not in them
IN_FLIGHT = "platform_id IS NULL AND (status = 'sending' OR (status = 'queued' AND attempts > 0))"


async def is_awaited(tx: Tx, to: Address) -> bool:
    """Whether something of ours is on its way to this person, and nobody knows yet whether it has arrived."""
    return bool(
        await tx.row(
            f"""SELECT 1 FROM outbox WHERE {IN_FLIGHT} AND conversation_id =
                  (SELECT id FROM conversation WHERE channel = %s AND account = %s AND peer = %s) LIMIT 1""",  # noqa: S608 - a constant
            to.channel, to.account, to.peer,
        )
    )  # fmt: skip


async def recognised(tx: Tx, conversation: Row, answer: Answered, mid: str | None, *, now: datetime) -> bool:
    """Whether this is one of our own messages; then it has arrived, and is not sent again. The caller holds the lock.

    Told by the platform's id, whoever has sent it, or by our mark; else by its words or by what it shows, where nothing
    else can be told: of a message that is on its way, whose id is not known here yet.
    """
    latest = await tx.rows(
        f"""SELECT id, key, platform_id, status, {IN_FLIGHT} AS in_flight, fitted FROM outbox
            WHERE conversation_id = %s ORDER BY id DESC LIMIT %s""",  # noqa: S608 - a constant
        conversation["id"], LATEST,
    )  # fmt: skip
    found = next((ours for ours in latest if _is_known(ours, answer, mid)), None)
    if found is None and answer.by != "other":
        found = next((ours for ours in reversed(latest) if _may_be(ours, answer)), None)
    if found is not None:
        await _arrived(tx, conversation, found, mid, now)
    if found is not None or answer.by == "us":
        return True
    return await _answers_comment(tx, conversation, answer, now)


def _is_known(ours: Row, answer: Answered, mid: str | None) -> bool:
    return bool(mid and ours["platform_id"] == mid) or bool(answer.mark and ours["key"] == answer.mark)


def _may_be(ours: Row, answer: Answered) -> bool:
    """Words are compared with words; what was shown without any, with what is on its way and shows something."""
    if ours["platform_id"] is not None or not (ours["in_flight"] or ours["status"] == "sent"):
        return False
    if answer.wordless or not answer.text:
        return bool(ours["in_flight"]) and _shows(ours["fitted"], answer.shown)
    return _says(ours["fitted"], answer.text)


def _shows(fitted: object, kinds: Sequence[str]) -> bool:
    """Whether the message is seen as a picture or a template, and such is what came back, as far as that is told."""
    parts = {part.kind for part in _read(fitted).parts}
    seen = {kind for kind, made_of in SEEN_AS.items() if parts & made_of}
    return bool(seen & set(kinds)) if kinds else bool(seen)


def _says(fitted: object, words: str) -> bool:
    """Whether `words` are the message's own and begin as it does; before a manager's there may be his name.

    Behind its text stand addresses and sums; a picture or a receipt that was not taken is words alone.
    """
    message = _read(fitted)
    heard = " ".join(words.split())
    heard = heard.removeprefix(f"{message.name}: ") if message.name else heard
    begins = [" ".join(first.split()) for first in _firsts(message)]
    begun = next((first for first in begins if first and heard.startswith(first)), None)
    own = {*message.words().split(), *BETWEEN}
    return begun is not None and all({word, word.removesuffix(":")} & own for word in heard[len(begun) :].split())


def _firsts(message: Fitted) -> Iterable[str]:
    """How the words of a message may begin."""
    for part in message.parts:
        match part:
            case TextPart(text=text) | Image(alt=text) | Receipt(number=text):
                yield text


def _read(fitted: object) -> Fitted:
    try:
        return Fitted.model_validate(fitted)
    except ValidationError:  # written by another version
        return Fitted(parts=())


async def _arrived(tx: Tx, conversation: Row, ours: Row, mid: str | None, now: datetime) -> None:
    """Whoever was sending it has lost his claim, so a call without an answer does not queue it again.

    One whose sender writes down its outcome at this very moment is left to him: he waits for the conversation.
    """
    if ours["status"] == "sent" and ours["platform_id"]:
        return
    await tx.execute(
        """UPDATE outbox SET status = 'sent', error = '', platform_id = coalesce(platform_id, %s), token = NULL,
                  lease_until = NULL, sent_at = coalesce(sent_at, %s)
           WHERE id = (SELECT id FROM outbox WHERE id = %s FOR UPDATE SKIP LOCKED)""",
        mid, now, ours["id"],
    )  # fmt: skip
    await tx.execute("UPDATE conversation SET lane_due_at = now() WHERE id = %s", conversation["id"])


async def _answers_comment(tx: Tx, conversation: Row, answer: Answered, now: datetime) -> bool:
    """Whether it is the private answer to a comment, which is in no outbox before the platform has said yes."""
    answers = await tx.rows(
        """SELECT comment, fitted FROM comment WHERE channel = %s AND account = %s AND fitted IS NOT NULL
             AND (status = 'sending' OR (status = 'answered' AND answered_at > %s))""",
        conversation["channel"], conversation["account"], now - LATE,
    )  # fmt: skip
    marks = {answer_key(conversation["channel"], one["comment"]) for one in answers}
    words = answer.by != "other" and any(_says(one["fitted"], answer.text) for one in answers)
    return answer.mark in marks or words


def answer_key(channel: str, comment: str) -> str:
    """The key of the answer to a comment."""
    return f"comment:{channel}:{comment}"
