"""Tables of the conversation: who talks where, what came in, what goes out, what rings when, and who owns it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Identity, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from base.tables import document, moment


class ConversationRow(SQLModel, table=True):
    """One customer on one channel address. Its row lock is the lock of the conversation."""

    __tablename__ = "conversation"
    __table_args__ = (
        UniqueConstraint("channel", "account", "peer"),
        Index("ix_conversation_turn_due_at", "turn_due_at", postgresql_where=text("turn_due_at IS NOT NULL")),
        Index("ix_conversation_lane_due_at", "lane_due_at", postgresql_where=text("lane_due_at IS NOT NULL")),
        Index("ix_conversation_owner", "owner", postgresql_where=text("owner <> 'bot'")),
    )

    id: str = Field(primary_key=True)
    channel: str
    account: str
    peer: str
    customer_id: str = Field(index=True)
    name: str = ""
    source: str = ""
    locale: str = "en"
    owner: str = "bot"  # bot | queue | the manager's id
    epoch: int = 0  # grows at every change of owner
    state: dict[str, Any] = document(dict)
    reachable: bool = True
    turn_due_at: datetime | None = moment(default=None)
    turn_attempts: int = 0
    lane_due_at: datetime | None = moment(default=None)
    paced_until: datetime | None = moment(default=None)  # by the rate of its chat the next message would go then
    created_at: datetime = moment()
    last_inbound_at: datetime | None = moment(default=None)
    control_at: datetime | None = moment(default=None)  # the platform's moment of its newest word on who has it there
    delivered_until: datetime | None = moment(default=None)  # what was sent before is on the customer's device
    read_until: datetime | None = moment(default=None)  # and what was sent before this, he has seen; see bot.noticed
    updated_at: datetime = moment()


class RawUpdate(SQLModel, table=True):
    """The bytes as they came: nothing that reached the door is ever lost."""

    __tablename__ = "raw_update"
    __table_args__ = (UniqueConstraint("channel", "account", "event_key"),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    channel: str
    account: str
    event_key: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    received_at: datetime = moment()


class InboundRow(SQLModel, table=True):
    """One thing that happened on a channel, taken once by one turn."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "account", "event_key"),
        Index("ix_inbound_pending", "conversation_id", postgresql_where=text("status = 'pending'")),
        Index("ix_inbound_received_at", "received_at", postgresql_using="brin"),  # in their order already: next to free
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    channel: str
    account: str
    event_key: str
    message: str | None = None  # platform id of the message
    ordering: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    content: dict[str, Any] = document(dict)
    parsed: dict[str, Any] | None = document()
    status: str = "pending"  # pending | done | unknown (nobody understood it) | seen (a manager had it) | failed
    at: datetime = moment()
    received_at: datetime = moment()


class CommentRow(SQLModel, table=True):
    """Words under a post of the shop, answered by one private message or left alone."""

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("channel", "account", "comment"),
        Index("ix_comment_due_at", "due_at", postgresql_where=text("status IN ('new', 'sending')")),
        Index("ix_comment_answered_at", "answered_at"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    channel: str
    account: str
    comment: str  # its id on the platform
    author: str = Field(index=True)
    name: str = ""
    about: dict[str, Any] = document(dict)
    text: str
    written_at: datetime = moment()
    received_at: datetime = moment()
    status: str = "new"  # new | sending | answered | left (for nobody) | person (at the desk) | late | refused
    why: str = ""
    conversation_id: str | None = Field(default=None, foreign_key="conversation.id", index=True)
    fitted: dict[str, Any] | None = document()
    keys: list[str] = document(list)
    token: str | None = None
    due_at: datetime = moment()
    attempts: int = 0
    answered_at: datetime | None = moment(default=None)


class ErasureRequest(SQLModel, table=True):
    """Somebody asked the platform that we forget him. `person` is the platform's name of him, gone when it is done."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        Index(
            "uq_erasure_request_person", "channel", "account", "person", unique=True,
            postgresql_where=text("person <> ''"),
        ),
    )  # fmt: skip

    code: str = Field(primary_key=True)
    channel: str
    account: str
    person: str
    status: str = "received"  # received | waiting (for an order that is under way) | by_hand | done
    asked_at: datetime = moment()
    due_at: datetime = moment()
    done_at: datetime | None = moment(default=None)


class ChannelState(SQLModel, table=True):
    """How an account of ours on a channel was when it was last looked at, and until when it may send nothing."""

    __tablename__ = "channel_state"

    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    state: str = "ok"  # ok | warn | down
    line: str = ""
    since: datetime | None = moment(default=None)  # it is in this state
    checked_at: datetime | None = moment(default=None)
    token_ends_at: datetime | None = moment(default=None)
    waiting: int = 0  # updates that the platform kept back when it was last asked
    silent_hours: int = 0  # so long nothing came, though at this time of the week something always does
    halted_until: datetime | None = moment(default=None)  # by the database's clock
    halted_why: str = ""
    enforced_at: datetime | None = moment(default=None)  # the platform's moment of its newest word on that


class LentAccount(SQLModel, table=True):
    """Somebody's own account, in which the bot answers as long as he lets it."""

    __tablename__ = "lent_account"

    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    owner: str  # the peer that he is himself
    may_write: bool
    changed_at: datetime = moment()


class Follower(SQLModel, table=True):
    """A conversation in which somebody hears of the parcels of a customer; see bot.following."""

    __tablename__ = "follower"

    customer: str = Field(foreign_key="customer.id", primary_key=True)
    channel: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    at: datetime = moment()


class Alarm(SQLModel, table=True):
    """Something that is wrong with an account of ours, from its beginning to its end, and whether that was told."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index("uq_alarm_open", "channel", "account", "kind", unique=True, postgresql_where=text("over_at IS NULL")),
        Index("ix_alarm_untold", "due_at", postgresql_where=text("over_told_at IS NULL")),
    )

    id: str = Field(primary_key=True)
    channel: str
    account: str
    kind: str  # see bot.alarms
    line: str
    since: datetime = moment()
    over_at: datetime | None = moment(default=None)
    told_at: datetime | None = moment(default=None)  # to the owner
    over_told_at: datetime | None = moment(default=None)
    due_at: datetime = moment()  # by the database's clock: may be told again then


class ChannelPace(SQLModel, table=True):
    """When an account of ours may send next, by the rate of its platform; taken by all processes in turn."""

    __tablename__ = "channel_pace"

    channel: str = Field(primary_key=True)
    account: str = Field(primary_key=True)
    what: str = Field(primary_key=True)  # all | offers
    next_at: datetime = moment()  # by the database's clock


class OutboxRow(SQLModel, table=True):
    """One platform call to be made, in the order of the conversation."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_open", "conversation_id", "id", postgresql_where=text("status IN ('queued', 'sending')")),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    key: str = Field(unique=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    author: str  # bot | manager | system
    author_id: str = ""  # the manager's id
    epoch: int
    fitted: dict[str, Any] = document(dict)
    keys: list[str] = document(list)  # text keys, for funnels and scripts
    status: str = "queued"  # queued | sending | sent | refused | dropped | expired
    token: str | None = None
    lease_until: datetime | None = moment(default=None)
    due_at: datetime = moment()
    slot_at: datetime | None = moment(default=None)  # its moment by the rate of the account; see bot.pacing
    expires_at: datetime | None = moment(default=None)
    attempts: int = 0
    platform_id: str | None = None
    error: str = ""
    at: datetime = moment()
    sent_at: datetime | None = moment(default=None)  # when the platform was called


class OptInRow(SQLModel, table=True):
    """A customer's yes, given to the platform, to offers after its window; one for a conversation."""

    __tablename__ = "opt_in"

    conversation_id: str = Field(primary_key=True, foreign_key="conversation.id")
    token: str
    until: datetime | None = moment(default=None)
    stopped: bool = False
    at: datetime = moment()  # the platform's moment
    used_at: datetime | None = moment(default=None)


class TimerRow(SQLModel, table=True):
    """A moment by the shop's clock at which a frame goes on."""

    __tablename__ = "timer"
    __table_args__ = (Index("ix_timer_due", "due_at", postgresql_where=text("status = 'set'")),)

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    frame: str
    step: str
    due_at: datetime = moment()
    status: str = "set"  # set | done


class ConversationEvent(SQLModel, table=True):
    """Something the shop or the desk tells a conversation; stepped in by its next turn."""

    __tablename__ = "conversation_event"
    __table_args__ = (
        Index("ix_conversation_event_pending", "conversation_id", postgresql_where=text("status = 'pending'")),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    payload: dict[str, Any] = document(dict)
    status: str = "pending"
    at: datetime = moment()
    due_at: datetime | None = moment(default=None)  # by the shop's clock; None: at once


class HandoffRow(SQLModel, table=True):
    """A conversation given to the desk: asked for, taken, handed back."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index("ix_handoff_open", "conversation_id", unique=True, postgresql_where=text("released_at IS NULL")),
    )

    id: str = Field(primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    reason: str
    summary: dict[str, Any] = document(dict)
    asked_at: datetime = moment(index=True)
    taken_at: datetime | None = moment(default=None)
    taken_by: str | None = None
    released_at: datetime | None = moment(default=None)
    resumed: bool | None = None


class ModelUse(SQLModel, table=True):
    """What a language model has cost one conversation on one day: tokens, set aside before they are spent."""

    __tablename__ = "model_use"

    conversation_id: str = Field(foreign_key="conversation.id", primary_key=True)
    day: date = Field(primary_key=True)
    tokens: int


class NoteRow(SQLModel, table=True):
    """Private words at the desk: a manager's note, or what the bot would have said while a person had the talk."""

    __tablename__ = "note"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    author: str
    kind: str = "note"  # note | unsaid | misunderstood | event
    text: str
    at: datetime = moment()
