"""The web chat as a Channel, on a log of messages that its clients replay."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from psycopg import OperationalError
from psycopg.types.json import Jsonb
from sqlalchemy.exc import DBAPIError

from base.clock import Clock, SystemClock
from base.db import Database, Tx
from base.errors import BadSignature, Refused, TryLater, Unreachable
from base.ids import new_id, new_token
from bot.channel import Deliver, Health, Limits, Raw, Sent
from bot.messages import Address, Author, Content, Fitted, Inbound, Noticed, Profile, Start
from bot.render_fit import must_fit
from integrations.messenger.webchat.frames import (
    LONGEST_PAYLOAD,
    LONGEST_TEXT,
    BadFrame,
    ClientFrame,
    Json,
    TapFrame,
    read_frame,
    read_json,
    read_seq,
)

CHANNEL = "webchat"
ACCOUNT = "web"
NOTIFICATIONS = "web_chat"  # the NOTIFY channel; payloads are `message <peer>` and `typing <peer>`


@dataclass(frozen=True, slots=True)
class Logged:
    """A message in its place in the log."""

    seq: int
    message: Json

    @property
    def id(self) -> str:
        return str(self.message["id"])


@dataclass(frozen=True, slots=True)
class Opened:
    """A new conversation. The token is told to its client once and kept by nobody else."""

    token: str
    peer: str


@dataclass(frozen=True, slots=True)
class Known:
    """The conversation a token opens, and how far its log goes."""

    peer: str
    seq: int


class WebChat:
    """The web chat as a Channel. `public_url` makes pictures of the shop reachable from other sites."""

    name: ClassVar[str] = CHANNEL
    limits: ClassVar[Limits] = Limits(
        mixed=True,
        text=LONGEST_TEXT,
        buttons=13,
        button_title=40,
        payload=LONGEST_PAYLOAD,
        cards=10,
        card_title=200,  # the widget shows as many lines as fit
        images=True,
        links_as_buttons=True,
        receipts=True,
        asks=frozenset({"phone", "email", "location"}),
        typing=8,  # as the widget shows it
        shown_once=True,  # by the unique key of its log
    )

    def __init__(self, db: Database, public_url: str, *, clock: Clock | None = None) -> None:
        self.db = db
        self.public_url = public_url.rstrip("/")
        self._clock = clock or SystemClock()

    @property
    def account(self) -> str:
        return ACCOUNT

    def address(self, peer: str) -> Address:
        return Address(channel=CHANNEL, account=ACCOUNT, peer=peer)

    # -- from the client --

    async def open(self) -> Opened:
        """A conversation for a newcomer, with a token of 256 random bits."""
        opened = Opened(token=new_token(), peer=new_id())
        now = self._clock.now()
        async with self.db.begin() as tx:
            await tx.execute(
                "INSERT INTO web_conversation (peer, token_hash, seq, created_at, last_seen)"
                " VALUES (%s, %s, 0, %s, %s)",
                opened.peer,
                _hash(opened.token),
                now,
                now,
            )
        return opened

    async def recognise(self, token: str) -> Known | None:
        """The conversation of this token, now seen; None for a token that is not ours."""
        async with self.db.begin() as tx:
            row = await tx.row(
                "UPDATE web_conversation SET last_seen = %s WHERE token_hash = %s RETURNING peer, seq",
                self._clock.now(),
                _hash(token),
            )
        return Known(str(row["peer"]), int(row["seq"])) if row else None

    def greet(self, peer: str, *, source: str = "", locale: str | None = None) -> Raw:
        """The raw inbound that tells the bot of a newcomer."""
        return self._raw({"type": "start", "source": source, "locale": locale}, peer, "start", self._clock.now())

    async def receive(self, peer: str, frame: ClientFrame) -> tuple[int, Raw]:
        """Write what the customer did into the log; return its place there and the raw inbound to deliver.

        A frame that is already in the log keeps its place, and is delivered again under the same event key: only the
        receiver knows whether the first delivery was committed.
        """
        title = await self._title(peer, frame.payload) if isinstance(frame, TapFrame) else ""
        id = str(frame.id)
        logged = await self._append(peer, f"in:{id}", id, "customer", "", [frame.shown(title)])
        body: Json = {**frame.model_dump(mode="json"), "title": title, "seq": logged.seq}
        return logged.seq, self._raw(body, peer, id, datetime.fromisoformat(str(logged.message["at"])))

    async def seen(self, peer: str, frame: Json) -> Raw | None:
        """The raw inbound that tells how far the customer has read; None for a message that is not there.

        Raises BadFrame.
        """
        seq = read_seq(frame)
        async with self.db.begin() as tx:
            row = await tx.row("SELECT message FROM web_message WHERE peer = %s AND seq = %s", peer, seq)
        if row is None:
            return None
        body: Json = {"type": "seen", "seq": seq, "message": row["message"]["id"]}
        return self._raw(body, peer, f"seen:{seq}", datetime.fromisoformat(str(row["message"]["at"])))

    def _raw(self, frame: Json, peer: str, id: str, at: datetime) -> Raw:
        body = json.dumps({**frame, "id": id, "peer": peer, "at": at.isoformat()}, ensure_ascii=False).encode()
        return Raw(CHANNEL, ACCOUNT, f"{peer}:{id}", body, tuple(self.read_update(body)))

    def read_update(self, body: bytes) -> Sequence[Inbound]:
        """One client frame with `peer`, and perhaps `at`, `seq` and `title`, added by the server."""
        try:
            frame = read_json(body.decode())
            peer, id = frame.get("peer"), frame.get("id")
            if not isinstance(peer, str) or not peer or not isinstance(id, str):
                return ()
            profile, message, at = Profile(), id, self._moment(frame.get("at"))
            if frame.get("type") == "start":
                content: Content = Start(source=str(frame.get("source") or ""))
                profile = Profile(locale=str(frame["locale"]) if frame.get("locale") else None)
            elif frame.get("type") == "seen":
                content, message = Noticed(how="read", until=at), str(frame.get("message"))
            else:
                read = read_frame(frame)
                id = message = str(read.id)
                content = read.content(str(frame.get("title") or ""))
        except (BadFrame, UnicodeDecodeError):
            return ()
        inbound = Inbound(
            address=self.address(peer),
            event_key=f"{peer}:{id}",
            content=content,
            at=at,
            order=seq if isinstance(seq := frame.get("seq"), int) else 0,
            message=message,
            profile=profile,
        )
        return (inbound,)

    def _moment(self, at: object) -> datetime:
        try:
            moment = datetime.fromisoformat(str(at))
        except ValueError:
            return self._clock.now()
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    async def _title(self, peer: str, payload: str) -> str:
        """The words on the newest button with this payload; empty for a forged or forgotten one."""
        async with self.db.begin() as tx:
            row = await tx.row(
                """
                SELECT jsonb_path_query_first(message, '$.**?(@.payload == $payload).title', vars) #>> '{}' AS title
                FROM web_message, jsonb_build_object('payload', %s::text) AS vars
                WHERE peer = %s AND message @? '$.parts[*]?(@.type == "choices" || @.type == "cards")'
                    AND jsonb_path_exists(message, '$.**?(@.payload == $payload)', vars)
                ORDER BY seq DESC LIMIT 1
                """,
                payload,
                peer,
            )
        return str(row["title"] or "") if row else ""

    # -- to the client --

    async def send(self, to: Address, message: Fitted, *, key: str) -> Sent:
        """Write into the log, once for each `key`; every open socket, in whatever process, is told at commit."""
        if to.channel != CHANNEL or to.account != ACCOUNT:
            raise Refused(f"{to.channel}/{to.account} is not the web chat.")
        must_fit(message, self.limits)
        parts = [part_json(part.model_dump(mode="json"), self.public_url) for part in message.parts]
        try:
            logged = await self._append(to.peer, f"out:{key}", new_id(), message.author, message.name, parts)
        except (OperationalError, DBAPIError, OSError) as error:
            raise TryLater(f"The log of the web chat cannot be written ({type(error).__name__}).") from error
        return Sent(platform_id=logged.id)

    async def _append(self, peer: str, key: str, id: str, author: Author, name: str, parts: list[Json]) -> Logged:
        """Give the message the next place under the row lock. Raises Unreachable when the conversation is erased."""
        now = self._clock.now()
        message: Json = {"id": id, "at": now.isoformat(), "from": author, "name": name, "parts": parts}

        async def write(tx: Tx) -> Logged:
            if not await tx.row("SELECT 1 FROM web_conversation WHERE peer = %s FOR UPDATE", peer):
                raise Unreachable("This conversation was erased, or never was.")
            row = await tx.row(
                """
                WITH known AS (SELECT seq, message FROM web_message WHERE peer = %(peer)s AND key = %(key)s),
                place AS (
                    UPDATE web_conversation SET seq = seq + 1
                    WHERE peer = %(peer)s AND NOT EXISTS (SELECT 1 FROM known) RETURNING seq
                ),
                written AS (
                    INSERT INTO web_message (peer, seq, key, message, at)
                    SELECT %(peer)s, seq, %(key)s, %(message)s, %(now)s FROM place RETURNING seq, message
                )
                SELECT seq, message, '' AS told FROM known
                UNION ALL SELECT seq, message, pg_notify(%(channel)s, %(note)s)::text FROM written
                """,
                peer=peer,
                key=key,
                message=Jsonb(message),
                now=now,
                channel=NOTIFICATIONS,
                note=f"message {peer}",
            )
            if row is None:
                raise AssertionError("a message is either known or written")
            return Logged(int(row["seq"]), row["message"])

        return await self.db.run(write)

    async def read_after(self, peer: str, seq: int, *, limit: int = 100) -> list[Logged]:
        """The next messages after `seq`, oldest first."""
        async with self.db.begin() as tx:
            rows = await tx.rows(
                "SELECT seq, message FROM web_message WHERE peer = %s AND seq > %s ORDER BY seq LIMIT %s",
                peer,
                seq,
                limit,
            )
        return [Logged(int(row["seq"]), row["message"]) for row in rows]

    async def typing(self, to: Address) -> None:
        with contextlib.suppress(Exception):  # a sign that is not seen is no harm
            async with self.db.begin() as tx:
                await tx.execute("SELECT pg_notify(%s, %s)", NOTIFICATIONS, f"typing {to.peer}")

    # -- the rest of the port --

    def authenticate(self, headers: Mapping[str, str], body: bytes) -> None:
        """Always raises: frames come over the chat's own socket, where a token opens one conversation."""
        raise BadSignature("The web chat has no webhook.")

    async def run(self, deliver: Deliver) -> None:
        """Returns at once: the socket brings what customers write."""

    async def acknowledge(self, inbound: Inbound) -> None:
        """Nothing to stop: the socket's `ack` has already told the client."""

    async def check(self) -> Health:
        """Whether the log can be read, and how many people were here in the last day."""
        try:
            async with self.db.begin() as tx:
                row = await tx.row(
                    "SELECT count(*) AS seen FROM web_conversation WHERE last_seen > %s",
                    self._clock.now() - timedelta(days=1),
                )
        except Exception as error:
            return Health("down", f"web chat: the log cannot be read ({type(error).__name__})", "shopkeeper db upgrade")
        return Health("ok", f"web chat: {row['seen'] if row else 0} conversations seen in the last day")

    async def close(self) -> None:
        """Nothing is held here; the database belongs to the one who gave it."""


async def forget(tx: Tx, peer: str) -> None:
    """Erase one conversation with its log; its token opens nothing from now on."""
    await tx.execute("DELETE FROM web_conversation WHERE peer = %s", peer)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def part_json(part: Json, public_url: str) -> Json:
    """A neutral part in the words of the protocol: `type` for `kind`, the shop's own addresses in full."""
    rest = {name: _in_full(name, value, public_url) for name, value in part.items() if name != "kind"}
    return {"type": part["kind"], **rest}


def _in_full(name: str, value: object, public_url: str) -> object:
    if isinstance(value, dict):
        return {inner: _in_full(inner, thing, public_url) for inner, thing in value.items()}
    if isinstance(value, list):
        return [_in_full(name, thing, public_url) for thing in value]
    own = name in ("url", "image") and isinstance(value, str) and value.startswith("/") and not value.startswith("//")
    return f"{public_url}{value}" if own else value
