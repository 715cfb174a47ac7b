"""Comments under the shop's posts: who asks about goods there, or wants them, is answered once, in private.

A comment is no part of a conversation: it answers no open question and opens no window of 24 hours. Its answer is one
message, made by the same dialogs; from there the conversation goes on when the person writes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, runtime_checkable

import structlog
from psycopg.types.json import Jsonb

from base.clock import Clock
from base.db import Database, Row, Tx, is_away
from base.errors import AlreadyAnswered, Flooded, Halted, NotPermitted, Refused, ShopkeeperError, TryLater, Unreachable
from base.ids import new_id
from bot import ownership, pacing
from bot.acts import Heard
from bot.channel import Channel
from bot.channel_watch import denied, halt
from bot.comment_rules import Verdict, judged
from bot.echoes import answer_key
from bot.erasure import ALL
from bot.hearing import Pending, hear
from bot.messages import About, Comment, Fitted, Inbound, Text
from bot.private_reply import in_one_message
from bot.render import compose
from bot.state import Sentence, State
from bot.steps import Ask, Offer, Say
from bot.talk import Setting, Talk
from bot.understanding import Understanding
from shop.erasure import erase_customer
from shop.history import raise_task

log = structlog.get_logger("comments")
WITHIN = timedelta(days=7)  # Meta's private replies: Instagram 2026-06-24, the same for a Page
AN_HOUR = 700  # answers of one account; Meta takes 750
LEASE = 30.0  # seconds a claim holds; the network gets less
MOST_TRIES = 12
TRIES = 5  # of one that cannot even be judged
MOST = 20  # comments answered in one sweep
NEXT = """
WITH answered_enough AS (
  SELECT channel, account FROM comment WHERE answered_at > %(since)s GROUP BY 1, 2 HAVING count(*) >= %(most)s)
SELECT * FROM comment c WHERE status IN ('new', 'sending') AND due_at <= now() AND channel = ANY(%(channels)s)
  AND (channel, account) NOT IN (SELECT channel, account FROM answered_enough)
  AND NOT EXISTS (SELECT 1 FROM channel_state s
                  WHERE s.channel = c.channel AND s.account = c.account AND s.halted_until > now())
ORDER BY id LIMIT 1 FOR UPDATE OF c SKIP LOCKED
"""


@runtime_checkable
class AnswersComments(Protocol):
    """A channel on which a comment can be answered by one private message."""

    async def answer_comment(self, comment: str, message: Fitted, *, key: str) -> tuple[str | None, str]:
        """The platform's id of the message, and the peer it went to. Raises TryLater, Unreachable or Refused.

        `key` is the same on every try.
        """
        ...


async def keep(tx: Tx, inbound: Inbound, content: Comment, *, now: datetime) -> None:
    """Remember a comment, once; it is answered by a sweep."""
    to = inbound.address
    await tx.execute(
        """INSERT INTO comment (channel, account, comment, author, name, about, text, written_at, received_at, status,
                                why, keys, due_at, attempts)
           VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'new', '', '[]', now(), 0) ON CONFLICT DO NOTHING""",
        to.channel, to.account, content.id, to.peer, inbound.profile.name or "",
        Jsonb(content.about.model_dump(mode="json")), content.text, inbound.at, now,
    )  # fmt: skip


class Comments:
    """Answers what `keep` has kept. Safe on many processes at once: a comment is claimed before it is answered."""

    def __init__(self, db: Database, clock: Clock, setting: Setting, understanding: Understanding) -> None:
        self._db, self._clock, self._setting, self._understanding = db, clock, setting, understanding
        self._channels: Mapping[str, Channel] = {
            name: channel for name, channel in setting.channels.items() if isinstance(channel, AnswersComments)
        }

    async def answer_due(self) -> int:
        """Judge and answer what waits; returns how many comments were looked at."""
        for looked in range(MOST if self._channels else 0):
            found: list[Row] = []
            try:
                row = await self._db.run(partial(self._claim, found=found))
            except Exception as error:
                if is_away(error) or not found:
                    raise
                await self._db.run(partial(self._put_off, row=found[-1], error=error))
                continue
            if row is None:
                return looked
            if row["status"] == "sending":
                await self._send(row)
        return MOST

    # ---- judging ---------------------------------------------------------------------------------

    async def _claim(self, tx: Tx, *, found: list[Row]) -> Row | None:
        """`found`: where the comment is kept that was looked at, whatever becomes of it."""
        now = self._clock.now()
        row = await tx.row(NEXT, channels=list(self._channels), since=now - timedelta(hours=1), most=AN_HOUR)
        if row is None:
            return None
        found.append(row)
        if row["status"] == "new":
            verdict, heard = await self._judge(tx, row)
            if verdict.way == "answer" and now - row["written_at"] > WITHIN:
                verdict = Verdict("late", "the comment is older than seven days")
            if verdict.way == "answer":
                verdict = await self._compose(tx, row, heard, now)
            if verdict.way != "answer":
                await self._leave(tx, row, verdict, now)
                return {**row, "status": verdict.way}
        return await tx.row(
            """UPDATE comment SET status = 'sending', token = %s,
                      attempts = CASE status WHEN 'new' THEN 1 ELSE attempts + 1 END,
                      due_at = now() + make_interval(secs => %s) WHERE id = %s RETURNING *""",
            new_id(), LEASE, row["id"],
        )  # fmt: skip

    async def _put_off(self, tx: Tx, *, row: Row, error: Exception) -> None:
        """One that cannot be worked with lets the others go first, and comes before a person in the end."""
        log.error("a comment failed", comment=row["id"], error=type(error).__name__, exc_info=error)
        tried = await tx.row(
            """UPDATE comment SET attempts = attempts + 1, due_at = now() + make_interval(secs => %s)
               WHERE id = %s AND status = 'new' RETURNING attempts""",
            LEASE, row["id"],
        )  # fmt: skip
        if tried is not None and tried["attempts"] >= TRIES:
            await self._leave(tx, row, Verdict("person", "it could not be worked with"), self._clock.now())

    async def _judge(self, tx: Tx, row: Row) -> tuple[Verdict, Heard | None]:
        world = self._setting.world
        version = await tx.row("SELECT version FROM catalogue_meta")
        if version is not None and version["version"] != world.catalogue.version:
            await world.refresh(tx, self._understanding)
        about = About.model_validate(row["about"])
        parsed = self._understanding.parse(row["text"])
        asked = Pending(Text(text=row["text"], about=about), parsed)
        state = State(locale=self._setting.texts.locale_for(parsed.locale or world.shop.language))
        heard = hear(state, [asked], self._understanding, (), world.shown_by)
        return judged(row["text"], heard, world.shown_by(about))

    async def _leave(self, tx: Tx, row: Row, verdict: Verdict, now: datetime) -> None:
        await tx.execute("UPDATE comment SET status = %s, why = %s WHERE id = %s", verdict.way, verdict.why, row["id"])
        if verdict.way in ("person", "late"):
            await self._to_desk(tx, row, verdict.why, now)

    async def _to_desk(self, tx: Tx, row: Row, why: str, now: datetime) -> None:
        words = f"{row['channel']}: a comment by {row['name'] or 'somebody'}: {row['text'][:500]} ({why})"
        await raise_task(tx, "comment", words, key=f"comment-{row['channel']}-{row['comment']}", now=now)

    # ---- composing -------------------------------------------------------------------------------

    async def _compose(self, tx: Tx, row: Row, heard: Heard | None, now: datetime) -> Verdict:
        """Make the answer and the conversation that it belongs to; both stay where they are when sending fails."""
        assert heard is not None
        conversation = await self._conversation(tx, row, heard, now)
        if conversation["owner"] != ownership.BOT:
            await ownership.note(tx, conversation["id"], "customer", f"[comment] {row['text']}", now=now)
            return Verdict("left", "a person has this conversation")
        known = State.model_validate(conversation["state"])
        talk = Talk(self._setting, tx, conversation, State(locale=conversation["locale"]), now)
        await talk.step(heard)
        said = [effect for effect in talk.said if isinstance(effect, Say | Ask | Offer)]
        asked = talk.state.question.id if talk.state.question else None
        answer = compose(talk.state, said, self._setting.texts, bound_to=asked)
        if answer is None:
            return Verdict("left", "there is nothing to say")
        intro = Sentence(key="comment.intro", args={"words": _short(row["text"])})
        limits = self._channels[row["channel"]].limits
        fitted, asks = in_one_message(self._setting.texts.say(intro, talk.state.locale), answer, limits)
        if not asks:
            talk.state.question, talk.state.numbered = None, ()
        fresh = not conversation["last_inbound_at"] and not known.serial
        state = talk.state if fresh else known.model_copy(update={"focus": talk.state.focus})
        await tx.execute(
            "UPDATE conversation SET state = %s, updated_at = %s WHERE id = %s",
            Jsonb(state.model_dump(mode="json", exclude_defaults=True)), now, conversation["id"],
        )  # fmt: skip
        keys = ["comment.intro", *(effect.sentence.key for effect in said if not isinstance(effect, Offer))]
        await tx.execute(
            "UPDATE comment SET conversation_id = %s, fitted = %s, keys = %s WHERE id = %s",
            conversation["id"], Jsonb(fitted.model_dump(mode="json")), Jsonb(keys), row["id"],
        )  # fmt: skip
        return Verdict("answer")

    async def _conversation(self, tx: Tx, row: Row, heard: Heard, now: datetime) -> Row:
        """The author's, made new where he has none: without his own words no window opens on it."""
        place = row["channel"], row["account"], row["author"]
        find = "SELECT * FROM conversation WHERE channel = %s AND account = %s AND peer = %s FOR UPDATE"
        if found := await tx.row(find, *place):
            return found
        world, texts = self._setting.world, self._setting.texts
        locale = texts.locale_for(heard.locale or world.shop.language)
        customer = await world.new_customer(tx, name=row["name"] or None, locale=locale, now=now)
        await tx.execute(
            """INSERT INTO conversation (id, channel, account, peer, customer_id, name, source, locale, owner, epoch,
                   state, reachable, turn_attempts, created_at, updated_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'bot', 0, %s, true, 0, %s, %s)""",
            new_id(), *place, customer, row["name"], "comment", locale,
            Jsonb(State(locale=locale).model_dump(mode="json")), now, now,
        )  # fmt: skip
        made = await tx.row(find, *place)
        assert made is not None
        return made

    # ---- sending ---------------------------------------------------------------------------------

    async def _send(self, row: Row) -> None:
        channel = self._channels[row["channel"]]
        assert isinstance(channel, AnswersComments)
        outcome: Callable[[Tx], Awaitable[None]]
        if paces := pacing.paces_of(channel):
            wait = await self._db.run(lambda tx: pacing.take(tx, row["channel"], row["account"], paces.account))
            await asyncio.sleep(min(max(wait, 0.0), LEASE / 4))
        try:
            key = answer_key(row["channel"], row["comment"])
            sent = await channel.answer_comment(row["comment"], Fitted.model_validate(row["fitted"]), key=key)
            outcome = partial(self._answered, row=row, platform_id=sent[0], peer=sent[1])
        except TryLater as later:
            again = row["attempts"] < MOST_TRIES
            outcome = partial(self._later if again else self._refused, row=row, why=later)
        except (Refused, Unreachable) as refused:
            outcome = partial(self._refused, row=row, why=refused)
            if isinstance(refused, AlreadyAnswered) and row["attempts"] > 1:  # by the try whose answer was lost
                outcome = partial(self._answered, row=row, platform_id=None, peer="")
        await self._db.run(outcome)

    async def _later(self, tx: Tx, row: Row, why: TryLater) -> None:
        if isinstance(why, Halted):
            await halt(tx, row["channel"], row["account"], why.what, why.after, now=self._clock.now())
        await tx.execute(
            """UPDATE comment SET why = %s, attempts = attempts - %s, due_at = now() + make_interval(secs => %s)
               WHERE id = %s AND token = %s""",
            why.what, int(isinstance(why, Halted | Flooded)), max(why.after, 1.0), row["id"], row["token"],
        )  # fmt: skip

    async def _refused(self, tx: Tx, row: Row, why: ShopkeeperError) -> None:
        log.warning("a comment could not be answered", channel=row["channel"], why=why.what)
        ours = await tx.execute(
            "UPDATE comment SET status = 'refused', why = %s WHERE id = %s AND token = %s",
            why.what, row["id"], row["token"],
        )  # fmt: skip
        if isinstance(why, NotPermitted):
            await denied(tx, row["channel"], row["account"], why.what, now=self._clock.now())
        if ours:
            await self._to_desk(tx, row, f"could not be answered: {why.what}", self._clock.now())

    async def _answered(self, tx: Tx, row: Row, platform_id: str | None, peer: str) -> None:
        """Write it down, also in the thread. The peer is the platform's word; it may have another id for comments."""
        now = self._clock.now()
        ours = await tx.execute(
            "UPDATE comment SET status = 'answered', why = '', answered_at = %s WHERE id = %s AND token = %s",
            now, row["id"], row["token"],
        )  # fmt: skip
        if not ours:
            return
        conversation = await ownership.lock(tx, row["conversation_id"])
        if peer and peer != conversation["peer"]:
            conversation = await _with(tx, conversation, peer, now)
        await tx.execute(
            """INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, due_at,
                                   attempts, error, at, sent_at, platform_id)
               VALUES (%s, %s, 'bot', '', %s, %s, %s, 'sent', now(), %s, '', %s, %s, %s)
               ON CONFLICT (key) DO NOTHING""",
            answer_key(row["channel"], row["comment"]), conversation["id"], conversation["epoch"],
            Jsonb(row["fitted"]), Jsonb(row["keys"]), row["attempts"], now, now, platform_id,
        )  # fmt: skip


async def _with(tx: Tx, conversation: Row, peer: str, now: datetime) -> Row:
    """The conversation with `peer`, whom comments know by another id: this one, or one that he has already.

    Then what was spoken of goes over to that one, and of this nothing is left when it began with the comment.
    """
    known = await tx.row(
        "SELECT * FROM conversation WHERE channel = %s AND account = %s AND peer = %s FOR UPDATE",
        conversation["channel"], conversation["account"], peer,
    )  # fmt: skip
    if known is None:
        await tx.execute("UPDATE conversation SET peer = %s WHERE id = %s", peer, conversation["id"])
        return conversation
    spoken_of = State.model_validate(conversation["state"]).focus
    state = State.model_validate(known["state"]).model_copy(update={"focus": spoken_of})
    await tx.execute(
        "UPDATE conversation SET state = %s, updated_at = %s WHERE id = %s",
        Jsonb(state.model_dump(mode="json", exclude_defaults=True)), now, known["id"],
    )  # fmt: skip
    await tx.execute(
        "UPDATE comment SET conversation_id = %s WHERE conversation_id = %s", known["id"], conversation["id"]
    )
    emptied = await tx.execute(
        f"""DELETE FROM conversation c WHERE id = %s AND last_inbound_at IS NULL
            AND {" AND ".join(f"NOT EXISTS (SELECT 1 FROM {table} WHERE conversation_id = c.id)" for table in ALL)}""",  # noqa: S608 - fixed names
        conversation["id"],
    )
    if emptied:
        await erase_customer(tx, conversation["customer_id"], now)
    return known


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
