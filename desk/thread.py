"""The thread of a conversation: everything that was said, done and noted, as one ordered list."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field, ValidationError

from base.db import Row, Tx
from bot.messages import Part, TextPart, Value
from bot.noticed import noticed
from bot.ownership import BOT, QUEUE, NoSuchConversation
from bot.understanding import Clause, Parsed
from desk.customer import CustomerPane, read_customer
from desk.words import called, content_words, plain, plainer_words, read_content, read_fitted, reason_words

EntryKind = Literal["customer", "bot", "manager", "system", "note", "event"]
Delivery = Literal["waiting", "sent", "delivered", "read", "failed", "dropped"]

MOST_ENTRIES = 200

# Of entries of the same moment: what came, what it changed, what was noted, what was answered.
RANK = {"inbound": 0, "history": 1, "handoff": 2, "note": 3, "outbox": 4}

DELIVERY: dict[str, Delivery] = {
    "queued": "waiting",
    "sending": "waiting",
    "sent": "sent",
    "refused": "failed",
    "dropped": "dropped",
    "expired": "dropped",
}


class Understood(Value):
    """One clause of an utterance, as the bot read it."""

    words: str
    intent: str
    confidence: float  # 0 to 1
    next_best: str = ""  # the second guess, with its confidence
    found: tuple[tuple[str, str], ...] = ()  # (kind, value)
    question: bool = False


class Entry(Value):
    """One thing in the thread."""

    key: str  # the same at every reading: `inbound-12`
    kind: EntryKind
    at: datetime
    who: str = ""  # who said it, where the kind does not tell
    text: str = ""  # plain words, for terminals and searches
    parts: tuple[Part, ...] = ()  # what was sent, part by part
    delivery: Delivery | None = None
    error: str = ""
    plainer: str = ""  # what of it the messenger shows more simply than it was meant
    note: str = ""  # kind of a note: note unsaid misunderstood event
    understood: tuple[Understood, ...] = ()
    locale: str = ""  # of an utterance, where it could be told
    taken: bool = True  # an utterance: the bot has dealt with it


class HandoffNow(Value):
    """Why a person is needed, and what he should know."""

    reason: str
    asked_at: datetime
    taken_at: datetime | None
    goal: str = ""
    cart: tuple[str, ...] = ()
    total: str = ""
    needed: str = ""  # the day by which the customer wants it, ISO
    orders: tuple[str, ...] = ()
    last: tuple[tuple[str, str], ...] = ()  # (who, words)
    mood: str = ""
    language: str = ""

    @property
    def tells(self) -> bool:
        """Whether the bot left more than the bare reason."""
        return bool(self.goal or self.cart or self.orders or self.last or self.mood)


class Thread(Value):
    """A conversation as the desk shows it."""

    id: str
    name: str
    channel: str
    locale: str
    owner: str  # bot, queue, or the manager's name
    owner_id: str  # bot, queue, or the manager's id
    epoch: int
    reachable: bool
    last_inbound_at: datetime | None = None  # from which the platform counts how long it may be answered
    handoff: HandoffNow | None
    entries: tuple[Entry, ...] = Field(default=())  # oldest first
    earlier: bool = False  # there is more before the first entry
    customer: CustomerPane


async def read_thread(tx: Tx, conversation_id: str, *, limit: int = MOST_ENTRIES) -> Thread:
    """The newest `limit` entries of a conversation, and its customer. Raises NoSuchConversation."""
    row = await tx.row(
        """SELECT c.*, coalesce(m.name, c.owner) AS owner_name FROM conversation c
           LEFT JOIN manager m ON m.id = c.owner WHERE c.id = %s""",
        conversation_id,
    )
    if row is None:
        raise NoSuchConversation(conversation_id)
    ranked = [
        *(await _came(tx, conversation_id, limit)),
        *(await _went(tx, row, limit)),
        *(await _noted(tx, conversation_id, limit)),
        *(await _handed(tx, conversation_id)),
        *(await _happened(tx, row, limit)),
    ]
    ranked.sort(key=lambda pair: (pair[1].at, pair[0]))
    entries = tuple(entry for _, entry in ranked)
    customer = await read_customer(tx, row)
    return Thread(
        id=row["id"],
        name=called(row["name"] or customer.name, row["channel"], row["id"]),
        channel=row["channel"],
        locale=row["locale"],
        owner=row["owner_name"],
        owner_id=row["owner"],
        epoch=row["epoch"],
        reachable=row["reachable"],
        last_inbound_at=row["last_inbound_at"],
        handoff=await _open_handoff(tx, conversation_id),
        entries=entries[-limit:],
        earlier=len(entries) > limit,
        customer=customer,
    )


Ranked = tuple[tuple[int, int], Entry]


async def _came(tx: Tx, conversation_id: str, limit: int) -> list[Ranked]:
    rows = await tx.rows(
        """SELECT id, content, parsed, status, received_at FROM inbound WHERE conversation_id = %s
           ORDER BY id DESC LIMIT %s""",
        conversation_id, limit + 1,
    )  # fmt: skip
    return [((RANK["inbound"], row["id"]), _utterance(row)) for row in rows]


def _utterance(row: Row) -> Entry:
    content = read_content(row["content"])
    parsed = _read_parsed(row["parsed"])
    quiet = content.kind in ("start", "blocked")
    return Entry(
        key=f"inbound-{row['id']}",
        kind="event" if quiet else "customer",
        at=row["received_at"],
        text=content_words(content).strip("[]") if quiet else content_words(content),
        note="tap" if content.kind == "tap" else "",
        understood=tuple(_understood(clause) for clause in parsed.clauses) if parsed else (),
        locale=(parsed.locale or "") if parsed else "",
        taken=row["status"] != "pending",
        error="The bot could not work with this message." if row["status"] == "failed" else "",
    )


def _read_parsed(stored: dict[str, Any] | None) -> Parsed | None:
    try:
        return Parsed.model_validate(stored) if stored else None
    except ValidationError:
        return None  # written by another version


def _understood(clause: Clause) -> Understood:
    intent, confidence = clause.ranking[0] if clause.ranking else ("nothing", 0.0)
    second = f"{plain(clause.ranking[1][0])} {clause.ranking[1][1]:.0%}" if len(clause.ranking) > 1 else ""
    return Understood(
        words=clause.text,
        intent=plain(intent),
        confidence=confidence,
        next_best=second,
        found=tuple((plain(mention.kind), mention.value) for mention in clause.mentions),
        question=clause.question,
    )


async def _went(tx: Tx, conversation: Row, limit: int) -> list[Ranked]:
    rows = await tx.rows(
        """SELECT o.id, o.author, o.fitted, o.status, o.error, o.at, o.sent_at, m.name FROM outbox o
           LEFT JOIN manager m ON m.id = o.author_id WHERE o.conversation_id = %s ORDER BY o.id DESC LIMIT %s""",
        conversation["id"], limit + 1,
    )  # fmt: skip
    return [((RANK["outbox"], row["id"]), _sending(row, conversation)) for row in rows]


def _sending(row: Row, conversation: Row) -> Entry:
    fitted = read_fitted(row["fitted"])
    delivery = DELIVERY.get(row["status"], "waiting")
    if delivery == "sent":
        delivery = noticed(row["sent_at"], conversation["delivered_until"], conversation["read_until"])
    kinds: dict[str, EntryKind] = {"manager": "manager", "system": "system"}
    return Entry(
        key=f"outbox-{row['id']}",
        kind=kinds.get(row["author"], "bot"),
        at=row["at"],
        who=row["name"] or fitted.name,
        text=fitted.words(),
        parts=fitted.parts or (TextPart(text="[nothing that can be shown]"),),
        delivery=delivery,
        error=row["error"],
        plainer=plainer_words(fitted.degraded),
    )


async def _noted(tx: Tx, conversation_id: str, limit: int) -> list[Ranked]:
    rows = await tx.rows(
        """SELECT n.id, n.author, n.kind, n.text, n.at, m.name FROM note n LEFT JOIN manager m ON m.id = n.author
           WHERE n.conversation_id = %s ORDER BY n.id DESC LIMIT %s""",
        conversation_id, limit + 1,
    )  # fmt: skip
    return [
        (
            (RANK["note"], row["id"]),
            Entry(
                key=f"note-{row['id']}",
                kind="event" if row["kind"] == "event" else "note",
                at=row["at"],
                who=row["name"] or row["author"],
                text=row["text"],
                note=row["kind"],
            ),
        )
        for row in rows
    ]


async def _handed(tx: Tx, conversation_id: str) -> list[Ranked]:
    """Every change of hands, as events."""
    rows = await tx.rows(
        """SELECT h.*, coalesce(m.name, h.taken_by) AS manager FROM handoff h LEFT JOIN manager m ON m.id = h.taken_by
           WHERE h.conversation_id = %s ORDER BY h.asked_at""",
        conversation_id,
    )
    entries: list[Ranked] = []
    for number, row in enumerate(rows):
        moves = [
            (
                "asked",
                row["asked_at"],
                "" if row["reason"] == "taken" else f"To the queue: {reason_words(row['reason'])}",
            ),
            ("taken", row["taken_at"], f"{row['manager']} took over"),
            ("released", row["released_at"], _released_words(row["resumed"])),
        ]
        entries += [
            ((RANK["handoff"], number * 3 + place), Entry(key=f"{move}-{row['id']}", kind="event", at=at, text=words))
            for place, (move, at, words) in enumerate(moves)
            if at is not None and words
        ]
    return entries


def _released_words(resumed: bool | None) -> str:
    return "Handed back to the bot, which goes on" if resumed else "Handed back to the bot, the dialog was dropped"


async def _happened(tx: Tx, conversation: Row, limit: int) -> list[Ranked]:
    """What happened to the customer's orders, money and parcels since the conversation began."""
    rows = await tx.rows(
        """SELECT h.id, h.entity, h.to_state, h.at, h.why, o.number FROM history h JOIN shop_order o
               ON (h.entity = 'order' AND h.entity_id = o.id)
               OR (h.entity = 'payment' AND h.entity_id IN (SELECT p.id FROM payment p WHERE p."order" = o.id))
               OR (h.entity = 'refund' AND h.entity_id IN (SELECT r.id FROM refund r WHERE r."order" = o.id))
               OR (h.entity = 'shipment' AND h.entity_id IN (SELECT s.id FROM shipment s WHERE s."order" = o.id))
           WHERE o.customer = %s AND h.at >= %s ORDER BY h.id DESC LIMIT %s""",
        conversation["customer_id"], conversation["created_at"], limit + 1,
    )  # fmt: skip
    return [
        (
            (RANK["history"], row["id"]),
            Entry(
                key=f"history-{row['id']}",
                kind="event",
                at=row["at"],
                text=f"{row['entity'].capitalize()} {plain(row['to_state'])} · {row['number']}",
                note=row["why"],
            ),
        )
        for row in rows
    ]


async def _open_handoff(tx: Tx, conversation_id: str) -> HandoffNow | None:
    row = await tx.row(
        "SELECT reason, summary, asked_at, taken_at FROM handoff WHERE conversation_id = %s AND released_at IS NULL",
        conversation_id,
    )
    if row is None:
        return None
    told = row["summary"] if isinstance(row["summary"], dict) else {}
    last = told.get("last") or []
    return HandoffNow(
        reason=row["reason"],
        asked_at=row["asked_at"],
        taken_at=row["taken_at"],
        goal=str(told.get("goal") or ""),
        cart=tuple(str(line) for line in told.get("cart") or ()),
        total=str(told.get("total") or ""),
        needed=str(told.get("needed") or ""),
        orders=tuple(str(number) for number in told.get("orders") or ()),
        last=tuple((str(said.get("who", "")), str(said.get("text", ""))) for said in last if isinstance(said, dict)),
        mood=str(told.get("mood") or ""),
        language=str(told.get("language") or ""),
    )


__all__ = ["BOT", "QUEUE", "Delivery", "Entry", "EntryKind", "HandoffNow", "Thread", "Understood", "read_thread"]
