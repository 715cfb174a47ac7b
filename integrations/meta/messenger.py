"""The class that the adapters of Messenger and Instagram extend: one account, one connection pool, a signed webhook."""

from __future__ import annotations

import json
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import ClassVar

import structlog

from base.errors import Elsewhere, NotPermitted, Refused, ShopkeeperError, WindowClosed
from base.ids import new_id
from bot.channel import Deliver, Health, Limits, Raw, Sent
from bot.knocks import Knock
from bot.messages import Address, Fitted, Inbound, Profile, Receipt
from bot.pacing import Pace, Paces
from bot.render_fit import must_fit
from bot.welcome import Welcome
from integrations.meta import door, profile, read
from integrations.meta.build import (
    Json,
    Rules,
    build_action,
    build_call,
    build_message,
    build_private_reply,
    build_template,
)
from integrations.meta.fields import Json as Told
from integrations.meta.fields import identity, objects, strings, text
from integrations.meta.graph import Graph
from integrations.meta.personas import Faces, Personas
from integrations.meta.seen_tokens import SeenTokens
from integrations.meta.token import Token, read_token
from integrations.meta.troubles import Denied, PictureRefused

NOT_AGAIN = 3600.0  # seconds in which nobody waits for what the app was not allowed to know
REMEMBERED = 1000  # keys of sent messages kept in this process
LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,4})?")
NEAR = timedelta(days=14)  # so long before its end doctor speaks of a token

log = structlog.get_logger(__name__)


class MetaMessenger:
    """One account. The subclass says what it is called, what fits into it and how it is checked."""

    name: ClassVar[str]
    limits: ClassVar[Limits]
    rules: ClassVar[Rules]
    object: ClassVar[str]  # what Meta's webhooks call this kind of account
    wanted: ClassVar[tuple[str, ...]]  # the fields of its webhooks that are read
    comments: ClassVar[tuple[str, ...]]  # the fields that bring comments, which need a permission of their own
    edge: ClassVar[str]  # where messages are posted
    login: ClassVar[str] = ""  # the host whose calls carry no proof that we know the app secret
    prefix: ClassVar[str]  # of its settings
    token: ClassVar[str]  # the setting with its token
    per_second: ClassVar[float]  # messages; the owner may set another figure
    picture: ClassVar[int] = 1  # a message with a picture counts for so many

    def __init__(
        self,
        account: str,
        token: str,
        app_secret: str,
        verify_token: str,
        api_base: str,
        public_url: str = "",
        app_id: str = "",
        per_second: float | None = None,
        faces: Faces | None = None,
        *,
        seen: SeenTokens | None = None,
        template: str = "",
        languages: Sequence[str] = (),
    ) -> None:
        """Opens nothing yet. `app_id`: tells our own messages from a manager's when they come back.

        `template`: the name of an approved one for news of an order, with one place for words; `languages`: of the
        shop, in which it should be there.
        """
        self.languages = languages
        self.template = template if self.rules.templates else ""
        self._account, self._edge, self._public_url = account, self.edge.format(account=account), public_url
        proof = not (self.login and self.login in api_base)
        self._secret, self._verify_token = app_secret.encode(), verify_token.encode()
        self._app, self._asks_with_proof, self._seen = app_id, proof, seen
        self.paces = Paces(Pace(1 / (per_second or self.per_second)), picture=self.picture)
        self._source = read.Source(self.name, self.object, account, app_id)
        self._no_language_before = 0.0  # by a clock that only goes on
        self.graph = Graph(self.name, api_base, token, self._secret if proof else b"")
        self._personas = Personas(account, self.graph, faces) if faces and self.rules.personas else None
        self._sent: OrderedDict[str, Sent] = OrderedDict()

    @property
    def account(self) -> str:
        """The id of our account: the `recipient` of every webhook."""
        return self._account

    # ---- coming in -------------------------------------------------------------------------------

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Check Meta's signature over the raw bytes."""
        door.must_be_signed(headers, body, self._secret)

    def challenge(self, query: Mapping[str, str]) -> str:
        """Answer Meta's question whether this address is ours."""
        return door.challenge(query, self._verify_token)

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        """Everything in the delivery that is for us; never raises."""
        return read.read_update(body, self._source)

    def read_raw(self, body: bytes) -> Raw:
        """The delivery with the key under which it is kept, also when it holds nothing that we read."""
        return Raw(self.name, self._account, read.update_key(body), body, tuple(self.read_update(body)))

    async def run(self, deliver: Deliver) -> None:
        """The webhook brings everything."""

    # ---- going out -------------------------------------------------------------------------------

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """One message. Meta has no idempotency key: `key` protects within this process alone."""
        return await self._deliver(to, message, key, human=False)

    async def send_by_hand(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """A manager's own words, for seven days after the customer's; the tag of a human needs a permission."""
        return await self._deliver(to, message, key, human=True)

    async def _deliver(self, to: Address, message: Fitted, key: str, *, human: bool) -> Sent:
        must_fit(message, self.limits)
        return await self._once(key, partial(self._under_a_name, to, message, key, human=human))

    async def _once(self, key: str, send: Callable[[], Awaitable[Sent]]) -> Sent:
        """Within this process, whatever kind of message it is."""
        if key not in self._sent:
            self._sent[key] = await send()
            while len(self._sent) > REMEMBERED:
                self._sent.popitem(last=False)
        return self._sent[key]

    async def _under_a_name(self, to: Address, message: Fitted, key: str, *, human: bool) -> Sent:
        """A manager's words are shown as his, where the platform has personas."""
        name = message.name if message.author == "manager" else ""
        persona = await self._personas.of(name) if self._personas and name else ""
        if self._personas and persona:
            try:
                unnamed = message.model_copy(update={"name": ""})  # Messenger shows the name beside the words
                return await self._send(to.peer, unnamed, key, persona, human=human)
            except (WindowClosed, Elsewhere):
                raise
            except Refused:
                sent = await self._send(to.peer, message, key, human=human)
                await self._personas.lost(name, persona)
                return sent
        return await self._send(to.peer, message, key, human=human)

    async def _send(self, peer: str, message: Fitted, key: str, persona: str = "", *, human: bool) -> Sent:
        built = build_message(message, self.rules, public_url=self._public_url)
        mark = key if self.rules.metadata else ""
        try:
            return await self._post(peer, built, mark, message, persona, human=human)
        except PictureRefused as refusal:
            log.warning("meta.picture_refused", channel=self.name, reason=refusal.what)
            plain = build_message(message, self.rules, public_url=self._public_url, pictures=False)
            return await self._post(peer, plain, mark, message, persona, human=human)
        except (WindowClosed, Elsewhere):
            raise
        except Refused as refusal:  # a receipt's number counts once at Meta, for good
            if not any(isinstance(part, Receipt) for part in message.parts):
                raise
            log.warning("meta.receipt_refused", channel=self.name, reason=refusal.what)
            plain = build_message(message, self.rules, public_url=self._public_url, receipts=False)
            return await self._post(peer, plain, mark, message, persona, human=human)

    async def _post(self, peer: str, built: Json, mark: str, message: Fitted, persona: str, *, human: bool) -> Sent:
        silent = message.silent and self.limits.silent
        call = build_call(peer, built, key=mark, human=human, persona=persona, silent=silent)
        return await self._call(call, special=human or bool(persona))

    async def _call(self, call: Json, *, special: bool, capped: bool = False) -> Sent:
        answer = await self.graph.post(self._edge, call, special=special, capped=capped)
        return Sent(platform_id=text(answer, "message_id") or None, rest=self.graph.rest)

    async def send_template(self, to: Address, words: str, locale: str, *, key: str) -> Sent:
        """News of an order, at any time; needs a permission of its own."""
        call = build_template(to.peer, self.template, words, locale, key=key)
        return await self._once(key, partial(self._call, call, special=True))

    async def take_control(self, to: Address) -> None:
        """Make ours a conversation that another app has; only the default app of an account may. Raises Elsewhere."""
        place = self._edge.replace("messages", "take_thread_control")
        try:
            await self.graph.set(place, {"recipient": {"id": to.peer}})
        except (Refused, Denied) as refusal:
            raise Elsewhere(f"Another app keeps this conversation: {refusal.what}") from None

    async def answer_comment(self, comment: str, message: Fitted, *, key: str) -> tuple[str | None, str]:
        """The one private message that a comment may be answered with; Meta itself refuses a second one."""
        must_fit(message, self.limits)
        built = build_message(message, self.rules, public_url=self._public_url, pictures=False)
        call = build_private_reply(comment, built, key=key if self.rules.metadata else "")
        answer = await self.graph.post(self._edge, call, special=True, counted_apart=True)
        return text(answer, "message_id") or None, text(answer, "recipient_id")

    async def typing(self, to: Address) -> None:
        """Show "typing…"; the next message ends it."""
        try:
            await self.graph.post(self._edge, build_action(to.peer, "typing_on"))
        except ShopkeeperError as trouble:
            log.debug("meta.courtesy_failed", channel=self.name, reason=trouble.what)

    async def acknowledge(self, inbound: Inbound) -> None:
        """No spinner to stop; and "seen" would pretend that a person has read it."""

    @property
    def tells_language(self) -> bool:
        """Messenger alone does, until Meta refuses it to this app."""
        return self.object == "page" and time.monotonic() >= self._no_language_before

    async def profile(self, peer: str) -> Profile:
        """The person's name and language, where Meta tells them; many have not allowed it, and one goes on without.

        The language is Messenger's alone, and needs a permission of its own (User Profile API, 2026-03-18).
        """
        name = "first_name,last_name" if self.object == "page" else "name,username"
        try:
            told = await self._about(peer, name)
        except ShopkeeperError as trouble:
            log.debug("meta.no_profile", channel=self.name, reason=trouble.what)
            return Profile()
        locale = text(told, "locale").replace("_", "-")
        full = f"{text(told, 'first_name')} {text(told, 'last_name')}".strip()
        full = full or text(told, "name") or text(told, "username")
        return Profile(name=full or None, locale=locale if LOCALE.fullmatch(locale) else None)

    async def _about(self, peer: str, name: str) -> Told:
        """What Meta tells of this person. Where it is the app that may not know the language, it does not ask again."""
        if self.tells_language:
            try:
                return await self.graph.get(peer, fields=f"{name},locale")
            except (Refused, Denied):
                self._no_language_before = time.monotonic() + NOT_AGAIN
        try:
            return await self.graph.get(peer, fields=name)
        except (Denied, NotPermitted):
            raise
        except ShopkeeperError:  # this person alone cannot be asked about
            self._no_language_before = 0.0
            raise

    def read_deletion(self, signed: str) -> str:
        """The app's name of a person who asks to be forgotten."""
        return door.person_who_asks(signed, self._secret)

    async def peers_of(self, person: str) -> tuple[str, ...]:
        """How the account knows a person whom the app knows by another id. Raises ShopkeeperError."""
        if not self._app or self.object != "page":
            raise ShopkeeperError("Meta tells this only to the app of a Page.", f"Set {self.prefix}APP_ID.")
        told = await self.graph.pages_of(person, self._app, self._secret.decode(), self._account)
        return tuple(filter(None, (identity(one) for one in objects(told.get("data")))))

    async def post(self, id: str) -> tuple[str, ...]:
        """Caption and address of a post or a story of ours."""
        caption, address = ("message", "permalink_url") if self.object == "page" else ("caption", "permalink")
        told = await self.graph.get(id, fields=f"{caption},{address}")
        return tuple(filter(None, (text(told, caption), text(told, address))))

    # ---- looking after it ------------------------------------------------------------------------

    async def check(self) -> Health:
        """Ask whose token this is, and whether the webhook is closed for want of a secret."""
        try:
            line, warning = await self.look()
        except ShopkeeperError as trouble:
            mend = (
                f"Look at {self.prefix}{self.token}."
                if isinstance(trouble, Refused)
                else "Look at the token and the network."
            )
            return Health("down", trouble.what, mend)
        token = await self._look_at_token()
        if token is not None and not token.valid:
            return Health("down", f"{line}; the token is not valid any more", f"Make a new {self.prefix}{self.token}.")
        ends = token.ends if token else None
        near = ends is not None and ends - datetime.now(UTC) < NEAR
        for secret, setting in ((self._secret, "APP_SECRET"), (self._verify_token, "VERIFY_TOKEN")):
            if not secret:
                return Health("warn", f"{line}; the webhook is closed", f"Set {self.prefix}{setting}.", ends)
        warning = warning or await self._wrong_with_subscription()
        if ends is not None:
            line += f"; the token ends on {ends:%Y-%m-%d}" + ("" if self._asks_with_proof else " at the latest")
        mend = f"Make a new {self.prefix}{self.token}. {warning}".strip() if near else warning
        return Health("warn" if mend else "ok", line, mend, ends, ending=near and not warning)

    async def _wrong_with_subscription(self) -> str:
        """What mends how Meta calls us, where it tells: not at all, or elsewhere. Nothing where all is well."""
        if not self._app or not self._secret or not self._asks_with_proof:
            return ""
        try:
            told = await self.graph.subscriptions(self._app, self._secret.decode())
        except ShopkeeperError as trouble:
            log.debug("meta.no_subscriptions", channel=self.name, reason=trouble.what)
            return ""
        ours = next((one for one in objects(told.get("data")) if text(one, "object") == self.object), None)
        if ours is None or ours.get("active") is False:
            return f"Subscribe the app to {self.object} in its dashboard: Meta sends it nothing."
        if self._public_url and text(ours, "callback_url") != self._door(self._public_url):
            return f"Meta calls another address; set {self._door(self._public_url)} in the dashboard of the app."
        return self.lacking(frozenset(text(one, "name") for one in objects(ours.get("fields"))))

    def lacking(self, fields: frozenset[str]) -> str:
        """What mends a dashboard where the app is subscribed to no more than `fields`; a Page has its own besides."""
        return ""

    async def subscribed(self, node: str) -> frozenset[str]:
        """The webhook fields of `node` that our app gets; where it is not known by its id, any app. Raises as `get`."""
        told = await self.graph.get(f"{node}/subscribed_apps")
        known = self._app if self._asks_with_proof else ""  # Instagram's own login has ids of its own
        apps = (app for app in objects(told.get("data")) if not known or identity(app) == known)
        return frozenset(field for app in apps for field in strings(app.get("subscribed_fields")))

    def knocks(self) -> Sequence[Knock]:
        """What proves that our door is open to Meta, and to nobody else. Nothing where it is closed for all."""
        if not self._secret or not self._verify_token:
            return ()
        asked, nothing = new_id(), json.dumps({"object": self.object, "entry": []}).encode()
        question = {"hub.mode": "subscribe", "hub.challenge": asked, "hub.verify_token": self._verify_token.decode()}
        return (
            Knock("Meta's question", 200, query=question, answer=asked),
            Knock("a wrong question", 403, query={**question, "hub.verify_token": "wrong"}),
            Knock("a delivery", 200, body=nothing, headers={door.SIGNATURE: door.signature(nothing, self._secret)}),
            Knock("a forgery", 403, body=nothing, headers={door.SIGNATURE: door.signature(nothing, b"wrong")}),
        )

    def _door(self, public_url: str) -> str:
        return f"{public_url.rstrip('/')}/webhooks/{self.name}"

    async def _look_at_token(self) -> Token | None:
        """Its validity and end; None where nobody can be asked. Of Instagram's own login, what we know ourselves."""
        if self._seen is not None and not self._asks_with_proof:
            return Token(valid=True, ends=await self._seen.ends(self._account, self.graph.token))
        if not self._app or not self._secret or not self._asks_with_proof:
            return None
        try:
            return read_token(await self.graph.about_token(self._app, self._secret.decode()))
        except ShopkeeperError as trouble:
            log.debug("meta.token_not_told", channel=self.name, reason=trouble.what)
            return None

    async def set_webhook(self, public_url: str) -> str:
        """Subscribe our app to the account's events; returns the address that Meta is to call. Raises ShopkeeperError.

        The address itself is set in the dashboard of the app, where Meta asks the shop at once.
        """
        if not self._secret or not self._verify_token:
            raise ShopkeeperError("The webhook is closed.", f"Set {self.prefix}APP_SECRET and VERIFY_TOKEN first.")
        await self.subscribe()
        return self._door(public_url)

    async def subscribe(self) -> None:
        """Our app to what is read of the account. Raises as `set`."""
        place = f"{self._account}/subscribed_apps"
        try:
            await self.graph.set(place, {"subscribed_fields": ",".join((*self.wanted, *self.comments))})
        except (
            Denied,
            NotPermitted,
        ) as denied:  # the right to read comments is one of its own, and the shop does without
            log.warning("meta.no_comments", channel=self.name, reason=denied.what)
            await self.graph.set(place, {"subscribed_fields": ",".join(self.wanted)})

    async def show_welcome(self, welcomes: Sequence[Welcome]) -> Sequence[str]:
        """Set what is not there yet: Meta takes ten calls in ten minutes, and may show a change a day later."""
        place, query = "me/messenger_profile", {} if self.object == "page" else {"platform": self.object}
        wanted = profile.build_profile(welcomes, page=self.object == "page")
        shown = await self.graph.get(place, fields=",".join(wanted), **query)
        if changed := profile.missing(wanted, shown):
            await self.graph.set(place, changed | query)
        return tuple(changed)

    async def look(self) -> tuple[str, str]:
        """One line about the account, and what has to be mended there, if anything. Raises ShopkeeperError."""
        raise NotImplementedError

    async def close(self) -> None:
        """Give back the connections."""
        await self.graph.close()
