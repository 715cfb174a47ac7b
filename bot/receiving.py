"""What came in is committed, once, with its raw body and the conversation it belongs to; then its turn is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.types.json import Jsonb

from base.clock import Clock
from base.db import Database, Tx
from base.ids import new_id
from bot import comments, ownership
from bot.bursts import patience
from bot.channel import Raw
from bot.following import SOURCE, Following, follow
from bot.messages import Answered, Blocked, Comment, Content, Fitted, Inbound, Start, TextPart
from bot.state import Sentence, State
from bot.talk import TO_BE_SENT
from bot.texts import Texts
from bot.world import World


@dataclass(frozen=True, slots=True)
class Stored:
    """One inbound that was committed. `patience`: seconds that its turn waits for more; `locale`: spoken so far."""

    conversation: str
    inbound: int
    text: str | None
    patience: float
    locale: str


@dataclass(frozen=True, slots=True)
class _Conversation:
    id: str
    patience: float
    locale: str


@dataclass(frozen=True, slots=True)
class Receiving:
    """`burst`: seconds that an unfinished message is waited upon, at most; see bursts.patience."""

    db: Database
    clock: Clock
    texts: Texts
    world: World
    burst: float
    following: Following | None = None

    async def store(self, raw: Raw) -> list[Stored]:
        """Commit everything `raw` brought, and return what is new of it. Return means: safe to say 200."""
        return await self.db.run(lambda tx: self._store(tx, raw))

    async def _store(self, tx: Tx, raw: Raw) -> list[Stored]:
        now = self.clock.now()
        fresh = await tx.row(
            """INSERT INTO raw_update (channel, account, event_key, body, received_at) VALUES (%s, %s, %s, %s, %s)
               ON CONFLICT DO NOTHING RETURNING id""",
            raw.channel, raw.account, raw.event_key, raw.body, now,
        )  # fmt: skip
        if fresh is None:
            return []
        due: list[Stored] = []
        for inbound in raw.inbounds:
            if isinstance(inbound.content, Answered):  # nothing that the person did: no turn, and no new window
                await ownership.answered_elsewhere(tx, inbound, inbound.content.text, now=now)
                continue
            if isinstance(inbound.content, Comment):
                await comments.keep(tx, inbound, inbound.content, now=now)
                continue
            order = self._followed(inbound.content)
            if order:
                inbound = inbound.model_copy(update={"content": Start(source=SOURCE)})
            talk = await self._conversation(tx, inbound, now)
            stored = await tx.row(
                """INSERT INTO inbound (conversation_id, channel, account, event_key, message, ordering, content,
                                        status, at, received_at)
                   VALUES (%s, %s, %s, %s, %s, %s, %s, 'pending', %s, %s) ON CONFLICT DO NOTHING RETURNING id""",
                talk.id, inbound.address.channel, inbound.address.account, inbound.event_key, inbound.message,
                inbound.order, Jsonb(inbound.content.model_dump(mode="json")), inbound.at, now,
            )  # fmt: skip
            if stored and order and await follow(tx, order, talk.id, now=now):
                await self._say(tx, talk, "follow.done", now)
            if stored:
                text = getattr(inbound.content, "text", None)
                due.append(Stored(talk.id, stored["id"], text, talk.patience, talk.locale))
        return due

    def _followed(self, content: Content) -> str | None:
        """The order whose link was opened."""
        return self.following.order_in(content.source) if self.following and isinstance(content, Start) else None

    async def _say(self, tx: Tx, talk: _Conversation, key: str, now: datetime) -> None:
        said = TextPart(text=self.texts.say(Sentence(key=key), talk.locale))
        fitted = Fitted(parts=(said,), author="system").model_dump(mode="json")
        row = await tx.row("UPDATE conversation SET lane_due_at = now() WHERE id = %s RETURNING epoch", talk.id)
        await tx.rows(
            TO_BE_SENT, conversation=talk.id, author="system", epoch=row["epoch"] if row else 0, keys=Jsonb([key]),
            claim=False, lease=0, now=now, messages=Jsonb([{"key": new_id(), "fitted": fitted}]),
        )  # fmt: skip

    async def _conversation(self, tx: Tx, inbound: Inbound, now: datetime) -> _Conversation:
        """The conversation that `inbound` belongs to, and how long its turn waits for more."""
        address, content = inbound.address, inbound.content
        answering, free = (patience(content, asked=asked, window=self.burst) for asked in (True, False))
        found = await tx.row(
            """UPDATE conversation SET last_inbound_at = %s, updated_at = %s, reachable = %s,
                      turn_due_at = CASE WHEN turn_due_at <= now() THEN turn_due_at
                          ELSE now() + make_interval(secs => CASE WHEN state ? 'question' THEN %s ELSE %s END) END
               WHERE channel = %s AND account = %s AND peer = %s RETURNING id, locale, state ? 'question' AS asked""",
            now, now, not (isinstance(content, Blocked) and content.on), answering, free,
            address.channel, address.account, address.peer,
        )  # fmt: skip
        if found:
            return _Conversation(str(found["id"]), answering if found["asked"] else free, found["locale"])
        locale = self.texts.locale_for(inbound.profile.locale or self.world.shop.language)
        customer = await self.world.new_customer(tx, name=inbound.profile.name, locale=locale, now=now)
        made = await tx.row(
            """INSERT INTO conversation (id, channel, account, peer, customer_id, name, source, locale, owner, epoch,
                   state, reachable, turn_due_at, turn_attempts, created_at, last_inbound_at, updated_at)
               VALUES (%s, %s, %s, %s, %s, %s, %s, %s, 'bot', 0, %s, true, now() + make_interval(secs => %s), 0,
                       %s, %s, %s)
               ON CONFLICT (channel, account, peer) DO UPDATE SET turn_due_at = now() RETURNING id, locale""",
            new_id(), address.channel, address.account, address.peer, customer, inbound.profile.name or "",
            content.source if isinstance(content, Start) else "", locale,
            Jsonb(State(locale=locale).model_dump(mode="json")), free, now, now, now,
        )  # fmt: skip
        assert made is not None
        return _Conversation(str(made["id"]), free, made["locale"])
