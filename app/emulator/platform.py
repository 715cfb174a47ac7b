"""The platform's side of a play messenger: who is there, what each sees, and the webhooks that tell the shop."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from aiohttp import ClientError, ClientSession, ClientTimeout

from app.emulator.rules import ACTIONS, GraphError, Json, Kind, check_message, check_window

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
RETRIES = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds between deliveries of one webhook; the last is repeated
PATIENCE = ClientTimeout(total=5)  # Meta waits five seconds for the 200
KEPT = 400  # entries of one person's thread
LONGEST_PERSONA = 40  # bytes of a name; its id has 97 digits then
MOST_PEOPLE = 2000
FIELDS = {"message": "messages", "postback": "messaging_postbacks"}  # of webhooks

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Account:
    """The shop's own account on the platform, with the app that works for it."""

    kind: Kind
    id: str
    name: str
    app_id: str
    token: str
    app_secret: str
    verify_token: str

    @classmethod
    def opened(cls, kind: Kind, name: str) -> Account:
        """An account with secrets of its own; they end with the process."""
        id = "100000000000001" if kind.object == "page" else "17841400000000001"
        return cls(kind, id, name, "500000000000001", *(secrets.token_urlsafe(24) for _ in range(3)))


@dataclass(eq=False)
class Person:
    """One visitor of the window. `thread`: what he sees, oldest first, each with a number that only grows."""

    id: str
    last_act: datetime | None = None
    thread: list[Json] = field(default_factory=list)
    watchers: set[asyncio.Queue[Json]] = field(default_factory=set)
    webhooks: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    courier: asyncio.Task[None] | None = None

    @property
    def name(self) -> str:
        return NAMES[int(self.id) % len(NAMES)]

    def tell(self, event: Json) -> None:
        """Show it in every window that he has open."""
        for watcher in self.watchers:
            watcher.put_nowait(event)


class Platform:
    """One play messenger. `journal`: where threads are kept over a restart of the demo; None: nowhere."""

    def __init__(
        self,
        account: Account,
        journal: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account, self.kind, self._journal, self._now = account, account.kind, journal, now
        self.people: dict[str, Person] = {}
        self.subscribed: frozenset[str] = frozenset()
        self.callback = ""  # the shop's door
        self._http: ClientSession | None = None
        self._last_at = 0
        self._remember()

    # ---- the person ------------------------------------------------------------------------------

    def person(self, id: str) -> Person:
        """The person with this id, who may be new. Raises GraphError when the house is full."""
        if id not in self.people:
            if len(self.people) >= MOST_PEOPLE:
                raise GraphError(4, 0, "(#4) Too many people at once")
            self.people[id] = Person(id)
        return self.people[id]

    def acts(self, person: Person, shown: str, **event: Json) -> Json:
        """The person does something: his window shows it, and the shop hears of it."""
        person.last_act = self._now()
        (kind, about), *_ = event.items()
        entry = self._enter(person, "you", {"text": shown}, mid=about["mid"], state="sending")
        self._webhook(FIELDS[kind], person, self._from(person) | event, entry)
        return entry

    def says(self, person: Person, text: str, payload: str = "") -> Json:
        """He writes; with `payload`: he taps a quick reply."""
        message: Json = {"mid": self._mid(), "text": text}
        return self.acts(person, text, message=message | ({"quick_reply": {"payload": payload}} if payload else {}))

    def taps(self, person: Person, title: str, payload: str) -> Json:
        """He presses a button of a template, an entry of the menu, or Get Started."""
        return self.acts(person, title, postback={"mid": self._mid(), "title": title, "payload": payload})

    def may_tap(self, person: Person, at: str, title: str, payload: str) -> Literal["quick_reply", "button", None]:
        """Which kind of button the message `at` shows under these words; quick replies vanish with the next message."""
        said = [entry for entry in person.thread if entry["from"] != "note"]
        for entry in said:
            if entry["mid"] == at:
                wanted = (title, payload)
                if entry is said[-1] and wanted in _shown(entry["message"].get("quick_replies", ())):
                    return "quick_reply"
                return "button" if wanted in _shown(_buttons(entry["message"])) else None
        return None

    @contextmanager
    def watched(self, id: str) -> Iterator[tuple[Person, asyncio.Queue[Json]]]:
        """A window is open for this person: what happens to him comes into the queue. Raises GraphError."""
        person = self.person(id)
        news: asyncio.Queue[Json] = asyncio.Queue()
        person.watchers.add(news)
        try:
            yield person, news
        finally:
            person.watchers.discard(news)
            if not person.thread and not person.watchers:  # who only looked in is nobody
                self.people.pop(id, None)

    def waits(self, person: Person, hours: float) -> None:
        """Time passes for him: the window of 24 hours closes sooner."""
        if person.last_act is not None:
            person.last_act -= timedelta(hours=hours)
            self._enter(person, "note", {"text": f"{hours:g} hours without a word from you have passed."})

    def reads(self, person: Person) -> None:
        """He has looked at the newest message of the shop; the shop hears of it once."""
        newest = next((entry for entry in reversed(person.thread) if entry["from"] == "shop"), None)
        if newest is None or newest.get("read"):
            return
        newest["read"] = True
        if self.kind.delivered:
            self._webhook("message_reads", person, self._from(person) | {"read": {"watermark": newest["at"]}})
        else:
            self._webhook("messaging_seen", person, self._from(person) | {"read": {"mid": newest["mid"]}})

    # ---- the shop --------------------------------------------------------------------------------

    def send(self, body: Json) -> Json:
        """The Send API. Raises GraphError; what was refused is noted in the person's window."""
        if "message" in body and "sender_action" in body:
            raise GraphError(100, 2018014, "(#100) Cannot send both message and state")
        recipient = body.get("recipient")
        person = self.people.get(str(recipient.get("id"))) if isinstance(recipient, dict) else None
        if person is None:
            raise GraphError(100, 2018001, "(#100) No matching user found")
        if "sender_action" in body:
            if body["sender_action"] not in ACTIONS:
                raise GraphError(100, 0, "(#100) sender_action is not supported")
            person.tell({"type": "action", "action": body["sender_action"]})
            return {"recipient_id": person.id}
        try:
            check_window(body, self.kind, self._now() - person.last_act if person.last_act else None)
            check_message(body.get("message"), self.kind)
            by = self._persona(body)
        except GraphError as refusal:
            self._enter(person, "note", {"text": f"The platform refused a message of the shop: {refusal}"})
            raise
        entry = self._enter(person, "shop", body["message"], **({"name": by} if by else {}))
        self._echo(person, entry)
        if self.kind.delivered:
            delivery = {"mids": [entry["mid"]], "watermark": entry["at"]}
            self._webhook("message_deliveries", person, self._from(person) | {"delivery": delivery})
        return {"recipient_id": person.id, "message_id": entry["mid"]}

    def _persona(self, body: Json) -> str:
        if "persona_id" not in body:
            return ""
        name = _name_in(str(body["persona_id"]))
        if not name or not self.kind.delivered:
            raise GraphError(100, 2018145, "(#100) No such persona")
        return name

    def _echo(self, person: Person, entry: Json) -> None:
        """What was sent from the account comes back; only a Page's echo says by which app."""
        message: Json = {"mid": entry["mid"], "is_echo": True}
        if "text" in entry["message"]:
            message["text"] = entry["message"]["text"]
        else:
            message["attachments"] = [entry["message"]["attachment"]]
        if self.kind.delivered:
            message["app_id"] = int(self.account.app_id)
        item: Json = {"sender": {"id": self.account.id}, "recipient": {"id": person.id}, "message": message}
        self._webhook("message_echoes", person, item)

    def _from(self, person: Person) -> Json:
        return {"sender": {"id": person.id}, "recipient": {"id": self.account.id}}

    # ---- the thread ------------------------------------------------------------------------------

    def _enter(self, person: Person, by: str, message: Json, *, mid: str = "", **more: str) -> Json:
        number = person.thread[-1]["n"] + 1 if person.thread else 1
        entry: Json = {
            "type": "entry", "n": number, "from": by, "at": self._moment(), "mid": mid or self._mid(),
            "message": message, **more,
        }  # fmt: skip
        person.thread.append(entry)
        del person.thread[:-KEPT]
        self._write(person, entry)
        person.tell(entry)
        return entry

    def _remember(self) -> None:
        """Read the journal, and write it again without what is too old to be shown."""
        if self._journal is None or not self._journal.exists():
            return
        for line in self._journal.read_text(encoding="utf-8", errors="replace").splitlines():
            with suppress(ValueError, KeyError, TypeError, GraphError):  # the last line may be cut
                kept = json.loads(line)
                person = self.person(kept["person"])
                person.thread.append({**kept["entry"], "state": ""})
                del person.thread[:-KEPT]
                if kept["entry"]["from"] == "you":
                    person.last_act = datetime.fromtimestamp(kept["entry"]["at"] / 1000, UTC)
        kept_lines = (_line(person, entry) for person in self.people.values() for entry in person.thread)
        words = "".join(kept_lines)
        with open(self._journal, "w", encoding="utf-8", opener=_private) as file:
            file.write(words)

    def _write(self, person: Person, entry: Json) -> None:
        if self._journal is not None:
            with open(self._journal, "a", encoding="utf-8", opener=_private) as file:
                file.write(_line(person, entry))

    def _mid(self) -> str:
        return f"m_{secrets.token_urlsafe(24)}"

    def _moment(self) -> int:
        """Milliseconds of the platform; no two things happen in the same one."""
        self._last_at = max(self._last_at + 1, int(self._now().timestamp() * 1000))
        return self._last_at

    # ---- webhooks --------------------------------------------------------------------------------

    async def subscribe(self, callback: str) -> None:
        """Ask the shop's door whether it is the right one, as Meta does before it sends anything. Raises GraphError."""
        challenge = str(secrets.randbelow(10**10))
        asked = {"hub.mode": "subscribe", "hub.verify_token": self.account.verify_token, "hub.challenge": challenge}
        async with self._client().get(callback, params=asked) as answer:
            if answer.status != 200 or await answer.text() != challenge:
                raise GraphError(2200, 0, "(#2200) The callback address could not be verified")
        self.callback = callback

    def _webhook(self, field: str, person: Person, item: Json, entry: Json | None = None) -> None:
        """In the order of what happened to one person, where the shop has subscribed to `field`."""
        if field not in self.subscribed:
            return
        at = entry["at"] if entry else self._moment()
        item = {**item, "timestamp": at}
        update = {"object": self.kind.object, "entry": [{"id": self.account.id, "time": at, "messaging": [item]}]}
        person.webhooks.put_nowait({"update": update, "entry": entry})
        if person.courier is None or person.courier.done():
            person.courier = asyncio.create_task(self._carry(person))

    async def _carry(self, person: Person) -> None:
        while not person.webhooks.empty():
            parcel = person.webhooks.get_nowait()
            body = json.dumps(parcel["update"]).encode()  # Meta escapes letters, and signs that
            for pause in _pauses():
                if await self._post(body):
                    break
                log.info("%s: the shop did not take a webhook; again in %s s", self.kind.name, pause)
                await asyncio.sleep(pause)
            if parcel["entry"] is not None:
                parcel["entry"]["state"] = "sent"
                person.tell({"type": "state", "mid": parcel["entry"]["mid"], "state": "sent"})

    async def _post(self, body: bytes) -> bool:
        signature = hmac.new(self.account.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        with suppress(ClientError, OSError, TimeoutError):
            async with self._client().post(self.callback, data=body, headers=headers) as answer:
                return answer.status == 200
        return False

    def _client(self) -> ClientSession:
        if self._http is None:
            self._http = ClientSession(timeout=PATIENCE)
        return self._http

    def farewell(self) -> None:
        """Tell all windows that the demo closes."""
        for person in self.people.values():
            person.tell({"type": "closed"})

    async def close(self) -> None:
        """What the shop has not taken yet is lost with the process."""
        couriers = [person.courier for person in self.people.values() if person.courier is not None]
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)
        if self._http is not None:
            await self._http.close()


def persona_of(name: str) -> str:
    """An id that means the name, so that the shop may keep it while the play platform forgets everything."""
    short = name.encode(errors="replace")[:LONGEST_PERSONA].decode(errors="ignore")
    return str(int.from_bytes(short.encode(), "big"))


def _name_in(persona: str) -> str:
    if not (persona.isascii() and persona.isdigit() and len(persona) < 500):
        return ""
    number = int(persona)
    name = number.to_bytes((number.bit_length() + 7) // 8, "big").decode(errors="replace")
    return name if name.isprintable() and persona_of(name) == persona else ""


def _pauses() -> Iterable[float]:
    yield from RETRIES
    while True:
        yield RETRIES[-1]


def _buttons(message: Json) -> Iterable[Json]:
    """The buttons of a template."""
    payload = message.get("attachment", {}).get("payload", {})
    for holder in (payload, *payload.get("elements", ())):
        yield from holder.get("buttons", ())


def _shown(buttons: Iterable[Json]) -> set[tuple[str | None, str | None]]:
    return {(button.get("title"), button.get("payload")) for button in buttons}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _line(person: Person, entry: Json) -> str:
    return json.dumps({"person": person.id, "entry": entry}) + "\n"
