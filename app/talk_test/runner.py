"""One case, line by line: what a customer does is played, what must be true is looked at, the first miss ends it."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from app.talk_test.files import Script
from app.talk_test.grammar import Bot, DeleteOf, EditOf, Fact, Given, GivenCustomer, Line, Spoken
from app.talk_test.happenings import Desk, happen
from app.talk_test.outcome import judge, state_at_the_end
from app.talk_test.report import CaseResult, Failure, Said
from app.talk_test.seats import Seat, Venue
from app.talk_test.setup import NotPossible, Person, introduce, prepare
from app.talk_test.stage import Props, Stage, props, shop_folder, understanding
from app.talk_test.venues import venue_for
from base.clock import StandingClock
from base.db import Database
from base.errors import ShopkeeperError
from bot.messages import About, Content, Delete, Edit, Location, Photo, Profile, Text
from bot.messages import Other as Unreadable

MAIN = ""  # the customer whom a script is about


class Missed(Exception):
    """A line of the script was not kept. `str()` says why."""


@dataclass(slots=True)
class Wishes:
    """How a case is played, where it is not played as it is written."""

    deliveries: int = 1  # how often the platform delivers each update
    before_talk: Callable[[Play], Awaitable[None]] | None = None  # called between the set-up and the talk
    before_line: Callable[[int, Play], Awaitable[None]] | None = None
    after_line: Callable[[int, Play], Awaitable[None]] | None = None
    after_talk: Callable[[Play], Awaitable[None]] | None = None  # called before `end` is looked at
    look: bool = True  # whether `bot`, `silence` and `end` are looked at


async def run_case(
    script: Script, db: Database, *, home: Path, channel: str | None = None, wishes: Wishes | None = None
) -> CaseResult:
    """Play one case on `db`, a fresh database with the script's data set in it.

    `channel`: the messenger to play it on; None: the case's own, else a recording one. `home`: where what was learned
    from data/intents.yml is kept. Raises ShopkeeperError for a channel that is not there.
    """
    started = time.perf_counter()
    known = props(shop_folder(script.case.shop, script.file.parent))
    clock = StandingClock(script.case.clock)
    name = channel or script.case.channel
    wishes = wishes or Wishes()
    async with venue_for(name, db, clock, deliveries=wishes.deliveries) as venue:
        play = _play(script, db, known, clock, venue, home, wishes)
        await venue.start(play.stage.deliver, play.stage.together)
        with structlog.testing.capture_logs() as log:
            failure = await play.all()
        if crash := _crash(log):
            failed = failure or Failure(script.line, script.name, "A turn failed on the way.")
            failure = Failure(failed.line, failed.text, f"{failed.why} ({crash})")
        end = await state_at_the_end(play.stage, play.people[MAIN]) if MAIN in play.people else {}
    return CaseResult(
        file=str(script.file), case=script.name, channel=name or "recording", failure=failure,
        said=tuple(play.said), end=end, seconds=time.perf_counter() - started,
    )  # fmt: skip


def _play(
    script: Script, db: Database, known: Props, clock: StandingClock, venue: Venue, home: Path, wishes: Wishes
) -> Play:
    stage = Stage(db, known, understanding(), clock, {venue.channel.name: venue.channel})
    return Play(script, stage, venue, wishes)


@dataclass
class Play:
    """A case under way."""

    script: Script
    stage: Stage
    venue: Venue
    wishes: Wishes
    people: dict[str, Person] = field(default_factory=dict)
    said: list[Said] = field(default_factory=list)
    heard: dict[str, int] = field(default_factory=dict)  # how much of what each customer was sent is in `said`
    focus: str = MAIN  # whose messages `bot` and `silence` look at
    since: int = 0  # what was sent from here on belongs to the last line that did something
    looked: int = 0  # what was sent from here on came after the last line of all
    outbox: int = 0  # the same place in the outbox

    def __post_init__(self) -> None:
        self.desk = Desk(self.stage)

    async def all(self) -> Failure | None:
        """The whole case; the first line that was not kept, or None."""
        case, script = self.script.case, self.script
        try:
            for given, number in zip(case.given, script.given_lines, strict=True):
                told = given.model_dump(exclude_unset=True, by_alias=True)
                if failure := await self._try(number, f"given {told}", self._given(given)):
                    return failure
            self.focus = MAIN
            await self._person(MAIN)
            await self.stage.rest()
            await self._catch_up()
            if self.wishes.before_talk:
                await self.wishes.before_talk(self)
            for index, (line, number) in enumerate(zip(case.talk, script.talk_lines, strict=True)):
                if self.wishes.before_line:
                    await self.wishes.before_line(index, self)
                if failure := await self._try(number, told_line(line), self._line(line)):
                    return failure
                if self.wishes.after_line:
                    await self.wishes.after_line(index, self)
            if self.wishes.after_talk:
                await self.wishes.after_talk(self)
            return await self._try(script.end_line, "end", self._end()) if self.wishes.look else None
        except TimeoutError:
            return Failure(script.line, script.name, "The conversation did not come to rest.")

    async def _try(self, line: int, text: str, work: Awaitable[None]) -> Failure | None:
        try:
            await work
        except NotPossible as impossible:  # a talk that goes another way may make a later line impossible
            return Failure(line, text, str(impossible)) if self.wishes.look else None
        except (Missed, ShopkeeperError) as miss:
            return Failure(line, text, str(miss))
        return None

    # ---- set-up ----------------------------------------------------------------------------------

    async def _given(self, given: Given) -> None:
        if given.customer is not None:
            main = self.people.get(MAIN)
            if main is not None and given.customer.name and main.name and given.customer.name != main.name:
                self.focus = given.customer.name
        person = await self._person(self.focus)
        await prepare(self.stage, person, given)
        for words in given.said or ():
            await self._do(person, [Text(text=words)])

    async def _person(self, name: str) -> Person:
        """The customer of this name, opened when he is first named."""
        if name not in self.people:
            locale = next((g.customer.locale for g in self.script.case.given if g.customer and g.customer.locale), None)
            seat = self.venue.seat(Profile(name=name or None, locale=locale if name == MAIN else None))
            await seat.open()
            await self.stage.rest()
            row = await self.stage.conversation(seat.address)
            self.people[name] = Person(seat, row["id"], row["customer_id"], name)
            if name != MAIN:
                await introduce(self.stage, self.people[name], GivenCustomer(name=name))
        return self.people[name]

    # ---- lines -----------------------------------------------------------------------------------

    async def _line(self, line: Line) -> None:
        if not self.wishes.look and (line.bot is not None or line.silence is not None):
            return
        if line.bot is not None:
            await self._bot(line.bot)
            self.looked = self._sent()
            return
        if line.silence is not None:
            await self._silence()
            return
        self.focus = line.other.name if line.other else MAIN
        person = await self._person(self.focus)
        self.since = self.looked = self._sent()
        self.outbox = await self._newest_outbox(person)
        if line.wait is not None:
            self.said.append(Said("event", f"wait {line.wait}"))
            await self.stage.pass_time(line.wait)
        elif line.event is not None:
            self.said.append(Said("event", told_line(line)))
            await happen(self.stage, person, line.event)
        elif line.manager is not None:
            self.said.append(Said("event", told_line(line)))
            await self.desk.act(person, line.manager)
        else:
            await self._spoken(person, line.other or line)
        await self.stage.rest()
        await self._catch_up()
        await self._no_turn_failed()

    async def _spoken(self, person: Person, line: Spoken) -> None:
        if line.tap is not None:
            contents = [await self._pressed(person.seat, title) for title in line.tap]
            await self._do(person, [content for content in contents if content != Text(text="")])
            return
        await self._do(person, contents_of(line, person.seat))

    async def _pressed(self, seat: Seat, title: str) -> Content:
        content = seat.press(title)
        return content if content is not None else Text(text=title)  # without a button people type what they want

    async def _do(self, person: Person, contents: Sequence[Content]) -> None:
        for content in contents:
            self.said.append(Said("customer", _shown(content), person.name if person is not self.people[MAIN] else ""))
        if contents:
            await person.seat.do(*contents)
        await self.stage.rest()
        await self._catch_up()

    # ---- looking ---------------------------------------------------------------------------------

    async def _bot(self, bot: Bot) -> None:
        person = self.people[self.focus]
        words = "\n".join(received.words for received in person.seat.received[self.since :])
        if not words:
            raise Missed("Nothing was said.")
        for fact in bot.has:
            if not Fact(fact).stands_in(words):
                raise Missed(f"{fact!r} was not said.")
        for fact in bot.not_:
            if Fact(fact).stands_in(words):
                raise Missed(f"{fact!r} was said.")
        if bot.key:
            keys = await self._keys(person)
            for key in bot.key:
                if key not in keys:
                    raise Missed(f"the text {key!r} was not used; used: {', '.join(keys) or 'none'}.")

    async def _silence(self) -> None:
        if self._sent() > self.looked:
            raise Missed("Something was said.")

    async def _end(self) -> None:
        problems = await judge(self.stage, self.people[MAIN], self.script.case, self.script.case.end)
        if problems:
            raise Missed(" ".join(problems))

    def _sent(self) -> int:
        return len(self.people[self.focus].seat.received) if self.focus in self.people else 0

    async def _newest_outbox(self, person: Person) -> int:
        async with self.stage.db.begin() as tx:
            row = await tx.row(
                "SELECT coalesce(max(id), 0) AS id FROM outbox WHERE conversation_id = %s", person.conversation
            )
        return int(row["id"]) if row else 0

    async def _keys(self, person: Person) -> list[str]:
        async with self.stage.db.begin() as tx:
            rows = await tx.rows(
                "SELECT keys FROM outbox WHERE conversation_id = %s AND id > %s AND status = 'sent' ORDER BY id",
                person.conversation, self.outbox,
            )  # fmt: skip
        return [key for row in rows for key in row["keys"]]

    async def _catch_up(self) -> None:
        """Take what arrived into the transcript."""
        for name, person in self.people.items():
            await person.seat.catch_up()
            received = person.seat.received
            for message in received[self.heard.get(name, 0) :]:
                self.said.append(Said(message.author, message.words, message.name or (f"to {name}" if name else "")))
            self.heard[name] = len(received)

    async def _no_turn_failed(self) -> None:
        async with self.stage.db.begin() as tx:
            row = await tx.row(
                """SELECT (SELECT count(*) FROM inbound WHERE status = 'failed')
                        + (SELECT count(*) FROM conversation_event WHERE status = 'failed') AS failed"""
            )
        if row and row["failed"]:
            raise Missed("A turn failed.")


# ---- in words ------------------------------------------------------------------------------------


def contents_of(line: Spoken, seat: Seat) -> list[Content]:
    """What a line means on a platform. Raises ShopkeeperError for a message that was never written."""
    match line:
        case Spoken(user=words) if words is not None:
            return [Text(text=word) for word in words]
        case Spoken(photo=photos) if photos is not None:
            return [Photo(reference=photo) for photo in photos]
        case Spoken(location=place) if place is not None:
            return [Location(lat=place.lat, lon=place.lon)]
        case Spoken(voice=voice) if voice is not None:
            return [Unreadable(what="voice")]
        case Spoken(sticker=sticker) if sticker is not None:
            return [Unreadable(what="sticker")]
        case Spoken(edit=EditOf(of=of, to=to)):
            return [Edit(of=seat.message_id(of), text=to)]
        case Spoken(delete=DeleteOf(of=of)):
            return [Delete(of=seat.message_id(of))]
        case Spoken(story=story) if story is not None:
            return [Text(text=story.user, about=About(clues=(f"#{story.shows}",)))]
        case _:
            return []


def told_line(line: Line) -> str:
    """The line as it stands in the script, in short."""
    told = line.model_dump(exclude_unset=True, by_alias=True, mode="json")
    return " ".join(f"{word}: {_short(value)}" for word, value in told.items())


def _short(value: object) -> str:
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    text = str(value)
    return text if len(text) <= 160 else text[:157] + "…"


def _shown(content: Content) -> str:
    match content:
        case Text(text=text):
            return text
        case Edit(text=text):
            return f"[edits a message: {text}]"
        case _:
            words = getattr(content, "title", "") or getattr(content, "reference", "") or getattr(content, "what", "")
            return f"[{content.kind}{': ' if words else ''}{words}]"


def _crash(log: Sequence[structlog.typing.EventDict]) -> str:
    """What was written down of a turn that failed."""
    for entry in log:
        if entry.get("event") == "turn failed":
            error = entry.get("exc_info")
            return f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(entry.get("error"))
    return ""


__all__ = ["MAIN", "Missed", "Play", "Wishes", "run_case"]
