"""One conversation under its lock, for the length of a turn: events stepped in, the shop asked, the answer written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from psycopg.types.json import Jsonb

from base.db import Row, Tx
from base.errors import ShopkeeperError
from base.ids import new_id
from bot import optins, ownership, pacing
from bot.acts import Act, Heard
from bot.channel import Channel, Limits
from bot.engine import Event, Returned, step
from bot.guard import of_turn, read_facts, things
from bot.lanes import lease_of, place_of, way
from bot.messages import Fitted, OptInRequest
from bot.model import WORDED, Wording
from bot.render import compose
from bot.render_fit import fit
from bot.repair import AskForPerson, PersonCalled
from bot.state import State
from bot.steps import Ask, Call, Effect, Note, Offer, Registry, Say, SetTimer
from bot.summary import summarise
from bot.texts import Texts
from bot.understanding import Parsed
from bot.windows import Path
from bot.world import World, lexicon
from shop.commands import Command

MAX_STEPS = 60  # calls to the shop for one event; more is a dialog that runs in circles
NO_CHANNEL = Path("none", "this process has no such channel")
STEPS_OF_AN_ACT = 4  # and so many more for each thing that was said: somebody may have written for minutes
TO_BE_SENT = """
INSERT INTO outbox (key, conversation_id, author, author_id, epoch, fitted, keys, status, token, lease_until, due_at,
                    attempts, error, at)
SELECT m->>'key', %(conversation)s, %(author)s, '', %(epoch)s, m->'fitted', %(keys)s,
       CASE WHEN n = 1 AND %(claim)s THEN 'sending' ELSE 'queued' END,
       CASE WHEN n = 1 AND %(claim)s THEN m->>'key' END,
       CASE WHEN n = 1 AND %(claim)s THEN now() + make_interval(secs => %(lease)s) END,
       now(), CASE WHEN n = 1 AND %(claim)s THEN 1 ELSE 0 END, '', %(now)s
FROM jsonb_array_elements(%(messages)s) WITH ORDINALITY AS messages (m, n) ORDER BY n
RETURNING *
"""


@dataclass(frozen=True, slots=True)
class Setting:
    """What every talk of this process has in common."""

    registry: Registry
    world: World
    texts: Texts
    channels: Mapping[str, Channel]
    waits: float = 0.0  # seconds that an answer about goods waits for a language model's words; 0: there is none


class RunsInCircles(ShopkeeperError):
    """A dialog does not come to rest: a step that it cannot do without was taken away, say. Nothing of it is kept."""


class Talk:
    """One conversation under its lock, for the length of a turn."""

    def __init__(self, setting: Setting, tx: Tx, row: Row, state: State, now: datetime) -> None:
        self.setting, self.tx, self.row, self.state, self.now = setting, tx, row, state, now
        self.said: list[Effect] = []
        self.timers: list[SetTimer] = []
        self.notes: list[str] = []
        self.claimed: Row | None = None
        self.asked: tuple[Parsed, ...] = ()  # the customer's words, where the turn is of words alone
        self.wording: Wording | None = None  # an answer that may be said in other words before it goes
        self.sent: pacing.Pace | None = None  # the rate of the chat in which a message was claimed
        self.silent = False  # what is said wakes nobody
        self.page: str | None = None  # platform id of the message whose page is turned

    async def step(self, event: Event | None) -> None:
        """Step one event in, and every answer of the shop, until the engine is quiet."""
        left = MAX_STEPS + STEPS_OF_AN_ACT * (len(event.acts) if isinstance(event, Heard) else 0)
        while event is not None:
            left -= 1
            if left < 0:
                raise RunsInCircles("A dialog asks the shop again and again.")
            self.state, effects = step(self.setting.registry, self.state, event)
            event = None
            for effect in effects:
                match effect:
                    case Call(command=AskForPerson() as wanted):
                        event = Returned(value=await self._call_person(wanted.reason))
                    case Call(command=Command() as command):
                        event = Returned(value=await self.setting.world.handle(self._shop(), command))
                    case SetTimer():
                        self.timers.append(effect)
                    case Note(text=text):
                        self.notes.append(text)
                    case _:
                        self.said.append(effect)

    async def leave(self) -> None:
        """Out of whatever dialog it is in, to a person."""
        self.state = self.state.model_copy(update={"stack": [], "question": None})
        await self.step(Heard(acts=(Act(intent="human"),)))

    def closes(self) -> datetime | None:
        """When the channel closes to what the bot says by itself; None: it never does, or this process has it not."""
        channel, last = self.setting.channels.get(self.row["channel"]), self.row["last_inbound_at"]
        window = channel.limits.reply_window if channel else None
        return None if window is None else (last or datetime.min.replace(tzinfo=UTC)) + window

    def _shop(self) -> Any:
        return self.setting.world.context(
            self.tx, now=self.now, customer=self.row["customer_id"], locale=self.state.locale,
            actor=self.row["id"], channel=self.row["channel"], source=self.row["source"],
        )  # fmt: skip

    async def _call_person(self, reason: str) -> PersonCalled:
        summary = await summarise(self.tx, self.row, self.state, self._shop(), reason)
        duty = self.setting.world.duty(self.now)
        return await ownership.call_person(self.tx, self.row, reason=reason, summary=summary, now=self.now, duty=duty)

    async def finish(
        self, *, done: list[int], understood: dict[str, Any], status: str, missed: list[int], events: list[int],
        timers: list[int],
    ) -> bool:  # fmt: skip
        """Everything the turn decided, in a handful of statements. True when it left an event for the next turn.

        `missed`: those of `done` that nobody understood.
        """
        tx, row, now = self.tx, self.row, self.now
        spoke = await self._speak()
        for timer in self.timers:
            due = self.setting.world.in_time(now + timer.after, now=now, closes=self.closes())
            await tx.execute(
                "INSERT INTO timer (conversation_id, frame, step, due_at, status) VALUES (%s, %s, %s, %s, 'set')",
                row["id"], timer.frame, timer.step, due,
            )  # fmt: skip
        if events:
            await tx.execute("UPDATE conversation_event SET status = 'done' WHERE id = ANY(%s)", events)
        if timers:
            await tx.execute("UPDATE timer SET status = 'done' WHERE id = ANY(%s)", timers)
        for text in self.notes:
            await ownership.note(tx, row["id"], "bot", text, now=now, kind="misunderstood")
        left = await tx.row(
            """WITH taken AS (
                 UPDATE inbound SET status = CASE WHEN id = ANY(%s::bigint[]) THEN 'unknown' ELSE %s END,
                        parsed = %s::jsonb -> id::text
                 WHERE id = ANY(%s::bigint[]))
               UPDATE conversation c SET state = %s, locale = %s, turn_attempts = 0, updated_at = %s,
                      lane_due_at = CASE WHEN %s THEN now() ELSE lane_due_at END,
                      paced_until = coalesce(
                        greatest(paced_until, clock_timestamp() - make_interval(secs => %s::float8))
                          + make_interval(secs => %s::float8), paced_until),
                      turn_due_at = (SELECT now() FROM conversation_event e
                                     WHERE e.conversation_id = c.id AND e.status = 'pending'
                                       AND e.due_at IS NULL LIMIT 1)
               WHERE id = %s RETURNING turn_due_at""",
            missed, status, Jsonb(understood), done,
            Jsonb(self.state.model_dump(mode="json", exclude_defaults=True)), self.state.locale, now, spoke,
            self.sent.back if self.sent else None, self.sent.every if self.sent else None, row["id"],
        )  # fmt: skip
        return bool(left and left["turn_due_at"])

    async def _speak(self) -> bool:
        """Put the answer into the outbox; to the desk as a note when the bot does not own the conversation.

        The first message is claimed at once, in the transaction that holds the lock and has seen the owner.
        """
        setting, row, state = self.setting, self.row, self.state
        speaking = [effect for effect in self.said if isinstance(effect, Say | Ask | Offer)]
        asks = [effect for effect in speaking if isinstance(effect, Ask)]
        speaking = [effect for effect in speaking if not isinstance(effect, Ask) or effect is asks[-1]]
        answer = compose(state, speaking, setting.texts, bound_to=state.question.id if state.question else None)
        if answer is None:
            return False
        system = answer.author == "system"
        if row["owner"] != ownership.BOT and not system:
            words = "\n".join(fitted.words() for fitted in fit(answer, setting.world.plain_limits))
            await ownership.note(self.tx, row["id"], "bot", words, now=self.now, kind="unsaid")
            return False
        channel = setting.channels.get(row["channel"])
        limits = channel.limits if channel else setting.world.plain_limits
        keys = [e.sentence.key for e in speaking if isinstance(e, Say | Ask)]
        asks_for_offers = limits.opt_in and any(isinstance(part, OptInRequest) for part in answer.parts)
        if asks_for_offers and not await optins.may_ask(self.tx, row["id"], self.now):
            limits = replace(limits, opt_in=False)
        calls = fit(answer, limits)
        if self.silent:
            calls = tuple(call.model_copy(update={"silent": True}) for call in calls)
        if self.page and limits.edits and len(calls) == 1:
            calls = (calls[0].model_copy(update={"edits": self.page}),)
        if state.question is None and not any("numbered" in note for call in calls for note in call.degraded):
            state.numbered = ()  # no number was shown: "two" means two pieces
        messages = [{"key": new_id(), "fitted": call.model_dump(mode="json")} for call in calls]
        free = row["reachable"] and not row["lane_busy"] and not row["halted"]
        message = {"author": answer.author, "author_id": "", "keys": keys}
        spoken = self._in_other_words(speaking, keys, calls[0], limits)
        path = way(channel, message, row["last_inbound_at"], self.now) if channel else NO_CHANNEL
        claim = not spoken and free and path.way == "send"  # what is not as written goes by the lane
        moment = pacing.NOW
        if claim and channel is not None:
            moment = await pacing.moment_for(self.tx, channel, row, None, calls[0], offer=False)
        rows = await self.tx.rows(
            TO_BE_SENT, conversation=row["id"], author=answer.author, epoch=row["epoch"], keys=Jsonb(keys),
            claim=claim and moment.due is None, lease=lease_of(channel) + moment.wait, now=self.now,
            messages=Jsonb(messages),
        )  # fmt: skip
        first = min(rows, key=lambda one: int(one["id"]))
        if spoken:
            self.wording = replace(spoken, outbox=int(first["id"]))
            await self.tx.execute(
                "UPDATE outbox SET due_at = now() + make_interval(secs => %s) WHERE id = %s",
                setting.waits, first["id"],
            )  # fmt: skip
        if moment.due is not None:
            await pacing.put_off(self.tx, int(first["id"]), moment)
        if first["status"] == "sending":
            self.claimed = {**first, **place_of(row, path), "wait": moment.wait}
            self.sent = pacing.chat_pace(channel, row["peer"])
        return True

    def _in_other_words(
        self, speaking: Sequence[Say | Ask | Offer], keys: Sequence[str], first: Fitted, limits: Limits
    ) -> Wording | None:
        """What a language model may word anew: the beginning of an answer that is about goods alone."""
        setting, locale = self.setting, self.state.locale
        says = [effect for effect in speaking if isinstance(effect, Say)]
        if not (setting.waits and self.asked and says and all(say.sentence.key in WORDED for say in says)):
            return None
        upto = next((i for i, say in enumerate(says, 1) if say.cards), len(says))
        said = "\n\n".join(dict.fromkeys(setting.texts.say(say.sentence, locale) for say in says[:upto]))
        goods = things(lexicon(setting.world.shop, setting.world.catalogue), locale)
        today = setting.world.shop.local(self.now).date()
        facts = of_turn(speaking, setting.texts, locale, today=today, goods=goods)
        product = setting.world.catalogue.by_id.get(self.state.focus.product or "")
        name, data = setting.world.told_of(product, locale) if product else ("", "")
        facts = replace(facts, facts=(*facts.facts, *read_facts(data, facts.known_as(name))))
        return Wording(
            outbox=0, asked=self.asked, said=said, locale=locale, facts=facts, data=data, fitted=first, limits=limits
        )
