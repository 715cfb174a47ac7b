"""Tables of the web chat: one row per conversation, and the log of messages that its clients replay."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from base.tables import datetime, document, moment


class WebConversation(SQLModel, table=True):
    """Who may read and write one conversation. The row lock gives each message its place in the log."""

    __tablename__ = "web_conversation"

    peer: str = Field(primary_key=True)  # random; the peer of the conversation's address
    token_hash: str = Field(unique=True)  # SHA-256 in hexadecimal; the token itself is never kept
    seq: int = Field(default=0, sa_type=BigInteger)  # of the newest message
    created_at: datetime = moment()
    last_seen: datetime = moment()


class WebMessage(SQLModel, table=True):
    """One message as clients get it. `seq` counts from 1 without gaps and in the order of commits."""

    __tablename__ = "web_message"
    __table_args__ = (UniqueConstraint("peer", "key"),)

    peer: str = Field(
        sa_column=Column(ForeignKey("web_conversation.peer", ondelete="CASCADE"), primary_key=True, nullable=False)
    )
    seq: int = Field(primary_key=True, sa_type=BigInteger)
    key: str  # `in:<client's id>` or `out:<key of the sending>`: a repeated write finds the first one
    message: dict[str, object] = document(dict)
    at: datetime = moment()
