"""The platform's side of a play messenger: what people do in its windows, and what the shop may send them."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Literal

from app.emulator.people import People, Person, new_mid, summary
from app.emulator.pictures import Pictures
from app.emulator.posts import Post
from app.emulator.rules import ACTIONS, GraphError, Json, Kind, check_comment, check_message, check_window
from app.emulator.webhooks import Webhooks

LONGEST_PERSONA = 40  # bytes of a name; its id has 97 digits then
NOTHING: Json = {}
FIELDS = {"message": "messages", "postback": "messaging_postbacks"}  # of webhooks


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


class Platform:
    """One play messenger. `journal`: where threads are kept over a restart of the demo; None: nowhere.

    `site`: where the shop reaches the pages of the windows, for pictures. `posts`: what the shop shows to everybody.
    """

    def __init__(
        self,
        account: Account,
        journal: Path | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        site: str = "",
    ) -> None:
        self.account, self.kind, self.site, self._now = account, account.kind, site, now
        self.posts: Mapping[str, Post] = {}
        self.pictures = Pictures(journal.with_suffix("") if journal else None)
        self.webhooks = Webhooks(account.kind.name, account.app_secret, account.verify_token)
        self._people = People(journal, now)

    @property
    def people(self) -> Mapping[str, Person]:
        return self._people.known

    def shows(self, posts: Sequence[Post]) -> None:
        """The seller has put up these, and nothing else."""
        self.posts = {post.id: post for post in posts}

    def person(self, id: str) -> Person:
        """The person with this id, who may be new. Raises GraphError when the house is full."""
        return self._people.get(id)

    def watched(self, id: str) -> AbstractContextManager[tuple[Person, asyncio.Queue[Json]]]:
        """A window is open for this person: what happens to him comes into the queue. Raises GraphError."""
        return self._people.watched(id)

    # ---- the person ------------------------------------------------------------------------------

    def acts(self, person: Person, shown: Json, *, quote: Json | None = None, **event: Json) -> Json:
        """The person does something: his window shows it, and the shop hears of it."""
        person.last_act = self._now()
        (kind, about), *_ = event.items()
        more = {"state": "sending"} | ({"quote": quote} if quote else {})
        entry = self._people.enter(person, "you", shown, more, mid=about["mid"])
        self._tell(FIELDS[kind], person, self._from(person) | event, entry)
        return entry

    def says(self, person: Person, text: str, payload: str = "", *, answering: Json | None = None) -> Json:
        """He writes; with `payload`: he taps a quick reply. `answering`: the shop's message that he answers."""
        message: Json = {"mid": new_mid(), "text": text}
        if payload:
            message["quick_reply"] = {"payload": payload}
        if answering is None:
            return self.acts(person, {"text": text}, message=message)
        message["reply_to"] = {"mid": answering["mid"]}
        return self.acts(person, {"text": text}, quote={"text": summary(answering["message"])}, message=message)

    def taps(self, person: Person, title: str, payload: str) -> Json:
        """He presses a button of a template, an entry of the menu, or Get Started."""
        return self.acts(person, {"text": title}, postback={"mid": new_mid(), "title": title, "payload": payload})

    def sends_picture(self, person: Person, path: str) -> Json:
        """He sends the picture that stands at `path` of the site."""
        shown: Json = {"attachment": {"type": "image", "payload": {"url": path}}}
        told = {"type": "image", "payload": {"url": f"{self.site}{path}"}}
        return self.acts(person, shown, message={"mid": new_mid(), "attachments": [told]})

    def answers_story(self, person: Person, story: Post, text: str) -> Json:
        """He writes below the shop's story."""
        told = {"id": story.id, "url": self._address(story.picture)}
        quote = {"text": f"Answer to the story: {story.title}", "picture": story.picture}
        message = {"mid": new_mid(), "text": text, "reply_to": {"story": told}}
        return self.acts(person, {"text": text}, quote=quote, message=message)

    def comments(self, person: Person, post: Post, text: str) -> Json:
        """He writes under a post, where everybody reads it: no message, and no window opens."""
        number = self._people.moment()
        comment = f"{post.id.rpartition('_')[2]}_{number}" if self.kind.object == "page" else f"1786{number}"
        who: Json = {"id": person.id, "name": person.name}
        value: Json = {"from": who, "comment_id": comment, "post_id": post.id, "item": "comment", "verb": "add"}
        value |= {"message": text, "created_time": number // 1000, "post": {"permalink_url": post.address}}
        if self.kind.object != "page":
            who = {"id": person.id, "username": person.name.lower().replace(" ", ".")}
            value = {"from": who, "id": comment, "text": text, "media": {"id": post.id, "media_product_type": "FEED"}}
        shown = {"text": f"Your comment under “{post.title}”: {text}"}
        entry = self._people.enter(person, "note", shown, {"comment": comment})
        field = "feed" if self.kind.object == "page" else "comments"
        self._send(field, person, {"changes": [{"field": field, "value": value}]}, number)
        return entry

    def hearts(self, person: Person, entry: Json) -> None:
        """He puts a heart to a message of the shop, or takes it away."""
        at = self._people.moment()
        entry["heart"] = not entry.get("heart")
        if self.kind.heart_opens and entry["heart"]:
            person.last_act, entry["opened"] = self._now(), at
        self._people.keep(person, entry)
        person.tell({"type": "heart", "mid": entry["mid"], "on": entry["heart"]})
        sign = {"reaction": "love", "emoji": "❤"} if entry["heart"] else {}
        reaction = {"mid": entry["mid"], "action": "react" if entry["heart"] else "unreact", **sign}
        self._tell("message_reactions", person, self._from(person) | {"reaction": reaction})

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

    def waits(self, person: Person, hours: float) -> None:
        """Time passes for him: the window of 24 hours closes sooner."""
        if person.last_act is not None:
            person.last_act -= timedelta(hours=hours)
            self._note(person, f"{hours:g} hours without a word from you have passed.")

    def reads(self, person: Person) -> None:
        """He has looked at the newest message of the shop; the shop hears of it once."""
        newest = next((entry for entry in reversed(person.thread) if entry["from"] == "shop"), None)
        if newest is None or newest.get("read"):
            return
        newest["read"] = True
        if self.kind.delivered:
            self._tell("message_reads", person, self._from(person) | {"read": {"watermark": newest["at"]}})
        else:
            self._tell("messaging_seen", person, self._from(person) | {"read": {"mid": newest["mid"]}})

    # ---- the shop --------------------------------------------------------------------------------

    def send(self, body: Json) -> Json:
        """The Send API. Raises GraphError; what was refused is noted in the person's window."""
        if "message" in body and "sender_action" in body:
            raise GraphError(100, 2018014, "(#100) Cannot send both message and state")
        recipient = body.get("recipient")
        if isinstance(recipient, dict) and "comment_id" in recipient:
            return self._answer_comment(str(recipient["comment_id"]), body)
        person = self.people.get(str(recipient.get("id"))) if isinstance(recipient, dict) else None
        if person is None:
            raise GraphError(100, self.kind.stranger, "(#100) No matching user found")
        if "sender_action" in body:
            if body["sender_action"] not in ACTIONS:
                raise GraphError(100, 0, "(#100) sender_action is not supported")
            person.tell({"type": "action", "action": body["sender_action"]})
            return {"recipient_id": person.id}
        silence = self._now() - person.last_act if person.last_act else None
        return self._deliver(person, body, lambda: check_window(body, self.kind, silence))

    def _answer_comment(self, comment: str, body: Json) -> Json:
        """Private Replies (2026-06-24): one message for a comment; no window is needed, and none is opened."""
        if (found := self._people.commented(comment)) is None:
            raise GraphError(100, 33, "Unsupported post request. Object does not exist")
        person, entry = found
        age = self._now() - datetime.fromtimestamp(entry["at"] / 1000, UTC)
        answered = any(one.get("answers") == comment for one in person.thread)
        rules = partial(check_comment, self.kind, age, answered=answered)
        return self._deliver(person, body, rules, {"answers": comment, "quote": {"text": entry["message"]["text"]}})

    def _deliver(self, person: Person, body: Json, rules: Callable[[], None], more: Json = NOTHING) -> Json:
        try:
            rules()
            check_message(body.get("message"), self.kind)
            by = self._persona(body)
        except GraphError as refusal:
            self._note(person, f"The platform refused a message of the shop: {refusal}")
            raise
        entry = self._people.enter(person, "shop", body["message"], more | ({"name": by} if by else {}))
        self._echo(person, entry)
        if self.kind.delivered:
            delivery = {"mids": [entry["mid"]], "watermark": entry["at"]}
            self._tell("message_deliveries", person, self._from(person) | {"delivery": delivery})
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
        self._tell("message_echoes", person, item)

    # ---- telling ---------------------------------------------------------------------------------

    def _from(self, person: Person) -> Json:
        return {"sender": {"id": person.id}, "recipient": {"id": self.account.id}}

    def _address(self, path: str) -> str:
        return f"{self.site}{path}" if path.startswith("/") else path

    def _note(self, person: Person, words: str) -> None:
        """What no side said, but the person in front of the window should know."""
        self._people.enter(person, "note", {"text": words}, {})

    def _tell(self, field: str, person: Person, item: Json, entry: Json | None = None) -> None:
        """The shop hears of a message or an event of a conversation."""
        at = entry["at"] if entry else self._people.moment()
        self._send(field, person, {"messaging": [{**item, "timestamp": at}]}, at, entry)

    def _send(self, field: str, person: Person, told: Json, at: int, entry: Json | None = None) -> None:
        update = {"object": self.kind.object, "entry": [{"id": self.account.id, "time": at, **told}]}
        self.webhooks.send(field, person.id, update, partial(_taken, person, entry) if entry else None)

    def farewell(self) -> None:
        """Tell all windows that the demo closes."""
        for person in self.people.values():
            person.tell({"type": "closed"})

    async def close(self) -> None:
        """What the shop has not taken yet is lost with the process."""
        await self.webhooks.close()


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


def _taken(person: Person, entry: Json) -> None:
    entry["state"] = "sent"
    person.tell({"type": "state", "mid": entry["mid"], "state": "sent"})


def _buttons(message: Json) -> Iterable[Json]:
    """The buttons of a template."""
    payload = message.get("attachment", {}).get("payload", {})
    for holder in (payload, *payload.get("elements", ())):
        yield from holder.get("buttons", ())


def _shown(buttons: Iterable[Json]) -> set[tuple[str | None, str | None]]:
    return {(button.get("title"), button.get("payload")) for button in buttons}
