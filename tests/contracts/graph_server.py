"""A Graph API on loopback: keeps Meta's limits, windows and error codes, shows what each person sees, lets him write.

async with GraphServer("facebook") as server:
    channel = Facebook(server.account, server.token, server.app_secret, server.verify_token, server.base)
    body, headers = server.says("7001", "hello")     # a signed delivery; opens the window of 24 hours
    assert "12.00" in server.person("7001").words()
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Self

from aiohttp import web

from tests.contracts.graph_rules import (
    ACTIONS,
    INSTAGRAM_FIELDS,
    PAGE_FIELDS,
    GraphError,
    check_address,
    check_kind,
    check_message,
    check_profile,
    check_template,
    limit,
    words_of,
)
from tests.contracts.rates import Rate

Params = dict[str, Any]
OWN_LOGIN = "/graph.instagram.com"  # below this path the server is that host


@dataclass
class Person:
    """One person's conversation with the account."""

    id: str
    name: str = ""  # empty: has not allowed us to know it
    locale: str = ""  # of his messenger: uk_UA
    last_inbound: datetime | None = None
    seen: list[Params] = field(default_factory=list)  # messages, oldest first, each with its `mid`
    typing: bool = False
    lasting: GraphError | None = None  # what every message to him is refused with, until he is back

    def words(self) -> str:
        return "\n".join(words_of(message) for message in self.seen)


@dataclass
class Opted:
    """A person's yes to marketing messages."""

    person: str
    until: datetime
    stopped: bool = False
    last: datetime | None = None


class GraphServer:
    """The server. `now` tells its time; `troubles` are given to the next calls, one each."""

    def __init__(self, kind: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.kind, self.now, self.late = kind, now, timedelta()
        self.account = "100000000000001" if kind == "facebook" else "17841400000000000"
        self.token, self.app_secret, self.verify_token = "EAAloopback", "secret-of-the-app", "verify-me"
        self.people: dict[str, Person] = {}
        self.calls: list[Params] = []
        self.refusals: list[str] = []
        self.troubles: list[GraphError | str] = []
        self.usage: int | None = None  # minutes until access is regained, told with every answer
        self.usage_of = "messenger"  # what of
        self.lasting: GraphError | None = None  # what every message of the account is refused with, until it may again
        self.lost_pictures: set[str] = set()
        self.why_lost = 2018008  # subcode: not fetched (2018008), of a wrong kind, too large, too slow
        self.unreadable = (10, 0)  # how a person's name is kept back
        self.subscribed = sorted(PAGE_FIELDS if kind == "facebook" else INSTAGRAM_FIELDS)  # or ticked in the dashboard
        self.of_page = ["feed"]  # fields of the Page behind an Instagram account
        self.threads: dict[str, str] = {}  # person -> the app that has the conversation, where it is not ours
        self.tells_language = True  # whether this app may know the language of a person
        self.default_app = True  # ours is: it may take conversations
        self.posts: dict[str, Params] = {}  # our posts and stories: caption and permalink
        self.comments: dict[str, Params] = {}  # under our posts: author, time, whether they were answered
        self.known_as: dict[
            str, str
        ] = {}  # author of comments -> the same person in messages, where that is another id
        self.profile: Params = {}  # what is shown before the first word
        self.profile_calls: list[datetime] = []
        self.texts, self.pictures = Rate(1 / 300, burst=300), Rate(1 / 10, burst=10)
        self.private_replies = Rate(3600 / 750, burst=750, now=lambda: self._time().timestamp())
        self.app_id = "4242"
        self.receipts: set[str] = set()  # numbers of receipts that were shown
        self.app_scoped: dict[str, str] = {}  # how the app calls a person -> how the Page does; empty: not at all
        self.token_ends: dict[str, int] = {"expires_at": 0}  # seconds; 0: never
        self.personas: dict[str, Params] = {}
        self.callback = ""  # where the app is called; empty: at the address the tests' shop would have
        self.object_subscribed = True  # the app to pages or to instagram
        self.asked: dict[tuple[str, str], datetime] = {}  # person and title -> when he was asked for marketing messages
        self.opted: dict[str, Opted] = {}  # tokens for marketing messages
        self.unapproved: dict[str, str] = {}  # "news/uk" -> PENDING or REJECTED
        self.templates: dict[str, str] = {}  # approved: name and language, "news/en" -> words around {{1}}
        self.human_agent = True  # whether Meta has approved the tag for this app
        self.disliked: set[str] = set()  # words that no message may hold: it is refused as if all were
        self.closed: tuple[int, int] | None = None  # how a closed window is told, where not as it is usual
        self.denied: set[str] = set()  # webhook fields that the app has no permission for
        self.base = ""
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        app = web.Application()
        for host in ("", OWN_LOGIN):
            app.router.add_route("*", host + "/{version}/{node}", self._answer)
            app.router.add_route("*", host + "/{version}/{node}/{edge}", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    # ---- the person ------------------------------------------------------------------------------

    def person(self, id: str) -> Person:
        return self.people.setdefault(id, Person(id))

    def says(self, id: str, text: str, **more: Any) -> tuple[bytes, dict[str, str]]:
        """A signed delivery of a message."""
        return self.happens(id, message={"mid": self.mid(), "text": text, **more})

    def words_of(self, message: Params) -> str:
        """Everything that a person reads in one message."""
        return words_of(message)

    def button(self, id: str, title: str) -> str | None:
        """The payload of the newest button of this title; empty for one that opens a page, None where there is none."""
        seen = self.person(id).seen
        for message in reversed(seen):
            replies = message.get("quick_replies", ()) if message is seen[-1] else ()  # they vanish after the next
            payload = message.get("attachment", {}).get("payload", {})
            holders = (payload, *payload.get("elements", ()))
            for button in (*replies, *(button for holder in holders for button in holder.get("buttons", ()))):
                if button.get("title") == title:
                    return str(button.get("payload", ""))
        return None

    def taps(self, id: str, title: str) -> tuple[bytes, dict[str, str]]:
        """The person presses the newest button of this title. Raises AssertionError where there is none."""
        payload = self.button(id, title)
        assert payload, f"No button {title!r} is shown."
        last = self.person(id).seen[-1].get("quick_replies", ())
        if any(reply.get("payload") == payload for reply in last):
            return self.says(id, title, quick_reply={"payload": payload})
        return self.happens(id, postback={"mid": self.mid(), "title": title, "payload": payload})

    def happens(self, id: str, **event: Any) -> tuple[bytes, dict[str, str]]:
        """A signed delivery of one event of this person."""
        self.person(id).last_inbound = self._time()
        return self._told(id, **event)

    def notices(self, id: str, how: str, of: Params | datetime) -> tuple[bytes, dict[str, str]]:
        """A signed delivery of a receipt: Messenger tells a moment, Instagram the newest message that was read."""
        told = {"watermark": int(of.timestamp() * 1000)} if isinstance(of, datetime) else {"mid": of["mid"]}
        return self._told(id, **{how: told})

    def _told(self, id: str, **event: Any) -> tuple[bytes, dict[str, str]]:
        at = int(self._time().timestamp() * 1000) + next(self._numbers)
        item = {"sender": {"id": id}, "recipient": {"id": self.account}, "timestamp": at, **event}
        kind = "page" if self.kind == "facebook" else "instagram"
        return self.signed({"object": kind, "entry": [{"id": self.account, "time": at, "messaging": [item]}]})

    def passes(self, id: str, app: str) -> tuple[bytes, dict[str, str]]:
        """A delivery of a handover: from now on `app` has the conversation."""
        self.threads[id] = app
        if app == self.app_id:
            del self.threads[id]
        return self._told(id, pass_thread_control={"new_owner_app_id": app})

    def takes(self, id: str, app: str) -> tuple[bytes, dict[str, str]]:
        """A delivery of a take-over: `app` has taken the conversation."""
        self.threads[id] = app
        return self._told(id, take_thread_control={"previous_owner_app_id": self.app_id, "new_owner_app_id": app})

    def enforces(self, action: str) -> tuple[bytes, dict[str, str]]:
        """A delivery of Meta's word that the whole account may write no more (`block`), or may again (`unblock`)."""
        at = int(self._time().timestamp() * 1000) + next(self._numbers)
        told = {"action": action, "reason": "The bot violated our Platform Policies"}
        item = {"recipient": {"id": self.account}, "timestamp": at, "policy_enforcement": told}
        kind = "page" if self.kind == "facebook" else "instagram"
        return self.signed({"object": kind, "entry": [{"id": self.account, "time": at, "messaging": [item]}]})

    def again(self, delivery: tuple[bytes, dict[str, str]]) -> tuple[bytes, dict[str, str]]:
        """The same event once more, in another batch."""
        update = json.loads(delivery[0])
        for entry in update["entry"]:
            entry["time"] += next(self._numbers)
        return self.signed(update)

    def in_standby(self, delivery: tuple[bytes, dict[str, str]]) -> tuple[bytes, dict[str, str]]:
        """The same as an app is told it that has not got the conversation."""
        update = json.loads(delivery[0])
        for entry in update["entry"]:
            entry["standby"] = entry.pop("messaging")
        return self.signed(update)

    def answers_elsewhere(self, id: str, text: str, mid: str = "", **more: Any) -> tuple[bytes, dict[str, str]]:
        """A delivery of what somebody sent from this account past the shop: an echo."""
        message = {"mid": mid or self.mid(), "text": text, "is_echo": True, **more}
        at = int(self._time().timestamp() * 1000) + next(self._numbers)
        item = {"sender": {"id": self.account}, "recipient": {"id": id}, "timestamp": at, "message": message}
        kind = "page" if self.kind == "facebook" else "instagram"
        return self.signed({"object": kind, "entry": [{"id": self.account, "time": at, "messaging": [item]}]})

    def signed(self, update: Params) -> tuple[bytes, dict[str, str]]:
        """The bytes of a delivery, letters escaped as Meta does, and the header that proves them."""
        body = json.dumps(update, separators=(",", ":")).encode()
        return body, {"X-Hub-Signature-256": f"sha256={self.signature(body)}"}

    def signature(self, body: bytes) -> str:
        return hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()

    def asks_to_be_forgotten(self, app_scoped: str, **more: Any) -> str:
        """The `signed_request` of a Data Deletion Callback."""
        asked = {"algorithm": "HMAC-SHA256", "issued_at": int(self._time().timestamp()), "user_id": app_scoped} | more
        payload = base64.urlsafe_b64encode(json.dumps(asked).encode()).rstrip(b"=")
        mark = base64.urlsafe_b64encode(hmac.digest(self.app_secret.encode(), payload, hashlib.sha256)).rstrip(b"=")
        return f"{mark.decode()}.{payload.decode()}"

    def mid(self) -> str:
        return f"m_{next(self._numbers)}"

    # ---- the server ------------------------------------------------------------------------------

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.method == "POST" else {}
        path = request.path
        self.calls.append({"path": path, **body})
        headers = {}
        if self.usage is not None:
            usage = {self.account: [{"type": self.usage_of, "estimated_time_to_regain_access": self.usage}]}
            headers["X-Business-Use-Case-Usage"] = json.dumps(usage)
        try:
            trouble = self.troubles.pop(0) if self.troubles and request.method == "POST" else None
            if isinstance(trouble, GraphError):
                raise trouble
            done = None if trouble == "cut" else self._carry_out(request, body)
            if trouble is not None:  # "cut": nothing was done; "lost": it was, and nobody is told
                assert request.transport is not None
                request.transport.abort()
            return web.json_response(done, headers=headers)
        except GraphError as error:
            if request.method == "POST":  # a question that is not answered is no message lost
                self.refusals.append(str(error))
            return web.json_response(error.body, status=error.status, headers=headers)
        except (KeyError, TypeError, AttributeError) as error:
            self.refusals.append(repr(error))
            return web.json_response(GraphError(100, 2534015, repr(error)).body, status=400)

    def _carry_out(self, request: web.Request, body: Params) -> Params:
        if request.match_info["node"] == "debug_token":
            return self._debug_token(request)
        if request.match_info.get("edge") == "subscriptions":
            self._must_be_the_app(request)
            kind = "page" if self.kind == "facebook" else "instagram"
            fields = [{"name": name, "version": "v26.0"} for name in self.subscribed]
            address = self.callback or f"https://shop.example/webhooks/{self.kind}"
            told = {"object": kind, "callback_url": address, "active": True, "fields": fields}
            return {"data": [told] if self.object_subscribed else []}
        if request.match_info.get("edge") == "ids_for_pages":
            self._must_be_the_app(request)
            if (person := request.match_info["node"]) not in self.app_scoped:
                raise GraphError(100, 33, "Unsupported get request. Object does not exist")
            page = {"id": request.query["page"]}
            return {"data": [{"id": peer, "page": page} for peer in (self.app_scoped[person],) if peer]}
        self._must_be_ours(request)
        node, edge = request.match_info["node"], request.match_info.get("edge", "")
        if request.method == "GET" and node in self.people and self.people[node].name:
            first, _, last = self.people[node].name.partition(" ")
            instagram = self.kind == "instagram"
            if instagram:  # who has no name there has a name of the form @ana
                asked = request.query["fields"].split(",")
                known = {"username": first[1:]} if first.startswith("@") else {"name": self.people[node].name}
                return {field: known[field] for field in asked if field in known}
            if "locale" in request.query["fields"].split(","):
                if not self.tells_language:
                    raise GraphError(200, 0, "(#200) Requires pages_user_locale permission", status=403)
                return {"first_name": first, "last_name": last, "locale": self.people[node].locale}
            return {"first_name": first, "last_name": last}
        if request.method == "GET" and node in self.people:
            raise GraphError(*self.unreadable, "The name of this person is not told")
        if request.method == "GET" and node in self.posts:
            return self._post(node, request.query["fields"].split(","))
        if node not in {self.account, "me"}:
            raise GraphError(100, 33, "Unsupported request. Object does not exist")
        match request.method, edge:
            case "POST", "messages":
                return self._send(body)
            case "POST", "take_thread_control":
                if not self.default_app:
                    raise GraphError(100, 2018301, "(#100) Only the default app can take thread control")
                self.threads.pop(body["recipient"]["id"], None)
                return {"success": True}
            case "POST", "personas":
                return self._make_persona(body)
            case _, "subscribed_apps":
                return self._apps(request, body)
            case "GET", "message_templates" if self.kind == "facebook":
                return {"data": self._listed_templates()}
            case "GET", "messenger_profile":
                self._profile_call(request.query.get("platform"))
                asked = request.query["fields"].split(",")
                return {"data": [{name: self.profile[name] for name in asked if name in self.profile}]}
            case "POST", "messenger_profile":
                self._profile_call(body.pop("platform", None))
                check_profile(self.profile | body, instagram=self.kind == "instagram")
                self.profile |= body
                return {"result": "success"}
            case "GET", "":
                return {"id": self.account, "name": "Lumo", "username": "lumo"}
            case _:
                raise GraphError(100, 0, "Unsupported request")

    def _listed_templates(self) -> list[Params]:
        """Page Message Templates (v26.0): those that may be used, and those that wait or were refused."""
        states = dict.fromkeys(self.templates, "APPROVED") | self.unapproved
        split = [(*name.split("/"), status) for name, status in states.items()]
        return [{"id": str(n), "name": a, "language": b, "status": c} for n, (a, b, c) in enumerate(split)]

    def _apps(self, request: web.Request, body: Params) -> Params:
        """A Page has apps, and an Instagram account by its own login; by Facebook's, the Page behind it alone."""
        own_login = request.path.startswith(OWN_LOGIN)
        behind = self.kind == "instagram" and not own_login
        if behind and request.match_info["node"] != "me":
            raise GraphError(100, 33, "Unsupported request. Object does not exist")
        if request.method == "GET":
            fields = self.of_page if behind else self.subscribed
            return {"data": [{"id": self.app_id, "subscribed_fields": fields}] if fields else []}
        asked = body["subscribed_fields"].split(",")
        if unknown := set(asked) - (INSTAGRAM_FIELDS if own_login else PAGE_FIELDS):
            raise GraphError(100, 0, f"(#100) Param subscribed_fields must not be {unknown}")
        if set(asked) & self.denied:
            raise GraphError(200, 0, "(#200) To subscribe to this field, you need a permission")
        if behind:
            self.of_page = asked
        else:
            self.subscribed = asked
        return {"success": True}

    def _debug_token(self, request: web.Request) -> Params:
        self._must_be_the_app(request)
        valid = request.query["input_token"] == self.token
        return {"data": {"app_id": self.app_id, "type": "PAGE", "is_valid": valid, **self.token_ends}}

    def _must_be_the_app(self, request: web.Request) -> None:
        asking = f"{self.app_id}|{self.app_secret}"
        proof = hmac.new(self.app_secret.encode(), asking.encode(), hashlib.sha256).hexdigest()
        if request.headers.get("Authorization") != f"Bearer {asking}" or request.query.get("appsecret_proof") != proof:
            raise GraphError(100, 0, "(#100) You must provide an app access token")

    def _must_be_ours(self, request: web.Request) -> None:
        if request.match_info["version"] != "v26.0":
            raise GraphError(2635, 0, "You are calling a deprecated version")
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            raise GraphError(190, 463, "Error validating access token: Session has expired", status=401)
        if request.path.startswith(OWN_LOGIN):
            return
        proof = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if request.query.get("appsecret_proof") != proof:
            raise GraphError(100, 0, "API calls from the server require an appsecret_proof argument")

    def _post(self, id: str, asked: list[str]) -> Params:
        """A Page's posts have other names for the same things."""
        names = {"message": "caption", "permalink_url": "permalink"}
        if self.kind == "instagram":
            names = {"caption": "caption", "permalink": "permalink"}
        if set(asked) - set(names):
            raise GraphError(100, 0, "(#100) Tried accessing nonexisting field")
        return {"id": id} | {name: self.posts[id][names[name]] for name in asked if names[name] in self.posts[id]}

    def _profile_call(self, platform: str | None) -> None:
        """Ten calls in ten minutes; Instagram's are marked by its name."""
        if platform != ("instagram" if self.kind == "instagram" else None):
            raise GraphError(100, 0, "(#100) platform")
        self.profile_calls = [at for at in self.profile_calls if self._time() - at < timedelta(minutes=10)]
        if len(self.profile_calls) >= 10:
            raise GraphError(613, 0, "Calls to this api have exceeded the rate limit.")
        self.profile_calls.append(self._time())

    def comments_on(self, post: str, id: str, text: str, **more: Any) -> tuple[bytes, dict[str, str]]:
        """A signed delivery of what somebody wrote under a post of ours. It opens no window."""
        person, number = self.person(id), next(self._numbers)
        comment = f"{post}_{number}" if self.kind == "facebook" else f"1786{number:013d}"
        self.comments[comment] = {"author": person.id, "at": self._time(), "answered": False}
        at = int(self._time().timestamp())
        who = {"id": id, "name": person.name or "Jane", "username": "jane"}
        value: Params = {"from": who, "id": comment, "text": text, "media": {"id": post, "media_product_type": "FEED"}}
        if self.kind == "facebook":
            value = {"from": who, "comment_id": comment, "post_id": post, "item": "comment", "verb": "add"}
            value |= {"message": text, "created_time": at}
        change = {"field": "feed" if self.kind == "facebook" else "comments", "value": value | more}
        kind = "page" if self.kind == "facebook" else "instagram"
        return self.signed({"object": kind, "entry": [{"id": self.account, "time": at, "changes": [change]}]})

    def _make_persona(self, body: Params) -> Params:
        """Name and picture, both needed; a Page's alone."""
        if self.kind == "instagram" or set(body) != {"name", "profile_picture_url"} or not body["name"]:
            raise GraphError(100, 0, "(#100) Invalid parameters of a persona")
        check_address(body["profile_picture_url"])
        id = str(5_000_000 + next(self._numbers))
        self.personas[id] = dict(body)
        return {"id": id}

    def _shown_as(self, body: Params) -> Params:
        if "persona_id" not in body:
            return {}
        if self.kind == "instagram" or body["persona_id"] not in self.personas:
            raise GraphError(100, 2018145, "(#100) No such persona")
        return {"shown_as": self.personas[body["persona_id"]]["name"]}

    def _private_reply(self, body: Params) -> Params:
        """One message per comment, within seven days; no window is needed, and none is opened."""
        comment = self.comments.get(body["recipient"]["comment_id"])
        if comment is None:
            raise GraphError(100, 33, "Object does not exist")
        if self._time() - comment["at"] > timedelta(days=7):
            raise GraphError(10, 2018278, "The comment is too old to be replied to")
        if comment["answered"]:
            raise GraphError(10900, 0, "Activity already replied to")
        check_message(body.get("message"), instagram=self.kind == "instagram")
        comment["answered"] = True
        message = {**body["message"], "mid": self.mid()}
        recipient = self.known_as.get(comment["author"], comment["author"])
        self.person(recipient).seen.append(message)
        return {"recipient_id": recipient, "message_id": message["mid"]}

    def _send(self, body: Params) -> Params:
        if self.lasting:
            raise self.lasting
        if "message" in body:
            self._must_be_slow_enough(body)
        if "comment_id" in body["recipient"]:
            return self._private_reply(body)
        if token := body["recipient"].get("notification_messages_token"):
            return self._offer(token, body)
        if "message" in body and "sender_action" in body:
            raise GraphError(100, 2018014, "Cannot send both message and state")
        person = self.people.get(body["recipient"]["id"])
        if person is None:
            raise GraphError(100, 2534014 if self.kind == "instagram" else 2018001, "No matching user found")
        if person.lasting:
            raise person.lasting
        if "sender_action" in body:
            if body["sender_action"] not in ACTIONS:
                raise GraphError(100, 0, "sender_action")
            person.typing = body["sender_action"] == "typing_on"
            return {"recipient_id": person.id}
        instagram = self.kind == "instagram"
        if person.id in self.threads:
            raise GraphError(100, 2534037 if instagram else 2018300, "Another app is controlling this thread now.")
        if body.get("messaging_type") == "UTILITY":
            return self._send_template(person, body)
        since = self._time() - person.last_inbound if person.last_inbound else None
        check_kind(body, since, instagram=instagram, closed=self.closed)
        if any(word in json.dumps(body) for word in self.disliked):
            raise GraphError(200, 0, "(#200) Requires permission", status=403)
        if "tag" in body and not self.human_agent:
            raise GraphError(10, 0, "(#10) Application does not have permission for this action", status=403)
        check_message(body.get("message"), instagram=instagram)
        payload = body["message"].get("attachment", {}).get("payload", {})
        if payload.get("template_type") == "notification_messages":
            last = self.asked.get((person.id, payload["title"]))
            if last is not None and self._time() - last < timedelta(days=7):  # Marketing messages, 2025-09-01
                raise GraphError(100, 0, "(#100) The person was asked not long ago")
            self.asked[person.id, payload["title"]] = self._time()
        if (number := payload.get("order_number")) is not None:
            if number in self.receipts:
                raise GraphError(100, 0, f"(#100) order_number {number} was used already")
            self.receipts.add(number)
        if any(url in json.dumps(body) for url in self.lost_pictures):
            raise GraphError(100, self.why_lost, "Failed to upload the file from the url")
        message = {**body["message"], "mid": self.mid(), **self._shown_as(body)}
        person.seen.append(message)
        person.typing = False
        return {"recipient_id": person.id, "message_id": message["mid"]}

    def _offer(self, token: str, body: Params) -> Params:
        """Marketing messages: to who has opted in, at any time, one in 48 hours (2025-09-01)."""
        opted = self.opted.get(token)
        limit(
            set(body) == {"recipient", "message"} and set(body["recipient"]) == {"notification_messages_token"}, "body"
        )
        if self.kind == "instagram" or opted is None:
            raise GraphError(100, 2018001, "No matching user found")
        if opted.stopped or opted.until <= self._time():
            raise GraphError(10, 2018278, "The person does not take marketing messages")
        if opted.last is not None and self._time() - opted.last < timedelta(hours=48):
            raise GraphError(613, 0, "Calls to this api have exceeded the rate limit.")
        check_message(body["message"], instagram=False)
        opted.last = self._time()
        message = {**body["message"], "mid": self.mid(), "offer": True}
        self.person(opted.person).seen.append(message)
        return {"recipient_id": opted.person, "message_id": message["mid"]}

    def opts_in(self, id: str, token: str, *, days: int = 300) -> tuple[bytes, dict[str, str]]:
        """The person presses the button of Meta's own question."""
        until = self._time() + timedelta(days=days)
        self.opted[token] = Opted(id, until)
        ends = str(int(until.timestamp()))
        told = {"type": "notification_messages", "notification_messages_token": token, "token_expiry_timestamp": ends}
        return self._told(id, optin=told | {"user_token_status": "NOT_REFRESHED", "title": "Offers"})

    def opts_out(self, token: str) -> tuple[bytes, dict[str, str]]:
        """The person stops them at Meta."""
        self.opted[token].stopped = True
        told = {"type": "notification_messages", "notification_messages_token": token}
        return self._told(self.opted[token].person, optin=told | {"notification_messages_status": "STOP NOTIFICATIONS"})

    def opts_in_again(self, token: str) -> tuple[bytes, dict[str, str]]:
        """The person lets them come again, at Meta."""
        self.opted[token].stopped = False
        told = {"type": "notification_messages", "notification_messages_token": token}
        status = {"notification_messages_status": "RESUME NOTIFICATIONS"}
        return self._told(self.opted[token].person, optin=told | status)

    def _must_be_slow_enough(self, body: Params) -> None:
        """Rate limits (2026-03-23): 300 texts or 10 pictures a second, 750 private replies an hour."""
        picture = body["message"].get("attachment", {}).get("type") in ("image", "video", "audio")
        rate = self.private_replies if "comment_id" in body["recipient"] else self.pictures if picture else self.texts
        if rate.wait():
            raise GraphError(613, 0, "Calls to this api have exceeded the rate limit.")

    def _send_template(self, person: Person, body: Params) -> Params:
        """At any time, in the words that were approved; a Page's alone."""
        template = check_template(body["message"], instagram=self.kind == "instagram")
        name = f"{template['name']}/{template['language']['code']}"
        if name not in self.templates:
            raise GraphError(100, 0, "(#100) Message template does not exist in this language")
        said = self.templates[name].replace("{{1}}", template["components"][0]["parameters"][0]["text"])
        message = {"text": said, "mid": self.mid()}
        person.seen.append(message)
        return {"recipient_id": person.id, "message_id": message["mid"]}

    def _time(self) -> datetime:
        return self.now() + self.late
