"""Who is at a play messenger and what each of them sees, kept over a restart of the demo."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app.emulator.rules import GraphError, Json

NAMES = (
    "Alex Kim",
    "Sam Rivera",
    "Robin Novak",
    "Kim Laurent",
    "Noa Lindgren",
    "Jules Moreau",
    "Mika Sato",
    "Lou Hall",
)
KEPT = 400  # entries of one person's thread
MOST_PEOPLE = 2000
LONGEST_SUMMARY = 120  # characters of a message that is quoted


@dataclass(eq=False)
class Person:
    """One visitor of the window. `thread`: what he sees, oldest first, each with a number that only grows."""

    id: str
    last_act: datetime | None = None
    thread: list[Json] = field(default_factory=list)
    watchers: set[asyncio.Queue[Json]] = field(default_factory=set)

    @property
    def name(self) -> str:
        return NAMES[int(self.id) % len(NAMES)]

    def tell(self, event: Json) -> None:
        """Show it in every window that he has open."""
        for watcher in self.watchers:
            watcher.put_nowait(event)

    def of_shop(self, mid: str) -> Json | None:
        """The shop's message with this id."""
        return next((entry for entry in self.thread if entry["mid"] == mid and entry["from"] == "shop"), None)


class People:
    """Everybody, with the time of the platform. `journal`: a file; None: all is forgotten with the process."""

    def __init__(self, journal: Path | None, now: Callable[[], datetime]) -> None:
        self.known: dict[str, Person] = {}
        self._journal, self._now, self._last_at = journal, now, 0
        self._remember()

    def get(self, id: str) -> Person:
        """The person with this id, who may be new. Raises GraphError when the house is full."""
        if id not in self.known:
            if len(self.known) >= MOST_PEOPLE:
                raise GraphError(4, 0, "(#4) Too many people at once")
            self.known[id] = Person(id)
        return self.known[id]

    @contextmanager
    def watched(self, id: str) -> Iterator[tuple[Person, asyncio.Queue[Json]]]:
        """A window is open for this person: what happens to him comes into the queue. Raises GraphError."""
        person = self.get(id)
        news: asyncio.Queue[Json] = asyncio.Queue()
        person.watchers.add(news)
        try:
            yield person, news
        finally:
            person.watchers.discard(news)
            if not person.thread and not person.watchers:  # who only looked in is nobody
                self.known.pop(id, None)

    def enter(self, person: Person, by: str, message: Json, more: Json, *, mid: str = "") -> Json:
        """Put something into his thread, and show it. `more`: what else the window should know of it."""
        number = person.thread[-1]["n"] + 1 if person.thread else 1
        entry: Json = {
            "type": "entry", "n": number, "from": by, "at": self.moment(), "mid": mid or new_mid(),
            "message": message, **more,
        }  # fmt: skip
        person.thread.append(entry)
        del person.thread[:-KEPT]
        self.keep(person, entry)
        person.tell(entry)
        return entry

    def keep(self, person: Person, entry: Json) -> None:
        """Write an entry into the journal, which is new or has changed."""
        if self._journal is not None:
            with open(self._journal, "a", encoding="utf-8", opener=_private) as file:
                file.write(_line(person, entry))

    def commented(self, comment: str) -> tuple[Person, Json] | None:
        """Who wrote this comment, and how it stands in his thread."""
        for person in self.known.values():
            for entry in person.thread:
                if entry.get("comment") == comment:
                    return person, entry
        return None

    def moment(self) -> int:
        """Milliseconds of the platform; no two things happen in the same one."""
        self._last_at = max(self._last_at + 1, int(self._now().timestamp() * 1000))
        return self._last_at

    def _remember(self) -> None:
        """Read the journal, and write it again without what is too old to be shown."""
        if self._journal is None or not self._journal.exists():
            return
        for line in self._journal.read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError, KeyError, TypeError, GraphError):  # the last line may be cut
                kept = json.loads(line)
                person, entry = self.get(kept["person"]), {**kept["entry"], "state": ""}
                person.thread = [one for one in person.thread if one["n"] != entry["n"]] + [entry]
                opened = entry["at"] if entry["from"] == "you" else entry.get("opened")
                if opened:
                    at = datetime.fromtimestamp(opened / 1000, UTC)
                    person.last_act = max(at, person.last_act or at)
        for person in self.known.values():
            person.thread = sorted(person.thread, key=lambda entry: int(entry["n"]))[-KEPT:]
        words = "".join(_line(person, entry) for person in self.known.values() for entry in person.thread)
        with open(self._journal, "w", encoding="utf-8", opener=_private) as file:
            file.write(words)


def new_mid() -> str:
    """The id of a message."""
    return f"m_{secrets.token_urlsafe(24)}"


def summary(message: Json) -> str:
    """A message in one short line, as it stands above an answer to it."""
    attachment = message.get("attachment", {})
    payload = attachment.get("payload", {})
    titles = [element.get("title", "") for element in payload.get("elements", ())]
    words = message.get("text") or payload.get("text") or payload.get("order_number") or ", ".join(titles)
    line = " ".join((words or ("Picture" if attachment.get("type") == "image" else "Message")).split())
    return line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1].rstrip()}…"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _line(person: Person, entry: Json) -> str:
    return json.dumps({"person": person.id, "entry": entry}) + "\n"
